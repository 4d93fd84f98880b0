from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from etalon.judging.reads import read_again, shows_the_same
from etalon.judging.rules import fixed, stays
from etalon.judging.verdicts import Deviates, Finding, NotApplicable, NotTestable
from etalon.messages import Message
from etalon.vendors.planfix.answers import accepted, answer_of
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging.evidence import reading
from etalon.vendors.planfix.judging.laws import names_the_task
from etalon.vendors.planfix.scenarios.driver import NEIGHBOUR, PARENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Reading, Watch
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver, Tasks

NAMES = {"CREATED": "beginDateTime", "NUMBER": "general"}


@pytest.mark.requirement("PF-{name}-NEVER-CHANGES")
@pytest.mark.parametrize("name", NAMES)
def test_no_update_changes_what_the_portal_gave(
    check: Check, driver: PlanFixDriver, tasks: Tasks, steps: Sequence[Change], name: str
) -> None:
    driver.require_reads()
    member = NAMES[name]
    of_task: dict[int | None, list[Reading]] = {tasks.subject: [tasks.first[tasks.subject]]}
    for after in (step.after for step in steps if step.after):
        of_task.setdefault(after.exchange.subject, []).append(after)
    readings = [one for of_one in of_task.values() for one in of_one]
    if not any(member in one.managed for one in readings):
        raise NotApplicable(Message("cards-never-show", member=member))
    pairs = [pair for of_one in of_task.values() for pair in pairwise(of_one)]
    check.each(pairs, lambda pair: fixed(task().member(member), *pair))


@pytest.mark.requirement("PF-CREATION-GIVES-NEW-ID")
def test_every_created_task_has_an_id_of_its_own(
    check: Check, driver: PlanFixDriver, request: pytest.FixtureRequest
) -> None:
    with suppress(NotTestable):
        request.getfixturevalue("tasks")  # their creations
    if driver.foreign:
        raise Deviates(driver.foreign)
    made = [one for one in driver.client.transport.journal if one.operation == "task.add" and accepted(one)]
    if not made:
        raise NotApplicable(Message("run-created-no-task"))
    ids = [answer_of(one).task_id for one in made]
    check.holds(
        len(set(ids)) == len(ids),
        lambda: Finding(
            Message("two-tasks-one-id"),
            Message("an-id-each"),
            ", ".join(map(str, ids)),
            exchanges=tuple(made),
        ),
    )


@pytest.mark.usefixtures("tasks")
@pytest.mark.after_all
@pytest.mark.requirement("PF-READ-NAMES-THE-TASK")
def test_a_read_answers_the_task_that_was_asked_for(check: Check, driver: PlanFixDriver) -> None:
    driver.require_reads()
    check.each(driver.client.transport.journal, partial(names_the_task, function="task.get"))


@pytest.mark.after_all
@pytest.mark.usefixtures("steps")
@pytest.mark.requirement("PF-READS-AGREE")
def test_two_reads_of_a_task_agree(check: Check, driver: PlanFixDriver) -> None:
    driver.require_reads()
    driver.require_thorough()
    if driver.client.target.settle:
        raise NotApplicable(Message("settles-in-time"))
    found = read_again(driver.client.transport.journal, reading, {"task.get", "task.getList"})
    check.each(found, partial(shows_the_same, task()))


@pytest.mark.after_all
@pytest.mark.requirement("PF-{role}-UNTOUCHED")
@pytest.mark.parametrize("role", ["neighbour", "parent"])
def test_no_other_task_is_touched(
    check: Check, driver: PlanFixDriver, halfway: Sequence[Watch], finally_watched: Sequence[Watch], role: str
) -> None:
    driver.require_reads()
    of_role = {"neighbour": NEIGHBOUR, "parent": PARENT}[role]
    check.each([one for one in (*halfway, *finally_watched) if one.role == of_role], partial(stays, task()))


@pytest.mark.requirement("PF-CHILD-UNTOUCHED")
def test_no_child_is_touched(check: Check, driver: PlanFixDriver, below: Sequence[Watch]) -> None:
    driver.require_reads()
    driver.require_thorough()
    if "task.add" in driver.client.target.lacks:
        raise NotApplicable(Message("lent-task-not-updated"))
    check.each(below, partial(stays, task()))
