"""The baseline: deviations that are accepted for now, each with its reason, and behaviours that are pinned.

A baseline is a TOML file, kept beside `etalon.toml` and reviewed like code:

    [[allow]]
    target = "office"
    requirement = "API-UPDATE-KEEPS-DESCRIPTION"
    reason = "fixed in the vendor's next release"
    link = "https://tracker.example/CRM-12"        # may be left out
    until = 2027-03-01                             # may be left out

    [[pin]]
    target = "office"
    requirement = "API-PARTIAL-UPDATE"
    behaviour = "merge"

An entry that no longer holds fails the run, so that the file never says more than is so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from etalon.errors import UserError, why_unreadable
from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.reporting.records import AllowedRecord, MessageRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from etalon.judging.requirements import Requirement
    from etalon.messages import Words
    from etalon.reporting.results import RunResult, TargetResult

Table = Literal["allow", "pin"]

_KEYS: Mapping[Table, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "allow": (("target", "requirement", "reason"), ("link", "until")),
    "pin": (("target", "requirement", "behaviour"), ()),
}
HOLDS = frozenset({Verdict.CONFORMS, Verdict.OBSERVED})
"""Verdicts under which an allowed deviation is none any more."""


class BaselineError(UserError):
    """A baseline file cannot be used; the message names the file, the entry and what was expected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One `[[allow]]` or `[[pin]]` of a baseline.

    Attributes:
        line: number of its first line, counted from 1; 0 where it is not known.
        behaviour: what is pinned; empty for a deviation that is allowed.
        until: the last day on which it holds.
    """

    table: Table
    target: str
    requirement: str
    line: int = 0
    reason: str = ""
    link: str = ""
    until: date | None = None
    behaviour: str = ""

    def has_expired(self, today: date) -> bool:
        """Whether its last day lies before today."""
        return self.until is not None and self.until < today


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline file as read.

    Attributes:
        name: how the file is called in what is said of it.
    """

    name: str
    entries: tuple[Entry, ...] = field(default=())

    def of(self, table: Table) -> tuple[Entry, ...]:
        """Its entries of one kind."""
        return tuple(entry for entry in self.entries if entry.table == table)

    def pinned(self, target: str, requirement: Requirement) -> str | None:
        """The behaviour that a target is pinned to; None where it is not, or to none that is listed."""
        for entry in self.of("pin"):
            if (entry.target, entry.requirement) == (target, requirement.id):
                return entry.behaviour if entry.behaviour in requirement.behaviours else None
        return None

    def allows(self, target: str, requirement_id: str, today: date) -> AllowedRecord | None:
        """The line that accepts a deviation of a target on a day, if there is one."""
        for entry in self.of("allow"):
            if (entry.target, entry.requirement) == (target, requirement_id) and not entry.has_expired(today):
                until = entry.until.isoformat() if entry.until else ""
                return AllowedRecord(entry.reason, entry.link, until)
        return None

    def where(self, entry: Entry) -> Words:
        """What to look for in the file: its line, or its target and requirement where that is not known."""
        return (
            Message("line-of-file", file=self.name, number=entry.line)
            if entry.line
            else f"{self.name}, [[{entry.table}]]"
        )


