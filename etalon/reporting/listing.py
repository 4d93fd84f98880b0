"""The requirements of a contract as a table, as JSON and as Markdown: `etalon requirements`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from etalon.judging.verdicts import Verdict
from etalon.reporting import markdown
from etalon.reporting.words import LEVELS, say, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from etalon.judging.requirements import Contract, Requirement

_LEVEL_STYLES = {"must": "bold", "should": "", "silent": "dim"}


def print_requirements(contracts: Sequence[Contract], console: Console, lang: str = "en") -> None:
    """Print the requirements as tables by theme, at whatever width the console has."""
    for contract in contracts:
        for title, rows in _by_theme(contract, lang):
            table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left", expand=False)
            table.title = Text(f"{contract.kind} · {title}", "bold")
            table.add_column(word("label-id", lang), overflow="fold", ratio=4, style="cyan")
            table.add_column(word("label-level", lang), no_wrap=True)
            table.add_column(word("label-statement", lang), ratio=7)
            table.add_column(word("label-source", lang), ratio=4, style="dim")
            for row in rows:
                level = Text(word("level", lang, level=row.level), _LEVEL_STYLES[row.level])
                source = f"{row.source.page}: {row.source.row}"
                table.add_row(row.id, level, Text(_statement(row, lang)), Text(source))
            console.print(table)
            console.print()


def requirements_document(contracts: Sequence[Contract]) -> dict[str, Any]:
    """The requirements as a JSON document, statements in every language."""
    return {
        "format": "etalon-requirements/1",
        "requirements": [_document(contract, row) for contract in contracts for row in contract.requirements],
    }


def requirements_json(contracts: Sequence[Contract]) -> str:
    """`requirements_document` as text."""
    return json.dumps(requirements_document(contracts), ensure_ascii=False, indent=1)


def requirements_markdown(contracts: Sequence[Contract], lang: str = "en") -> str:
    """The requirements as Markdown: a section per portal, a table per theme (GitHub's table form)."""
    lines: list[str] = []
    for contract in contracts:
        lines += f"# {contract.kind}", ""
        lines += [
            f"- **{word('level', lang, level=level)}**: {word('level-meaning', lang, level=level)}"
            for level in LEVELS
        ]
        for title, rows in _by_theme(contract, lang):
            headings = [
                word("label-id", lang),
                word("label-level", lang),
                word("label-statement", lang),
                word("label-source", lang),
            ]
            lines += "", f"## {_cell(title)}", ""
            lines += markdown.table(headings, [_cells(row, lang) for row in rows])
        lines.append("")
    return "\n".join(lines)


def _cells(row: Requirement, lang: str) -> list[str]:
    page = f"[{_cell(row.source.page)}]({row.source.url})" if row.source.url else _cell(row.source.page)
    source = f"{page}: {_cell(row.source.row)}"
    return [f"`{row.id}`", word("level", lang, level=row.level), _cell(_statement(row, lang)), source]


def _statement(row: Requirement, lang: str) -> str:
    notes = []
    if row.behaviours:
        notes.append(f"{word('label-behaviours', lang)}: {', '.join(row.behaviours)}")
    if row.planned:
        notes.append(word("verdict", lang, verdict=Verdict.PLANNED))
    return say(row.statement, lang) + (f" ({'; '.join(notes)})" if notes else "")


def _cell(text: str) -> str:
    """Text that neither ends a table cell nor starts markup."""
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def _by_theme(contract: Contract, lang: str) -> Iterator[tuple[str, list[Requirement]]]:
    for theme, title in contract.themes.items():
        rows = [row for row in contract.requirements if row.theme == theme]
        if rows:
            yield say(title, lang), rows


def _document(contract: Contract, row: Requirement) -> dict[str, Any]:
    return {
        "portal": contract.kind,
        "id": row.id,
        "theme": row.theme,
        "level": row.level.value,
        "source": {"page": row.source.page, "row": row.source.row, "url": row.source.url},
        "statement": dict(row.statement),
        "behaviours": list(row.behaviours),
        "expects": row.expects,
        "pin": row.pin,
        "planned": row.planned,
    }
