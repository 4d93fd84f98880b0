"""specs/r7/openapi.yaml against what the two pages say, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from schemathesis.config import SchemathesisConfig

from etalon.generation.openapi_document import load_spec

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = Path(__file__).parent.parent / "specs" / "r7" / "openapi.yaml"
SPEC = load_spec(PATH)
SCHEMAS: dict[str, Any] = SPEC["components"]["schemas"]

CREATE = "r7-crm-task-create"
UPDATE = "r7-crm-task-update"

# Row → (type of the page, optional on the page), in the order and spelling of each page.
CREATE_ROWS = {
    "title": ("string", False),
    "description": ("string", True),
    "deadline": ("date", False),
    "responsibleId": ("guid", False),
    "categoryId": ("number", False),
    "contactId": ("number", True),
    "entityType": ("string", True),
    "entityId": ("number", True),
    "isNotify": ("boolean", True),
    "alertValue": ("number", True),
}
UPDATE_ROWS = {
    "title": "string",
    "description": "string",
    "deadline": "date",
    "responsibleid": "guid",
    "categoryid": "number",
    "contactid": "number",
    "entityType": "string",
    "entityid": "number",
    "isNotify": "boolean",
    "alertValue": "number",
}
KINDS = {
    "date-time": "date",
    "uuid": "guid",
    "int32": "number",
    "DateDashOrRoundtrip": "date",
    "Guid": "guid",
}
ENVELOPE = "PutCrmTaskByTaskidAnswer"
ANSWERS = ("PostCrmTaskAnswer", ENVELOPE)

PERSON = {
    "id": "00000000-0000-0000-0000-000000000000",
    "displayName": "Mike Zanyatski",
    "title": "Manager",
    "avatarSmall": "url to small avatar",
    "profileUrl": "",
}
SAMPLE_CATEGORY = {
    "imagePath": "path to image",
    "title": "Appointment",
    "description": "",
    "sortOrder": 2,
    "id": 30,
}
SAMPLE_TASK = {
    "createBy": PERSON,
    "created": "2022-10-09T20:03:09.6137431Z",
    "title": "Send a commercial offer",
    "deadLine": "2022-10-09T20:03:09.6137431Z",
    "responsible": PERSON,
    "category": SAMPLE_CATEGORY,
    "canEdit": True,
    "id": 0,
}
SAMPLE = {"status": 0, "response": SAMPLE_TASK}
FIELD_PERSON = {"id": "4A515A15-d4d6-4b8e-828e-e0586f18f3a3", "displayName": "Профиль удален"}
FIELD_TASK = {
    "createBy": FIELD_PERSON,
    "created": "2023-06-22T11:45:05.7597327+03:00",
    "contact": {"id": 401, "displayName": "ООО «Ёлка»", "isCompany": True, "currency": None},
    "title": "Позвонить",
    "description": "",
    "deadLine": "2023-06-23T00:00:00.0000000+03:00",
    "alertValue": 15,
    "responsible": FIELD_PERSON,
    "isClosed": True,
    "category": {"relativeItemsCount": 3, "imagePath": "/i.png", "title": "Звонок", "color": "", "id": 31},
    "entity": {"entityType": "case", "entityId": 601, "entityTitle": "Дело"},
    "id": 12,
}
FIELD_ENVELOPE = {"count": 1, "status": 0, "statusCode": 201, "response": FIELD_TASK}
FIELD_ERROR = {
    "status": 1,
    "statusCode": 403,
    "error": {"message": "У Вас недостаточно прав", "hresult": -2146233079, "data": {}},
}


def accepts(schema: str, value: object) -> bool:
    root = {"$ref": f"#/components/schemas/{schema}", "components": SPEC["components"]}
    valid: bool = Draft202012Validator(root).is_valid(value)
    return valid


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return SCHEMAS[name] if name else schema


def kind(member: dict[str, Any]) -> str:
    """The type as the page calls it."""
    name = member.get("$ref", "").rpartition("/")[2] or member.get("format") or member["type"]
    return KINDS.get(name, str(name))


def answered(answer: str = ENVELOPE) -> dict[str, Any]:
    """The schema of the task that an envelope holds."""
    task: dict[str, Any] = SCHEMAS[answer]["properties"]["response"]
    return task


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in SPEC["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


def resolved_response(response: dict[str, Any]) -> dict[str, Any]:
    name = response.get("$ref", "").rpartition("/")[2]
    return SPEC["components"]["responses"][name] if name else response


def without(value: dict[str, Any], *path: str) -> dict[str, Any]:
    first, *rest = path
    if rest:
        return {**value, first: without(value[first], *rest)}
    return {key: item for key, item in value.items() if key != first}


def test_is_valid_openapi_31() -> None:
    assert SPEC["openapi"].startswith("3.1.")
    validate(SPEC)


@pytest.mark.parametrize(
    ("path", "method", "operation_id"),
    [("/api/2.0/crm/task", "POST", "createTask"), ("/api/2.0/crm/task/{taskid}", "PUT", "updateTask")],
)
def test_schemathesis_draws_bodies_that_the_schema_accepts(path: str, method: str, operation_id: str) -> None:
    schema = schemathesis.openapi.from_path(PATH, config=SchemathesisConfig())
    operation = schema[path][method]
    assert operation.definition.raw["operationId"] == operation_id
    body = "PostCrmTaskBody" if method == "POST" else "PutCrmTaskByTaskidBody"

    @settings(
        max_examples=20,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],  # the first draw builds the strategy
    )
    @given(operation.as_strategy())
    def draws(case: schemathesis.Case[Any]) -> None:
        assert accepts(body, case.body)

    draws()


def test_creation_has_every_row_of_its_page() -> None:
    body = SCHEMAS["PostCrmTaskBody"]
    assert {name: kind(member) for name, member in body["properties"].items()} == {
        name: type_ for name, (type_, _) in CREATE_ROWS.items()
    }
    assert body["required"] == [name for name, (_, optional) in CREATE_ROWS.items() if not optional]


def test_update_has_every_row_of_its_page_and_requires_none() -> None:
    body = SCHEMAS["PutCrmTaskByTaskidBody"]
    assert {name: kind(member) for name, member in body["properties"].items()} == UPDATE_ROWS
    assert "required" not in body
    (taskid,) = SPEC["paths"]["/api/2.0/crm/task/{taskid}"]["put"]["parameters"]
    assert taskid["name"] == "taskid"
    assert taskid["required"]
    assert taskid["in"] == "path"
    assert taskid["x-etalon"]["source"] == {"page": UPDATE, "row": "taskid", "line": 7}


@pytest.mark.parametrize(
    ("schema", "page"), [("PostCrmTaskBody", CREATE), ("PutCrmTaskByTaskidBody", UPDATE)]
)
def test_each_member_of_a_request_is_annotated(schema: str, page: str) -> None:
    for name, member in SCHEMAS[schema]["properties"].items():
        note = member["x-etalon"]
        assert note["source"].items() >= {"page": page, "row": name}.items()
        assert isinstance(note["source"]["line"], int)
        assert note["role"] in {"content", "reference", "write-only"}
        assert note["shown"] in {"always", "when-set", "never-promised"}
        assert ("reads-as" in note) == (note["role"] != "write-only")
        assert ("refers-to" in note) == (note["role"] == "reference")


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The alternative of a nullable member that is not `null`."""
    alternatives: list[dict[str, Any]] = schema.get("anyOf", [schema])
    return alternatives[0]


