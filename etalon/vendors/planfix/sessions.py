"""Whether a PlanFix portal's sessions are good for anything, told from how its calls end.

A session that has expired is answered with 0005, and another one is opened. Two portals would be logged in to
without end by that: one whose sessions are over at once, and one that answers 0005 for whatever it refuses.
The latter is told from the former by a read that was answered before: where a portal answers that again, it
is not the session that it minds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.vendors.planfix.answers import accepted, error_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.exchange import Exchange

SESSION_EXPIRED = "0005"
"""Error code of a session that has expired, or that the portal never gave (PlanFix error codes page)."""
_JUDGED_AFTER = 5
_CALLS_OF_A_USABLE_ONE = 3
"""The vendor's sessions last an hour; published clients count on twenty minutes."""


class Sessions:
    """Counts the sessions of a run, and the calls that the portal let in by them.

    Attributes:
        opened: sessions so far.
        served: calls that were answered with anything but 0005.
        overused: whether 0005 has been seen to stand for something else, too.
    """

    def __init__(self) -> None:
        self.opened = 0
        self.served = 0
        self.overused = False
        self._read: Callable[[], Exchange] | None = None

    def note(self, exchange: Exchange, again: Callable[[], Exchange]) -> None:
        """Take note of how a call with the run's session ended.

        Args:
            exchange: the call.
            again: sends the same call.
        """
        if error_code(exchange) == SESSION_EXPIRED:
            return
        self.served += 1
        if ".get" in exchange.operation and accepted(exchange):
            self._read = again

    @property
    def worn_out(self) -> bool:
        """Whether the portal's sessions end so soon that no more should be asked for."""
        return self.opened >= _JUDGED_AFTER and self.served < self.opened * _CALLS_OF_A_USABLE_ONE

    def alive(self) -> bool | None:
        """Whether the portal answers a read that it has answered before; None where there was none."""
        if self._read is None:
            return None
        return error_code(self._read()) != SESSION_EXPIRED
