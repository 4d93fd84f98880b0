"""Every fault of the mocked R7 portal: a fixed conversation goes otherwise at a known place, and never fails."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from etalon.portals.mocks import r7
from etalon.portals.mocks.base import FaultFamily, UnknownDialectError, UnknownFaultError
from etalon.portals.mocks.r7 import conversion, dates, seed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    "alertValue": -40,
}
FIRST, SECOND = seed.FIRST_FREE_TASK_ID, seed.FIRST_FREE_TASK_ID + 1


@dataclass(frozen=True)
class Step:
    """One call of the conversation, and the name by which the table below refers to it."""

    name: str
    method: str
    path: str
    json: Any = None
    token: str | None = TOKEN
    headers: Mapping[str, str] = field(default_factory=dict)


def put(name: str, task_id: int, **members: object) -> Step:
    return Step(name, "PUT", f"task/{task_id}", members)


def get(name: str, task_id: int, token: str | None = TOKEN, **headers: str) -> Step:
    return Step(name, "GET", f"task/{task_id}", None, token, headers)


CONVERSATION = (
    Step("create rich", "POST", "task", RICH),
    get("read rich", FIRST),
    get("read rich as XML", FIRST, accept="text/xml"),
    Step("read rich by suffix", "GET", f"task/{FIRST}.xml"),
    Step("create plain", "POST", "task", PLAIN),
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
    Step("update malformed", "PUT", f"task/{FIRST}", [1]),
    get("read without token", FIRST, None),
    get("read with part of token", FIRST, TOKEN[:-1]),
    get("read with token in other case", FIRST, TOKEN.swapcase()),
    Step("delete", "DELETE", f"task/{SECOND}"),
    get("read deleted", SECOND),
    get("read neighbour of deleted", FIRST),
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
                login = {"Authorization": step.token} if step.token else {}
                path = f"/api/2.0/crm/{step.path}"
                answer = await client.request(
                    step.method, path, json=step.json, headers={**step.headers, **login}
                )
                answers[step.name] = (answer.status_code, answer.headers["content-type"], answer.content)
        return answers

    return asyncio.run(converse())


def changed_by(*faults: str, dialect: str = "documented") -> list[str]:
    """Return the steps at which a faulty portal answers otherwise than an honest one."""
    honest, faulty = transcript(dialect), transcript(dialect, *faults)
    return [step.name for step in CONVERSATION if honest[step.name] != faulty[step.name]]
