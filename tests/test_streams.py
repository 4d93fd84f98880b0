"""A verdict does not depend on whether somebody still reads what is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from etalon.reporting.files import write_all
from tests import reporting_samples as samples
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

RUN = "run r7 --profile quick --select R7-UPDATE-STORES-TITLE"
NEEDS_FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
FULL = "Standard output cannot be written: No space left on device.\n"


def shell(folder: Path, arguments: str, where: str, **env: str) -> tuple[int, str]:
    """The exit code of a command whose streams a shell has led elsewhere, and what was said all the same."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        ["/bin/bash", "-c", f'"{sys.executable}" -m etalon {arguments} {where}; exit ${{PIPESTATUS[0]}}'],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stderr


@NEEDS_FULL
@pytest.mark.parametrize(
    ("where", "unbuffered"),
    [
        ("2>&-", ""),
        ("<&- >&- 2>&-", ""),
        ("2>/dev/full", ""),
        (">/dev/full 2>/dev/full", "1"),
        (">/dev/full", ""),
        ("| true", ""),
    ],
)
def test_a_sound_portal_stays_sound_whoever_reads(tmp_path: Path, where: str, unbuffered: str) -> None:
    code, said = shell(tmp_path, RUN, where, PYTHONUNBUFFERED=unbuffered)
    assert code == 0
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    results = json.loads((tmp_path / "reports/out/results.json").read_text(encoding="utf-8"))
    assert (results["verdict"], results["complete"]) == ("conforms", True)


@NEEDS_FULL
@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize("mistake", ["run typo", "judge none.har", "--typo"])
def test_a_mistake_stays_one_where_nobody_hears_of_it(tmp_path: Path, mistake: str, where: str) -> None:
    assert shell(tmp_path, mistake, where)[0] == 4


@NEEDS_FULL
def test_an_answer_that_is_lost_is_no_success(tmp_path: Path) -> None:
    write_all(samples.healthy(), tmp_path / "old")
    assert shell(tmp_path, "requirements", ">/dev/full") == (4, f"etalon: {FULL}")
    assert shell(tmp_path, "diff old old", ">/dev/full") == (4, f"etalon: {FULL}")
    assert shell(tmp_path, "diff old old -o same.txt", ">/dev/full") == (0, "")
    assert shell(tmp_path, "requirements", "| head -1") == (0, "")  # the reader had enough
    assert shell(tmp_path, "requirements", ">&-") == (0, "")
