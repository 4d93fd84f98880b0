from __future__ import annotations

import gzip
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etalon.portals.config import Target
from etalon.portals.errors import (
    PortalError,
    RequestsExhaustedError,
    TasksExhaustedError,
    ThrottledError,
    UnreachableError,
)
from etalon.portals.exchange import Exchange, Request, header
from etalon.portals.scratch import Parting, ScratchTasks
from etalon.portals.transport import Transport
from tests.wrong_portals import answers, cuts_off, drips, hangs, portal_that

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.wrong_portals import Call, WrongPortal

    Opened = Callable[..., Transport]


class Time:
    """A clock that only sleeping and being asked move."""

    def __init__(self, busy: float = 0.0) -> None:
        self.now = 1000.0
        self.busy = busy
        self.slept: list[float] = []

    def clock(self) -> float:
        self.now += self.busy
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def opened() -> Iterator[Opened]:
    made: list[Transport] = []

    def open_transport(portal: WrongPortal | str, time: Time | None = None, **limits: object) -> Transport:
        url = portal if isinstance(portal, str) else portal.url
        target = Target("here", "r7", url, **limits)  # type: ignore[arg-type]  # as the test names them
        made.append(Transport(target, sleep=time.sleep, clock=time.clock) if time else Transport(target))
        return made[-1]

    yield open_transport
    for transport in made:
        transport.close()


@pytest.fixture(scope="module")
def sound() -> Iterator[WrongPortal]:
    with portal_that(answers(200)) as portal:
        yield portal


def _removed(transport: Transport, task: int) -> Parting:
    get(transport, f"/read/{task}", cleaning=True)
    get(transport, f"/remove/{task}", cleaning=True)
    return Parting.GONE


def get(transport: Transport, path: str = "/", *, cleaning: bool = False) -> Exchange:
    request = Request("GET", transport.target.url + path, (("Accept", "*/*"),))
    return transport.send("getTask", request, cleaning=cleaning)


def in_turn(*steps: Callable[[Call], None]) -> Callable[[Call], None]:
    """One answer after the other; the last for good."""
    return lambda call: steps[min(call.number, len(steps)) - 1](call)


def test_an_exchange_is_journalled_as_it_went(opened: Opened) -> None:
    with portal_that(answers(201, b"\x00\xff", X_Task="7")) as portal:
        transport = opened(portal)
        request = Request("POST", portal.url + "/crm/task?x=1", (("A", "1"), ("a", "2")), "ё".encode())
        exchange = transport.send("createTask", request, subject=5)
        assert portal.seen == ["POST /crm/task?x=1"]
    assert transport.journal == [exchange]
    assert (exchange.number, exchange.operation, exchange.subject) == (1, "createTask", 5)
    assert exchange.request is request
    assert (exchange.response.status, exchange.response.body) == (201, b"\x00\xff")
    assert header(exchange.response.headers, "x-TASK") == "7"
    assert exchange.elapsed > 0


@settings(max_examples=20)  # each opens a client of its own
@given(rate=st.floats(0.2, 200), busy=st.floats(0, 3), requests=st.integers(2, 5))
def test_requests_keep_their_distance(sound: WrongPortal, rate: float, busy: float, requests: int) -> None:
    time = Time(busy)
    started: list[float] = []

    def sleep(seconds: float) -> None:
        assert seconds <= 1 / rate + 1e-6
        time.sleep(seconds)

    target = Target("here", "r7", sound.url, requests_per_second=rate)

    def answer(call: Call) -> None:
        started.append(time.now)
        call.reply(200, b"{}")

    sound.answer = answer
    transport = Transport(target, sleep=sleep, clock=time.clock)
    for _ in range(requests):
        get(transport)
    transport.close()
    assert len(started) == requests
    assert all(later - earlier >= 1 / rate - 1e-6 for earlier, later in pairwise(started))


def test_no_rate_means_no_waiting(opened: Opened) -> None:
    time = Time()
    with portal_that(answers(200)) as portal:
        transport = opened(portal, time, requests_per_second=0.0)
        for _ in range(3):
            get(transport)
    assert time.slept == []


def test_no_request_exceeds_the_budget(opened: Opened) -> None:
    with portal_that(answers(200)) as portal:
        transport = opened(portal, max_requests=2)
        get(transport)
        get(transport)
        with pytest.raises(RequestsExhaustedError, match="max-requests = 2 of target here is used up"):
            get(transport)
        with pytest.raises(RequestsExhaustedError):
            get(transport, cleaning=True)
        assert len(portal.seen) == transport.spent == 2


