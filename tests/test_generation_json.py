from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator

from etalon.generation.calendar import Calendar
from etalon.generation.deadlines import FORMATS, deadlines
from etalon.generation.drawing import draw
from etalon.generation.json_bodies import (
    MissingPrerequisiteError,
    UnknownMemberError,
    UnknownOperationError,
    body_strategy,
    load_spec,
    members,
    narrowed,
)
from etalon.generation.packing import packed_body, plain_text
from etalon.generation.text import is_visible, utf16_length

ROOT = Path(__file__).parent.parent
SPEC = load_spec(ROOT / "specs" / "r7" / "openapi.yaml")
KNOWN: dict[str, list[int | str]] = {
    "responsibles": ["9924256a-739c-462b-af15-e652a3b1b6eb", "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"],
    "categories": [31, 32],
    "contacts": [401],
    "opportunities": [501],
    "cases": [601, 602],
}
CALENDAR = Calendar(2031)
NARROWED = narrowed(SPEC, KNOWN, calendar=CALENDAR)
BODIES = {"createTask": "PostCrmTaskBody", "updateTask": "PutCrmTaskByTaskidBody"}
ENTITIES = {"opportunity": [501], "case": [601, 602]}


def accepts(schema: str, value: object) -> bool:
    root = {"$ref": f"#/components/schemas/{schema}", "components": SPEC["components"]}
    valid: bool = Draft202012Validator(root).is_valid(value)
    return valid


def moment(deadline: str) -> datetime:
    """Reads a deadline with the standard library, which knows neither dashes nor 100 ns."""
    day, _, clock = deadline.partition("T")
    if re.match(r"\d\d-\d\d-\d\d\.", clock):
        clock = clock.replace("-", ":", 2)
    clock = re.sub(r"(\.\d{6})\d", r"\1", clock)
    return datetime.fromisoformat(f"{day}T{clock}").astimezone(UTC)


@pytest.mark.parametrize("operation", BODIES)
def test_bodies_are_what_the_page_allows_and_the_target_knows(operation: str) -> None:
    page = SPEC["components"]["schemas"][BODIES[operation]]["properties"]
    for body in draw(body_strategy(NARROWED, operation), 150, seed_=1):
        assert accepts(BODIES[operation], body)
        assert body.keys() <= page.keys()
        by_lower_case = {name.lower(): value for name, value in body.items()}
        assert by_lower_case.get("responsibleid") in {None, *KNOWN["responsibles"]}
        assert by_lower_case.get("categoryid") in {None, *KNOWN["categories"]}
        assert by_lower_case.get("contactid") in {None, *KNOWN["contacts"]}
        assert ("entitytype" in by_lower_case) == ("entityid" in by_lower_case)
        if "entityType" in body:
            assert by_lower_case["entityid"] in ENTITIES[str(body["entityType"])]
        assert body.get("isNotify", False) is False
        assert body.get("alertValue", 0) in page["alertValue"]["x-etalon"]["quiet-values"]
        assert all(type(value) is not float for value in body.values())
        title = str(body.get("title", "x"))
        assert is_visible(title)
        assert utf16_length(title) <= 255


@pytest.mark.parametrize("operation", BODIES)
def test_bodies_reach_every_member_alternative_and_spelling(operation: str) -> None:
    bodies = draw(body_strategy(NARROWED, operation), 100, seed_=1)
    assert {name for body in bodies for name in body} == set(members(SPEC, operation))
    assert {body.get("entityType") for body in bodies} == {None, "opportunity", "case"}
    deadlines = [str(body["deadline"]) for body in bodies if "deadline" in body]
    for schema in ("DateDash", "DateRoundtrip"):
        assert any(accepts(schema, deadline) for deadline in deadlines)
    assert any(body.keys() != bodies[0].keys() for body in bodies)


@pytest.mark.parametrize("operation", BODIES)
def test_required_members_are_in_every_body(operation: str) -> None:
    wanted = members(NARROWED, operation)
    for body in draw(body_strategy(NARROWED, operation, required=wanted), 20, seed_=2):
        assert body.keys() == set(wanted)


