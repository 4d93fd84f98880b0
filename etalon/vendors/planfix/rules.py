"""What a request to a PlanFix portal does, as the most lenient of portals would read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from etalon.messages import Message
from etalon.portals.side_effects import SideEffects, recovered
from etalon.vendors.planfix.answers import number_of
from etalon.vendors.planfix.side_effects import side_effects_of
from etalon.vendors.vendor import Understood

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.portals.exchange import Request

_READS = re.compile(r"auth\.login|\w+\.get(?:List|Multi|FilterList)?")
_WRITES = frozenset({"task.add", "task.update"})
# A function is an object and a verb; what is called after this project is none of them.
_INVENTED = re.compile(r"\w+\.etalon\w*", re.IGNORECASE)
_DIGITS = re.compile(r"-?\d+")
_NOTHING = Understood(None, frozenset(), SideEffects())


def understood(request: Request) -> Understood:
    """What a request does: log in, read, write to tasks, or call a function that writes to something else."""
    root = recovered(request.body)
    if root is None:
        return _NOTHING  # what no parser makes a document of asks for nothing
    function = root.get("method") or ""
    asked = side_effects_of(root)
    if _READS.fullmatch(function):
        return Understood(_read_by(function, root), _ids_in(root), asked)
    silent = "1" in {node.text for node in root.findall("silent")}
    return Understood(
        reads=None,
        named=frozenset() if function == "task.add" else _ids_in(root),
        beside=asked.tasks,  # a task that gets another one below it is changed by that
        asked=asked,
        writes=True,
        forbidden=_forbidden(function, root),
        tells=None if silent else Message("mail-without-silent"),
        kept=_without_log_in(root),
    )


def _forbidden(function: str, root: Element) -> Message | None:
    if function not in _WRITES and not _INVENTED.fullmatch(function):
        return Message("write-by-function", name=f"{function!r}")
    if root.find(".//general") is not None:
        return Message("write-by-general-number")
    return None


def _read_by(function: str, root: Element) -> int | None:
    one = function == "task.get" and len(root.findall("task")) == 1
    return number_of(root.find("task/id")) if one else None


def _ids_in(root: Element) -> frozenset[int]:
    texts = ["".join(map(str, node.itertext())) for node in root.findall("task/id")]
    return frozenset(int(digits) for text in texts for digits in _DIGITS.findall(text))


def _without_log_in(root: Element) -> str:
    tasks = (etree.tostring(node, encoding="unicode", with_tail=False) for node in root.iterfind("task"))
    return f"<request>{''.join(tasks)}</request>"
