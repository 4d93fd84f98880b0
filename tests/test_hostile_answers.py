"""Whatever answers, a run ends in time, in a sentence or a finding, and takes it for no sound portal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xmlschema import XMLSchema11

from etalon.generation.json_bodies import load_spec
from etalon.judging.verdicts import Finding
from etalon.portals.config import Secret, Target
from etalon.portals.errors import PortalError
from etalon.portals.secrets import Redactor
from etalon.portals.serving import served
from etalon.portals.transport import Transport
from etalon.shipped import spec
from etalon.vendors import vendor_of
from etalon.vendors.planfix.client import PlanFixClient
from etalon.vendors.planfix.judging import laws as planfix_laws
from etalon.vendors.planfix.judging.evidence import reading as planfix_reading
from etalon.vendors.r7.client import R7Client
from etalon.vendors.r7.judging.evidence import reading as r7_reading
from etalon.vendors.r7.judging.laws import laws as r7_laws
from tests.conftest import ROOT, Outcome, target_table
from tests.hostile_answers import answered, bodies, wire
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from etalon.portals.config import Kind
    from etalon.portals.exchange import Exchange
    from tests.conftest import CommandLine
    from tests.wrong_portals import Answer, Call

TIMEOUT = 0.5
SLACK = 2.0  # of a machine that does much else
LONGEST_RUN = 100
LARGEST_RUN = 300 * 1024 * 1024
HOSTILE: Mapping[str, Mapping[str, Answer]] = {
    kind: {**wire(media_type), **answered(media_type, body)} for kind, body, media_type in bodies()
}
CLIENTS: Mapping[str, Callable[[Target, Transport, Redactor], R7Client | PlanFixClient]] = {
    "r7": R7Client,
    "planfix": PlanFixClient,
}
ANSWERED = [(kind, name) for kind, body, media_type in bodies() for name in answered(media_type, body)]
# The wire is the same for both kinds.
EVERY = [*(("r7", name) for name in wire("")), *ANSWERED]


def client_of(kind: Kind, url: str) -> R7Client | PlanFixClient:
    keys = {"r7": ("token",), "planfix": ("account", "api-key", "user", "password")}[kind]
    credentials = {key: Secret(f"{key}-of-a-test", key.upper()) for key in keys}
    target = Target("here", kind, url, credentials=credentials, timeout=TIMEOUT)
    return CLIENTS[kind](target, Transport(target), Redactor())


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_nobody_is_let_in_by_it(kind: Kind, name: str) -> None:
    with portal_that(HOSTILE[kind][name]) as portal:
        client = client_of(kind, portal.url)
        started = time.monotonic()
        with pytest.raises(PortalError) as caught:
            _enter(client)
        if name in wire(""):  # what comes whole is a matter of reading it, not of waiting for it
            assert time.monotonic() - started < TIMEOUT + SLACK
        client.transport.close()
        assert len(portal.seen) <= 6
    sentence = str(caught.value)
    assert sentence.startswith(client.target.where)
    assert sentence.isprintable()
    assert len(sentence) < 400


def _enter(client: R7Client | PlanFixClient) -> None:
    client.log_in()
    client.discover()


@pytest.mark.parametrize(("kind", "name"), ANSWERED)
def test_no_law_takes_it_for_an_answer(kind: Kind, name: str) -> None:
    with portal_that(HOSTILE[kind][name]) as portal:
        client = client_of(kind, portal.url)
        exchange = _task_exchange(client)
        client.transport.close()
    assert r7_reading(exchange) is None
    assert planfix_reading(exchange) is None
    outcomes = [law(exchange) for law in _laws(kind, exchange)]
    if kind == "planfix" or (exchange.response.ok and exchange.response.media_type == "application/json"):
        assert any(isinstance(outcome, Finding) for outcome in outcomes)


def _task_exchange(client: R7Client | PlanFixClient) -> Exchange:
    if isinstance(client, R7Client):
        return client.read_task(7)
    return client.call("task.get", {"task": {"id": 7}}, subject=7)


def _laws(kind: str, exchange: Exchange) -> Iterable[Callable[[Exchange], Finding | bool | None]]:
    if kind == "r7":
        return r7_laws(load_spec(spec("r7", "openapi.yaml")), [exchange]).values()
    schemas = {"task.get": XMLSchema11(str(spec("planfix", "task.get.ok.xsd")))}
    return (
        planfix_laws.well_formed,
        partial(planfix_laws.valid, schemas=schemas, functions=frozenset(schemas)),
        partial(planfix_laws.names_the_task, function="task.get"),
    )


# What getrusage tells of a child has the size of its parent in it.
_MEASURED = """
import pathlib
from etalon.cli import main
try:
    code = main()
finally:
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    pathlib.Path("memory.txt").write_text(next(line for line in lines if line.startswith("VmHWM")))
raise SystemExit(code)
"""
linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured on Linux")


def hostile_run(etalon: CommandLine, *arguments: str) -> tuple[int, str, Outcome]:
    """The most memory that a run took, in bytes, what it said on the error stream, and what it came to."""
    errors = etalon.folder / "errors.txt"
    with errors.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, and arguments that the tests choose
            [sys.executable, "-c", _MEASURED, *arguments, "--output", str(etalon.output), "--no-progress"],
            cwd=etalon.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"},
            stdout=subprocess.DEVNULL,
            stderr=stream,
        )
        try:
            process.wait(LONGEST_RUN)
        finally:
            process.kill()
            process.wait()
    said = errors.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "Etalon itself failed" not in said
    results = json.loads((etalon.output / "results.json").read_text(encoding="utf-8"))
    used = int((etalon.folder / "memory.txt").read_text(encoding="utf-8").split()[1]) * 1024
    return used, said, Outcome(process.returncode, "", said, results)


@pytest.mark.parametrize(("kind", "name"), [("r7", "a gzip bomb"), ("planfix", "much of little")])
def test_it_takes_little_memory(etalon: CommandLine, kind: Kind, name: str) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with portal_that(HOSTILE[kind][name]) as hostile:
        etalon.config(target_table(portal, hostile.url) + "timeout = 5\n")
        memory, said, outcome = hostile_run(etalon, "run", "here")
    assert outcome.code == 6
    assert memory < LARGEST_RUN
    assert len(set(_sentences(said))) == 1


IN_THE_MIDDLE = [
    ("r7", "JSON nested deep"),
    ("planfix", "billion laughs"),
]


@linux
@pytest.mark.parametrize(("kind", "name"), IN_THE_MIDDLE)
def test_a_run_goes_on_where_updates_are_answered_so(etalon: CommandLine, kind: Kind, name: str) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            updates = call.command == "PUT" or b'method="task.update"' in call.body
            (HOSTILE[kind][name] if updates else sound)(call)

        with portal_that(answer) as hostile:
            etalon.config(target_table(portal, hostile.url + portal.path) + "timeout = 5\n")
            memory, _, outcome = hostile_run(etalon, "run", "here", "--profile", "quick")
    assert outcome.code in {1, 6}
    assert outcome.results["complete"] is True
    assert memory < LARGEST_RUN
    good = {row for row in outcome.ids("conforms") if "-UPDATE-STORES-" in row}
    assert good == set()
    assert outcome.ids("conforms", "observed")


def _sentences(said: str) -> list[str]:
    return [line for line in said.splitlines() if line and "a secret in plain text" not in line]
