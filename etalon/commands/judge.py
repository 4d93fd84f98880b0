"""`etalon judge`: a recording held against the contracts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from etalon.arguments import add_lang, add_output

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the command line."""
    judging = commands.add_parser(
        "judge",
        help="judge a recording of any client's traffic, sending nothing",
        description="Holds a recording (HAR, of a browser, a proxy or `run --record`) against the contracts.",
    )
    judging.add_argument("recording", metavar="FILE.har")
    add_output(judging)
    judging.add_argument(
        "--dialect",
        default="documented",
        help="what the portals in it speak, where their vendor knows it; default: %(default)s",
    )
    add_lang(judging)
    judging.set_defaults(do=_do)


def _do(options: argparse.Namespace, given: Sequence[str]) -> int:
    from etalon.recordings import judge_recording

    return judge_recording(
        Path(options.recording),
        Path(options.output),
        dialect=options.dialect,
        lang=options.lang,
        command="etalon " + " ".join(given),
    )
