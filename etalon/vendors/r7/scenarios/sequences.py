"""Executes plans of changes to R7 tasks, and holds what is read against the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.generation.sequences import smallest_plan
from etalon.generation.shrinking import Attempts
from etalon.judging.rules import RESET, same_kind
from etalon.judging.sequences import Model, Step, contradicted, name_of
from etalon.judging.verdicts import Finding, SentStep
from etalon.messages import Message
from etalon.portals.errors import PortalError
from etalon.resources.resource import Member
from etalon.vendors.r7.generation.sequences import possible
from etalon.vendors.r7.judging.evidence import change_of, reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.generation.sequences import TaskStep
    from etalon.vendors.r7.scenarios.driver import R7Driver

_ATTEMPTS = 12


@dataclass
class _Execution:
    """A plan on its way: which tasks there are, what they should hold, and what went over the wire."""

    driver: R7Driver
    model: Model
    ids: dict[int, int] = field(default_factory=dict)
    deleted: dict[int, int] = field(default_factory=dict)
    taken: list[Step] = field(default_factory=list)

    def take(self, step: TaskStep) -> Finding | None:
        if step.action == "create":
            self._create(step)
        elif step.task in self.ids:
            return self._take_of(step)
        return None

    def _take_of(self, step: TaskStep) -> Finding | None:
        """A step about a task that is there."""
        if step.action == "read":
            return self.look(step.task)
        if self._needs_look(step):
            # Nothing is written to a task before a read; so that read is held to the model, too.
            finding = self.look(step.task)
            if finding:
                return finding
        if step.action == "update":
            self._changed(step, self.driver.client.update_task(self.ids[step.task], step.body))
        else:
            self._delete(step)
        return None

    def _needs_look(self, step: TaskStep) -> bool:
        ownership, task = self.driver.client.transport.guard.ownership, self.ids[step.task]
        return not (ownership.may_remove(task) if step.action == "delete" else ownership.owns(task))

    def look(self, task: int) -> Finding | None:
        """Read a task, and hold it against its model."""
        answer = self.driver.client.read_task(self.ids[task])
        seen = reading(answer)
        self.taken.append(Step(task, answer, reading=seen))
        if seen is None:
            return self._finding(
                Message("undeleted-task-lost"),
                Message("the-task"),
                Message("http-status", status=answer.response.status),
            )
        outcome = self.model.follow(self.taken[-1])
        return contradicted(outcome, self.model, self.taken) if isinstance(outcome, Member) else None

    def look_for_deleted(self, task: int) -> Finding | None:
        """Read a task that has been deleted."""
        answer = self.driver.client.read_task(self.deleted[task])
        self.taken.append(Step(task, answer, does=Message("step-read-deleted", name=name_of(task))))
        if reading(answer) is None:
            return None
        self.driver.client.scratch.claimed(self.deleted[task])
        return self._finding(
            Message("deleted-task-there"),
            Message("no-task"),
            Message("http-status-and-task", status=answer.response.status),
        )

    def _create(self, step: TaskStep) -> None:
        answer = self.driver.client.create_task(step.body)
        made = self.driver.client.task_of(answer)
        if answer.response.ok and made is not None:
            self.ids[step.task] = made
        self._changed(step, answer)

    def _changed(self, step: TaskStep, answer: Exchange) -> None:
        self.taken.append(Step(step.task, answer, change_of(step.body, answer)))
        self.model.follow(self.taken[-1])

    def _delete(self, step: TaskStep) -> None:
        answer = self.driver.client.delete_task(self.ids[step.task])
        self.taken.append(Step(step.task, answer, does=Message("step-delete-task", name=name_of(step.task))))
        if answer.response.ok:
            self.deleted[step.task] = self.ids.pop(step.task)

    def _finding(self, summary: Message, expected: Message, observed: Message) -> Finding:
        steps = tuple(SentStep(step.says, step.exchange) for step in self.taken)
        return Finding(summary, expected, observed, tuple(step.exchange for step in steps), steps=steps)


def execute(driver: R7Driver, plan: Sequence[TaskStep], treatment: Mapping[str, str]) -> Finding | None:
    """Execute a plan on tasks of its own, which are deleted in the end.

    Args:
        driver: the portal.
        plan: what to send.
        treatment: member → what an update that does not send it does with it, `keep` or `reset`.

    Returns:
        The first thing that is not as the changes lead to, with the steps up to it; None where all is.
    """
    emptied = (member for member in driver.members if treatment.get(member.name) == RESET)
    run = _Execution(
        driver, Model(driver.resource, resets={member.name: member.nothing for member in emptied})
    )
    for step in plan:
        finding = run.take(step)
        if finding:
            return finding
    for look, tasks in ((run.look, run.ids), (run.look_for_deleted, run.deleted)):
        for task in tasks:
            finding = look(task)
            if finding:
                return finding
    if "task.delete" not in driver.client.target.lacks:
        for made in run.ids.values():
            driver.client.delete_task(made)
    return None


def smaller(
    driver: R7Driver, plan: Sequence[TaskStep], treatment: Mapping[str, str], finding: Finding
) -> Finding:
    """The same finding by as few steps as the requests allow."""
    found = {"finding": finding}

    def fails(part: Sequence[TaskStep]) -> bool:
        driver.budget -= 2 * len(part)
        outcome = execute(driver, part, treatment)
        if outcome is None or not same_kind(outcome, finding):
            return False
        found["finding"] = outcome
        return True

    attempts = min(_ATTEMPTS, driver.budget // (2 * len(plan)))
    try:
        smallest_plan(plan, possible, fails, Attempts(max(0, attempts)))
    except PortalError:
        return found["finding"]
    return found["finding"]
