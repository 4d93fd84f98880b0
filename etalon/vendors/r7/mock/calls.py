"""One portal, and one call to it on its way through: what operations and faults get to see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from etalon.vendors.r7.mock.entries import NO_GUID, Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.vendors.r7.mock.books import Books
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.dates import Clock
    from etalon.vendors.r7.mock.dialects import Dialect
    from etalon.vendors.r7.mock.entries import Task
    from etalon.vendors.r7.mock.faults.hooks import Alteration
    from etalon.vendors.r7.mock.inbound import Inbound, Operation

NOBODY = Person(NO_GUID, "", "")
"""The caller of a call that needs no credentials."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A mocked portal: its state and its ways.

    Attributes:
        faults: faults and variations that are switched on, in the order in which they act.
        memory: where faults keep what they remember from call to call.
    """

    books: Books
    dialect: Dialect
    faults: Sequence[Alteration]
    clock: Clock
    memory: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the portal held when a request arrived, before others that came with it were carried out.

    Attributes:
        task: the one that the path names; None where there is none.
        free_id: the id that the next task would get.
    """

    task: Task | None
    free_id: int


@dataclass(slots=True)
class Call:
    """One authenticated request.

    Attributes:
        arrival: what the portal held when it came.
        in_xml: whether it is answered in XML.
        spelt: parameters as they were sent, by lower-case name.
        values: the same, typed, by attribute of `Task`; only those that count as sent.
    """

    portal: Portal
    inbound: Inbound
    in_xml: bool
    arrival: Arrival
    caller: Person = NOBODY
    spelt: dict[str, object] = field(default_factory=dict)
    values: Values = field(default_factory=dict)

    @property
    def books(self) -> Books:
        """The portal's state."""
        return self.portal.books

    @property
    def dialect(self) -> Dialect:
        """The portal's dialect."""
        return self.portal.dialect

    @property
    def operation(self) -> Operation:
        """What the call asks for."""
        return self.inbound.route.operation

    @property
    def task_id(self) -> int:
        """The id in the path; 0 when there is none."""
        return self.inbound.route.task_id or 0


@dataclass(frozen=True, slots=True)
class Write:
    """A create or update whose checks have passed.

    Attributes:
        old: the task before; None when it is new.
    """

    call: Call
    old: Task | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers, before it is put in the envelope.

    Attributes:
        response: the envelope's `response`.
        paging: `startIndex`, `nextIndex` and `total`, as far as they are answered.
        headers: further response headers.
    """

    response: Any
    status: int = 200
    paging: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is written as JSON or XML."""

    status: int
    envelope: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
