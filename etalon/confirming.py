"""A finding is seen again before it counts: portals that people work in have bad moments.

The run is repeated as it was, with the same profile, seed, day and selection, since what one check shows
may rest on what another has sent. A deviation that shows again is confirmed. One that does not gets a third
chance, and is unsteady where that does not show it either: it is told, and does not fail the run as a
deviation does.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict
from etalon.portals.config import is_loopback
from etalon.reporting.results import UNSTEADY, UnreadableResultsError, read
from etalon.runs import run_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from etalon.session import Session, TargetRun

_ENOUGH = 2
_REPETITIONS = 2


@dataclass(frozen=True, slots=True)
class Repetition:
    """The options that a run was called with, and is repeated with.

    Attributes:
        config: the config file.
        day: from which dates are reckoned, also where a repetition begins on the next one.
        selected: the globs of `--select`.
    """

    config: Path
    profile: str
    seed: int
    day: date
    selected: Sequence[str]


def confirm(session: Session, repetition: Repetition) -> None:
    """Repeat the runs against live targets that showed deviations, and note how often each was seen.

    Portals on this machine are left out, unless the config asks for it: nobody else uses them, and there is
    no network in between.
    """
    for run in session.targets:
        wanted = run.target.confirm
        if not run.target.embedded and (not is_loopback(run.target.url) if wanted is None else wanted):
            _confirm(run, repetition)


def times_seen(first: frozenset[str], again: Sequence[frozenset[str]]) -> Mapping[str, tuple[int, int]]:
    """How often each deviation was seen, and out of how many runs.

    Args:
        first: the requirements that the run deviates from.
        again: those that its repetitions deviate from, in order; one that was confirmed by then is counted up
            to its confirmation.
    """
    seen = {}
    for row in first:
        times = of = 1
        for deviating in again:
            if times >= _ENOUGH:
                break
            of += 1
            times += row in deviating
        seen[row] = (times, of)
    return seen


def _confirm(run: TargetRun, repetition: Repetition) -> None:
    deviating = frozenset(
        row
        for row, judgement in run.judgements.items()
        if judgement.verdict is Verdict.DEVIATES and run.allowed(row) is None
    )
    again: list[frozenset[str]] = []
    seen = times_seen(deviating, again)
    cost = run.requests
    while any(times < _ENOUGH for times, _ in seen.values()) and len(again) < _REPETITIONS:
        left = run.target.max_requests - run.requests
        found = _repeated(run, repetition, left) if left >= cost else None
        if found is None:
            run.note("The run could not be repeated as often as it takes to confirm every finding.")
            break
        again.append(found)
        seen = times_seen(deviating, again)
    for row, (times, of) in seen.items():
        judgement = run.judgements[row]
        if times >= _ENOUGH:
            run.judgements[row] = replace(judgement, reason=f"confirmed {times} of {of}")
        elif of > _REPETITIONS:
            run.judgements[row] = replace(
                judgement, verdict=Verdict.INCONCLUSIVE, reason=f"{UNSTEADY}seen {times} of {of}"
            )


def _repeated(run: TargetRun, repetition: Repetition, most: int) -> frozenset[str] | None:
    """The requirements that a repetition deviates from; None where it did not come to its end."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [
            *(run.target.name, "--no-confirm"),
            *("--config", str(repetition.config), "--profile", repetition.profile),
            *("--seed", str(repetition.seed), "--day", repetition.day.isoformat()),
            *("--max-requests", str(most), "--output", folder),
        ]
        for pattern in repetition.selected:
            arguments += ["--select", pattern]
        run_apart(arguments)
        try:
            again = read(Path(folder, "results.json"))
        except UnreadableResultsError:
            return None
    [target] = again.targets
    run.repeated(target)
    if not again.complete:
        return None
    return frozenset(row.id for row in target.requirements if row.verdict is Verdict.DEVIATES)
