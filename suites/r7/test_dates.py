from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from etalon.judging.rules import stores
from etalon.judging.verdicts import Deviates, Finding, Inconclusive
from etalon.messages import Message
from etalon.resources.instants import TICKS_PER_SECOND, ticks
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.judging.plainness import fraction_of, is_in_utc
from etalon.vendors.r7.scenarios.unusual_values import WITH_DASHES, WITH_OFFSET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.r7.scenarios.driver import R7Driver
    from etalon.vendors.r7.scenarios.planned import Row

# What the page prints and the format that it names, in the calendar's year; each is another instant than the
# one before it.
SPELLED: Mapping[str, str] = {
    "DASH-SPELLING": "{year}-02-03T04-05-06.000Z",
    "DASH-FRACTION": "{year}-02-05T05-06-07.070Z",
    "ROUNDTRIP-SPELLING": "{year}-03-04T16:06:07.0000000Z",
    "OFFSET": "{year}-04-05T06:07:08.0000000+05:30",
    "SEVEN-DIGITS": "{year}-04-25T06:07:08.0137431Z",
}
_WITH_MILLISECONDS = "{year}-05-06T07:08:09.012Z"
# Two spellings that carry all of those at once: where both are kept, nothing has to be told apart.
_PACKED: Mapping[str, tuple[str, ...]] = {
    WITH_DASHES: ("DASH-SPELLING", "DASH-FRACTION"),
    WITH_OFFSET: ("ROUNDTRIP-SPELLING", "OFFSET", "SEVEN-DIGITS", "PRECISION"),
}
# What neither page shows; the trailing zero is what trips up .NET's readers of JSON.
OTHERWISE_SPELLED: Mapping[str, str] = {
    "THREE-DIGITS": "{year}-06-07T08:09:10.012Z",
    "TRAILING-ZERO": "{year}-06-08T08:09:10.010Z",
    "NO-FRACTION": "{year}-06-09T08:09:10Z",
    "ONE-DIGIT": "{year}-06-13T08:09:10.5Z",
    "DASH-OFFSET": "{year}-06-10T08-09-10.000-03:30",
}
_NO_ZONE = "{year}-06-11T08:09:10"
_DAY = "{year}-06-12"
_TICKS_PER_MILLISECOND = TICKS_PER_SECOND // 1000
_QUARTER_OF_AN_HOUR = 900 * TICKS_PER_SECOND
_FARTHEST_ZONE = 14 * 3600 * TICKS_PER_SECOND


@scenario()
def deadlines(driver: R7Driver, subject: int, unusual_values: Mapping[str, Change]) -> Mapping[str, Change]:
    """For each spelling, an update whose deadline is spelled so; where requests are few, packed into two."""
    made: dict[str, Change] = {}
    for spelled, names in _PACKED.items():
        packed = unusual_values.get(spelled)
        if packed and stores(driver.member("deadline"), packed) is True:
            made |= dict.fromkeys(names, packed)
            continue
        for name in names:
            made[name] = _update(driver, subject, SPELLED.get(name, _WITH_MILLISECONDS))
    return made


@pytest.mark.requirement("R7-DEADLINE-{spelling}")
@pytest.mark.parametrize("spelling", SPELLED)
def test_a_deadline_is_the_same_instant_however_it_is_spelled(
    check: Check, driver: R7Driver, deadlines: Mapping[str, Change], planned: Sequence[Row], spelling: str
) -> None:
    driver.require_reads()
    made = deadlines[spelling]
    check.holds(
        made.accepted,
        lambda: Finding(
            summary=Message("deadline-refused"),
            expected=Message("updated-task"),
            observed=Message("http-status", status=made.exchange.response.status),
            exchanges=made.exchanges,
            member="deadline",
        ),
    )
    others = [one for one in _with_special_deadlines(planned) if spelling == "OFFSET" and _has_offset(one)]
    check.each([made, *others], partial(stores, driver.member("deadline")))


