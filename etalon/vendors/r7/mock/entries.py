"""The values that the R7 portal keeps: people, list items, contacts, entities, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.dates import Instant

NO_GUID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can be responsible for a task, and perhaps log in.

    Attributes:
        guid: lower-case GUID.
        token: what logs the person in; empty for someone who cannot.
        is_admin: may edit every task, not only their own.
    """

    guid: str
    display_name: str
    user_name: str
    title: str = ""
    password: str = ""
    token: str = ""
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class ListItem:
    """A row of the CRM's lists: a task category, or an item of another list such as a contact status."""

    id: int
    title: str
    sort_order: int
    image: str = ""
    is_task_category: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or company that a task may be attached to."""

    id: int
    display_name: str
    is_company: bool
    email: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """An opportunity or a case that a task may be attached to; the two kinds number independently."""

    kind: str
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Task:
    """A CRM task as the portal stores it.

    A contact, an entity or a reminder that is not set is 0 or None, as in CommunityServer's table
    `crm_task`; `deadline` and `created` are instants.
    """

    id: int
    author: str
    created: Instant
    title: str = ""
    description: str | None = None
    deadline: Instant = 0
    responsible: str = NO_GUID
    category: int = 0
    contact: int = 0
    entity_type: str | None = None
    entity_id: int = 0
    is_notify: bool = False
    alert_value: int | None = None
    is_closed: bool = False


LOST_PERSON = Person("4a515a15-d4d6-4b8e-828e-e0586f18f3a3", "Profile has been removed", "")
"""Whom CommunityServer shows where a GUID names nobody (`Users/Constants.cs`)."""
