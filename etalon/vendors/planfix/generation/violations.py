"""Updates of a PlanFix task that break one constraint of their schema each, and are sound otherwise.

The schema's own list of what can be broken (`hypothesis_xmlschema.violations_of`) decides what is sent, so
that a change of the schema changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from etalon.messages import Message
from etalon.vendors.planfix.generation.updates import first_reminder, moment
from hypothesis_xmlschema import KINDS, violations_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element
    from xmlschema import XMLSchemaBase

    import hypothesis_xmlschema as xsd
    from etalon.generation.calendar import Calendar
    from etalon.vendors.planfix.generation.updates import Content, Members

LISTED, NUMBER, FLAG, FORM, EXISTING, WEEKDAY, RANGE = (
    "listed",
    "number",
    "flag",
    "form",
    "existing",
    "weekday",
    "range",
)
"""What a value breaks: the list of values, that it is a number, that it is 0 or 1, the form of a date, that
there is such a day and time, that there is such a weekday, the range of a number."""

_TASK: Final = "/request/task"


@dataclass(frozen=True, slots=True)
class Violation:
    """An update with one wrong value.

    Attributes:
        path: the element below `task`, as in `periodicity/daily/type`.
        breaks: which kind of constraint.
        value: the wrong value.
        members: the update.
        constraint: what it breaks, as the schema has it: `minInclusive 1`.
        clause: of the XSD recommendation: `cvc-minInclusive-valid`.
    """

    path: str
    breaks: str
    value: str
    members: Members
    constraint: str = ""
    clause: str = ""

    @property
    def why(self) -> Message:
        """What is wrong, as a finding says it after "although"."""
        wrong = _WHY[self.breaks](self.path, repr(self.value))
        return Message("breaks-constraint", what=wrong, constraint=self.constraint, clause=self.clause)


@dataclass(frozen=True, slots=True)
class Misshapen:
    """An update whose form is wrong, or a value of it in a way that the page does not speak of.

    Attributes:
        kind: what was done to it, one of `hypothesis_xmlschema.KINDS`.
        why: what is wrong, as a finding says it after "although".
        request: the `request` document.
    """

    kind: str
    why: Message
    request: Element


_WHY: Final[Mapping[str, Callable[[str, str], Message]]] = {
    LISTED: lambda path, value: Message("not-listed", path=path, value=value),
    NUMBER: lambda path, value: Message("not-a-number", path=path, value=value),
    FLAG: lambda path, value: Message("neither-0-nor-1", path=path, value=value),
    FORM: lambda path, value: Message("neither-form-of-a-date", path=path, value=value),
    EXISTING: lambda path, value: Message("no-such-day-or-time", path=path, value=value),
    WEEKDAY: lambda path, value: Message("no-day-of-a-week", path=path, value=value),
    RANGE: lambda path, value: Message("out-of-range", path=path, value=value),
}

# Of a count, a careless reader takes the digits in front; of an id that would most often name nobody, as it
# should, whereas letters make 0, which some ids may be.
_NO_COUNT, _NO_ID = "5x", "twelve"


def _telling(calendar: Calendar) -> Mapping[str, Mapping[str, str]]:
    """Name of a type → wrong texts that portals are known to take, in part or otherwise than they are meant.

    `strtotime` reads ISO dates, `mktime` rolls days over, `intval` stops at the first letter. What the
    schema leads to by itself tells less: an empty text or `0` may be no date on purpose, and to repeat
    something each 2147483648 days may keep a portal busy.
    """
    return {
        "dateTime": {
            f"{calendar.on(3, 5)}T09:00": FORM,
            f"30-02-{calendar.year}": EXISTING,
            f"29-02-{calendar.year}": EXISTING,
            moment(calendar.on(3, 5), "25:61"): EXISTING,
        },
        "weekly.days": {"1,8": WEEKDAY, "0": WEEKDAY, "вторник": WEEKDAY},
        "bool": {"2": FLAG},
        "xs:integer": {_NO_COUNT: NUMBER, _NO_ID: NUMBER, "0": RANGE, "-1": RANGE, "32": RANGE},
        # Types with a list of values. What the list itself leads to, `EVERYx`, breaks the rules on what may
        # stand beside a type as well, and a portal may shorten it to what is listed.
        "xs:token": {"ETALON": LISTED},
    }


def _sound(calendar: Calendar) -> Mapping[str, str]:
    """Texts that no portal has reason to refuse."""
    return {
        "**/daily/shift": "1",
        "**/weekly/shift": "1",
        "**/weekly/days": "1",
        "**/startDate": first_reminder(calendar),
        "**/endCondition/date": moment(calendar.end_of_year),
        "**/repeatCount": "2",
        "**/notify/day": "1",
    }


# A portal that demands what the schema leaves open must have no other reason to refuse. What it takes must
# not remind anybody: so a periodicity begins in years.
_COMPLETE: Final = (
    "**/daily/type",
    "**/daily/shift",
    "**/weekly/type",
    "**/weekly/shift",
    "**/weekly/days",
    "**/monthly/type",
    "**/monthly/month",
    "**/monthly/day",
    "**/monthly/dayType",
    "**/endCondition/type",
    "**/notify/type",
    "**/notify/day",
    "**/periodicity/startDate",
)
_FRAME: Final = ("account", "sid", "silent", "signature")
_BELOW: Final[Mapping[str, str]] = {
    "task/parent/id": "task/parent",
    "task/owner/id": "task/owner",
    "task/project/id": "task/project",
    "task/client/id": "task/client",
    "**/addUsers/id": "**/addUsers",
    "**/delUsers/id": "**/delUsers",
    "**/addGroups/id": "**/addGroups",
    "**/delGroups/id": "**/delGroups",
    "task/startTime": "task/startTime",
    "task/endTime": "task/endTime",
}
"""Texts that a caller has to know, ids and moments → what is left out of documents where it knows none."""


def violations(schema: XMLSchemaBase, calendar: Calendar) -> list[Violation]:
    """Every constraint on a value of task.update broken alone, from the task inwards.

    The rest of each update is sound: a portal that refuses it can have no other reason.

    Args:
        schema: of the task.update request.
        calendar: the days that they name.
    """
    return list(_judged(schema, calendar))


def _judged(schema: XMLSchemaBase, calendar: Calendar) -> Iterator[Violation]:
    telling = _telling(calendar)
    wrong = {name: tuple(texts) for name, texts in telling.items()}
    kinds = {text: breaks for texts in telling.values() for text, breaks in texts.items()}
    ranges: set[tuple[str, str]] = set()
    for found in violations_of(
        schema, kinds=["text"], wrong=wrong, texts=_sound(calendar), required=_COMPLETE, exclude=_FRAME
    ):
        path = found.path.removeprefix(f"{_TASK}/")
        # Another task may have what becomes of the task's own id. Of spellings, the page does not speak.
        breaks = kinds.get(found.after)
        if path == "id" or breaks is None or found.after == (_NO_COUNT if path.endswith("/id") else _NO_ID):
            continue
        # "0" of weekdays is a number in other places.
        breaks = WEEKDAY if path.endswith("/days") else RANGE if found.after == "0" else breaks
        if breaks == RANGE and (path, found.constraint) in ranges:
            continue  # below the range once is enough: what is less than 0 is less than 1, too
        ranges.add((path, found.constraint))
        members = _content(found.document.find("task"))
        assert isinstance(members, dict)
        rest = {name: content for name, content in members.items() if name != "id"}
        yield Violation(path, breaks, found.after, rest, found.constraint, found.clause)


def in_turns(found: Sequence[Violation]) -> list[Violation]:
    """The same where requests are few: of wrong days and times, each member gets one, in turns."""
    values: list[str] = []
    for one in found:
        if one.breaks == EXISTING and one.value not in values:
            values.append(one.value)
    paths = list(dict.fromkeys(one.path for one in found if one.breaks == EXISTING))
    chosen = {path: values[place % len(values)] for place, path in enumerate(paths)}
    return [one for one in found if one.breaks != EXISTING or one.value == chosen[one.path]]


def misshapen(
    schema: XMLSchemaBase,
    texts: Mapping[str, str],
    each: int,
    calendar: Calendar,
    *,
    but: Collection[str] = (),
) -> list[Misshapen]:
    """Updates that break their schema in ways of which the page says nothing.

    Of each kind, places all over the schema: the first kind at the first of its places, the last at the last.

    Args:
        schema: of the task.update request.
        texts: path → a text that the portal has no reason to refuse: ids that it knows, moments in years.
            Where there is none for an id or a moment, what holds it is left out.
        each: how many of each kind.
        calendar: the days that they name beside those.
        but: kinds that are left out.
    """
    unknown = tuple(above for path, above in _BELOW.items() if path not in texts)
    found: dict[str, list[xsd.Violation]] = {}
    for one in violations_of(
        schema, texts={**_sound(calendar), **texts}, required=_COMPLETE, exclude=(*_FRAME, *unknown)
    ):
        if one.kind not in but and _is_left_open(one) and _names_the_task(one, texts["task/id"]):
            found.setdefault(one.kind, []).append(one)
    chosen: list[Misshapen] = []
    kinds = [kind for kind in KINDS if kind in found]
    for number, kind in enumerate(kinds):
        places = found[kind]
        first = number * (len(places) - 1) // max(1, len(kinds) - 1)
        picked = {
            (first + turn * len(places) // each) % len(places) for turn in range(min(each, len(places)))
        }
        for one in (places[place] for place in sorted(picked)):
            path = one.path.removeprefix("/request/")
            broken = Message("breaks-the-schema", path=path)
            why = Message("breaks-constraint", what=broken, constraint=one.constraint, clause=one.clause)
            chosen.append(Misshapen(kind, why, one.document))
    return chosen


def _is_left_open(found: xsd.Violation) -> bool:
    """Whether nothing else judges it: of texts, other spellings alone are left.

    Of ids not even those: `01` may be somebody.
    """
    if found.kind != "text":
        return True
    return (
        found.constraint == "pattern"
        and found.after in {"01", "00", "true"}
        and not found.path.endswith("/id")
    )


def _names_the_task(found: xsd.Violation, task: str) -> bool:
    """Whether the document is an update that says in so many words of which task."""
    ids = found.document.findall("task/id")
    return (
        found.path.startswith(_TASK)
        and found.document.get("method") == "task.update"
        and [(one.text, len(one), len(one.attrib), one.tail) for one in ids] == [(task, 0, 0, None)]
    )


def _content(node: Element | None) -> Content:
    """An element as plain data."""
    content: dict[str, Any] = {}
    for part in () if node is None else node:
        content[str(part.tag)] = _content(part)
    return content if node is not None and len(node) else (node.text if node is not None else "") or ""
