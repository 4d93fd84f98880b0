"""Nothing that Etalon has not written is overwritten or removed, and no two commands share a folder."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from etalon.reporting import results
from etalon.reporting.files import write_all, write_text
from etalon.reporting.folder import (
    MARKER,
    BusyOutputError,
    ForeignOutputError,
    claimed,
    emptied_of_allure,
    refuse_foreign,
)
from tests import reporting_samples as samples
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.conftest import CommandLine, Outcome

USAGE = 4
UUID = "01fc51af-53c6-4223-9c5a-7f7095046b1f"
FEW = ("r7", "--profile", "quick", "--select", "R7-UPDATE-STORES-TITLE", "--no-progress")


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder, its links as links."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def sentence(outcome: Outcome) -> str:
    assert outcome.code == USAGE, outcome
    [said] = outcome.err.splitlines()
    return said


def reported(folder: Path) -> Path:
    write_all(samples.healthy(), folder)
    return folder


def _file(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    return path


FOREIGN: dict[str, Callable[[Path], object]] = {
    "a page": lambda folder: (folder / "index.html").write_text("<h1>Ours</h1>"),
    "Allure results of others": lambda folder: _file(folder / "allure-results" / f"{UUID}-result.json"),
    "a config": lambda folder: (folder / "etalon.toml").write_text("[targets]"),
    "a checkout": lambda folder: (folder / ".git").mkdir(),
    "another's results.json": lambda folder: (folder / "results.json").write_text('{"format": "other"}'),
    "a link to a page": lambda folder: (folder / "index.html").symlink_to("/etc/hostname"),
    "a dangling link": lambda folder: (folder / "index.html").symlink_to("nowhere"),
    "a marker that is a link": lambda folder: (folder / MARKER).symlink_to("/etc/hostname"),
    "reports with a page beside": lambda folder: (
        reported(folder),
        (folder / "notes.txt").write_text("Ours"),
    ),
    "reports with others' Allure results": lambda folder: (
        reported(folder),
        _file(folder / "allure-results" / "history" / "trend.json"),
    ),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_folder_with_what_is_not_etalons_is_refused(tmp_path: Path, what: str) -> None:
    FOREIGN[what](tmp_path)
    before = contents(tmp_path)
    with (
        pytest.raises(ForeignOutputError, match=r"give a new or an empty folder with --output\.$"),
        claimed(tmp_path),
    ):
        pass
    assert contents(tmp_path) == before


NOT_FOREIGN: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "what keeps it in git": lambda folder: [
        (folder / name).write_text("") for name in (".gitkeep", ".gitignore")
    ],
    "what a file system puts there": lambda folder: (folder / "lost+found").mkdir(),
    "reports of before the marker": lambda folder: (
        reported(folder),
        _file(folder / "allure-results" / f"{UUID}-result.json"),
    ),
    "results alone": lambda folder: results.write(samples.healthy(), folder / "results.json"),
    "a run that was refused": lambda folder: (folder / "allure-results").mkdir(),
    "a kill matrix": lambda folder: shutil.copy(ROOT / "reports" / "kill-matrix.json", folder),
    "what people put beside marked reports": lambda folder: (
        (folder / MARKER).write_text(""),
        (folder / "notes.txt").write_text("Ours"),
    ),
}


@pytest.mark.parametrize("what", NOT_FOREIGN)
def test_a_folder_of_etalons_own_is_taken_again_and_again(tmp_path: Path, what: str) -> None:
    NOT_FOREIGN[what](tmp_path)
    kept = {name: content for name, content in contents(tmp_path).items() if name.startswith((".git", "n"))}
    for _ in range(2):
        with claimed(tmp_path):
            write_all(samples.hostile(), tmp_path)
            emptied_of_allure(tmp_path)
    assert kept.items() <= contents(tmp_path).items()
    assert results.read(tmp_path / "results.json").targets


def test_a_folder_that_a_link_leads_to_is_judged_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    with claimed(tmp_path / "link"):
        pass
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "index.html").touch()
    (tmp_path / "other").symlink_to("theirs")
    with pytest.raises(ForeignOutputError):
        refuse_foreign(tmp_path / "other")


def test_looking_changes_nothing(tmp_path: Path) -> None:
    refuse_foreign(tmp_path / "out")
    assert contents(tmp_path) == {}


def test_only_allures_files_go_and_none_that_a_link_leads_to(tmp_path: Path) -> None:
    output = tmp_path / "out"
    (output / "allure-results").mkdir(parents=True)
    for name in (f"{UUID}-result.json", f"{UUID}-attachment.txt", "environment.properties"):
        (output / "allure-results" / name).touch()
    emptied_of_allure(output)
    assert contents(output) == {"allure-results": None, "allure-results/environment.properties": b""}
    (output / "allure-results").rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / f"{UUID}-result.json").touch()
    (output / "allure-results").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ForeignOutputError):
        emptied_of_allure(output)
    assert (tmp_path / "elsewhere" / f"{UUID}-result.json").exists()


def test_one_command_a_folder_at_a_time(tmp_path: Path) -> None:
    with claimed(tmp_path):
        with (
            pytest.raises(BusyOutputError, match=rf"process {os.getpid()} on .+ since 2") as caught,
            claimed(tmp_path),
        ):
            pass
        assert "\n" not in str(caught.value)
    with claimed(tmp_path):
        pass


def test_a_run_that_was_killed_blocks_nobody(tmp_path: Path) -> None:
    code = (
        "import pathlib, time; from etalon.reporting.folder import claimed\n"
        "with claimed(pathlib.Path('.')): print('claimed', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(BusyOutputError, match=f"process {other.pid} "), claimed(tmp_path):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with claimed(tmp_path):
        pass


@pytest.mark.parametrize(
    "command",
    [
        ["run", *FEW, "--output"],
        ["report", "old/results.json", "--output"],
        ["judge", "planfix-reject.har", "--output"],
        ["faults", "r7", "--fault", "title-not-updated", "--output"],
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("where", [".", "theirs"])
def test_every_command_leaves_the_folders_of_others_alone(
    etalon: CommandLine, command: Sequence[str], where: str
) -> None:
    write_all(samples.healthy(), etalon.folder / "old")
    _file(etalon.folder / "theirs" / "allure-results" / f"{UUID}-result.json")
    (etalon.folder / "theirs" / "index.html").write_text("Ours")
    before = contents(etalon.folder)
    assert "holds what Etalon has not written" in sentence(etalon(*command, where))
    assert contents(etalon.folder) == before


@pytest.mark.parametrize("where", ["..", "/", "~"])
def test_no_folder_is_too_near_or_too_high(etalon: CommandLine, where: str) -> None:
    _file(etalon.folder / "home" / "theirs")
    (etalon.folder / "home" / "project").mkdir()
    etalon.folder = etalon.folder / "home" / "project"
    output = str(etalon.folder.parent) if where == "~" else where
    assert "holds what Etalon has not written" in sentence(etalon("run", *FEW, "--output", output))


@pytest.mark.parametrize(
    "mistake",
    [
        ["typo"],
        ["r7", "--baseline", "none.toml"],
        ["r7", "--config", "none.toml"],
        ["r7", "--select", "nothing"],
        ["r7", "--record", "theirs.har"],
        ["r7", "--record", "."],
    ],
)
def test_a_mistake_elsewhere_leaves_the_folder_as_it_is(etalon: CommandLine, mistake: Sequence[str]) -> None:
    (etalon.folder / "theirs.har").write_text('{"log": {"creator": {"name": "Firefox"}, "entries": []}}')
    write_all(samples.healthy(), etalon.output)
    _file(etalon.output / "allure-results" / f"{UUID}-result.json")
    before = contents(etalon.folder)
    sentence(etalon("run", *mistake, "--output", str(etalon.output)))
    assert contents(etalon.folder) == before


def test_a_mistake_elsewhere_makes_no_folder(etalon: CommandLine) -> None:
    sentence(etalon("run", "typo", "--output", "deep/out"))
    assert contents(etalon.folder) == {}


def test_two_runs_never_mix(etalon: CommandLine) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "etalon", "run", "r7", "--output", "out", "--no-progress"],
        cwd=etalon.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as first:
        while not (etalon.output / "results.json").exists():
            assert first.poll() is None
            time.sleep(0.05)
        said = sentence(etalon("run", *FEW, "--output", "out"))
        assert f"process {first.pid} on " in said
        assert first.wait(60) == 0
    assert len(results.read(etalon.output / "results.json").targets[0].requirements) > 100
    assert etalon("run", *FEW, "--output", "out").code == 0


def test_the_folder_of_a_run_is_its_own_the_next_time(etalon: CommandLine) -> None:
    for _ in range(2):
        assert etalon("run", *FEW).code == 0
    folder = etalon.folder / "reports" / "out"
    assert (folder / MARKER).is_file()
    once = len(list((folder / "allure-results").iterdir()))
    assert etalon("run", *FEW).code == 0
    assert len(list((folder / "allure-results").iterdir())) == once


def test_a_recording_is_written_over_a_recording_of_ones_own(etalon: CommandLine) -> None:
    for _ in range(2):
        assert etalon("run", *FEW, "--record", "run.har").code == 0
    (etalon.folder / "run.har").write_text("{}")
    assert "Etalon has not written it" in sentence(etalon("run", *FEW, "--record", "run.har"))


@pytest.mark.parametrize("form", ["table", "json", "markdown", "html"])
def test_a_comparison_is_written_over_a_comparison_alone(etalon: CommandLine, form: str) -> None:
    write_all(samples.healthy(), etalon.folder / "old")
    write_all(samples.hostile(), etalon.folder / "new")
    command = ["diff", "old", "new", "--format", form, "-o", "difference"]
    assert {etalon(*command).code for _ in range(2)} <= {0, 1, 6}
    (etalon.folder / "difference").write_text("theirs")
    assert "Etalon has not written it" in sentence(etalon(*command))
    assert (etalon.folder / "difference").read_text() == "theirs"


def test_a_baseline_is_written_over_a_baseline_alone(etalon: CommandLine) -> None:
    write_all(samples.healthy(), etalon.folder / "old")
    (etalon.folder / "pyproject.toml").write_text('[project]\nname = "theirs"\n')
    sentence(etalon("baseline", "old", "-o", "pyproject.toml"))
    assert (etalon.folder / "pyproject.toml").read_text() == '[project]\nname = "theirs"\n'


def test_a_disk_that_is_full_is_said_in_one_sentence(etalon: CommandLine) -> None:
    def limited() -> None:
        """No file may be larger than what the journal and the marker take: the reports are."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "etalon", "run", *FEW, "--output", "out"],
        cwd=etalon.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=limited,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == USAGE
    assert done.stderr == "etalon: The output folder out cannot be written: File too large.\n"
    assert not list(etalon.output.rglob("*.part"))


