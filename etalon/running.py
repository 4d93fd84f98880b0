"""`etalon run`: a thin door to `pytest suites`, with a progress bar instead of pytest's own output."""

from __future__ import annotations

import gc
import getpass
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest
from _pytest import unraisableexception
from hypothesis.configuration import set_hypothesis_home_dir

from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.messages.catalogue import said
from etalon.mistakes import summary_of
from etalon.plugin.beginning import SESSION, begin
from etalon.plugin.items import requirement_id, target_name
from etalon.portals.config import ConfigError
from etalon.portals.config_file import load
from etalon.progress import Standing, make_progress
from etalon.reporting.allure_writing import report_into
from etalon.reporting.folder import UnwritableOutputError, emptied_of_allure, unwritable
from etalon.reporting.printing import console, tell, tell_to, warn
from etalon.reporting.streams import steady
from etalon.reporting.terminal import print_summary
from etalon.reporting.words import word
from etalon.shipped import homes, root

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import date

    from etalon.portals.exchange import Exchange
    from etalon.progress import Display
    from etalon.reporting.allure_writing import ResultFiles
    from etalon.session import Session


class _Conductor:
    """Shows the run as it goes on, and says at the end what came out."""

    def __init__(self, *, progress: bool, verbose: bool, lang: str, output: Path) -> None:
        self._stderr = _own_stderr()
        self._console = console(file=self._stderr)
        self._verbose = verbose
        self._told: dict[str, int] = {}
        self._progress = progress
        self._lang = lang
        self._output = output
        self._display: Display | None = None
        self._failures: list[str] = []
        self._allure: ResultFiles | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        # Before anything of an earlier run is touched: the user's mistakes end it here.
        begin(config)
        self._allure = report_into(emptied_of_allure(self._output), config)
        leave_out_the_unread(config)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if SESSION in session.config.stash:
            self._display = make_progress(
                self._console, len(session.items), enabled=self._progress, lang=self._lang
            )

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        run = _of(item)
        if self._display and run and item.get_closest_marker("requirement"):
            self._display.at(_standing(item, run, self._lang))

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        self._tell(_of(item))

    def pytest_runtest_logfinish(self) -> None:
        if self._display:
            self._display.advance()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._failures.append(report.longreprtext)

    def pytest_internalerror(self, excrepr: object) -> bool:
        self._failures.append(str(excrepr))
        return True  # told at the end, and not by pytest as well

    @pytest.hookimpl(wrapper=True)
    def pytest_cmdline_main(self) -> Generator[None, object, object]:
        try:
            return (yield)
        except pytest.UsageError as error:
            warn(str(error), lines=True)
            return pytest.ExitCode.USAGE_ERROR

    def pytest_keyboard_interrupt(self) -> None:
        self._stop_display()
        warn(word("label-interrupted", self._lang))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        try:
            yield
        finally:
            self._stop_display()
            run = session.config.stash.get(SESSION, None)
            self._tell(run)
            if self._allure and self._allure.problem:
                error = unwritable(self._output, self._allure.problem)
                warn(said(error.words, self._lang))
                session.exitstatus = pytest.ExitCode.USAGE_ERROR
            if self._failures:
                session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
            for failure in self._failures:
                self._tell_mistake(
                    failure.strip().rpartition("\n")[2].removeprefix("E ").strip(), failure, run
                )
            if run and run.mistakes:
                self._tell_mistakes(run)
            if run:
                self._sum_up(run)

    def _tell_mistakes(self, run: Session) -> None:
        """Each kind of mistake once, however many requirements it cost."""
        told: dict[str, tuple[int, BaseException]] = {}
        for _, error in run.mistakes:
            told[summary_of(error)] = (told.get(summary_of(error), (0, error))[0] + 1, error)
        for summary, (count, error) in told.items():
            times = f", {count} times" if count > 1 else ""
            self._tell_mistake(f"{summary}{times}", "".join(traceback.format_exception(error)), run)

    def _tell_mistake(self, summary: str, trace: str, run: Session | None) -> None:
        sentence = word("label-mistake", self._lang, summary=_shown(summary, run))
        warn(sentence)
        if self._verbose:
            warn(_shown(trace, run), lines=True)

    def _sum_up(self, run: Session) -> None:
        print_summary(run.result(), console(), self._lang)
        tell(f"\n{self._output / 'index.html'}")  # where to look next
        if sys.stdout.isatty() and sys.stderr.isatty():
            return  # the summary has the notes, too, for the same eyes
        for target in run.targets:
            for note in target.notes:
                warn(said(note.cleaned(target.redactor.clean), self._lang))

    def _tell(self, run: Session | None) -> None:
        """What has gone over the wire since it was last told, a line an exchange."""
        for target in run.targets if run and self._verbose else ():
            traffic = target.transport.traffic if target.transport else []
            for exchange in traffic[self._told.get(target.target.name, 0) :]:
                line = target.redactor.clean(in_a_line(exchange))
                tell_to(self._stderr, f"{target.target.name} {line}")
            self._told[target.target.name] = len(traffic)
        self._stderr.flush()

    def _stop_display(self) -> None:
        if self._display:
            self._display.stop()
            self._display = None


