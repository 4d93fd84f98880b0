"""What an R7 portal owes a creation beside what every API does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.judging.evidence import spelled
from etalon.judging.rules import shows_any
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.judging.evidence import reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etalon.judging.evidence import Change
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member


def names_what_it_made(members: Iterable[Member], read: Exchange | None, change: Change) -> Finding | bool:
    """Under the id that a creation answers, there is the task that it made.

    Args:
        members: what a client can write.
        read: the read of that id.
        change: the creation, accepted.
    """
    seen, answered = reading(read), task_id(change.exchange)
    if seen is not None and shows_any(members, change, seen):
        return True
    return Finding(
        summary=Message("created-id-of-another"),
        expected=spelled(change.body.get("title")),
        observed=spelled(seen.card.get("title")) if seen else Message("no-task-under", id=str(answered)),
        exchanges=(change.exchange, read) if read else (change.exchange,),
        member="id",
    )
