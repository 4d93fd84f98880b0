"""A task as task.get shows it, and the members that a judge compares.

The shapes are those of the PlanFix task.get page and of the drafts before it: workers stand either in
`users/user/id` or directly in `users/id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.vendors.planfix.answers import NotAnAnswerError, legible_answer, number_of
from etalon.vendors.planfix.judging import values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.judging.values import Value

PLAIN: Mapping[str, Callable[[Element], Value]] = {
    "title": values.text,
    "description": values.text,
    "importance": values.word,
    "status": values.status,
    "checkResult": values.flag,
    "owner": values.reference,
    "parent": values.reference,
    "project": values.reference,
    "client": values.reference,
    "startTime": values.moment,
    "endTime": values.moment,
}
"""Members that an update writes by their new value → how they are read, in the order of the page."""

TEAMS = ("users", "groups")
"""Members that an update writes by what is added and deleted."""

MEMBERS = (*PLAIN, *TEAMS, "periodicity")
"""All that a client can write and read back, by the names that requirements carry."""

_WHEN_ABSENT: Mapping[str, Value] = {
    "title": "",
    "description": "",
    "parent": 0,
    "project": 0,
    "client": 0,
    "startTime": None,
    "endTime": None,
}
"""What a card means that does not show a member; the rest is then unknown."""

_FIXED: Mapping[str, Callable[[Element], Value]] = {
    "id": values.number,
    "general": values.number,
    "beginDateTime": values.moment,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A task as one answer shows it.

    Attributes:
        exchange: the task.get.
        members: name → value; a member that the card does not show, and whose absence says nothing, is left
            out.
        fixed: `id`, `general` and `beginDateTime`, those that are shown.
    """

    exchange: Exchange
    members: Mapping[str, Value]
    fixed: Mapping[str, Value]

    def shows(self, member: str) -> bool:
        """Whether the card says anything about a member."""
        return member in self.members

    def holds(self, member: str) -> bool:
        """Whether the card shows a member with a value that could get lost."""
        return self.members.get(member) not in (None, "", 0, ())


def reading(exchange: Exchange | None) -> Reading | None:
    """The task that a task.get answered; None where it answered none."""
    if exchange is None:
        return None
    try:
        answer = legible_answer(exchange)
    except NotAnAnswerError:
        return None
    card = answer.root.find("task")
    if not answer.ok or card is None or card.find("id") is None:
        return None
    return Reading(exchange, _members(card), _read(card, _FIXED))


def _members(card: Element) -> Mapping[str, Value]:
    found = dict(_WHEN_ABSENT) | _read(card, PLAIN)
    for team, single in (("users", "user"), ("groups", "group")):
        found[team] = _team(card, team, single)
    node = card.find("periodicity")
    found["periodicity"] = None if node is None else values.periodicity(node)
    return found


def _read(card: Element, readers: Mapping[str, Callable[[Element], Value]]) -> dict[str, Value]:
    nodes = {name: card.find(name) for name in readers}
    read = {name: readers[name](node) for name, node in nodes.items() if node is not None}
    return {name: value for name, value in read.items() if value is not None or name in _WHEN_ABSENT}


def _team(card: Element, team: str, single: str) -> tuple[int, ...]:
    """The ids of workers, sorted; an id that is listed twice stands twice."""
    nodes = [*card.iterfind(f"workers/{team}/{single}/id"), *card.iterfind(f"workers/{team}/id")]
    numbers = (number_of(node) for node in nodes)
    return tuple(sorted(number for number in numbers if number))
