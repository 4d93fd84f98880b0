"""Mistakes of Etalon itself: what is said of one, and the exit code that tells of it."""

from __future__ import annotations

import traceback
from pathlib import Path

EXIT_CODE = 3
_OTHER_VERDICTS = frozenset({0, 6})


def summary_of(error: BaseException) -> str:
    """An exception in one line, with the place in Etalon that it came from."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if {"etalon", "suites"} & set(_parts(frame))
    ]
    place = f", {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    # Not cut: half a secret is none that a redactor knows.
    return f"{type(error).__name__}: {' '.join(str(error).splitlines())}{place}"


def exit_code(judged: int, *, any_mistake: bool) -> int:
    """The exit code of a run; a deviation that stands outweighs a mistake, as it does an open verdict."""
    return EXIT_CODE if any_mistake and judged in _OTHER_VERDICTS else judged


def _parts(frame: traceback.FrameSummary) -> tuple[str, ...]:
    return Path(frame.filename).parts
