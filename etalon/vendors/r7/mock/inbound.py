"""A request as it reached the portal, before anything was read out of it, and the routes it may take.

Every route also exists with a suffix, `.json`, `.xml` or `.tml` (CommunityServer
`ApiRouteRegistrator.cs`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Operation(StrEnum):
    """What a request asks the portal to do."""

    LOG_IN = "log in"
    SELF = "read oneself"
    PEOPLE = "list people"
    CATEGORIES = "list categories"
    CONTACTS = "list contacts"
    OPPORTUNITIES = "list opportunities"
    CASES = "list cases"
    TASKS = "list tasks"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    CLOSE = "close"
    REOPEN = "reopen"


_TASK = r"crm/task/(?P<taskid>[0-9]{1,40})"
_ROUTES: tuple[tuple[str, str, Operation], ...] = (
    ("POST", r"authentication", Operation.LOG_IN),
    ("GET", r"people/@self", Operation.SELF),
    ("GET", r"people", Operation.PEOPLE),
    ("GET", r"crm/task/category", Operation.CATEGORIES),
    ("GET", r"crm/contact/filter", Operation.CONTACTS),
    ("GET", r"crm/opportunity/filter", Operation.OPPORTUNITIES),
    ("GET", r"crm/case/filter", Operation.CASES),
    ("GET", r"crm/task/filter", Operation.TASKS),
    ("POST", r"crm/task", Operation.CREATE),
    ("GET", _TASK, Operation.READ),
    ("PUT", _TASK, Operation.UPDATE),
    ("DELETE", _TASK, Operation.DELETE),
    ("PUT", rf"{_TASK}/close", Operation.CLOSE),
    ("PUT", rf"{_TASK}/reopen", Operation.REOPEN),
)
_COMPILED = tuple(
    (
        method,
        re.compile(rf"/api/2\.0/{path}(?:\.(?P<suffix>json|xml|tml))?/?", re.ASCII | re.IGNORECASE),
        operation,
    )
    for method, path, operation in _ROUTES
)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request leads.

    Attributes:
        task_id: the digits of the path, as a number of any size.
        suffix: `json`, `xml`, `tml`, or empty.
    """

    operation: Operation
    task_id: int | None
    suffix: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """A routed request.

    Attributes:
        headers: by lower-case name.
        query: names and values, decoded, in the order sent.
        cookies: by name.
    """

    route: Route
    headers: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: bytes
    cookies: Mapping[str, str]

    @property
    def content_type(self) -> str:
        """The header `Content-Type`, empty when it was not sent."""
        return self.headers.get("content-type", "")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in the case that was sent."""
        return self.content_type.partition(";")[0].strip()


def find_route(method: str, path: str) -> Route | frozenset[str]:
    """Return the route of a request, or else the methods that the path would take (perhaps none)."""
    allowed = set()
    for routed_method, pattern, operation in _COMPILED:
        match = pattern.fullmatch(path)
        if match is None:
            continue
        if method != routed_method:
            allowed.add(routed_method)
            continue
        task_id = match.groupdict().get("taskid")
        return Route(operation, int(task_id) if task_id else None, (match["suffix"] or "").lower())
    return frozenset(allowed)
