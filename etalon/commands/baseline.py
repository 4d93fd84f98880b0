"""`etalon baseline`: the deviations of a run accepted for now."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import results_file

if TYPE_CHECKING:
    import argparse
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
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the last day on which the new ones are accepted",
    )
    accepting.add_argument("--pin", action="store_true", help="pin the observed behaviours, too")
    accepting.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.reporting.baseline import BaselineError
    from etalon.reporting.baseline_writing import updated, with_pins
    from etalon.reporting.files import write_text
    from etalon.reporting.results import read

    run, path = read(results_file(options.results)), Path(options.output)
    try:
        present = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path}: cannot be read as a baseline: {error}") from error
    text = updated(present, str(path), run, reason=options.reason, until=options.until)
    write_text(path, with_pins(text, str(path), run) if options.pin else text)
    print(path)
    return 0
