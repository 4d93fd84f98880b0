"""Arguments that several commands take."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from etalon.generation.calendar import Calendar, today
from etalon.portals.config import DEFAULT_CONFIG
from etalon.profiles import PROFILES
from etalon.vendors import kinds

if TYPE_CHECKING:
    from etalon.portals.config import Kind


def kind(text: str) -> Kind:
    """A kind of portal.

    Raises:
        argparse.ArgumentTypeError: there is none of that name.
    """
    if text in kinds():
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is none of: {', '.join(kinds())}")


def count(text: str) -> int:
    """A whole number above 0.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not text.isascii() or not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, found {text!r}")
    return int(text)


def day(text: str) -> date:
    """A day from which the dates of a run can be reckoned.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a date like 2027-03-01, found {text!r}") from error
    if not Calendar.of(found).serves(today()):
        raise argparse.ArgumentTypeError(
            f"dates that are reckoned from {found} would be too near or too far today; "
            "give a day of this year, or leave the option out"
        )
    return found


def add_config(parser: argparse.ArgumentParser) -> None:
    """`--config`: where the targets are described."""
    parser.add_argument("--config", default=str(DEFAULT_CONFIG), metavar="FILE", help="default: %(default)s")


def add_profile(parser: argparse.ArgumentParser) -> None:
    """`--profile`: how thorough a run is."""
    parser.add_argument(
        "--profile", choices=tuple(PROFILES), default="standard", help="how thorough; default: %(default)s"
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    """`--output`: where the reports of a run go."""
    parser.add_argument(
        "--output", default="reports/out", metavar="DIR", help="folder of the reports; default: %(default)s"
    )


def add_lang(parser: argparse.ArgumentParser, what: str = "") -> None:
    """`--lang`: the language of what the command writes."""
    told = f"language of {what}; default: %(default)s" if what else "default: %(default)s"
    parser.add_argument("--lang", choices=("en", "ru"), default="en", help=told)


def results_file(given: str) -> Path:
    """The results file that an argument names, itself or by its folder."""
    path = Path(given)
    return path / "results.json" if path.is_dir() else path