@pytest.mark.parametrize("schema", ["PostCrmTaskBody", "PutCrmTaskByTaskidBody"])
def test_each_request_member_reads_as_a_member_of_the_answer(schema: str) -> None:
    for member in SCHEMAS[schema]["properties"].values():
        node = answered()
        if "reads-as" not in member["x-etalon"]:
            continue
        always = True
        for step in member["x-etalon"]["reads-as"].split("."):
            always = always and step in node["required"]
            node = resolved(_not_null(node["properties"][step]))
        assert always == (member["x-etalon"]["shown"] == "always")


@pytest.mark.parametrize(("answer", "page"), list(zip(ANSWERS, (CREATE, UPDATE), strict=True)))
def test_each_member_of_an_answer_says_where_it_comes_from(answer: str, page: str) -> None:
    def compare(schema: dict[str, Any], sample: dict[str, Any]) -> None:
        documented = {
            name: member
            for name, member in schema["properties"].items()
            if "extension" not in resolved(member).get("x-etalon", {}) | member.get("x-etalon", {})
        }
        assert set(documented) == set(sample)
        for name, member in documented.items():
            source = member["x-etalon"]["source"]
            assert source["page"] == page
            assert source["sample"].endswith(name)
            if isinstance(sample[name], dict):
                compare(member, sample[name])

    compare(SCHEMAS[answer], SAMPLE)


def test_only_the_two_pages_operations_are_not_extensions() -> None:
    documented = {
        (method, path) for path, method, operation in operations() if "extension" not in operation["x-etalon"]
    }
    assert documented == {("post", "/api/2.0/crm/task"), ("put", "/api/2.0/crm/task/{taskid}")}
    for _, _, operation in operations():
        assert operation["tags"] == ["extension" if "extension" in operation["x-etalon"] else "documented"]


