from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import Deviates, Finding, Inconclusive
from etalon.messages import Message
from etalon.resources.values import Moment, Value
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging import periodicity
from etalon.vendors.planfix.judging.rules import refusal, stores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver

DATES: Mapping[str, Callable[[Moment], bool]] = {
    "FULL": lambda moment: moment.timed and bool(moment.at.hour and moment.at.minute),
    "MIDNIGHT": lambda moment: moment.timed and not moment.at.hour and not moment.at.minute,
    "LEAP-DAY": lambda moment: (moment.at.month, moment.at.day) == (2, 29),
}


@pytest.mark.requirement("PF-DATES-{form}")
@pytest.mark.parametrize("form", DATES)
def test_a_date_comes_back_with_its_precision(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change], form: str
) -> None:
    driver.require_reads()
    check.each([(place, step) for step in steps for place in _places(step, DATES[form])], _comes_back)


@pytest.mark.requirement("PF-DATES-SHORT")
def test_a_date_without_a_time_comes_back_as_its_day(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change]
) -> None:
    driver.require_reads()
    for step in steps:
        for place in _places(step, lambda moment: not moment.timed):
            outcome = _comes_back((place, step))
            if isinstance(outcome, Finding):
                raise Deviates(outcome)
            got = _shown_at(place, step)
            if outcome and isinstance(got, Moment):
                check.observe("timed" if got.timed else "short", *step.exchanges)
    if not check.checked:
        raise Inconclusive(Message("no-short-date-read"))


@pytest.mark.requirement("PF-DATES-START-IS-END")
def test_a_task_may_start_when_it_ends(
    check: Check, driver: PlanFixDriver, changes: Mapping[str, Change], steps: Sequence[Change]
) -> None:
    both = [step for step in steps if _starts_when_it_ends(step) and step is not changes["instant"]]
    check.each([changes["instant"], *both], _same_moment)
    if driver.traces.reads:
        places = [(place, step) for step in both for place in ("startTime", "endTime")]
        check.each(places, _comes_back, otherwise=Message("no-short-date-read")) if places else None


def _places(step: Change, wanted: Callable[[Moment], bool]) -> list[str]:
    """Where an update sends such a date: members of the task, and paths inside its periodicity."""
    sent = {member: step.patch.sets.get(member) for member in ("startTime", "endTime")}
    sent |= periodicity.moments(step)
    return [place for place, value in sent.items() if isinstance(value, Moment) and wanted(value)]


def _shown_at(place: str, step: Change) -> Value:
    members = step.after.members if step.after else {}
    repeats = members.get("periodicity")
    return repeats.get(place) if isinstance(repeats, Mapping) and place not in members else members.get(place)


def _comes_back(piece: tuple[str, Change]) -> Finding | bool | None:
    place, step = piece
    repeats = periodicity.moments(step)
    if place in repeats:
        return periodicity.parts(step, {place: repeats[place]})
    return stores(place, step)


def _starts_when_it_ends(step: Change) -> bool:
    start, end = (step.patch.sets.get(member) for member in ("startTime", "endTime"))
    return isinstance(start, Moment) and start == end


def _same_moment(step: Change) -> Finding | bool | None:
    if step.accepted:
        return True
    return refusal(task().member("endTime"), step, beside=frozenset({"startTime"}))
