"""The pytest plugin: gives checks their target and their requirement, and gathers the verdicts.

A check is a pytest function with the marker `requirement("API-…")`; its id may name parameters of the
function, as in `requirement("API-UPDATE-STORES-{member}")`. It runs once per target of its portal's kind.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etalon.arguments import count, day
from etalon.confirming import Repetition, confirm
from etalon.errors import UserError
from etalon.generation.calendar import Calendar
from etalon.judging.checking import Check
from etalon.judging.requirements import is_selected
from etalon.judging.verdicts import (
    Deviates,
    Inconclusive,
    Judgement,
    NotApplicable,
    NotTestable,
    Outcome,
    Unjudged,
    Verdict,
)
from etalon.messages import Message, catalogue
from etalon.mistakes import exit_code, summary_of
from etalon.portals.config import DEFAULT_CONFIG
from etalon.portals.errors import MissingPrerequisiteError, PortalError
from etalon.portals.har import OWN, har_text
from etalon.portals.ledger import FOLDER, left_something, open_ledger
from etalon.portals.transport import Transport
from etalon.profiles import DEFAULT_SEED, PROFILES, Profile, seed_for
from etalon.reporting.allure_files import clean_results
from etalon.reporting.allure_results import attach, describe
from etalon.reporting.baseline import read as read_baseline
from etalon.reporting.files import ensure_own_file, write_all, write_begun, write_text
from etalon.reporting.folder import ALLURE, claimed, refuse_foreign
from etalon.reporting.phrases import said, shell_lines, sides
from etalon.reporting.printing import printable
from etalon.reporting.words import word
from etalon.session import Session, TargetRun
from etalon.shipped import homes
from etalon.targets import chosen_targets, resolve
from etalon.vendors import kinds

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from etalon.portals.config import Kind, Target
    from etalon.reporting.records import AllowedRecord
    from etalon.reporting.results import RunResult

SESSION = pytest.StashKey[Session]()
CHECK = pytest.StashKey[Check]()
OPENED = pytest.StashKey[ExitStack]()
_LATE = ("spends_the_rest", "after_all")  # markers, in the order in which their checks come after all others


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `etalon run`, for people who live in pytest."""
    group = parser.getgroup("etalon", "conformance of task portals")
    group.addoption(
        "--etalon-target",
        action="append",
        default=[],
        metavar="NAME",
        help="target of the config file to judge (repeatable); without one, both embedded portals",
    )
    group.addoption("--etalon-config", default=str(DEFAULT_CONFIG), metavar="FILE", help="config file")
    group.addoption("--etalon-profile", choices=tuple(PROFILES), default="standard", help="thoroughness")
    group.addoption(
        "--etalon-seed",
        type=int,
        help=f"seed of what is drawn at random; default: {DEFAULT_SEED}, in deep another each time",
    )
    group.addoption(
        "--etalon-day",
        type=day,
        metavar="YYYY-MM-DD",
        help="day from which dates are reckoned; default: today",
    )
    group.addoption(
        "--etalon-max-requests",
        type=count,
        metavar="N",
        help="stop before a target has had more; default: what the config file says",
    )
    group.addoption(
        "--etalon-select",
        action="append",
        default=[],
        metavar="PATTERN",
        help="glob on requirement ids (repeatable)",
    )
    group.addoption(
        "--etalon-output", default="reports/out", metavar="DIR", help="folder of the reports; empty for none"
    )
    group.addoption(
        "--etalon-baseline", metavar="FILE", help="deviations that are accepted, behaviours that are pinned"
    )
    group.addoption("--etalon-lang", choices=("en", "ru"), default="en", help="language of the report")
    group.addoption(
        "--etalon-no-confirm", action="store_true", help="report findings without repeating the run"
    )
    group.addoption("--etalon-record", default="", metavar="FILE.har", help="record the traffic there")
    group.addoption("--etalon-command", default="", help="the command line to show in the report")


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and refuse a run in several processes: its checks share their traffic."""
    if getattr(config.option, "numprocesses", None) and _asks_for_suites(config):
        raise pytest.UsageError(str(Message("suites-in-one-process")))
    config.addinivalue_line(
        "markers", "requirement(id): the requirement of contracts/ that the check judges; one each"
    )
    config.addinivalue_line("markers", "spends_the_rest: sends what the requests allow, so it runs late")
    config.addinivalue_line("markers", "after_all: judges the traffic of all other checks, so it runs last")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Begin the run, where suites are about to be collected: a mistake of the user's ends it here."""
    if _asks_for_suites(session.config):
        begin(session.config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the suites of portals alone that no target is of, once a run has begun."""
    kind = _kind_of(collection_path)
    if kind is None:
        return None
    return None if any(run.target.kind == kind for run in begin(config).targets) else True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every check of a suite once per target of its kind."""
    kind = _kind_of(Path(metafunc.module.__file__ or ""))
    if kind is None or "target" not in metafunc.fixturenames:
        return
    names = [run.target.name for run in begin(metafunc.config).targets if run.target.kind == kind]
    metafunc.parametrize("target", names, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop what `--etalon-select` does not choose, and put what comes late behind the others."""
    if SESSION not in config.stash:
        return
    session = config.stash[SESSION]
    _bind(session, items)
    chosen = [item for item in items if _is_chosen(item, session)]
    dropped = [item for item in items if not _is_chosen(item, session)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    order = [run.target.name for run in session.targets]
    items[:] = sorted(chosen, key=lambda item: _place(item, order))


def _bind(session: Session, items: list[pytest.Item]) -> None:
    """Note for which rows a check was collected.

    Raises:
        pytest.UsageError: a check is bound to a row that its target's contract lacks.
    """
    bound: dict[str, dict[str, pytest.Item]] = {run.target.name: {} for run in session.targets}
    for item in items:
        if item.get_closest_marker("requirement") is not None:
            bound[target_name(item)][requirement_id(item)] = item
    for run in session.targets:
        run.bound = frozenset(bound[run.target.name])
        for row in sorted(run.bound - {one.id for one in run.contract.requirements}):
            where = bound[run.target.name][row].nodeid
            raise pytest.UsageError(f"{where} is bound to {row}, which is no row of a contract")


@pytest.fixture(scope="session")
def etalon_session(request: pytest.FixtureRequest) -> Session:
    """The run that the checks belong to."""
    return begin(request.config)


@pytest.fixture(scope="session")
def profile(etalon_session: Session, target_run: TargetRun) -> Profile:
    """How thorough the run against the target is."""
    return etalon_session.profile.within(target_run.target.max_requests)


@pytest.fixture(scope="session")
def seed(etalon_session: Session) -> int:
    """The seed of what is drawn at random."""
    return etalon_session.seed


@pytest.fixture(scope="session")
def calendar(etalon_session: Session) -> Calendar:
    """The days that requests name: the same ones throughout the run, whatever the time."""
    return Calendar.of(etalon_session.day)


@pytest.fixture(scope="session")
def target_run(request: pytest.FixtureRequest, target: Target) -> TargetRun:
    """The run of the check's target."""
    return begin(request.config).run_of(target.name)


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The portal under judgement; an embedded one has been started when the run began."""
    found: Target = begin(request.config).run_of(request.param).target
    return found


@pytest.fixture(scope="session")
def transport(target_run: TargetRun) -> Iterator[Transport]:
    """The wire to the target, closed at the end of its checks."""
    transport = Transport(target_run.target, ledger=target_run.ledger)
    transport.on_exchange = target_run.redactor.overhear
    target_run.transport = transport
    target_run.started()
    yield transport
    target_run.stopped()
    transport.close()


@pytest.fixture
def check(request: pytest.FixtureRequest, target_run: TargetRun) -> Check:
    """The judge of the requirement that the check is bound to."""
    requirement = target_run.contract[requirement_id(request.node)]
    made = Check(requirement, target_run.expected(requirement))
    request.node.stash[CHECK] = made
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the end of a check into the verdict on its requirement."""
    if SESSION not in item.config.stash or item.get_closest_marker("requirement") is None:
        return (yield)
    _leave_out_traceback(call)
    report = yield
    run = item.config.stash[SESSION].run_of(target_name(item))
    if report.when != "teardown":
        run.spent_on(run.contract[requirement_id(item)].theme, call.duration)
    report.sections = [
        (name, printable(run.redactor.clean(text), lines=True)) for name, text in report.sections
    ]
    if call.excinfo is None:
        if report.when == "call":
            judgement = item.stash[CHECK].judgement() if CHECK in item.stash else _NO_CHECK
            _settle(item, report, judgement, run)
        return report
    if report.when == "teardown":
        run.note(Message("cleaning-up-failed", error=call.excinfo.exconly()))
        report.longrepr = printable(run.redactor.clean(report.longreprtext), lines=True)
        return report
    error = call.excinfo.value
    if isinstance(error, (KeyboardInterrupt, pytest.exit.Exception)):
        return report
    if isinstance(error, PortalError):
        run.note(error.reason)
    if _is_mistake(error):
        run.mistakes.append(error)
    _settle(item, report, judgement_of(error, item.stash.get(CHECK, None)), run)
    if isinstance(error, (Deviates, Unjudged, PortalError)):
        # Allure quotes the exception itself, whatever the report says.
        words = error.finding.summary if isinstance(error, Deviates) else error.reason
        error.args = (catalogue.said(words.cleaned(run.redactor.clean), _language(item.config)),)
    return report


def _leave_out_traceback(call: pytest.CallInfo[None]) -> None:
    """Spare pytest what takes time to lay out, where the verdict's own words will stand in its place."""
    if call.excinfo and call.when != "teardown":
        call.excinfo.traceback = call.excinfo.traceback[:0]


def judgement_of(error: BaseException, check: Check | None) -> Judgement:
    """The verdict that an exception out of a check or its scenario means."""
    checked = check.checked if check else 0
    expected = check.expected if check else None
    match error:
        case Deviates():
            return Judgement(Verdict.DEVIATES, expected=expected, checked=checked, findings=(error.finding,))
        case NotApplicable():
            return Judgement(Verdict.NOT_APPLICABLE, reason=error.reason, checked=checked)
        case NotTestable() | MissingPrerequisiteError():
            return Judgement(Verdict.NOT_TESTABLE, reason=error.reason, checked=checked)
        case Inconclusive() | PortalError():
            return Judgement(Verdict.INCONCLUSIVE, reason=error.reason, checked=checked)
        case _:
            reason = Message("etalon-failed", error=summary_of(error))
            return Judgement(Verdict.INCONCLUSIVE, reason=reason, checked=checked)


def _is_mistake(error: BaseException) -> bool:
    """Whether an exception out of a check is none that says something about the portal."""
    return not isinstance(error, (Outcome, PortalError, MissingPrerequisiteError))


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
    output = _output(config)
    if output:
        with _noted(problems):
            write_all(result, output, _language(config))
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
            raise pytest.UsageError(catalogue.said(problem.words, _language(config))) from problem
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


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the embedded portals."""
    if OPENED in config.stash:
        config.stash[OPENED].close()


def requirement_id(item: pytest.Item) -> str:
    """The id of the requirement that an item is bound to, its parameters filled in."""
    marker = item.get_closest_marker("requirement")
    if marker is None:
        raise pytest.UsageError(f"{item.nodeid} is bound to no requirement")
    parameters = getattr(item, "callspec", None)
    values = parameters.params if parameters else {}
    template: str = marker.args[0]
    return template.format(**{name: str(value).upper() for name, value in values.items()})


_NO_CHECK = Judgement(Verdict.INCONCLUSIVE, reason=Message("check-judged-nothing"))


def _asks_for_suites(config: pytest.Config) -> bool:
    """Whether any path on the command line holds, is or lies in the suites."""
    paths = [config.invocation_params.dir.joinpath(one.partition("::")[0]).resolve() for one in config.args]
    return any(
        path == suites or suites in path.parents or path in suites.parents
        for suites in (home / "suites" for home in homes())
        for path in paths
    )


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
            raise pytest.UsageError(catalogue.said(error.words, _language(config))) from error
    return config.stash[SESSION]


def _begin(config: pytest.Config, opened: ExitStack) -> Session:
    output, record = _output(config), config.getoption("--etalon-record")
    if output:
        refuse_foreign(output)
    accepted = config.getoption("--etalon-baseline")
    baseline = read_baseline(Path(accepted)) if accepted else None
    names, patterns = config.getoption("--etalon-target"), config.getoption("--etalon-select")
    targets = resolve(names, Path(config.getoption("--etalon-config")), opened)
    if most := config.getoption("--etalon-max-requests"):
        targets = [replace(target, max_requests=most) for target in targets]
    profile = PROFILES[config.getoption("--etalon-profile")]
    session = Session(
        profile=profile,
        seed=seed_for(profile, config.getoption("--etalon-seed")),
        given_day=config.getoption("--etalon-day"),
        targets=[TargetRun(target, baseline) for target in chosen_targets(targets, patterns)],
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
            with _noted([]):  # a mistake in a report comes again at the end, when there is something to lose
                write_begun(session.result(), output, _language(config))
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


def _output(config: pytest.Config) -> Path | None:
    """The folder of the reports; None where none are wanted."""
    given: str = config.getoption("--etalon-output")
    return Path(given) if given else None


def _language(config: pytest.Config) -> str:
    language: str = config.getoption("--etalon-lang")
    return language


def _kind_of(path: Path) -> Kind | None:
    """The kind of portal that a file of the suites is for: the name of its folder below `suites/`."""
    parts = path.parts
    for kind in kinds():
        if any(pair == ("suites", kind) for pair in pairwise(parts)):
            return kind
    return None


def _is_chosen(item: pytest.Item, session: Session) -> bool:
    if item.get_closest_marker("requirement") is None:
        return True
    return is_selected(requirement_id(item), session.selected)


def _place(item: pytest.Item, order: list[str]) -> tuple[int, int]:
    if item.get_closest_marker("requirement") is None:
        return (-1, 0)
    late = [place for place, marker in enumerate(_LATE, start=1) if item.get_closest_marker(marker)]
    return (order.index(target_name(item)), max(late, default=0))


def target_name(item: pytest.Item) -> str:
    """The name of the target that an item judges."""
    name: str = item.callspec.params["target"]  # type: ignore[attr-defined]  # every check has a target
    return name


def _settle(item: pytest.Item, report: pytest.TestReport, judgement: Judgement, run: TargetRun) -> None:
    """Note the verdict, and tell pytest's reporters and Allure's."""
    requirement = run.contract[requirement_id(item)]
    run.judgements[requirement.id] = judgement
    if judgement.verdict is Verdict.DEVIATES:
        run.saw_red(item.stash[CHECK].seen_at or _seen_at(judgement))
    lang = _language(item.config)
    describe(requirement, run.contract.themes[requirement.theme][lang], run.target.name, lang)
    _mark(report, judgement, run, run.allowed(requirement.id), lang)


def _seen_at(judgement: Judgement) -> int | None:
    """Number of the last exchange that a finding rests on."""
    return max((finding.seen_at for finding in judgement.findings), default=0) or None


def _mark(
    report: pytest.TestReport,
    judgement: Judgement,
    run: TargetRun,
    allowed: AllowedRecord | None,
    lang: str,
) -> None:
    """Let pytest's own outcome say the same as the verdict, without anything secret."""
    if allowed and judgement.verdict is Verdict.DEVIATES:
        report.outcome = "skipped"
        reason = catalogue.said(Message("baseline-accepts", reason=allowed.reason), lang)
        report.longrepr = ("", 0, printable(reason))
        return
    match judgement.verdict:
        case Verdict.CONFORMS | Verdict.OBSERVED:
            report.outcome = "passed"
        case Verdict.NOT_APPLICABLE:
            report.outcome = "skipped"
            report.longrepr = ("", 0, printable(_reason(judgement, run, lang)))
        case _:
            report.outcome = "failed"
            report.longrepr = printable(_explained(judgement, run, lang), lines=True)


def _reason(judgement: Judgement, run: TargetRun, lang: str) -> str:
    reason = judgement.reason
    return catalogue.said(reason.cleaned(run.redactor.clean), lang) if reason else ""


def _explained(judgement: Judgement, run: TargetRun, lang: str) -> str:
    """The verdict in words for pytest's report, its evidence attached for Allure's."""
    if not judgement.findings:
        reason = _reason(judgement, run, lang)
        return f"{word('verdict', lang, verdict=judgement.verdict)}: {reason}"
    record = run.finding_record(judgement.findings[0])
    attach(record, lang)
    expected, observed = sides(record, lang)
    return (
        f"{said(record.summary, lang, record.message)}\n{word('label-expected', lang).lower()}: {expected}\n"
        f"{word('label-observed', lang).lower()}: {observed}\n\n{shell_lines(record, lang)}"
    )
