"""A run says the same on any day: nothing that it sends comes near, and nothing else changes by the day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

# The clock of the whole process is set, so the portals live on that day as well, and the guard does. One
# process for all of them keeps the suites loaded: what it remembers of one day must not be sent on another.
PROGRAM = """
import json, sys
from datetime import datetime
import time_machine
from etalon.profiles import DEFAULT_SEED
from etalon.proving.trials import Order, judged
said = []
for moment in sys.argv[2:]:
    for kind in ("r7", "planfix"):
        with time_machine.travel(datetime.fromisoformat(moment), tick=True):
            assert datetime.now().year == int(moment[:4])
            run = judged(Order(kind, kind, "documented", (), (), sys.argv[1], DEFAULT_SEED))
        rows = {
            row: (judgement.verdict.value, judgement.behaviour, judgement.reason)
            for row, judgement in run.judgements.items()
        }
        said.append([moment, kind, run.requests, run.notes, rows])
sys.stderr.write(json.dumps(said))
"""
TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAYS = {
    "quick": [
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # clocks go forward in Europe
        datetime(2030, 12, 1, 12, tzinfo=UTC),
        datetime(2032, 12, 31, 23, 59, 59, tzinfo=UTC),  # the year ends while the run goes on
        datetime(2099, 12, 31, 12, tzinfo=UTC),
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
        requests, notes, rows = today = on_days.pop(TODAY.isoformat())
        assert requests <= MOST[profile]
        assert notes == []
        assert {verdict for verdict, _, _ in rows.values()} <= {"conforms", "observed", "not-applicable"}
        for moment, said in on_days.items():
            assert said == today, moment
