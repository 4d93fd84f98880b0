"""What can be done about that which runs left on a portal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from etalon.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.cards import Card
    from etalon.portals.ledger_reading import Attempt, Loan


class Absence(Enum):
    """Why a read shows no task."""

    GONE = auto()
    UNREADABLE = auto()


@dataclass(frozen=True, slots=True)
class PutBack:
    """What became of a lent task.

    Attributes:
        kept: members that it could not be given back.
        theirs: members that hold neither what they held at first nor what the run wrote: people changed them.
        unread: whether it cannot be read now, so that nothing was written to it; a later try may.
        lost: whether it never can be put back: another task has its id, or nothing tells what it held.
    """

    kept: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    unread: bool = False
    lost: bool = False

    def sentences(self, task: int) -> list[Message]:
        """What a person has to know about it; nothing where it is as it was."""
        said = []
        if self.unread:
            said.append(Message("lent-task-unreadable", id=task))
        if self.lost:
            said.append(Message("lent-task-is-another", id=task))
        if self.kept:
            said.append(Message("task-keeps-other-values", id=task, former=tuple(self.kept)))
        if self.theirs:
            said.append(Message("task-changed-by-somebody-else", id=task, members=tuple(self.theirs)))
        return said


class Cleaner(Protocol):
    """What one kind of portal can do about what was left on it."""

    def found(self, attempt: Attempt) -> Iterator[int]:
        """The tasks that a creation may have made whose answer never came.

        Raises:
            PortalError: they cannot be listed.
        """

    def read(self, task: int) -> Card | Absence:
        """A task as it is read now."""

    def removed(self, task: int) -> bool:
        """Remove a task that has just been read, where that can be done; whether it is gone."""

    def farewell(self, task: int) -> bool:
        """Whether there is nothing more that a later try could do about a task that cannot be removed."""

    def put_back(self, task: int, loan: Loan) -> PutBack:
        """Give a lent task the members that it had, where they hold what the run wrote."""
