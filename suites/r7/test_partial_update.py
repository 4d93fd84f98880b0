from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.judging.checking import summed_up
from etalon.judging.rules import REJECT, RESET, left_alone, not_expected
from etalon.judging.verdicts import Deviates, Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.vendors.r7.binding import task
from etalon.vendors.r7.judging.situations import (
    MIXED,
    became,
    neither_reading,
    rest_not_kept,
    rest_of,
    unsteady,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.resources.resource import Member
    from etalon.vendors.r7.scenarios.driver import R7Driver

MEMBERS = task().names
PARTS = ("entitytype", "entityid")
WRITE_ONLY = "isnotify"
# What is empty and yet a value of the type that the page gives.
VALUES_THAT_ARE_EMPTY = {("empty", "description"), ("empty", "alertvalue")}


@pytest.mark.requirement("R7-UPDATE-KEEPS-{member}")
@pytest.mark.parametrize("member", MEMBERS)
def test_what_is_not_sent_is_kept(
    check: Check, driver: R7Driver, omissions: Sequence[Change], all_updates: Sequence[Change], member: str
) -> None:
    driver.require_reads()
    driver.require_shown(driver.member(member))
    seen: list[tuple[str, Change]] = []
    for made in sorted(all_updates, key=lambda made: made.size):
        behaviour = _absent(driver, member, made)
        if isinstance(behaviour, Finding):
            raise Deviates(behaviour)
        if behaviour == REJECT and made not in omissions:
            continue  # of an update with random values, another value may be what is refused
        if behaviour is not None:
            seen.append((behaviour, made))
    if not seen:
        raise Inconclusive(Message("no-update-without-judged", member=member))
    _require_steady(member, seen)
    _require_complete(check, driver, member, seen[0][0])
    for behaviour, made in seen:
        check.observe(
            behaviour, *made.exchanges, finding=not_expected(driver.member(member), behaviour, made)
        )


@pytest.mark.requirement("R7-UPDATE-KEEPS-{member}")
@pytest.mark.parametrize("member", [WRITE_ONLY])
def test_what_is_not_sent_and_never_shown(
    check: Check, driver: R7Driver, omissions: Sequence[Change], member: str
) -> None:
    driver.require_many_requests()
    for made in omissions:
        if driver.alone_missing(member, made):
            _observe_unseen(check, driver, member, made)
            return
    raise Inconclusive(Message("no-update-without", member=member))


@pytest.mark.requirement("R7-UPDATE-KEEPS-{part}")
@pytest.mark.parametrize("part", PARTS)
def test_what_becomes_of_the_other_half_of_an_entity(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, part: str
) -> None:
    _observe_part(check, driver, request, part, "absent")


@pytest.mark.requirement("R7-UPDATE-ALONE-{member}")
@pytest.mark.parametrize("member", [*MEMBERS, WRITE_ONLY])
def test_what_is_sent_alone_leaves_the_rest(
    check: Check, driver: R7Driver, alone: Mapping[str, Change], member: str
) -> None:
    driver.require_reads()
    driver.require_many_requests()
    if member == WRITE_ONLY:
        _require_taken(driver)
    else:
        driver.require_shown(driver.member(member))
    _observe_rest(check, driver, member, alone[member])


@pytest.mark.requirement("R7-UPDATE-ALONE-{part}")
@pytest.mark.parametrize("part", PARTS)
def test_what_half_of_an_entity_alone_leaves(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, part: str
) -> None:
    _observe_part(check, driver, request, part, "alone")


@pytest.mark.requirement("R7-UPDATE-NULL-{member}")
@pytest.mark.parametrize("member", [*MEMBERS, *PARTS, WRITE_ONLY])
def test_what_null_does(check: Check, driver: R7Driver, request: pytest.FixtureRequest, member: str) -> None:
    _observe_instead(check, driver, request, member, "null")


@pytest.mark.requirement("R7-UPDATE-EMPTY-{member}")
@pytest.mark.parametrize("member", [*MEMBERS, *PARTS, WRITE_ONLY])
def test_what_empty_does(check: Check, driver: R7Driver, request: pytest.FixtureRequest, member: str) -> None:
    _observe_instead(check, driver, request, member, "empty")


@pytest.mark.requirement("R7-{situation}-MEMBERS")
@pytest.mark.parametrize("situation", ["null", "empty"])
def test_what_they_do_as_a_whole(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, situation: str
) -> None:
    driver.require_reads()
    driver.require_many_requests()
    changes = request.getfixturevalue(_SCENES[situation])
    seen = {name: became(driver.member(name), changes[name]) for name in MEMBERS if name in changes}
    behaviours = {behaviour for behaviour in seen.values() if behaviour is not None}
    if not behaviours:
        raise NotApplicable(Message("shows-no-member"))
    whole = behaviours.pop() if len(behaviours) == 1 else MIXED
    shown_by = [exchange for name, found in seen.items() if found for exchange in changes[name].exchanges]
    check.observe(whole if whole in check.requirement.behaviours else MIXED, *shown_by)


@pytest.mark.requirement("R7-PARTIAL-UPDATE")
def test_what_an_update_does_with_all_that_it_does_not_send(
    check: Check, driver: R7Driver, omissions: Sequence[Change]
) -> None:
    driver.require_reads()
    behaviours: dict[str, str] = {}
    shown_by: list[Change] = []
    for name in MEMBERS:
        for made in omissions:
            behaviour = _absent(driver, name, made)
            if isinstance(behaviour, str) and name not in behaviours:
                behaviours[name] = behaviour
                shown_by.append(made)
    whole = summed_up(behaviours)
    finding = neither_reading(behaviours, shown_by)
    if finding and check.expected is None:
        check.checked += 1
        raise Deviates(finding)
    check.observe(whole, *(exchange for made in shown_by for exchange in made.exchanges))


_SCENES = {"null": "nulls", "empty": "empties"}


def _absent(driver: R7Driver, name: str, made: Change) -> str | Finding | None:
    member = driver.member(name)
    others = [other for other in driver.members if other is not member and driver.can_send(other)]
    return left_alone(member, others, made)


def _others(driver: R7Driver, name: str) -> list[Member]:
    own = set(driver.member(name).parameters("updateTask"))
    return [other for other in driver.members if not own & set(other.parameters("updateTask"))]


def _observe_rest(check: Check, driver: R7Driver, member: str, made: Change) -> None:
    others = _others(driver, member)
    behaviour = rest_of(others, made)
    if behaviour is None:
        raise Inconclusive(Message("lone-member-not-seen", member=member))
    _require_complete(check, driver, member, behaviour)
    check.observe(behaviour, *made.exchanges, finding=rest_not_kept(member, others, behaviour, made))


def _observe_instead(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, member: str, situation: str
) -> None:
    if member in PARTS:
        _observe_part(check, driver, request, member, situation)
        return
    driver.require_reads()
    if (situation, member) not in VALUES_THAT_ARE_EMPTY:
        driver.require_many_requests()
    changes: Mapping[str, Change] = request.getfixturevalue(_SCENES[situation])
    if member == WRITE_ONLY:
        _require_taken(driver)
        _observe_unseen(check, driver, member, changes[member])
    else:
        driver.require_shown(driver.member(member))
        _observe_treatment(check, driver, member, changes[member])


def _require_taken(driver: R7Driver) -> None:
    if not driver.can_send(driver.member(WRITE_ONLY)):
        raise NotApplicable(Message("refuses-isnotify"))


def _observe_part(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, part: str, situation: str
) -> None:
    driver.require_reads()
    driver.require_many_requests()
    changes: Mapping[tuple[str, str], Change] = request.getfixturevalue("half_entities")
    driver.require_shown(driver.member("entity"))
    made = changes.get((part, situation))
    if made is None:
        raise Inconclusive(Message("no-entity-to-keep"))
    if situation == "alone":
        _observe_rest(check, driver, part, made)
    else:
        _observe_treatment(check, driver, part, made)


def _observe_treatment(check: Check, driver: R7Driver, name: str, made: Change) -> None:
    behaviour = became(driver.member(name), made)
    if behaviour is None:
        raise Inconclusive(Message("became-not-seen", member=name))
    check.observe(behaviour, *made.exchanges)


def _observe_unseen(check: Check, driver: R7Driver, name: str, made: Change) -> None:
    if not made.accepted:
        check.observe(REJECT, *made.exchanges)
        return
    driver.require_shown(driver.member(name))
    _observe_treatment(check, driver, name, made)


def _require_steady(member: str, seen: Sequence[tuple[str, Change]]) -> None:
    finding = unsteady(member, seen)
    if finding:
        raise Deviates(finding)


def _require_complete(check: Check, driver: R7Driver, member: str, behaviour: str) -> None:
    """Stop where an incomplete update is refused, which one reading of the table allows.

    Raises:
        NotApplicable: neither the dialect nor a pin calls for anything else.
    """
    if behaviour != REJECT or check.expected in {REJECT, None}:
        return
    pinned = "partial-update" in driver.client.target.expect
    if not pinned:
        raise NotApplicable(Message("refuses-incomplete-update", member=member))
    if check.expected == RESET:
        raise NotApplicable(Message("refuses-so-nothing-reset", member=member))
