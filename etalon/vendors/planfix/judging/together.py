"""Updates of one task at the same time: none of them may be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding, SentStep
from etalon.messages import Message
from etalon.vendors.planfix.answers import accepted
from etalon.vendors.planfix.judging.model import asked, expected
from etalon.vendors.planfix.judging.singles import agrees
from etalon.vendors.planfix.judging.values import shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from etalon.messages import Words
    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.judging.task import Reading


@dataclass(frozen=True, slots=True)
class Rush:
    """Rounds of updates of one task between two readings; those of a round went at the same time.

    Attributes:
        rounds: of each the exchanges, which send different members, or add and delete different workers.
        known: members that the portal gets wrong in single updates already.
    """

    before: Reading
    rounds: tuple[tuple[Exchange, ...], ...]
    after: Reading
    known: frozenset[str] = frozenset()


def none_lost(rush: Rush, members: Collection[str]) -> Finding | bool | None:
    """Of updates at the same time that were all accepted, each has its effect.

    Args:
        rush: what was sent.
        members: those that the requirement is about.
    """
    wanted = dict(rush.before.members)
    sent: dict[str, tuple[Exchange, ...]] = {}
    for together in rush.rounds:
        done = [exchange for exchange in together if accepted(exchange)]
        for exchange in done:
            update = asked(exchange.request.body)
            after = expected(wanted, update)
            for member in update.touched & set(members):
                if member in after and len(done) == len(together):
                    sent[member] = together
                else:
                    sent.pop(member, None)  # a refusal leaves open what has to become of the member
            wanted = {**wanted, **after}
    judged = None
    for member, together in sent.items():
        if member in rush.known or not rush.after.shows(member):
            continue  # the portal loses it without any hurry, or does not show it
        got = rush.after.members[member]
        if not agrees(member, wanted[member], got):
            return _lost(member, shown(wanted[member]), shown(got), together, rush)
        judged = True
    return judged


def _lost(member: str, wanted: Words, got: Words, together: tuple[Exchange, ...], rush: Rush) -> Finding:
    updates = [
        Message("step-update", touched=tuple(sorted(asked(exchange.request.body).touched)))
        for exchange in together
    ]
    beside = [Message("step-beside-next", step=update) for update in updates[:-1]]
    beside.append(Message("step-beside-former", step=updates[-1]))
    steps = [SentStep(says, exchange) for says, exchange in zip(beside, together, strict=True)]
    steps.append(SentStep(Message("step-read"), rush.after.exchange))
    return Finding(
        summary=Message("lost-beside-another-update", member=member),
        expected=wanted,
        observed=got,
        exchanges=(rush.before.exchange, *together, rush.after.exchange),
        member=member,
        steps=tuple(steps),
    )
