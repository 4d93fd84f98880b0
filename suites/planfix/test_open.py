"""What the pages leave open: recorded, and judged only where a target pins it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.vendors.planfix.judging import behaviours
from etalon.vendors.planfix.scenarios.open import EMPTY, below_its_child

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver, Tasks
    from suites.planfix.conftest import Listed


@pytest.mark.requirement("PF-STATUS-VALUES")
def test_which_statuses_can_be_set(check: Check, driver: PlanFixDriver, listed: Listed) -> None:
    driver.require_thorough()
    behaviour = behaviours.values_taken(listed.statuses, "status")
    if behaviour is None:
        raise Inconclusive(Message("no-status-sent"))
    check.observe(behaviour, *(step.exchange for step in listed.statuses))


@pytest.mark.requirement("PF-STATUS-BY-NUMBER")
def test_whether_a_status_may_be_a_number(check: Check, driver: PlanFixDriver, listed: Listed) -> None:
    driver.require_thorough()
    driver.require_shown("status")
    _observe(check, listed.by_number, partial(behaviours.took, "status"))


@pytest.mark.requirement("PF-EMPTY-{member}")
@pytest.mark.parametrize("member", EMPTY)
def test_what_becomes_of_a_member_that_is_sent_empty(
    check: Check, driver: PlanFixDriver, emptied: Mapping[str, Change], member: str
) -> None:
    driver.require_thorough()
    driver.require_reads()
    behaviour = behaviours.emptied(member, emptied[member])
    if behaviour is None:
        raise NotApplicable(Message("nothing-to-clear", member=member))
    check.observe(behaviour, *emptied[member].exchanges)


def _project_zero(step: Change) -> str | None:
    if step.accepted and step.before is not None and not step.before.holds("project"):
        return None  # there is no project to be detached from
    how = behaviours.emptied("project", step)
    return {"clear": "detached", "keep": "ignored", "reject": "refused"}.get(how, how) if how else None


def _misplaced(step: Change) -> str | None:
    return behaviours.beside(step)


def _unknown(step: Change) -> str | None:
    how = behaviours.beside(step, {"title", *step.patch.sets})
    return "other" if how == "applied" else how


def _twice(step: Change) -> str | None:
    return behaviours.first_or_last("title", step)


ODD: Mapping[str, Callable[[Change], str | None]] = {
    "ELEMENT-TWICE": _twice,
    "UNKNOWN-ELEMENT": _unknown,
    "MISPLACED-ELEMENT": _misplaced,
    "DEEP-NESTING": _unknown,
    "WEEKDAY-TWICE": partial(behaviours.named_twice, 3),
    "LARGE-TEXT": partial(behaviours.length_kept, "description"),
    "IMPORTANCE-BY-NUMBER": partial(behaviours.took, "importance"),
    "PROJECT-ZERO": _project_zero,
}


@pytest.mark.requirement("PF-{what}")
@pytest.mark.parametrize("what", ODD)
def test_what_becomes_of_an_odd_update(
    check: Check, driver: PlanFixDriver, odd: Mapping[str, Change], what: str
) -> None:
    driver.require_thorough()
    driver.require_reads()
    for name, step in odd.items():
        if name == what or name.startswith(f"{what}/"):
            _observe(check, step, ODD[what])


@pytest.mark.requirement("PF-OWN-PARENT")
def test_whether_a_task_may_be_its_own_parent(
    check: Check, driver: PlanFixDriver, tasks: Tasks, odd: Mapping[str, Change]
) -> None:
    driver.require_thorough()
    driver.require_reads()
    _observe(check, odd["OWN-PARENT"], partial(behaviours.put_below, tasks.subject))


@pytest.mark.usefixtures("emptied")  # nothing else needs the two tasks any more
@pytest.mark.requirement("PF-CHILD-AS-PARENT")
def test_whether_a_task_may_be_put_below_its_child(check: Check, driver: PlanFixDriver, tasks: Tasks) -> None:
    driver.require_thorough()
    driver.require_reads()
    step = below_its_child(driver, tasks.parent, tasks.subject)
    _observe(check, step, partial(behaviours.put_below, tasks.subject))


def _observe(check: Check, step: Change | None, behaviour_of: Callable[[Change], str | None]) -> None:
    behaviour = behaviour_of(step) if step else None
    if step is None or behaviour is None:
        raise Inconclusive(Message("shows-too-little"))
    check.observe(behaviour, *step.exchanges)
