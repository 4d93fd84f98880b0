"""Updates of one object at the same time: none of them may be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding, SentStep
from etalon.messages import Message
from etalon.resources.patch import expected
from etalon.resources.values import shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from etalon.judging.evidence import Change, Reading
    from etalon.messages import Words
    from etalon.resources.resource import Member, Resource


@dataclass(frozen=True, slots=True)
class Rush:
    """Rounds of updates of one object between two readings; those of a round went at the same time.

    Attributes:
        rounds: of each the updates, which send different members, or add and remove different ids.
        known: members that the portal gets wrong in single updates already.
    """

    before: Reading
    rounds: tuple[tuple[Change, ...], ...]
    after: Reading
    known: frozenset[str] = frozenset()


def none_lost(resource: Resource, rush: Rush, members: Collection[str]) -> Finding | bool | None:
    """Of updates at the same time that were all accepted, each has its effect.

    Args:
        resource: what the object consists of.
        rush: what was sent.
        members: those that the requirement is about.
    """
    wanted = dict(rush.before.members)
    sent: dict[str, tuple[Change, ...]] = {}
    for together in rush.rounds:
        done = [change for change in together if change.accepted]
        for change in done:
            after = expected(wanted, change.patch)
            for name in change.patch.touched & set(members):
                if name in after and len(done) == len(together):
                    sent[name] = together
                else:
                    sent.pop(name, None)  # a refusal leaves open what has to become of the member
            wanted = {**wanted, **after}
    judged = None
    for name, together in sent.items():
        member = resource.member(name)
        there = rush.after.shows(name) and (member.promised or member.shown_in(rush.after.card))
        if name in rush.known or not there:
            continue  # the portal loses it without any hurry, or does not show it
        if not member.agrees(wanted[name], rush.after.members[name]):
            return _lost(member, shown(wanted[name]), together, rush)
        judged = True
    return judged


def _lost(member: Member, wanted: Words, together: tuple[Change, ...], rush: Rush) -> Finding:
    updates = [Message("step-update", touched=tuple(sorted(change.patch.touched))) for change in together]
    beside = [Message("step-beside-next", step=update) for update in updates[:-1]]
    beside.append(Message("step-beside-former", step=updates[-1]))
    sent = tuple(change.exchange for change in together)
    steps = [SentStep(says, exchange) for says, exchange in zip(beside, sent, strict=True)]
    steps.append(SentStep(Message("step-read"), rush.after.exchange))
    return Finding(
        summary=Message("lost-beside-another-update", member=member.name),
        expected=wanted,
        observed=rush.after.raw(member),
        exchanges=(rush.before.exchange, *sent, rush.after.exchange),
        member=member.name,
        steps=tuple(steps),
    )
