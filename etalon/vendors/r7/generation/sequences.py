"""Sequences of creations, updates, reads and deletions of R7 tasks, planned before any of them is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from etalon.generation.sequences import Planner
from etalon.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Action = Literal["create", "update", "read", "delete"]

_FEWEST_TASKS = 2
_MOST_TASKS = 3
_MOST_VALUES = 1000


@dataclass(frozen=True, slots=True)
class TaskStep:
    """One step of a plan.

    Attributes:
        task: which of the plan's tasks, counted from 0 in the order of their making.
        body: what a creation or an update sends.
    """

    action: Action
    task: int
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says(self) -> Message:
        """The step in a few words, for the numbered list of a finding."""
        name, sent = self.task + 1, tuple(self.body)
        match self.action:
            case "create" if sent:
                return Message("step-create-task-with", name=name, sent=sent)
            case "create":
                return Message("step-create-task", name=name)
            case "update" if sent:
                return Message("step-update-task-with", name=name, sent=sent)
            case "update":
                return Message("step-update-task", name=name)
            case "read":
                return Message("step-read-task", name=name)
            case "delete":
                return Message("step-delete-task", name=name)


def task_planner(
    create: Callable[[int], Mapping[str, Any]],
    update: Callable[[int], Mapping[str, Any]],
    parts: Sequence[Sequence[str]],
    always: Sequence[str] = (),
    *,
    deletes: bool = True,
) -> type[Planner[TaskStep]]:
    """A planner of sequences over a few tasks.

    Args:
        create: number → the full body of a creation, its values other ones for each number.
        update: number → the same for an update.
        parts: the parameters of an update that are sent and left out together.
        always: the parameters that every update has to send.
        deletes: whether the portal can delete tasks.
    """

    class TaskPlanner(Planner[TaskStep]):
        def __init__(self) -> None:
            super().__init__()
            self.made = 0
            self.there: list[int] = []
            for number in range(1, _FEWEST_TASKS + 1):
                self._create(number)

        @precondition(lambda self: self.made < _MOST_TASKS)
        @rule(number=st.integers(1, _MOST_VALUES))
        def create(self, number: int) -> None:
            self._create(number)

        def _create(self, number: int) -> None:
            self.plan.append(TaskStep("create", self.made, create(number)))
            self.there.append(self.made)
            self.made += 1

        @precondition(lambda self: self.there)
        @rule(
            which=st.integers(0, _MOST_TASKS - 1),
            number=st.integers(1, _MOST_VALUES),
            sent=st.sets(st.integers(0, len(parts) - 1), min_size=1),
        )
        def update(self, which: int, number: int, sent: set[int]) -> None:
            names = {*always, *(name for place in sent for name in parts[place])}
            body = {name: value for name, value in update(number).items() if name in names}
            self.plan.append(TaskStep("update", self._chosen(which), body))

        @precondition(lambda self: self.there)
        @rule(which=st.integers(0, _MOST_TASKS - 1))
        def read(self, which: int) -> None:
            self.plan.append(TaskStep("read", self._chosen(which)))

        @precondition(lambda self: deletes and len(self.there) > 1)
        @rule(which=st.integers(0, _MOST_TASKS - 1))
        def delete(self, which: int) -> None:
            task = self._chosen(which)
            self.plan.append(TaskStep("delete", task))
            self.there.remove(task)

        def _chosen(self, which: int) -> int:
            return self.there[which % len(self.there)]

    return TaskPlanner


def ended(plan: Sequence[TaskStep]) -> Sequence[TaskStep]:
    """A plan that deletes one of its tasks in the end, where others remain to show what that did to them."""
    gone = {step.task for step in plan if step.action == "delete"}
    there = [step.task for step in plan if step.action == "create" and step.task not in gone]
    return [*plan, TaskStep("delete", there[0])] if len(there) > 1 else plan


def possible(plan: Sequence[TaskStep]) -> bool:
    """Whether a part of a plan can be executed: every task is made before it is used, and not used after."""
    there: set[int] = set()
    for step in plan:
        if step.action == "create":
            there.add(step.task)
        elif step.task not in there:
            return False
        elif step.action == "delete":
            there.remove(step.task)
    return True
