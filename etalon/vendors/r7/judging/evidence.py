"""What a scenario brought, as a judge sees it: readings of a task and changes to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etalon.vendors.r7.answers import succeeded, task_shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.bench import Trace
    from etalon.vendors.r7.judging.members import Member


@dataclass(frozen=True, slots=True)
class Reading:
    """A task as one answer shows it."""

    exchange: Exchange
    task: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A create or an update, between what was read before and after it.

    Attributes:
        body: the JSON object that was sent.
        before: None for a create.
        after: None where the portal created nothing, or the task could not be read.
        origin: the create that made the task, where it is an update.
    """

    body: Mapping[str, Any]
    answer: Exchange
    before: Reading | None
    after: Reading | None
    origin: Exchange | None = None

    @property
    def accepted(self) -> bool:
        """Whether the portal says that it did it."""
        return succeeded(self.answer)

    @property
    def creates(self) -> bool:
        """Whether it was a creation that was asked for."""
        return self.answer.operation == "createTask"

    @property
    def echo(self) -> Reading | None:
        """The task as the answer to the change itself shows it."""
        return reading(self.answer)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What shows the change: the create, the reads around it, and itself, as far as they are there."""
        before = self.before.exchange if self.before else None
        after = self.after.exchange if self.after else None
        return tuple(part for part in (self.origin, before, self.answer, after) if part)

    @property
    def size(self) -> int:
        """How many characters are sent: of changes that show the same, the smallest is reported."""
        return len(json.dumps(self.body, ensure_ascii=False))

    def sends(self, member: Member) -> bool:
        """Whether the body carries any parameter of the member."""
        return any(name in self.body for name in member.parameters(self.answer.operation))


def change(trace: Trace) -> Change:
    """The change that a trace of exchanges shows."""
    return Change(trace.body, trace.answer, reading(trace.before), reading(trace.after), trace.origin)


def reading(exchange: Exchange | None) -> Reading | None:
    """The task that an answer shows, or None where it shows none."""
    if exchange is None or not exchange.response.ok:
        return None
    task = task_shown(exchange)
    return None if task is None else Reading(exchange, task)
