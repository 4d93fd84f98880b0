"""What a PlanFix portal owes the periodicity of a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.vendors.planfix.judging.rules import difference, refusal
from etalon.vendors.planfix.judging.values import means

if TYPE_CHECKING:
    from etalon.judging.verdicts import Finding
    from etalon.vendors.planfix.judging.evidence import Step
    from etalon.vendors.planfix.judging.values import Value

REPLACE, MERGE = "replace", "merge"
_COMMON = ("startDate", "endCondition/", "notify/")


def rule_of(kind: str, type_: str, step: Step) -> Finding | bool | None:
    """A repetition of a kind and type comes back with all that this type uses."""
    sent = _sent(step)
    if sent.get("kind") != kind or sent.get("type") != type_:
        return None  # none is sent, or another one
    return parts(step, {name: value for name, value in sent.items() if not name.startswith(_COMMON)})


def part_of(names: tuple[str, ...], step: Step, end: str | None = None) -> Finding | bool | None:
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
    got = step.after.members.get("periodicity") if step.after else None
    if end == "ENDLESS" and isinstance(got, Mapping) and "endCondition/type" not in got:
        return True  # a repetition without an end condition has no end
    return parts(step, wanted)


def named_days(name: str, step: Step) -> Finding | bool | None:
    """The days that a repetition names (`days`, `dayType`) come back as they were sent."""
    sent = _sent(step)
    return parts(step, {name: sent[name]}) if name in sent else None


def moments(step: Step) -> Mapping[str, Value]:
    """The dates that a periodicity sends, by their paths; none where it sends no whole periodicity."""
    sent = _sent(step)
    return {name: sent[name] for name in ("startDate", "endCondition/date") if name in sent}


def parts(step: Step, wanted: Mapping[str, Value]) -> Finding | bool | None:
    """The named parts of a periodicity come back as they were sent.

    Args:
        step: an update that sends a periodicity.
        wanted: those parts that the requirement is about, as they were sent.
    """
    if not step.accepted:
        return refusal("periodicity", step)
    if step.after is None:
        return None  # the task cannot be read
    got = step.after.members.get("periodicity")
    seen = got if isinstance(got, Mapping) else {}
    if all(means(name, value, seen.get(name)) for name, value in wanted.items()):
        return True
    return difference(
        "periodicity", step, dict(wanted), got, Message("read-unlike-sent", member="periodicity")
    )


def replaced(step: Step) -> str | None:
    """What becomes of parts of the former periodicity that the new one does not send.

    Returns:
        `replace` or `merge`; None where there was nothing to keep, or the portal may have put in defaults.
    """
    if not step.accepted or step.before is None or step.after is None:
        return None  # nothing was replaced, or nothing can be seen
    had, sent = step.before.members.get("periodicity"), step.asks.periodicity
    got = step.after.members.get("periodicity")
    if not (isinstance(had, Mapping) and isinstance(sent, Mapping) and isinstance(got, Mapping)):
        return None  # there was none before, or none was sent
    left_out = {name: value for name, value in had.items() if name not in sent and value != "ENDLESS"}
    if not left_out:
        return None  # the new one sends every part that the former one had
    return MERGE if any(got.get(name) == value for name, value in left_out.items()) else REPLACE


def unset(step: Step) -> Finding | bool | None:
    """A periodicity is gone after an update that unsets it."""
    if step.asks.unset is None:
        return None  # nothing is unset
    if not step.accepted:
        return refusal("periodicity", step)
    if step.before is None or step.after is None or not step.before.holds("periodicity"):
        return None  # the task cannot be read, or there was none
    got = step.after.members.get("periodicity")
    return (
        True
        if got is None
        else difference("periodicity", step, None, got, Message("there-after-unset", member="periodicity"))
    )


def one_kind(step: Step) -> Finding | bool | None:
    """A periodicity of another kind takes the place of the former one."""
    had = step.before.members.get("periodicity") if step.before else None
    sent = _sent(step)
    if not step.accepted or step.after is None or not sent or not isinstance(had, Mapping):
        return None  # nothing was switched, or nothing can be seen
    if had.get("kind") == sent.get("kind"):
        return None  # the kind stays
    got = step.after.members.get("periodicity")
    if isinstance(got, Mapping) and got.get("kind") == sent.get("kind"):
        return True
    return difference("periodicity", step, sent, got, Message("not-of-the-new-kind", member="periodicity"))


def _sent(step: Step) -> Mapping[str, Value]:
    sent = step.asks.periodicity
    return sent if isinstance(sent, Mapping) and "periodicity" not in step.asks.unclear else {}
