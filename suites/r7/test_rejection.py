from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.generation.packing import plain_text
from etalon.judging.r7.evidence import Change, change
from etalon.judging.r7.rules import untouched
from etalon.judging.verdicts import Finding, NotApplicable
from etalon.portals.r7.client import task_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.checking import Check
    from etalon.labs.r7 import Lab

# What each refused update sends beside a valid new title and description, in the spelling of the page.
WRONG: Mapping[str, Mapping[str, Any]] = {
    "UNKNOWN-ENTITY-TYPE": {"entityType": "spaceship", "entityid": 1},
    "MALFORMED-DEADLINE": {"deadline": "tomorrow at noon"},
    "MALFORMED-RESPONSIBLE": {"responsibleid": "not-a-guid"},
    "MALFORMED-CATEGORY": {"categoryid": "first"},
    "MALFORMED-ALERTVALUE": {"alertValue": "soon"},
}
_BROKEN_JSON = '{"title": "%s", "description": '
_FAR_AWAY = 1_000_000  # from any id that is in use


@pytest.fixture(scope="session")
def wrong_updates(lab: Lab, subject: int, updated: Change) -> Mapping[str, Change]:
    """One update per wrong value; its other members are valid and new, so that half of it would show."""
    del updated
    made = {}
    for name, wrong in WRONG.items():
        body = lab.body("updateTask") | dict(wrong)
        made[name] = lab.update(subject, body)
    title = plain_text("title", lab.steps + 1)
    trace = lab.bench.update(subject, {"title": title}, raw=(_BROKEN_JSON % title).encode())
    made["BROKEN-JSON"] = change(trace)
    return made


@pytest.fixture(scope="session")
def unknown_category(lab: Lab, subject: int) -> Change:
    """An update to a category that does not exist."""
    category = max(int(known) for known in lab.known["categories"]) + _FAR_AWAY
    return lab.update(subject, lab.body("updateTask") | {"categoryid": category})


@pytest.mark.requirement("R7-UPDATE-REFUSES-{wrong}")
@pytest.mark.parametrize("wrong", [*WRONG, "BROKEN-JSON"])
def test_a_wrong_update_is_refused(check: Check, wrong_updates: Mapping[str, Change], wrong: str) -> None:
    made = wrong_updates[wrong]
    check.observe("accepted" if made.accepted else "refused", *made.exchanges)


@pytest.mark.requirement("R7-UPDATE-UNKNOWN-CATEGORY")
def test_what_an_unknown_category_does(check: Check, unknown_category: Change) -> None:
    check.observe("accepted" if unknown_category.accepted else "refused", *unknown_category.exchanges)


@pytest.mark.requirement("R7-REFUSED-UPDATE-CHANGES-NOTHING")
def test_a_refused_update_changes_nothing(
    check: Check, lab: Lab, wrong_updates: Mapping[str, Change], unknown_category: Change
) -> None:
    lab.require_reads()
    refused = [made for made in (*wrong_updates.values(), unknown_category) if not made.accepted]
    if not refused:
        raise NotApplicable("the portal refuses none of the wrong updates, so there is nothing to undo")

    def rule(made: Change) -> Finding | bool | None:
        if made.before is None or made.after is None:
            return None  # the task cannot be read
        outcome = untouched(lab.members, made.before, made.after, "the update was answered with an error")
        if isinstance(outcome, Finding):
            return Finding(
                outcome.summary, outcome.expected, outcome.observed, made.exchanges, outcome.member
            )
        return outcome

    check.each(refused, rule)


@pytest.mark.requirement("R7-CREATE-REQUIRES-{member}")
@pytest.mark.parametrize("member", ["title", "deadline", "responsible", "category"])
def test_a_creation_without_a_mandatory_member_is_refused(check: Check, lab: Lab, member: str) -> None:
    body = lab.without(lab.body("createTask"), "createTask", member)
    answer = lab.client.create_task(body)
    accepted = answer.response.ok and task_id(answer) is not None
    check.observe("accepted" if accepted else "refused", answer)


@pytest.mark.requirement("R7-UPDATE-UNKNOWN-ID-CREATES-NOTHING")
def test_an_update_of_an_unknown_id_creates_nothing(check: Check, unknown_id_update: Change) -> None:
    made = unknown_id_update
    creates = made.after is not None or (made.accepted and made.echo is not None)
    check.observe("creates" if creates else "creates-nothing", *made.exchanges)


@pytest.mark.requirement("R7-UPDATE-UNKNOWN-ID-IS-REFUSED")
def test_an_update_of_an_unknown_id_is_refused(check: Check, unknown_id_update: Change) -> None:
    check.observe("accepted" if unknown_id_update.accepted else "refused", *unknown_id_update.exchanges)
