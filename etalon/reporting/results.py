"""The results of a run as values, and `results.json` (format `etalon-results/2`) from and to them."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from etalon.errors import UserError, why_unreadable
from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.reporting import schema
from etalon.reporting.folder import draft_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from etalon.messages import Parameter

FORMAT = "etalon-results/2"
FORMER = "etalon-results/1"
"""The format before: findings, reasons and notes are sentences alone, which are shown as they came."""
UNSTEADY = "unsteady"
"""Key of the reason of a finding that a repetition of the run did not show."""
_UNSTEADY_IN_FORMER = re.compile(r"unsteady: seen (\d+) of (\d+)")

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
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A finding as it may be shown.

    Attributes:
        summary: the sentence in English, as are `expected` and `observed` where they are no values.
        reproduce: shell lines that show it again.
        steps: the same one by one, where it takes several.
        message: its kind and parameters; None in files of the former format, as all messages.
        expected_message: what was owed, where it is words of Etalon's.
        observed_message: what came, likewise.
    """

    summary: str
    expected: str
    observed: str
    member: str = ""
    exchanges: tuple[ExchangeRecord, ...] = ()
    reproduce: str = ""
    steps: tuple[StepRecord, ...] = ()
    message: Message | None = None
    expected_message: Message | None = None
    observed_message: Message | None = None


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
    reason_message: Message | None = None

    @property
    def unsteady(self) -> bool:
        """Whether it deviated, and did not when the run was repeated: told, and no reason to fail alone."""
        return (
            self.verdict is Verdict.INCONCLUSIVE
            and self.reason_message is not None
            and self.reason_message.key == UNSTEADY
        )


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
    note_messages: tuple[Message, ...] = ()

    @property
    def told(self) -> tuple[tuple[str, Message | None], ...]:
        """The notes, each as its sentence in English and its message."""
        return tuple(zip_longest(self.notes, self.note_messages))

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
    stale_messages: tuple[Message, ...] = ()

    @property
    def told_stale(self) -> tuple[tuple[str, Message | None], ...]:
        """The stale lines, each as its sentence in English and its message."""
        return tuple(zip_longest(self.stale, self.stale_messages))

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
        "stale-messages": list(map(_message_document, run.stale_messages)),
        "verdict": run.verdict.value,
        "targets": [_target_document(target) for target in run.targets],
        "complete": run.complete,
    }


def from_document(document: Mapping[str, Any]) -> RunResult:
    """The run out of a parsed `results.json`.

    Raises:
        UnreadableResultsError: it is of another format, or lacks a part.
    """
    if document.get("format") == FORMER:
        document = {**document, "format": FORMAT}
    if document.get("format") != FORMAT:
        raise UnreadableResultsError(
            Message("expected-format", format=repr(FORMAT), found=repr(document.get("format")))
        )
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
            stale_messages=tuple(filter(None, map(_message, document.get("stale-messages", ())))),
            targets=tuple(_target(target) for target in document["targets"]),
            complete=document["complete"],
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableResultsError(Message("part-missing", why=str(error))) from error


def read(path: Path) -> RunResult:
    """Read a results file.

    Raises:
        UnreadableResultsError: the file cannot be read or is not a results file.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or why_unreadable(error)
        raise UnreadableResultsError(Message("results-unreadable", path=str(path), why=reason)) from error
    if not isinstance(document, dict):
        raise UnreadableResultsError(Message("no-results-file", path=str(path)))
    try:
        return from_document(document)
    except UnreadableResultsError as error:
        raise UnreadableResultsError(Message("results-file", path=str(path), why=error.words)) from error


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
        "note-messages": list(map(_message_document, target.note_messages)),
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
        **_beside("reason-message", requirement.reason_message),
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
                **(_message_document(finding.message) if finding.message else {}),
                "summary": finding.summary,
                "member": finding.member,
                "expected": finding.expected,
                **_beside("expected-message", finding.expected_message),
                "observed": finding.observed,
                **_beside("observed-message", finding.observed_message),
                "exchanges": [
                    {"request": exchange.request, "response": exchange.response}
                    for exchange in finding.exchanges
                ],
                "reproduce": finding.reproduce,
                "steps": [
                    {"says": step.says, **_beside("message", step.message), "reproduce": step.reproduce}
                    for step in finding.steps
                ],
            }
            for finding in requirement.findings
        ],
    }


def _beside(name: str, message: Message | None) -> dict[str, Any]:
    """A member beside a sentence, where there is a message that it was made of."""
    return {} if message is None else {name: _message_document(message)}


def _message_document(message: Message) -> dict[str, Any]:
    return {
        "kind": message.key,
        "params": {name: _parameter_document(value) for name, value in message.parameters},
    }


def _parameter_document(value: Parameter) -> Any:  # noqa: ANN401 - any JSON
    match value:
        case Message():
            return _message_document(value)
        case tuple():
            return list(map(_parameter_document, value))
        case _:
            return value


def _message(document: Mapping[str, Any] | None) -> Message | None:
    if document is None or "kind" not in document:
        return None
    return Message(
        document["kind"], **{name: _parameter(value) for name, value in document.get("params", {}).items()}
    )


def _parameter(value: Any) -> Parameter:  # noqa: ANN401 - any JSON
    match value:
        case dict():
            return _message(value) or ""
        case list():
            return tuple(map(_parameter, value))
        case str() | int():
            return value
        case _:
            return str(value)


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
        note_messages=tuple(filter(None, map(_message, document.get("note-messages", ())))),
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
        reason_message=_reason_message(document),
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
        steps=tuple(
            StepRecord(step["says"], step["reproduce"], _message(step.get("message")))
            for step in document.get("steps", ())
        ),
        message=_message(document),
        expected_message=_message(document.get("expected-message")),
        observed_message=_message(document.get("observed-message")),
    )


def _reason_message(document: Mapping[str, Any]) -> Message | None:
    """The message of a reason; of the former format's, the one that says how a requirement counts."""
    told = _message(document.get("reason-message"))
    former = _UNSTEADY_IN_FORMER.fullmatch(document.get("reason", "")) if told is None else None
    return Message(UNSTEADY, times=int(former[1]), of=int(former[2])) if former else told
