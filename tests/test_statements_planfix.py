"""What the page `planfix-task-update` states, in our own words, and which requirement judges each piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.shipped import contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE = "planfix-task-update"

ROWS: Mapping[str, Sequence[str]] = {
    "id: the task that is updated": [
        "PF-UPDATE-ECHOES-ID",
        "PF-NEIGHBOUR-UNTOUCHED",
        "PF-REFUSES-UNKNOWN-ID",
    ],
    "id: mandatory": ["PF-REFUSES-MISSING-ID"],
    "title: the task's name, a string": ["PF-UPDATE-STORES-TITLE", "PF-TEXT-TITLE", "PF-TEXT-LONG-TITLE"],
    "description: what it is about, a string": [
        "PF-UPDATE-STORES-DESCRIPTION",
        "PF-TEXT-DESCRIPTION",
        "PF-TEXT-LONG-DESCRIPTION",
        "PF-LARGE-TEXT",
    ],
    "importance: one of a list": ["PF-UPDATE-STORES-IMPORTANCE", "PF-REFUSES-BAD-IMPORTANCE"],
    "status: one of a list": ["PF-UPDATE-STORES-STATUS", "PF-REFUSES-BAD-STATUS", "PF-STATUS-VALUES"],
    "checkResult: whether the result has to be checked, a bool": [
        "PF-UPDATE-STORES-CHECKRESULT",
        "PF-REFUSES-BAD-CHECKRESULT",
    ],
    "owner: who created the task, optional": ["PF-UPDATE-STORES-OWNER", "PF-EMPTY-OWNER"],
    "owner: the caller where none is given": ["PF-UPDATE-KEEPS-OWNER"],
    "owner.id: a user": ["PF-UPDATE-STORES-OWNER", "PF-REFUSES-UNKNOWN-OWNER", "PF-REFUSES-NOT-A-NUMBER"],
    "parent: the task above, optional": ["PF-UPDATE-STORES-PARENT", "PF-PARENT-UNTOUCHED", "PF-EMPTY-PARENT"],
    "parent.id: a task": [
        "PF-UPDATE-STORES-PARENT",
        "PF-REFUSES-UNKNOWN-PARENT",
        "PF-OWN-PARENT",
        "PF-CHILD-AS-PARENT",
    ],
    "parent.id: may be 0": ["PF-PARENT-ZERO"],
    "project: the project of the task": ["PF-UPDATE-STORES-PROJECT", "PF-EMPTY-PROJECT"],
    "project.id: a project": ["PF-UPDATE-STORES-PROJECT", "PF-REFUSES-UNKNOWN-PROJECT", "PF-PROJECT-ZERO"],
    "client: the contact of the task, optional": ["PF-UPDATE-STORES-CLIENT", "PF-EMPTY-CLIENT"],
    "client.id: a contact": ["PF-UPDATE-STORES-CLIENT", "PF-REFUSES-UNKNOWN-CLIENT"],
    "client.id: may be 0": ["PF-CLIENT-ZERO"],
    "startTime: when work begins, a DateTime": ["PF-UPDATE-STORES-STARTTIME", "PF-REFUSES-BAD-DATE"],
    "endTime: when work ends, a DateTime": [
        "PF-UPDATE-STORES-ENDTIME",
        "PF-REFUSES-IMPOSSIBLE-DATE",
        "PF-REFUSES-END-BEFORE-START",
    ],
    "workers: the root of the lists of workers": ["PF-EMPTY-WORKERS", "PF-MISPLACED-ELEMENT"],
    "workers.addUsers: users who join": [
        "PF-WORKERS-ADD-USERS",
        "PF-WORKERS-ADD-IS-UNION",
        "PF-WORKERS-ADD-TWICE",
    ],
    "workers.addUsers.id: a user, of whom there may be several": [
        "PF-WORKERS-ADD-USERS",
        "PF-WORKERS-ANY-ORDER",
        "PF-REFUSES-UNKNOWN-USER",
        "PF-CONCURRENT-WORKERS",
    ],
    "workers.addGroups: groups that join": ["PF-WORKERS-ADD-GROUPS", "PF-WORKERS-USERS-AND-GROUPS"],
    "workers.addGroups.id: a group": [
        "PF-WORKERS-ADD-GROUPS",
        "PF-REFUSES-UNKNOWN-GROUP",
        "PF-WORKERS-USERS-STAY",
    ],
    "workers.delUsers: users who leave": [
        "PF-WORKERS-DEL-USERS",
        "PF-WORKERS-ADD-AND-DEL",
        "PF-WORKERS-ADD-THEN-DEL",
    ],
    "workers.delUsers.id: a user": [
        "PF-WORKERS-DEL-USERS",
        "PF-WORKERS-DEL-NON-MEMBER",
        "PF-WORKERS-ADD-AND-DEL-SAME",
        "PF-WORKERS-GROUPS-STAY",
    ],
    "workers.delGroups: groups that leave": ["PF-WORKERS-DEL-GROUPS"],
    "workers.delGroups.id: a group": ["PF-WORKERS-DEL-GROUPS"],
    "periodicity: how the task repeats": ["PF-PERIODICITY-REPLACED-WHOLE", "PF-EMPTY-PERIODICITY"],
    "periodicity unset: the attribute takes the periodicity away": ["PF-PERIODICITY-UNSET"],
    "periodicity unset: its presence counts": ["PF-PERIODICITY-UNSET-ANY-VALUE"],
    "periodicity unset: what is inside is ignored": ["PF-PERIODICITY-UNSET-CONTENT"],
    "periodicity.startDate: when repeating begins, a DateTime": [
        "PF-PERIODICITY-START-DATE",
        "PF-REFUSES-BAD-DATE",
    ],
    "periodicity.endCondition: when repeating ends": ["PF-PERIODICITY-REPLACED-WHOLE"],
    "periodicity.endCondition.type: one of three": ["PF-REFUSES-BAD-END-CONDITION"],
    "endCondition.type ENDLESS: never": ["PF-PERIODICITY-ENDLESS"],
    "endCondition.type BYCOUNT: after repeatCount times": ["PF-PERIODICITY-BY-COUNT"],
    "endCondition.type BYENDDATE: on date": ["PF-PERIODICITY-BY-END-DATE"],
    "periodicity.endCondition.date: used with BYENDDATE, a DateTime": [
        "PF-PERIODICITY-BY-END-DATE",
        "PF-DATES-FULL",
    ],
    "periodicity.endCondition.repeatCount: used with BYCOUNT, an int": [
        "PF-PERIODICITY-BY-COUNT",
        "PF-OUT-OF-RANGE",
    ],
    "periodicity.notify: when to tell people ahead": ["PF-PERIODICITY-NOTIFY"],
    "periodicity.notify.type: 0 a working day, 1 a week": [
        "PF-PERIODICITY-NOTIFY",
        "PF-REFUSES-BAD-NOTIFY-TYPE",
    ],
    "periodicity.notify.day: how many of these": ["PF-PERIODICITY-NOTIFY", "PF-REFUSES-NOT-A-NUMBER"],
    "daily.type: EVERY, EVERY_WORKING or AFTER_COMPLETE": ["PF-REFUSES-BAD-KIND-TYPE"],
    "daily.shift: days, used with EVERY and AFTER_COMPLETE": [
        "PF-PERIODICITY-DAILY-EVERY",
        "PF-PERIODICITY-DAILY-AFTER-COMPLETE",
    ],
    "weekly.type: EVERY or AFTER_COMPLETE": ["PF-REFUSES-BAD-KIND-TYPE"],
    "weekly.shift: an int": ["PF-PERIODICITY-WEEKLY-EVERY", "PF-PERIODICITY-WEEKLY-AFTER-COMPLETE"],
    "weekly.days: a list with commas, used with EVERY": ["PF-PERIODICITY-WEEKLY-EVERY", "PF-WEEKDAY-TWICE"],
    "weekly.days: Monday is 1, Sunday 7": ["PF-PERIODICITY-WEEKDAYS", "PF-REFUSES-BAD-WEEKDAY"],
    "monthly.type: AFTER_COMPLETE, EVERY or EXACT": ["PF-REFUSES-BAD-KIND-TYPE"],
    "monthly.month: every so many months": [
        "PF-PERIODICITY-MONTHLY-EVERY",
        "PF-PERIODICITY-MONTHLY-AFTER-COMPLETE",
    ],
    "monthly.day: the day, not used with AFTER_COMPLETE": [
        "PF-PERIODICITY-MONTHLY-EVERY",
        "PF-PERIODICITY-MONTHLY-EXACT",
    ],
    "monthly.dayType: a type of day out of a list, used with EXACT": [
        "PF-PERIODICITY-DAY-TYPES",
        "PF-REFUSES-BAD-DAY-TYPE",
    ],
    "answer, task.id: the task that was updated": ["PF-UPDATE-ECHOES-ID", "PF-UPDATE-ANSWER-SCHEMA"],
}
"""Each row of the parameter tables and of the answer table, one statement of it at a time."""

VALUES: Mapping[str, Sequence[str]] = {
    "daily EVERY": ["PF-PERIODICITY-DAILY-EVERY"],
    "daily EVERY_WORKING": ["PF-PERIODICITY-DAILY-EVERY-WORKING"],
    "daily AFTER_COMPLETE": ["PF-PERIODICITY-DAILY-AFTER-COMPLETE"],
    "weekly EVERY": ["PF-PERIODICITY-WEEKLY-EVERY"],
    "weekly AFTER_COMPLETE": ["PF-PERIODICITY-WEEKLY-AFTER-COMPLETE"],
    "monthly EVERY": ["PF-PERIODICITY-MONTHLY-EVERY"],
    "monthly EXACT": ["PF-PERIODICITY-MONTHLY-EXACT"],
    "monthly AFTER_COMPLETE": ["PF-PERIODICITY-MONTHLY-AFTER-COMPLETE"],
    "ENDLESS": ["PF-PERIODICITY-ENDLESS"],
    "BYCOUNT": ["PF-PERIODICITY-BY-COUNT"],
    "BYENDDATE": ["PF-PERIODICITY-BY-END-DATE"],
    "notify 0": ["PF-PERIODICITY-NOTIFY"],
    "notify 1": ["PF-PERIODICITY-NOTIFY"],
    **{f"importance {name}": ["PF-UPDATE-STORES-IMPORTANCE"] for name in ("AVERAGE", "HIGH")},
    **{
        f"status {name}": ["PF-STATUS-VALUES"]
        for name in (
            "DRAFT",
            "ACTIVE",
            "ACCEPTED",
            "COMPLETED",
            "DELAYED",
            "REJECTED",
            "DONE",
            "CANCELED",
        )
    },
    **{
        f"day type {name}": ["PF-PERIODICITY-DAY-TYPES"]
        for name in (
            "DAY",
            "WORKDAY",
            "MONDAY",
            "TUESDAY",
            "WEDNESDAY",
            "THURSDAY",
            "FRIDAY",
            "SATURDAY",
            "SUNDAY",
        )
    },
    **{f"weekday {day}": ["PF-PERIODICITY-WEEKDAYS"] for day in range(1, 8)},
    "checkResult 0": ["PF-UPDATE-STORES-CHECKRESULT"],
    "checkResult 1": ["PF-UPDATE-STORES-CHECKRESULT"],
}
"""Each value of an enumeration, of this page and of those that its rows point to."""

_KEPT = (
    "TITLE",
    "DESCRIPTION",
    "IMPORTANCE",
    "STATUS",
    "CHECKRESULT",
    "OWNER",
    "PARENT",
    "PROJECT",
    "CLIENT",
    "STARTTIME",
    "ENDTIME",
    "USERS",
    "GROUPS",
    "PERIODICITY",
)

PROSE: Mapping[str, Sequence[str]] = {
    "the function updates a task": ["PF-SEQUENCES", "PF-CONCURRENT-MEMBERS"],
    "a request is XML, of the form of the sample": [
        "PF-BROKEN-XML",
        "PF-XML-ORDER",
        "PF-XML-CDATA",
        "PF-XML-COMMENTS",
        "PF-XML-ENTITIES",
        "PF-XML-INDENTED",
        "PF-UNKNOWN-ELEMENT",
        "PF-ELEMENT-TWICE",
        "PF-MISSHAPEN",
    ],
    "the sample declares UTF-8": ["PF-XML-ENCODINGS", "PF-XML-NO-DECLARATION", "PF-XML-BOM"],
    "the sample names the function": ["PF-UNKNOWN-FUNCTION"],
    "the sample has an account": ["PF-AUTH-ACCOUNT"],
    "the sample has a session": ["PF-AUTH-SESSION", "PF-AUTH-NO-SESSION"],
    "the sample has a signature": ["PF-AUTH-SIGNATURE", "PF-AUTH-UNSIGNED", "PF-AUTH-EMPTY-SIGNATURE"],
    "dates have a short form of day, month and year": ["PF-DATES-SHORT"],
    "dates have a full form with a time of day": ["PF-DATES-FULL", "PF-DATES-MIDNIGHT"],
    "a periodicity is not mandatory": ["PF-UPDATE-KEEPS-PERIODICITY"],
    "a periodicity holds one of daily, weekly and monthly": [
        "PF-PERIODICITY-ONE-KIND",
        "PF-REFUSES-TWO-KINDS",
        "PF-REFUSES-NO-KIND",
    ],
    "beside daily there is no weekly and no monthly": ["PF-REFUSES-TWO-KINDS"],
    "beside weekly there is no daily and no monthly": ["PF-REFUSES-TWO-KINDS"],
    "beside monthly there is no daily and no weekly": ["PF-REFUSES-TWO-KINDS"],
    "daily repeats every day, by its criteria": ["PF-PERIODICITY-DAILY-EVERY"],
    "daily EVERY: each N-th day": ["PF-PERIODICITY-DAILY-EVERY"],
    "daily EVERY_WORKING: each working day": ["PF-PERIODICITY-DAILY-EVERY-WORKING"],
    "daily AFTER_COMPLETE: N days after each completion": ["PF-PERIODICITY-DAILY-AFTER-COMPLETE"],
    "weekly repeats every week, by its criteria": ["PF-PERIODICITY-WEEKLY-EVERY"],
    "weekly AFTER_COMPLETE: N weeks after each completion": ["PF-PERIODICITY-WEEKLY-AFTER-COMPLETE"],
    "monthly repeats every month, by its criteria": ["PF-PERIODICITY-MONTHLY-EVERY"],
    "monthly EXACT: the N-th day of a type of every so many months": ["PF-PERIODICITY-MONTHLY-EXACT"],
    "monthly EVERY: a day of every so many months": ["PF-PERIODICITY-MONTHLY-EVERY"],
    "monthly AFTER_COMPLETE: so many months after each completion": ["PF-PERIODICITY-MONTHLY-AFTER-COMPLETE"],
    "all parameters but the id are optional": ["PF-UPDATE-OF-NOTHING"],
    "what is left out is not updated": [f"PF-UPDATE-KEEPS-{member}" for member in _KEPT],
    "success is answered with the status ok": ["PF-ANSWER-FORM", "PF-UPDATE-ANSWER-SCHEMA"],
    "otherwise an error is answered, with a code": [
        "PF-ERROR-ANSWER-SCHEMA",
        "PF-REFUSED-UPDATE-CHANGES-NOTHING",
        "PF-ERROR-MESSAGE",
        "PF-ERROR-HTTP-STATUS",
    ],
}
"""Each sentence of the prose, and what the samples say by being as they are."""

STATEMENTS = {**ROWS, **VALUES, **PROSE}


def test_every_statement_is_judged() -> None:
    known = {row.id for row in contract("planfix").requirements}
    unjudged = {text: set(ids) - known for text, ids in STATEMENTS.items() if not ids or set(ids) - known}
    assert unjudged == {}


def test_no_requirement_is_still_planned() -> None:
    assert not [row.id for row in contract("planfix").requirements if row.planned]


def test_every_firm_requirement_of_the_page_is_named_by_a_statement() -> None:
    named = {one for requirements in STATEMENTS.values() for one in requirements}
    firm = {
        row.id
        for row in contract("planfix").requirements
        if row.source.page == PAGE and row.level.value == "must"
    }
    assert firm <= named
