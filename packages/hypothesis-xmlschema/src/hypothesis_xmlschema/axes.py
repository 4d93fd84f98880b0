"""Dates, times and durations as whole numbers on an axis."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis_xmlschema.values import Grid, Listed, Spelled, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EPOCH = dt.date(2000, 1, 1).toordinal()
_FIRST, _LAST = dt.date(1, 1, 1).toordinal() - _EPOCH, dt.date(9999, 12, 31).toordinal() - _EPOCH
_DAY = 24 * 60 * 60
_ZONE = re.compile(r"(Z|[+-]\d\d:\d\d)$")
_LAST_YEAR = 9999
_DATED = re.compile(r"(-?\d{4,})(.*)$")
_YEARS_NEAR = 12
_WITH_YEARS = frozenset({"date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth"})


def _date(day: int) -> str:
    return dt.date.fromordinal(_EPOCH + day).isoformat()


def _time(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _moment(second: int) -> str:
    return f"{_date(second // _DAY)}T{_time(second % _DAY)}"


def _month(month: int) -> str:
    return f"{2000 + month // 12:04d}-{month % 12 + 1:02d}"


def _month_day(day: int) -> str:
    return "--" + dt.date.fromordinal(_EPOCH + day).strftime("%m-%d")  # 2000 is a leap year


def _days(text: str) -> int:
    year, month, day = text.split("-")
    return dt.date(int(year), int(month), int(day)).toordinal() - _EPOCH


def _seconds(text: str) -> Fraction:
    hour, minute, second = text.split(":")
    return int(hour) * 3600 + int(minute) * 60 + Fraction(second)


# Each axis: its ends, how a point is written, and how a text (without its zone) is read.
_AXES: dict[str, tuple[int, int, Callable[[int], str], Callable[[str], Fraction | int]]] = {
    "date": (_FIRST, _LAST, _date, _days),
    "time": (0, _DAY - 1, _time, _seconds),
    "dateTime": (
        _FIRST * _DAY,
        (_LAST + 1) * _DAY - 1,
        _moment,
        lambda text: _days(text.partition("T")[0]) * _DAY + _seconds(text.partition("T")[2]),
    ),
    "gYear": (-1999, _LAST_YEAR - 2000, lambda year: f"{2000 + year:04d}", lambda text: int(text) - 2000),
    "gYearMonth": (
        -1999 * 12,
        (_LAST_YEAR - 2000) * 12 + 11,
        _month,
        lambda text: (int(text[:-3]) - 2000) * 12 + int(text[-2:]) - 1,
    ),
    "gMonth": (0, 11, lambda month: f"--{month + 1:02d}", lambda text: int(text[2:]) - 1),
    "gDay": (0, 30, lambda day: f"---{day + 1:02d}", lambda text: int(text[3:]) - 1),
    "gMonthDay": (0, 365, _month_day, lambda text: _days("2000-" + text[2:])),
}
_AXES["dateTimeStamp"] = _AXES["dateTime"]
DURATIONS = frozenset({"duration", "dayTimeDuration", "yearMonthDuration"})
NAMES = frozenset(_AXES) | DURATIONS
"""The built-in types that have an axis here."""

_ZONED = ("Z", "+00:00", "+03:00", "-05:00", "+14:00", "-14:00", "+05:30")


def values_of(
    name: str, bounds: Sequence[tuple[str, str]], zone: str, accepts: Callable[[str], bool]
) -> Values | None:
    """The texts of a type of dates, times or durations.

    Args:
        name: Its built-in type.
        bounds: (facet, value) of every bound.
        zone: The facet explicitTimezone: required, prohibited or optional.
        accepts: Whether the type accepts a text.

    Returns:
        None where the bounds are of a form that no axis carries.
    """
    if name in DURATIONS:
        return _durations(name, bounds, accepts)
    low, high, text, read = _AXES[name]
    zones = {_ZONE.sub("", bound) != bound for _, bound in bounds}
    try:
        for facet, bound in bounds:
            point = Fraction(read(_ZONE.sub("", bound))) - _offset(bound, name)
            excluded = facet.endswith("Exclusive")
            if facet.startswith("min"):
                low = max(low, int(point // 1) + 1 if excluded or point % 1 else int(point))
            else:
                high = min(high, -int(-point // 1) - 1 if excluded or point % 1 else int(point))
    except ValueError:
        # Python's calendar has the years 1 to 9999. The regular way has the others, but for the year zero of
        # XSD 1.1, and finds more between two bounds, but no plain ones.
        near = _near(bounds, accepts)
        return Listed(near) if len(near) >= _YEARS_NEAR and _is_beyond(bounds) else None
    required = zone == "required" or name == "dateTimeStamp" or True in zones
    first, last, _, _ = _AXES[name]
    at_an_end = name in _WITH_YEARS and high - low < _YEARS_NEAR and (low == first or high == last)
    if low > high or at_an_end:
        near = _near(bounds, accepts)
        return Listed(near) if near else None
    suffix = "Z" if required else ""
    grid = Grid(low, high, lambda point: text(point) + suffix)
    if bounds or zone == "prohibited":
        return grid

    def spelled(plain: str, which: int) -> str:
        bare = plain.removesuffix("Z")
        if which % 3 == 1 and name in ("time", "dateTime", "dateTimeStamp"):
            return f"{bare[:-8]}24:00:00{suffix}"
        if which % 3 == 2 and ":" in bare:  # noqa: PLR2004 - the third of three spellings
            return f"{bare}.{which % 999 + 1:03d}{suffix}"
        return bare + _ZONED[which // 3 % len(_ZONED)]

    return Spelled(grid, spelled)


def _is_beyond(bounds: Sequence[tuple[str, str]]) -> bool:
    """Whether a bound leaves no year of Python's calendar."""
    years = [(facet, int(dated[1])) for facet, bound in bounds if (dated := _DATED.match(bound))]
    return any(year > _LAST_YEAR if facet.startswith("min") else year < 1 for facet, year in years)


