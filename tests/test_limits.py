"""Nobody is reminded, no calendar broken and no stranger given a task, whatever a check asks for."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from etalon.generation.calendar import Calendar
from etalon.generation.deadlines import deadlines
from etalon.generation.drawing import draw
from etalon.generation.json_bodies import load_spec, narrowed, negative_bodies
from etalon.generation.unknown import UNKNOWN_ID, UNKNOWN_PERSON
from etalon.portals.cards import Card
from etalon.portals.errors import ForeignWriteError, PortalError
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.guard import Guard
from etalon.portals.secrets import Redactor
from etalon.portals.side_effects import days_in
from etalon.portals.transport import Transport
from etalon.shipped import spec
from etalon.vendors.planfix.client import PlanFixClient
from etalon.vendors.planfix.generation.updates import planned_changes
from etalon.vendors.planfix.requests import document, elements, render
from etalon.vendors.r7.client import R7Client
from etalon.vendors.r7.side_effects import side_effects_of as side_effects_of_r7
from tests.test_guard import FIRST, JSON, OTHERS, XML, Books, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.config import Kind, Target

R7 = load_spec(spec("r7", "openapi.yaml"))
QUIET_MINUTES = R7["components"]["schemas"]["PostCrmTaskBody"]["properties"]["alertValue"]["x-etalon"][
    "quiet-values"
]
KNOWN, STRANGER = "9924256a-739c-462b-af15-e652a3b1b6eb", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
USER, GROUP, OTHER_USER, OTHER_GROUP = 501, 61, 777, 99
PEOPLE: Mapping[Kind, Mapping[str, tuple[int | str, ...]]] = {
    "r7": {"responsibles": (KNOWN,)},
    "planfix": {"users": (USER,), "groups": (GROUP,)},
}
TODAY = datetime.now(UTC).date()
YEARS_ON = date(TODAY.year + 5, 1, 1)
NEAR = (TODAY - timedelta(days=1), TODAY + timedelta(days=30))


def moments() -> st.SearchStrategy[str]:
    """Deadlines of every distance, in spellings that one portal or another takes."""
    days = st.one_of(
        st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=40)),
        st.dates(date(1800, 1, 1), date(9999, 12, 31)),
        st.dates(YEARS_ON, YEARS_ON + timedelta(days=2000)),
    )
    forms = ("%Y-%m-%dT09:30:00.0000000Z", "%Y-%m-%dT09-30-00.000Z", "%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d 09:30")
    return st.builds(lambda day, form: day.strftime(form), days, st.sampled_from(forms))


def bodies() -> st.SearchStrategy[dict[str, object]]:
    """Updates of R7 that may ask for anything."""
    people = st.sampled_from(
        [KNOWN, KNOWN.upper(), UNKNOWN_PERSON, STRANGER, f"{{{STRANGER}}}", STRANGER.replace("-", "")]
    )
    minutes = st.one_of(
        st.integers(-3000, 20_000_000),
        st.sampled_from(["15", "1e2", "0x10", 15.5, 0, "soon"]),
        # From the deadline that a task has where none is sent: tonight.
        st.just((YEARS_ON - TODAY).days * 1440 - 600),
    )
    names = {"title": "title", "responsible": "responsibleId", "deadline": "deadline", "alert": "alertValue"}
    values = {"title": st.text(max_size=3), "responsible": people, "deadline": moments(), "alert": minutes}
    chosen = st.sets(st.sampled_from(sorted(names)), min_size=1)
    cased = st.sampled_from([str, str.lower, str.upper])
    return chosen.flatmap(
        lambda some: st.builds(
            lambda case, drawn: {case(names[name]): drawn[name] for name in drawn},
            cased,
            st.fixed_dictionaries({name: values[name] for name in some}),
        )
    )


class LenientR7(Books):
    """Merges every write, in whatever form it comes, and keeps whom it assigned and when it would remind."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.cards: dict[int, dict[str, str]] = {}
        self.reminded: list[datetime] = []

    def answer_to(self, request: Request, largest: int = 0) -> Response:
        answer = super().answer_to(request, largest)
        task = json.loads(answer.body).get("response", {}).get("id")
        if task is not None and request.method in {"POST", "PUT"}:
            self._merge(task, request)
        return answer

    def _merge(self, task: int, request: Request) -> None:
        card = self.cards.setdefault(task, {"deadline": str(YEARS_ON), "alertvalue": "0"})
        text = request.body.decode("utf-8", "replace")
        given = dict(parse_qsl(text)) if "=" in text and "{" not in text else {}
        with suppress(ValueError):
            given = json.loads(text)
        given |= dict(parse_qsl(urlsplit(request.url).query))
        if text.startswith("<"):
            given |= {str(node.tag): node.text or "" for node in etree.fromstring(request.body)}
        card |= {name.lower(): str(value) for name, value in given.items()}
        minutes = 0.0
        with suppress(ValueError):
            minutes = (
                float(int(card["alertvalue"], 16))
                if "0x" in card["alertvalue"]
                else float(card["alertvalue"])
            )
        for day in days_in(card["deadline"]):
            assert date(1900, 1, 1) <= day <= TODAY + timedelta(days=18 * 366)
            if minutes:
                with suppress(OverflowError):  # before any calendar began
                    moment = datetime(day.year, day.month, day.day, 12) - timedelta(minutes=minutes)  # noqa: DTZ001
                    self.reminded.append(moment)


