"""A mistake of Etalon itself costs one requirement, a sentence and an exit code, and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from etalon.mistakes import exit_code
from etalon.reporting.results import read
from etalon.reporting.schema import problems
from tests.conftest import ROOT, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import CommandLine

QUICK = ("--profile", "quick", "--no-progress", "--output", "out")

# What is broken on purpose, in the process of the command alone.
BREAKS = {
    "a rule": "import etalon.vendors.r7.judging.laws as m; m.success_has_status_zero = fail",
    "a report": "import etalon.reporting.files as m; m.render_html = fail",
    "a command": "import etalon.commands.requirements as m; m._do = fail",
    "a judge": "import etalon.vendors.r7.judging.recorded as m; m.rules.stores = fail",
}
FAIL = "def fail(*_, **__):\n    raise TypeError('a mistake\\nof two lines')\n"


def broken(etalon: CommandLine, what: str, *arguments: str) -> Outcome:
    code = f"import sys\n{FAIL}{BREAKS[what]}\nfrom etalon.cli import main\nsys.exit(main())"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, *arguments],
        cwd=etalon.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def mistakes_told(outcome: Outcome) -> list[str]:
    return [line for line in outcome.err.splitlines() if "Etalon itself failed" in line]


def test_a_mistake_in_a_check_costs_its_requirement_alone(etalon: CommandLine) -> None:
    outcome = broken(etalon, "a rule", "run", "r7", *QUICK)
    assert outcome.code == 3
    [told] = mistakes_told(outcome)
    assert "TypeError: a mistake of two lines" in told
    assert "please report it" in told
    assert "Traceback" not in outcome.err + outcome.out
    [target] = read(etalon.folder / "out" / "results.json").targets
    failed = [row.id for row in target.requirements if "Etalon itself failed" in row.reason]
    assert failed == ["R7-LAW-STATUS-ZERO"]
    assert sum(row.verdict.value == "conforms" for row in target.requirements) > 90


def test_the_traceback_is_for_those_who_ask(etalon: CommandLine) -> None:
    outcome = broken(etalon, "a rule", "run", "r7", *QUICK, "--select", "R7-LAW-STATUS-ZERO", "--verbose")
    assert outcome.code == 3
    assert "Traceback" in outcome.err
    assert len(mistakes_told(outcome)) == 1


@pytest.mark.parametrize(("judged", "told"), [(0, 3), (6, 3), (1, 1), (4, 4), (130, 130)])
def test_a_deviation_that_stands_outweighs_a_mistake(judged: int, told: int) -> None:
    assert exit_code(judged, any_mistake=True) == told
    assert exit_code(judged, any_mistake=False) == judged


def test_a_mistake_in_a_report_costs_that_report_alone(etalon: CommandLine) -> None:
    outcome = broken(etalon, "a report", "run", "r7", *QUICK, "--select", "R7-UPDATE-STORES-TITLE")
    assert outcome.code == 3
    assert len(mistakes_told(outcome)) == 1
    assert "Traceback" not in outcome.err + outcome.out
    assert read(etalon.folder / "out" / "results.json").complete
    assert "complete" not in (etalon.folder / "out" / "junit.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [["requirements"]])
def test_a_mistake_in_a_command_is_one_sentence(etalon: CommandLine, command: Sequence[str]) -> None:
    outcome = broken(etalon, "a command", *command)
    assert outcome.code == 3
    assert len(outcome.err.splitlines()) == len(mistakes_told(outcome)) == 1


def test_a_mistake_in_judging_a_recording_costs_its_requirements(etalon: CommandLine) -> None:
    assert etalon("run", "r7", *QUICK, "--select", "R7-UPDATE-*-TITLE", "--record", "run.har").code == 0
    outcome = broken(etalon, "a judge", "judge", "run.har", "--output", "judged")
    assert outcome.code in {1, 3}
    assert len(mistakes_told(outcome)) == 1
    assert "Traceback" not in outcome.err
    document = (etalon.folder / "judged" / "results.json").read_text(encoding="utf-8")
    assert "Etalon itself failed" in document
    assert list(problems(json.loads(document))) == []
