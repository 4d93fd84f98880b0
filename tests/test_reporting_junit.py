from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree
from msgspec.structs import replace

from etalon.judging.verdicts import Verdict
from etalon.reporting.junit import render_junit
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from etalon.reporting.results import RunResult


def parsed(run: RunResult) -> etree._Element:
    return etree.fromstring(render_junit(run).encode())


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict.CONFORMS, None),
        (Verdict.OBSERVED, None),
        (Verdict.DEVIATES, "failure"),
        (Verdict.NOT_TESTABLE, "error"),
        (Verdict.INCONCLUSIVE, "error"),
        (Verdict.NOT_APPLICABLE, "skipped"),
        (Verdict.PLANNED, "skipped"),
    ],
)
def test_a_case_per_requirement_with_the_outcome_of_its_verdict(
    verdict: Verdict, outcome: str | None
) -> None:
    suites = parsed(samples.run(samples.target("office", samples.requirement("R7-ONE", verdict))))
    (case,) = suites.iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("office.keeps", "R7-ONE")
    outcomes = [child.tag for child in case if child.tag != "system-out"]
    assert outcomes == ([outcome] if outcome else [])
    for child in case:
        assert child.get("message") or child.text


def test_counts_and_properties() -> None:
    suites = parsed(
        samples.run(samples.one_of_each(), samples.target("tracker", samples.requirement("PF-ONE")))
    )
    office, tracker = suites.findall("testsuite")
    counts = ("tests", "failures", "errors", "skipped")
    assert [office.get(count) for count in counts] == ["7", "1", "2", "2"]
    assert [tracker.get(count) for count in counts] == ["1", "0", "0", "0"]
    assert [suites.get(count) for count in counts] == ["8", "1", "2", None]
    properties = {entry.get("name"): entry.get("value") for entry in office.iter("property")}
    assert properties["seed"] == "1"
    assert properties["profile"] == "standard"


def test_a_failure_carries_the_evidence() -> None:
    failure = next(parsed(samples.run(samples.one_of_each())).iter("failure"))
    assert failure.get("message") == "An update that does not send description clears it."
    body = failure.text or ""
    for part in (
        "Expected: Заметка",
        "Observed: Заметка",
        "PUT https://portal.example",
        "curl -sS",
        samples.PAGE,
    ):
        assert part in body


def test_what_xml_forbids_is_named() -> None:
    document = render_junit(samples.hostile())
    etree.fromstring(document.encode())
    assert "‹NUL›" in document
    assert "‹U+D800›" in document
    assert "‹RLO›" in document


def test_nothing_that_was_not_checked_is_green() -> None:
    assert parsed(samples.run()).get("errors") == "1"
    assert parsed(samples.run(samples.target("office"))).get("errors") == "1"
    cut = parsed(replace(samples.healthy(), complete=False))
    assert cut.get("errors") == "1"
    assert [case.get("name") for case in cut.iter("testcase") if len(case)][-1] == "run-is-complete"
