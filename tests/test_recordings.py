"""A recording of any client's traffic is judged like a run, and no request is sent for it."""

from __future__ import annotations

import base64
import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.har import RecordingError, har_text, read_har
from etalon.portals.secrets import Redactor
from etalon.vendors import vendor_of
from etalon.vendors.r7.judging.recorded import changes, recognised

if TYPE_CHECKING:
    from pathlib import Path

    from etalon.portals.config import Kind
    from tests.conftest import CommandLine, Outcome

URL = "https://portal.example/api/2.0/crm/task"
HEADERS = st.lists(st.tuples(st.sampled_from(["x-a", "x-b"]), st.text("abc", max_size=3)), max_size=3)
EXCHANGES = st.builds(
    Exchange,
    number=st.just(1),
    operation=st.just(""),
    request=st.builds(
        Request,
        st.sampled_from(["GET", "POST", "PUT"]),
        st.just(URL),
        HEADERS.map(lambda pairs: (*pairs, ("content-type", "text/plain"))),
        st.binary(max_size=20) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")),
    ),
    response=st.builds(
        Response,
        st.integers(200, 599),
        HEADERS.map(lambda pairs: (*pairs, ("content-type", "text/plain"))),
        st.binary(max_size=20),
    ),
    at=st.just(1_700_000_000.0),
)


@given(exchange=EXCHANGES)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, exchange: Exchange) -> None:
    path = tmp_path_factory.getbasetemp() / "one.har"
    path.write_text(har_text([(exchange, Redactor())]), encoding="utf-8")
    assert read_har(path)[0] == [exchange]


NAMES = (
    *("log", "entries", "request", "response", "headers", "name", "value", "status", "method", "url"),
    *("postData", "content", "text", "encoding", "startedDateTime", "time", "mimeType"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(entries=st.lists(JSON, max_size=4))
def test_no_entry_trips_the_reader(tmp_path_factory: pytest.TempPathFactory, entries: list[object]) -> None:
    path = tmp_path_factory.getbasetemp() / "odd.har"
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    recognised(read_har(path)[0])


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "{}", '{"log": []}', '{"log": {"entries": {}}}', "[" * 100_000, "\ufeff{}"],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "no.har"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordingError, match=r"no\.har: expected a recording in HAR"):
        read_har(path)


