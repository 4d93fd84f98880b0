"""What a run may write to: tasks that a read has shown to be its own, those that are lent to it, no others.

Every request passes here on its way to the wire, and is judged by its own words, not by what the check that
sends it says about it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from etalon.generation.unknown import UNKNOWN_ID
from etalon.messages import Message
from etalon.portals.errors import ForeignWriteError
from etalon.portals.limits import Limits
from etalon.portals.ownership import Ownership
from etalon.portals.side_effects import SideEffects
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from etalon.portals.cards import Card
    from etalon.portals.config import Kind, Target
    from etalon.portals.exchange import Exchange, Request
    from etalon.vendors.vendor import Understood


class Guard:
    """Refuses requests that would change anything which is not the run's own.

    What that is, reads alone decide: see `etalon.portals.ownership`. An id is also free to be written to
    where a read has just shown that no task has it: how a portal answers that is a question of its own.
    """

    def __init__(self, target: Target, mark: str, today: Callable[[], date] | None = None) -> None:
        """Start with nothing made.

        Args:
            target: whose `known.tasks` may be changed where it can create none, whose `known` people may be
                assigned, and whose `notify` says whether they may be told.
            mark: the word that only this run writes into texts of its tasks.
            today: tells the day; by default, that of UTC.
        """
        self._target = target
        self._vendor = vendor_of(target.kind)
        self._limits = Limits(target, today)
        lent = target.known.get("tasks", ()) if self._vendor.lent_without in target.lacks else ()
        self.ownership = Ownership(mark, (int(task) for task in lent))
        self._former: dict[int, SideEffects] = {}

    def permits(self, request: Request) -> bool:
        """Whether a request would pass, for whoever draws more of them than may be sent."""
        try:
            self.check(request)
        except ForeignWriteError:
            return False
        return True

    def knows(self, kind: str, ids: Iterable[int | str]) -> None:
        """Take note of people whom the portal lists, where the config names none: they may be assigned."""
        self._limits.knows(kind, ids)

    def may_put_back(self, task: int, card: bytes) -> None:
        """Take note of what a task was like at first: whatever that was, it may be given back.

        Args:
            task: its id.
            card: the answer that showed it.
        """
        shown = self._vendor.shown_in(card)
        if shown is not None:
            self._former.setdefault(task, shown)

    def check(self, request: Request) -> None:
        """Let a request pass.

        Raises:
            ForeignWriteError: it would change a task that is not the run's own, or something other than a
                task; or remove one that the request before it has not shown to be; or tell or remind people
                although the target does not allow that, assign somebody whom nobody named, or name a day that
                breaks a calendar.
        """
        self._require(request)

    def sending(self, request: Request) -> None:
        """Take note of a request that goes out now; what comes of a read is learnt from its answer."""
        understood = self._understood(request)
        if understood.removes:
            self.ownership.removing(understood.named)
        elif understood.writes:
            self.ownership.writing(understood.named, understood.asked.texts)

    def texts_of(self, request: Request) -> frozenset[str]:
        """The titles and descriptions that a request writes."""
        understood = self._understood(request)
        return understood.asked.texts if understood.writes else frozenset()

    def lent_among(self, request: Request) -> list[tuple[int, str]]:
        """The tasks that a write names and that are only lent to the run, and what it asks for them.

        Without what it identifies itself by: as a document of its own.
        """
        found = self._understood(request)
        if not found.writes or not found.kept:
            return []
        return [(task, found.kept) for task in sorted(found.named) if self.ownership.lends(task)]

    def learn(self, exchange: Exchange) -> Card | None:
        """Take note of what an answer shows: whose a task is that was read, which ids there are.

        Returns:
            What a read showed of a task that was read; None for any other exchange.
        """
        task = self._understood(exchange.request).reads
        card = self._vendor.card(exchange)
        if task is None:
            if card is not None:
                self.ownership.named(card.task)
            return None
        self.ownership.read(task, card, missing=self._vendor.says_missing(exchange))
        mine = self.ownership.may_change(task) and card is not None
        if mine and task not in self._former:
            self.may_put_back(task, exchange.response.body)
        return card if card is not None and card.task == task else None

    def _understood(self, request: Request) -> Understood:
        return _understood(self._target.kind, request)

    def _require(self, request: Request) -> None:
        found = self._understood(request)
        if not found.writes and not found.removes:
            return
        if found.forbidden is not None:
            raise self._refusal(found.forbidden)
        if found.tells is not None and not self._target.notify:
            raise self._refusal(found.tells)
        self._require_own(found.named)
        if found.removes:
            self._require_just_shown(found.named)
        former = [self._former.get(task, SideEffects()) for task in found.named]
        before = former[0] if len(former) == 1 else SideEffects()
        self._require_own(task for task in found.beside - before.tasks if 0 < task < UNKNOWN_ID)
        self._require_limits(found.asked, before)

    def _require_own(self, tasks: Iterable[int]) -> None:
        for task in sorted(tasks):
            if not self.ownership.may_change(task):
                raise self._refusal(Message("task-not-shown-own", id=task))

    def _require_just_shown(self, tasks: Iterable[int]) -> None:
        for task in sorted(tasks):
            if not self.ownership.may_remove(task):
                raise self._refusal(Message("task-not-just-shown-own", id=task))

    def _require_limits(self, asked: SideEffects, before: SideEffects) -> None:
        objection = self._limits.objection(asked, before)
        if objection is not None:
            raise self._refusal(objection)

    def _refusal(self, what: Message) -> ForeignWriteError:
        return ForeignWriteError(Message("write-refused", where=self._target.where, what=what))


@lru_cache(maxsize=4)
def _understood(kind: Kind, request: Request) -> Understood:
    """Several rules look at one request, before it goes out and after it has come back: it is read once."""
    return vendor_of(kind).understood(request)
