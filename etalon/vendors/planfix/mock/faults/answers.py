"""Faults in what the portal says, whatever it does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.faults.fault import Fault, bad_values_dropped, opened
from etalon.vendors.planfix.mock.hooks import Check
from etalon.vendors.planfix.mock.periodicity import DAY_TYPES, KINDS
from etalon.vendors.planfix.mock.state import IMPORTANCES, STATUSES
from etalon.vendors.planfix.mock.wire import child, element, error, ok, value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.hooks import Answer, Card, Gate, Sent, Shown
    from etalon.vendors.planfix.mock.state import Task

_ANSWERS: Final = FaultFamily.ANSWERS_WRONGLY
_DATE_FORM: Final = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}.*")
_WIRE_DATE: Final = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
_MONTHS: Final = range(1, 13)


def _asked_id(at: Answer) -> str:
    return value_of(at.request, "task", "id") or "0"


def _without_code(at: Answer) -> Element:
    for code in at.root.findall("code"):
        at.root.remove(code)
    return at.root


def _next_id(at: Answer) -> Element:
    id_ = child(at.root, "task", "id")
    if id_ is not None and at.function == "task.update":
        id_.text = str(int(id_.text or "0") + 1)
    return at.root


def _keep_first_kind(request: Element) -> None:
    periodicity = child(request, "task", "periodicity")
    if periodicity is not None:
        for extra in [part for part in periodicity if part.tag in KINDS][1:]:
            periodicity.remove(extra)


def _iso_dates(at: Card) -> None:
    for name in ("startTime", "endTime"):
        node = at.node.find(name)
        if node is not None and node.text:
            node.text = _WIRE_DATE.sub(r"\3-\2-\1", node.text)


def _before_last_update(at: Shown) -> Task:
    return at.call.store.previous.get(at.task.id, at.task)


def _refuse_nothing(request: Element) -> None:
    task = child(request, "task")
    if request.get("method") == "task.update" and task is not None and [part.tag for part in task] == ["id"]:
        raise ApiError(Code.PARAMETER_MISSING)


def _parents_id(at: Card) -> None:
    node = at.node.find("id")
    if node is not None and at.task.parent:
        node.text = str(at.task.parent)


def _former_id(at: Answer) -> Element:
    node = child(at.root, "task", "id")
    if at.function == "task.add" and node is not None and node.text and int(node.text) % 2 == 0:
        node.text = str(int(node.text) - 1)
    return at.root


def _html_page(at: Sent) -> Sent:
    page = b"<!doctype html><title>Error</title><h1>Something went wrong</h1>"
    return replace(at, body=page, content_type="text/html; charset=utf-8") if at.code else at


def _as_unknown_task(at: Gate) -> Code | None:
    return Code.NO_SUCH_TASK if at.code and at.check is Check.SESSION else at.code


def _roll_dates_over(request: Element) -> None:
    for path in ("task/startTime", "task/endTime"):
        node = child(request, *path.split("/"))
        found = _WIRE_DATE.match(node.text or "") if node is not None else None
        if node is not None and found:
            day, month, year = (int(part) for part in found.groups())
            rolled = date(year, month, 1) + timedelta(days=day - 1) if month in _MONTHS else None
            if rolled and rolled.month != month:
                node.text = f"{rolled:%d-%m-%Y}"


def _drop_letters(request: Element) -> None:
    for name in ("owner", "parent", "project", "client"):
        node = child(request, "task", name, "id")
        if node is not None and (node.text or "").isalpha():
            node.text = None


def _drop_periodicity_of_no_kind(request: Element) -> None:
    task = child(request, "task")
    node = child(task, "periodicity")
    if (
        task is not None
        and node is not None
        and not node.attrib
        and not any(part.tag in KINDS for part in node)
    ):
        task.remove(node)


def _within_periodicity(path: str, allowed: frozenset[str], otherwise: str) -> Callable[[Element], None]:
    """Takes another value in place of one that is not allowed."""

    def received(request: Element) -> None:
        node = child(request, "task", "periodicity")
        if node is None:
            return
        kinds = [part for part in node if part.tag in KINDS]
        inside = (kind.find(path) for kind in kinds) if "/" not in path else [node.find(path)]
        for part in inside:
            if part is not None and part.text and part.text not in allowed:
                part.text = otherwise

    return received


def _mask_weekdays(request: Element) -> None:
    days = child(request, "task", "periodicity", "weekly", "days")
    if days is not None and days.text:
        days.text = ",".join(part for part in days.text.split(",") if part in set("1234567")) or "1"


def _strictly_ordered(at: Gate) -> Code | None:
    if at.check is not Check.DATE_ORDER or at.request is None:
        return at.code
    start, end = (value_of(at.request, "task", name) for name in ("startTime", "endTime"))
    return Code.START_AFTER_END if start is not None and start == end else at.code


ANSWERING_WRONGLY: Final = (
    Fault(
        name="error-code-missing",
        family=_ANSWERS,
        stands_for="An exception that nobody mapped to a code gives an error without one.",
        answered=_without_code,
    ),
    Fault(
        name="error-code-unpadded",
        family=_ANSWERS,
        stands_for="Codes are numbers inside the server, and lose their leading zeros.",
        answered=lambda at: (
            element(
                "response",
                element("code", text=int(at.code)),
                element("message"),
                status="error",
            )
            if at.code
            else at.root
        ),
    ),
    Fault(
        name="one-code-for-all-errors",
        family=_ANSWERS,
        stands_for="A catch-all handler answers every refusal with the code of a bad value.",
        answered=lambda at: error(Code.BAD_VALUE) if at.code else at.root,
    ),
    Fault(
        name="error-as-ok",
        family=_ANSWERS,
        stands_for="The status is written before the work is done, and a refusal no longer changes it.",
        answered=lambda at: ok(*at.root) if at.code else at.root,
    ),
    Fault(
        name="error-as-html-page",
        family=_ANSWERS,
        stands_for="A proxy in front of the portal replaces error answers by its own page.",
        sent=_html_page,
    ),
    Fault(
        name="answer-not-escaped",
        family=_ANSWERS,
        stands_for="The answer is put together as text, and an ampersand in a title breaks it.",
        sent=lambda at: replace(at, body=at.body.replace(b"&amp;", b"&")),
    ),
    Fault(
        name="answers-other-id",
        family=_ANSWERS,
        stands_for="The answer names the change's own record instead of the task.",
        answered=_next_id,
    ),
    Fault(
        name="answers-without-id",
        family=_ANSWERS,
        stands_for="The answer is ok with an empty task, as live portals have been seen to give.",
        answered=lambda at: ok(element("task")) if at.function == "task.update" and not at.code else at.root,
    ),
    Fault(
        name="unknown-id-ok",
        family=_ANSWERS,
        stands_for="An update statement that matches no row is a success for the server.",
        answered=lambda at: (
            ok(element("task", element("id", text=_asked_id(at))))
            if at.function == "task.update" and at.code is Code.NO_SUCH_TASK
            else at.root
        ),
    ),
    Fault(
        name="unknown-function-ok",
        family=_ANSWERS,
        stands_for="The dispatcher falls through for a name that it does not know, to an empty success.",
        answered=lambda at: ok() if at.code is Code.UNKNOWN_FUNCTION else at.root,
    ),
    Fault(
        name="read-lags-one-update",
        family=_ANSWERS,
        stands_for="Reading goes through a cache that an update does not clear.",
        shown=_before_last_update,
    ),
    Fault(
        name="dates-answered-in-iso",
        family=_ANSWERS,
        stands_for="A new date library writes years first, against the documented form.",
        card=_iso_dates,
    ),
    Fault(
        name="wrong-api-key-accepted",
        family=_ANSWERS,
        stands_for="The API key is looked at only where usage is counted.",
        gate=opened(Check.API_KEY),
    ),
    Fault(
        name="account-not-checked",
        family=_ANSWERS,
        stands_for="The account is taken from the host name, and the one in the request goes unread.",
        gate=opened(Check.ACCOUNT),
    ),
    Fault(
        name="signature-not-checked",
        family=_ANSWERS,
        stands_for="With signatures made optional, wrong ones are no longer refused either.",
        gate=opened(Check.SIGNATURE),
    ),
    Fault(
        name="sid-not-checked",
        family=_ANSWERS,
        stands_for="The API key alone opens the portal, and any session name will do.",
        gate=opened(Check.SESSION),
    ),
    Fault(
        name="bad-session-reads-as-missing-task",
        family=_ANSWERS,
        stands_for="Without a session there are no rights, and what cannot be seen does not exist.",
        gate=_as_unknown_task,
    ),
    Fault(
        name="bad-importance-overlooked",
        family=_ANSWERS,
        stands_for="A value that the enumeration lacks is dropped, and the answer is a success.",
        received=bad_values_dropped("importance", lambda text: text in IMPORTANCES),
    ),
    Fault(
        name="bad-status-overlooked",
        family=_ANSWERS,
        stands_for="A status that does not exist is dropped, and the answer is a success.",
        received=bad_values_dropped("status", lambda text: text in STATUSES or text.isdigit()),
    ),
    Fault(
        name="first-of-two-kinds-taken",
        family=_ANSWERS,
        stands_for="Of two contradicting kinds of periodicity, the first wins without an error.",
        received=_keep_first_kind,
    ),
    Fault(
        name="unknown-parent-accepted",
        family=_ANSWERS,
        stands_for="There is no foreign key on the parent, and the API does not look either.",
        gate=opened(Check.PARENT),
    ),
    Fault(
        name="unknown-project-accepted",
        family=_ANSWERS,
        stands_for="There is no foreign key on the project, and the API does not look either.",
        gate=opened(Check.PROJECT),
    ),
    Fault(
        name="unknown-client-accepted",
        family=_ANSWERS,
        stands_for="There is no foreign key on the client, and the API does not look either.",
        gate=opened(Check.CLIENT),
    ),
    Fault(
        name="unknown-worker-accepted",
        family=_ANSWERS,
        stands_for="Ids of workers are stored as they come, whether anyone has them or not.",
        gate=opened(Check.WORKER_USERS),
    ),
    Fault(
        name="own-parent-accepted",
        family=_ANSWERS,
        stands_for="A task can be put below itself, and vanishes from every tree.",
        gate=opened(Check.FAMILY_TREE),
    ),
    Fault(
        name="unknown-owner-accepted",
        family=_ANSWERS,
        stands_for="The owner's id is stored as it comes, whether anyone has it or not.",
        gate=opened(Check.OWNER),
    ),
    Fault(
        name="unknown-group-accepted",
        family=_ANSWERS,
        stands_for="Ids of groups are stored as they come, whether there is such a group or not.",
        gate=opened(Check.WORKER_GROUPS),
    ),
    Fault(
        name="missing-sid-accepted",
        family=_ANSWERS,
        stands_for="A call without a session falls back to the user of the API key.",
        gate=lambda at: None if at.check is Check.SESSION and at.code is Code.NO_SESSION else at.code,
    ),
    Fault(
        name="bad-check-result-overlooked",
        family=_ANSWERS,
        stands_for="A flag that is neither 0 nor 1 is dropped, and the answer is a success.",
        received=bad_values_dropped("checkResult", lambda text: text in {"0", "1"}),
    ),
    Fault(
        name="bad-date-overlooked",
        family=_ANSWERS,
        stands_for="A date that does not match the format is dropped, and the answer is a success.",
        received=bad_values_dropped("startTime", lambda text: _DATE_FORM.fullmatch(text) is not None),
    ),
    Fault(
        name="impossible-date-rolls-over",
        family=_ANSWERS,
        stands_for="`mktime` carries the 30th of February over into March without a word.",
        received=_roll_dates_over,
    ),
    Fault(
        name="letters-read-as-nothing",
        family=_ANSWERS,
        stands_for="`intval` makes 0 of letters, and a zero counts as a value that was not sent.",
        received=_drop_letters,
    ),
    Fault(
        name="no-kind-overlooked",
        family=_ANSWERS,
        stands_for="A periodicity without a kind is taken for one that was not sent.",
        received=_drop_periodicity_of_no_kind,
    ),
    Fault(
        name="bad-kind-type-read-as-every",
        family=_ANSWERS,
        stands_for="The `default` branch of a switch serves every type that has no branch of its own.",
        received=_within_periodicity(
            "type", frozenset({"EVERY", "EVERY_WORKING", "AFTER_COMPLETE", "EXACT"}), "EVERY"
        ),
    ),
    Fault(
        name="bad-weekday-overlooked",
        family=_ANSWERS,
        stands_for="Days are set bit by bit, and a bit beyond the seventh is masked out.",
        received=_mask_weekdays,
    ),
    Fault(
        name="bad-day-type-read-as-day",
        family=_ANSWERS,
        stands_for="A type of day that is not in the map falls back to the first one.",
        received=_within_periodicity("dayType", DAY_TYPES, "DAY"),
    ),
    Fault(
        name="bad-end-condition-read-as-endless",
        family=_ANSWERS,
        stands_for="An end condition that nobody knows ends nothing.",
        received=_within_periodicity(
            "endCondition/type", frozenset({"ENDLESS", "BYCOUNT", "BYENDDATE"}), "ENDLESS"
        ),
    ),
    Fault(
        name="bad-notify-type-read-as-day",
        family=_ANSWERS,
        stands_for="Whatever is not 1 counts as 0.",
        received=_within_periodicity("notify/type", frozenset({"0", "1"}), "0"),
    ),
    Fault(
        name="start-must-precede-end",
        family=_ANSWERS,
        stands_for="The comparison of start and end is strict where it should allow both to be one.",
        gate=_strictly_ordered,
    ),
    Fault(
        name="end-before-start-accepted",
        family=_ANSWERS,
        stands_for="The order of dates is checked in the browser only.",
        gate=opened(Check.DATE_ORDER),
    ),
    Fault(
        name="update-of-nothing-refused",
        family=_ANSWERS,
        stands_for="Without anything to set, the statement is no SQL, and its error comes back as a refusal.",
        received=_refuse_nothing,
    ),
    Fault(
        name="read-shows-parents-id",
        family=_ANSWERS,
        stands_for="A join of the task with its parent has two columns named id, and the later one wins.",
        card=_parents_id,
    ),
    Fault(
        name="creation-answers-former-id",
        family=_ANSWERS,
        stands_for="The new id is asked for on a pooled connection, at times that of the creation before.",
        answered=_former_id,
    ),
)
