"""Etalon against stock Schemathesis on the same faults of the same mocked R7 portal.

    python benchmarks/against_schemathesis.py --faults 30

Each run has a portal of its own, in a process of its own, which counts its requests. A fault is found where a
run shows anything that the runs against the sound portal did not show: for Schemathesis by its own baseline,
recorded over several seeds; for Etalon by the requirements that deviate. `benchmarks/README.md` tells more.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from etalon.generation.calendar import Calendar, today
from etalon.generation.narrowing import narrowed
from etalon.generation.openapi_document import load_spec
from etalon.portals.serving import served
from etalon.proving.bindings import all_pins, binding
from etalon.shipped import spec
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

    from starlette.types import ASGIApp, Receive, Scope, Send

OPERATIONS = ("createTask", "updateTask", "getTask", "deleteTask")
# The page's round-trip spelling, in years that wake no reminder.
DEADLINE = r"^20(2[7-9]|3[0-5])-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{7}Z$"
_SOUND_SEEDS = 3


@dataclass(frozen=True)
class Spent:
    """What one run of a tool cost, and what it showed.

    Attributes:
        shown: how many things it showed that the sound portal does not make it show.
        requests: that the portal counted.
        cases: test cases or exchanges that the tool itself counts as judged.
        seconds: wall clock.
        cpu: CPU seconds of the tool's process and its children, start-up included.
    """

    shown: int
    requests: int
    cases: int
    seconds: float
    cpu: float


class Counted:
    """An ASGI application that counts the requests to another one."""

    def __init__(self, app: ASGIApp) -> None:
        self.requests = 0
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        self.requests += scope["type"] == "http"
        await self._app(scope, receive, send)


def _serve(faults: Sequence[str], parent: Connection) -> None:
    portal = vendor_of("r7").mock().create("documented", faults)
    counted = Counted(portal.app)
    object.__setattr__(portal, "app", counted)
    with served(portal) as url:
        parent.send((url, dict(portal.credentials), {kind: list(ids) for kind, ids in portal.known.items()}))
        while parent.recv() == "requests":
            parent.send(counted.requests)


class Portal:
    """A mocked R7 portal in another process."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.url, self.credentials, self.known = pipe.recv()

    @property
    def requests(self) -> int:
        """How many requests it has had."""
        self._pipe.send("requests")
        number: int = self._pipe.recv()
        return number


@contextmanager
def portal_with(*faults: str) -> Iterator[Portal]:
    """A fresh portal for as long as the block runs."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(faults, there), daemon=True)
    process.start()
    try:
        yield Portal(here)
    finally:
        here.send("stop")
        process.join(10)


class Schemathesis:
    """The stock command line, with a spec that has links, known ids and the extension operations."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed
        self._baseline = folder / "baseline.json"

    def prepare(self, console: Console) -> None:
        """Record what it says of the sound portal, over several seeds."""
        for place in range(_SOUND_SEEDS):
            self._run(seed=self._seed + place, update=True)
        again = self._run(seed=self._seed + _SOUND_SEEDS)
        known = len(json.loads(self._baseline.read_text(encoding="utf-8"))["entries"])
        console.print(
            f"Schemathesis on the sound portal: {known} alarms over {_SOUND_SEEDS} seeds, subtracted from "
            f"here on; one more seed shows {again.shown} others."
        )

    def against(self, fault: str) -> Spent:
        """Run it against a portal with a fault."""
        return self._run(fault, seed=self._seed)

    def sound(self) -> Spent:
        """Run it against the sound portal."""
        return self._run(seed=self._seed)

    def _run(self, *faults: str, seed: int, update: bool = False) -> Spent:
        report = self._folder / "report.json"
        report.unlink(missing_ok=True)
        with portal_with(*faults) as portal:
            document = self._folder / "openapi.json"
            document.write_text(json.dumps(linked(portal.known)), encoding="utf-8")
            command = [
                str(Path(sys.executable).with_name("st")), "run", str(document), "--url", portal.url,
                "-H", f"Authorization: {portal.credentials['token']}",
                *(part for name in OPERATIONS for part in ("--include-operation-id", name)),
                "--seed", str(seed), "--continue-on-failure", "--generation-database", "none",
                "--baseline", str(self._baseline), *(["--baseline-update"] if update else []),
                "--report", "json", "--report-json-path", str(report), "--no-color",
            ]  # fmt: skip
            seconds, cpu = measured(command, self._folder)
            requests = portal.requests
        found = json.loads(report.read_text(encoding="utf-8"))
        new = found["baseline"]["new"]
        return Spent(new, requests, found["test_cases"]["generated"], seconds, cpu)


class Etalon:
    """`etalon run` with a config file, as against any portal."""

    def __init__(self, folder: Path, seed: int, profile: str) -> None:
        self._folder = folder
        self._seed = seed
        self._profile = profile
        self._sound: frozenset[str] = frozenset()

    def prepare(self, console: Console) -> None:
        """Note what deviates on the sound portal."""
        red, _ = self._run(self._profile)
        self._sound = frozenset(red)
        console.print(f"Etalon ({self._profile}) on the sound portal: {len(red)} alarms.")

    def against(self, fault: str) -> tuple[Spent, bool]:
        """Run it against a portal with a fault; also whether a requirement that the fault breaks is red."""
        red, spent = self._run(self._profile, fault)
        return spent, bool(set(red) & set(binding("r7", fault).breaks))

    def sound(self, profile: str) -> Spent:
        """Run it against the sound portal."""
        return self._run(profile)[1]

    def _run(self, profile: str, *faults: str) -> tuple[list[str], Spent]:
        output = self._folder / "out"
        with portal_with(*faults) as portal:
            config = self._folder / "etalon.toml"
            config.write_text(_config(portal), encoding="utf-8")
            command = [
                sys.executable, "-m", "etalon", "run", "here", "--config", str(config), "--no-progress",
                "--profile", profile, "--seed", str(self._seed), "--output", str(output),
            ]  # fmt: skip
            seconds, cpu = measured(command, self._folder)
            requests = portal.requests
        [target] = json.loads((output / "results.json").read_text(encoding="utf-8"))["targets"]
        red = [row["id"] for row in target["requirements"] if row["verdict"] == "deviates"]
        new = len(set(red) - self._sound)
        return red, Spent(new, requests, target["requests"], seconds, cpu)


