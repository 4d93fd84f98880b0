"""A baseline brought up to date from a run: `etalon baseline RESULTS`. What people wrote stays."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.reporting.baseline import HOLDS, BaselineError, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.reporting.baseline import Entry, Table
    from etalon.reporting.results import RequirementResult, RunResult

_HEADER = re.compile(r"\s*\[\[?[^\[\]]*\]\]?\s*(?:#.*)?")
_PREAMBLE = """\
# Deviations that are accepted for now, and behaviours that are pinned: etalon run --baseline THIS-FILE.
# An entry that no longer holds fails the run; `etalon baseline RESULTS` brings the file up to date.
"""


def updated(text: str, name: str, run: RunResult, *, reason: str = "", until: date | None = None) -> str:
    """The text of a baseline that accepts the deviations of a run, its other lines as they were.

    Entries that still deviate stay as somebody wrote them; those of this run's targets that hold again go;
    new deviations are appended.

    Args:
        text: the file so far; may be empty.
        name: how it is called in messages.
        run: a complete run.
        reason: why the new ones are accepted; by default, since when each deviates and how.
        until: the last day on which the new ones are accepted.

    Raises:
        BaselineError: the file so far cannot be read, or the run is not complete.
    """
    if not run.complete:
        raise BaselineError(Message("run-cut-off"))
    present = parse(text, name)
    rows = {(target.name, row.id): row for target in run.targets for row in target.requirements}
    today = date.fromisoformat(run.started[:10])
    gone = [
        entry
        for entry in present.of("allow")
        if entry.line
        and (row := rows.get((entry.target, entry.requirement))) is not None
        and (row.verdict in HOLDS or entry.has_expired(today))
    ]
    listed = {(entry.target, entry.requirement) for entry in present.of("allow") if entry not in gone}
    added = [
        _allow_lines(target, row, reason or _reason(row, today), until)
        for (target, _), row in rows.items()
        if row.verdict is Verdict.DEVIATES and (target, row.id) not in listed
    ]
    return _joined(_without(text, gone) or _PREAMBLE, added)


def with_pins(text: str, name: str, run: RunResult) -> str:
    """The text of a baseline with the behaviours pinned that the run has observed and nothing expects.

    Raises:
        BaselineError: the file so far cannot be read.
    """
    listed = {(entry.target, entry.requirement) for entry in parse(text, name).of("pin")}
    added = [
        _lines("pin", {"target": target.name, "requirement": row.id, "behaviour": row.behaviour or ""})
        for target in run.targets
        for row in target.requirements
        if row.verdict is Verdict.OBSERVED and (target.name, row.id) not in listed
    ]
    return _joined(text or _PREAMBLE, added)


def _reason(row: RequirementResult, today: date) -> str:
    summary = row.findings[0].summary if row.findings else ""
    since = Message("deviates-since", date=today.isoformat(), what=summary)
    return str(since if summary else Message("deviates-since-then", date=today.isoformat()))


def _allow_lines(target: str, row: RequirementResult, reason: str, until: date | None) -> str:
    values: dict[str, str | date] = {"target": target, "requirement": row.id, "reason": reason}
    return _lines("allow", values | ({"until": until} if until else {}))


def _lines(table: Table, values: Mapping[str, str | date]) -> str:
    lines = (f"{key} = {_toml(value)}" for key, value in values.items())
    return "\n".join((f"[[{table}]]", *lines)) + "\n"


def _toml(value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", _escape, escaped) + '"'


def _escape(found: re.Match[str]) -> str:
    # TOML knows no lone surrogates.
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else f"\\u{ord(found[0]):04X}"


def _without(text: str, gone: Sequence[Entry]) -> str:
    """The text without some entries; a comment that stands right above the next entry stays with that."""
    lines = text.splitlines(keepends=True)
    for entry in sorted(gone, key=lambda entry: -entry.line):
        start = end = entry.line - 1
        for number in range(start + 1, len(lines)):
            if _HEADER.fullmatch(lines[number].rstrip("\r\n")):
                break
            if lines[number].strip() and not lines[number].lstrip().startswith("#"):
                end = number
        del lines[start : end + 1]
        if start < len(lines) and not lines[start].strip() and (not start or not lines[start - 1].strip()):
            del lines[start]
    return "".join(lines)


def _joined(text: str, added: Sequence[str]) -> str:
    return "\n".join((text if text.endswith("\n") else text + "\n", *added))
