"""`etalon baseline`: the deviations of a run accepted for now."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import results_file

if TYPE_CHECKING:
    from collections.abc import Sequence


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    accepting = commands.add_parser(
        "baseline",
        help="accept the deviations of a run for now",
        description="Writes a baseline file from a run, or brings one up to date: new deviations are added, "
        "those that hold again go, everything else stays as it was written.",
    )
    accepting.add_argument("results", metavar="RESULTS", help="a results.json, or the folder that holds it")
    accepting.add_argument(
        "-o", "--output", default="etalon-baseline.toml", metavar="FILE", help="default: %(default)s"
    )
    accepting.add_argument(
        "--reason", default="", help="why the new ones are accepted; default: since when, and what they are"
    )
    accepting.add_argument(
        "--until",
        type=_day,
        metavar="YYYY-MM-DD",
        help="the last day on which the new ones are accepted",
    )
    accepting.add_argument("--pin", action="store_true", help="pin the observed behaviours, too")
    accepting.set_defaults(do=_do)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a date like 2027-03-01, found {text!r}") from error


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.reporting.baseline import read_text
    from etalon.reporting.baseline_writing import updated, with_pins
    from etalon.reporting.files import write_text
    from etalon.reporting.printing import tell
    from etalon.reporting.results import read

    run, path = read(results_file(options.results)), Path(options.output)
    present = read_text(path) if path.exists() else ""
    text = updated(present, str(path), run, reason=options.reason, until=options.until)
    write_text(path, with_pins(text, str(path), run) if options.pin else text)
    tell(str(path))
    return 0
