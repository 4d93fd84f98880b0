"""A portal that goes away half-way is no finding; one that answers a single request badly is."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.portals.config import Target
from etalon.portals.errors import UnreachableError
from etalon.portals.exchange import Exchange, Request
from etalon.portals.serving import served
from etalon.portals.transport import Transport
from etalon.vendors import vendor_of
from tests.conftest import CommandLine, Outcome, target_table
from tests.wrong_portals import answers, cuts_off, passes_on, passes_on_at_first, portal_that, shows_a_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from etalon.portals.config import Kind
    from tests.wrong_portals import Answer, Call

    Opened = Callable[..., Transport]

AWAY: dict[str, Answer] = {
    "503": answers(503, b"Service Unavailable", Content_Type="text/plain"),
    "500": answers(500, b'{"error": "no database"}'),
    "empty-200": answers(200, b""),
    "maintenance-page": shows_a_page(200),
    "maintenance-page-as-503": shows_a_page(503),
    "redirect": answers(302, b"", Location="https://status.example/"),
    "default-backend": answers(404, b"default backend - 404", Content_Type="text/plain"),
    "shut-out": answers(401, b'{"error": "expired"}'),
    "cuts-off": cuts_off,
}


def judged(etalon: CommandLine, kind: Kind, wrong: Mapping[str, Callable[[str], Answer]]) -> Outcome:
    """Judge sound portals, each behind something, one after the other in one run."""
    portal = vendor_of(kind).mock().create("documented", ())
    with ExitStack() as opened:
        tables = []
        for name, behind in wrong.items():
            url = opened.enter_context(served(portal))
            here = opened.enter_context(portal_that(behind(url)))
            tables.append(target_table(portal, here.url + portal.path).replace("here", name, 1))
        etalon.config("\n".join(tables))
        return etalon.verdicts(*wrong, "--profile", "quick")


def verdicts(outcome: Outcome) -> dict[str, Counter[str]]:
    """How often each verdict was reached, by target."""
    return {
        target["name"]: Counter(row["verdict"] for row in target["requirements"])
        for target in outcome.results["targets"]
    }


@pytest.mark.parametrize("kind", ["r7", "planfix"])
@pytest.mark.parametrize(
    "gone",
    [
        {"500": 9, "503": 27, "empty-200": 41},
        {"maintenance-page": 14, "maintenance-page-as-503": 35, "redirect": 22},
        {"default-backend": 22, "shut-out": 30, "cuts-off": 18},
    ],
)
def test_a_portal_that_goes_away_half_way_is_no_finding(
    etalon: CommandLine, kind: Kind, gone: Mapping[str, int]
) -> None:
    outcome = judged(
        etalon,
        kind,
        {
            f"{shape}-after-{requests}": partial(passes_on_at_first, requests=requests, then=AWAY[shape])
            for shape, requests in gone.items()
        },
    )
    found = verdicts(outcome)
    assert {name: count["deviates"] for name, count in found.items()} == dict.fromkeys(found, 0)
    assert all(count["inconclusive"] for count in found.values())
    assert outcome.code == 6


def away_for_two_seconds(url: str, requests: int, away: Answer) -> Answer:
    """Another portal's answers, but for two seconds after some requests."""
    sound, until = passes_on(url), list[float]()

    def answer(call: Call) -> None:
        if call.number > requests and not until:
            until.append(time.monotonic() + 2)
        (away if until and time.monotonic() < until[0] else sound)(call)

    return answer


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_a_portal_that_is_away_for_two_seconds_is_judged_by_the_rest(etalon: CommandLine, kind: Kind) -> None:
    outcome = judged(
        etalon,
        kind,
        {
            f"{shape}-after-{requests}": partial(away_for_two_seconds, requests=requests, away=AWAY[shape])
            for shape, requests in (("503", 12), ("empty-200", 20), ("500", 29), ("maintenance-page", 40))
        },
    )
    found = verdicts(outcome)
    assert {name: count["deviates"] for name, count in found.items()} == dict.fromkeys(found, 0)
    assert all(count["conforms"] for count in found.values())
    assert sum(count["conforms"] for count in found.values()) > sum(
        count["inconclusive"] for count in found.values()
    )
    assert outcome.code in {0, 6}


class Time:
    """Time that passes by sleeping alone."""

    now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> float:
        return self.now


