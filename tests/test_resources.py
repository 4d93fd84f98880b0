"""What the specs say of a task, bound to it: annotations, members, and what a request asks of them."""

from __future__ import annotations

import copy
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from etalon.resources import openapi, xsd
from etalon.resources.annotations import UnknownAnnotationError
from etalon.resources.patch import NOTHING, Patch, expected, json_patch, xml_patch
from etalon.resources.places import all_at, raw_at
from etalon.resources.resource import Effect, Resource, Role, Sending, Shown
from etalon.resources.values import Likeness, holds, ids
from etalon.shipped import spec
from etalon.vendors.planfix import binding as planfix
from etalon.vendors.planfix.judging.evidence import asked
from etalon.vendors.r7 import binding as r7
from tests.planfix_samples import card, update

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lxml.etree import _Element as Element

    from etalon.resources.values import Value
    from etalon.vendors.planfix.requests import Content

R7, PLANFIX = r7.task(), planfix.task()
CREATE, UPDATE = r7.CREATE, r7.UPDATE
SAYS = "{urn:etalon:spec}"

# Annotations.


def annotated(node: object, where: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Place → annotations, for all elements of an OpenAPI document that have some."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "x-etalon":
                yield where, value
            else:
                yield from annotated(value, f"{where}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from annotated(value, f"{where}/{number}")


def bound(document: Mapping[str, Any]) -> Resource:
    return openapi.read_resource(document, "task", CREATE, UPDATE, "response", never_changing=frozenset())


R7_ANNOTATIONS = sorted({name for _, notes in annotated(dict(r7.document())) for name in notes})


@pytest.mark.parametrize("name", R7_ANNOTATIONS)
def test_every_annotation_of_an_openapi_document_is_refused_where_it_is_misspelt(name: str) -> None:
    document = copy.deepcopy(dict(r7.document()))
    refused = 0
    for where, notes in annotated(document):
        if name in notes:
            notes[f"{name}s"] = notes.pop(name)
            with pytest.raises(UnknownAnnotationError, match=re.escape(f"{where}: nothing reads {name}s.")):
                bound(document)
            notes[name] = notes.pop(f"{name}s")
            refused += 1
    assert refused
    assert bound(document) == bound(r7.document())


@pytest.mark.parametrize("name", ["line", "page", "row", "sample", "sentence"])
def test_every_part_of_a_source_is_refused_where_it_is_misspelt(name: str) -> None:
    document = copy.deepcopy(dict(r7.document()))
    sources = [notes["source"] for _, notes in annotated(document) if name in notes.get("source", {})]
    sources = [source for source in sources if isinstance(source, dict)]
    assert sources
    for source in sources:
        source["odd"] = source.pop(name)
        with pytest.raises(UnknownAnnotationError, match=r"^#/.*, source: nothing reads odd\.$"):
            bound(document)
        source[name] = source.pop("odd")


@pytest.mark.parametrize(
    ("place", "note", "said"),
    [
        ("components/schemas/PutCrmTaskByTaskidBody/properties/title", {"gives-known": "cases"}, "title"),
        ("paths/~/put", {"reads-as": "title"}, "PUT /api/2.0/crm/task/{taskid}"),
        ("paths/~/put", {"role": "content"}, "PUT /api/2.0/crm/task/{taskid}"),
    ],
)
def test_an_annotation_that_nothing_reads_in_its_place_is_refused(
    place: str, note: Mapping[str, str], said: str
) -> None:
    document = copy.deepcopy(dict(r7.document()))
    found: Any = document
    for step in place.split("/"):
        found = found[step if step != "~" else "/api/2.0/crm/task/{taskid}"]
    found.setdefault("x-etalon", {}).update(note)
    with pytest.raises(UnknownAnnotationError, match=re.escape(f"{said}: nothing reads {next(iter(note))}.")):
        bound(document)


def test_a_role_or_a_likeness_that_there_is_not_is_refused() -> None:
    for name in ("role", "shown", "normalised"):
        document = copy.deepcopy(dict(r7.document()))
        members = document["components"]["schemas"]["PutCrmTaskByTaskidBody"]["properties"]
        members["entityType"]["x-etalon"][name] = "odd"
        with pytest.raises((ValueError, KeyError), match="odd"):
            bound(document)


def noted(root: Element) -> Iterator[tuple[Element, str]]:
    """The annotations of a schema, each with its attributes, one of each kind for each file."""
    seen = set()
    for node in root.iter(f"{SAYS}*"):
        for name in map(str, node.keys()):
            if (node.tag, name) not in seen:
                seen.add((node.tag, name))
                yield node, name


XSD_FILES = sorted(path.name for path in spec("planfix").glob("*.xsd"))


@pytest.mark.parametrize("file", XSD_FILES)
def test_every_annotation_of_a_schema_is_refused_where_it_is_misspelt(file: str, tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    shutil.copytree(spec("planfix"), folder)
    tree = etree.parse(folder / file)
    refused = set()
    for node, name in noted(tree.getroot()):
        value = node.attrib.pop(name)
        node.set(f"{name}s", value)
        tree.write(folder / file)
        kind = etree.QName(node).localname
        with pytest.raises(
            UnknownAnnotationError,
            match=rf"^{re.escape(file)}, line \d+, {kind}: nothing reads {name}s\.$",
        ):
            xsd.schemas_in(folder)
        del node.attrib[f"{name}s"]
        node.set(name, value)
        refused.add(kind)
    assert refused >= {"function", "source", "member"}
    tree.write(folder / file)
    assert xsd.schemas_in(folder).operations == planfix.schemas().operations


def test_an_annotation_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    shutil.copytree(spec("planfix"), folder)
    path = folder / "task.get.ok.xsd"
    path.write_text(path.read_text("utf-8").replace("<e:member ", "<e:membre ", 1), "utf-8")
    with pytest.raises(
        UnknownAnnotationError, match=r"^task\.get\.ok\.xsd, line \d+: nothing reads membre\.$"
    ):
        xsd.schemas_in(folder)


def test_a_member_of_a_schema_is_refused_by_its_own_place(tmp_path: Path) -> None:
    path = tmp_path / "task.update.request.xsd"
    text = spec("planfix", "task.update.request.xsd").read_text("utf-8")
    path.write_text(text.replace('normalised="html"', 'normalized="html"'), "utf-8")
    shown = planfix.schemas().file("task.get", "ok")
    with pytest.raises(
        UnknownAnnotationError,
        match=r"^task\.update\.request\.xsd: description: nothing reads normalized\.$",
    ):
        xsd.read_resource("task", {"task.update": path}, shown, {})


def test_every_annotation_is_told_of_where_the_specs_are() -> None:
    told = spec("r7", "README.md").read_text("utf-8")
    assert [name for name in R7_ANNOTATIONS if f"`{name}" not in told] == []
    told = spec("planfix", "README.md").read_text("utf-8")
    names = {
        name for file in XSD_FILES for _, name in noted(etree.parse(spec("planfix", file)).getroot())
    } - {"line"}
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []


# The members of a task.


def sent(resource: Resource, name: str, operation: str) -> list[tuple[str, str]]:
    """The places by which an operation writes a member, and what it does to it there."""
    return [
        ("/".join(one.path), str(one.effect))
        for part in resource.member(name).parts
        for one in part.sent.get(operation, ())
    ]


def likenesses(resource: Resource) -> dict[str, list[Likeness]]:
    return {member.name: [part.likeness for part in member.parts] for member in resource.members}


def test_what_counts_as_the_same_in_r7() -> None:
    assert likenesses(R7) == {
        "title": [Likeness.TEXT],
        "description": [Likeness.TEXT],
        "deadline": [Likeness.INSTANT],
        "responsible": [Likeness.GUID],
        "category": [Likeness.INTEGER],
        "contact": [Likeness.INTEGER],
        "entity": [Likeness.WORD_IN_ANY_CASE, Likeness.INTEGER],
        "isnotify": [Likeness.FLAG],
        "alertvalue": [Likeness.INTEGER],
    }


def test_what_counts_as_the_same_in_planfix() -> None:
    assert likenesses(PLANFIX) == {
        "title": [Likeness.TEXT],
        "description": [Likeness.TEXT],
        "importance": [Likeness.WORD],
        "status": [Likeness.NUMBERED_WORD],
        "checkResult": [Likeness.FLAG],
        **{name: [Likeness.INTEGER] for name in ("owner", "parent", "project", "client")},
        "startTime": [Likeness.MOMENT],
        "endTime": [Likeness.MOMENT],
        "users": [Likeness.SET],
        "groups": [Likeness.SET],
        "periodicity": [Likeness.STRUCTURE],
    }
    assert [member.name for member in PLANFIX.members if member.markup] == ["description"]
    assert [member.name for member in PLANFIX.members if member.ends] == ["endTime"]
    assert (set(planfix.plain()) | set(planfix.teams()) | {"periodicity"}) == set(PLANFIX.names)


def test_what_is_never_given_back_can_be_written_and_not_read() -> None:
    member = R7.member("isnotify")
    assert member.role is Role.WRITE_ONLY
    assert member in R7.members
    assert member not in R7.readable
    assert set(R7.names) == {one.name for one in R7.members} - {"isnotify"}
    assert json_patch(R7, UPDATE, {"isNotify": False}).touched == {"isnotify"}
    assert [one.name for one in PLANFIX.members if one.role is Role.WRITE_ONLY] == []


def test_what_only_a_portal_writes_is_no_members_business() -> None:
    assert {one.name for one in R7.managed} == {"createby", "created", "canedit", "id", "isclosed"}
    likeness = {one.name: one.parts[0].likeness for one in PLANFIX.managed}
    assert {name: likeness[name] for name in ("id", "general", "beginDateTime", "isOverdued", "type")} == {
        "id": Likeness.INTEGER,
        "general": Likeness.INTEGER,
        "beginDateTime": Likeness.MOMENT,
        "isOverdued": Likeness.FLAG,
        "type": Likeness.WORD,
    }
    for resource in (R7, PLANFIX):
        assert not {one.name for one in resource.managed} & {one.name for one in resource.members}
        assert all(not part.sent for one in resource.managed for part in one.parts)
    assert {one.name for one in R7.fixed} == {"id", "createby", "created"}


def test_each_operation_has_a_spelling_of_its_own() -> None:
    assert sent(R7, "responsible", CREATE) == [("responsibleId", "sets")]
    assert sent(R7, "responsible", UPDATE) == [("responsibleid", "sets")]
    assert R7.member("entity").parameters(CREATE) == ("entityType", "entityId")
    assert R7.member("entity").parameters(UPDATE) == ("entityType", "entityid")
    assert R7.member("entity").parameters("getTask") == ()
    assert [part.name for part in R7.member("entity").apart()] == ["entitytype", "entityid"]
    assert R7.member("entityid").parameters(UPDATE) == ("entityid",)


def test_workers_are_added_and_removed_and_repetitions_replaced_or_taken_away() -> None:
    assert sent(PLANFIX, "users", "task.update") == [
        ("workers/addUsers/id", "adds"),
        ("workers/delUsers/id", "removes"),
    ]
    assert sent(PLANFIX, "groups", "task.update") == [
        ("workers/addGroups/id", "adds"),
        ("workers/delGroups/id", "removes"),
    ]
    assert sent(PLANFIX, "periodicity", "task.update") == [
        ("periodicity", "sets"),
        ("periodicity/@unset", "unsets"),
    ]
    [users] = PLANFIX.member("users").parts
    assert users.sending("task.update", Effect.ADDS) == ("workers", "addUsers", "id")
    assert users.sending("task.update") is None
    only_set = [name for name in PLANFIX.names if name not in {"users", "groups", "periodicity"}]
    for name in only_set:
        [part] = PLANFIX.member(name).parts
        assert [one.effect for one in part.sent["task.update"]] == [Effect.SETS]


def test_references_say_what_they_refer_to() -> None:
    assert {one.name: one.refers_to for one in R7.members if one.refers_to} == {
        "responsible": ("responsibles",),
        "category": ("categories",),
        "contact": ("contacts",),
        "entity": ("opportunities", "cases"),
    }
    assert R7.member("entity").selected_by == {"opportunity": "opportunities", "case": "cases"}
    assert {one.name: one.refers_to for one in PLANFIX.members if one.refers_to} == {
        "owner": ("user",),
        "parent": ("task",),
        "project": ("project",),
        "client": ("contact",),
        "users": ("user",),
        "groups": ("group",),
    }


def test_what_is_known_of_a_portal_is_looked_up_by_an_operation_of_the_spec() -> None:
    for member in R7.members:
        for kind in member.refers_to:
            assert R7.gives(kind).path.startswith("/api/2.0/")
    given_ = {kind: PLANFIX.gives(kind).name for kind in ("users", "groups", "projects", "clients")}
    assert given_ == {
        "users": "user.getList",
        "groups": "userGroup.getList",
        "projects": "project.getList",
        "clients": "contact.getList",
    }
    with pytest.raises(KeyError, match="phases"):
        R7.gives("phases")
    with pytest.raises(KeyError, match="phase"):
        R7.member("phase")


def test_what_the_sample_answers_do_not_show_is_not_promised() -> None:
    assert [one.name for one in R7.readable if one.promised] == [
        "title",
        "deadline",
        "responsible",
        "category",
    ]
    assert R7.member("isclosed").shown is Shown.WHEN_SET


def test_every_member_says_where_it_comes_from() -> None:
    for resource in (R7, PLANFIX):
        for member in resource.members:
            assert member.source.page
            assert member.source.row
            assert member.source.line
            assert not member.source.extension


# What an answer that does not show a member says.


def test_what_an_answer_of_r7_leaves_out_is_not_there() -> None:
    assert all(member.absence_is_nothing for member in R7.members)
    assert all(not holds(member.read_from({"id": 7})) for member in R7.readable)
    assert R7.member("entity").read_from({"id": 7}) == R7.member("entity").nothing == (None, None)


UNKNOWN_WHEN_ABSENT = {"importance", "status", "checkResult", "owner"}


def test_what_a_card_of_planfix_leaves_out_is_nothing_or_unknown() -> None:
    bare: dict[str, None] = dict.fromkeys((*planfix.plain(), "workers", "periodicity"))
    seen = card(**bare)
    assert {name for name in PLANFIX.names if not seen.shows(name)} == UNKNOWN_WHEN_ABSENT
    assert {name: value for name, value in seen.members.items() if value is not None} == {}
    assert not any(seen.holds(name) for name in PLANFIX.names)
    assert {one.name for one in PLANFIX.members if not one.absence_is_nothing} == UNKNOWN_WHEN_ABSENT


EMPTY: Mapping[str, Content] = {
    "title": "",
    "importance": "",
    "status": "",
    "checkResult": "",
    "owner": {"id": 0},
    "parent": {"id": 0},
    "project": {},
    "client": {"id": ""},
    "startTime": "",
    "workers": {"users": {}, "groups": {"group": {"id": 0}}},
}


def test_what_a_card_shows_empty_is_the_same_as_what_it_leaves_out() -> None:
    # But for who owns it: a card that names nobody says so, one without an owner says nothing.
    nobody = {"owner": None}
    assert card(**EMPTY).members == {**card(**dict.fromkeys(EMPTY)).members, **nobody}


def test_a_flag_that_is_off_is_a_value() -> None:
    assert card(checkResult=0).members["checkResult"] is False
    assert card(checkResult=0).shows("checkResult")


def test_the_ids_of_a_set() -> None:
    assert ids((1, 2)) == (1, 2)
    assert ids(None) == ids("1") == ids(1) == ()


# What an object has to be after a request.

SCALARS, TEAMS, WHOLE = ("title", "status", "flag"), ("users", "groups"), ("repeats",)
ALL = (*SCALARS, *TEAMS, *WHOLE)
scalars = st.none() | st.text(min_size=1, max_size=3) | st.integers(1, 9) | st.booleans()
numbers = st.lists(st.integers(1, 6), unique=True, max_size=4).map(lambda some: tuple(sorted(some)))
values: dict[str, st.SearchStrategy[Value]] = {
    **dict.fromkeys((*SCALARS, *WHOLE), scalars),
    **dict.fromkeys(TEAMS, numbers.map(lambda some: some or None)),
}
states = st.fixed_dictionaries({}, optional=values)


@st.composite
def patches(draw: st.DrawFn) -> Patch:
    """Requests that say one thing about each member: a list that is there may be of nobody, none is both."""
    sets = draw(st.fixed_dictionaries({}, optional={name: values[name] for name in (*SCALARS, *WHOLE)}))
    unsets = draw(st.sets(st.sampled_from(WHOLE)))
    listed = st.fixed_dictionaries({}, optional=dict.fromkeys(TEAMS, numbers.filter(bool)))
    unclear = frozenset(draw(st.sets(st.sampled_from(ALL), max_size=2)))
    return Patch(
        sets={name: value for name, value in sets.items() if name not in unsets | unclear},
        adds=draw(listed),
        removes=draw(listed),
        unsets=frozenset(unsets - unclear),
        unclear=unclear,
    )


@given(states, patches())
def test_what_is_not_touched_is_kept_and_nothing_comes_from_nowhere(
    before: Mapping[str, Value], patch: Patch
) -> None:
    after = expected(before, patch)
    assert {name: value for name, value in after.items() if name not in patch.touched} == {
        name: value for name, value in before.items() if name not in patch.touched
    }
    assert set(after) <= set(before) | set(patch.sets) | patch.unsets


@given(states, patches())
def test_what_is_set_is_the_new_value_and_what_is_unset_is_nothing(
    before: Mapping[str, Value], patch: Patch
) -> None:
    after = expected(before, patch)
    assert patch.sets.items() <= after.items()
    assert all(name in after and after[name] is None for name in patch.unsets)


@given(states, patches())
def test_adding_and_removing_is_set_algebra(before: Mapping[str, Value], patch: Patch) -> None:
    after = expected(before, patch)
    for team in {*patch.adds, *patch.removes} - patch.unclear:
        added, removed = set(patch.adds.get(team, ())), set(patch.removes.get(team, ()))
        if team not in before or added & removed:
            assert team not in after, "it is not known who was there, or an id comes and goes at once"
        else:
            whole = (set(ids(before[team])) | added) - removed
            assert after[team] == (tuple(sorted(whole)) or None)


@given(states, patches())
def test_what_is_unclear_is_left_out(before: Mapping[str, Value], patch: Patch) -> None:
    assert not patch.unclear & set(expected(before, patch))
    assert patch.unclear <= patch.touched
    assert all(patch.touches(name) for name in patch.unclear)


@given(states, patches(), states)
def test_resets_empty_only_what_is_not_sent(
    before: Mapping[str, Value], patch: Patch, resets: Mapping[str, Value]
) -> None:
    kept, emptied = expected(before, patch), expected(before, patch, resets)
    for name in ALL:
        if name in resets and not patch.touches(name):
            assert emptied[name] == resets[name]
        else:
            assert (name in emptied, emptied.get(name)) == (name in kept, kept.get(name))


@given(states, patches())
def test_a_request_that_is_sent_twice_does_what_it_does_once(
    before: Mapping[str, Value], patch: Patch
) -> None:
    once = expected(before, patch)
    assert expected(once, patch) == once


@given(states)
def test_a_request_for_nothing_changes_nothing(before: Mapping[str, Value]) -> None:
    assert expected(before, NOTHING) == before
    assert NOTHING.touched == frozenset()


@given(had=numbers, added=numbers)
def test_removing_who_was_added_restores(had: tuple[int, ...], added: tuple[int, ...]) -> None:
    before: Mapping[str, Value] = {"users": had or None}
    after = expected(before, Patch(adds={"users": added}))
    fresh = tuple(one for one in added if one not in had)
    assert expected(after, Patch(removes={"users": fresh})) == before


def test_a_set_that_is_none_cannot_be_added_to() -> None:
    assert expected({"users": "many"}, Patch(adds={"users": (1,)})) == {}


# What a JSON body asks for.

ANNA = "9924256a-739c-462b-af15-e652a3b1b6eb"


@pytest.mark.parametrize(
    ("body", "sets", "unclear"),
    [
        ({}, {}, set()),
        ({"title": "дело", "unknown": 1}, {"title": "дело"}, set()),
        ({"title": ""}, {"title": None}, set()),
        ({"title": None}, {}, {"title"}),
        ({"responsibleid": ANNA.upper()}, {"responsible": ANNA}, set()),
        ({"responsibleid": "00000000-0000-0000-0000-000000000000"}, {"responsible": None}, set()),
        ({"alertValue": 0}, {"alertvalue": None}, set()),
        ({"alertValue": "15"}, {"alertvalue": 15}, set()),
        ({"entityType": "Case", "entityid": 601}, {"entity": ("case", 601)}, set()),
        ({"entityType": "", "entityid": 0}, {"entity": (None, None)}, set()),
        ({"entityid": 601}, {}, {"entity"}),
        ({"entityType": "case"}, {}, {"entity"}),
        ({"entityType": "case", "entityid": None}, {}, {"entity"}),
        ({"entityType": None, "entityid": None, "title": "дело"}, {"title": "дело"}, {"entity"}),
        ({"contactId": 401, "entityId": 601}, {}, set()),
    ],
)
def test_what_a_json_body_asks_for(
    body: Mapping[str, Any], sets: Mapping[str, Value], unclear: set[str]
) -> None:
    patch = json_patch(R7, UPDATE, body)
    assert patch.sets == sets
    assert patch.unclear == unclear
    assert patch.touched == set(sets) | unclear


def test_a_creation_goes_by_its_own_names() -> None:
    assert json_patch(R7, CREATE, {"contactId": 401, "contactid": 402}).sets == {"contact": 401}


# What an XML document asks for.

DAILY: Content = {"daily": {"type": "EVERY", "shift": 2}}


@pytest.mark.parametrize(
    ("members", "patch"),
    [
        ({}, Patch(5)),
        ({"unknown": "x"}, Patch(5)),
        ({"title": "Новое"}, Patch(5, {"title": "Новое"})),
        ({"title": " x "}, Patch(5, {"title": " x "})),
        ({"title": ["One", "Two"]}, Patch(5, unclear=frozenset({"title"}))),
        ({"title": ["One", "One"]}, Patch(5, unclear=frozenset({"title"}))),
        ({"title": ""}, Patch(5, unclear=frozenset({"title"}))),
        ({"importance": "\n "}, Patch(5, unclear=frozenset({"importance"}))),
        ({"owner": {}}, Patch(5, unclear=frozenset({"owner"}))),
        ({"owner": {"id": ""}}, Patch(5, unclear=frozenset({"owner"}))),
        ({"owner": {"id": 502}}, Patch(5, {"owner": 502})),
        ({"owner": [{"id": 502}, {"id": 502}]}, Patch(5, unclear=frozenset({"owner"}))),
        ({"parent": {"id": 0}, "client": {"id": 0}}, Patch(5, {"parent": None, "client": None})),
        ({"status": "DONE", "checkResult": 0}, Patch(5, {"status": 6, "checkResult": False})),
        ({"status": "nonsense"}, Patch(5, {"status": "nonsense"})),
        ({"workers": {}}, Patch(5, unclear=frozenset({"users", "groups"}))),
        (
            {"workers": {"addUsers": {"id": [504, 503]}, "delGroups": {"id": 61}}},
            Patch(5, adds={"users": (504, 503)}, removes={"groups": (61,)}),
        ),
        (
            {"workers": {"addUsers": {"id": 503}, "delUsers": {"id": 503}}},
            Patch(5, adds={"users": (503,)}, removes={"users": (503,)}),
        ),
        (
            {"workers": {"addUsers": {}, "delGroups": {"id": 61}}},
            Patch(5, removes={"groups": (61,)}, unclear=frozenset({"users"})),
        ),
        (
            {"workers": {"addUsers": {"id": "x"}, "delGroups": {"id": 61}}},
            Patch(5, removes={"groups": (61,)}, unclear=frozenset({"users"})),
        ),
        (
            {"periodicity": DAILY},
            Patch(5, {"periodicity": {"kind": "daily", "type": "EVERY", "shift": 2}}),
        ),
        ({"periodicity": {}}, Patch(5, unclear=frozenset({"periodicity"}))),
        ({"periodicity": {"daily": {"type": "EVERY"}}}, Patch(5, unclear=frozenset({"periodicity"}))),
        ({"periodicity": [DAILY, DAILY]}, Patch(5, unclear=frozenset({"periodicity"}))),
        ({"periodicity": {"@unset": "0"}}, Patch(5, unsets=frozenset({"periodicity"}))),
        (
            {"periodicity": {"@unset": "1", "daily": {"type": "EVERY", "shift": 2}}},
            Patch(5, unsets=frozenset({"periodicity"})),
        ),
    ],
)
def test_what_an_xml_document_asks_for(members: Mapping[str, Content], patch: Patch) -> None:
    assert asked(update(members).request.body) == patch


@pytest.mark.parametrize("body", [b"", b"<request", b"<request/>", b'{"task": {}}'])
def test_what_is_no_document_about_a_task_asks_for_nothing(body: bytes) -> None:
    assert asked(body) == NOTHING


def test_a_request_that_names_no_task_has_no_subject() -> None:
    assert asked(update({"title": "x"}, task=None).request.body).subject is None
    unnamed = etree.fromstring("<task><id>five</id><title>x</title></task>")
    assert xml_patch(PLANFIX, "task.update", unnamed) == Patch(None, {"title": "x"})


# Places.


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("a",), (True, {"b": None})),
        (("a", "b"), (True, None)),
        (("a", "c"), (False, None)),
        (("a", "b", "c"), (False, None)),
        (("d",), (False, None)),
    ],
)
def test_places_of_json(path: tuple[str, ...], found: tuple[bool, object]) -> None:
    assert raw_at({"a": {"b": None}}, path) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("title",), (True, "a & b")),
        (("none",), (False, None)),
        (("owner", "id"), (True, "5")),
        (("parent", "id"), (True, "6")),
        (("client", "id"), (True, "")),
        (("full", "id"), (True, None)),
        (("none", "id"), (False, None)),
        (("repeats", "@unset"), (True, "1")),
        (("owner", "@unset"), (False, None)),
    ],
)
def test_places_of_xml(path: tuple[str, ...], found: tuple[bool, object]) -> None:
    document = etree.fromstring(
        "<task><title>a <b>&amp;</b> b</title><owner><id>5</id></owner><parent>6</parent><client/>"
        "<full><name>x</name></full><repeats unset='1'/></task>"
    )
    assert raw_at(document, path) == found


def test_all_places_of_xml_in_their_order() -> None:
    document = etree.fromstring("<task><w><id>2</id><id>1</id></w><w><id>3</id></w></task>")
    assert all_at(document, ("w", "id")) == ["2", "1", "3"]
    assert all_at(document, ("none", "id")) == []


def test_a_sending_sets_unless_it_says_otherwise() -> None:
    assert Sending(("title",)).effect is Effect.SETS
