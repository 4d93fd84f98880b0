from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.rules import echoes, stores
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable, Outcome
from etalon.messages import Message
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.binding import task
from etalon.vendors.r7.judging.evidence import reading
from etalon.vendors.r7.judging.rules import names_what_it_made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.r7.scenarios.driver import R7Driver

_TWO = 2
MEMBERS = task().names


@pytest.mark.requirement("R7-CREATE-ECHOES-{member}")
@pytest.mark.parametrize("member", MEMBERS)
def test_the_answer_shows_what_was_created(
    check: Check, driver: R7Driver, creations: Sequence[Change], created: Change, member: str
) -> None:
    driver.require_shown(driver.member(member))
    check.each(_telling(driver, creations, created, member), partial(echoes, driver.member(member)))


@pytest.mark.requirement("R7-CREATE-STORES-{member}")
@pytest.mark.parametrize("member", MEMBERS)
def test_what_was_created_is_read_back(
    check: Check, driver: R7Driver, creations: Sequence[Change], created: Change, member: str
) -> None:
    driver.require_reads()
    driver.require_shown(driver.member(member))
    check.each(_telling(driver, creations, created, member), partial(stores, driver.member(member)))


@pytest.mark.requirement("R7-CREATE-NEEDS-ONLY-MANDATORY")
def test_optional_members_may_be_left_out(check: Check, created_plainly: Change) -> None:
    check.holds(
        created_plainly.accepted,
        lambda: Finding(
            summary=Message("minimal-creation-refused"),
            expected=Message("created-task"),
            observed=Message("http-status", status=created_plainly.exchange.response.status),
            exchanges=(created_plainly.exchange,),
        ),
    )


@pytest.mark.requirement("R7-CREATE-ACCEPTS-ISNOTIFY")
def test_is_notify_is_accepted_on_creation(check: Check, driver: R7Driver, created: Change) -> None:
    refused = [
        made for made in driver.changes if made.creates and "isNotify" in made.body and not made.accepted
    ]
    # One that is taken as soon as it lacks isNotify was refused for it.
    check.holds("isNotify" in created.body, lambda: _refused(refused[-1]))


@pytest.mark.usefixtures("created")
@pytest.mark.requirement("R7-CREATE-NAMES-THE-TASK")
def test_a_creation_answers_the_id_of_what_it_made(check: Check, driver: R7Driver) -> None:
    driver.require_reads()
    made = [
        one for one in driver.changes if one.creates and one.accepted and task_id(one.exchange) is not None
    ]
    if not any(driver.shown(one) for one in made):
        raise Inconclusive(Message("no-created-task-read"))

    def rule(one: Change) -> Finding | bool:
        return names_what_it_made(driver.members, driver.read_after(one.exchange, task_id(one.exchange)), one)

    check.each(made, rule)


@pytest.mark.requirement("R7-CREATE-IDS-DISTINCT")
def test_two_tasks_have_two_ids(check: Check, driver: R7Driver, request: pytest.FixtureRequest) -> None:
    with suppress(Outcome):  # ids that are all the same may well have ended the scenario
        request.getfixturevalue("created_plainly")
    creations = [made for made in driver.changes if made.creates and made.accepted]
    if len(creations) == 1:
        creations += [made for made in [driver.create()] if made.accepted]
    ids = [found for made in creations if (found := task_id(made.exchange)) is not None]
    if len(ids) < _TWO:
        raise Inconclusive(Message("no-two-tasks-created"))
    check.holds(
        len(ids) == len(set(ids)),
        lambda: Finding(
            summary=Message("created-with-one-id"),
            expected=Message("different-ids"),
            observed=", ".join(map(str, ids)),
            exchanges=tuple(made.exchange for made in creations),
            member="id",
        ),
    )


@pytest.mark.requirement("R7-CREATE-AUTHOR-IS-CALLER")
def test_the_author_is_the_caller(check: Check, driver: R7Driver, created: Change) -> None:
    if driver.client.caller is None:
        raise NotApplicable(Message("caller-unknown"))

    def rule(made: Change) -> Finding | bool | None:
        shown = made.after or reading(made.exchange)
        if shown is None:
            return None  # neither the answer nor a read shows the task
        author = shown.card.get("createBy")
        observed = str(author.get("id") if isinstance(author, dict) else author).lower()
        return observed == driver.client.caller or Finding(
            summary=Message("author-not-caller"),
            expected=str(driver.client.caller),
            observed=observed,
            exchanges=made.exchanges,
            member="createBy",
        )

    check.each([created], rule)


def _telling(driver: R7Driver, creations: Sequence[Change], created: Change, name: str) -> Sequence[Change]:
    """The creations by which a member is judged: whether an odd text is kept is another requirement."""
    member = driver.member(name)
    odd = created if member.is_text and stores(member, created) is not True else None
    return [made for made in creations if made is not odd]


def _refused(made: Change) -> Finding:
    return Finding(
        summary=Message("notifying-creation-refused"),
        expected=Message("created-task"),
        observed=Message("http-status", status=made.exchange.response.status),
        exchanges=(made.exchange,),
        member="isNotify",
    )