def test_extensions_cover_what_a_run_looks_up() -> None:
    given_known = {operation["x-etalon"].get("gives-known") for _, _, operation in operations()}
    assert given_known >= {"responsibles", "categories", "contacts", "opportunities", "cases"}
    ids = {operation["operationId"] for _, _, operation in operations()}
    assert ids >= {"getTask", "deleteTask", "authenticate", "getSelf", "listPeople"}


@pytest.mark.parametrize("envelope", [SAMPLE, FIELD_ENVELOPE], ids=["page", "field"])
def test_task_answers_are_accepted(envelope: dict[str, Any]) -> None:
    assert accepts(ENVELOPE, envelope)


@pytest.mark.parametrize(
    "path", ["title", "canEdit", "category.sortOrder", "responsible.avatarSmall", "responsible.title"]
)
def test_what_may_be_left_out_is_no_deviation(path: str) -> None:
    optional = path != "title"
    assert accepts(ENVELOPE, {**SAMPLE, "response": without(SAMPLE_TASK, *path.split("."))}) == optional


@pytest.mark.parametrize(
    "change",
    [
        {"status": "0"},
        {"status": 1},
        {"response": None},
        {"response": []},
        {"response": {**SAMPLE_TASK, "deadLine": "2022-10-09"}},
        {"response": {**SAMPLE_TASK, "deadLine": "2022-10-09T20:03:09"}},
        {"response": {**SAMPLE_TASK, "id": "1"}},
        {"response": {**SAMPLE_TASK, "responsible": PERSON["id"]}},
        {"response": {**SAMPLE_TASK, "title": None}},
        {"response": {**SAMPLE_TASK, "canEdit": "true"}},
    ],
    ids=str,
)
def test_wrong_answers_are_refused(change: dict[str, Any]) -> None:
    assert not accepts(ENVELOPE, {**SAMPLE, **change})


def test_error_envelope() -> None:
    assert accepts("ErrorEnvelope", FIELD_ERROR)
    assert not accepts("ErrorEnvelope", SAMPLE)
    assert not accepts(ENVELOPE, FIELD_ERROR)
    assert not accepts("ErrorEnvelope", {"status": 1, "error": {}})


def test_list_envelopes_take_an_empty_list_and_refuse_a_wrong_item() -> None:
    assert accepts("ListEnvelope", {"total": 0, "status": 0, "statusCode": 200, "response": []})
    assert accepts("ListEnvelope", {"status": 0, "response": [FIELD_TASK]})
    assert not accepts("ListEnvelope", {"status": 0, "response": [{"title": "no id"}]})


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2008-04-10T06-30-00.000Z", True),
        ("2022-10-09T20:03:09.6137431Z", True),
        ("2022-10-09T23:03:09.6137431+03:00", True),
        ("2022-10-09T20:03:09Z", False),
        ("2008-04-10T06-30-00.000", False),
        ("2008-13-10T06-30-00.000Z", False),
        ("2008-04-10", False),
        ("", False),
    ],
)
def test_deadline_spellings(text: str, *, valid: bool) -> None:
    assert accepts("DateDashOrRoundtrip", text) == valid


@pytest.mark.parametrize("fraction", ["", ".1", ".123", ".1234567"])
@pytest.mark.parametrize("zone", ["Z", "+03:00", "-11:30"])
def test_answered_moments_have_any_fraction_and_any_offset(fraction: str, zone: str) -> None:
    assert accepts("Instant", f"2023-06-22T11:45:05{fraction}{zone}")


@given(st.uuids())
def test_guids_have_any_letter_case(guid: object) -> None:
    assert accepts("Guid", str(guid).upper())
    assert accepts("Guid", str(guid))


def test_the_xml_form_has_the_same_members_under_the_root_result() -> None:
    root = ET.fromstring(  # noqa: S314 - the text is the literal beside it, not a portal's
        "<result><status>0</status><response><createBy><id/><displayName/><title/><avatarSmall/><profileUrl/>"
        "</createBy><created/><title/><deadLine/><responsible><id/><displayName/><title/><avatarSmall/>"
        "<profileUrl/></responsible><category><imagePath/><title/><description/><sortOrder/><id/></category>"
        "<canEdit/><id/></response></result>"
    )
    envelope = SCHEMAS[ENVELOPE]
    assert root.tag == envelope["xml"]["name"]

    def compare(element: ET.Element, schema: dict[str, Any]) -> None:
        for child in element:
            member = schema["properties"][child.tag]
            assert member.get("xml", resolved(member).get("xml", {})).get("name", child.tag) == child.tag
            compare(child, resolved(member))

    compare(root, envelope)
    for path, method, operation in operations():
        if operation["operationId"] in {"createTask", "updateTask", "getTask", "deleteTask"}:
            content = resolved_response(operation["responses"]["200"])["content"]
            assert content["text/xml"] == content["application/json"], (method, path)
