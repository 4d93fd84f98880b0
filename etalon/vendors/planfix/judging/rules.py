"""What a PlanFix portal owes an update, member by member.

Each rule gives a finding where the requirement is broken, True where it holds, and None where the step says
nothing about it; every None is a guard against a false alarm and carries its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.judging import rules
from etalon.judging.rules import first_difference
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.resources.values import Moment, Value, shown
from etalon.vendors.planfix.answers import accepted, error_code
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging.evidence import Made, code_of
from etalon.vendors.planfix.judging.values import STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.evidence import Change, Probe
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member

KEEP, CALLER, OTHER = "keep", "caller", "other"
VERBATIM, HTML, ALTERED = "verbatim", "html", "altered"

RIGHTS: frozenset[str] = frozenset(
    {
        "0016",
        "0020",
        "0023",
        "0104",
        "0105",
        "1002",
        "3008",
        "3009",
        "3012",
        "3013",
        "3014",
        "4001",
        "4006",
        "4007",
    }
)
"""Codes by which a portal says that this caller, or this task as it stands, does not allow a change that it
would otherwise make (PlanFix error codes page): custom statuses have transitions, owners are protected."""

_WITH_MORE = frozenset({STATUSES["DELAYED"], STATUSES["REJECTED"]})
"""Statuses that other functions set with more than the status: task.changeStatus wants a dateTime for the one
and names task.reject for the other (PlanFix task.changeStatus page)."""


def stores(member: str, step: Change) -> Finding | bool | None:
    """A member that an update sends has the new value afterwards; few reasons excuse a refusal."""
    return rules.stores(task().member(member), step, refusal)


def keeps(member: str, step: Change) -> Finding | bool | None:
    """A member that an update does not send stays as it was."""
    return rules.keeps(task().member(member), step)


def same_text(member: str, step: Change, *, may_refuse: bool = False) -> Finding | bool | None:
    """A text comes back character for character; a description may come back as HTML that shows it.

    Args:
        member: `title` or `description`.
        step: the update.
        may_refuse: whether a portal may refuse the text instead, as it may where it has a limit and says so.
    """
    if may_refuse and not step.accepted:
        return True
    return stores(member, step)


def created_with(member: str, made: Made) -> tuple[str, Finding | None]:
    """How a text comes back with which a task was created, and the finding where it comes back altered."""
    got = made.first.members.get(member)
    how = rendition(made.sent[member], got)
    if how != ALTERED:
        return how, None
    finding = Finding(
        summary=Message("read-unlike-creation", member=member),
        expected=made.sent[member],
        observed=shown(got),
        exchanges=(made.origin, made.first.exchange),
        member=member,
    )
    return how, finding


def unchanged(step: Change) -> Finding | bool | None:
    """An update that sends no member is accepted, and leaves all as they were."""
    if not step.accepted:
        return Finding(
            summary=Message("empty-update-refused"),
            expected=Message("ok-answer"),
            observed=_refusal_shown(step),
            exchanges=shows(step),
        )
    if step.before is None or step.after is None:
        return True  # nothing can be seen but that it is accepted
    # The page can be read so that the caller becomes the owner wherever none is sent: that has its own rule.
    member = first_difference(task(), step.before, step.after, but={"owner"})
    if member is None:
        return True
    had, has = step.before.value_of(member), step.after.value_of(member)
    told = Message("changed-by-empty-update", member=member.name)
    return difference(member.name, step, had, has, told)


def owner_behaviour(step: Change, caller: Value) -> str | None:
    """What becomes of the owner in an update that does not send one.

    The page says of the owner that it is the calling user where none is given, and of every member that it
    is not updated where it is left out; the two contradict each other.

    Args:
        step: the update.
        caller: the id of the calling user.

    Returns:
        `keep`, `caller` or `other`; None where the step says nothing about it.
    """
    if not step.accepted or step.patch.touches("owner") or step.before is None or step.after is None:
        return None  # nothing was left out, or nothing can be seen
    had, has = (reading.members.get("owner") for reading in (step.before, step.after))
    if had is None or had == caller:
        return None  # keeping the owner and making the caller the owner would look the same
    if has == had:
        return KEEP
    return CALLER if has == caller else OTHER


def owner_lost(step: Change) -> Finding:
    """A finding about an owner that is neither the former one nor the caller after an update without one."""
    had, has = (one.members.get("owner") if one else None for one in (step.before, step.after))
    return difference("owner", step, had, has, Message("changed-unsent", member="owner"))


def rendition(sent: Value, got: Value) -> str:
    """How a description comes back: `verbatim`, as `html` that shows the sent text, or `altered`."""
    if sent == got:
        return VERBATIM
    return HTML if task().member("description").agrees(sent, got) else ALTERED


def is_refused(probe: Probe) -> Finding | bool:
    """A request that has to be refused is answered with an error."""
    if not accepted(probe.exchange):
        return True
    return Finding(
        summary=Message("ok-although", why=probe.why),
        expected=Message("error-answer"),
        observed=Message("ok-answer"),
        exchanges=(probe.exchange,),
    )


def refusal(member: Member, step: Change, beside: frozenset[str] = frozenset()) -> Finding | None:
    """A refused update is a finding where nothing but this member, and those beside it, can be the reason."""
    if step.patch.touched != {member.name} | beside:
        return None  # something else in the update may be the reason
    if member.name in step.patch.unclear or not _in_order(step):
        return None  # the page does not call for what the update sends
    if step.patch.sets.get("status") in _WITH_MORE:
        return None  # it may want what only another function can be told
    if code_of(step) in RIGHTS:
        return None  # the portal would change it, but not for this caller or not in this state
    return Finding(
        summary=Message("sound-update-refused", member=member.name),
        expected=Message("ok-answer"),
        observed=_refusal_shown(step),
        exchanges=shows(step),
        member=member.name,
    )


def _in_order(step: Change) -> bool:
    """Whether the task would start before it ends; a short end date lasts for its whole day."""
    start, end = step.expected.get("startTime"), step.expected.get("endTime")
    if not isinstance(start, Moment) or not isinstance(end, Moment):
        return True
    return start.at <= end.at or (not end.timed and start.at.date() == end.at.date())


def difference(member: str, step: Change, wanted: Value, got: Value, summary: Message) -> Finding:
    """A finding about a member that came out otherwise than it had to."""
    return Finding(
        summary=summary,
        expected=shown(wanted),
        observed=shown(got),
        exchanges=step.exchanges,
        member=member,
    )


def causes_apart(probes: Sequence[Probe]) -> Finding | bool | None:
    """Different causes are refused with different codes."""
    refused = [probe for probe in probes if not accepted(probe.exchange)]
    by_code: dict[str, Probe] = {}
    for probe in refused:
        code = error_code(probe.exchange)
        if code and code in by_code:
            other = by_code[code]
            return Finding(
                summary=Message("one-code-for-two", why=probe.why, other=other.why),
                expected=Message("different-codes"),
                observed=Message("code-for-both", code=code),
                exchanges=(other.exchange, probe.exchange),
            )
        by_code[code] = probe
    return True if len(refused) > 1 else None


def _refusal_shown(step: Change) -> Message:
    code = code_of(step)
    return Message("error-answer-with-code", code=code) if code else Message("no-ok-answer")


def shows(step: Change) -> tuple[Exchange, ...]:
    """What shows that an update is refused: itself, and the creation of its task."""
    return tuple(part for part in (step.origin, step.exchange) if part)
