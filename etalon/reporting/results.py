"""The results of a run as values, and `results.json` (format `etalon-results/1`) from and to them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from etalon.judging.verdicts import Verdict
from etalon.reporting import schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = "etalon-results/1"

# Worst first: the verdict of a target is the worst of its requirements'.
_SEVERITY = (
    Verdict.DEVIATES,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_TESTABLE,
    Verdict.CONFORMS,
)


class UnreadableResultsError(Exception):
    """A file is not a whole results file of a format that this Etalon reads; the message is for the user."""


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """An exchange as it may be shown: HTTP messages as text, without secrets."""

    request: str
    response: str


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A finding as it may be shown."""

    summary: str
    expected: str
    observed: str
    member: str = ""
    exchanges: tuple[ExchangeRecord, ...] = ()
    reproduce: str = ""


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


@dataclass(frozen=True, slots=True)
class TargetResult:
    """What was found out about one portal.

    Attributes:
        themes: theme → language → title, in the order of the report.
        requests: requests spent, log-in and cleaning up included.
        seconds: how long judging it took.
        left_behind: ids of tasks that the run made and could not remove.
        notes: sentences about the run against this target (why it stopped, what was discovered).
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
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its requirements; inconclusive where nothing was judged."""
        seen = {requirement.verdict for requirement in self.requirements}
        judged = seen & {Verdict.CONFORMS, Verdict.DEVIATES, Verdict.OBSERVED}
        if not judged:
            return Verdict.INCONCLUSIVE
        return next((verdict for verdict in _SEVERITY if verdict in seen), Verdict.CONFORMS)

    def count(self, verdict: Verdict) -> int:
        """How many requirements have this verdict."""
        return sum(requirement.verdict is verdict for requirement in self.requirements)


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run over one or several targets.

    Attributes:
        complete: false until the run has come to its end.
        started: ISO 8601, UTC.
        finished: ISO 8601, UTC; empty while the run goes on.
        command: the command line, without secrets.
    """

    etalon: str
    profile: str
    seed: int
    started: str
    targets: tuple[TargetResult, ...]
    finished: str = ""
    complete: bool = False
    command: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its targets; a run that was cut off proves a deviation, never conformance."""
        seen = {target.verdict for target in self.targets}
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
        """How many requirements have this verdict, over all targets."""
        return sum(target.count(verdict) for target in self.targets)

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 deviates, 6 inconclusive or not testable; 1 wins over 6."""
        verdicts = {requirement.verdict for target in self.targets for requirement in target.requirements}
        if Verdict.DEVIATES in verdicts:
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
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableResultsError(f"{path}: cannot be read as a results file: {error}") from error
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
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    os.replace(draft, path)  # noqa: PTH105 - Path.replace says the same, this says atomic


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
        "notes": list(target.notes),
        "themes": {theme: dict(titles) for theme, titles in target.themes.items()},
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
        notes=tuple(document.get("notes", ())),
        themes=document.get("themes", {}),
        requirements=tuple(_requirement(requirement) for requirement in document["requirements"]),
    )


def _requirement(document: Mapping[str, Any]) -> RequirementResult:
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
    )
