from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from etalon.generation.drawing import draw
from etalon.generation.json_bodies import negative_bodies
from etalon.generation.packing import plain_text
from etalon.generation.unknown import UNKNOWN_PERSON
from etalon.judging.afterwards import goes_on
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.answers import listed_tasks, task_id
from etalon.vendors.r7.judging.situations import MIXED
from etalon.vendors.r7.scenarios.refusals import (
    Creations,
    WrongRequest,
    encoded,
    left_untouched,
    lived,
    send_batch,
)
from etalon.vendors.r7.scenarios.situations import MANDATORY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.scenarios.driver import R7Driver
    from etalon.vendors.r7.scenarios.refusals import Batch

CREATE, UPDATE = "createTask", "updateTask"
# What each update sends in place of a valid value, in the spelling of the page: nothing that could be meant.
# Numbers have a letter behind them, which readers overlook that stop where the digits end.
# The id of the entity stays a valid one, so that its type alone is what is wrong.
WRONG: Mapping[str, Mapping[str, Any]] = {
    "UNKNOWN-ENTITY-TYPE": {"entityType": "spaceship"},
    "MALFORMED-DEADLINE": {"deadline": "tomorrow at noon"},
    "IMPOSSIBLE-DEADLINE": {"deadline": "{year}-02-30T09:00:00.0000000Z"},
    "MALFORMED-RESPONSIBLE": {"responsibleid": "not-a-guid"},
    "MALFORMED-CATEGORY": {"categoryid": "1x"},
    "MALFORMED-CONTACT": {"contactid": "1x"},
    "MALFORMED-ENTITYID": {"entityType": "opportunity", "entityid": "1x"},
    "MALFORMED-ISNOTIFY": {"isNotify": "perhaps"},
    "MALFORMED-ALERTVALUE": {"alertValue": "20000000x"},
}
# Of those, the ones that are worth a request where requests are few.
PLAINLY_WRONG = (
    "UNKNOWN-ENTITY-TYPE",
    "MALFORMED-DEADLINE",
    "MALFORMED-RESPONSIBLE",
    "MALFORMED-CATEGORY",
    "MALFORMED-ALERTVALUE",
)
TAIL = "RESPONSIBLE-WITH-TAIL"
"""An identifier of somebody with a sign behind it."""
WRONG_BODIES = ("BROKEN-JSON", "ARRAY-BODY", "TEXT-BODY")
# What a portal may well take, each in its own way.
ODD: Mapping[str, Mapping[str, Any]] = {
    "NUMBER-FOR-TEXT": {"title": 12345},
    "TEXT-FOR-BOOLEAN": {"isNotify": "false"},
    "OBJECT-FOR-TEXT": {"description": {"text": "etalon"}},
    "ARRAY-FOR-TEXT": {"description": ["etalon"]},
    "FRACTION-FOR-ID": {"categoryid": 12.5},
    "UNKNOWN-RESPONSIBLE": {"responsibleid": UNKNOWN_PERSON},
}
ODD_BODIES = (
    "TEXT-FOR-NUMBER",
    "EMPTY-BODY",
    "BROKEN-UTF",
    "MEGABYTE-BODY",
    "DEEP-BODY",
    "CONTENT-TYPE-OTHER",
    "CONTENT-TYPE-FORM",
    "CONTENT-TYPE-MISSING",
    "UNKNOWN-CONTACT",
    "UNKNOWN-ENTITY",
)
WRONG_CREATIONS: Mapping[str, Mapping[str, Any]] = {
    "UNKNOWN-ENTITY-TYPE": {"entityType": "spaceship"},
    "MALFORMED-DEADLINE": {"deadline": "tomorrow at noon"},
    "MALFORMED-RESPONSIBLE": {"responsibleId": "not-a-guid"},
    "MALFORMED-CATEGORY": {"categoryId": "1x"},
    "MALFORMED-CONTACT": {"contactId": "1x"},
    "MALFORMED-ENTITYID": {"entityType": "opportunity", "entityId": "1x"},
    "MALFORMED-ISNOTIFY": {"isNotify": "perhaps"},
    "MALFORMED-ALERTVALUE": {"alertValue": "20000000x"},
}
_FAR_AWAY = 1_000_000  # from any id that is in use
_MEBIBYTE = 2**20
_DEEP = 10_000
_DRAWN = 3
_CLIENT_ERRORS = range(400, 500)


