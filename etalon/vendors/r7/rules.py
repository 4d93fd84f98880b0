"""What a request to an R7 portal does, as the most lenient of portals would read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from etalon.messages import Message
from etalon.portals.side_effects import SideEffects
from etalon.vendors.r7.side_effects import side_effects_of
from etalon.vendors.vendor import Understood

if TYPE_CHECKING:
    from etalon.portals.exchange import Request

_READS_NOTHING_ELSE = frozenset({"GET", "HEAD", "OPTIONS"})
_TASK = re.compile(
    r"/crm/task(?:\.\w+)?/?"  # of what lies below it, categories are no tasks
    r"(?P<one>(?<=/)-?\d+(?:\.\w+)?(?:/(?:close|reopen)(?:\.\w+)?)?/?)?$"
)
_READ = re.compile(r"/crm/task(?:\.\w+)?/([0-9]+)(?:\.\w+)?/?$", re.ASCII)
_LOG_IN = re.compile(r"/authentication(?:\.\w+)?$")
_DIGITS = re.compile(r"-?\d+")
_NOTHING = SideEffects()


def understood(request: Request) -> Understood:
    """What a request does: log in, read, write to tasks by path and body, or write to something else."""
    path = unquote(urlsplit(request.url).path)
    if request.method in _READS_NOTHING_ELSE:
        read = _READ.search(path) if request.method == "GET" else None
        return Understood(int(read[1]) if read else None, frozenset(), _NOTHING)
    if request.method == "POST" and _LOG_IN.search(path):
        return Understood(None, frozenset(), _NOTHING)
    found, asked, removes = _TASK.search(path), side_effects_of(request), request.method == "DELETE"
    in_path = _DIGITS.search(found["one"] or "") if found else None
    return Understood(
        reads=None,
        named=asked.tasks | ({int(in_path[0])} if in_path else set()),
        asked=asked,
        removes=removes,
        writes=not removes,
        forbidden=None if found else Message("write-about-no-task", method=request.method, path=path),
        tells=Message("mail-by-isnotify") if asked.notifies else None,
    )
