from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from etalon.portals.config import Secret, Target
from etalon.portals.curl import curl_lines
from etalon.portals.errors import (
    LoginError,
    MissingPrerequisiteError,
    ThrottledError,
    UnreachableError,
    UnusableAnswerError,
)
from etalon.portals.mocking import MockPortal
from etalon.portals.secrets import Redactor
from etalon.portals.serving import served
from etalon.portals.transport import Transport
from etalon.vendors.planfix import mock as planfix
from etalon.vendors.planfix.answers import NotAnAnswerError, accepted, answer_of, error_code, parse
from etalon.vendors.planfix.client import LEFT_BEHIND_TITLE, PlanFixClient
from etalon.vendors.planfix.requests import Access, document, elements, framed, render
from etalon.vendors.planfix.signature import signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.requests import Request

SUBJECTS = (1, 5, 9001)
"""Tasks that the tests write to as if the run had made them."""
WITH_LOGIN = ("account", "api-key", "user", "password")
ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<response status="error"><code>{}</code><message/></response>\n'
)


@contextmanager
def client_of(
    portal: MockPortal,
    keys: Sequence[str] = WITH_LOGIN,
    *,
    wrong: str = "",
    lacks: frozenset[str] = frozenset(),
    known: Mapping[str, tuple[int, ...]] | None = None,
    redactor: Redactor | None = None,
) -> Iterator[PlanFixClient]:
    credentials = {
        key: Secret(
            "wrong-one" if key == wrong else portal.credentials[key],
            f"PLANFIX_{key.replace('-', '_').upper()}",
        )
        for key in keys
    }
    with ExitStack() as opened:
        url = opened.enter_context(served(portal))
        target = Target(
            "tracker", "planfix", url, credentials=credentials, lacks=lacks, known=dict(known or {})
        )
        transport = Transport(target)
        opened.callback(transport.close)
        for task in SUBJECTS:
            transport.guard.ownership.lend(task)
        yield PlanFixClient(target, transport, redactor or Redactor(), sleep=lambda _: None)


def answering(*bodies: str, media_type: str = "application/xml") -> MockPortal:
    """A portal that gives these answers one after the other, and the last for ever."""
    left = list(bodies)

    async def answer(_: Request) -> Response:
        return Response(left.pop(0) if len(left) > 1 else left[0], media_type=media_type)

    credentials = dict.fromkeys([*WITH_LOGIN, "token", "private-key"], "0123456789")
    app = Starlette(routes=[Route("/xml/", answer, methods=["POST"])])
    return MockPortal("planfix", "documented", app, "/xml/", credentials, {})


def test_logs_in_discovers_and_keeps_scratch_tasks() -> None:
    portal = planfix.create()
    with client_of(portal) as client:
        client.log_in()
        known = client.discover()
        assert set(known["users"]) == set(portal.known["users"])
        assert set(known["groups"]) == set(portal.known["groups"])
        assert set(known["projects"]) == set(portal.known["projects"])
        assert known["clients"]
        title = client.transport.named("a & <b>")
        made = answer_of(client.add_task({"title": title})).task_id
        assert made is not None
        assert client.scratch.ids == (made,)
        read = answer_of(client.read_task(made))
        assert read.root.findtext("task/title") == title
        client.scratch.clean_up()
        assert client.scratch.left_behind == [made]
        assert answer_of(client.read_task(made)).root.findtext("task/title") == LEFT_BEHIND_TITLE


def test_a_token_needs_no_session() -> None:
    with client_of(planfix.create(), ("account", "api-key", "token")) as client:
        client.log_in()
        assert [exchange.operation for exchange in client.transport.journal] == ["user.getList"]
        assert b"<sid>" not in client.transport.journal[0].request.body


def test_signs_when_a_key_is_given() -> None:
    with client_of(planfix.create(), (*WITH_LOGIN, "private-key"), known={"users": (501, 504)}) as client:
        client.log_in()
        exchange = client.update_task(9001, {"workers": {"addUsers": {"id": [504, 501]}}})
        assert answer_of(exchange).ok
        assert b"<signature>" in exchange.request.body


