"""`etalon requirements`: what the portals owe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etalon.arguments import add_lang, kind
from etalon.vendors import kinds

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    listing = commands.add_parser(
        "requirements",
        help="list what the portals owe",
        description="Lists the requirements with level, source and statement.",
    )
    listing.add_argument("kinds", nargs="*", type=kind, metavar="|".join(kinds()))
    listing.add_argument(
        "--format", choices=("table", "json", "markdown"), default="table", help="default: %(default)s"
    )
    add_lang(listing)
    listing.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.reporting.listing import print_requirements, requirements_json, requirements_markdown
    from etalon.reporting.printing import console, tell, tell_json
    from etalon.shipped import contract

    contracts = [contract(kind) for kind in options.kinds or kinds()]
    match options.format:
        case "json":
            tell_json(requirements_json(contracts))
        case "markdown":
            tell(requirements_markdown(contracts, options.lang))
        case _:
            print_requirements(contracts, console(), options.lang)
    return 0