def read(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        BaselineError: it cannot be read, or an entry lacks a key, has one too many or one of a wrong kind, or
            stands twice.
    """
    return parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of a baseline file.

    Raises:
        BaselineError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BaselineError(
            Message("baseline-unreadable", path=str(path), why=error.strerror or str(error))
        ) from error
    except UnicodeDecodeError as error:
        raise BaselineError(
            Message("baseline-unreadable", path=str(path), why=Message("wants-utf-8"))
        ) from error


def parse(text: str, name: str) -> Baseline:
    """A baseline out of the text of its file.

    Args:
        text: TOML.
        name: how the file is called in messages.

    Raises:
        BaselineError: as in `read`.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BaselineError(Message("not-toml", where=name, why=why_unreadable(error))) from error
    unknown = [key for key in document if key not in _KEYS]
    if unknown:
        raise BaselineError(Message("wants-allow-and-pin", path=name, key=unknown[0]))
    entries: list[Entry] = []
    for table in _KEYS:
        rows = document.get(table, [])
        if not isinstance(rows, list):
            raise BaselineError(Message("wants-double-brackets", path=name, table=table))
        lines = _lines_of(text, table)
        known = lines if len(lines) == len(rows) else [0] * len(rows)
        entries += (_entry(name, table, row, line) for row, line in zip(rows, known, strict=True))
    baseline = Baseline(name, tuple(entries))
    first: dict[tuple[Table, str, str], Entry] = {}
    for entry in entries:
        before = first.setdefault((entry.table, entry.target, entry.requirement), entry)
        if before is not entry:
            raise BaselineError(
                Message(
                    "second-entry",
                    path=baseline.where(entry),
                    id=entry.requirement,
                    target=entry.target,
                    line=before.line,
                )
            )
    return baseline


def applied(run: RunResult, baseline: Baseline, requirements: Mapping[str, Requirement]) -> RunResult:
    """The run with its allowed deviations marked, and with what no longer holds of the baseline.

    Entries for targets that the run did not judge are left alone. What was not judged in this run, because
    it was not selected, not reached or does not apply, makes no entry stale.

    Args:
        run: the run; where it is not complete, nothing is called stale that a rest of it could still need.
        baseline: the file.
        requirements: every requirement that there is, by id.
    """
    today = date.fromisoformat(run.started[:10])
    targets = tuple(_allowing(target, baseline, today) for target in run.targets)
    stale = tuple(_stale(run, baseline, requirements, today)) if run.complete else ()
    return replace(
        run,
        targets=targets,
        baseline=baseline.name,
        stale=tuple(map(str, stale)),
        stale_messages=tuple(map(MessageRecord.of, stale)),
    )


def _entry(name: str, table: Table, row: object, line: int) -> Entry:
    where = Message("line-of-file", file=name, number=line) if line else f"{name}: [[{table}]]"
    required, optional = _KEYS[table]
    if not isinstance(row, Mapping):
        raise BaselineError(
            Message("expected", where=where, what=Message("wants-table-with", keys=tuple(required)))
        )
    unknown = [key for key in row if key not in (*required, *optional)]
    if unknown:
        raise BaselineError(
            Message(
                "expected",
                where=Message("key-at", where=where, key=unknown[0]),
                what=Message("some-of", names=(*required, *optional)),
            )
        )
    for key in (*required, *(key for key in optional if key in row and key != "until")):
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise BaselineError(
                Message("expected", where=Message("key-at", where=where, key=key), what=Message("wants-text"))
            )
    until = row.get("until")
    if until is not None and type(until) is not date:
        raise BaselineError(
            Message(
                "expected",
                where=Message("key-at", where=where, key="until"),
                what=Message("wants-date", date="2027-03-01"),
            )
        )
    return Entry(table, line=line, **row)


def _lines_of(text: str, table: Table) -> list[int]:
    """The numbers of the lines that open an entry of a table."""
    opening = re.compile(rf"\s*\[\[\s*{table}\s*\]\]\s*(?:#.*)?")
    return [number for number, line in enumerate(text.splitlines(), start=1) if opening.fullmatch(line)]


def _allowing(target: TargetResult, baseline: Baseline, today: date) -> TargetResult:
    rows = tuple(
        replace(row, allowed=baseline.allows(target.name, row.id, today))
        if row.verdict is Verdict.DEVIATES
        else row
        for row in target.requirements
    )
    return replace(target, requirements=rows)


def _stale(
    run: RunResult, baseline: Baseline, requirements: Mapping[str, Requirement], today: date
) -> Iterator[Message]:
    verdicts = {(target.name, row.id): row.verdict for target in run.targets for row in target.requirements}
    judged = {target.name for target in run.targets}
    for entry in baseline.entries:
        where = baseline.where(entry)
        row = requirements.get(entry.requirement)
        if row is None:
            yield Message("stale-no-requirement", where=where, member=entry.requirement)
        elif entry.target not in judged:
            continue
        elif entry.table == "pin":
            if entry.behaviour not in row.behaviours:
                yield (
                    Message(
                        "stale-no-behaviour",
                        where=where,
                        named=entry.behaviour,
                        member=entry.requirement,
                        listed=row.behaviours or Message("no-names"),
                    )
                )
        elif entry.has_expired(today):
            yield (
                Message(
                    "stale-expired",
                    where=where,
                    member=entry.requirement,
                    target=entry.target,
                    date=str(entry.until),
                )
            )
        elif verdicts.get((entry.target, entry.requirement)) in HOLDS:
            yield Message("stale-no-deviation", where=where, member=entry.requirement, target=entry.target)