@scenario(after=["updated"])
def wrong_updates(driver: R7Driver, subject: int) -> Batch:
    """One update per wrong value."""
    wrong_values = WRONG if driver.thorough else {name: WRONG[name] for name in PLAINLY_WRONG}
    tries = {
        name: WrongRequest(driver.body(UPDATE) | _in_year(driver, wrong))
        for name, wrong in wrong_values.items()
    }
    category = max(int(known) for known in driver.known["categories"]) + _FAR_AWAY
    tries["UNKNOWN-CATEGORY"] = WrongRequest(driver.body(UPDATE) | {"categoryid": category})
    body = driver.body(UPDATE)
    tries["BROKEN-JSON"] = WrongRequest(body, encoded(body)[:-1])
    if not driver.thorough:
        return send_batch(driver, subject, tries, lives_on=True)
    body = driver.body(UPDATE)
    tries[TAIL] = WrongRequest(body | {"responsibleid": f"{body['responsibleid']}0"})
    tries["ARRAY-BODY"] = WrongRequest(body, b"[%b]" % encoded(body))
    tries["TEXT-BODY"] = WrongRequest(body, b'"%b"' % plain_text("title", driver.bodies).encode())
    return send_batch(driver, subject, tries, lives_on=True)


@scenario(after=["wrong_updates"])
def odd_updates(driver: R7Driver, subject: int) -> Batch:
    """One update per value, body and declaration that a portal may well take in its own way."""
    tries = {name: WrongRequest(driver.body(UPDATE) | dict(odd)) for name, odd in ODD.items()}
    body = driver.body(UPDATE)
    tries["TEXT-FOR-NUMBER"] = WrongRequest(body | {"categoryid": str(body["categoryid"])})
    for name, kinds in {
        "UNKNOWN-CONTACT": ("contacts",),
        "UNKNOWN-ENTITY": ("opportunities", "cases"),
    }.items():
        unknown = max((int(known) for kind in kinds for known in driver.known[kind]), default=0) + _FAR_AWAY
        named = {"contactid": unknown}
        entity = {"entityType": "opportunity", "entityid": unknown}
        tries[name] = WrongRequest(driver.body(UPDATE) | (named if "contacts" in kinds else entity))
    tries["EMPTY-BODY"] = WrongRequest({}, b"")
    body = driver.body(UPDATE)
    tries["BROKEN-UTF"] = WrongRequest(
        body, encoded(body | {"description": "etalon @"}).replace(b"@", b"\xff\xfe")
    )
    body = driver.body(UPDATE)
    tries["MEGABYTE-BODY"] = WrongRequest(body, encoded(body).replace(b"{", b"{" + b" " * _MEBIBYTE, 1))
    body = driver.body(UPDATE)
    nested = b"[" * _DEEP + b"]" * _DEEP
    tries["DEEP-BODY"] = WrongRequest(body, encoded(body | {"description": "@"}).replace(b'"@"', nested))
    for name, declared in {
        "OTHER": "text/plain",
        "FORM": "application/x-www-form-urlencoded",
        "MISSING": None,
    }.items():
        body = driver.body(UPDATE)
        tries[f"CONTENT-TYPE-{name}"] = WrongRequest(body, encoded(body), declared)
    return send_batch(driver, subject, tries)


@scenario(after=["odd_updates"])
def negative_updates(driver: R7Driver, subject: int, document: Mapping[str, Any], seed: int) -> Batch:
    """Updates that the page's types forbid, as Schemathesis draws them."""
    strategy = negative_bodies(driver.document, UPDATE, forbidden_by=document)
    drawn = dict.fromkeys(
        body if isinstance(body, bytes) else encoded(body) for body in draw(strategy, _DRAWN, seed)
    )
    # What is drawn at random may name a day that breaks calendars.
    bodies = [raw for raw in drawn if driver.permits(subject, raw)]
    return send_batch(
        driver, subject, {f"{place}": WrongRequest({}, raw) for place, raw in enumerate(bodies)}
    )


@scenario(after=["created"])  # a good one goes first
def wrong_creations(driver: R7Driver) -> Creations:
    """One creation per wrong value, and one without each member that the page does not mark optional."""
    made = Creations()
    for name, wrong in WRONG_CREATIONS.items():
        if not driver.thorough and name != "UNKNOWN-ENTITY-TYPE":
            continue
        _try_to_create(driver, made, name, driver.body(CREATE) | dict(wrong))
    for member in MANDATORY:
        _try_to_create(driver, made, f"WITHOUT-{member.upper()}", driver.body(CREATE), member)
    if not driver.thorough:
        return made
    body = driver.body(CREATE)
    made.answers["BROKEN-JSON"] = driver.client.create_task(encoded(body)[:-1])
    return made


@scenario(after=["created", "wrong_creations"])
def listed(driver: R7Driver) -> Exchange:
    """The tasks that have the mark of this run, after all creations that were refused."""
    listing = driver.client.find_marked()
    driver.client.suspect(listing)  # what was refused may have been made all the same
    return listing


@scenario(after=["many_updates"])
def last_list(driver: R7Driver) -> Exchange:
    """The tasks that have the mark of this run, after all updates."""
    driver.require_many_requests()
    return driver.client.find_marked()


