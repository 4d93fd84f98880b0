"""Departures that still conform: what portals do differently without breaking any promise of the pages.

A suite that reports one of these as a deviation is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from etalon.portals.mocks.planfix.errors import Code
from etalon.portals.mocks.planfix.seams import Check, Twist
from etalon.portals.mocks.planfix.state import STATUSES
from etalon.portals.mocks.planfix.wire import child, element, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from etalon.portals.mocks.planfix.seams import Answer, Card, Gate

_CALLS_OF_A_SHORT_SESSION: Final = 20
_CALLS_A_DAY: Final = 50
_BUSY_EACH: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation(Twist):
    """A difference between portals that all conform.

    Attributes:
        name: what `create` takes.
        tells: the difference in one sentence.
    """

    name: str
    tells: str


def _name_status(at: Card) -> None:
    node = at.node.find("status")
    if node is not None:
        node.text = next(name for name, number in STATUSES.items() if str(number) == node.text)


def _drop_empty_parent(at: Card) -> None:
    node = at.node.find("parent")
    if node is not None and not at.task.parent:
        at.node.remove(node)


def _add_strange_members(at: Card) -> None:
    at.node.insert(1, element("expectDate"))
    at.node.append(element("reminders", element("reminder", element("id", text=1)), count=1))


def _drop_message(at: Answer) -> Element:
    for message in at.root.findall("message"):
        at.root.remove(message)
    return at.root


def _add_general(at: Answer) -> Element:
    task = at.root.find("task")
    if at.function == "task.update" and task is not None:
        updated = at.store.tasks.get(int(text_of(child(task, "id")) or 0))
        if updated:
            task.append(element("general", text=updated.general))
    return at.root


def _indent(at: Answer) -> Element:
    etree.indent(at.root)
    return at.root


def _expire(at: Gate) -> Code | None:
    if at.check is not Check.SESSION or at.code:
        return at.code
    sid = text_of(child(at.request, "sid"))
    if at.store.sessions.calls(sid) <= _CALLS_OF_A_SHORT_SESSION:
        return None
    at.store.sessions.close(sid)
    return Code.SESSION_EXPIRED


def _limit(at: Gate) -> Code | None:
    over = at.check is Check.LIMIT and at.store.calls > _CALLS_A_DAY
    return Code.LIMIT_EXCEEDED if over else at.code


def _be_busy(at: Gate) -> Code | None:
    return Code.BUSY if at.check is Check.BUSY and at.store.calls % _BUSY_EACH == 0 else at.code


CATALOGUE: Final[Mapping[str, Variation]] = {
    variation.name: variation
    for variation in (
        Variation(name="status-names", tells="Statuses are read back as names.", card=_name_status),
        Variation(
            name="no-empty-parent", tells="A task without a parent shows none.", card=_drop_empty_parent
        ),
        Variation(
            name="strange-members",
            tells="task.get shows members that no page knows.",
            card=_add_strange_members,
        ),
        Variation(name="no-message", tells="Errors have no `message`.", answered=_drop_message),
        Variation(
            name="general-in-answer", tells="task.update answers the number too.", answered=_add_general
        ),
        Variation(name="indented", tells="Answers are indented.", answered=_indent),
        Variation(
            name="http-400",
            tells="Errors have the HTTP status 400.",
            sent=lambda at: replace(at, status=400) if at.code else at,
        ),
        Variation(name="short-sessions", tells="A session ends after 20 calls.", gate=_expire),
        Variation(name="daily-limit", tells="From the 51st call on, the limit is exceeded.", gate=_limit),
        Variation(name="busy-at-times", tells="Each fifth call finds its task being changed.", gate=_be_busy),
    )
}
"""Name → variation."""
