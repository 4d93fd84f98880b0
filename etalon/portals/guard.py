"""What a run may write to: the tasks that it has made, those that the config lends it, and nothing else.

Every request passes here on its way to the wire, and is judged by its own words, not by what the check that
sends it says about it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from etalon.generation.strangers import UNKNOWN_ID
from etalon.portals import strict_json
from etalon.portals.asking import Asked, asked_of_planfix, asked_of_r7, recovered
from etalon.portals.errors import ForeignWriteError
from etalon.portals.restraint import Restraint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from lxml.etree import _Element as Element

    from etalon.portals.config import Target
    from etalon.portals.exchange import Exchange, Request

_READS_NOTHING_ELSE = frozenset({"GET", "HEAD", "OPTIONS"})
_R7_TASK = re.compile(
    r"/crm/task(?:\.\w+)?/?"  # of what lies below it, categories are no tasks
    r"(?P<one>(?<=/)-?\d+(?:\.\w+)?(?:/(?:close|reopen)(?:\.\w+)?)?/?)?$"
)
_R7_LOG_IN = re.compile(r"/authentication(?:\.\w+)?$")
_DIGITS = re.compile(r"-?\d+")
_NOT_FOUND = frozenset({404, 410})
_PLANFIX_READS = re.compile(r"auth\.login|\w+\.get(?:List|Multi|FilterList)?")
_PLANFIX_WRITES = frozenset({"task.add", "task.update"})
# A function of PlanFix is an object and a verb; what is called after this project is none of them.
_INVENTED = re.compile(r"\w+\.etalon\w*", re.IGNORECASE)
_NO_SUCH_TASK = b"<code>3001</code>"
_SUCCESS = 2
_ID = re.compile(rb'"id"|<id>', re.IGNORECASE)
_FAR_ABOVE = 1_000_000


class Guard:
    """Refuses requests that would change anything which is not the run's own.

    An id is also free to be written to where a read has just shown that no task has it: how a portal answers
    that is a question of its own.
    """

    def __init__(self, target: Target, today: Callable[[], date] | None = None) -> None:
        """Start with nothing made.

        Args:
            target: whose `known.tasks` may be changed where it lacks task.add, whose `known` people may be
                assigned, and whose `notify` says whether they may be told.
            today: tells the day; by default, that of UTC.
        """
        self._target = target
        self._require: Callable[[Request], None] = (
            self._require_of_r7 if target.kind == "r7" else self._require_of_planfix
        )
        self._restraint = Restraint(target, today)
        lent = target.known.get("tasks", ()) if "task.add" in target.lacks else ()
        self._own = {int(task) for task in lent}
        self._vacant: set[int] = set()
        self._former: dict[int, Asked] = {}

    def owns(self, task: int) -> None:
        """Take note of a task that the run has made, or that an earlier run has."""
        self._own.add(task)

    def disowns(self, task: int) -> None:
        """Take note that a task which was taken for the run's own is somebody else's."""
        self._own.discard(task)

    def may_write_to(self, task: int) -> bool:
        """Whether a task is the run's own, or an id that no task has."""
        return task in self._own or task in self._vacant or task <= 0

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
                task; or tell or remind people although the target does not allow that, assign somebody whom
                nobody named, or name a day that breaks a calendar.
        """
        self._require(request)

    def learn(self, exchange: Exchange) -> None:
        """Take note of whether a read found a task under its id.

        Portals differ in how they say that there is none. Where an id lies far above all that this run was
        given, it is enough that no task is shown: ids of tasks only grow.
        """
        task = exchange.subject
        reads = exchange.operation == "task.get" or exchange.request.method == "GET"
        if task is None or not reads:
            return
        missing, shown = self._found(exchange)
        if missing or (not shown and task >= max(self._own, default=0) + _FAR_ABOVE):
            self._vacant.add(task)
        else:
            self._vacant.discard(task)
            if self._target.kind == "planfix" and task in self._own and task not in self._former:
                self.may_put_back(task, exchange.response.body)

    def _found(self, exchange: Exchange) -> tuple[bool, bool]:
        """Whether a read says that there is no such task, and whether it shows one."""
        body = exchange.response.body
        if self._target.kind == "planfix":
            root = recovered(body)
            return _NO_SUCH_TASK in body, root is not None and root.find("task/id") is not None
        status = _r7_status(exchange)
        return status in _NOT_FOUND, status // 100 == _SUCCESS and _ID.search(body) is not None

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
        named = _DIGITS.search(found["one"] or "")
        self._require_own({*([int(named[0])] if named else []), *asked.tasks})
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
        self._require_own(task for task in asked.tasks - before.tasks if task < UNKNOWN_ID)
        self._require_restraint(asked, before)

    def _require_own(self, tasks: Iterable[int]) -> None:
        for task in sorted(tasks):
            if not self.may_write_to(task):
                raise self._refusal(f"task {task}, which this run has not made")

    def _require_restraint(self, asked: Asked, before: Asked) -> None:
        objection = self._restraint.objection(asked, before)
        if objection is not None:
            raise self._refusal(objection)

    def _refusal(self, what: str) -> ForeignWriteError:
        return ForeignWriteError(f"{self._target.where}: Etalon refused to write to {what}.")


def _r7_status(exchange: Exchange) -> int:
    """The status of an answer; that of its envelope where HTTP says that all is well."""
    if exchange.response.ok:
        told = (strict_json.parse_object(exchange.response.body) or {}).get("statusCode")
        if isinstance(told, int):
            return told
    return exchange.response.status


def _ids_in(root: Element) -> set[int]:
    texts = ["".join(map(str, node.itertext())) for node in root.findall("task/id")]
    return {int(digits) for text in texts for digits in _DIGITS.findall(text)}
