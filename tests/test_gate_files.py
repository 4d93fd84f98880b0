from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from etalon.cli import main

ROOT = Path(__file__).parent.parent
FILES = {
    "action.yml": ["--builtin-schema", "vendor.github-actions"],
    "ci/github-workflow.yml": ["--builtin-schema", "vendor.github-workflows"],
    "ci/gitlab-ci.yml": ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}
SHELLS = ("action.yml", "ci/gitlab-ci.yml", "ci/Jenkinsfile")


def parsed(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("name", FILES)
def test_the_vendors_own_schema_accepts_the_file(name: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", *FILES[name], str(ROOT / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own interpreter, and our own files
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SHELLS)
def test_the_options_that_a_file_gives_are_those_of_run(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    known = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    text = (ROOT / name).read_text(encoding="utf-8")
    used = set(re.findall(r"(?<![\w-])--(?:config|profile|lang|output|baseline|select|seed)\b", text))
    assert {"--profile", "--output", "--baseline"} <= used <= known


def scripts() -> list[str]:
    action = [step["run"] for step in parsed("action.yml")["runs"]["steps"] if "run" in step]
    job = parsed("ci/gitlab-ci.yml")[".etalon"]
    return [*action, "\n".join([*job["before_script"], *job["script"]]), "\n".join(job["after_script"])]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")
@pytest.mark.parametrize("script", scripts())
def test_the_shell_reads_the_scripts(script: str) -> None:
    done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)  # noqa: S607 - bash only parses
    assert done.returncode == 0, done.stderr


def test_no_gate_takes_etalon_from_an_index_where_the_name_is_a_strangers() -> None:
    gates = ["action.yml", "Dockerfile", *(f"ci/{path.name}" for path in (ROOT / "ci").iterdir())]
    for name in gates:
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if "pip install" in line:
                assert "--constraint" in line, name
                assert re.search(r""" ("\$\w+"|\./etalon|\.)'?$""", line), name


def test_no_input_becomes_a_part_of_a_script() -> None:
    for step in parsed("action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