@pytest.mark.requirement("R7-UPDATE-REFUSES-{wrong}")
@pytest.mark.parametrize("wrong", [*WRONG, *WRONG_BODIES])
def test_a_wrong_update_is_refused(check: Check, driver: R7Driver, wrong_updates: Batch, wrong: str) -> None:
    if wrong not in wrong_updates.changes:
        driver.require_many_requests()
    _observe(check, wrong_updates.changes[wrong])
    if wrong == "MALFORMED-RESPONSIBLE" and TAIL in wrong_updates.changes:
        _observe(check, wrong_updates.changes[TAIL])


@pytest.mark.requirement("R7-UPDATE-UNKNOWN-CATEGORY")
def test_what_an_unknown_category_does(check: Check, wrong_updates: Batch) -> None:
    _observe(check, wrong_updates.changes["UNKNOWN-CATEGORY"])


@pytest.mark.requirement("R7-UPDATE-{odd}")
@pytest.mark.parametrize("odd", [*ODD, *ODD_BODIES])
def test_what_an_odd_update_does(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, odd: str
) -> None:
    driver.require_many_requests()
    _observe(check, request.getfixturevalue("odd_updates").changes[odd])


@pytest.mark.usefixtures("updated")
@pytest.mark.requirement("R7-UPDATE-DUPLICATE-MEMBER")
def test_what_a_member_named_twice_does(check: Check, driver: R7Driver, subject: int) -> None:
    driver.require_reads()
    driver.require_many_requests()
    body, last = driver.body(UPDATE), plain_text("title", driver.bodies + 1000)
    raw = encoded(body)[:-1] + b', "title": "%b"}' % last.encode()
    made = driver.attempt(subject, body, raw)
    if not made.accepted:
        check.observe("refused", *made.exchanges)
        return
    title = made.after.card.get("title") if made.after else None
    if title not in {body["title"], last}:
        raise Inconclusive(Message("neither-title-read"))
    check.observe("last" if title == last else "first", *made.exchanges)


@pytest.mark.requirement("R7-UPDATE-NEGATIVE-BODIES")
def test_what_bodies_outside_the_types_do(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest
) -> None:
    driver.require_many_requests()
    batch: Batch = request.getfixturevalue("negative_updates")
    seen = {_behaviour(made) for made in batch.changes.values()}
    check.observe(
        seen.pop() if len(seen) == 1 else MIXED, *(made.exchange for made in batch.changes.values())
    )


@pytest.mark.requirement("R7-REFUSED-UPDATE-CHANGES-NOTHING")
def test_a_refused_update_changes_nothing(
    check: Check, driver: R7Driver, request: pytest.FixtureRequest, wrong_updates: Batch
) -> None:
    driver.require_reads()
    batches = [wrong_updates]
    if driver.thorough:
        batches += [request.getfixturevalue("odd_updates"), request.getfixturevalue("negative_updates")]
    if not any(batch.suspects for batch in batches):
        raise NotApplicable(Message("refuses-no-wrong-update-to-undo"))
    check.each(batches, lambda batch: left_untouched(driver, batch))


@pytest.mark.requirement("R7-UPDATE-AFTER-REFUSAL")
def test_an_ordinary_update_is_carried_out_after_a_refusal(
    check: Check, driver: R7Driver, wrong_updates: Batch
) -> None:
    driver.require_reads()
    if not wrong_updates.followed:
        raise NotApplicable(Message("refuses-no-wrong-update-to-undo"))
    check.each(filter(None, [lived(driver, wrong_updates)]), partial(goes_on, driver.resource))


@pytest.mark.requirement("R7-REFUSAL-STATUS")
def test_with_which_class_of_status_input_is_refused(check: Check, wrong_updates: Batch) -> None:
    for made in wrong_updates.changes.values():
        if made.accepted:
            continue
        status = made.exchange.response.status
        if status in _CLIENT_ERRORS:
            check.observe("client-error", made.exchange)
        else:
            check.observe("success" if made.exchange.response.ok else "other", made.exchange)
    if not check.checked:
        raise Inconclusive(Message("refuses-no-wrong-update"))


@pytest.mark.requirement("R7-CREATE-REFUSES-{wrong}")
@pytest.mark.parametrize("wrong", [*WRONG_CREATIONS, "BROKEN-JSON"])
def test_a_wrong_creation_is_refused(
    check: Check, driver: R7Driver, wrong_creations: Creations, wrong: str
) -> None:
    if wrong not in wrong_creations.answers:
        driver.require_many_requests()
    answer = wrong_creations.answers[wrong]
    check.observe("accepted" if wrong_creations.accepted(wrong) else "refused", answer)


