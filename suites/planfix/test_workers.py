from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import Inconclusive
from etalon.messages import Message
from etalon.vendors.planfix.judging import workers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.judging.verdicts import Finding
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver

    Rule = Callable[[Change], Finding | bool | None]

# Requirement → its rule.
RULES: Mapping[str, Rule] = {
    "ADD-USERS": partial(workers.added, team="users"),
    "ADD-GROUPS": partial(workers.added, team="groups"),
    "ADD-IS-UNION": workers.union,
    "ADD-TWICE": workers.added_again,
    "ANY-ORDER": workers.in_any_order,
    "DEL-USERS": partial(workers.deleted, team="users"),
    "DEL-GROUPS": partial(workers.deleted, team="groups"),
    "ADD-AND-DEL": workers.added_and_deleted,
    "USERS-AND-GROUPS": workers.users_and_groups,
    "GROUPS-STAY": partial(workers.others_stay, changed="users", other="groups"),
    "USERS-STAY": partial(workers.others_stay, changed="groups", other="users"),
}
# Changes of which the second takes back what the first has added.
UNDONE = (("add-again", "delete-added"),)


@pytest.mark.requirement("PF-WORKERS-{change}")
@pytest.mark.parametrize("change", RULES)
def test_workers_change_as_asked(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change], change: str
) -> None:
    for team in ("users", "groups"):
        driver.require_shown(team)
    rule = RULES[change]
    check.each(steps, rule, shrink=driver.smaller(rule), otherwise=_too_few(driver))


@pytest.mark.requirement("PF-WORKERS-ADD-THEN-DEL")
def test_deleting_undoes_adding(check: Check, driver: PlanFixDriver, changes: Mapping[str, Change]) -> None:
    for team in ("users", "groups"):
        driver.require_shown(team)
    pairs = [(changes[first], changes[last]) for first, last in UNDONE if {first, last} <= set(changes)]
    check.each(pairs, workers.restored, otherwise=_too_few(driver))


@pytest.mark.requirement("PF-WORKERS-DEL-NON-MEMBER")
def test_what_deleting_a_stranger_does(check: Check, driver: PlanFixDriver, steps: Sequence[Change]) -> None:
    driver.require_shown("users")
    _observe(check, driver, steps, workers.non_worker_deleted)


@pytest.mark.requirement("PF-WORKERS-ADD-AND-DEL-SAME")
def test_what_adding_and_deleting_one_user_does(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change]
) -> None:
    driver.require_shown("users")
    driver.require_thorough()
    _observe(check, driver, steps, workers.added_and_deleted_at_once)


def _observe(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change], behaviour_of: Callable[[Change], str | None]
) -> None:
    for step in steps:
        behaviour = behaviour_of(step)
        if behaviour is not None:
            check.observe(behaviour, *step.exchanges)
            return  # one is enough to know it, and the first is the plainest
    raise Inconclusive(_too_few(driver))


def _too_few(driver: PlanFixDriver) -> Message:
    if len(driver.known["users"]) > 2 and len(driver.known["groups"]) > 1:
        return Message("workers-never-allowed")
    name = driver.client.target.name
    return Message("too-few-workers-known", target=name)
