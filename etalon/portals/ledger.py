"""The journals in a folder: a run begins its own there, and finds those that other runs left.

The file of a journal is locked for as long as its run lives.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from contextlib import closing, suppress
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from etalon.messages import Message
from etalon.portals.config import ConfigError
from etalon.portals.ledger_reading import read
from etalon.portals.ledger_writing import Ledger
from etalon.vendors import vendor_of

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from etalon.portals.config import Target
    from etalon.portals.ledger_reading import Remains

FOLDER = ".etalon"
"""Name of the folder of the journals, beside the config file."""
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def open_ledger(folder: Path, target: Target) -> Ledger:
    """Begin the journal of a run.

    Args:
        folder: of the journals; made where it is not there.
        target: the portal that the run will write to.

    Raises:
        ConfigError: the folder or the file cannot be written.
    """
    run = new_run_id()
    path = folder / f"{_file_name(target.name)}-{run}.jsonl"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignored = folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
        stream = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8")
        _lock(stream)
        ledger = Ledger(path, run, stream)
        ledger.begin(target)
    except OSError as error:
        raise ConfigError(
            Message(
                "journal-cannot-begin",
                where=str(path),
                name=target.name,
                why=error.strerror or str(error),
            )
        ) from error
    return ledger


def new_run_id() -> str:
    """An id that no other run has: eight letters and digits that a portal's search takes for one word."""
    return "".join(secrets.choice("bcdfghjkmnpqrstvwxz23456789") for _ in range(8))


def left_by_dead_runs(
    folder: Path, target: Target, unreadable: Callable[[Path], None] = lambda _: None
) -> Iterator[tuple[Ledger, Remains]]:
    """The journals of runs against a target that ended before they had cleaned up, each locked.

    Journals of runs that still go on are left out, and so are those of another portal under the same name.

    Args:
        folder: of the journals.
        target: the portal.
        unreadable: is told of files that are no journals of this program.
    """
    for path in sorted(folder.glob(f"{_file_name(target.name)}-*.jsonl")):
        try:
            stream = path.open("a", encoding="utf-8")
        except OSError:
            continue
        with closing(stream):
            try:
                _lock(stream)
            except OSError:
                continue  # its run goes on
            try:
                remains = read(path)
                ours = remains.target == target.name and _portal(remains.url) == _portal(target.url)
            except (OSError, ValueError):
                unreadable(path)
                continue
            if ours:
                yield Ledger(path, remains.run, stream), remains


def lent_elsewhere(folder: Path, target: Target, own: Path) -> Mapping[int, str]:
    """The tasks that other runs have changed and not put back, be they over or not → the run's id."""
    found: dict[int, str] = {}
    for path in sorted(folder.glob(f"{_file_name(target.name)}-*.jsonl")):
        with suppress(OSError, ValueError):
            remains = read(path)
            if path != own and _portal(remains.url) == _portal(target.url):
                found |= dict.fromkeys(remains.lent, remains.run)
    return found


def left_something(folder: Path, target: Target) -> bool:
    """Whether a run that is over has left tasks that a later one could remove."""
    if "task.delete" not in vendor_of(target.kind).capabilities - target.lacks:
        return False  # there they are listed by the run that made them
    return any(not remains.nothing for _, remains in left_by_dead_runs(folder, target))


def alive(folder: Path, target: Target) -> int:
    """How many runs against a target go on at this moment on this machine."""
    count = 0
    for path in folder.glob(f"{_file_name(target.name)}-*.jsonl"):
        with suppress(OSError), path.open("a", encoding="utf-8") as stream:
            try:
                _lock(stream)
            except OSError:
                count += 1
    return count


def _portal(url: str) -> tuple[str, str, int | None, str]:
    """What of an URL says which portal it is: neither a default port nor a slash at its end does."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    port = parts.port or {"http": 80, "https": 443}.get(scheme)
    return scheme, (parts.hostname or "").lower(), port, parts.path.rstrip("/")


def _file_name(target: str) -> str:
    return _NAME.sub("_", target) or "_"


def _lock(stream: IO[str]) -> None:
    """Lock a file for this process; the lock ends with the process, however that ends.

    Raises:
        OSError: another process has it.
    """
    if sys.platform == "win32":
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