def _near(bounds: Sequence[tuple[str, str]], accepts: Callable[[str], bool]) -> list[str]:
    """What is accepted of the bounds and of the same days of years close to them."""
    found: dict[str, None] = {}
    for _, bound in bounds:
        dated = _DATED.match(bound)
        if dated is None:
            found[bound] = None
            continue
        for step in range(_YEARS_NEAR + 1):
            for year in (int(dated[1]) - step, int(dated[1]) + step):
                found[f"{'-' * (year < 0)}{abs(year):04d}{dated[2]}"] = None
    return [text for text in found if accepts(text)]


def _offset(text: str, name: str) -> Fraction | int:
    """What a bound's zone takes off it on the way to UTC; only whole days and seconds have one."""
    found = _ZONE.search(text)
    if found is None or found[1] == "Z":
        return 0
    hours, minutes = found[1][1:].split(":")
    seconds = (int(hours) * 60 + int(minutes)) * 60 * (-1 if found[1][0] == "-" else 1)
    if name in ("dateTime", "dateTimeStamp", "time"):
        return seconds
    if name == "date":
        return Fraction(seconds, _DAY)
    return 0


_DURATION = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$"
)


def _durations(name: str, bounds: Sequence[tuple[str, str]], accepts: Callable[[str], bool]) -> Values:
    if not bounds:
        zero = "P0M" if name == "yearMonthDuration" else "PT0S"
        grid = Grid(-(10**6), 10**6, lambda n: _duration(*_axis(name, n)) if n else zero)
        return Spelled(grid, lambda plain, which: _respelled(name, plain, which))
    # Durations are ordered in part only: a month is 28 to 31 days. So texts near the bounds are tried.
    texts: dict[str, None] = {}
    for facet, bound in bounds:
        found = _DURATION.match(bound)
        if found is None:
            continue
        sign, years, months, days, hours, minutes, seconds = found.groups()
        way = -1 if sign else 1
        month = way * (int(years or 0) * 12 + int(months or 0))
        second = way * (
            int(days or 0) * _DAY + int(hours or 0) * 3600 + int(minutes or 0) * 60 + Fraction(seconds or 0)
        )
        inward = 1 if facet.startswith("min") else -1
        texts[bound] = None
        for step in range(1, 13):
            texts[_duration(month + inward * step, 0 if name == "yearMonthDuration" else second)] = None
            if name != "yearMonthDuration":
                texts[_duration(month, second + inward * step * _DAY)] = None
                texts[_duration(month, second + inward * step)] = None
    return Listed([text for text in texts if _DURATION.match(text) and accepts(text)])


def _axis(name: str, number: int) -> tuple[int, Fraction | int]:
    """(months, seconds): small numbers are days, larger ones go by months and seconds too."""
    if name == "yearMonthDuration":
        return number, 0
    if name == "dayTimeDuration":
        return 0, number * 3600
    return (number // 24, number % 24 * 3600) if number >= 0 else (-(-number // 24), -(-number % 24 * 3600))


def _duration(months: int, seconds: Fraction | int) -> str:
    """A canonical text; months and seconds of opposite signs make none, and the months win."""
    if months * seconds < 0:
        seconds = 0
    sign = "-" if months < 0 or seconds < 0 else ""
    months, rest = abs(months), abs(Fraction(seconds))
    year, month = divmod(months, 12)
    day, rest = divmod(rest, _DAY)
    hour, rest = divmod(rest, 3600)
    minute, second = divmod(rest, 60)
    date = "".join(f"{n}{unit}" for n, unit in ((year, "Y"), (month, "M"), (int(day), "D")) if n)
    time = "".join(f"{int(n)}{unit}" for n, unit in ((hour, "H"), (minute, "M")) if n)
    if second:
        whole = Fraction(second)
        time += f"{int(whole)}S" if whole.denominator == 1 else f"{float(whole):.6f}".rstrip("0") + "S"
    if not date and not time:
        return "P0M"
    return f"{sign}P{date}" + (f"T{time}" if time else "")


def _respelled(name: str, plain: str, which: int) -> str:
    if name == "yearMonthDuration":
        return f"P{which % 40}M"
    if name == "dayTimeDuration":
        return f"PT{which % 90}M"
    return (f"P{which % 40}M", f"PT{which % 90}M{which % 75}.5S", f"-{plain.removeprefix('-')}")[which % 3]
