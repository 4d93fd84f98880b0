from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.generation.packing import packed_body
from etalon.generation.sequences import draw_plans
from etalon.generation.spending import rounds
from etalon.judging.rules import REJECT
from etalon.vendors.r7.generation.sequences import ended, task_planner
from etalon.vendors.r7.scenarios.sequences import execute, smaller

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.verdicts import Finding
    from etalon.profiles import Profile
    from etalon.vendors.r7.scenarios.driver import R7Driver

CREATE, UPDATE = "createTask", "updateTask"
_STEPS = 3  # beside the creations that a plan begins with
_DEAREST = 24  # requests of a plan, the reads at its end and the removal of its tasks included
_UPDATES_A_PLAN = 12  # of the updates that a profile explores


@pytest.mark.spends_the_rest
@pytest.mark.requirement("R7-SEQUENCES")
def test_any_sequence_leaves_what_a_model_predicts(
    check: Check, driver: R7Driver, treatment: Mapping[str, str], *, profile: Profile, seed: int
) -> None:
    driver.require_reads()
    driver.require_many_requests()

    def body(operation: str, number: int) -> dict[str, Any]:
        whole = packed_body(driver.document, operation, number, driver.plain_text, driver.calendar)
        return {name: value for name, value in whole.items() if driver.may_send(operation, name)}

    sendable = [member for member in driver.members if driver.can_send(member)]
    mandatory = [member for member in sendable if treatment.get(member.name) == REJECT]
    deletes = "task.delete" not in driver.client.target.lacks
    planner = task_planner(
        lambda number: body(CREATE, number),
        lambda number: body(UPDATE, number),
        [member.parameters(UPDATE) for member in sendable],
        [name for member in mandatory for name in member.parameters(UPDATE)],
        deletes=deletes,
    )

    def drawn(count: int, seed: int) -> Iterator[Sequence[Any]]:
        for plan in draw_plans(planner, count, _STEPS, seed):
            yield ended(plan) if deletes else plan

    def plans() -> Iterator[Sequence[Any]]:
        yield from drawn(profile.explored // _UPDATES_A_PLAN, seed)
        if profile.exhaustive:
            transport = driver.client.transport
            for number, most in rounds(transport, dearest=_DEAREST, held_back=profile.shrinking):
                yield from drawn(most, seed + number)

    def rule(plan: Sequence[Any]) -> Finding | bool:
        return execute(driver, plan, treatment) or True

    check.each(
        plans(), rule, size=len, shrink=lambda plan, finding: smaller(driver, plan, treatment, finding)
    )