def test_what_the_config_names_is_not_looked_up() -> None:
    known = {"users": (7,), "groups": (8,), "projects": (9,), "clients": (10,)}
    with client_of(planfix.create(), known=known) as client:
        client.log_in()
        assert client.discover() == known
        assert client.transport.spent == 1


def test_what_the_portal_lacks_is_not_asked_for() -> None:
    lacks = frozenset({"user.getList", "userGroup.getList", "project.getList", "contact.getList", "task.add"})
    with client_of(planfix.create(), lacks=lacks) as client:
        client.log_in()
        assert not any(client.discover().values())
        assert client.transport.spent == 1
        with pytest.raises(MissingPrerequisiteError, match=r"targets\.tracker\.known\.tasks"):
            client.add_task({"title": "x"})


@pytest.mark.parametrize(
    ("key", "said"),
    {
        "api-key": "refused the API key (0001)",
        "account": "does not know the account (0004)",
        "password": "refused user and password (1001)",
    }.items(),
)
def test_says_what_is_wrong_with_the_log_in(key: str, said: str) -> None:
    with (
        client_of(planfix.create(), wrong=key) as client,
        pytest.raises(LoginError) as caught,
    ):
        client.log_in()
    assert said in str(caught.value)
    assert "wrong-one" not in str(caught.value)


def test_a_wrong_token_is_a_log_in_error() -> None:
    portal = answering(ERROR.format("0012"))
    with (
        client_of(portal, ("account", "api-key", "token")) as client,
        pytest.raises(LoginError, match="0012"),
    ):
        client.log_in()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<!doctype html><h1>It works", "text/html"),
        ("", "application/xml"),
        ("<answer/>", "application/xml"),
    ],
)
def test_a_page_is_no_answer(body: str, media_type: str) -> None:
    with (
        client_of(answering(body, media_type=media_type)) as client,
        pytest.raises(UnusableAnswerError, match="where the API answers XML"),
    ):
        client.log_in()


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE response [<!ENTITY a "b">]><response status="ok"><sid>&a;</sid></response>',
        "<response>" * 5000,
        '<?xml version="1.0"?><response status="ok"><sid>1</sid>',
        '<response xmlns="urn:planfix" status="ok"><sid>1</sid></response>',
    ],
)
def test_an_answer_out_of_form_is_told_from_another_address(body: str) -> None:
    with (
        client_of(answering(body)) as client,
        pytest.raises(UnusableAnswerError, match="its page shows a document with the root response"),
    ):
        client.log_in()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<response status="ok"/>', "ok and no sid, where its page shows"),
        ('<response status="OK"><sid>1</sid></response>', "the status 'OK', where its page shows"),
    ],
)
def test_a_log_in_that_the_page_does_not_show_is_not_laid_at_the_password(body: str, told: str) -> None:
    with client_of(answering(body)) as client, pytest.raises(UnusableAnswerError, match=told):
        client.log_in()


def test_an_error_without_a_code_is_about_user_and_password() -> None:
    with (
        client_of(answering('<response status="error"/>')) as client,
        pytest.raises(LoginError, match="without a code: check user and password"),
    ):
        client.log_in()


def test_nobody_there() -> None:
    target = Target("tracker", "planfix", "http://127.0.0.1:1/xml/")
    client = PlanFixClient(target, Transport(target), Redactor())
    with pytest.raises(UnreachableError, match="cannot be reached"):
        client.log_in()


def test_an_expired_session_is_renewed() -> None:
    with client_of(planfix.create(variations=("short-sessions",))) as client:
        client.log_in()
        answers = [answer_of(client.read_task(9001)) for _ in range(50)]
        assert all(answer.ok for answer in answers)
        operations = [exchange.operation for exchange in client.transport.journal]
        assert 2 < operations.count("auth.login") < 5


def test_a_session_is_renewed_once_a_call() -> None:
    session = f'<response status="ok"><sid>{"0" * 32}</sid></response>'
    expired = ERROR.format("0005")
    with client_of(answering(session, expired, session, expired)) as client:
        client.log_in()
        assert error_code(client.read_task(1)) == "0005"
        assert client.transport.spent == 4


