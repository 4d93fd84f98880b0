"""Executes plans of changes to R7 tasks, and holds what is read against the model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from etalon.generation.sequences import smallest_plan
from etalon.generation.shrinking import Trials
from etalon.judging.verdicts import Finding, SentStep
from etalon.messages import Message
from etalon.portals.errors import PortalError
from etalon.vendors.r7.generation.sequences import possible
from etalon.vendors.r7.judging.evidence import Change, reading
from etalon.vendors.r7.judging.model import TaskModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.generation.sequences import TaskStep
    from etalon.vendors.r7.scenarios.driver import Lab

_TRIALS = 12


@dataclass
class _Execution:
    """A plan on its way: which tasks there are, what they should hold, and what went over the wire."""

    lab: Lab
    treatment: Mapping[str, str]
    ids: dict[int, int] = field(default_factory=dict)
    models: dict[int, TaskModel] = field(default_factory=dict)
    deleted: dict[int, int] = field(default_factory=dict)
    sent: list[SentStep] = field(default_factory=list)

    def note(self, says: Message, exchange: Exchange) -> Exchange:
        self.sent.append(SentStep(says, exchange))
        return exchange

    def take(self, step: TaskStep) -> Finding | None:
        if step.action == "create":
            self._create(step)
        elif step.task in self.ids:
            return self._take_of(step)
        return None

    def _take_of(self, step: TaskStep) -> Finding | None:
        """A step about a task that is there."""
        if step.action == "read":
            return self.look(step.task, step.says)
        if self._needs_look(step):
            # Nothing is written to a task before a read; so that read is held to the model, too.
            finding = self.look(step.task, Message("step-read-task", name=step.task + 1))
            if finding:
                return finding
        if step.action == "update":
            self._update(step)
        else:
            self._delete(step)
        return None

    def _needs_look(self, step: TaskStep) -> bool:
        ownership, task = self.lab.client.transport.guard.ownership, self.ids[step.task]
        return not (ownership.may_remove(task) if step.action == "delete" else ownership.owns(task))

    def look(self, task: int, says: Message) -> Finding | None:
        """Read a task, and hold it against its model."""
        answer = self.note(says, self.lab.client.read_task(self.ids[task]))
        seen = reading(answer)
        if seen is None:
            return Finding(
                summary=Message("undeleted-task-lost"),
                expected=Message("the-task"),
                observed=Message("http-status", status=answer.response.status),
                exchanges=(answer,),
            )
        return self.models[task].unlike(seen)

    def look_for_deleted(self, task: int) -> Finding | None:
        """Read a task that has been deleted."""
        says = Message("step-read-deleted", name=task + 1)
        answer = self.note(says, self.lab.client.read_task(self.deleted[task]))
        if reading(answer) is None:
            return None
        self.lab.client.scratch.claimed(self.deleted[task])
        return Finding(
            summary=Message("deleted-task-there"),
            expected=Message("no-task"),
            observed=Message("http-status-and-task", status=answer.response.status),
            exchanges=(answer,),
        )

    def _create(self, step: TaskStep) -> None:
        answer = self.note(step.says, self.lab.client.create_task(step.body))
        made = self.lab.client.task_of(answer)
        if answer.response.ok and made is not None:
            self.ids[step.task] = made
            self.models[step.task] = TaskModel(self.lab.members, self.treatment)
            self.models[step.task].sent("createTask", step.body)

    def _update(self, step: TaskStep) -> None:
        answer = self.note(step.says, self.lab.client.update_task(self.ids[step.task], step.body))
        # A refused update should change nothing; whether it may be refused is another requirement.
        if Change(step.body, answer, None, None).accepted:
            self.models[step.task].sent("updateTask", step.body)

    def _delete(self, step: TaskStep) -> None:
        answer = self.note(step.says, self.lab.client.delete_task(self.ids[step.task]))
        if answer.response.ok:
            self.deleted[step.task] = self.ids.pop(step.task)


def execute(lab: Lab, plan: Sequence[TaskStep], treatment: Mapping[str, str]) -> Finding | None:
    """Execute a plan on tasks of its own, which are deleted in the end.

    Args:
        lab: the portal.
        plan: what to send.
        treatment: member → what an update that does not send it does with it, `keep` or `reset`.

    Returns:
        The first thing that is not as the changes lead to, with the steps up to it; None where all is.
    """
    run = _Execution(lab, treatment)
    for step in plan:
        finding = run.take(step)
        if finding:
            return _with_steps(finding, run.sent)
    for task in run.ids:
        finding = run.look(task, Message("step-read-task", name=task + 1))
        if finding:
            return _with_steps(finding, run.sent)
    for task in run.deleted:
        finding = run.look_for_deleted(task)
        if finding:
            return _with_steps(finding, run.sent)
    if "task.delete" not in lab.client.target.lacks:
        for made in run.ids.values():
            lab.client.delete_task(made)
    return None


def smaller(lab: Lab, plan: Sequence[TaskStep], treatment: Mapping[str, str], finding: Finding) -> Finding:
    """The same finding by as few steps as the requests allow."""
    found = {"finding": finding}

    def fails(part: Sequence[TaskStep]) -> bool:
        lab.purse -= 2 * len(part)
        outcome = execute(lab, part, treatment)
        if outcome is None or outcome.summary != finding.summary:
            return False
        found["finding"] = outcome
        return True

    trials = min(_TRIALS, lab.purse // (2 * len(plan)))
    try:
        smallest_plan(plan, possible, fails, Trials(max(0, trials)))
    except PortalError:
        return found["finding"]
    return found["finding"]


def _with_steps(finding: Finding, sent: Sequence[SentStep]) -> Finding:
    return replace(finding, exchanges=tuple(step.exchange for step in sent), steps=tuple(sent))