def in_a_line(exchange: Exchange) -> str:
    """An exchange as `--verbose` tells of it, secrets included."""
    about = "" if exchange.subject is None else f" of task {exchange.subject}"
    return (
        f"#{exchange.number} {exchange.operation}{about}: {exchange.request.method} {exchange.request.url} "
        f"{exchange.response.status}, {len(exchange.response.body)} bytes, {exchange.elapsed:.2f} s"
    )


def _own_stderr() -> TextIO:
    """Standard error as it is now: pytest captures what is written to the usual one during a check."""
    try:
        return steady(os.dup(sys.stderr.fileno()), sys.stderr)
    except (OSError, ValueError):
        return sys.stderr  # it is no file, as under another test runner


def _standing(item: pytest.Item, run: Session, lang: str) -> Standing:
    """How far the run has come when a check begins."""
    target = run.run_of(target_name(item))
    row = target.contract[requirement_id(item)]
    found = (
        judgement.verdict is Verdict.DEVIATES and not one.allowed(row_id)
        for one in run.targets
        for row_id, judgement in one.judgements.items()
    )
    remaining = target.transport.remaining if target.transport else target.target.max_requests
    title = target.contract.themes[row.theme][lang]
    return Standing(target.target.name, title, row.id, target.requests, remaining, sum(found))


def _shown(failure: str, run: Session | None) -> str:
    """What went wrong inside Etalon, without any target's secrets."""
    for target in run.targets if run else ():
        failure = target.redactor.clean(failure)
    return failure


def judge(
    *,
    targets: Sequence[str],
    config: str,
    profile: str,
    seed: int,
    day: date | None = None,
    output: str,
    selected: Sequence[str],
    baseline: str | None = None,
    max_requests: int | None = None,
    lang: str,
    record: str = "",
    confirmed: bool = True,
    proven: bool = True,
    progress: bool,
    verbose: bool = False,
    command: str,
) -> int:
    """Judge targets and write the reports.

    Returns:
        The exit code; pytest's own where the run was interrupted.

    Raises:
        UnwritableOutputError: the output folder takes no reports.
    """
    if not output:
        raise UnwritableOutputError(Message("wants-output-folder"))
    if not targets:
        _name_others(Path(config), lang)
    conductor = _Conductor(progress=progress and not verbose, verbose=verbose, lang=lang, output=Path(output))
    arguments = [
        *suite_arguments(),
        "-p",
        "allure_pytest.plugin",
        f"--etalon-config={config}",
        f"--etalon-profile={profile}",
        f"--etalon-seed={seed}",
        f"--etalon-output={output}",
        f"--etalon-lang={lang}",
        f"--etalon-command={command}",
        f"--etalon-record={record}",
        *([] if confirmed else ["--etalon-no-confirm"]),
        *([] if proven else ["--etalon-no-proof"]),
        *(f"--etalon-target={target}" for target in targets),
        *(f"--etalon-select={pattern}" for pattern in selected),
        *([f"--etalon-baseline={baseline}"] if baseline else []),
        *([f"--etalon-day={day}"] if day else []),
        *([f"--etalon-max-requests={max_requests}"] if max_requests else []),
    ]
    gc.freeze()  # what has been loaded stays: the collector need not look through it again and again
    return int(pytest.main(arguments, plugins=[conductor]))


def _name_others(config: Path, lang: str) -> None:
    """Whoever runs without a name beside a config file may expect its targets to be judged."""
    with suppress(ConfigError):  # a broken file is the run's own concern
        tables = load(config).tables if config.exists() else {}
        if tables:
            sentence = word("label-others-in-the-config", lang, name=min(tables), file=str(config))
            warn(sentence)


def suite_arguments() -> list[str]:
    """The arguments with which pytest runs the suites, wherever it is started; the environment made fit."""
    suites = root() / "suites"
    os.environ.pop("PYTEST_ADDOPTS", None)
    # Hypothesis keeps its tables of characters in a folder, by default the one that the user stands in.
    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / f"etalon-{_whose()}")
    return [
        *(str(folder) for home in homes() if (folder := home / "suites").is_dir()),
        f"--rootdir={root()}",
        f"--confcutdir={root()}",
        f"--config-file={suites / 'run.ini'}",
        # Only what a run needs: a user's own plugins and options must not change a verdict.
        "--disable-plugin-autoload",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
    ]


def leave_out_the_unread(config: pytest.Config) -> None:
    """Spare a run what pytest would work out and nobody reads."""
    # The report has reasons, not tracebacks; to lay pytest's own out takes longer than a whole run.
    config.option.tbstyle = "native"
    # Nor does anything show what destructors raise, for which pytest searches the whole memory twice.
    searches = getattr(unraisableexception, "gc_collect_iterations_key", None)
    if searches is not None:  # a name of pytest's own, which some versions lack
        config.stash[searches] = 0


def _whose() -> str:
    """Who runs this; in a container, it may be a user without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # which one depends on Python's version and on the system
        return str(os.getuid()) if hasattr(os, "getuid") else "somebody"


def _of(item: pytest.Item) -> Session | None:
    return item.config.stash.get(SESSION, None)
