"""The PlanFix suite against mocked portals: silent on sound ones, and telling where a fault is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.portals.serving import served
from etalon.vendors.planfix import mock as planfix
from etalon.vendors.planfix.mock import variations
from tests.conftest import target_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import CommandLine, Outcome

SOUND = ("deviates", "inconclusive", "not-testable")


@pytest.mark.parametrize(
    ("obstacle", "hidden", "told"),
    [
        ("newlines-flattened", "decimal-references-lost", "PF-XML-DECIMAL-REFERENCES"),
        ("text-recomposed", "read-in-page-order", "PF-XML-ORDER"),
        ("answer-not-escaped", "client-kept-on-zero", "PF-CLIENT-ZERO"),
    ],
)
def test_what_texts_suffer_hides_nothing_else(
    judged: Callable[..., Outcome], obstacle: str, hidden: str, told: str
) -> None:
    outcome = judged("planfix", obstacle, hidden, arguments=["--profile", "quick"])
    assert {"PF-TEXT-TITLE", told} <= outcome.red


def test_a_finding_brings_its_evidence(judged: Callable[..., Outcome]) -> None:
    outcome = judged("planfix", "update-loses-description", arguments=["--profile", "quick"])
    assert outcome.code == 1
    assert outcome.red == {"PF-UPDATE-KEEPS-DESCRIPTION"}
    [finding] = outcome.requirements["PF-UPDATE-KEEPS-DESCRIPTION"]["findings"]
    assert finding["expected"] != finding["observed"]
    assert finding["exchanges"]
    assert "curl" in finding["reproduce"]


@pytest.mark.parametrize(("profile", "most"), [("quick", 60), ("standard", 300)])
def test_a_sound_portal_conforms(judged: Callable[..., Outcome], profile: str, most: int) -> None:
    outcome = judged("planfix", arguments=["--profile", profile])
    assert outcome.code == 0, outcome.err
    assert not outcome.ids(*SOUND)
    left_out = _left_out(outcome)
    assert bool(left_out) == (profile == "quick")
    assert not any(outcome.requirements[one]["level"] == "must" for one in left_out - ALONE_WRONG)
    assert outcome.ids("not-applicable") == left_out
    assert outcome.results["targets"][0]["requests"] <= most


# Values that the page does not list, each of which takes a request of its own to be refused; and the kind of
# periodicity that is one too many for the rounds of changes.
ALONE_WRONG = {"PF-PERIODICITY-MONTHLY-AFTER-COMPLETE"} | {
    f"PF-REFUSES-{what}"
    for what in (
        "BAD-STATUS",
        "BAD-KIND-TYPE",
        "BAD-DAY-TYPE",
        "BAD-END-CONDITION",
        "BAD-NOTIFY-TYPE",
    )
}


def _left_out(outcome: Outcome) -> set[str]:
    """What the profile with the fewest requests leaves out, and says so."""
    return {
        one
        for one in outcome.ids("not-applicable")
        if "the quick profile spends no request on it" in outcome.requirements[one]["reason"]
    }


@pytest.mark.parametrize("seed", [2, 3])
def test_no_seed_raises_a_false_alarm(judged: Callable[..., Outcome], seed: int) -> None:
    outcome = judged("planfix", arguments=["--seed", str(seed)])
    assert not outcome.ids(*SOUND)


@pytest.mark.parametrize("variation", sorted(set(planfix.VARIATIONS) - {"daily-limit"}))
def test_a_portal_that_differs_where_it_may_conforms(etalon: CommandLine, variation: str) -> None:
    outcome = etalon.judge(planfix.create(variations=(variation,)), "--profile", "quick")
    assert outcome.code == 0, outcome.err
    assert not outcome.ids(*SOUND)


@pytest.mark.parametrize(
    ("variations", "most"),
    [
        (("short-sessions",), 330),  # the log-ins that such a portal asks for come on top
        (("empty-refused",), 300),
        (
            ("length-limits", "owner-fixed", "delays-want-a-date", "first-minute-shown", "some-transitions"),
            310,  # what such a portal refuses is asked for once more, in milder form
        ),
    ],
)
def test_a_thorough_run_of_such_a_portal_agrees(
    etalon: CommandLine, variations: tuple[str, ...], most: int
) -> None:
    outcome = etalon.judge(planfix.create(variations=variations))
    assert outcome.code == 0, outcome.err
    assert not outcome.ids(*SOUND)
    assert outcome.results["targets"][0]["requests"] <= most


def test_what_the_page_leaves_open_is_recorded(etalon: CommandLine) -> None:
    strict = etalon.judge(planfix.create(variations=("strict", "empty-refused", "some-transitions")))
    behaviours = {row: found["behaviour"] for row, found in strict.requirements.items()}
    assert behaviours["PF-UNKNOWN-ELEMENT"] == "refused"
    assert behaviours["PF-EMPTY-CLIENT"] == behaviours["PF-EMPTY-TITLE"] == "reject"
    assert behaviours["PF-STATUS-VALUES"] == "some"
    assert behaviours["PF-DEEP-NESTING"] == "refused"
    assert behaviours["PF-LARGE-TEXT"] == "stored"
    assert behaviours["PF-CHILD-AS-PARENT"] == "refused"


def test_a_pinned_behaviour_is_judged(etalon: CommandLine) -> None:
    pins = '[targets.here.expect]\nempty-client = "clear"\nempty-title = "clear"\n'
    outcome = etalon.judge(planfix.create(), config=pins)
    assert outcome.red == {"PF-EMPTY-CLIENT"}
    assert outcome.requirements["PF-EMPTY-TITLE"]["verdict"] == "conforms"


def test_a_finding_of_a_sequence_is_a_numbered_list(judged: Callable[..., Outcome]) -> None:
    outcome = judged("planfix", "rejected-update-half-applied")
    [finding] = outcome.requirements["PF-SEQUENCES"]["findings"]
    lines = finding["reproduce"].split("\n# ")
    assert [line.split(".")[0].lstrip("# ") for line in lines] == [str(n + 1) for n in range(len(lines))]
    # A body with line breaks is written out by printf.
    assert all("\ncurl " in line or "\nprintf %b " in line for line in lines)
    assert len(lines) == len(finding["exchanges"])


def test_a_used_up_limit_ends_the_run_without_a_verdict(etalon: CommandLine) -> None:
    outcome = etalon.judge(planfix.create(variations=("daily-limit",)), "--profile", "quick")
    assert outcome.code == 6
    assert not outcome.ids("deviates")
    assert "0007" in outcome.err


@pytest.mark.parametrize("calls", [0, 1])
def test_sessions_that_are_over_at_once_end_the_run_without_a_verdict(
    etalon: CommandLine, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    monkeypatch.setattr(variations, "_CALLS_OF_A_SHORT_SESSION", calls)
    outcome = etalon.judge(planfix.create(variations=("short-sessions",)), "--profile", "quick")
    assert outcome.code == 6
    assert not outcome.ids("deviates")
    assert "gives sessions that are over at once (0005)" in outcome.err
    assert outcome.results["targets"][0]["requests"] < 30


def test_nothing_is_written_to_a_portal_that_cannot_read_tasks(etalon: CommandLine) -> None:
    outcome = etalon.judge(planfix.create(), "--profile", "quick", config='lacks = ["task.get"]\n')
    assert outcome.code == 0, outcome.err
    assert {"PF-UPDATE-ECHOES-ID", "PF-REFUSES-BAD-IMPORTANCE"} <= outcome.ids("not-applicable")
    assert {"PF-UPDATE-STORES-TITLE", "PF-WORKERS-ADD-USERS"} <= outcome.ids("not-applicable")
    assert {"PF-OTHER-ANSWER-SCHEMA"} <= outcome.ids("conforms")
    assert outcome.results["targets"][0]["left-behind"] == []


def test_a_portal_that_creates_no_tasks_lends_its_own(etalon: CommandLine) -> None:
    portal = planfix.create()
    with served(portal) as url:
        known = "[targets.here.known]\ntasks = [9001, 9002]\n"
        table = target_table(portal, url) + 'lacks = ["task.add"]\n'
        etalon.config(table + known)
        first = etalon.verdicts("here", "--profile", "quick")
        assert first.code == 0, first.err
        assert not first.ids("deviates", "inconclusive", "not-testable")
        assert first.results["targets"][0]["left-behind"] == []
        # The API has no value for "no date", so dates that it did not have are all that may stay.
        assert "Task 9002 could not be given back its former startTime, endTime." in first.err
        etalon.config(table)
        second = etalon.verdicts("here", "--profile", "quick")
        assert "known.tasks" in second.requirements["PF-UPDATE-STORES-TITLE"]["reason"]


def test_the_finding_is_small_and_names_its_member(judged: Callable[..., Outcome]) -> None:
    outcome = judged("planfix", "emoji-lost", arguments=["--profile", "quick"])
    [finding] = outcome.requirements["PF-TEXT-TITLE"]["findings"]
    assert finding["member"] == "title"
    assert len(finding["expected"]) <= 5
    assert "$PLANFIX_API_KEY" in finding["reproduce"]
    assert "$PLANFIX_SID" in finding["reproduce"]


def test_the_finding_names_the_member_whose_update_did_it(judged: Callable[..., Outcome]) -> None:
    outcome = judged("planfix", "client-change-clears-project", arguments=["--profile", "quick"])
    [finding] = outcome.requirements["PF-UPDATE-KEEPS-PROJECT"]["findings"]
    assert finding["member"] == "project"
    *_, update = [one["request"] for one in finding["exchanges"] if 'method="task.update"' in one["request"]]
    assert "<client>" in update
    assert "<importance>" not in update
