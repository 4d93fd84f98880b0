"""What a check has found once, it goes on finding: the catalogue against the committed kill matrix."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from etalon.portals.embedded import FAULTS
from etalon.proving.matrix import Fate, KillMatrix, lost, read_matrix, unproven
from etalon.proving.orders import singles
from etalon.proving.trials import hold_all
from etalon.shipped import contract, root
from etalon.vendors import kinds

if TYPE_CHECKING:
    from etalon.portals.config import Kind

# Written by `etalon faults --output reports`, which is what to run again where more is found than here.
COMMITTED = root() / "reports" / "kill-matrix.json"
# The whole takes a quarter of an hour of CPU: ETALON_RATCHET=all tries it, else one fault in five does.
EVERY = 1 if os.environ.get("ETALON_RATCHET") == "all" else 5


@pytest.mark.parametrize("kind", kinds())
def test_nothing_that_was_found_is_lost(kind: Kind) -> None:
    before = read_matrix(COMMITTED)
    orders = singles([kind], before.profile, before.seed)[::EVERY]
    trials = [trial for _, trial in hold_all(orders, os.cpu_count() or 1)]
    now = KillMatrix(before.etalon, before.profile, before.seed, tuple(trials))
    assert lost(before, now) == []


@pytest.mark.parametrize("kind", kinds())
def test_the_committed_matrix_is_of_the_whole_catalogue(kind: Kind) -> None:
    tried = {trial.fault for trial in read_matrix(COMMITTED).trials if trial.kind == kind}
    assert tried == set(FAULTS[kind])


@pytest.mark.parametrize("kind", kinds())
def test_every_judged_requirement_has_been_seen_to_fail(kind: Kind) -> None:
    judged = [row.id for row in contract(kind).requirements if row.level != "silent" and not row.planned]
    assert unproven(judged, [read_matrix(COMMITTED)]) == []


def test_every_fault_is_found() -> None:
    matrix = read_matrix(COMMITTED)
    assert [trial.fault for fate in (Fate.SURVIVED, Fate.VOID) for trial in matrix.with_fate(fate)] == []
