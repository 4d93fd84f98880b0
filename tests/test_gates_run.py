"""The templates for CI systems, each run by a shell that does what the vendor's runner does."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from etalon.portals.config import Target
from etalon.portals.ledger import FOLDER, open_ledger
from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.conftest import ROOT, target_table, tasks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from etalon.portals.mocking import MockPortal
    from tests.warm import Warm

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")

NOBODY = 'kind = "r7"\nurl = "http://127.0.0.1:9"\ntoken = "a-token-of-a-test"\nallow-writes = true\n'
OFFICE_AND_TRACKER = f"[targets.office]\n{NOBODY}[targets.tracker]\n{NOBODY}"
OLD = "an old report"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Job:
    """What a run of a template came to.

    Attributes:
        shown: what is published as the run's summary, or archived as its report.
        kept: the folders that the next runner finds again.
    """

    code: int
    log: str
    shown: str = ""
    kept: Sequence[str] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)


class Workspace:
    """A checkout, in which Etalon is installed already: what installs it is a program of the same name."""

    def __init__(self, folder: Path, etalon: str) -> None:
        """Take a folder, and the line of a shell by which Etalon carries out its arguments."""
        self.folder = folder
        self._etalon = etalon
        (folder / "etalon.toml").write_text(OFFICE_AND_TRACKER, encoding="utf-8")
        (folder / "etalon-baseline.toml").write_text("", encoding="utf-8")
        self.report = folder / "etalon-report"
        for name in ("bin", "temp"):
            (folder / name).mkdir()
        self.program("bin/python", "exit 0")

    def install(self, where: str) -> Path:
        """Put a pip that notes what it is called with, and Etalon, into a folder."""
        self.program(f"{where}/pip", f'echo "$@" >> "{self.folder}/pip-calls"')
        self.program(f"{where}/etalon", self._etalon)
        return self.folder / where

    def program(self, name: str, does: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        path.chmod(0o755)

    def environment(self, more: Mapping[str, str | None]) -> dict[str, str]:
        env = {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            **more,
        }
        return {name: value for name, value in env.items() if value is not None}

    @property
    def judged(self) -> list[str]:
        """The targets of the run that has just been, or none where there was none."""
        results = self.report / "results.json"
        document = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {"targets": []}
        return [target["name"] for target in document["targets"]]


def shell(
    command: Sequence[str], workspace: Workspace, env: Mapping[str, str | None]
) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - the templates' own scripts
        command,
        cwd=workspace.folder,
        env=workspace.environment(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


class Action:
    """GitHub: the steps of the composite action, each in a bash of its own, inputs put into `env`."""

    document: Mapping[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

    def __init__(self, workspace: Workspace, targets: str | None, **inputs: str) -> None:
        self.workspace = workspace
        given = self.document["inputs"]
        self.known = {f"inputs.{name}": str(one.get("default", "")) for name, one in given.items()}
        self.known |= {f"inputs.{name}": value for name, value in inputs.items()}
        self.known["inputs.targets"] = targets or ""  # a variable that is not set is an empty text there
        self.known |= {"github.run_id": "7", "github.run_attempt": "1"}
        workspace.install("temp/etalon/bin")
        self.code = 0
        self.log = ""

    def started(self, step: Mapping[str, Any]) -> subprocess.Popen[str]:
        script = self.workspace.folder / "temp" / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        temp = self.workspace.folder / "temp"
        env = {name: self.value(text) for name, text in step.get("env", {}).items()}
        runner = {
            "RUNNER_TEMP": str(temp),
            "GITHUB_ACTION_PATH": "./etalon",
            "GITHUB_OUTPUT": str(temp / "outputs"),
            "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        }
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        return shell(bash, self.workspace, env | runner)

    def ended(self, step: Mapping[str, Any], process: subprocess.Popen[str]) -> None:
        out, _ = process.communicate(timeout=120)
        self.log += out
        self.code = self.code or process.returncode
        outputs = self.workspace.folder / "temp" / "outputs"
        for line in outputs.read_text(encoding="utf-8").splitlines() if outputs.exists() else ():
            name, _, value = line.partition("=")
            self.known[f"steps.{step.get('id')}.outputs.{name}"] = value
        outputs.unlink(missing_ok=True)

    def value(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.known.get(found[1], ""), text)

    def holds(self, step: Mapping[str, Any]) -> bool:
        condition = _EXPRESSION.sub(r"\1", step.get("if", ""))
        if not condition:
            return self.code == 0
        parts = condition.split(" && ")
        assert parts[0] == "always()"
        for part in parts[1:]:
            name, wanted, text = re.fullmatch(r"(\S+) (==|!=) '(.*)'", part).groups()  # type: ignore[union-attr]
            if (self.known.get(name, "") == text) != (wanted == "=="):
                return False
        return True

    def run(self) -> Job:
        for step in self.document["runs"]["steps"]:
            if self.holds(step) and "run" in step:
                self.ended(step, self.started(step))
        return self.job()

    def job(self) -> Job:
        steps = self.document["runs"]["steps"]
        saved = [step for step in steps if step.get("uses", "").startswith("actions/cache/save")]
        restored = [step for step in steps if step.get("uses", "").startswith("actions/cache/restore")]
        uploads = [step for step in steps if step.get("uses", "").startswith("actions/upload-artifact")]
        kept = [self.value(step["with"]["path"]) for step in saved if self.holds(step)]
        for one, other in zip(saved, restored, strict=True):
            assert one["with"]["path"] == other["with"]["path"]
            assert one["with"]["key"] == other["with"]["key"]
            assert one["with"]["key"].startswith(other["with"]["restore-keys"])
        summary = self.workspace.folder / "temp" / "summary"
        shown = summary.read_text(encoding="utf-8") if summary.exists() else ""
        for step in uploads:
            if self.holds(step):
                report = self.workspace.folder / self.value(step["with"]["path"])
                shown += "".join(path.read_text(encoding="utf-8") for path in report.glob("*.*"))
        return Job(self.code, self.log, shown, kept, {"exit-code": self.known["steps.run.outputs.exit-code"]})


def archived(workspace: Workspace, patterns: Sequence[str]) -> str:
    files = (path for pattern in patterns for path in workspace.folder.glob(f"{pattern.rstrip('/*')}/*.*"))
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def gitlab(
    workspace: Workspace, targets: str | None, interpreter: str, *, status: str = "", **variables: str
) -> Job:
    """GitLab: all lines of before_script and script in one shell, those of after_script in another."""
    document = yaml.safe_load((ROOT / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))
    job = document[".etalon"]
    here = str(workspace.install("opt/etalon/bin"))
    env = {**job["variables"], "ETALON_TARGETS": targets, **variables}

    def lines(*names: str) -> subprocess.Popen[str]:
        script = "\n".join(line for name in names for line in job[name]).replace("/opt/etalon/bin", here)
        options = "set -eo pipefail; set +o noclobber" if interpreter == "bash" else "set -e"
        command = [interpreter, "-c", f'{options}; : | eval "$ETALON_TEST_SCRIPT"']
        return shell(command, workspace, {**env, "CI_JOB_STATUS": status, "ETALON_TEST_SCRIPT": script})

    if not status:
        main = lines("before_script", "script")
        log, _ = main.communicate(timeout=120)
        status = "success" if main.returncode == 0 else "failed"
    else:
        main, log = None, ""  # it has been cancelled: what comes is after_script
    after = lines("after_script")
    out, _ = after.communicate(timeout=120)
    assert (job["cache"]["when"], job["artifacts"]["when"]) == ("always", "always")
    code = main.returncode if main else after.returncode
    kept = [path for path in job["cache"]["paths"] if path in job["artifacts"]["paths"]]
    return Job(code, log + out, archived(workspace, job["artifacts"]["paths"]), kept)


def jenkins(workspace: Workspace, targets: str | None) -> Job:
    """Jenkins: each `sh` step in a shell with -xe."""
    text = (ROOT / "ci" / "Jenkinsfile").read_text(encoding="utf-8")
    steps = re.findall(r"^\s*(?:sh |script: )'(.*?)'(?: *//.*)?$", text, re.MULTILINE)
    assert len(steps) == 3
    workspace.install(".venv/bin")
    job = Job(0, "")
    for step in steps:
        script = workspace.folder / "temp" / "script.sh"
        script.write_text(step, encoding="utf-8")
        process = shell(["sh", "-xe", str(script)], workspace, {"ETALON_TARGETS": targets})
        out, _ = process.communicate(timeout=120)
        job.log, job.code = job.log + out, process.returncode
        if job.code:
            break
    [patterns] = re.findall(r"archiveArtifacts artifacts: '(.*?)'", text)
    [restored] = re.findall(r"filter: '(.*?)/\*\*'", text)
    assert text.index("post {") < text.index("always {") < text.index("archiveArtifacts")
    assert f"{restored}/**" in patterns.split(", ")
    job.kept = [restored]
    job.shown = archived(workspace, patterns.split(", "))
    return job


def run(system: str, workspace: Workspace, targets: str | None) -> Job:
    match system:
        case "github":
            return Action(workspace, targets).run()
        case "jenkins":
            return jenkins(workspace, targets)
        case _:
            return gitlab(workspace, targets, system.removeprefix("gitlab-"))


SYSTEMS = ("github", "gitlab-bash", "gitlab-sh", "jenkins")


@pytest.fixture
def workspace(tmp_path: Path, warm: Warm) -> Workspace:
    """What is tested is what the templates do with Etalon, not how it starts."""
    return Workspace(tmp_path, warm.program)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_gate_judges_every_target_that_it_is_told(system: str, workspace: Workspace) -> None:
    job = run(system, workspace, "office\n  tracker\t\n")
    assert job.code == 6, job.log
    assert workspace.judged == ["office", "tracker"]
    assert "## Etalon" in job.shown or "Etalon" in job.shown
    assert [path.strip("./") for path in job.kept] == [FOLDER.strip("./")]
    assert (workspace.folder / job.kept[0]).is_dir()
    assert job.outputs.get("exit-code", "6") == "6"
    calls = (workspace.folder / "pip-calls").read_text(encoding="utf-8").split()
    assert calls[:2] == ["install", "--quiet"]
    assert calls[-1] == "./etalon"


@pytest.mark.parametrize(
    ("system", "targets"),
    [
        *((system, targets) for system in SYSTEMS for targets in ("", None, "office --dry-run")),
        *((min(SYSTEMS), targets) for targets in (" \n", "--help", "offise", "*")),
    ],
)
def test_a_gate_that_is_told_nothing_of_use_is_red_and_shows_no_old_report(
    system: str, targets: str | None, workspace: Workspace
) -> None:
    workspace.report.mkdir()
    for name in ("summary.md", "results.json", "junit.xml"):
        (workspace.report / name).write_text(OLD, encoding="utf-8")
    job = run(system, workspace, targets)
    assert job.code == 4, job.log
    assert OLD not in job.shown
    assert "Traceback" not in job.log
    assert len([line for line in job.log.splitlines() if line.startswith("etalon: ")]) == 1


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(("fault", "code"), [([], 0), (["description-not-updated"], 1)])
def test_a_gate_hands_the_verdict_on(system: str, fault: list[str], code: int, workspace: Workspace) -> None:
    portal = vendor_of("r7").mock().create("documented", fault)
    with served(portal) as url:
        table = target_table(portal, url).replace("here", "office")
        (workspace.folder / "etalon.toml").write_text(table, encoding="utf-8")
        job = run(system, workspace, "office")
    assert job.code == code, job.log
    assert workspace.judged == ["office"]


def test_no_input_of_the_action_becomes_a_command(workspace: Workspace) -> None:
    shutil.copy(workspace.folder / "etalon.toml", workspace.folder / "etalon.toml; touch owned")
    trap = "$(touch owned) `touch owned`; touch owned"
    job = Action(workspace, trap, config="etalon.toml; touch owned", lang="en").run()
    assert job.code == 4
    assert not (workspace.folder / "owned").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_cancelled_action_removes_its_tasks_and_keeps_its_journal(
    number: signal.Signals, tmp_path: Path
) -> None:
    """GitHub signals the shell of the step alone."""
    workspace = Workspace(tmp_path, f'exec "{sys.executable}" -m etalon "$@"')
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        table = target_table(portal, url).replace("here", "office") + "requests-per-second = 20\n"
        (workspace.folder / "etalon.toml").write_text(table, encoding="utf-8")
        action = Action(workspace, "office")
        before = tasks_of(portal, url)
        for step in Action.document["runs"]["steps"]:
            if "run" not in step:
                continue
            process = action.started(step)
            if step.get("id") == "run":
                _wait_for_tasks(portal, url, before)
                os.kill(process.pid, number)
            action.ended(step, process)
        job = action.job()
        assert tasks_of(portal, url) == before
    assert job.code == 143, job.log
    assert job.outputs["exit-code"] == "143"
    assert job.kept
    assert "cut off" in job.shown


def test_a_cancelled_job_of_gitlab_cleans_up_afterwards(workspace: Workspace) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        table = target_table(portal, url).replace("here", "office")
        (workspace.folder / "etalon.toml").write_text(f"{table}[targets.tracker]\n{NOBODY}", encoding="utf-8")
        open_ledger(workspace.folder / FOLDER, Target("office", "r7", url)).close()
        job = gitlab(workspace, "tracker\noffice", "sh", status="canceled")
    assert job.code == 0, job.log
    assert "Nothing is left of earlier runs against office" in job.log


def _wait_for_tasks(portal: MockPortal, url: str, before: set[int]) -> None:
    give_up = time.monotonic() + 60
    while len(tasks_of(portal, url) - before) < 2:
        assert time.monotonic() < give_up
        time.sleep(0.05)
