"""A page → its blocks in order: templates, tables and prose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etalon.derivation.page import Line
from etalon.vendors.planfix.derivation import tables, templates
from etalon.vendors.planfix.derivation.tables import Table
from etalon.vendors.planfix.derivation.templates import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Page


@dataclass(frozen=True, slots=True)
class Prose:
    """A line that is neither template nor table, marks kept."""

    line: int
    text: str


_UNENDED = "the template has no end tag and is read as ending before the next one"

Block = Template | Table | Prose


def blocks(page: Page) -> tuple[Block, ...]:
    """Divides a page into its blocks; blank lines and fences of code blocks are none."""
    found: list[Block] = []
    lines: list[Line] = tables.barred(page.lines, _ends_table)
    at = 0
    while at < len(lines):
        block, taken, rest = _next(lines, at)
        if block is not None:
            found.append(block)
        at += taken
        if rest.strip():
            at -= 1
            lines[at] = Line(lines[at].number, rest)
    return tuple(found)


def _next(lines: Sequence[Line], at: int) -> tuple[Block | None, int, str]:
    """The block that begins in a line, how many lines it takes, and what follows it in the last of them."""
    first = lines[at]
    start = templates.begins(first.text)
    if start is not None and first.text[:start].strip():
        return Prose(first.number, first.text[:start].strip()), 1, first.text[start:]
    if start is not None:
        end = _template_end(lines, at)
        template, taken, rest = templates.read_template(lines[at:end])
        if template and not template.whole and end < len(lines):
            template = replace(
                template, whole=True, slips=(*template.slips, (lines[end - 1].number, _UNENDED))
            )
        return template, taken, rest
    if tables.header(first.text) is not None:
        table, taken = tables.read_table(lines[at : _boundary(lines, at)])
        return table, taken, ""
    text = first.text.strip()
    return (Prose(first.number, text) if text and not text.startswith("```") else None), 1, ""


def _ends_table(text: str) -> bool:
    return templates.begins(text) is not None or text.startswith("#")


def _template_end(lines: Sequence[Line], at: int) -> int:
    """The index of the line after a template's beginning in which a further one begins."""
    roots = 0
    for index in range(at, len(lines)):
        roots += len(templates.ROOT.findall(lines[index].text))
        if roots > 1 and index > at:
            return index
    return len(lines)


def _boundary(lines: Sequence[Line], at: int) -> int:
    """The index of the next template, heading or table after a line."""
    for index in range(at + 1, len(lines)):
        text = lines[index].text
        if templates.begins(text) is not None or tables.header(text) is not None or text.startswith("#"):
            return index
    return len(lines)
