"""The kill matrix: what counts as found, what is lost from one release to the next, and `etalon faults`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etalon.proving import bindings
from etalon.proving.bindings import Binding, BindingError, binding, bound
from etalon.proving.matrix import Fate, FaultRun, KillMatrix, MatrixError, lost, read_matrix
from etalon.proving.pages import render
from etalon.proving.planning import masked, pairs, singles
from etalon.shipped import contract
from etalon.vendors import kinds, vendor_of
from tests.conftest import ROOT

if TYPE_CHECKING:
    from tests.conftest import CommandLine

A, B, C = "PF-UPDATE-STORES-TITLE", "PF-UPDATE-KEEPS-TITLE", "PF-WORKERS-ADD-USERS"


def fault_run(fault: str, bound_to: str = A, red: tuple[str, ...] = (A,), judged: int = 9) -> FaultRun:
    return FaultRun("planfix", "documented", fault, (bound_to,), red, judged, 90, 12 if red else None)


def matrix(*runs: FaultRun) -> KillMatrix:
    return KillMatrix("1.0", "standard", 1, runs)


@pytest.mark.parametrize(
    ("run", "fate"),
    [
        (fault_run("x"), Fate.KILLED),
        (fault_run("x", red=(B, A)), Fate.KILLED),
        (fault_run("x", red=()), Fate.SURVIVED),
        (fault_run("x", red=(B,)), Fate.SURVIVED),
        (fault_run("x", red=(), judged=0), Fate.VOID),
    ],
)
def test_only_a_requirement_that_the_fault_breaks_kills_it(run: FaultRun, fate: Fate) -> None:
    assert run.fate is fate


def test_the_first_red_counts_for_killed_faults_alone() -> None:
    killed = replace(fault_run("x"), first_red=10)
    late = replace(fault_run("y"), first_red=20)
    assert matrix(killed, late, replace(fault_run("z", red=(B,)), first_red=1)).median_first_red == 15
    assert matrix(fault_run("z", red=())).median_first_red is None


def test_a_matrix_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = matrix(fault_run("x"), fault_run("y", red=()))
    path = tmp_path / "kill-matrix.json"
    path.write_text(made.to_json(), encoding="utf-8")
    assert read_matrix(path) == made


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"trials": [{"fault": 1}]}'])
def test_what_is_no_matrix_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kill-matrix.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MatrixError, match="no kill matrix"):
        read_matrix(path)


def test_a_fault_that_is_no_longer_found_is_lost() -> None:
    [fault, requirement] = lost(matrix(fault_run("x")), matrix(fault_run("x", red=())))
    assert fault == f"planfix: the fault x is survived now; {A} found it."
    assert requirement == f"{A} finds no fault any more; it found x."


def test_a_requirement_that_finds_nothing_any_more_is_lost_though_another_finds_the_fault() -> None:
    before = matrix(replace(fault_run("x"), bound=(A, B), red=(A, B)))
    now = matrix(replace(fault_run("x"), bound=(A, B), red=(B,)))
    assert lost(before, now) == [f"{A} finds no fault any more; it found x."]


@pytest.mark.parametrize(
    "now",
    [
        matrix(fault_run("x")),
        matrix(),
        matrix(fault_run("x"), fault_run("new", red=())),
        matrix(replace(fault_run("x"), bound=(B,), red=(B,))),
    ],
    ids=["same", "fault gone", "new survivor", "requirement gone"],
)
def test_what_was_not_tried_or_exists_no_more_is_not_lost(now: KillMatrix) -> None:
    assert lost(matrix(fault_run("x")), now) == []


def test_a_hidden_fault_shows() -> None:
    alone = matrix(fault_run("x"), fault_run("y", C, (C,)))
    [plan] = pairs(alone, 5)
    assert plan.faults == ("x", "y")
    pair = replace(fault_run("x+y"), bound=())
    assert masked(alone, replace(pair, red=(A, C))) == []
    assert masked(alone, replace(pair, red=(A,))) == ["y"]
    assert masked(alone, replace(pair, red=(), judged=0)) == []


@pytest.mark.parametrize("kind", kinds())
def test_every_fault_is_bound_to_requirements_that_exist(kind: str) -> None:
    [known] = [one for one in kinds() if one == kind]
    ids = {row.id for row in contract(known).requirements}
    for fault in vendor_of(known).mock().faults:
        assert set(bound(known, fault)) <= ids
    assert len(singles([known], "quick", 1)) == len(vendor_of(known).mock().faults)


def bind(monkeypatch: pytest.MonkeyPatch, row: object) -> Binding:
    monkeypatch.setattr(bindings, "_bindings", lambda: {"planfix": {"x": row}})
    return binding("planfix", "x")


def test_a_pattern_takes_ids_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = bind(monkeypatch, ["PF-UPDATE-STORES-*", "!PF-UPDATE-STORES-TITLE"]).breaks
    assert "PF-UPDATE-STORES-STATUS" in found
    assert A not in found


def test_a_glob_chooses_no_row_on_which_the_page_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "PF-CODE-SESSION" not in bind(monkeypatch, ["PF-*"]).breaks
    assert bind(monkeypatch, ["PF-CODE-SESSION"]).breaks == ("PF-CODE-SESSION",)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (None, "binds the fault x of planfix to no requirement"),
        (["PF-GONE"], "PF-GONE is no requirement"),
        ([A, "!PF-GONE-*"], "!PF-GONE-\\* is no requirement"),
        ({"breaks": ["PF-OWN-PARENT"], "pinned": {"own-parent": "maybe"}}, "own-parent = 'maybe' is no pin"),
    ],
)
def test_a_binding_to_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, row: object, says: str) -> None:
    with pytest.raises(BindingError, match=says):
        bind(monkeypatch, row)


def test_a_fault_that_the_page_leaves_open_is_found_by_a_pin(etalon: CommandLine, tmp_path: Path) -> None:
    fault = "own-parent-accepted"
    outcome = etalon(
        "faults", "planfix", "--fault", fault, "--workers", "1", "--output", str(tmp_path / "out")
    )
    assert outcome.code == 0, outcome.err
    [made] = read_matrix(tmp_path / "out" / "kill-matrix.json").runs
    assert made.pinned == {"own-parent": "refused"}
    assert made.killed_by == ("PF-OWN-PARENT",)
    assert "own-parent = refused" in (tmp_path / "out" / "kill-matrix.md").read_text(encoding="utf-8")


def test_pages_escape_what_they_show() -> None:
    page = render(matrix(fault_run("x", red=("<script>",))), "html", masked=["<b>"])
    assert "<script>" not in page
    assert "<b></li>" not in page.replace("&lt;b&gt;", "")
    assert "&lt;script&gt;" in page


def test_faults_on_the_command_line(etalon: CommandLine, tmp_path: Path) -> None:
    arguments = (
        "faults",
        "planfix",
        "--profile",
        "quick",
        "--fault",
        "emoji-lost",
        "--fault",
        "unset-ignored",
        "--workers",
        "1",
    )
    outcome = etalon(*arguments, "--output", str(tmp_path / "out"))
    assert outcome.code == 0, outcome.err
    made = read_matrix(tmp_path / "out" / "kill-matrix.json")
    assert [run.fault for run in made.runs] == ["emoji-lost", "unset-ignored"]
    assert {one.fate for one in made.runs} == {Fate.KILLED}
    for name in ("kill-matrix.html", "kill-matrix.md"):
        assert "unset-ignored" in (tmp_path / "out" / name).read_text(encoding="utf-8")
    earlier = tmp_path / "earlier.json"
    earlier.write_text(
        replace(made, runs=(replace(made.runs[0], red=("PF-GONE",), bound=("PF-GONE",)),)).to_json(),
        encoding="utf-8",
    )
    assert etalon(*arguments, "--against", str(earlier)).code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--fault", "nope"), "nope is no fault of"),
        (("gitlab",), "'gitlab' is none of: r7, planfix"),
        (("--against", "nothing.json"), "nothing.json: cannot be read"),
    ],
)
def test_mistakes_on_the_command_line(etalon: CommandLine, arguments: tuple[str, ...], says: str) -> None:
    outcome = etalon("faults", *arguments)
    assert outcome.code == 4
    assert says in outcome.err


def test_a_terminated_proof_leaves_no_worker_behind() -> None:
    command = [sys.executable, "-m", "etalon", "faults", "planfix", "--profile", "quick", "--workers", "2"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and command
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as proof:
        children = Path(f"/proc/{proof.pid}/task/{proof.pid}/children")
        for _ in range(600):
            if children.read_text(encoding="ascii"):
                break
            time.sleep(0.1)
        proof.terminate()
        assert proof.wait(60) == 143  # as README says of SIGTERM
    for _ in range(300):
        try:
            os.killpg(proof.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a process of the group is still there")
