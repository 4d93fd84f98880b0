"""What a run may write to: the tasks that it has made, those that the config lends it, and nothing else.

Every request passes here on its way to the wire, and is judged by its own words, not by what the check that
sends it says about it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from etalon.portals import strict_json
from etalon.portals.errors import ForeignWriteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from etalon.portals.config import Target
    from etalon.portals.exchange import Exchange, Request

_READS_NOTHING_ELSE = frozenset({"GET", "HEAD", "OPTIONS"})
_R7_TASK = re.compile(r"/crm/task(?:\.\w+)?(?:/(?P<rest>.*))?$")
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

    def __init__(self, target: Target) -> None:
        """Start with nothing made.

        Args:
            target: whose `known.tasks` may be changed where it lacks task.add, and whose `notify` says
                whether people may be told.
        """
        self._target = target
        self._subjects: Callable[[Request], Iterable[int]] = (
            self._r7_subjects if target.kind == "r7" else self._planfix_subjects
        )
        lent = target.known.get("tasks", ()) if "task.add" in target.lacks else ()
        self._own = {int(task) for task in lent}
        self._vacant: set[int] = set()

    def owns(self, task: int) -> None:
        """Take note of a task that the run has made, or that an earlier run has."""
        self._own.add(task)

    def disowns(self, task: int) -> None:
        """Take note that a task which was taken for the run's own is somebody else's."""
        self._own.discard(task)

    def may_write_to(self, task: int) -> bool:
        """Whether a task is the run's own, or an id that no task has."""
        return task in self._own or task in self._vacant or task <= 0

    def check(self, request: Request) -> None:
        """Let a request pass.

        Raises:
            ForeignWriteError: it would change a task that is not the run's own, or something other than a
                task, or tell people although the target does not allow that.
        """
        for task in self._subjects(request):
            if not self.may_write_to(task):
                raise self._refusal(f"task {task}, which this run has not made")

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

    def _found(self, exchange: Exchange) -> tuple[bool, bool]:
        """Whether a read says that there is no such task, and whether it shows one."""
        body = exchange.response.body
        if self._target.kind == "planfix":
            root = _recovered(body)
            return _NO_SUCH_TASK in body, root is not None and root.find("task/id") is not None
        status = _r7_status(exchange)
        return status in _NOT_FOUND, status // 100 == _SUCCESS and _ID.search(body) is not None

    def _r7_subjects(self, request: Request) -> Iterable[int]:
        if request.method in _READS_NOTHING_ELSE:
            return ()
        path = unquote(urlsplit(request.url).path)
        if request.method == "POST" and _R7_LOG_IN.search(path):
            return ()
        found = _R7_TASK.search(path)
        if found is None:
            raise self._refusal(f"{request.method} {path}, which is about no task")
        if not self._target.notify and _asks_to_notify(request.body):
            raise self._refusal("people's mailboxes, by isNotify; set notify = true where that is welcome")
        return [int(digits) for digits in _DIGITS.findall(found["rest"] or "")]

    def _planfix_subjects(self, request: Request) -> Iterable[int]:
        root = _recovered(request.body)
        function = "" if root is None else root.get("method") or ""
        if root is None or _PLANFIX_READS.fullmatch(function):
            return ()  # what no parser makes a document of asks for nothing
        if function not in _PLANFIX_WRITES and not _INVENTED.fullmatch(function):
            raise self._refusal(f"what the function {function!r} changes")
        if not self._target.notify and "1" not in {node.text for node in root.findall("silent")}:
            raise self._refusal("people's mailboxes, without silent; set notify = true where that is welcome")
        if function == "task.add":
            return ()
        texts = ["".join(map(str, node.itertext())) for node in root.findall("task/id")]
        return [int(digits) for text in texts for digits in _DIGITS.findall(text)]

    def _refusal(self, what: str) -> ForeignWriteError:
        return ForeignWriteError(f"{self._target.where}: Etalon refused to write to {what}.")


def _r7_status(exchange: Exchange) -> int:
    """The status of an answer; that of its envelope where HTTP says that all is well."""
    if exchange.response.ok:
        told = (strict_json.parse_object(exchange.response.body) or {}).get("statusCode")
        if isinstance(told, int):
            return told
    return exchange.response.status


def _asks_to_notify(body: bytes) -> bool:
    """Whether a body of JSON has isNotify in a form that any portal takes for true."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(document, dict):
        return False
    asked = [value for name, value in document.items() if str(name).lower() == "isnotify"]
    return any(value is True or str(value).strip().lower() in {"true", "1"} for value in asked)


def _recovered(body: bytes) -> etree._Element | None:
    """The document that a lenient portal could make of a body; None where there is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
