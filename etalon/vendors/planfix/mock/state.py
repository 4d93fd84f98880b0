"""What the mocked PlanFix portal remembers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from etalon.vendors.planfix.mock.dates import Moment
    from etalon.vendors.planfix.mock.periodicity import Periodicity
    from etalon.vendors.planfix.mock.sessions import Sessions

IMPORTANCES: Final = frozenset({"AVERAGE", "HIGH"})
"""PlanFix page on a task's importance: there are these two."""

STATUSES: Final[Mapping[str, int]] = {
    "DRAFT": 0,
    "ACTIVE": 1,
    "ACCEPTED": 2,
    "COMPLETED": 3,
    "DELAYED": 4,
    "REJECTED": 5,
    "DONE": 6,
    "CANCELED": 7,
}
"""System statuses (PlanFix page on task statuses) with the numbers that `task.get` answers."""

STATUSES_AT_CREATION: Final = frozenset({STATUSES["DRAFT"], STATUSES["ACTIVE"], STATUSES["DELAYED"]})
"""The statuses that the same page permits for a new task."""

CLOSED_STATUSES: Final = frozenset(STATUSES[name] for name in ("COMPLETED", "REJECTED", "DONE", "CANCELED"))
"""Statuses in which a task is no longer overdue."""


@dataclass(frozen=True, slots=True)
class User:
    """An employee; only an administrator may set a new task's creation time."""

    id: int
    name: str
    last_name: str
    login: str
    admin: bool
    groups: tuple[int, ...]

    @property
    def full_name(self) -> str:
        """The name that tasks show."""
        return f"{self.name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of employees, which can be a task's worker as a whole."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project that tasks can belong to."""

    id: int
    title: str
    owner: int


@dataclass(frozen=True, slots=True)
class Client:
    """A contact, as far as a task can name it for its client."""

    id: int
    name: str
    company: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A task. Zero stands for "none" in `parent`, `project` and `client`, as on the wire."""

    id: int
    general: int
    created: Moment
    owner: int
    title: str = ""
    description: str = ""
    importance: str = "AVERAGE"
    status: int = STATUSES["ACTIVE"]
    check_result: bool = False
    parent: int = 0
    project: int = 0
    client: int = 0
    start: Moment | None = None
    end: Moment | None = None
    users: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    periodicity: Periodicity | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What opens the portal. All values are invented."""

    account: str
    api_key: str
    private_key: str
    login: str
    password: str
    token: str


@dataclass(slots=True)
class Store:
    """Everything that one portal remembers; changed only between the awaits of one request.

    Attributes:
        caller: the user behind the login and the token of `access`.
        clock: gives the current time, with a zone.
        tasks: by id; a task is replaced, never altered in place.
        previous: each task as it was before its last change.
        updates: how many updates each task has had.
        latest: id of the task that was created or changed last.
        calls: how many requests have come in, the refused ones too.
        notes: what a fault keeps from one request for a later one; the honest portal keeps nothing.
    """

    access: Access
    caller: int
    clock: Callable[[], datetime]
    sessions: Sessions
    users: Mapping[int, User]
    groups: Mapping[int, Group]
    projects: Mapping[int, Project]
    clients: Mapping[int, Client]
    tasks: dict[int, Task]
    previous: dict[int, Task] = field(default_factory=dict)
    updates: Counter[int] = field(default_factory=Counter)
    latest: int = 0
    calls: int = 0
    notes: dict[str, object] = field(default_factory=dict)

    def next_id(self) -> int:
        """An id that no task has had yet; no function deletes a task."""
        return max(self.tasks) + 1

    def put(self, task: Task) -> None:
        """Adds a task or replaces the one of the same id."""
        if task.id in self.tasks:
            self.previous[task.id] = self.tasks[task.id]
        self.tasks[task.id] = task
        self.latest = task.id

    def is_within(self, task: int, ancestor: int) -> bool:
        """Whether a task is the given one or stands anywhere below it."""
        seen: set[int] = set()
        while task and task not in seen:
            if task == ancestor:
                return True
            seen.add(task)
            task = self.tasks[task].parent if task in self.tasks else 0
        return False
