"""A finding is seen again before it counts: portals that people work in have bad moments.

The run is repeated as it was, with the same profile, seed, day, selection and baseline, since what one check
shows may rest on what another has sent. A deviation that shows again is confirmed. One that does not gets a
third chance, and is unsteady where that does not show it either: it is told, and does not fail the run as a
deviation does. Only a repetition that judged the requirement speaks for it or against it: where the portal
was away or refused to be asked, the finding stands as it was seen. A repetition that was cut off acquits of
nothing, whatever it came to judge: it may not have sent what showed the deviation.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.portals.config import is_loopback
from etalon.reporting.results import UnreadableResultsError, read
from etalon.runs import run_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from etalon.judging.verdicts import Judgement
    from etalon.reporting.results import RequirementResult, RunResult
    from etalon.session import Session, TargetRun

_ENOUGH = 2
_REPETITIONS = 2
_JUDGED = frozenset({Verdict.CONFORMS, Verdict.DEVIATES})
_SHOWN = _JUDGED | {Verdict.OBSERVED}
_CUT_OFF = (Verdict.INCONCLUSIVE, Verdict.NOT_TESTABLE)
_NOT_ENDED = Message("repetition-cut-off")
_NOT_JUDGED = Message("repetition-did-not-judge")
_NO_REQUESTS = Message("no-requests-to-repeat")


@dataclass(frozen=True, slots=True)
class Repetition:
    """The options that a run was called with, and is repeated with.

    Attributes:
        config: the config file.
        day: from which dates are reckoned, also where a repetition begins on the next one.
        selected: the globs of `--select`.
        baseline: the file of accepted deviations and pins, where there is one.
        interrupted: called where a repetition is interrupted, before it is waited for.
    """

    config: Path
    profile: str
    seed: int
    day: date
    selected: Sequence[str]
    baseline: str | None = None
    interrupted: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Sightings:
    """How often a deviation was seen, by the runs that judged its requirement.

    Attributes:
        times: runs that showed it, the first one included.
        of: runs that judged the requirement.
        unjudged: why the last repetition that did not judge it did not.
    """

    times: int = 1
    of: int = 1
    unjudged: Message | None = None

    @property
    def confirmed(self) -> bool:
        """Whether it has been seen often enough to count."""
        return self.times >= _ENOUGH

    def add(self, verdict: Verdict | None, reason: Message | None) -> None:
        """Count a repetition, unless the finding was confirmed before it.

        Args:
            verdict: what it says of the requirement; None where it did not come to its end.
            reason: why it was not judged, where it was not.
        """
        if self.confirmed:
            return
        if verdict not in _JUDGED:
            self.unjudged = reason or _NOT_JUDGED
            return
        self.of += 1
        self.times += verdict is Verdict.DEVIATES

    def settled(self, seen: Judgement) -> Judgement:
        """What the first run's judgement comes to by them: unsteady only if each has judged."""
        if self.confirmed:
            return replace(seen, reason=Message("confirmed", times=self.times, of=self.of))
        if self.of > _REPETITIONS:
            reason = Message("unsteady", times=self.times, of=self.of)
            return replace(seen, verdict=Verdict.INCONCLUSIVE, reason=reason)
        why = self.unjudged or _NO_REQUESTS
        if self.of == 1:
            return replace(seen, reason=Message("not-repeated", why=why))
        return replace(seen, reason=Message("not-repeated-again", times=self.times, of=self.of, why=why))


def confirm(session: Session, repetition: Repetition) -> None:
    """Repeat the runs against live targets that showed deviations, and note how often each was seen.

    Portals on this machine are left out, unless the config asks for it: nobody else uses them, and there is
    no network in between.

    Raises:
        KeyboardInterrupt: a repetition was interrupted; what it left behind is known.
    """
    for run in session.targets:
        wanted = run.target.confirm
        if not run.target.embedded and (not is_loopback(run.target.url) if wanted is None else wanted):
            _confirm(run, repetition)


def _confirm(run: TargetRun, repetition: Repetition) -> None:
    seen = {
        row: Sightings()
        for row, judgement in run.judgements.items()
        if judgement.verdict is Verdict.DEVIATES and run.allowed(row) is None
    }
    cost = run.requests - run.spent_on_proofs
    for _ in range(_REPETITIONS):
        left = run.target.max_requests - run.requests
        if all(sightings.confirmed for sightings in seen.values()) or left < cost:
            break
        again = _repeated(run, repetition, left)
        for row, sightings in seen.items():
            sightings.add(*again.get(row, (None, _NOT_ENDED)))
    if any(not sightings.confirmed and sightings.of <= _REPETITIONS for sightings in seen.values()):
        run.note(Message("not-all-confirmed"))
    for row, sightings in seen.items():
        run.judgements[row] = sightings.settled(run.judgements[row])


def _repeated(
    run: TargetRun, repetition: Repetition, most: int
) -> Mapping[str, tuple[Verdict, Message | None]]:
    """Verdict and reason of each requirement in a repetition; none where it did not come to its end.

    One that was cut off says of nothing that it conforms.
    """
    with tempfile.TemporaryDirectory() as folder:
        arguments = [
            *(
                "--no-confirm",
                "--no-proof",
                "--config",
                str(repetition.config),
                "--profile",
                repetition.profile,
            ),
            *("--seed", str(repetition.seed), "--day", repetition.day.isoformat()),
            *("--max-requests", str(most), "--output", folder),
            *([f"--baseline={repetition.baseline}"] if repetition.baseline else []),
            *(f"--select={pattern}" for pattern in repetition.selected),
            *("--", run.target.name),
        ]
        try:
            run_apart(
                arguments,
                variables=[secret.variable for secret in run.target.credentials.values()],
                interrupted=repetition.interrupted,
            )
        finally:
            again = _results(Path(folder, "results.json"))
            if again is not None:
                run.repeated(again.targets[0])
    if again is None or not again.complete:
        return {}
    rows = again.targets[0].requirements
    verdicts = {row.id: (row.verdict, _reason(row)) for row in rows}
    cut_off = _cut_off(run, rows)
    if cut_off is None:
        return verdicts
    return {row: cut_off if found[0] is Verdict.CONFORMS else found for row, found in verdicts.items()}


def _cut_off(run: TargetRun, rows: Sequence[RequirementResult]) -> tuple[Verdict, Message | None] | None:
    """Why a repetition did not judge all that the run did; None where it did.

    A law over all traffic conforms by whatever little of it there was before the portal went away.
    """
    lost = [row for row in rows if row.id in run.judgements and run.judgements[row.id].verdict in _SHOWN]
    for verdict in _CUT_OFF:  # the portal's failure says more than what could not be tested after it
        for row in lost:
            if row.verdict is verdict:
                return Verdict.INCONCLUSIVE, _reason(row)
    return None


def _reason(row: RequirementResult) -> Message | None:
    return row.reason_message.message if row.reason_message else None


def _results(path: Path) -> RunResult | None:
    """What a repetition has written; None where it did not come to that, or judged no target."""
    try:
        again = read(path)
    except UnreadableResultsError:
        return None
    return again if again.targets else None
