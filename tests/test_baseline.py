from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from etalon.judging.requirements import Level, Requirement, Source
from etalon.judging.verdicts import Verdict
from etalon.reporting.baseline import Baseline, BaselineError, applied, parse
from etalon.reporting.baseline_writing import updated, with_pins
from etalon.vendors import vendor_of
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.reporting.results import RequirementResult, RunResult
    from tests.conftest import CommandLine, Outcome

V = Verdict
OWED = {
    name: Requirement(
        name, "keeps", Level.SILENT, Source("page", "row"), {"en": name, "ru": name}, ("merge", "replace")
    )
    for name in ("R7-ONE", "R7-TWO", "R7-THREE")
}
ENTRY = '[[allow]]\ntarget = "office"\nrequirement = "R7-ONE"\nreason = "known"\n'


def run_of(*rows: RequirementResult, **parts: object) -> RunResult:
    return samples.run(samples.target("office", *rows), **parts)


def seen_through(run: RunResult, text: str) -> RunResult:
    return applied(run, parse(text, "b.toml"), OWED)


def test_an_allowed_deviation_is_shown_and_does_not_fail() -> None:
    run = seen_through(
        run_of(samples.requirement("R7-ONE", V.DEVIATES), samples.requirement("R7-TWO")), ENTRY
    )
    row = run.targets[0].requirements[0]
    assert (row.verdict, row.allowed and row.allowed.reason) == (V.DEVIATES, "known")
    assert (run.verdict, run.exit_code, run.allowed, run.stale) == (V.CONFORMS, 0, 1, ())


def test_another_deviation_beside_it_still_fails() -> None:
    rows = samples.requirement("R7-ONE", V.DEVIATES), samples.requirement("R7-TWO", V.DEVIATES)
    run = seen_through(run_of(*rows), ENTRY)
    assert (run.verdict, run.exit_code, run.count(V.DEVIATES)) == (V.DEVIATES, 1, 1)


@pytest.mark.parametrize("target", ["Office", "office2"])
def test_an_entry_speaks_of_its_own_target_alone(target: str) -> None:
    run = seen_through(run_of(samples.requirement("R7-ONE", V.DEVIATES)), ENTRY.replace("office", target))
    assert (run.exit_code, run.stale) == (1, ())


@pytest.mark.parametrize(
    ("verdict", "text", "said"),
    [
        (V.CONFORMS, ENTRY, "b.toml, line 1: R7-ONE of office no longer deviates: remove the entry."),
        (V.OBSERVED, "# why\n\n" + ENTRY, "b.toml, line 3: R7-ONE of office no longer deviates"),
        (
            V.DEVIATES,
            ENTRY + "until = 2026-11-20\n",
            "b.toml, line 1: R7-ONE of office was accepted until 2026-11-20",
        ),
        (V.CONFORMS, ENTRY.replace("R7-ONE", "R7-GONE"), "b.toml, line 1: there is no requirement R7-GONE"),
        (
            V.OBSERVED,
            '[[pin]]\ntarget = "office"\nrequirement = "R7-ONE"\nbehaviour = "explode"\n',
            "b.toml, line 1: explode is no behaviour of R7-ONE: expected one of merge, replace",
        ),
    ],
)
def test_what_no_longer_holds_fails_the_run_and_names_its_line(
    verdict: Verdict, text: str, said: str
) -> None:
    run = seen_through(run_of(samples.requirement("R7-ONE", verdict)), text)
    assert run.stale[0].startswith(said)
    assert (run.verdict, run.exit_code) == (V.DEVIATES, 1)


def test_the_last_day_still_counts() -> None:
    run = seen_through(run_of(samples.requirement("R7-ONE", V.DEVIATES)), ENTRY + "until = 2026-11-21\n")
    assert (run.exit_code, run.stale) == (0, ())


@pytest.mark.parametrize("verdict", [V.INCONCLUSIVE, V.NOT_TESTABLE, V.NOT_APPLICABLE, V.PLANNED])
def test_what_was_not_judged_makes_no_entry_stale(verdict: Verdict) -> None:
    assert seen_through(run_of(samples.requirement("R7-ONE", verdict)), ENTRY).stale == ()
    assert seen_through(run_of(samples.requirement("R7-TWO")), ENTRY).stale == ()


def test_a_run_that_was_cut_off_calls_nothing_stale() -> None:
    assert seen_through(run_of(samples.requirement("R7-ONE"), complete=False), ENTRY).stale == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("allow = 3\n", "allow: expected [[allow]]"),
        ("[[allow]\n", "is not valid TOML"),
        ("[[accept]]\n", "accept: expected tables [[allow]] and [[pin]] alone"),
        ('[[allow]]\ntarget = "office"\nrequirement = "R7-ONE"\n', "line 1: reason: expected a text"),
        (ENTRY.replace('"known"', '" "'), "line 1: reason: expected a text that is not empty"),
        (ENTRY + 'until = "2027-01-01"\n', "line 1: until: expected a date without quotes"),
        (ENTRY + "until = 2027-01-01T00:00:00\n", "line 1: until: expected a date"),
        (ENTRY + "because = 1\n", "line 1: because: expected some of target, requirement, reason"),
        ('[[pin]]\ntarget = "office"\nrequirement = "R7-ONE"\n', "line 1: behaviour: expected a text"),
        (ENTRY + "\n" + ENTRY, "a second entry for R7-ONE of office; the first is in line 1: remove one"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BaselineError) as refused:
        parse(text, "b.toml")
    assert "b.toml" in str(refused.value)
    assert said in str(refused.value)


