"""Faults that misread a few moments: fractions, offsets, the turn of the clock and of the year."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.dates import TICKS_PER_MINUTE, TICKS_PER_SECOND, offset_of
from etalon.vendors.r7.mock.faults.hooks import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.dates import Instant
    from etalon.vendors.r7.mock.entries import Task

_altered = partial(Fault, family=FaultFamily.ALTERS)

_DAWN = datetime(1, 1, 1, tzinfo=UTC)
_HOUR = 60 * TICKS_PER_MINUTE
_MARCH, _OCTOBER = 3, 10
_LAST_SECOND = 59
_NEARLY_A_SECOND = 9_995_000


def _moment(instant: Instant) -> datetime:
    """Return the instant to the second, in UTC."""
    return _DAWN + timedelta(seconds=instant // TICKS_PER_SECOND)


def _last_sunday(year: int, month: int) -> datetime:
    """Return midnight, in UTC, of the day on which Central Europe turns its clocks."""
    last = datetime(year, month, 31, tzinfo=UTC)
    return last - timedelta(days=last.isoweekday() % 7)


def is_summer(instant: Instant) -> bool:
    """Say whether Central Europe has summer time then, from one o'clock UTC to one o'clock UTC."""
    moment = _moment(instant)
    hour = timedelta(hours=1)
    return _last_sunday(moment.year, _MARCH) + hour <= moment < _last_sunday(moment.year, _OCTOBER) + hour


def _hours_into(instant: Instant, month: int) -> int | None:
    """Return the hour of the day, in UTC, on the day in that month on which clocks are turned."""
    moment = _moment(instant)
    return moment.hour if moment.date() == _last_sunday(moment.year, month).date() else None


def _reads(change: Callable[[str, Instant], Instant]) -> Callable[[Call, Values], Values]:
    """Change a deadline that was sent: (spelling, instant) → the instant that is made of it."""

    def bind(call: Call, values: Values) -> Values:
        if "deadline" not in values:
            return values
        moved = change(str(call.spelt.get("deadline")), values["deadline"])
        return {**values, "deadline": max(0, moved)}

    return bind


def _keeps(change: Callable[[Instant], Instant]) -> Callable[[Write, Task], Task]:
    return lambda _, task: replace(task, deadline=change(task.deadline))


def _milliseconds_of(text: str, deadline: Instant) -> Instant:
    match = re.search(r"\.(\d{1,2})(?!\d)", text, re.ASCII)
    if match is None:
        return deadline
    return deadline // TICKS_PER_SECOND * TICKS_PER_SECOND + int(match[1]) * TICKS_PER_SECOND // 1000


def _without_carry(deadline: Instant) -> Instant:
    second, fraction = divmod(deadline, TICKS_PER_SECOND)
    rounds_up = second % 60 == _LAST_SECOND and fraction >= _NEARLY_A_SECOND
    return deadline // TICKS_PER_MINUTE * TICKS_PER_MINUTE if rounds_up else deadline


def _minutes_added(text: str, deadline: Instant) -> Instant:
    try:
        offset = offset_of(text) or 0
    except ValueError:
        return deadline
    return deadline - 2 * (-offset % 60) * TICKS_PER_MINUTE if offset < 0 else deadline


def _first_of_two(deadline: Instant) -> Instant:
    return deadline - _HOUR if _hours_into(deadline, _OCTOBER) == 1 else deadline


def _out_of_the_gap(deadline: Instant) -> Instant:
    return deadline + _HOUR if _hours_into(deadline, _MARCH) == 2 else deadline  # noqa: PLR2004 - o'clock


def _in_year_of_week(deadline: Instant) -> Instant:
    moment = _moment(deadline)
    shifted = moment.replace(year=min(9999, moment.isocalendar().year))
    return deadline + (shifted - moment) // timedelta(seconds=1) * TICKS_PER_SECOND


MISREADING_MOMENTS: tuple[Fault, ...] = (
    _altered(
        name="short-fraction-read-as-milliseconds",
        stands_for="a parser that takes the digits after the point for milliseconds, however few",
        reported="https://github.com/jquense/yup/pull/2340",
        binds=_reads(_milliseconds_of),
    ),
    _altered(
        name="minute-lost-when-seconds-round-up",
        stands_for="seconds that are rounded up to sixty, shown as zero and never carried into the minutes",
        reported="https://github.com/SheetJS/sheetjs/issues/2603",
        stores=_keeps(_without_carry),
    ),
    _altered(
        name="negative-half-hour-offset-misread",
        stands_for="an offset whose sign is applied to the hours and not to the minutes",
        reported="https://github.com/HowardHinnant/date/pull/277",
        binds=_reads(_minutes_added),
    ),
    _altered(
        name="repeated-hour-read-as-first",
        stands_for="a column of local time, which takes the second pass of an autumn hour for the first",
        reported="https://github.com/logstash-plugins/logstash-integration-jdbc/pull/92",
        stores=_keeps(_first_of_two),
    ),
    _altered(
        name="gap-hour-pushed-on",
        stands_for="a driver that reads UTC as local time and moves on what the clocks skip in spring",
        reported="https://github.com/archivesspace/archivesspace/pull/2973",
        stores=_keeps(_out_of_the_gap),
    ),
    _altered(
        name="week-year-at-turn-of-year",
        stands_for="a date pattern with the year of the week, which is another around New Year",
        reported="https://github.com/jmrozanec/cron-utils/issues/502",
        stores=_keeps(_in_year_of_week),
    ),
)
