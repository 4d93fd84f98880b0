"""A comparison of two runs for the terminal, for machines (JSON, `etalon-diff/1`) and as Markdown."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

from rich.text import Text

from etalon.reporting import diff_words, markdown
from etalon.reporting.diff import ChangeKind
from etalon.reporting.printing import console
from etalon.reporting.terminal import put, shown
from etalon.reporting.words import word

if TYPE_CHECKING:
    from rich.console import Console

    from etalon.reporting.diff import RequirementChange, RunDiff, State

FORMAT = "etalon-diff/1"
OWN = re.compile(r'\A\s*(?:\{\s*"format": "|<!doctype html>\s*<!-- |<!-- )?etalon-diff/\d')
"""What a comparison in a file begins with, in whatever form."""
# GitHub cuts a comment at 65,536 characters.
_ITEMS = 60

_STYLES = {
    ChangeKind.REGRESSED: "bold red",
    ChangeKind.BEHAVIOUR_CHANGED: "bold red",
    ChangeKind.NO_LONGER_TESTABLE: "yellow",
    ChangeKind.FIXED: "green",
}


def print_diff(diff: RunDiff, console: Console, lang: str = "en") -> None:
    """Print a comparison: first in what the runs differ, then what changed, gravest first, then the cost."""
    if diff.differences:
        put(Text(shown(word("label-runs-differ", lang), console), "yellow"), console)
        for difference in diff.differences:
            put(Text(shown(diff_words.difference(difference, lang), console)), console, 2)
        console.print()
    for kind in ChangeKind:
        entries = diff.of(kind)
        if entries:
            heading = f"{word('change', lang, change=kind)}: {len(entries)}"
            console.print(Text(shown(heading, console), _STYLES.get(kind, "bold")))
            for entry in entries:
                _print_entry(entry, console, lang)
            console.print()
    if not diff.changes:
        put(Text(shown(diff_words.headline(diff, lang), console), "bold"), console)
    for cost in diff.costs:
        put(Text(shown(diff_words.cost(cost, lang), console), "dim"), console)


def diff_text(diff: RunDiff, lang: str = "en") -> str:
    """What `print_diff` prints, as plain text for a file, under a line that says what it is."""
    file = io.StringIO()
    file.write(f"{FORMAT}\n\nEtalon: {diff_words.headline(diff, lang)}\n\n")
    print_diff(diff, console(file=file), lang)
    return file.getvalue()


def diff_document(diff: RunDiff) -> dict[str, Any]:
    """A comparison as a JSON document; every kind of change is there, empty where nothing changed so."""
    return {
        "format": FORMAT,
        "exit-code": diff.exit_code,
        "differences": [
            {"subject": entry.subject, "target": entry.target or None, "old": entry.old, "new": entry.new}
            for entry in diff.differences
        ],
        "changes": {kind.value: [_document(entry) for entry in diff.of(kind)] for kind in ChangeKind},
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


def diff_markdown(diff: RunDiff, lang: str = "en") -> str:
    """A comparison in Markdown, for a comment on a merge request: what to know first comes first."""
    lines = [f"<!-- {FORMAT} -->", "", f"## Etalon: {diff_words.headline(diff, lang)}", ""]
    if diff.differences:
        lines += f"> {word('label-runs-differ', lang)}", ">"
        lines += [f"> - {markdown.prose(diff_words.difference(entry, lang))}" for entry in diff.differences]
        lines.append("")
    for kind in ChangeKind:
        entries = diff.of(kind)
        if not entries:
            continue
        lines += f"### {word('change', lang, change=kind)}: {len(entries)}", ""
        lines += [_item(entry, lang) for entry in entries[:_ITEMS]]
        if len(entries) > _ITEMS:
            lines.append(f"- {word('label-more', lang)} {len(entries) - _ITEMS}")
        lines.append("")
    if diff.costs:
        lines += [f"<sub>{markdown.prose(diff_words.cost(cost, lang))}</sub>  " for cost in diff.costs]
    return "\n".join(lines).rstrip() + "\n"


def _item(entry: RequirementChange, lang: str) -> str:
    said = markdown.prose(diff_words.sentence(entry, lang))
    name = markdown.code(f"{entry.target}/{entry.id}")
    return f"- **{name}** {markdown.prose(diff_words.transition(entry, lang))}: {said}"


def _print_entry(entry: RequirementChange, console: Console, lang: str) -> None:
    name = shown(f"{entry.target}/{entry.id}", console)
    put(Text.assemble((name, "bold"), "  ", shown(diff_words.transition(entry, lang), console)), console, 2)
    put(Text(shown(diff_words.sentence(entry, lang), console), "dim"), console, 4)


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
