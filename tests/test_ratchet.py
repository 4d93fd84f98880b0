"""What a check has found once, it goes on finding: the catalogue against the committed kill matrix."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from etalon.proving.bindings import binding, bound
from etalon.proving.matrix import Fate, read_matrix, unproven
from etalon.shipped import contract, root
from etalon.vendors import kinds, vendor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from etalon.portals.config import Kind
    from etalon.proving.matrix import FaultRun

# Written by `etalon faults --output reports`, which is what to run again where more is found than here.
COMMITTED = root() / "reports" / "kill-matrix.json"
MATRIX = read_matrix(COMMITTED)
CATALOGUE = {(run.kind, run.fault): run for run in MATRIX.runs}
# Needs a text of digits as the description, left alone by the next update. Of the pairs of member and text
# that stands alone, a thorough run tries two in three, and its seed decides which ones. `deep` tries all.
LEFT_TO_DEEP = {"leading-zeros-lost-by-next-update"}
# Requirement → the fault by which it has to be seen to fail: the one that fewest others find.
TELLING = {
    requirement: min(
        (run for run in MATRIX.runs if requirement in run.killed_by),
        key=lambda run: len(run.killed_by),
    )
    for run in MATRIX.runs
    for requirement in run.killed_by
}
ALL = os.environ.get("ETALON_RATCHET") == "all"
# A whole run of every fault takes ten minutes of CPU: ETALON_RATCHET=all tries it, else one in eight has one,
# and of those one in three a thorough one.
WHOLE = [
    (*one, MATRIX.profile if ALL or number % 3 == 0 else "quick")
    for number, one in enumerate(list(CATALOGUE)[:: 1 if ALL else 8])
    if one[1] != "every-third-update-ignored"  # which ones those are depends on how many there are
]
# What changes several members, or several tasks, meets the defects of each.
SUMMED_UP = {"R7-SEQUENCES", "R7-CONCURRENT-UPDATES", "R7-UPDATES-COMMUTE", "PF-SEQUENCES"}


def red(
    run_fault: Callable[..., FaultRun], before: FaultRun, profile: str, selected: Iterable[str] = ()
) -> set[str]:
    """What goes red when a run of the committed matrix is executed again."""
    pinned = binding(before.kind, before.fault).pinned
    return set(run_fault(before.kind, before.fault, profile, sorted(selected), pinned).red)


@pytest.mark.parametrize(("kind", "fault"), [one for one in CATALOGUE if one[1] not in LEFT_TO_DEEP])
def test_a_fault_is_found_by_what_is_bound_to_it(
    run_fault: Callable[..., FaultRun], kind: Kind, fault: str
) -> None:
    """By any that found it, and by each that no other fault would show to work.

    Few requests and the checks in question are enough for most; what judges all traffic takes a whole run.
    """
    before = CATALOGUE[kind, fault]
    bound_to_it = set(before.killed_by)
    wanted = {requirement for requirement, run in TELLING.items() if run is before}
    found: set[str] = set()
    for profile, selected in (("quick", bound_to_it), (MATRIX.profile, bound_to_it), (MATRIX.profile, ())):
        found |= red(run_fault, before, profile, selected) & bound_to_it
        if found and wanted <= found:
            break
    assert found
    assert wanted - found == set()


@pytest.mark.parametrize(("kind", "fault", "profile"), WHOLE)
def test_a_fault_turns_nothing_red_but_what_it_did(
    run_fault: Callable[..., FaultRun], kind: Kind, fault: str, profile: str
) -> None:
    before = CATALOGUE[kind, fault]
    assert red(run_fault, before, profile) <= {*before.bound, *before.red} | SUMMED_UP


@pytest.mark.parametrize("kind", kinds())
def test_the_committed_matrix_is_of_the_whole_catalogue(kind: Kind) -> None:
    tried = {run.fault: set(run.bound) for run in MATRIX.runs if run.kind == kind}
    assert tried == {fault: set(bound(kind, fault)) for fault in vendor_of(kind).mock().faults}


@pytest.mark.parametrize("kind", kinds())
def test_every_judged_requirement_has_been_seen_to_fail(kind: Kind) -> None:
    judged = [row.id for row in contract(kind).requirements if row.level != "silent" and not row.planned]
    assert unproven(judged, [MATRIX]) == []


def test_every_fault_is_found() -> None:
    lost = {run.fault for fate in (Fate.SURVIVED, Fate.VOID) for run in MATRIX.with_fate(fate)}
    assert lost == LEFT_TO_DEEP