def test_requests_are_held_back_for_cleaning_up(opened: Opened) -> None:
    with portal_that(answers(200)) as portal:
        transport = opened(portal, max_requests=2)
        transport.reserve(1)
        assert transport.remaining == 1
        get(transport)
        with pytest.raises(RequestsExhaustedError):
            get(transport)
        get(transport, cleaning=True)
        assert len(portal.seen) == 2


@pytest.mark.parametrize("budget", [1, 2, 3, 4, 9, 10])
def test_whatever_the_budget_all_that_was_made_is_removed(opened: Opened, budget: int) -> None:
    with portal_that(answers(200)) as portal:
        transport = opened(portal, max_requests=budget)
        scratch = ScratchTasks(transport, partial(_removed, transport))
        with suppress(RequestsExhaustedError):
            for task in range(1, budget + 2):
                with scratch.making():
                    get(transport, "/make")
                    scratch.claimed(task)
        assert len(portal.seen) == budget // 3
        scratch.clean_up()
        assert len(portal.seen) == 3 * (budget // 3)
        assert scratch.left_behind == []


def test_what_cannot_be_shown_to_be_the_runs_own_is_told_apart(opened: Opened) -> None:
    with portal_that(answers(200)) as portal:
        scratch = ScratchTasks(
            opened(portal), {70: Parting.STAYS, 71: Parting.GONE, 3: Parting.NOT_SHOWN}.__getitem__
        )
        for task in (70, 71, 3):
            scratch.claimed(task)
        scratch.clean_up()
    assert (scratch.left_behind, scratch.not_shown) == ([70], [3])


def _date(away: timedelta) -> str:
    return format_datetime(datetime.now(UTC) + away, usegmt=True)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", [7.0]),
        ("0", [0.0]),
        ("86400", [60.0]),
        ("", [1.0]),
        ("soon", [1.0]),
        ("²", [1.0]),
        (_date(timedelta(hours=-1)), [0.0]),
        (_date(timedelta(days=1)), [60.0]),
    ],
    ids=["seconds", "none", "a day", "nothing", "a word", "no digit", "a date gone by", "a date to come"],
)
def test_a_throttled_request_waits_as_it_is_asked_to(
    opened: Opened, asked: str, waited: Sequence[float]
) -> None:
    time = Time()
    busy = answers(429, Retry_After=asked.encode().decode("latin-1"))
    with portal_that(in_turn(busy, answers(200))) as portal:
        transport = opened(portal, time)
        assert get(transport).response.status == 200
    assert time.slept == waited
    assert transport.spent == 2
    assert [exchange.response.status for exchange in transport.journal] == [429, 200]


def test_a_portal_that_goes_on_throttling_is_given_up(opened: Opened) -> None:
    time = Time()
    with portal_that(answers(429)) as portal:
        transport = opened(portal, time)
        for _ in range(3):
            with pytest.raises(ThrottledError, match="still answers 429 Too Many Requests after 3 waits"):
                get(transport)
        assert len(portal.seen) == 4
    assert time.slept == [1.0, 2.0, 4.0]


def test_waits_count_against_the_budget(opened: Opened) -> None:
    with portal_that(answers(429)) as portal:
        transport = opened(portal, Time(), max_requests=2)
        with pytest.raises(RequestsExhaustedError):
            get(transport)
        assert len(portal.seen) == 2


@pytest.mark.parametrize("dead", [cuts_off, hangs], ids=["cuts-off", "hangs"])
def test_a_dead_portal_is_given_up_after_three_failures(opened: Opened, dead: Callable[[Call], None]) -> None:
    with portal_that(in_turn(answers(200), dead)) as portal:
        transport = opened(portal, timeout=0.2)
        get(transport)
        sentences = set()
        for _ in range(10):
            with pytest.raises(UnreachableError) as caught:
                get(transport)
            sentences.add(str(caught.value))
        assert len(portal.seen) == 1 + 3
    assert len(sentences) == 1


def test_failures_that_a_success_comes_between_give_nothing_up(opened: Opened) -> None:
    with portal_that(lambda call: (answers(200) if call.number % 3 == 0 else cuts_off)(call)) as portal:
        transport = opened(portal)
        for number in range(1, 10):
            if number % 3:
                with pytest.raises(UnreachableError):
                    get(transport)
            else:
                get(transport)
        assert len(portal.seen) == 9


def test_a_portal_that_was_given_up_gets_one_chance_to_be_cleaned_up(opened: Opened) -> None:
    with portal_that(in_turn(cuts_off, cuts_off, cuts_off, answers(200))) as portal:
        transport = opened(portal)
        for _ in range(5):
            with pytest.raises(UnreachableError):
                get(transport)
        assert len(portal.seen) == 3
        get(transport, cleaning=True)
        get(transport)
        assert len(portal.seen) == 5


