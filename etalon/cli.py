"""The command line: the commands, and what becomes of a user's mistake."""

from __future__ import annotations

import argparse
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from etalon import __version__
from etalon.commands import (
    baseline,
    clean,
    derive,
    diff,
    faults,
    judge,
    replay,
    report,
    requirements,
    run,
    serve,
)
from etalon.errors import UserError
from etalon.messages import Message
from etalon.portals.interrupts import Interrupts
from etalon.reporting.streams import lost_answer, steadied

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE_ERROR = 4
_PYTEST_INTERRUPTED = 2  # pytest's own code, for what cuts a collection short as well
_COMMANDS = (run, serve, requirements, derive, report, diff, clean, judge, baseline, replay, faults)


class _Parser(argparse.ArgumentParser):
    """A parser whose usage errors have the exit code that README promises."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit code.
    """
    with steadied():
        return _main(arguments)


def _main(arguments: Sequence[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    interrupts = Interrupts()
    try:
        _refuse_lost_folder()
        with interrupts.heard():
            code: int = options.do(options, given)
        _refuse_lost_answer(options)
    except UserError as error:
        _warn(_said(error, getattr(options, "lang", "en")))
        return USAGE_ERROR
    except KeyboardInterrupt:
        return interrupts.exit_code
    except Exception as error:  # noqa: BLE001 - a traceback is for those who ask for it
        return _mistake(error, options)
    return interrupts.exit_code if interrupts.arrived and code == _PYTEST_INTERRUPTED else code


def _refuse_lost_folder() -> None:
    """Do not begin in a folder that somebody has removed.

    Raises:
        UserError: it is one.
    """
    try:
        Path.cwd()
    except OSError as error:
        raise UserError(Message("working-folder-gone")) from error


def _refuse_lost_answer(options: argparse.Namespace) -> None:
    """Do not end well where standard output has not taken what was asked for.

    Raises:
        UserError: it has not.
    """
    if getattr(options, "output", None) and not getattr(options, "dry_run", False):
        return  # what was asked for is in files
    lost = lost_answer()
    if lost:
        raise UserError(Message("output-unwritable", why=lost.strerror or str(lost)))


def _mistake(error: Exception, options: argparse.Namespace) -> int:
    """Tell of a mistake of Etalon's own, and what to do with it."""
    from etalon.mistakes import EXIT_CODE, summary_of  # noqa: PLC0415 - as below
    from etalon.reporting.printing import warn  # noqa: PLC0415
    from etalon.reporting.words import word  # noqa: PLC0415

    sentence = word("label-mistake", getattr(options, "lang", "en"), summary=summary_of(error))
    warn(sentence)
    if getattr(options, "verbose", False):
        warn("".join(traceback.format_exception(error)), lines=True)
    return EXIT_CODE


def _warn(sentence: str) -> None:
    from etalon.reporting.printing import warn  # noqa: PLC0415 - rich is loaded where it is needed

    warn(sentence, lines=True)


def _said(error: UserError, lang: str) -> str:
    if isinstance(error.words, str):
        return error.words
    from etalon.messages.catalogue import said  # noqa: PLC0415 - the catalogue is read where it is needed

    return said(error.words, lang)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="etalon",
        description="Judges task portals by what their vendors' pages promise.",
        epilog=run.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"etalon {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in _COMMANDS:
        command.add(commands)
    return parser
