"""The report files of a run in its output folder, and single files that commands are given a name for."""

from __future__ import annotations

import errno
import os
import tempfile
from typing import TYPE_CHECKING

from msgspec.structs import replace

from etalon.messages import Message
from etalon.reporting import results
from etalon.reporting.badge import badge_json, badge_svg
from etalon.reporting.folder import UnwritableOutputError, unwritable
from etalon.reporting.html import render_html
from etalon.reporting.junit import render_junit
from etalon.reporting.summary import render_summary

if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from pathlib import Path

    from etalon.reporting.results import RunResult

RESULTS, PAGE, JUNIT, SUMMARY = "results.json", "index.html", "junit.xml", "summary.md"
# Characters within which a file shows of what kind it is.
_ENOUGH = 1 << 20
BADGE, BADGE_ENDPOINT = "badge.svg", "badge.json"


def ensure_own_file(path: Path, own: re.Pattern[str]) -> None:
    """Prove that a file can be written, and is nobody else's, before anything is spent on what goes into it.

    Args:
        path: the file; its folder is made where it is missing.
        own: what is found in every file of the kind that Etalon writes.

    Raises:
        UnwritableOutputError: it cannot be written, or has another's content.
    """
    try:
        if path.is_file():
            _refuse_another(path, own)
        elif path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.is_file():  # a device or a pipe is written as it is
            with tempfile.TemporaryFile(dir=path.resolve().parent):
                pass
    except OSError as error:
        raise _unwritable_file(path, error) from error


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
        mistakes: list[Exception] = []
        renderers: tuple[tuple[str, Callable[[], str]], ...] = (
            (PAGE, lambda: render_html(shown, lang)),
            (JUNIT, lambda: render_junit(run, lang)),
            (SUMMARY, lambda: render_summary(run, lang)),
            (BADGE, lambda: badge_svg(run, lang)),
            (BADGE_ENDPOINT, lambda: badge_json(run, lang)),
        )
        for name, text in renderers:
            try:
                results.replace_text(output / name, text())
            except OSError:
                raise
            except Exception as error:  # noqa: BLE001 - a mistake in one report costs none of the others
                mistakes.append(error)
    except OSError as error:
        raise unwritable(output, error) from error
    if mistakes:
        raise mistakes[0]


def write_text(path: Path, text: str) -> None:
    """Write one file whole or not at all; where a link leads to it, the link stays.

    Raises:
        UnwritableOutputError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        else:
            results.replace_text(path.resolve(), text)
    except OSError as error:
        raise _unwritable_file(path, error) from error


def _refuse_another(path: Path, own: re.Pattern[str]) -> None:
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(_ENOUGH)
    if text.strip() and not own.search(text):
        raise UnwritableOutputError(Message("file-of-others", path=str(path)))


def _unwritable_file(path: Path, error: OSError) -> UnwritableOutputError:
    return UnwritableOutputError(Message("file-unwritable", path=str(path), why=error.strerror or str(error)))
