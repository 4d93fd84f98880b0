"""The list of an R7 portal's tasks, of which the newest are looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etalon.messages import Message
from etalon.portals.errors import UnusableAnswerError
from etalon.vendors.r7.answers import listed_tasks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.connection import Connection

_NEWEST = "/crm/task/filter?sortBy=id&sortOrder=descending&count=100"


def newest_titled(portal: Connection, title: str) -> Iterator[int]:
    """The tasks of the caller that have a title, among the newest; a read has to show whose each is."""
    for item in _tasks_of(portal, portal.call("filterTasks", "GET", _NEWEST)):
        if item.get("title") != title:
            continue
        author, task = item.get("createBy"), item.get("id")
        made_by = str(author.get("id", "")).lower() if isinstance(author, dict) else ""
        if made_by == (portal.caller or made_by) and isinstance(task, int):
            yield task


def newest_marked(portal: Connection, *, cleaning: bool = False) -> Exchange:
    """`GET task/filter`: the newest of the tasks that have the run's mark in title or description."""
    path = f"{_NEWEST}&filterValue={portal.transport.mark}"
    return portal.call("filterTasks", "GET", path, cleaning=cleaning)


def marked(portal: Connection) -> Sequence[int]:
    """The ids of the newest tasks that have the run's mark.

    Raises:
        UnusableAnswerError: the portal lists none.
    """
    exchange = newest_marked(portal, cleaning=True)
    _tasks_of(portal, exchange)
    return marked_in(exchange, portal.transport.mark)


def marked_in(listing: Exchange, mark: str) -> Sequence[int]:
    """The ids of a list's tasks that bear a mark."""
    found = []
    for item in listed_tasks(listing) or ():
        task = item.get("id")
        if isinstance(task, int) and mark in str(item):
            found.append(task)
    return found


def _tasks_of(portal: Connection, exchange: Exchange) -> Sequence[Mapping[str, Any]]:
    """The tasks of a list.

    Raises:
        UnusableAnswerError: the answer is no list.
    """
    items = listed_tasks(exchange)
    if items is None:
        raise UnusableAnswerError(
            Message("lists-no-tasks-http", where=portal.target.where, status=exchange.response.status)
        )
    return items
