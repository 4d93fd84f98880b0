from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.judging.together import Rush, none_lost
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.resources.patch import json_patch
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.judging.evidence import change_of, reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.r7.scenarios.driver import R7Driver

CREATE, UPDATE = "createTask", "updateTask"
_TOGETHER = 2


@pytest.mark.requirement("R7-CONCURRENT-UPDATES")
def test_updates_of_different_members_at_the_same_time_are_both_kept(
    check: Check, driver: R7Driver, subject: int, treatment: Mapping[str, str], omissions: Sequence[Change]
) -> None:
    driver.require_reads()
    driver.require_many_requests()
    kept = [member for member in driver.members if treatment.get(member.name) == "keep"]
    if not kept or not all(made.accepted for made in omissions):
        raise NotApplicable(Message("keeps-nothing-unsent"))
    values = driver.body(UPDATE)
    halves = [
        driver.only(
            values, *(member.name for place, member in enumerate(driver.members) if place % 2 == half)
        )
        for half in (0, 1)
    ]
    before, at = driver.latest(subject), driver.client.task_at(subject)
    answers = driver.together([("updateTask", "PUT", f"/crm/task/{at}", body, at) for body in halves])
    driver.traces.forget(subject)
    now = driver.reread(subject)
    if before is None or now is None or not all(answer.response.ok for answer in answers):
        raise Inconclusive(Message("one-of-two-updates-refused"))
    together = tuple(change_of(body, answer) for body, answer in zip(halves, answers, strict=True))
    rush = Rush(before, (together,), now)
    check.each(kept, lambda member: none_lost(driver.resource, rush, {member.name}))


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-CONCURRENT-CREATES")
def test_creations_at_the_same_time_make_different_tasks(check: Check, driver: R7Driver) -> None:
    driver.require_many_requests()
    bodies = [driver.body(CREATE) for _ in range(_TOGETHER)]
    with driver.client.scratch.making():
        answers = driver.together([("createTask", "POST", "/crm/task", body, None) for body in bodies])
        ids = [made for answer in answers if answer.response.ok and (made := task_id(answer)) is not None]
        driver.client.adopt({one.number: (one, body) for one, body in zip(answers, bodies, strict=True)})
    if len(ids) < _TOGETHER:
        raise Inconclusive(Message("one-of-several-creations-refused"))
    check.holds(
        len(set(ids)) == len(ids),
        lambda: Finding(
            summary=Message("concurrent-creations-with-one-id"),
            expected=Message("different-ids"),
            observed=", ".join(map(str, ids)),
            exchanges=tuple(answers),
            member="id",
        ),
    )
    if not driver.traces.reads:
        return  # that each has its own values cannot be seen
    title = driver.member("title")
    # Read at the same time, too: each has to be itself.
    reads = driver.together([("getTask", "GET", f"/crm/task/{task}", None, task) for task in ids])

    def rule(place: int) -> Finding | bool | None:
        seen = reading(reads[place])
        written = json_patch(driver.resource, CREATE, bodies[place]).sets.get(title.name)
        if seen is None or written is None:
            return None  # what cannot be read is another requirement
        return title.same(seen.value_of(title), written) or Finding(
            summary=Message("concurrent-creations-mixed"),
            expected=str(written),
            observed=seen.raw(title),
            exchanges=(*answers, seen.exchange),
            member="title",
        )

    check.each(range(_TOGETHER), rule)
