"""Deadlines in the two spellings that the R7 pages lead to, as strategies.

Sources: the `deadline` rows of the pages r7-crm-task-create and r7-crm-task-update; .NET's round-trip
specifier "O", which they name; CommunityServer ApiDateTime.cs for what portals in the field trip over.

All moments exist, lie in the years 2030 to 2035, so that nobody is reminded of one, and avoid two traps that
would read as deviations although the page does not promise anything about them:

- Portals of the CommunityServer family show a moment an hour late when its UTC clock reading falls into the
  gap that daylight saving leaves in the portal's zone. Such gaps lie between 22:00 and 04:00, so the UTC
  clock here reads 06:00 to 21:59.
- The same portals drop trailing zeros of a fraction that stands in JSON, and then refuse what is left unless
  seven digits or none remain. So a round-trip fraction is seven zeros or ends in another digit.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_DAY: Final = date(2030, 1, 1)
_LAST_DAY: Final = date(2035, 12, 30)  # a day short, because an offset moves the clock reading on
_FIRST_HOUR: Final = 6
_LAST_HOUR: Final = 21
_TICKS_PER_MICROSECOND: Final = 10
_OFFSETS: Final = (0, 180, 300, 330, 765, 840, -180, -210, -480, -660)  # minutes east of UTC


def dash_deadlines() -> st.SearchStrategy[str]:
    """Returns deadlines as the pages print them: `2008-04-10T06-30-00.000Z`."""
    milliseconds = st.sampled_from((0, 1, 120, 500, 999)) | st.integers(0, 999)
    return st.builds(
        lambda moment, fraction: f"{moment:%Y-%m-%dT%H-%M-%S}.{fraction:03d}Z", _seconds(), milliseconds
    )


def roundtrip_deadlines() -> st.SearchStrategy[str]:
    """Returns deadlines in .NET's round-trip format: `2022-10-09T20:03:09.6137431Z`, or with an offset."""
    return st.builds(_roundtrip, _seconds(), _ticks(), st.none() | st.sampled_from(_OFFSETS))


def _seconds() -> st.SearchStrategy[datetime]:
    """Moments in UTC without a fraction of a second."""
    clock = st.builds(
        time,
        st.integers(_FIRST_HOUR, _LAST_HOUR),
        st.integers(0, 59),
        st.integers(0, 59),
        tzinfo=st.just(UTC),
    )
    return st.builds(datetime.combine, st.dates(_FIRST_DAY, _LAST_DAY), clock)


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


DEADLINES: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "r7-date-dash": dash_deadlines(),
    "r7-date-roundtrip": roundtrip_deadlines(),
}
"""The strategies by the formats that specs/r7/openapi.yaml gives the two spellings."""
