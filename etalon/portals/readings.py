"""The creation and the latest read of each task: the read after one change is the read before the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.exchange import Exchange


class Readings:
    """Reads tasks, and remembers the latest read of each and the creation of those that this run made.

    Attributes:
        reads: whether the portal can read tasks at all.
    """

    def __init__(self, read: Callable[[int], Exchange], *, reads: bool) -> None:
        """Start with nothing read.

        Args:
            read: reads one task.
            reads: false for a portal that is declared to lack that; nothing is sent then.
        """
        self._read = read
        self.reads = reads
        self._latest: dict[int, Exchange] = {}
        self._origin: dict[int, Exchange] = {}

    def made_by(self, subject: int, creation: Exchange) -> None:
        """Remember the creation that made a task."""
        self._origin[subject] = creation

    def origin(self, subject: int) -> Exchange | None:
        """The creation that made a task, where this run made it."""
        return self._origin.get(subject)

    def read(self, subject: int) -> Exchange | None:
        """Read a task now; None for a portal that is declared to lack that."""
        if not self.reads:
            return None
        self._latest[subject] = self._read(subject)
        return self._latest[subject]

    def take(self, subject: int, exchange: Exchange) -> None:
        """Remember a read of a task that was sent in another way."""
        self._latest[subject] = exchange

    def latest(self, subject: int) -> Exchange | None:
        """The latest read of a task; reads it where there is none."""
        return self._latest.get(subject) or self.read(subject)

    def forget(self, subject: int) -> None:
        """Drop the latest read of a task that has changed since."""
        self._latest.pop(subject, None)
