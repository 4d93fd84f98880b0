"""Life after a refusal: what a portal does with ordinary updates once it has refused a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.resources.patch import expected
from etalon.resources.values import shown

if TYPE_CHECKING:
    from etalon.judging.evidence import Change, Reading
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Resource


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Requests that were refused, each followed by an ordinary update of the same object.

    Attributes:
        before: the object as it was read before the first of them.
        steps: each request that was refused, with the update that was sent next.
        after: the object as it was read after all of them; None where it cannot be read.
        known: members that updates get wrong without any refusal, too.
    """

    before: Reading
    steps: tuple[tuple[Exchange, Change], ...]
    after: Reading | None
    known: frozenset[str] = frozenset()


def goes_on(resource: Resource, lived: Afterwards) -> Finding | bool | None:
    """An ordinary update is carried out after a refusal as it is without one.

    Args:
        resource: whose members are compared.
        lived: updates of a form that the portal was seen to accept before.
    """
    if not lived.steps:
        return None  # nothing was refused
    for refused, update in lived.steps:
        if not update.accepted:
            return Finding(
                summary=Message("update-refused-after-refusal"),
                expected=Message("updated-task"),
                observed=Message("http-status", status=update.exchange.response.status),
                exchanges=(lived.before.exchange, refused, update.exchange),
            )
    if lived.after is None:
        return True  # they were accepted; what they stored was not read
    wanted = lived.before.members
    for _, update in lived.steps:
        wanted = expected(wanted, update.patch)
    sent = {name for _, update in lived.steps for name in update.patch.touched} - lived.known
    for member in resource.readable:
        if member.name not in sent or member.name not in wanted:
            continue  # no update sent it, updates get it wrong in any case, or the page leaves it open
        if not lived.after.shows(member.name) and not member.promised:
            continue  # the card does not show the member
        if not member.agrees(wanted[member.name], lived.after.value_of(member)):
            return Finding(
                summary=Message("not-stored-after-refusal", member=member.name),
                expected=shown(wanted[member.name]),
                observed=lived.after.raw(member),
                exchanges=_around(lived, member.name),
                member=member.name,
            )
    return True


def _around(lived: Afterwards, member: str) -> tuple[Exchange, ...]:
    """The last update that sent the member, with the refusal before it, between the two readings."""
    last = next(pair for pair in reversed(lived.steps) if pair[1].patch.touches(member))
    after = (lived.after.exchange,) if lived.after else ()
    return (lived.before.exchange, last[0], last[1].exchange, *after)
