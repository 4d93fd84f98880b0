from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.rules import echo_is_stored, echoes, stores
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.r7.binding import task
from etalon.vendors.r7.judging.plainness import sends_plainly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.r7.scenarios.driver import R7Driver

MEMBERS = task().names


@pytest.mark.requirement("R7-UPDATE-ECHOES-{member}")
@pytest.mark.parametrize("member", MEMBERS)
def test_the_answer_shows_what_was_updated(
    check: Check, driver: R7Driver, all_updates: Sequence[Change], member: str
) -> None:
    driver.require_shown(driver.member(member))
    rule = partial(echoes, driver.member(member))
    check.each(_plain(driver, member, all_updates), rule, size=_size, shrink=driver.smaller(rule))


@pytest.mark.requirement("R7-UPDATE-STORES-{member}")
@pytest.mark.parametrize("member", MEMBERS)
def test_what_was_updated_is_read_back(
    check: Check,
    driver: R7Driver,
    many_updates: Sequence[Change],
    member: str,
) -> None:
    driver.require_reads()
    driver.require_shown(driver.member(member))
    driver.require_alternative(driver.member(member))
    rule = partial(stores, driver.member(member))
    check.each(_plain(driver, member, many_updates), rule, size=_size, shrink=driver.smaller(rule))


@pytest.mark.requirement("R7-UPDATE-ACCEPTS-ISNOTIFY")
def test_is_notify_is_accepted_on_update(check: Check, driver: R7Driver, updated: Change) -> None:
    refused = [
        made
        for made in driver.changes[: driver.changes.index(updated) + 1]
        if "isNotify" in made.body and not (made.creates or made.accepted)
    ]
    # One that is taken as soon as it lacks isNotify was refused for it.
    check.holds("isNotify" in updated.body and updated.accepted, lambda: _refused(refused[-1]))


@pytest.mark.requirement("R7-ECHO-IS-STORED")
def test_what_is_answered_is_what_is_stored(
    check: Check,
    driver: R7Driver,
    creations: Sequence[Change],
    created: Change,
    all_updates: Sequence[Change],
) -> None:
    driver.require_reads()
    # What no read shows cannot be held against what answers show.
    members = [member for member in driver.members if member.promised or driver.reads_show(member)]
    plain = [made for made in creations if made is not created]  # the one with an odd description
    updates = [made for made in all_updates if all(sends_plainly(member, made) for member in members)]
    check.each([*plain, *updates], partial(echo_is_stored, members), size=_size)


def _refused(made: Change) -> Finding:
    return Finding(
        summary=Message("full-update-refused"),
        expected=Message("updated-task"),
        observed=Message("http-status", status=made.exchange.response.status),
        exchanges=made.exchanges,
        member="isNotify",
    )


def _plain(driver: R7Driver, name: str, updates: Sequence[Change]) -> list[Change]:
    """Those whose value for the member a portal has no reason to alter; others have their own rows."""
    return [made for made in updates if sends_plainly(driver.member(name), made)]


def _size(made: Change) -> int:
    return made.size
