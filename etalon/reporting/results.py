"""The results of a run as values, and `results.json` (format `etalon-results/1`) from and to them."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from etalon.errors import UserError, why_unreadable
from etalon.judging.verdicts import Verdict
from etalon.reporting import schema
from etalon.reporting.folder import draft_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = "etalon-results/1"
UNSTEADY = "unsteady: "
"""How the reason of a finding begins that a repetition of the run did not show."""

# Worst first: the verdict of a target is the worst of its requirements'.
_SEVERITY = (
    Verdict.DEVIATES,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_TESTABLE,
    Verdict.CONFORMS,
)


class UnreadableResultsError(UserError):
    """A file is not a whole results file of a format that this Etalon reads; the message is for the user."""


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """An exchange as it may be shown: HTTP messages as text, without secrets."""

    request: str
    response: str


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a finding that takes several: what it does in words, and the `curl` line that does it."""

    says: str
    reproduce: str


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A finding as it may be shown.

    Attributes:
        reproduce: shell lines that show it again.
        steps: the same one by one, where it takes several.
    """

    summary: str
    expected: str
    observed: str
    member: str = ""
    exchanges: tuple[ExchangeRecord, ...] = ()
    reproduce: str = ""
    steps: tuple[StepRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class AllowedRecord:
    """The line of a baseline that accepts a deviation.

    Attributes:
        link: where it is tracked; may be empty.
        until: ISO date of the last day on which it is accepted; empty without one.
    """

    reason: str
    link: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """The verdict on one requirement, with the row that it judges.

    Attributes:
        statement: language (`en`, `ru`) → the requirement in one sentence.
        source: `page`, `row` and, where it is known, `url`.
        behaviour: what was observed, of the behaviours that the row lists.
        expected: the behaviour that page, dialect or pin call for.
        reason: why it was not judged.
        checked: how often its rule was applied.
        behaviours: those that the row lists.
        allowed: why its deviation is accepted, by the baseline; None where it is not.
        cell: member and situation, where it is one of the matrix of partial updates.
    """

    id: str
    theme: str
    level: str
    verdict: Verdict
    statement: Mapping[str, str]
    source: Mapping[str, str]
    behaviour: str | None = None
    expected: str | None = None
    reason: str = ""
    checked: int = 0
    findings: tuple[FindingRecord, ...] = ()
    behaviours: tuple[str, ...] = ()
    allowed: AllowedRecord | None = None
    cell: tuple[str, str] | None = None

    @property
    def unsteady(self) -> bool:
        """Whether it deviated, and did not when the run was repeated: told, and no reason to fail alone."""
        return self.verdict is Verdict.INCONCLUSIVE and self.reason.startswith(UNSTEADY)


@dataclass(frozen=True, slots=True)
class Spending:
    """What the checks of one theme cost: requests, and seconds.

    Checks share what a scene has sent, so that a theme pays for what it was the first to need.
    """

    theme: str
    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ParameterCoverage:
    """With which kinds of value one documented parameter was sent, and how often; none where it never was."""

    name: str
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OperationCoverage:
    """What of one documented operation the run has exercised.

    Attributes:
        operation: in the vendor's terms (`updateTask`, `task.update`).
        requests: how often it was asked for.
        parameters: all that its page documents, in the page's order.
    """

    operation: str
    requests: int
    parameters: tuple[ParameterCoverage, ...]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What was found out about one portal.

    Attributes:
        themes: theme → language → title, in the order of the report.
        requests: requests spent, log-in and cleaning up included.
        seconds: how long judging it took.
        left_behind: ids of tasks that the run made and could not remove.
        not_shown: members that no answer showed, so that what becomes of them could not be judged.
        notes: sentences about the run against this target (why it stopped, what was discovered).
        spending: requests and time by theme.
        coverage: what of the spec was exercised.
    """

    name: str
    kind: str
    dialect: str
    url: str
    requests: int
    requirements: tuple[RequirementResult, ...]
    themes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seconds: float = 0.0
    left_behind: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    spending: tuple[Spending, ...] = ()
    coverage: tuple[OperationCoverage, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its requirements; inconclusive where nothing was judged.

        A deviation that the baseline allows is not the worst: it counts as kept.
        """
        seen = {
            Verdict.CONFORMS if requirement.allowed else requirement.verdict
            for requirement in self.requirements
            if not requirement.unsteady
        }
        judged = seen & {Verdict.CONFORMS, Verdict.DEVIATES, Verdict.OBSERVED}
        if not judged:
            return Verdict.INCONCLUSIVE
        return next((verdict for verdict in _SEVERITY if verdict in seen), Verdict.CONFORMS)

    def count(self, verdict: Verdict) -> int:
        """How many requirements have this verdict; deviations that the baseline allows are not counted."""
        return sum(
            requirement.verdict is verdict and requirement.allowed is None
            for requirement in self.requirements
        )

    @property
    def allowed(self) -> int:
        """How many deviations the baseline allows."""
        return sum(requirement.allowed is not None for requirement in self.requirements)


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run over one or several targets.

    Attributes:
        complete: false until the run has come to its end.
        started: ISO 8601, UTC.
        finished: ISO 8601, UTC; empty while the run goes on.
        command: the command line, without secrets.
        baseline: the file that says which deviations are accepted; empty without one.
        stale: lines of the baseline that no longer hold, each with what to do about it.
    """

    etalon: str
    profile: str
    seed: int
    started: str
    targets: tuple[TargetResult, ...]
    finished: str = ""
    complete: bool = False
    command: str = ""
    baseline: str = ""
    stale: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its targets; a run that was cut off proves a deviation, never conformance.

        A baseline with lines that no longer hold is a deviation, too: it says what is not so.
        """
        seen = {target.verdict for target in self.targets}
        if self.stale:
            seen.add(Verdict.DEVIATES)
        if not self.complete:
            seen.add(Verdict.INCONCLUSIVE)
        return next((verdict for verdict in _SEVERITY if verdict in seen), Verdict.INCONCLUSIVE)

    @property
    def requests(self) -> int:
        """Requests spent on all targets."""
        return sum(target.requests for target in self.targets)

    @property
    def seconds(self) -> float:
        """How long the run took: from its start to its finish, else what its targets took together."""
        try:
            span = datetime.fromisoformat(self.finished) - datetime.fromisoformat(self.started)
        except (TypeError, ValueError):
            return sum(target.seconds for target in self.targets)
        return span.total_seconds()

    def count(self, verdict: Verdict) -> int:
        """How many requirements have this verdict, over all targets; allowed deviations are not counted."""
        return sum(target.count(verdict) for target in self.targets)

    @property
    def allowed(self) -> int:
        """How many deviations the baseline allows, over all targets."""
        return sum(target.allowed for target in self.targets)

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 deviates, 6 inconclusive or not testable; 1 wins over 6; what is unsteady is neither.

        A deviation that the baseline allows is none; a line of the baseline that no longer holds is one.
        """
        verdicts = {
            requirement.verdict
            for target in self.targets
            for requirement in target.requirements
            if requirement.allowed is None and not requirement.unsteady
        }
        if Verdict.DEVIATES in verdicts or self.stale:
            return 1
        unsettled = verdicts & {Verdict.INCONCLUSIVE, Verdict.NOT_TESTABLE}
        return 6 if unsettled or self.verdict is not Verdict.CONFORMS else 0


def to_document(run: RunResult) -> dict[str, Any]:
    """The run as the JSON document that INTERFACE describes; `complete` stands last."""
    return {
        "format": FORMAT,
        "etalon": run.etalon,
        "profile": run.profile,
        "seed": run.seed,
        "command": run.command,
        "started": run.started,
        "finished": run.finished,
        "baseline": run.baseline,
        "stale": list(run.stale),
        "verdict": run.verdict.value,
        "targets": [_target_document(target) for target in run.targets],
        "complete": run.complete,
    }


def from_document(document: Mapping[str, Any]) -> RunResult:
    """The run out of a parsed `results.json`.

    Raises:
        UnreadableResultsError: it is of another format, or lacks a part.
    """
    if document.get("format") != FORMAT:
        raise UnreadableResultsError(f"expected format {FORMAT!r}, found {document.get('format')!r}")
    problem = next(schema.obstacles(document), None)
    if problem:
        raise UnreadableResultsError(problem)
    try:
        return RunResult(
            etalon=document["etalon"],
            profile=document["profile"],
            seed=document["seed"],
            command=document.get("command", ""),
            started=document["started"],
            finished=document.get("finished", ""),
            baseline=document.get("baseline", ""),
            stale=tuple(document.get("stale", ())),
            targets=tuple(_target(target) for target in document["targets"]),
            complete=document["complete"],
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableResultsError(f"a part is missing or of a wrong kind: {error}") from error


def read(path: Path) -> RunResult:
    """Read a results file.

    Raises:
        UnreadableResultsError: the file cannot be read or is not a results file.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or why_unreadable(error)
        raise UnreadableResultsError(f"{path}: cannot be read as a results file: {reason}.") from error
    if not isinstance(document, dict):
        raise UnreadableResultsError(f"{path}: is not a results file")
    try:
        return from_document(document)
    except UnreadableResultsError as error:
        raise UnreadableResultsError(f"{path}: {error}") from error


def write(run: RunResult, path: Path) -> None:
    """Write a results file whole or not at all: a reader never sees half of one."""
    replace_text(path, json.dumps(to_document(run), ensure_ascii=False, indent=1) + "\n")


def replace_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all; lone surrogates become escapes that JSON reads back.

    Raises:
        OSError: the file cannot be written.
    """
    draft = path.with_name(draft_name())
    # "x": made here or not at all, so that it is nobody else's file, nor one that a link leads to.
    file = draft.open("x", encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        with file:
            file.write(text)
        os.replace(draft, path)  # noqa: PTH105 - Path.replace says the same, this says atomic
    except BaseException:
        with suppress(OSError):
            draft.unlink()  # half a file is in the way of others: on a full disk, after Ctrl-C
        raise


def _target_document(target: TargetResult) -> dict[str, Any]:
    return {
        "name": target.name,
        "kind": target.kind,
        "dialect": target.dialect,
        "url": target.url,
        "verdict": target.verdict.value,
        "requests": target.requests,
        "seconds": round(target.seconds, 3),
        "left-behind": list(target.left_behind),
        **({"not-shown": list(target.not_shown)} if target.not_shown else {}),
        "notes": list(target.notes),
        "themes": {theme: dict(titles) for theme, titles in target.themes.items()},
        "spending": [
            {"theme": part.theme, "requests": part.requests, "seconds": round(part.seconds, 3)}
            for part in target.spending
        ],
        "coverage": [
            {
                "operation": part.operation,
                "requests": part.requests,
                "parameters": [
                    {"name": parameter.name, "kinds": dict(parameter.kinds)} for parameter in part.parameters
                ],
            }
            for part in target.coverage
        ],
        "requirements": [_requirement_document(requirement) for requirement in target.requirements],
    }


def _requirement_document(requirement: RequirementResult) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "theme": requirement.theme,
        "level": requirement.level,
        "verdict": requirement.verdict.value,
        "behaviour": requirement.behaviour,
        "expected": requirement.expected,
        "reason": requirement.reason,
        "checked": requirement.checked,
        "behaviours": list(requirement.behaviours),
        "allowed": None
        if requirement.allowed is None
        else {
            "reason": requirement.allowed.reason,
            "link": requirement.allowed.link,
            "until": requirement.allowed.until,
        },
        **(
            {"cell": {"member": requirement.cell[0], "situation": requirement.cell[1]}}
            if requirement.cell
            else {}
        ),
        "statement": dict(requirement.statement),
        "source": dict(requirement.source),
        "findings": [
            {
                "summary": finding.summary,
                "member": finding.member,
                "expected": finding.expected,
                "observed": finding.observed,
                "exchanges": [
                    {"request": exchange.request, "response": exchange.response}
                    for exchange in finding.exchanges
                ],
                "reproduce": finding.reproduce,
                "steps": [{"says": step.says, "reproduce": step.reproduce} for step in finding.steps],
            }
            for finding in requirement.findings
        ],
    }


def _target(document: Mapping[str, Any]) -> TargetResult:
    return TargetResult(
        name=document["name"],
        kind=document["kind"],
        dialect=document["dialect"],
        url=document["url"],
        requests=document["requests"],
        seconds=document.get("seconds", 0.0),
        left_behind=tuple(document.get("left-behind", ())),
        not_shown=tuple(document.get("not-shown", ())),
        notes=tuple(document.get("notes", ())),
        themes=document.get("themes", {}),
        spending=tuple(
            Spending(part["theme"], part["requests"], part["seconds"])
            for part in document.get("spending", ())
        ),
        coverage=tuple(_coverage(part) for part in document.get("coverage", ())),
        requirements=tuple(_requirement(requirement) for requirement in document["requirements"]),
    )


def _coverage(document: Mapping[str, Any]) -> OperationCoverage:
    parameters = (ParameterCoverage(part["name"], part["kinds"]) for part in document["parameters"])
    return OperationCoverage(document["operation"], document["requests"], tuple(parameters))


def _requirement(document: Mapping[str, Any]) -> RequirementResult:
    allowed, cell = document.get("allowed"), document.get("cell")
    return RequirementResult(
        id=document["id"],
        theme=document.get("theme", ""),
        level=document["level"],
        verdict=Verdict(document["verdict"]),
        statement=document.get("statement", {}),
        source=document.get("source", {}),
        behaviour=document["behaviour"],
        expected=document.get("expected"),
        reason=document.get("reason", ""),
        checked=document.get("checked", 0),
        behaviours=tuple(document.get("behaviours", ())),
        allowed=None
        if allowed is None
        else AllowedRecord(allowed["reason"], allowed.get("link", ""), allowed.get("until", "")),
        cell=(cell["member"], cell["situation"]) if cell else None,
        findings=tuple(_finding(finding) for finding in document["findings"]),
    )


def _finding(document: Mapping[str, Any]) -> FindingRecord:
    return FindingRecord(
        summary=document["summary"],
        expected=document["expected"],
        observed=document["observed"],
        member=document.get("member", ""),
        exchanges=tuple(
            ExchangeRecord(exchange["request"], exchange["response"]) for exchange in document["exchanges"]
        ),
        reproduce=document["reproduce"],
        steps=tuple(StepRecord(step["says"], step["reproduce"]) for step in document.get("steps", ())),
    )
