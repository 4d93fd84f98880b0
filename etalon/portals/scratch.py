"""The tasks that this run may have made, and what becomes of them in the end."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.errors import PortalError, TasksExhaustedError
from etalon.portals.interrupts import held_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from etalon.portals.ledger_writing import Ledger
    from etalon.portals.transport import Transport

_TO_PART = 2
"""Requests that parting with a task takes: a read that shows whose it is, and its removal."""


class Parting(Enum):
    """What came of the last requests about a task."""

    GONE = auto()
    STAYS = auto()
    NOT_SHOWN = auto()
    """No read shows it to be the run's own, so nothing is written to it."""


class ScratchTasks:
    """Keeps the ids that creations were answered with, and removes the tasks again, the last named first.

    An id that an answer names is a claim: only a task that a read shows to be the run's own is removed, or
    said to be its own. For every claim it holds requests of the budget back, so that a run that comes to the
    end of its `max-requests` can still clean up.

    Attributes:
        left_behind: the run's own tasks that are still there in the end.
        not_shown: ids that creations were answered with, and that no read has shown to be the run's own.
        unsearched: whether there may be a task that no answer named, and none could be listed.
    """

    def __init__(
        self,
        transport: Transport,
        part_with: Callable[[int], Parting],
        search: Callable[[], Iterable[int]] = tuple,
    ) -> None:
        """Start with nothing made.

        Args:
            transport: whose budget the last requests come out of.
            part_with: sends the last requests about a task, and says what came of them.
            search: lists the newest tasks that have the run's mark; asked only where a creation was not
                answered with the task that it made.
        """
        self._transport = transport
        self._part_with = part_with
        self._search = search
        self._astray = False
        self._suspected: set[int] = set()
        self._claimed: list[int] = []
        self._named: set[int] = set()
        self.left_behind: list[int] = []
        self.not_shown: list[int] = []
        self.unsearched = False

    @contextmanager
    def making(self) -> Iterator[None]:
        """Surround a request that may create a task, up to the note of what it has `claimed`.

        The requests that will remove the task are held back before there is a task, and an interrupt waits
        until its id is known.

        Raises:
            TasksExhaustedError: it would exceed the target's `max-tasks`; nothing is sent then.
        """
        most = self._transport.target.max_tasks
        if len(self._claimed) >= most:
            raise TasksExhaustedError(
                Message("max-tasks-used-up", number=most, name=self._transport.target.name)
            )
        with held_back():
            self._transport.reserve(_TO_PART)
            self._transport.is_making = True
            try:
                yield
                # Where the answer never came, the ledger goes on to say that there may be a task.
                if self._ledger is not None:
                    self._ledger.answered()
            except BaseException:
                if self._ledger is not None:
                    self._ledger.unanswered()
                self.astray()
                raise
            finally:
                self._transport.is_making = False
                self._transport.reserve(-_TO_PART)

    def claimed(self, task_id: int) -> None:
        """Take note of an id that the portal named as that of a task which this run has made."""
        self._named.add(task_id)
        if task_id not in self._claimed:
            self._claim(task_id)

    def _claim(self, task_id: int) -> None:
        self._claimed.append(task_id)
        if self._ledger is not None:
            self._ledger.made(task_id)
        self._transport.reserve(_TO_PART)

    @property
    def named(self) -> frozenset[int]:
        """The ids that creations and updates were answered with, whatever has become of those tasks."""
        return frozenset(self._named)

    def suspected(self, task_id: int) -> None:
        """Take note of a task that a list shows with the run's mark; people may only quote it there."""
        if task_id not in self._claimed:
            self._claim(task_id)
            self._suspected.add(task_id)

    def astray(self) -> None:
        """Take note that a creation was answered with no task, or with one that was there already."""
        self._astray = True

    def disclaim(self, task_id: int) -> None:
        """Take note that the task under an id is not what a creation made, unless it is the run's own."""
        if not self._transport.guard.ownership.owns(task_id):
            self._drop(task_id)
            self.astray()

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids that creations were answered with, of tasks not yet removed, in their order."""
        return tuple(self._claimed)

    def gone(self, task_id: int) -> None:
        """Take note that a task has been removed in the course of the run."""
        self._transport.guard.ownership.gone(task_id)
        self._drop(task_id)

    def clean_up(self) -> None:
        """Remove what can be removed; the rest is in `left_behind` afterwards, even when interrupted."""
        try:
            for task in reversed(self.ids):
                self._part(task)
            if self._astray or self.not_shown:
                for task in self._found():
                    self._part(task)
        finally:
            owns = self._transport.guard.ownership.owns
            for task in reversed(self._claimed):
                (self.left_behind if owns(task) else self.not_shown).append(task)
            self._claimed.clear()

    def _found(self) -> list[int]:
        """The tasks with the run's mark that no answer has named."""
        known = {*self.left_behind, *self.not_shown}
        try:
            found = [task for task in self._search() if task not in known]
        except PortalError:
            self.unsearched = True
            return []
        for task in found:
            self.suspected(task)
        return found

    def _part(self, task_id: int) -> None:
        self._transport.reserve(-_TO_PART)
        try:
            parting = self._part_with(task_id)
        except PortalError:
            owns = self._transport.guard.ownership.owns(task_id)
            parting = Parting.STAYS if owns else Parting.NOT_SHOWN
        self._claimed.remove(task_id)
        if parting is Parting.STAYS:
            self.left_behind.append(task_id)
        elif parting is Parting.NOT_SHOWN:
            if task_id not in self._suspected:
                self.not_shown.append(task_id)
        else:
            self._transport.guard.ownership.gone(task_id)
            if self._ledger is not None:
                self._ledger.gone(task_id)

    def _drop(self, task_id: int) -> None:
        if task_id in self._claimed:
            self._claimed.remove(task_id)
            if self._ledger is not None:
                self._ledger.gone(task_id)
            self._transport.reserve(-_TO_PART)

    @property
    def _ledger(self) -> Ledger | None:
        return self._transport.ledger
