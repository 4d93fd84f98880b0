"""Ctrl-C and SIGTERM: what they are to a run, and how they wait where that spares the portal something."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM)
_BY_SIGNAL = 128
# `timeout` signals a process and then its group. At a terminal, Ctrl-C reaches a repetition of the run, and
# so does the SIGTERM by which the run ends it. Neither is somebody who has lost patience.
_TWICE_AT_ONCE = 0.05  # nobody presses twice so fast, and a busy machine keeps the two so far apart
_IN_TWO_WAYS = 1.0


class _Arrival(NamedTuple):
    """A signal: its number, and when it came by the monotonic clock."""

    number: int
    at: float

    def echoes(self, former: _Arrival) -> bool:
        """Whether it says once more what another has just said."""
        within = _TWICE_AT_ONCE if self.number == former.number else _IN_TWO_WAYS
        return self.at - former.at < within


class Interrupts:
    """Has Ctrl-C and SIGTERM end what goes on by a KeyboardInterrupt, and knows which of them it was.

    What a CI job is cancelled with must not leave scratch tasks on the portal either. Each signal interrupts
    anew, so that a second one can end the cleaning up.
    """

    def __init__(self) -> None:
        """Change nothing yet."""
        self._first: _Arrival | None = None
        self._latest: _Arrival | None = None

    @property
    def arrived(self) -> bool:
        """Whether there has been one."""
        return self._first is not None

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal that came first, as shells have it; without one, Ctrl-C's."""
        return _BY_SIGNAL + (self._first.number if self._first else signal.SIGINT)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen for the signals within the block; where a signal is ignored, it stays so."""
        if threading.current_thread() is not threading.main_thread():
            yield  # signals reach the main thread alone
            return
        former = {number: signal.getsignal(number) for number in _ENDING}
        for number, handler in former.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._hear)
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        arrival, latest = _Arrival(number, time.monotonic()), self._latest
        self._first, self._latest = self._first or arrival, arrival
        if latest is None or not arrival.echoes(latest):
            raise KeyboardInterrupt


@contextmanager
def held_back() -> Iterator[None]:
    """Let an interrupt wait until the block is done; a second one waits no longer.

    A task that is being made while the run is interrupted would otherwise stay on the portal, its id unknown.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread alone
        return
    # Where a signal is ignored, or ends the process at once, there is nothing to hold back.
    handlers = {int(number): signal.getsignal(number) for number in _ENDING}
    former = {number: handler for number, handler in handlers.items() if callable(handler)}
    waiting: list[_Arrival] = []

    def note(number: int, frame: FrameType | None) -> None:
        arrival = _Arrival(number, time.monotonic())
        if not waiting:
            waiting.append(arrival)
        elif not arrival.echoes(waiting[0]):
            waiting.clear()
            former[number](number, frame)

    for number in former:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        if waiting:
            number = waiting[0].number
            former[number](number, None)
