from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "vendor-regression.md"
TRANSITION = re.compile(r"^ +(\S+/\S+)  (.+ → .+)$", re.MULTILINE)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
def test_the_recipe_works_word_for_word(tmp_path: Path) -> None:
    recipe, promised = re.findall(r"```(?:sh)?\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[:2]
    etalon = tmp_path / "bin" / "etalon"
    etalon.parent.mkdir()
    etalon.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m etalon "$@"\n')
    etalon.chmod(0o755)
    folder = tmp_path / "empty"
    folder.mkdir()
    env = {
        **os.environ,
        "PATH": f"{etalon.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "120",
        "NO_COLOR": "1",
    }
    done = subprocess.run(  # noqa: S603 - the recipe of our own page
        ["bash", "-c", recipe],  # noqa: S607 - a user's shell
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    compared = done.stdout[done.stdout.index("Regressed:") :]
    assert TRANSITION.findall(compared) == TRANSITION.findall(promised)
    assert len(TRANSITION.findall(compared)) == 3
    assert done.returncode == 1
