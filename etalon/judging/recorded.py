"""What recordings of any client's traffic have in common, whatever portal answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING, Generic, TypeVar

from etalon.messages import Message
from etalon.resources.values import holds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Reading
    from etalon.judging.verdicts import Finding
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member
    from etalon.resources.values import Value

Judge = Callable[["Check"], None]
"""Holds a recording against one requirement; its id is the key under which the judge stands."""

LONGEST_BETWEEN = 30.0
"""Seconds between a change and a read for the one to say something about the other: in more time, somebody
else may well have changed the task, whose traffic the recording does not have."""

ANY = -1

Shown = TypeVar("Shown")


class Role(Enum):
    """What an exchange does to a task."""

    READ = auto()
    CHANGE = auto()
    OTHER_CHANGE = auto()
    """Alters the task in a way that is not judged, or ends it."""


@dataclass(frozen=True, slots=True)
class Event(Generic[Shown]):
    """An exchange of a recording, as far as it is about a task.

    Attributes:
        task: its id; `ANY` where it cannot be told which one, so that it may have been any; None where it is
            none that other exchanges could name.
        shown: the task as a read answered it.
    """

    exchange: Exchange
    role: Role
    task: int | None
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Beside(Generic[Shown]):
    """A change, with the reads that show what it found and what it left; None where nothing shows that."""

    change: Exchange
    before: Shown | None
    after: Shown | None


def beside(events: Iterable[Event[Shown]]) -> list[Beside[Shown]]:
    """The changes of a recording, in its order, each with the reads next to it.

    A read says something about a change only where nothing else changed the task between the two, and where
    none of it went at the same time: of requests that overlap, nobody knows which the portal served first.

    Args:
        events: in the order in which they began.
    """
    told = [event for event in events if event.role is not Role.READ or event.shown is not None]
    before: dict[int, Shown | None] = {}
    after: dict[int, Shown | None] = {}
    for about_one in _by_task(told):
        for first, second in _neighbours(about_one):
            if first.role is Role.READ and second.role is Role.CHANGE:
                before[second.exchange.number] = first.shown
            elif first.role is Role.CHANGE and second.role is Role.READ:
                after[first.exchange.number] = second.shown
    changes = [event.exchange for event in told if event.role is Role.CHANGE]
    return [Beside(change, before.get(change.number), after.get(change.number)) for change in changes]


def _by_task(events: Sequence[Event[Shown]]) -> Iterable[Sequence[Event[Shown]]]:
    """For each task, the events that are about it, or may be."""
    tasks: dict[int, list[Event[Shown]]] = {
        event.task: [] for event in events if event.task is not None and event.task != ANY
    }
    for event in events:
        if event.task == ANY:
            for about_one in tasks.values():
                about_one.append(event)
        elif event.task is not None:
            tasks[event.task].append(event)
    return tasks.values()


def _neighbours(events: Sequence[Event[Shown]]) -> Iterable[tuple[Event[Shown], Event[Shown]]]:
    """The pairs of events of one task that went one after the other, with nothing between or beside them."""
    alone = _alone(events)
    for (first, is_alone), (second, is_alone_too) in pairwise(zip(events, alone, strict=True)):
        named = ANY not in {first.task, second.task}
        if named and is_alone and is_alone_too and _close_in_time(first.exchange, second.exchange):
            yield first, second


def _alone(events: Sequence[Event[Shown]]) -> list[bool]:
    """For each event, whether no change of the task went at the same time."""
    busy_until, free_before = 0.0, []
    for event in events:
        free_before.append(event.exchange.at >= busy_until)
        if event.role is not Role.READ:
            busy_until = max(busy_until, _end(event.exchange))
    next_change, free_after = float("inf"), []
    for event in reversed(events):
        free_after.append(_end(event.exchange) <= next_change)
        if event.role is not Role.READ:
            next_change = event.exchange.at
    return [before and after for before, after in zip(free_before, reversed(free_after), strict=True)]


def _close_in_time(earlier: Exchange, later: Exchange) -> bool:
    """Whether two exchanges went so shortly one after the other that hardly anybody came between."""
    if not earlier.at or not later.at:
        return False  # when they went is not known
    return later.at - _end(earlier) <= LONGEST_BETWEEN


def _end(exchange: Exchange) -> float:
    return exchange.at + exchange.elapsed


def is_telling(
    member: Member, change: Change, readings: Iterable[Reading], is_plain: Callable[[Value], bool]
) -> bool:
    """Whether a portal has no reason to store anything else than what a change sends for a member.

    Args:
        member: which one.
        change: as it was recorded.
        readings: all that the recording shows of objects: an id that none of them has may not exist.
        is_plain: whether a portal has no reason to clean, cut or round a value.
    """
    written = change.patch.sets.get(member.name)
    if not holds(written) and written is not False:
        return False  # what an empty value means is a requirement of its own
    if not member.refers_to:
        return is_plain(written)
    own = change.echo.exchange if change.echo else None
    return any(
        member.same(shown.members.get(member.name), written)
        for shown in readings
        if shown.exchange is not own
    )


def each(evidence: Sequence[Shown], rule: Callable[[Shown], Finding | bool | None], check: Check) -> None:
    """Hold every piece of a recording against a rule; bound to the first two, it is a `Judge`."""
    check.each(evidence, rule, otherwise=Message("recording-shows-nothing"))
