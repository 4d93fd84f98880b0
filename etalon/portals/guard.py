"""What a run may write to: tasks that a read has shown to be its own, those that are lent to it, no others.

Every request passes here on its way to the wire, and is judged by its own words, not by what the check that
sends it says about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from etalon.generation.strangers import UNKNOWN_ID
from etalon.messages import Message
from etalon.portals.asking import Asked, asked_of_planfix, asked_of_r7, recovered
from etalon.portals.cards import asked_for, card_of, says_missing
from etalon.portals.errors import ForeignWriteError
from etalon.portals.ownership import Ownership
from etalon.portals.restraint import Restraint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from lxml.etree import _Element as Element

    from etalon.portals.cards import Card
    from etalon.portals.config import Kind, Target
    from etalon.portals.exchange import Exchange, Request

_READS_NOTHING_ELSE = frozenset({"GET", "HEAD", "OPTIONS"})
_R7_TASK = re.compile(
    r"/crm/task(?:\.\w+)?/?"  # of what lies below it, categories are no tasks
    r"(?P<one>(?<=/)-?\d+(?:\.\w+)?(?:/(?:close|reopen)(?:\.\w+)?)?/?)?$"
)
_R7_LOG_IN = re.compile(r"/authentication(?:\.\w+)?$")
_DIGITS = re.compile(r"-?\d+")
_PLANFIX_READS = re.compile(r"auth\.login|\w+\.get(?:List|Multi|FilterList)?")
_PLANFIX_WRITES = frozenset({"task.add", "task.update"})
# A function of PlanFix is an object and a verb; what is called after this project is none of them.
_INVENTED = re.compile(r"\w+\.etalon\w*", re.IGNORECASE)


class Guard:
    """Refuses requests that would change anything which is not the run's own.

    What that is, reads alone decide: see `etalon.portals.ownership`. An id is also free to be written to
    where a read has just shown that no task has it: how a portal answers that is a question of its own.
    """

    def __init__(self, target: Target, mark: str, today: Callable[[], date] | None = None) -> None:
        """Start with nothing made.

        Args:
            target: whose `known.tasks` may be changed where it lacks task.add, whose `known` people may be
                assigned, and whose `notify` says whether they may be told.
            mark: the word that only this run writes into texts of its tasks.
            today: tells the day; by default, that of UTC.
        """
        self._target = target
        self._require: Callable[[Request], None] = (
            self._require_of_r7 if target.kind == "r7" else self._require_of_planfix
        )
        self._restraint = Restraint(target, today)
        lent = target.known.get("tasks", ()) if "task.add" in target.lacks else ()
        self.ownership = Ownership(mark, (int(task) for task in lent))
        self._former: dict[int, Asked] = {}

    def permits(self, request: Request) -> bool:
        """Whether a request would pass, for whoever draws more of them than may be sent."""
        try:
            self.check(request)
        except ForeignWriteError:
            return False
        return True

    def knows(self, kind: str, ids: Iterable[int | str]) -> None:
        """Take note of people whom the portal lists, where the config names none: they may be assigned."""
        self._restraint.knows(kind, ids)

    def may_put_back(self, task: int, card: bytes) -> None:
        """Take note of what a task was like at first: whatever that was, it may be given back.

        Args:
            task: its id.
            card: the answer that showed it.
        """
        root = recovered(card)
        if root is not None:
            self._former.setdefault(task, asked_of_planfix(root))

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
        understood = _understood(self._target.kind, request)
        if understood.removes:
            self.ownership.removing(understood.named)
        elif understood.writes:
            self.ownership.writing(understood.named, understood.asked.texts)

    def texts_of(self, request: Request) -> frozenset[str]:
        """The titles and descriptions that a request writes."""
        understood = _understood(self._target.kind, request)
        return understood.asked.texts if understood.writes else frozenset()

    def lent_among(self, request: Request) -> list[tuple[int, str]]:
        """The tasks that a write names and that are only lent to the run, and what it asks for them.

        Without what it identifies itself by: as a document of its own.
        """
        understood = _understood(self._target.kind, request)
        lent = [task for task in sorted(understood.named) if self.ownership.lends(task)]
        if not understood.writes or not lent or understood.document is None:
            return []
        kept = "".join(
            etree.tostring(node, encoding="unicode", with_tail=False)
            for node in understood.document.iterfind("task")
        )
        return [(task, f"<request>{kept}</request>") for task in lent]

    def learn(self, exchange: Exchange) -> Card | None:
        """Take note of what an answer shows: whose a task is that was read, which ids there are.

        Returns:
            What a read showed of a task that was read; None for any other exchange.
        """
        task = _understood(self._target.kind, exchange.request).reads
        card = card_of(self._target.kind, exchange)
        if task is None:
            if card is not None:
                self.ownership.named(card.task)
            return None
        self.ownership.read(task, card, missing=says_missing(self._target.kind, exchange))
        mine = self.ownership.may_change(task) and card is not None
        if self._target.kind == "planfix" and mine and task not in self._former:
            self.may_put_back(task, exchange.response.body)
        return card if card is not None and card.task == task else None

    def _require_of_r7(self, request: Request) -> None:
        if request.method in _READS_NOTHING_ELSE:
            return
        path = unquote(urlsplit(request.url).path)
        if request.method == "POST" and _R7_LOG_IN.search(path):
            return
        found = _R7_TASK.search(path)
        if found is None:
            raise self._refusal(Message("write-about-no-task", method=request.method, path=path))
        understood = _understood("r7", request)
        asked, named = understood.asked, understood.named
        if asked.notifies and not self._target.notify:
            raise self._refusal(Message("mail-by-isnotify"))
        self._require_own(named)
        if understood.removes:
            self._require_just_shown(named)
        self._require_restraint(asked, Asked())

    def _require_of_planfix(self, request: Request) -> None:
        understood = _understood("planfix", request)
        root = understood.document
        function = "" if root is None else root.get("method") or ""
        if root is None or _PLANFIX_READS.fullmatch(function):
            return  # what no parser makes a document of asks for nothing
        if function not in _PLANFIX_WRITES and not _INVENTED.fullmatch(function):
            raise self._refusal(Message("write-by-function", name=f"{function!r}"))
        if not self._target.notify and "1" not in {node.text for node in root.findall("silent")}:
            raise self._refusal(Message("mail-without-silent"))
        if root.find(".//general") is not None:
            raise self._refusal(Message("write-by-general-number"))
        named = frozenset[int]() if function == "task.add" else understood.named
        self._require_own(named)
        asked = understood.asked
        former = [self._former.get(task, Asked()) for task in named]
        before = former[0] if len(former) == 1 else Asked()
        # A task that gets another one below it is changed by that.
        self._require_own(task for task in asked.tasks - before.tasks if 0 < task < UNKNOWN_ID)
        self._require_restraint(asked, before)

    def _require_own(self, tasks: Iterable[int]) -> None:
        for task in sorted(tasks):
            if not self.ownership.may_change(task):
                raise self._refusal(Message("task-not-shown-own", id=task))

    def _require_just_shown(self, tasks: Iterable[int]) -> None:
        for task in sorted(tasks):
            if not self.ownership.may_remove(task):
                raise self._refusal(Message("task-not-just-shown-own", id=task))

    def _require_restraint(self, asked: Asked, before: Asked) -> None:
        objection = self._restraint.objection(asked, before)
        if objection is not None:
            raise self._refusal(objection)

    def _refusal(self, what: Message) -> ForeignWriteError:
        return ForeignWriteError(Message("write-refused", where=self._target.where, what=what))


@dataclass(frozen=True, slots=True)
class _Understood:
    """A request as the most lenient of portals would read it.

    Attributes:
        reads: the id of the one task that it only reads; None where it does anything else.
        named: ids of tasks that it names as those that it is about.
        asked: what else it asks for.
        removes: whether it removes them.
        writes: whether it may change anything, without removing it.
        document: the XML that it carries, for a portal that takes nothing else.
    """

    reads: int | None
    named: frozenset[int]
    asked: Asked
    removes: bool
    writes: bool
    document: Element | None


@lru_cache(maxsize=4)
def _understood(kind: Kind, request: Request) -> _Understood:
    """Several rules look at one request, before it goes out and after it has come back: it is read once."""
    document = recovered(request.body) if kind == "planfix" else None
    reads = asked_for(kind, request, document)
    if kind == "planfix":
        named = frozenset() if document is None else frozenset(_ids_in(document))
        asked = Asked() if document is None else asked_of_planfix(document)
        return _Understood(reads, named, asked, removes=False, writes=reads is None, document=document)
    if request.method in _READS_NOTHING_ELSE:
        return _Understood(reads, frozenset(), Asked(), removes=False, writes=False, document=None)
    found = _R7_TASK.search(unquote(urlsplit(request.url).path))
    in_path = _DIGITS.search(found["one"] or "") if found else None
    asked = asked_of_r7(request)
    named = asked.tasks | ({int(in_path[0])} if in_path else set())
    removes = request.method == "DELETE"
    return _Understood(reads, named, asked, removes=removes, writes=not removes, document=None)


def _ids_in(root: Element) -> set[int]:
    texts = ["".join(map(str, node.itertext())) for node in root.findall("task/id")]
    return {int(digits) for text in texts for digits in _DIGITS.findall(text)}
