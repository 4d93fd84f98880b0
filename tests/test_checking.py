from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.judging.checking import Check, summed_up
from etalon.judging.requirements import Level, Requirement, Source
from etalon.judging.verdicts import (
    Deviates,
    Finding,
    Inconclusive,
    Judgement,
    NotApplicable,
    NotTestable,
    Verdict,
)
from etalon.messages import Message
from etalon.plugin.outcomes import judgement_of
from etalon.portals.errors import (
    LoginError,
    MissingPrerequisiteError,
    PortalError,
    RequestsExhaustedError,
    ThrottledError,
    UnreachableError,
    UnusableAnswerError,
)
from etalon.portals.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEEP, RESET, REJECT = "keep", "reset", "reject"
ROW = Requirement("R7-X", "update", Level.SHOULD, Source("page", "row"), {}, (KEEP, RESET, REJECT), KEEP)

WHY = Message("not-reached")


def exchange(number: int) -> Exchange:
    return Exchange(number, "getTask", Request("GET", "https://portal.example/", ()), Response(200, ()))


def finding(name: str) -> Finding:
    return Finding(Message(name), "this", "that", (exchange(1),))


def rule(outcome: Finding | bool | None) -> Finding | bool | None:
    """A rule whose evidence is its outcome."""
    return outcome


OUTCOMES = st.lists(st.sampled_from([True, None, finding("a"), finding("b")]), max_size=8)


@given(outcomes=OUTCOMES)
def test_each_ends_as_its_outcomes_say(outcomes: Sequence[Finding | bool | None]) -> None:
    check = Check(ROW, None)
    broken = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
    judged = [outcome for outcome in outcomes if outcome is not None]
    if broken:
        with pytest.raises(Deviates) as deviation:
            check.each(outcomes, rule)
        assert deviation.value.finding is broken[0]
    elif judged:
        check.each(outcomes, rule)
        assert check.judgement() == Judgement(Verdict.CONFORMS, checked=len(judged))
    else:
        with pytest.raises(Inconclusive, match="nothing-to-see"):
            check.each(outcomes, rule, otherwise=Message("nothing-to-see"))
    assert 0 < check.checked <= len(judged) or not judged


def test_what_deviates_is_made_smaller() -> None:
    shrunk: list[Finding | bool | None] = []

    def shrink(piece: Finding | bool | None, found: Finding) -> Finding:
        shrunk.append(piece)
        return Finding(Message("smaller", than=found.summary), "", "", ())

    large = finding("large")
    with pytest.raises(Deviates, match="smaller") as deviation:
        Check(ROW, None).each([True, large, None], rule, shrink=shrink)
    assert deviation.value.finding.summary == Message("smaller", than=Message("large"))
    assert shrunk == [large]


@pytest.mark.parametrize(
    "error", [UnreachableError(Message("gone")), RequestsExhaustedError(Message("used-up"))]
)
def test_a_finding_survives_a_portal_that_gives_out_while_it_is_made_smaller(error: Exception) -> None:
    def shrink(piece: Finding | bool | None, found: Finding) -> Finding:
        del piece, found
        raise error

    with pytest.raises(Deviates, match="large"):
        Check(ROW, None).each([finding("large")], rule, shrink=shrink)


def test_a_rule_that_says_no_without_a_finding_is_a_mistake_of_the_suite() -> None:
    with pytest.raises(ValueError, match="False instead of a finding"):
        Check(ROW, None).each([True, False], rule)


def test_of_several_the_smallest_is_reported() -> None:
    pieces = [finding("long-winded"), finding("short"), finding("longest-of-all")]
    with pytest.raises(Deviates, match="short"):
        Check(ROW, None).each(pieces, rule, size=lambda piece: len(piece.kind))


def test_a_check_that_judged_nothing_never_conforms() -> None:
    assert Check(ROW, None).judgement().verdict is Verdict.INCONCLUSIVE
    assert Check(ROW, KEEP).judgement().verdict is Verdict.INCONCLUSIVE


def test_holds_counts_and_makes_its_finding_late() -> None:
    check = Check(ROW, None)
    check.holds(True, lambda: pytest.fail("made a finding of what holds"))  # noqa: FBT003 - the outcome
    assert check.judgement() == Judgement(Verdict.CONFORMS, checked=1)
    with pytest.raises(Deviates, match="broken"):
        check.holds(False, lambda: finding("broken"))  # noqa: FBT003 - as above
    assert check.checked == 2


