"""PlanFix exchanges and tasks to judge, made without a portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from etalon.portals.exchange import Exchange, Request, Response
from etalon.vendors.planfix.judging.evidence import change_of, reading
from etalon.vendors.planfix.requests import document, elements, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.evidence import Change, Reading
    from etalon.vendors.planfix.requests import Content

CARD: Mapping[str, Content] = {
    "id": 5,
    "title": "Title",
    "description": "Text",
    "importance": "AVERAGE",
    "status": 2,
    "checkResult": 0,
    "owner": {"id": 501, "name": "Вера"},
    "parent": {"id": 0},
    "project": {"id": 700, "title": "x"},
    "client": {"id": 0, "name": ""},
    "beginDateTime": "01-02-2030 10:00",
    "startTime": "05-03-2031",
    "endTime": "07-03-2031 18:00",
    "general": 9,
    "workers": {
        "users": {"user": [{"id": 501, "name": "Вера"}, {"id": 502, "name": "Артём"}]},
        "groups": {"group": [{"id": 61, "name": "g"}]},
    },
}


def exchange(operation: str, sent: bytes = b"", answered: bytes = b"", number: int = 1) -> Exchange:
    request = Request("POST", "http://portal.example/xml/", (), sent)
    return Exchange(number, operation, request, Response(200, (), answered))


def update(members: Mapping[str, Content], answered: bytes = b"", task: int | None = 5) -> Exchange:
    named: Mapping[str, Content] = {} if task is None else {"id": task}
    answered = answered or b'<response status="ok"><task><id>5</id></task></response>'
    return exchange(
        "task.update", render(document("task.update", elements({"task": {**named, **members}}))), answered
    )


def error(code: str) -> bytes:
    return f'<response status="error"><code>{code}</code><message/></response>'.encode()


def card(**changes: Content | None) -> Reading:
    members = {name: value for name, value in {**CARD, **changes}.items() if value is not None}
    root = etree.Element("response", {"status": "ok"})
    root.extend(elements({"task": members}))
    found = reading(exchange("task.get", answered=etree.tostring(root, encoding="UTF-8")))
    assert found is not None
    return found


def step(members: Mapping[str, Content], before: Reading, after: Reading, answered: bytes = b"") -> Change:
    return change_of(update(members, answered), before, after)
