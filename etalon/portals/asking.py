"""What a write asks a portal for that reaches beyond its task: people, days, reminders, other tasks.

Read as leniently as any portal may read it: what one portal ignores, another acts upon. Sources of what they
take: CommunityServer's ApiArgumentBuilder.cs (names in any case; query, form, JSON and XML alike; the first
element of an array), the task.add, task.update and task.get pages of PlanFix.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from etalon.portals.exchange import Request

_NAMED_VALUE = re.compile(r"[\"']?(\w+)[\"']?\s*[:=]\s*(?:\"([^\"]*)|'([^']*)|([^\"',;&}\]\s]+))")
_GUID = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"-?\d+")
_WRITTEN_DAY = re.compile(r"\s*(\d{1,6})[-./ ](\d{1,2})[-./ ](\d{1,6})(?!\d)")
_RUN_OF_DIGITS = re.compile(r"\s*(\d{8}|\d{10}|\d{13})\s*")
_OTHER_BASE = re.compile(r"(?:0x|&h|#)([0-9a-f]+)", re.IGNORECASE)
_DAY_OF_PLANFIX = re.compile(r"(?:date|time)$", re.IGNORECASE)
_TEAMS = {
    "owner": "users",
    "users": "users",
    "addusers": "users",
    "groups": "groups",
    "addgroups": "groups",
}
_TEXTS = ("title", "description")
_DIGITS_OF_A_DAY = 2
_CENTURY = 2000
_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Asked:
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


def asked_of_r7(request: Request) -> Asked:
    """What a request to R7 asks for, by its query and its body."""
    values: dict[str, list[str]] = {}
    for name, value in _parameters(request):
        values.setdefault(name.lower(), []).append(value)
    people = (("responsibles", guid) for text in values.get("responsibleid", ()) for guid in guids_in(text))
    minutes = (_number(text) for text in values.get("alertvalue", ()))
    return Asked(
        people=frozenset(people),
        days=frozenset(day for text in values.get("deadline", ()) for day in days_in(text)),
        minutes=tuple(number for number in minutes if number is not None),
        tasks=frozenset(_whole_numbers(values.get("taskid", ()))),
        texts=frozenset(text for name in _TEXTS for text in values.get(name, ())),
        notifies=any(text.strip().lower() in {"true", "1"} for text in values.get("isnotify", ())),
    )


def asked_of_planfix(root: Element) -> Asked:
    """What a request to PlanFix asks for, or what the card of a task shows of the same."""
    people = {
        (team, number)
        for node in _elements(root)
        if (team := _TEAMS.get(_name(node)))
        for number in _NUMBER.findall(_id_of(node))
    }
    dated = (node for node in _elements(root) if not len(node) and _DAY_OF_PLANFIX.search(_name(node)))
    periods = [node for node in _elements(root) if _name(node) == "periodicity"]
    return Asked(
        people=frozenset(people),
        days=frozenset(day for node in dated for day in days_in(node.text or "")),
        tasks=frozenset(_whole_numbers(_id_of(node) for node in _elements(root) if _name(node) == "parent")),
        texts=frozenset(
            "".join(map(str, node.itertext())) for node in _elements(root) if _name(node) in _TEXTS
        ),
        reminds_at_once=any(_has(period, "notify") and not _has_a_day(period) for period in periods),
    )


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


def _parameters(request: Request) -> Iterator[tuple[str, str]]:
    yield from parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    text = request.body.decode("utf-8-sig", "replace")
    try:
        document = json.loads(request.body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        root = recovered(request.body)
        for node in () if root is None else _elements(root):
            yield _name(node), "".join(map(str, node.itertext()))
        # Half of a document, single quotes, a form: whatever looks like a name and its value.
        for name, *values in _NAMED_VALUE.findall(text):
            yield name, unquote_plus("".join(values))
        return
    yield from _members(document)


class _Pairs(list[tuple[str, object]]):
    """A JSON object with every member, those of one name included."""


def _members(document: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a JSON document under the name of the member that holds it."""
    waiting = [(name, document)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, _Pairs):
            waiting += value
        elif isinstance(value, list):
            waiting += [(name, one) for one in value]
        elif value is not None:
            yield name, str(value)


def recovered(body: bytes) -> Element | None:
    """The document that a lenient portal could make of a body; None where there is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _elements(root: Element) -> Iterator[Element]:
    for node in root.iter():
        if isinstance(node.tag, str):
            yield node


def _name(node: Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def _id_of(node: Element) -> str:
    """The ids below an element; its own text where it has no elements."""
    if not len(node):
        return node.text or ""
    return " ".join("".join(map(str, one.itertext())) for one in _elements(node) if _name(one) == "id")


def _has(node: Element, name: str) -> bool:
    return any(_name(one) == name for one in _elements(node))


def _has_a_day(period: Element) -> bool:
    started = (one for one in _elements(period) if _name(one) == "startdate")
    return any(True for one in started for _ in days_in(one.text or ""))


def _whole_numbers(texts: Iterable[str]) -> Iterator[int]:
    for text in texts:
        yield from (int(digits) for digits in _NUMBER.findall(text))


def _number(text: str) -> float | None:
    stripped = text.strip()
    other = _OTHER_BASE.fullmatch(stripped)
    if other:
        return float(int(other[1], 16))
    try:
        return float(stripped)
    except ValueError:
        return None
