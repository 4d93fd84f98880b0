"""The results of a run as values, and `results.json` (format `etalon-results/2`) from and to them.

One set of types writes, reads and checks the file, and makes its JSON Schema. What the schema asks for beyond
the kinds of values (`minLength`, `pattern`) is for writers to respect: no reader refuses a file for it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from etalon.errors import UserError, why_unreadable
from etalon.judging.requirements import Cell
from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.reporting.folder import draft_name
from etalon.reporting.records import (
    AllowedRecord,
    Count,
    FindingRecord,
    MessageRecord,
    Name,
    OperationCoverage,
    Seconds,
    SituationCoverage,
    Spending,
)

if TYPE_CHECKING:
    from pathlib import Path


FORMAT: Final = "etalon-results/2"
FORMER: Final = "etalon-results/1"
"""The format before: findings, reasons and notes are sentences alone, which are shown as they came."""
UNSTEADY: Final = "unsteady"
"""Key of the reason of a finding that a repetition of the run did not show."""
_UNSTEADY_IN_FORMER = re.compile(r"unsteady: seen (\d+) of (\d+)")

# Worst first: the verdict of a target is the worst of its requirements'.
_SEVERITY = (
    Verdict.DEVIATES,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_TESTABLE,
    Verdict.CONFORMS,
)
_INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)$"

Words = Annotated[
    Mapping[str, str],
    Meta(
        description="Language to text.",
        extra_json_schema={
            "required": ["en", "ru"],
            "additionalProperties": {"type": "string", "minLength": 1},
        },
    ),
]
Overall = Annotated[
    Verdict,
    Meta(
        description="The worst verdict among the parts.",
        extra_json_schema={"enum": sorted(verdict.value for verdict in _SEVERITY)},
    ),
]


class UnreadableResultsError(UserError):
    """A file is not a whole results file of a format that this Etalon reads; the message is for the user."""


class RequirementResult(Struct, frozen=True, kw_only=True, rename="kebab"):
    """The verdict on one requirement, with the row that it judges."""

    id: Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z0-9]+(-[A-Z0-9]+)+$"})]
    theme: Name = ""
    level: Annotated[
        Literal["must", "should", "silent"],
        Meta(description="How firmly the page states it: says, implies, leaves open."),
    ]
    verdict: Verdict
    behaviour: Annotated[
        str | None, Meta(description="Of the behaviours that the row lists, the one observed.")
    ] = None
    expected: Annotated[str | None, Meta(description="The behaviour that page, dialect or pin call for.")] = (
        None
    )
    reason: Annotated[
        str, Meta(description="Why it was not judged, or what its repetition showed; in English.")
    ] = ""
    reason_message: Annotated[MessageRecord | None, Meta(description="What the reason is made of.")] = None
    checked: Annotated[Count, Meta(description="How often its rule was applied.")] = 0
    behaviours: Annotated[
        tuple[str, ...], Meta(description="The behaviours that its check tells apart.")
    ] = ()
    allowed: Annotated[
        AllowedRecord | None, Meta(description="The line of the baseline that accepts its deviation.")
    ] = None
    cell: Annotated[
        Cell | None,
        Meta(
            description="Its place in the matrix of what an update does to members that are absent, null, "
            "empty or sent alone."
        ),
    ] = None
    statement: Words = {}
    source: Annotated[
        Mapping[str, str],
        Meta(
            description="What it rests on: a page of the vendor's, the row or sentence in our own words, and "
            "where it is known the page's address.",
            extra_json_schema={"required": ["page", "row"]},
        ),
    ] = {}
    findings: tuple[FindingRecord, ...] = ()

    @property
    def unsteady(self) -> bool:
        """Whether it deviated, and did not when the run was repeated: told, and no reason to fail alone."""
        return (
            self.verdict is Verdict.INCONCLUSIVE
            and self.reason_message is not None
            and self.reason_message.kind == UNSTEADY
        )


class TargetResult(Struct, frozen=True, kw_only=True, rename="kebab"):
    """What was found out about one portal."""

    name: Name
    kind: Name
    dialect: Name
    url: Annotated[str, Meta(description="Where the portal was reached, without credentials.")]
    verdict: Overall = Verdict.INCONCLUSIVE
    requests: Annotated[Count, Meta(description="Requests spent, log-in and cleaning up included.")]
    seconds: Seconds = 0.0
    left_behind: Annotated[
        tuple[str, ...], Meta(description="Ids of tasks that the run made and could not remove.")
    ] = ()
    not_shown: Annotated[
        tuple[Name, ...],
        Meta(description="Members that no answer showed, so that what becomes of them could not be judged."),
    ] = ()
    notes: Annotated[
        tuple[str, ...], Meta(description="Sentences about the run against this portal, in English.")
    ] = ()
    note_messages: Annotated[
        tuple[MessageRecord, ...], Meta(description="What the notes are made of, in the same order.")
    ] = ()
    themes: Annotated[
        Mapping[str, Words], Meta(description="Theme to its title by language, in the order of the report.")
    ] = {}
    spending: Annotated[
        tuple[Spending, ...],
        Meta(
            description="What the checks of each theme cost; what is missing to the sums went into logging "
            "in and cleaning up."
        ),
    ] = ()
    coverage: Annotated[
        tuple[OperationCoverage, ...],
        Meta(description="What of the spec was exercised, by operation."),
    ] = ()
    situations: Annotated[
        SituationCoverage | None,
        Meta(description="How far the plan of situations went; null where none was carried out."),
    ] = None
    requirements: tuple[RequirementResult, ...]

    def __post_init__(self) -> None:
        """Make the verdict the worst of its requirements'; inconclusive where nothing was judged.

        A deviation that the baseline allows is not the worst: it counts as kept.
        """
        seen = {
            Verdict.CONFORMS if requirement.allowed else requirement.verdict
            for requirement in self.requirements
            if not requirement.unsteady
        }
        judged = seen & {Verdict.CONFORMS, Verdict.DEVIATES, Verdict.OBSERVED}
        worst = next((verdict for verdict in _SEVERITY if verdict in seen), Verdict.CONFORMS)
        force_setattr(self, "verdict", worst if judged else Verdict.INCONCLUSIVE)

    @property
    def told(self) -> tuple[tuple[str, MessageRecord | None], ...]:
        """The notes, each as its sentence in English and its message."""
        return tuple(zip_longest(self.notes, self.note_messages))

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


class RunResult(Struct, frozen=True, kw_only=True, rename="kebab"):
    """What one run found out about one or several portals (results.json)."""

    format: Literal["etalon-results/2"] = FORMAT
    etalon: Annotated[
        str, Meta(description="Version of the Etalon that ran.", extra_json_schema={"minLength": 1})
    ]
    profile: Annotated[Literal["quick", "standard", "deep"], Meta(description="How thorough the run was.")]
    seed: Annotated[
        int, Meta(description="Seed of all generated traffic: the same seed sends the same requests.")
    ]
    command: Annotated[str, Meta(description="The command line, without secrets.")] = ""
    started: Annotated[str, Meta(description="ISO 8601, UTC.", extra_json_schema={"pattern": _INSTANT})]
    finished: Annotated[
        str,
        Meta(
            description="ISO 8601, UTC; empty while the run goes on.",
            extra_json_schema={"anyOf": [{"pattern": _INSTANT}, {"const": ""}]},
        ),
    ] = ""
    baseline: Annotated[
        str, Meta(description="The file that says which deviations are accepted; empty without one.")
    ] = ""
    stale: Annotated[
        tuple[Name, ...],
        Meta(description="Lines of the baseline that no longer hold, with what to do about it in English."),
    ] = ()
    stale_messages: Annotated[
        tuple[MessageRecord, ...], Meta(description="What they are made of, in the same order.")
    ] = ()
    verdict: Overall = Verdict.INCONCLUSIVE
    targets: tuple[TargetResult, ...]
    complete: Annotated[
        bool,
        Meta(
            description="False until the run has come to its end; one that was cut off never reads as whole."
        ),
    ] = False

    def __post_init__(self) -> None:
        """Make the verdict the worst of its targets'; a run that was cut off never proves conformance.

        A baseline with lines that no longer hold is a deviation, too: it says what is not so.
        """
        seen = {target.verdict for target in self.targets}
        if self.stale:
            seen.add(Verdict.DEVIATES)
        if not self.complete:
            seen.add(Verdict.INCONCLUSIVE)
        worst = next((verdict for verdict in _SEVERITY if verdict in seen), Verdict.INCONCLUSIVE)
        force_setattr(self, "verdict", worst)

    @property
    def told_stale(self) -> tuple[tuple[str, MessageRecord | None], ...]:
        """The stale lines, each as its sentence in English and its message."""
        return tuple(zip_longest(self.stale, self.stale_messages))

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
    """The run as the JSON document that README describes; `complete` stands last."""
    document: dict[str, Any] = _with_lists(msgspec.to_builtins(run))
    return document


def from_document(document: Mapping[str, Any]) -> RunResult:
    """The run out of a parsed `results.json`.

    Raises:
        UnreadableResultsError: it is of another format, or a part is missing or of a wrong kind.
    """
    found = document.get("format")
    if found == FORMER:
        document = _as_now(document)
    elif found != FORMAT:
        raise UnreadableResultsError(Message("expected-format", format=repr(FORMAT), found=repr(found)))
    try:
        return msgspec.convert(document, RunResult)
    except (msgspec.ValidationError, RecursionError) as error:
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


def _with_lists(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """JSON as it is parsed: the types hold tuples, so that nobody changes them."""
    match value:
        case dict():
            return {name: _with_lists(part) for name, part in value.items()}
        case list() | tuple():
            return list(map(_with_lists, value))
        case _:
            return value


def _as_now(former: Mapping[str, Any]) -> dict[str, Any]:
    """A document of the former format as one of this; the reason that tells how a row counts is read."""
    document = {**former, "format": FORMAT}
    targets = former.get("targets")
    for target in targets if isinstance(targets, list) else ():
        rows = target.get("requirements") if isinstance(target, dict) else None
        for row in rows if isinstance(rows, list) else ():
            reason = row.get("reason") if isinstance(row, dict) else None
            unsteady = _UNSTEADY_IN_FORMER.fullmatch(reason) if isinstance(reason, str) else None
            if unsteady:
                params = {"times": int(unsteady[1]), "of": int(unsteady[2])}
                row["reason-message"] = {"kind": UNSTEADY, "params": params}
    return document
