"""Values of members in the form in which equal means the same.

Requests and answers write a member alike, so one reader serves both. Nothing is always None: an empty text,
an id of 0, a set without elements and what an answer leaves out mean the same to an integrator.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from etalon.messages import Message, Words
from etalon.portals.numerals import whole_number
from etalon.resources.instants import TICKS_PER_SECOND, ticks

# .NET shows its "no date" as the first moment of the year 1, at whatever offset (ApiDateTime.cs).
_FIRST_DATE = ticks("0001-01-03T00:00:00Z") or 0
_DATE = re.compile(r"(\d{2})-(\d{2})-(\d{4})(?: (\d{2}):(\d{2}))?", re.ASCII)
_FIRST_MINUTE, _LAST_MINUTE = time(0, 0), time(23, 59)
_BLOCK = re.compile(r"<br\s*/?>|</(?:p|div)\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|a|strong|em)\b[^>]*>", re.IGNORECASE)


class Likeness(StrEnum):
    """What counts as the same value.

    A `moment` is a date without a zone, with a time of day or without; an `instant` is the same point in time
    however it is spelled. A `structure` is a flat mapping of the paths inside it.
    """

    TEXT = "text"
    INTEGER = "integer"
    INSTANT = "instant"
    GUID = "guid"
    WORD = "word"
    WORD_IN_ANY_CASE = "any-case"
    NUMBERED_WORD = "status"
    FLAG = "flag"
    MOMENT = "datetime"
    SET = "set"
    STRUCTURE = "structure"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time without a zone: `dd-mm-yyyy` or `dd-mm-yyyy hh:mm`; which of the two belongs to it."""

    at: datetime
    timed: bool

    def __str__(self) -> str:
        day = f"{self.at:%d-%m}-{self.at.year:04d}"
        return f"{day} {self.at:%H:%M}" if self.timed else day


Value = str | int | bool | Moment | tuple["Value", ...] | Mapping[str, "Value"] | None
"""A tuple is a set of ids, or one value for each part of a member that has several."""


def holds(value: Value) -> bool:
    """Whether there is anything that could get lost."""
    if isinstance(value, tuple):
        return any(map(holds, value))
    return value not in (None, "", 0)


def ids(value: Value) -> tuple[int, ...]:
    """The ids of a member that is a set of them; none where it holds nothing."""
    return tuple(one for one in value if isinstance(one, int)) if isinstance(value, tuple) else ()


def comparable(raw: object, likeness: Likeness, nothing: frozenset[str] = frozenset()) -> Value:
    """A raw value of a request or an answer in the form in which equal means the same.

    Args:
        raw: as JSON has it, or the text of an XML element.
        likeness: what counts as the same.
        nothing: texts, in small letters, that stand for nothing beside what always does.

    Returns:
        A text that is no value of its kind stays the text that it is.
    """
    if raw is None or isinstance(raw, (Mapping, list)):
        return None
    if likeness is Likeness.INTEGER:
        return _integer(raw)
    if not isinstance(raw, str):
        return str(raw)
    value = _of_text(raw, likeness)
    return None if isinstance(value, str) and value.lower() in nothing else value


def _of_text(raw: str, likeness: Likeness) -> Value:
    match likeness:
        case Likeness.INSTANT:
            instant = ticks(raw)
            return raw if instant is None else instant if instant >= _FIRST_DATE else None
        case Likeness.GUID:
            return raw.strip("{} ").lower() or None
        case Likeness.WORD_IN_ANY_CASE:
            return raw.lower() or None
        case Likeness.WORD:
            return raw.strip() or None
        case Likeness.FLAG:
            shown = raw.strip()
            return {"0": False, "1": True}.get(shown, shown or None)
        case Likeness.MOMENT:
            return moment(raw)
        case _:
            return raw or None


def _integer(raw: object) -> str | int | None:
    if isinstance(raw, str):
        text = raw.strip()
        found = whole_number(text.removeprefix("-"))
        return (text or None) if found is None else (-found if text.startswith("-") else found) or None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return str(raw)
    try:
        number = int(raw)
    except (ValueError, OverflowError):
        return str(raw)
    return number or None


def whole(raw: str) -> Value:
    """A whole number as XML writes it, 0 included; a text that is none stays what it is."""
    found = whole_number(raw.strip())
    return (raw.strip() or None) if found is None else found


def moment(raw: str) -> Value:
    """A date in either form; a text that is none stays the text that it is."""
    shown = raw.strip()
    match = _DATE.fullmatch(shown)
    if match is None:
        return shown or None
    day, month, year, hour, minute = match.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001 - the form carries no zone; it is the calling user's throughout
    except ValueError:
        return shown
    return Moment(at, timed=hour is not None)


def same(likeness: Likeness, one: Value, other: Value) -> bool:
    """Whether two values that were read mean the same.

    Instants less than a second apart do: whether an API keeps fractions is a requirement of its own, and must
    not colour every other one.
    """
    if likeness is Likeness.INSTANT and isinstance(one, int) and isinstance(other, int):
        return abs(one - other) < TICKS_PER_SECOND
    return one == other


def means(sent: Value, got: Value, *, ends: bool = False) -> bool:
    """Whether a value that is read back means what was sent.

    A date without a time of day is the whole day; an API may show it with the day's first minute, and an end
    with its last one. Which form it shows is a matter of its own.

    Args:
        sent: the value in the request.
        got: the value in the answer.
        ends: whether it is the end of something.
    """
    if sent == got:
        return True
    if not isinstance(sent, Moment) or not isinstance(got, Moment) or sent.timed or not got.timed:
        return False
    shown_as = {_FIRST_MINUTE, _LAST_MINUTE} if ends else {_FIRST_MINUTE}
    return sent.at.date() == got.at.date() and got.at.time() in shown_as


def rendered(markup: str) -> str:
    """The text that a reader sees of HTML: block ends are line breaks, entities resolved, tags gone."""
    return html.unescape(_TAG.sub("", _BLOCK.sub("\n", markup.replace("\n", ""))))


def shown(value: Value) -> Words:
    """A value as a finding shows it; in words of Etalon's own where there is none."""
    match value:
        case None | ():
            return Message("nothing")
        case bool():
            return str(int(value))
        case tuple():
            return ", ".join(str(shown(one)) for one in value)
        case Mapping():
            return ", ".join(f"{name} = {shown(part)}" for name, part in value.items())
        case _:
            return str(value)