def linked(known: Mapping[str, Sequence[int | str]]) -> dict[str, Any]:
    """The spec as Schemathesis gets the most out of it: ids that exist, dates in range, links of tasks."""
    document = narrowed(load_spec(spec("r7", "openapi.yaml")), known, calendar=Calendar.of(today()))
    for schema in _schemas(document):
        if "deadline" in schema:
            schema["deadline"] = {"type": "string", "pattern": DEADLINE}
    link = {"parameters": {"taskid": "$response.body#/response/id"}}
    links = {name: {"operationId": name, **link} for name in OPERATIONS if name != "createTask"}
    for item in document["paths"].values():
        for operation in item.values():
            if operation.get("operationId") in {"createTask", "updateTask"}:
                for status in {"200", "201"} & set(operation["responses"]):
                    operation["responses"][status]["links"] = links
    return document


def _schemas(node: object) -> Iterator[dict[str, Any]]:
    """All `properties` of a document."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield node["properties"]
        for value in node.values():
            yield from _schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from _schemas(value)


def _config(portal: Portal) -> str:
    lines = ["[targets.here]", 'kind = "r7"', f'url = "{portal.url}"', "allow-writes = true"]
    lines += [f'token = "{portal.credentials["token"]}"', "[targets.here.expect]"]
    return "\n".join([*lines, *(f'{pin} = "{value}"' for pin, value in all_pins("r7").items()), ""])


def measured(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run a command, and tell its seconds and its CPU seconds, those of its children included."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    started = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    return time.monotonic() - started, used.ru_utime + used.ru_stime


def main() -> int:
    """Print what both find and spend, fault by fault and in sum."""
    options = _options()
    console = Console()
    names = options.fault or _sample(list(vendor_of("r7").mock().faults), options.faults, options.seed)
    table = Table("fault", "Schemathesis", "Etalon", "Etalon, by what it breaks", "requests", "CPU s")
    theirs: list[Spent] = []
    ours: list[Spent] = []
    killed = 0
    with tempfile.TemporaryDirectory() as folder:
        schemathesis = Schemathesis(_made(folder, "schemathesis"), options.seed)
        etalon = Etalon(_made(folder, "etalon"), options.seed, options.profile)
        schemathesis.prepare(console)
        etalon.prepare(console)
        for fault in track(names, console=console, transient=True, disable=not console.is_terminal):
            their, (our, kill) = schemathesis.against(fault), etalon.against(fault)
            theirs.append(their)
            ours.append(our)
            killed += kill
            table.add_row(
                fault,
                _mark(their.shown),
                _mark(our.shown),
                _mark(kill),
                f"{their.requests} / {our.requests}",
                f"{their.cpu:.1f} / {our.cpu:.1f}",
            )
        if options.each:
            console.print(table)
        _print_sum(console, theirs, ours, killed, options.profile)
        _print_deep(console, schemathesis.sound(), etalon.sound("deep"))
    return 0


def _print_sum(
    console: Console, theirs: Sequence[Spent], ours: Sequence[Spent], killed: int, profile: str
) -> None:
    table = Table("", "faults found", "by what they break", "requests a run", "seconds a run", "CPU s a run")
    for name, runs, by in (("Schemathesis", theirs, ""), (f"Etalon, {profile}", ours, str(killed))):
        number = len(runs)
        table.add_row(
            name,
            f"{sum(run.shown > 0 for run in runs)} of {number}",
            by,
            f"{sum(run.requests for run in runs) / number:.0f}",
            f"{sum(run.seconds for run in runs) / number:.1f}",
            f"{sum(run.cpu for run in runs) / number:.1f}",
        )
    console.print(table)


def _print_deep(console: Console, their: Spent, our: Spent) -> None:
    table = Table("on the sound portal", "judged", "CPU s", "CPU ms each")
    for name, run in (("Schemathesis, test cases", their), ("Etalon, deep, exchanges", our)):
        table.add_row(name, str(run.cases), f"{run.cpu:.1f}", f"{_each(run):.2f}")
    console.print(table)
    console.print(f"Etalon's share of Schemathesis's CPU per judged case: {_each(our) / _each(their):.0%}")


def _each(run: Spent) -> float:
    return 1000 * run.cpu / run.cases


def _mark(found: int | bool) -> str:
    return "found" if found else "–"


def _made(folder: str, name: str) -> Path:
    path = Path(folder) / name
    path.mkdir()
    return path


def _sample(names: list[str], count: int, seed: int) -> list[str]:
    """Some of the faults, in the catalogue's order; all of them for a count of 0."""
    if not 0 < count < len(names):
        return names
    chosen = set(random.Random(seed).sample(names, count))  # noqa: S311 - no secret
    return [name for name in names if name in chosen]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--faults", type=int, default=0, metavar="N", help="try a sample of N; default: all")
    parser.add_argument(
        "--fault", action="append", default=[], choices=sorted(vendor_of("r7").mock().faults), metavar="NAME"
    )
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--profile", default="standard", help="Etalon's; default: %(default)s")
    parser.add_argument("--each", action="store_true", help="a row per fault, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
