from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.judging.rules import stores
from etalon.judging.verdicts import Deviates, Finding, Inconclusive
from etalon.messages import Message
from etalon.resources.patch import json_patch
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.judging.situations import MIXED
from etalon.vendors.r7.scenarios.unusual_values import WITH_OFFSET, date_like, in_capitals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.resources.resource import Member
    from etalon.vendors.r7.scenarios.driver import R7Driver

CREATE, UPDATE = "createTask", "updateTask"
MINUTES: Mapping[str, int] = {"LARGEST": 2**31 - 1, "BEYOND-INT": 2**31, "NEGATIVE": -15}


@scenario()
def telling_values(
    driver: R7Driver, subject: int, unusual_values: Mapping[str, Change]
) -> Mapping[str, Change]:
    """An update with date-like texts and a GUID in capitals; two where the one is refused."""
    packed = unusual_values.get(WITH_OFFSET)
    if packed is None or not packed.accepted:
        packed = driver.update(subject, in_capitals(driver, driver.body(UPDATE)) | date_like(driver.calendar))
    if packed.accepted:
        return {"guid": packed, "texts": packed}
    return {
        "guid": driver.update(subject, in_capitals(driver, driver.body(UPDATE))),
        "texts": driver.update(subject, driver.body(UPDATE) | date_like(driver.calendar)),
    }


@pytest.mark.requirement("R7-GUID-ANY-CASE")
def test_a_guid_means_the_same_in_capitals(
    check: Check, driver: R7Driver, telling_values: Mapping[str, Change]
) -> None:
    driver.require_reads()
    responsible, made = driver.member("responsible"), telling_values["guid"]
    written = made.patch.sets.get(responsible.name)

    def rule(made: Change) -> Finding | bool | None:
        if written is None or (made.accepted and made.after is None):
            return None  # the task cannot be read
        if made.after and made.accepted and responsible.same(made.after.value_of(responsible), written):
            return True
        return Finding(
            summary=Message("capital-guid-not-taken"),
            expected=str(written),
            observed=(
                made.after.raw(responsible)
                if made.after and made.accepted
                else Message("http-status", status=made.exchange.response.status)
            ),
            exchanges=made.exchanges,
            member="responsible",
        )

    check.each([made], rule)


@pytest.mark.requirement("R7-TEXT-DATE-LIKE")
def test_a_text_like_a_date_is_a_text(
    check: Check, driver: R7Driver, telling_values: Mapping[str, Change]
) -> None:
    driver.require_reads()
    made = telling_values["texts"]
    if not made.accepted or made.after is None:
        raise Inconclusive(Message("date-like-texts-refused"))
    for name, text in date_like(driver.calendar).items():
        member = driver.member(name)
        if not member.promised and not driver.shows(member):
            continue  # what the portal never shows cannot be compared
        stored = made.after.value_of(member)
        finding = Finding(
            summary=Message("date-like-text-altered", member=name),
            expected=text,
            observed=made.after.raw(member),
            exchanges=made.exchanges,
            member=name,
        )
        check.observe("kept" if stored == text else "rewritten", *made.exchanges, finding=finding)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-ALERTVALUE-{minutes}")
@pytest.mark.parametrize("minutes", MINUTES)
def test_which_numbers_of_minutes_are_taken(
    check: Check, driver: R7Driver, subject: int, minutes: str
) -> None:
    driver.require_many_requests()
    made = driver.attempt(subject, driver.body(UPDATE) | {"alertValue": MINUTES[minutes]})
    if made.accepted and driver.shows(driver.member("alertvalue")):
        outcome = stores(driver.member("alertvalue"), made)
        if isinstance(outcome, Finding):
            raise Deviates(outcome)
    check.observe("accepted" if made.accepted else "refused", *made.exchanges)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-SPELLING-OF-OTHER-PAGE")
def test_what_the_spelling_of_the_other_page_does(check: Check, driver: R7Driver, subject: int) -> None:
    driver.require_reads()
    driver.require_many_requests()
    spelled = {
        ours: theirs
        for member in driver.members
        for ours, theirs in zip(member.parameters(UPDATE), member.parameters(CREATE), strict=True)
    }
    differing = [
        member for member in driver.members if member.parameters(UPDATE) != member.parameters(CREATE)
    ]
    _observe_renamed(check, driver, subject, spelled, differing)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-NAMES-IN-OTHER-CASE")
def test_what_names_in_capitals_do(check: Check, driver: R7Driver, subject: int) -> None:
    driver.require_reads()
    driver.require_many_requests()
    names = {name: name.upper() for member in driver.members for name in member.parameters(UPDATE)}
    _observe_renamed(check, driver, subject, names, driver.members)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-UNKNOWN-MEMBER")
def test_what_a_member_that_the_page_does_not_list_does(check: Check, driver: R7Driver, subject: int) -> None:
    driver.require_many_requests()
    made = driver.attempt(subject, driver.body(UPDATE) | {"etalonUnknown": "etalon"})
    check.observe("ignored" if made.accepted else "refused", *made.exchanges)


def _observe_renamed(
    check: Check, driver: R7Driver, subject: int, names: Mapping[str, str], members: Iterable[Member]
) -> None:
    """Observe what an update does that spells the names of its parameters otherwise."""
    body = driver.body(UPDATE)
    made = driver.attempt(subject, {names.get(name, name): value for name, value in body.items()})
    if not made.accepted:
        check.observe("rejected", *made.exchanges)
        return
    seen = {_taken(driver, member, body, made) for member in members} - {None}
    if not seen:
        raise Inconclusive(Message("nothing-shows-whether-taken"))
    behaviours = {True: "accepted", False: "ignored"}
    check.observe(behaviours[seen.pop() is True] if len(seen) == 1 else MIXED, *made.exchanges)


def _taken(driver: R7Driver, member: Member, body: Mapping[str, Any], made: Change) -> bool | None:
    """Whether the task has the value that was sent under another name; None where that cannot be seen."""
    written = json_patch(driver.resource, UPDATE, body).sets.get(member.name)
    if written is None or made.before is None or made.after is None:
        return None
    if member.same(made.before.value_of(member), written) or not member.shown_in(made.after.card):
        return None
    return member.same(made.after.value_of(member), written)
