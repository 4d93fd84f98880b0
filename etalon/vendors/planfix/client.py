"""The PlanFix client: makes, changes, reads and labels scratch tasks of a portal through its XML API."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.errors import MissingPrerequisiteError
from etalon.portals.scratch import Parting, ScratchTasks
from etalon.vendors.planfix.answers import accepted, answer_of, error_code
from etalon.vendors.planfix.connection import Connection
from etalon.vendors.planfix.known_ids import known_ids
from etalon.vendors.planfix.requests import Access, Content, render
from etalon.vendors.planfix.task_list import marked
from etalon.vendors.planfix.vendor import VENDOR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element as Element

    from etalon.portals.config import Target
    from etalon.portals.exchange import Exchange
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport
    from etalon.vendors.planfix.connection import Renderer

    Members = Mapping[str, Content]

NO_SUCH_TASK = "3001"

MEMBERS = (
    "title",
    "description",
    "importance",
    "status",
    "checkResult",
    "owner",
    "parent",
    "project",
    "client",
    "startTime",
    "endTime",
    "workers",
    "periodicity",
)
"""The members of a task.update in the order of its page."""

_ORDER = {name: place for place, name in enumerate(MEMBERS)}

LEFT_BEHIND_TITLE = VENDOR.left_title


class PlanFixClient(Connection):
    """One portal, logged in to once, and the scratch tasks that were made on it."""

    def __init__(
        self,
        target: Target,
        transport: Transport,
        redactor: Redactor,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(target, transport, redactor, sleep=sleep)
        self._titled: set[int] = set()
        self._recurring: set[int] = set()
        # The API has no function that deletes a task: all are left behind, under a title that says so.
        self.scratch = ScratchTasks(transport, self._part_with, lambda: marked(self))

    def discover(self) -> Mapping[str, Sequence[int]]:
        """The ids that exist, by kind of thing; the guard lets requests name users and groups of them."""
        known = known_ids(self)
        for kind in ("users", "groups"):
            self.transport.guard.knows(kind, known[kind])
        return known

    def add_task(self, members: Mapping[str, Content] | Element) -> Exchange:
        """`task.add`; the id that it is answered with becomes a claim on a scratch task.

        Raises:
            MissingPrerequisiteError: the portal is declared not to have the function.
        """
        if "task.add" in self.target.lacks:
            raise MissingPrerequisiteError(
                Message("lacks-task-add-and-names-no-tasks", where=self.target.where, target=self.target.name)
            )
        payload = {"task": members} if isinstance(members, Mapping) else members
        with self.scratch.making():
            exchange = self.call("task.add", payload)
            created = answer_of(exchange).task_id if accepted(exchange) else None
            if created is None or created in self.scratch.ids:
                self.scratch.astray()  # whether it made a task, the list of tasks tells in the end
            elif created is not None:
                self.scratch.claimed(created)
                if isinstance(members, Mapping) and members.get("title") == LEFT_BEHIND_TITLE:
                    self._titled.add(created)
        return exchange

    def update_task(
        self,
        subject: int | None,
        members: Mapping[str, Content] | Element,
        *,
        access: Access | None = None,
        cleaning: bool = False,
        form: Renderer = render,
    ) -> Exchange:
        """`task.update`.

        Args:
            subject: the task; None sends no id.
            members: what to change, or a whole `request` document that names its task itself.
            access: sent instead of the run's own.
            cleaning: whether it comes out of the requests held back for cleaning up.
            form: writes the document.
        """
        if subject is not None:
            self._see_whose(subject, cleaning=cleaning)
        payload = self._change(subject, members)
        return self.call("task.update", payload, subject=subject, access=access, cleaning=cleaning, form=form)

    def update_together(self, subject: int, updates: Sequence[Mapping[str, Content]]) -> list[Exchange]:
        """Several `task.update` of one task on the wire at the same time, as of so many clients.

        One that the portal answers with 3014 ("being changed, try again") is tried again alone.

        Args:
            subject: the task.
            updates: what each of them changes.

        Returns:
            How each ended, in the order of the updates.

        Raises:
            ThrottledError: the portal's daily limit is used up (code 0007).
        """
        self._see_whose(subject)
        payloads = [self._change(subject, members) for members in updates]
        return self.call_together("task.update", payloads, subject=subject)

    def _see_whose(self, subject: int, *, cleaning: bool = False) -> None:
        """Read a task that no read has shown yet to be the run's own, or to be nobody's."""
        if self.reads and not self.transport.guard.ownership.may_change(subject):
            self.read_task(subject, cleaning=cleaning)

    def _change(
        self, subject: int | None, members: Mapping[str, Content] | Element
    ) -> Mapping[str, Content] | Element:
        """The content of an update; a task whose title it changes has to be labelled again."""
        named = (
            members.keys() if isinstance(members, Mapping) else {n.tag for n in members.iterfind("task/*")}
        )
        if "title" in named:
            self._titled.discard(subject or 0)
        if "periodicity" in named:
            self._recurring.add(subject or 0)
        if not isinstance(members, Mapping):
            return members
        subjects: dict[str, Content] = {} if subject is None else {"id": subject}
        # As on the page, since whether a portal takes another order has a check of its own.
        ordered = sorted(members, key=lambda name: _ORDER.get(name, len(_ORDER)))
        return {"task": {**subjects, **{name: members[name] for name in ordered}}}

    @property
    def reads(self) -> bool:
        """Whether the portal can read tasks; without that, none can be shown to be the run's own."""
        return "task.get" not in self.target.lacks

    def owns(self, subject: int) -> bool:
        """Whether a read has shown a task to be the run's own."""
        return self.transport.guard.ownership.owns(subject)

    def read_task(self, subject: int, *, access: Access | None = None, cleaning: bool = False) -> Exchange:
        """`task.get`; `access` is sent instead of the run's own."""
        content: Members = {"task": {"id": subject}}
        return self.call("task.get", content, subject=subject, access=access, cleaning=cleaning)

    def _part_with(self, task: int) -> Parting:
        """Give a task of the run's own a title by which people find and delete it; it stays there."""
        ownership = self.transport.guard.ownership
        owned, labelled = self.owns(task), task in self._titled
        if self.reads and not (owned and labelled) and not ownership.may_remove(task):
            read = self.read_task(task, cleaning=True)
            if error_code(read) == NO_SUCH_TASK:
                return Parting.GONE if owned else Parting.NOT_SHOWN
        if not self.owns(task):
            return Parting.NOT_SHOWN
        if not labelled and ownership.may_remove(task):
            self.label(task, recurring=task in self._recurring)
        return Parting.STAYS

    def label(self, task: int, *, recurring: bool) -> bool:
        """Give a task the title by which people find and delete it, and let nothing come of it any more.

        Args:
            task: one of the run's own.
            recurring: whether it may have a periodicity, by which a portal would go on to make tasks.

        Returns:
            Whether it bears the title now.
        """
        title: Members = {"title": LEFT_BEHIND_TITLE}
        if not self.transport.guard.ownership.described(task):
            # What is left goes on to show whose it is, for `etalon clean` and for people.
            title = {**title, "description": self.transport.named("Etalon")}
        if recurring and accepted(
            self.update_task(task, {**title, "periodicity": {"@unset": "1"}}, cleaning=True)
        ):
            return True
        return accepted(self.update_task(task, title, cleaning=True))