BEHAVIOURS = st.lists(st.sampled_from([KEEP, RESET, REJECT]), min_size=1, max_size=6)


@given(shown=BEHAVIOURS, expected=st.sampled_from([KEEP, RESET, REJECT, None]))
def test_observed_behaviours(shown: list[str], expected: str | None) -> None:
    check = Check(ROW, expected)
    for number, behaviour in enumerate(shown):
        check.observe(behaviour, exchange(number))
    judgement = check.judgement()
    assert judgement.checked == len(shown)
    unexpected = [behaviour for behaviour in shown if behaviour != expected]
    if expected is None:
        assert (judgement.verdict, judgement.behaviour) == (Verdict.OBSERVED, shown[0])
    elif not unexpected:
        assert (judgement.verdict, judgement.behaviour) == (Verdict.CONFORMS, expected)
    else:
        assert (judgement.verdict, judgement.behaviour) == (Verdict.DEVIATES, unexpected[0])
        [found] = judgement.findings
        assert found.kind == "behaves-otherwise"
        assert (str(found.expected), str(found.observed)) == (expected, unexpected[0])
        assert [one.number for one in found.exchanges] == [shown.index(unexpected[0])]


def test_a_behaviour_that_the_row_does_not_list_is_a_mistake_of_the_suite() -> None:
    with pytest.raises(ValueError, match="R7-X does not list the behaviour 'vanish'"):
        Check(ROW, None).observe("vanish")


@pytest.mark.parametrize(
    ("behaviours", "expected"),
    [
        ([KEEP], "merge"),
        ([KEEP, KEEP], "merge"),
        ([RESET], "replace"),
        ([RESET, REJECT], "replace"),
        ([REJECT], "reject"),
        ([REJECT, REJECT], "reject"),
        ([KEEP, RESET], "mixed"),
        ([KEEP, REJECT], "mixed"),
    ],
)
def test_behaviours_of_members_sum_up(behaviours: Sequence[str], expected: str) -> None:
    assert summed_up(dict(enumerate(behaviours))) == expected  # type: ignore[arg-type]  # any keys do


def test_no_behaviour_sums_up_to_nothing() -> None:
    with pytest.raises(NotApplicable):
        summed_up({})


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (Deviates(finding("broken")), Verdict.DEVIATES),
        (NotApplicable(WHY), Verdict.NOT_APPLICABLE),
        (NotTestable(WHY), Verdict.NOT_TESTABLE),
        (MissingPrerequisiteError(WHY), Verdict.NOT_TESTABLE),
        (Inconclusive(WHY), Verdict.INCONCLUSIVE),
        (UnreachableError(WHY), Verdict.INCONCLUSIVE),
        (LoginError(WHY), Verdict.INCONCLUSIVE),
        (ThrottledError(WHY), Verdict.INCONCLUSIVE),
        (RequestsExhaustedError(WHY), Verdict.INCONCLUSIVE),
        (UnusableAnswerError(WHY), Verdict.INCONCLUSIVE),
        (ZeroDivisionError("a bug"), Verdict.INCONCLUSIVE),
    ],
)
def test_how_a_check_ends_is_its_verdict(error: Exception, verdict: Verdict) -> None:
    check = Check(ROW, KEEP)
    check.checked = 3
    judgement = judgement_of(error, check)
    assert (judgement.verdict, judgement.checked) == (verdict, 3)
    if isinstance(error, Deviates):
        assert judgement.findings == (error.finding,)
    elif isinstance(error, ZeroDivisionError):
        assert judgement.reason == Message("etalon-failed", error="ZeroDivisionError: a bug")
    else:
        assert judgement.reason == WHY
    assert judgement_of(error, None).checked == 0


def test_no_error_of_a_portal_is_green() -> None:
    kinds: list[Callable[[Message], PortalError]] = list(PortalError.__subclasses__())
    assert len(kinds) >= 6
    for kind in kinds:
        assert judgement_of(kind(WHY), None).verdict in {Verdict.INCONCLUSIVE, Verdict.NOT_TESTABLE}
