"""Reads that nothing was written between: they show the same, whichever way the object is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.rules import first_difference
from etalon.judging.verdicts import Finding
from etalon.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from etalon.judging.evidence import Reading
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Resource


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """An object as two reads showed it, and what else was asked for in between."""

    before: Reading
    between: tuple[Exchange, ...]
    after: Reading


def read_again(
    journal: Iterable[Exchange],
    reading_of: Callable[[Exchange], Reading | None],
    only_read: Collection[str],
) -> list[ReadAgain]:
    """The pairs of reads of one object with no write between them.

    Args:
        journal: exchanges in their order.
        reading_of: what a read shows; None for one that shows none, or in another representation.
        only_read: operations that change nothing.
    """
    found: list[ReadAgain] = []
    latest: dict[int, Reading] = {}
    between: list[Exchange] = []
    for exchange in journal:
        if exchange.operation not in only_read:
            latest.clear()
            between.clear()
            continue
        now = reading_of(exchange)
        if now is None or exchange.subject is None:
            between.append(exchange)
            continue
        before = latest.get(exchange.subject)
        if before is not None:
            others = tuple(one for one in between if one.number > before.exchange.number)
            found.append(ReadAgain(before, others, now))
        latest[exchange.subject] = now
        between.append(exchange)
    return found


def shows_the_same(resource: Resource, reads: ReadAgain) -> Finding | bool:
    """Two reads of an object with no write in between show the same."""
    member = first_difference(resource, reads.before, reads.after)
    if member is None:
        return True
    return Finding(
        summary=Message("read-otherwise-again", member=member.name),
        expected=reads.before.raw(member),
        observed=reads.after.raw(member),
        exchanges=(reads.before.exchange, *reads.between, reads.after.exchange),
        member=member.name,
    )
