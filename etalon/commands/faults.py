"""`etalon faults`: the suites against every fault of the catalogues."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import add_profile, kind
from etalon.profiles import DEFAULT_SEED
from etalon.vendors import kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPILOG = f"""\
examples:
  etalon faults                                     every fault of both portals, on all cores
  {f"etalon faults {kinds()[-1]} --profile quick":<50}what a quick run finds
  etalon faults --fault emoji-lost --fault unset-ignored
  etalon faults --pairs 200                         and whether one finding hides another
  etalon faults --against reports/kill-matrix.json  exits 1 where something is no longer found
"""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    proving = commands.add_parser(
        "faults",
        help="prove that the checks can fail: the suites against every fault of the mocked portals",
        description="Runs the suites against mocked portals with one defect each, and prints which "
        "requirement found which. Exits 1 when a fault survives.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    proving.add_argument("kinds", nargs="*", type=kind, metavar="PORTAL", help=" or ".join(kinds()))
    add_profile(proving)
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
    proving.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.proving.proof import prove

    return prove(
        kinds=options.kinds or kinds(),
        profile=options.profile,
        seed=options.seed,
        only=options.fault,
        pairs=options.pairs,
        workers=max(1, options.workers),
        output=Path(options.output) if options.output else None,
        against=Path(options.against) if options.against else None,
        progress=not options.no_progress,
    )
