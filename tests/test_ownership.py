"""Whose a task is: a read of that very task decides, and nothing that an answer to a write says."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from etalon.portals.cards import Card
from etalon.portals.errors import ForeignWriteError, PortalError
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.ownership import Ownership, fingerprint
from etalon.portals.secrets import Redactor
from etalon.portals.transport import Transport
from etalon.portals.wire import LARGEST_ANSWER, Wire
from etalon.vendors import vendor_of
from etalon.vendors.planfix.client import PlanFixClient
from etalon.vendors.r7.client import R7Client
from tests.test_guard import JSON, XML, target_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.config import Kind, Target

MARK, CALLER = "k3v9xz2b", "9924256a-739c-462b-af15-e652a3b1b6eb"
OURS = Card(7, f"Etalon {MARK}", "", CALLER, "2026-11-28T10:00:00")


def seen(*cards: Card | None, task: int = 7) -> Ownership:
    ownership = Ownership(MARK)
    ownership.author = CALLER
    ownership.recall(map(fingerprint, (OURS.title, f"{MARK}|text")))
    for card in cards:
        ownership.read(task, card)
    return ownership


def test_a_read_that_shows_the_mark_makes_a_task_the_runs_own() -> None:
    assert seen(OURS).may_change(7)
    assert seen(Card(7, "a colleague's", f"{MARK.upper()}|text")).may_change(7)


@pytest.mark.parametrize(
    "card",
    [
        None,
        Card(7, f"Ask QA about {OURS.title}", author=CALLER),  # a text that quotes the mark
        Card(8, OURS.title, author=CALLER),  # another task than was asked for
        Card(7, "a colleague's", "about Etalon", CALLER),
        Card(7, f"x{MARK}", author=CALLER),  # a word that only ends like the mark
        Card(7, OURS.title, author="0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),  # a colleague's copy
    ],
)
def test_no_other_read_does(card: Card | None) -> None:
    ownership = seen(card)
    assert not ownership.may_change(7)
    assert not ownership.may_remove(7)


def test_between_the_read_and_the_removal_nothing_else_is_written() -> None:
    ownership = seen(OURS)
    assert ownership.may_remove(7)
    ownership.read(8, None)
    ownership.removing([8])
    assert ownership.may_remove(7)
    ownership.writing([9], [])
    assert not ownership.may_remove(7)
    assert ownership.may_change(7)


@pytest.mark.parametrize(
    ("later", "own"),
    [
        (Card(7, "written over", "", CALLER, OURS.created), True),
        (Card(7, "", "", CALLER, OURS.created), True),
        (Card(7, "written over", "", CALLER, "2026-11-28T10:00:01"), False),
        (Card(7, "written over", "", None, None), False),
        (Card(7, "a text that the run wrote ", "", None, None), True),
        (Card(7, "written over", "", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", OURS.created), False),
        (None, True),
        ("missing", False),
    ],
)
def test_a_task_whose_mark_is_written_over_stays_own_where_its_making_shows_it(
    later: Card | str | None, own: bool
) -> None:
    ownership = seen(OURS)
    ownership.writing([7], ["A text that  the run wrote"])
    ownership.read(7, later if isinstance(later, Card) else None, missing=later == "missing")
    assert ownership.may_change(7) == own
    assert not ownership.may_remove(7)


def test_an_id_is_free_only_far_above_all_that_the_portal_has_named() -> None:
    ownership = Ownership(MARK)
    ownership.named(5_000_000)
    ownership.read(5_000_001, None, missing=True)
    assert not ownership.may_change(5_000_001)
    ownership.read(6_000_000, None)  # it cannot be read, which is another matter
    assert not ownership.may_change(6_000_000)
    ownership.read(6_000_000, None, missing=True)
    assert ownership.may_change(6_000_000)
    ownership.read(5_000_002, None, missing=True)  # only the latest read tells
    assert not ownership.may_change(6_000_000)


def test_a_title_that_somebody_gave_a_task_keeps_it_from_being_removed() -> None:
    described = Card(7, "Prepare the contract", f"{MARK}|text", CALLER, OURS.created)
    ownership = seen(OURS, described)
    assert ownership.owns(7)
    assert not ownership.may_remove(7)


def test_what_a_portal_makes_of_a_title_is_still_the_runs() -> None:
    ownership = seen(OURS)
    ownership.writing([7], [f"A & B {MARK}", f"{MARK}|other"])
    ownership.read(7, Card(7, f"A &amp; B {MARK}", f"{MARK}|other", CALLER, OURS.created))
    assert ownership.may_remove(7)


def test_a_lent_task_is_never_the_runs_own() -> None:
    ownership = Ownership(MARK, [7])
    ownership.writing([7], [OURS.title])
    ownership.read(7, OURS)
    assert ownership.may_change(7)
    assert not ownership.owns(7)
    assert not ownership.may_remove(7)


@pytest.mark.parametrize(
    ("status", "body", "missing"),
    [
        (404, b'{"status": 1, "statusCode": 404}', True),
        (410, b"", True),
        (400, b'{"status": 1}', True),
        (200, b'{"response": {}}', True),
        (404, b"404 page not found", False),
        (404, b"<html>no such page</html>", False),
        (403, b'{"status": 1}', False),
        (500, b'{"status": 1}', False),
        (200, b'{"Response": {"Id": 1001203, "Title": "Call Ivan"}}', False),
        (200, b'{"response": {"id": 1001203.0}}', False),
    ],
)
def test_what_says_that_there_is_no_such_task(status: int, body: bytes, missing: bool) -> None:
    assert vendor_of("r7").says_missing(r7_read("7", body, status)) == missing


def test_an_id_that_was_given_back_is_nobodys() -> None:
    ownership = seen(OURS)
    ownership.gone(7)
    assert not ownership.may_change(7)


def r7_read(path: str, body: object, status: int = 200) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps({"status": 0, "response": body}).encode()
    request = Request("GET", f"https://portal.example/api/2.0/crm/task/{path}", ())
    return Exchange(1, "getTask", request, Response(status, JSON, raw), 7)


@pytest.mark.parametrize("path", ["7", "7.json", "7/", "%37"])
def test_what_reads_a_task(path: str) -> None:
    assert vendor_of("r7").understood(r7_read(path, {}).request).reads == 7


@pytest.mark.parametrize("path", ["filter", "7/close", "٧", "7.5.1", "-7", "category/7"])
def test_what_reads_no_task(path: str) -> None:
    assert vendor_of("r7").understood(r7_read(path, {}).request).reads is None


@pytest.mark.parametrize(
    "body",
    [
        {"id": 7.0, "title": MARK},
        {"id": "٧", "title": MARK},
        {"id": "07x", "title": MARK},
        {"id": True, "title": MARK},
        {"id": None, "title": MARK},
        [{"id": 7, "title": MARK}, {"id": 8, "title": "b"}],
        {"title": MARK},
        b"\xff",
        b'{"response": {"id": 7',
    ],
)
def test_an_answer_that_leaves_in_doubt_which_task_it_shows_shows_none(body: object) -> None:
    card = vendor_of("r7").card(r7_read("7", body))
    assert card is None or card.task != 7


@pytest.mark.parametrize(
    ("code", "missing"),
    [("3001", True), ("0015", True), ("3002", False), ("3008", False), ("3014", False), ("0007", False)],
)
def test_which_code_of_planfix_says_that_there_is_no_such_task(code: str, missing: bool) -> None:
    body = f'<response status="error"><code>{code}</code></response>'.encode()
    request = Request("POST", "https://portal.example/xml/", (), b"")
    assert (
        vendor_of("planfix").says_missing(Exchange(1, "task.get", request, Response(200, XML, body), 7))
        == missing
    )


class Hostile(Wire):
    """A portal of people who work while the run goes on, whose answers to writes name whatever is drawn.

    Reads tell the truth, or nothing. Whose a task is, the portal knows: it notes every write to people's.
    """

    def __init__(self, target: Target, named: Callable[[int], object]) -> None:
        super().__init__(target)
        self.kind = target.kind
        self.named = named
        self.titles = dict.fromkeys((401, 402, 9001), "a colleague's")
        self.theirs = set(self.titles)
        self.newest = 10_000
        self.unreadable: set[int] = set()
        self.harmed: set[int] = set()
        self.read_since_it_changed_hands: set[int] = set(self.titles)

    def restored(self, task: int) -> None:
        """A backup is played back: a colleague's task has the id now."""
        if task in self.titles:
            self.titles[task] = "a colleague's, made anew"
            self.theirs.add(task)
            self.read_since_it_changed_hands.discard(task)

    def answer_to(self, request: Request, largest: int = LARGEST_ANSWER) -> Response:
        del largest
        return self._r7(request) if self.kind == "r7" else self._planfix(request)

    def _write(self, task: int, title: str | None, *, removes: bool = False) -> None:
        if task in self.theirs and (removes or task in self.read_since_it_changed_hands):
            self.harmed.add(task)
        if removes:
            self.titles.pop(task, None)
        elif title is not None:
            self.titles[task] = title

    def _made(self, title: str) -> int:
        self.newest += 1
        self.titles[self.newest] = title
        return self.newest

    def _seen(self, task: int) -> str | None:
        self.read_since_it_changed_hands.add(task)
        return None if task in self.unreadable else self.titles.get(task)

    def _r7(self, request: Request) -> Response:
        found = re.search(r"/crm/task/(\d+)", request.url)
        task = int(found[1]) if found else None
        title = json.loads(request.body or b"{}").get("title")
        if request.method == "GET" and task is not None:
            shown = self._seen(task)
            return self._answer({"id": task, "title": shown}) if shown is not None else Response(404, JSON)
        if request.method == "GET":
            items = [{"id": one, "title": text} for one, text in self.titles.items()]
            return Response(200, JSON, json.dumps({"status": 0, "response": items}).encode())
        if task is None or task not in self.titles:
            task = self._made(title or "")
        else:
            self._write(task, title, removes=request.method == "DELETE")
        return self._answer({"id": self.named(task), "title": title})

    def _answer(self, task: object) -> Response:
        return Response(200, JSON, json.dumps({"status": 0, "response": task}).encode())

    def _planfix(self, request: Request) -> Response:
        root = etree.fromstring(request.body)
        task, title = int(root.findtext("task/id") or 0), root.findtext("task/title")
        if root.get("method") == "task.get":
            shown = self._seen(task)
            if shown is None:
                return Response(200, XML, b'<response status="error"><code>3001</code></response>')
            return self._card(task, shown)
        if root.get("method") == "task.add":
            task = self._made(title or "")
        elif task in self.titles:
            self._write(task, title)
        return self._card(self.named(task), None)

    def _card(self, task: object, title: str | None) -> Response:
        answer = etree.Element("response", status="ok")
        card = etree.SubElement(answer, "task")
        etree.SubElement(card, "id").text = str(task)
        if title is not None:
            etree.SubElement(card, "title").text = title
        return Response(200, XML, etree.tostring(answer))


