"""The run's begin: its targets are resolved, embedded portals started, ledgers and output folder claimed."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from etalon.errors import UserError
from etalon.messages import Message, catalogue
from etalon.plugin.options import language_of, output_of
from etalon.portals.har import OWN
from etalon.portals.ledger import FOLDER, left_something, open_ledger
from etalon.profiles import PROFILES, seed_for
from etalon.reporting.baseline import read as read_baseline
from etalon.reporting.files import ensure_own_file, write_begun
from etalon.reporting.folder import claimed, refuse_foreign
from etalon.session import Session, TargetRun
from etalon.targets import chosen_targets, resolve

SESSION = pytest.StashKey[Session]()
OPENED = pytest.StashKey[ExitStack]()


def begin(config: pytest.Config) -> Session:
    """The run; it begins, and the embedded portals start, when it is asked for first.

    Raises:
        pytest.UsageError: config file, targets, selection or output folder cannot be used.
    """
    if SESSION not in config.stash:
        opened = config.stash[OPENED] = ExitStack()
        try:
            config.stash[SESSION] = _begin(config, opened)
        except UserError as error:
            raise pytest.UsageError(catalogue.said(error.words, language_of(config))) from error
    return config.stash[SESSION]


def _begin(config: pytest.Config, opened: ExitStack) -> Session:
    output, record = output_of(config), config.getoption("--etalon-record")
    if output:
        refuse_foreign(output)
    accepted = config.getoption("--etalon-baseline")
    baseline = read_baseline(Path(accepted)) if accepted else None
    proves = not config.getoption("--etalon-no-proof")
    names, patterns = config.getoption("--etalon-target"), config.getoption("--etalon-select")
    targets = resolve(names, Path(config.getoption("--etalon-config")), opened)
    if most := config.getoption("--etalon-max-requests"):
        targets = [replace(target, max_requests=most) for target in targets]
    profile = PROFILES[config.getoption("--etalon-profile")]
    session = Session(
        profile=profile,
        seed=seed_for(profile, config.getoption("--etalon-seed")),
        given_day=config.getoption("--etalon-day"),
        targets=[TargetRun(target, baseline, proves=proves) for target in chosen_targets(targets, patterns)],
        selected=patterns,
        command=config.getoption("--etalon-command"),
        baseline=baseline,
    )
    if not config.option.collectonly:
        # Last, so that a mistake elsewhere leaves the reports of an earlier run as they are.
        if record:
            ensure_own_file(Path(record), OWN)
        if output:
            opened.enter_context(claimed(output))
        _keep_ledgers(session, Path(config.getoption("--etalon-config")).parent / FOLDER, opened)
        if output:
            # A mistake in a report comes again at the end, when there is something to lose.
            with suppress(Exception):
                write_begun(session.result(), output, language_of(config))
    return session


def _keep_ledgers(session: Session, folder: Path, opened: ExitStack) -> None:
    """Begin the journal on disk of every target that outlives the run."""
    for run in session.targets:
        if not run.target.embedded:
            if left_something(folder, run.target):
                run.note(Message("earlier-run-left-tasks", target=run.target.name))
            run.ledger = open_ledger(folder, run.target)
            run.ledger.clean = run.redactor.clean
            opened.callback(run.ledger.close)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the embedded portals."""
    if OPENED in config.stash:
        config.stash[OPENED].close()
