"""Classes of values that real servers get wrong where each stands alone, or beside an awkward neighbour.

`etalon.generation.text.NASTY` packs into one text what is lost wherever it stands. Here is what shows its
harm only where it is all there is, or where the end of the text, a blank or a line end is next to it. The
texts come from the kinds of public reports on task and CRM servers; none looks like a date (see there), and
all are legal in XML 1.0 but for what `CARRIAGE_RETURNS` names.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from etalon.generation.text import Atom

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from etalon.generation.calendar import Calendar

_MILLISECOND: Final = 10_000
_ROUNDS_UP: Final = 9_995_000

ALONE: Final[tuple[Atom, ...]] = (
    Atom("zero", "0"),
    Atom("less-than", "<"),
    Atom("ampersand", "&"),
    Atom("bracket", "]"),
    Atom("cdata-end", "]]>"),
    Atom("heart", "\u2764\ufe0f"),
    Atom("keycap", "1\ufe0f\u20e3"),
    Atom("mark-first", "\u0301а"),
    Atom("decimal-fraction", ".5"),
    Atom("exponent", "1e5"),
    Atom("leading-zeros", "007"),
    Atom("null", "null"),
    Atom("not-a-number", "NaN"),
    Atom("minus-zero", "-0"),
    Atom("one-letter", "я"),
    Atom("beyond-bmp", "\U0001d538"),
    Atom("entity", "&amp;lt;"),
    Atom("blank-before", " а"),
    Atom("blank-after", "а "),
    Atom("line-after", "строка\n"),
    Atom("quote", '"'),
    Atom("apostrophe", "'"),
    Atom("formula", "=1+1"),
    Atom("json", '{"а":[1]}'),
    Atom("element", "<а/>"),
)
"""Texts as short as they can be, each with what it tries."""

CARRIAGE_RETURNS: Final[tuple[Atom, ...]] = (
    Atom("line-ends", "строка\r\nстрока\r\n"),
    Atom("carriage-return", "а\rя"),
)
"""Only for what keeps a carriage return on the wire: JSON does, XML where it is a character reference."""

TEXTS: Final[Mapping[str, str]] = {atom.name: atom.text for atom in (*ALONE, *CARRIAGE_RETURNS)}
"""What such a text tries → the text, where a carriage return is kept on the wire."""


def moments(calendar: Calendar) -> Mapping[str, datetime]:
    """Moments, in whole seconds of UTC, that readers and writers of dates get wrong.

    Those on the days on which clocks change are for the zones of Europe.
    """

    def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute, second, tzinfo=UTC))

    return {
        "summer": at(calendar.on(7, 14), 9, 30),
        "winter": at(calendar.on(1, 14), 9, 30),
        "leap-day": at(calendar.leap_day, 18, 45, 30),
        "day-after-leap-day": at(calendar.after_leap_day, 6, 1),
        "end-of-year": at(calendar.end_of_year, 23, 59, 59),
        "start-of-year": at(calendar.on(1, 1, after=1), 0, 0),
        "iso-week-of-next-year": at(calendar.in_next_iso_year, 13, 5, 9),
        "midnight": at(calendar.on(8, 31), 0, 0),
        "noon": at(calendar.on(5, 31), 12, 0),
        "last-second": at(calendar.on(4, 30), 23, 59, 59),
        "beyond-32-bits": at(calendar.after_32_bits, 12, 0, 7),
        "before-clocks-go-forward": at(calendar.clocks_go_forward, 0, 30),
        "after-clocks-go-forward": at(calendar.clocks_go_forward, 11, 20, 25),
        "hour-that-is-skipped": at(calendar.clocks_go_forward, 2, 30),
        "hour-that-comes-twice": at(calendar.clocks_go_back, 0, 30),
        "hour-that-came-twice": at(calendar.clocks_go_back, 1, 30),
        "after-clocks-go-back": at(calendar.clocks_go_back, 11, 20, 25),
    }


FRACTIONS: Final[Mapping[str, int]] = {
    "half": 5_000_000,
    "one-millisecond": 10_000,
    "five-hundredths": 500_000,
    "almost-a-second": 9_995_001,
    "last-tick": 9_999_999,
    "one-tick": 1,
}
"""Fractions of a second that lose their carry, their zeros or their last digit, in units of 100 ns."""


def spelled(moment: datetime, fraction: int = 0, offset: int = 0) -> str:
    """A moment as .NET's round-trip form has it, or with dashes where milliseconds will do.

    Portals of one family drop trailing zeros of a fraction with seven digits, and then refuse what is left;
    so such a fraction has none.

    Args:
        moment: in whole seconds of UTC.
        fraction: of a second, in units of 100 ns.
        offset: of the spelling, in minutes east of UTC.
    """
    if fraction >= _ROUNDS_UP:
        moment = moment.replace(second=59)  # so that the minute has to move on, too
    if fraction % _MILLISECOND == 0 and fraction and not offset:
        return f"{moment:%Y-%m-%dT%H-%M-%S}.{fraction // _MILLISECOND:03d}Z"
    hours, minutes = divmod(abs(offset), 60)
    zone = f"{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}" if offset else "Z"
    return f"{moment + timedelta(minutes=offset):%Y-%m-%dT%H:%M:%S}.{fraction:07d}{zone}"
