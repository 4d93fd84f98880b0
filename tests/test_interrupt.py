"""Ctrl-C in the middle of a run: what the run made is removed, or listed, and nothing reads as whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from etalon.portals.config import Target
from etalon.portals.ledger import FOLDER, open_ledger
from etalon.portals.serving import served
from etalon.reporting.schema import problems
from etalon.vendors import vendor_of
from etalon.vendors.planfix.client import LEFT_BEHIND_TITLE
from tests.conftest import ROOT, target_table
from tests.wrong_portals import hangs, passes_on, portal_that

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from etalon.portals.mocking import MockPortal
    from tests.conftest import CommandLine
    from tests.wrong_portals import Call

# A shell that starts its children in the background has them ignore Ctrl-C; a terminal's has not.
_AT_A_TERMINAL = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from etalon.cli import main; raise SystemExit(main())"
)
_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


@contextmanager
def running(
    etalon: CommandLine, *arguments: str, command: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    given = command or ["run", "--output", str(etalon.output)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter, and arguments that the tests choose
        [sys.executable, "-c", _AT_A_TERMINAL, *given, *arguments],
        cwd=etalon.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def interrupted(
    etalon: CommandLine, process: subprocess.Popen[str], by: signal.Signals = signal.SIGINT
) -> dict[str, Any]:
    """The results of a run that has been interrupted, after what every such run has to keep to."""
    out, err = process.communicate(timeout=30)
    assert process.returncode == _CODES[by], out + err
    assert "Traceback" not in out + err
    assert err.count("etalon: interrupted;") == 1
    results: dict[str, Any] = json.loads((etalon.output / "results.json").read_text(encoding="utf-8"))
    assert list(problems(results)) == []
    assert results["complete"] is False
    return results


def eventually(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def tasks_of(portal: MockPortal, url: str) -> set[int]:
    """The ids of an R7 portal's tasks, as it lists them itself."""
    answer = httpx.get(
        f"{url}/api/2.0/crm/task/filter", headers={"Authorization": portal.credentials["token"]}
    )
    return {task["id"] for task in answer.json()["response"]}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_scratch_tasks_are_removed(etalon: CommandLine, number: signal.Signals) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        etalon.config(target_table(portal, url) + "requests-per-second = 20\n")
        before = tasks_of(portal, url)
        with running(etalon, "here") as process:
            eventually(lambda: len(tasks_of(portal, url) - before) > 1)
            process.send_signal(number)
            results = interrupted(etalon, process, number)
        assert tasks_of(portal, url) == before
    [target] = results["targets"]
    assert target["left-behind"] == []
    assert "inconclusive" in {row["verdict"] for row in target["requirements"]}


def test_what_is_signalled_twice_at_once_is_one_interrupt(etalon: CommandLine) -> None:
    """As `timeout` does: it signals the process, and then the group that the process is in."""
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        etalon.config(target_table(portal, url) + "requests-per-second = 20\n")
        before = tasks_of(portal, url)
        with running(etalon, "here") as process:
            eventually(lambda: len(tasks_of(portal, url) - before) > 1)
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGTERM)
            results = interrupted(etalon, process, signal.SIGTERM)
        assert tasks_of(portal, url) == before
    assert results["targets"][0]["left-behind"] == []


@pytest.mark.parametrize(
    ("number", "at_a_terminal"), [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGTERM, True)]
)
def test_an_interrupted_repetition_removes_its_tasks_too(
    etalon: CommandLine, number: signal.Signals, at_a_terminal: bool
) -> None:
    portal = vendor_of("r7").mock().create("documented", ["description-not-updated"])
    begun: list[int] = []
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            if call.path.endswith("/people/@self"):
                begun.append(call.number)
            sound(call)

        with portal_that(answer) as watched:
            table = target_table(portal, watched.url)
            etalon.config(table + "confirm = true\nrequests-per-second = 40\n")
            before = tasks_of(portal, url)
            selected = ("--select", "R7-UPDATE-STORES-*", "--profile", "quick")
            with running(etalon, "here", *selected) as process:
                eventually(lambda: len(begun) == 2 and len(tasks_of(portal, url) - before) > 1)
                if at_a_terminal:  # Ctrl-C reaches all of a group
                    os.killpg(process.pid, number)
                else:
                    process.send_signal(number)
                results = interrupted(etalon, process, number)
        assert len(begun) == 2
        assert tasks_of(portal, url) == before
    [target] = results["targets"]
    assert target["left-behind"] == []
    [red] = [row for row in target["requirements"] if row["verdict"] == "deviates"]
    assert red["reason"] == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_for_the_task_that_is_being_made(
    etalon: CommandLine, number: signal.Signals
) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    creating: list[int] = []
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            if call.command == "POST":
                creating.append(call.number)
                time.sleep(0.5)
            sound(call)

        with portal_that(answer) as slow:
            etalon.config(target_table(portal, slow.url))
            before = tasks_of(portal, url)
            with running(etalon, "here") as process:
                eventually(lambda: bool(creating))
                process.send_signal(number)
                results = interrupted(etalon, process, number)
        assert len(creating) == 1
        assert tasks_of(portal, url) == before
    assert results["targets"][0]["left-behind"] == []


def test_a_second_interrupt_leaves_the_tasks_and_lists_them(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            (hangs if call.command == "DELETE" else sound)(call)

        with portal_that(answer) as stubborn:
            etalon.config(target_table(portal, stubborn.url) + "requests-per-second = 20\n")
            before = tasks_of(portal, url)
            with running(etalon, "here") as process:
                eventually(lambda: len(tasks_of(portal, url) - before) > 1)
                process.send_signal(signal.SIGINT)
                eventually(lambda: any(request.startswith("DELETE") for request in stubborn.seen))
                process.send_signal(signal.SIGINT)
                results = interrupted(etalon, process)
        left = {str(task) for task in tasks_of(portal, url) - before}
    assert left
    assert set(results["targets"][0]["left-behind"]) == left


def test_what_a_portal_cannot_remove_is_listed(etalon: CommandLine) -> None:
    portal = vendor_of("planfix").mock().create("documented", ())
    added: list[int] = []
    labelled: list[int] = []
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            if b'method="task.add"' in call.body:
                added.append(call.number)
            if LEFT_BEHIND_TITLE.encode() in call.body:
                labelled.append(call.number)
            sound(call)

        with portal_that(answer) as watched:
            table = target_table(portal, watched.url + portal.path)
            etalon.config(table + "requests-per-second = 20\n")
            with running(etalon, "here") as process:
                eventually(lambda: len(added) == 3)
                time.sleep(0.2)
                process.send_signal(signal.SIGINT)
                results = interrupted(etalon, process)
    assert len(results["targets"][0]["left-behind"]) == len(labelled) == 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["clean", "run --dry-run"])
def test_other_commands_end_with_the_code_of_the_signal(
    etalon: CommandLine, command: str, number: signal.Signals
) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with portal_that(hangs) as stubborn:
        etalon.config(target_table(portal, stubborn.url))
        with closing(open_ledger(etalon.folder / FOLDER, Target("here", "r7", stubborn.url))) as ledger:
            ledger.made(1)
        with running(etalon, "here", command=command.split()) as process:
            eventually(lambda: bool(stubborn.seen))
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
    assert process.returncode == _CODES[number], out + err
    assert "Traceback" not in out + err
