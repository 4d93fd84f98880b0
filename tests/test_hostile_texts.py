"""Texts that no encoding has, numbers that no type holds, recordings of nobody: each costs a sentence."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.numerals import whole_number
from etalon.portals.serving import served
from etalon.vendors import vendor_of
from etalon.vendors.planfix.judging.evidence import reading as planfix_reading
from etalon.vendors.r7.answers import status_of, succeeded, task_id
from tests.conftest import target_table
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from pathlib import Path

    from etalon.portals.config import Kind
    from tests.conftest import CommandLine
    from tests.wrong_portals import Answer, Call

ENDINGS: dict[tuple[Kind, str], bytes] = {
    ("r7", "half a surrogate pair"): rb"\ud83d",
    ("r7", "NUL"): rb"\u0000",
    ("r7", "no character"): rb"\ufffe\uffff",
    ("planfix", "half a surrogate pair"): b"&#xD83D;",
    ("planfix", "beyond Unicode"): b"&#x110000;&#0;",
    ("planfix", "no character"): "\ufffe".encode(),
}
TEXTS: dict[Kind, bytes] = {
    "r7": rb'("(?:title|description)": ?"(?:[^"\\]|\\.)*)',
    "planfix": rb"(<(?:title|description)>[^<]*)",
}


def ending_texts_with(kind: Kind, ending: bytes, sound: Answer) -> Answer:
    def answer(call: Call) -> None:
        original = call.reply

        def reply(status: int, body: bytes, **headers: str) -> None:
            original(status, re.sub(TEXTS[kind], lambda text: text[1] + ending, body), **headers)

        call.reply = reply  # type: ignore[method-assign]
        sound(call)

    return answer


@pytest.mark.parametrize(("kind", "what"), ENDINGS)
def test_a_text_that_cannot_be_encoded_ends_no_run(etalon: CommandLine, kind: Kind, what: str) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with (
        served(portal) as url,
        portal_that(ending_texts_with(kind, ENDINGS[kind, what], passes_on(url))) as wrong,
    ):
        etalon.config(target_table(portal, wrong.url + portal.path))
        options = ("--output", str(etalon.output), "--profile", "quick", "--no-progress", "--verbose")
        outcome = etalon("run", "here", *options, "--record", "run.har")
    assert outcome.code == 1
    assert outcome.results["complete"] is True
    assert "Etalon itself failed" not in json.dumps(outcome.results) + outcome.out + outcome.err
    assert json.loads((etalon.folder / "run.har").read_text(encoding="utf-8"))["log"]["entries"]
    assert all(
        json.loads(path.read_text(encoding="utf-8"))
        for path in (etalon.output / "allure-results").glob("*.json")
    )
    for command in (["report", "out"], ["diff", "out", "out"], ["diff", "out", "out", "--format", "json"]):
        again = etalon(*command, env={"PYTHONIOENCODING": "ascii"})
        assert again.code in {0, 6}, again.err


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "١", "²", "1.0", "9" * 5000])
def test_what_is_no_whole_number(text: str) -> None:
    assert whole_number(text) is None


def shows(body: str, media_type: str = "application/json") -> Exchange:
    response = Response(200, (("content-type", media_type),), body.encode())
    return Exchange(1, "getTask", Request("GET", "http://portal.example", ()), response, 7)


@pytest.mark.parametrize("number", ["1e400", "1e999999999", "9" * 5000, '"²"', '"' + "9" * 5000 + '"'])
def test_a_number_that_no_type_holds_is_no_number(number: str) -> None:
    exchange = shows(f'{{"status": {number}, "statusCode": {number}, "response": {{"id": {number}}}}}')
    assert status_of(exchange) is None
    assert task_id(exchange) is None
    assert succeeded(exchange) in {True, False}


def test_an_id_of_thousands_of_digits_is_none() -> None:
    body = f"<response status='ok'><task><id>{'9' * 5000}</id><title>x</title></task></response>"
    shown = planfix_reading(shows(body, "application/xml"))
    assert shown is not None
    assert shown.members["title"] == "x"


def entry(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of any type, that is the point
    sound: dict[str, Any] = {
        "startedDateTime": "2031-01-01T00:00:00.000Z",
        "time": 20,
        "request": {"method": "GET", "url": "https://portal.example/api/2.0/crm/task/7.json", "headers": []},
        "response": {
            "status": 200,
            "headers": [{"name": "content-type", "value": "application/json"}],
            "content": {"text": '{"status": 0, "response": {"id": 7, "title": "x"}}'},
        },
    }
    for path, value in changes.items():
        *above, last = path.split("__")
        part = sound
        for name in above:
            part = part[name]
        part[last] = value
    return sound


VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    -5.5,
    10**400,
    float("nan"),
    "",
    "\ud83d",
    "https://[::1/",
    [],
    {},
    [None],
    [[]],
)
PLACES = (
    "startedDateTime",
    "time",
    "request",
    "response",
    "request__method",
    "request__url",
    "request__headers",
    "request__postData",
    "response__status",
    "response__headers",
    "response__content",
    "response__content__text",
    "response__content__encoding",
    "response__content__mimeType",
)


def judged(etalon: CommandLine, *entries: object) -> tuple[int, str, str]:
    path = etalon.folder / "x.har"
    path.write_text(json.dumps({"log": {"entries": list(entries)}}), encoding="utf-8")
    outcome = etalon("judge", "x.har", "--output", str(etalon.output))
    assert "Traceback" not in outcome.err
    return outcome.code, outcome.err, json.dumps(outcome.results)


@pytest.mark.parametrize("place", PLACES)
def test_a_recording_with_anything_anywhere_is_judged(etalon: CommandLine, place: str) -> None:
    wrong = [entry(**{place: copy.deepcopy(value)}) for value in VALUES]
    code, said, _ = judged(etalon, entry(), *wrong)
    assert code in {0, 1, 6}
    assert len(said.splitlines()) <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        "text",
        entry(request__url="https://[::1/"),
        entry(request__url="http://portal.example:99999/"),
        entry(request__url=7),
        entry(request__method=None),
        entry(response__status="200"),
        entry(response__status=10**400),
    ],
)
def test_an_entry_that_cannot_be_read_is_left_out_and_told(etalon: CommandLine, wrong: object) -> None:
    code, _, results = judged(etalon, entry(), wrong)
    assert code in {0, 1}
    assert "Entries of the recording that cannot be read, and are left out: 1." in results


def test_an_entry_without_an_answer_is_nothing_to_tell(etalon: CommandLine) -> None:
    broken_off = [entry(response__status=0), entry(response__status=-1), entry(response=None)]
    _, _, results = judged(etalon, entry(), *broken_off)
    assert "cannot be read" not in results


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"[]",
        b'{"log": []}',
        b'{"log": {"entries": {}}}',
        b"[" * 100_000,
        b'{"log": {"entries": [' + b"9" * 5000 + b"]}}",
        b"\xff\xfe\x00",
        b"\x00",
    ],
)
def test_what_is_no_recording_is_said_in_one_sentence(etalon: CommandLine, content: bytes) -> None:
    path: Path = etalon.folder / "x.har"
    path.write_bytes(content)
    outcome = etalon("judge", "x.har")
    assert outcome.code == 4
    [sentence] = outcome.err.splitlines()
    assert sentence.startswith("etalon: x.har: ")
