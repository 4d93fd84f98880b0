"""A comparison of two runs for people (terminal) and for machines (JSON, format `etalon-diff/1`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from etalon.reporting import words
from etalon.reporting.diff import Change
from etalon.reporting.terminal import shown
from etalon.reporting.words import CHANGES, COUNTED, VERDICTS, WORDS, counted, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from etalon.reporting.diff import Cost, Difference, RequirementChange, RunDiff, State

FORMAT = "etalon-diff/1"

_STYLES = {
    Change.REGRESSED: "bold red",
    Change.BEHAVIOUR_CHANGED: "bold red",
    Change.NO_LONGER_TESTABLE: "yellow",
    Change.FIXED: "green",
}
_SUBJECTS = {"etalon": "version", "url": "address", "target": "portal"}


def print_diff(diff: RunDiff, console: Console, lang: str = "en") -> None:
    """Print a comparison: first in what the runs differ, then what changed, gravest first, then the cost."""
    if diff.differences:
        console.print(Text(shown(say(WORDS["runs differ"], lang), console), "yellow"))
        for difference in diff.differences:
            console.print(Padding.indent(Text(shown(_difference(difference, lang), console)), 2))
        console.print()
    for change in Change:
        entries = diff.of(change)
        if entries:
            heading = f"{say(CHANGES[change], lang)}: {len(entries)}"
            console.print(Text(shown(heading, console), _STYLES.get(change, "bold")))
            for entry in entries:
                _print_entry(entry, console, lang)
            console.print()
    if not diff.changes:
        console.print(Text(shown(say(WORDS["no changes"], lang), console), "bold"))
    for cost in diff.costs:
        console.print(Text(shown(_cost(cost, lang), console), "dim"))


def diff_document(diff: RunDiff) -> dict[str, Any]:
    """A comparison as a JSON document; every kind of change is there, empty where nothing changed so."""
    return {
        "format": FORMAT,
        "exit-code": diff.exit_code,
        "differences": [
            {"subject": entry.subject, "target": entry.target or None, "old": entry.old, "new": entry.new}
            for entry in diff.differences
        ],
        "changes": {change.value: [_document(entry) for entry in diff.of(change)] for change in Change},
        "costs": [
            {
                "target": cost.target,
                "requests": {"old": cost.requests[0], "new": cost.requests[1]},
                "seconds": {"old": round(cost.seconds[0], 3), "new": round(cost.seconds[1], 3)},
            }
            for cost in diff.costs
        ],
    }


def diff_json(diff: RunDiff) -> str:
    """`diff_document` as text."""
    return json.dumps(diff_document(diff), ensure_ascii=False, indent=1)


def _print_entry(entry: RequirementChange, console: Console, lang: str) -> None:
    name = shown(f"{entry.target}/{entry.id}", console)
    line = Text.assemble("  ", (name, "bold"), "  ", shown(_transition(entry, lang), console))
    console.print(line)
    said = entry.new.summary if entry.new and entry.new.summary else say(entry.statement, lang)
    console.print(Padding.indent(Text(shown(said, console), "dim"), 4))


def _transition(entry: RequirementChange, lang: str) -> str:
    absent = {"old": say(WORDS["only new"], lang), "new": say(WORDS["only old"], lang)}
    if entry.old is None or entry.new is None:
        state = entry.new or entry.old
        assert state is not None, "a change has a state on one side at least"
        return f"{_state(state, lang)} ({absent['old' if entry.old is None else 'new']})"
    return f"{_state(entry.old, lang)} → {_state(entry.new, lang)}"


def _state(state: State, lang: str) -> str:
    verdict = say(VERDICTS[state.verdict], lang)
    return f"{verdict} ({state.behaviour})" if state.behaviour is not None else verdict


def _difference(difference: Difference, lang: str) -> str:
    subject = say(WORDS[_SUBJECTS.get(difference.subject, difference.subject)], lang)
    if difference.subject == "target":
        return (
            f"{subject} {difference.target}: {say(WORDS['only new' if difference.new else 'only old'], lang)}"
        )
    flags: Mapping[str, str] = {flag: say(WORDS[flag], lang) for flag in ("yes", "no")}
    old, new = (
        flags.get(value, value) if difference.subject == "complete" else value
        for value in (difference.old, difference.new)
    )
    prefix = f"{difference.target}: " if difference.target else ""
    return f"{prefix}{subject}: {old} → {new}"


def _cost(cost: Cost, lang: str) -> str:
    requests = f"{cost.requests[0]} → {counted(COUNTED['request'], cost.requests[1], lang)}"
    return f"{cost.target}: {requests}, {' → '.join(words.duration(spent, lang) for spent in cost.seconds)}"


def _document(entry: RequirementChange) -> dict[str, Any]:
    return {
        "target": entry.target,
        "id": entry.id,
        "statement": dict(entry.statement),
        "old": _state_document(entry.old),
        "new": _state_document(entry.new),
    }


def _state_document(state: State | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {
        "verdict": state.verdict.value,
        "behaviour": state.behaviour,
        "expected": state.expected,
        "summary": state.summary,
    }