@pytest.fixture
def transport_to() -> Iterator[Callable[..., Transport]]:
    """Opens connections to a portal, in a time that passes by sleeping alone."""
    with ExitStack() as opened:

        def open_one(url: str, max_requests: int = 5000) -> Transport:
            time = Time()
            target = Target("here", "r7", url, max_requests=max_requests)
            transport = Transport(target, sleep=time.sleep, clock=time.clock)
            return opened.enter_context(closing(transport))

        yield open_one


def ask(transport: Transport, operation: str, path: str, subject: int | None = None) -> Exchange:
    method = "GET" if operation.startswith("get") else "PUT"
    if method == "PUT":
        transport.guard.ownership.lend(7)
    request = Request(method, f"{transport.target.url}/api/2.0/crm/task/{path}", (), b"{}")
    return transport.send(operation, request, subject=subject)


def on(path: str, then: Answer) -> Answer:
    """What is answered to requests whose path has an ending; to all others, JSON."""
    return lambda call: (then if call.path.endswith(path) else answers(200))(call)


@pytest.mark.parametrize("shape", sorted(AWAY.keys() - {"cuts-off"}))
def test_one_bad_answer_of_a_portal_that_lives_on_is_judged(shape: str, transport_to: Opened) -> None:
    with portal_that(on("/7", AWAY[shape])) as portal:
        transport = transport_to(portal.url)
        ask(transport, "getSelf", "self")
        exchange = ask(transport, "updateTask", "7", 7)
        assert transport.journal == [*transport.journal[:1], exchange]
        assert len(portal.seen) == 3
        assert len(transport.traffic) == transport.spent == 3


def test_a_task_that_cannot_be_read_any_more_does_not_speak_for_the_portal(transport_to: Opened) -> None:
    bad: list[str] = []
    with portal_that(lambda call: (AWAY["500"] if call.path in bad else answers(200))(call)) as portal:
        transport = transport_to(portal.url)
        ask(transport, "getTask", "6", 6)
        ask(transport, "getTask", "7", 7)
        bad += ["/api/2.0/crm/task/6"]
        assert ask(transport, "getTask", "6", 6).response.status == 500


def test_what_a_portal_said_while_it_was_away_counts_for_nothing(transport_to: Opened) -> None:
    """What may be done twice is; a creation may have been carried out, and is not."""
    count = [0]

    def away_twice(call: Call) -> None:
        count[0] += 1
        (AWAY["empty-200"] if count[0] in {2, 3, 6, 7} else answers(200))(call)

    with portal_that(away_twice) as portal:
        transport = transport_to(portal.url)
        ask(transport, "getSelf", "self")
        assert ask(transport, "updateTask", "7", 7).response.body == b"{}"
        with pytest.raises(UnreachableError, match=r"was away for a moment: it answered 200 and nothing"):
            ask(transport, "deleteTask", "7", 7)
        assert ask(transport, "getTask", "7", 7).response.ok
        assert [exchange.response.body for exchange in transport.journal] == [b"{}"] * 3


def test_a_portal_that_is_gone_is_given_up_after_a_bounded_number_of_requests(transport_to: Opened) -> None:
    with portal_that(lambda call: (answers(200) if call.number < 5 else AWAY["500"])(call)) as portal:
        transport = transport_to(portal.url)
        for task in range(4):
            ask(transport, "getTask", f"{task}", task)
        for _ in range(10):
            with pytest.raises(UnreachableError, match=r"answers 500, also to what it answered before"):
                ask(transport, "updateTask", "7", 7)
        assert len(portal.seen) <= 4 + 1 + 15
        assert len(transport.journal) == 4


def test_looking_costs_no_request_that_is_not_allowed(transport_to: Opened) -> None:
    with portal_that(on("/7", AWAY["500"])) as portal:
        transport = transport_to(portal.url, max_requests=2)
        ask(transport, "getSelf", "self")
        assert ask(transport, "updateTask", "7", 7).response.status == 500
        assert len(portal.seen) == 2


def test_who_is_refused_for_other_credentials_is_not_shut_out(transport_to: Opened) -> None:
    with portal_that(on("/7", AWAY["shut-out"])) as portal:
        transport = transport_to(portal.url)
        ask(transport, "getSelf", "self")
        url = f"{portal.url}/api/2.0/crm/task/7"
        transport.send("getTask", Request("GET", url, (("Authorization", "wrong"),)), subject=7)
        assert len(portal.seen) == 2
