"""Which users, groups, projects and clients a PlanFix portal has: requests refer to them by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.vendors.planfix.answers import NotAnAnswerError, answer_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.connection import Connection
    from etalon.vendors.planfix.requests import Content

_LOOK_UPS: Mapping[str, tuple[str, Mapping[str, Content], str]] = {
    "users": ("user.getList", {"status": "ACTIVE", "pageCurrent": 1, "pageSize": 100}, "users/user"),
    "groups": ("userGroup.getList", {"pageCurrent": 1, "pageSize": 100}, "userGroups/userGroup"),
    "projects": (
        "project.getList",
        {"status": "ACTIVE", "pageCurrent": 1, "pageSize": 100},
        "projects/project",
    ),
    "clients": ("contact.getList", {"pageCurrent": 1, "pageSize": 100}, "contacts/contact"),
}
"""Kind of thing → function, its content, and where its answer lists the things."""


def known_ids(portal: Connection) -> Mapping[str, Sequence[int]]:
    """The ids that exist: those of the config, and what the portal lists where it names none.

    Returns:
        By kind of thing; a kind that is neither configured nor listed by the portal is empty.
    """
    known: dict[str, Sequence[int]] = {}
    for kind, (function, content, path) in _LOOK_UPS.items():
        configured = portal.target.known.get(kind)
        if configured:
            known[kind] = tuple(int(one) for one in configured)
        elif function in portal.target.lacks:
            known[kind] = ()
        else:
            known[kind] = _listed(portal.call(function, content), path)
    return known


def _listed(exchange: Exchange, path: str) -> tuple[int, ...]:
    try:
        answer = answer_of(exchange)
    except NotAnAnswerError:
        return ()
    return tuple(number for number in answer.ids(f"{path}/id") if number) if answer.ok else ()
