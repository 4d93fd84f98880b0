"""The tasks that this run made, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.portals.errors import PortalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.exchange import Exchange
    from etalon.portals.transport import Transport


class ScratchTasks:
    """Keeps the ids of created tasks and removes the tasks again, the last made first.

    For every task it holds one request of the budget back, so that a run that comes to the end of its
    `max-requests` can still clean up.
    """

    def __init__(self, transport: Transport, remove: Callable[[int], Exchange] | None) -> None:
        """Start with nothing made.

        Args:
            transport: whose budget the removals come out of.
            remove: removes one task; None for a portal that cannot.
        """
        self._transport = transport
        self._remove = remove
        self._made: list[int] = []
        self.left_behind: list[int] = []

    def made(self, task_id: int) -> None:
        """Take note of a task that the portal has created for this run."""
        if task_id not in self._made:
            self._made.append(task_id)
            if self._remove:
                self._transport.reserve(1)

    def gone(self, task_id: int) -> None:
        """Take note that a check has removed one of them itself."""
        if task_id in self._made:
            self._made.remove(task_id)
            if self._remove:
                self._transport.reserve(-1)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the tasks that are there because of this run, in the order of their making."""
        return tuple(self._made)

    def clean_up(self) -> None:
        """Remove what can be removed; the rest is in `left_behind` afterwards."""
        while self._made:
            task_id = self._made[-1]
            if not self._try_to_remove(task_id):
                self.left_behind.append(task_id)
            self._made.pop()

    def _try_to_remove(self, task_id: int) -> bool:
        if self._remove is None:
            return False
        self._transport.reserve(-1)
        try:
            return self._remove(task_id).response.ok
        except PortalError:
            return False