@pytest.mark.requirement("R7-CREATE-REQUIRES-{member}")
@pytest.mark.parametrize("member", MANDATORY)
def test_a_creation_without_a_mandatory_member_is_refused(
    check: Check, wrong_creations: Creations, member: str
) -> None:
    name = f"WITHOUT-{member.upper()}"
    check.observe("accepted" if wrong_creations.accepted(name) else "refused", wrong_creations.answers[name])


@pytest.mark.requirement("R7-REFUSED-CREATE-CREATES-NOTHING")
def test_a_refused_creation_creates_nothing(
    check: Check, driver: R7Driver, neighbour: int, wrong_creations: Creations, listed: Exchange
) -> None:
    tasks = listed_tasks(listed)
    if tasks is None or not any(task.get("id") in driver.client.scratch.ids for task in tasks):
        raise NotApplicable(Message("lists-no-tasks-by-text"))
    recent = [task for task in tasks if isinstance(task.get("id"), int) and task["id"] > neighbour]

    def rule(name: str) -> Finding | bool | None:
        if wrong_creations.accepted(name):
            return None  # it is created, and says so; whether it may be is another requirement
        mark = wrong_creations.marks[name]
        found = next((task for task in recent if mark in {task.get("title"), task.get("description")}), None)
        return found is None or Finding(
            summary=Message("refused-creation-creates"),
            expected=Message("no-task"),
            observed=Message("task-of-id", id=found["id"]),
            exchanges=(wrong_creations.answers[name], listed),
        )

    check.each(wrong_creations.marks, rule, otherwise=Message("refuses-no-wrong-creation"))


@pytest.mark.after_all
@pytest.mark.requirement("R7-UPDATE-CREATES-NO-TASK")
def test_no_update_creates_a_task(
    check: Check, driver: R7Driver, last_list: Exchange, wrong_creations: Creations
) -> None:
    items = listed_tasks(last_list)
    if items is None:
        raise NotApplicable(Message("lists-no-tasks-by-text"))
    mark, known = driver.mark, driver.client.scratch.named
    refused = set(wrong_creations.marks.values())  # whether those create a task is another requirement

    def rule(item: Mapping[str, Any]) -> Finding | bool | None:
        if mark not in str(item) or not isinstance(item.get("id"), int):
            return None  # somebody else's
        if refused & {item.get("title"), item.get("description")}:
            return None
        if item["id"] in known:
            return True
        driver.client.scratch.suspected(item["id"])
        return Finding(
            summary=Message("task-made-unasked"),
            expected=Message("no-task"),
            observed=Message("task-of-id", id=item["id"]),
            exchanges=(last_list,),
        )

    check.each(items, rule)


@pytest.mark.requirement("R7-UPDATE-UNKNOWN-ID-CREATES-NOTHING")
def test_an_update_of_an_unknown_id_creates_nothing(check: Check, unknown_id_update: Change) -> None:
    made = unknown_id_update
    creates = made.after is not None or (made.accepted and made.echo is not None)
    check.observe("creates" if creates else "creates-nothing", *made.exchanges)


@pytest.mark.requirement("R7-UPDATE-UNKNOWN-ID-IS-REFUSED")
def test_an_update_of_an_unknown_id_is_refused(
    check: Check, unknown_id_update: Change, wrapped_id_update: Change | None
) -> None:
    _observe(check, unknown_id_update)
    if wrapped_id_update is not None and wrapped_id_update.accepted:
        _observe(check, wrapped_id_update)  # a portal that makes tasks of unknown ids may refuse this one


@pytest.mark.requirement("R7-UPDATE-UNKNOWN-ID-ANSWER")
def test_what_the_answer_about_an_unknown_id_says(check: Check, unknown_id_update: Change) -> None:
    made = unknown_id_update
    refusals = {404: "not-found", 400: "bad-request"}
    if not made.accepted:
        check.observe(refusals.get(made.exchange.response.status, "other-refusal"), *made.exchanges)
    elif made.echo is None:
        check.observe("nothing", *made.exchanges)
    else:
        asked = task_id(made.exchange) == made.exchange.subject
        check.observe("asked-id" if asked else "new-id", *made.exchanges)


def _in_year(driver: R7Driver, wrong: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the year of the calendar."""
    year = driver.calendar.year
    return {name: one.format(year=year) if isinstance(one, str) else one for name, one in wrong.items()}


def _try_to_create(driver: R7Driver, made: Creations, name: str, body: dict[str, Any], *without: str) -> None:
    """Send a creation whose texts tell it from all others, should it be created all the same."""
    mark = driver.marked(f"etalon {name}")
    body = driver.without(body | {"title": mark, "description": mark}, CREATE, *without)
    made.answers[name], made.marks[name] = driver.client.create_task(body), mark


def _observe(check: Check, made: Change) -> None:
    check.observe(_behaviour(made), *made.exchanges)


def _behaviour(made: Change) -> str:
    return "accepted" if made.accepted else "refused"
