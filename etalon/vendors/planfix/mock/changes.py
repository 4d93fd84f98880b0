"""What a `task` element of task.update or task.add asks for, read and checked for form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from etalon.vendors.planfix.mock.dates import read_moment
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.periodicity import read_periodicity
from etalon.vendors.planfix.mock.state import IMPORTANCES, STATUSES
from etalon.vendors.planfix.mock.wire import child, number_of, text_of, to_number, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.dates import Moment
    from etalon.vendors.planfix.mock.periodicity import Periodicity

MEMBERS: Final = (
    "title",
    "description",
    "importance",
    "status",
    "checkResult",
    "owner",
    "parent",
    "project",
    "client",
    "startTime",
    "endTime",
    "workers",
    "periodicity",
)
"""The members of a task.update, in the order of its page."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The members that a request gives; `None`, or an empty list, where it gives none.

    Attributes:
        created: the creation time that only task.add may set.
        add_users: users who become workers; likewise the other three lists.
        unset_periodicity: whether `periodicity` carries `unset`, whose value does not matter.
    """

    title: str | None = None
    description: str | None = None
    importance: str | None = None
    status: int | None = None
    check_result: bool | None = None
    owner: int | None = None
    parent: int | None = None
    project: int | None = None
    client: int | None = None
    created: Moment | None = None
    start: Moment | None = None
    end: Moment | None = None
    add_users: tuple[int, ...] = ()
    add_groups: tuple[int, ...] = ()
    del_users: tuple[int, ...] = ()
    del_groups: tuple[int, ...] = ()
    periodicity: Periodicity | None = None
    unset_periodicity: bool = False


def read_changes(task: Element, *, lists: tuple[str, str]) -> Changes:
    """Reads a `task` element; what it does not know, it overlooks.

    An empty `title` or `description` is a text like any other. Any other empty element counts as absent, but
    for `periodicity`, whose error 3007 covers the case that no kind is given.

    Args:
        task: the element of the request.
        lists: names of the elements that list workers to add: users, then groups.

    Raises:
        ApiError: 0015, 0017 or 3007 for a value of the wrong form.
    """
    users, groups = lists
    periodicity = child(task, "periodicity")
    unset = periodicity is not None and "unset" in periodicity.attrib
    return Changes(
        title=_read_text(task, "title"),
        description=_read_text(task, "description"),
        importance=_read_importance(value_of(task, "importance")),
        status=_read_status(value_of(task, "status")),
        check_result=_read_bool(value_of(task, "checkResult")),
        owner=number_of(task, "owner", "id"),
        parent=number_of(task, "parent", "id"),
        project=number_of(task, "project", "id"),
        client=number_of(task, "client", "id"),
        created=_read_date(task, "beginDateTime"),
        start=_read_date(task, "startTime"),
        end=_read_date(task, "endTime"),
        add_users=_read_ids(child(task, "workers", users)),
        add_groups=_read_ids(child(task, "workers", groups)),
        del_users=_read_ids(child(task, "workers", "delUsers")),
        del_groups=_read_ids(child(task, "workers", "delGroups")),
        periodicity=None if periodicity is None or unset else read_periodicity(periodicity),
        unset_periodicity=unset,
    )


def _read_text(task: Element, name: str) -> str | None:
    node = child(task, name)
    return None if node is None else text_of(node)


def _read_importance(text: str | None) -> str | None:
    if text is not None and text not in IMPORTANCES:
        raise ApiError(Code.BAD_VALUE)
    return text


def _read_status(text: str | None) -> int | None:
    if text is None or text in STATUSES:
        return None if text is None else STATUSES[text]
    number = to_number(text)
    if number not in STATUSES.values():
        raise ApiError(Code.BAD_VALUE)
    return number


def _read_bool(text: str | None) -> bool | None:
    if text not in (None, "0", "1"):
        raise ApiError(Code.BAD_VALUE)
    return None if text is None else text == "1"


def _read_date(task: Element, name: str) -> Moment | None:
    text = value_of(task, name)
    return None if text is None else read_moment(text)


def _read_ids(node: Element | None) -> tuple[int, ...]:
    numbers = [] if node is None else [number_of(part) for part in node.findall("id")]
    return tuple(number for number in numbers if number is not None)
