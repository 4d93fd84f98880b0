"""Sequences of creations and updates of a few PlanFix tasks, planned before any of them is sent."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from etalon.generation.sequences import Planner, draw_plans
from etalon.vendors.planfix.generation.updates import drawn_updates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element
    from xmlschema import XMLSchemaBase

    from etalon.generation.calendar import Calendar

MOST_TASKS = 4
_CREATED_FIRST = 2


@dataclass(frozen=True, slots=True)
class Creation:
    """A task is created; it is the sequence's task of this number, counted from 0."""

    task: int


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A task is updated.

    Attributes:
        task: its number.
        request: the update. Tasks stand in it by their place, counted from 1.
    """

    task: int
    request: Element

    @property
    def parent(self) -> int | None:
        """Number of the task that becomes the parent; None where the update attaches it to none."""
        node = self.request.find("task/parent/id")
        place = int(node.text or "0") if node is not None else 0
        return place - 1 if place else None

    def bound(self, ids: Sequence[int], mark: str) -> Element:
        """The request with the ids of tasks that exist.

        Args:
            ids: of the tasks of the sequence, in their order.
            mark: the run's own, which a description begins with: so a read goes on to show whose the task is.
        """
        request = deepcopy(self.request)
        for described in request.iterfind("task/description"):
            described.text = f"{mark}|{described.text or ''}"
        for path, number in (("task/id", self.task), ("task/parent/id", self.parent)):
            node = request.find(path)
            if node is not None and number is not None:
                node.text = str(ids[number])
        return request


PlannedStep = Creation | PlannedChange
Plan = tuple[PlannedStep, ...]


def plans(
    schema: XMLSchemaBase,
    known: Mapping[str, Sequence[int]],
    calendar: Calendar,
    *,
    existing: int,
    count: int,
    length: int,
    seed: int,
) -> list[Plan]:
    """Sequences that the seed and the calendar alone decide.

    Tasks are put below tasks of lower numbers only, so that no circle can come of it.

    Args:
        schema: of the task.update request.
        known: `users`, `groups`, `projects` and `clients` that exist.
        calendar: the days that dates are drawn from.
        existing: how many tasks are there already; with none, each sequence begins with two creations and
            may create more.
        count: how many sequences.
        length: how many steps each has beside the first creations.
        seed: any integer.
    """
    # Built once: the strategy is made out of the whole schema.
    updates = drawn_updates(schema, MOST_TASKS, known, calendar)

    class Tasks(Planner[PlannedStep]):
        def __init__(self) -> None:
            super().__init__()
            self.plan += [Creation(task) for task in range(0 if existing else _CREATED_FIRST)]
            self.tasks = existing or _CREATED_FIRST

        @precondition(lambda self: not existing and self.tasks < MOST_TASKS)
        @rule()
        def create(self) -> None:
            self.plan.append(Creation(self.tasks))
            self.tasks += 1

        @rule(place=st.integers(0, MOST_TASKS - 1), request=updates)
        def change(self, place: int, request: Element) -> None:
            self._add(place % self.tasks, request)

        @rule(place=st.integers(0, MOST_TASKS - 1), request=updates)
        def change_again(self, place: int, request: Element) -> None:
            """Twice in the machine, so that changes outnumber creations."""
            self._add(place % self.tasks, request)

        def _add(self, drawn: int, request: Element) -> None:
            # Of few steps on a few tasks that are there already, each has its turn, children first.
            task = (existing - 1 - len(self.plan)) % existing if existing else drawn
            node = request.find("task/parent/id")
            if node is not None and int(node.text or "0") > task:
                node.text = str(task)  # the task before it, or none for the first
            self.plan.append(PlannedChange(task, request))

    return draw_plans(Tasks, count, length, seed)


def is_possible(plan: Sequence[PlannedStep], existing: int) -> bool:
    """Whether every step of a part of a plan finds the tasks that it names."""
    there = set(range(existing))
    for step in plan:
        if isinstance(step, Creation):
            there.add(step.task)
        elif step.task not in there or (step.parent is not None and step.parent not in there):
            return False
    return True