@pytest.mark.requirement("R7-DEADLINE-PRECISION")
def test_a_deadline_keeps_its_milliseconds(
    check: Check, driver: R7Driver, deadlines: Mapping[str, Change], planned: Sequence[Row]
) -> None:
    driver.require_reads()
    others = [one for one in _with_special_deadlines(planned) if not _has_offset(one)]
    for made in (deadlines["PRECISION"], *others):
        sent, stored = _sent_and_stored(driver, made)
        if sent is None or stored is None:
            continue  # it was refused, or the task cannot be read
        exact = abs(stored - sent) < _TICKS_PER_MILLISECOND
        to_the_second = stored in {sent // TICKS_PER_SECOND * TICKS_PER_SECOND, _rounded(sent)}
        if not exact and not to_the_second:
            raise Deviates(_another_instant(driver, made))
        if exact and to_the_second:
            continue  # the fraction is so close to a whole second that it may be kept or not
        behaviour = "exact" if exact else "second"
        if check.behaviour not in {None, behaviour} and check.expected is None:
            raise Deviates(_another_instant(driver, made))  # it keeps fractions, and not this one
        check.observe(behaviour, *made.exchanges, finding=_another_instant(driver, made))
    if not check.checked:
        raise Inconclusive(Message("milliseconds-refused"))


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-DEADLINE-{spelling}")
@pytest.mark.parametrize("spelling", OTHERWISE_SPELLED)
def test_what_is_taken_is_the_same_instant(
    check: Check, driver: R7Driver, subject: int, spelling: str
) -> None:
    driver.require_reads()
    driver.require_many_requests()
    made = _attempt(driver, subject, OTHERWISE_SPELLED[spelling])
    if made.accepted and (
        stores(driver.member("deadline"), made) is not True or not _whole_or_exact(driver, made)
    ):
        raise Deviates(_another_instant(driver, made))
    check.observe("instant" if made.accepted else "refused", *made.exchanges)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-DEADLINE-NO-ZONE")
def test_in_which_zone_a_deadline_without_one_is_taken(check: Check, driver: R7Driver, subject: int) -> None:
    driver.require_reads()
    driver.require_many_requests()
    made = _attempt(driver, subject, _NO_ZONE)
    if not made.accepted:
        check.observe("refused", *made.exchanges)
        return
    sent, stored = _sent_and_stored(driver, made)
    apart = None if sent is None or stored is None else abs(stored - sent)
    if apart is None or apart > _FARTHEST_ZONE or apart % _QUARTER_OF_AN_HOUR:
        raise Deviates(_another_instant(driver, made))
    check.observe("other-zone" if apart else "utc", *made.exchanges)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-DEADLINE-DAY-ALONE")
def test_whether_a_day_is_a_deadline(check: Check, driver: R7Driver, subject: int) -> None:
    driver.require_reads()
    driver.require_many_requests()
    made = _attempt(driver, subject, _DAY)
    if made.accepted:
        midnight = ticks(f"{made.body['deadline']}T00:00:00Z")
        _, stored = _sent_and_stored(driver, made)
        if midnight is None or stored is None or abs(stored - midnight) > 2 * _FARTHEST_ZONE:
            raise Deviates(_another_instant(driver, made))
    check.observe("accepted" if made.accepted else "refused", *made.exchanges)


def _with_special_deadlines(planned: Sequence[Row]) -> list[Change]:
    """Planned updates whose deadline has a fraction of a second, or another offset than that of UTC."""
    made = [row.whole for row in planned if "deadline" in row.whole.body]
    return [one for one in made if fraction_of(one.body["deadline"]) or _has_offset(one)]


def _has_offset(made: Change) -> bool:
    return not is_in_utc(made.body["deadline"])


def _whole_or_exact(driver: R7Driver, made: Change) -> bool:
    """Whether a deadline is kept to the millisecond, or to the second."""
    sent, stored = _sent_and_stored(driver, made)
    if sent is None or stored is None:
        return False
    seconds = {sent // TICKS_PER_SECOND * TICKS_PER_SECOND, _rounded(sent)}
    return abs(stored - sent) < _TICKS_PER_MILLISECOND or stored in seconds


def _rounded(instant: int) -> int:
    """An instant to the nearest second."""
    return (instant + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND * TICKS_PER_SECOND


def _update(driver: R7Driver, subject: int, deadline: str) -> Change:
    return driver.update(subject, _with_deadline(driver, deadline))


def _attempt(driver: R7Driver, subject: int, deadline: str) -> Change:
    return driver.attempt(subject, _with_deadline(driver, deadline))


def _with_deadline(driver: R7Driver, deadline: str) -> dict[str, Any]:
    return driver.body("updateTask") | {"deadline": deadline.format(year=driver.calendar.year)}


def _sent_and_stored(driver: R7Driver, made: Change) -> tuple[int | None, int | None]:
    """Both instants in units of 100 ns; None where the update was refused or the task cannot be read."""
    if not made.accepted or made.after is None:
        return None, None
    stored = driver.member("deadline").read_from(made.after.card)
    return ticks(str(made.body["deadline"])), stored if isinstance(stored, int) else None


def _another_instant(driver: R7Driver, made: Change) -> Finding:
    deadline = driver.member("deadline")
    return Finding(
        summary=Message("deadline-altered"),
        expected=str(made.body["deadline"]),
        observed=made.after.raw(deadline) if made.after else Message("no-task"),
        exchanges=made.exchanges,
        member="deadline",
    )
