"""`etalon derive`: saved vendor pages in, a spec out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.errors import UserError
from etalon.vendors import kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.spec import Spec


_EPILOG = """\
examples:
  etalon derive page.txt -o openapi.yaml            a page of a REST API
  etalon derive pages/ -o schemas                   a folder of pages of an XML API
  etalon derive page.txt --report                   what was understood, and what was not
  etalon derive page.txt --against specs/openapi.yaml
                                                    what a newer page changes
"""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "derive",
        help="turn saved vendor pages into a spec",
        description="Turns saved vendor pages into a spec: those of a REST API into one OpenAPI document, "
        "each of an XML API into schemas for request, ok answer and error answer.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "pages", nargs="+", metavar="PAGE", help="a saved page, or a folder of them, all of one vendor"
    )
    parser.add_argument("--vendor", choices=kinds(), help="default: guessed from the first page")
    parser.add_argument("-o", metavar="FILE", dest="output", help="file for the spec; for schemas, a folder")
    parser.add_argument(
        "--report", action="store_true", help="what was understood, row by row; the spec only with -o"
    )
    parser.add_argument(
        "--overlay",
        metavar="FILE",
        help="lay these lines over what the pages say: an OpenAPI Overlay, or RFC 5261 patches of schemas",
    )
    parser.add_argument(
        "--against",
        metavar="SPEC",
        help="say what the pages change in this spec, its folder's overlay.* laid over them; exits 1 when "
        "they do",
    )
    parser.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon import deriving
    from etalon.reporting.printing import tell, warn

    overlay = Path(options.overlay) if options.overlay else None
    if options.against and overlay is None:
        overlay = deriving.overlay_beside(Path(options.against))
    spec = deriving.derive([Path(page) for page in options.pages], options.vendor, overlay)
    for sentence in (*spec.refused, *deriving.partial_lines(spec)):
        warn(sentence)
    if options.against:
        changes = deriving.against(Path(options.against), spec)
        tell("\n".join(map(str, changes)) or "Nothing changed.")
        return int(bool(changes))
    if spec.stale:
        raise UserError("\n".join(map(str, spec.stale)))
    if options.report:
        tell("\n".join(deriving.report_lines(spec)))
    if options.output or not options.report:
        _deliver(spec, options.output)
    return 0


def _deliver(spec: Spec, output: str | None) -> None:
    from etalon.deriving import write
    from etalon.reporting.printing import tell, warn

    if not spec.files:
        names = ", ".join(spec.references)
        raise UserError(
            f"{names}: only lists of values, no function to derive a schema of; "
            "give the pages of the functions along with them, or look at --report."
        )
    if output:
        for path in write(spec, Path(output)):
            tell(str(path))
        return
    main, *others = spec.files
    sys.stdout.write(spec.files[main] + "\n")  # a file, as it is to be
    if others:
        warn(f"beside {main} there are {', '.join(others)}: write all with -o FOLDER")
