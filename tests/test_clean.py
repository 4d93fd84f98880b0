"""`etalon clean` after a killed run, on a portal where people have gone on working: theirs stays as it is."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from etalon.portals.cards import Card
from etalon.portals.config import Target
from etalon.portals.errors import UnwrittenError
from etalon.portals.ledger import (
    FOLDER,
    left_by_dead_runs,
    lent_elsewhere,
    open_ledger,
)
from etalon.portals.ledger_reading import Shown
from etalon.portals.ledger_writing import Ledger
from etalon.portals.ownership import fingerprint
from etalon.portals.serving import served
from etalon.vendors import vendor_of
from etalon.vendors.planfix.client import LEFT_BEHIND_TITLE
from tests.conftest import target_table, tasks_of
from tests.test_killed_runs import cards_of, killed
from tests.wrong_portals import answers, passes_on, portal_that, shows_a_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from etalon.portals.mocking import MockPortal
    from tests.conftest import CommandLine
    from tests.wrong_portals import Call


class R7:
    """A mocked portal, what its caller does on it by hand, and the journal of a run that was killed."""

    def __init__(self, portal: MockPortal, url: str, folder: Path) -> None:
        self.portal, self.url = portal, url
        self.headers = {"Authorization": portal.credentials["token"]}
        self.ledger = open_ledger(folder / FOLDER, Target("here", "r7", url))

    def create(self, title: str) -> dict[str, Any]:
        body = {
            "title": title,
            "deadline": "2035-03-05T09:00:00.0000000Z",
            "responsibleId": str(self.portal.known["responsibles"][0]),
            "categoryId": self.portal.known["categories"][0],
        }
        made = httpx.post(f"{self.url}/api/2.0/crm/task", headers=self.headers, json=body).json()
        task: dict[str, Any] = made["response"]
        return task

    def noted(self, task: dict[str, Any], **other: str) -> None:
        """Have the journal say that the run made a task."""
        self.ledger.wrote([fingerprint(task["title"])])
        self.ledger.made(task["id"])
        author, created = task["createBy"]["id"].lower(), task["created"][:19]
        self.ledger.shown(
            Card(
                task["id"],
                task["title"],
                author=other.get("author", author),
                created=other.get("created", created),
            )
        )

    @property
    def titles(self) -> dict[int, str]:
        answer = httpx.get(f"{self.url}/api/2.0/crm/task/filter?count=1000", headers=self.headers)
        return {task["id"]: task["title"] for task in answer.json()["response"]}


@pytest.fixture
def r7(etalon: CommandLine) -> Iterator[R7]:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        etalon.config(target_table(portal, url))
        yield R7(portal, url, etalon.folder)


def test_what_the_run_made_is_removed(etalon: CommandLine, r7: R7) -> None:
    task = r7.create(f"Etalon {r7.ledger.run}")
    r7.noted(task)
    r7.ledger.close()
    outcome = etalon("clean", "here")
    assert outcome.code == 0, outcome.out
    assert task["id"] not in r7.titles


@pytest.mark.parametrize(
    ("title", "other", "says"),
    [
        ("Call Ivan", {}, "does not show the mark"),
        ("Etalon, about {run}x", {}, "does not show the mark"),
        ("Etalon {run}", {"created": "2026-01-02T03:04:05"}, "was made at another time"),
        ("Etalon {run}", {"author": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"}, "has another author"),
    ],
    ids=["a new task of a colleague", "a word like the mark", "another time", "another author"],
)
def test_a_task_that_has_the_id_now_is_left_alone(
    etalon: CommandLine, r7: R7, title: str, other: dict[str, str], says: str
) -> None:
    task = r7.create(title.format(run=r7.ledger.run))
    r7.noted(task, **other)
    r7.ledger.close()
    before = r7.titles
    outcome = etalon("clean", "here")
    assert (outcome.code, r7.titles) == (1, before)
    assert f"Task {task['id']} " in outcome.out
    assert says in outcome.out


def test_a_task_that_people_have_retitled_is_left_alone(etalon: CommandLine, r7: R7) -> None:
    task = r7.create(f"Etalon {r7.ledger.run}")
    r7.noted(task)
    body = {"title": f"Call Ivan about {r7.ledger.run}"}
    httpx.put(f"{r7.url}/api/2.0/crm/task/{task['id']}", headers=r7.headers, json=body)
    r7.ledger.close()
    outcome = etalon("clean", "here")
    assert outcome.code == 1
    assert "does not show the mark" in outcome.out
    assert r7.titles[task["id"]] == body["title"]


def test_an_id_that_an_answer_named_is_not_told_to_be_the_runs_own(etalon: CommandLine, r7: R7) -> None:
    task = min(tasks_of(r7.portal, r7.url))
    r7.ledger.made(task)
    r7.ledger.close()
    before = r7.titles
    outcome = etalon("clean", "here")
    assert r7.titles == before
    assert str(task) not in outcome.out


@pytest.mark.parametrize(
    "spelt",
    [str.upper, lambda url: f"{url}/", lambda url: url.replace("http://", "HTTP://")],
    ids=["in capitals", "with a slash", "the scheme in capitals"],
)
def test_one_portal_is_one_however_its_url_is_spelt(
    etalon: CommandLine, r7: R7, spelt: Callable[[str], str]
) -> None:
    task = r7.create(f"Etalon {r7.ledger.run}")
    r7.noted(task)
    r7.ledger.close()
    etalon.config(target_table(r7.portal, spelt(r7.url)))
    assert etalon("clean", "here").code == 0
    assert task["id"] not in r7.titles


def test_a_default_port_makes_no_other_portal(tmp_path: Path) -> None:
    with closing(open_ledger(tmp_path, Target("here", "r7", "https://Portal.example:443/r7/"))) as ledger:
        ledger.made(7)
    same = Target("here", "r7", "https://portal.example/r7")
    assert [remains.tasks for _, remains in left_by_dead_runs(tmp_path, same)] == [{7: None}]
    other = Target("here", "r7", "https://portal.example:8443/r7")
    assert not list(left_by_dead_runs(tmp_path, other))


def test_a_full_disk_stops_creations_and_nothing_else(tmp_path: Path) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device, not a file
        ledger = Ledger(tmp_path / "here.jsonl", "k3v9xz2b", full)
        with pytest.raises(UnwrittenError, match="so nothing more is made"):
            ledger.creating(b'{"title": "t"}')
        ledger.made(7)
        ledger.gone(7)
        ledger.wrote([fingerprint("t")])
        ledger.close()
    assert ledger.broken is not None


@pytest.mark.parametrize(
    "head",
    [
        "{}",
        '{"format": "etalon-journal/1", "run": "", "target": "here", "url": "URL"}',
        '{"format": "etalon-journal/1", "run": "Позвонить", "target": "here", "url": "URL"}',
        '{"format": "etalon-journal/1", "run": 7, "target": "here", "url": "URL"}',
        '{"format": "etalon-journal/1", "run": "k3v9xz2b", "target": "here", "url": "http://[::1"}',
        '{"format": "etalon-journal/1", "run": "k3v9xz2b", "target": "here", "url": 7}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_journal_stops_nothing(etalon: CommandLine, r7: R7, head: str) -> None:
    task = r7.create(f"Etalon {r7.ledger.run}")
    r7.noted(task)
    r7.ledger.close()
    stray = etalon.folder / FOLDER / "here-a.jsonl"
    others = min(tasks_of(r7.portal, r7.url))
    lines = [head.replace("URL", r7.url), json.dumps({"made": others}), '{"answered": [[1]]}']
    stray.write_text("\n".join(lines), encoding="utf-8")
    outcome = etalon("clean", "here")
    assert task["id"] not in r7.titles
    assert others in r7.titles
    assert f"{stray.name} cannot be read as" in outcome.out.replace("\n", "")


def test_a_journal_that_was_cut_within_a_letter_is_followed(etalon: CommandLine, r7: R7) -> None:
    task = r7.create(f"Etalon {r7.ledger.run}")
    r7.noted(task)
    path = r7.ledger.path
    r7.ledger.close()
    path.write_bytes(path.read_bytes() + '{"title": "Задача'.encode()[:-1])
    assert etalon("clean", "here").code == 0
    assert task["id"] not in r7.titles


def test_a_line_break_of_unicode_breaks_no_line(tmp_path: Path) -> None:
    target = Target("here", "planfix", "https://portal.example")
    with closing(open_ledger(tmp_path, target)) as ledger:
        ledger.lent(7, "a\u2028b")
    [(_, remains)] = left_by_dead_runs(tmp_path, target)
    assert remains.lent[7].first == "a\u2028b"
    assert dict(lent_elsewhere(tmp_path, target, tmp_path / "mine")) == {7: remains.run}


def test_a_creation_whose_answer_never_came_stays_open(tmp_path: Path) -> None:
    target = Target("here", "r7", "https://portal.example")
    with closing(open_ledger(tmp_path, target)) as ledger:
        ledger.creating(b'{"title": "lost"}')
        ledger.unanswered()
        ledger.creating(b'{"title": "refused"}')
        ledger.answered()
    [(_, remains)] = left_by_dead_runs(tmp_path, target)
    assert [attempt.title for attempt in remains.attempts] == ["lost"]


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("DELETE", answers(200, b'{"status": 1, "statusCode": 403, "error": {"message": "no"}}')),
        ("DELETE", shows_a_page(200)),
        ("GET", answers(404, b"404 page not found", Content_Type="text/plain")),
    ],
    ids=["an error in a success", "a log-in page", "an ingress without its portal"],
)
def test_what_only_looks_removed_is_listed(
    etalon: CommandLine, r7: R7, method: str, answer: Callable[[Call], None]
) -> None:
    task = r7.create(f"Etalon {r7.ledger.run}")
    sound = passes_on(r7.url)

    def tampering(call: Call) -> None:
        (answer if call.command == method and str(task["id"]) in call.path else sound)(call)

    r7.noted(task)
    r7.ledger.close()
    with portal_that(tampering) as between:
        path = next((etalon.folder / FOLDER).glob("*.jsonl"))
        path.write_text(path.read_text().replace(r7.url, between.url))
        etalon.config(target_table(r7.portal, between.url))
        outcome = etalon("clean", "here")
    assert outcome.code == 1
    assert f"Task {task['id']} " in outcome.out
    assert task["id"] in r7.titles


def test_what_a_read_showed_is_in_the_journal(tmp_path: Path) -> None:
    target = Target("here", "r7", "https://portal.example")
    with closing(open_ledger(tmp_path, target)) as ledger:
        ledger.made(7)
        ledger.wrote([fingerprint("Etalon")])
        ledger.shown(Card(7, "Etalon", author="me", created="2026-11-28T10:00:00"))
        ledger.made(8)
    [(_, remains)] = left_by_dead_runs(tmp_path, target)
    assert remains.tasks == {7: Shown("me", "2026-11-28T10:00:00"), 8: None}
    assert remains.texts == {fingerprint(" ETALON")}


@pytest.fixture
def planfix() -> Iterator[tuple[MockPortal, str]]:
    portal = vendor_of("planfix").mock().create("documented", ())
    with served(portal) as url:
        yield portal, url


def changed(portal: MockPortal, url: str, task: int, members: str) -> None:
    """What a colleague changes in a task meanwhile."""
    keys = portal.credentials
    body = (
        f'<request method="task.update"><account>{keys["account"]}</account><silent>1</silent>'
        f"<task><id>{task}</id>{members}</task></request>"
    )
    answer = httpx.post(url, content=body.encode(), auth=(keys["api-key"], keys["token"]))
    assert 'status="ok"' in answer.text


def test_a_colleagues_task_of_planfix_is_neither_retitled_nor_stripped(
    etalon: CommandLine, planfix: tuple[MockPortal, str]
) -> None:
    portal, url = planfix
    etalon.config(target_table(portal, url))
    task = min(cards_of(portal, url))
    with closing(open_ledger(etalon.folder / FOLDER, Target("here", "planfix", url))) as ledger:
        ledger.made(task)
        ledger.shown(Card(task, "Etalon: scratch", created="01-02-2026 10:00"))
    before = cards_of(portal, url)[task].findtext("title")
    outcome = etalon("clean", "here")
    assert outcome.code == 1
    assert f"Task {task} does not show the mark" in outcome.out
    assert cards_of(portal, url)[task].findtext("title") == before != LEFT_BEHIND_TITLE


def lend(etalon: CommandLine, url: str, task: int, card: str) -> None:
    """The journal of a killed run that was lent a task."""
    with closing(open_ledger(etalon.folder / FOLDER, Target("here", "planfix", url))) as ledger:
        ledger.lent(task, card)


def test_a_loan_is_kept_while_its_task_cannot_be_read(
    etalon: CommandLine, planfix: tuple[MockPortal, str]
) -> None:
    portal, url = planfix
    sound, task = passes_on(url), int(portal.known["tasks"][0])
    keys = f'lacks = ["task.add"]\n[targets.here.known]\ntasks = [{task}]\n'

    def busy(call: Call) -> None:
        (answers(503) if b'"task.get"' in call.body else sound)(call)

    with portal_that(busy) as between:
        etalon.config(target_table(portal, between.url + portal.path) + keys)
        card = f'<response status="ok"><task><id>{task}</id></task></response>'
        lend(etalon, between.url + portal.path, task, card)
        for _ in range(2):
            outcome = etalon("clean", "here")
            assert outcome.code == 1
            assert f"Task {task}, which was lent, cannot be read" in outcome.out


def test_a_loan_whose_id_another_task_has_is_told_once(
    etalon: CommandLine, planfix: tuple[MockPortal, str]
) -> None:
    portal, url = planfix
    task = int(portal.known["tasks"][0])
    keys = f'lacks = ["task.add"]\n[targets.here.known]\ntasks = [{task}]\n'
    etalon.config(target_table(portal, url) + keys)
    made = "<beginDateTime>01-02-2003 04:05</beginDateTime>"
    lend(etalon, url, task, f'<response status="ok"><task><id>{task}</id>{made}</task></response>')
    before = cards_of(portal, url)[task].findtext("title")
    assert f"Task {task} cannot be read as the one that was lent" in etalon("clean", "here").out
    assert cards_of(portal, url)[task].findtext("title") == before
    assert etalon("clean", "here").code == 0


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_a_creation_stays_open_while_tasks_cannot_be_listed(etalon: CommandLine, kind: str) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with served(portal) as url:
        sound = passes_on(url)

        def busy(call: Call) -> None:
            listing = "/task/filter" in call.path or b'"task.getList"' in call.body
            (answers(500) if listing else sound)(call)

        with portal_that(busy) as between:
            address = between.url + getattr(portal, "path", "")
            etalon.config(target_table(portal, address))
            with closing(open_ledger(etalon.folder / FOLDER, Target("here", kind, address))) as ledger:
                ledger.creating(b'{"title": "lost"}')
            for _ in range(2):
                outcome = etalon("clean", "here")
                assert outcome.code == 1
                assert "may have made a task titled 'lost'" in outcome.out


def test_of_a_lent_task_only_what_the_run_wrote_is_put_back(
    etalon: CommandLine, planfix: tuple[MockPortal, str]
) -> None:
    portal, url = planfix
    sound = passes_on(url)
    with portal_that(sound) as between:
        tasks = list(portal.known["tasks"])[:2]
        lent = int(tasks[1])
        first = {task: card.findtext("title") for task, card in cards_of(portal, url).items()}
        keys = f'lacks = ["task.add"]\n[targets.here.known]\ntasks = {tasks}\n'
        etalon.config(target_table(portal, between.url + portal.path) + keys)
        killed(etalon, between, sound, 30, heard=True)
        assert cards_of(portal, url)[lent].findtext("title") != first[lent]
        changed(portal, url, lent, "<title>Call Ivan</title>")
        outcome = etalon("clean", "here")
    assert f"Task {lent} was changed by somebody else meanwhile, so its title stayed" in outcome.out
    after = cards_of(portal, url)
    assert after[lent].findtext("title") == "Call Ivan"
    assert after[int(tasks[0])].findtext("title") == first[int(tasks[0])]
