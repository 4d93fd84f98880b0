"""Sequences of changes to several objects, against a model that is carried from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding, SentStep
from etalon.messages import Message
from etalon.resources.patch import expected
from etalon.resources.values import holds, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from etalon.judging.evidence import Change, Reading
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member, Resource
    from etalon.resources.values import Value


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sequence as it went.

    Attributes:
        task: which task of the sequence, counted from 0.
        exchange: the creation, the update, the read or the deletion.
        change: what it asked for and what came of it, where it is a creation or an update.
        reading: what a read showed; None for all else.
        does: what it does, in a few words, where neither of the two tells.
    """

    task: int
    exchange: Exchange
    change: Change | None = None
    reading: Reading | None = None
    does: Message | None = None

    @property
    def says(self) -> Message:
        """What the step does, in a few words."""
        name = name_of(self.task)
        if self.does is not None:
            return self.does
        if self.change is None:
            return Message("step-read-task", name=name)
        if self.change.creates:
            return Message("step-create-task", name=name)
        touched = tuple(sorted(self.change.patch.touched)) or Message("no-content")
        if self.change.accepted:
            return Message("step-update-of-task", touched=touched, name=name)
        return Message("step-update-of-task-refused", touched=touched, name=name)


def name_of(task: int) -> str:
    """The name of a task in a sequence: A for the first, then B, C and so on."""
    return chr(ord("A") + task)


@dataclass
class Model:
    """What the tasks of a sequence have to hold.

    A creation says where the model of a task begins, or else its first read; from there it follows the
    accepted changes alone, not what is read in between.

    Attributes:
        resource: what a task consists of.
        known: members that the portal gets wrong in single changes already.
        resets: members that an update empties which does not send them → what they then are.
    """

    resource: Resource
    known: frozenset[str] = frozenset()
    resets: Mapping[str, Value] = field(default_factory=dict)
    states: dict[int, Mapping[str, Value]] = field(default_factory=dict)

    def follow(self, step: Step) -> Member | bool | None:
        """Move on by a step.

        Returns:
            The first member that a read shows otherwise than it has to be, True where all is as it has to be,
            None where the step shows nothing.
        """
        if step.reading is not None:
            return self._compare(step.task, step.reading)
        change = step.change
        if change is None or not change.accepted:
            return None  # whether it may be refused is another requirement
        if change.creates and change.patch.sets:
            self.states[step.task] = change.patch.sets  # what it did not send is not predicted
        elif step.task in self.states and not change.creates:
            self.states[step.task] = expected(self.states[step.task], change.patch, self.resets)
        return None

    def _compare(self, task: int, now: Reading) -> Member | bool | None:
        if task not in self.states:
            self.states[task] = now.members
            return None
        for member in self.resource.readable:
            if member.name in self.known or member.name not in self.states[task]:
                continue  # single changes show it already, or nothing is predicted
            wanted = self.states[task][member.name]
            there = member.promised or member.shown_in(now.card)
            if not now.shows(member.name) or (holds(wanted) and not there):
                continue  # the card does not show the member
            if not member.agrees(wanted, now.members[member.name]):
                return member
        return True


def contradiction(taken: Iterable[Step], model: Model) -> Finding | bool | None:
    """Every read shows what the steps before it add up to.

    Args:
        taken: the steps in their order.
        model: of which nothing is known yet.
    """
    so_far: list[Step] = []
    judged = None
    for step in taken:
        so_far.append(step)
        outcome = model.follow(step)
        if outcome is not None and outcome is not True:
            return contradicted(outcome, model, so_far)
        judged = outcome or judged
    return judged


def contradicted(member: Member | bool, model: Model, so_far: Sequence[Step]) -> Finding:
    """The finding about a member that the last step, a read, shows otherwise than the steps lead to."""
    assert not isinstance(member, bool)
    last = so_far[-1]
    steps = tuple(SentStep(step.says, step.exchange) for step in so_far)
    return Finding(
        summary=Message("not-what-steps-add-up-to", member=member.name, name=name_of(last.task)),
        expected=shown(model.states[last.task].get(member.name)),
        observed=last.reading.raw(member) if last.reading else Message("nothing"),
        exchanges=tuple(step.exchange for step in steps),
        member=member.name,
        steps=steps,
    )
