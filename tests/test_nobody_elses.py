"""Portals that name other people's tasks, in front of one that is sound: those tasks stay as they were."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.conftest import target_table
from tests.test_killed_runs import cards_of
from tests.wrong_portals import forwarded, portal_that

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from etalon.portals.mocking import MockPortal
    from tests.conftest import CommandLine, Outcome
    from tests.wrong_portals import Call, Got

    Tampering = Callable[[Call, Got, "Colleague"], Got]

_TASK = re.compile(r"/crm/task/(\d+)")
_NEW = {"createTask", "task.add"}


class Colleague:
    """A task of somebody's on the portal, and what was sent to it."""

    def __init__(self, task: int) -> None:
        self.task = task
        self.creations = 0
        self.writes: list[str] = []

    def note(self, call: Call) -> None:
        self.creations += creates(call)
        found = _TASK.search(call.path)
        if call.command in {"PUT", "DELETE"} and found and int(found[1]) == self.task:
            self.writes.append(f"{call.command} {call.path}")
        if b'"task.update"' in call.body and b"<id>%d</id>" % self.task in call.body:
            self.writes.append(call.body.decode())


def creates(call: Call) -> bool:
    return (call.command == "POST" and call.path.endswith("/crm/task")) or b'"task.add"' in call.body


def renamed(got: Got, task: int) -> Got:
    """An answer that names another task than the one that was made."""
    if got.body.startswith(b"<"):
        return got.with_body(re.sub(rb"<task><id>\d+</id>", b"<task><id>%d</id>" % task, got.body))
    document = json.loads(got.body)
    document["response"]["id"] = task
    return got.with_body(json.dumps(document).encode())


def every(number: Callable[[int], bool]) -> Tampering:
    """Answers to some creations, by their number, name the colleague's task."""

    def tamper(call: Call, got: Got, colleague: Colleague) -> Got:
        chosen = creates(call) and got.status < 300 and b"error" not in got.body[:90]
        return renamed(got, colleague.task) if chosen and number(colleague.creations) else got

    return tamper


def hidden(call: Call, got: Got, colleague: Colleague) -> Got:
    """The same, and the colleague's task cannot be read."""
    found = _TASK.search(call.path)
    if call.command == "GET" and found and int(found[1]) == colleague.task:
        return got._replace(
            status=500, body=b'{"status": 1, "statusCode": 500, "error": {"message": "busy"}}'
        )
    return every(lambda number: number % 2 == 0)(call, got, colleague)


def refusals_show_the_newest(call: Call, got: Got, colleague: Colleague) -> Got:
    """A creation that is refused is answered with 200 and the colleague's task."""
    if not creates(call) or got.status < 400 or got.status == 401:
        return got
    shown = {"id": colleague.task, "title": "Call Ivan"}
    return got._replace(status=200, body=json.dumps({"count": 1, "status": 0, "response": shown}).encode())


def unknown_ids_show_a_task(call: Call, got: Got, colleague: Colleague) -> Got:
    """An update of an id that no task has is answered with the colleague's task."""
    found = _TASK.search(call.path)
    if call.command != "PUT" or not found or got.status != 404:
        return got
    shown = {"id": colleague.task, "title": "Call Ivan"}
    return got._replace(status=200, body=json.dumps({"count": 1, "status": 0, "response": shown}).encode())


def updates_move_it(call: Call, got: Got, colleague: Colleague) -> Got:
    """Updates are answered with the colleague's task, as if the updated one had moved there."""
    if call.command == "PUT" and got.status == 200 and _TASK.search(call.path):
        return renamed(got, colleague.task)
    return got


def judged_against(
    etalon: CommandLine, kind: str, tamper: Tampering, *arguments: str, config: str = ""
) -> tuple[Outcome, Colleague, Mapping[int, Any]]:
    portal = vendor_of(kind).mock().create("documented", ())
    with served(portal) as url:
        before = cards(portal, url)
        colleague = Colleague(max(before))

        def answer(call: Call) -> None:
            colleague.note(call)
            forwarded(url, call, lambda got: tamper(call, got, colleague))

        with portal_that(answer) as between:
            etalon.config(target_table(portal, between.url + getattr(portal, "path", "")) + config)
            outcome = etalon.verdicts("here", "--no-confirm", *arguments)
        after = cards(portal, url)
    assert {task: after.get(task) for task in before} == before
    assert colleague.writes == []
    return outcome, colleague, after


def cards(portal: MockPortal, url: str) -> Mapping[int, str]:
    """Every task of a portal, as it shows them itself."""
    if portal.kind == "planfix":
        return {task: card.findtext("title") or "" for task, card in cards_of(portal, url).items()}
    answer = httpx.get(
        f"{url}/api/2.0/crm/task/filter?count=1000", headers={"Authorization": portal.credentials["token"]}
    )
    return {task["id"]: json.dumps(task, sort_keys=True) for task in answer.json()["response"]}


@pytest.mark.parametrize(
    ("tamper", "profile"),
    [
        pytest.param(every(lambda _: True), "quick", id="all"),
        pytest.param(every(lambda number: number == 2), "quick", id="the second"),
        pytest.param(every(lambda number: number % 3 == 0), "standard", id="every third"),
        pytest.param(hidden, "quick", id="hidden"),
        pytest.param(refusals_show_the_newest, "standard", id="refusals"),
        pytest.param(unknown_ids_show_a_task, "quick", id="unknown ids"),
        pytest.param(updates_move_it, "quick", id="moved"),
    ],
)
def test_a_task_that_an_answer_of_r7_names_stays_as_it_was(
    etalon: CommandLine, tamper: Tampering, profile: str
) -> None:
    outcome, colleague, after = judged_against(etalon, "r7", tamper, "--profile", profile)
    left = outcome.results["targets"][0]["left-behind"]
    assert str(colleague.task) not in left
    # What the run did make is gone, or listed.
    made = {task for task in after if task > colleague.task}
    told = set(map(int, re.findall(r"task (\d+)", outcome.err))) | set(map(int, left))
    assert made <= told
    assert outcome.code in {0, 1, 6}


@pytest.mark.parametrize("which", ["all", "second", "third"])
def test_a_task_that_an_answer_of_planfix_names_stays_as_it_was(etalon: CommandLine, which: str) -> None:
    numbers = {"all": lambda _: True, "second": lambda number: number == 2, "third": lambda n: n == 3}
    outcome, colleague, after = judged_against(etalon, "planfix", every(numbers[which]), "--profile", "quick")
    left = set(map(int, outcome.results["targets"][0]["left-behind"]))
    assert colleague.task not in left
    assert {task for task in after if task > colleague.task} <= left | set(
        map(int, re.findall(r"task (\d+)", outcome.err))
    )


def test_a_portal_that_cannot_read_has_nothing_written_to(etalon: CommandLine) -> None:
    outcome, *_ = judged_against(
        etalon, "r7", every(lambda _: True), "--profile", "quick", config='lacks = ["task.read"]\n'
    )
    assert outcome.results["targets"][0]["left-behind"] == []
    reasons = {row["reason"] for row in outcome.requirements.values() if row["verdict"] == "not-applicable"}
    assert any("no task can be shown to be the run's own" in reason for reason in reasons)
