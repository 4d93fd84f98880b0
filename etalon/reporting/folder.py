"""The output folder: only one that is Etalon's own is written into, and by one command at a time.

A folder is Etalon's own where it is new or empty, where the marker lies in it, or where everything in it is
what Etalon writes: folders of reports that were made before there was a marker, or that lost it on the way,
as hidden files do in artefacts of CI jobs.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import sys
import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from etalon import __version__
from etalon.errors import UserError
from etalon.messages import Message

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MARKER = ".etalon-output"
ALLURE = "allure-results"
_REPORTS = frozenset({"index.html", "junit.xml", "summary.md", "badge.svg", "badge.json"})
# Files that say in their first words that Etalon has written them.
_TELLING = {
    "results.json": re.compile(r'\s*\{\s*"format"\s*:\s*"etalon-results/'),
    "kill-matrix.json": re.compile(r'\s*\{\s*"etalon"\s*:'),
}
_OTHERS = frozenset({"kill-matrix.html", "kill-matrix.md"})
_ALLURE_FILE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}-(?:result|container|attachment)(?:\.\w{1,8})?(?:\.tmp)?"
)
# What a process leaves that is killed while it writes a file.
_DRAFT = re.compile(r"\.etalon-[0-9a-f]{16}\.part")
# What version control, file managers and file systems put into folders that are empty to the eye.
_NOTHING = frozenset(
    {".gitkeep", ".keep", ".gitignore", ".DS_Store", "Thumbs.db", "desktop.ini", "lost+found"}
)
_HEAD = 4096
_HELD_BY = re.compile(
    r"^held by process (?P<pid>\d{1,20}) on (?P<host>.{1,100}) since (?P<when>.{1,60})$", re.MULTILINE
)
# Far behind the text: where a locked byte cannot be read, the text still can.
_LOCKED_BYTE = 1 << 20
_TAKEN = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})
_SHOWN = 3


class UnwritableOutputError(UserError):
    """What a command should write to does not take it; the message is for the user."""


class ForeignOutputError(UnwritableOutputError):
    """The output folder holds what is not Etalon's; nothing of it was touched."""


class BusyOutputError(UnwritableOutputError):
    """Another command writes into the output folder at this moment."""


def draft_name() -> str:
    """A name that no other file has, for what is written before it takes the place of a file."""
    return f".etalon-{secrets.token_hex(8)}.part"


def refuse_foreign(output: Path) -> None:
    """Look whether Etalon may write into a folder; nothing is changed by that.

    Raises:
        ForeignOutputError: it holds what is not Etalon's.
        UnwritableOutputError: it is no folder, or cannot be looked into.
    """
    try:
        if not output.exists() and not output.is_symlink():
            return
        entries = sorted(output.iterdir())
        marker = output / MARKER
        if marker.is_file() and not marker.is_symlink():
            return
        foreign = [entry.name for entry in entries if not _is_own(entry)]
        if not foreign and not _has_results(output):
            foreign = [entry.name for entry in entries if not _is_nothing(entry)]
    except OSError as error:
        raise unwritable(output, error) from error
    if foreign:
        raise _foreign(output, foreign)


@contextmanager
def claimed(output: Path) -> Iterator[None]:
    """Have an output folder for oneself, made and marked; it ends with the process, however that ends.

    Raises:
        ForeignOutputError: it holds what is not Etalon's.
        BusyOutputError: another command writes into it.
        UnwritableOutputError: it takes no file.
    """
    refuse_foreign(output)
    try:
        output.mkdir(parents=True, exist_ok=True)
        stream = (output / MARKER).open("a+", encoding="utf-8", errors="replace")
    except OSError as error:
        raise unwritable(output, error) from error
    with stream:
        if not _lock(stream):
            stream.seek(0)
            held = _HELD_BY.search(stream.read(_HEAD))
            holder = Message("process-since", **held.groupdict()) if held else Message("unknown-holder")
            raise BusyOutputError(Message("folder-taken", path=str(output), who=holder))
        try:
            _say_who(stream)
            with tempfile.TemporaryFile(dir=output):
                pass
        except OSError as error:
            raise unwritable(output, error) from error
        yield


def emptied_of_allure(output: Path) -> Path:
    """The folder of Allure's results in an output folder, without those of an earlier run.

    What Allure does not write stays, and so does what a link leads to.

    Raises:
        UnwritableOutputError: it cannot be emptied.
    """
    folder = output / ALLURE
    if folder.is_symlink():
        raise _foreign(output, [ALLURE])
    try:
        for entry in folder.iterdir() if folder.is_dir() else ():
            if _is_allure(entry.name) and not entry.is_dir():
                entry.unlink()
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(output, error) from error
    return folder


def unwritable(output: Path, error: OSError) -> UnwritableOutputError:
    """What to say where an output folder does not take the reports."""
    reason = error.strerror or str(error)
    return UnwritableOutputError(Message("folder-unwritable", path=str(output), why=reason))


def _foreign(output: Path, names: Sequence[str]) -> ForeignOutputError:
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return ForeignOutputError(Message("folder-of-others", path=str(output), names=shown))


def _is_own(entry: Path) -> bool:
    if _is_nothing(entry):
        return True
    if entry.is_symlink():
        return False
    if entry.name == ALLURE:
        return entry.is_dir() and all(_is_allure(one.name) for one in entry.iterdir())
    known = entry.name.removesuffix(".part") in {*_REPORTS, *_TELLING, *_OTHERS}
    return entry.is_file() and (known or bool(_DRAFT.fullmatch(entry.name)))


def _is_allure(name: str) -> bool:
    return bool(_ALLURE_FILE.fullmatch(name) or _DRAFT.fullmatch(name))


def _is_nothing(entry: Path) -> bool:
    if entry.name == ALLURE and not entry.is_symlink() and entry.is_dir():
        return not any(entry.iterdir())
    return entry.name in _NOTHING


def _has_results(output: Path) -> bool:
    """Whether a file says that Etalon has written it."""
    for name, begins in _TELLING.items():
        with suppress(OSError), (output / name).open(encoding="utf-8", errors="replace") as file:
            if begins.match(file.read(_HEAD)):
                return True
    return False


def _say_who(stream: IO[str]) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    stream.truncate(0)
    stream.write(
        f"Etalon {__version__} writes its reports into this folder, and replaces those that are there.\n"
        f"held by process {os.getpid()} on {socket.gethostname()} since {since}\n"
    )
    stream.flush()


def _lock(stream: IO[str]) -> bool:
    """Whether a file could be locked for this process; the lock ends with the process."""
    try:
        if sys.platform == "win32":
            stream.seek(_LOCKED_BYTE)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some file systems know no locks; there, nobody can tell whether another run is at work.
        return error.errno not in _TAKEN
    return True
