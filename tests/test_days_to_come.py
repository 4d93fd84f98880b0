"""A run says the same on any day: nothing that it sends comes near, and nothing else changes by the day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from etalon.generation.calendar import Calendar, today
from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.conftest import ROOT, target_table
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import CommandLine
    from tests.wrong_portals import Call

# The clock of the whole process is set, so the portals live on that day as well, and the guard does. One
# process for all of them keeps the suites loaded: what it remembers of one day must not be sent on another.
PROGRAM = """
import json, sys
from datetime import datetime
import time_machine
from etalon.profiles import DEFAULT_SEED
from etalon.proving.fault_runs import PlannedRun, judged
said = []
for moment in sys.argv[2:]:
    for kind in ("r7", "planfix"):
        with time_machine.travel(datetime.fromisoformat(moment), tick=True):
            assert datetime.now().year == int(moment[:4])
            run = judged(PlannedRun(kind, kind, "documented", (), (), sys.argv[1], DEFAULT_SEED))
        rows = {
            row: (judgement.verdict.value, judgement.behaviour, judgement.reason)
            for row, judgement in run.judgements.items()
        }
        said.append([moment, kind, run.requests, run.notes, rows])
sys.stderr.write(json.dumps(said, default=str))
"""
TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAYS = {
    "quick": [
        datetime(2030, 12, 1, 12, tzinfo=UTC),
        datetime(2032, 12, 31, 23, 59, 59, tzinfo=UTC),  # the year ends while the run goes on
    ],
    "standard": [datetime(2031, 2, 15, 12, tzinfo=UTC)],
}
MOST = {"quick": 60, "standard": 300}


def said_on(profile: str, moments: Sequence[datetime]) -> dict[str, dict[str, list[Any]]]:
    """Portal and moment → all that a run says then, but what it took and where the portal was."""
    done = subprocess.run(  # noqa: S603 - the program is the literal above
        [sys.executable, "-c", PROGRAM, profile, *(moment.isoformat() for moment in moments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    said: dict[str, dict[str, list[Any]]] = {}
    for moment, kind, *rest in json.loads(done.stderr):
        said.setdefault(kind, {})[moment] = rest
    return said


@pytest.mark.parametrize("profile", DAYS)
def test_a_run_says_the_same_on_any_day(profile: str) -> None:
    for on_days in said_on(profile, [TODAY, *DAYS[profile]]).values():
        requests, notes, rows = said_today = on_days.pop(TODAY.isoformat())
        assert requests <= MOST[profile]
        assert notes == []
        assert {verdict for verdict, _, _ in rows.values()} <= {"conforms", "observed", "not-applicable"}
        for moment, said in on_days.items():
            assert said == said_today, moment


# The first day that has another calendar than the day of the test.
LATER = next(
    day
    for years in range(1, 10)
    if Calendar.of(day := date(today().year + years, 1, 2)) != Calendar.of(today())
)
BEGUN_LATER = """
import sys, time_machine
from datetime import datetime
time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=True).start()
from etalon.cli import main
sys.exit(main(sys.argv[2:]))
"""


def test_repetitions_send_the_dates_of_the_run_that_they_repeat(tmp_path: Path) -> None:
    """The run is of another year than its repetitions, whose clock nobody sets."""
    faulty = vendor_of("r7").mock().create("documented", ["description-not-updated"])
    deadlines: list[list[str]] = []
    with served(faulty) as url:
        passed_on = passes_on(url)

        def answer(call: Call) -> None:
            if call.path.endswith("/people/@self"):
                deadlines.append([])
            if call.command == "PUT":
                deadlines[-1].append(str(json.loads(call.body).get("deadline")))
            passed_on(call)

        with portal_that(answer) as portal:
            table = target_table(faulty, portal.url) + "confirm = true\n"
            (tmp_path / "etalon.toml").write_text(table, encoding="utf-8")
            subprocess.run(  # noqa: S603 - the program is the literal above
                [
                    *(sys.executable, "-c", BEGUN_LATER, f"{LATER}T12:00:00+00:00", "run", "here"),
                    *("--select", "R7-UPDATE-STORES-*", "--profile", "quick", "--no-progress", "--no-proof"),
                ],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                timeout=180,
                check=False,
            )
    first, *repeated = deadlines
    assert f"{Calendar.of(LATER).after_32_bits}T12:00:07.0000000Z" in first
    assert repeated == [first]


def test_a_run_can_be_given_the_day_of_an_earlier_one(etalon: CommandLine) -> None:
    sent = []
    for number, given in enumerate((["--day", f"{LATER}"], ["--day", f"{LATER.year}-12-31"], [])):
        har = etalon.folder / f"{number}.har"
        outcome = etalon(
            *("run", "r7", "--select", "R7-UPDATE-STORES-*", "--profile", "quick", "--no-progress"),
            *("--record", str(har), "--output", str(etalon.output), *given),
        )
        assert outcome.code == 0, outcome.err
        entries = json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]
        bodies = (entry["request"].get("postData", {}).get("text", "") for entry in entries)
        sent.append([body for body in bodies if "deadline" in body])
    assert sent[0] == sent[1] != sent[2]
    assert any(f"{Calendar.of(LATER).leap_day}" in body for body in sent[0])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("soon", "argument --day: expected a date like 2027-03-01, found 'soon'"),
        ("2031-02-30", "argument --day: expected a date like 2027-03-01, found '2031-02-30'"),
        (
            "2001-01-01",
            "argument --day: dates that are reckoned from 2001-01-01 would be too near or too far",
        ),
        (
            "9999-01-01",
            "argument --day: dates that are reckoned from 9999-01-01 would be too near or too far",
        ),
    ],
)
def test_a_day_that_no_run_can_reckon_from_is_a_mistake_of_usage(
    etalon: CommandLine, given: str, why: str
) -> None:
    outcome = etalon("run", "r7", "--day", given)
    assert outcome.code == 4
    assert why in outcome.err
    assert "Traceback" not in outcome.err
