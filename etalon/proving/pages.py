"""The kill matrix for people: a page in Markdown for the docs, one in HTML, a summary for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.table import Table

from etalon.proving.matrix import Fate
from etalon.shipped import contract, root
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from etalon.portals.config import Kind
    from etalon.portals.mocking import FaultInfo
    from etalon.proving.matrix import FaultRun, KillMatrix

_SHOWN_IDS = 3


def kinds_of(matrix: KillMatrix) -> list[Kind]:
    """The portals that were tried, in the order of their runs."""
    return list(dict.fromkeys(run.kind for run in matrix.runs))


def info(run: FaultRun) -> FaultInfo | None:
    """What the catalogue says of a run's fault; None for one that it no longer has."""
    return vendor_of(run.kind).mock().faults.get(run.fault)


def render(matrix: KillMatrix, form: str, *, masked: Sequence[str] = ()) -> str:
    """The matrix as a page.

    Args:
        matrix: the runs.
        form: `html` or `md`.
        masked: sentences about pairs in which one finding hid another.
    """
    folder = root() / "reports" / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=form == "html",  # noqa: S701 - Markdown for our own docs, of our own words
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["info"] = info
    killers = matrix.killers()
    proven = {
        kind: [(row, killers.get(row.id, ())) for row in contract(kind).requirements if not row.planned]
        for kind in kinds_of(matrix)
    }
    template = environment.get_template(f"kill-matrix.{form}.j2")
    return template.render(matrix=matrix, kinds=kinds_of(matrix), proven=proven, Fate=Fate, masked=masked)


def print_matrix(matrix: KillMatrix, console: Console, masked: Sequence[str] = ()) -> None:
    """Print what survived, and the figures of each portal."""
    for fate in (Fate.SURVIVED, Fate.VOID):
        runs = matrix.with_fate(fate)
        if not runs:
            continue
        table = Table(
            "portal", "fault", "wanted", "red instead", title=f"{len(runs)} {fate}", title_justify="left"
        )
        for run in runs:
            table.add_row(run.kind, run.fault, _ids(run.bound), _ids(run.red))
        console.print(table)
    table = Table("portal", "faults", "killed", "survived", "void", "requests to the first red, median")
    for kind in kinds_of(matrix):
        own = type(matrix)(
            matrix.etalon, matrix.profile, matrix.seed, tuple(t for t in matrix.runs if t.kind == kind)
        )
        figures = [len(own.with_fate(fate)) for fate in Fate]
        first = "" if own.median_first_red is None else f"{own.median_first_red:g}"
        table.add_row(kind, str(len(own.runs)), *map(str, figures), first)
    console.print(table)
    for sentence in masked:
        console.print(sentence, highlight=False)


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _SHOWN_IDS} more" if len(ids) > _SHOWN_IDS else ""
    return ", ".join(ids[:_SHOWN_IDS]) + more
