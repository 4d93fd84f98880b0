"""What a PlanFix portal owes an update, member by member.

Each rule gives a finding where the requirement is broken, True where it holds, and None where the step says
nothing about it; every None is a guard against a false alarm and carries its reason.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from etalon.judging.planfix.values import shown
from etalon.judging.verdicts import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.planfix.evidence import Probe, Refusals, Step, Watch
    from etalon.judging.planfix.task import Reading
    from etalon.judging.planfix.values import Value
    from etalon.portals.exchange import Exchange

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

_BLOCK = re.compile(r"<br\s*/?>|</(?:p|div)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|a|strong|em)\b[^>]*>", re.IGNORECASE)


def stores(member: str, step: Step) -> Finding | bool | None:
    """A member that an update sends has the new value afterwards."""
    if member not in step.asks.plain:
        return None  # the update does not send it, or sends it in a way that the page gives no meaning to
    if not step.accepted:
        return _refused(member, step)
    if step.after is None or not step.after.shows(member):
        return None  # the task cannot be read, or its card does not show the member
    wanted = step.asks.plain[member]
    if step.before and step.before.members.get(member) == wanted:
        return None  # it had that value before: reading it back would prove nothing
    got = step.after.members[member]
    if got == wanted or (member == "description" and rendition(wanted, got) == HTML):
        return True
    return _differs(member, step, wanted, got, "is read back otherwise than it was sent")


def leaves_alone(member: str, step: Step) -> Finding | bool | None:
    """A member that an update does not send stays as it was."""
    if not step.accepted or step.asks.touches(member):
        return None  # refused updates are another requirement's, and this update sends the member
    if step.before is None or step.after is None or not step.before.shows(member):
        return None  # the task cannot be read, or its card did not show the member
    had, has = step.before.members[member], step.after.members.get(member)
    if had == has:
        return True if step.before.holds(member) or isinstance(had, bool | int) else None
    return _differs(member, step, had, has, "changes in an update that does not send it")


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


def rendition(sent: Value, got: Value) -> str:
    """How a description comes back: `verbatim`, as `html` that shows the sent text, or `altered`."""
    if sent == got:
        return VERBATIM
    if not isinstance(sent, str) or not isinstance(got, str):
        return ALTERED
    rendered = html.unescape(_TAG.sub("", _BLOCK.sub("\n", got.replace("\n", ""))))
    return HTML if rendered.rstrip("\n") == sent.rstrip("\n") else ALTERED


def teams(step: Step, team: str) -> Finding | bool | None:
    """Workers afterwards are those of before, with the added and without the deleted ones."""
    if not step.asks.touches(team):
        return None  # the update says nothing about them
    if not step.accepted:
        return _refused(team, step)
    if step.before is None or step.after is None or team not in step.expected:
        return None  # the task cannot be read, or an id is added and deleted at once
    wanted, got = step.expected[team], step.after.members.get(team)
    if wanted == got:
        return True
    return _differs(team, step, wanted, got, "are not those of before with the update applied")


def periodicity_parts(step: Step, parts: Mapping[str, Value]) -> Finding | bool | None:
    """The named parts of a periodicity come back as they were sent.

    Args:
        step: an update that sends a periodicity.
        parts: those parts that the requirement is about, as they were sent.
    """
    if not step.accepted:
        return _refused("periodicity", step)
    if step.after is None:
        return None  # the task cannot be read
    got = step.after.members.get("periodicity")
    seen = dict(got) if isinstance(got, dict) else {}
    if all(seen.get(name) == value for name, value in parts.items()):
        return True
    return _differs("periodicity", step, dict(parts), got, "is read back otherwise than it was sent")


def periodicity_replaced(step: Step) -> str | None:
    """What becomes of parts of the former periodicity that the new one does not send.

    Returns:
        `replace` or `merge`; None where there was nothing to keep, or the portal may have put in defaults.
    """
    if not step.accepted or step.before is None or step.after is None:
        return None  # nothing was replaced, or nothing can be seen
    had, sent = step.before.members.get("periodicity"), step.asks.periodicity
    got = step.after.members.get("periodicity")
    if not (isinstance(had, dict) and isinstance(sent, dict) and isinstance(got, dict)):
        return None  # there was none before, or none was sent
    left_out = {name: value for name, value in had.items() if name not in sent and value != "ENDLESS"}
    if not left_out:
        return None  # the new one sends every part that the former one had
    return "merge" if any(got.get(name) == value for name, value in left_out.items()) else "replace"


def unset(step: Step) -> Finding | bool | None:
    """A periodicity is gone after an update that unsets it."""
    if step.asks.unset is None:
        return None  # nothing is unset
    if not step.accepted:
        return _refused("periodicity", step)
    if step.before is None or step.after is None or not step.before.holds("periodicity"):
        return None  # the task cannot be read, or there was none
    got = step.after.members.get("periodicity")
    return True if got is None else _differs("periodicity", step, None, got, "is still there after unset")


def changes_nothing(refusals: Refusals) -> Finding | bool | None:
    """Requests that were refused leave the task as it was."""
    if not refusals.probes:
        return None  # nothing was refused
    member = first_difference(refusals.before, refusals.after)
    if member is None:
        return True
    one = refusals.probes[0] if len(refusals.probes) == 1 else None
    what = f"an update that was refused because {one.why}" if one else "updates that were refused"
    return Finding(
        summary=f"{member} changes through {what}.",
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
    return Finding(
        summary=f"{member} of {watch.role} changes, though no update named that task.",
        expected=shown(value_of(watch.before, member)),
        observed=shown(value_of(watch.after, member)),
        exchanges=(watch.before.exchange, *watch.suspects, watch.after.exchange),
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
        summary=f"{name} changes in the life of a task.",
        expected=shown(had),
        observed=shown(has),
        exchanges=(earlier.exchange, later.exchange),
        member=name,
    )


def refused(probe: Probe, accepted: bool) -> Finding | bool:
    """A request that has to be refused is answered with an error."""
    if not accepted:
        return True
    return Finding(
        summary=f"An ok is answered although {probe.why}.",
        expected="an error answer",
        observed="an ok answer",
        exchanges=(probe.exchange,),
        member="",
    )


def first_difference(before: Reading, after: Reading) -> str | None:
    """The first member in which two readings of a task differ."""
    for member in before.members:
        if before.members[member] != after.members.get(member):
            return member
    return None


def value_of(reading: Reading, member: str) -> Value:
    """A member as a reading shows it; nothing where it does not."""
    return reading.members.get(member)


def _refused(member: str, step: Step) -> Finding | None:
    if step.asks.touched != {member}:
        return None  # something else in the update may be the reason
    if step.code in RIGHTS:
        return None  # the portal would change it, but not for this caller or not in this state
    return Finding(
        summary=f"An update of {member} that keeps to the page is refused.",
        expected="an ok answer",
        observed=f"an error answer with code {step.code}" if step.code else "no ok answer",
        exchanges=_shows(step),
        member=member,
    )


def _differs(member: str, step: Step, wanted: Value, got: Value, how: str) -> Finding:
    return Finding(
        summary=f"{member} {how}.",
        expected=shown(wanted),
        observed=shown(got),
        exchanges=step.exchanges,
        member=member,
    )


def _shows(step: Step) -> tuple[Exchange, ...]:
    return tuple(part for part in (step.origin, step.update) if part)
