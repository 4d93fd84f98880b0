"""A task's periodicity: what the request may say, and how `task.get` shows it.

Rules of page `planfix-task-update`: exactly one of `daily`, `weekly` and `monthly`; each type uses some
members and not others. One that the type does not use is overlooked; one that it cannot do without is 0017.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from etalon.vendors.planfix.mock.dates import read_moment
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.wire import child, element, number_of, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.dates import Moment

_T = TypeVar("_T")

DAY_TYPES: Final = frozenset(
    {"DAY", "WORKDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}
)

_USES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "daily": {"EVERY": ("shift",), "EVERY_WORKING": (), "AFTER_COMPLETE": ("shift",)},
    "weekly": {"EVERY": ("shift", "days"), "AFTER_COMPLETE": ("shift",)},
    "monthly": {
        "EVERY": ("month", "day"),
        "EXACT": ("month", "day", "dayType"),
        "AFTER_COMPLETE": ("month",),
    },
}
"""Kind → type → the members that it uses."""

KINDS: Final = frozenset(_USES)
"""The elements of which a periodicity has exactly one."""

_OPTIONAL: Final = ("weekly", "EVERY", "shift")
"""Named weekdays are complete without a number of weeks; every other member that a type uses, it needs."""

_WEEKDAYS: Final = re.compile(r"[1-7](,[1-7])*")
_LAST_DAY_OF_A_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The rule: its kind (`daily`, `weekly`, `monthly`), type, and the members that the type uses."""

    kind: str
    type: str
    shift: int | None = None
    days: tuple[int, ...] = ()
    month: int | None = None
    day: int | None = None
    day_type: str | None = None


@dataclass(frozen=True, slots=True)
class EndCondition:
    """When the repetition ends: `ENDLESS`, `BYCOUNT` with a count, or `BYENDDATE` with a date."""

    type: str
    date: Moment | None = None
    repeat_count: int | None = None


@dataclass(frozen=True, slots=True)
class Notify:
    """How long before the start to notify: `day` working days (type 0) or weeks (type 1)."""

    type: int
    day: int


@dataclass(frozen=True, slots=True)
class Periodicity:
    """A periodicity as a whole; what was not given is `None` and is not shown."""

    recurrence: Recurrence
    start_date: Moment | None = None
    end_condition: EndCondition | None = None
    notify: Notify | None = None


def read_periodicity(node: Element) -> Periodicity:
    """Reads a `periodicity` element that has no `unset` attribute.

    Raises:
        ApiError: 3007 without exactly one kind; 0015 for a bad value; 0017 for a member that the type needs.
    """
    kinds = [part for part in node if part.tag in KINDS]
    if len(kinds) != 1:
        raise ApiError(Code.UNDEFINED_PERIODICITY)
    start_date = value_of(node, "startDate")
    return Periodicity(
        recurrence=_read_recurrence(kinds[0]),
        start_date=None if start_date is None else read_moment(start_date),
        end_condition=_read_end_condition(child(node, "endCondition")),
        notify=_read_notify(child(node, "notify")),
    )


def _read_recurrence(node: Element) -> Recurrence:
    kind = str(node.tag)
    type_ = value_of(node, "type")
    if type_ is None:
        raise ApiError(Code.DEPENDENT_VALUE_MISSING)
    if type_ not in _USES[kind]:
        raise ApiError(Code.BAD_VALUE)
    uses = _USES[kind][type_]
    for name in uses:
        if value_of(node, name) is None and (kind, type_, name) != _OPTIONAL:
            raise ApiError(Code.DEPENDENT_VALUE_MISSING)
    return Recurrence(
        kind=kind,
        type=type_,
        shift=_at_least(1, number_of(node, "shift")) if "shift" in uses else None,
        days=_read_days(value_of(node, "days")) if "days" in uses else (),
        month=_at_least(1, number_of(node, "month")) if "month" in uses else None,
        day=_read_day(number_of(node, "day")) if "day" in uses else None,
        day_type=_one_of(DAY_TYPES, value_of(node, "dayType")) if "dayType" in uses else None,
    )


def _read_end_condition(node: Element | None) -> EndCondition | None:
    type_ = value_of(node, "type")
    if type_ is None:
        return None
    if type_ == "ENDLESS":
        return EndCondition(type_)
    if type_ == "BYCOUNT":
        return EndCondition(type_, repeat_count=_at_least(1, _given(number_of(node, "repeatCount"))))
    if type_ == "BYENDDATE":
        return EndCondition(type_, date=read_moment(_given(value_of(node, "date"))))
    raise ApiError(Code.BAD_VALUE)


def _read_notify(node: Element | None) -> Notify | None:
    type_, day = number_of(node, "type"), number_of(node, "day")
    if type_ is None and day is None:
        return None
    type_, day = _given(type_), _given(day)
    if type_ not in (0, 1) or day < 0:
        raise ApiError(Code.BAD_VALUE)
    return Notify(type_, day)


def _given(value: _T | None) -> _T:
    if value is None:
        raise ApiError(Code.DEPENDENT_VALUE_MISSING)
    return value


def _at_least(least: int, number: int | None) -> int | None:
    if number is not None and number < least:
        raise ApiError(Code.BAD_VALUE)
    return number


def _read_day(number: int | None) -> int | None:
    if number is not None and number > _LAST_DAY_OF_A_MONTH:
        raise ApiError(Code.BAD_VALUE)
    return _at_least(1, number)


def _read_days(text: str | None) -> tuple[int, ...]:
    if text is None or not _WEEKDAYS.fullmatch(text):
        raise ApiError(Code.BAD_VALUE)
    return tuple(dict.fromkeys(int(day) for day in text.split(",")))


def _one_of(allowed: frozenset[str], text: str | None) -> str | None:
    if text is not None and text not in allowed:
        raise ApiError(Code.BAD_VALUE)
    return text


def show_periodicity(periodicity: Periodicity) -> Element:
    """The `periodicity` element of PlanFix's task.get page."""
    rule = periodicity.recurrence
    node = element(
        "periodicity",
        element(
            rule.kind,
            *_given_elements(
                type=rule.type,
                shift=rule.shift,
                days=",".join(map(str, rule.days)) or None,
                month=rule.month,
                day=rule.day,
                dayType=rule.day_type,
            ),
        ),
        *_given_elements(startDate=periodicity.start_date),
    )
    end, notify = periodicity.end_condition, periodicity.notify
    if end:
        members = _given_elements(type=end.type, date=end.date, repeatCount=end.repeat_count)
        node.append(element("endCondition", *members))
    if notify:
        node.append(element("notify", *_given_elements(type=notify.type, day=notify.day)))
    return node


def _given_elements(**values: object) -> list[Element]:
    return [element(name, text=value) for name, value in values.items() if value is not None]
