"""What a run may write to: tasks that a read has shown to be its own, those that are lent to it, no others.

Every request passes here on its way to the wire, and is judged by its own words, not by what the check that
sends it says about it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from etalon.generation.strangers import UNKNOWN_ID
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
    from etalon.portals.config import Target
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
        """Take note of a request that goes out now."""
        root = self._document(request)
        if asked_for(self._target.kind, request, root) is not None:
            return  # what comes of a read is learnt from its answer
        if self._target.kind == "planfix":
            named = set() if root is None else _ids_in(root)
            asked = Asked() if root is None else asked_of_planfix(root)
        else:
            found = _R7_TASK.search(unquote(urlsplit(request.url).path))
            asked = asked_of_r7(request)
            named = {*_id_of(found), *asked.tasks}
        if request.method == "DELETE":
            self.ownership.removing(named)
        elif request.method not in _READS_NOTHING_ELSE:
            self.ownership.writing(named, asked.texts)

    def texts_of(self, request: Request) -> frozenset[str]:
        """The titles and descriptions that a request writes."""
        root = self._document(request)
        if asked_for(self._target.kind, request, root) is not None:
            return frozenset()
        if self._target.kind == "planfix":
            return Asked().texts if root is None else asked_of_planfix(root).texts
        return frozenset() if request.method in _READS_NOTHING_ELSE else asked_of_r7(request).texts

    def lent_among(self, request: Request) -> list[tuple[int, str]]:
        """The tasks that a write names and that are only lent to the run, and what it asks for them.

        Without what it identifies itself by: as a document of its own.
        """
        root = self._document(request)
        if root is None or asked_for(self._target.kind, request, root) is not None:
            return []
        kept = "".join(
            etree.tostring(node, encoding="unicode", with_tail=False) for node in root.iterfind("task")
        )
        document = f"<request>{kept}</request>"
        return [(task, document) for task in sorted(_ids_in(root)) if self.ownership.lends(task)]

    def learn(self, exchange: Exchange) -> Card | None:
        """Take note of what an answer shows: whose a task is that was read, which ids there are.

        Returns:
            What a read showed of a task that was read; None for any other exchange.
        """
        task = asked_for(self._target.kind, exchange.request, self._document(exchange.request))
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

    def _document(self, request: Request) -> Element | None:
        return recovered(request.body) if self._target.kind == "planfix" else None

    def _require_of_r7(self, request: Request) -> None:
        if request.method in _READS_NOTHING_ELSE:
            return
        path = unquote(urlsplit(request.url).path)
        if request.method == "POST" and _R7_LOG_IN.search(path):
            return
        found = _R7_TASK.search(path)
        if found is None:
            raise self._refusal(f"{request.method} {path}, which is about no task")
        asked = asked_of_r7(request)
        if asked.notifies and not self._target.notify:
            raise self._refusal("people's mailboxes, by isNotify; set notify = true where that is welcome")
        named = {*_id_of(found), *asked.tasks}
        self._require_own(named)
        if request.method == "DELETE":
            self._require_just_shown(named)
        self._require_restraint(asked, Asked())

    def _require_of_planfix(self, request: Request) -> None:
        root = recovered(request.body)
        function = "" if root is None else root.get("method") or ""
        if root is None or _PLANFIX_READS.fullmatch(function):
            return  # what no parser makes a document of asks for nothing
        if function not in _PLANFIX_WRITES and not _INVENTED.fullmatch(function):
            raise self._refusal(f"what the function {function!r} changes")
        if not self._target.notify and "1" not in {node.text for node in root.findall("silent")}:
            raise self._refusal("people's mailboxes, without silent; set notify = true where that is welcome")
        if root.find(".//general") is not None:
            raise self._refusal("a task by the number that the account counts, which goes before its id")
        named = set() if function == "task.add" else _ids_in(root)
        self._require_own(named)
        asked = asked_of_planfix(root)
        former = [self._former.get(task, Asked()) for task in named]
        before = former[0] if len(former) == 1 else Asked()
        # A task that gets another one below it is changed by that.
        self._require_own(task for task in asked.tasks - before.tasks if 0 < task < UNKNOWN_ID)
        self._require_restraint(asked, before)

    def _require_own(self, tasks: Iterable[int]) -> None:
        for task in sorted(tasks):
            if not self.ownership.may_change(task):
                raise self._refusal(f"task {task}, which no read has shown to be this run's own")

    def _require_just_shown(self, tasks: Iterable[int]) -> None:
        for task in sorted(tasks):
            if not self.ownership.may_remove(task):
                raise self._refusal(f"task {task}, which no read has just shown to be this run's own")

    def _require_restraint(self, asked: Asked, before: Asked) -> None:
        objection = self._restraint.objection(asked, before)
        if objection is not None:
            raise self._refusal(objection)

    def _refusal(self, what: str) -> ForeignWriteError:
        return ForeignWriteError(f"{self._target.where}: Etalon refused to write to {what}.")


def _id_of(found: re.Match[str] | None) -> set[int]:
    named = _DIGITS.search(found["one"] or "") if found else None
    return {int(named[0])} if named else set()


def _ids_in(root: Element) -> set[int]:
    texts = ["".join(map(str, node.itertext())) for node in root.findall("task/id")]
    return {int(digits) for text in texts for digits in _DIGITS.findall(text)}
