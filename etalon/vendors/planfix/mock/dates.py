"""PlanFix's DateTime: `dd-mm-yyyy` or `dd-mm-yyyy hh:mm`, in the calling user's time zone.

A short date stays short: which of the two forms was given is part of the value (page `planfix-task-update`,
the paragraph on two date formats).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from etalon.vendors.planfix.mock.errors import ApiError, Code

ZONE: Final = timezone(timedelta(hours=3), "MSK")
"""The time zone of all the portal's users; no client sees it, since the wire form carries no offset."""

_FORM: Final = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})(?: ([0-9]{2}):([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a date with a time.

    Attributes:
        at: the moment, at minute precision; midnight for a short date.
        timed: whether a time of day was given.
    """

    at: datetime
    timed: bool

    @property
    def latest(self) -> datetime:
        """The last minute that this value covers: a short end date lasts until 23:59 of its day."""
        return self.at if self.timed else self.at.replace(hour=23, minute=59)

    def __str__(self) -> str:
        # %Y would drop the leading zeros of years before 1000.
        day = f"{self.at:%d-%m}-{self.at.year:04d}"
        return f"{day} {self.at:%H:%M}" if self.timed else day


def read_moment(text: str) -> Moment:
    """Reads a DateTime in either form.

    Raises:
        ApiError: 0015, when the text has another form or names a date or time that does not exist.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ApiError(Code.BAD_VALUE)
    day, month, year, hour, minute = match.groups()
    try:
        at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), tzinfo=ZONE)
    except ValueError as impossible:
        raise ApiError(Code.BAD_VALUE) from impossible
    return Moment(at, timed=hour is not None)


def minute_of(moment: datetime) -> Moment:
    """The portal's way to note a moment of its own clock: in its zone, cut to the minute."""
    return Moment(moment.astimezone(ZONE).replace(second=0, microsecond=0), timed=True)
