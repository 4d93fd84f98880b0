"""Every fault that was reported of a real server: the portal with it answers otherwise."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from etalon.vendors.r7 import mock as r7
from etalon.vendors.r7.mock import seed
from etalon.vendors.r7.mock.faults import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ADMIN, MANAGER, _ = (person.guid for person in seed.PEOPLE)
TOKEN = seed.ADMINISTRATOR.token
NEW = seed.FIRST_FREE_TASK_ID
OPEN, OTHER, CLOSED = (task.id for task in seed.TASKS)
PLAIN = {"title": "Счёт", "deadline": "2031-02-03T04:05:06Z", "responsibleId": ADMIN, "categoryId": 1031}
XML = {"Accept": "text/xml"}


@dataclass(frozen=True)
class Ask:
    """One request; what is asked `beside` it goes out at the same time."""

    method: str
    path: str
    json: Any = None
    token: str = TOKEN
    headers: Mapping[str, str] = field(default_factory=dict)
    beside: Ask | None = None


@dataclass(frozen=True)
class Case:
    """Requests, and what the answer to the last one shows without and with the fault."""

    asks: tuple[Ask, ...]
    looks: Callable[[httpx.Response], object]
    honest: object
    faulty: object


def create(**members: object) -> Ask:
    return Ask("POST", "task", {**PLAIN, **members})


def put(task_id: int = NEW, /, **members: object) -> Ask:
    return Ask("PUT", f"task/{task_id}", members)


def get(task_id: int = NEW, **headers: str) -> Ask:
    return Ask("GET", f"task/{task_id}", headers=headers)


def reading(member: str) -> Callable[[httpx.Response], object]:
    return lambda answer: answer.json()["response"].get(member)


def reading_contact(answer: httpx.Response) -> object:
    return answer.json()["response"].get("contact", {}).get("displayName")


def status(answer: httpx.Response) -> object:
    return answer.status_code


def titles(answer: httpx.Response) -> object:
    return sorted(task["title"] for task in answer.json()["response"] if task["id"] >= NEW)


def kept(text: str, faulty: str, member: str = "description") -> Case:
    """A text that is created and read."""
    return Case((create(**{member: text}), get()), reading(member), text, faulty)


def due(spelt: str, honest: str, faulty: str) -> Case:
    """A deadline that is created and read."""
    return Case((create(deadline=spelt), get()), reading("deadLine"), f"{honest}Z", f"{faulty}Z")


LIST = Ask("GET", "task/filter")
CASES = {
    "line-ends-redone-by-next-update": Case(
        (create(description="a\r\nb"), put(title="c"), get()), reading("description"), "a\r\nb", "a\nb"
    ),
    "title-escaped-by-next-update": Case(
        (create(title="a & b"), put(description="c"), get()), reading("title"), "a & b", "a &amp; b"
    ),
    "leading-zeros-lost-by-next-update": Case(
        (create(description="007"), put(title="c"), get()), reading("description"), "007", "7"
    ),
    "deadline-fraction-lost-by-next-update": Case(
        (create(deadline="2031-02-03T04:05:06.7Z"), put(title="c"), get()),
        reading("deadLine"),
        "2031-02-03T04:05:06.7000000Z",
        "2031-02-03T04:05:06.0000000Z",
    ),
    "summer-deadline-moves-with-next-update": Case(
        (create(deadline="2031-07-03T04:05:06Z"), put(title="c"), get()),
        reading("deadLine"),
        "2031-07-03T04:05:06.0000000Z",
        "2031-07-03T05:05:06.0000000Z",
    ),
    "refused-values-saved-with-next-update": Case(
        (create(), put(title="refused", categoryid=9), put(alertValue=5), get()),
        reading("title"),
        "Счёт",
        "refused",
    ),
    "refusal-breaks-next-write": Case(
        (create(), put(title="refused", categoryid=9), put(alertValue=5)), status, 200, 500
    ),
    "missing-task-remembered-as-missing": Case((get(), create(), get()), status, 200, 404),
    "lone-zero-is-empty": kept("0", ""),
    "line-cut-at-unmatched-angle": kept("a <5 b\nc < d <e>", "a \nc < d <e>"),
    "emoji-glue-stripped": kept("⚖\ufe0f", "⚖"),
    "json-like-text-decoded": kept("[7](3,5) and more", "[7]", "title"),
    "formula-sign-stripped": kept("=1+1", "1+1", "title"),
    "title-of-256-loses-its-last-character": kept("я" * 256, "я" * 255, "title"),
    "short-fraction-read-as-milliseconds": due(
        "2031-02-03T04:05:06.5Z", "2031-02-03T04:05:06.5000000", "2031-02-03T04:05:06.0050000"
    ),
    "minute-lost-when-seconds-round-up": due(
        "2031-02-03T04:05:59.9999999Z", "2031-02-03T04:05:59.9999999", "2031-02-03T04:05:00.0000000"
    ),
    "negative-half-hour-offset-misread": due(
        "2031-02-03T04:05:06-03:30", "2031-02-03T07:35:06.0000000", "2031-02-03T06:35:06.0000000"
    ),
    "repeated-hour-read-as-first": due(
        "2031-10-26T01:30:00Z", "2031-10-26T01:30:00.0000000", "2031-10-26T00:30:00.0000000"
    ),
    "gap-hour-pushed-on": due(
        "2031-03-30T02:30:00Z", "2031-03-30T02:30:00.0000000", "2031-03-30T03:30:00.0000000"
    ),
    "week-year-at-turn-of-year": due(
        "2031-12-30T12:00:00Z", "2031-12-30T12:00:00.0000000", "2032-12-30T12:00:00.0000000"
    ),
    "closed-task-edit-not-saved": Case(
        (put(CLOSED, title="new"), get(CLOSED)), reading("title"), "new", "Закрыть акт"
    ),
    "closed-task-loses-reminder-on-update": Case(
        (put(CLOSED, title="new"), get(CLOSED)), reading("alertValue"), 0, None
    ),
    "zero-reminder-lost-beside-deadline": Case(
        (put(OPEN, deadline="2031-02-03T04:05:06Z", alertValue=0), get(OPEN)), reading("alertValue"), 0, 30
    ),
    "contact-of-new-task-lost-beside-entity": Case(
        (create(contactId=402, entityType="case", entityId=502), get()),
        reading_contact,
        "Марина Ёлкина",
        None,
    ),
    "first-update-inserts-again": Case((create(), put(title="new"), LIST), titles, ["new"], ["new", "new"]),
    "new-responsible-gets-a-copy": Case(
        (create(), put(responsibleid=MANAGER), LIST), titles, ["Счёт"], ["Счёт", "Счёт"]
    ),
    "delete-unlinks-contact-of-others": Case(
        (create(contactId=401), Ask("DELETE", f"task/{NEW}"), get(OPEN)),
        reading_contact,
        "ООО «Вектор & Партнёры»",
        None,
    ),
    "id-in-body-wins": Case(
        (put(OPEN, id=OTHER, title="new"), get(OTHER)), reading("title"), "Prepare the demo", "new"
    ),
    "author-in-body-taken": Case(
        (put(OPEN, createBy={"id": MANAGER}), get(OPEN)),
        lambda answer: answer.json()["response"]["createBy"]["id"],
        ADMIN,
        MANAGER,
    ),
    "token-with-tail-accepted": Case((Ask("GET", f"task/{OPEN}", token=f"{TOKEN}x"),), status, 401, 200),
    "task-id-in-32-bits": Case((put(OPEN + 2**32, title="new"),), status, 404, 200),
    "guid-tail-ignored": Case((put(OPEN, responsibleid=f"{MANAGER}0"),), status, 400, 200),
    "accept-not-in-cache-key": Case(
        (get(OPEN, **XML), get(OPEN)),
        lambda answer: answer.headers["content-type"],
        "application/json; charset=UTF-8",
        "text/xml; charset=UTF-8",
    ),
    "copy-renewed-in-one-format": Case(
        (get(OPEN, **XML), put(OPEN, title="new"), get(OPEN, **XML)),
        lambda answer: answer.text.count("<title>new</title>"),
        1,
        0,
    ),
    "second-read-from-replica": Case(
        (put(OPEN, title="new"), get(OPEN), get(OPEN)), reading("title"), "new", "Позвонить в «Вектор»"
    ),
    "read-after-list-lacks-description": Case(
        (LIST, get(OPEN)), reading("description"), "Уточнить сроки & адрес", None
    ),
    "unchanged-update-not-found": Case((put(OPEN, alertValue=30),), status, 200, 404),
    "empty-object-clears-the-optional": Case((put(OPEN), get(OPEN)), reading("alertValue"), 30, None),
    "repeated-update-not-carried-out": Case(
        (put(OPEN, alertValue=1), put(OPEN, alertValue=2), put(OPEN, alertValue=1), get(OPEN)),
        reading("alertValue"),
        1,
        2,
    ),
}


def answer_to(asks: tuple[Ask, ...], *faults: str) -> httpx.Response:
    """Put the requests to a fresh portal and return its last answer."""
    app = r7.create("documented", faults).app

    async def converse() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
            for ask in asks:
                others = [ask.beside] if ask.beside else []
                answers = await asyncio.gather(*(say(client, one) for one in (*others, ask)))
        return answers[-1]

    async def say(client: httpx.AsyncClient, ask: Ask) -> httpx.Response:
        headers = {"Authorization": ask.token, **ask.headers}
        return await client.request(ask.method, f"/api/2.0/crm/{ask.path}", json=ask.json, headers=headers)

    return asyncio.run(converse())


def test_the_table_names_every_reported_fault() -> None:
    assert sorted(CASES) == sorted(name for name, fault in CATALOGUE.items() if fault.reported)


@pytest.mark.parametrize("fault", CASES)
def test_the_honest_portal_answers_as_it_should(fault: str) -> None:
    case = CASES[fault]
    assert case.looks(answer_to(case.asks)) == case.honest


@pytest.mark.parametrize("fault", CASES)
def test_the_portal_with_the_fault_answers_otherwise(fault: str) -> None:
    case = CASES[fault]
    assert case.looks(answer_to(case.asks, fault)) == case.faulty


@pytest.mark.parametrize("fault", CASES)
def test_a_reported_fault_says_where(fault: str) -> None:
    assert CATALOGUE[fault].reported.startswith("https://")
    assert len(CATALOGUE[fault].stands_for) > 20


def test_no_two_reported_faults_share_a_report() -> None:
    assert len({CATALOGUE[fault].reported for fault in CASES}) == len(CASES)
