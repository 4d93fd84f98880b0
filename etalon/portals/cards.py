"""What one answer says about whose a task is: its id, its texts, who made it, and when.

Read strictly, unlike what a judge reads: an answer that could be understood in two ways shows nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from etalon.portals import strict_json
from etalon.vendors.planfix.answers import NotAnAnswerError, error_code, legible_answer, number_of, text_of
from etalon.vendors.r7.answers import task_id, task_shown

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.portals.config import Kind
    from etalon.portals.exchange import Exchange, Request

_R7_READ = re.compile(r"/crm/task(?:\.\w+)?/([0-9]+)(?:\.\w+)?/?$", re.ASCII)
_TEXTS = ("title", "description")
# There is no such object, or the id is no value that an object could have (PlanFix error codes page). What
# tells of missing access (3002, 3008) or of a change that goes on (3014) is about a task that is there.
_NO_SUCH_TASK = frozenset({"3001", "0015"})
_SAY_NOTHING = frozenset({401, 402, 403, 407, 408, 423, 425, 429, 451})
_ID = re.compile(rb'"id"\s*:|<id>', re.IGNORECASE)
_SECONDS = len("2031-01-02T03:04:05")


@dataclass(frozen=True, slots=True)
class Card:
    """A task as one answer shows it.

    Attributes:
        task: its id.
        title: empty where none is shown.
        description: empty where none is shown.
        author: the id of whoever made it, in small letters; None where that is not shown.
        created: when it was made, to the second and in the portal's own spelling; None where not shown.
    """

    task: int
    title: str = ""
    description: str = ""
    author: str | None = None
    created: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that are shown."""
        return tuple(text for text in (self.title, self.description) if text)


def asked_for(kind: Kind, request: Request, root: Element | None) -> int | None:
    """The id of the one task that a request only reads; None where it does anything else.

    Args:
        kind: of the portal.
        request: as it goes over the wire.
        root: the document that it carries, where there is one.
    """
    if kind == "r7":
        found = _R7_READ.search(unquote(urlsplit(request.url).path))
        return int(found[1]) if request.method == "GET" and found else None
    if root is None or root.get("method") != "task.get":
        return None
    return number_of(root.find("task/id")) if len(root.findall("task")) == 1 else None


def says_missing(kind: Kind, exchange: Exchange) -> bool:
    """Whether an answer says that there is no such task.

    Portals differ in how they say so. A refusal to show it, a failure of the portal, an answer that names an
    id say nothing of the kind; nor does what stands before a portal, with a page or a plain text.
    """
    response = exchange.response
    if kind == "planfix":
        return error_code(exchange) in _NO_SUCH_TASK and not _ID.search(response.body)
    if response.status in _SAY_NOTHING or response.status // 100 not in {2, 4} or _ID.search(response.body):
        return False
    is_the_apis = strict_json.parse_object(response.body) is not None or response.media_type.endswith("xml")
    return is_the_apis or not response.body.strip()


def card_of(kind: Kind, exchange: Exchange) -> Card | None:
    """The task that an answer shows; None where it shows none, or leaves in doubt which."""
    return _r7(exchange) if kind == "r7" else _planfix(exchange)


def _r7(exchange: Exchange) -> Card | None:
    shown = task_shown(exchange) if exchange.response.ok else None
    found = task_id(exchange)
    if shown is None or found is None:
        return None
    author = shown.get("createBy")
    author = author.get("id") if isinstance(author, Mapping) else author
    created = shown.get("created")
    title, description = (str(shown.get(name) or "") for name in _TEXTS)
    return Card(
        found,
        title,
        description,
        author.strip().lower() if isinstance(author, str) and author.strip() else None,
        created[:_SECONDS] if isinstance(created, str) and created else None,
    )


def _planfix(exchange: Exchange) -> Card | None:
    try:
        answer = legible_answer(exchange)
    except NotAnAnswerError:
        return None
    tasks = answer.root.findall("task")
    found = number_of(tasks[0].find("id")) if answer.ok and len(tasks) == 1 else None
    if found is None or len(tasks[0].findall("id")) != 1:
        return None
    title, description = (text_of(tasks[0].find(name)) for name in _TEXTS)
    created = text_of(tasks[0].find("beginDateTime")).strip()
    return Card(found, title, description, created=created or None)
