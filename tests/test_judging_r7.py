"""What the rules and laws of R7 say about exchanges that are made up here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.generation.json_bodies import load_spec
from etalon.judging.evidence import Reading
from etalon.judging.rules import (
    KEEP,
    REJECT,
    RESET,
    echo_is_stored,
    echoes,
    fixed,
    left_alone,
    stores,
    took_over,
    untouched,
)
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.portals.exchange import Exchange, Request, Response
from etalon.resources.patch import json_patch
from etalon.resources.resource import Member
from etalon.resources.values import Likeness, comparable
from etalon.shipped import spec
from etalon.vendors.r7 import binding
from etalon.vendors.r7.answers import payload, status_of
from etalon.vendors.r7.judging import laws as law
from etalon.vendors.r7.judging.evidence import change_of, reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.evidence import Change

SPEC = load_spec(spec("r7", "openapi.yaml"))
RESOURCE = binding.task()
MEMBERS = {member.name: member for member in RESOURCE.readable}
TITLE, DESCRIPTION, CONTACT, DEADLINE = (
    MEMBERS[name] for name in ("title", "description", "contact", "deadline")
)
ANNA, BORIS = "9924256a-739c-462b-af15-e652a3b1b6eb", "0c1d2e3f-4a5b-4c6d-8e7f-901234567890"
SECRET = "a-token-of-anna"
TASK: Mapping[str, Any] = {
    "canEdit": True,
    "createBy": {"id": ANNA, "displayName": "Анна", "title": "", "avatarSmall": "", "profileUrl": ""},
    "created": "2031-01-01T08:00:00.0000000Z",
    "contact": {"id": 401},
    "deadLine": "2031-05-01T09:00:00.0000000Z",
    "responsible": {"id": BORIS, "displayName": "Борис"},
    "isClosed": False,
    "category": {"id": 31, "title": "Звонок"},
    "entity": {"entityType": "opportunity", "entityId": 501},
    "alertValue": 15,
    "description": "о деле",
    "title": "дело",
    "id": 7,
}
SENT: Mapping[str, Any] = {
    "title": "дело",
    "description": "о деле",
    "deadline": "2031-05-01T09-00-00.000Z",
    "responsibleid": BORIS.upper(),
    "categoryid": 31,
    "contactid": 401,
    "entityType": "opportunity",
    "entityid": 501,
    "alertValue": 15,
}


def exchange(
    operation: str,
    task: object = None,
    *,
    status: int = 200,
    envelope: Mapping[str, Any] | None = None,
    media: str = "application/json",
    body: bytes | None = None,
    sent: Mapping[str, str] | None = None,
) -> Exchange:
    document = {"count": 1, "startIndex": 0, "status": 0, "statusCode": status, "response": task}
    raw = json.dumps(document if envelope is None else envelope).encode() if body is None else body
    request = Request("PUT", "https://portal.example/api/2.0/crm/task/7", tuple((sent or {}).items()))
    return Exchange(1, operation, request, Response(status, (("Content-Type", media),), raw), 7)


def seen(**changes: object) -> Reading:
    found = reading(exchange("getTask", {**TASK, **changes}))
    assert found is not None
    return found


def updated(body: Mapping[str, Any], **after: object) -> Change:
    """An update of an empty task, which leaves it with the usual values but for those of `after`."""
    before = seen(**{place: None for place in TASK if place not in {"id", "created", "createBy"}})
    answer = exchange("updateTask", {**TASK, **after})
    return change_of(body, answer, before, seen(**after))


def refused(body: Mapping[str, Any]) -> Change:
    answer = exchange("updateTask", envelope={"error": {"message": "no"}, "status": 1}, status=400)
    return change_of(body, answer, seen(), seen())


def test_the_members_of_the_pages() -> None:
    assert MEMBERS.keys() == WRONG.keys() == EMPTY.keys()
    assert MEMBERS["entity"].parameters("createTask") == ("entityType", "entityId")
    assert MEMBERS["entity"].parameters("updateTask") == ("entityType", "entityid")
    assert MEMBERS["responsible"].parameters("updateTask") == ("responsibleid",)
    assert (TITLE.is_text, DESCRIPTION.is_text, CONTACT.is_text) == (True, True, False)


@pytest.mark.parametrize("name", MEMBERS)
def test_what_is_read_is_what_was_sent(name: str) -> None:
    member = MEMBERS[name]
    written = json_patch(RESOURCE, "updateTask", SENT).sets[name]
    assert member.same(written, member.read_from(TASK))
    assert member.shown_in(TASK)
    assert stores(member, updated(SENT)) is True
    assert echoes(member, updated(SENT)) is True


WRONG: Mapping[str, Mapping[str, object]] = {
    "title": {"title": "Дело"},
    "description": {"description": "о деле "},
    "deadline": {"deadLine": "2031-05-01T09:00:01.0000000Z"},
    "responsible": {"responsible": {"id": ANNA}},
    "category": {"category": {"id": 32}},
    "contact": {"contact": None},
    "entity": {"entity": {"entityType": "case", "entityId": 501}},
    "alertvalue": {"alertValue": 16},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_was_altered_is_found(name: str) -> None:
    made = updated(SENT, **WRONG[name])
    for rule in (stores, echoes):
        found = rule(MEMBERS[name], made)
        assert isinstance(found, Finding)
        assert found.member == name
        assert found.expected != found.observed
        assert made.exchange in found.exchanges
    for other in MEMBERS.keys() - {name}:
        assert stores(MEMBERS[other], made) in {True, None}
        assert echoes(MEMBERS[other], made) is True


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("2031-05-01T09:00:00Z", True),
        ("2031-05-01T12:00:00+03:00", True),
        ("2031-05-01T09:00:00.9999999Z", True),
        ("2031-05-01T09:00:01Z", False),
        ("2031-05-01T09:00:00+03:00", False),
        ("not a date", False),
    ],
)
def test_deadlines_are_compared_as_instants(shown: str, same: bool) -> None:
    assert (echoes(DEADLINE, updated(SENT, deadLine=shown)) is True) is same


@pytest.mark.parametrize(
    ("raw", "likeness", "expected"),
    [
        (None, Likeness.TEXT, None),
        ("", Likeness.TEXT, None),
        (" ", Likeness.TEXT, " "),
        (5, Likeness.TEXT, "5"),
        (0, Likeness.INTEGER, None),
        ("0", Likeness.INTEGER, None),
        ("31", Likeness.INTEGER, 31),
        (31.0, Likeness.INTEGER, 31),
        (True, Likeness.INTEGER, "True"),
        (float("inf"), Likeness.INTEGER, "inf"),
        ("many", Likeness.INTEGER, "many"),
        ({"id": 1}, Likeness.INTEGER, None),
        ([], Likeness.GUID, None),
        (f"{{{ANNA.upper()}}}", Likeness.GUID, ANNA),
        ("{}", Likeness.GUID, None),
        ("Opportunity", Likeness.WORD_IN_ANY_CASE, "opportunity"),
        ("Opportunity", Likeness.WORD, "Opportunity"),
        ("", Likeness.WORD_IN_ANY_CASE, None),
        ("", Likeness.WORD, None),
        ("soon", Likeness.INSTANT, "soon"),
    ],
)
def test_values_in_comparable_form(raw: object, likeness: Likeness, expected: object) -> None:
    assert comparable(raw, likeness) == expected


@pytest.mark.parametrize(
    "nobody", ["00000000-0000-0000-0000-000000000000", "4A515A15-d4d6-4b8e-828e-e0586f18f3a3"]
)
def test_who_stands_for_nobody_is_nothing_where_the_spec_says_so(nobody: str) -> None:
    assert MEMBERS["responsible"].read_from({"responsible": {"id": nobody}}) is None
    assert comparable(nobody, Likeness.GUID) == nobody.lower()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(task=st.dictionaries(st.sampled_from(sorted(TASK)), JSON))
def test_no_answer_is_too_odd_to_be_read(task: dict[str, Any]) -> None:
    after = Reading.of(exchange("getTask"), task, RESOURCE)
    made = change_of(SENT, exchange("updateTask", task), seen(), after)
    for member in MEMBERS.values():
        for rule in (stores, echoes):
            assert isinstance(rule(member, made), Finding | bool | None)
        left_alone(member, MEMBERS.values(), change_of({}, made.exchange, seen(), after))
    untouched(RESOURCE, seen(), after, Message("after-the-same-update"))
    for one_law in law.laws(SPEC, [made.exchange]).values():
        one_law(made.exchange)


def test_what_was_not_written_is_not_judged() -> None:
    body = {"title": "дело"}
    assert stores(DESCRIPTION, updated(body)) is None
    assert echoes(DESCRIPTION, updated(body)) is None
    assert stores(TITLE, refused(SENT)) is None
    assert echoes(TITLE, refused(SENT)) is None


def test_a_value_that_was_there_before_proves_nothing() -> None:
    same = change_of(SENT, exchange("updateTask", TASK), seen(), seen())
    assert stores(TITLE, same) is None


def test_a_deadline_that_was_there_before_but_for_a_fraction_proves_nothing() -> None:
    before = seen(deadLine="2031-05-01T09:00:00.5Z")
    assert stores(DEADLINE, change_of(SENT, exchange("updateTask", TASK), before, seen())) is None


def test_what_was_there_before_must_not_get_lost_when_it_is_sent_again() -> None:
    lost = change_of(SENT, exchange("updateTask", TASK), seen(), seen(contact=None))
    assert isinstance(stores(CONTACT, lost), Finding)


def test_half_an_entity_is_not_written() -> None:
    assert echoes(MEMBERS["entity"], updated({"entityid": 501})) is None


def test_an_answer_without_the_task_is_found() -> None:
    made = change_of(SENT, exchange("updateTask", "ok"), seen(), seen())
    assert isinstance(echoes(TITLE, made), Finding)


def test_an_answer_that_is_not_what_is_stored_is_found() -> None:
    answer = exchange("updateTask", {**TASK, "title": "другое"})
    found = echo_is_stored(MEMBERS.values(), change_of(SENT, answer, seen(), seen()))
    assert isinstance(found, Finding)
    assert (found.member, found.expected, found.observed) == ("title", "другое", "дело")
    assert echo_is_stored(MEMBERS.values(), updated(SENT)) is True


def without(*names: str) -> dict[str, Any]:
    dropped = {parameter for name in names for parameter in MEMBERS[name].parameters("updateTask")}
    return {name: value for name, value in SENT.items() if name not in dropped}


EMPTY: Mapping[str, Mapping[str, object]] = {
    "title": {"title": ""},
    "description": {"description": None},
    "deadline": {"deadLine": None},
    "responsible": {"responsible": {"id": "00000000-0000-0000-0000-000000000000"}},
    "category": {"category": {"id": 0}},
    "contact": {"contact": None},
    "entity": {"entity": None},
    "alertvalue": {"alertValue": 0},
}


@pytest.mark.parametrize("name", MEMBERS)
def test_what_becomes_of_a_member_that_is_left_out(name: str) -> None:
    member, others = MEMBERS[name], [other for other in MEMBERS.values() if other.name != name]
    answer = exchange("updateTask", TASK)

    def becomes(after: Reading) -> str | Finding | None:
        return left_alone(member, others, change_of(without(name), answer, seen(), after))

    assert becomes(seen()) == KEEP
    assert becomes(seen(**EMPTY[name])) == RESET
    other_value = becomes(seen(**WRONG[name]))
    assert other_value == RESET if name == "contact" else isinstance(other_value, Finding)
    assert left_alone(member, others, refused(without(name))) == REJECT
    assert left_alone(member, others, refused({})) is None
    assert left_alone(member, others, updated(SENT)) is None


def test_an_empty_member_has_nothing_to_keep() -> None:
    before = seen(contact=None)
    made = change_of(without("contact"), exchange("updateTask", TASK), before, seen())
    assert left_alone(CONTACT, [], made) is None


@pytest.mark.parametrize("name", WRONG)
def test_a_touched_task_is_found(name: str) -> None:
    found = untouched(RESOURCE, seen(), seen(**WRONG[name]), Message("after-another-update"))
    assert isinstance(found, Finding)
    assert found.member == name


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"id": 8}, "id"),
        ({"createBy": {"id": BORIS}}, "createby"),
        ({"createBy": None}, "createby"),
        ({"created": "2031-01-01T08:00:00.0000001Z"}, "created"),
        ({"created": None}, "created"),
    ],
)
def test_what_a_task_is_never_changes(changes: Mapping[str, object], member: str) -> None:
    found = untouched(RESOURCE, seen(), seen(**changes), Message("after-the-same-update"))
    assert isinstance(found, Finding)
    assert found.member == member


def test_a_task_is_the_same_in_another_spelling() -> None:
    after = {"id": "7", "createBy": {"id": ANNA.upper()}, "created": "2031-01-01T11:00:00+03:00"}
    assert untouched(RESOURCE, seen(), seen(**after), Message("after-the-same-update")) is True
    for member in RESOURCE.fixed:
        assert fixed(member, seen(), seen(**after)) is True


def test_what_a_task_is_for_life_is_its_id_its_author_and_its_creation() -> None:
    assert {member.name for member in RESOURCE.fixed} == {"id", "createby", "created"}
    changed: Mapping[str, Mapping[str, object]] = {
        "id": {"id": 8},
        "createby": {"createBy": {"id": BORIS}},
        "created": {"created": "2031-01-01T08:00:00.5Z"},
    }
    for name, changes in changed.items():
        earlier, later = seen(), seen(**changes)
        found = fixed(RESOURCE.member(name), earlier, later)
        assert isinstance(found, Finding)
        assert found.member in changes
        assert found.expected != found.observed
        assert found.exchanges == (earlier.exchange, later.exchange)


@pytest.mark.parametrize("name", ["createby", "created"])
def test_what_an_answer_shows_no_more_that_the_page_promises_is_found(name: str) -> None:
    bare = reading(exchange("getTask", {"id": 7}))
    assert bare is not None
    assert fixed(RESOURCE.member(name), bare, seen()) is None
    assert isinstance(fixed(RESOURCE.member(name), seen(), bare), Finding)


def test_a_fraction_of_a_second_may_be_lost_between_two_forms_of_an_answer() -> None:
    created = RESOURCE.member("created")
    whole, half = (created.read_from({"created": f"2031-01-01T08:00:00{part}Z"}) for part in ("", ".5"))
    assert whole != half
    assert created.same(whole, half)


def test_a_creation_that_takes_over_another_tasks_value_is_found() -> None:
    earlier = change_of(SENT, exchange("createTask", TASK), None, seen())
    plain = {name: SENT[name] for name in ("title", "deadline")}
    made = change_of(plain, exchange("createTask", TASK), None, seen())
    found = took_over([DESCRIPTION], made, [earlier, made])
    assert isinstance(found, Finding)
    assert found.member == "description"
    fresh = change_of(plain, exchange("createTask", TASK), None, seen(description=""))
    assert took_over([DESCRIPTION], fresh, [earlier, fresh]) is True


XML = (
    b"<result><!-- c --><status>0</status><response><id>7</id><title>a &amp; b<!-- c --> c</title>"
    b"<item>1</item><item>2</item><item>3</item><contact><id>401</id></contact></response></result>"
)


def test_xml_is_read_as_an_object() -> None:
    answer = exchange("getTask", media="text/xml; charset=utf-8", body=XML)
    found = reading(answer)
    assert found is not None
    assert found.card["title"] == "a & b c"
    assert found.card["item"] == ["1", "2", "3"]
    assert CONTACT.read_from(found.card) == 401
    assert status_of(answer) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a",
        b"\xff\xfe<",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><response><id>&x;</id></response></a>',
    ],
)
def test_xml_that_cannot_be_read_shows_nothing(body: bytes) -> None:
    answer = exchange("getTask", media="text/xml", body=body)
    assert "root:" not in str(payload(answer))


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b'"x"', b"null", b"\xff", b"[" * 100_000, b'{"response": [1]}']
)
def test_json_that_shows_no_task(body: bytes) -> None:
    answer = exchange("getTask", body=body)
    assert reading(answer) is None
    assert status_of(answer) is None


LAWS: list[tuple[str, Exchange, bool | None]] = [
    ("R7-LAW-ANSWER-SCHEMA", exchange("getTask", TASK), True),
    ("R7-LAW-ANSWER-SCHEMA", exchange("getTask", {**TASK, "canEdit": 1}), False),
    ("R7-LAW-ANSWER-SCHEMA", exchange("getTask", {**TASK, "id": "7"}), False),
    ("R7-LAW-ANSWER-SCHEMA", exchange("getTask", body=b'{"count": 1, "resp'), False),
    ("R7-LAW-ANSWER-SCHEMA", exchange("getTask", media="text/html", body=b"<p>"), None),
    ("R7-LAW-ANSWER-SCHEMA", exchange("getTask", status=404), None),
    ("R7-LAW-ANSWER-SCHEMA", exchange("deleteTask", {}), None),
    ("R7-LAW-ANSWER-SCHEMA", exchange("listPeople", {}), None),
    ("R7-LAW-STATUS-ZERO", exchange("updateTask", TASK), True),
    ("R7-LAW-STATUS-ZERO", exchange("updateTask", envelope={"status": 1}), False),
    ("R7-LAW-STATUS-ZERO", exchange("updateTask", envelope={"response": TASK}), False),
    ("R7-LAW-STATUS-ZERO", exchange("updateTask", body=b"nothing"), None),
    ("R7-LAW-STATUS-ZERO", exchange("updateTask", status=500), None),
    ("R7-LAW-CONTENT-TYPE", exchange("createTask", TASK), True),
    ("R7-LAW-CONTENT-TYPE", exchange("createTask", TASK, media="application/problem+json"), True),
    ("R7-LAW-CONTENT-TYPE", exchange("createTask", TASK, media="text/html"), False),
    ("R7-LAW-CONTENT-TYPE", exchange("createTask", TASK, status=401, media="text/html"), None),
    ("R7-LAW-CONTENT-TYPE", exchange("createTask", body=b"<p>", media="text/html"), None),
    ("R7-LAW-ASKED-ID", exchange("getTask", TASK), True),
    ("R7-LAW-ASKED-ID", exchange("getTask", {**TASK, "id": "7"}), True),
    ("R7-LAW-ASKED-ID", exchange("getTask", {**TASK, "id": 8}), False),
    ("R7-LAW-ASKED-ID", exchange("getTask", "none"), None),
    ("R7-LAW-ONE-NAME", exchange("getTask", TASK), True),
    ("R7-LAW-ONE-NAME", exchange("getTask", {**TASK, "category": {"id": 32, "title": "Звонок"}}), True),
    ("R7-LAW-ONE-NAME", exchange("getTask", {"id": 7, "category": {"id": 31}}), None),
    ("R7-LAW-NO-SECRETS", exchange("getTask", TASK, sent={"Authorization": "a-token-of-anna"}), True),
    (
        "R7-LAW-NO-SECRETS",
        exchange("getTask", {"x": "a-token-of-anna"}, sent={"Authorization": "a-token-of-anna"}),
        False,
    ),
    ("R7-LAW-NO-SECRETS", exchange("getTask", {"x": "anna"}, sent={"Authorization": "anna"}), None),
    ("R7-LAW-NO-SECRETS", exchange("getTask", TASK), None),
    ("R7-LAW-NO-SERVER-ERROR", exchange("updateTask", status=499), True),
    ("R7-LAW-NO-SERVER-ERROR", exchange("updateTask", status=500), False),
    ("R7-LAW-NO-SERVER-ERROR", exchange("listPeople", status=500), None),
]


# A law that takes two answers to be broken.
_OF_TWO = "R7-LAW-ONE-NAME"


@pytest.mark.parametrize(("row", "answer", "holds"), LAWS)
def test_a_law_holds_is_broken_or_is_silent(row: str, answer: Exchange, holds: bool | None) -> None:
    outcome = law.laws(SPEC, [exchange("createTask", TASK)])[row](answer)
    if holds is False:
        assert isinstance(outcome, Finding)
        assert outcome.exchanges == (answer,)
        assert SECRET not in f"{outcome.expected}{outcome.observed}"
    else:
        assert outcome is holds


def test_one_id_has_one_name() -> None:
    made, read = (
        exchange("createTask", TASK),
        exchange("getTask", {**TASK, "category": {"id": 31, "title": "x"}}),
    )
    outcome = law.laws(SPEC, [made, read])[_OF_TWO](read)
    assert isinstance(outcome, Finding)
    assert (outcome.expected, outcome.observed, outcome.exchanges) == ("Звонок", "x", (made, read))


def test_every_law_is_seen_to_break() -> None:
    assert {row for row, _, holds in LAWS if holds is False} | {_OF_TWO} == set(law.laws(SPEC, []))


def test_an_id_that_no_creation_made_is_no_business_of_the_law() -> None:
    assert law.laws(SPEC, [])["R7-LAW-ASKED-ID"](exchange("getTask", {**TASK, "id": 8})) is None


@pytest.mark.parametrize(
    ("answer", "form"),
    [
        (exchange("updateTask", status=400, envelope={"error": {"message": "no"}}), "envelope"),
        (exchange("updateTask", status=400, envelope={"error": "no"}), "json"),
        (exchange("updateTask", status=404, body=b"<html>", media="text/html"), "other"),
        (exchange("updateTask", status=401), None),
        (exchange("updateTask", status=429), None),
        (exchange("updateTask", TASK), None),
        (exchange("listPeople", status=404), None),
    ],
)
def test_forms_of_errors(answer: Exchange, form: str | None) -> None:
    assert law.error_form(answer) == form


def test_a_member_without_a_place_is_not_shown() -> None:
    assert not any(member.shown_in({"id": 7}) for member in MEMBERS.values())
    assert isinstance(TITLE, Member)