def test_a_pin_of_the_baseline_is_what_is_expected() -> None:
    text = '[[pin]]\ntarget = "office"\nrequirement = "R7-ONE"\nbehaviour = "merge"\n'
    baseline = parse(text, "b.toml")
    assert baseline.pinned("office", OWED["R7-ONE"]) == "merge"
    assert baseline.pinned("other", OWED["R7-ONE"]) is None
    assert Baseline("b.toml").pinned("office", OWED["R7-ONE"]) is None


def test_a_first_baseline_accepts_what_deviates_each_with_a_reason() -> None:
    run = run_of(samples.requirement("R7-ONE", V.DEVIATES), samples.requirement("R7-TWO"))
    made = parse(updated("", "b.toml", run), "b.toml")
    assert [(entry.requirement, entry.until) for entry in made.entries] == [("R7-ONE", None)]
    assert made.entries[0].reason.startswith("deviates since 2026-11-21: An update that does not send")
    assert seen_through(run, updated("", "b.toml", run)).exit_code == 0
    given = parse(updated("", "b.toml", run, reason="agreed", until=date(2027, 1, 1)), "b.toml").entries[0]
    assert (given.reason, given.until) == ("agreed", date(2027, 1, 1))


def test_bringing_it_up_to_date_leaves_what_people_wrote() -> None:
    text = (
        "# Ours.\n\n"
        '[[allow]]\ntarget = "office"\nrequirement = "R7-ONE"\nreason = "fixed by now"\n\n'
        "# Agreed with the vendor.\n"
        '[[allow]]\ntarget = "office"\nrequirement = "R7-TWO"\nreason = "long story"  # CRM-12\n'
        "until = 2027-01-01\n\n"
        '[[allow]]\ntarget = "elsewhere"\nrequirement = "R7-ONE"\nreason = "another portal"\n'
    )
    run = run_of(
        samples.requirement("R7-ONE"),
        samples.requirement("R7-TWO", V.DEVIATES),
        samples.requirement("R7-THREE", V.DEVIATES),
    )
    new = updated(text, "b.toml", run)
    assert [(entry.target, entry.requirement) for entry in parse(new, "b.toml").entries] == [
        ("office", "R7-TWO"),
        ("elsewhere", "R7-ONE"),
        ("office", "R7-THREE"),
    ]
    assert new.startswith("# Ours.\n\n# Agreed with the vendor.\n[[allow]]\n")
    assert 'reason = "long story"  # CRM-12\nuntil = 2027-01-01\n' in new
    assert updated(new, "b.toml", run) == new


def test_what_a_portal_said_cannot_break_the_file() -> None:
    rows = [
        samples.requirement(f"R7-{name}", V.DEVIATES, findings=(samples.finding(text),))
        for name, text in zip(OWED, ('"\n[[allow]]\n\\', "\x00\x1b\x7f\x85", "\ud800\u202e'''"), strict=True)
    ]
    assert len(parse(updated("", "b.toml", run_of(*rows)), "b.toml").entries) == len(rows)


def test_observed_behaviours_are_pinned_once() -> None:
    run = run_of(samples.requirement("R7-ONE", V.OBSERVED))
    text = with_pins("", "b.toml", run)
    assert [(entry.table, entry.behaviour) for entry in parse(text, "b.toml").entries] == [("pin", "merge")]
    assert with_pins(text, "b.toml", run) == text


def test_a_run_that_was_cut_off_makes_no_baseline() -> None:
    with pytest.raises(BaselineError, match="cut off"):
        updated("", "b.toml", run_of(complete=False))


def test_a_gate_with_a_baseline_goes_green_and_red_again(
    etalon: CommandLine, judged: Callable[..., Outcome]
) -> None:
    quick = ("--profile", "quick", "--select", "R7-UPDATE-*", "--select", "R7-PARTIAL-UPDATE")
    with_baseline = (*quick, "--baseline", "etalon-baseline.toml")
    faults = ("update-loses-contact",)
    assert judged("r7", *faults, arguments=quick).code == 1
    made = etalon("baseline", "out")
    assert (made.code, made.out, made.err) == (0, "etalon-baseline.toml\n", "")
    green = judged("r7", *faults, arguments=with_baseline)
    assert green.code == 0, green.out
    assert "accepted" in green.out
    stale = etalon.judge(vendor_of("r7").mock().create("documented", ()), *with_baseline)
    assert stale.code == 1
    assert "no longer deviates: remove the entry" in " ".join(stale.out.split())
    assert etalon("run", "--baseline", "nowhere.toml").code == 4
