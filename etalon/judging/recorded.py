"""What recordings of strangers' traffic have in common, whatever portal answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etalon.judging.checking import Check
    from etalon.portals.exchange import Exchange

Judge = Callable[["Check"], None]
"""Holds a recording against one requirement; its id is the key under which the judge stands."""

LONGEST_BETWEEN = 30.0
"""Seconds between a change and a read for the one to say something about the other: in more time, somebody
else may well have changed the task, whose traffic the recording does not have."""


def close_in_time(earlier: Exchange, later: Exchange) -> bool:
    """Whether two exchanges went so shortly one after the other that hardly anybody came between."""
    if not earlier.at or not later.at:
        return False  # when they went is not known
    return later.at - (earlier.at + earlier.elapsed) <= LONGEST_BETWEEN


Judges = Mapping[str, Judge]
