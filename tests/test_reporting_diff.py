from __future__ import annotations

import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from etalon.judging.verdicts import Verdict
from etalon.reporting.diff import ChangeKind, Difference, classify, compare
from etalon.reporting.diff_output import diff_document, print_diff
from etalon.reporting.html import render_diff
from tests.reporting_samples import one_of_each, requirement, run, target

V = Verdict
ROW = "R7-ONE"


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (V.CONFORMS, V.CONFORMS, None),
        (V.DEVIATES, V.DEVIATES, None),
        (V.CONFORMS, V.DEVIATES, ChangeKind.REGRESSED),
        (V.INCONCLUSIVE, V.DEVIATES, ChangeKind.REGRESSED),
        (V.NOT_TESTABLE, V.DEVIATES, ChangeKind.REGRESSED),
        (V.NOT_APPLICABLE, V.DEVIATES, ChangeKind.REGRESSED),
        (V.PLANNED, V.DEVIATES, ChangeKind.NEWLY_TESTABLE),
        (V.DEVIATES, V.CONFORMS, ChangeKind.FIXED),
        (V.DEVIATES, V.INCONCLUSIVE, ChangeKind.NO_LONGER_TESTABLE),
        (V.DEVIATES, V.NOT_APPLICABLE, ChangeKind.NO_LONGER_TESTABLE),
        (V.CONFORMS, V.NOT_TESTABLE, ChangeKind.NO_LONGER_TESTABLE),
        (V.OBSERVED, V.INCONCLUSIVE, ChangeKind.NO_LONGER_TESTABLE),
        (V.NOT_TESTABLE, V.CONFORMS, ChangeKind.NEWLY_TESTABLE),
        (V.PLANNED, V.OBSERVED, ChangeKind.NEWLY_TESTABLE),
        (V.INCONCLUSIVE, V.NOT_TESTABLE, None),
        (V.PLANNED, V.INCONCLUSIVE, None),
    ],
)
def test_what_became_of_a_requirement(old: Verdict, new: Verdict, kind: ChangeKind | None) -> None:
    assert classify(requirement(ROW, old), requirement(ROW, new)) is kind


def test_another_behaviour_is_a_change_whatever_the_verdict() -> None:
    merges = requirement(ROW, V.OBSERVED, behaviour="merge")
    replaces = requirement(ROW, V.OBSERVED, behaviour="replace")
    assert classify(merges, replaces) is ChangeKind.BEHAVIOUR_CHANGED
    pinned = requirement(ROW, V.DEVIATES, behaviour="replace", expected="merge")
    assert classify(replace(merges, verdict=V.CONFORMS, expected="merge"), pinned) is ChangeKind.REGRESSED
    assert classify(pinned, replace(pinned, behaviour="reject")) is ChangeKind.BEHAVIOUR_CHANGED


def test_the_same_behaviour_under_a_new_expectation_is_not_the_portals_doing() -> None:
    merges = requirement(ROW, V.OBSERVED, behaviour="merge")
    assert (
        classify(merges, replace(merges, expected="merge", verdict=V.CONFORMS))
        is ChangeKind.EXPECTATION_CHANGED
    )
    assert (
        classify(merges, replace(merges, expected="replace", verdict=V.DEVIATES))
        is ChangeKind.EXPECTATION_CHANGED
    )


def test_a_removed_requirement_is_no_regression_and_a_new_one_no_fix() -> None:
    diff = compare(run(target("office", requirement("R7-OLD"))), run(target("office", requirement("R7-NEW"))))
    assert [(entry.id, entry.kind) for entry in diff.changes] == [
        ("R7-NEW", ChangeKind.APPEARED),
        ("R7-OLD", ChangeKind.DISAPPEARED),
    ]
    assert diff.exit_code == 0


def test_what_a_run_that_was_cut_off_did_not_reach_has_not_disappeared() -> None:
    old = run(target("office", requirement("R7-OLD"), requirement("R7-LATER", V.PLANNED)))
    diff = compare(old, run(target("office"), complete=False))
    assert [(entry.id, entry.kind) for entry in diff.changes] == [("R7-OLD", ChangeKind.NO_LONGER_TESTABLE)]
    assert diff.differences == (Difference("complete", "yes", "no"),)


