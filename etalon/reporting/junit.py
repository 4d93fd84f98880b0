"""`junit.xml`: a test case per requirement, as GitLab, Jenkins and GitHub's readers understand it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from etalon.judging.verdicts import Verdict
from etalon.reporting import phrases
from etalon.reporting.phrases import said
from etalon.reporting.sources import source_row
from etalon.reporting.text import legible, shortened
from etalon.reporting.textdiff import from_difference
from etalon.reporting.words import say, word

if TYPE_CHECKING:
    from etalon.reporting.records import FindingRecord
    from etalon.reporting.results import RequirementResult, RunResult, TargetResult

# Readers hold the whole report in memory, and GitLab cuts a case's output anyway.
_VALUE_LENGTH = 2_000
_MESSAGE_LENGTH = 4_000
_REPRODUCE_LENGTH = 20_000

_ELEMENTS = {
    Verdict.DEVIATES: "failure",
    Verdict.NOT_TESTABLE: "error",
    Verdict.INCONCLUSIVE: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.PLANNED: "skipped",
}


def render_junit(run: RunResult, lang: str = "en") -> str:
    """The run in JUnit's XML: a suite per target, a case per requirement, evidence in the body.

    A deviation is a failure; what could not be tested is an error, so that nothing untested counts as
    passed; what does not apply, is planned, or deviates as the baseline allows, is skipped with its reason. A
    target at which nothing was judged, and a run that was cut off, each add a case of their own with an
    error; each line of the baseline that no longer holds adds one with a failure.

    Args:
        run: the run, complete or not.
        lang: the language of messages and bodies, `en` or `ru`; names and types stay the same.
    """
    suites = etree.Element("testsuites", name="etalon", time=f"{run.seconds:.3f}")
    for target in run.targets:
        suites.append(_suite(run, target, lang))
    if run.stale:
        suites.append(_stale_suite(run, lang))
    if not run.complete:
        reason = f"{word('label-incomplete', lang)} {word('label-incomplete-means', lang)}"
        suites.append(_lone_error("etalon", "run-is-complete", reason))
    elif not run.targets:
        suites.append(_lone_error("etalon", "run-judges-a-target", word("label-no-targets", lang)))
    # The schema that Jenkins' xUnit plugin holds files against knows no `skipped` here, only on a suite.
    for count in ("tests", "failures", "errors"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    etree.indent(suites)
    return etree.tostring(suites, xml_declaration=True, encoding="UTF-8").decode() + "\n"


def _suite(run: RunResult, target: TargetResult, lang: str) -> etree._Element:
    suite = etree.Element(
        "testsuite",
        name=_clean(target.name),
        time=f"{target.seconds:.3f}",
        timestamp=_clean(run.started[:19]),
    )
    properties = etree.SubElement(suite, "properties")
    facts = {
        "etalon": run.etalon,
        "profile": run.profile,
        "seed": str(run.seed),
        "kind": target.kind,
        "dialect": target.dialect,
        "url": target.url,
        "requests": str(target.requests),
        "verdict": target.verdict.value,
    }
    for name, value in facts.items():
        etree.SubElement(properties, "property", name=name, value=_clean(value))
    for requirement in target.requirements:
        suite.append(_case(target, requirement, lang))
    if not target.requirements:
        reason = word("label-no-requirements", lang)
        suite.append(_error_case(target.name, "something-was-checked", reason))
    _count(suite)
    return suite


def _case(target: TargetResult, requirement: RequirementResult, lang: str) -> etree._Element:
    # Requirements are judged on shared traffic, so that only the suite has a time of its own.
    case = etree.Element(
        "testcase",
        classname=_clean(f"{target.name}.{requirement.theme}"),
        name=_clean(requirement.id),
        time="0",
    )
    element = "skipped" if requirement.allowed or requirement.unsteady else _ELEMENTS.get(requirement.verdict)
    if element is not None:
        message = _message(requirement, lang)
        outcome = etree.SubElement(case, element, message=_clean(message))
        if element != "skipped":
            outcome.set("type", requirement.verdict.value)
            outcome.text = _clean("\n\n".join((message, *_body(requirement, lang))))
    elif requirement.behaviour is not None:
        shown = f"{word('label-behaviour', lang)}: {requirement.behaviour}"
        etree.SubElement(case, "system-out").text = _clean(shown)
    return case


def _message(requirement: RequirementResult, lang: str) -> str:
    if requirement.allowed:
        return f"{word('label-accepted-because', lang)}: {requirement.allowed.reason}"
    if requirement.findings:
        more = len(requirement.findings) - 1
        first = requirement.findings[0]
        summary = shortened(said(first.summary, lang, first.message), _VALUE_LENGTH)
        return summary + (f" (+{more})" if more else "")
    reason = said(requirement.reason, lang, requirement.reason_message)
    return reason or word("verdict", lang, verdict=requirement.verdict)


def _body(requirement: RequirementResult, lang: str) -> list[str]:
    where = dict(requirement.source, row=source_row(requirement.source.get("row", ""), lang))
    source = ", ".join(where[key] for key in ("page", "row", "url") if where.get(key))
    head = (
        f"{word('label-statement', lang)} ({word('level', lang, level=requirement.level)}): "
        f"{say(requirement.statement, lang)}\n{word('label-source', lang)}: {source}"
    )
    return [head, *(_evidence(finding, lang) for finding in requirement.findings)]


def _evidence(finding: FindingRecord, lang: str) -> str:
    summary = said(finding.summary, lang, finding.message)
    expected, observed = from_difference(*phrases.sides(finding, lang), _VALUE_LENGTH)
    lines = [
        f"{finding.member}: {summary}" if finding.member else summary,
        f"{word('label-expected', lang)}: {shortened(expected, _VALUE_LENGTH)}",
        f"{word('label-observed', lang)}: {shortened(observed, _VALUE_LENGTH)}",
    ]
    for exchange in finding.exchanges:
        lines += "", f"{word('label-request', lang)}:", shortened(exchange.request, _MESSAGE_LENGTH)
        lines += "", f"{word('label-response', lang)}:", shortened(exchange.response, _MESSAGE_LENGTH)
    shell = phrases.shell_lines(finding, lang)
    if shell:
        lines += "", f"{word('label-reproduce', lang)}:", shortened(shell, _REPRODUCE_LENGTH)
    return "\n".join(lines)


def _stale_suite(run: RunResult, lang: str) -> etree._Element:
    suite = etree.Element("testsuite", name=_clean(run.baseline or "baseline"))
    for number, (sentence, message) in enumerate(run.told_stale, start=1):
        case = etree.SubElement(suite, "testcase", classname="baseline", name=f"entry-{number}", time="0")
        shown = _clean(said(sentence, lang, message))
        etree.SubElement(case, "failure", message=shown, type="stale").text = shown
    _count(suite)
    return suite


def _lone_error(name: str, case: str, reason: str) -> etree._Element:
    suite = etree.Element("testsuite", name=name)
    suite.append(_error_case(name, case, reason))
    _count(suite)
    return suite


def _error_case(classname: str, name: str, reason: str) -> etree._Element:
    case = etree.Element("testcase", classname=_clean(classname), name=name, time="0")
    etree.SubElement(case, "error", message=reason, type=Verdict.INCONCLUSIVE.value).text = reason
    return case


def _count(suite: etree._Element) -> None:
    for count, element in (
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        suite.set(count, str(len(suite.findall(f".//{element}"))))


def _clean(text: str) -> str:
    """What XML 1.0 forbids (section 2.2) and what hides itself from a reader, by name."""
    return legible(text.replace("\r\n", "\n"), plain="\n\t\u00a0\u200d\ufe0f")
