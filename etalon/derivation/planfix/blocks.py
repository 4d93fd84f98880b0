"""A page → its blocks in order: templates, tables and prose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.derivation.page import Line
from etalon.derivation.planfix import tables, templates
from etalon.derivation.planfix.tables import Table
from etalon.derivation.planfix.templates import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Page


@dataclass(frozen=True, slots=True)
class Prose:
    """A line that is neither template nor table, marks kept."""

    line: int
    text: str


Block = Template | Table | Prose


def blocks(page: Page) -> tuple[Block, ...]:
    """Divides a page into its blocks; blank lines and fences of code blocks are none."""
    found: list[Block] = []
    lines: list[Line] = list(page.lines)
    while lines:
        block, taken, rest = _next(lines)
        if block is not None:
            found.append(block)
        number = lines[taken - 1].number
        lines = lines[taken:]
        if rest.strip():
            lines.insert(0, Line(number, rest))
    return tuple(found)


def _next(lines: Sequence[Line]) -> tuple[Block | None, int, str]:
    first = lines[0]
    start = templates.begins(first.text)
    if start is not None and first.text[:start].strip():
        return Prose(first.number, first.text[:start].strip()), 1, first.text[start:]
    if start is not None:
        return templates.read_template(lines)
    if tables.header(first.text) is not None:
        table, taken = tables.read_table(lines[: _before_boundary(lines)])
        return table, taken, ""
    text = first.text.strip()
    return (Prose(first.number, text) if text and not text.startswith("```") else None), 1, ""


def _before_boundary(lines: Sequence[Line]) -> int:
    """How many lines stand before the next template, heading or table."""
    for count, line in enumerate(lines[1:], start=1):
        if (
            templates.begins(line.text) is not None
            or tables.header(line.text) is not None
            or line.text.startswith("#")
        ):
            return count
    return len(lines)
