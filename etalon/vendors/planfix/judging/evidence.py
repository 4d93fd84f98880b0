"""What a scenario brought: updates between two readings of a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.vendors.planfix.answers import accepted, error_code
from etalon.vendors.planfix.judging.model import NOTHING, Update, asked, expected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.messages import Message
    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.judging.task import Reading
    from etalon.vendors.planfix.judging.values import Value


@dataclass(frozen=True, slots=True)
class Step:
    """One task.update, between what was read before and after it.

    Attributes:
        update: the exchange.
        before: None where the task could not be read.
        after: as above.
        origin: the task.add that made the task.
        asks: what the update asks for.
    """

    update: Exchange
    before: Reading | None
    after: Reading | None
    origin: Exchange | None = None
    asks: Update = NOTHING

    @classmethod
    def of(
        cls,
        update: Exchange,
        before: Reading | None,
        after: Reading | None,
        origin: Exchange | None = None,
    ) -> Step:
        """The step that an exchange and the readings around it make."""
        return cls(update, before, after, origin, asked(update.request.body))

    @property
    def accepted(self) -> bool:
        """Whether the portal says that it did it."""
        return accepted(self.update)

    @property
    def code(self) -> str:
        """The error code of a refusal."""
        return error_code(self.update)

    @property
    def expected(self) -> Mapping[str, Value]:
        """The members afterwards, as far as the page says what they have to be."""
        return expected(self.before.members, self.asks) if self.before else self.asks.plain

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All that shows the step, in the order in which it went."""
        before = self.before.exchange if self.before else None
        after = self.after.exchange if self.after else None
        return tuple(part for part in (self.origin, before, self.update, after) if part)


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that the portal has to refuse, and why.

    Attributes:
        name: what is wrong with it, as requirement ids carry it (`IMPORTANCE`, `UNKNOWN-ID`).
        why: the same for people, to stand after "although" in a finding.
        exchange: how it went.
    """

    name: str
    why: Message
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Refusals:
    """Requests that were refused one after the other, between two readings of their task."""

    before: Reading
    probes: tuple[Probe, ...]
    after: Reading


@dataclass(frozen=True, slots=True)
class Made:
    """A task that was created, and how it was read first.

    Attributes:
        sent: member → the text that it was created with.
        origin: the task.add.
    """

    sent: Mapping[str, str]
    origin: Exchange
    first: Reading


@dataclass(frozen=True, slots=True)
class Watch:
    """A task that no update named, read before and after the updates of others.

    Attributes:
        role: what it is to the updated task, as a finding says it (`a neighbour`, `the parent`).
        suspects: the updates in between.
    """

    role: Message
    before: Reading
    after: Reading
    suspects: tuple[Step, ...] = field(default=())
