"""The functions of the API, one Python function each: a call in, the parts of an ok answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from etalon.vendors.planfix.mock.cards import (
    contact_card,
    group_card,
    listed,
    project_card,
    task_card,
    user_card,
)
from etalon.vendors.planfix.mock.changes import read_changes
from etalon.vendors.planfix.mock.dates import minute_of
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.hooks import Addition, Check, Merge, Read, Target
from etalon.vendors.planfix.mock.state import STATUSES_AT_CREATION, Task
from etalon.vendors.planfix.mock.updating import check_references, merge
from etalon.vendors.planfix.mock.wire import child, element, number_of, text_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.changes import Changes
    from etalon.vendors.planfix.mock.hooks import Call
    from etalon.vendors.planfix.mock.state import Store

_T = TypeVar("_T")
_PAGE_LIMIT: Final = 100


def log_in(request: Element, store: Store) -> Element:
    """auth.login: opens a session; the only function that needs none.

    Raises:
        ApiError: 0009 without login and password, 1001 when they are wrong.
    """
    login, password = text_of(child(request, "login")), text_of(child(request, "password"))
    if not login or not password:
        raise ApiError(Code.PARAMETER_MISSING)
    if (login, password) != (store.access.login, store.access.password):
        raise ApiError(Code.WRONG_LOGIN)
    return element("sid", text=store.sessions.open(store.caller, store.clock()))


def update_task(call: Call) -> Element:
    """task.update: changes what is sent, keeps the rest (page `planfix-task-update`).

    Raises:
        ApiError: 0009 without an id, 3001 for an unknown one, and as the reading of the members says.
    """
    node = _task_node(call)
    asked = number_of(node, "id")
    changes = _read(call, node, ("addUsers", "addGroups"))
    before = _located(call, asked)
    call.require(Check.BUSY, Code.BUSY, passes=True)
    after = merge(before, changes)
    check_references(call, after, changes)
    at = Merge(call, before, changes, after)
    after = call.hooks.merged(at)
    call.store.updates[after.id] += 1
    call.store.put(after)
    call.hooks.stored(Merge(call, before, changes, after))
    return element("task", element("id", text=after.id))


def add_task(call: Call) -> Element:
    """task.add: the members of task.update, but workers in `users` and `groups` (PlanFix task.add page).

    Raises:
        ApiError: 0016 for a status that a new task cannot have, and as the reading of the members says.
    """
    changes = _read(call, _task_node(call), ("users", "groups"))
    number = call.store.next_id()
    created = changes.created if call.caller.admin else None
    blank = Task(
        id=number,
        general=number,
        created=created or minute_of(call.store.clock()),
        owner=call.caller.id,
    )
    task = merge(blank, changes)
    check_references(call, task, changes)
    call.require(
        Check.STATUS_AT_CREATION,
        Code.VALUE_NOT_ALLOWED_HERE,
        passes=task.status in STATUSES_AT_CREATION,
    )
    task = call.hooks.added(Addition(call, changes, task))
    call.store.put(task)
    return element("task", element("id", text=task.id), element("general", text=task.general))


def get_task(call: Call) -> Element:
    """task.get: one task in full; `general`, when given, is used instead of `id` (PlanFix task.get page)."""
    node = _task_node(call)
    general = number_of(node, "general")
    if general is None:
        return task_card(call, _located(call, number_of(node, "id")))
    return task_card(call, _located(call, _by_general(call, general)))


def get_tasks(call: Call) -> Element:
    """task.getMulti: up to 100 tasks in full, by id or by number."""
    node = child(call.request, "tasks")
    if node is None:
        raise ApiError(Code.PARAMETER_MISSING)
    ids = [number_of(part) for part in node.findall("id")]
    numbers = [number for part in node.findall("general") if (number := number_of(part)) is not None]
    wanted = [number for number in ids if number is not None]
    wanted += [_by_general(call, number) for number in numbers]
    if len(wanted) > _PAGE_LIMIT:
        raise ApiError(Code.TOO_MANY_OBJECTS)
    cards = [task_card(call, _located(call, number)) for number in wanted]
    return element("tasks", *cards, count=len(cards))


def list_tasks(call: Call) -> Element:
    """task.getList: all tasks, the caller's in or out tray, or a sub-tree; other filters are overlooked.

    Raises:
        ApiError: 0015 for a target that is not one of all, in, out and template.
    """
    target = value_of(call.request, "target") or "all"
    parent = number_of(call.request, "parent", "id")
    project = number_of(call.request, "project", "id")
    trays: Mapping[str, Callable[[Task], bool]] = {
        "all": lambda _: True,
        "in": lambda task: call.caller.id in task.users,
        "out": lambda task: call.caller.id == task.owner,
        "template": lambda _: False,
    }
    if target not in trays:
        raise ApiError(Code.BAD_VALUE)
    found = [
        task
        for task in call.store.tasks.values()
        if trays[target](task)
        and (not parent or (task.id != parent and call.store.is_within(task.id, parent)))
        and (not project or task.project == project)
    ]
    return listed("tasks", [task_card(call, task, whole=False) for task in _page(call, found)], len(found))


def list_users(call: Call) -> Element:
    """user.getList: the employees, or those of one group."""
    group = number_of(call.request, "userGroup", "id")
    found = [user for user in call.store.users.values() if group is None or group in user.groups]
    return listed("users", [user_card(call.store, user) for user in _page(call, found)], len(found))


def list_groups(call: Call) -> Element:
    """userGroup.getList: the groups of employees."""
    found = list(call.store.groups.values())
    return listed("userGroups", [group_card(call.store, group) for group in _page(call, found)], len(found))


def list_projects(call: Call) -> Element:
    """project.getList: the projects."""
    found = list(call.store.projects.values())
    return listed("projects", [project_card(call.store, one) for one in _page(call, found)], len(found))


def list_contacts(call: Call) -> Element:
    """contact.getList: people, or with target `company` the companies; the ids that a task's client takes.

    Raises:
        ApiError: 0015 for another target.
    """
    target = value_of(call.request, "target") or "contact"
    if target not in {"contact", "company", "template"}:
        raise ApiError(Code.BAD_VALUE)
    kinds = {"contact": False, "company": True}
    found = [client for client in call.store.clients.values() if client.company == kinds.get(target)]
    return listed("contacts", [contact_card(client) for client in _page(call, found)], len(found))


FUNCTIONS: Final[Mapping[str, Callable[[Call], Element]]] = {
    "task.add": add_task,
    "task.get": get_task,
    "task.getList": list_tasks,
    "task.getMulti": get_tasks,
    "task.update": update_task,
    "user.getList": list_users,
    "userGroup.getList": list_groups,
    "project.getList": list_projects,
    "contact.getList": list_contacts,
}
"""Function name → what does its work, for all functions that need a session."""

LOGIN: Final = "auth.login"


def _task_node(call: Call) -> Element:
    node = child(call.request, "task")
    if node is None:
        raise ApiError(Code.PARAMETER_MISSING)
    return node


def _read(call: Call, node: Element, lists: tuple[str, str]) -> Changes:
    return call.hooks.read(Read(call, node, read_changes(node, lists=lists)))


def _located(call: Call, asked: int | None) -> Task:
    known = None if asked is None else call.store.tasks.get(asked)
    task = call.hooks.target(Target(call, asked, known))
    if task is None:
        raise ApiError(Code.PARAMETER_MISSING if asked is None else Code.NO_SUCH_TASK)
    return task


def _by_general(call: Call, general: int) -> int:
    """The id of the task with a number; 0, which no task has, when there is none."""
    return next((task.id for task in call.store.tasks.values() if task.general == general), 0)


def _page(call: Call, found: Sequence[_T]) -> Sequence[_T]:
    """The part of a list that is asked for: page 0 is empty (it asks for the count), size 0 is the default.

    Raises:
        ApiError: 0015 for a negative page or size, 0021 for more than 100 a page.
    """
    page, size = number_of(call.request, "pageCurrent"), number_of(call.request, "pageSize") or _PAGE_LIMIT
    page = 1 if page is None else page
    if page < 0 or size < 0:
        raise ApiError(Code.BAD_VALUE)
    if size > _PAGE_LIMIT:
        raise ApiError(Code.TOO_MANY_OBJECTS)
    return found[(page - 1) * size : page * size] if page else found[:0]