class Sessions:
    """A portal whose sessions are good for so many calls, and which may answer 0005 to all it refuses."""

    def __init__(self, calls: int, *, overused: bool = False) -> None:
        self.calls, self.overused = calls, overused
        self.log_ins = self.left = self.task = 0

    async def answer(self, request: Request) -> Response:
        root = etree.fromstring(await request.body())
        function = root.get("method") or ""
        if function == "auth.login":
            self.log_ins, self.left = self.log_ins + 1, self.calls
            return Response(f'<response status="ok"><sid>{self.log_ins:032}</sid></response>')
        if root.findtext("sid") != f"{self.log_ins:032}" or self.left == 0:
            return Response(ERROR.format("0005"))
        self.left -= 1
        if root.findtext("task/title") == "refused":
            return Response(ERROR.format("0005" if self.overused else "0015"))
        return Response('<response status="ok"><task><id>9001</id></task></response>')

    def portal(self) -> MockPortal:
        credentials = dict.fromkeys(WITH_LOGIN, "0123456789")
        app = Starlette(routes=[Route("/xml/", self.answer, methods=["POST"])])
        return MockPortal("planfix", "documented", app, "/xml/", credentials, {})


def work(client: PlanFixClient, rounds: int) -> None:
    client.log_in()
    for number in range(rounds):
        client.read_task(9001)
        client.update_task(9001, {"title": "refused" if number % 2 else "taken"})


@pytest.mark.parametrize("calls", [0, 1, 2])
def test_sessions_that_are_over_at_once_end_the_run(calls: int) -> None:
    sessions = Sessions(calls)
    with client_of(sessions.portal()) as client:
        with pytest.raises(LoginError, match=r"sessions that are over at once \(0005\): \d of them let"):
            work(client, 50)
        spent = client.transport.spent
        assert sessions.log_ins <= 5
        assert spent <= 25
        for send in (lambda: client.read_task(9001), lambda: client.update_together(9001, [{"title": "x"}])):
            with pytest.raises(LoginError, match="over at once"):
                send()
        assert client.transport.spent == spent


def test_sessions_that_end_at_once_later_on_end_the_run_too() -> None:
    sessions = Sessions(10_000)
    with client_of(sessions.portal()) as client:
        work(client, 20)
        sessions.calls = sessions.left = 0
        with pytest.raises(LoginError, match="over at once"):
            client.read_task(9001)
        assert sessions.log_ins == 2


@pytest.mark.parametrize("calls", [5, 20, 10_000])
def test_a_portal_that_answers_expired_for_whatever_it_refuses_is_logged_in_to_no_oftener(calls: int) -> None:
    sessions = Sessions(calls, overused=True)
    with client_of(sessions.portal()) as client:
        work(client, 60)
        assert sessions.log_ins <= 2 + 2 * 120 / calls


def test_a_foreign_session_is_not_renewed() -> None:
    with client_of(planfix.create()) as client:
        client.log_in()
        foreign = replace(client.access, sid="0" * 32)
        assert error_code(client.update_task(9001, {"title": "x"}, access=foreign)) == "0005"
        assert client.transport.spent == 2


def test_updates_together_are_tried_again_alone_where_the_portal_is_busy() -> None:
    with client_of(planfix.create(variations=("busy-when-together",))) as client:
        client.log_in()
        made = answer_of(client.add_task({"title": client.transport.named("x")})).task_id
        assert made is not None
        done = client.update_together(made, [{"title": "One"}, {"description": "Two"}])
        assert all(map(accepted, done))
        sent = [one for one in client.transport.journal if one.operation == "task.update"]
        assert sorted(map(error_code, sent)) == ["", "", "3014"]
        card = answer_of(client.read_task(made)).root
        assert (card.findtext("task/title"), card.findtext("task/description")) == ("One", "Two")


def test_a_session_that_ends_under_several_updates_is_renewed_once() -> None:
    portal = planfix.create(variations=("short-sessions",))
    with client_of(portal) as client:
        client.log_in()
        made = answer_of(client.add_task({"title": client.transport.named("x")})).task_id
        assert made is not None
        while client.transport.spent < 21:
            client.read_task(made)
        done = client.update_together(made, [{"title": "One"}, {"description": "Two"}])
        assert all(map(accepted, done))
        log_ins = [one for one in client.transport.journal if one.operation == "auth.login"]
        assert len(log_ins) == 2