def test_a_portal_that_stays_dead_is_not_asked_for_every_task(opened: Opened) -> None:
    with portal_that(cuts_off) as portal:
        transport = opened(portal)
        for _ in range(10):
            with pytest.raises(PortalError):
                get(transport, cleaning=True)
        assert len(portal.seen) == 3 + 1


def test_no_cookie_is_kept(opened: Opened) -> None:
    sent: list[str | None] = []

    def answer(call: Call) -> None:
        sent.append(call.headers.get("cookie"))
        call.reply(200, b"{}", Set_Cookie="asc_auth_key=let-me-in; Path=/")

    with portal_that(answer) as portal:
        transport = opened(portal)
        first = get(transport)
        get(transport)
    assert sent == [None, None]
    assert header(first.response.headers, "set-cookie") == "asc_auth_key=let-me-in; Path=/"


def test_no_cookie_of_an_answer_that_broke_off_is_kept(opened: Opened) -> None:
    sent: list[str | None] = []

    def answer(call: Call) -> None:
        sent.append(call.headers.get("cookie"))
        call.send_response(200)
        call.send_header("Set-Cookie", "asc_auth_key=let-me-in; Path=/")
        call.send_header("Content-Length", "5")
        call.end_headers()
        call.close_connection = True

    with portal_that(answer) as portal:
        transport = opened(portal)
        for _ in range(2):
            with pytest.raises(UnreachableError):
                get(transport)
    assert sent == [None, None]


def test_a_redirect_is_an_answer(opened: Opened) -> None:
    with portal_that(answers(307, b"", Location="/elsewhere")) as portal:
        exchange = get(opened(portal))
        assert portal.seen == ["GET /"]
    assert exchange.response.status == 307


def test_a_body_without_end_is_cut(opened: Opened) -> None:
    packed = gzip.compress(bytes(17 * 1024 * 1024))
    with portal_that(answers(200, packed, Content_Encoding="gzip")) as portal:
        transport = opened(portal)
        with pytest.raises(UnreachableError, match="answered more than 4 MiB to one request"):
            get(transport)


def test_a_large_body_is_read_whole(opened: Opened) -> None:
    body = bytes(range(256)) * 4 * 1024 * 4
    with portal_that(answers(200, body)) as portal:
        assert get(opened(portal)).response.body == body


def test_a_body_that_drips_is_not_waited_for(opened: Opened) -> None:
    with portal_that(drips) as portal:
        transport = opened(portal, timeout=0.5)
        with pytest.raises(UnreachableError, match=r"did not finish its answer within 0\.5 seconds"):
            get(transport)


def together(transport: Transport, *paths: str) -> list[Exchange]:
    calls = [(path, Request("GET", transport.target.url + path, ()), len(path)) for path in paths]
    return transport.send_together(calls)


def test_requests_sent_together_are_on_the_wire_at_the_same_time(opened: Opened) -> None:
    all_there = threading.Barrier(3, timeout=5)

    def answer(call: Call) -> None:
        all_there.wait()
        call.reply(200, call.path.encode(), Set_Cookie="asc_auth_key=let-me-in; Path=/")

    with portal_that(answer) as portal:
        transport = opened(portal)
        exchanges = together(transport, "/a", "/bb", "/ccc")
    assert transport.journal == exchanges
    assert [exchange.number for exchange in exchanges] == [1, 2, 3]
    assert [exchange.response.body for exchange in exchanges] == [b"/a", b"/bb", b"/ccc"]
    assert [(exchange.operation, exchange.subject) for exchange in exchanges] == [
        ("/a", 2),
        ("/bb", 3),
        ("/ccc", 4),
    ]
    assert transport.spent == 3


def test_requests_together_go_all_or_none(opened: Opened) -> None:
    with portal_that(answers(200)) as portal:
        transport = opened(portal, max_requests=3)
        transport.reserve(1)
        with pytest.raises(RequestsExhaustedError, match="max-requests = 3"):
            together(transport, "/a", "/b", "/c")
        assert portal.seen == []
        assert transport.spent == 0
        together(transport, "/a", "/b")
        assert sorted(portal.seen) == ["GET /a", "GET /b"]


@pytest.mark.parametrize("before", [1, 2])
def test_requests_together_keep_the_pace_of_requests_one_by_one(opened: Opened, before: int) -> None:
    time = Time()
    with portal_that(answers(200)) as portal:
        transport = opened(portal, time, requests_per_second=1.0)
        for _ in range(before):
            get(transport)
        together(transport, "/a", "/b", "/c")
        get(transport)
    assert time.slept == [*[1.0] * (before - 1), 3.0, 1.0]


