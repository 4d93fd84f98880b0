"""No write reaches a task that is not the run's own, whatever is asked of the clients, and in which order."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from etalon.portals.config import Secret, Target
from etalon.portals.errors import ForeignWriteError, PortalError
from etalon.portals.exchange import Request, Response
from etalon.portals.secrets import Redactor
from etalon.portals.transport import Transport
from etalon.portals.wire import LARGEST_ANSWER, Wire
from etalon.vendors.planfix.client import PlanFixClient
from etalon.vendors.planfix.requests import document, elements
from etalon.vendors.r7.client import R7Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.config import Kind

OTHERS = frozenset({401, 402, 9001, 9002})
"""Tasks of other people, which are there before the run."""
FIRST = 10_000
IDS = st.sampled_from([*sorted(OTHERS), FIRST, FIRST + 1, FIRST + 2, 77, 0, -1, 10**12])
XML, JSON = (("content-type", "text/xml"),), (("content-type", "application/json"),)


class Books(Wire):
    """A portal without a socket: keeps each task's title, and which tasks were written to."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.kind = target.kind
        self.tasks = dict.fromkeys(OTHERS, "somebody else's")
        self.written: set[int] = set()
        self.removed: set[int] = set()

    def answer_to(self, request: Request, largest: int = LARGEST_ANSWER) -> Response:
        del largest
        return self._r7(request) if self.kind == "r7" else self._planfix(request)

    def _r7(self, request: Request) -> Response:
        found = re.search(r"/crm/task/(\d+)", request.url)
        task = int(found[1]) if found else None
        title = titled(request)
        if request.method == "POST" and task is None:
            return self._shown(self._made(title), 201)
        if request.method != "GET" and task is not None:
            self.written.add(task)
        if request.method == "PUT" and task not in self.tasks:
            return self._shown(self._made(title), 200)  # as CommunityServer does
        if task not in self.tasks:
            return Response(404, JSON, b"{}")
        if request.method == "PUT":
            self.tasks[task] = title
        shown = self._shown(task, 200)
        if request.method == "DELETE":
            self.removed.add(task)
            del self.tasks[task]
        return shown

    def _planfix(self, request: Request) -> Response:
        root = etree.fromstring(request.body)
        function = root.get("method")
        task = int(root.findtext("task/id") or 0)
        title = root.findtext("task/title")
        if function == "task.add":
            task = self._made(title or "")
        elif function == "task.update":
            self.written.add(task)
        if task not in self.tasks:
            return Response(200, XML, b'<response status="error"><code>3001</code></response>')
        if title is not None:
            self.tasks[task] = title
        answer = etree.Element("response", status="ok")
        card = etree.SubElement(answer, "task")
        etree.SubElement(card, "id").text = str(task)
        if function == "task.get":
            etree.SubElement(card, "title").text = self.tasks[task]
        return Response(200, XML, etree.tostring(answer))

    def _made(self, title: str) -> int:
        task = FIRST + len(self.tasks) + len(self.removed)
        self.tasks[task] = title
        return task

    def _shown(self, task: int | None, status: int) -> Response:
        shown = {"id": task, "title": self.tasks.get(task or 0)}
        return Response(status, JSON, json.dumps({"status": 0, "response": shown}).encode())

    def foreign_writes(self) -> set[int]:
        return self.written & OTHERS


def titled(request: Request) -> str:
    with suppress(ValueError):
        body = json.loads(request.body)
        return str(body.get("title", "")) if isinstance(body, dict) else ""
    return ""


def target_of(kind: Kind, **known: object) -> Target:
    keys = ("token",) if kind == "r7" else ("account", "api-key", "token")
    credentials = {key: Secret("a-secret-of-a-test", key.upper()) for key in keys}
    return Target("here", kind, "http://portal.example", credentials=credentials, **known)  # type: ignore[arg-type]


def r7_steps(client: R7Client) -> dict[str, Callable[[int], object]]:
    body = {"title": client.transport.named("t")}
    wire = client.transport

    def together(task: int) -> object:
        request = client.request("PUT", f"/crm/task/{task}", body)
        return wire.send_together([("updateTask", request, task), ("updateTask", request, FIRST)])

    return {
        "create": lambda _: client.create_task(body),
        "update": lambda task: client.update_task(task, body),
        "update with another token": lambda task: client.update_task(task, b"{", token="another"),
        "delete": client.delete_task,
        "delete at the end": lambda task: client.delete_task(task, cleaning=True),
        "read": client.read_task,
        "call": lambda task: client.call("updateTask", "PUT", f"/crm/task/{task}.json", body),
        "call about another": lambda task: client.call(
            "getTask", "DELETE", f"/crm/task/{task}/", subject=FIRST
        ),
        "close": lambda task: client.call("closeTask", "PUT", f"/crm/task/{task}/close"),
        "escaped": lambda task: client.call("updateTask", "PUT", f"/crm/%74ask/{task}", body),
        "together": together,
        "clean up": lambda _: client.scratch.clean_up(),
    }


