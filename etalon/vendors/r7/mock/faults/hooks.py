"""Where faults and variations get their hold on the portal: one dataclass whose parts are the hooks.

The honest code passes each value through `fold` at its hook and knows nothing else of them. An alteration
fills in the hooks it needs; those that are switched on together act in the order in which they were named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from etalon.portals.mocking import FaultInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.responses import Response

    from etalon.portals.mocking import FaultFamily
    from etalon.vendors.r7.mock.calls import Answer, Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.dialects import Dialect
    from etalon.vendors.r7.mock.entries import Person, Task
    from etalon.vendors.r7.mock.rendering import Members

Context = TypeVar("Context")
Value = TypeVar("Value")
Hook: TypeAlias = "Callable[[Context, Value], Value] | None"
Visit: TypeAlias = "Callable[[Context, Value], object] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """A departure from the honest portal, and the hooks at which it acts.

    Attributes:
        name: in its catalogue, in kebab-case.
        lags: seconds that pass between the arrival of a request and its being carried out.
        speaks: the dialect → the one spoken instead.
        admits: who the caller is taken for; None is nobody.
        binds: typed values of a create or update, before anything is checked.
        writes: the task as it will be both stored and answered.
        stores: the task as it goes into the store, which the answer does not show.
        settles: called when the store has changed; may change more of it.
        echoes: the task that the answer to a write shows.
        finds: the task that a read found.
        deletes: called when a task was deleted.
        shows: the members of a task in any answer.
        answers: status and envelope of any answer but 401.
        sends: the finished response, 401 included.
    """

    name: str
    lags: float = 0.0
    speaks: Callable[[Dialect], Dialect] | None = None
    admits: Hook[Call, Person | None] = None
    binds: Hook[Call, Values] = None
    writes: Hook[Write, Task] = None
    stores: Hook[Write, Task] = None
    settles: Visit[Write, Task] = None
    echoes: Hook[Write, Task] = None
    finds: Hook[Call, Task] = None
    deletes: Visit[Call, Task] = None
    shows: Hook[Call, Members] = None
    answers: Hook[Call, Answer] = None
    sends: Hook[Call, Response] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Alteration):
    """A defect that can be switched on.

    Attributes:
        family: what it does to the data or the conversation.
        stands_for: the real defect that it imitates.
        reported: where somebody met it on a real server; empty where it was thought up.
    """

    family: FaultFamily
    stands_for: str
    reported: str = ""

    @property
    def info(self) -> FaultInfo:
        """The fault as the catalogue lists it."""
        return FaultInfo(self.name, self.family, self.stands_for)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation(Alteration):
    """A difference between portals that all keep what the pages say.

    Attributes:
        tells: the difference in one sentence.
    """

    tells: str


def fold(hooks: Iterable[Hook[Context, Value]], context: Context, value: Value) -> Value:
    """Pass a value through every fault that acts at a hook."""
    for hook in hooks:
        if hook is not None:
            value = hook(context, value)
    return value


def visit(hooks: Iterable[Visit[Context, Value]], context: Context, value: Value) -> None:
    """Show a value to every fault that acts at a hook."""
    for hook in hooks:
        if hook is not None:
            hook(context, value)
