"""Whether a portal that conforms is ever accused: every conforming variation, seed by seed.

    python benchmarks/false_alarms.py planfix --seeds 50
    python benchmarks/false_alarms.py r7 --seeds 50 --variation guids-in-capitals

Prints a row per variation: runs, requests of the largest, what deviated, and what stayed inconclusive though
the portal answers everything. Exits 1 where there is anything of either.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track
from rich.table import Table

from etalon.judging.verdicts import Verdict
from etalon.portals.embedded import embedded
from etalon.profiles import PROFILES
from etalon.proving.fault_runs import PlannedRun, in_order, judged
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SOUND = "(none)"
# It conforms, but a run that is cut short by the portal judges nothing of what comes after.
_CUTS_SHORT = frozenset({"daily-limit"})
_PINS: Mapping[str, Mapping[str, str]] = {"deadline-in-whole-seconds": {"deadline-precision": "second"}}
# pytest keeps something of each run that a process has executed.
_RUNS_A_PROCESS = 100
_ALARMS = (Verdict.DEVIATES, Verdict.INCONCLUSIVE, Verdict.NOT_TESTABLE)

Alarms = list[tuple[str, Verdict, str]]


def main() -> int:
    """Print the table."""
    options = _parser().parse_args()
    plans = [
        _plan(options.target, variation, options.profile, seed)
        for variation in options.variation or _variations(options.target)
        for seed in range(options.first, options.first + options.seeds)
    ]
    runs: Counter[str] = Counter()
    largest: dict[str, int] = defaultdict(int)
    alarms: dict[str, Counter[str]] = defaultdict(Counter)
    for plan, (requests, found) in track(
        _run_all(plans, options.workers), "runs", total=len(plans), console=Console(stderr=True)
    ):
        name = _name(plan)
        runs[name] += 1
        largest[name] = max(largest[name], requests)
        if runs[name] == options.seeds and not sys.stderr.isatty():
            sys.stderr.write(f"{name}: {runs[name]} runs done\n")
        for row, verdict, why in found:
            alarms[name][f"{row} {verdict}"] += 1
            sys.stderr.write(f"{name}, seed {plan.seed}: {row} {verdict}: {why}\n")
    table = Table(
        "variation", "runs", "most requests", "alarms", title=f"{options.target}, {options.profile}"
    )
    for name, number in runs.items():
        told = ", ".join(f"{row} ({times})" for row, times in alarms[name].items())
        table.add_row(name, str(number), str(largest[name]), told or "none")
    Console().print(table)
    return int(any(alarms.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Judges every conforming variation, seed by seed.")
    parser.add_argument("target", choices=tuple(embedded()))
    parser.add_argument("--seeds", type=int, default=50, metavar="N", help="default: %(default)s")
    parser.add_argument("--first", type=int, default=1, metavar="SEED", help="default: %(default)s")
    parser.add_argument("--profile", choices=tuple(PROFILES), default="standard")
    parser.add_argument("--variation", action="append", metavar="NAME", help="only this one, repeatable")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    return parser


def _variations(target: str) -> Sequence[str]:
    kind, _ = embedded()[target]
    return [SOUND, *(name for name in vendor_of(kind).mock().variations if name not in _CUTS_SHORT)]


def _plan(target: str, variation: str, profile: str, seed: int) -> PlannedRun:
    kind, dialect = embedded()[target]
    return PlannedRun(
        target=target,
        kind=kind,
        dialect=dialect,
        faults=(),
        bound=(),
        profile=profile,
        seed=seed,
        pinned=_PINS.get(variation, {}),
        variations=() if variation == SOUND else (variation,),
    )


def _name(plan: PlannedRun) -> str:
    return plan.variations[0] if plan.variations else SOUND


def _run_all(plans: Sequence[PlannedRun], workers: int) -> Iterator[tuple[PlannedRun, tuple[int, Alarms]]]:
    """All runs, in the order of their plans; processes are new after some of them.

    Pools one after the other: max_tasks_per_child hangs in Python 3.11 (python/cpython issue 115634).
    """
    context = multiprocessing.get_context("spawn")
    each = _RUNS_A_PROCESS * workers
    for first in range(0, len(plans), each):
        some = plans[first : first + each]
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            yield from zip(some, pool.map(_run, some), strict=True)


def _run(plan: PlannedRun) -> tuple[int, Alarms]:
    with redirect_stdout(io.StringIO()):
        run = judged(plan)
    found: Alarms = []
    for row, judgement in in_order(run):
        if judgement.verdict in _ALARMS:
            shown = [f"{one.summary} {one.expected!r}, {one.observed!r}" for one in judgement.findings]
            found.append((row, judgement.verdict, shown[0] if shown else str(judgement.reason or "")))
    return run.requests, found


if __name__ == "__main__":
    sys.exit(main())