def ways(client: R7Client, task: int, body: dict[str, object]) -> dict[str, object]:
    """The forms in which an update may ask for the same, as a body or a query."""
    pairs = "&".join(f"{name}={quote(str(value))}" for name, value in body.items())
    nodes = "".join(f"<{name}>{value}</{name}>" for name, value in body.items() if name.lower() != "title")
    return {
        "JSON": lambda: client.update_task(task, body),
        "a form": lambda: client.update_task(
            task, pairs.encode(), content_type="application/x-www-form-urlencoded"
        ),
        "XML": lambda: client.update_task(task, f"<task>{nodes}</task>".encode(), content_type="text/xml"),
        "the query": lambda: client.call("updateTask", "PUT", f"/crm/task/{task}?{pairs}", {}),
        "a creation": lambda: client.create_task(body),
        "half of it": lambda: client.update_task(task, json.dumps(body).encode()[:-1]),
    }


@given(
    plan=st.lists(
        st.tuples(
            bodies(), st.sampled_from(["JSON", "a form", "XML", "the query", "a creation", "half of it"])
        ),
        max_size=8,
    )
)
def test_no_r7_task_reminds_soon_or_falls_to_a_stranger(plan: list[tuple[dict[str, object], str]]) -> None:
    target = target_of("r7", known=PEOPLE["r7"])
    books = LenientR7(target)
    client = R7Client(target, Transport(target, wire=books, sleep=lambda _: None), Redactor())
    client.create_task({"title": client.transport.named("t")})
    [own] = client.scratch.ids
    client.read_task(own)
    for body, way in plan:
        with suppress(PortalError):
            ways(client, own, body)[way]()  # type: ignore[operator]
    assert books.written <= {own}
    for card in books.cards.values():
        guid = re.sub(r"[^0-9a-f]", "", card.get("responsibleid", "").lower())
        assert guid in {"", KNOWN.replace("-", ""), UNKNOWN_PERSON.replace("-", "")}
    assert not [moment for moment in books.reminded if NEAR[0] <= moment.date() <= NEAR[1]]


class LenientPlanFix(Books):
    """Keeps all that task.add and task.update ask for; shows a task with a caller who is in no config."""

    CALLER = 555

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.asked: list[etree._Element] = []

    def answer_to(self, request: Request, largest: int = 0) -> Response:
        root = etree.fromstring(request.body)
        if root.get("method") in {"task.add", "task.update"}:
            self.asked.append(root)
        answer = super().answer_to(request, largest)
        if root.get("method") == "task.get" and b'"ok"' in answer.body:
            shown = answer.body.replace(b"</task>", b"<owner><id>%d</id></owner></task>" % self.CALLER)
            return Response(200, XML, shown)
        return answer


