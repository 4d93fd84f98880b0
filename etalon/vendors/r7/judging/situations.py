"""What an update does to a member that it leaves out, sends as null, sends empty, or sends alone.

The page on updates speaks of the parameters that the request gives, and its table marks one of ten as
optional: the two readings differ in what becomes of all that is not given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.judging.rules import KEEP, REJECT, RESET, left_alone
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.resources.values import Likeness, holds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from etalon.judging.evidence import Change
    from etalon.resources.resource import Member

OTHER, MIXED = "other", "mixed"


def empty_value(likeness: Likeness) -> str | int:
    """What is empty in the page's types: 0 for a number, the empty text for all that is written as text."""
    return 0 if likeness is Likeness.INTEGER else ""


def became(member: Member, change: Change) -> str | None:
    """What becomes of a member that an update sends as null or empty, and nothing else odd beside it.

    Returns:
        `keep`, `reset`, `reject`, or `other` where it turns into something else; None where the update says
        nothing about it.
    """
    if change.before is None:
        return None  # the task cannot be read
    had = change.before.value_of(member)
    if not holds(had):
        return None  # there was nothing to keep
    if not change.accepted:
        return REJECT
    if change.after is None:
        return None  # the task cannot be read
    has = change.after.value_of(member)
    if member.same(has, had):
        return KEEP
    return OTHER if holds(has) else RESET


def treats_all_alike(members: Collection[Member], changes: Iterable[Change]) -> bool:
    """Whether updates that each leave several members out show one behaviour for all of them.

    Then nothing has to be told apart by leaving the members out one at a time. Those that are refused say
    nothing here.
    """
    seen = set()
    for change in changes:
        for member in members:
            others = [other for other in members if other is not member]
            behaviour = left_alone(member, others, change) if change.accepted else None
            if isinstance(behaviour, Finding):
                return False
            seen.add(behaviour)
    return len(seen - {None}) == 1


def rest_of(others: Iterable[Member], change: Change) -> str | None:
    """What an update of one member alone does with all the others.

    Returns:
        `keep`, `reset`, `reject`, or `mixed`; None where the update says nothing about them.
    """
    if not change.accepted:
        return REJECT
    if change.before is None or change.after is None:
        return None  # the task cannot be read
    seen = set()
    for other in others:
        had, has = change.before.value_of(other), change.after.value_of(other)
        if holds(had):
            seen.add(KEEP if other.same(has, had) else RESET)
    if not seen:
        return None  # there was nothing to keep
    return seen.pop() if len(seen) == 1 else MIXED


def _first_lost(others: Iterable[Member], change: Change) -> Member | None:
    """Of the members that an update does not send, the first that it does not keep."""
    if change.before is None or change.after is None:
        return None
    for other in others:
        had = change.before.value_of(other)
        if holds(had) and not other.same(change.after.value_of(other), had):
            return other
    return None


def rest_not_kept(member: str, others: Sequence[Member], behaviour: str, change: Change) -> Finding:
    """The finding for an update of one member alone that does something unexpected to the others."""
    lost = _first_lost(others, change)
    if behaviour == REJECT or lost is None or change.before is None or change.after is None:
        return Finding(
            summary=Message("lone-member-treats-others", member=member),
            expected=Message("another-treatment"),
            observed=Message(
                "behaviour-with-status", behaviour=behaviour, status=change.exchange.response.status
            ),
            exchanges=change.exchanges,
            member=member,
        )
    return Finding(
        summary=Message("lone-member-changes-another", member=member, other=lost.name),
        expected=change.before.raw(lost),
        observed=change.after.raw(lost),
        exchanges=change.exchanges,
        member=lost.name,
    )


def unsteady(member: str, seen: Sequence[tuple[str, Change]]) -> Finding | None:
    """The finding for a portal that treats a member now so, now so; None where it is always the same."""
    first, change = seen[0]
    for behaviour, other in seen[1:]:
        if behaviour != first:
            return Finding(
                summary=Message("treatment-varies", member=member),
                expected=first,
                observed=behaviour,
                exchanges=(*change.exchanges, *other.exchanges),
                member=member,
            )
    return None


def neither_reading(behaviours: Mapping[str, str], changes: Sequence[Change]) -> Finding | None:
    """The finding for a portal that keeps some members that an update leaves out, and clears others.

    Refusals do not count: the table asks for all members but one, and whoever misses one hears of it.
    """
    by = {kind: [name for name, seen in behaviours.items() if seen == kind] for kind in (KEEP, RESET)}
    if not (by[KEEP] and by[RESET]):
        return None
    return Finding(
        summary=(Message("unsent-members-mixed", kept=tuple(by[KEEP]), cleared=tuple(by[RESET]))),
        expected=Message("one-treatment"),
        observed=", ".join(f"{name}: {seen}" for name, seen in behaviours.items()),
        exchanges=tuple(exchange for change in changes for exchange in change.exchanges),
    )
