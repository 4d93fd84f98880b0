"""`etalon diff`: two runs compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import add_lang, results_file

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    comparing = commands.add_parser(
        "diff",
        help="compare two results files",
        description="Compares two runs; exits 1 when anything regressed or changed its behaviour, 6 when no "
        "portal is in both.",
    )
    comparing.add_argument("old", metavar="OLD", help="a results.json, or the folder that holds it")
    comparing.add_argument("new", metavar="NEW", help="likewise")
    comparing.add_argument(
        "--format",
        choices=("table", "json", "markdown", "html"),
        default="table",
        help="markdown: for a comment on a merge request; default: %(default)s",
    )
    comparing.add_argument("-o", "--output", metavar="FILE", help="default: the terminal")
    add_lang(comparing)
    comparing.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.reporting.diff import compare
    from etalon.reporting.diff_output import OWN, diff_json, diff_markdown, diff_text, print_diff
    from etalon.reporting.files import ensure_own_file, write_text
    from etalon.reporting.html import render_diff
    from etalon.reporting.printing import console, tell
    from etalon.reporting.results import read

    if options.output:
        ensure_own_file(Path(options.output), OWN)
    difference = compare(read(results_file(options.old)), read(results_file(options.new)))
    match options.format:
        case "json":
            text = diff_json(difference)
        case "markdown":
            text = diff_markdown(difference, options.lang)
        case "html":
            text = render_diff(difference, options.lang)
        case _:
            text = diff_text(difference, options.lang) if options.output else ""
    if options.output:
        write_text(Path(options.output), text)
        tell(options.output)
    elif text:
        _print(text, options.format)
    else:
        print_diff(difference, console(), options.lang)
    return difference.exit_code


def _print(text: str, form: str) -> None:
    from etalon.reporting.printing import tell, tell_json

    if form == "html":
        sys.stdout.write(text + "\n")  # a file, as it is to be; nothing in it is a portal's but escaped
    else:
        (tell_json if form == "json" else tell)(text)
