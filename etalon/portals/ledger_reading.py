"""What a journal on disk tells: what its run left on the portal."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from etalon.portals.ownership import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FORMAT = "etalon-journal/1"
"""What the first line of a journal calls itself."""
_RUN = re.compile(r"[b-df-hj-np-tv-xz2-9]{6,8}")


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
    known = head.get("format") == FORMAT and isinstance(run, str) and _RUN.fullmatch(run)
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
                attempts[number] = Attempt(number, _text(entry.get("title")))
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


def _entries(text: str) -> Iterator[dict[str, Any]]:
    for line in text.split("\n"):  # no other break: a card may hold those that Unicode knows
        with suppress(ValueError, RecursionError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                yield entry
