"""The lines of a journal: what a run is about to make on a portal, and what it has made.

A line is on the disk before the request that it is about is sent. So whatever becomes of the run, `etalon
clean` finds out what it left. The journal holds ids, titles and the cards of tasks that were lent to the run;
no secret goes into it.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.errors import UnwrittenError
from etalon.portals.ledger_reading import FORMAT, read
from etalon.portals.side_effects import recovered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from etalon.portals.cards import Card
    from etalon.portals.config import Target
    from etalon.portals.ledger_reading import Attempt

_TITLE_IN_JSON = re.compile(rb'"title"\s*:\s*("(?:[^"\\]|\\.)*")', re.IGNORECASE)


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

    def begin(self, target: Target) -> None:
        """Write the first line, which says whose journal it is.

        Raises:
            OSError: it cannot be written.
        """
        self._put(
            format=FORMAT,
            run=self.run,
            target=target.name,
            url=target.url,
            started=datetime.now(UTC).isoformat(),
        )

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
