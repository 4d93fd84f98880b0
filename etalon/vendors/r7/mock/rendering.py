"""How entries look in answers: members in wire order (CommunityServer `Wrappers/*.cs`).

Members at their default are left out, as the pages' sample answers show none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from etalon.vendors.r7.mock.dates import NEVER, Instant, spell
from etalon.vendors.r7.mock.entries import LOST_PERSON

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.calls import Call
    from etalon.vendors.r7.mock.dialects import Dialect
    from etalon.vendors.r7.mock.entries import Contact, Entity, ListItem, Person, Task

Members: TypeAlias = dict[str, Any]


def moment(instant: Instant, dialect: Dialect) -> str:
    """Return an instant as the dialect shows it; "no date" is shown in UTC whatever the tenant's zone."""
    return spell(instant, 0 if instant == NEVER else dialect.offset_minutes)


def person_members(person: Person) -> Members:
    """Return a person as tasks show them."""
    title = {"title": person.title} if person.title else {}
    user = person.user_name or "profile-removed"
    return {
        "id": person.guid,
        "displayName": person.display_name,
        **title,
        "avatarSmall": "/skins/default/images/default_user_photo_size_32-32.png",
        "profileUrl": f"https://portal.example/Products/People/Profile.aspx?user={user}",
    }


def category_members(item: ListItem, dialect: Dialect, task_count: int = 0) -> Members:
    """Return a task category; a count of 0 is left out, and the pages' samples show no colour."""
    return {
        **({"relativeItemsCount": task_count} if task_count else {}),
        "imagePath": f"/Products/CRM/App_Themes/default/images/task_category/{item.image or 'none'}.png",
        "title": item.title,
        "description": "",
        **({"color": ""} if dialect.shows_category_color else {}),
        "sortOrder": item.sort_order,
        "id": item.id,
    }


def contact_members(contact: Contact) -> Members:
    """Return a contact as tasks and the list of contacts show it."""
    email = {
        "id": contact.id * 10 + 1,
        "infoType": 1,
        "category": 1,
        "data": contact.email,
        "categoryName": "Рабочий",
        "isPrimary": True,
    }
    kind = "company" if contact.is_company else "people"
    return {
        **({"email": email} if contact.email else {}),
        "smallFotoUrl": f"/Products/CRM/App_Themes/default/images/empty_{kind}_logo_40_40.png",
        "mediumFotoUrl": f"/Products/CRM/App_Themes/default/images/empty_{kind}_logo_82_82.png",
        "displayName": contact.display_name,
        "isCompany": contact.is_company,
        "isPrivate": False,
        "isShared": True,
        "shareType": 2,
        "currency": None,
        "canEdit": True,
        "canDelete": True,
        "id": contact.id,
    }


def entity_members(entity: Entity) -> Members:
    """Return the opportunity or case that a task is attached to."""
    return {"entityType": entity.kind, "entityId": entity.id, "entityTitle": entity.title}


def task_members(call: Call, task: Task, *, in_list: bool = False) -> Members:
    """Return a task as the dialect shows it to the caller.

    References to nothing are shown as CommunityServer does: a lost person in place of an unknown
    responsible, no member in place of an unknown contact or entity.

    Args:
        call: who asks, and which portal is asked.
        task: the task to be shown.
        in_list: whether it stands in a list, where categories are not counted.

    Raises:
        OverflowError: when the tenant's clock cannot show a moment.
    """
    books, dialect = call.books, call.dialect
    counts = dialect.counts_category_tasks and not in_list
    contact = books.contacts.get(task.contact)
    entity = books.entities.get((task.entity_type or "", task.entity_id))
    shows_alert = task.alert_value is not None and (task.alert_value != 0 or not dialect.hides_zero)
    members: Members = {
        "createBy": person_members(books.people.get(task.author, LOST_PERSON)),
        "created": moment(task.created, dialect),
        "contact": contact_members(contact) if contact else None,
        "title": task.title,
        "description": task.description,
        "deadLine": moment(task.deadline, dialect),
        "alertValue": task.alert_value if shows_alert else None,
        "responsible": person_members(books.people.get(task.responsible, LOST_PERSON)),
        "isClosed": task.is_closed or None,
        "category": category_members(
            books.list_items[task.category], dialect, books.tasks_in(task.category) if counts else 0
        ),
        "entity": entity_members(entity) if entity else None,
        "canEdit": books.may_edit(call.caller, task) or None,
        "id": task.id,
    }
    return {name: value for name, value in members.items() if value is not None}
