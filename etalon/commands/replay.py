"""`etalon replay`: the proofs of findings sent again, or written out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import add_config, results_file

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """examples:
  etalon replay reports/out                                    every finding, on the target that had it
  etalon replay reports/out REQUIREMENT                        that of one requirement
  etalon replay reports/out --url https://staging.example      on another portal; log-in from the environment
  etalon replay reports/out --format sh -o proofs              a shell script for each

exits 1 where any shows, 6 where none shows and any cannot be tried, else 0
"""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    replaying = commands.add_parser(
        "replay",
        help="send the proofs of findings again, or write them out",
        description="Sends the proofs of findings again, each on tasks of its own, and says what they show.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    replaying.add_argument("results", metavar="RESULTS", help="a results.json, or the folder that holds it")
    replaying.add_argument("findings", nargs="*", metavar="FINDING", help="ids of requirements; default: all")
    where = replaying.add_mutually_exclusive_group()
    where.add_argument("--target", default="", metavar="NAME", help="a target of the config file")
    where.add_argument("--url", default="", metavar="URL", help="another portal of the same kind")
    add_config(replaying)
    replaying.add_argument(
        "--format", choices=("sh", "postman", "pytest"), help="write the proofs out, and send nothing"
    )
    replaying.add_argument(
        "-o",
        "--output",
        default="proofs",
        metavar="DIR",
        help="folder of what is written; default: %(default)s",
    )
    replaying.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.replaying import replay, written

    results = results_file(options.results)
    if options.format:
        return written(results, options.findings, options.format, Path(options.output))
    return replay(
        results, options.findings, target=options.target, url=options.url, config=Path(options.config)
    )