def test_in_what_the_runs_themselves_differ_is_said() -> None:
    old = run(target("office"), target("gone"))
    new = run(
        target("office", dialect="communityserver"), target("came"), seed=2, profile="deep", etalon="0.2.0"
    )
    assert compare(old, new).differences == (
        Difference("etalon", "0.1.0", "0.2.0"),
        Difference("profile", "standard", "deep"),
        Difference("seed", "1", "2"),
        Difference("dialect", "documented", "communityserver", "office"),
        Difference("target", "gone", "", "gone"),
        Difference("target", "", "came", "came"),
    )


@pytest.mark.parametrize(
    ("old", "new", "exit_code"),
    [
        (requirement(ROW), requirement(ROW, V.DEVIATES), 1),
        (requirement(ROW, V.OBSERVED), requirement(ROW, V.OBSERVED, behaviour="replace"), 1),
        (requirement(ROW, V.DEVIATES), requirement(ROW), 0),
        (requirement(ROW), requirement(ROW, V.INCONCLUSIVE), 0),
        (requirement(ROW), requirement(ROW), 0),
    ],
)
def test_only_a_regression_or_another_behaviour_fails(old: object, new: object, exit_code: int) -> None:
    assert compare(run(target("office", old)), run(target("office", new))).exit_code == exit_code  # type: ignore[arg-type]  # rows


def test_two_faults_and_a_changed_behaviour_are_three_lines_gravest_first() -> None:
    rows = [requirement(f"R7-{number}") for number in range(5)]
    seen = requirement("R7-SEEN", V.OBSERVED)
    old = run(target("office", *rows, seen))
    broken = (requirement("R7-1", V.DEVIATES), requirement("R7-3", V.DEVIATES))
    rows[1], rows[3] = broken
    diff = compare(old, run(target("office", replace(seen, behaviour="replace"), *rows)))
    assert [(entry.id, entry.kind.value) for entry in diff.changes] == [
        ("R7-1", "regressed"),
        ("R7-3", "regressed"),
        ("R7-SEEN", "behaviour-changed"),
    ]
    file = io.StringIO()
    print_diff(diff, Console(file=file, width=80))
    lines = [line.strip() for line in file.getvalue().splitlines() if "→" in line and "/" in line]
    assert lines == [
        "office/R7-1  conforms → deviates",
        "office/R7-3  conforms → deviates",
        "office/R7-SEEN  observed (merge) → observed (replace)",
    ]


def test_runs_without_a_portal_in_common_are_not_said_to_be_alike() -> None:
    file = io.StringIO()
    diff = compare(run(target("office", requirement())), run(target("tracker", requirement())))
    print_diff(diff, Console(file=file, width=80), "en")
    assert diff.exit_code == 6
    assert "No portal is in both runs, so nothing was compared." in file.getvalue()
    assert "Nothing changed." not in file.getvalue()
    assert 'class="hero v-inconclusive"' in render_diff(diff)


def test_a_run_compared_with_itself() -> None:
    same = run(one_of_each())
    file = io.StringIO()
    diff = compare(same, same)
    print_diff(diff, Console(file=file, width=80), "ru")
    assert (diff.changes, diff.differences, diff.exit_code) == ((), (), 0)
    assert "Ничего не изменилось." in file.getvalue()


def test_json_names_every_kind_of_change() -> None:
    diff = compare(
        run(target("office", requirement(ROW))), run(target("office", requirement(ROW, V.DEVIATES)))
    )
    document = diff_document(diff)
    assert set(document["changes"]) == {kind.value for kind in ChangeKind}
    (entry,) = document["changes"]["regressed"]
    assert (entry["old"]["verdict"], entry["new"]["verdict"]) == ("conforms", "deviates")
    assert entry["new"]["summary"] == "An update that does not send description clears it."
    assert document["exit-code"] == 1
