"""The tasks that this run made, and what becomes of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from etalon.portals.errors import PortalError, TasksExhaustedError
from etalon.portals.interrupts import held_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from etalon.portals.ledger import Ledger
    from etalon.portals.transport import Transport


class ScratchTasks:
    """Keeps the ids of created tasks and removes the tasks again, the last made first.

    For every task it holds one request of the budget back, so that a run that comes to the end of its
    `max-requests` can still clean up.
    """

    def __init__(self, transport: Transport, part_with: Callable[[int], bool] | None) -> None:
        """Start with nothing made.

        Args:
            transport: whose budget the last requests come out of.
            part_with: sends one last request about a task, and says whether the task is gone by it; None
                where there is nothing to be sent.
        """
        self._transport = transport
        self._part_with = part_with
        self._made: list[int] = []
        self._newest = 0
        self.left_behind: list[int] = []

    @contextmanager
    def making(self) -> Iterator[None]:
        """Surround a request that may create a task, up to the note of what it has `made`.

        The request that will remove the task is held back before there is a task, and an interrupt waits
        until its id is known.

        Raises:
            TasksExhaustedError: it would exceed the target's `max-tasks`; nothing is sent then.
        """
        most = self._transport.target.max_tasks
        if len(self._made) + len(self.left_behind) >= most:
            raise TasksExhaustedError(
                f"max-tasks = {most} of target {self._transport.target.name} is used up: "
                "raise it, or choose a smaller --profile."
            )
        with held_back():
            self._hold_back(1)
            self._transport.is_making = True
            try:
                yield
                # Where the answer never came, the ledger goes on to say that there may be a task.
                if self._ledger is not None:
                    self._ledger.answered()
            finally:
                self._transport.is_making = False
                self._hold_back(-1)

    def made(self, task_id: int) -> None:
        """Take note of a task that the portal has created for this run.

        Ids of tasks only grow, so an answer with an id below those of this run's own tasks may show somebody
        else's task: that one is listed in the end, and never removed.
        """
        if task_id in self._made or task_id in self.left_behind:
            return
        if task_id < self._newest:
            self.left_behind.append(task_id)
            return
        self._newest = task_id
        self._made.append(task_id)
        self._transport.guard.owns(task_id)
        if self._ledger is not None:
            self._ledger.made(task_id)
        self._hold_back(1)

    def disown(self, task_id: int) -> None:
        """Take note that a task is not this run's after all: it is neither written to nor removed."""
        if task_id in self._made:
            self._transport.guard.disowns(task_id)
            self.gone(task_id)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the tasks that are there because of this run, in the order of their making."""
        return tuple(self._made)

    def gone(self, task_id: int) -> None:
        """Take note that a task has been removed in the course of the run."""
        if task_id in self._made:
            self._made.remove(task_id)
            if self._ledger is not None:
                self._ledger.gone(task_id)
            self._hold_back(-1)

    def clean_up(self) -> None:
        """Remove what can be removed; the rest is in `left_behind` afterwards, even when interrupted."""
        try:
            while self._made:
                if not self._parted_with(self._made[-1]):
                    self.left_behind.append(self._made[-1])
                elif self._ledger is not None:
                    self._ledger.gone(self._made[-1])
                self._made.pop()
        finally:
            self.left_behind.extend(reversed(self._made))
            self._made.clear()

    @property
    def _ledger(self) -> Ledger | None:
        return self._transport.ledger

    def _hold_back(self, requests: int) -> None:
        if self._part_with:
            self._transport.reserve(requests)

    def _parted_with(self, task_id: int) -> bool:
        if self._part_with is None:
            return False
        self._hold_back(-1)
        try:
            return self._part_with(task_id)
        except PortalError:
            return False
