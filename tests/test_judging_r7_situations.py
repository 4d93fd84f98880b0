"""What an update does to what it leaves out, and what a sequence of them leads to, on made-up exchanges."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.checks import CHECKS as STOCKED
from schemathesis.checks import load_all_checks

from etalon.generation.calendar import Calendar
from etalon.generation.drawing import draw
from etalon.generation.json_bodies import load_spec, narrowed, negative_bodies
from etalon.generation.sequences import draw_plans
from etalon.judging.evidence import Reading
from etalon.judging.verdicts import Finding
from etalon.portals.exchange import Exchange, Request, Response
from etalon.resources.patch import expected
from etalon.resources.values import Likeness
from etalon.shipped import root, spec
from etalon.vendors.r7 import binding
from etalon.vendors.r7.generation.sequences import TaskStep, ended, possible, task_planner
from etalon.vendors.r7.judging.evidence import change_of
from etalon.vendors.r7.judging.schemathesis_checks import CHECKS, stock_laws
from etalon.vendors.r7.judging.situations import (
    MIXED,
    OTHER,
    became,
    empty_value,
    neither_reading,
    rest_not_kept,
    rest_of,
    unsteady,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.evidence import Change
    from etalon.resources.values import Value

KEEP, RESET, REJECT = "keep", "reset", "reject"
SPEC = load_spec(spec("r7", "openapi.yaml"))
RESOURCE = binding.task()
MEMBERS = {member.name: member for member in RESOURCE.readable}
PERSON: Mapping[str, str] = {
    "id": "9924256a-739c-462b-af15-e652a3b1b6eb",
    "displayName": "Анна",
    "title": "",
    "avatarSmall": "",
    "profileUrl": "",
}
CATEGORY = {"imagePath": "", "title": "Звонок", "description": "", "sortOrder": 1, "id": 31}
TASK: Mapping[str, Any] = {
    "createBy": PERSON,
    "created": "2031-01-01T08:00:00.0000000Z",
    "title": "дело",
    "description": "о деле",
    "deadLine": "2031-05-01T09:00:00.0000000Z",
    "alertValue": 15,
    "responsible": PERSON,
    "category": CATEGORY,
    "contact": {"id": 401},
    "entity": {"entityType": "case", "entityId": 601},
    "canEdit": True,
    "id": 7,
}


def answer(task: object, status: int = 200, operation: str = "updateTask") -> Exchange:
    request = Request("PUT", "https://portal.example/api/2.0/crm/task/7", (("Accept", "application/json"),))
    envelope = {"status": 0, "response": task} if status < 400 else {"status": 1, "error": {"message": "no"}}
    body = json.dumps(envelope, ensure_ascii=False).encode()
    return Exchange(1, operation, request, Response(status, (("content-type", "application/json"),), body), 7)


def shown(**members: object) -> Reading:
    task = {name: value for name, value in {**TASK, **members}.items() if value is not None}
    return Reading.of(answer(task), task, RESOURCE)


def update(body: Mapping[str, Any], after: Reading | None, status: int = 200) -> Change:
    return change_of(body, answer(after.card if after else None, status), shown(), after)


@pytest.mark.parametrize(
    ("after", "behaviour"),
    [
        (shown(), KEEP),
        (shown(description=None), RESET),
        (shown(description=""), RESET),
        (shown(description="null"), OTHER),
    ],
)
def test_what_became_of_a_member(after: Reading, behaviour: str) -> None:
    assert became(MEMBERS["description"], update({"description": None}, after)) == behaviour


def test_what_became_of_a_member_is_not_guessed() -> None:
    made = update({"description": None}, None, 400)
    assert became(MEMBERS["description"], made) == REJECT
    assert became(MEMBERS["description"], update({"description": None}, None)) is None
    empty = change_of({}, answer(TASK), shown(description=None), shown())
    assert became(MEMBERS["description"], empty) is None
    assert became(MEMBERS["description"], change_of({}, answer(TASK), None, shown())) is None


def test_a_deadline_of_the_year_1_is_none() -> None:
    for never in ("0001-01-01T00:00:00.0000000Z", "0001-01-01T00:00:00.0000000+03:00"):
        assert became(MEMBERS["deadline"], update({"deadline": ""}, shown(deadLine=never))) == RESET


@pytest.mark.parametrize(
    ("after", "behaviour"),
    [
        (shown(title="новое"), KEEP),
        (shown(title="новое", contact=None), MIXED),
        (shown(title="новое", contact=None, description=None), RESET),
    ],
)
def test_what_a_lone_member_does_to_the_others(after: Reading, behaviour: str) -> None:
    others = [MEMBERS["contact"], MEMBERS["description"]]
    made = update({"title": "новое"}, after)
    assert rest_of(others, made) == behaviour
    finding = rest_not_kept("title", others, behaviour, made)
    assert finding.expected != finding.observed
    assert (finding.member == "contact") == (behaviour != KEEP)


def test_a_lone_member_that_is_refused() -> None:
    assert rest_of([MEMBERS["contact"]], update({"title": "новое"}, None, 400)) == REJECT
    assert rest_of([MEMBERS["contact"]], update({"title": "новое"}, None)) is None


@given(st.lists(st.sampled_from([KEEP, RESET, REJECT]), min_size=1))
def test_only_what_changes_is_unsteady(behaviours: list[str]) -> None:
    finding = unsteady("title", [(behaviour, update({}, shown())) for behaviour in behaviours])
    assert (finding is None) == (len(set(behaviours)) == 1)
    if finding:
        assert finding.expected != finding.observed


@given(st.dictionaries(st.sampled_from(sorted(MEMBERS)), st.sampled_from([KEEP, RESET, REJECT])))
def test_only_kept_beside_cleared_is_neither_reading(behaviours: dict[str, str]) -> None:
    finding = neither_reading(behaviours, [])
    assert (finding is not None) == ({KEEP, RESET} <= set(behaviours.values()))


def test_what_is_empty() -> None:
    assert [empty_value(likeness) for likeness in Likeness].count(0) == 1
    assert empty_value(Likeness.INTEGER) == 0


def test_the_model_follows_the_treatment() -> None:
    nothing: dict[str, Value] = {name: member.nothing for name, member in MEMBERS.items()}
    sent = change_of({"title": "первое", "description": "первое"}, answer(None, operation="createTask"))
    then = change_of({"title": "второе"}, answer(None))
    made = expected({}, sent.patch)
    assert made == {"title": "первое", "description": "первое"}, "what was not sent is not predicted"
    kept, emptied = expected(made, then.patch), expected(made, then.patch, nothing)
    assert kept == {"title": "второе", "description": "первое"}
    assert emptied == {**nothing, "title": "второе"}
    bare = Reading.of(answer({}), {"title": "второе", "id": 7}, RESOURCE)
    for name, member in MEMBERS.items():
        assert member.same(bare.value_of(member), emptied[name])


def test_plans_can_be_executed_and_only_what_can_be_counts_as_possible() -> None:
    planner = task_planner(
        lambda n: {"title": f"{n}"}, lambda n: {"title": f"{n}", "b": n}, [["title"], ["b"]]
    )
    for plan in draw_plans(planner, 6, 9, 3):
        assert possible(plan)
        assert [step.action for step in plan[:2]] == ["create", "create"]
        assert possible(ended(plan))
        assert {step.action for step in ended(plan)} >= {"create", "delete"}
    assert not possible([TaskStep("create", 0), TaskStep("delete", 0), TaskStep("read", 0)])
    assert not possible([TaskStep("update", 0, {"title": "x"})])


def test_updates_of_a_plan_carry_what_the_portal_insists_on() -> None:
    planner = task_planner(
        lambda n: {"title": n},
        lambda n: {"title": n, "b": n, "c": n},
        [["b"], ["c"]],
        ["title"],
        deletes=False,
    )
    steps = [step for plan in draw_plans(planner, 5, 9, 1) for step in plan]
    assert all("title" in step.body for step in steps if step.action == "update")
    assert {step.action for step in steps} <= {"create", "update", "read"}


def test_negative_bodies_reach_nobody_and_are_forbidden() -> None:
    known: Mapping[str, list[int | str]] = {
        "responsibles": [PERSON["id"]],
        "categories": [31],
        "contacts": [401],
        "cases": [601],
    }
    document = narrowed(SPEC, known, calendar=Calendar(2031))
    bodies = draw(negative_bodies(document, "updateTask", forbidden_by=SPEC), 40, 7)
    objects = [body for body in bodies if isinstance(body, dict)]
    assert objects
    for body in objects:
        notify, minutes = body.get("isNotify"), body.get("alertValue")
        assert notify is None or notify is False or isinstance(notify, (dict, list))
        assert not isinstance(minutes, (str, float))
        assert not isinstance(minutes, int) or minutes <= 0 or minutes >= 10_000_000


SCHEMATHESIS = {
    "R7-SCHEMA-NOT-A-SERVER-ERROR": (answer(TASK), answer(None, 500)),
    "R7-SCHEMA-CONTENT-TYPE-CONFORMANCE": (
        answer(TASK),
        Exchange(
            1, "updateTask", answer(TASK).request, Response(200, (("content-type", "text/csv"),), b"a"), 7
        ),
    ),
    "R7-SCHEMA-RESPONSE-SCHEMA-CONFORMANCE": (answer(TASK), answer({**TASK, "canEdit": 1})),
}


@pytest.mark.parametrize("requirement", CHECKS)
def test_a_check_of_schemathesis_holds_and_fails(requirement: str) -> None:
    sound, broken = SCHEMATHESIS[requirement]
    law = stock_laws(SPEC)[requirement]
    assert law(sound) is True
    assert isinstance(law(broken), Finding)
    assert law(answer(TASK, operation="getTask")) is None, "what is on neither page is not held against it"
    assert law(answer({**TASK, "alertValue": -15})) is True, "the pages give numbers no range"


def test_every_other_check_of_schemathesis_is_off_for_a_reason() -> None:
    load_all_checks()
    off = yaml.safe_load((root() / "contracts" / "r7.yaml").read_text(encoding="utf-8"))["schemathesis-off"]
    named = {check.__name__ for check in CHECKS.values()}
    assert named | set(off) >= {check.__name__ for check in STOCKED.get_all()}
    assert not named & set(off)
    assert all(reason.strip().endswith(".") for reason in off.values())
