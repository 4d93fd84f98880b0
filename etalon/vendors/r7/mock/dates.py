"""Instants as .NET keeps them, and the spellings in which the portals read and write them.

An instant is a count of ticks of 100 ns since 0001-01-01T00:00:00Z, because the pages answer with seven
fraction digits (`r7-crm-task-create`, sample answer), one more than Python's `datetime` holds.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Instant: TypeAlias = int
"""Ticks of 100 ns since 0001-01-01T00:00:00Z."""

Clock: TypeAlias = "Callable[[], Instant]"

TICKS_PER_SECOND = 10_000_000
TICKS_PER_MINUTE = 60 * TICKS_PER_SECOND
NEVER: Instant = 0
"""The first instant of all, which .NET code uses for "no date"."""

_DAWN = datetime(1, 1, 1, tzinfo=UTC)
_UNIX_EPOCH: Instant = int((datetime(1970, 1, 1, tzinfo=UTC) - _DAWN).total_seconds()) * TICKS_PER_SECOND
_END: Instant = int((datetime(9999, 12, 31, tzinfo=UTC) - _DAWN).days + 1) * 86_400 * TICKS_PER_SECOND
_FARTHEST_OFFSET_MINUTES = 14 * 60

_SPELLING = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?P<clock>T(?P<hour>\d{2})(?P<mark>[:-])(?P<minute>\d{2})(?P=mark)(?P<second>\d{2})"
    r"(?:\.(?P<fraction>\d{1,7}))?"
    r"(?P<zone>Z|(?P<sign>[+-])(?P<zone_hours>\d{2})(?P<colon>:?)(?P<zone_minutes>\d{2}))?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class DateRules:
    """Which spellings of a moment a dialect reads.

    Attributes:
        fraction_lengths: how many fraction digits may stand after the seconds.
        day_alone: whether a date without a time of day is read (as midnight).
        bare_offset: whether `+0300` is read beside `+03:00`.
        zone_minutes: the offset of a moment that names none, in minutes east of UTC.
    """

    fraction_lengths: frozenset[int]
    day_alone: bool
    bare_offset: bool
    zone_minutes: int


def now() -> Instant:
    """Return the present, to 100 ns."""
    return _UNIX_EPOCH + time.time_ns() // 100


def parse(text: str, rules: DateRules) -> Instant:
    """Return the instant that `text` spells.

    Raises:
        ValueError: when the spelling is outside `rules`, or the moment does not exist.
    """
    match = _SPELLING.fullmatch(text)
    if match is None:
        raise ValueError(f"not a spelling of a moment: {text!r}")
    if match["clock"] is None and not rules.day_alone:
        raise ValueError("a time of day is missing")
    fraction = match["fraction"] or ""
    if len(fraction) not in rules.fraction_lengths:
        raise ValueError(f"{len(fraction)} fraction digits are not read")
    if match["sign"] and not match["colon"] and not rules.bare_offset:
        raise ValueError("an offset is spelt with a colon")
    offset = offset_of(text)
    shift = rules.zone_minutes if offset is None else offset
    wall = _wall_clock(match) * TICKS_PER_SECOND + int(fraction.ljust(7, "0"))
    instant = wall - shift * TICKS_PER_MINUTE
    if not 0 <= instant < _END:
        raise ValueError("the moment lies outside the years 1 to 9999")
    return instant


def offset_of(text: str) -> int | None:
    """Return the offset that a spelt moment names, in minutes east of UTC; None when it names none.

    Raises:
        ValueError: when the offset is beyond 14 hours or its minutes beyond 59.
    """
    match = _SPELLING.fullmatch(text)
    if match is None or match["zone"] is None:
        return None
    if match["sign"] is None:
        return 0
    hours, minutes = int(match["zone_hours"]), int(match["zone_minutes"])
    total = hours * 60 + minutes
    if minutes > 59 or total > _FARTHEST_OFFSET_MINUTES:  # noqa: PLR2004 - minutes of an hour
        raise ValueError("no such offset")
    return -total if match["sign"] == "-" else total


def spell(instant: Instant, offset_minutes: int = 0) -> str:
    """Return the .NET round-trip spelling: seven fraction digits, and `Z` only at offset 0.

    Raises:
        OverflowError: when the wall clock at that offset leaves the years 1 to 9999.
    """
    wall = instant + offset_minutes * TICKS_PER_MINUTE
    seconds, fraction = divmod(wall, TICKS_PER_SECOND)
    moment = _DAWN + timedelta(seconds=seconds)
    stamp = moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{stamp}.{fraction:07d}{_zone(offset_minutes)}"


def to_whole_seconds(instant: Instant) -> Instant:
    """Round to the nearest second, halves up, as a MySQL `datetime` column does."""
    return (instant + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND * TICKS_PER_SECOND


def respell_as_newtonsoft(text: str, server_offset_minutes: int) -> str:
    """Return what Newtonsoft.Json makes of a JSON string that looks like an ISO date.

    The colon form is read as a date and written again without trailing zeros in its fraction; a moment
    with an offset comes out at the server's own offset. Everything else is left alone, the dash form
    included (measured with Newtonsoft.Json, which CommunityServer feeds every JSON body through).
    """
    match = _SPELLING.fullmatch(text)
    if match is None or match["mark"] != ":":
        return text
    as_written = DateRules(frozenset(range(8)), day_alone=False, bare_offset=True, zone_minutes=0)
    offset = server_offset_minutes if match["sign"] else 0
    try:
        spelt = spell(parse(text, as_written), offset)
    except (ValueError, OverflowError):
        return text
    stamp, _, rest = spelt.partition(".")
    fraction = rest[:7].rstrip("0")
    zone = _zone(offset) if match["zone"] else ""
    return f"{stamp}.{fraction}{zone}" if fraction else f"{stamp}{zone}"


def _wall_clock(match: re.Match[str]) -> int:
    """Return the seconds since the year 1 that the wall clock shows."""
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    year, month, day = (int(part) for part in match["day"].split("-"))
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return (moment - _DAWN) // timedelta(seconds=1)


def _zone(offset_minutes: int) -> str:
    if offset_minutes == 0:
        return "Z"
    hours, minutes = divmod(abs(offset_minutes), 60)
    return f"{'-' if offset_minutes < 0 else '+'}{hours:02d}:{minutes:02d}"
