"""The report files of a run in its output folder, and the refusal to start where it takes none."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from etalon.reporting import results
from etalon.reporting.html import render_html
from etalon.reporting.junit import render_junit

if TYPE_CHECKING:
    from pathlib import Path

    from etalon.reporting.results import RunResult

RESULTS, PAGE, JUNIT = "results.json", "index.html", "junit.xml"


class UnwritableOutputError(Exception):
    """The output folder does not take the reports; the message is for the user."""


def ensure_writable(output: Path) -> None:
    """Make the output folder, and prove that it takes a file, before the first request is spent.

    Raises:
        UnwritableOutputError: it does not.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output):
            pass
    except OSError as error:
        raise _unwritable(output, error) from error


def write_all(run: RunResult, output: Path, lang: str = "en") -> None:
    """Write `results.json`, `index.html` and `junit.xml`, each whole or not at all, the results first.

    Args:
        run: the run, complete or not.
        output: the folder, made where it is missing.
        lang: the language that the page opens in.

    Raises:
        UnwritableOutputError: the folder cannot be made or written.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        results.write(run, output / RESULTS)
        results.replace_text(output / PAGE, render_html(run, lang))
        results.replace_text(output / JUNIT, render_junit(run))
    except OSError as error:
        raise _unwritable(output, error) from error


def _unwritable(output: Path, error: OSError) -> UnwritableOutputError:
    reason = error.strerror or str(error)
    return UnwritableOutputError(f"The output folder {output} cannot be written: {reason}.")