def memberships() -> st.SearchStrategy[dict[str, object]]:
    """Updates of PlanFix that may ask for anything."""
    users = st.sampled_from([USER, OTHER_USER, LenientPlanFix.CALLER, UNKNOWN_ID, 0])
    groups = st.sampled_from([GROUP, OTHER_GROUP, UNKNOWN_ID])
    tasks = st.sampled_from([*sorted(OTHERS), FIRST + len(OTHERS), 0, UNKNOWN_ID])
    days = st.one_of(
        st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=40)),
        st.dates(date(1800, 1, 1), date(9999, 12, 31)),
    ).map(lambda day: f"{day:%d-%m-%Y}")
    later = st.dates(YEARS_ON, YEARS_ON + timedelta(days=2000)).map(lambda day: f"{day:%d-%m-%Y 10:00}")
    day = days | later
    period = st.fixed_dictionaries(
        {"daily": st.just({"type": "EVERY"})},
        optional={
            "startDate": day,
            "notify": st.just({"type": 1, "day": 1}),
            "endCondition": day.map(lambda one: {"date": one}),
        },
    )
    lists = st.fixed_dictionaries(
        {},
        optional={
            "addUsers": st.lists(users, min_size=1, max_size=2).map(lambda ids: {"id": ids}),
            "addGroups": groups.map(lambda one: {"id": one}),
            "delUsers": users.map(lambda one: {"id": one}),
        },
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "title": st.just("t"),
            "owner": users.map(lambda one: {"id": one}),
            "parent": tasks.map(lambda one: {"id": one}),
            "workers": lists,
            "startTime": day,
            "endTime": day,
            "periodicity": period,
            "general": st.just(9001),
        },
    )


@pytest.mark.parametrize("reads", [False, True])
@given(plan=st.lists(st.tuples(st.booleans(), memberships()), max_size=8))
def test_no_planfix_task_reminds_soon_or_falls_to_a_stranger(
    reads: bool, plan: list[tuple[bool, dict[str, object]]]
) -> None:
    target = target_of("planfix", known=PEOPLE["planfix"])
    books = LenientPlanFix(target)
    client = PlanFixClient(target, Transport(target, wire=books, sleep=lambda _: None), Redactor())
    client.add_task({"title": client.transport.named("t")})
    [own] = client.scratch.ids
    if reads:
        client.read_task(own)
    for creates, members in plan:
        payload = elements({"task": members if creates else {"id": own, **members}})  # type: ignore[dict-item]
        with suppress(PortalError):
            client.call(
                "task.add" if creates else "task.update",
                document("task.add" if creates else "task.update", payload),
            )
    # The caller owned the task from the first, as a read has shown.
    users = {USER, UNKNOWN_ID, 0} | ({LenientPlanFix.CALLER} if reads else set())
    for root in books.asked:
        assert root.find(".//general") is None
        assert {int(node.text or 0) for node in root.iterfind(".//owner/id")} <= users
        assert {int(node.text or 0) for node in root.iterfind(".//addUsers/id")} <= users
        assert {int(node.text or 0) for node in root.iterfind(".//addGroups/id")} <= {GROUP, UNKNOWN_ID}
        assert not OTHERS & {int(node.text or 0) for node in root.iterfind(".//parent/id")}
        for node in root.iter("startTime", "endTime", "startDate", "date"):
            day = datetime.strptime((node.text or "")[:10], "%d-%m-%Y").replace(tzinfo=UTC).date()
            assert not NEAR[0] <= day <= NEAR[1]
            assert date(1900, 1, 1) <= day <= TODAY + timedelta(days=18 * 366)
        for period in root.iter("periodicity"):
            assert period.find("notify") is None or period.find("startDate") is not None


DAY = date(2026, 11, 21)
CALENDAR = Calendar.of(DAY)
CHANGES = planned_changes(CALENDAR)


def guard_of(kind: Kind, **known: object) -> Guard:
    return Guard(target_of(kind, known={**PEOPLE[kind], **known}), "mark", lambda: DAY)


