"""One run: its targets, what their checks found, and the results that the writers are given."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from etalon import __version__
from etalon.judging.coverage import exercised
from etalon.judging.requirements import expected_behaviour, is_selected
from etalon.judging.verdicts import Judgement, Verdict
from etalon.messages import Message, cleaned
from etalon.portals.curl import curl_lines, numbered_lines, request_text, response_text
from etalon.portals.secrets import redactor_of
from etalon.proving.proofs import Proof, Shown, prove
from etalon.proving.recording import recorded
from etalon.reporting.baseline import applied
from etalon.reporting.records import (
    ExchangeRecord,
    FindingRecord,
    MessageRecord,
    OperationCoverage,
    ParameterCoverage,
    ProofRecord,
    SituationCoverage,
    Spending,
    StepRecord,
)
from etalon.reporting.results import RequirementResult, RunResult, TargetResult
from etalon.shipped import contract, documented, owed
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from etalon.generation.plan import Plan
    from etalon.judging.requirements import Contract, Requirement
    from etalon.judging.verdicts import Finding
    from etalon.portals.config import Target
    from etalon.portals.exchange import Exchange
    from etalon.portals.ledger_writing import Ledger
    from etalon.portals.scratch import ScratchTasks
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport
    from etalon.profiles import Profile
    from etalon.proving.scripts import Stage
    from etalon.reporting.baseline import Baseline
    from etalon.reporting.records import AllowedRecord
    from etalon.vendors.vendor import Vendor

NOT_REACHED, NO_CHECK = Message("not-reached"), Message("no-check-is-bound")


class TargetRun:
    """What is going on with one target while it is judged."""

    def __init__(self, target: Target, baseline: Baseline | None = None, *, proves: bool = True) -> None:
        self.target = target
        self.proves = proves
        self.baseline = baseline
        self.redactor = redactor_of(target)
        self.transport: Transport | None = None
        self.ledger: Ledger | None = None
        self._repeated = 0
        self.judgements: dict[str, Judgement] = {}
        self.bound: frozenset[str] | None = None  # the rows that a check was collected for
        self.placeholders: dict[str, str] = {}
        self.left_behind: list[str] = []
        self.not_shown: dict[str, None] = {}
        self.notes: list[Message] = list(target.warnings)
        self.mistakes: list[BaseException] = []
        self.spent_on_proofs = 0
        self.proofs: Mapping[str, Proof] = {}
        self.proof_records: Mapping[str, ProofRecord] = {}
        self.situations: SituationCoverage | None = None
        self.seconds = 0.0
        self.first_red: int | None = None
        self._since: float | None = None
        self._spending: dict[str, tuple[int, float]] = {}
        self._attributed = 0

    @property
    def contract(self) -> Contract:
        """What the target owes."""
        return contract(self.target.kind)

    @property
    def requests(self) -> int:
        """Requests spent so far, on repetitions as well."""
        return (self.transport.spent if self.transport else 0) + self._repeated

    def expected(self, requirement: Requirement) -> str | None:
        """The behaviour that the baseline, the target's pins, its dialect or the page call for."""
        pinned = self.baseline.pinned(self.target.name, requirement) if self.baseline else None
        return pinned or expected_behaviour(
            requirement, self.contract.dialects[self.target.dialect], self.target.expect
        )

    def allowed(self, requirement_id: str) -> AllowedRecord | None:
        """The line of the baseline that accepts a deviation today, if there is one."""
        if self.baseline is None:
            return None
        return self.baseline.allows(self.target.name, requirement_id, datetime.now(UTC).date())

    def started(self) -> None:
        """Start the clock."""
        self._since = time.monotonic()

    def stopped(self) -> None:
        """Stop the clock."""
        if self._since is not None:
            self.seconds += time.monotonic() - self._since
            self._since = None

    def saw_red(self, exchange: int | None) -> None:
        """Note with which exchange a deviation could be seen; the first of them counts."""
        if exchange is not None:
            self.first_red = min(exchange, self.first_red or exchange)

    def spent_on(self, theme: str, seconds: float) -> None:
        """Put down to a theme what has been spent since the last call, and the seconds that it took."""
        requests, before = self._spending.get(theme, (0, 0.0))
        self._spending[theme] = (requests + self.requests - self._attributed, before + seconds)
        self._attributed = self.requests

    def repeated(self, again: TargetResult) -> None:
        """Add what a repetition of this run has spent and left."""
        self._repeated += again.requests
        self.left_behind += again.left_behind

    def prove(self, stage: Stage, budget: int) -> None:
        """Make what deviates again, from nothing and by the fewest steps.

        Args:
            stage: the portal.
            budget: requests that may be spent.
        """
        if not self.proves:
            return  # a repetition, or a fault's run, asks for verdicts alone
        before = self.requests
        findings = {
            row: judgement.findings[0]
            for row, judgement in self.judgements.items()
            if judgement.verdict is Verdict.DEVIATES and judgement.findings
        }
        proofs = prove(findings, stage, budget)
        self.spent_on_proofs = self.requests - before
        vendor = vendor_of(self.target.kind)

        def says(exchange: Exchange) -> str:
            return str(_asked(exchange, vendor).cleaned(self.redactor.clean))

        self.proofs = proofs
        self.proof_records = {
            row: recorded(proof, stage, self.redactor, self.target.url, says, vendor.logs_in)
            for row, proof in proofs.items()
        }

    def carried_out(self, plan: Plan, rows: Sequence[Mapping[str, str]]) -> None:
        """Take down how far a plan of situations went.

        Args:
            plan: what was planned.
            rows: those of its rows that were sent.
        """
        left_out = tuple(f"{factor}: {level}" for factor, level in plan.left_out(rows))
        self.situations = SituationCoverage(len(rows), len(plan.covered(rows)), plan.pairs, left_out)

    def parted_with(self, scratch: ScratchTasks) -> None:
        """Take down what is left of the run's tasks, and what nobody knows of them."""
        self.left_behind = [str(task) for task in scratch.left_behind]
        for task in scratch.not_shown:
            where = "" if self.target.embedded else f" ({self._link(task)})"
            self.note(Message("creation-answered-anothers-task", id=f"{task}{where}"))
        if scratch.unsearched and self.transport is not None:
            self.note(Message("creation-may-have-made-a-task", mark=self.transport.mark))

    def note(self, message: Message) -> None:
        """Add what is to be known about the run against this target, once."""
        if message not in self.notes:
            self.notes.append(message)

    def result(self, selected: Sequence[str]) -> TargetResult:
        """What is known about the target by now."""
        notes = tuple(note.cleaned(self.redactor.clean) for note in (*self.notes, *self._links()))
        requirements = [row for row in self.contract.requirements if is_selected(row.id, selected)]
        return TargetResult(
            name=self.target.name,
            kind=self.target.kind,
            dialect=self.target.dialect,
            url=self.redactor.clean(self.target.url),
            requests=self.requests,
            seconds=round(self.seconds, 3),
            left_behind=tuple(map(self.redactor.clean, self.left_behind)),
            not_shown=tuple(map(self.redactor.clean, self.not_shown)),
            notes=tuple(map(str, notes)),
            note_messages=tuple(map(MessageRecord.of, notes)),
            themes=self.contract.themes,
            spending=tuple(
                Spending(theme, requests, round(seconds, 3))
                for theme, (requests, seconds) in self._spending.items()
            ),
            coverage=self._coverage(),
            situations=self.situations,
            requirements=tuple(self._requirement_result(row) for row in requirements),
        )

    def _coverage(self) -> tuple[OperationCoverage, ...]:
        journal = self.transport.journal if self.transport else []
        return tuple(
            OperationCoverage(
                part.operation,
                part.requests,
                tuple(ParameterCoverage(name, kinds) for name, kinds in part.parameters.items()),
            )
            for part in exercised(documented(self.target.kind), journal)
        )

    def _link(self, task: int) -> str:
        return vendor_of(self.target.kind).link(self.target, task)

    def _links(self) -> list[Message]:
        """Where people find what was left behind, on a portal that outlives the run."""
        if self.target.embedded or not self.left_behind:
            return []
        links = (self._link(int(task)) for task in self.left_behind)
        return [Message("left-on-portal", what=tuple(links))]

    def _has_check(self, row: Requirement) -> bool:
        return self.bound is None or row.id in self.bound

    def _requirement_result(self, row: Requirement) -> RequirementResult:
        unjudged = (
            Judgement(Verdict.PLANNED, reason=Message("check-planned"))
            if row.planned
            else Judgement(Verdict.INCONCLUSIVE, reason=NOT_REACHED if self._has_check(row) else NO_CHECK)
        )
        judgement = self.judgements.get(row.id, unjudged)
        reason = judgement.reason.cleaned(self.redactor.clean) if judgement.reason else None
        source: Mapping[str, str] = {"page": row.source.page, "row": row.source.row}
        if row.source.url:
            source = {**source, "url": row.source.url}
        return RequirementResult(
            id=row.id,
            theme=row.theme,
            level=row.level.value,
            verdict=judgement.verdict,
            statement=row.statement,
            source=source,
            behaviour=judgement.behaviour,
            expected=judgement.expected,
            reason="" if reason is None else str(reason),
            reason_message=MessageRecord.of(reason) if reason else None,
            checked=judgement.checked,
            behaviours=row.behaviours,
            cell=row.cell,
            findings=tuple(self.finding_record(finding) for finding in judgement.findings),
        )

    def _proof_of(self, finding: Finding) -> tuple[Proof, ProofRecord]:
        """How a finding was made again from nothing, or why it was not; and the same to be written down."""
        for row, judgement in self.judgements.items():
            if finding in judgement.findings and row in self.proofs:
                return self.proofs[row], self.proof_records[row]
        return Proof(Shown.NOT_TRIED), ProofRecord()

    def finding_record(self, finding: Finding) -> FindingRecord:
        """A finding as it may be shown: without secrets, its exchanges as text, a `curl` line for each.

        One that takes several steps has them numbered, each in words above its line: in the check's own,
        or else by what each exchange asked for.
        """
        clean = self.redactor.clean
        proof, proof_record = self._proof_of(finding)
        again = proof.shown is Shown.AGAIN
        exchanges = list(proof.exchanges) if again else _in_order(finding.exchanges)
        steps = [] if again else [(step.says.cleaned(clean), step.exchange) for step in finding.steps]
        if not steps and len(exchanges) > 1:
            vendor = vendor_of(self.target.kind)
            steps = [(_asked(exchange, vendor), exchange) for exchange in exchanges]
        summary = finding.summary.cleaned(clean)
        kind = MessageRecord.of(summary)
        expected, observed = (cleaned(side, clean) for side in (finding.expected, finding.observed))
        return FindingRecord(
            kind=kind.kind,
            params=kind.params,
            summary=str(summary),
            proof=proof_record,
            expected=str(expected),
            observed=str(observed),
            member=clean(finding.member) if finding.member else finding.member,
            exchanges=tuple(
                ExchangeRecord(
                    request_text(exchange.request, self.redactor), response_text(exchange, self.redactor)
                )
                for exchange in exchanges
            ),
            reproduce=(
                numbered_lines([(str(says), one) for says, one in steps], self.redactor, self.placeholders)
                if steps
                else curl_lines(exchanges, self.redactor, self.placeholders)
            ),
            steps=tuple(
                StepRecord(
                    str(says),
                    curl_lines([exchange], self.redactor, self.placeholders),
                    MessageRecord.of(says),
                )
                for says, exchange in steps
            ),
            expected_message=MessageRecord.of(expected) if isinstance(expected, Message) else None,
            observed_message=MessageRecord.of(observed) if isinstance(observed, Message) else None,
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Session:
    """A run over some targets."""

    profile: Profile
    seed: int
    targets: Sequence[TargetRun]
    selected: Sequence[str] = ()
    command: str = ""
    baseline: Baseline | None = None
    given_day: date | None = None
    started: str = field(default_factory=_now)
    finished: str = ""
    complete: bool = False

    @property
    def day(self) -> date:
        """The day from which dates are reckoned: the one that was given, else that on which the run began."""
        return self.given_day or date.fromisoformat(self.started[:10])

    def run_of(self, name: str) -> TargetRun:
        """The run of a target.

        Raises:
            KeyError: the session has no such target.
        """
        for run in self.targets:
            if run.target.name == name:
                return run
        raise KeyError(name)

    def recorded(self) -> Iterator[tuple[Exchange, Redactor]]:
        """Every exchange of the run, with what knows its secrets."""
        for run in self.targets:
            for exchange in run.transport.traffic if run.transport else ():
                yield exchange, run.redactor

    def finish(self, *, complete: bool) -> None:
        """Note the end; a session that was interrupted is not complete."""
        self.finished = _now()
        self.complete = complete

    @property
    def mistakes(self) -> list[tuple[TargetRun, BaseException]]:
        """What went wrong inside Etalon, with the target that it cost a requirement of."""
        return [(run, error) for run in self.targets for error in run.mistakes]

    def result(self) -> RunResult:
        """The results by now, seen through the baseline where there is one."""
        run = RunResult(
            etalon=__version__,
            profile=self.profile.name,
            seed=self.seed,
            started=self.started,
            finished=self.finished,
            complete=self.complete,
            command=self.command,
            targets=tuple(target.result(self.selected) for target in self.targets),
        )
        return run if self.baseline is None else applied(run, self.baseline, owed())


def _asked(exchange: Exchange, vendor: Vendor) -> Message:
    """What an exchange asked for, in words; what has none is called as the vendor calls it."""
    task, known = str(exchange.subject), exchange.subject is not None
    if exchange.operation == vendor.creates:
        return Message("step-create")
    if exchange.operation == vendor.reads:
        return Message("step-read-task", name=task) if known else Message("step-read-one")
    if exchange.operation == vendor.updates:
        return Message("step-update-task", name=task) if known else Message("step-update-one")
    if exchange.operation == vendor.removes:
        return Message("step-remove-task", name=task) if known else Message("step-remove-one")
    return Message("step-call", function=exchange.operation)


def _in_order(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Each exchange once, as they went over the wire."""
    return sorted(set(exchanges), key=lambda exchange: exchange.number)
