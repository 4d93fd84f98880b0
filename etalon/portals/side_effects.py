"""What a write asks a portal for that reaches beyond its task: people, days, reminders, other tasks.

Read as leniently as any portal may read it: what one portal ignores, another acts upon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

_GUID = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"-?\d+")
_WRITTEN_DAY = re.compile(r"\s*(\d{1,6})[-./ ](\d{1,2})[-./ ](\d{1,6})(?!\d)")
_RUN_OF_DIGITS = re.compile(r"\s*(\d{8}|\d{10}|\d{13})\s*")
_OTHER_BASE = re.compile(r"(?:0x|&h|#)([0-9a-f]+)", re.IGNORECASE)
_DIGITS_OF_A_DAY = 2
_CENTURY = 2000
_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class SideEffects:
    """What a request asks for.

    Attributes:
        people: kind of the config's `known` and id, of all whom it assigns.
        days: days that it names, in every way in which each may be read.
        minutes: how long before the deadline a reminder is asked for.
        tasks: other tasks that it names.
        texts: titles and descriptions that it carries.
        notifies: whether it asks for people to be told.
        reminds_at_once: whether it asks for reminders without saying from which day on.
    """

    people: frozenset[tuple[str, str]] = frozenset()
    days: frozenset[date] = frozenset()
    minutes: tuple[float, ...] = ()
    tasks: frozenset[int] = frozenset()
    texts: frozenset[str] = frozenset()
    notifies: bool = False
    reminds_at_once: bool = False


def guids_in(text: str) -> Iterator[str]:
    """The GUIDs that a text may stand for, in whatever spelling, as 32 lower-case digits."""
    yield from _GUID.findall(re.sub(r"[^0-9a-z]", "", text.lower()))


def days_in(text: str) -> Iterator[date]:
    """The days that a text may mean: year first or last, day and month either way, or a number of seconds.

    A day that no calendar has counts as the one that a lenient calendar makes of it.
    """
    written, digits = _WRITTEN_DAY.match(text), _RUN_OF_DIGITS.fullmatch(text)
    if written:
        yield from _days(*written.groups())
    elif digits and len(digits[1]) == len("20310102"):
        yield from _days(digits[1][:4], digits[1][4:6], digits[1][6:])
    elif digits:
        seconds = int(digits[1]) / (1000 if len(digits[1]) > len("1900000000") else 1)
        yield datetime.fromtimestamp(seconds, UTC).date()


def _days(first: str, second: str, third: str) -> Iterator[date]:
    if len(third) <= _DIGITS_OF_A_DAY:
        yield from _of_year(first, second, third)
    if len(first) <= _DIGITS_OF_A_DAY:
        yield from _of_year(third, first, second)


def _of_year(digits: str, *others: str) -> Iterator[date]:
    year = int(digits) + (_CENTURY if len(digits) <= _DIGITS_OF_A_DAY else 0)
    for month, day in set(permutations(map(int, others))):
        if month <= _MONTHS_OF_A_YEAR:
            yield _day(year, max(month, 1), day)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, 1) + timedelta(days=day - 1)
    except (ValueError, OverflowError):
        return date.max if year else date.min


def recovered(body: bytes) -> Element | None:
    """The document that a lenient portal could make of a body; None where there is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def elements(root: Element) -> Iterator[Element]:
    """The elements of a document, itself included; comments and instructions are left out."""
    for node in root.iter():
        if isinstance(node.tag, str):
            yield node


def local_name(node: Element) -> str:
    """The name of an element without its namespace, in small letters."""
    return str(node.tag).rpartition("}")[2].lower()


def whole_numbers(texts: Iterable[str]) -> Iterator[int]:
    """The whole numbers that stand in texts."""
    for text in texts:
        yield from (int(digits) for digits in _NUMBER.findall(text))


def number_in(text: str) -> float | None:
    """The number that a text may stand for, in any of the bases that servers read."""
    stripped = text.strip()
    other = _OTHER_BASE.fullmatch(stripped)
    if other:
        return float(int(other[1], 16))
    try:
        return float(stripped)
    except ValueError:
        return None