def test_an_update_can_be_empty_and_a_creation_cannot() -> None:
    assert {} in draw(body_strategy(NARROWED, "updateTask"), 5, seed_=1)
    for body in draw(body_strategy(NARROWED, "createTask"), 30, seed_=1):
        assert body.keys() >= {"title", "deadline", "responsibleId", "categoryId"}


@pytest.mark.parametrize("spelling", FORMATS)
def test_deadlines_exist_and_avoid_the_known_traps(spelling: str) -> None:
    schema = "DateDash" if spelling == "date-time-dash" else "DateRoundtrip"
    for deadline in draw(deadlines(CALENDAR)[spelling], 200, seed_=1):
        assert accepts(schema, deadline)
        assert CALENDAR.first <= moment(deadline).date() <= CALENDAR.last
        assert 6 <= moment(deadline).hour < 22
        if spelling == "date-time-roundtrip":
            fraction = deadline.partition(".")[2][:7]
            assert fraction == "0000000" or not fraction.endswith("0")


def test_references_without_known_ids_are_left_out() -> None:
    document = narrowed(SPEC, {"opportunities": [501]}, calendar=CALENDAR)
    assert members(document, "updateTask") == (
        "title",
        "description",
        "deadline",
        "isNotify",
        "alertValue",
        "entityType",
        "entityid",
    )
    for body in draw(body_strategy(document, "updateTask"), 50, seed_=1):
        assert body.get("entityType") in {None, "opportunity"}
    assert "entityType" not in members(narrowed(SPEC, {}, calendar=CALENDAR), "updateTask")


def test_a_body_that_needs_an_unknown_id_names_what_is_missing() -> None:
    with pytest.raises(MissingPrerequisiteError, match="responsibleId needs known responsibles") as caught:
        body_strategy(narrowed(SPEC, {**KNOWN, "responsibles": []}, calendar=CALENDAR), "createTask")
    assert caught.value.missing == {"responsibleId": ["responsibles"]}
    with pytest.raises(MissingPrerequisiteError, match="entityid needs known opportunities or cases"):
        body_strategy(narrowed(SPEC, {}, calendar=CALENDAR), "updateTask", required=["entityid"])


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownMemberError, match="responsibleId"):
        body_strategy(NARROWED, "updateTask", required=["responsibleId"])
    with pytest.raises(UnknownOperationError, match="closeTask"):
        body_strategy(NARROWED, "closeTask")


def test_narrowing_leaves_the_spec_alone_and_gives_plain_data() -> None:
    before = deepcopy(SPEC)
    document = narrowed(SPEC, KNOWN, calendar=CALENDAR)
    assert before == SPEC
    assert json.loads(json.dumps(document)) == document
    note = document["paths"]["/api/2.0/crm/task"]["post"]["requestBody"]["content"]["application/json"]
    assert note["schema"]["anyOf"][0]["properties"]["title"]["x-etalon"]["reads-as"] == "title"


def test_examples_in_a_spec_are_not_sent() -> None:
    spec: dict[str, Any] = deepcopy(SPEC)
    schemas = spec["components"]["schemas"]
    schemas["DateDash"]["examples"] = ["2008-04-10T06-30-00.000Z"]
    schemas["PostCrmTaskBody"]["example"] = {"title": "some text"}
    schemas["PostCrmTaskBody"]["properties"]["deadline"]["examples"] = ["2008-04-10T06-30-00.000Z"]
    schemas["PostCrmTaskBody"]["properties"]["responsibleId"]["examples"] = ["nobody"]
    media = spec["paths"]["/api/2.0/crm/task"]["post"]["requestBody"]["content"]["application/json"]
    media["example"] = {"title": "some text"}
    strategy = body_strategy(narrowed(spec, KNOWN, calendar=CALENDAR), "createTask")
    sent = json.dumps(draw(strategy, 100, seed_=1))
    assert "2008" not in sent
    assert "some text" not in sent
    assert "nobody" not in sent