NAMES = st.one_of(
    st.just("its own"),
    st.sampled_from([401, 402, 9001, 10_001, 10_002, 0, -401, "401", "٤٠١", 401.0, 2**63, 2**31 + 401, None]),
)
STEPS = ("create", "update", "delete", "restore", "unreadable", "together", "adopt", "clean up")


@pytest.mark.parametrize("kind", ["r7", "planfix"])
@settings(max_examples=100)
@given(data=st.data())
def test_whatever_a_portal_names_nobody_elses_task_is_harmed(kind: Kind, data: st.DataObject) -> None:
    target = target_of(kind)
    names = data.draw(st.lists(NAMES, max_size=12))

    def named(task: int) -> object:
        name = names.pop() if names else "its own"
        return task if name == "its own" else name

    portal = Hostile(target, named)
    transport = Transport(target, wire=portal, sleep=lambda _: None)
    client = (R7Client if kind == "r7" else PlanFixClient)(target, transport, Redactor())
    ids = st.sampled_from([401, 10_001, 10_002, 2**63])
    for step, task in data.draw(st.lists(st.tuples(st.sampled_from(STEPS), ids), max_size=20)):
        with suppress(PortalError):
            take(client, portal, step, task)
        assert portal.harmed == set()
    with suppress(PortalError):
        client.scratch.clean_up()
    assert portal.harmed == set()
    assert not set(client.scratch.left_behind) & {401, 402, 9001}