def r7(body: object, *, query: str = "", raw: bytes | None = None) -> Request:
    content = json.dumps(body).encode() if raw is None else raw
    return Request("POST", f"http://portal.example/api/2.0/crm/task{query}", JSON, content)


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (r7({"responsibleId": STRANGER}), "known.responsibles does not name"),
        (r7({"RESPONSIBLEID": [f"({STRANGER.upper()})"]}), "known.responsibles does not name"),
        (r7({}, query=f"?responsibleid={STRANGER}"), "known.responsibles does not name"),
        (r7(None, raw=f"title=t&responsibleid={STRANGER}".encode()), "known.responsibles does not name"),
        (r7(None, raw=f"{{'responsibleid': '{STRANGER}',".encode()), "known.responsibles does not name"),
        (r7(None, raw=f"<a><responsibleId>{STRANGER}</responsibleId></a>".encode()), "does not name"),
        (r7({"deadline": "2026-11-22T10:00:00Z"}), "2026-11-22 is so near"),
        (r7({"deadline": "22.11.2026"}), "2026-11-22 is so near"),
        (r7({"deadline": 1795341600}), "2026-11-22 is so near"),
        (r7({"deadline": "9999-12-31T23:59:59.0000000Z"}), "9999-12-31 may break"),
        (r7({"deadline": "0001-01-01T00:00:00Z"}), "0001-01-01 may break"),
        (r7({"deadline": "99999-01-01"}), "may break"),
        (r7({"alertValue": 15}), "a reminder 15 minutes before"),
        (r7({"alertValue": "0xF"}), "a reminder 15 minutes before"),
        (r7({"alertvalue": 1234.5}), "a reminder 1234.5 minutes before"),
        (r7({"alertValue": -100_000}), "a reminder -100000 minutes before"),
        (r7({}, query="?isNotify=true"), "isNotify"),
        (r7(None, raw=b"isNotify=TRUE"), "isNotify"),
        (r7(None, raw=b'{"isNotify": true'), "isNotify"),
        (r7(None, raw=b'{"isNotify": false, "isNotify": true}'), "isNotify"),
        (r7({"taskid": 401}), "task 401, which no read has shown"),
    ],
)
def test_r7_is_not_asked_for(request_: Request, why: str) -> None:
    with pytest.raises(ForeignWriteError, match=re.escape(why)):
        guard_of("r7").check(request_)


@pytest.mark.parametrize(
    "body",
    [
        {"responsibleId": KNOWN.upper(), "deadline": "2031-02-03T04-05-06.000Z", "alertValue": 10_000_000},
        {"responsibleId": UNKNOWN_PERSON, "deadline": "2031-02-30T09:00:00.0000000Z", "alertValue": 2**31},
        {
            "responsibleId": "not-a-guid",
            "deadline": "tomorrow at noon",
            "alertValue": "soon",
            "isNotify": "perhaps",
        },
        {"alertValue": -15, "isNotify": False, "title": f"responsibleId: {STRANGER}"},
        {"deadline": "2008-04-10T06-30-00.000Z"},
    ],
)
def test_r7_is_asked_for(body: object) -> None:
    guard_of("r7").check(r7(body))


@pytest.mark.parametrize(
    "path",
    ["/crm/task/category", "/crm/task/category/10000", "/crm/contact/task/group", "/crm/task/10000/notify"],
)
def test_what_is_no_task_of_r7_is_left_alone(path: str) -> None:
    guard = guard_of("r7")
    guard.ownership.read(10_000, Card(10_000, "mark"))
    for method in ("POST", "PUT", "DELETE"):
        with pytest.raises(ForeignWriteError, match="which is about no task"):
            guard.check(Request(method, f"http://portal.example/api/2.0{path}", JSON, b"{}"))


