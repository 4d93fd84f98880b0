"""Goes on for as long as the target allows requests: how a profile that explores at length ends."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.transport import Transport


def rounds(transport: Transport, *, dearest: int, held_back: int) -> Iterator[tuple[int, int]]:
    """Rounds of examples, one after the other, until the requests are spent.

    Args:
        transport: whose requests are spent, by whoever takes the rounds.
        dearest: requests that the dearest example can cost.
        held_back: requests that stay for making a finding smaller.

    Yields:
        The number of the round, from 1, and how many examples it can afford; examples that cost less leave
        requests for another round. A round that sends nothing is the last.
    """
    for number in count(1):
        before = transport.spent
        affordable = (transport.remaining - held_back) // dearest
        if affordable < 1:
            return
        yield number, affordable
        if transport.spent == before:
            return
