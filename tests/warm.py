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
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from unittest import mock

import allure_commons

import etalon
from etalon import confirming, dry_run, running
from etalon.profiles import DEFAULT_SEED
from etalon.proving.fault_runs import PlannedRun, judged
from etalon.reporting import files
from etalon.reporting.allure_writing import ResultFiles
from etalon.reporting.html import render_html
from etalon.runs import environment
from etalon.vendors import kinds
from tests import reporting_samples, warm_client

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pytest

_TIMEOUT = 180
_LEFT_COLD = ("etalon.__main__", "etalon.vendors.r7.mock", "etalon.vendors.planfix.mock")


class Warm:
    """Runs commands, several at a time where several are asked for.

    Attributes:
        program: what a shell executes to have its arguments carried out, with its streams and environment.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self._door = folder / "door"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "tests.warm", str(self._door)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # it is ready
        self.program = f'exec "{sys.executable}" -IS "{warm_client.__file__}" "{self._door}" "$@"'

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
        order = {"argv": list(arguments), "cwd": str(folder), "env": dict(env), "rendered": rendered}
        with Path(os.devnull).open("rb") as nothing, TemporaryFile() as out, TemporaryFile() as err:
            code = warm_client.carried_out(
                str(self._door), order, [file.fileno() for file in (nothing, out, err)]
            )
            for file in (out, err):
                file.seek(0)
            printed, said = (file.read().decode(errors="replace") for file in (out, err))
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
    render_html(reporting_samples.healthy())
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
        given = {"argv": ["run", "--no-progress", *arguments], "env": environment(variables)}
        where = str(folder or Path.cwd())
        _carry_out({**given, "cwd": where, "rendered": False}, [os.open(os.devnull, os.O_RDWR)] * 3)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _carry_out(order: Mapping[str, object], streams: Sequence[int]) -> None:
    """What the forked process does; it never returns."""
    code = 70
    if not order["rendered"]:
        _render_nothing()
    try:
        signal.alarm(_TIMEOUT)
        os.chdir(str(order["cwd"]))
        os.environ.clear()
        os.environ.update(order["env"])  # type: ignore[call-overload]
        for number, given in enumerate(streams):
            os.dup2(given, number)
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


def _begin(door: socket.socket) -> tuple[int, int, socket.socket]:
    """Fork for an order; the end of a pipe that closes with the child, the child, and where its code goes."""
    wire, _ = door.accept()
    _, streams, _, _ = socket.recv_fds(wire, 1, 3)
    with wire.makefile("rb") as lines:
        order = json.loads(lines.readline())
    ended, held = os.pipe()
    child = os.fork()
    if not child:
        os.close(ended)
        _carry_out(order, streams)
    for number in (held, *streams):
        os.close(number)
    return ended, child, wire


def main() -> None:
    """Carry out the orders that come through a socket, until standard input ends."""
    _load()
    waiting: dict[int, tuple[int, socket.socket]] = {}
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(sys.argv[1])
        door.listen()
        os.write(1, b"ready\n")
        os.dup2(2, 1)
        while True:
            ready, _, _ = select.select([0, door.fileno(), *waiting], [], [])
            for number in ready:
                if number == 0:
                    return
                if number == door.fileno():
                    ended, child, wire = _begin(door)
                    waiting[ended] = child, wire
                    continue
                child, wire = waiting.pop(number)
                os.close(number)
                code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                with wire, contextlib.suppress(OSError):  # whoever asked may be gone
                    wire.sendall(b"%d\n" % code)


if __name__ == "__main__":
    main()
