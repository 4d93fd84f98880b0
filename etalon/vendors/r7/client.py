"""Speaks to an R7-Office portal: CRM tasks as the pages describe them, and the look-ups that a run needs.

`GET` and `DELETE task/{taskid}`, the authentication call and the look-ups are not on the two pages that
Etalon judges; how they behave is known from the open ancestor (CommunityServer, CRMApi.Tasks.cs).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from etalon.messages import Message
from etalon.portals.config import SECRETS
from etalon.portals.errors import LoginError, MissingPrerequisiteError, UnusableAnswerError
from etalon.portals.exchange import Exchange, Request
from etalon.portals.scratch import Parting, ScratchTasks
from etalon.vendors.r7.answers import json_document, listed_tasks, removed, says_gone, succeeded, task_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from etalon.portals.config import Target
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport

API = "/api/2.0"
JSON = "application/json"
XML = "text/xml"
_UNAUTHORIZED = 401
_CLIENT_ERROR = 4
_TOO_MANY_REQUESTS = 429
_NO_SUCH_ROUTE = frozenset({404, 405, 501})
_NEWEST = "/crm/task/filter?sortBy=id&sortOrder=descending&count=100"

_LOOK_UPS: Mapping[str, tuple[str, str]] = {
    "responsibles": ("/people", "listPeople"),
    "categories": ("/crm/task/category", "listTaskCategories"),
    "contacts": ("/crm/contact/filter", "filterContacts"),
    "opportunities": ("/crm/opportunity/filter", "filterOpportunities"),
    "cases": ("/crm/case/filter", "filterCases"),
}


class R7Client:
    """One portal, logged in to once, and the scratch tasks that were made on it."""

    def __init__(self, target: Target, transport: Transport, redactor: Redactor) -> None:
        self.target = target
        self.transport = transport
        self._redactor = redactor
        self._base = target.url.rstrip("/").removesuffix(API) + API
        self._token = target.credential("token") or ""
        for key, secret in target.credentials.items():
            if key in SECRETS:
                redactor.learn(secret.variable, secret.value)
        self.scratch = ScratchTasks(transport, self._part_with, self._marked)
        self.caller: str | None = None
        self._name = ""
        self._found_under: dict[int, int] = {}
        self._moved: dict[int, int] = {}

    def log_in(self) -> None:
        """Get a token where only user and password are given, and see that the portal lets us in.

        Raises:
            LoginError: the portal refuses the token, the user or the password.
            UnusableAnswerError: what answers is not the API.
            PortalError: the conversation failed.
        """
        if not self._token:
            self._token = self._ask_for_token()
            self._redactor.learn("R7_TOKEN", self._token)
        exchange = self.call("getSelf", "GET", "/people/@self")
        if exchange.response.status == _UNAUTHORIZED:
            raise LoginError(Message("token-refused", where=self.target.where, path=API))
        if exchange.response.status in _NO_SUCH_ROUTE:
            return  # neither page documents people/@self; who calls is then not known
        document = self.require_document(exchange)
        if exchange.response.ok and isinstance(document.get("response"), dict):
            self.caller = str(document["response"].get("id", "")).lower() or None
            self._name = str(document["response"].get("displayName") or "")
            self.transport.guard.ownership.author = self.caller

    @property
    def account(self) -> str:
        """The name and the id of whoever has logged in, as far as the portal says."""
        return f"{self._name or 'a user without a name'} ({self.caller or 'id not shown'})"

    def discover(self) -> Mapping[str, Sequence[int | str]]:
        """The ids that exist: those of the config, and what the portal lists where it names none.

        Returns:
            By kind of thing; a kind that is neither configured nor listed by the portal is empty.
        """
        known: dict[str, Sequence[int | str]] = {}
        for kind, (path, operation) in _LOOK_UPS.items():
            if self.target.known.get(kind):
                known[kind] = self.target.known[kind]
            elif kind in self.target.lacks:
                known[kind] = ()
            else:
                known[kind] = self._listed(path, operation)
        if not known["responsibles"] and self.caller:
            known["responsibles"] = (self.caller,)
        self.transport.guard.knows("responsibles", known["responsibles"])
        for kind in ("responsibles", "categories"):
            if not known[kind]:
                self.require_document(self.transport.journal[-1])  # a page for every path is no portal
                raise MissingPrerequisiteError(
                    Message(
                        "lists-none-and-names-none",
                        where=self.target.where,
                        kind=kind,
                        target=self.target.name,
                    )
                )
        return known

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
            found = [task for task in self.newest_titled(title) if task not in self.scratch.ids]
        except UnusableAnswerError:
            return None  # it lists no tasks
        if len(found) != 1:
            return None
        self._found_under[creation.number] = found[0]
        return found[0]

    def newest_titled(self, title: str) -> Iterator[int]:
        """The tasks of the caller that have a title, among the newest; a read has to show whose each is."""
        for item in self._listed_tasks(self.call("filterTasks", "GET", _NEWEST)):
            if item.get("title") != title:
                continue
            author, task = item.get("createBy"), item.get("id")
            made_by = str(author.get("id", "")).lower() if isinstance(author, dict) else ""
            if made_by == (self.caller or made_by) and isinstance(task, int):
                yield task

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

    def find_marked(self, *, cleaning: bool = False) -> Exchange:
        """`GET task/filter`: the newest of the tasks that have the run's mark in title or description."""
        path = f"{_NEWEST}&filterValue={self.transport.mark}"
        return self.call("filterTasks", "GET", path, cleaning=cleaning)

    def suspect(self, listing: Exchange) -> None:
        """Have a list's tasks that bear the mark removed in the end, where a read shows whose they are."""
        for task in self._marked_in(listing):
            self.scratch.suspected(task)

    def _marked(self) -> Sequence[int]:
        """The ids of the newest tasks that have the run's mark.

        Raises:
            UnusableAnswerError: the portal lists none.
        """
        exchange = self.find_marked(cleaning=True)
        self._listed_tasks(exchange)
        return self._marked_in(exchange)

    def _marked_in(self, exchange: Exchange) -> Sequence[int]:
        found = []
        for item in listed_tasks(exchange) or ():
            task = item.get("id")
            if isinstance(task, int) and self.transport.mark in str(item):
                found.append(task)
        return found

    def _listed_tasks(self, exchange: Exchange) -> Sequence[Mapping[str, Any]]:
        """The tasks of a list.

        Raises:
            UnusableAnswerError: the answer is no list.
        """
        items = listed_tasks(exchange)
        if items is None:
            raise UnusableAnswerError(
                Message("lists-no-tasks-http", where=self.target.where, status=exchange.response.status)
            )
        return items

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

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        subject: int | None = None,
        accept: str = JSON,
        content_type: str | None = JSON,
        token: str | None = None,
        cleaning: bool = False,
    ) -> Exchange:
        """Send one request of the API.

        Args:
            operation: its operationId in the spec.
            method: HTTP method.
            path: below `/api/2.0`.
            body: a JSON object, or raw bytes.
            subject: id of the task it is about.
            accept: the representation asked for.
            content_type: the representation sent; None says nothing about it.
            token: sent instead of the run's own; an empty one sends no Authorization header at all.
            cleaning: whether it comes out of the requests held back for cleaning up.
        """
        request = self.request(method, path, body, accept=accept, content_type=content_type, token=token)
        return self.transport.send(operation, request, subject=subject, cleaning=cleaning)

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        accept: str = JSON,
        content_type: str | None = JSON,
        token: str | None = None,
    ) -> Request:
        """A request as `call` sends it, for whoever puts several on the wire at once."""
        token = self._token if token is None else token
        headers = [("Accept", accept)]
        if token:
            headers.append(("Authorization", token))
        content = b""
        if body is not None:
            # Half of a surrogate pair, as a portal may show it, has no other form in JSON than its escape.
            content = (
                body
                if isinstance(body, bytes)
                else json.dumps(body, ensure_ascii=False).encode(errors="backslashreplace")
            )
            if content_type is not None:
                headers.append(("Content-Type", content_type))
        return Request(method, self._base + path, tuple(headers), content)

    @property
    def token(self) -> str:
        """The run's own token."""
        return self._token

    def _ask_for_token(self) -> str:
        body = {
            "userName": self.target.credential("user"),
            "password": self.target.credential("password"),
        }
        exchange = self.call("authenticate", "POST", "/authentication", body, token="")
        # The ancestor answers a wrong password with 500, so any refusal counts (CookiesManager.cs).
        response = self.require_document(exchange).get("response") if exchange.response.ok else None
        token = response.get("token") if isinstance(response, dict) else None
        if not token:
            raise LoginError(
                Message(
                    "password-refused",
                    where=self.target.where,
                    status=exchange.response.status,
                )
            )
        return str(token)

    def _listed(self, path: str, operation: str) -> tuple[int | str, ...]:
        exchange = self.call(operation, "GET", path)
        if not exchange.response.ok:
            return ()
        items = json_document(exchange).get("response")
        if not isinstance(items, list):
            return ()
        return tuple(item["id"] for item in items if isinstance(item, dict) and "id" in item)

    def require_document(self, exchange: Exchange) -> Mapping[str, Any]:
        """The JSON object of an answer that has to be the API's.

        Raises:
            UnusableAnswerError: it is a page, or nothing that can be read.
        """
        document = json_document(exchange)
        answer = exchange.response
        if not document and (answer.ok or answer.media_type == "text/html" or answer.status // 100 == 3):  # noqa: PLR2004
            shown = answer.media_type or Message("without-media-type")
            raise UnusableAnswerError(
                Message("no-json-api", where=self.target.where, what=shown, status=answer.status)
            )
        return document


def _in_doubt(creation: Exchange) -> bool:
    """Whether a creation may have made a task though its answer names none: all but a plain refusal may."""
    status = creation.response.status
    refused = status // 100 == _CLIENT_ERROR and status != _TOO_MANY_REQUESTS
    return not refused and not succeeded(creation)
