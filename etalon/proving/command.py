"""`etalon faults`: the suites against every fault of the catalogues."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from etalon import __version__
from etalon.arguments import kind
from etalon.portals.config import KINDS
from etalon.profiles import DEFAULT_SEED, PROFILES
from etalon.proving.matrix import Fate, KillMatrix, lost, read_matrix
from etalon.proving.orders import masked, pairs, singles
from etalon.proving.pages import print_matrix, render
from etalon.proving.trials import hold_all

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from etalon.proving.matrix import Trial
    from etalon.proving.trials import Order

_EPILOG = """\
examples:
  etalon faults                                     every fault of both portals, on all cores
  etalon faults planfix --profile quick             what a quick run finds
  etalon faults --fault emoji-lost --fault unset-ignored
  etalon faults --pairs 200                         and whether one finding hides another
  etalon faults --against reports/kill-matrix.json  exits 1 where something is no longer found
"""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    from argparse import RawDescriptionHelpFormatter  # noqa: PLC0415 - beside its only use

    proving = commands.add_parser(
        "faults",
        help="prove that the checks can fail: the suites against every fault of the mocked portals",
        description="Runs the suites against mocked portals with one defect each, and prints which "
        "requirement found which. Exits 1 when a fault survives.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    proving.add_argument("kinds", nargs="*", type=kind, metavar="PORTAL", help="r7 or planfix")
    proving.add_argument(
        "--profile", choices=tuple(PROFILES), default="standard", help="how thorough; default: %(default)s"
    )
    proving.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="of what is drawn at random; default: %(default)s"
    )
    proving.add_argument(
        "--fault", action="append", default=[], metavar="NAME", help="only this one, repeatable"
    )
    proving.add_argument(
        "--pairs",
        type=int,
        default=0,
        metavar="N",
        help="try N pairs as well: does one finding hide another?",
    )
    proving.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="default: one a core"
    )
    proving.add_argument("--output", metavar="DIR", help="folder for kill-matrix.json, .html and .md")
    proving.add_argument(
        "--against", metavar="FILE", help="an earlier kill-matrix.json: what it has and is lost now, exits 1"
    )
    proving.add_argument("--no-progress", action="store_true", help="no progress bar")
    proving.set_defaults(do=_faults)


def _faults(options: argparse.Namespace, _given: Sequence[str]) -> int:
    before = read_matrix(Path(options.against)) if options.against else None
    orders = singles(options.kinds or KINDS, options.profile, options.seed, options.fault)
    workers = max(1, options.workers)
    progress = not options.no_progress
    trials = _held(orders, workers, "faults", progress=progress)
    matrix = KillMatrix(__version__, options.profile, options.seed, tuple(trials))
    sentences = []
    if options.pairs:
        for pair in _held(pairs(matrix, options.pairs), workers, "pairs", progress=progress):
            sentences += [
                f"{pair.kind}: in {pair.fault}, {fault} is found by none that found it alone."
                for fault in masked(matrix, pair)
            ]
    print_matrix(matrix, Console(), sentences)
    if options.output:
        _write(matrix, Path(options.output), sentences)
    gone = lost(before, matrix) if before else []
    for sentence in gone:
        sys.stderr.write(f"etalon: {sentence}\n")
    return int(bool(gone or sentences or matrix.with_fate(Fate.SURVIVED)))


def _held(orders: Sequence[Order], workers: int, what: str, *, progress: bool) -> list[Trial]:
    console = Console(stderr=True)
    columns = (
        TextColumn(what),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[survived]}[/red] [dim]{task.description}"),
    )
    found: dict[int, Trial] = {}
    with Progress(
        *columns, console=console, transient=True, disable=not (progress and console.is_terminal)
    ) as bar:
        task = bar.add_task("", total=len(orders), survived="")
        for place, trial in hold_all(orders, workers):
            found[place] = trial
            survivors = sum(one.fate is Fate.SURVIVED for one in found.values() if one.bound)
            bar.update(
                task,
                advance=1,
                description=trial.fault,
                survived=f"{survivors} survived" if survivors else "",
            )
    return [found[place] for place in sorted(found)]


def _write(matrix: KillMatrix, folder: Path, masked_pairs: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("kill-matrix.json", matrix.to_json()),
        ("kill-matrix.html", render(matrix, "html", masked=masked_pairs)),
        ("kill-matrix.md", render(matrix, "md")),
    ):
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)  # noqa: T201 - where to look next
