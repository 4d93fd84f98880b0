"""The parameter table of an R7-Office page, whichever way its cells were saved, as rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etalon.derivation.r7.kinds import tell_apart
from etalon.derivation.r7.model import Row, Stray
from etalon.derivation.r7.words import OPTIONAL, PLACES, SENT_IN, Column, column_of, heads_table
from etalon.derivation.tables import is_rule, row_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Line

_NAME = re.compile(r"[A-Za-z_@$][\w.$@\[\]-]*")
_LAST_NAME = re.compile(r"(?P<before>.*?)(?P<name>[A-Za-z_@$][\w.$@\[\]-]*)[\s*_`]*$")
_GAP = re.compile(r"\t+| {2,}")
_USUAL_ORDER = (Column.NAME, Column.PROSE, Column.KIND, Column.EXAMPLE)
_FEWEST_CELLS = 3
_MARKS = "*_` \t"


def read_rows(lines: Sequence[Line]) -> tuple[tuple[Row, ...], tuple[Stray, ...]]:
    """Reads the lines between the heading of the parameters and the next heading.

    A row is found by its `sent in …`. Rows whose cells are marked off by bars are read cell by cell; where
    each cell is a line, or cells run together, the type is what tells description and example apart.

    Returns:
        The rows, and the text that belongs to none.
    """
    rows: list[Row] = []
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
        elif cells is not None and _is_row(cells):
            _flush(loose, rows, strays)
            rows.append(_from_cells(line.number, cells, columns))
        else:
            loose.append(line)
    _flush(loose, rows, strays)
    return tuple(rows), tuple(strays)


def _is_row(cells: tuple[str, ...]) -> bool:
    """Whether the cells begin with a name; without its `sent in`, only a full row counts as one."""
    if len(cells) < _FEWEST_CELLS:
        return False
    name = SENT_IN.sub("", cells[0]).strip(_MARKS)
    return bool(_NAME.fullmatch(OPTIONAL.sub("", name).strip(_MARKS)))


def _from_cells(line: int, cells: tuple[str, ...], columns: tuple[Column | None, ...]) -> Row:
    if len(cells) > len(columns) and columns == _USUAL_ORDER:
        cells = (cells[0], "|".join(cells[1:-2]), *cells[-2:])
    by_column = dict(zip(columns, cells, strict=False))
    head = cells[0]
    sent = SENT_IN.search(head)
    name = OPTIONAL.sub("", SENT_IN.sub("", head)).strip(_MARKS)
    prose, optional = _without_optional(by_column.get(Column.PROSE, ""))
    kind, in_kind = _without_optional(by_column.get(Column.KIND, ""))
    return Row(
        name=name,
        line=line,
        place=PLACES[_spaced(sent["place"])] if sent else "",
        optional=optional or in_kind or OPTIONAL.search(head) is not None,
        prose=prose,
        kind=kind.strip(_MARKS),
        example=by_column.get(Column.EXAMPLE, "").strip(_MARKS),
    )


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).lower()


def _without_optional(text: str) -> tuple[str, bool]:
    found = OPTIONAL.search(text) is not None
    return (re.sub(r"\s+", " ", OPTIONAL.sub(" ", text)).strip() if found else text.strip()), found


def _flush(loose: list[Line], rows: list[Row], strays: list[Stray]) -> None:
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
            Row(
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