def test_what_lies_beside_a_file_is_not_taken_for_its_draft(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("theirs")
    (tmp_path / "page.html.part").symlink_to(precious)
    (tmp_path / "run.har.part").write_text("half a download")
    for name in ("page.html", "run.har"):
        write_text(tmp_path / name, "ours")
        assert (tmp_path / name).read_text() == "ours"
    assert precious.read_text() == "theirs"
    assert (tmp_path / "page.html.part").is_symlink()
    assert (tmp_path / "run.har.part").read_text() == "half a download"
    assert len(list(tmp_path.iterdir())) == 5


def test_a_draft_has_the_mode_of_any_new_file_and_goes_when_it_fails(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "page.html", "ours")
    finally:
        os.umask(before)
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o640
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        results.replace_text(tmp_path / "folder", "ours")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "page.html"]


@pytest.mark.parametrize(
    ("form", "theirs"),
    [
        ("table", "Etalon: how our team uses it\n"),
        ("markdown", "## Etalon: how our team uses it\n"),
        ("markdown", "What the marker etalon-diff/1 means\n"),
        ("html", '<!doctype html>\n<title data-en="Our notes · Etalon">Our notes</title>\n'),
    ],
)
def test_what_speaks_of_etalon_is_no_comparison_of_its_own(
    etalon: CommandLine, form: str, theirs: str
) -> None:
    write_all(samples.healthy(), etalon.folder / "old")
    (etalon.folder / "notes").write_text(theirs, encoding="utf-8")
    said = sentence(etalon("diff", "old", "old", "--format", form, "-o", "notes"))
    assert "Etalon has not written it" in said
    assert (etalon.folder / "notes").read_text(encoding="utf-8") == theirs