def entry(
    method: str, path: str, status: int, shown: object, sent: object = None, *, at: int = 0
) -> dict[str, Any]:
    """An entry as Chromium's developer tools write one."""
    found: dict[str, Any] = {
        "startedDateTime": f"2031-01-15T09:30:{at:02}.000Z",
        "time": 12.5,
        "_resourceType": "xhr",
        "request": {
            "method": method,
            "url": URL + path,
            "headers": [{"name": "cookie", "value": "asc_auth_key=a-browsers-session-key"}],
        },
        "response": {
            "status": status,
            "headers": [
                {"name": "Content-Type", "value": "application/json; charset=utf-8"},
                {"name": "content-encoding", "value": "br"},
            ],
            "content": {"mimeType": "application/json", "text": json.dumps(shown)},
        },
    }
    if sent is not None:
        found["request"]["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    return found


TASK: dict[str, Any] = {
    "id": 7,
    "createBy": {"id": "9924256a-739c-462b-af15-e652a3b1b6eb", "displayName": "A"},
    "created": "2031-01-15T09:00:00.0000000Z",
    "title": "A task",
    "description": "As it was",
    "deadLine": "2031-02-15T09:30:00.0000000Z",
    "alertValue": 0,
    "responsible": {"id": "9924256a-739c-462b-af15-e652a3b1b6eb", "displayName": "A"},
    "isClosed": False,
    "canEdit": True,
    "category": {"id": 31, "title": "Call", "description": "", "color": "", "sortOrder": 1, "imagePath": ""},
}
SENT = {
    "title": "Another title",
    "description": "As it was",
    "deadline": "2031-02-15T09:30:00.0000000Z",
    "responsibleid": "9924256a-739c-462b-af15-e652a3b1b6eb",
    "categoryid": 31,
    "isNotify": False,
}


def answer(**members: object) -> dict[str, object]:
    return {"status": 0, "response": {**TASK, **members}}


def recorded(etalon: CommandLine, *entries: dict[str, Any], dialect: str = "documented") -> Outcome:
    path = etalon.folder / "browser.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), encoding="utf-8")
    return etalon("judge", "browser.har", "--output", str(etalon.output), "--dialect", dialect)


def test_a_browsers_recording_shows_what_the_portal_lost(etalon: CommandLine) -> None:
    outcome = recorded(
        etalon,
        entry("GET", "/7.json", 200, answer(), at=1),
        entry("PUT", "/7", 200, answer(title="Another title"), SENT, at=2),
        entry("GET", "/7", 200, answer(), at=3),
    )
    assert outcome.code == 1
    assert {"R7-UPDATE-STORES-TITLE", "R7-ECHO-IS-STORED"} <= outcome.red
    assert "R7-UPDATE-ECHOES-TITLE" in outcome.ids("conforms")
    for path in etalon.output.rglob("*"):
        assert path.is_dir() or b"a-browsers-session-key" not in path.read_bytes()


@pytest.mark.parametrize(
    ("dialect", "left", "verdict"),
    [
        ("documented", "As it was", "conforms"),
        ("documented", "", "deviates"),
        ("documented", "Something else", "deviates"),
        ("communityserver", "", "conforms"),
        ("communityserver", "As it was", "deviates"),
    ],
)
def test_what_an_update_left_out_is_seen_in_a_recording(
    etalon: CommandLine, dialect: str, left: str, verdict: str
) -> None:
    left_out = {name: value for name, value in SENT.items() if name != "description"}
    outcome = recorded(
        etalon,
        entry("GET", "/7", 200, answer(), at=1),
        entry("PUT", "/7", 200, answer(title="Another title", description=left), left_out, at=2),
        entry("GET", "/7", 200, answer(title="Another title", description=left), at=3),
        dialect=dialect,
    )
    assert outcome.requirements["R7-UPDATE-KEEPS-DESCRIPTION"]["verdict"] == verdict
    assert outcome.code == int(verdict == "deviates")


@pytest.mark.parametrize(
    ("sent", "late"),
    [(SENT, 50), (SENT | {"title": "<b>bold</b>"}, 3), (SENT | {"title": ["no", "text"]}, 3)],
    ids=["somebody may have come between", "a text that may be cleaned", "no body of the page"],
)
def test_what_may_have_another_cause_is_no_finding(
    etalon: CommandLine, sent: dict[str, object], late: int
) -> None:
    outcome = recorded(
        etalon,
        entry("PUT", "/7", 200, answer(title="Another title"), sent, at=2),
        entry("GET", "/7", 200, answer(), at=late),
    )
    assert "R7-UPDATE-STORES-TITLE" not in outcome.red
    assert "R7-ECHO-IS-STORED" not in outcome.red


def test_short_secrets_of_a_recording_are_shown_nowhere(etalon: CommandLine) -> None:
    """What a header or a body names once is hidden wherever else it stands; `true` of a cookie is not."""
    update = entry("PUT", "/7", 200, answer(title="Lost", description="hunt3r2 xat-445 true"), SENT, at=1)
    update["request"]["headers"] += [
        {"name": "X-Auth-Token", "value": "xat-445"},
        {"name": "cookie", "value": "a-setting=true"},
    ]
    logged_in = {**SENT, "password": "hunt3r2"}
    outcome = recorded(
        etalon,
        entry("PUT", "/7", 200, answer(title="Another title"), logged_in),
        update,
        entry("GET", "/7", 200, answer(title="Lost", description="hunt3r2 xat-445 true"), at=2),
    )
    assert outcome.red
    written = [path.read_text("utf-8") for path in etalon.output.rglob("*") if path.is_file()]
    for secret in ("hunt3r2", "xat-445"):
        assert not any(secret in text for text in [outcome.out, outcome.err, *written])
    assert any("$SECRET $SECRET true" in text for text in written)


def test_a_recording_without_either_portal_is_refused(etalon: CommandLine) -> None:
    elsewhere = entry("GET", "", 200, {})
    elsewhere["request"]["url"] = "https://search.example/?q=task"
    outcome = recorded(etalon, elsewhere)
    assert outcome.code == 4
    assert (
        "has no exchange with any API that Etalon knows (R7-Office CRM, PlanFix XML API) in it" in outcome.err
    )


def test_bodies_in_base64_and_broken_requests(tmp_path: Path) -> None:
    packed = entry("GET", "/7", 200, answer())
    text = packed["response"]["content"]["text"].encode()
    packed["response"]["content"] |= {"text": base64.b64encode(text).decode(), "encoding": "base64"}
    broken = copy.deepcopy(packed)
    broken["response"]["status"] = 0
    path = tmp_path / "b.har"
    path.write_text(json.dumps({"log": {"entries": [broken, packed]}}), encoding="utf-8")
    [exchange] = recognised(read_har(path)[0])
    assert exchange.response.body == text
    assert (exchange.operation, exchange.subject) == ("getTask", 7)


def test_a_deletion_ends_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "d.har"
    entries = [
        entry("GET", "/7", 200, answer(), at=1),
        entry("DELETE", "/7", 200, answer(), at=2),
        entry("PUT", "/7", 200, answer(), SENT, at=3),
    ]
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    [change] = changes(recognised(read_har(path)[0]))
    assert change.before is None


def test_changes_that_overlap_say_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "o.har"
    slow, quick = (entry("PUT", "/7", 200, answer(), SENT, at=at) for at in (2, 3))
    slow["time"] = 1500
    entries = [
        entry("GET", "/7", 200, answer(), at=1),
        slow,
        quick,
        entry("GET", "/7", 200, answer(), at=5),
        entry("PUT", "/7", 200, answer(), SENT, at=6),
        entry("GET", "/7", 200, answer(), at=8),
    ]
    path.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    first, second, alone = changes(recognised(read_har(path)[0]))
    assert (first.before, first.after, second.before, second.after) == (None, None, None, None)
    assert alone.before
    assert alone.after


def planfix(function: str, task: str, answered: str, *, at: int) -> dict[str, Any]:
    found = entry("POST", "", 200, None, at=at)
    found["request"] |= {"url": "https://portal.example/xml/"}
    text = f'<request method="{function}"><account>a</account><task>{task}</task></request>'
    found["request"]["postData"] = {"mimeType": "application/xml", "text": text}
    found["response"]["content"] = {
        "mimeType": "application/xml",
        "text": f'<response status="ok"><task>{answered}</task></response>',
    }
    return found


@pytest.mark.parametrize("answered", ["<id>7</id>", "", "<id>8</id>"])
def test_an_update_by_general_is_of_the_task_that_the_answer_names(
    etalon: CommandLine, answered: str
) -> None:
    shown = "<id>7</id><general>70</general><title>{}</title>"
    outcome = recorded(
        etalon,
        planfix("task.update", "<id>7</id><title>One</title>", "<id>7</id>", at=1),
        planfix("task.update", "<general>70</general><title>Two</title>", answered, at=2),
        planfix("task.get", "<id>7</id>", shown.format("Two"), at=3),
    )
    stored = "PF-UPDATE-STORES-TITLE"
    assert (stored in outcome.ids("conforms")) == ("7" in answered)
    assert (stored in outcome.red) == ("8" in answered)


FAULTS: list[tuple[Kind, str]] = [
    ("r7", ""),
    ("planfix", ""),
    ("r7", "deadline-not-updated"),
    ("planfix", "update-resets-importance"),
]


@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_a_recorded_run_is_judged_as_it_was(etalon: CommandLine, kind: Kind, fault: str) -> None:
    portal = vendor_of(kind).mock().create("documented", [fault] if fault else [])
    run = etalon.judge(portal, "--profile", "quick", "--record", "run.har")
    again = etalon("judge", "run.har", "--output", str(etalon.output))
    assert again.red <= run.red
    assert bool(again.red) == bool(run.red) == bool(fault)
    assert len(again.ids("conforms")) > 20
    assert again.results["targets"][0]["requests"] == 0
