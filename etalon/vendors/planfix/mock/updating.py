"""What task.update and task.add do to a task."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from etalon.vendors.planfix.mock.errors import Code
from etalon.vendors.planfix.mock.hooks import Check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etalon.vendors.planfix.mock.changes import Changes
    from etalon.vendors.planfix.mock.hooks import Call
    from etalon.vendors.planfix.mock.state import Task


_PLAIN_MEMBERS: Final = (
    "title",
    "description",
    "importance",
    "status",
    "check_result",
    "owner",
    "parent",
    "project",
    "client",
    "start",
    "end",
)


def merge(before: Task, changes: Changes) -> Task:
    """The task after an update: what is not sent, the owner included, stays as it was.

    Workers are first added, then deleted: an id in both lists is a worker no more. Deleting one who is not a
    worker changes nothing. A periodicity replaces the former one as a whole.
    """
    given = {name: value for name in _PLAIN_MEMBERS if (value := getattr(changes, name)) is not None}
    return replace(
        before,
        **given,
        users=_apply(before.users, changes.add_users, changes.del_users),
        groups=_apply(before.groups, changes.add_groups, changes.del_groups),
        periodicity=None if changes.unset_periodicity else changes.periodicity or before.periodicity,
    )


def _apply(present: Iterable[int], added: Iterable[int], deleted: Iterable[int]) -> tuple[int, ...]:
    union = dict.fromkeys((*present, *added))
    for number in deleted:
        union.pop(number, None)
    return tuple(union)


def check_references(call: Call, task: Task, changes: Changes) -> None:
    """Refuses changes that name what does not exist, or that would leave the task in contradiction.

    Zero names no parent, no project or no client. Users and groups to delete need not exist: whoever is not
    there is not a worker afterwards either.

    Args:
        call: the call under way.
        task: the task after the changes.
        changes: what the request asks for.

    Raises:
        ApiError: 6004, 3002, 0016, 3003, 7002, 5001 or 3006.
    """
    store = call.store
    call.require(Check.OWNER, Code.NO_SUCH_USER, passes=changes.owner is None or changes.owner in store.users)
    if changes.parent:
        call.require(Check.PARENT, Code.NO_PARENT_ACCESS, passes=changes.parent in store.tasks)
        call.require(
            Check.FAMILY_TREE,
            Code.VALUE_NOT_ALLOWED_HERE,
            passes=not store.is_within(changes.parent, task.id),
        )
    if changes.project:
        call.require(Check.PROJECT, Code.NO_SUCH_PROJECT, passes=changes.project in store.projects)
    if changes.client:
        call.require(Check.CLIENT, Code.NO_SUCH_CLIENT, passes=changes.client in store.clients)
    users_exist = all(user in store.users for user in changes.add_users)
    call.require(Check.WORKER_USERS, Code.NO_SUCH_USER, passes=users_exist)
    groups_exist = all(group in store.groups for group in changes.add_groups)
    call.require(Check.WORKER_GROUPS, Code.NO_SUCH_GROUP, passes=groups_exist)
    in_order = task.start is None or task.end is None or task.start.at <= task.end.latest
    dates_sent = changes.start is not None or changes.end is not None
    call.require(Check.DATE_ORDER, Code.START_AFTER_END, passes=in_order or not dates_sent)
