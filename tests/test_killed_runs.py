"""`kill -9` at any moment of a run: `etalon clean` finds what the run left, and removes it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest
from lxml import etree

from etalon.portals.config import Target
from etalon.portals.ledger import FOLDER, open_ledger
from etalon.portals.ledger_reading import read
from etalon.portals.ledger_writing import title_of
from etalon.portals.serving import served
from etalon.vendors import vendor_of
from etalon.vendors.planfix.client import LEFT_BEHIND_TITLE
from tests.conftest import ROOT, target_table, tasks_of
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from pathlib import Path

    from etalon.portals.mocking import MockPortal
    from tests.conftest import CommandLine, Outcome
    from tests.wrong_portals import Answer, Call, WrongPortal

SEED = 8
# All fifty take minutes: ETALON_KILLS=50 is for whoever has them.
KILLS = int(os.environ.get("ETALON_KILLS", "6"))
_REQUESTS = 56  # of a run of the profile quick, up to the removal of its tasks, at least


def moments() -> list[tuple[int, bool]]:
    """The request with which a run dies, and whether it has heard the answer to it."""
    chance = random.Random(SEED)  # noqa: S311 - the same moments each time
    return [(chance.randint(2, _REQUESTS), chance.random() < 0.5) for _ in range(KILLS)]


def kill_with(run: subprocess.Popen[bytes], sound: Answer, number: int, *, heard: bool) -> Answer:
    """A portal's answers, until with one of them the run is killed."""

    def answer(call: Call) -> None:
        if call.number != number:
            sound(call)
            return
        if not heard:
            run.kill()
        sound(call)  # what was asked for is done, whoever is alive to hear it
        if heard:
            threading.Timer(0.001, run.kill).start()

    return answer


def start(etalon: CommandLine) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "etalon", "run", "here", "--profile", "quick", "--no-progress"],
        cwd=etalon.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed(etalon: CommandLine, portal: WrongPortal, sound: Answer, number: int, *, heard: bool) -> None:
    """Run until a request, kill, and leave the portal in peace."""
    started: list[subprocess.Popen[bytes]] = []
    ready = threading.Event()

    def answer(call: Call) -> None:
        ready.wait(60)
        kill_with(started[0], sound, first + number, heard=heard)(call)

    first = len(portal.seen)
    portal.answer = answer
    with start(etalon) as run:
        started.append(run)
        ready.set()
        assert run.wait(300) == -signal.SIGKILL
    time.sleep(0.1)  # what was on its way to the portal arrives
    portal.answer = sound


@pytest.mark.parametrize(("number", "heard"), moments())
def test_not_one_task_is_left(etalon: CommandLine, number: int, heard: bool) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url, portal_that(passes_on(url)) as between:
        etalon.config(target_table(portal, between.url))
        before = tasks_of(portal, url)
        killed(etalon, between, passes_on(url), number, heard=heard)
        etalon("clean", "here")
        assert tasks_of(portal, url) == before
        again = etalon("clean", "here")
    assert (again.code, again.out) == (0, "Nothing is left of earlier runs against here.\n")
    assert [path.name for path in (etalon.folder / FOLDER).iterdir()] == [".gitignore"]


def test_what_cannot_be_deleted_is_labelled_and_listed(etalon: CommandLine) -> None:
    portal = vendor_of("planfix").mock().create("documented", ())
    labelled: list[bytes] = []
    with served(portal) as url:
        sound = passes_on(url)

        def watched(call: Call) -> None:
            if LEFT_BEHIND_TITLE.encode() in call.body and b'"task.update"' in call.body:
                labelled.append(call.body)
            sound(call)

        with portal_that(watched) as between:
            etalon.config(target_table(portal, between.url + portal.path))
            killed(etalon, between, watched, 20, heard=False)
            outcome = etalon("clean", "here")
            again = etalon("clean", "here")
    assert outcome.code == 1
    left = [line for line in outcome.out.splitlines() if line.startswith("Task ")]
    assert len(left) == len(labelled) >= 2
    assert all("is still there: http://" in line for line in left)
    assert outcome.out.splitlines()[-1].startswith("Delete what is still there by hand, since the API has no")
    assert again.code == 0
    assert again.out.startswith("Nothing more can be done about earlier runs against here")


def cards_of(portal: MockPortal, url: str) -> dict[int, etree._Element]:
    """The cards of a PlanFix portal's tasks by id, as it lists them itself."""
    keys = portal.credentials
    body = (
        f'<request method="task.getList"><account>{keys["account"]}</account><target>all</target>'
        "<pageCurrent>1</pageCurrent><pageSize>100</pageSize></request>"
    )
    answer = httpx.post(url, content=body, auth=(keys["api-key"], keys["token"]))
    cards = etree.fromstring(answer.content).findall("tasks/task")
    return {int(card.findtext("id") or 0): card for card in cards}


