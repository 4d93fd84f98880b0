"""A file that no reader takes to its end is the user's mistake: one sentence with its name, exit 4."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from etalon.cli import main
from tests.conftest import ROOT
from tests.test_derive import R7_PAGE

if TYPE_CHECKING:
    from pathlib import Path

DEEP, LONG = "[" * 100_000, "9" * 10_000
COMMANDS = [
    ("run r7 --baseline odd.toml", "a = "),
    ("run here --config odd.toml", "a = "),
    ("diff odd.json odd.json", '{"a": '),
    ("report odd.json", '{"a": '),
    ("baseline odd.json -o new.toml", '{"a": '),
    ("derive page.txt --overlay odd.yaml", ""),
    ("derive page.txt --against odd.yaml", ""),
]


@pytest.mark.parametrize(("command", "before"), COMMANDS)
@pytest.mark.parametrize(
    ("odd", "why"), [(DEEP, "it nests too deeply"), (LONG, "a number in it has thousands of digits")]
)
def test_an_odd_file_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    command: str,
    before: str,
    odd: str,
    why: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text(R7_PAGE, encoding="utf-8")
    name = next(word for word in command.split() if word.startswith("odd."))
    (tmp_path / name).write_text(before + odd + ("}" if before.startswith("{") and odd is LONG else ""))
    assert main(command.split()) == 4
    [said] = capsys.readouterr().err.splitlines()
    assert name in said
    assert why in said


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        ["/bin/sh", "-c", f'mkdir gone; cd gone; rmdir ../gone; "{sys.executable}" -m etalon run r7'],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert done.stderr == "etalon: The working folder is no longer there: change to another.\n"
