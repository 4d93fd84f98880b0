from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from etalon.judging.r7.evidence import reading, status_of
from etalon.judging.r7.rules import untouched
from etalon.judging.verdicts import Deviates, Finding

if TYPE_CHECKING:
    from etalon.judging.checking import Check
    from etalon.judging.r7.evidence import Change
    from etalon.labs.r7 import Lab
    from etalon.portals.exchange import Exchange

_NEVER_GIVEN = "etalon-sent-a-token-that-no-portal-gave"


@pytest.mark.requirement("R7-AUTH-CREATE-WITHOUT-TOKEN")
def test_a_creation_without_a_token_is_refused(check: Check, lab: Lab) -> None:
    _nothing_created(check, lab.client.create_task(lab.body("createTask"), token=""))


@pytest.mark.requirement("R7-AUTH-CREATE-WRONG-TOKEN")
def test_a_creation_with_a_wrong_token_is_refused(check: Check, lab: Lab) -> None:
    _nothing_created(check, lab.client.create_task(lab.body("createTask"), token=_NEVER_GIVEN))


@pytest.mark.requirement("R7-AUTH-UPDATE-WITHOUT-TOKEN")
def test_an_update_without_a_token_is_refused(
    check: Check, lab: Lab, subject: int, unauthenticated: Exchange
) -> None:
    _nothing_updated(check, lab, subject, unauthenticated)


@pytest.mark.requirement("R7-AUTH-UPDATE-WRONG-TOKEN")
def test_an_update_with_a_wrong_token_is_refused(
    check: Check, lab: Lab, subject: int, updated: Change
) -> None:
    del updated  # the state that must stay
    lab.bench.latest(subject)
    for wrong in {_NEVER_GIVEN, lab.client.token.swapcase()} - {lab.client.token}:
        answer = lab.client.update_task(subject, lab.body("updateTask"), token=wrong)
        _nothing_updated(check, lab, subject, answer)


@pytest.mark.requirement("R7-AUTH-UPDATE-CUT-TOKEN")
def test_an_update_with_a_cut_token_is_refused(check: Check, lab: Lab, subject: int, updated: Change) -> None:
    del updated
    lab.bench.latest(subject)
    cut = lab.client.token[:-1]
    _nothing_updated(check, lab, subject, lab.client.update_task(subject, lab.body("updateTask"), token=cut))


@pytest.mark.requirement("R7-AUTH-STATUS")
def test_with_which_status_a_missing_token_is_refused(check: Check, unauthenticated: Exchange) -> None:
    status = unauthenticated.response.status
    if status in {401, 403}:
        behaviour = str(status)
    elif 400 <= status < 500:
        behaviour = "other-client-error"
    else:
        behaviour = "redirect" if 300 <= status < 400 else "other"
    check.observe(behaviour, unauthenticated)


@pytest.fixture(scope="session")
def unauthenticated(lab: Lab, subject: int, updated: Change) -> Exchange:
    """An update without a token."""
    del updated
    lab.bench.latest(subject)
    return lab.client.update_task(subject, lab.body("updateTask"), token="")


def _nothing_created(check: Check, answer: Exchange) -> None:
    check.holds(not _says_done(answer), lambda: _let_in(answer, (answer,)))


def _nothing_updated(check: Check, lab: Lab, subject: int, answer: Exchange) -> None:
    before = lab.bench.latest(subject)
    sent = (before, answer) if before else (answer,)
    check.holds(not _says_done(answer), lambda: _let_in(answer, sent))
    first, now = reading(before), lab.reread(subject)
    if first is None or now is None:
        return  # the task cannot be read; the refusal itself has been judged
    outcome = untouched(lab.members, first, now, "the update carried no valid token")
    if isinstance(outcome, Finding):
        raise Deviates(replace(outcome, exchanges=(*sent, now.exchange)))


def _says_done(answer: Exchange) -> bool:
    """Whether the answer claims success as the API does; a log-in page with 200 does not."""
    return answer.response.ok and (reading(answer) is not None or status_of(answer) == 0)


def _let_in(answer: Exchange, exchanges: tuple[Exchange, ...]) -> Finding:
    return Finding(
        summary="A request without a valid token is carried out.",
        expected="a refusal",
        observed=f"HTTP {answer.response.status} and the task",
        exchanges=exchanges,
    )
