from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.generation.planfix_updates import UNKNOWN_ID
from etalon.judging.planfix.evidence import Probe, Refusals
from etalon.judging.planfix.rules import changes_nothing, is_refused
from etalon.judging.verdicts import NotApplicable
from etalon.portals.planfix.answers import accepted, error_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.planfix.evidence import Step
    from etalon.labs.planfix import Lab, Members, Tasks

DAILY: Members = {"type": "EVERY", "shift": 1}
WEEKLY: Members = {"type": "EVERY", "shift": 1, "days": "1"}

# What is wrong with an update → why, after "although"; and the wrong member. Each goes beside a sound title.
WRONG: Mapping[str, tuple[str, Members]] = {
    "BAD-IMPORTANCE": ("the importance is not one of those listed", {"importance": "EXTREME"}),
    "BAD-STATUS": ("there is no such status", {"status": "SLEEPING"}),
    "BAD-CHECKRESULT": ("the flag is neither 0 nor 1", {"checkResult": "2"}),
    "BAD-DATE": ("the date has another form", {"startTime": "2031-03-05T09:00"}),
    "IMPOSSIBLE-DATE": ("no February has 30 days", {"endTime": "30-02-2031"}),
    "UNKNOWN-OWNER": ("there is no such user", {"owner": {"id": UNKNOWN_ID}}),
    "UNKNOWN-PARENT": ("there is no such task", {"parent": {"id": UNKNOWN_ID}}),
    "UNKNOWN-PROJECT": ("there is no such project", {"project": {"id": UNKNOWN_ID}}),
    "UNKNOWN-CLIENT": ("there is no such client", {"client": {"id": UNKNOWN_ID}}),
    "UNKNOWN-USER": ("there is no such user", {"workers": {"addUsers": {"id": UNKNOWN_ID}}}),
    "UNKNOWN-GROUP": ("there is no such group", {"workers": {"addGroups": {"id": UNKNOWN_ID}}}),
    "END-BEFORE-START": (
        "the end lies before the start",
        {"startTime": "09-09-2031 10:00", "endTime": "08-09-2031 10:00"},
    ),
    "TWO-KINDS": ("the periodicity has two kinds", {"periodicity": {"daily": DAILY, "weekly": WEEKLY}}),
    "NO-KIND": ("the periodicity has no kind", {"periodicity": {"startDate": "06-03-2031"}}),
    "BAD-KIND-TYPE": (
        "the type of repetition is not one of those listed",
        {"periodicity": {"daily": {"type": "SOMETIMES", "shift": 1}}},
    ),
    "BAD-WEEKDAY": (
        "a week has no day 8",
        {"periodicity": {"weekly": {"type": "EVERY", "shift": 1, "days": "1,8"}}},
    ),
}
MISSING = "MISSING-ID"


@pytest.fixture(scope="session")
def wrong_updates(
    lab: Lab, tasks: Tasks, changes: Mapping[str, Step], unknown_task: Probe
) -> tuple[Mapping[str, Probe], Sequence[Refusals]]:
    """Updates that have to be refused, and the task around them."""
    del changes  # the task has all its members by now
    made: dict[str, Probe] = {}

    def send(name: str) -> Probe:
        title: Members = {"title": lab.text()}
        if name == MISSING:
            made[name] = Probe(name, "no task is named", lab.client.update_task(None, title))
        else:
            why, wrong = WRONG[name]
            made[name] = Probe(name, why, lab.client.update_task(tasks.subject, {**title, **wrong}))
        return made[name]

    refusals = lab.refusals(tasks.subject, [partial(send, name) for name in (*WRONG, MISSING)])
    return {**made, unknown_task.name: unknown_task}, refusals


@pytest.mark.requirement("PF-REFUSES-{wrong}")
@pytest.mark.parametrize("wrong", [*WRONG, MISSING, "UNKNOWN-ID"])
def test_a_wrong_update_is_refused(
    check: Check, wrong_updates: tuple[Mapping[str, Probe], Sequence[Refusals]], wrong: str
) -> None:
    check.each([wrong_updates[0][wrong]], is_refused)


@pytest.mark.requirement("PF-REFUSED-UPDATE-CHANGES-NOTHING")
def test_a_refused_update_changes_nothing(
    check: Check,
    lab: Lab,
    wrong_updates: tuple[Mapping[str, Probe], Sequence[Refusals]],
    explored: Sequence[Step],
) -> None:
    lab.require_reads()
    drawn = [
        Refusals(step.before, (Probe("DRAWN", "the portal found it wrong", step.update),), step.after)
        for step in explored
        if step.before and step.after and not step.accepted
    ]
    refusals = [*wrong_updates[1], *drawn]
    if not refusals:
        raise NotApplicable("the portal refuses none of the wrong updates, so there is nothing to undo")
    check.each(refusals, changes_nothing, shrink=lab.single_refusals)


@pytest.mark.requirement("PF-CODE-{wrong}")
@pytest.mark.parametrize("wrong", ["MISSING-ID", "UNKNOWN-ID", "TWO-KINDS", "END-BEFORE-START"])
def test_with_which_code_a_wrong_update_is_refused(
    check: Check, wrong_updates: tuple[Mapping[str, Probe], Sequence[Refusals]], wrong: str
) -> None:
    exchange = wrong_updates[0][wrong].exchange
    if accepted(exchange):
        raise NotApplicable("the portal does not refuse it")
    code = error_code(exchange)
    check.observe(code if code in check.requirement.behaviours else "other", exchange)


@pytest.mark.requirement("PF-OWN-PARENT")
def test_whether_a_task_may_be_its_own_parent(
    check: Check, lab: Lab, tasks: Tasks, changes: Mapping[str, Step]
) -> None:
    del changes  # the parent is set by now
    lab.require_reads()
    exchange = lab.client.update_task(tasks.subject, {"parent": {"id": tasks.subject}})
    if not accepted(exchange):
        check.observe("refused", exchange)
        return
    now = lab.reread(tasks.subject)
    took = now is not None and now.members.get("parent") == tasks.subject
    check.observe("accepted" if took else "ignored", exchange)
    lab.update(tasks.subject, {"parent": {"id": tasks.parent}})