def planfix_steps(client: PlanFixClient) -> dict[str, Callable[[int], object]]:
    title = {"title": client.transport.named("t")}

    def raw(function: str) -> Callable[[int], object]:
        def send(task: int) -> object:
            content = elements({"task": {"id": task, **title}})
            return client.call(function, document(function, content), subject=FIRST)

        return send

    return {
        "create": lambda _: client.add_task(title),
        "update": lambda task: client.update_task(task, title),
        "update of nothing": lambda _: client.update_task(None, title),
        "read": client.read_task,
        "raw": raw("task.update"),
        "a function that deletes": raw("task.delete"),
        "an invented function": raw("task.etalon"),
        "together": lambda task: client.update_together(task, [title, title]),
        "clean up": lambda _: client.scratch.clean_up(),
    }


@pytest.mark.parametrize("kind", ["r7", "planfix"])
@given(data=st.data())
def test_no_write_reaches_a_task_of_others(kind: Kind, data: st.DataObject) -> None:
    target = target_of(kind)
    books = Books(target)
    transport = Transport(target, wire=books, sleep=lambda _: None)
    steps: dict[str, Callable[[int], object]] = (
        r7_steps(R7Client(target, transport, Redactor()))
        if kind == "r7"
        else planfix_steps(PlanFixClient(target, transport, Redactor(), sleep=lambda _: None))
    )
    plan = data.draw(st.lists(st.tuples(st.sampled_from(sorted(steps)), IDS), max_size=12))
    for name, task in plan:
        with suppress(PortalError):
            steps[name](task)
        assert books.foreign_writes() == set()
    assert books.tasks.keys() >= OTHERS


@pytest.mark.parametrize("kind", ["r7", "planfix"])
@pytest.mark.parametrize("task", sorted(OTHERS))
def test_a_write_to_a_task_of_others_is_refused(kind: Kind, task: int) -> None:
    target = target_of(kind)
    books = Books(target)
    transport = Transport(target, wire=books)
    client = (R7Client if kind == "r7" else PlanFixClient)(target, transport, Redactor())
    with pytest.raises(ForeignWriteError, match=f"refused to write to task {task}, which no read has shown"):
        client.update_task(task, {"title": "t"})
    assert books.written == set()


def test_what_a_read_shows_to_be_the_runs_own_may_be_written_to() -> None:
    target = target_of("r7")
    books = Books(target)
    client = R7Client(target, Transport(target, wire=books), Redactor())
    client.create_task({"title": client.transport.named("t")})
    [own] = client.scratch.ids
    client.update_task(own, {"title": "u"})
    client.update_task(10**9, {"title": "of nobody"})
    assert books.written == {own, 10**9}


def test_an_answer_to_a_creation_makes_no_task_the_runs_own() -> None:
    target = target_of("r7")
    books = Books(target)
    client = R7Client(target, Transport(target, wire=books), Redactor())
    client.create_task({"title": "without the mark"})
    [own] = client.scratch.ids
    with pytest.raises(ForeignWriteError):
        client.update_task(own, {"title": "u"})
    with pytest.raises(ForeignWriteError):
        client.delete_task(own)
    assert books.written == set()


def test_lent_tasks_may_be_written_to_where_none_can_be_made() -> None:
    lent = target_of("planfix", lacks=frozenset({"task.add"}), known={"tasks": (9001,)})
    books = Books(lent)
    client = PlanFixClient(lent, Transport(lent, wire=books), Redactor())
    client.update_task(9001, {"title": "t"})
    with pytest.raises(ForeignWriteError):
        client.update_task(9002, {"title": "t"})
    assert books.written == {9001}


@pytest.mark.parametrize("value", [True, "true", "TRUE ", 1, "1"])
@pytest.mark.parametrize("name", ["isNotify", "ISNOTIFY"])
@pytest.mark.parametrize("notify", [False, True])
def test_nobody_is_notified_unless_the_target_says_so(value: object, name: str, notify: bool) -> None:
    target = target_of("r7", notify=notify)
    books = Books(target)
    client = R7Client(target, Transport(target, wire=books), Redactor())
    if notify:
        assert client.create_task({"title": "t", name: value}).response.ok
        return
    with pytest.raises(ForeignWriteError, match="isNotify"):
        client.create_task({"title": "t", name: value})
    assert books.tasks.keys() == OTHERS


@pytest.mark.parametrize("silent", ["", "<silent/>", "<silent>0</silent>", "<silent>1</silent>"])
@pytest.mark.parametrize("notify", [False, True])
def test_planfix_is_asked_to_be_silent_unless_the_target_says_otherwise(silent: str, notify: bool) -> None:
    target = target_of("planfix", notify=notify)
    guard = Transport(target, wire=Books(target)).guard
    body = f'<request method="task.add">{silent}<task><title>t</title></task></request>'.encode()
    request = Request("POST", "https://portal.example/xml/", XML, body)
    if notify or "1" in silent:
        guard.check(request)
        return
    with pytest.raises(ForeignWriteError, match="silent"):
        guard.check(request)
