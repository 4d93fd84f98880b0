"""`junit.xml`: a test case per requirement, as GitLab, Jenkins and GitHub's readers understand it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from etalon.judging.verdicts import Verdict
from etalon.reporting.text import legible, shortened
from etalon.reporting.words import VERDICTS, say

if TYPE_CHECKING:
    from etalon.reporting.results import FindingRecord, RequirementResult, RunResult, TargetResult

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


def render_junit(run: RunResult) -> str:
    """The run in JUnit's XML: a suite per target, a case per requirement, evidence in the body.

    A deviation is a failure; what could not be tested is an error, so that nothing untested counts as
    passed; what does not apply, or is planned, is skipped with its reason. A target at which nothing was
    judged, and a run that was cut off, each add a case of their own with an error.
    """
    suites = etree.Element("testsuites", name="etalon", time=f"{run.seconds:.3f}")
    for target in run.targets:
        suites.append(_suite(run, target))
    if not run.complete:
        reason = "The run was cut off before its end; what is missing here was not checked."
        suites.append(_lone_error("etalon", "run-is-complete", reason))
    elif not run.targets:
        suites.append(_lone_error("etalon", "run-judges-a-target", "No portal was judged."))
    for count in ("tests", "failures", "errors", "skipped"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    etree.indent(suites)
    return etree.tostring(suites, xml_declaration=True, encoding="UTF-8").decode() + "\n"


def _suite(run: RunResult, target: TargetResult) -> etree._Element:
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
        suite.append(_case(target, requirement))
    if not target.requirements:
        suite.append(_error_case(target.name, "something-was-checked", "Nothing was checked."))
    _count(suite)
    return suite


def _case(target: TargetResult, requirement: RequirementResult) -> etree._Element:
    # Requirements are judged on shared traffic, so that only the suite has a time of its own.
    case = etree.Element(
        "testcase",
        classname=_clean(f"{target.name}.{requirement.theme}"),
        name=_clean(requirement.id),
        time="0",
    )
    element = _ELEMENTS.get(requirement.verdict)
    if element is not None:
        message = _message(requirement)
        outcome = etree.SubElement(case, element, message=_clean(message))
        if element != "skipped":
            outcome.set("type", requirement.verdict.value)
            outcome.text = _clean("\n\n".join((message, *_body(requirement))))
    elif requirement.behaviour is not None:
        etree.SubElement(case, "system-out").text = _clean(f"Observed behaviour: {requirement.behaviour}")
    return case


def _message(requirement: RequirementResult) -> str:
    if requirement.findings:
        more = len(requirement.findings) - 1
        summary = shortened(requirement.findings[0].summary, _VALUE_LENGTH)
        return summary + (f" (and {more} more)" if more else "")
    return requirement.reason or say(VERDICTS[requirement.verdict], "en")


def _body(requirement: RequirementResult) -> list[str]:
    source = ", ".join(
        requirement.source[key] for key in ("page", "row", "url") if requirement.source.get(key)
    )
    head = f"Requirement ({requirement.level}): {say(requirement.statement, 'en')}\nSource: {source}"
    return [head, *map(_evidence, requirement.findings)]


def _evidence(finding: FindingRecord) -> str:
    lines = [
        f"{finding.member}: {finding.summary}" if finding.member else finding.summary,
        f"Expected: {shortened(finding.expected, _VALUE_LENGTH)}",
        f"Observed: {shortened(finding.observed, _VALUE_LENGTH)}",
    ]
    for exchange in finding.exchanges:
        lines += "", "Request:", shortened(exchange.request, _MESSAGE_LENGTH)
        lines += "", "Response:", shortened(exchange.response, _MESSAGE_LENGTH)
    if finding.reproduce:
        lines += "", "Reproduce:", shortened(finding.reproduce, _REPRODUCE_LENGTH)
    return "\n".join(lines)


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
