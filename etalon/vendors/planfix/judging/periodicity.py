"""What a PlanFix portal owes the periodicity of a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.vendors.planfix.answers import parse
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging.rules import difference, refusal
from etalon.vendors.planfix.judging.values import part_means

if TYPE_CHECKING:
    from etalon.judging.evidence import Change
    from etalon.judging.verdicts import Finding
    from etalon.resources.values import Value

MEMBER = "periodicity"
REPLACE, MERGE = "replace", "merge"
_COMMON = ("startDate", "endCondition/", "notify/")


def rule_of(kind: str, type_: str, step: Change) -> Finding | bool | None:
    """A repetition of a kind and type comes back with all that this type uses."""
    sent = _sent(step)
    if sent.get("kind") != kind or sent.get("type") != type_:
        return None  # none is sent, or another one
    return parts(step, {name: value for name, value in sent.items() if not name.startswith(_COMMON)})


def part_of(names: tuple[str, ...], step: Change, end: str | None = None) -> Finding | bool | None:
    """Parts beside the kind (start, end condition, notification) come back as they were sent.

    Args:
        names: paths of the parts.
        step: the update.
        end: the end condition that it has to send to count.
    """
    sent = _sent(step)
    wanted = {name: sent[name] for name in names if name in sent}
    if not wanted or (end is not None and sent.get("endCondition/type") != end):
        return None  # they are not sent
    got = step.after.members.get(MEMBER) if step.after else None
    if end == "ENDLESS" and isinstance(got, Mapping) and "endCondition/type" not in got:
        return True  # a repetition without an end condition has no end
    return parts(step, wanted)


def named_days(name: str, step: Change) -> Finding | bool | None:
    """The days that a repetition names (`days`, `dayType`) come back as they were sent."""
    sent = _sent(step)
    return parts(step, {name: sent[name]}) if name in sent else None


def moments(step: Change) -> Mapping[str, Value]:
    """The dates that a periodicity sends, by their paths; none where it sends no whole periodicity."""
    sent = _sent(step)
    return {name: sent[name] for name in ("startDate", "endCondition/date") if name in sent}


def parts(step: Change, wanted: Mapping[str, Value]) -> Finding | bool | None:
    """The named parts of a periodicity come back as they were sent.

    Args:
        step: an update that sends a periodicity.
        wanted: those parts that the requirement is about, as they were sent.
    """
    if not step.accepted:
        return refusal(task().member(MEMBER), step)
    if step.after is None:
        return None  # the task cannot be read
    got = step.after.members.get(MEMBER)
    seen = got if isinstance(got, Mapping) else {}
    if all(part_means(name, value, seen.get(name)) for name, value in wanted.items()):
        return True
    return difference(MEMBER, step, dict(wanted), got, Message("read-unlike-sent", member=MEMBER))


def replaced(step: Change) -> str | None:
    """What becomes of parts of the former periodicity that the new one does not send.

    Returns:
        `replace` or `merge`; None where there was nothing to keep, or the portal may have put in defaults.
    """
    if not step.accepted or step.before is None or step.after is None:
        return None  # nothing was replaced, or nothing can be seen
    had, sent = step.before.members.get(MEMBER), step.patch.sets.get(MEMBER)
    got = step.after.members.get(MEMBER)
    if not (isinstance(had, Mapping) and isinstance(sent, Mapping) and isinstance(got, Mapping)):
        return None  # there was none before, or none was sent
    left_out = {name: value for name, value in had.items() if name not in sent and value != "ENDLESS"}
    if not left_out:
        return None  # the new one sends every part that the former one had
    return MERGE if any(got.get(name) == value for name, value in left_out.items()) else REPLACE


def unset(step: Change) -> Finding | bool | None:
    """A periodicity is gone after an update that unsets it."""
    if MEMBER not in step.patch.unsets:
        return None  # nothing is unset
    if not step.accepted:
        return refusal(task().member(MEMBER), step)
    if step.before is None or step.after is None or not step.before.holds(MEMBER):
        return None  # the task cannot be read, or there was none
    got = step.after.members.get(MEMBER)
    if got is None:
        return True
    return difference(MEMBER, step, None, got, Message("there-after-unset", member=MEMBER))


def one_kind(step: Change) -> Finding | bool | None:
    """A periodicity of another kind takes the place of the former one."""
    had = step.before.members.get(MEMBER) if step.before else None
    sent = _sent(step)
    if not step.accepted or step.after is None or not sent or not isinstance(had, Mapping):
        return None  # nothing was switched, or nothing can be seen
    if had.get("kind") == sent.get("kind"):
        return None  # the kind stays
    got = step.after.members.get(MEMBER)
    if isinstance(got, Mapping) and got.get("kind") == sent.get("kind"):
        return True
    return difference(MEMBER, step, sent, got, Message("not-of-the-new-kind", member=MEMBER))


def unset_by(step: Change) -> tuple[str | None, bool]:
    """The value of the attribute by which an update unsets a periodicity, and whether it sends parts of one.

    The value is None where it unsets none.
    """
    node = parse(step.exchange.request.body).find(f"task/{MEMBER}")
    value = None if node is None else node.get("unset")
    return value, value is not None and node is not None and len(node) > 0


def _sent(step: Change) -> Mapping[str, Value]:
    sent = step.patch.sets.get(MEMBER)
    return sent if isinstance(sent, Mapping) else {}