def test_the_shape_of_text_can_be_chosen() -> None:
    spec = deepcopy(SPEC)
    title = spec["components"]["schemas"]["PostCrmTaskBody"]["properties"]["title"]
    title |= {"minLength": 80, "maxLength": 90}
    document = narrowed(spec, KNOWN, calendar=CALENDAR)
    bodies = draw(body_strategy(document, "createTask"), 30, seed_=1)
    assert all(80 <= utf16_length(str(body["title"])) <= 90 for body in bodies)


def test_members_that_a_page_adds_get_values_of_their_type() -> None:
    spec = deepcopy(SPEC)
    spec["components"]["schemas"]["PostCrmTaskBody"]["properties"] |= {
        "priority": {"type": "integer", "minimum": 0, "maximum": 3},
        "hours": {"type": "integer"},
        "share": {"type": "number", "exclusiveMinimum": 0.5, "exclusiveMaximum": 2.5},
        "below": {"type": "integer", "maximum": -1},
        "private": {"type": "boolean"},
        "place": {"type": "string"},
    }
    document = narrowed(spec, KNOWN, calendar=CALENDAR)
    bodies = [packed_body(document, "createTask", step, plain_text, CALENDAR) for step in range(6)]
    assert {body["priority"] for body in bodies} == {1, 2, 3}
    assert len({body["hours"] for body in bodies}) == len(bodies)
    assert {body["share"] for body in bodies} == {1, 2}
    assert all(body["below"] < 0 for body in bodies)
    assert len({body["below"] for body in bodies}) == len(bodies)
    assert {body["private"] for body in bodies} == {True, False}
    assert len({body["place"] for body in bodies}) == len(bodies)


@pytest.mark.parametrize("text", ["{unclosed", "just words", "swagger: '2.0'"])
def test_a_file_that_is_no_openapi_document_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"broken\.yaml is no"):
        load_spec(path)


DRAWING_PROGRAM = f"""
import json, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
if len(sys.argv) > 1:
    sys.path.insert(0, sys.argv[1])
    import distracting
from hypothesis import strategies as st
from etalon.generation.calendar import Calendar
from etalon.generation.drawing import draw
from etalon.generation.json_bodies import body_strategy, load_spec, narrowed
spec = load_spec(Path({str(ROOT)!r}) / "specs" / "r7" / "openapi.yaml")
document = narrowed(spec, {KNOWN!r}, calendar=Calendar({CALENDAR.year}))
bodies = [draw(body_strategy(document, name), 60, 5) for name in ("createTask", "updateTask")]
print(json.dumps([bodies, draw(st.lists(st.integers() | st.text()), 200, 5)]))
"""


def drawn_elsewhere(hash_seed: str, folder: Path, *arguments: str) -> str:
    return subprocess.run(  # noqa: S603 - the program is the literal above
        [sys.executable, "-c", DRAWING_PROGRAM, *arguments],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout


def test_a_seed_gives_the_same_examples_in_every_process(tmp_path: Path) -> None:
    constants = ", ".join(str(number * 1_234_567) for number in range(500))
    (tmp_path / "distracting.py").write_text(f"NUMBERS = [{constants}]\nTEXTS = ['почта', 'вагон']\n")
    first = drawn_elsewhere("0", tmp_path)
    again = drawn_elsewhere("1", tmp_path, str(tmp_path))
    assert again == first, "the hashes of texts or an imported module changed the draws"
    assert not (tmp_path / ".hypothesis" / "examples").exists()


def test_seeds_differ() -> None:
    strategy = body_strategy(NARROWED, "updateTask")
    assert draw(strategy, 30, seed_=1) == draw(strategy, 30, seed_=1)
    assert draw(strategy, 30, seed_=1) != draw(strategy, 30, seed_=2)


def test_as_many_examples_as_asked_for() -> None:
    assert draw(st.integers(), 0, seed_=1) == []
    assert len(draw(st.integers(), 1, seed_=1)) == 1
    assert draw(st.just("x"), 3, seed_=1) == ["x", "x", "x"]
    assert len(draw(st.integers().filter(lambda number: number % 3 == 0), 40, seed_=1)) == 40
    with pytest.raises(ValueError, match="-1"):
        draw(st.integers(), -1, seed_=1)
    with pytest.raises(Unsatisfiable):
        draw(st.nothing(), 1, seed_=1)
