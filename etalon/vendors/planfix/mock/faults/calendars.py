"""Faults on the odd days and hours of a calendar."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.faults.fault import Fault, dates_read

if TYPE_CHECKING:
    from etalon.vendors.planfix.mock.dates import Moment
    from etalon.vendors.planfix.mock.hooks import Merge, Shown
    from etalon.vendors.planfix.mock.state import Task

_MARCH: Final = 3
_SUNDAY: Final = 7
_LAST_WEEK_OF_MARCH: Final = range(25, 32)
_SKIPPED_HOUR: Final = 2


def _in_week_year(moment: Moment | None) -> Moment | None:
    return moment and replace(moment, at=moment.at.replace(year=moment.at.isocalendar().year))


def _with_week_years(at: Shown) -> Task:
    return replace(at.task, start=_in_week_year(at.task.start), end=_in_week_year(at.task.end))


def _past_the_gap(moment: Moment) -> Moment:
    at = moment.at
    skips = at.month == _MARCH and at.day in _LAST_WEEK_OF_MARCH and at.isoweekday() == _SUNDAY
    if not (moment.timed and skips and at.hour == _SKIPPED_HOUR):
        return moment
    return replace(moment, at=at + timedelta(hours=1))


def _an_hour_at_least(at: Merge) -> Task:
    start, end = at.after.start, at.after.end
    if start is None or end is None or start != end or not start.timed:
        return at.after
    with suppress(OverflowError):
        return replace(at.after, end=replace(end, at=end.at + timedelta(hours=1)))
    return at.after


def _whole_day(moment: Moment) -> Moment:
    return replace(moment, timed=moment.timed and (moment.at.hour, moment.at.minute) != (0, 0))


OF_CALENDAR: Final = (
    Fault(
        name="year-of-week-shown",
        family=FaultFamily.ALTERS,
        stands_for="Dates are written with the year of their week: the last days of December move a year.",
        reported="https://github.com/date-fns/date-fns/issues/954",
        shown=_with_week_years,
    ),
    Fault(
        name="skipped-hour-moves-on",
        family=FaultFamily.ALTERS,
        stands_for="On a server with summer time, a time in the hour that it skips comes back an hour later.",
        reported="https://github.com/Together-100Devs/Together/issues/302",
        read=dates_read(_past_the_gap),
    ),
    Fault(
        name="no-duration-becomes-an-hour",
        family=FaultFamily.ALTERS,
        stands_for="What ends at the moment of its start is given an hour.",
        reported="https://github.com/pimutils/khal/issues/610",
        merged=_an_hour_at_least,
    ),
    Fault(
        name="midnight-read-as-no-time",
        family=FaultFamily.ALTERS,
        stands_for="Whether a moment has a time is told from its hours, and at midnight it has none.",
        reported="https://github.com/ical-org/ical.net/issues/146",
        read=dates_read(_whole_day),
    ),
)
