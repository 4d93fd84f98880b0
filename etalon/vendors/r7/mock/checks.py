"""What each dialect refuses to store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.vendors.r7.mock.dates import NEVER
from etalon.vendors.r7.mock.problems import bad_argument, not_found

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.books import Books
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Task

_REQUIRED_ON_CREATE = ("title", "deadline", "responsible", "category")
"""The parameters that `r7-crm-task-create` does not mark as optional."""


def check_as_documented(books: Books, draft: Task, sent: Values, is_new: bool) -> None:
    """Refuse a draft that lacks what the create page requires, or that refers to nothing.

    Raises:
        ApiError: 400 or 404.
    """
    missing = [name for name in _REQUIRED_ON_CREATE if is_new and name not in sent]
    if missing:
        raise bad_argument(f"Required and not sent: {', '.join(missing)}.")
    if not draft.title:
        raise bad_argument("The title is empty.")
    if (draft.entity_type is None) != (draft.entity_id == 0):
        raise bad_argument("entityType and entityId only work together.")
    category = books.list_items.get(draft.category)
    if category is None or not category.is_task_category:
        raise not_found("Category")
    if draft.responsible not in books.people:
        raise not_found("Responsible")
    if draft.contact and draft.contact not in books.contacts:
        raise not_found("Contact")
    if draft.entity_type is not None and (draft.entity_type, draft.entity_id) not in books.entities:
        raise not_found(draft.entity_type.capitalize())


def check_as_communityserver(books: Books, draft: Task, _sent: Values, _is_new: bool) -> None:
    """Refuse what CommunityServer refuses, in its order (`CRMApi.Tasks.cs`, then `TaskDao.cs`).

    Neither the responsible nor the contact nor the entity is looked up, and any list item passes as a
    category.

    Raises:
        ApiError: 400 or 404.
    """
    if draft.category <= 0:
        raise bad_argument()
    if draft.category not in books.list_items:
        raise not_found("Category")
    if not draft.title or draft.deadline == NEVER:
        raise bad_argument()
