"""What the two R7 pages state, one statement a line in our own words, and the requirements that judge it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from etalon.generation.json_bodies import load_spec, members
from etalon.judging.requirements import is_selected
from etalon.shipped import contract, spec

if TYPE_CHECKING:
    from collections.abc import Mapping

CREATE, UPDATE = "r7-crm-task-create", "r7-crm-task-update"
_PERSON = ("id", "displayName", "title", "avatarSmall", "profileUrl")
_CATEGORY = ("imagePath", "title", "description", "sortOrder", "id")

# Page → statement → the globs of the requirements that judge it. A row of a table is named by its parameter.
STATEMENTS: Mapping[str, Mapping[str, str]] = {
    CREATE: {
        "the operation is POST api/2.0/crm/task": "R7-CREATE-STORES-TITLE",
        "the function needs authentication": "R7-AUTH-CREATE-* R7-AUTH-BEFORE-INPUT-CREATE",
        "it creates a task": "R7-CREATE-IDS-DISTINCT R7-CREATE-TOUCHES-NO-OTHER-TASK",
        "with the parameters that are given": "R7-CREATE-STORES-* R7-CREATE-TAKES-NOTHING-FROM-OTHERS",
        "title: the name of the task": "R7-CREATE-STORES-TITLE R7-CREATE-ECHOES-TITLE",
        "title: not marked optional": "R7-CREATE-REQUIRES-TITLE",
        "title: a text": "R7-TEXT-TITLE R7-TEXT-LONG-TITLE",
        "description: what the task is about": "R7-CREATE-STORES-DESCRIPTION R7-CREATE-ECHOES-DESCRIPTION",
        "description: optional": "R7-CREATE-NEEDS-ONLY-MANDATORY",
        "description: a text": "R7-TEXT-DESCRIPTION R7-TEXT-LONG-DESCRIPTION",
        "deadline: when the task is due": "R7-CREATE-STORES-DEADLINE R7-CREATE-ECHOES-DEADLINE",
        "deadline: not marked optional": "R7-CREATE-REQUIRES-DEADLINE",
        "deadline: a date and time": "R7-CREATE-REFUSES-MALFORMED-DEADLINE",
        "deadline: round-trip format": "R7-DEADLINE-ROUNDTRIP-SPELLING R7-DEADLINE-SEVEN-DIGITS",
        "deadline: the example has dashes in the time of day": "R7-DEADLINE-DASH-*",
        "deadline: the example has milliseconds": "R7-DEADLINE-PRECISION R7-DEADLINE-DASH-FRACTION",
        "responsibleId: who has to do the task": "R7-CREATE-STORES-RESPONSIBLE R7-CREATE-ECHOES-RESPONSIBLE",
        "responsibleId: not marked optional": "R7-CREATE-REQUIRES-RESPONSIBLE",
        "responsibleId: a GUID": "R7-CREATE-REFUSES-MALFORMED-RESPONSIBLE",
        "responsibleId: the example mixes capitals and small letters": "R7-GUID-ANY-CASE",
        "categoryId: the task's category": "R7-CREATE-STORES-CATEGORY R7-CREATE-ECHOES-CATEGORY",
        "categoryId: not marked optional": "R7-CREATE-REQUIRES-CATEGORY",
        "categoryId: a number": "R7-CREATE-REFUSES-MALFORMED-CATEGORY",
        "contactId: the contact": "R7-CREATE-STORES-CONTACT R7-CREATE-ECHOES-CONTACT",
        "contactId: optional": "R7-CREATE-NEEDS-ONLY-MANDATORY",
        "contactId: a number": "R7-CREATE-REFUSES-MALFORMED-CONTACT",
        "entityType: the type of the linked entity": "R7-CREATE-STORES-ENTITY R7-CREATE-ECHOES-ENTITY",
        "entityType: opportunity or case": "R7-CREATE-REFUSES-UNKNOWN-ENTITY-TYPE",
        "entityType: optional": "R7-CREATE-NEEDS-ONLY-MANDATORY",
        "entityType: a text": "R7-CREATE-REFUSES-UNKNOWN-ENTITY-TYPE",
        "entityId: the id of the linked entity": "R7-CREATE-STORES-ENTITY R7-CREATE-ECHOES-ENTITY",
        "entityId: optional": "R7-CREATE-NEEDS-ONLY-MANDATORY",
        "entityId: a number": "R7-CREATE-REFUSES-MALFORMED-ENTITYID",
        "isNotify: the responsible person is told": "R7-CREATE-ACCEPTS-ISNOTIFY",
        "isNotify: optional": "R7-CREATE-NEEDS-ONLY-MANDATORY",
        "isNotify: a boolean": "R7-CREATE-REFUSES-MALFORMED-ISNOTIFY",
        "alertValue: minutes of the reminder": "R7-CREATE-STORES-ALERTVALUE R7-CREATE-ECHOES-ALERTVALUE",
        "alertValue: optional": "R7-CREATE-NEEDS-ONLY-MANDATORY",
        "alertValue: a number": "R7-CREATE-REFUSES-MALFORMED-ALERTVALUE",
        "the sample request sends application/json": "R7-CREATE-REFUSES-BROKEN-JSON",
        "the sample request accepts application/json": "R7-JSON-BY-ACCEPT",
        "the sample request is an object of ten parameters": "R7-CREATE-STORES-* R7-CREATE-ACCEPTS-ISNOTIFY",
        "it returns the task": "R7-CREATE-ECHOES-* R7-ECHO-IS-STORED",
        "a sample answer is application/json": "R7-LAW-CONTENT-TYPE R7-SCHEMA-*-CONFORMANCE",
        "a sample answer is text/xml": "R7-XML-CREATE-BY-ACCEPT R7-XML-ECHO",
    },
    UPDATE: {
        "the operation is PUT api/2.0/crm/task/{taskid}": "R7-UPDATE-STORES-TITLE",
        "the function needs authentication": "R7-AUTH-UPDATE-* R7-AUTH-STATUS R7-AUTH-BEFORE-INPUT-UPDATE",
        "it updates the chosen task": "R7-UPDATE-TOUCHES-NO-OTHER-TASK R7-UPDATE-UNKNOWN-ID-*",
        "with the parameters that are given": "R7-UPDATE-KEEPS-* R7-UPDATE-ALONE-* R7-PARTIAL-UPDATE",
        "what is given is what the task has then": "R7-UPDATE-TWICE-IS-ONCE R7-UPDATES-COMMUTE R7-SEQUENCES",
        "taskid: the id of the task": "R7-LAW-ASKED-ID R7-UPDATE-KEEPS-ID",
        "taskid: a number in the path": "R7-UPDATE-UNKNOWN-ID-IS-REFUSED",
        "title: the new name": "R7-UPDATE-STORES-TITLE R7-UPDATE-ECHOES-TITLE R7-CONCURRENT-UPDATES",
        "title: not marked optional": "R7-UPDATE-KEEPS-TITLE",
        "title: a text": "R7-TEXT-TITLE R7-TEXT-DATE-LIKE R7-UPDATE-NUMBER-FOR-TEXT",
        "description: the new description": "R7-UPDATE-STORES-DESCRIPTION R7-UPDATE-ECHOES-DESCRIPTION",
        "description: not marked optional": "R7-UPDATE-KEEPS-DESCRIPTION",
        "description: a text": "R7-TEXT-DESCRIPTION R7-UPDATE-EMPTY-DESCRIPTION R7-UPDATE-OBJECT-FOR-TEXT",
        "deadline: the new deadline": "R7-UPDATE-STORES-DEADLINE R7-UPDATE-ECHOES-DEADLINE",
        "deadline: not marked optional": "R7-UPDATE-KEEPS-DEADLINE",
        "deadline: a date and time": "R7-UPDATE-REFUSES-MALFORMED-DEADLINE R7-UPDATE-REFUSES-IMPOSSIBLE-*",
        "deadline: round-trip format": "R7-DEADLINE-ROUNDTRIP-SPELLING R7-DEADLINE-OFFSET",
        "deadline: the example has dashes in the time of day": "R7-DEADLINE-DASH-SPELLING",
        "deadline: the example has milliseconds": "R7-DEADLINE-PRECISION R7-DEADLINE-DASH-FRACTION",
        "responsibleid: the new person": "R7-UPDATE-STORES-RESPONSIBLE R7-UPDATE-ECHOES-RESPONSIBLE",
        "responsibleid: not marked optional": "R7-UPDATE-KEEPS-RESPONSIBLE",
        "responsibleid: a GUID": "R7-UPDATE-REFUSES-MALFORMED-RESPONSIBLE R7-UPDATE-UNKNOWN-*",
        "responsibleid: the example mixes capitals and small letters": "R7-GUID-ANY-CASE",
        "responsibleid: spelt with a small i, unlike the other page": "R7-SPELLING-OF-OTHER-PAGE",
        "categoryid: the new category": "R7-UPDATE-STORES-CATEGORY R7-UPDATE-ECHOES-CATEGORY",
        "categoryid: not marked optional": "R7-UPDATE-KEEPS-CATEGORY",
        "categoryid: a number": "R7-UPDATE-REFUSES-MALFORMED-CATEGORY R7-UPDATE-FRACTION-FOR-ID",
        "categoryid: spelt with a small i, unlike the other page": "R7-SPELLING-OF-OTHER-PAGE",
        "contactid: the new contact": "R7-UPDATE-STORES-CONTACT R7-UPDATE-ECHOES-CONTACT",
        "contactid: not marked optional": "R7-UPDATE-KEEPS-CONTACT",
        "contactid: a number": "R7-UPDATE-REFUSES-MALFORMED-CONTACT R7-UPDATE-UNKNOWN-CONTACT",
        "contactid: spelt with a small i, unlike the other page": "R7-SPELLING-OF-OTHER-PAGE",
        "entityType: the new type of the linked entity": "R7-UPDATE-STORES-ENTITY R7-UPDATE-ECHOES-ENTITY",
        "entityType: opportunity or case": "R7-UPDATE-REFUSES-UNKNOWN-ENTITY-TYPE",
        "entityType: not marked optional": "R7-UPDATE-KEEPS-ENTITY R7-UPDATE-KEEPS-ENTITYTYPE",
        "entityType: a text": "R7-UPDATE-REFUSES-UNKNOWN-ENTITY-TYPE R7-UPDATE-NULL-ENTITYTYPE",
        "entityid: the new id of the linked entity": "R7-UPDATE-STORES-ENTITY R7-UPDATE-ECHOES-ENTITY",
        "entityid: not marked optional": "R7-UPDATE-KEEPS-ENTITY R7-UPDATE-KEEPS-ENTITYID",
        "entityid: a number": "R7-UPDATE-REFUSES-MALFORMED-ENTITYID R7-UPDATE-UNKNOWN-ENTITY",
        "entityid: spelt with a small i, unlike the other page": "R7-SPELLING-OF-OTHER-PAGE",
        "isNotify: the responsible person is told": "R7-UPDATE-ACCEPTS-ISNOTIFY",
        "isNotify: not marked optional": "R7-UPDATE-KEEPS-ISNOTIFY",
        "isNotify: a boolean": "R7-UPDATE-REFUSES-MALFORMED-ISNOTIFY R7-UPDATE-TEXT-FOR-BOOLEAN",
        "alertValue: new minutes of the reminder": "R7-UPDATE-STORES-ALERTVALUE R7-UPDATE-ECHOES-ALERTVALUE",
        "alertValue: optional": "R7-UPDATE-KEEPS-ALERTVALUE",
        "alertValue: a number": "R7-UPDATE-REFUSES-MALFORMED-ALERTVALUE R7-ALERTVALUE-*",
        "the sample request sends application/json": "R7-UPDATE-REFUSES-BROKEN-JSON R7-UPDATE-CONTENT-TYPE-*",
        "the sample request accepts application/json": "R7-JSON-BY-ACCEPT",
        "the sample request is an object of ten parameters": "R7-UPDATE-REFUSES-ARRAY-BODY R7-UNKNOWN-MEMBER",
        "it returns the task": "R7-UPDATE-ECHOES-* R7-ECHO-IS-STORED",
        "a sample answer is application/json": "R7-LAW-CONTENT-TYPE R7-LAW-ANSWER-SCHEMA R7-SCHEMA-*",
        "a sample answer is text/xml": "R7-XML-UPDATE-BY-ACCEPT R7-XML-ENVELOPE R7-XML-SAME-VALUES",
    },
}

# The members of the sample answers, the same on both pages, each once in JSON and once in XML.
SAMPLE: Mapping[str, str] = {
    "status, 0": "R7-LAW-STATUS-ZERO",
    "response": "R7-LAW-ANSWER-SCHEMA",
    **{f"createBy.{part}": "R7-LAW-ANSWER-SCHEMA R7-CREATE-AUTHOR-IS-CALLER" for part in _PERSON},
    "created": "R7-UPDATE-KEEPS-CREATED R7-LAW-ANSWER-SCHEMA",
    "title": "R7-CREATE-ECHOES-TITLE R7-UPDATE-ECHOES-TITLE",
    "deadLine": "R7-CREATE-ECHOES-DEADLINE R7-UPDATE-ECHOES-DEADLINE",
    **{f"responsible.{part}": "R7-LAW-ANSWER-SCHEMA R7-UPDATE-ECHOES-RESPONSIBLE" for part in _PERSON},
    **{
        f"category.{part}": "R7-LAW-ANSWER-SCHEMA R7-LAW-ONE-NAME R7-UPDATE-ECHOES-CATEGORY"
        for part in _CATEGORY
    },
    "canEdit, a boolean": "R7-LAW-ANSWER-SCHEMA",
    "id, a number": "R7-LAW-ASKED-ID R7-CREATE-IDS-DISTINCT R7-CREATE-NAMES-THE-TASK",
}
IN_XML: Mapping[str, str] = dict.fromkeys(SAMPLE, "R7-XML-SAMPLE-MEMBERS") | {
    "status, 0": "R7-XML-ENVELOPE R7-XML-SAMPLE-MEMBERS",
    "response": "R7-XML-ENVELOPE",
}

ALL = [
    *((page, statement, ids) for page, lines in STATEMENTS.items() for statement, ids in lines.items()),
    *((page, f"JSON: {name}", ids) for page in STATEMENTS for name, ids in SAMPLE.items()),
    *((page, f"XML: {name}", ids) for page in STATEMENTS for name, ids in IN_XML.items()),
]


def test_every_statement_of_the_pages_is_judged() -> None:
    owed = [row.id for row in contract("r7").requirements if not row.planned]
    unjudged = [
        f"{page}: {statement}: {pattern}"
        for page, statement, ids in ALL
        for pattern in ids.split() or [""]
        if not any(is_selected(row, [pattern]) for row in owed)
    ]
    assert unjudged == []


def test_no_requirement_is_left_for_later() -> None:
    assert [row.id for row in contract("r7").requirements if row.planned] == []


def test_every_row_of_the_tables_stands_among_the_statements() -> None:
    document = load_spec(spec("r7", "openapi.yaml"))
    for page, operation in ((CREATE, "createTask"), (UPDATE, "updateTask")):
        rows = Counter(statement.partition(":")[0] for statement in STATEMENTS[page] if ":" in statement)
        for parameter in members(document, operation):
            assert rows[parameter] >= 3, f"{page}: meaning, type and obligation of {parameter}"
        assert set(rows) - set(members(document, operation)) <= {"taskid"}


def test_every_requirement_rests_on_a_page_that_is_listed() -> None:
    assert {row.source.page for row in contract("r7").requirements} == set(STATEMENTS)
