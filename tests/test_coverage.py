from __future__ import annotations

import json

import pytest

from etalon.judging.coverage import exercised, kinds_of
from etalon.portals.exchange import Exchange, Request, Response
from etalon.shipped import documented


def sent(operation: str, body: bytes, subject: int | None = None) -> Exchange:
    return Exchange(
        1, operation, Request("PUT", "https://portal.example", (), body), Response(200, ()), subject
    )


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (None, {"null"}),
        (True, {"true"}),
        (0, {"zero"}),
        (7, {"positive"}),
        (-7, {"negative"}),
        (0.5, {"fraction"}),
        (2**31 - 1, {"at-32-bits"}),
        ([], {"list"}),
        ({}, {"object"}),
        ("", {"empty"}),
        ("12", {"positive"}),
        ("9924256a-739c-462b-af15-e652a3b1b6eb", {"guid"}),
        ("01-02-2031", {"date"}),
        ("2008-04-10T06-30-00.000Z", {"date-time"}),
        ("plain", {"ascii"}),
        ("Ёжик", {"cyrillic"}),
        ("日本 𝄞", {"other-letters", "beyond-bmp"}),
        ("<b> & ", {"ascii", "markup", "spaces"}),
        ("\"'\n", {"quotes", "line-breaks", "spaces"}),
        ("a\u200bb", {"invisible"}),
        ("a" * 255, {"ascii", "long"}),
    ],
)
def test_what_kind_of_value_something_is(value: object, kinds: set[str]) -> None:
    assert set(kinds_of(value)) == kinds


def test_parameters_are_counted_by_operation_and_those_left_out_too() -> None:
    journal = [
        sent("updateTask", json.dumps({"Title": "Ёж", "alertValue": 0}).encode(), 7),
        sent("updateTask", b"{}", 8),
        sent("updateTask", b"[broken", 8),
        sent("getTask", b"", 8),
    ]
    [found] = exercised({"updateTask": ("taskid", "title", "alertValue", "isNotify")}, journal)
    assert found.requests == 3
    assert found.parameters == {
        "taskid": {"positive": 2},
        "title": {"cyrillic": 1, "absent": 1},
        "alertValue": {"zero": 1, "absent": 1},
        "isNotify": {"absent": 2},
    }


def test_members_of_a_document_are_counted_by_their_path() -> None:
    body = (
        b'\xef\xbb\xbf<?xml version="1.0"?><request method="task.update"><task><id>5</id>'
        b'<title>a<!-- b -->c</title><periodicity unset="1"/></task></request>'
    )
    [found] = exercised(
        {"task.update": ("task/id", "task/title", "task/periodicity/@unset", "task/status")},
        [sent("task.update", body, 5), sent("task.update", b"<request><task>", 5)],
    )
    assert found.parameters == {
        "task/id": {"positive": 1},
        "task/title": {"ascii": 1},
        "task/periodicity/@unset": {"positive": 1},
        "task/status": {"absent": 1},
    }


def test_every_parameter_of_the_pages_is_there_to_be_sent() -> None:
    assert {"title", "responsibleId", "alertValue"} <= set(documented("r7")["createTask"])
    assert documented("r7")["updateTask"][0] == "taskid"
    assert {"task/workers/addUsers/id", "task/periodicity/daily/type"} <= set(
        documented("planfix")["task.update"]
    )
