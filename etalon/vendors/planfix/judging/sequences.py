"""Sequences of updates over several tasks, against a model that is carried from step to step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding, SentStep
from etalon.messages import Message
from etalon.vendors.planfix.answers import accepted
from etalon.vendors.planfix.judging.model import asked, expected
from etalon.vendors.planfix.judging.singles import agrees
from etalon.vendors.planfix.judging.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.judging.task import Reading
    from etalon.vendors.planfix.judging.values import Value


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of a sequence as it went.

    Attributes:
        task: which task of the sequence, counted from 0.
        exchange: the creation, the update or the read.
        reading: what a read showed; None for all else.
    """

    task: int
    exchange: Exchange
    reading: Reading | None = None

    @property
    def says(self) -> Message:
        """What the step does, in a few words."""
        name = name_of(self.task)
        if self.exchange.operation == "task.add":
            return Message("step-create-task", name=name)
        if self.exchange.operation == "task.get":
            return Message("step-read-task", name=name)
        touched = tuple(sorted(asked(self.exchange.request.body).touched)) or Message("no-content")
        if accepted(self.exchange):
            return Message("step-update-of-task", touched=touched, name=name)
        return Message("step-update-of-task-refused", touched=touched, name=name)


def name_of(task: int) -> str:
    """The name of a task in a sequence: A for the first, then B, C and so on."""
    return chr(ord("A") + task)


def contradiction(taken: Iterable[Taken], known: frozenset[str]) -> Finding | bool | None:
    """Every read shows what the steps before it add up to.

    A first read of a task says where the model begins; from there it follows the accepted updates alone, not
    what is read in between.

    Args:
        taken: the steps in their order.
        known: members that the portal gets wrong in single updates already.
    """
    model: dict[int, Mapping[str, Value]] = {}
    so_far: list[Taken] = []
    judged = None
    for step in taken:
        so_far.append(step)
        if step.reading is not None:
            if step.task in model:
                member = _contradicted(model[step.task], step.reading, known)
                if member is not None:
                    return _finding(member, model[step.task][member], so_far)
                judged = True
            model.setdefault(step.task, step.reading.members)
        elif step.task in model and accepted(step.exchange):
            model[step.task] = expected(model[step.task], asked(step.exchange.request.body))
    return judged


def _contradicted(wanted: Mapping[str, Value], now: Reading, known: frozenset[str]) -> str | None:
    for member, value in wanted.items():
        if member in known or not now.shows(member):
            continue  # single updates show it already, or the card does not show the member
        if not agrees(member, value, now.members[member]):
            return member
    return None


def _finding(member: str, wanted: Value, so_far: Sequence[Taken]) -> Finding:
    last = so_far[-1]
    steps = tuple(SentStep(step.says, step.exchange) for step in so_far)
    got = last.reading.members.get(member) if last.reading else None
    return Finding(
        summary=Message("not-what-steps-add-up-to", member=member, name=name_of(last.task)),
        expected=shown(wanted),
        observed=shown(got),
        exchanges=tuple(step.exchange for step in steps),
        member=member,
        steps=steps,
    )
