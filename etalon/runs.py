"""Runs of Etalon that a run starts: to repeat itself, or to foretell what another would send."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

# What an interpreter, a temporary folder, a proxy and the machine's certificates are found by.
_NEEDED = re.compile(
    "PATH|HOME|USER|LOGNAME|TMPDIR|TZ|LANG|LANGUAGE|LC_.*|PYTHON.*|LD_.*|DYLD_.*|SSL_CERT_(FILE|DIR)|"
    "(HTTP|HTTPS|ALL|NO)_PROXY|"
    # Windows
    "USERPROFILE|USERNAME|(LOCAL)?APPDATA|TE?MP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT",
    re.IGNORECASE,
)
_SAFE_PATH = "PYTHONSAFEPATH"


def run_apart(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    within: float | None = None,
    variables: Sequence[str] = (),
    interrupted: Callable[[], None] = lambda: None,
) -> int:
    """Do `etalon run` in a process of its own, by the same interpreter and with what this one can import.

    The folder that the user stands in is nothing to import from, and of the environment it is handed only
    what it needs. Where this process is interrupted, the other is, too, and cleans up after itself first.

    Args:
        arguments: targets and options of the run.
        folder: where it works; else here.
        within: seconds after which it is given up.
        variables: names in the environment that it is handed beside what every run needs.
        interrupted: called before an interrupted run is waited for.

    Returns:
        Its exit code.

    Raises:
        subprocess.TimeoutExpired: it took longer.
        KeyboardInterrupt: this process was interrupted; the other one has ended by then.
    """
    with subprocess.Popen(  # noqa: S603 - our own interpreter, with arguments of our own
        [sys.executable, "-P", "-m", "etalon", "run", "--no-progress", *arguments],
        cwd=folder,
        env=environment(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            return process.wait(within)
        except KeyboardInterrupt:
            interrupted()
            _end(process)
            raise
        except BaseException:
            process.kill()
            raise


def environment(variables: Sequence[str]) -> Mapping[str, str]:
    """What a run of its own is handed of the environment.

    Args:
        variables: names that it needs beside what every run does.
    """
    handed = {
        name: value for name, value in os.environ.items() if _NEEDED.fullmatch(name) or name in variables
    }
    return {**handed, "PYTHONPATH": os.pathsep.join(_importable()), _SAFE_PATH: "1"}


@contextmanager
def importing_nothing_from_here() -> Iterator[None]:
    """Have interpreters that are started within the block leave the working directory out of their path."""
    former = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if former is None:
            os.environ.pop(_SAFE_PATH, None)
        else:
            os.environ[_SAFE_PATH] = former


def _end(process: subprocess.Popen[bytes]) -> None:
    """Have a run clean up and end; interrupted again, leave it no time, as it would itself at a terminal."""
    for _ in range(2):
        process.terminate()
        with suppress(KeyboardInterrupt):
            process.wait()
            return
    process.kill()


def _importable() -> Iterator[str]:
    """Where this process imports from, but for the working directory, unless Etalon itself lies there."""
    here, own = Path.cwd(), Path(__file__).resolve().parent.parent
    for entry in filter(None, sys.path):
        if Path(entry).resolve() != here.resolve() or here.resolve() == own:
            yield entry