def planfix(members: Mapping[str, object], function: str = "task.add") -> Request:
    content = elements({"silent": 1, "task": members})  # type: ignore[dict-item]
    return Request("POST", "http://portal.example/xml/", XML, render(document(function, content)))


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"owner": {"id": OTHER_USER}}, "users 777, whom known.users does not name"),
        ({"workers": {"addUsers": {"id": [USER, OTHER_USER]}}}, "users 777"),
        ({"workers": {"addGroups": {"id": OTHER_GROUP}}}, "groups 99, whom known.groups does not name"),
        ({"workers": {"users": {"id": " 0777 "}}}, "users 0777"),
        ({"startTime": "22-11-2026"}, "2026-11-22 is so near"),
        ({"endTime": "2026-11-22T10:00"}, "2026-11-22 is so near"),
        ({"endTime": "31-12-9999"}, "9999-12-31 may break"),
        ({"periodicity": {"daily": {"type": "EVERY"}, "startDate": "01-12-2026"}}, "2026-12-01 is so near"),
        ({"periodicity": {"daily": {"type": "EVERY"}, "notify": {"type": 1}}}, "has no first day"),
        ({"parent": {"id": 9001}}, "task 9001, which no read has shown to be this run's own"),
        ({"general": 9001}, "by the number that the account counts"),
    ],
)
def test_planfix_is_not_asked_for(members: Mapping[str, object], why: str) -> None:
    with pytest.raises(ForeignWriteError, match=re.escape(why)):
        guard_of("planfix").check(planfix(members))


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_planned_changes_of_planfix_disturb_nobody(name: str) -> None:
    guard_of("planfix").check(planfix(CHANGES[name]))


@given(deadline=st.one_of(*deadlines(CALENDAR).values()), minutes=st.sampled_from(QUIET_MINUTES))
def test_drawn_values_of_r7_disturb_nobody(deadline: str, minutes: int) -> None:
    guard_of("r7").check(r7({"deadline": deadline, "alertValue": minutes, "responsibleId": KNOWN}))


@pytest.mark.parametrize("number", range(4))
def test_bodies_of_r7_that_the_page_forbids_reach_nobody(number: int) -> None:
    pages = load_spec(spec("r7", "openapi.yaml"))
    known: dict[str, list[int | str]] = {
        "responsibles": [KNOWN],
        "categories": [31],
        "contacts": [401],
        "cases": [601],
    }
    document = narrowed(pages, known, calendar=CALENDAR)
    drawn = draw(negative_bodies(document, "updateTask", forbidden_by=pages), 200, number)
    requests = [r7(body) for body in drawn if not isinstance(body, bytes)]
    assert len(requests) > 100
    for request in requests:
        asked = side_effects_of_r7(request)
        assert not asked.notifies
        assert all(minutes in QUIET_MINUTES for minutes in asked.minutes)


def test_whether_a_request_may_be_sent_can_be_asked() -> None:
    guard = guard_of("r7")
    assert guard.permits(r7({"alertValue": 10_000_000}))
    assert not guard.permits(r7({"alertValue": [15]}))
    assert not guard.permits(r7({"deadline": "1039-03-12"}))


def test_a_lent_task_may_be_given_back_what_it_had() -> None:
    target = target_of(
        "planfix", lacks=frozenset({"task.add"}), known={**PEOPLE["planfix"], "tasks": (9001,)}
    )
    guard = Guard(target, "mark", lambda: DAY)
    members = {
        "id": 9001,
        "owner": {"id": OTHER_USER},
        "parent": {"id": 401},
        "startTime": "22-11-2026 10:00",
        "workers": {"addUsers": {"id": OTHER_USER}},
    }
    back = planfix(members, "task.update")
    with pytest.raises(ForeignWriteError):
        guard.check(back)
    card = (
        b'<response status="ok"><task><id>9001</id><owner><id>777</id></owner><parent><id>401</id></parent>'
        b"<startTime>22-11-2026 10:00</startTime></task></response>"
    )
    shown = Exchange(1, "task.get", planfix({"id": 9001}, "task.get"), Response(200, XML, card), 9001)
    guard.learn(shown)
    guard.check(back)
    later = Response(200, XML, card.replace(b"777", b"778"))
    guard.learn(Exchange(2, "task.get", shown.request, later, 9001))
    with pytest.raises(ForeignWriteError, match="users 778"):
        guard.check(planfix({**members, "owner": {"id": 778}}, "task.update"))
