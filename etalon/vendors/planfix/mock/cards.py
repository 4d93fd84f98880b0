"""How tasks and the things around them are shown.

The members and their order are those of PlanFix's task.get page and of a published sample of a live answer:
statuses as numbers, booleans as 0 and 1, id 0 where there is no parent, project or client, and no element
where there is no start, end or periodicity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.vendors.planfix.mock.hooks import Card, Shown
from etalon.vendors.planfix.mock.periodicity import show_periodicity
from etalon.vendors.planfix.mock.state import CLOSED_STATUSES
from etalon.vendors.planfix.mock.wire import element

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.hooks import Call
    from etalon.vendors.planfix.mock.state import Client, Group, Project, Store, Task, User

_STATUS_SET = 1
"""The only process of the portal; every task belongs to it."""


def task_card(call: Call, task: Task, *, whole: bool = True) -> Element:
    """A task as task.get shows it, or, not `whole`, as task.getList does: without members and auditors."""
    task = call.hooks.shown(Shown(call, task))
    store = call.store
    node = element(
        "task",
        element("id", text=task.id),
        element("title", text=task.title),
        element("description", text=task.description),
        element("importance", text=task.importance),
        element("status", text=task.status),
        element("statusSet", text=_STATUS_SET),
        element("checkResult", text=int(task.check_result)),
        element("type", text="task"),
        _person("owner", store, task.owner),
        element("parent", element("id", text=task.parent)),
        element("template", element("id", text=0)),
        _project("project", store, task.project),
        _client("client", store, task.client),
        element("beginDateTime", text=task.created),
    )
    if task.start:
        node.append(element("startTime", text=task.start))
    if task.end:
        node.append(element("endTime", text=task.end))
    node.append(element("general", text=task.general))
    node.append(element("isOverdued", text=int(_is_overdue(task, store))))
    node.extend(
        element(name, text=0) for name in ("isCloseToDeadline", "isNotAcceptedInTime", "isSummary", "starred")
    )
    node.append(_team("workers", store, task.users, task.groups))
    if whole:
        node.append(_team("members", store, (), ()))
        node.append(_team("auditors", store, (), ()))
    if task.periodicity:
        node.append(show_periodicity(task.periodicity))
    node.append(element("customData"))
    return call.hooks.card(Card(call, task, node))


def _is_overdue(task: Task, store: Store) -> bool:
    return task.end is not None and task.end.latest < store.clock() and task.status not in CLOSED_STATUSES


def _person(tag: str, store: Store, user: int) -> Element:
    name = store.users[user].full_name if user in store.users else None
    return element(tag, element("id", text=user), element("name", text=name))


def _project(tag: str, store: Store, project: int) -> Element:
    title = store.projects[project].title if project in store.projects else None
    return element(tag, element("id", text=project), element("title", text=title))


def _client(tag: str, store: Store, client: int) -> Element:
    name = store.clients[client].name if client in store.clients else None
    return element(tag, element("id", text=client), element("name", text=name))


def _group(tag: str, store: Store, group: int) -> Element:
    name = store.groups[group].name if group in store.groups else None
    return element(tag, element("id", text=group), element("name", text=name))


def _team(tag: str, store: Store, users: Iterable[int], groups: Iterable[int]) -> Element:
    return element(
        tag,
        element("users", *(_person("user", store, user) for user in users)),
        element("groups", *(_group("group", store, group) for group in groups)),
    )


def user_card(store: Store, user: User) -> Element:
    """A user as user.getList shows one."""
    return element(
        "user",
        element("id", text=user.id),
        element("general", text=user.id),
        element("name", text=user.name),
        element("lastName", text=user.last_name),
        element("midName"),
        element("login", text=user.login),
        element("email", text=f"{user.login}@portal.example"),
        element("role", text="ADMIN" if user.admin else "USER"),
        element("status", text="ACTIVE"),
        element("userGroups", *(_group("userGroup", store, group) for group in user.groups)),
    )


def group_card(store: Store, group: Group) -> Element:
    """A group of users as userGroup.getList shows one."""
    count = sum(group.id in user.groups for user in store.users.values())
    return element(
        "userGroup",
        element("id", text=group.id),
        element("name", text=group.name),
        element("userCount", text=count),
    )


def project_card(store: Store, project: Project) -> Element:
    """A project as project.getList shows one."""
    count = sum(task.project == project.id for task in store.tasks.values())
    return element(
        "project",
        element("id", text=project.id),
        element("title", text=project.title),
        element("description"),
        _person("owner", store, project.owner),
        _client("client", store, 0),
        element("parent", element("id", text=0)),
        element("status", text="ACTIVE"),
        element("hidden", text=0),
        element("taskCount", text=count),
        element("customData"),
    )


def contact_card(client: Client) -> Element:
    """A contact as contact.getList shows one; none of them can log in, hence `userid` 0."""
    return element(
        "contact",
        element("id", text=client.id),
        element("userid", text=0),
        element("general", text=client.id),
        element("name", text=client.name),
        element("lastName"),
        element("isCompany", text=int(client.company)),
        element("customData"),
    )


def listed(tag: str, cards: Sequence[Element], total: int) -> Element:
    """A list of cards with its two counters, in the order in which live portals write them."""
    return element(tag, *cards, totalCount=total, count=len(cards))