def take(client: R7Client | PlanFixClient, portal: Hostile, step: str, task: int) -> None:
    title = client.transport.named("t")
    if step == "restore":
        portal.restored(task)
    elif step == "unreadable":
        portal.unreadable ^= {task}
    elif step == "clean up":
        client.scratch.clean_up()
    elif step == "update":
        client.update_task(task, {"title": title})
    elif isinstance(client, PlanFixClient):
        if step == "together":
            client.update_together(task, [{"title": title}, {"title": title}])
        elif step == "delete":
            client.label(task, recurring=False)
        else:
            client.add_task({"title": title})
    elif step == "delete":
        client.delete_task(task)
    elif step == "create":
        client.create_task({"title": title})
    else:
        together_or_adopted(client, step, task, title)


def together_or_adopted(client: R7Client, step: str, task: int, title: str) -> None:
    if step == "adopt":
        client.scratch.claimed(task)
        client.follow(task, task + 1)
        return
    request = client.request("POST", "/crm/task", {"title": title})
    with client.scratch.making():
        made = client.transport.send_together([("createTask", request, None)] * 3)
        client.adopt({one.number: (one, {"title": title}) for one in made})


def test_a_removal_without_a_read_before_is_refused() -> None:
    target = target_of("r7")
    portal = Hostile(target, lambda task: task)
    client = R7Client(target, Transport(target, wire=portal), Redactor())
    client.create_task({"title": client.transport.named("t")})
    client.read_task(10_001)
    client.update_task(10_001, {"title": client.transport.named("u")})
    with pytest.raises(ForeignWriteError, match="which no read has just shown"):
        client.call("deleteTask", "DELETE", "/crm/task/10001")
    client.delete_task(10_001)  # which reads it first
    assert 10_001 not in portal.titles
