"""Whether a portal is still there, when an answer looks as if it were not.

A portal that has gone away answers by what stands before it: a gateway's 502 to 504, a maintenance page, an
empty 200, a redirect to a status page; or it answers 500 to everything. One that answers a single request
badly does so, too. They are told apart by asking once more for what the portal has shown before: whoever is
asked for that and answers as badly is gone.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.errors import RequestsExhaustedError, UnreachableError
from etalon.portals.exchange import header
from etalon.vendors import vendors

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.messages import Words
    from etalon.portals.exchange import Request, Response

    Call = tuple[str, Request, int | None]
    """What is asked for, the request as it goes out, and the id of the task that it is about."""

_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429
_REDIRECTS = 3
_NO_CONTENT = frozenset({204, 205, 304})
_SHUT_OUT = frozenset({401, 403})
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PAGE = re.compile(rb"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
# What begins an object, a list or a text of JSON, or a document of XML; and JSON's other values.
_STRUCTURED = re.compile(rb"(\xef\xbb\xbf)?\s*([{\[<\"]|(true|false|null|-?[0-9.eE+-]+)\s*\Z)")
_LOOKED_AT = 4096
# A task may be what cannot be read any more, so that one read of a task does not speak for the portal.
_MOST_READS = 3
# A sloppy portal answers so to everything that it should refuse.
_MOST_LOOKS = 300
_WAITS = (0.0, 0.5, 1.0, 2.0, 4.0)
# A portal of this machine that is restarted is back sooner than one behind a gateway.
_WAITS_HERE = (0.0, 0.25, 0.5, 0.75, 1.0)
_PATIENCE = 10.0


class State(enum.Enum):
    """What a look at a portal has shown."""

    THERE = enum.auto()
    BACK = enum.auto()
    """It was away at first."""
    GONE = enum.auto()
    UNKNOWN = enum.auto()
    """There is nothing to ask for, or no request left to ask with."""


class Liveness:
    """Knows reads that a portal has answered, and asks for them again where there is reason to doubt.

    The number of looks is bounded, and so is the time that each may take.
    """

    def __init__(
        self, *, sleep: Callable[[float], None], clock: Callable[[], float], here: bool = False
    ) -> None:
        """Know nothing yet.

        Args:
            sleep: waits for a number of seconds.
            clock: tells seconds that only grow.
            here: whether the portal is one of this machine.
        """
        self._waits = _WAITS_HERE if here else _WAITS
        self._sleep = sleep
        self._clock = clock
        self._reads: dict[object, Call] = {}
        self._looks = 0

    def learn(self, call: Call, response: Response) -> None:
        """Remember a read that was answered; those that are about no task speak best for a portal."""
        operation, request, subject = call
        if not is_read(operation) or not response.ok or self.doubt(request, response):
            return
        key = operation if subject is None else subject
        if key in self._reads or (subject is not None and len(self._reads) >= _MOST_READS):
            return
        self._reads[key] = call
        in_order = sorted(self._reads.items(), key=lambda one: one[1][2] is not None)
        self._reads = dict(in_order[:_MOST_READS])

    def doubt(self, request: Request, response: Response) -> Words:
        """What an answer was, in words, where it looks as if the portal were not there; else nothing."""
        status, start = response.status, response.body[:_LOOKED_AT]
        if status == _TOO_MANY_REQUESTS or status in _NO_CONTENT:
            return ""  # it is there, and asks to be asked less, or has nothing to say
        shown: Words = ""
        if status >= _SERVER_ERROR or status // 100 == _REDIRECTS:
            shown = f"{status}"
        elif status in _SHUT_OUT:
            shown = f"{status}" if self._is_let_in_with(request) else ""
        elif not start.strip():
            shown = Message("status-and-nothing", status=status)
        elif response.media_type in _PAGES or _PAGE.match(start):
            shown = Message("status-and-page", status=status)
        elif not _STRUCTURED.match(start):
            shown = Message("status-and-plain-text", status=status)
        return shown

    def look(self, ask: Callable[[Call], Response]) -> State:
        """Ask for what has been shown before, for some seconds where it does not come at once.

        Args:
            ask: sends a request and brings the answer; may raise UnreachableError or RequestsExhaustedError.
        """
        if not self._reads or self._looks >= _MOST_LOOKS:
            return State.UNKNOWN
        self._looks += 1
        until = self._clock() + _PATIENCE
        silent: Call | None = None
        try:
            for wait in self._waits:
                self._sleep(wait)
                for call in self._reads.values():
                    if self._clock() > until:
                        return State.GONE
                    if self._answers(call, ask):
                        # What did not answer a moment ago, and does now, was away: it is not that one task.
                        was_away = wait > 0 or (silent is not None and self._answers(silent, ask))
                        return State.BACK if was_away else State.THERE
                    silent = silent or call
        except RequestsExhaustedError:
            return State.UNKNOWN
        return State.GONE

    def _answers(self, call: Call, ask: Callable[[Call], Response]) -> bool:
        try:
            return not self.doubt(call[1], ask(call))
        except UnreachableError:
            return False

    def _is_let_in_with(self, request: Request) -> bool:
        """Whether the portal has shown something to the credentials of a request: a check may send others."""
        shown = header(request.headers, "authorization")
        return any(header(read.headers, "authorization") == shown for _, read, _ in self._reads.values())


def may_be_repeated(operation: str) -> bool:
    """Whether an operation comes to the same when it is carried out twice: a read, and an update (a PUT).

    A creation makes another task, and what is removed twice is answered otherwise.
    """
    return is_read(operation) or any(operation == one.updates for one in vendors().values())


def is_read(operation: str) -> bool:
    """Whether an operation, in the vendor's terms, changes nothing."""
    return operation.startswith(("get", "list", "filter")) or ".get" in operation
