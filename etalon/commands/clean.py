"""`etalon clean`: what earlier runs left behind, removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import add_config

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    cleaning = commands.add_parser(
        "clean",
        help="remove what earlier runs left behind",
        description="Removes, or lists where the portal cannot delete, what runs left that were killed.",
    )
    cleaning.add_argument("target", metavar="TARGET", help="a target of the config file")
    add_config(cleaning)
    cleaning.set_defaults(do=_do)


def _do(options: argparse.Namespace, _given: Sequence[str]) -> int:
    from etalon.cleaning import clean_command

    return clean_command(options.target, Path(options.config))
