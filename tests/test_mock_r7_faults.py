"""Every fault of the mocked R7 portal: it turns a fixed conversation at a known place."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from etalon.portals.mocking import FaultFamily, UnknownDialectError, UnknownFaultError
from etalon.vendors.r7 import mock as r7
from etalon.vendors.r7.mock import conversion, dates, seed
from etalon.vendors.r7.mock.faults import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMIN, MANAGER, ASSISTANT = (person.guid for person in seed.PEOPLE)
TOKEN = seed.ADMINISTRATOR.token

RICH = {
    "title": ' «Ёлка и заи\u0306чик» & <b>"жирно"</b> &lt;i&gt;  50%25+1 \u20ac\u6f22\U0001f600 ' + "я" * 300,
    "description": "  строка\nещё\r\nи \U0001f600 хвост " + "ж" * 1200 + "  ",
    "deadline": "2031-05-06T07:08:39.1234567+05:00",
    "responsibleId": MANAGER.upper(),
    "categoryId": 1032,
    "contactId": 402,
    "entityType": "opportunity",
    "entityId": 502,
    "isNotify": False,
    "alertValue": 70_000,
}
PLAIN = {"title": "Счёт", "deadline": "2031-02-03T04:05:06", "responsibleId": ADMIN, "categoryId": 1031}
OTHER = {
    "title": "Позвонить ещё раз",
    "description": "Другое",
    "deadline": "2032-08-07T06:05:04Z",
    "responsibleid": ASSISTANT,
    "categoryid": 1040,
    "contactid": 415,
    "entityType": "case",
    "entityid": 502,
    "alertValue": 40,
}
FIRST, SECOND = seed.FIRST_FREE_TASK_ID, seed.FIRST_FREE_TASK_ID + 1


@dataclass(frozen=True)
class CallStep:
    """One call of the conversation, the one that goes out beside it, and the name in the table below."""

    name: str
    method: str
    path: str
    json: Any = None
    token: str | None = TOKEN
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    beside: CallStep | None = None


def put(name: str, task_id: int, **members: object) -> CallStep:
    return CallStep(name, "PUT", f"task/{task_id}", members)


def get(name: str, task_id: int, token: str | None = TOKEN, **headers: str) -> CallStep:
    return CallStep(name, "GET", f"task/{task_id}", None, token, headers)


CONVERSATION = (
    CallStep("create rich", "POST", "task", RICH),
    get("read rich", FIRST),
    get("read rich as XML", FIRST, accept="text/xml"),
    CallStep("read rich by suffix", "GET", f"task/{FIRST}.xml"),
    CallStep("create plain", "POST", "task", PLAIN),
    get("read plain", SECOND),
    get("read rich after plain", FIRST),
    put("update title alone", FIRST, title="Только заголовок"),
    get("read after title alone", FIRST),
    put("update all", FIRST, **OTHER),
    get("read after all", FIRST),
    get("read task that shares contact and category", 1190),
    put("update entity type alone", FIRST, entityType="opportunity"),
    get("read after entity type alone", FIRST),
    put("update to what is empty", FIRST, description="", alertValue=0),
    get("read after what is empty", FIRST),
    put("update deadline with dashes", FIRST, deadline="2008-04-10T06-30-00.900Z"),
    get("read after deadline with dashes", FIRST),
    put("update title like a date", FIRST, title="2008-04-10T06:30:00.000Z"),
    get("read after title like a date", FIRST),
    put("update closed task", 1194, title="Закрыть акт сверки"),
    get("read closed task", 1194),
    get("read neighbour of closed task", 1190),
    put("update to a namesake", 1187, title="Prepare the demo", responsibleid=ASSISTANT),
    get("read namesake", 1190),
    put("update refused", FIRST, title="Отвергнут", description="Отвергнуто", categoryid=9),
    get("read after refusal", FIRST),
    put("update unknown id", 77, **PLAIN),
    get("read unknown id", 78),
    CallStep("update malformed", "PUT", f"task/{FIRST}", [1]),
    get("read without token", FIRST, None),
    get("read with part of token", FIRST, TOKEN[:-1]),
    get("read with token in other case", FIRST, TOKEN.swapcase()),
    CallStep("delete", "DELETE", f"task/{SECOND}"),
    get("read deleted", SECOND),
    get("read neighbour of deleted", FIRST),
    put("update with isNotify", FIRST, isNotify=False),
    put("update with unreadable date", FIRST, deadline="someday"),
    put("update with unreadable number", FIRST, alertValue="soon"),
    put("update with unreadable entity", FIRST, entityType="case", entityid="first"),
    put("update with unknown entity type", FIRST, entityType="spaceship"),
    put("update to impossible day", FIRST, deadline="2031-02-30T09:00:00Z"),
    CallStep("update in an array", "PUT", f"task/{FIRST}", [{"title": "В массиве"}]),
    CallStep("update cut short", "PUT", f"task/{FIRST}", content=b'{"title": "cut"'),
    put("update reminder", FIRST, alertValue=50),
    put("update reminder again", FIRST, alertValue=50),
    put("update contact alone", FIRST, contactid=402),
    CallStep("create refused", "POST", "task", {"title": "Отвергнута", "description": "Совсем"}),
    get("read refused creation", SECOND + 1),
    CallStep("update without token", "PUT", f"task/{FIRST}", {"title": "Чужой"}, None),
    get("read after update without token", FIRST),
    CallStep("update cut short without token", "PUT", f"task/{FIRST}", None, None, content=b'{"title": '),
    put("fill for two updates", FIRST, title="До", description="До"),
    CallStep(
        "update title beside description",
        "PUT",
        f"task/{FIRST}",
        {"title": "После"},
        beside=put("update description beside title", FIRST, description="После"),
    ),
    get("read after two updates", FIRST),
    CallStep(
        "create beside another", "POST", "task", PLAIN, beside=CallStep("the other", "POST", "task", PLAIN)
    ),
)


def ticking() -> dates.Clock:
    start = dates.parse("2026-01-02T03:04:05Z", conversion.DOCUMENTED_DATES)
    counter = itertools.count()
    return lambda: start + next(counter) * (dates.TICKS_PER_SECOND + 1_234_567)


@cache
def transcript(dialect: str, *faults: str) -> dict[str, tuple[int, str, bytes]]:
    """Hold the conversation with a fresh portal: step → status, content type and body of the answer."""
    app = r7.create(dialect, faults, clock=ticking()).app

    async def converse() -> dict[str, tuple[int, str, bytes]]:
        transport = httpx.ASGITransport(app=app)
        answers = {}
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
            for step in CONVERSATION:
                steps = [step, step.beside] if step.beside else [step]
                for one, answer in zip(
                    steps, await asyncio.gather(*(say(client, one) for one in steps)), strict=True
                ):
                    answers[one.name] = (answer.status_code, answer.headers["content-type"], answer.content)
        return answers

    async def say(client: httpx.AsyncClient, step: CallStep) -> httpx.Response:
        login = {"Authorization": step.token} if step.token else {}
        return await client.request(
            step.method,
            f"/api/2.0/crm/{step.path}",
            json=step.json,
            content=step.content,
            headers={
                **step.headers,
                **login,
                **({"Content-Type": "application/json"} if step.content else {}),
            },
        )

    return asyncio.run(converse())


def changed_by(*faults: str, dialect: str = "documented") -> list[str]:
    """Return the steps at which a faulty portal answers otherwise than an honest one."""
    honest, faulty = transcript(dialect), transcript(dialect, *faults)
    return [name for name in honest if honest[name] != faulty[name]]


# CallStep of the conversation → the faults that show there for the first time.
NOTICED_AT = {
    "create rich": """
        deadline-offset-dropped deadline-hour-ahead deadline-rounded-to-minute
        deadline-rounded-to-second password-leaks-into-person status-as-string response-in-list
        status-counts-rows
        response-renamed content-type-html json-with-byte-order-mark answer-cut-at-1024-bytes
        id-as-string id-shown-as-zero can-edit-as-number alert-value-as-text deadline-without-zone
        deadline-in-unix-seconds created-in-local-spelling guid-truncated responsible-as-guid
        category-title-only deadline-not-shown author-not-shown guid-compared-by-letter
        long-fraction-refused create-answers-with-first-category create-takes-first-category
        create-answers-former-id
        create-by-service-account create-refuses-is-notify create-fills-in-defaults
        create-defaults-the-unreadable
    """,
    "read rich": """
        id-unmapped-in-reads
        create-loses-description create-loses-contact create-loses-entity create-loses-alert-value
        title-cut-at-255 title-cut-at-128 description-cut-at-1000 emoji-lost text-ends-at-emoji
        trailing-blanks-trimmed leading-blanks-trimmed markup-stripped deadline-fraction-lost
        deadline-time-lost contact-displaces-entity text-html-unescaped text-html-escaped
        text-normalised yo-becomes-ye spaces-collapsed newlines-become-spaces newlines-become-crlf
        text-in-code-page-1251 text-percent-decoded quotes-made-typographic alert-value-off-by-one
        alert-value-in-16-bits title-copied-into-description deadline-leaks-into-created
        create-names-after-category
    """,
    "read rich as XML": """
        xml-accept-ignored xml-differs-from-json xml-deadline-shifted xml-unescaped xml-root-renamed
        xml-declares-windows-1251 xml-booleans-capitalised
    """,
    "create plain": """
        description-leaks-into-next-create answer-shows-last-description create-overwrites-last-task
        create-answers-with-last-request create-demands-description
    """,
    "update title alone": """
        lone-member-clears-the-rest update-always-answers-xml
        title-not-updated update-clears-description update-clears-contact update-clears-entity
        update-clears-alert-value created-moves-on-update author-becomes-responsible
        id-changes-on-update update-resets-category update-takes-over-task echo-stale update-replaces
    """,
    "read after title alone": """
        update-loses-title read-cached
    """,
    "update all": """
        category-title-kept
        description-not-updated deadline-not-updated responsible-not-updated category-not-updated
        contact-not-updated entity-not-updated alert-value-not-updated
    """,
    "read after all": """
        update-loses-description update-loses-deadline update-loses-responsible update-loses-contact
        update-loses-entity update-loses-alert-value only-first-change-stored
        entity-type-kept-when-id-changes
    """,
    "read task that shares contact and category": """
        update-moves-deadlines-of-category update-describes-tasks-of-contact
    """,
    "update entity type alone": """
        every-third-update-ignored description-cleared-now-and-then title-falls-back-to-category
    """,
    "update to what is empty": """
        empty-description-ignored zero-alert-ignored
    """,
    "update deadline with dashes": """
        dash-deadline-is-local dash-deadline-refused
    """,
    "read after title like a date": """
        date-like-text-rewritten
    """,
    "update closed task": """
        update-reopens-task
    """,
    "read neighbour of closed task": """
        update-touches-neighbour
    """,
    "read namesake": """
        update-reassigns-namesakes
    """,
    "update refused": """
        token-leaks-into-error error-swallowed-as-200 error-in-http-200 error-as-html status-always-zero
        error-without-envelope
    """,
    "read after refusal": """
        rejected-update-half-applied
    """,
    "update unknown id": """
        unknown-id-update-creates
    """,
    "read unknown id": """
        unknown-id-answers-empty
    """,
    "update malformed": """
        bad-request-answers-500 cut-body-repaired
    """,
    "read without token": """
        unauthenticated-accepted unauthenticated-answers-403 unauthenticated-answers-log-in-page
    """,
    "read with part of token": """
        token-prefix-accepted
    """,
    "read with token in other case": """
        token-case-ignored
    """,
    "read deleted": """
        deleted-task-stays
    """,
    "read neighbour of deleted": """
        delete-takes-neighbour
    """,
    "update with isNotify": """
        update-refuses-is-notify
    """,
    "update with unreadable date": """
        unreadable-date-skipped
    """,
    "update with unreadable number": """
        unreadable-number-skipped
    """,
    "update with unreadable entity": """
        unreadable-entity-dropped
    """,
    "update with unknown entity type": """
        unknown-entity-type-skipped
    """,
    "update to impossible day": """
        impossible-day-rolls-over
    """,
    "update in an array": """
        body-of-any-type-taken
    """,
    "update reminder again": """
        unchanged-update-unarms-reminder
    """,
    "update contact alone": """
        new-contact-drops-entity
    """,
    "read refused creation": """
        refused-creation-stays
    """,
    "read after update without token": """
        stranger-carried-out
    """,
    "update cut short without token": """
        input-checked-before-token
    """,
    "update description beside title": """
        simultaneous-update-lost
    """,
    "the other": """
        simultaneous-creations-share-id
    """,
}
FIRST_NOTICED = {fault: step for step, faults in NOTICED_AT.items() for fault in faults.split()}
# Faults from reports of real servers have conversations of their own: test_faults_from_reports_r7.py.
THOUGHT_UP = [name for name, fault in CATALOGUE.items() if not fault.reported]


def test_two_honest_portals_hold_the_same_conversation() -> None:
    assert transcript("documented") == transcript.__wrapped__("documented")


def test_the_table_names_every_fault_once() -> None:
    assert sorted(FIRST_NOTICED) == sorted(THOUGHT_UP)
    assert len(THOUGHT_UP) == sum(len(faults.split()) for faults in NOTICED_AT.values())


@pytest.mark.parametrize("fault", THOUGHT_UP)
def test_a_fault_shows_where_it_must(fault: str) -> None:
    assert changed_by(fault)[0] == FIRST_NOTICED[fault]


@pytest.mark.parametrize("pair", list(itertools.pairwise(THOUGHT_UP)), ids=" and ".join)
def test_faults_act_together(pair: tuple[str, str]) -> None:
    assert changed_by(*pair)


def test_all_faults_at_once_still_answer() -> None:
    for dialect in r7.DIALECTS:
        assert changed_by(*r7.FAULTS, dialect=dialect)


def test_every_family_is_stocked_and_every_fault_explained() -> None:
    assert {info.family for info in r7.FAULTS.values()} == set(FaultFamily)
    for name, info in r7.FAULTS.items():
        assert info.name == name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)
        assert len(info.stands_for) > 20


def test_a_portal_says_which_faults_it_has() -> None:
    assert r7.create(faults=["echo-stale", "read-cached"]).faults == ("echo-stale", "read-cached")


def test_an_unknown_fault_is_refused_with_the_names() -> None:
    with pytest.raises(UnknownFaultError, match=r"Did you mean echo-stale.*It has: accept-not-in-cache-"):
        r7.create(faults=["echo-stail"])


def test_an_unknown_dialect_is_refused_with_the_names() -> None:
    with pytest.raises(UnknownDialectError, match="documented, communityserver, not 'klingon'"):
        r7.create("klingon")
