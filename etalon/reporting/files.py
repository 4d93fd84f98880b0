"""The report files of a run in its output folder, and the refusal to start where it takes none."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING

from etalon.errors import UserError
from etalon.reporting import results
from etalon.reporting.badge import badge_json, badge_svg
from etalon.reporting.html import render_html
from etalon.reporting.junit import render_junit
from etalon.reporting.summary import render_summary

if TYPE_CHECKING:
    from pathlib import Path

    from etalon.reporting.results import RunResult

RESULTS, PAGE, JUNIT, SUMMARY = "results.json", "index.html", "junit.xml", "summary.md"
BADGE, BADGE_ENDPOINT = "badge.svg", "badge.json"


class UnwritableOutputError(UserError):
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
    """Write the reports, each whole or not at all, the results first.

    They are `results.json`, `index.html`, `junit.xml`, `summary.md`, `badge.svg` and `badge.json`.

    Args:
        run: the run, complete or not.
        output: the folder, made where it is missing.
        lang: the language of the reports; the page opens in it.

    Raises:
        UnwritableOutputError: the folder cannot be made or written.
    """
    _write(run, output, lang, shown=run)


def write_begun(run: RunResult, output: Path, lang: str = "en") -> None:
    """Write the reports of a run that has not judged anything yet, in place of those of an earlier one.

    What is left of a run that is killed then says so. The page does without the list of all that was to be
    judged: to write it takes as long as to write the page of a whole run.

    Raises:
        UnwritableOutputError: the folder cannot be made or written.
    """
    _write(run, output, lang, shown=replace(run, targets=()))


def _write(run: RunResult, output: Path, lang: str, *, shown: RunResult) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
        results.write(run, output / RESULTS)
        results.replace_text(output / PAGE, render_html(shown, lang))
        results.replace_text(output / JUNIT, render_junit(run, lang))
        results.replace_text(output / SUMMARY, render_summary(run, lang))
        results.replace_text(output / BADGE, badge_svg(run, lang))
        results.replace_text(output / BADGE_ENDPOINT, badge_json(run, lang))
    except OSError as error:
        raise _unwritable(output, error) from error


def write_text(path: Path, text: str) -> None:
    """Write one file whole or not at all.

    Raises:
        UnwritableOutputError: it cannot be written.
    """
    try:
        results.replace_text(path, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableOutputError(f"The file {path} cannot be written: {reason}.") from error


def _unwritable(output: Path, error: OSError) -> UnwritableOutputError:
    reason = error.strerror or str(error)
    return UnwritableOutputError(f"The output folder {output} cannot be written: {reason}.")
