from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from etalon.generation.sequences import Planner, draw_plans, smallest_plan
from etalon.generation.shrinking import Attempts

if TYPE_CHECKING:
    from collections.abc import Sequence

ENOUGH = 10_000
Step = tuple[str, int]


class Lights(Planner[Step]):
    """Three lights; one that is off can be switched on, one that is on can be coloured."""

    def __init__(self) -> None:
        super().__init__()
        self.on: set[int] = set()

    @rule(light=st.integers(0, 2))
    def switch(self, light: int) -> None:
        self.on ^= {light}
        self.plan.append(("switch", light))

    @precondition(lambda self: self.on)
    @rule(data=st.data(), colour=st.integers(0, 9))
    def colour(self, data: st.DataObject, colour: int) -> None:
        light = data.draw(st.sampled_from(sorted(self.on)))
        self.plan.append(("colour", 10 * light + colour))


class Mute(Planner[Step]):
    @rule()
    def say_nothing(self) -> None:
        pass


def possible(plan: Sequence[Step]) -> bool:
    on: set[int] = set()
    for what, light in plan:
        if what == "switch":
            on ^= {light}
        elif light // 10 not in on:
            return False
    return True


@pytest.mark.parametrize("seed", range(5))
def test_plans_keep_to_the_machine_and_fill_their_length(seed: int) -> None:
    plans = draw_plans(Lights, 6, 12, seed)
    assert len(plans) == 6
    assert all(len(plan) == 12 and possible(plan) for plan in plans)
    assert len(set(plans)) > 1
    assert any(what == "colour" for plan in plans for what, _ in plan)


def test_the_seed_alone_decides() -> None:
    assert draw_plans(Lights, 3, 8, 7) == draw_plans(Lights, 3, 8, 7) != draw_plans(Lights, 3, 8, 8)


def test_other_processes_draw_the_same_plans() -> None:
    code = (
        "import random, json; random.seed(99)\n"
        "from tests.test_sequences import Lights, draw_plans\n"
        "print(json.dumps(draw_plans(Lights, 2, 6, 3)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == str(
        [[list(step) for step in plan] for plan in draw_plans(Lights, 2, 6, 3)]
    ).replace("'", '"')


def test_a_machine_without_steps_gives_no_plans() -> None:
    assert draw_plans(Mute, 3, 4, 1) == []
    assert draw_plans(Lights, 0, 4, 1) == []
    with pytest.raises(ValueError, match="cannot draw -1 plans"):
        draw_plans(Lights, -1, 4, 1)


@pytest.mark.parametrize("seed", range(20))
def test_a_failing_plan_shrinks_to_the_steps_that_matter(seed: int) -> None:
    [plan] = draw_plans(Lights, 1, 25, seed)
    wanted = next((step for step in plan if step[0] == "colour"), None)
    if wanted is None:
        return
    asked: list[Sequence[Step]] = []

    def fails(part: Sequence[Step]) -> bool:
        asked.append(part)
        return wanted in part

    found = smallest_plan(plan, possible, fails, Attempts(ENOUGH))
    assert list(found) == [("switch", wanted[1] // 10), wanted]
    assert all(possible(part) for part in asked)


def test_plans_that_are_not_possible_cost_no_attempt() -> None:
    plan = [("switch", 0), ("switch", 1), ("colour", 5), ("colour", 6)]
    attempts = Attempts(3)
    assert smallest_plan(plan, lambda _: False, lambda _: True, attempts) == tuple(plan)
    assert attempts.left == 3
    assert smallest_plan(plan, lambda part: len(part) == 2, lambda _: True, attempts) == tuple(plan[:2])
    assert attempts.left == 2
