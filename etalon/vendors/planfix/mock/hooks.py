"""Where the honest portal can be made to depart from itself.

The portal's own code passes each of its decisions through a hook. An alteration (a fault, or a variation that
still conforms) cuts in at one or more hooks: it is given what the portal knows there, and gives back what
takes the place of the portal's own result. Several alterations at one hook work one after the other, each on
the result of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from etalon.vendors.planfix.mock.errors import ApiError, Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.changes import Changes
    from etalon.vendors.planfix.mock.state import Store, Task, User


class Check(Enum):
    """A check that a request has to pass, each with an error code of its own."""

    API_KEY = auto()
    ACCOUNT = auto()
    LIMIT = auto()
    SIGNATURE = auto()
    SESSION = auto()
    BUSY = auto()
    OWNER = auto()
    PARENT = auto()
    FAMILY_TREE = auto()
    PROJECT = auto()
    CLIENT = auto()
    WORKER_USERS = auto()
    WORKER_GROUPS = auto()
    DATE_ORDER = auto()
    STATUS_AT_CREATION = auto()


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has come as far as its function.

    Attributes:
        seen: the tasks as they were when the request arrived.
    """

    function: str
    request: Element
    caller: User
    store: Store
    hooks: Hooks
    seen: Mapping[int, Task]

    def require(self, check: Check, code: Code, *, passes: bool) -> None:
        """Refuses the call with `code` unless the check passes.

        Raises:
            ApiError: with `code`.
        """
        self.hooks.require(Gate(check, None if passes else code, self.request, self.store))


@dataclass(frozen=True, slots=True)
class Gate:
    """The outcome of a check: the error code, or `None` when it has passed.

    Attributes:
        given: the API key that is checked; empty for the other checks.
    """

    check: Check
    code: Code | None
    request: Element | None
    store: Store
    given: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The task that a function works on; `asked` is the id as sent, `task` is `None` when there is none."""

    call: Call
    asked: int | None
    task: Task | None


@dataclass(frozen=True, slots=True)
class Read:
    """What was read out of the `task` element of task.update or task.add."""

    call: Call
    node: Element
    changes: Changes


@dataclass(frozen=True, slots=True)
class Merge:
    """A task before an update, what the update asks for, and the task after it, not stored yet."""

    call: Call
    before: Task
    changes: Changes
    after: Task


@dataclass(frozen=True, slots=True)
class Addition:
    """A new task that is not stored yet."""

    call: Call
    changes: Changes
    task: Task


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored task as a function is about to show it."""

    call: Call
    task: Task


@dataclass(frozen=True, slots=True)
class Card:
    """The `task` element of an answer, free to be altered."""

    call: Call
    task: Task
    node: Element


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call whose function has refused it."""

    call: Call
    code: Code


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's document, and the error code in it. `request` is `None` when it could not be read."""

    function: str
    request: Element | None
    code: Code | None
    root: Element
    store: Store


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it goes over the wire."""

    body: bytes
    code: Code | None
    status: int = 200
    content_type: str = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """A departure from the honest portal: one function for each hook that it cuts into.

    Attributes:
        pause: seconds for which an update waits between its arrival and its work.
        raw: the body as it comes in, before anything looks at it.
        source: the body, its signature checked already, before it is parsed for the function.
        received: runs on the request as parsed, and alters it.
        gate: the outcome of a check.
        target: the task to work on.
        read: what a `task` element asks for.
        merged: a task after an update.
        added: a new task.
        stored: runs after an update is stored; touches the store.
        shown: a task that is about to be shown.
        card: runs on the element that shows a task, and alters it.
        refused: runs after a function has refused; touches the store.
        answered: the document of the answer.
        sent: the answer on the wire.
    """

    pause: float = 0.0
    raw: Callable[[bytes], bytes] | None = None
    source: Callable[[bytes], bytes] | None = None
    received: Callable[[Element], None] | None = None
    gate: Callable[[Gate], Code | None] | None = None
    target: Callable[[Target], Task | None] | None = None
    read: Callable[[Read], Changes] | None = None
    merged: Callable[[Merge], Task] | None = None
    added: Callable[[Addition], Task] | None = None
    stored: Callable[[Merge], None] | None = None
    shown: Callable[[Shown], Task] | None = None
    card: Callable[[Card], None] | None = None
    refused: Callable[[Refusal], None] | None = None
    answered: Callable[[Answer], Element] | None = None
    sent: Callable[[Sent], Sent] | None = None


class Hooks:
    """The hooks of one portal, with the alterations that are switched on."""

    def __init__(self, alterations: Sequence[Alteration] = ()) -> None:
        self._twists = tuple(alterations)

    @property
    def pause(self) -> float:
        """Seconds for which an update waits before its work; none, in the honest portal."""
        return max((alteration.pause for alteration in self._twists), default=0.0)

    def raw(self, at: bytes) -> bytes:
        """The body of the request."""
        for alteration in self._twists:
            if alteration.raw:
                at = alteration.raw(at)
        return at

    def source(self, at: bytes) -> bytes:
        """The body of the request that functions read."""
        for alteration in self._twists:
            if alteration.source:
                at = alteration.source(at)
        return at

    def received(self, at: Element) -> Element:
        """The request that functions read."""
        for alteration in self._twists:
            if alteration.received:
                alteration.received(at)
        return at

    def require(self, at: Gate) -> None:
        """Lets a request through a check, or refuses it.

        Raises:
            ApiError: with the code of the check.
        """
        for alteration in self._twists:
            if alteration.gate:
                at = replace(at, code=alteration.gate(at))
        if at.code is not None:
            raise ApiError(at.code)

    def target(self, at: Target) -> Task | None:
        """The task to work on."""
        for alteration in self._twists:
            if alteration.target:
                at = replace(at, task=alteration.target(at))
        return at.task

    def read(self, at: Read) -> Changes:
        """The changes to make."""
        for alteration in self._twists:
            if alteration.read:
                at = replace(at, changes=alteration.read(at))
        return at.changes

    def merged(self, at: Merge) -> Task:
        """The task to store after an update."""
        for alteration in self._twists:
            if alteration.merged:
                at = replace(at, after=alteration.merged(at))
        return at.after

    def added(self, at: Addition) -> Task:
        """The new task to store."""
        for alteration in self._twists:
            if alteration.added:
                at = replace(at, task=alteration.added(at))
        return at.task

    def stored(self, at: Merge) -> None:
        """What else happens once an update is stored: nothing, in the honest portal."""
        for alteration in self._twists:
            if alteration.stored:
                alteration.stored(at)

    def shown(self, at: Shown) -> Task:
        """The task to show."""
        for alteration in self._twists:
            if alteration.shown:
                at = replace(at, task=alteration.shown(at))
        return at.task

    def card(self, at: Card) -> Element:
        """The element that shows a task."""
        for alteration in self._twists:
            if alteration.card:
                alteration.card(at)
        return at.node

    def refused(self, at: Refusal) -> None:
        """What else happens when a function refuses: nothing, in the honest portal."""
        for alteration in self._twists:
            if alteration.refused:
                alteration.refused(at)

    def answered(self, at: Answer) -> Element:
        """The document to answer with."""
        for alteration in self._twists:
            if alteration.answered:
                at = replace(at, root=alteration.answered(at))
        return at.root

    def sent(self, at: Sent) -> Sent:
        """The answer to send."""
        for alteration in self._twists:
            if alteration.sent:
                at = alteration.sent(at)
        return at
