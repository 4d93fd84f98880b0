"""Departures that still conform: what portals do differently without breaking any promise of the pages.

A suite that reports one of these as a deviation is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from etalon.vendors.planfix.mock.changes import MEMBERS
from etalon.vendors.planfix.mock.dates import Moment
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.hooks import Alteration, Check
from etalon.vendors.planfix.mock.state import STATUSES
from etalon.vendors.planfix.mock.wire import child, element, text_of, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.changes import Changes
    from etalon.vendors.planfix.mock.hooks import Answer, Card, Gate, Read, Shown, Target
    from etalon.vendors.planfix.mock.state import Task

_CALLS_OF_A_SHORT_SESSION: Final = 20
_CALLS_A_DAY: Final = 50
_BUSY_EACH: Final = 5
_LONGEST_TITLE: Final = 200
_LONGEST_DESCRIPTION: Final = 3000
KNOWN_MEMBERS: Final = frozenset({*MEMBERS, "beginDateTime"})
"""Members of a task that some page documents for a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation(Alteration):
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


def _busy_when_changed(at: Target) -> Task | None:
    """An optimistic lock: who comes second is told to try again."""
    if at.call.function == "task.update" and at.asked is not None:
        at.call.require(Check.BUSY, Code.BUSY, passes=at.call.seen.get(at.asked) is at.task)
    return at.task


def _refuse_unknown(request: Element) -> None:
    task = request.find("task")
    known = {"id", "general", *KNOWN_MEMBERS}
    if task is not None and any(node.tag not in known for node in task):
        raise ApiError(Code.BAD_VALUE)


def _refuse_empty(request: Element) -> None:
    for node in request.iterfind("task/*"):
        if node.tag in KNOWN_MEMBERS and not len(node) and not (node.text or "") and not node.attrib:
            raise ApiError(Code.BAD_VALUE)


def _refuse_windows(body: bytes) -> bytes:
    if b"windows-1251" in body[:100]:
        raise ApiError(Code.NOT_XML)
    return body


def _clear_empty(at: Read) -> Changes:
    if child(at.node, "client") is not None and at.changes.client is None:
        return replace(at.changes, client=0)
    return at.changes


def _some_transitions_only(at: Read) -> Changes:
    if at.call.function == "task.update" and at.changes.status in {STATUSES["DRAFT"], STATUSES["REJECTED"]}:
        raise ApiError(Code.STATUS_NOT_ALLOWED)
    return at.changes


def _limit_texts(at: Read) -> Changes:
    too_long = len(at.changes.title or "") > _LONGEST_TITLE
    if too_long or len(at.changes.description or "") > _LONGEST_DESCRIPTION:
        raise ApiError(Code.BAD_VALUE)
    return at.changes


def _fix_owner(at: Read) -> Changes:
    if at.call.function == "task.update" and at.changes.owner is not None:
        raise ApiError(Code.VALUE_NOT_ALLOWED_HERE)
    return at.changes


def _want_a_date_for_delays(at: Read) -> Changes:
    if at.changes.status == STATUSES["DELAYED"]:
        raise ApiError(Code.DEPENDENT_VALUE_MISSING)
    return at.changes


def _show_first_minutes(at: Shown) -> Task:
    start, end = (one and Moment(one.at, timed=True) for one in (at.task.start, at.task.end))
    return replace(at.task, start=start, end=end)


def _refuse_strangers(at: Read) -> Changes:
    task = at.call.store.tasks.get(int(value_of(at.node, "id") or 0))
    if task and not set(at.changes.del_users) <= set(task.users):
        raise ApiError(Code.NO_SUCH_USER)
    return at.changes


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
        Variation(
            name="busy-when-together",
            tells="Of two updates of a task at the same time, the second has to be tried again.",
            pause=0.02,
            target=_busy_when_changed,
        ),
        Variation(
            name="strict",
            tells="Updates with members that no page knows are refused.",
            received=_refuse_unknown,
        ),
        Variation(name="empty-refused", tells="Empty members are refused.", received=_refuse_empty),
        Variation(name="empty-clears", tells="An empty client detaches the task from it.", read=_clear_empty),
        Variation(name="utf-8-only", tells="Other encodings than UTF-8 are refused.", source=_refuse_windows),
        Variation(
            name="some-transitions",
            tells="Some statuses cannot be set by an update.",
            read=_some_transitions_only,
        ),
        Variation(
            name="length-limits",
            tells="Titles of more than 200 characters and descriptions of more than 3000 are refused.",
            read=_limit_texts,
        ),
        Variation(name="owner-fixed", tells="An update cannot change the owner.", read=_fix_owner),
        Variation(
            name="delays-want-a-date",
            tells="DELAYED is refused, since an update carries no date for it.",
            read=_want_a_date_for_delays,
        ),
        Variation(
            name="first-minute-shown",
            tells="A date without a time is shown with the first minute of its day.",
            shown=_show_first_minutes,
        ),
        Variation(
            name="strangers-refused",
            tells="Deleting a user who is no worker is refused.",
            read=_refuse_strangers,
        ),
        Variation(name="busy-at-times", tells="Each fifth call finds its task being changed.", gate=_be_busy),
    )
}
"""Name → variation."""
