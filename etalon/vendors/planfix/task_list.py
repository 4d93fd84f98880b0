"""The list of a PlanFix portal's tasks, of which the newest are looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.errors import UnusableAnswerError
from etalon.vendors.planfix.answers import accepted, answer_of, error_code, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.connection import Connection
    from etalon.vendors.planfix.requests import Content

_TEXTS = ("title", "description")
_LISTED_AT_ONCE = 100


def newest_cards(portal: Connection) -> Iterator[Element]:
    """The cards of the list's first page and its last ones: the newest, whichever way it is sorted.

    Raises:
        UnusableAnswerError: the answer is no list.
    """
    first, count = _page(portal, 1)
    yield from first
    last = -(-count // _LISTED_AT_ONCE)
    for number in range(max(2, last - 1), last + 1):
        yield from _page(portal, number)[0]


def marked(portal: Connection) -> Iterator[int]:
    """The ids of the newest tasks that have the run's mark."""
    for card in newest_cards(portal):
        task = number_of(card.find("id"))
        if task is not None and any(portal.transport.mark in text_of(card.find(name)) for name in _TEXTS):
            yield task


def _page(portal: Connection, number: int) -> tuple[Sequence[Element], int]:
    """The cards of a page of all tasks, and how many tasks there are."""
    listed: dict[str, Content] = {"target": "all", "pageCurrent": number, "pageSize": _LISTED_AT_ONCE}
    exchange = portal.call("task.getList", listed, cleaning=True)
    tasks = answer_of(exchange).root.find("tasks") if accepted(exchange) else None
    if tasks is None:
        code = error_code(exchange) or Message("no-code")
        raise UnusableAnswerError(Message("lists-no-tasks", where=portal.target.where, code=code))
    total = tasks.get("totalCount", "")
    return tasks.findall("task"), int(total) if total.isascii() and total.isdigit() else 0
