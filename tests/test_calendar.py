"""The days that requests name, on every day on which a run may begin."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

import pytest

from etalon.generation.calendar import Calendar
from etalon.generation.packing import deadline, telling_deadlines
from etalon.portals.limits import Limits
from etalon.portals.side_effects import SideEffects, days_in
from etalon.vendors.planfix.generation.updates import first_reminder, planned_changes
from tests.conftest import ROOT
from tests.test_guard import target_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.vendors.planfix.generation.updates import Content

FIRST, LAST = date(2026, 1, 1), date(2100, 12, 31)
DAYS = [FIRST + timedelta(days=place) for place in range((LAST - FIRST).days + 1)]
CALENDARS = sorted({Calendar.of(day) for day in DAYS}, key=lambda calendar: calendar.year)
YEAR, GUARDS_YEARS = timedelta(days=365), timedelta(days=18 * 365)
_MOMENT = re.compile(r"(\d\d)-(\d\d)-(\d{4})(?: (\d\d):(\d\d))?")


def named(calendar: Calendar) -> dict[str, date]:
    """Every day that the calendar has a name for."""
    names = [name for name, part in vars(Calendar).items() if isinstance(part, property)]
    return {name: getattr(calendar, name) for name in names}


def moments_of(content: Content) -> Iterator[datetime]:
    """Every date in the members of a PlanFix task, by the clock of whoever reads it."""
    if isinstance(content, str):
        found = _MOMENT.fullmatch(content)
        if found:
            day, month, year, hour, minute = (int(part or 0) for part in found.groups())
            yield datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the form carries no zone
    elif not isinstance(content, int):
        for part in content.values() if hasattr(content, "values") else content:
            yield from moments_of(part)


def planned(calendar: Calendar) -> list[datetime]:
    return [moment for change in planned_changes(calendar).values() for moment in moments_of(change)]


def test_every_day_lies_a_year_ahead_or_more_and_breaks_no_calendar() -> None:
    named_days = {calendar: named(calendar).values() for calendar in CALENDARS}
    reaches = {calendar: (min(days), max(days)) for calendar, days in named_days.items()}
    for day in DAYS:
        first, last = reaches[Calendar.of(day)]
        assert day + YEAR <= first <= last <= day + GUARDS_YEARS, day


def test_runs_of_one_year_have_the_same_days() -> None:
    for before, after in pairwise(DAYS):
        assert Calendar.of(before) == Calendar.of(after) or before.year < after.year


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: str(calendar.year))
def test_every_day_keeps_what_is_peculiar_about_it(calendar: Calendar) -> None:
    days = named(calendar)
    assert (days["leap_day"].month, days["leap_day"].day) == (2, 29)
    assert (days["before_leap_day"].day, days["after_leap_day"].day) == (28, 1)
    with pytest.raises(ValueError, match="day is out of range"):
        date(calendar.year, 2, 29)
    assert days["in_next_iso_year"].isocalendar()[:2] == (days["in_next_iso_year"].year + 1, 1)
    for name in ("in_next_iso_year", "end_of_year"):
        assert (days[name].month, days[name].day) == (12, 31)
    assert days["end_of_year"].year == calendar.year
    assert [days[name].isoweekday() for name in ("monday", "tuesday")] == [1, 2]
    assert datetime.combine(days["after_32_bits"], time(), UTC).timestamp() > 2**31
    berlin = ZoneInfo("Europe/Berlin")
    for name, hours in (("clocks_go_forward", 23), ("clocks_go_back", 25)):
        start = datetime.combine(days[name], time(), berlin).astimezone(UTC)
        end = datetime.combine(days[name] + timedelta(days=1), time(), berlin).astimezone(UTC)
        assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: str(calendar.year))
def test_no_planned_moment_falls_into_an_hour_that_some_clock_skips(calendar: Calendar) -> None:
    utc = [*telling_deadlines(calendar), *(_read(deadline(step, calendar)) for step in range(8, 60))]
    clocks = {moment.replace(tzinfo=None) for moment in utc} | set(planned(calendar))
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for clock in clocks:
            there = clock.replace(tzinfo=zone)
            assert there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == clock, (name, clock)


def _read(spelled: str) -> datetime:
    day, _, clock = spelled.partition("T")
    return datetime.fromisoformat(f"{day}T{clock[:8].replace('-', ':')}+00:00")


def test_deadlines_of_the_longest_runs_stay_within_their_calendar() -> None:
    for calendar in CALENDARS:
        for step in (*range(1, 100), *range(100, 100_000, 97)):
            day = _read(deadline(step, calendar)).date()
            assert calendar.first <= day <= calendar.last or day == calendar.after_32_bits


@pytest.mark.parametrize(
    "day", [date(2026, 11, 28), *(date(year, month, 28) for year in range(2027, 2101) for month in (2, 12))]
)
def test_the_guard_objects_to_no_planned_day(day: date) -> None:
    calendar = Calendar.of(day)
    limits = Limits(target_of("planfix"), lambda: day)
    days = {moment.date() for moment in planned(calendar)} | set(named(calendar).values())
    days |= {_read(deadline(step, calendar)).date() for step in range(20)}
    spelled = [f"{calendar.year}-02-30", f"30-02-{calendar.year}", first_reminder(calendar)]
    days |= {reading for text in spelled for reading in days_in(text)}
    for one in days:
        assert limits.objection(SideEffects(days=frozenset({one})), SideEffects()) is None


def test_the_guard_does_object_to_days_that_are_written_down() -> None:
    limits = Limits(target_of("r7"), lambda: date(2030, 12, 1))
    written = SideEffects(days=frozenset({Calendar.of(date(2026, 11, 28)).in_next_iso_year}))
    objection = limits.objection(written, SideEffects())
    assert objection is not None
    assert objection.key == "day-too-near"


@pytest.mark.parametrize(
    ("day", "served"),
    [
        (date(2026, 11, 28), True),
        (date(2025, 1, 1), True),
        (date(2024, 12, 31), False),  # its first day is over
        (date(2029, 1, 1), True),
        (date(2043, 1, 1), False),
    ],
)
def test_a_calendar_serves_as_long_as_its_days_are_neither_near_nor_far(day: date, served: bool) -> None:
    assert Calendar.of(day).serves(date(2026, 11, 28)) is served


def test_todays_calendar_always_serves() -> None:
    assert all(Calendar.of(day).serves(day) for day in DAYS)


# What may be written down: what is sent to nobody.
WRITTEN = {
    "etalon/generation/calendar.py": "the end of 32 bits, which stays where it is",
    "etalon/generation/deadlines.py": "shows a form",
    "etalon/vendors/r7/cards.py": "shows a form",
    "etalon/vendors/r7/derivation/spellings.py": "shows a form",
    "packages/hypothesis-xmlschema/src/hypothesis_xmlschema/broken_rules.py": (
        "a reference to nothing, of a kind that no schema of PlanFix has"
    ),
    "packages/hypothesis-xmlschema/src/hypothesis_xmlschema/wrong_texts.py": (
        "the 30th of a February, which is no day of any year"
    ),
}
_WRITTEN_DAYS = (
    r"\b20[2-9]\d-\d\d",
    r"\d\d[-.]20[2-9]\d\b",
    r"(?<![\w.#])20[2-9]\d(?![\w.])",
)
_YEAR_OF_A_DAY = re.compile("|".join(_WRITTEN_DAYS))


def test_no_source_writes_down_a_year_that_will_come() -> None:
    found = set()
    for folder in ("suites", "etalon/generation", "etalon/judging", "etalon/vendors", "packages/*/src"):
        for path in sorted(ROOT.glob(f"{folder}/**/*.py")):
            if "mock" in path.parts:
                continue  # a portal has a calendar of its own
            if _YEAR_OF_A_DAY.search(path.read_text(encoding="utf-8")):
                found.add(str(path.relative_to(ROOT)))
    assert found == set(WRITTEN)


@pytest.mark.parametrize(
    "line", ['"2031-02-03T04-05-06.000Z"', '"05-03-2031 09:37"', "date(2030, 1, 1)", "_moments(2031, 2032)"]
)
def test_the_search_knows_the_ways_in_which_years_were_written_down(line: str) -> None:
    assert _YEAR_OF_A_DAY.search(line)
