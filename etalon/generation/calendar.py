"""The days that requests name, reckoned from the day of the run: each keeps what is peculiar about it.

A day that is written down comes near in the end, and then people are reminded of it. So every day here lies a
year ahead or more, and less than 18 years. All of them follow from one year, which stays the same over the
years that share a leap day to come, so that runs of the same year send the same.
"""

from __future__ import annotations

from calendar import MONDAY, SUNDAY, TUESDAY, isleap
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta

_LEAST_YEARS_TO_LEAP_DAY = 4
_FIRST_AND_LAST = range(-1, 5)
_AFTER_32_BITS = 7
_NEAR, _FAR = timedelta(days=60), timedelta(days=18 * 365)
_DAY = timedelta(days=1)


def today() -> date:
    """The day by UTC, from which a run reckons."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of the years around one to come.

    Attributes:
        year: a common year after a common one; the next is a leap year.
    """

    year: int

    @classmethod
    def of(cls, day: date) -> Calendar:
        """The calendar of the runs on a day."""
        leap = day.year + _LEAST_YEARS_TO_LEAP_DAY
        while not isleap(leap):
            leap += 1
        return cls(leap - 1)

    def serves(self, day: date) -> bool:
        """Whether all its days are still, or already, neither near that day nor too far from it."""
        if self.year + _AFTER_32_BITS > MAXYEAR:
            return False
        return day + _NEAR < self.first and self.after_32_bits < day + _FAR

    def on(self, month: int, day: int, *, after: int = 0) -> date:
        """A day about which nothing is peculiar.

        Args:
            month: of the year.
            day: of the month.
            after: how many years after the calendar's own.
        """
        return date(self.year + after, month, day)

    @property
    def first(self) -> date:
        """The first day that a request may name."""
        return date(self.year + _FIRST_AND_LAST[0], 1, 1)

    @property
    def last(self) -> date:
        """The last one, but for those of which 32 bits are too few."""
        return date(self.year + _FIRST_AND_LAST[-1], 12, 31)

    @property
    def leap_day(self) -> date:
        """A 29th of February."""
        return date(self.year + 1, 2, 29)

    @property
    def before_leap_day(self) -> date:
        """A 28th of February that is not the last of its month."""
        return self.leap_day - _DAY

    @property
    def after_leap_day(self) -> date:
        """A 1st of March that comes two days after the 28th of February."""
        return self.leap_day + _DAY

    @property
    def end_of_year(self) -> date:
        """A year's last day."""
        return self.on(12, 31)

    @property
    def in_next_iso_year(self) -> date:
        """A year's last day that is in the first ISO week of the year after."""
        ends = (date(self.year + place, 12, 31) for place in _FIRST_AND_LAST)
        return next(day for day in ends if day.isocalendar().year > day.year)

    @property
    def monday(self) -> date:
        """A Monday in March."""
        return _from(self.on(3, 10), MONDAY)

    @property
    def tuesday(self) -> date:
        """A Tuesday in February."""
        return _from(self.on(2, 4), TUESDAY)

    @property
    def clocks_go_forward(self) -> date:
        """The last Sunday of March, which has 23 hours in Europe."""
        return _from(self.on(3, 25), SUNDAY)

    @property
    def clocks_go_back(self) -> date:
        """The last Sunday of October, which has 25 hours in Europe."""
        return _from(self.on(10, 25), SUNDAY)

    @property
    def after_32_bits(self) -> date:
        """A day after 2038-01-19, when 32 bits end to hold the seconds since 1970."""
        return self.on(8, 12, after=_AFTER_32_BITS)


def _from(day: date, weekday: int) -> date:
    """The first such day of the week on a day or after it."""
    return day + _DAY * ((weekday - day.weekday()) % 7)
