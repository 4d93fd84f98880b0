"""The parameter table of an R7-Office page, whichever way its cells were saved, as rows."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from etalon.derivation.tables import is_rule, row_cells
from etalon.vendors.r7.derivation.kinds import tell_apart
from etalon.vendors.r7.derivation.page_content import ParameterRow, Stray
from etalon.vendors.r7.derivation.words import (
    DENIED,
    OPTIONAL,
    PLACE_ALONE,
    PLACES,
    SENT_IN,
    Column,
    column_of,
    heads_table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Line

_NAME = re.compile(r"[A-Za-z_@$][\w.$@\[\]-]*")
_LAST_NAME = re.compile(r"(?P<before>.*?)(?P<name>[A-Za-z_@$][\w.$@\[\]-]*)[\s*_`]*$")
# A bar within a word, `(Open|Closed)`, parts no cells where the bars have lines or ends of their own.
_BAR = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)|(?<!\\)\|$")
_GAP = re.compile(r"\t+| {2,}")
_USUAL_ORDER = (Column.NAME, Column.PROSE, Column.KIND, Column.EXAMPLE)
_FEWEST_CELLS = 3
_MARKS = "*_` \t"


def read_rows(lines: Sequence[Line]) -> tuple[tuple[ParameterRow, ...], tuple[Stray, ...]]:
    """Reads the lines between the heading of the parameters and the next heading.

    A row is found by its `sent in …`. Rows whose cells are marked off by bars are read cell by cell; where
    each cell is a line, or cells run together, the type is what tells description and example apart.

    Returns:
        The rows, and the text that belongs to none.
    """
    if any(line.text.strip() == "|" for line in lines):
        return _read_parted(lines)
    rows: list[ParameterRow] = []
    strays: list[Stray] = []
    columns: tuple[Column | None, ...] = _USUAL_ORDER
    loose: list[Line] = []
    for line in lines:
        if not line.text.strip() or is_rule(line.text) or heads_table(line.text):
            continue
        cells = row_cells(line.text)
        heads = tuple(column_of(cell) for cell in cells) if cells else ()
        if len(heads) >= _FEWEST_CELLS and heads.count(None) <= len(heads) - _FEWEST_CELLS:
            columns = heads
        elif cells is not None and _is_row(cells, columns):
            _flush(loose, rows, strays)
            row, further = _from_cells(line.number, cells, columns)
            rows.append(row)
            strays += further
        else:
            loose.append(line)
    _flush(loose, rows, strays)
    return tuple(rows), tuple(strays)


def _read_parted(lines: Sequence[Line]) -> tuple[tuple[ParameterRow, ...], tuple[Stray, ...]]:
    """Reads a table whose cells take lines of their own and end in a bar each.

    What follows the last bar belongs to no cell.
    """
    cells: list[tuple[int, str]] = []
    begun: list[tuple[int, str]] = []
    for line in lines:
        *closed, last = _BAR.split(line.text)
        for part in closed:
            begun += [(line.number, part.strip())] if part.strip() else []
            number = begun[0][0] if begun else line.number
            cells.append((number, " ".join(text for _, text in begun)))
            begun = []
        if last.strip():
            begun.append((line.number, last.strip()))
    heads = tuple(column_of(text) for _, text in cells[: len(_USUAL_ORDER)])
    columns = heads if None not in heads and len(set(heads)) == len(_USUAL_ORDER) else _USUAL_ORDER
    starts = [index for index, (_, text) in enumerate(cells) if SENT_IN.search(text)]
    strays = [
        Stray(number, "parameters", text)
        for number, text in cells[: starts[0] if starts else len(cells)]
        if text and column_of(text) is None and not heads_table(text)
    ]
    rows: list[ParameterRow] = []
    for start, end in pairwise([*starts, len(cells)]):
        row, further = _from_cells(
            cells[start][0], tuple(text for _, text in cells[start : min(end, start + len(columns))]), columns
        )
        rows.append(row)
        strays += further
        strays += [
            Stray(number, "parameters", text) for number, text in cells[start + len(columns) : end] if text
        ]
    strays += [Stray(number, "parameters", text) for number, text in begun]
    return tuple(rows), tuple(strays)


def _is_row(cells: tuple[str, ...], columns: tuple[Column | None, ...]) -> bool:
    """Whether the cells have a name where it belongs; without `sent in`, only a full row counts as one."""
    if len(cells) < _FEWEST_CELLS:
        return False
    name = SENT_IN.sub("", _name_cell(cells, columns)).strip(_MARKS)
    return bool(_NAME.fullmatch(OPTIONAL.sub("", name).strip(_MARKS)))


def _name_cell(cells: tuple[str, ...], columns: tuple[Column | None, ...]) -> str:
    index = columns.index(Column.NAME) if Column.NAME in columns else 0
    return cells[index] if index < len(cells) else ""


def _from_cells(
    line: int, cells: tuple[str, ...], columns: tuple[Column | None, ...]
) -> tuple[ParameterRow, tuple[Stray, ...]]:
    """The row, and the cells of columns that the format does not have."""
    cells = _rejoined(cells, len(columns))
    if len(cells) > len(columns) and columns == _USUAL_ORDER:
        cells = (cells[0], "|".join(cells[1:-2]), *cells[-2:])
    by_column = {column: cell for column, cell in zip(columns, cells, strict=False) if column is not None}
    unknown = [cell for column, cell in zip(columns, cells, strict=False) if column is None]
    head = _name_cell(cells, columns)
    name = OPTIONAL.sub("", SENT_IN.sub("", head)).strip(_MARKS)
    prose, optional = _without_optional(by_column.get(Column.PROSE, ""))
    kind, in_kind = _without_optional(by_column.get(Column.KIND, ""))
    denied = DENIED.fullmatch(by_column.get(Column.OBLIGATION, "").strip(_MARKS))
    row = ParameterRow(
        name=name,
        line=line,
        place=_place(head, by_column.get(Column.PLACE, "")),
        optional=optional or in_kind or OPTIONAL.search(head) is not None or denied is not None,
        prose=prose,
        kind=kind.strip(_MARKS),
        example=by_column.get(Column.EXAMPLE, "").strip(_MARKS),
    )
    surplus = [*unknown, *cells[len(columns) :]]
    return row, tuple(Stray(line, name, f"a further cell: {cell}") for cell in surplus if cell.strip())


def _rejoined(cells: tuple[str, ...], most: int) -> tuple[str, ...]:
    """The cells, those put together that a bar within brackets has parted: `(Open|Closed)`."""
    whole: list[str] = []
    for cell in cells:
        if len(cells) > most and whole and whole[-1].count("(") > whole[-1].count(")"):
            whole[-1] += f"|{cell}"
        else:
            whole.append(cell)
    return tuple(whole)


def _place(head: str, cell: str) -> str:
    found = SENT_IN.search(head) or SENT_IN.search(cell) or PLACE_ALONE.fullmatch(cell.strip(_MARKS))
    return PLACES[_spaced(found["place"])] if found else ""


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).lower()


def _without_optional(text: str) -> tuple[str, bool]:
    found = OPTIONAL.search(text) is not None
    return (re.sub(r"\s+", " ", OPTIONAL.sub(" ", text)).strip() if found else text.strip()), found


def _flush(loose: list[Line], rows: list[ParameterRow], strays: list[Stray]) -> None:
    """Reads the collected lines as rows whose cells are not marked off, and empties the collection."""
    fragments = _fragments(loose)
    loose.clear()
    starts = [index for index, (_, text) in enumerate(fragments) if SENT_IN.search(text)]
    begun: list[tuple[int, int, str, int, str]] = []
    for start in starts:
        number, text = fragments[start]
        sent = SENT_IN.search(text)
        assert sent is not None
        before, after = text[: sent.start()].strip(_MARKS), text[sent.end() :].strip(_MARKS)
        opens, named = (start, before) if before else (start - 1, fragments[start - 1][1] if start else "")
        if not before and start:
            number = fragments[start - 1][0]
        begun.append((opens, start, named, number, after))
    first = begun[0][0] if begun else len(fragments)
    strays += [
        Stray(number, "parameters", text)
        for number, text in fragments[: max(first, 0)]
        if column_of(text) is None and not heads_table(text)
    ]
    for position, (_, start, named, number, after) in enumerate(begun):
        end = begun[position + 1][0] if position + 1 < len(begun) else len(fragments)
        rest = [after, *(text for _, text in fragments[start + 1 : max(end, start + 1)])]
        sent = SENT_IN.search(fragments[start][1])
        assert sent is not None
        last = _LAST_NAME.match(OPTIONAL.sub("", named).strip(_MARKS))
        if last is None:
            strays.append(Stray(number, "parameters", f"no name stands before {sent[0]!r}"))
            continue
        if last["before"].strip():
            strays.append(Stray(number, "parameters", last["before"].strip()))
        stripped = [_without_optional(fragment.strip(_MARKS)) for fragment in rest]
        told = tell_apart([text for text, _ in stripped if text])
        rows.append(
            ParameterRow(
                name=last["name"],
                line=number,
                place=PLACES[_spaced(sent["place"])],
                optional=any(found for _, found in stripped) or OPTIONAL.search(named) is not None,
                prose=told.prose,
                kind=told.kind,
                example=told.example,
            )
        )


def _fragments(lines: Sequence[Line]) -> list[tuple[int, str]]:
    fragments: list[tuple[int, str]] = []
    for line in lines:
        cells = row_cells(line.text) or (line.text,)
        for cell in cells:
            for part in _GAP.split(cell.strip()):
                text = part.strip(_MARKS)
                if text:
                    fragments.append((line.number, text))
    return fragments
