from __future__ import annotations

import pytest
from xmlschema import XMLSchema11

from etalon.generation.planfix_violations import Violation, violations
from etalon.labs.planfix_refused import OUT_OF_RANGE, ROWS, row_of
from etalon.portals.planfix.requests import document, elements
from etalon.resources import contract, spec

SCHEMA = XMLSchema11(str(spec("planfix", "task.update.request.xsd")))
FOUND = violations(SCHEMA)


@pytest.mark.parametrize("violation", FOUND, ids=lambda one: f"{one.path}={one.value}")
def test_each_update_is_wrong_in_one_place_alone(violation: Violation) -> None:
    request = document("task.update", elements({"task": {"id": 5, **violation.members}}))
    where = {str(error.path) for error in SCHEMA.iter_errors(request)}
    wrong = f"/request/task/{violation.path}"
    # What is wrong in a type makes the rule wrong that says what may stand beside it.
    assert wrong in where <= {wrong, wrong.removesuffix("/type")}
    assert repr(violation.value) in violation.why


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
