from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.reporting import results, schema
from etalon.reporting.phrases import said
from etalon.reporting.records import MessageRecord
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from etalon.reporting.results import RunResult

RUNS = {
    "nothing": samples.run(),
    "healthy": samples.healthy(),
    "one of each": samples.run(samples.one_of_each()),
    "hostile": samples.hostile(),
    "cut off": replace(samples.healthy(), complete=False, finished=""),
}


@pytest.fixture(params=list(RUNS.values()), ids=list(RUNS))
def run(request: pytest.FixtureRequest) -> RunResult:
    assert isinstance(request.param, results.RunResult)
    return request.param


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema.results_schema())


def test_every_run_fits_the_schema(run: RunResult) -> None:
    assert list(schema.problems(results.to_document(run))) == []


def test_the_schema_knows_the_verdicts_and_no_other() -> None:
    assert set(schema.results_schema()["$defs"]["Verdict"]["enum"]) == {verdict.value for verdict in Verdict}


def test_the_committed_schema_is_that_of_the_types() -> None:
    assert schema.results_schema() == schema.made_schema()


def test_a_run_survives_writing_and_reading(run: RunResult, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results.write(run, path)
    read = results.read(path)
    assert read == run
    assert list(tmp_path.iterdir()) == [path]


def test_complete_stands_last() -> None:
    assert list(results.to_document(samples.healthy()))[-1] == "complete"


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def apply(document: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        place: Any = document
        for key in parents:
            place = place[int(key) if key.isdigit() else key]
        place[last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("surprise", 1),
        ("profile", "thorough"),
        ("seed", "1"),
        ("started", "yesterday"),
        ("finished", ""),
        ("targets.0.kind", ""),
        ("targets.0.verdict", "observed"),
        ("targets.0.requests", -1),
        ("targets.0.requirements.0.verdict", "passed"),
        ("targets.0.requirements.0.level", "may"),
        ("targets.0.requirements.0.checked", 0),
        ("targets.0.requirements.0.statement", {"en": "Only English."}),
        ("targets.0.requirements.1.findings", []),
        ("targets.0.requirements.2.behaviour", None),
        ("targets.0.requirements.3.reason", ""),
        ("targets.0.requirements.1.findings.0.secret", "x"),
    ],
)
def test_the_schema_refuses(path: str, value: object) -> None:
    document = results.to_document(samples.run(samples.one_of_each()))
    change(path, value)(document)
    assert list(schema.problems(document))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be read as a results file"),
        ("[]", "is not a results file"),
        ('{"format": "etalon-results/3"}', "expected format 'etalon-results/2'"),
        ('{"format": "etalon-results/2"}', "`etalon`"),
        ('{"format": "etalon-results/1"}', "`etalon`"),
        ('{"format": "etalon-results/1", "targets": [7, {"requirements": [7]}]}', r"\$\.targets\[0\]"),
    ],
)
def test_reading_something_else_is_refused_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(results.UnreadableResultsError, match=says) as caught:
        results.read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "path", ["targets", "targets.0.requirements", "targets.0.themes", "targets.0.requests"]
)
def test_reading_names_the_member_of_a_wrong_kind(tmp_path: Path, path: str) -> None:
    document = results.to_document(samples.healthy())
    change(path, "nonsense")(document)
    file = tmp_path / "results.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(results.UnreadableResultsError, match=path.rsplit(".", maxsplit=1)[-1]):
        results.read(file)


def test_a_file_of_the_former_format_is_read_and_shown_as_it_came() -> None:
    document = results.to_document(samples.run(samples.one_of_each()))
    document["format"] = results.FORMER
    for name in ("stale-messages",):
        del document[name]
    for target in document["targets"]:
        del target["note-messages"]
        target["notes"] = ["It was slow."]
        for row in target["requirements"]:
            del row["reason-message"]
            for finding in row["findings"]:
                for name in ("kind", "params", "expected-message", "observed-message"):
                    del finding[name]
    document["targets"][0]["requirements"][0] |= {
        "verdict": "inconclusive",
        "reason": "unsteady: seen 1 of 3",
    }
    run = results.from_document(document)
    [target] = run.targets
    assert target.told == (("It was slow.", None),)
    assert [row.unsteady for row in target.requirements][:2] == [True, False]
    [finding] = target.requirements[1].findings
    assert finding.message is None
    assert said(finding.summary, "ru", finding.message) == finding.summary


def test_a_finding_keeps_its_kind_and_parameters_in_the_file() -> None:
    finding = samples.finding(
        Message("step-update-of-task", touched=("title", Message("no-task")), name=1),
        expected_message=MessageRecord("a-refusal"),
    )
    row = samples.requirement(verdict=Verdict.DEVIATES, findings=(finding,))
    document = json.loads(json.dumps(results.to_document(samples.run(samples.target("office", row)))))
    [written] = document["targets"][0]["requirements"][0]["findings"]
    assert written["kind"] == "step-update-of-task"
    assert written["params"] == {"name": 1, "touched": ["title", {"kind": "no-task", "params": {}}]}
    [read] = results.from_document(document).targets[0].requirements[0].findings
    assert read == finding
    assert said(read.summary, "ru", read.message) == "изменить title, нет задачи задачи 1"


def test_what_another_version_adds_does_not_keep_from_reading() -> None:
    document = results.to_document(samples.healthy())
    document["targets"][0]["since"] = "0.9"
    assert results.from_document(document) == samples.healthy()


@pytest.mark.parametrize(
    ("verdicts", "complete", "verdict", "exit_code"),
    [
        ([Verdict.CONFORMS, Verdict.PLANNED], True, Verdict.CONFORMS, 0),
        ([Verdict.CONFORMS, Verdict.OBSERVED, Verdict.NOT_APPLICABLE], True, Verdict.CONFORMS, 0),
        ([Verdict.CONFORMS, Verdict.NOT_TESTABLE], True, Verdict.NOT_TESTABLE, 6),
        ([Verdict.CONFORMS, Verdict.INCONCLUSIVE], True, Verdict.INCONCLUSIVE, 6),
        ([Verdict.DEVIATES, Verdict.INCONCLUSIVE], True, Verdict.DEVIATES, 1),
        ([Verdict.PLANNED], True, Verdict.INCONCLUSIVE, 6),
        ([], True, Verdict.INCONCLUSIVE, 6),
        ([Verdict.CONFORMS], False, Verdict.INCONCLUSIVE, 6),
        ([Verdict.DEVIATES], False, Verdict.DEVIATES, 1),
    ],
)
def test_the_verdict_and_exit_code_of_a_run(
    verdicts: list[Verdict], complete: bool, verdict: Verdict, exit_code: int
) -> None:
    rows = (samples.requirement(f"R7-{number}", found) for number, found in enumerate(verdicts))
    run = samples.run(samples.target("office", *rows), complete=complete)
    assert (run.verdict, run.exit_code) == (verdict, exit_code)


def test_a_run_without_targets_is_inconclusive() -> None:
    assert (samples.run().verdict, samples.run().exit_code) == (Verdict.INCONCLUSIVE, 6)


def test_the_time_of_a_run_is_from_start_to_finish_where_both_are_known() -> None:
    assert samples.healthy().seconds == 41.5
    assert replace(samples.healthy(), finished="").seconds == 12.345
