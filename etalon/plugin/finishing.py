"""The run's end: findings are confirmed, reports and recording written, the exit code set."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etalon.confirming import Repetition, confirm
from etalon.errors import UserError
from etalon.messages import catalogue
from etalon.mistakes import exit_code
from etalon.plugin.beginning import SESSION
from etalon.plugin.options import language_of, output_of
from etalon.portals.har import har_text
from etalon.reporting.allure_files import clean_results
from etalon.reporting.files import write_all, write_text
from etalon.reporting.folder import ALLURE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from etalon.reporting.results import RunResult
    from etalon.session import Session


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None, None, None]:
    """Write the reports and set the exit code of the run, after the scratch tasks have been removed.

    An interrupted run removes them only now; where that is interrupted, too, the reports list them.
    """
    cut_off = bool(session.shouldfail or session.shouldstop)
    whole = not cut_off and exitstatus not in {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR}
    try:
        yield
    except BaseException:
        whole = False
        raise
    finally:
        if SESSION in session.config.stash and not session.config.option.collectonly:
            _finish(session, complete=whole)


def _finish(session: pytest.Session, *, complete: bool) -> None:
    run = session.config.stash[SESSION]
    if complete and not session.config.getoption("--etalon-no-confirm"):
        try:
            confirm(run, _repetition(session.config, run))
        except KeyboardInterrupt:  # the reports are written all the same, and do not read as whole
            complete = False
            session.exitstatus = pytest.ExitCode.INTERRUPTED
    run.finish(complete=complete)
    result = run.result()
    if complete:
        session.exitstatus = exit_code(result.exit_code, any_mistake=bool(run.mistakes))
    _write_files(session.config, run, result)


def _write_files(config: pytest.Config, run: Session, result: RunResult) -> None:
    """Write all that a run leaves behind; where one file cannot be written, the others are all the same.

    Raises:
        pytest.UsageError: any could not be written.
        Exception: a mistake in what writes them.
    """
    problems: list[Exception] = []
    output = output_of(config)
    if output:
        with _noted(problems):
            write_all(result, output, language_of(config))
    for folder in filter(None, (config.getoption("--alluredir", default=None), output and output / ALLURE)):
        for target in run.targets:
            with _noted(problems):
                clean_results(Path(folder), target.redactor.clean)
    recording = config.getoption("--etalon-record")
    if recording:
        with _noted(problems):
            write_text(Path(recording), har_text(run.recorded()))
    for problem in problems:
        if isinstance(problem, UserError):
            raise pytest.UsageError(catalogue.said(problem.words, language_of(config))) from problem
        raise problem


@contextmanager
def _noted(problems: list[Exception]) -> Iterator[None]:
    """Go on after an exception, which is put into a list."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - raised again when everything else is written
        problems.append(error)


def _repetition(config: pytest.Config, run: Session) -> Repetition:
    """How the run is repeated: as it was called."""

    def interrupted() -> None:
        config.hook.pytest_keyboard_interrupt(excinfo=pytest.ExceptionInfo.from_current())

    return Repetition(
        config=Path(config.getoption("--etalon-config")),
        profile=run.profile.name,
        seed=run.seed,
        day=run.day,
        selected=run.selected,
        baseline=config.getoption("--etalon-baseline"),
        interrupted=interrupted,
    )