def test_a_used_up_limit_ends_updates_together_too() -> None:
    ended = answering('<response status="ok"><sid>1</sid></response>', ERROR.format("0007"))
    with client_of(ended) as client:
        client.log_in()
        for _ in range(2):
            with pytest.raises(ThrottledError):
                client.update_together(5, [{"title": "One"}, {"title": "Two"}])
        assert client.transport.spent == 3


def test_a_task_that_is_labelled_from_the_beginning_takes_no_request_at_the_end() -> None:
    with client_of(planfix.create()) as client:
        client.log_in()
        labelled = {"title": LEFT_BEHIND_TITLE, "description": client.transport.named("x")}
        kept, changed = (answer_of(client.add_task(labelled)).task_id for _ in range(2))
        client.update_task(kept, {"description": "Another"})
        client.update_task(changed, {"title": "Another"})
        spent = client.transport.spent
        client.scratch.clean_up()
        assert client.scratch.left_behind == [changed, kept]
        assert [one.subject for one in client.transport.journal[spent:]] == [changed, changed]


def test_members_are_sent_in_the_order_of_the_page() -> None:
    with client_of(planfix.create()) as client:
        sent = client.update_task(5, {"workers": {}, "unheard-of": "x", "title": "x"}).request.body
    assert [node.tag for node in parse(sent).iterfind("task/*")] == ["id", "title", "workers", "unheard-of"]


def test_the_daily_limit_stops_everything() -> None:
    with client_of(answering(ERROR.format("0007"))) as client:
        for _ in range(2):
            with pytest.raises(ThrottledError, match="0007"):
                client.read_task(1)
        assert client.transport.spent == 1


def test_a_busy_task_is_tried_again_a_few_times() -> None:
    busy, ok = ERROR.format("3014"), '<response status="ok"><task><id>1</id></task></response>'
    with client_of(answering(busy, busy, ok)) as client:
        assert answer_of(client.update_task(1, {"title": "x"})).ok
    with client_of(answering(busy)) as client:
        assert error_code(client.update_task(1, {"title": "x"})) == "3014"
        assert client.transport.spent == 4


@pytest.mark.parametrize("keys", [WITH_LOGIN, ("account", "api-key", "token")])
def test_no_secret_is_shown(keys: Sequence[str]) -> None:
    portal = planfix.create()
    redactor = Redactor()
    with client_of(portal, keys, redactor=redactor) as client:
        client.log_in()
        client.read_task(9001)
        shown = curl_lines(client.transport.journal, redactor)
    secrets = [portal.credentials[key] for key in keys if key not in {"account", "user"}]
    assert not any(secret in shown for secret in (*secrets, client.access.sid) if secret)
    assert '-u "$PLANFIX_API_KEY"' in shown
    assert ("$PLANFIX_SID" in shown) == ("token" not in keys)


def test_a_request_has_its_frame_once_and_in_front() -> None:
    access = Access("acme", "key", sid="s" * 32, private_key="private")
    bare = document(
        "task.update", elements({"account": "other", "task": {"id": 5, "periodicity": {"@unset": "1"}}})
    )
    root = framed(bare, access)
    assert [part.tag for part in root] == ["account", "sid", "silent", "task", "signature"]
    assert root.findtext("account") == "acme"
    assert root.findtext("signature") == signature(root, "private")
    periodicity = root.find("task/periodicity")
    assert periodicity is not None
    assert periodicity.get("unset") == "1"


@pytest.mark.parametrize("text", ["a\r\nb", "]]>", "\"<&>'", "  ё  ", "😀", "\u200f", "т\tт"])
def test_text_survives_the_request(text: str) -> None:
    sent = render(document("task.update", elements({"task": {"title": text}})))
    assert sent.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert etree.fromstring(sent).findtext("task/title") == text


@pytest.mark.parametrize("harmful", ["file:///etc/passwd", "http://127.0.0.1:1/"])
def test_answers_are_read_without_entities(harmful: str) -> None:
    document_ = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{harmful}">]><response status="ok"><a>&x;</a></response>'
    with pytest.raises(NotAnAnswerError, match="document type"):
        parse(document_.encode())
