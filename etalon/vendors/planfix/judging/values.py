"""Values that only PlanFix has: statuses by name or by number, and the periodicity of a task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.portals.numerals import whole_number
from etalon.resources.values import Moment, means
from etalon.resources.values import moment as read_moment
from etalon.vendors.planfix.answers import number_of, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.resources.values import Value

STATUSES: Mapping[str, int] = {
    "DRAFT": 0,
    "ACTIVE": 1,
    "ACCEPTED": 2,
    "COMPLETED": 3,
    "DELAYED": 4,
    "REJECTED": 5,
    "DONE": 6,
    "CANCELED": 7,
}
"""System statuses (PlanFix task statuses page) with the numbers by which portals answer them."""

KINDS = ("daily", "weekly", "monthly")

_PLAIN = re.compile(r"[0-9A-Za-zА-Яа-я_]+(?:[ ,:.]{1,2}[0-9A-Za-zА-Яа-я_]+)*")


def word(node: Element) -> Value:
    """An enumerated word; None where it is empty."""
    return text_of(node).strip() or None


def number(node: Element) -> Value:
    """A whole number; what is none stays the text that it is."""
    found = number_of(node)
    return word(node) if found is None else found


def status(node: Element) -> Value:
    """A status as its number, whether it is written by name or by number."""
    found = number(node)
    return STATUSES.get(found, found) if isinstance(found, str) else found


def moment(node: Element) -> Value:
    """A date in either form; a text that is none stays the text that it is."""
    return read_moment(text_of(node))


def weekdays(node: Element) -> Value:
    """The numbers of weekdays in a comma-separated list, in the order of the week: it is a set."""
    numbers = [whole_number(part.strip()) for part in text_of(node).split(",")]
    days = [number for number in numbers if number is not None]
    return tuple(sorted(days)) if len(days) == len(numbers) else word(node)


_PERIODICITY_PARTS = {
    "startDate": moment,
    "endCondition/type": word,
    "endCondition/date": moment,
    "endCondition/repeatCount": number,
    "notify/type": number,
    "notify/day": number,
}
_KIND_PARTS = {
    "type": word,
    "shift": number,
    "days": weekdays,
    "month": number,
    "day": number,
    "dayType": word,
}


def periodicity(node: Element) -> Value:
    """A periodicity as a flat mapping of what it holds; None where it holds no kind.

    Keys are paths (`startDate`, `endCondition/type`); those of the kind stand without the kind's name, which
    is the value of `kind` itself. Parts that are there without a value are left out, as are kinds that come
    empty; two kinds in one periodicity make the kind a text of both.
    """
    kinds = [kind for kind in KINDS if any(word(part) is not None for part in node.iterfind(f"{kind}/*"))]
    if not kinds:
        return None
    found: dict[str, Value] = {"kind": "+".join(kinds)}
    for kind in kinds:
        found |= _parts(node, {f"{kind}/{name}": reader for name, reader in _KIND_PARTS.items()}, f"{kind}/")
    return found | _parts(node, _PERIODICITY_PARTS)


def repeats_alike(sent: Value, got: Value) -> bool:
    """Whether a periodicity that is read back means what was sent.

    It may come back with more: the page does not say what a portal puts in for parts that are left out.
    """
    if not isinstance(sent, Mapping) or not isinstance(got, Mapping):
        return sent == got
    endless = {name: value for name, value in sent.items() if value == "ENDLESS"}
    return all(part_means(name, value, {**endless, **got}.get(name)) for name, value in sent.items())


def part_means(name: str, sent: Value, got: Value) -> bool:
    """Whether a part of a periodicity that is read back means what was sent."""
    return means(sent, got, ends=name == "endCondition/date")


_NEEDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("daily", "EVERY"): ("shift",),
    ("daily", "EVERY_WORKING"): (),
    ("daily", "AFTER_COMPLETE"): ("shift",),
    ("weekly", "EVERY"): ("shift", "days"),
    ("weekly", "AFTER_COMPLETE"): ("shift",),
    ("monthly", "EVERY"): ("month", "day"),
    ("monthly", "EXACT"): ("month", "day", "dayType"),
    ("monthly", "AFTER_COMPLETE"): ("month",),
}
_ENDS_NEED = {"ENDLESS": (), "BYCOUNT": ("endCondition/repeatCount",), "BYENDDATE": ("endCondition/date",)}


def is_complete(value: Value) -> bool:
    """Whether a periodicity has all that its kind, its type and its end condition use.

    The page says what each type uses, not what becomes of a periodicity where some of it is missing.
    """
    if not isinstance(value, Mapping):
        return False
    rule = _NEEDS.get((str(value.get("kind")), str(value.get("type"))))
    end = _ENDS_NEED.get(str(value.get("endCondition/type")), ()) if _any(value, "endCondition/") else ()
    if rule is None or (_any(value, "endCondition/") and "endCondition/type" not in value):
        return False
    notify = ("notify/type", "notify/day") if _any(value, "notify/") else ()
    return all(part in value for part in (*rule, *end, *notify))


def _any(value: Mapping[str, Value], prefix: str) -> bool:
    return any(name.startswith(prefix) for name in value)


def _parts(node: Element, readers: Mapping[str, object], prefix: str = "") -> dict[str, Value]:
    found: dict[str, Value] = {}
    for path, reader in readers.items():
        part = node.find(path)
        value = reader(part) if part is not None and callable(reader) else None
        if value is not None:
            found[path.removeprefix(prefix)] = value
    return found


def is_plain(value: Value) -> bool:
    """Whether a value is one that no portal has reason to alter: a plain text, a date with a time of day."""
    if isinstance(value, Moment):
        return value.timed and bool(value.at.hour)
    return not isinstance(value, str) or _PLAIN.fullmatch(value) is not None
