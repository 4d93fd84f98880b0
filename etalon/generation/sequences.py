"""Sequences of changes to tasks, planned before any of them is sent.

A machine's rules send nothing: each appends a step to a plan and moves a model of the tasks on, so that what
comes next is drawn with an eye to what the tasks hold by then. Steps name tasks by index; ids are bound when
the plan is executed. A plan is data: it can be executed twice, judged, and made smaller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

from hypothesis import Phase, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from etalon.generation.drawing import NOT_A_TEST, REPEATABLE_BACKEND
from etalon.generation.shrinking import smallest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from etalon.generation.shrinking import Attempts

Step = TypeVar("Step")

# Of the plans of both families, four in five have all their steps.
_SPARE: Final = 4


class Planner(RuleBasedStateMachine, Generic[Step]):
    """A machine whose rules plan; each family of portals gives it rules, and a model that they move on.

    A rule may use drawn values and the model, nothing else: the same seed must give the same plan in every
    process.

    Attributes:
        plan: the steps so far.
    """

    def __init__(self) -> None:
        super().__init__()
        self.plan: list[Step] = []


def draw_plans(machine: type[Planner[Step]], count: int, length: int, seed_: int) -> list[tuple[Step, ...]]:
    """Draws plans that the seed alone decides.

    Args:
        machine: plans one sequence; made anew for each, without arguments.
        count: how many plans, at least 0.
        length: the most steps of a plan; with rules that can always go on, each plan has as many.
        seed_: any integer.

    Returns:
        Exactly `count` plans, the longest of those that were drawn: Hypothesis ends one early that has used
        up its share of randomness, as on long texts. None where the machine never plans a step.

    Raises:
        ValueError: `count` is negative, or `length` is below 1.
    """
    if count < 0 or length < 1:
        raise ValueError(f"cannot draw {count} plans of {length} steps")
    if count == 0:
        return []
    plans: list[tuple[Step, ...]] = []

    class Collecting(machine):  # type: ignore[valid-type, misc]  # the machine is known at run time only
        def teardown(self) -> None:
            super().teardown()
            plans.append(tuple(self.plan))

    run_state_machine_as_test(
        seed(seed_)(Collecting),
        settings=settings(
            backend=REPEATABLE_BACKEND,
            database=None,
            deadline=None,
            derandomize=False,
            # Hypothesis begins with the simplest plan, one rule over and over, which tells little.
            max_examples=count + count // 2 + _SPARE,
            phases=(Phase.generate,),
            print_blob=False,
            stateful_step_count=length,
            suppress_health_check=NOT_A_TEST,
            verbosity=Verbosity.quiet,
        ),
    )
    drawn = sorted(plans[1:] or plans, key=len, reverse=True)
    telling = [plan for plan in drawn[:count] if plan] or [plan for plan in plans if plan]
    return [telling[index % len(telling)] for index in range(count)] if telling else []


def smallest_plan(
    plan: Sequence[Step],
    possible: Callable[[Sequence[Step]], bool],
    fails: Callable[[Sequence[Step]], bool],
    attempts: Attempts,
) -> tuple[Step, ...]:
    """A part of a failing plan that still fails, as small as the attempts allow.

    Args:
        plan: a plan that fails.
        possible: whether a part can be executed: what its steps need is there without the steps that are
            left out. One that cannot costs no attempt.
        fails: executes a part, and says whether it shows the failure.
        attempts: how many parts may be executed.
    """

    def steps(places: Sequence[int]) -> list[Step]:
        return [plan[place] for place in places]

    found = smallest(
        range(len(plan)),
        lambda places: fails(steps(places)),
        attempts,
        possible=lambda places: possible(steps(places)),
    )
    return tuple(steps(found))
