from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from etalon.judging.rules import untouched
from etalon.judging.verdicts import Deviates, Finding, NotApplicable
from etalon.messages import Message
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.answers import status_of
from etalon.vendors.r7.judging.evidence import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Reading
    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.scenarios.driver import R7Driver

UPDATE = "updateTask"
_REFUSALS = {401, 403}
_BROKEN = b'{"title": "etalon", "deadline": '
_NEVER_GIVEN = "etalon-sent-a-token-that-no-portal-gave"


# Which tokens a request is tried with; a wrong one may be wrong in several ways.
TOKENS = ("WITHOUT-TOKEN", "WRONG-TOKEN", "CUT-TOKEN")


@scenario(after=["updated"])  # the state that must stay
def unauthenticated_updates(driver: R7Driver, subject: int) -> Mapping[str, Sequence[Exchange]]:
    """Updates for each kind of token, one after another."""
    driver.traces.latest(subject)
    return {
        kind: [
            driver.client.update_task(subject, driver.body(UPDATE), token=token)
            for token in _tokens(driver, kind)[: None if driver.thorough else 1]
        ]
        for kind in TOKENS
    }


@scenario(after=["unauthenticated_updates"])
def strangers_left(driver: R7Driver, subject: int) -> Finding | bool | None:
    """What all the updates without a valid token changed; None where the task cannot be read."""
    return _compared(driver, reading(driver.traces.latest(subject)), driver.reread(subject))


@pytest.mark.requirement("R7-AUTH-CREATE-{kind}")
@pytest.mark.parametrize("kind", TOKENS)
def test_a_creation_without_a_valid_token_is_refused(check: Check, driver: R7Driver, kind: str) -> None:
    if kind == "CUT-TOKEN":
        driver.require_many_requests()  # updates are tried with one in any case
    for token in _tokens(driver, kind)[:1]:
        _refused(check, driver.client.create_task(driver.body("createTask"), token=token))


@pytest.mark.requirement("R7-AUTH-UPDATE-{kind}")
@pytest.mark.parametrize("kind", TOKENS)
def test_an_update_without_a_valid_token_is_refused(
    check: Check,
    driver: R7Driver,
    subject: int,
    unauthenticated_updates: Mapping[str, Sequence[Exchange]],
    strangers_left: Finding | bool | None,
    *,
    kind: str,
) -> None:
    for answer in unauthenticated_updates[kind]:
        _refused(check, answer)
    if not isinstance(strangers_left, Finding):
        return
    # One of the three kinds did it: each is sent once more, with a read of its own.
    before = driver.update(subject).after
    sent = [
        driver.client.update_task(subject, driver.body(UPDATE), token=token)
        for token in _tokens(driver, kind)
    ]
    after = driver.reread(subject)
    outcome = _compared(driver, before, after)
    if isinstance(outcome, Finding):
        raise Deviates(replace(outcome, exchanges=(outcome.exchanges[0], *sent, outcome.exchanges[-1])))


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-AUTH-READ-{kind}")
@pytest.mark.parametrize("kind", TOKENS)
def test_a_read_without_a_valid_token_shows_nothing(
    check: Check, driver: R7Driver, subject: int, kind: str
) -> None:
    driver.require_reads()
    driver.require_many_requests()
    for token in _tokens(driver, kind)[:1]:
        _refused(check, driver.client.read_task(subject, token=token))


@pytest.mark.requirement("R7-AUTH-DELETE-{kind}")
@pytest.mark.parametrize("kind", TOKENS)
def test_a_deletion_without_a_valid_token_is_refused(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, kind: str
) -> None:
    driver.require_many_requests()
    if "task.delete" in driver.client.target.lacks:
        raise NotApplicable(Message("declared-to-lack", what="task.delete"))
    driver.require_reads()  # nothing is removed that a read has not just shown to be the run's own
    victim = driver.living(
        request.getfixturevalue("spare")
    )  # unauthenticated callers may have deleted it before
    for token in _tokens(driver, kind)[:1]:
        answer = driver.client.delete_task(victim, token=token)
        _refused(check, answer)
        if driver.reread(victim) is not None:
            continue
        raise Deviates(
            Finding(
                summary=Message("deleted-without-token"),
                expected=Message("task-as-it-was"),
                observed=Message("no-task"),
                exchanges=(answer, driver.client.read_task(victim)),
            )
        )


@pytest.mark.requirement("R7-AUTH-BEFORE-INPUT-{operation}")
@pytest.mark.parametrize("operation", ["create", "update"])
def test_a_bad_request_without_a_token_is_refused_for_the_token(
    check: Check,
    driver: R7Driver,
    subject: int,
    unauthenticated_updates: Mapping[str, Sequence[Exchange]],
    operation: str,
) -> None:
    driver.require_many_requests()
    plainly = unauthenticated_updates["WITHOUT-TOKEN"][0]
    if plainly.response.status not in _REFUSALS:
        raise NotApplicable(Message("lets-good-request-in-without-token"))
    if operation == "create":
        answer = driver.client.create_task(_BROKEN, token="")
    else:
        answer = driver.client.update_task(subject, _BROKEN, token="")
    same = answer.response.status == plainly.response.status
    check.observe("token-first" if same else "input-first", plainly, answer)


@pytest.mark.requirement("R7-AUTH-STATUS")
def test_with_which_status_a_missing_token_is_refused(
    check: Check, unauthenticated_updates: Mapping[str, Sequence[Exchange]]
) -> None:
    unauthenticated = unauthenticated_updates["WITHOUT-TOKEN"][0]
    status = unauthenticated.response.status
    if status in {401, 403}:
        behaviour = str(status)
    elif 400 <= status < 500:
        behaviour = "other-client-error"
    else:
        behaviour = "redirect" if 300 <= status < 400 else "other"
    check.observe(behaviour, unauthenticated)


def _tokens(driver: R7Driver, kind: str) -> Sequence[str]:
    """The tokens to try, the plainest first."""
    token = driver.client.token
    if kind == "WITHOUT-TOKEN":
        return [""]
    if kind == "CUT-TOKEN":
        return [token[:-1], token[1:]]
    return [_NEVER_GIVEN, f"{token}0", *({token.swapcase()} - {token})]


def _compared(driver: R7Driver, before: Reading | None, after: Reading | None) -> Finding | bool | None:
    if before is None or after is None:
        return None  # the task cannot be read; the refusals themselves are judged
    return untouched(driver.resource, before, after, Message("without-valid-token"))


def _refused(check: Check, answer: Exchange) -> None:
    check.holds(not _says_done(answer), lambda: _let_in(answer, (answer,)))


def _says_done(answer: Exchange) -> bool:
    """Whether the answer claims success as the API does; a log-in page with 200 does not."""
    return answer.response.ok and (reading(answer) is not None or status_of(answer) == 0)


def _let_in(answer: Exchange, exchanges: tuple[Exchange, ...]) -> Finding:
    return Finding(
        summary=Message("done-without-token"),
        expected=Message("a-refusal"),
        observed=Message("http-status-and-task", status=answer.response.status),
        exchanges=exchanges,
    )
