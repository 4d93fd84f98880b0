"""Values of a PlanFix task in the form in which equal means the same.

Requests and answers write a member alike, so one reader serves both. What counts as the same is annotated in
`specs/planfix` (attribute `normalised`): a status by name or by number, dates of the same moment and
precision, "no parent" as 0 or as nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.numerals import whole_number
from etalon.vendors.planfix.answers import number_of, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.messages import Words

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

_DATE = re.compile(r"(\d{2})-(\d{2})-(\d{4})(?: (\d{2}):(\d{2}))?", re.ASCII)
_PLAIN = re.compile(r"[0-9A-Za-zА-Яа-я_]+(?:[ ,:.]{1,2}[0-9A-Za-zА-Яа-я_]+)*")


@dataclass(frozen=True, slots=True)
class Moment:
    """A PlanFix DateTime: `dd-mm-yyyy` or `dd-mm-yyyy hh:mm`. Which of the two it is belongs to the value."""

    at: datetime
    timed: bool

    def __str__(self) -> str:
        day = f"{self.at:%d-%m}-{self.at.year:04d}"
        return f"{day} {self.at:%H:%M}" if self.timed else day


_ENDS = frozenset({"endTime", "endCondition/date"})
_FIRST_MINUTE, _LAST_MINUTE = time(0, 0), time(23, 59)


def means(name: str, sent: Value, got: Value) -> bool:
    """Whether a value that is read back means what was sent.

    A date without a time of day is the whole day; a portal may show it with the day's first minute, and an
    end with its last one. Which form it shows is a matter of its own.

    Args:
        name: the member, or the path inside a periodicity.
        sent: the value in the request.
        got: the value in the card.
    """
    if sent == got:
        return True
    if not isinstance(sent, Moment) or not isinstance(got, Moment) or sent.timed or not got.timed:
        return False
    shown_as = {_FIRST_MINUTE, _LAST_MINUTE} if name in _ENDS else {_FIRST_MINUTE}
    return sent.at.date() == got.at.date() and got.at.time() in shown_as


Value = str | int | bool | Moment | tuple[int, ...] | Mapping[str, "Value"] | None
"""None is nothing: no date, no periodicity. Ids of none are 0."""


def text(node: Element) -> Value:
    """A text, character for character."""
    return text_of(node)


def word(node: Element) -> Value:
    """An enumerated word; None where it is empty."""
    return text_of(node).strip() or None


def number(node: Element) -> Value:
    """A whole number; what is none stays the text that it is."""
    found = number_of(node)
    return word(node) if found is None else found


def flag(node: Element) -> Value:
    """A bool, 0 or 1 (PlanFix bool page)."""
    shown = text_of(node).strip()
    return {"0": False, "1": True}.get(shown, shown or None)


def status(node: Element) -> Value:
    """A status as its number, whether it is written by name or by number."""
    found = number(node)
    return STATUSES.get(found, found) if isinstance(found, str) else found


def moment(node: Element) -> Value:
    """A date in either form; a text that is none stays the text that it is."""
    shown = text_of(node).strip()
    match = _DATE.fullmatch(shown)
    if match is None:
        return shown or None
    day, month, year, hour, minute = match.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001 - the form carries no zone; it is the calling user's throughout
    except ValueError:
        return shown
    return Moment(at, timed=hour is not None)


def reference(node: Element) -> Value:
    """The id inside an element that refers to something; 0 where it refers to nothing."""
    inner = node.find("id")
    found = number(node if inner is None else inner)
    return 0 if found is None else found


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


def shown(value: Value) -> Words:
    """A value as a finding shows it; in words of Etalon's own where there is none."""
    match value:
        case None | ():
            return Message("nothing")
        case bool():
            return str(int(value))
        case tuple():
            return ", ".join(map(str, value))
        case Mapping():
            return ", ".join(f"{name} = {shown(part)}" for name, part in value.items())
        case _:
            return str(value)
