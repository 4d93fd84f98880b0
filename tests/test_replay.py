"""A finding is proved on tasks of its own, and the proof can be sent again by whoever has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from etalon.cli import main
from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.conftest import CommandLine
    from tests.wrong_portals import Call

    Between = Callable[[Call, Callable[[Call], None]], None]
    Replayed = Callable[[Between], int]

# Vendor → a fault, the row that is proved, and another one that the proof explains.
CASES = {
    "r7": ("update-clears-description", "R7-UPDATE-KEEPS-DESCRIPTION", "R7-PARTIAL-UPDATE"),
    "planfix": ("refused-periodicity-drops-former", "PF-REFUSED-UPDATE-CHANGES-NOTHING", ""),
}
_NO_SECRETS = {"user", "account"}
PROFILES = {"r7": "quick", "planfix": "standard"}


def _log_in(kind: str, credentials: Mapping[str, str]) -> dict[str, str]:
    """The variables by which a replay logs in."""
    vendor = vendor_of(kind)
    return {
        vendor.credentials[key]: credentials[key] for key in vendor.mock_login if key in vendor.credentials
    }


def _portal(kind: str, *faults: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the mock's own type
    return vendor_of(kind).mock().create("documented", faults)


@pytest.fixture(params=CASES, scope="module")
def proved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The results of a run against a portal with one fault."""
    kind, folder = request.param, tmp_path_factory.mktemp("proved")
    with served(_portal(kind, CASES[kind][0])) as url:
        portal = _portal(kind)
        table = [
            "[targets.portal]",
            f'kind = "{kind}"',
            f'url = "{url}"',
            "allow-writes = true",
            "confirm = false",
            *(
                f'{key} = "env:{name}"'
                for key, name in vendor_of(kind).credentials.items()
                if key in vendor_of(kind).mock_login
            ),
            *(
                f'{key} = "{portal.credentials[key]}"'
                for key in vendor_of(kind).mock_login
                if key not in vendor_of(kind).credentials
            ),
        ]
        (folder / "etalon.toml").write_text("\n".join(table), encoding="utf-8")
        subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "etalon", "run", "portal", "--profile", PROFILES[kind], "--no-progress"],
            cwd=folder,
            env={**os.environ, **_log_in(kind, portal.credentials)},
            check=False,
            capture_output=True,
        )
    return kind, folder


def test_a_proof_is_of_few_steps_and_explains_others(proved: tuple[str, Path]) -> None:
    kind, folder = proved
    _, own, explained = CASES[kind]
    text = (folder / "reports/out/results.json").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in json.loads(text)["targets"][0]["requirements"] if row["findings"]}
    proof = rows[own]["findings"][0]["proof"]
    assert (proof["shown"], proof["explained-by"]) == ("again", "")
    assert len(proof["steps"]) <= 6
    assert proof["steps"][0]["makes"] == "TASK_1"
    if explained:
        assert rows[explained]["findings"][0]["proof"]["explained-by"] == own
    known = {key: value for key, value in _portal(kind).credentials.items() if key not in _NO_SECRETS}
    assert not [key for key, value in known.items() if value in text]


