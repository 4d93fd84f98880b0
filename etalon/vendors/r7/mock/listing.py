"""The look-ups: people, categories, contacts, opportunities, cases, and the filter of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etalon.vendors.r7.mock import rendering
from etalon.vendors.r7.mock.calls import Reply
from etalon.vendors.r7.mock.conversion import Kind, RequestParameter, convert_text
from etalon.vendors.r7.mock.dates import NEVER
from etalon.vendors.r7.mock.faults.hooks import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Call
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Person, Task
    from etalon.vendors.r7.mock.rendering import Members

_LONGEST_PAGE = 1000

_FILTERS = (
    RequestParameter("responsibleid", "responsible", Kind.GUID),
    RequestParameter("categoryid", "category", Kind.NUMBER),
    RequestParameter("isclosed", "is_closed", Kind.FLAG),
    RequestParameter("fromdate", "from", Kind.DATE),
    RequestParameter("todate", "to", Kind.DATE),
    RequestParameter("entitytype", "entity_type", Kind.ENTITY_KIND),
    RequestParameter("entityid", "entity_id", Kind.NUMBER),
    RequestParameter("count", "count", Kind.NUMBER),
    RequestParameter("startindex", "start", Kind.NUMBER),
    RequestParameter("sortby", "sort_by", Kind.TEXT),
    RequestParameter("sortorder", "sort_order", Kind.TEXT),
    RequestParameter("filtervalue", "text", Kind.TEXT),
)
_CONTACT_KIND = "contact"


def oneself(call: Call) -> Reply:
    """Answer `people/@self`."""
    return Reply(_profile(call.caller))


def people(call: Call) -> Reply:
    """Answer `people`."""
    return Reply([_profile(person) for person in call.books.people.values()])


def categories(call: Call) -> Reply:
    """Answer `crm/task/category`."""
    books = call.books
    counts = call.dialect.counts_category_tasks
    return Reply(
        [
            rendering.category_members(item, call.dialect, books.tasks_in(item.id) if counts else 0)
            for item in books.task_categories()
        ]
    )


def contacts(call: Call) -> Reply:
    """Answer `crm/contact/filter`."""
    return _page(call, [rendering.contact_members(contact) for contact in call.books.contacts.values()])


def opportunities(call: Call) -> Reply:
    """Answer `crm/opportunity/filter`."""
    return _page(call, _entities(call, "opportunity"))


def cases(call: Call) -> Reply:
    """Answer `crm/case/filter`."""
    return _page(call, _entities(call, "case"))


def tasks(call: Call) -> Reply:
    """Answer `crm/task/filter`: open tasks first, each group in the wanted order.

    Raises:
        ApiError: 400 when a filter cannot be read.
    """
    wanted = _wanted(call)
    found = [task for task in call.books.tasks.values() if _passes(task, wanted)]
    found.sort(key=_sort_key(wanted.get("sort_by", "")), reverse=wanted.get("sort_order") == "descending")
    found.sort(key=lambda task: task.is_closed)
    faults = call.portal.faults
    shown = [
        fold((fault.shows for fault in faults), call, rendering.task_members(call, task, in_list=True))
        for task in found
    ]
    return _page(call, shown)


def _profile(person: Person) -> Members:
    first_name, _, last_name = person.display_name.partition(" ")
    return {
        **rendering.person_members(person),
        "userName": person.user_name,
        "firstName": first_name,
        "lastName": last_name,
        "email": f"{person.user_name}@portal.example",
        "isAdmin": person.is_admin,
    }


def _entities(call: Call, kind: str) -> list[Members]:
    return [
        {"title": entity.title, "canEdit": True, "id": entity.id} for entity in call.books.entities_of(kind)
    ]


def _wanted(call: Call) -> Values:
    """Return the typed filters of the query string."""
    spelt: dict[str, str] = {}
    for name, value in call.inbound.query:
        spelt.setdefault(name.lower(), value)
    return {
        parameter.attribute: convert_text(parameter, spelt[parameter.name])
        for parameter in _FILTERS
        if spelt.get(parameter.name) and not _names_contacts(parameter, spelt)
    }


def _names_contacts(parameter: RequestParameter, spelt: dict[str, str]) -> bool:
    return parameter.kind is Kind.ENTITY_KIND and spelt[parameter.name].lower() == _CONTACT_KIND


def _passes(task: Task, wanted: Values) -> bool:
    same = all(
        getattr(task, attribute) == wanted[attribute]
        for attribute in ("responsible", "category", "is_closed", "entity_type")
        if attribute in wanted
    )
    attached_to = task.entity_id if "entity_type" in wanted else task.contact
    return (
        same
        and wanted.get("entity_id", attached_to) == attached_to
        and wanted.get("from", NEVER) <= task.deadline
        and task.deadline <= wanted.get("to", task.deadline)
        and wanted.get("text", "").lower() in f"{task.title}\n{task.description or ''}".lower()
    )


def _sort_key(sort_by: str) -> Callable[[Task], Any]:
    keys: dict[str, Callable[[Task], Any]] = {
        "title": lambda task: (task.title, task.id),
        "category": lambda task: (task.category, task.id),
        "contact": lambda task: (task.contact, task.id),
        "id": lambda task: task.id,
    }
    return keys.get(sort_by.lower(), lambda task: (task.deadline, task.id))


def _page(call: Call, items: list[Members]) -> Reply:
    """Return the wanted page: at least one item, and at most a thousand."""
    wanted = _wanted(call)
    start = max(0, wanted.get("start", 0))
    count = min(max(1, wanted.get("count", _LONGEST_PAGE)), _LONGEST_PAGE)
    following = start + count
    paging = {
        **({"startIndex": start} if start else {}),
        **({"nextIndex": following + call.dialect.page_gap} if following < len(items) else {}),
        "total": len(items),
    }
    return Reply(items[start:following], paging=paging)
