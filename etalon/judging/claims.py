"""What a script shows on a portal, as data: so that it can be made again, made smaller, and told apart.

A finding says what is wrong in the terms of its requirement. A claim says which answers of a script show it,
and how: two reads differ, a read is not what was sent, or an answer is one that should not have come.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from etalon.judging.reader import likeness
from etalon.messages import Message
from etalon.resources.values import Likeness, holds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.evidence import Reading
    from etalon.judging.verdicts import Finding
    from etalon.portals.exchange import Exchange
    from etalon.resources.patch import Patch
    from etalon.resources.resource import Member, Resource


class Lens(Protocol):
    """What a vendor sees in an exchange."""

    @property
    def resource(self) -> Resource:
        """What the objects consist of."""

    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        """The object that an answer shows, or None where it shows none."""

    def patch_of(self, exchange: Exchange) -> Patch:
        """What a request asks of an object; nothing where it asks for none."""

    def is_done(self, exchange: Exchange) -> bool:
        """Whether an answer says that the portal did what it was asked for."""

    def made_by(self, creation: Exchange) -> int | None:
        """The id of the object that a creation says it made; None for any other request."""


class ClaimKind(StrEnum):
    """How a script shows that something is wrong."""

    DIFFERS = "differs"
    """A member is read otherwise than it was read before."""
    UNLIKE_SENT = "unlike-sent"
    """A member is shown otherwise than the last request that sent it asked for."""
    SHOWN_AS = "shown-as"
    """A member is shown as it should not be, character for character."""
    ANSWERED = "answered"
    """A request is carried out, or refused, though it should not be."""
    LOOKS = "looks"
    """An answer looks as it should not."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Which answers of a script show that something is wrong.

    Attributes:
        step: place of the answer that shows it, counted from 0.
        against: place of what it is held against: the former read, or the request that sent the member.
        member: its name; empty where it is about the whole answer.
        status: the HTTP status of that answer, where it is about that.
        done: whether the answer says that the portal did it.
        value: how the member, or the whole answer, is shown; see `look_of`.
    """

    kind: ClaimKind
    step: int
    against: int = 0
    member: str = ""
    status: int = 0
    done: bool = False
    value: str = ""


_TOO_MANY, _IN_TROUBLE = 429, 500
_ABOUT_DOING = ("http-status", "ok-answer", "no-ok-answer", "error-answer", "a-refusal", "updated-task")


def claim_of(finding: Finding, script: Sequence[Exchange], lens: Lens) -> Claim | None:
    """The claim that a finding makes of the exchanges that showed it.

    Args:
        finding: what was found.
        script: the exchanges, in their order; they may have others around them.
        lens: what the vendor sees in them.

    Returns:
        None where none of the exchanges is among those of the finding.
    """
    of_finding = {exchange.number for exchange in finding.exchanges}
    places = [place for place, one in enumerate(script) if one.number in of_finding]
    if not places:
        return None
    member = member_of(lens.resource, finding.member)
    if member is not None:
        for candidate in _about(member, script, places, lens):
            if is_shown(candidate, script, lens):
                return candidate
    place, last = places[-1], script[places[-1]]
    sides = (finding.expected, finding.observed)
    if any(isinstance(side, Message) and side.key.startswith(_ABOUT_DOING) for side in sides):
        return Claim(ClaimKind.ANSWERED, place, status=last.response.status, done=lens.is_done(last))
    return Claim(ClaimKind.LOOKS, place, status=last.response.status, value=look_of(last, lens))


def _about(member: Member, script: Sequence[Exchange], places: Sequence[int], lens: Lens) -> list[Claim]:
    """The claims about a member that the exchanges of a finding may make, the last answers' first."""
    firmly: list[Claim] = []
    letter_by_letter: list[Claim] = []
    for step in reversed(places):
        now = lens.reading_of(script[step])
        if now is None:
            continue
        task = _task_of(script[step], lens)
        before = [place for place in range(step + 1) if _task_of(script[place], lens) == task]
        sent = [place for place in before if lens.patch_of(script[place]).touches(member.name)]
        if sent and sent[-1] in places:
            firmly.append(Claim(ClaimKind.UNLIKE_SENT, step, sent[-1], member.name))
        reads = [
            place for place in before if place in places and place < step and lens.reading_of(script[place])
        ]
        only_read = [place for place in reads if not lens.patch_of(script[place]).touched]
        firmly += [Claim(ClaimKind.DIFFERS, step, one, member.name) for one in (only_read or reads)[-1:]]
        if sent and (member.is_text or member.parts[0].likeness is Likeness.INSTANT):
            shown = str(now.raw(member))
            letter_by_letter.append(Claim(ClaimKind.SHOWN_AS, step, member=member.name, value=shown))
    return [*firmly, *letter_by_letter[:1]]


