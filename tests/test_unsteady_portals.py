"""A portal has a bad moment, shows a change late, or is full of other people: none of that is a finding."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from etalon.confirming import Sightings
from etalon.judging.verdicts import Judgement, Verdict
from etalon.messages import Message
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.serving import served
from etalon.portals.settling import settling
from etalon.runs import environment
from etalon.vendors import vendor_of
from tests.conftest import CommandLine, target_table
from tests.wrong_portals import answers, cuts_off, passes_on, portal_that

if TYPE_CHECKING:
    from etalon.portals.config import Kind
    from etalon.portals.mocking import MockPortal
    from tests.conftest import Outcome
    from tests.warm import Warm
    from tests.wrong_portals import Answer, Call

FAULTS = ["faults", "r7", "--no-progress", "--fault", "title-cut-at-255", "--profile", "quick"]
FAULTS += ["--workers", "1"]
SELECTED = ("--select", "R7-UPDATE-STORES-*", "--profile", "quick")
RED = "R7-UPDATE-STORES-DESCRIPTION"


CONFORMS, DEVIATES, AWAY = Verdict.CONFORMS, Verdict.DEVIATES, Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("again", "verdict", "reason"),
    [
        ([], DEVIATES, "could not be repeated: max-requests does not allow another run"),
        ([DEVIATES], DEVIATES, "confirmed 2 of 2"),
        ([DEVIATES, CONFORMS], DEVIATES, "confirmed 2 of 2"),
        ([CONFORMS, DEVIATES], DEVIATES, "confirmed 2 of 3"),
        ([CONFORMS, CONFORMS], Verdict.INCONCLUSIVE, "unsteady: seen 1 of 3"),
        ([AWAY, AWAY], DEVIATES, "could not be repeated: max-requests does not allow another run"),
        ([None, None], DEVIATES, "could not be repeated: max-requests does not allow another run"),
        ([AWAY, DEVIATES], DEVIATES, "confirmed 2 of 2"),
        (
            [AWAY, CONFORMS],
            DEVIATES,
            "seen 1 of 2; could not be repeated again: max-requests does not allow another run",
        ),
        (
            [CONFORMS, AWAY],
            DEVIATES,
            "seen 1 of 2; could not be repeated again: max-requests does not allow another run",
        ),
        (
            [CONFORMS, Verdict.NOT_TESTABLE],
            DEVIATES,
            "seen 1 of 2; could not be repeated again: max-requests does not allow another run",
        ),
        (
            [Verdict.OBSERVED, Verdict.NOT_APPLICABLE],
            DEVIATES,
            "could not be repeated: max-requests does not allow another run",
        ),
    ],
)
def test_only_repetitions_that_judged_speak_for_or_against_a_finding(
    again: list[Verdict | None], verdict: Verdict, reason: str
) -> None:
    sightings = Sightings()
    for one in again:
        sightings.add(one, None if one in {CONFORMS, DEVIATES} else Message("no-requests-to-repeat"))
    settled = sightings.settled(Judgement(DEVIATES))
    assert (settled.verdict, str(settled.reason)) == (verdict, reason)
    assert settled.reason is not None


def judged(etalon: CommandLine, bad_runs: set[int]) -> tuple[Outcome, int]:
    """Judge a portal that loses descriptions in some of the runs against it; how many runs there were."""
    faulty, sound = (
        vendor_of("r7").mock().create("documented", ["description-not-updated"]),
        vendor_of("r7").mock().create("documented", ()),
    )
    runs: list[str] = []
    with served(faulty) as bad, served(sound) as good:
        answers: dict[bool, Answer] = {True: passes_on(bad), False: passes_on(good)}

        def answer(call: Call) -> None:
            if call.path.endswith("/people/@self"):
                runs.append(call.path)
            answers[len(runs) in bad_runs](call)

        with portal_that(answer) as portal:
            etalon.config(target_table(sound, portal.url) + "confirm = true\n")
            outcome = etalon.verdicts("here", *SELECTED)
    return outcome, len(runs)


@pytest.mark.parametrize(
    ("bad_runs", "runs", "code", "reason"),
    [
        ({1, 2, 3}, 2, 1, "confirmed 2 of 2"),
        ({1, 3}, 3, 1, "confirmed 2 of 3"),
        ({1}, 3, 0, "unsteady: seen 1 of 3"),
        (set(), 1, 0, ""),
    ],
)
def test_a_finding_is_repeated_before_it_counts(
    etalon: CommandLine, bad_runs: set[int], runs: int, code: int, reason: str
) -> None:
    outcome, repeated = judged(etalon, bad_runs)
    assert (outcome.code, repeated) == (code, runs)
    assert outcome.requirements[RED]["reason"] == reason
    assert outcome.red == ({RED} if code == 1 else set())
    assert bool(outcome.requirements[RED]["findings"]) == bool(bad_runs)


def refuses(status: int) -> Answer:
    return answers(status, b"")


def runs_judged(
    etalon: CommandLine, portal: MockPortal, bad: Answer, *arguments: str, config: str = ""
) -> Outcome:
    """Judge a portal whose repetitions are answered otherwise than the first run."""
    runs: list[str] = []
    with served(portal) as url:
        first = passes_on(url)

        def answer(call: Call) -> None:
            if call.path.endswith("/people/@self"):
                runs.append(call.path)
            (first if len(runs) < 2 else bad)(call)

        with portal_that(answer) as here:
            etalon.config(target_table(portal, here.url) + f"confirm = true\n{config}")
            return etalon.verdicts("here", *SELECTED, *arguments)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (refuses(503), "503"),
        (refuses(403), "lists no responsibles"),
        (answers(429, b"", Retry_After="0"), "429"),
        (cuts_off, "broke the connection off"),
    ],
)
def test_a_permanent_defect_stays_red_where_repetitions_are_refused(
    etalon: CommandLine, bad: Answer, told: str
) -> None:
    portal = vendor_of("r7").mock().create("documented", ["description-not-updated"])
    outcome = runs_judged(etalon, portal, bad)
    row = outcome.requirements[RED]
    assert (outcome.code, row["verdict"]) == (1, "deviates")
    assert row["reason"].startswith("could not be repeated: ")
    assert told in row["reason"]


def test_a_repetition_that_is_cut_off_acquits_of_nothing(etalon: CommandLine) -> None:
    """What it sent until then conforms, but the request that showed the deviation was not among it."""
    portal = vendor_of("r7").mock().create("documented", ["token-leaks-into-error"])
    runs: list[int] = []  # how many requests each has sent
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            if call.path.endswith("/people/@self"):
                runs.append(0)
            runs[-1] += 1
            cut = len(runs) > 1 and runs[-1] > 24 and call.command != "DELETE"
            (cuts_off if cut else sound)(call)

        with portal_that(answer) as here:
            etalon.config(target_table(portal, here.url) + "confirm = true\n")
            outcome = etalon.verdicts("here", "--profile", "quick")
    row = outcome.requirements["R7-LAW-NO-SECRETS"]
    assert (outcome.code, row["verdict"], len(runs)) == (1, "deviates", 3), row
    assert row["reason"].startswith("could not be repeated: ")


PIN = """
[[pin]]
target = "here"
requirement = "R7-PARTIAL-UPDATE"
behaviour = "replace"
"""
ALLOWED = """
[[allow]]
target = "here"
requirement = "R7-UPDATE-STORES-DESCRIPTION"
reason = "known"
"""


@pytest.mark.parametrize(
    ("baseline", "fault", "code", "reasons"),
    [
        (PIN, [], 1, {"R7-PARTIAL-UPDATE": "confirmed 2 of 2"}),
        (ALLOWED, ["description-not-updated"], 0, {RED: ""}),
        (
            ALLOWED + PIN,
            ["description-not-updated"],
            1,
            {RED: "", "R7-PARTIAL-UPDATE": "confirmed 2 of 2"},
        ),
    ],
)
def test_repetitions_expect_what_the_run_expects(
    etalon: CommandLine, baseline: str, fault: list[str], code: int, reasons: dict[str, str]
) -> None:
    (etalon.folder / "baseline.toml").write_text(baseline, encoding="utf-8")
    outcome = etalon.judge(
        vendor_of("r7").mock().create("documented", fault),
        *("--profile", "quick", "--baseline", "baseline.toml"),
        *("--select", "R7-PARTIAL-UPDATE", "--select", "R7-UPDATE-STORES-*"),
        config="confirm = true\n",
    )
    assert outcome.code == code, outcome.out + outcome.err
    assert outcome.red == set(reasons)
    assert {row: outcome.requirements[row]["reason"] for row in reasons} == reasons


def test_a_run_imports_nothing_from_the_folder_that_it_works_in(etalon: CommandLine) -> None:
    """Nor is a repetition handed more of the environment than it needs."""
    for name in ("rich", "sitecustomize", "usercustomize", "pickle", "tomllib"):
        trap = "import os; open('trapped', 'a').write(f'{__name__} {dict(os.environ)}')\n"
        (etalon.folder / f"{name}.py").write_text(trap, encoding="utf-8")
    portal = vendor_of("r7").mock().create("documented", ["description-not-updated"])
    program = str(Path(sys.executable).with_name("etalon"))
    for command in (["run", "here", *SELECTED], ["run", "here", "--dry-run"], FAULTS):
        with served(portal) as url:
            etalon.config(target_table(portal, url) + "confirm = true\n")
            env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            done = subprocess.run(  # noqa: S603 - our own command, and arguments of our own
                [program, *command], cwd=etalon.folder, env=env, capture_output=True, text=True, check=False
            )
        assert not (etalon.folder / "trapped").exists(), (command, done.stdout, done.stderr)


def test_a_repetition_is_handed_its_own_secrets_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("R7_TOKEN", "PLANFIX_PASSWORD", "AWS_SECRET_ACCESS_KEY", "https_proxy"):
        monkeypatch.setenv(name, "value")
    handed = environment(["R7_TOKEN"])
    assert {"R7_TOKEN", "https_proxy", "PATH"} <= handed.keys()
    assert not {"PLANFIX_PASSWORD", "AWS_SECRET_ACCESS_KEY"} & handed.keys()


def shows_late(sound: Answer, delay: float) -> Answer:
    """Reads that show an update only after a while."""
    shown: dict[str, tuple[int, bytes]] = {}
    until: dict[str, float] = {}

    def answer(call: Call) -> None:
        original = call.reply
        if call.command == "PUT":
            until[call.path] = time.monotonic() + delay
        elif call.command == "GET" and time.monotonic() < until.get(call.path, 0) and call.path in shown:
            status, body = shown[call.path]
            call.reply(status, body, Content_Type="application/json")
            return

        def reply(status: int, body: bytes, **headers: str) -> None:
            if call.command == "GET":
                shown[call.path] = (status, body)
            original(status, body, **headers)

        call.reply = reply  # type: ignore[method-assign]
        sound(call)

    return answer


@pytest.mark.parametrize(("settle", "red"), [("0s", True), ("2s", False)])
def test_a_portal_that_shows_changes_late(etalon: CommandLine, settle: str, red: bool) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url, portal_that(shows_late(passes_on(url), 0.3)) as late:
        etalon.config(target_table(portal, late.url) + f'settle = "{settle}"\n')
        outcome = etalon.verdicts("here", *SELECTED)
    assert bool(outcome.red) == red
    assert outcome.code == int(red)


def test_reads_are_polled_until_a_change_is_there() -> None:
    now = [0.0]
    bodies = iter([b"a", b"a", b"a", b"a", b"ab", b"b", b"b", b"c"])

    def read(task: int) -> Exchange:
        return Exchange(1, "getTask", Request("GET", "", ()), Response(200, (), next(bodies)), task)

    def sleep(seconds: float) -> None:
        assert 0 < seconds <= 0.5
        now[0] += seconds

    patient = settling(read, 10.0, sleep=sleep, clock=lambda: now[0])
    assert patient(7).response.body == b"a"
    assert patient(7).response.body == b"b"
    assert now[0] < 10
    assert next(bodies) == b"c"


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_two_runs_at_the_same_time_do_not_disturb_each_other(tmp_path: Path, warm: Warm, kind: Kind) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    outcomes: list[Outcome] = []
    with served(portal) as url:

        def judge(name: str) -> None:
            folder = tmp_path / name
            folder.mkdir()
            one = CommandLine(folder, warm)
            one.config(target_table(portal, url))
            outcomes.append(one.verdicts("here", "--profile", "quick"))

        runs = [threading.Thread(target=judge, args=(name,)) for name in ("first", "second")]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
    assert [outcome.red for outcome in outcomes] == [set(), set()]
    assert [outcome.code for outcome in outcomes] == [0, 0]


def meddle_in_r7(portal: MockPortal, url: str, number: int) -> None:
    """Somebody at work: makes tasks, changes them, deletes some; all in the categories of the run."""
    headers = {"Authorization": portal.credentials["token"]}
    category, other = portal.known["categories"][:2]
    body = {
        "title": f"Somebody's {number}",
        "deadline": "2031-01-02T03:04:05.0000000Z",
        "responsibleId": portal.known["responsibles"][0],
        "categoryId": category if number % 2 else other,
    }
    tasks = f"{url}/api/2.0/crm/task"
    made = httpx.post(tasks, json=body, headers=headers).json()["response"]["id"]
    httpx.put(f"{tasks}/{made}", json=body | {"title": "Changed"}, headers=headers).raise_for_status()
    if number % 3:
        httpx.delete(f"{tasks}/{made}", headers=headers).raise_for_status()


def meddle_in_planfix(portal: MockPortal, url: str, number: int) -> None:
    """Somebody at work: makes a task and changes others, in the projects and with the people of the run."""
    keys = portal.credentials
    users, projects = portal.known["users"], portal.known["projects"]
    task = (
        f"<title>Somebody's {number}</title><project><id>{projects[number % len(projects)]}</id></project>"
        f"<owner><id>{users[number % len(users)]}</id></owner>"
    )
    lent = portal.known["tasks"][0]
    for function, about in (("task.add", ""), ("task.update", f"<id>{lent}</id>")):
        inner = f"<account>{keys['account']}</account><task>{about}{task}</task>"
        body = f'<request method="{function}">{inner}</request>'
        answer = httpx.post(url, content=body.encode(), auth=(keys["api-key"], keys["token"]))
        assert b'status="ok"' in answer.content


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_what_other_people_do_meanwhile_is_no_finding(etalon: CommandLine, kind: Kind) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    meddle = {"r7": meddle_in_r7, "planfix": meddle_in_planfix}[kind]
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            meddle(portal, url, call.number)
            sound(call)

        with portal_that(answer) as busy:
            etalon.config(target_table(portal, busy.url + portal.path))
            outcome = etalon.verdicts("here", "--profile", "quick")
    assert outcome.red == set()
    assert outcome.code == 0, outcome.err