@pytest.mark.parametrize(("fault", "code"), [(True, 1), (False, 0)])
def test_a_script_shows_the_defect_where_it_is_and_nowhere_else(
    proved: tuple[str, Path], fault: bool, code: int
) -> None:
    kind, folder = proved
    name, own, _ = CASES[kind]
    assert (
        main(["replay", str(folder / "reports/out"), own, "--format", "sh", "-o", str(folder / "proofs")])
        == 0
    )
    portal = _portal(kind, *([name] if fault else []))
    with served(portal) as url:
        env = {**os.environ, **_log_in(kind, portal.credentials), "ETALON_URL": url}
        done = subprocess.run(  # noqa: S603 - the script is what is tested
            [folder / "proofs" / f"{own}.sh"], env=env, check=False, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (code, "")
        assert "1. create a task" in done.stdout
        assert ("shows: " in done.stdout) is fault


@pytest.mark.parametrize(("fault", "code", "said"), [(True, 1, ": shows\n"), (False, 0, "shows no more")])
def test_a_proof_is_sent_again_to_any_portal(
    proved: tuple[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    fault: bool,
    code: int,
    said: str,
) -> None:
    kind, folder = proved
    name, own, _ = CASES[kind]
    portal = _portal(kind, *([name] if fault else []))
    for variable, value in _log_in(kind, portal.credentials).items():
        monkeypatch.setenv(variable, value)
    with served(portal) as url:
        assert main(["replay", str(folder / "reports/out"), own, "--url", url]) == code
    assert said in capsys.readouterr().out


def test_a_portal_that_is_away_cannot_be_tried(
    proved: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, folder = proved
    assert main(["replay", str(folder / "reports/out"), "--url", "http://127.0.0.1:9"]) == 6
    assert "cannot be tried" in capsys.readouterr().out


@pytest.fixture
def replayed(proved: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Replayed:
    """Sends the proof again to a sound portal, with something between it and us; gives the exit code."""
    kind, folder = proved
    portal = _portal(kind)
    for variable, value in _log_in(kind, portal.credentials).items():
        monkeypatch.setenv(variable, value)

    def send(between: Between) -> int:
        with served(portal) as url:
            sound = passes_on(url)
            with portal_that(lambda call: between(call, sound)) as there:
                config = ["--config", str(tmp_path / "etalon.toml")]
                return main(
                    [
                        "replay",
                        str(folder / "reports/out"),
                        CASES[kind][1],
                        "--url",
                        there.url + urlsplit(url).path,
                        *config,
                    ]
                )

    return send


def _creates(call: Call) -> bool:
    return call.command == "POST" and (call.path.endswith("/crm/task") or b"task.add" in call.body)


def test_what_a_replay_makes_bears_a_mark_of_its_own_and_is_in_a_journal(
    replayed: Replayed, tmp_path: Path
) -> None:
    """Two replays may meet on one portal, and one that is killed has to be cleaned up after."""
    marks: list[str] = []

    def between(call: Call, sound: Callable[[Call], None]) -> None:
        if _creates(call):
            runs = [journal.stem.rpartition("-")[2] for journal in (tmp_path / ".etalon").glob("*.jsonl")]
            marks.extend(run for run in runs if run.encode() in call.body)
        sound(call)

    assert replayed(between) == 0
    first = set(marks)
    assert replayed(between) == 0
    assert (len(first), len(set(marks))) == (1, 2)


def test_a_portal_that_makes_no_task_cannot_be_tried(
    replayed: Replayed,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It has not lost the defect."""

    def between(call: Call, sound: Callable[[Call], None]) -> None:
        if _creates(call):
            call.reply(403, b"{}", Content_Type="application/json")
        else:
            sound(call)

    assert replayed(between) == 6
    assert "cannot be tried" in capsys.readouterr().out


def test_a_portal_whose_reads_fail_in_the_end_cannot_be_tried(
    replayed: Replayed,
    capsys: pytest.CaptureFixture[str],
) -> None:
    updated = False

    def between(call: Call, sound: Callable[[Call], None]) -> None:
        nonlocal updated
        reads = b"task.get<" in call.body or b'"task.get"' in call.body or call.command == "GET"
        if updated and reads:
            call.reply(502, b"{}", Content_Type="application/json")
            return
        updated = updated or call.command == "PUT" or b"task.update" in call.body
        sound(call)

    assert replayed(between) == 6
    assert "cannot be tried" in capsys.readouterr().out


def test_a_portal_of_ours_does_not_stand_in_for_one_of_its_name(
    proved: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, folder = proved
    results = json.loads((folder / "reports/out/results.json").read_text(encoding="utf-8"))
    results["targets"][0] |= {"name": kind, "url": "https://portal.example"}
    (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
    assert main(["replay", str(tmp_path), "--config", str(tmp_path / "etalon.toml")]) == 4
    assert "Name another portal by --url" in capsys.readouterr().err


def test_a_target_of_another_kind_gets_nothing(
    proved: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    kind, folder = proved
    other = next(name for name in CASES if name != kind)
    assert main(["replay", str(folder / "reports/out"), "--target", other]) == 4
    assert f"is not of the kind {kind}" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["postman", "pytest"])
def test_proofs_are_written_for_other_tools(proved: tuple[str, Path], form: str, tmp_path: Path) -> None:
    kind, folder = proved
    own = CASES[kind][1]
    assert main(["replay", str(folder / "reports/out"), own, "--format", form, "-o", str(tmp_path)]) == 0
    [file] = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8")
    if form == "postman":
        assert len(json.loads(text)["item"]) >= 3
    else:
        compile(text, str(file), "exec")


def test_a_requirement_without_a_finding_is_named(
    proved: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    kind, folder = proved
    assert main(["replay", str(folder / "reports/out"), "NO-SUCH-ROW"]) == 4
    assert "NO-SUCH-ROW has no finding there; these have: " in capsys.readouterr().err
    assert CASES[kind][1]


def test_a_sound_run_has_nothing_to_replay(etalon: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    etalon("run", "r7", "--profile", "quick", "--no-progress")
    assert main(["replay", str(etalon.folder / "reports/out")]) == 4
    assert "no finding that was made again" in capsys.readouterr().err
