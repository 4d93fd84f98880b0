from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.judging.rules import stores
from etalon.judging.verdicts import Deviates, Finding, Inconclusive
from etalon.messages import Message
from etalon.resources.patch import json_patch
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.judging.situations import MIXED
from etalon.vendors.r7.scenarios.oddities import WITH_OFFSET, date_like, in_capitals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.resources.resource import Member
    from etalon.vendors.r7.scenarios.driver import Lab

CREATE, UPDATE = "createTask", "updateTask"
MINUTES: Mapping[str, int] = {"LARGEST": 2**31 - 1, "BEYOND-INT": 2**31, "NEGATIVE": -15}


@scenario()
def telling_values(lab: Lab, subject: int, oddities: Mapping[str, Change]) -> Mapping[str, Change]:
    """An update with date-like texts and a GUID in capitals; two where the one is refused."""
    packed = oddities.get(WITH_OFFSET)
    if packed is None or not packed.accepted:
        packed = lab.update(subject, in_capitals(lab, lab.body(UPDATE)) | date_like(lab.calendar))
    if packed.accepted:
        return {"guid": packed, "texts": packed}
    return {
        "guid": lab.update(subject, in_capitals(lab, lab.body(UPDATE))),
        "texts": lab.update(subject, lab.body(UPDATE) | date_like(lab.calendar)),
    }


@pytest.mark.requirement("R7-GUID-ANY-CASE")
def test_a_guid_means_the_same_in_capitals(
    check: Check, lab: Lab, telling_values: Mapping[str, Change]
) -> None:
    lab.require_reads()
    responsible, made = lab.member("responsible"), telling_values["guid"]
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
def test_a_text_like_a_date_is_a_text(check: Check, lab: Lab, telling_values: Mapping[str, Change]) -> None:
    lab.require_reads()
    made = telling_values["texts"]
    if not made.accepted or made.after is None:
        raise Inconclusive(Message("date-like-texts-refused"))
    for name, text in date_like(lab.calendar).items():
        member = lab.member(name)
        if not member.promised and not lab.shows(member):
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
def test_which_numbers_of_minutes_are_taken(check: Check, lab: Lab, subject: int, minutes: str) -> None:
    lab.require_many_requests()
    made = lab.attempt(subject, lab.body(UPDATE) | {"alertValue": MINUTES[minutes]})
    if made.accepted and lab.shows(lab.member("alertvalue")):
        outcome = stores(lab.member("alertvalue"), made)
        if isinstance(outcome, Finding):
            raise Deviates(outcome)
    check.observe("accepted" if made.accepted else "refused", *made.exchanges)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-SPELLING-OF-OTHER-PAGE")
def test_what_the_spelling_of_the_other_page_does(check: Check, lab: Lab, subject: int) -> None:
    lab.require_reads()
    lab.require_many_requests()
    spelled = {
        ours: theirs
        for member in lab.members
        for ours, theirs in zip(member.parameters(UPDATE), member.parameters(CREATE), strict=True)
    }
    differing = [member for member in lab.members if member.parameters(UPDATE) != member.parameters(CREATE)]
    _observe_renamed(check, lab, subject, spelled, differing)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-NAMES-IN-OTHER-CASE")
def test_what_names_in_capitals_do(check: Check, lab: Lab, subject: int) -> None:
    lab.require_reads()
    lab.require_many_requests()
    names = {name: name.upper() for member in lab.members for name in member.parameters(UPDATE)}
    _observe_renamed(check, lab, subject, names, lab.members)


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-UNKNOWN-MEMBER")
def test_what_a_member_that_the_page_does_not_list_does(check: Check, lab: Lab, subject: int) -> None:
    lab.require_many_requests()
    made = lab.attempt(subject, lab.body(UPDATE) | {"etalonUnknown": "etalon"})
    check.observe("ignored" if made.accepted else "refused", *made.exchanges)


def _observe_renamed(
    check: Check, lab: Lab, subject: int, names: Mapping[str, str], members: Iterable[Member]
) -> None:
    """Observe what an update does that spells the names of its parameters otherwise."""
    body = lab.body(UPDATE)
    made = lab.attempt(subject, {names.get(name, name): value for name, value in body.items()})
    if not made.accepted:
        check.observe("rejected", *made.exchanges)
        return
    seen = {_taken(lab, member, body, made) for member in members} - {None}
    if not seen:
        raise Inconclusive(Message("nothing-shows-whether-taken"))
    behaviours = {True: "accepted", False: "ignored"}
    check.observe(behaviours[seen.pop() is True] if len(seen) == 1 else MIXED, *made.exchanges)


def _taken(lab: Lab, member: Member, body: Mapping[str, Any], made: Change) -> bool | None:
    """Whether the task has the value that was sent under another name; None where that cannot be seen."""
    written = json_patch(lab.resource, UPDATE, body).sets.get(member.name)
    if written is None or made.before is None or made.after is None:
        return None
    if member.same(made.before.value_of(member), written) or not member.shown_in(made.after.card):
        return None
    return member.same(made.after.value_of(member), written)
