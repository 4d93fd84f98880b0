"""What a write asks a PlanFix portal for that reaches beyond its task.

Source of what portals take: the task.add, task.update and task.get pages of PlanFix.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etalon.portals.side_effects import SideEffects, days_in, elements, local_name, whole_numbers

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_NUMBER = re.compile(r"-?\d+")
_DAY = re.compile(r"(?:date|time)$", re.IGNORECASE)
_TEAMS = {
    "owner": "users",
    "users": "users",
    "addusers": "users",
    "groups": "groups",
    "addgroups": "groups",
}
_TEXTS = ("title", "description")


def side_effects_of(root: Element) -> SideEffects:
    """What a request to PlanFix asks for, or what the card of a task shows of the same."""
    people = {
        (team, number)
        for node in elements(root)
        if (team := _TEAMS.get(local_name(node)))
        for number in _NUMBER.findall(_id_of(node))
    }
    dated = (node for node in elements(root) if not len(node) and _DAY.search(local_name(node)))
    periods = [node for node in elements(root) if local_name(node) == "periodicity"]
    return SideEffects(
        people=frozenset(people),
        days=frozenset(day for node in dated for day in days_in(node.text or "")),
        tasks=frozenset(
            whole_numbers(_id_of(node) for node in elements(root) if local_name(node) == "parent")
        ),
        texts=frozenset(
            "".join(map(str, node.itertext())) for node in elements(root) if local_name(node) in _TEXTS
        ),
        reminds_at_once=any(_has(period, "notify") and not _has_a_day(period) for period in periods),
    )


def _id_of(node: Element) -> str:
    """The ids below an element; its own text where it has no elements."""
    if not len(node):
        return node.text or ""
    return " ".join("".join(map(str, one.itertext())) for one in elements(node) if local_name(one) == "id")


def _has(node: Element, name: str) -> bool:
    return any(local_name(one) == name for one in elements(node))


def _has_a_day(period: Element) -> bool:
    started = (one for one in elements(period) if local_name(one) == "startdate")
    return any(True for one in started for _ in days_in(one.text or ""))
