from __future__ import annotations

import gc
import json
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import settings
from xdist.scheduler import WorkStealingScheduling  # type: ignore[import-untyped]

from etalon.portals.serving import served
from etalon.profiles import DEFAULT_SEED
from etalon.proving.fault_runs import PlannedRun, execute
from etalon.vendors import vendor_of
from tests.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from etalon.portals.config import Kind
    from etalon.portals.mocking import MockPortal
    from etalon.proving.matrix import FaultRun


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WorkStealingScheduling:
    """Tests take from a millisecond to a minute: a worker that has done its share takes from another's."""
    return WorkStealingScheduling(config, log)


# A test that fails on one machine or on some days tells less than one that always fails.
settings.register_profile("etalon", deadline=None, derandomize=True)
settings.load_profile("etalon")

ROOT = Path(__file__).parent.parent
# Etalon is started many times: it is compiled once, even where the environment asks for no bytecode.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_READ_AT_THE_START = ("PYTHON", "LANG", "LC_", "LD_")
_HEEDED = {"PYTHONIOENCODING"}  # by the forked process, too
_LOGINS: Mapping[str, Sequence[str]] = {
    "r7": ("token",),
    "planfix": ("account", "api-key", "private-key", "user", "password"),
}


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line came to."""

    code: int
    out: str
    err: str
    results: dict[str, Any] = field(default_factory=dict)

    @property
    def requirements(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for target in self.results["targets"] for row in target["requirements"]}

    def ids(self, *verdicts: str) -> set[str]:
        return {row_id for row_id, row in self.requirements.items() if row["verdict"] in verdicts}

    @property
    def red(self) -> set[str]:
        return self.ids("deviates")


class CommandLine:
    """The command line, run as a user runs it: in a process of its own.

    That process is forked from one that has everything loaded, where one is given, unless the environment is
    such that a start reads it.
    """

    def __init__(self, folder: Path, warm: Warm | None = None) -> None:
        self.folder = folder
        self.output = folder / "out"
        self._warm = warm

    def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None, rendered: bool = True
    ) -> Outcome:
        """Run a command; without the page and Allure's results, where those are not wanted."""
        env = {"NO_COLOR": "1", "COLUMNS": "100", **(env or {})}
        if self._warm is None or any(name.startswith(_READ_AT_THE_START) for name in env.keys() - _HEEDED):
            return self._outcome(*self._cold(arguments, env))
        whole = {**os.environ, "PYTHONPATH": str(ROOT), **env}
        return self._outcome(*self._warm(arguments, self.folder, whole, rendered=rendered))

    def _cold(self, arguments: Sequence[str], env: Mapping[str, str]) -> tuple[int, str, str]:
        done = subprocess.run(  # noqa: S603 - our own interpreter, and arguments that the tests choose
            [sys.executable, "-m", "etalon", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **env},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def _outcome(self, code: int, out: str, err: str) -> Outcome:
        results = self.output / "results.json"
        document = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
        return Outcome(code, out, err, document)

    def config(self, text: str) -> Path:
        path = self.folder / "etalon.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def verdicts(self, *arguments: str, rendered: bool = False) -> Outcome:
        """Run targets, for their verdicts alone where nothing else is asked for."""
        return self("run", *arguments, "--output", str(self.output), "--no-progress", rendered=rendered)

    def judge(self, portal: MockPortal, *arguments: str, config: str = "", rendered: bool = False) -> Outcome:
        """Serve a portal here, and judge it as a target of a config file, as `verdicts` does."""
        with served(portal) as url:
            self.config(target_table(portal, url) + config)
            return self.verdicts("here", *arguments, rendered=rendered)


def tasks_of(portal: MockPortal, url: str) -> set[int]:
    """The ids of an R7 portal's tasks, as it lists them itself."""
    headers = {"Authorization": portal.credentials["token"]}
    answer = httpx.get(f"{url}/api/2.0/crm/task/filter?count=1000", headers=headers)
    return {task["id"] for task in answer.json()["response"]}


def target_table(portal: MockPortal, url: str) -> str:
    """The `[targets.here]` table that judges a served portal."""
    login = "\n".join(f'{key} = "{portal.credentials[key]}"' for key in _LOGINS[portal.kind])
    return (
        f'[targets.here]\nkind = "{portal.kind}"\nurl = "{url}"\ndialect = "{portal.dialect}"\n'
        f"allow-writes = true\n{login}\n"
    )


@pytest.fixture(scope="session")
def run_fault() -> Iterator[Callable[..., FaultRun]]:
    """Judges a mocked portal of a kind with a fault, in one process that keeps the suites loaded.

    What goes red is the same as on the command line, in a fraction of the time.
    """
    context = multiprocessing.get_context("spawn")
    frozen: list[object] = []
    with ProcessPoolExecutor(1, mp_context=context) as pool:

        def run_one(
            kind: Kind,
            fault: str,
            profile: str,
            selected: Sequence[str] = (),
            pinned: Mapping[str, str] | None = None,
        ) -> FaultRun:
            plan = PlannedRun(
                kind, kind, "documented", (fault,), (), profile, DEFAULT_SEED, pinned or {}, tuple(selected)
            )
            found = pool.submit(execute, plan).result(timeout=180)
            if not frozen:  # what has been loaded stays: the collector need not look through it each time
                frozen.append(pool.submit(gc.freeze))
            return found

        yield run_one


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    with closing(Warm(ROOT, tmp_path_factory.mktemp("printed"))) as process:
        yield process


@pytest.fixture
def etalon(tmp_path: Path, warm: Warm) -> CommandLine:
    return CommandLine(tmp_path, warm)


@pytest.fixture
def judged(etalon: CommandLine) -> Callable[..., Outcome]:
    """Judges a mocked portal of a kind with some faults."""

    def judge(
        kind: Kind, *faults: str, dialect: str = "documented", arguments: Sequence[str] = ()
    ) -> Outcome:
        return etalon.judge(vendor_of(kind).mock().create(dialect, faults), *arguments)

    return judge
