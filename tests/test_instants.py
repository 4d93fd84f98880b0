from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.resources.instants import TICKS_PER_SECOND, ticks

MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001 - the offset is drawn apart
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def spelled(moment: datetime, *, dashes: bool, digits: int, colon: bool = True) -> str:
    time = f"{moment:%H-%M-%S}" if dashes else f"{moment:%H:%M:%S}"
    fraction = f".{moment.microsecond:06d}0"[: digits + 1] if digits else ""
    offset = f"{moment:%z}"
    zone = "Z" if moment.tzinfo is UTC else f"{offset[:3]}:{offset[3:]}" if colon else offset
    return f"{moment.date().isoformat()}T{time}{fraction}{zone}"


@given(moment=MOMENTS, zone=OFFSETS, dashes=st.booleans(), digits=st.sampled_from([6, 7]))
def test_every_spelling_of_a_moment_is_the_same_instant(
    moment: datetime, zone: timezone, dashes: bool, digits: int
) -> None:
    there = moment.replace(tzinfo=zone)
    expected = (there - EPOCH) // timedelta(microseconds=1) * 10
    assert ticks(spelled(there, dashes=dashes, digits=digits)) == expected
    assert ticks(spelled(there, dashes=dashes, digits=digits, colon=False)) == expected
    assert ticks(spelled(there.astimezone(UTC), dashes=not dashes, digits=digits)) == expected


@given(moment=MOMENTS, other=MOMENTS)
def test_later_is_more(moment: datetime, other: datetime) -> None:
    first, second = (ticks(f"{one:%Y-%m-%dT%H:%M:%S}".rjust(19, "0")) for one in (moment, other))
    assert first is not None
    assert second is not None
    assert (first < second) == (moment.replace(microsecond=0) < other.replace(microsecond=0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01", TICKS_PER_SECOND),
        ("1970-01-01T00-00-00.0000001Z", 1),
        ("1970-01-01T00:00:00.5", TICKS_PER_SECOND // 2),
        ("1970-01-01T03:00:00+03:00", 0),
        ("1970-01-01T00:00:00-00:30", 1800 * TICKS_PER_SECOND),
        ("1969-12-31T23:59:59.9999999Z", -1),
        # As the page's sample parameter and its sample answer print it.
        ("2008-04-10T06-30-00.000Z", 12_078_090_000_000_000),
        ("2008-04-10T06:30:00.0000000Z", 12_078_090_000_000_000),
    ],
)
def test_instants_to_the_tick(text: str, expected: int) -> None:
    assert ticks(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2031-02-30T00:00:00Z",
        "2031-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2031-01-01T24:00:00Z",
        "2031-01-01T00:60:00Z",
        "2031-01-01T00:00:60Z",
        "2031-01-01T00:00:00.12345678Z",
        "2031-01-01T00:00:00+99:00",
        "2031-01-01T00:00:00 Z",
        "2031-01-01T00:00:00Z\n",
        "2031-01-01",
        "2031-01-01 00:00:00",
        "٢٠٣١-٠١-٠١T٠٠:٠٠:٠٠Z",
    ],
)
def test_what_is_no_instant(text: str) -> None:
    assert ticks(text) is None


@given(text=st.text() | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d(\.\d{1,7})?([+-]\d\d:?\d\d|Z)?"))
def test_no_text_is_too_odd(text: str) -> None:
    assert ticks(text) is None or isinstance(ticks(text), int)
