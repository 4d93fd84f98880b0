"""How a check ended: the verdict on its requirement, and the same in pytest's and in Allure's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
from etalon.mistakes import summary_of
from etalon.plugin.beginning import SESSION
from etalon.plugin.fixtures import CHECK
from etalon.plugin.items import requirement_id, target_name
from etalon.plugin.options import language_of
from etalon.portals.errors import MissingPrerequisiteError, PortalError
from etalon.reporting.allure_results import attach, describe
from etalon.reporting.phrases import said, shell_lines, sides
from etalon.reporting.printing import printable
from etalon.reporting.words import word

if TYPE_CHECKING:
    from collections.abc import Generator

    from etalon.judging.checking import Check
    from etalon.reporting.records import AllowedRecord
    from etalon.session import TargetRun

_NO_CHECK = Judgement(Verdict.INCONCLUSIVE, reason=Message("check-judged-nothing"))


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
        error.args = (catalogue.said(words.cleaned(run.redactor.clean), language_of(item.config)),)
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


def _settle(item: pytest.Item, report: pytest.TestReport, judgement: Judgement, run: TargetRun) -> None:
    """Note the verdict, and tell pytest's reporters and Allure's."""
    requirement = run.contract[requirement_id(item)]
    run.judgements[requirement.id] = judgement
    if judgement.verdict is Verdict.DEVIATES:
        run.saw_red(item.stash[CHECK].seen_at or _seen_at(judgement))
    lang = language_of(item.config)
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
