"""What a portal does with updates of which the page does not say what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.planfix.answers import parse, text_of
from etalon.vendors.planfix.binding import task, teams
from etalon.vendors.planfix.judging.rules import stores

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from etalon.judging.evidence import Change


KEEP, CLEAR, REJECT, OTHER = "keep", "clear", "reject", "other"
REFUSED, OVERLOOKED, IGNORED, ACCEPTED = "refused", "overlooked", "ignored", "accepted"


def emptied(member: str, step: Change) -> str | None:
    """What becomes of a member that is sent empty.

    Args:
        member: its name; `workers` for users and groups together.
        step: the update, which may send other members empty, too.

    Returns:
        `keep`, `clear`, `reject` or `other`; None where nothing can be seen: the task cannot be read, or the
        member held nothing before.
    """
    if not step.accepted:
        return REJECT
    if step.before is None or step.after is None:
        return None
    members = teams() if member == "workers" else (member,)
    if not any(step.before.holds(one) for one in members):
        return None
    had = [step.before.members.get(one) for one in members]
    has = [step.after.members.get(one) for one in members]
    if had == has:
        return KEEP
    return CLEAR if not any(step.after.holds(one) for one in members) else OTHER


def first_or_last(member: str, step: Change) -> str | None:
    """Which value a member has that was sent twice: `first`, `last`, `refused`, `ignored` or `other`."""
    if not step.accepted:
        return REFUSED
    card = parse(step.exchange.request.body).find("task")
    if step.before is None or step.after is None or card is None:
        return None  # the task cannot be read
    part = task().member(member).parts[0]
    sent = [
        part.reader(node) if part.reader else part.value_of(text_of(node)) for node in card.findall(member)
    ]
    got = step.after.members.get(member)
    if got == step.before.members.get(member):
        return IGNORED
    return "first" if got == sent[0] else "last" if got == sent[-1] else OTHER


def beside(step: Change, sound: Collection[str] = ("title",)) -> str | None:
    """What becomes of an update with something in it that has no place there, beside sound members.

    Args:
        step: the update.
        sound: names of the members that are to change.

    Returns:
        `overlooked` where the rest of the update is done and nothing else, `refused`, `applied` where some
        other member changed, `other`; None where nothing can be seen.
    """
    if not step.accepted:
        return REFUSED
    if step.before is None or step.after is None:
        return None  # the task cannot be read
    changed = {
        member
        for member in step.before.members
        if step.before.members[member] != step.after.members.get(member)
    }
    if any(isinstance(stores(member, step), Finding) for member in sound):
        return OTHER
    return OVERLOOKED if changed <= {*sound} else "applied"


def put_below(parent: int, step: Change) -> str | None:
    """What becomes of an update that puts a task where it may not stand: `accepted`, `refused`, `ignored`."""
    if not step.accepted:
        return REFUSED
    if step.after is None:
        return None  # the task cannot be read
    return ACCEPTED if step.after.members.get("parent") == parent else IGNORED


def took(member: str, step: Change) -> str | None:
    """Whether a value in another form than the page's is taken: `accepted`, `refused` or `ignored`."""
    if not step.accepted:
        return REFUSED
    if step.before is None or step.after is None:
        return None  # the task cannot be read
    same = step.before.members.get(member) == step.after.members.get(member)
    return IGNORED if same else ACCEPTED


def length_kept(member: str, step: Change) -> str | None:
    """What becomes of a very long text: `stored`, `refused`, `cut` or `other`."""
    if not step.accepted:
        return REFUSED
    if step.after is None:
        return None  # the task cannot be read
    sent, got = step.patch.sets.get(member), step.after.members.get(member)
    if stores(member, step) is True:
        return "stored"
    cut = isinstance(sent, str) and isinstance(got, str) and got and sent.startswith(got)
    return "cut" if cut else OTHER


def named_twice(day: int, step: Change) -> str | None:
    """How often a weekday comes back that was named twice: `once`, `twice`, `refused` or `other`."""
    if not step.accepted:
        return REFUSED
    if step.after is None:
        return None  # the task cannot be read
    got = step.after.members.get("periodicity")
    days = got.get("days") if isinstance(got, Mapping) else None
    return "once" if days == (day,) else "twice" if days == (day, day) else OTHER


def values_taken(steps: Sequence[Change], member: str) -> str | None:
    """How many of several listed values a portal takes: `all`, `some` or `none`."""
    seen = [step.accepted for step in steps if step.patch.sets.get(member) is not None]
    if not seen:
        return None
    return "all" if all(seen) else "some" if any(seen) else "none"


def expansion(step: Change, member: str, literal: str, around: tuple[str, str]) -> Finding | bool | None:
    """A text with an entity in it that the request declares itself: the entity is never expanded.

    Args:
        step: the update; its request has a document type.
        member: whose text holds the entity.
        literal: the entity as it is written, which may be kept as such.
        around: what stands before and after it in the text.
    """
    if not step.accepted:
        return True
    if step.before is None or step.after is None:
        return None  # the task cannot be read
    got = step.after.members.get(member)
    if got == step.before.members.get(member) or not isinstance(got, str):
        return True  # the text was not taken at all
    before, after = around
    if not got.startswith(before) or not got.endswith(after):
        return True  # something else became of it, but nothing came out of the entity
    inside = got[len(before) : len(got) - len(after)]
    if inside in {"", literal, literal.replace("&", "&amp;")}:
        return True
    return Finding(
        summary=Message("entity-expanded", member=member),
        expected=Message("refusal-or-nothing"),
        observed=Message("characters-in-its-place", length=len(inside)),
        exchanges=step.exchanges,
        member=member,
    )
