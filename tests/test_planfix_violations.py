from __future__ import annotations

from collections import Counter

import pytest
from lxml import etree
from xmlschema import XMLSchema11

from etalon.generation.calendar import Calendar
from etalon.shipped import contract, spec
from etalon.vendors.planfix.generation.violations import (
    EXISTING,
    Misshapen,
    Violation,
    in_turns,
    misshapen,
    violations,
)
from etalon.vendors.planfix.requests import document, elements
from etalon.vendors.planfix.scenarios.refused import OUT_OF_RANGE, ROWS, row_of

SCHEMA = XMLSchema11(str(spec("planfix", "task.update.request.xsd")))
CALENDAR = Calendar(2031)
FOUND = violations(SCHEMA, CALENDAR)
TEXTS = {
    "task/id": "77",
    "task/status": "ACCEPTED",
    "task/startTime": "05-03-2031",
    "task/endTime": "05-03-2033",
    "task/owner/id": "501",
    "**/addUsers/id": "502",
}


@pytest.mark.parametrize("violation", FOUND, ids=lambda one: f"{one.path}={one.value}")
def test_each_update_is_wrong_in_one_place_alone(violation: Violation) -> None:
    request = document("task.update", elements({"task": {"id": 5, **violation.members}}))
    where = {str(error.path) for error in SCHEMA.iter_errors(request)}
    wrong = f"/request/task/{violation.path}"
    # What is wrong in a type makes the rule wrong that says what may stand beside it.
    assert wrong in where <= {wrong, wrong.removesuffix("/type")}
    assert repr(violation.value) in str(violation.why)
    assert str(violation.why).endswith(f"({violation.constraint}, XSD {violation.clause})")


def test_every_member_with_a_constraint_is_broken() -> None:
    paths = {violation.path for violation in FOUND}
    for constrained in ("importance", "status", "checkResult", "startTime", "endTime"):
        assert constrained in paths
    for reference in ("owner", "parent", "project", "client"):
        assert f"{reference}/id" in paths
    for verb in ("add", "del"):
        assert {f"workers/{verb}Users/id", f"workers/{verb}Groups/id"} <= paths
    assert {path.removeprefix("periodicity/") for path in paths if path.startswith("periodicity/")} == {
        "daily/type",
        "daily/shift",
        "weekly/type",
        "weekly/shift",
        "weekly/days",
        "monthly/type",
        "monthly/month",
        "monthly/day",
        "monthly/dayType",
        "startDate",
        "endCondition/type",
        "endCondition/date",
        "endCondition/repeatCount",
        "notify/type",
        "notify/day",
    }


def test_every_violation_has_a_requirement() -> None:
    known = {row.id for row in contract("planfix").requirements}
    for violation in FOUND:
        row = row_of(violation)
        assert f"PF-{row}" in known if row == OUT_OF_RANGE else f"PF-REFUSES-{row}" in known
        assert row in {*ROWS, OUT_OF_RANGE}


def test_where_requests_are_few_each_wrong_day_is_sent_somewhere_and_each_member_gets_one() -> None:
    chosen = in_turns(FOUND)
    days = [one for one in FOUND if one.breaks == EXISTING]
    assert [one for one in chosen if one.breaks != EXISTING] == [
        one for one in FOUND if one.breaks != EXISTING
    ]
    sent = [one for one in chosen if one.breaks == EXISTING]
    assert {one.value for one in sent} == {one.value for one in days}
    assert Counter(one.path for one in sent) == dict.fromkeys((one.path for one in days), 1)


def _misshapen(each: int) -> list[Misshapen]:
    return misshapen(SCHEMA, TEXTS, each, CALENDAR)


@pytest.mark.parametrize("one", _misshapen(1000), ids=lambda one: one.why)
def test_what_is_misshapen_asks_for_nothing_that_is_not_known(one: Misshapen) -> None:
    request = one.request
    assert not SCHEMA.is_valid(request)
    assert [node.text for node in request.iterfind("task/id")] == ["77"]
    assert {node.text for node in request.iterfind("task//id")} <= {"77", "501", "502", None}
    assert not set(map(str, (node.tag for node in request))) - {"task"}
    years = {
        node.text[6:10] for tag in ("startTime", "endTime", "date") for node in request.iter(tag) if node.text
    }
    assert years <= {"2031", "2033"}
    # Whoever is reminded has years until then.
    assert request.find(".//notify") is None or request.findtext(".//startDate") == "06-03-2031"


def test_members_are_misshapen_in_every_way_that_has_no_check_of_its_own() -> None:
    few, many = _misshapen(1), _misshapen(5)
    kinds = [one.kind for one in few]
    assert len(kinds) == len(set(kinds)) >= 10
    assert {one.kind for one in many} == set(kinds)
    assert max(Counter(one.kind for one in many).values()) == 5
    assert len({one.why for one in many}) == len(many)
    assert [etree.tostring(one.request) for one in _misshapen(5)] == [
        etree.tostring(one.request) for one in many
    ]
    assert {one.kind for one in misshapen(SCHEMA, TEXTS, 1, CALENDAR, but=["nil"])} == set(kinds) - {"nil"}
