"""Moments in time as APIs spell them, to the 100 nanoseconds of .NET's round-trip form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

TICKS_PER_SECOND = 10_000_000

# Some documentation prints dashes in the time of day where its own answers have colons.
_INSTANT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})T(?P<hour>\d{2})[:-](?P<minute>\d{2})[:-](?P<second>\d{2})"
    r"(?:\.(?P<fraction>\d{1,7}))?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ticks(text: str) -> int | None:
    """The instant that a text names, in units of 100 ns since 1970-01-01T00:00:00Z.

    Args:
        text: a date and time in the dash or the colon spelling, with 0 to 7 fraction digits; without an
            offset it is taken as UTC.

    Returns:
        None where the text is no such date and time, or names one that does not exist.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(
            f"{match['date']}T{match['hour']}:{match['minute']}:{match['second']}"
        )
        moment = moment.replace(tzinfo=_zone(match["zone"]))
    except ValueError:
        return None
    whole = moment - _EPOCH
    seconds = whole // timedelta(seconds=1)
    return seconds * TICKS_PER_SECOND + int((match["fraction"] or "").ljust(7, "0"))


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes))
