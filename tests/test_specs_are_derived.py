"""The committed specs are, byte for byte, what the vendors' pages and the overlays give."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ROOT.parent / "shared" / "vendor-docs"
SPECS = ROOT / "specs"
ENDINGS = {".yaml", ".xsd"}

pytestmark = pytest.mark.skipif(
    not PAGES.is_dir(), reason=f"the vendors' pages are not in the repository, and not in {PAGES} either"
)


def derived(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in ENDINGS and path.stem != "overlay"
    }


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ETALON": f"{sys.executable} -m etalon"}
    return subprocess.run(  # noqa: S603 - our own script and interpreter
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_pages_and_the_overlays_give_the_specs(tmp_path: Path) -> None:
    done = run(str(SPECS / "derive.sh"), str(PAGES), str(tmp_path))
    assert done.returncode == 0, done.stderr
    made, committed = derived(tmp_path), derived(SPECS)
    assert made.keys() == committed.keys()
    for name, text in committed.items():
        assert made[name] == text, f"{name} is not what specs/derive.sh makes of the pages"


def test_no_statement_of_the_three_pages_is_left_open() -> None:
    more = [str(path) for path in (PAGES / "planfix-more").glob("*.md") if "." not in path.stem]
    for pages in (
        [str(PAGES / "r7-crm-task-create.txt"), str(PAGES / "r7-crm-task-update.txt")],
        [str(PAGES / "planfix-task-update.txt"), *more],
    ):
        told = run(sys.executable, "-m", "etalon", "derive", *pages, "--report").stdout
        summaries = [line for line in told.splitlines() if line.startswith(("r7-crm-", "planfix-"))]
        assert summaries
        assert all(line.endswith(" 0 left open") for line in summaries), summaries


@pytest.mark.parametrize(
    ("page", "spec"),
    [
        ("r7-crm-task-create.txt", "r7/openapi.yaml"),
        ("r7-crm-task-update.txt", "r7/openapi.yaml"),
        ("planfix-task-update.txt", "planfix/task.update.request.xsd"),
        ("planfix-task-update.txt", "planfix/task.update.ok.xsd"),
        ("planfix-task-update.txt", "planfix/task.update.error.xsd"),
    ],
)
def test_a_page_that_has_not_changed_shows_no_drift(page: str, spec: str) -> None:
    done = run(sys.executable, "-m", "etalon", "derive", str(PAGES / page), "--against", str(SPECS / spec))
    assert (done.returncode, done.stdout) == (0, "Nothing changed.\n"), done.stderr


def test_the_current_page_of_task_update_shows_what_came_to_it() -> None:
    page = PAGES / "planfix-more" / "task.update.md"
    committed = SPECS / "planfix" / "task.update.request.xsd"
    done = run(sys.executable, "-m", "etalon", "derive", str(page), "--against", str(committed))
    assert done.returncode == 1
    told = done.stdout.splitlines()
    assert "request/task/customData: added (optional)" in told
    assert "request/silent: removed" not in told  # the later page has it, and the overlay knows it already
