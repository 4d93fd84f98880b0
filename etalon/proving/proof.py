"""The suites against every fault of the catalogues: whether each one is found, and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from etalon import __version__
from etalon.proving.fault_runs import execute_all
from etalon.proving.matrix import Fate, KillMatrix, lost, read_matrix
from etalon.proving.pages import print_matrix, render
from etalon.proving.planning import masked, singles
from etalon.proving.planning import pairs as paired
from etalon.reporting.files import write_text
from etalon.reporting.folder import claimed, refuse_foreign
from etalon.reporting.printing import console, tell, warn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from etalon.portals.config import Kind
    from etalon.proving.fault_runs import PlannedRun
    from etalon.proving.matrix import FaultRun


def prove(
    *,
    kinds: Sequence[Kind],
    profile: str,
    seed: int,
    only: Sequence[str],
    pairs: int,
    workers: int,
    output: Path | None,
    against: Path | None,
    progress: bool,
) -> int:
    """Try every fault, print the kill matrix, and write it where a folder is given.

    Args:
        kinds: the portals.
        profile: how thorough the runs are.
        seed: what is drawn at random.
        only: names of the faults to try; all of them where empty.
        pairs: how many pairs of faults to try as well, to see whether one finding hides another.
        workers: how many runs go at a time.
        output: folder for the matrix as JSON, HTML and Markdown.
        against: an earlier matrix; what it has and this one has not is told.
        progress: whether to show a progress bar on a terminal.

    Returns:
        1 where a fault survived, was found before and is not now, or is hidden by another; else 0.

    Raises:
        UnknownFaultError: no such fault.
        MatrixError: the earlier matrix cannot be read.
        UnwritableOutputError: the folder holds what is not Etalon's, or cannot be written.
    """
    if output:
        refuse_foreign(output)
    before = read_matrix(against) if against else None
    plans = singles(kinds, profile, seed, only)
    matrix = KillMatrix(
        __version__, profile, seed, tuple(_run_all(plans, workers, "faults", progress=progress))
    )
    sentences = []
    if pairs:
        for pair in _run_all(paired(matrix, pairs), workers, "pairs", progress=progress):
            sentences += [
                f"{pair.kind}: in {pair.fault}, {fault} is found by none that found it alone."
                for fault in masked(matrix, pair)
            ]
    print_matrix(matrix, console(), sentences)
    if output:
        _write(matrix, output, sentences)
    gone = lost(before, matrix) if before else []
    for sentence in gone:
        warn(sentence)
    return int(bool(gone or sentences or matrix.with_fate(Fate.SURVIVED)))


def _run_all(plans: Sequence[PlannedRun], workers: int, what: str, *, progress: bool) -> list[FaultRun]:
    err = console(stderr=True)
    columns = (
        TextColumn(what),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[survived]}[/red] [dim]{task.description}"),
    )
    found: dict[int, FaultRun] = {}
    shown = progress and err.is_terminal
    with Progress(*columns, console=err, transient=True, disable=not shown) as bar:
        task = bar.add_task("", total=len(plans), survived="")
        for place, run in execute_all(plans, workers):
            found[place] = run
            survivors = sum(one.fate is Fate.SURVIVED for one in found.values() if one.bound)
            bar.update(
                task,
                advance=1,
                description=run.fault,
                survived=f"{survivors} survived" if survivors else "",
            )
    return [found[place] for place in sorted(found)]


def _write(matrix: KillMatrix, folder: Path, masked_pairs: Sequence[str]) -> None:
    with claimed(folder):
        for name, text in (
            ("kill-matrix.json", matrix.to_json()),
            ("kill-matrix.html", render(matrix, "html", masked=masked_pairs)),
            ("kill-matrix.md", render(matrix, "md")),
        ):
            write_text(folder / name, text)
            tell(str(folder / name))  # where to look next
