"""Tables of a page → rows whose cells are where the header says, continuation lines included."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etalon.vendors.planfix.derivation.text import cells, divided, folded, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
# Lines in a row that are no rows: the table has ended.
_MISSES = 2
_MOST_COLUMNS = 8
_INSET = re.compile(r"(?:&nbsp;|&emsp;|[-–—→·•>.└├]|\s)+(?=[A-Za-z_*])")
_OBLIGATION = re.compile(r"обязател\w+|required|mandatory")
_DENIED = re.compile(r"нет|no|false|-|0|не\s?обязател\w+|optional")
_AFFIRMED = re.compile(r"да|yes|true|\+|1|обязател\w+|required|mandatory")
# What a type cell may say, spelling variants and combinations included.
TYPE = re.compile(
    r"(?:unsigned\s+)?(?:int(?:eger)?|id|string|str|text|varchar|char|enum|bool(?:ean)?|date\s*time|timestamp|date"
    r"|time|set|list|array|node|float|double|decimal|number|numeric|money|base64|binary|file|html|xml|url|e?mail|mixed"
    r"|object|struct(?:ure)?|целое(?:\s+число)?|число|строка|текст|дата(?:\s+и\s+время)?|время|узел|список|массив"
    r"|перечисление|логический)(?:\s*:?\s*[({]\s*[\w/,.|\s]+\s*[)}]|\s*\[\s*\d*\s*\])?(?:\s*-?\s*\(?0\s*/\s*1\)?)?",
    re.IGNORECASE,
)
_TYPES = re.compile(rf"{TYPE.pattern}(?:\s*(?:[/|,]|или|or)\s*{TYPE.pattern})*", re.IGNORECASE)


_TYPED = re.compile(
    r"(?P<name>[A-Za-z_][\w.]*(?:\s+[A-Za-z]\w*)??)\s+(?P<type>(?:unsigned\s+)?(?:int(?:eger)?|string|str|text|enum|bool(?:ean)?|datetime|date|time|set|list|array|node|float"
    r"|double|decimal|mixed|base64)(?:\s*:?\s*[({\[][^)}\]]*[)}\]])?(?:\s*-\s*0/1)?(?:\s*/\s*(?:int|string|list|enum))?)"
    r"(?!\S)(?P<rest>.*)",
    re.IGNORECASE,
)
_UNTYPED = re.compile(r"(?P<name>[a-z]\w*(?:\.\w+)*)\s+(?P<rest>[А-Яа-яЁё].*)")


@dataclass(frozen=True, slots=True)
class TableRow:
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
    rows: tuple[TableRow, ...]
    of_values: bool


def header(text: str) -> tuple[str, ...] | None:
    """The columns of a header line by our names, in the page's order; None for any other line.

    A column that is none of ours is a remark under its own head: `remark:Head`.
    """
    if not divided(text):
        return None
    heads = [plain(cell) for cell in cells(text)]
    ours = [next((name for name, words in _COLUMNS.items() if folded(head) in words), None) for head in heads]
    if len(heads) > 1 and ours[0] == "meaning" and "name" not in ours and None not in ours:
        return ("name", "meaning", *("remark" for _ in heads[2:]))
    found: list[str] = []
    for head, column in zip(heads, ours, strict=True):
        found.append(column if column and column not in found else f"remark:{head}")
    if len(found) > 1 and "name" in found and ("type" in found or None not in ours):
        return tuple(found)
    return None


def barred(lines: Sequence[Line], ends: Callable[[str], bool]) -> list[Line]:
    """The lines, with bars in the tables that were saved without them: with tabs, or with spaces alone.

    Args:
        lines: the lines of a page.
        ends: whether a line cannot belong to the table above it.
    """
    out: list[Line] = []
    tabbed = spaced = False
    missed = 0
    for line in lines:
        text = line.text
        if ends(text):
            tabbed = spaced = False
        elif not divided(text) and "\t" in text.strip() and header(re.sub(r"\s*\t\s*", " | ", text.strip())):
            tabbed, spaced = True, False
        elif not divided(text) and _heads_spaced(text):
            tabbed, spaced, missed = False, True, 0
            text = " | ".join(text.split())
        if tabbed and "\t" in text.strip():
            text = " | ".join(part.strip() for part in text.split("\t"))
        elif spaced and text.strip() and not divided(text):
            row = _spaced_row(text)
            missed = 0 if row else missed + 1
            spaced = missed < _MISSES and not text.rstrip().endswith(":")
            text = row or text
        out.append(replace(line, text=text))
    return out


def _heads_spaced(text: str) -> bool:
    words = text.split(maxsplit=_MOST_COLUMNS)
    if not words or folded(words[0]) not in _COLUMNS["name"]:
        return False
    columns = header(" | ".join(words))
    return columns is not None and columns[:2] == ("name", "type")


def _spaced_row(text: str) -> str | None:
    """A row whose cells only spaces part: its type tells where the name ends; the rest stays one cell."""
    text = text.strip()
    if typed := _TYPED.fullmatch(text):
        return f"{typed['name']} | {typed['type']} | {typed['rest'].strip()}"
    untyped = _UNTYPED.fullmatch(text)
    return f"{untyped['name']} |  | {untyped['rest']}" if untyped and not text.endswith(":") else None


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
    rows: list[TableRow] = []
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
    return Table(lines[0].number, tuple(_nested(rows)), "type" not in columns), taken


def _nested(rows: Sequence[TableRow]) -> Iterator[TableRow]:
    """The rows, with the names of those above in front of a name that is set in beneath them."""
    above: list[tuple[int, str]] = []
    for row in rows:
        inset = _INSET.match(row.name)
        depth = len(inset[0].replace("&nbsp;", " ").replace("&emsp;", "  ")) if inset else 0
        name = row.name[inset.end() :] if inset else row.name
        while above and above[-1][0] >= depth:
            above.pop()
        if inset and above:
            name = f"{above[-1][1]}.{name}"
        above.append((depth, name))
        yield replace(row, name=name)


def _awaits(row: TableRow) -> bool:
    return (row.remark or row.meaning).rstrip().endswith(":") or "\n" in row.remark


def _continued(row: TableRow, lines: Sequence[str]) -> TableRow:
    """The row with lines that go on below it: they belong to its last cell."""
    return replace(row, remark="\n".join(filter(None, (row.remark, *lines)))) if lines else row


def _row(line: Line, columns: tuple[str, ...], *, barred: bool) -> TableRow | None:
    """The row in a line; None where its name's cell is empty, and so none of a row's own."""
    if not barred and line.text.lstrip().startswith("|"):
        return None
    parts, place = cells(line.text), columns.index("name")
    if len(parts) <= place or not plain(parts[place]):
        return None
    name, rest = _unmarked(parts[place]), parts[:place] + parts[place + 1 :]
    named = dict.fromkeys(("type", "meaning", "remark"), "")
    wanted = list(columns[:place] + columns[place + 1 :])
    # Old pages leave an empty type cell out altogether: the cells after it stand one to the left.
    if "type" in wanted[:1] and rest and plain(rest[0]):
        told = len(rest) > 1 and plain(rest[1]) != ""
        if not is_type(rest[0], short=told or len(rest) >= len(wanted)):
            wanted.remove("type")
    remarks = []
    for column, cell in zip(wanted, rest, strict=False):
        if column in named and column != "remark":
            named[column] = cell
        elif cell:
            remarks.append(_remark(column, cell))
    remarks += [cell for cell in rest[len(wanted) :] if cell]
    return TableRow(line.number, name, plain(named["type"]), named["meaning"], "; ".join(remarks))


def _unmarked(cell: str) -> str:
    """A name's cell, without the page's marks; what sets it in is kept."""
    inset = _INSET.match(cell)
    return (inset[0] if inset else "") + plain(cell[inset.end() if inset else 0 :])


def _remark(column: str, cell: str) -> str:
    """What a cell right of the meaning says, as a remark: `yes` under `Required` is one on obligation."""
    head = column.partition(":")[2]
    if not head:
        return cell
    if _OBLIGATION.fullmatch(folded(head)):
        if _DENIED.fullmatch(folded(cell)):
            return "необязательный параметр"
        return "обязательный параметр" if _AFFIRMED.fullmatch(folded(cell)) else f"{head}: {cell}"
    return f"{head}: {cell}"


def is_type(cell: str, *, short: bool = False) -> bool:
    """Whether a cell names a type; with `short`, also a single Latin word that is none we know."""
    text = plain(cell)
    return bool(_TYPES.fullmatch(text)) or (short and bool(_NAME.fullmatch(text)))