def _task_of(exchange: Exchange, lens: Lens) -> int | None:
    """The object that an exchange is about: the one that it names, or makes."""
    return exchange.subject if exchange.subject is not None else lens.made_by(exchange)


def is_shown(claim: Claim, script: Sequence[Exchange], lens: Lens) -> bool:
    """Whether the answers of a script show what a claim says."""
    if max(claim.step, claim.against) >= len(script):
        return False
    answer = script[claim.step]
    if claim.kind is ClaimKind.ANSWERED:
        return answer.response.status == claim.status and lens.is_done(answer) == claim.done
    if claim.kind is ClaimKind.LOOKS:
        return answer.response.status == claim.status and look_of(answer, lens) == claim.value
    member, now = member_of(lens.resource, claim.member), lens.reading_of(answer)
    if member is None or now is None:
        return False
    if claim.kind is ClaimKind.SHOWN_AS:
        return str(now.raw(member)) == claim.value
    if claim.kind is ClaimKind.DIFFERS:
        return _differs(member, claim, script, lens)
    sent = script[claim.against]
    return _task_of(sent, lens) == _task_of(answer, lens) and _is_unlike_sent(member, now, sent, lens)


def can_be_told(claim: Claim, script: Sequence[Exchange], lens: Lens) -> bool:
    """Whether the answers of a script that does not show a claim say that it does not hold.

    A server in trouble, a read that shows no object, an update that was refused: they say nothing of it.

    Args:
        claim: what was seen in other exchanges.
        script: exchanges in their order.
        lens: what the vendor sees in them.
    """
    if max(claim.step, claim.against) >= len(script):
        return False  # it was not sent to its end
    if any(one.response.status == _TOO_MANY or one.response.status >= _IN_TROUBLE for one in script):
        return False
    if claim.kind in {ClaimKind.ANSWERED, ClaimKind.LOOKS}:
        return True
    answer, against = script[claim.step], script[claim.against]
    if claim.kind is ClaimKind.UNLIKE_SENT and not lens.is_done(against):
        return False
    if claim.kind is ClaimKind.DIFFERS and lens.reading_of(against) is None:
        return False
    return lens.reading_of(answer) is not None


def _differs(member: Member, claim: Claim, script: Sequence[Exchange], lens: Lens) -> bool:
    answer = script[claim.step]
    before, now = (lens.reading_of(one) for one in (script[claim.against], answer))
    if before is None or now is None or _task_of(script[claim.against], lens) != _task_of(answer, lens):
        return False
    for one in script[claim.against : claim.step]:
        if lens.patch_of(one).touches(member.name) and one.subject == answer.subject and lens.is_done(one):
            return False  # it was asked for
    return not member.unchanged(before.value_of(member), now.value_of(member))


def _is_unlike_sent(member: Member, now: Reading, sent: Exchange, lens: Lens) -> bool:
    if not lens.is_done(sent):
        return False  # it was refused
    wanted, has = lens.patch_of(sent).sets.get(member.name), now.value_of(member)
    return (wanted is not None or holds(has)) and not member.agrees(wanted, has)


def shows_alike(claim: Claim, script: Sequence[Exchange], lens: Lens) -> bool:
    """Whether a script of another finding shows the same of the same member anywhere.

    Args:
        claim: what was seen in other exchanges.
        script: exchanges in their order.
        lens: what the vendor sees in them.
    """
    if claim.kind is ClaimKind.ANSWERED:
        return False  # another answer of that status may have another cause
    if claim.kind in {ClaimKind.LOOKS, ClaimKind.SHOWN_AS}:
        places = range(len(script))
        return any(is_shown(replace(claim, step=place), script, lens) for place in places)
    for step, exchange in enumerate(script):
        if lens.reading_of(exchange) is None:
            continue
        for against in range(step + (claim.kind is ClaimKind.UNLIKE_SENT)):
            one = script[against]
            if claim.kind is ClaimKind.UNLIKE_SENT and not lens.is_done(one):
                continue
            same_task = against == step or one.subject in {exchange.subject, None}
            if same_task and is_shown(replace(claim, step=step, against=against), script, lens):
                return True
    return False


def look_of(exchange: Exchange, lens: Lens) -> str:
    """An answer as another one can be compared with it."""
    body = exchange.response.body.decode(errors="backslashreplace")
    task = _task_of(exchange, lens)
    return likeness(exchange.response.media_type, body, "" if task is None else str(task))


def member_of(resource: Resource, name: str) -> Member | None:
    """The member of that name, or of that spelling in answers."""
    if not name:
        return None
    for member in (*resource.readable, *resource.managed):
        if name in {member.name, member.spelling}:
            return member
    try:
        return resource.member(name)
    except KeyError:
        return None
