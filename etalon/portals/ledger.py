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
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from etalon.messages import Message
from etalon.portals.config import ConfigError
from etalon.portals.errors import UnwrittenError
from etalon.portals.ownership import fingerprint
from etalon.portals.side_effects import recovered
from etalon.vendors import vendor_of

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from etalon.portals.cards import Card
    from etalon.portals.config import Target

FOLDER = ".etalon"
"""Name of the folder of the journals, beside the config file."""
_FORMAT = "etalon-journal/1"
_RUN = re.compile(r"[b-df-hj-np-tv-xz2-9]{6,8}")
_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_TITLE_IN_JSON = re.compile(rb'"title"\s*:\s*("(?:[^"\\]|\\.)*")', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A creation that was sent, whose answer is not known.

    Attributes:
        number: its place among the creations of the run, from 1.
        title: the title that it asked for; None where the request shows none.
    """

    number: int
    title: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the first read that showed a task to be the run's own told about where it comes from.

    Attributes:
        author: the id of whoever made it; None where that was not shown.
        created: when, to the second; None where that was not shown.
    """

    author: str | None = None
    created: str | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    """A task of the config that was changed and not put back.

    Attributes:
        first: the answer that showed it before the first change; empty where it held a secret, which no
            journal keeps: then it cannot be put back.
        since: what was sent to it, and what reads showed of it, in their order: each either the body of an
            update or an answer.
    """

    first: str
    since: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remains:
    """What a journal says is still on the portal.

    Attributes:
        run: the id of the run, and the mark in the texts of its tasks.
        tasks: ids that creations were answered with, of tasks not removed, in the order of the answers → what
            a read showed; None where none showed that the task is the run's own.
        attempts: creations whose answer never came.
        texts: fingerprints of titles and descriptions that the run wrote, and of what became of them.
        lent: tasks of the config that were changed and not put back.
    """

    run: str
    target: str
    url: str
    tasks: Mapping[int, Shown | None] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    texts: frozenset[str] = frozenset()
    lent: Mapping[int, Loan] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to clean up."""
        return not (self.tasks or self.attempts or self.lent)


class Ledger:
    """The journal of one run against one target, locked for as long as the run lives.

    Attributes:
        run: the run's id.
        clean: takes secrets out of a line; a portal may echo one in a card.
        broken: why a line could not be written, as on a disk that is full; None where all could. Only what
            would make more work for a clean-up is refused then: the clean-up itself goes on.
    """

    def __init__(self, path: Path, run: str, stream: IO[str]) -> None:
        """Take an open, locked file over; `open_ledger` makes one."""
        self.clean: Callable[[str], str] = str
        self.path = path
        self.run = run
        self.broken: OSError | None = None
        self._stream = stream
        self._creations = 0
        self._open: list[int] = []
        self._texts: set[str] = set()
        self._shown: set[int] = set()

    def creating(self, body: bytes) -> None:
        """Note a creation before it is sent.

        Raises:
            UnwrittenError: it cannot be noted, so it must not be sent.
        """
        title = title_of(body)
        try:
            self._put(creating=self._creations + 1, title=title)
        except OSError as error:
            self.broken = error
            raise UnwrittenError(
                Message(
                    "journal-unwritable",
                    where=str(self.path),
                    why=error.strerror or str(error),
                )
            ) from error
        self._creations += 1
        self._open.append(self._creations)

    def answered(self) -> None:
        """Note that all creations sent so far were answered, and the ids of their tasks noted."""
        if self._open:
            self._write(answered=self._open)
            self._open = []

    def settled(self, attempt: Attempt) -> None:
        """Note that it is known what became of a creation whose answer never came."""
        self._write(answered=[attempt.number])

    def made(self, task: int) -> None:
        """Note an id that a creation was answered with."""
        self._write(made=task)

    def unanswered(self) -> None:
        """Note that what was sent got no answer: whether it made a task stays open."""
        self._open = []

    def wrote(self, fingerprints: Iterable[str]) -> None:
        """Note texts of the run's, so that people's own edits can be told from them."""
        new = [one for one in fingerprints if one not in self._texts]
        if new:
            self._texts.update(new)
            self._write(texts=new)

    def shown(self, card: Card) -> None:
        """Note what a read shows of a task of the run's own."""
        if card.task not in self._shown:
            self._shown.add(card.task)
            self._write(shown=card.task, author=card.author, created=card.created)

    def gone(self, task: int) -> None:
        """Note that a task is on the portal no more."""
        self._write(gone=task)

    def lent(self, task: int, card: str) -> None:
        """Note a task of the config before its first change, with the answer that shows it."""
        self._write(lent=task, card=card, whole=self.clean(card) == card)

    def on_loan(self, task: int, document: str) -> None:
        """Note an update of a lent task before it is sent, or a read of it after it has come."""
        self._write(loan=task, document=document)

    def returned(self, task: int) -> None:
        """Note that a lent task is as it was."""
        self._write(returned=task)

    def close(self) -> None:
        """End the journal; one that says that nothing is left is removed."""
        with suppress(OSError):
            self._stream.close()
        with suppress(OSError, ValueError):
            if self.broken is None and read(self.path).nothing:
                self.path.unlink()

    def _write(self, **entry: object) -> None:
        """Write a line that nothing waits for: without it, a later clean-up asks the portal once more."""
        try:
            self._put(**entry)
        except OSError as error:
            self.broken = error

    def _put(self, **entry: object) -> None:
        line = json.dumps(entry, ensure_ascii=False).encode(errors="backslashreplace").decode()
        self._stream.write(self.clean(line) + "\n")
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
        ledger = Ledger(path, run, stream)
        ledger._put(  # noqa: SLF001 - its own first line
            format=_FORMAT, run=run, target=target.name, url=target.url, started=datetime.now(UTC).isoformat()
        )
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


def read(path: Path) -> Remains:
    """What a journal says is left; a last line that was cut off by the run's death is overlooked.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no journal.
    """
    # What was cut off may end within a letter.
    entries = list(_entries(path.read_text(encoding="utf-8", errors="replace")))
    head = entries[0] if entries else {}
    run, target, url = head.get("run"), head.get("target"), head.get("url")
    known = head.get("format") == _FORMAT and isinstance(run, str) and _RUN.fullmatch(run)
    if not known or not isinstance(target, str) or not isinstance(url, str):
        raise ValueError(f"{path} is no journal of Etalon")
    return Remains(
        str(run), target, url, _tasks(entries), _attempts(entries), _texts(entries), _loans(entries)
    )


def _texts(entries: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    found: set[str] = set()
    for entry in entries:
        texts = entry.get("texts")
        found.update(one for one in (texts if isinstance(texts, list) else ()) if isinstance(one, str))
        if isinstance(entry.get("title"), str):
            found.add(fingerprint(entry["title"]))
    return frozenset(found)


def _tasks(entries: Sequence[Mapping[str, Any]]) -> Mapping[int, Shown | None]:
    tasks: dict[int, Shown | None] = {}
    for entry in entries:
        match entry:
            case {"made": int(task)}:
                tasks.setdefault(task, None)
            case {"shown": int(task)}:
                author, created = (_text(entry.get(name)) for name in ("author", "created"))
                tasks[task] = Shown(author, created)
            case {"gone": int(task)}:
                tasks.pop(task, None)
            case _:
                continue
    return tasks


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _attempts(entries: Sequence[Mapping[str, Any]]) -> tuple[Attempt, ...]:
    attempts: dict[int, Attempt] = {}
    for entry in entries:
        match entry:
            case {"creating": int(number)}:
                title = entry.get("title")
                attempts[number] = Attempt(number, title if isinstance(title, str) else None)
            case {"answered": list(numbers)}:
                for number in numbers:
                    attempts.pop(number if isinstance(number, int) else 0, None)
            case _:
                continue
    return tuple(attempts.values())


def _loans(entries: Sequence[Mapping[str, Any]]) -> Mapping[int, Loan]:
    loans: dict[int, Loan] = {}
    for entry in entries:
        match entry:
            case {"lent": int(task), "card": str(card)}:
                loans.setdefault(task, Loan(card if entry.get("whole", True) else ""))
            case {"loan": int(task), "document": str(document)} if task in loans:
                loans[task] = replace(loans[task], since=(*loans[task].since, document))
            case {"returned": int(task)}:
                loans.pop(task, None)
            case _:
                continue
    return loans


def title_of(body: bytes) -> str | None:
    """The title that a creation or an update asks for, in JSON or XML; None where it shows none.

    Any form of XML counts: other encodings, CDATA, references.
    """
    in_json = _TITLE_IN_JSON.search(body)
    if in_json:
        with suppress(ValueError):
            return str(json.loads(in_json[1]))
    root = recovered(body)
    titles = [] if root is None else list(root.iter("{*}title"))
    return "".join(map(str, titles[0].itertext())) if titles else None


def _entries(text: str) -> Iterator[dict[str, Any]]:
    for line in text.split("\n"):  # no other break: a card may hold those that Unicode knows
        with suppress(ValueError, RecursionError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                yield entry


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
