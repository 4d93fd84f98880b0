"""Reads for portals that show a change late: asked again until the change is there, not slept for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.exchange import Exchange

_LONGEST_PAUSE = 0.5


def settling(
    read: Callable[[int], Exchange],
    within: float,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Callable[[int], Exchange]:
    """A way to read tasks that waits for changes to become visible.

    A task has settled when two reads in a row show the same, and something else than the last time it was
    read. One that nobody changed never shows anything else: it is read until the time is over.

    Args:
        read: reads one task.
        within: seconds that the portal has (`settle` of the config); 0 reads once.
        sleep: waits for a number of seconds.
        clock: tells seconds that only grow.
    """
    if not within:
        return read
    shown: dict[int, bytes] = {}
    pause = min(within / 4, _LONGEST_PAUSE)

    def patiently(task: int) -> Exchange:
        until = clock() + within
        before, exchange = None, read(task)
        while clock() < until:
            body = exchange.response.body
            if exchange.response.ok and body == before and body != shown.get(task):
                break
            sleep(pause)
            before, exchange = body, read(task)
        shown[task] = exchange.response.body
        return exchange

    return patiently
