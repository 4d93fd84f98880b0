"""The command line in a process of its own, without the seconds that a start takes.

A process that has loaded Etalon and what it rests on forks for every command. What a command does and prints
is as after a cold start; what tests the start itself (the path, the locale, the user) has to make one.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import allure_commons

import etalon
from etalon import confirming, dry_run, running
from etalon.profiles import DEFAULT_SEED
from etalon.proving.trials import PlannedRun, judged
from etalon.reporting import files
from etalon.reporting.allure_writing import ResultFiles
from etalon.runs import environment
from etalon.vendors import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pytest

_TIMEOUT = 180
_LEFT_COLD = ("etalon.__main__", "etalon.vendors.r7.mock", "etalon.vendors.planfix.mock")


class Warm:
    """Runs commands, one at a time."""

    def __init__(self, root: Path, files: Path) -> None:
        self._files = files
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(
        self, arguments: Sequence[str], folder: Path, env: Mapping[str, str], *, rendered: bool = True
    ) -> tuple[int, str, str]:
        """Run a command in a folder; its exit code, and what it printed to standard output and error.

        Args:
            arguments: of the command line.
            folder: where it works.
            env: its whole environment.
            rendered: whether the page and Allure's results are wanted; a run takes half its time for them.
        """
        out, err = self._files / "out", self._files / "err"
        order = {"argv": list(arguments), "cwd": str(folder), "env": dict(env), "rendered": rendered}
        order |= {"out": str(out), "err": str(err)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        printed, said = (path.read_text(encoding="utf-8", errors="replace") for path in (out, err))
        return code, printed, said

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _load() -> None:
    for module in pkgutil.walk_packages(etalon.__path__, "etalon."):
        if not module.name.startswith(_LEFT_COLD):
            importlib.import_module(module.name)
    for name in ("allure_pytest.plugin", "schemathesis", "xmlschema", "jinja2", "pytest"):
        importlib.import_module(name)
    # The rest is loaded by what asks for it: the suites, what Schemathesis and the portals leave for later,
    # contracts and specs.
    for kind in kinds():
        judged(PlannedRun(kind, kind, "documented", (), (), "quick", DEFAULT_SEED))
    gc.collect()
    gc.freeze()


def _render_nothing() -> None:
    """Leave out the page and Allure's results; all else of a run, its results included, stays."""

    def no_page(*_: object) -> str:
        return ""

    def no_results(folder: Path, _: pytest.Config) -> ResultFiles:
        return ResultFiles(folder)

    mock.patch.object(files, "render_html", no_page).start()
    mock.patch.object(running, "report_into", no_results).start()


def _run_apart(
    arguments: Sequence[str], *, folder: Path | None = None, variables: Sequence[str] = (), **_: object
) -> int:
    """Do what `etalon.runs.run_apart` does, in a process that is forked from this one."""
    child = os.fork()
    if not child:
        for plugin in allure_commons.plugin_manager.get_plugins():  # those of the run that is repeated
            allure_commons.plugin_manager.unregister(plugin)
        order = {"argv": ["run", "--no-progress", *arguments], "env": environment(variables)}
        order |= {"cwd": str(folder or Path.cwd()), "out": os.devnull, "err": os.devnull}
        _carry_out({**order, "rendered": False})
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _carry_out(order: Mapping[str, object]) -> None:
    """What the forked process does; it never returns."""
    code = 70
    if not order["rendered"]:
        _render_nothing()
    try:
        signal.alarm(_TIMEOUT)
        os.chdir(str(order["cwd"]))
        os.environ.clear()
        os.environ.update(order["env"])  # type: ignore[call-overload]
        for number, path, flags in (
            (0, os.devnull, os.O_RDONLY),
            (1, str(order["out"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            (2, str(order["err"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        ):
            os.dup2(os.open(path, flags, 0o600), number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the standard streams
        spelt = os.environ.get("PYTHONIOENCODING", "utf-8")
        sys.stdout = open(1, "w", encoding=spelt, closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding=spelt, errors="backslashreplace", closefd=False)  # noqa: SIM115
        for module in (confirming, dry_run):
            mock.patch.object(module, "run_apart", _run_apart).start()
        sys.argv = ["etalon", *order["argv"]]  # type: ignore[misc]
        try:
            runpy.run_module("etalon", run_name="__main__", alter_sys=True)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
    finally:
        os._exit(code)


def main() -> None:
    """Carry out the orders that come as lines of JSON, and answer each with an exit code."""
    _load()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _carry_out(json.loads(line))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
