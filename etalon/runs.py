"""Runs of Etalon that a run starts: to repeat itself, or to foretell what another would send."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run_apart(arguments: Sequence[str], *, folder: Path | None = None, within: float | None = None) -> int:
    """Do `etalon run` in a process of its own, by the same interpreter and with what this one can import.

    Args:
        arguments: targets and options of the run.
        folder: where it works; else here.
        within: seconds after which it is given up.

    Returns:
        Its exit code.

    Raises:
        subprocess.TimeoutExpired: it took longer.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter, with arguments of our own
        [sys.executable, "-m", "etalon", "run", *arguments, "--no-progress"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=within,
        check=False,
    )
    return done.returncode
