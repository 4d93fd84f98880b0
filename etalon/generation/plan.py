"""Which situations go together: a covering array, its first rows as telling as they can be.

A factor is something that can be chosen (what a member is set to, what is sent alone, how the object is read
afterwards), a level one of the choices. Every level comes as early as rows allow, then every pair of levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice
from random import Random
from typing import TYPE_CHECKING

from covertable import make_async

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, str]
    Pair = tuple[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """The first rows of a covering array.

    Attributes:
        factors: name → its levels.
        rows: each chooses a level of every factor.
    """

    factors: Mapping[str, Sequence[str]]
    rows: tuple[Row, ...]

    @property
    def pairs(self) -> int:
        """How many pairs of levels there are."""
        sizes = [len(levels) for levels in self.factors.values()]
        return sum(one * other for one, other in combinations(sizes, 2))

    def covered(self, rows: Sequence[Row] | None = None) -> frozenset[Pair]:
        """The pairs of levels that rows cover.

        Args:
            rows: those that were sent; by default, all of the plan.
        """
        return frozenset(pair for row in (self.rows if rows is None else rows) for pair in pairs_of(row))

    def left_out(self, rows: Sequence[Row] | None = None) -> list[tuple[str, str]]:
        """The levels, each with its factor, that rows do not have at all."""
        seen = {level for row in (self.rows if rows is None else rows) for level in row.items()}
        return [
            (factor, level)
            for factor, levels in self.factors.items()
            for level in levels
            if (factor, level) not in seen
        ]


def planned(factors: Mapping[str, Sequence[str]], rows: int, seed: int) -> Plan:
    """Choose rows that cover every level, and as many pairs of levels as they can.

    Args:
        factors: name → its levels, each of them once; a factor without levels is left out.
        rows: how many at most; fewer where all pairs are covered by fewer.
        seed: decides the order, in every process alike.
    """
    factors = {name: levels for name, levels in factors.items() if levels}
    if not factors or rows < 1:
        return Plan(factors, ())
    found = islice(make_async(dict(factors), presets=_diagonal(factors, seed), salt=str(seed)), rows)
    return Plan(factors, tuple({name: str(row[name]) for name in factors} for row in found))


def _diagonal(factors: Mapping[str, Sequence[str]], seed: int) -> list[dict[str, str]]:
    """As many rows as the largest factor has levels: every factor takes turns with all of its own."""
    shuffled = {}
    for name, levels in factors.items():
        shuffled[name] = list(levels)
        Random(f"{seed}/{name}").shuffle(shuffled[name])  # noqa: S311 - no secret: the seed decides the plan
    most = max(map(len, factors.values()))
    return [{name: levels[row % len(levels)] for name, levels in shuffled.items()} for row in range(most)]


def pairs_of(row: Row) -> list[Pair]:
    """The pairs of levels in a row."""
    return list(combinations(sorted(row.items()), 2))