@pytest.mark.parametrize(("number", "heard"), moments())
def test_every_task_of_planfix_is_labelled_and_listed(etalon: CommandLine, number: int, heard: bool) -> None:
    portal = vendor_of("planfix").mock().create("documented", ())
    with served(portal) as url:
        sound = passes_on(url)
        before = cards_of(portal, url)
        with portal_that(sound) as between:
            etalon.config(target_table(portal, between.url + portal.path))
            killed(etalon, between, sound, number, heard=heard)
            outcome = etalon("clean", "here")
        left = {task: card for task, card in cards_of(portal, url).items() if task not in before}
    assert {card.findtext("title") for card in left.values()} <= {LEFT_BEHIND_TITLE}
    listed = re.findall(r"^Task (\d+) is still there: http://\S+/task/\1$", outcome.out, re.MULTILINE)
    assert set(map(int, listed)) == set(left)
    assert outcome.code == int(bool(left))
    assert not list((etalon.folder / FOLDER).glob("*.jsonl"))


def journal_of(folder: Path) -> Path:
    [path] = (folder / FOLDER).glob("here-*.jsonl")
    return path


def clean(etalon: CommandLine, entries: list[dict[str, object]]) -> tuple[Outcome, set[int], set[int]]:
    """Clean up by a journal that a test has written; the tasks of the portal before and after."""
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        etalon.config(target_table(portal, url))
        target = Target("here", "r7", url)
        open_ledger(etalon.folder / FOLDER, target).close()
        with closing(open_ledger(etalon.folder / FOLDER, target)) as ledger:
            ledger.made(1)  # so that the journal is not taken for done
            path = ledger.path
        lines = [path.read_text(encoding="utf-8").splitlines()[0], *map(json.dumps, entries)]
        path.write_text("\n".join(lines) + '\n{"made": 7', encoding="utf-8")
        before = tasks_of(portal, url)
        outcome = etalon("clean", "here")
        return outcome, before, tasks_of(portal, url)


def test_tasks_of_others_stay(etalon: CommandLine) -> None:
    entries: list[dict[str, object]] = [{"creating": 1, "title": "no task is called so", "above": 0}]
    outcome, before, after = clean(etalon, entries)
    assert outcome.code == 0
    assert after == before != set()


def test_a_run_that_goes_on_is_left_alone(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        etalon.config(target_table(portal, url))
        before = tasks_of(portal, url)
        with closing(open_ledger(etalon.folder / FOLDER, Target("here", "r7", url))) as ledger:
            ledger.made(min(before))
            outcome = etalon("clean", "here")
            assert tasks_of(portal, url) == before
            ledger.gone(min(before))
    assert "1 runs against here still go on" in outcome.err


def test_a_journal_of_another_portal_is_not_followed(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        before = tasks_of(portal, url)
        with closing(open_ledger(etalon.folder / FOLDER, Target("here", "r7", "http://elsewhere"))) as ledger:
            ledger.made(min(before))
        etalon.config(target_table(portal, url))
        etalon("clean", "here")
        assert tasks_of(portal, url) == before


def test_a_creation_is_on_the_disk_before_it_is_sent(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    titles: list[tuple[str | None, list[str | None]]] = []
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            if call.command == "POST":
                known = read(journal_of(etalon.folder)).attempts
                titles.append((title_of(call.body), [attempt.title for attempt in known]))
            sound(call)

        with portal_that(answer) as watched:
            etalon.config(target_table(portal, watched.url))
            etalon("run", "here", "--profile", "quick", "--select", "R7-CREATE-STORES-*", "--no-progress")
    assert titles
    assert all(title in known for title, known in titles)
    assert not list((etalon.folder / FOLDER).glob("*.jsonl"))


def test_no_journal_no_task(etalon: CommandLine) -> None:
    (etalon.folder / FOLDER).write_text("in the way")
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        etalon.config(target_table(portal, url))
        before = tasks_of(portal, url)
        outcome = etalon("run", "here", "--profile", "quick", "--no-progress")
        assert tasks_of(portal, url) == before
    assert outcome.code == 4
    assert "cannot be written" in outcome.err


def test_a_lent_task_is_given_back_after_a_killed_run(etalon: CommandLine) -> None:
    portal = vendor_of("planfix").mock().create("documented", ())
    with served(portal) as url:
        sound = passes_on(url)
        with portal_that(sound) as between:
            tasks = list(portal.known["tasks"])[:2]
            keys = f'lacks = ["task.add"]\n[targets.here.known]\ntasks = {tasks}\n'
            etalon.config(target_table(portal, between.url + portal.path) + keys)
            killed(etalon, between, sound, 30, heard=True)
            journal = read(journal_of(etalon.folder))
            assert set(journal.lent) == set(tasks)
            outcome = etalon("clean", "here")
    assert f"Tasks put back as they were: {', '.join(map(str, sorted(tasks)))}." in outcome.out or any(
        "could not be given back its former startTime, endTime" in line for line in outcome.out.splitlines()
    )
    assert not list((etalon.folder / FOLDER).glob("*.jsonl"))
