from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from etalon.generation.calendar import Calendar
from etalon.generation.json_bodies import load_spec
from etalon.generation.narrowing import narrowed
from etalon.generation.openapi_document import members
from etalon.generation.packing import deadline, packed_body, plain_text
from etalon.resources.instants import TICKS_PER_SECOND, ticks
from etalon.shipped import spec

SPEC = load_spec(spec("r7", "openapi.yaml"))
KNOWN: dict[str, list[int | str]] = {
    "responsibles": ["9924256a-739c-462b-af15-e652a3b1b6eb", "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"],
    "categories": [31, 32],
    "contacts": [401, 402],
    "opportunities": [501, 502],
    "cases": [601, 602],
}
OPERATIONS = {"createTask": "PostCrmTaskBody", "updateTask": "PutCrmTaskByTaskidBody"}
STEPS = range(13)
CALENDAR = Calendar(2031)


def bodies(operation: str, known: dict[str, list[int | str]]) -> list[dict[str, Any]]:
    document = narrowed(SPEC, known, calendar=CALENDAR)
    return [packed_body(document, operation, step, plain_text, CALENDAR) for step in STEPS]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_packed_body_carries_every_member_of_the_page(operation: str) -> None:
    root = {"$ref": f"#/components/schemas/{OPERATIONS[operation]}", "components": SPEC["components"]}
    for body in bodies(operation, KNOWN):
        assert set(body) == set(members(SPEC, operation))
        assert list(Draft202012Validator(root).iter_errors(body)) == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_value_is_another_than_in_the_body_before(operation: str) -> None:
    quiet = {"isNotify"}
    for before, after in pairwise(bodies(operation, KNOWN)):
        assert {name for name in after if before[name] == after[name]} <= quiet


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_value_is_one_that_portals_show_as_nothing(operation: str) -> None:
    for body in bodies(operation, KNOWN):
        assert all(value for name, value in body.items() if name != "isNotify")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_has_no_known_id_is_left_out(operation: str) -> None:
    known = KNOWN | {"contacts": [], "opportunities": [], "cases": []}
    for body in bodies(operation, known):
        assert not {name.lower() for name in body} & {"contactid", "entityid", "entitytype"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_entity_is_of_its_type(operation: str) -> None:
    kinds = set()
    for body in bodies(operation, KNOWN):
        entity = {name.lower(): value for name, value in body.items()}
        kind = {"opportunity": "opportunities", "case": "cases"}[entity["entitytype"]]
        assert entity["entityid"] in KNOWN[kind]
        kinds.add(kind)
    assert kinds == {"opportunities", "cases"}


def test_deadlines_are_whole_seconds_in_both_spellings() -> None:
    spelled = [deadline(step, CALENDAR) for step in STEPS]
    moments = [ticks(one) for one in spelled]
    assert all(moment is not None and moment % TICKS_PER_SECOND == 0 for moment in moments)
    assert len(set(moments)) == len(moments)
    assert {("-" in one.partition("T")[2], len(one)) for one in spelled} == {(True, 24), (False, 28)}


def test_texts_are_told_apart() -> None:
    texts = {plain_text(member, step) for member in ("title", "description") for step in STEPS}
    assert len(texts) == 2 * len(STEPS)
