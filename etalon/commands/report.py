"""`etalon report`: a results file rendered again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import add_lang, results_file

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    rendering = commands.add_parser(
        "report", help="render a results file again", description="Renders a results file again."
    )
    rendering.add_argument("results", metavar="RESULTS", help="a results.json, or the folder that holds it")
    rendering.add_argument("--output", default=None, metavar="DIR", help="default: beside the results file")
    add_lang(rendering)
    rendering.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.reporting.files import write_all
    from etalon.reporting.folder import claimed
    from etalon.reporting.printing import tell
    from etalon.reporting.results import read

    source = results_file(options.results)
    output = Path(options.output) if options.output else source.parent
    run = read(source)
    with claimed(output):
        write_all(run, output, options.lang)
    tell(str(output / "index.html"))
    return 0
