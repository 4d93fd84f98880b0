"""What a PlanFix portal owes an update, member by member.

Each rule gives a finding where the requirement is broken, True where it holds, and None where the step says
nothing about it; every None is a guard against a false alarm and carries its reason.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.planfix.answers import accepted, error_code
from etalon.vendors.planfix.judging.values import STATUSES, Moment, means, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.judging.evidence import Made, Probe, Refusals, Step, Watch
    from etalon.vendors.planfix.judging.task import Reading
    from etalon.vendors.planfix.judging.values import Value

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

_BLOCK = re.compile(r"<br\s*/?>|</(?:p|div)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|a|strong|em)\b[^>]*>", re.IGNORECASE)


def stores(member: str, step: Step) -> Finding | bool | None:
    """A member that an update sends has the new value afterwards."""
    if member not in step.asks.plain:
        return None  # the update does not send it, or sends it in a way that the page gives no meaning to
    if not step.accepted:
        return refusal(member, step)
    if step.after is None:
        return None  # the task cannot be read
    wanted = step.asks.plain[member]
    if not step.after.shows(member):
        return _vanished(member, step, wanted)
    got = step.after.members[member]
    if means(member, wanted, got) or (member == "description" and rendition(wanted, got) == HTML):
        # Where it had that value before, reading it back proves nothing.
        return None if step.before and step.before.members.get(member) == wanted else True
    return difference(member, step, wanted, got, Message("read-unlike-sent", member=member))


def _vanished(member: str, step: Step, wanted: Value) -> Finding | None:
    if wanted is False or step.before is None or not step.before.shows(member):
        return None  # cards do not show the member, or not where it is off
    return difference(member, step, wanted, None, Message("shown-no-more", member=member))


def same_text(member: str, step: Step, *, may_refuse: bool = False) -> Finding | bool | None:
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


def unchanged(step: Step) -> Finding | bool | None:
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
    member = first_difference(step.before, step.after, but="owner")
    if member is None:
        return True
    had, has = value_of(step.before, member), value_of(step.after, member)
    return difference(member, step, had, has, Message("changed-by-empty-update", member=member))


def leaves_alone(member: str, step: Step) -> Finding | bool | None:
    """A member that an update does not send stays as it was."""
    if not step.accepted or step.asks.touches(member):
        return None  # refused updates are another requirement's, and this update sends the member
    if step.before is None or step.after is None or not step.before.shows(member):
        return None  # the task cannot be read, or its card did not show the member
    had, has = step.before.members[member], step.after.members.get(member)
    if had == has:
        # A flag that is off can be switched on; of other members that hold nothing, nothing can get lost.
        return True if step.before.holds(member) or isinstance(had, bool) else None
    return difference(member, step, had, has, Message("changed-unsent", member=member))


def owner_behaviour(step: Step, caller: Value) -> str | None:
    """What becomes of the owner in an update that does not send one.

    The page says of the owner that it is the calling user where none is given, and of every member that it
    is not updated where it is left out; the two contradict each other.

    Args:
        step: the update.
        caller: the id of the calling user.

    Returns:
        `keep`, `caller` or `other`; None where the step says nothing about it.
    """
    if not step.accepted or step.asks.touches("owner") or step.before is None or step.after is None:
        return None  # nothing was left out, or nothing can be seen
    had, has = (reading.members.get("owner") for reading in (step.before, step.after))
    if had is None or had == caller:
        return None  # keeping the owner and making the caller the owner would look the same
    if has == had:
        return KEEP
    return CALLER if has == caller else OTHER


def owner_lost(step: Step) -> Finding:
    """A finding about an owner that is neither the former one nor the caller after an update without one."""
    had, has = (value_of(one, "owner") if one else None for one in (step.before, step.after))
    return difference("owner", step, had, has, Message("changed-unsent", member="owner"))


def rendition(sent: Value, got: Value) -> str:
    """How a description comes back: `verbatim`, as `html` that shows the sent text, or `altered`."""
    if sent == got:
        return VERBATIM
    if not isinstance(sent, str) or not isinstance(got, str):
        return ALTERED
    rendered = html.unescape(_TAG.sub("", _BLOCK.sub("\n", got.replace("\n", ""))))
    return HTML if rendered.rstrip("\n") == sent.rstrip("\n") else ALTERED


def changes_nothing(refusals: Refusals) -> Finding | bool | None:
    """Requests that were refused leave the task as it was."""
    if not refusals.probes:
        return None  # nothing was refused
    member = first_difference(refusals.before, refusals.after)
    if member is None:
        return True
    one = refusals.probes[0] if len(refusals.probes) == 1 else None
    what = Message("through-refused-update", why=one.why) if one else Message("through-refused-updates")
    return Finding(
        summary=Message("changed-through", member=member, what=what),
        expected=shown(value_of(refusals.before, member)),
        observed=shown(value_of(refusals.after, member)),
        exchanges=(
            refusals.before.exchange,
            *(probe.exchange for probe in refusals.probes),
            refusals.after.exchange,
        ),
        member=member,
    )


def untouched(watch: Watch) -> Finding | bool:
    """A task that no update named stays as it was."""
    member = first_difference(watch.before, watch.after)
    if member is None:
        return True
    has = value_of(watch.after, member)
    touching = [step for step in watch.suspects if step.asks.touches(member)]
    same = [step for step in touching if step.asks.plain.get(member) == has]
    suspect = (same or touching or list(watch.suspects))[-1:]
    return Finding(
        summary=Message("other-task-changed", member=member, role=watch.role),
        expected=shown(value_of(watch.before, member)),
        observed=shown(has),
        exchanges=(watch.before.exchange, *(step.update for step in suspect), watch.after.exchange),
        member=member,
    )


def fixed(name: str, earlier: Reading, later: Reading) -> Finding | bool | None:
    """What the portal itself gave a task never changes: its number, its time of creation."""
    if name not in earlier.fixed or name not in later.fixed:
        return None  # the card does not show it
    had, has = earlier.fixed[name], later.fixed[name]
    if had == has:
        return True
    return Finding(
        summary=Message("changes-in-life", member=name),
        expected=shown(had),
        observed=shown(has),
        exchanges=(earlier.exchange, later.exchange),
        member=name,
    )


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


def first_difference(before: Reading, after: Reading, but: str = "") -> str | None:
    """The first member in which two readings of a task differ; one may be left out."""
    for member in before.members:
        if member != but and before.members[member] != after.members.get(member):
            return member
    return None


def value_of(reading: Reading, member: str) -> Value:
    """A member as a reading shows it; nothing where it does not."""
    return reading.members.get(member)


def refusal(member: str, step: Step, beside: frozenset[str] = frozenset()) -> Finding | None:
    """A refused update is a finding where nothing but this member, and those beside it, can be the reason."""
    if step.asks.touched != {member} | beside:
        return None  # something else in the update may be the reason
    if member in step.asks.unclear or not _in_order(step):
        return None  # the page does not call for what the update sends
    if step.asks.plain.get("status") in _WITH_MORE:
        return None  # it may want what only another function can be told
    if step.code in RIGHTS:
        return None  # the portal would change it, but not for this caller or not in this state
    return Finding(
        summary=Message("sound-update-refused", member=member),
        expected=Message("ok-answer"),
        observed=_refusal_shown(step),
        exchanges=shows(step),
        member=member,
    )


def _in_order(step: Step) -> bool:
    """Whether the task would start before it ends; a short end date lasts for its whole day."""
    start, end = step.expected.get("startTime"), step.expected.get("endTime")
    if not isinstance(start, Moment) or not isinstance(end, Moment):
        return True
    return start.at <= end.at or (not end.timed and start.at.date() == end.at.date())


def difference(member: str, step: Step, wanted: Value, got: Value, summary: Message) -> Finding:
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


def _refusal_shown(step: Step) -> Message:
    return Message("error-answer-with-code", code=step.code) if step.code else Message("no-ok-answer")


def shows(step: Step) -> tuple[Exchange, ...]:
    """What shows that an update is refused: itself, and the creation of its task."""
    return tuple(part for part in (step.origin, step.update) if part)
