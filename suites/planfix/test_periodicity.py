from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import Inconclusive
from etalon.messages import Message
from etalon.vendors.planfix.judging import periodicity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.judging.verdicts import Finding
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver

    Rule = Callable[[Change], Finding | bool | None]

RULES: Mapping[str, Rule] = {
    "DAILY-EVERY": partial(periodicity.rule_of, "daily", "EVERY"),
    "DAILY-EVERY-WORKING": partial(periodicity.rule_of, "daily", "EVERY_WORKING"),
    "DAILY-AFTER-COMPLETE": partial(periodicity.rule_of, "daily", "AFTER_COMPLETE"),
    "WEEKLY-EVERY": partial(periodicity.rule_of, "weekly", "EVERY"),
    "WEEKLY-AFTER-COMPLETE": partial(periodicity.rule_of, "weekly", "AFTER_COMPLETE"),
    "MONTHLY-EVERY": partial(periodicity.rule_of, "monthly", "EVERY"),
    "MONTHLY-EXACT": partial(periodicity.rule_of, "monthly", "EXACT"),
    "MONTHLY-AFTER-COMPLETE": partial(periodicity.rule_of, "monthly", "AFTER_COMPLETE"),
    "WEEKDAYS": partial(periodicity.named_days, "days"),
    "DAY-TYPES": partial(periodicity.named_days, "dayType"),
    "START-DATE": partial(periodicity.part_of, ("startDate",)),
    "ENDLESS": partial(periodicity.part_of, ("endCondition/type",), end="ENDLESS"),
    "BY-COUNT": partial(
        periodicity.part_of, ("endCondition/type", "endCondition/repeatCount"), end="BYCOUNT"
    ),
    "BY-END-DATE": partial(periodicity.part_of, ("endCondition/type", "endCondition/date"), end="BYENDDATE"),
    "NOTIFY": partial(periodicity.part_of, ("notify/type", "notify/day")),
    "ONE-KIND": periodicity.one_kind,
}


@pytest.mark.requirement("PF-PERIODICITY-{part}")
@pytest.mark.parametrize("part", RULES)
def test_a_periodicity_is_read_back(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change], part: str
) -> None:
    driver.require_shown("periodicity")
    if part == "MONTHLY-AFTER-COMPLETE":
        driver.require_thorough()
    rule = RULES[part]
    check.each(steps, rule, shrink=driver.smaller(rule))


@pytest.mark.requirement("PF-PERIODICITY-UNSET")
def test_unset_removes_a_periodicity(check: Check, driver: PlanFixDriver, steps: Sequence[Change]) -> None:
    _unset(check, driver, [step for step in steps if periodicity.unset_by(step) == ("1", False)])


@pytest.mark.requirement("PF-PERIODICITY-UNSET-ANY-VALUE")
def test_unset_counts_whatever_its_value(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change]
) -> None:
    _unset(check, driver, [step for step in steps if periodicity.unset_by(step)[0] not in {None, "1"}])


@pytest.mark.requirement("PF-PERIODICITY-UNSET-CONTENT")
def test_unset_makes_the_content_irrelevant(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change]
) -> None:
    _unset(check, driver, [step for step in steps if periodicity.unset_by(step)[1]])


@pytest.mark.requirement("PF-PERIODICITY-REPLACED-WHOLE")
def test_a_periodicity_is_replaced_as_a_whole(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change]
) -> None:
    driver.require_shown("periodicity")
    for step in steps:
        behaviour = periodicity.replaced(step)
        if behaviour is not None:
            check.observe(behaviour, *step.exchanges)
    if not check.checked:
        raise Inconclusive(Message("no-part-of-periodicity-left-out"))


def _unset(check: Check, driver: PlanFixDriver, steps: Sequence[Change]) -> None:
    driver.require_shown("periodicity")
    check.each(steps, periodicity.unset, shrink=driver.smaller(periodicity.unset))
