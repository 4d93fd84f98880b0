"""Which people, categories, contacts, opportunities and cases an R7 portal has: requests refer to them by id.

The look-ups are not on the two pages that Etalon judges; how they behave is known from the open ancestor
(CommunityServer).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.errors import MissingPrerequisiteError
from etalon.vendors.r7.answers import json_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.vendors.r7.connection import Connection

_LOOK_UPS: Mapping[str, tuple[str, str]] = {
    "responsibles": ("/people", "listPeople"),
    "categories": ("/crm/task/category", "listTaskCategories"),
    "contacts": ("/crm/contact/filter", "filterContacts"),
    "opportunities": ("/crm/opportunity/filter", "filterOpportunities"),
    "cases": ("/crm/case/filter", "filterCases"),
}
"""Kind of thing → path that lists the things, and its operation."""


def known_ids(portal: Connection) -> Mapping[str, Sequence[int | str]]:
    """The ids that exist: those of the config, and what the portal lists where it names none.

    From then on the guard lets requests name the people among them.

    Returns:
        By kind of thing; a kind that is neither configured nor listed by the portal is empty.

    Raises:
        MissingPrerequisiteError: nobody can be responsible for a task, or there is no category.
    """
    known: dict[str, Sequence[int | str]] = {}
    for kind, (path, operation) in _LOOK_UPS.items():
        if portal.target.known.get(kind):
            known[kind] = portal.target.known[kind]
        elif kind in portal.target.lacks:
            known[kind] = ()
        else:
            known[kind] = _listed(portal, path, operation)
    if not known["responsibles"] and portal.caller:
        known["responsibles"] = (portal.caller,)
    portal.transport.guard.knows("responsibles", known["responsibles"])
    for kind in ("responsibles", "categories"):
        if not known[kind]:
            portal.require_document(portal.transport.journal[-1])  # a page for every path is no portal
            raise MissingPrerequisiteError(
                Message(
                    "lists-none-and-names-none",
                    where=portal.target.where,
                    kind=kind,
                    target=portal.target.name,
                )
            )
    return known


def _listed(portal: Connection, path: str, operation: str) -> tuple[int | str, ...]:
    exchange = portal.call(operation, "GET", path)
    if not exchange.response.ok:
        return ()
    items = json_document(exchange).get("response")
    if not isinstance(items, list):
        return ()
    return tuple(item["id"] for item in items if isinstance(item, dict) and "id" in item)
