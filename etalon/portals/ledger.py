"""The journal on disk: what a run is about to make on a portal, and what it has made.

A line is on the disk before the request that it is about is sent. So whatever becomes of the run, `etalon
clean` finds out what it left. The journal holds ids, titles and the cards of tasks that were lent to the run;
no secret goes into it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from typing import IO, TYPE_CHECKING, Any

from etalon.portals.config import CAPABILITIES, ConfigError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from etalon.portals.config import Target

FOLDER = ".etalon"
"""Name of the folder of the journals, beside the config file."""
_FORMAT = "etalon-journal/1"
_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_TITLE_IN_JSON = re.compile(rb'"title"\s*:\s*("(?:[^"\\]|\\.)*")', re.IGNORECASE)
_TITLE_IN_XML = re.compile(rb"<title>([^<]*)</title>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A creation that was sent, whose answer is not known.

    Attributes:
        number: its place among the creations of the run, from 1.
        title: the title that it asked for; None where the request shows none.
        above: the newest id that the run knew when it was sent.
    """

    number: int
    title: str | None
    above: int


@dataclass(frozen=True, slots=True)
class Remains:
    """What a journal says is still on the portal.

    Attributes:
        run: the id of the run.
        tasks: tasks that the run made and has not removed, in the order of their making.
        attempts: creations whose answer never came.
        lent: tasks of the config that were changed and not put back → the answer that showed them first.
    """

    run: str
    target: str
    url: str
    tasks: tuple[int, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    lent: Mapping[int, str] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to clean up."""
        return not (self.tasks or self.attempts or self.lent)


class Ledger:
    """The journal of one run against one target, locked for as long as the run lives."""

    def __init__(self, path: Path, run: str, stream: IO[str]) -> None:
        """Take an open, locked file over; `open_ledger` makes one."""
        self.path = path
        self.run = run
        self._stream = stream
        self._creations = 0
        self._open: list[int] = []
        self._newest = 0

    def creating(self, body: bytes) -> None:
        """Note a creation before it is sent."""
        self._creations += 1
        self._open.append(self._creations)
        self._write(creating=self._creations, title=title_of(body), above=self._newest)

    def answered(self) -> None:
        """Note that all creations sent so far were answered, and their tasks noted."""
        if self._open:
            self._write(answered=self._open)
            self._open = []

    def settled(self, attempt: Attempt) -> None:
        """Note that it is known what became of a creation whose answer never came."""
        self._write(answered=[attempt.number])

    def made(self, task: int) -> None:
        """Note a task that the portal has created."""
        self._newest = max(self._newest, task)
        self._write(made=task)

    def gone(self, task: int) -> None:
        """Note that a task is on the portal no more."""
        self._write(gone=task)

    def lent(self, task: int, card: str) -> None:
        """Note a task of the config before its first change, with the answer that shows it."""
        self._write(lent=task, card=card)

    def returned(self, task: int) -> None:
        """Note that a lent task is as it was."""
        self._write(returned=task)

    def close(self) -> None:
        """End the journal; one that says that nothing is left is removed."""
        self._stream.close()
        with suppress(OSError):
            if read(self.path).nothing:
                self.path.unlink()

    def _write(self, **entry: object) -> None:
        self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._stream.flush()
        os.fsync(self._stream.fileno())


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
    except OSError as error:
        raise ConfigError(
            f"{path}: the journal of what a run makes on {target.name} cannot be written "
            f"({error.strerror or error}), so nothing is made there."
        ) from error
    ledger = Ledger(path, run, stream)
    ledger._write(  # noqa: SLF001 - its own first line
        format=_FORMAT, run=run, target=target.name, url=target.url, started=datetime.now(UTC).isoformat()
    )
    return ledger


def new_run_id() -> str:
    """An id that no other run has: six letters and digits that a portal's search takes for one word."""
    return "".join(secrets.choice("bcdfghjkmnpqrstvwxz23456789") for _ in range(6))


def left_by_dead_runs(folder: Path, target: Target) -> Iterator[tuple[Ledger, Remains]]:
    """The journals of runs against a target that ended before they had cleaned up, each locked.

    Journals of runs that still go on are left out, and so are those of another portal under the same name.
    """
    for path in sorted(folder.glob(f"{_file_name(target.name)}-*.jsonl")):
        try:
            stream = path.open("a", encoding="utf-8")
        except OSError:
            continue
        try:
            _lock(stream)
            remains = read(path)
        except (OSError, ValueError):
            stream.close()
            continue
        try:
            if remains.target == target.name and remains.url == target.url:
                yield Ledger(path, remains.run, stream), remains
        finally:
            stream.close()


def left_something(folder: Path, target: Target) -> bool:
    """Whether a run that is over has left tasks that a later one could remove."""
    if "task.delete" not in CAPABILITIES[target.kind] - target.lacks:
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


def read(path: Path) -> Remains:
    """What a journal says is left; a last line that was cut off by the run's death is overlooked.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no journal.
    """
    entries = list(_entries(path.read_text(encoding="utf-8")))
    if not entries or entries[0].get("format") != _FORMAT:
        raise ValueError(f"{path} is no journal of Etalon")
    tasks: dict[int, None] = {}
    attempts: dict[int, Attempt] = {}
    lent: dict[int, str] = {}
    for entry in entries[1:]:
        match entry:
            case {"creating": int(number)}:
                attempts[number] = Attempt(number, entry.get("title"), int(entry.get("above", 0)))
            case {"answered": list(numbers)}:
                for number in numbers:
                    attempts.pop(number, None)
            case {"made": int(task)}:
                tasks[task] = None
            case {"gone": int(task)}:
                tasks.pop(task, None)
            case {"lent": int(task), "card": str(card)}:
                lent.setdefault(task, card)
            case {"returned": int(task)}:
                lent.pop(task, None)
            case _:
                continue
    head = entries[0]
    return Remains(head["run"], head["target"], head["url"], tuple(tasks), tuple(attempts.values()), lent)


def title_of(body: bytes) -> str | None:
    """The title that a creation asks for, in JSON or XML; None where it shows none."""
    in_json = _TITLE_IN_JSON.search(body)
    if in_json:
        with suppress(ValueError):
            return str(json.loads(in_json[1]))
    in_xml = _TITLE_IN_XML.search(body)
    return unescape(in_xml[1].decode(errors="replace")) if in_xml else None


def _entries(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                yield entry


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
