"""The R7 client: makes, changes, reads and removes CRM tasks of a portal, and knows which are the run's own.

`GET`, `DELETE` and `close` of `task/{taskid}` are not on the two pages that Etalon judges; how they behave is
known from the open ancestor (CommunityServer, CRMApi.Tasks.cs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etalon.portals.errors import UnusableAnswerError
from etalon.portals.scratch import Parting, ScratchTasks
from etalon.vendors.r7.answers import removed, says_gone, succeeded, task_id
from etalon.vendors.r7.connection import JSON, Connection
from etalon.vendors.r7.known_ids import known_ids
from etalon.vendors.r7.task_list import marked, marked_in, newest_marked, newest_titled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.config import Target
    from etalon.portals.exchange import Exchange
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport

_CLIENT_ERROR = 4
_TOO_MANY_REQUESTS = 429


class R7Client(Connection):
    """One portal, logged in to once, and the scratch tasks that were made on it."""

    def __init__(self, target: Target, transport: Transport, redactor: Redactor) -> None:
        super().__init__(target, transport, redactor)
        self.scratch = ScratchTasks(transport, self._part_with, lambda: marked(self))
        self._found_under: dict[int, int] = {}
        self._moved: dict[int, int] = {}

    def discover(self) -> Mapping[str, Sequence[int | str]]:
        """The ids that exist, by kind of thing; from then on the guard lets requests name the people.

        Raises:
            MissingPrerequisiteError: nobody can be responsible for a task, or there is no category.
        """
        return known_ids(self)

    def create_task(
        self,
        body: Mapping[str, Any] | bytes,
        *,
        token: str | None = None,
        accept: str = JSON,
        content_type: str | None = JSON,
    ) -> Exchange:
        """`POST api/2.0/crm/task`; the id that it is answered with becomes a claim on a scratch task."""
        with self.scratch.making():
            exchange = self.call(
                "createTask",
                "POST",
                "/crm/task",
                body,
                token=token,
                accept=accept,
                content_type=content_type,
            )
            self.adopt({exchange.number: (exchange, body)})
        return exchange

    def adopt(self, creations: Mapping[int, tuple[Exchange, Mapping[str, Any] | bytes]]) -> None:
        """Take note of the tasks that creations may have made, so that they are removed in the end.

        Args:
            creations: exchange and what it sent, by the number of the exchange.
        """
        answered = {
            number: task_id(exchange) for number, (exchange, _) in creations.items() if exchange.response.ok
        }
        for number, task in answered.items():
            named_once = task is not None and task > 0 and list(answered.values()).count(task) == 1
            known = task in self.scratch.ids
            found = task if named_once and not known else self.look_up(*creations[number])
            if found is not None:
                self.scratch.claimed(found)
            elif succeeded(creations[number][0]):
                self.scratch.astray()
        if any(_in_doubt(exchange) for exchange, _ in creations.values()):
            self.scratch.astray()  # whether it made a task, the list of tasks tells in the end

    def task_of(self, creation: Exchange) -> int | None:
        """The id of the task that a creation made: the one it answered, or the one that was looked up."""
        return self._found_under.get(creation.number, task_id(creation))

    def look_up(self, creation: Exchange, body: Mapping[str, Any] | bytes) -> int | None:
        """Look for the task of a creation whose answer names none, or another's: that may not end it all.

        Args:
            creation: the exchange, answered as a success.
            body: what it sent.

        Returns:
            The id, by which `task_of` knows the task from now on; None where there is not just one new one.
        """
        title = body.get("title") if not isinstance(body, bytes) else None
        if not isinstance(title, str) or not title or not succeeded(creation):
            return None
        try:
            found = [task for task in newest_titled(self, title) if task not in self.scratch.ids]
        except UnusableAnswerError:
            return None  # it lists no tasks
        if len(found) != 1:
            return None
        self._found_under[creation.number] = found[0]
        return found[0]

    def owns(self, subject: int) -> bool:
        """Whether a read has shown a task to be the run's own."""
        return self.transport.guard.ownership.owns(self.task_at(subject))

    def follow(self, subject: int, moved_to: int) -> None:
        """Go on with a task under another id; what is left under the one that it had is seen in the end."""
        former = self.task_at(subject)
        self.scratch.claimed(moved_to)
        if moved_to != former:
            self._moved[former] = moved_to

    def task_at(self, subject: int) -> int:
        """The id that a task has by now."""
        while subject in self._moved:
            subject = self._moved[subject]
        return subject

    def update_task(
        self,
        subject: int,
        body: Mapping[str, Any] | bytes,
        *,
        token: str | None = None,
        accept: str = JSON,
        content_type: str | None = JSON,
    ) -> Exchange:
        """`PUT api/2.0/crm/task/{taskid}`.

        A task that no read has shown to be the run's own yet is read first. A portal may answer an update of
        an unknown id by creating a task: that, too, is noted, so that it is removed.
        """
        subject = self.task_at(subject)

        def send() -> Exchange:
            return self.call(
                "updateTask",
                "PUT",
                f"/crm/task/{subject}",
                body,
                subject=subject,
                token=token,
                accept=accept,
                content_type=content_type,
            )

        if not self.transport.guard.ownership.may_change(subject) and self.reads:
            self.read_task(subject)  # it may be the run's own, or its id free
        if self.owns(subject):
            return self._claiming(send(), subject)
        with self.scratch.making():
            return self._claiming(send(), subject)

    def _claiming(self, exchange: Exchange, subject: int) -> Exchange:
        """An update; where it was answered with another id, with a claim on that."""
        answered = task_id(exchange)
        if exchange.response.ok and answered is not None and answered > 0 and answered != subject:
            self.scratch.claimed(answered)
        return exchange

    @property
    def reads(self) -> bool:
        """Whether the portal can read tasks; without that, none can be shown to be the run's own."""
        return "task.read" not in self.target.lacks

    def read_task(
        self,
        subject: int,
        *,
        accept: str = JSON,
        suffix: str = "",
        token: str | None = None,
        cleaning: bool = False,
    ) -> Exchange:
        """`GET task/{taskid}`, in the representation that `accept` asks for or the suffix names."""
        subject = self.task_at(subject)
        path = f"/crm/task/{subject}{suffix}"
        return self.call(
            "getTask", "GET", path, subject=subject, accept=accept, token=token, cleaning=cleaning
        )

    def delete_task(self, subject: int, *, token: str | None = None, cleaning: bool = False) -> Exchange:
        """`DELETE task/{taskid}`; a task that is gone by it is no scratch task any more.

        The task is read before, unless that has just been done: the guard lets no removal through otherwise.

        Args:
            subject: id of the task.
            token: sent instead of the run's own.
            cleaning: whether it comes out of the requests held back for cleaning up.
        """
        subject = self.task_at(subject)
        if self.reads and not self.transport.guard.ownership.may_remove(subject):
            self.read_task(subject, cleaning=cleaning)
        path = f"/crm/task/{subject}"
        exchange = self.call("deleteTask", "DELETE", path, subject=subject, token=token, cleaning=cleaning)
        if removed(exchange) and not cleaning:
            self.scratch.gone(subject)
        return exchange

    def close_task(self, subject: int) -> Exchange:
        """`PUT task/{taskid}/close`, which is on neither page."""
        return self.call("closeTask", "PUT", f"/crm/task/{subject}/close", {}, subject=subject)

    def find_marked(self) -> Exchange:
        """`GET task/filter`: the newest of the tasks that have the run's mark in title or description."""
        return newest_marked(self)

    def suspect(self, listing: Exchange) -> None:
        """Have a list's tasks that bear the mark removed in the end, where a read shows whose they are."""
        for task in marked_in(listing, self.transport.mark):
            self.scratch.suspected(task)

    def _part_with(self, subject: int) -> Parting:
        """Remove a task, in the end: read it, and only where it shows the mark, delete it."""
        ownership = self.transport.guard.ownership
        owned = ownership.owns(subject)
        if self.reads and not ownership.may_remove(subject):
            read = self.call("getTask", "GET", f"/crm/task/{subject}", subject=subject, cleaning=True)
            if says_gone(read):
                return Parting.GONE if owned else Parting.NOT_SHOWN
        if not ownership.may_remove(subject):
            return Parting.STAYS if ownership.owns(subject) else Parting.NOT_SHOWN
        if "task.delete" in self.target.lacks:
            return Parting.STAYS
        deleted = self.call("deleteTask", "DELETE", f"/crm/task/{subject}", subject=subject, cleaning=True)
        return Parting.GONE if removed(deleted) else Parting.STAYS


def _in_doubt(creation: Exchange) -> bool:
    """Whether a creation may have made a task though its answer names none: all but a plain refusal may."""
    status = creation.response.status
    refused = status // 100 == _CLIENT_ERROR and status != _TOO_MANY_REQUESTS
    return not refused and not succeeded(creation)
