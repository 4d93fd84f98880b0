"""Which tasks are the run's own: those in which a read has shown the run's mark, and no others.

An answer to a creation names an id, and may name anybody's. So an id counts for nothing until a read of that
very id shows the mark, a random word that only this run writes, in a text of the task, and as its author the
user who calls, where the portal tells. Updates may write the mark over. A later read without it takes the
task away again where it shows another author, or another time of making, or, where that is not shown, texts
that the run has not written.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etalon.portals.cards import Card

_DIGITS = 16
_FAR_ABOVE = 1_000_000
"""How far an id lies above all that a portal has named, where nobody has it yet: ids only grow."""


class Ownership:
    """Takes note of what goes over the wire, and tells which tasks may be changed, and which removed.

    Attributes:
        author: the id of the calling user, in small letters; None where it is not known.
    """

    def __init__(self, mark: str, lent: Iterable[int] = ()) -> None:
        """Start with nothing but what is lent.

        Args:
            mark: the word that only this run writes.
            lent: tasks of other people that the config lends to the run.
        """
        self._mark = re.compile(rf"(?<![a-z0-9]){re.escape(mark)}(?![a-z0-9])", re.IGNORECASE)
        self._lent = set(lent)
        self.author: str | None = None
        self._own: dict[int, Card] = {}
        self._texts: set[str] = set()
        self._written: defaultdict[int, set[str]] = defaultdict(set)
        self._unread: set[int] = set()
        self._latest: dict[int, Card] = {}
        self._highest = 0
        self._fresh: set[int] = set()
        self._just_missed: int | None = None

    def owns(self, task: int) -> bool:
        """Whether the latest read that showed a task showed it to be the run's own."""
        return task in self._own

    def lends(self, task: int) -> bool:
        """Whether a task is somebody else's that is lent to the run."""
        return task in self._lent

    def lend(self, task: int) -> None:
        """Take note of a task that was lent to the run which is cleaned up after."""
        self._lent.add(task)

    def described(self, task: int) -> bool:
        """Whether the latest read of a task showed the mark in its description."""
        card = self._latest.get(task)
        return card is not None and self._mark.search(card.description) is not None

    def may_change(self, task: int) -> bool:
        """Whether a task is the run's own or lent, or its id one that a read just now showed to be free."""
        return task in self._own or task in self._lent or task == self._just_missed

    def may_remove(self, task: int) -> bool:
        """Whether a read of that task has shown mark and title of the run's, and nothing was written since.

        A title that somebody else gave it makes it somebody's work.
        """
        card = self._latest.get(task)
        if task not in self._fresh or task not in self._own or card is None:
            return False
        return not card.title or fingerprint(card.title) in self._texts

    def bears_mark(self, card: Card) -> bool:
        """Whether a task shows the run's mark in a text of the run's, and no other author than the caller.

        People may quote the mark, so the whole text counts.
        """
        marked = [text for text in card.texts if self._mark.search(text)]
        return self._authored(card) and any(fingerprint(text) in self._texts for text in marked)

    def recall(self, fingerprints: Iterable[str]) -> None:
        """Take note of the texts that an earlier run wrote, which is cleaned up after."""
        self._texts |= set(fingerprints)

    def fingerprints(self, card: Card) -> frozenset[str]:
        """The fingerprints of those texts of a task that are the run's, or what the portal made of them."""
        return frozenset(self._texts & {fingerprint(text) for text in card.texts})

    @property
    def beyond(self) -> int:
        """The least id that is far above all that the portal has named."""
        return self._highest + _FAR_ABOVE

    def named(self, task: int) -> None:
        """Take note of an id that an answer named: somebody has it, so it is never free to be written to."""
        self._highest = max(self._highest, task)

    def writing(self, tasks: Iterable[int], texts: Iterable[str]) -> None:
        """Take note of a write before it is sent.

        Args:
            tasks: the ids that it names.
            texts: titles and descriptions that it carries.
        """
        self._fresh.clear()
        self._just_missed = None
        written = {fingerprint(text) for text in texts}
        self._texts |= written
        for task in tasks:
            self._written[task] |= written
            self._unread.add(task)

    def read(self, task: int, card: Card | None, *, missing: bool = False) -> None:
        """Take note of a read.

        An id is free where the portal says that no task has it, and it lies far above all that the portal has
        named: what is missing for the caller may be somebody's all the same.

        Args:
            task: the id that was asked for.
            card: what the answer showed.
            missing: whether the answer says that there is no such task.
        """
        self._fresh.discard(task)
        self._just_missed = None
        if card is None and missing:
            self._own.pop(task, None)  # whoever gets its id next is somebody else
            if task >= self.beyond:
                self._just_missed = task
        if card is None or card.task != task:
            return
        if task in self._unread and self._mark.search(" ".join(card.texts)):
            # What the first read after a write shows is what the portal made of the run's own texts.
            self._texts |= {fingerprint(text) for text in card.texts} if task in self._own else set()
        self._unread.discard(task)
        if task in self._lent:
            pass  # what the run writes into it makes it nobody else's
        elif self.bears_mark(card):
            self._own.setdefault(task, card)
            self._fresh.add(task)
        elif not self._goes_on(card):
            self._own.pop(task, None)
        elif self._is_beyond_doubt(card):
            self._fresh.add(task)
        self._latest[task] = card
        self.named(task)

    def removing(self, tasks: Iterable[int]) -> None:
        """Take note of a removal before it is sent: what else was just read stays known by that."""
        self._fresh.difference_update(tasks)
        self._just_missed = None

    def gone(self, task: int) -> None:
        """Take note that a task has been removed: whoever gets its id next is somebody else."""
        self._own.pop(task, None)
        self._written.pop(task, None)

    def _goes_on(self, card: Card) -> bool:
        """Whether a task that shows no mark now is still the one that showed it."""
        first = self._own.get(card.task)
        if first is None or not self._authored(card):
            return False
        if first.created and card.created:
            return first.created == card.created
        texts = {fingerprint(text) for text in card.texts}
        return bool(texts & {*self._written[card.task], *map(fingerprint, first.texts)})

    def _is_beyond_doubt(self, card: Card) -> bool:
        """Whether a task without a mark shows the author, the making and texts of the run alone."""
        first = self._own[card.task]
        made = card.created is not None and card.created == first.created
        texts = {fingerprint(text) for text in card.texts}
        authored = self.author is not None and card.author == self.author
        return made and authored and bool(texts) and texts <= self._texts

    def _authored(self, card: Card) -> bool:
        return None in {self.author, card.author} or card.author == self.author


def fingerprint(text: str) -> str:
    """By what a text is known again: portals trim blanks, change the case of letters or compose them."""
    alike = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    return hashlib.sha256(alike.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
