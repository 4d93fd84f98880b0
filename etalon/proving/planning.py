"""Which runs a proving consists of: every fault alone, and pairs of them."""

from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING

from etalon.portals.mocking import UnknownFaultError
from etalon.proving.bindings import binding
from etalon.proving.fault_runs import PlannedRun
from etalon.proving.matrix import Fate
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.portals.config import Kind
    from etalon.proving.matrix import FaultRun, KillMatrix


def singles(kinds: Sequence[Kind], profile: str, seed: int, only: Sequence[str] = ()) -> list[PlannedRun]:
    """Each fault of the catalogues alone.

    Args:
        kinds: the portals.
        profile: how thorough the runs are.
        seed: what is drawn at random.
        only: names of the faults to try; all of them by default.

    Raises:
        UnknownFaultError: one of these names is in no catalogue of the kinds.
        BindingError: a fault is bound to no requirement.
    """
    for name in only:
        if not any(name in vendor_of(kind).mock().faults for kind in kinds):
            portals = " or ".join(kinds)
            raise UnknownFaultError(
                f"{name} is no fault of {portals}; `etalon serve {kinds[0]} --fault list` names them."
            )
    return [
        _single(kind, fault, profile, seed)
        for kind in kinds
        for fault in vendor_of(kind).mock().faults
        if not only or fault in only
    ]


def pairs(matrix: KillMatrix, count: int) -> list[PlannedRun]:
    """A sample of pairs of faults of one portal, each killed when it was alone.

    Args:
        matrix: the runs of the faults alone.
        count: how many pairs; fewer where there are no more.
    """
    killed = matrix.with_fate(Fate.KILLED)
    possible = [(one, other) for one, other in combinations(killed, 2) if one.kind == other.kind]
    chosen = random.Random(matrix.seed).sample(possible, min(count, len(possible)))  # noqa: S311 - no secret
    return [_pair(one, other, matrix) for one, other in chosen]


def masked(matrix: KillMatrix, pair: FaultRun) -> list[str]:
    """The faults of a pair that none of their requirements found, though one did when they were alone."""
    if not pair.judged:
        return []
    alone = {(run.kind, run.fault): run for run in matrix.runs}
    return [
        fault for fault in pair.fault.split("+") if not set(alone[pair.kind, fault].bound) & set(pair.red)
    ]


def _single(kind: Kind, fault: str, profile: str, seed: int) -> PlannedRun:
    breaks = binding(kind, fault)
    return PlannedRun(kind, kind, "documented", (fault,), breaks.breaks, profile, seed, breaks.pinned)


def _pair(one: FaultRun, other: FaultRun, matrix: KillMatrix) -> PlannedRun:
    pinned = {**one.pinned, **other.pinned}
    faults = (one.fault, other.fault)
    return PlannedRun(one.kind, one.kind, one.dialect, faults, (), matrix.profile, matrix.seed, pinned)
