"""The work that an answer makes is bounded, as its bytes are: what is counted here took minutes before."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from xmlschema import XMLSchema11

from etalon.generation.json_bodies import load_spec
from etalon.portals import bounded_xml, strict_json
from etalon.portals.curl import response_text
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.secrets import Redactor
from etalon.shipped import spec
from etalon.vendors.planfix.answers import NotAnAnswerError, parse
from etalon.vendors.planfix.judging import laws as planfix_laws
from etalon.vendors.planfix.judging.evidence import reading as planfix_reading
from etalon.vendors.r7.judging.evidence import reading as r7_reading
from etalon.vendors.r7.judging.laws import laws as r7_laws

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 300_000
# Seconds on a machine that does much else; what grows with the square takes minutes.
LONG = 30

TASK = {"id": 7, "title": "x"}


def enveloped(task: object) -> bytes:
    return json.dumps({"status": 0, "response": task}).encode()


def card(content: str, *, attributes: str = "") -> bytes:
    return f"<response status='ok'><task{attributes}><id>7</id>{content}</task></response>".encode()


JSON: dict[str, Callable[[], bytes]] = {
    "members": lambda: enveloped(TASK | {f"m{number}": number for number in range(MANY)}),
    "one member again and again": lambda: b'{"response":{"id":7,' + b'"title":"x",' * MANY + b'"a":1}}',
    "a list": lambda: enveloped(TASK | {"many": list(range(MANY))}),
    "a list of tasks": lambda: enveloped([TASK] * MANY),
    "levels": lambda: b'{"response":{"id":7,"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}}",
    "levels that Python reads": lambda: b'{"response":{"id":7,"x":' + b"[" * 900 + b"]" * 900 + b"}}",
    "a number": lambda: b'{"response":{"id":' + b"9" * 4_000_000 + b"}}",
}
XML: dict[str, Callable[[], bytes]] = {
    "elements": lambda: card("".join(f"<m{number}>1</m{number}>" for number in range(MANY))),
    "one element again and again": lambda: card("<m>1</m>" * MANY),
    "empty elements": lambda: card("<m/>" * MANY),
    "attributes": lambda: card("", attributes="".join(f' a{number}="1"' for number in range(MANY))),
    "levels": lambda: card("<a>" * 10_000 + "</a>" * 10_000),
    "entities": lambda: b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>]>" + card("&a;" * 1_000_000),
}


@pytest.mark.parametrize("what", JSON)
def test_json_that_has_too_much_is_not_read(what: str) -> None:
    assert strict_json.parse_object(JSON[what]()) is None


@pytest.mark.parametrize("what", XML)
def test_xml_that_has_too_much_is_not_read(what: str) -> None:
    with pytest.raises(NotAnAnswerError):
        parse(XML[what]())


def test_what_a_sound_portal_answers_is_read() -> None:
    people = [{f"member{number}": "a, b: {c} [d]" for number in range(40)}] * 1000
    assert strict_json.parse_object(enveloped(people)) is not None
    text = "1, 2, [3], {4}: " * 60_000  # of a task, not of the document's form
    assert strict_json.parse_object(enveloped(TASK | {"description": text})) is not None
    assert (
        parse(card("<custom>1</custom>" * 10_000 + f"<title>{'a = 1 &amp; ' * 90_000}</title>")) is not None
    )
    assert parse(card("<title>" + '&lt;p class="x"> ' * 50_000 + "</title>")) is not None
    assert strict_json.MOST_PARTS > 40_000
    assert bounded_xml.MOST_PARTS > 10_000


def test_the_law_says_what_is_too_much() -> None:
    with pytest.raises(ValueError, match="it has more than 100,000 parts"):
        strict_json.parse(JSON["members"]())
    with pytest.raises(NotAnAnswerError, match="more than 20,000 elements and attributes"):
        parse(XML["elements"]())


TEXTS: dict[str, Callable[[], bytes]] = {
    "open tags of secrets": lambda: enveloped(TASK | {"description": "<sid " * 600_000}),
    "blanks": lambda: enveloped(TASK) + b" " * 4_000_000,
    "quotation marks": lambda: enveloped(TASK | {"description": '"' * 2_000_000}),
    "secrets": lambda: enveloped(TASK | {"many": [{"token": f"x{number}"} for number in range(90_000)]}),
}


@pytest.mark.parametrize("what", [*JSON, *XML, *TEXTS])
def test_an_answer_is_judged_and_shown_in_time(what: str) -> None:
    body = {**JSON, **XML, **TEXTS}[what]()
    xml = what in XML
    schemas = {"task.get": XMLSchema11(str(spec("planfix", "task.get.ok.xsd")))}
    openapi = load_spec(spec("r7", "openapi.yaml"))
    response = Response(200, (("content-type", "application/xml" if xml else "application/json"),), body)
    for operation in ("getTask", "task.get"):
        exchange = Exchange(1, operation, Request("GET", "http://portal.example", ()), response, 7)
        started = time.process_time()
        r7_reading(exchange)
        planfix_reading(exchange)
        judges: list[Callable[[Exchange], object]] = [
            *r7_laws(openapi, [exchange]).values(),
            planfix_laws.well_formed,
            partial(planfix_laws.valid, schemas=schemas, functions=frozenset(schemas)),
        ]
        for law in judges:
            law(exchange)
        shown = response_text(exchange, Redactor())
        assert time.process_time() - started < LONG
        assert len(shown) < 100_000
