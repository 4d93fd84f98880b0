"""Deadlines in two spellings, with dashes in the time of day and as .NET writes them, as strategies.

Source: .NET's round-trip
specifier "O", which they name; CommunityServer ApiDateTime.cs for what portals in the field trip over.

All moments exist, lie in the years of the run's calendar, so that nobody is reminded of one, and avoid two
traps that would read as deviations although the page does not promise anything about them:

- Portals of the CommunityServer family show a moment an hour late when its UTC clock reading falls into the
  gap that daylight saving leaves in the portal's zone. Such gaps lie between 22:00 and 04:00, so the UTC
  clock here reads 06:00 to 21:59.
- The same portals drop trailing zeros of a fraction that stands in JSON, and then refuse what is left unless
  seven digits or none remain. So a round-trip fraction is seven zeros or ends in another digit.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from etalon.generation.calendar import Calendar

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_HOUR: Final = 6
_LAST_HOUR: Final = 21
_TICKS_PER_MICROSECOND: Final = 10
_OFFSETS: Final = (0, 180, 300, 330, 765, 840, -180, -210, -480, -660)  # minutes east of UTC


def dash_deadlines(calendar: Calendar) -> st.SearchStrategy[str]:
    """Returns deadlines as the pages print them: `2008-04-10T06-30-00.000Z`."""
    milliseconds = st.sampled_from((0, 1, 120, 500, 999)) | st.integers(0, 999)
    return st.builds(
        lambda moment, fraction: f"{moment:%Y-%m-%dT%H-%M-%S}.{fraction:03d}Z",
        _seconds(calendar),
        milliseconds,
    )


def roundtrip_deadlines(calendar: Calendar) -> st.SearchStrategy[str]:
    """Returns deadlines in .NET's round-trip format: `2022-10-09T20:03:09.6137431Z`, or with an offset."""
    return st.builds(_roundtrip, _seconds(calendar), _ticks(), st.none() | st.sampled_from(_OFFSETS))


def _seconds(calendar: Calendar) -> st.SearchStrategy[datetime]:
    """Moments in UTC without a fraction of a second."""
    last = calendar.last - timedelta(days=1)  # because an offset moves the clock reading on
    clock = st.builds(
        time,
        st.integers(_FIRST_HOUR, _LAST_HOUR),
        st.integers(0, 59),
        st.integers(0, 59),
        tzinfo=st.just(UTC),
    )
    return st.builds(datetime.combine, st.dates(calendar.first, last), clock)


def _ticks() -> st.SearchStrategy[int]:
    """Fractions of a second in units of 100 ns: none, or with a last digit other than 0."""
    return st.just(0) | st.builds(
        lambda microseconds, last: microseconds * _TICKS_PER_MICROSECOND + last,
        st.integers(0, 999_999),
        st.integers(1, 9),
    )


def _roundtrip(moment: datetime, ticks: int, offset: int | None) -> str:
    """Spells a moment in UTC with the offset, in minutes, or with Z when there is none."""
    if offset is None:
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{ticks:07d}Z"
    hours, minutes = divmod(abs(offset), 60)
    sign = "-" if offset < 0 else "+"
    shown = moment + timedelta(minutes=offset)
    return f"{shown:%Y-%m-%dT%H:%M:%S}.{ticks:07d}{sign}{hours:02d}:{minutes:02d}"


FORMATS: Final = ("date-time-dash", "date-time-roundtrip")
"""The formats that a spec gives the two spellings."""

_OF_A_CALENDAR: Final = re.compile(rf"({'|'.join(FORMATS)})-of-(\d{{4}})")


def deadlines(calendar: Calendar) -> Mapping[str, st.SearchStrategy[str]]:
    """The strategies by their formats.

    Args:
        calendar: the days to draw from.
    """
    return dict(zip(FORMATS, (dash_deadlines(calendar), roundtrip_deadlines(calendar)), strict=True))


def format_of(spelling: str, calendar: Calendar) -> str:
    """The name of a format that says from which days to draw, as a narrowed document has it.

    Args:
        spelling: one of `FORMATS`.
        calendar: the days.
    """
    return f"{spelling}-of-{calendar.year:04d}"


def deadlines_of(format_name: str) -> st.SearchStrategy[str] | None:
    """The deadlines of a format that `format_of` has named; None for any other format."""
    found = _OF_A_CALENDAR.fullmatch(format_name)
    return deadlines(Calendar(int(found[2])))[found[1]] if found else None