def test_those_that_were_answered_are_journalled_when_another_breaks_off(opened: Opened) -> None:
    def answer(call: Call) -> None:
        (cuts_off if call.path == "/b" else answers(200))(call)

    with portal_that(answer) as portal:
        transport = opened(portal)
        with pytest.raises(UnreachableError, match="broke the connection off"):
            together(transport, "/a", "/b", "/c")
    assert [exchange.operation for exchange in transport.journal] == ["/a", "/c"]
    assert transport.spent == 3


def test_a_portal_that_breaks_off_all_of_them_is_given_up(opened: Opened) -> None:
    with portal_that(cuts_off) as portal:
        transport = opened(portal)
        for _ in range(2):
            with pytest.raises(UnreachableError):
                together(transport, "/a", "/b", "/c")
        assert len(portal.seen) == 3


def test_one_of_several_that_is_throttled_is_sent_again_alone(opened: Opened) -> None:
    throttled = threading.Event()

    def answer(call: Call) -> None:
        if call.path == "/b" and not throttled.is_set():
            throttled.set()
            call.reply(429, b"", Retry_After="7")
        else:
            call.reply(200, call.path.encode())

    time = Time()
    with portal_that(answer) as portal:
        transport = opened(portal, time)
        exchanges = together(transport, "/a", "/b")
    assert [exchange.response.body for exchange in exchanges] == [b"/a", b"/b"]
    assert [exchange.response.status for exchange in transport.journal] == [200, 429, 200]
    assert time.slept == [7.0]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_this_machines_own_portals_are_reached_past_a_proxy(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with portal_that(answers(200)) as portal:
        assert get(opened(portal)).response.ok


def test_a_portal_that_says_that_no_more_is_allowed_is_left_alone_until_it_is(opened: Opened) -> None:
    time = Time()
    used_up = answers(200, b"{}", X_RateLimit_Remaining="0", X_RateLimit_Reset="7")
    with portal_that(in_turn(used_up, answers(200, b"{}", X_RateLimit_Remaining="3"))) as portal:
        transport = opened(portal, time)
        for _ in range(3):
            get(transport)
    assert time.slept == [7.0]


@pytest.mark.parametrize(("reset", "waited"), [("", 1.0), ("86400", 60.0), ("1000000001", 0.0)])
def test_a_reset_that_says_little_is_waited_for_in_reason(opened: Opened, reset: str, waited: float) -> None:
    time = Time()
    with portal_that(answers(200, b"{}", RateLimit_Remaining="0", RateLimit_Reset=reset)) as portal:
        transport = opened(portal, time)
        get(transport)
        get(transport)
    assert sum(time.slept) == waited


@pytest.mark.parametrize(("status", "requests"), [(503, 5), (502, 5), (500, 50)])
def test_a_portal_that_answers_server_errors_alone_is_given_up(
    opened: Opened, status: int, requests: int
) -> None:
    with portal_that(answers(status)) as portal:
        transport = opened(portal)
        for _ in range(requests):
            assert get(transport).response.status == status
        for _ in range(10):
            with pytest.raises(UnreachableError, match=f"{status}"):
                get(transport)
        assert len(portal.seen) == requests


def test_server_errors_between_sound_answers_give_nothing_up(opened: Opened) -> None:
    with portal_that(lambda call: answers(503 if call.path == "/bad" else 200)(call)) as portal:
        transport = opened(portal)
        for _ in range(20):
            statuses = [get(transport, path).response.status for path in ("/", "/bad", "/bad", "/bad")]
            assert statuses == [200, 503, 503, 503]


def test_no_more_tasks_than_are_allowed_are_made(opened: Opened) -> None:
    with portal_that(answers(200)) as portal:
        transport = opened(portal, max_tasks=2)
        scratch = ScratchTasks(transport, partial(_removed, transport))
        for task in (1, 2):
            with scratch.making():
                get(transport, "/make")
                scratch.claimed(task)
        with (
            pytest.raises(TasksExhaustedError, match="max-tasks = 2 of target here is used up"),
            scratch.making(),
        ):
            get(transport, "/make")
        assert portal.seen == ["GET /make", "GET /make"]
        scratch.gone(1)
        with scratch.making():
            get(transport, "/make")


def test_large_answers_are_not_gathered_without_end(opened: Opened) -> None:
    with portal_that(answers(200, bytes(4 * 1024 * 1024))) as portal:
        transport = opened(portal)
        for _ in range(9):
            get(transport)
        with pytest.raises(UnreachableError, match="more than 32 MiB of large answers"):
            get(transport)
