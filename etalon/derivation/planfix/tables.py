"""Tables of a page → rows whose cells are where the header says, continuation lines included."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etalon.derivation.planfix.text import cells, divided, folded, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Line

_COLUMNS = {
    "name": {"название", "имя", "параметр", "поле", "name", "parameter", "наименование", "атрибут", "узел"},
    "type": {"тип", "type", "тип данных"},
    "meaning": {"значение", "описание", "value", "description", "смысл", "meaning"},
    "remark": {"примечание", "примечания", "комментарий", "note", "notes", "дополнительно"},
}
_RULE = re.compile(r"[\s|:-]*-{2,}[\s|:-]*")
_BULLET = re.compile(r"^\s*[*•+-]\s+(?=\S)")
_NAME = re.compile(r"[A-Za-z_][\w.:-]*")
# What a type cell may say, spelling variants and combinations included.
TYPE = re.compile(
    r"(?:unsigned\s+)?(?:int(?:eger)?|id|string|str|text|varchar|char|enum|bool(?:ean)?|date\s*time|timestamp|date"
    r"|time|set|list|array|node|float|double|decimal|number|numeric|money|base64|binary|file|html|xml|url|e?mail|mixed"
    r"|object|struct(?:ure)?|целое(?:\s+число)?|число|строка|текст|дата(?:\s+и\s+время)?|время|узел|список|массив"
    r"|перечисление|логический)(?:\s*\(\s*[\w/,.\s]+\s*\)|\s*\[\s*\d*\s*\])?(?:\s*-?\s*\(?0\s*/\s*1\)?)?",
    re.IGNORECASE,
)
_TYPES = re.compile(rf"{TYPE.pattern}(?:\s*(?:[/|,]|или|or)\s*{TYPE.pattern})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a parameter table, or of a list of values.

    Attributes:
        line: its number.
        name: the name cell, marks taken away.
        type: the type cell, marks taken away; empty where the page leaves it out.
        meaning: the cell that describes the value, marks kept.
        remark: the last cell and what continues the row below it, marks kept.
    """

    line: int
    name: str
    type: str
    meaning: str
    remark: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: of parameters, or of values where its header has neither names nor types."""

    line: int
    rows: tuple[Row, ...]
    of_values: bool


def header(text: str) -> tuple[str, ...] | None:
    """The columns of a header line by our names; None for any other line."""
    if not divided(text):
        return None
    found = []
    for cell in cells(text):
        column = next((name for name, words in _COLUMNS.items() if folded(cell) in words), None)
        if column is None and "type" not in found:
            return None
        found.append("remark" if column is None or column in found else column)
    if len(found) > 1 and found[0] == "meaning":
        found = ["name", "meaning", *found[2:]]
    return tuple(found) if len(found) > 1 and found[0] == "name" else None


def read_table(lines: Sequence[Line]) -> tuple[Table, int]:
    """Reads the table that begins with the first of the lines, its header.

    A table lasts to its last row: prose between two rows belongs to the row above it, prose after the
    last row does not. Bullets belong to a row that ends in a colon.

    Returns:
        The table and how many lines it takes.
    """
    columns = header(lines[0].text)
    assert columns is not None
    barred = lines[0].text.strip().startswith("|")
    rows: list[Row] = []
    pending: list[str] = []
    taken = 1
    for count, line in enumerate(lines[1:], start=2):
        text = line.text
        if not text.strip() or _RULE.fullmatch(text):
            continue
        if divided(text) and (row := _row(line, columns, barred=barred)):
            rows[-1:] = [_continued(rows[-1], pending)] if rows else []
            rows.append(row)
        elif rows and (divided(text) or (_BULLET.match(text) and _awaits(rows[-1]))):
            rows[-1] = _continued(rows[-1], [*pending, text.strip().strip("|").strip()])
        else:
            pending.append(text.strip())
            continue
        pending = []
        taken = count
    return Table(lines[0].number, tuple(rows), "type" not in columns), taken


def _awaits(row: Row) -> bool:
    return (row.remark or row.meaning).rstrip().endswith(":") or "\n" in row.remark


def _continued(row: Row, lines: Sequence[str]) -> Row:
    """The row with lines that go on below it: they belong to its last cell."""
    return replace(row, remark="\n".join(filter(None, (row.remark, *lines)))) if lines else row


def _row(line: Line, columns: tuple[str, ...], *, barred: bool) -> Row | None:
    """The row in a line; None where its first cell is none of a row's own."""
    if not barred and line.text.lstrip().startswith("|"):
        return None
    parts = cells(line.text)
    if not parts or not plain(parts[0]):
        return None
    name, rest = plain(parts[0]), parts[1:]
    named = dict.fromkeys(("type", "meaning", "remark"), "")
    wanted = list(columns[1:])
    # Old pages leave an empty type cell out altogether: the cells after it stand one to the left.
    if "type" in wanted and rest and plain(rest[0]) and not is_type(rest[0], short=len(rest) >= len(wanted)):
        wanted.remove("type")
    for column, cell in zip(wanted, rest, strict=False):
        named[column] = cell
    surplus = [cell for cell in rest[len(wanted) :] if cell]
    named["remark"] = " ".join(filter(None, (named["remark"], *surplus)))
    return Row(line.number, name, plain(named["type"]), named["meaning"], named["remark"])


def is_type(cell: str, *, short: bool = False) -> bool:
    """Whether a cell names a type; with `short`, also a single Latin word that is none we know."""
    text = plain(cell)
    return bool(_TYPES.fullmatch(text)) or (short and bool(_NAME.fullmatch(text)))
