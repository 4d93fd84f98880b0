"""Updates of a PlanFix task: planned ones, which together show every member, and drawn ones."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from lxml import etree

from etalon.generation.text import boundary_text, packed_text, portal_text
from hypothesis_xmlschema import from_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from lxml.etree import _Element as Element
    from xmlschema import XMLSchemaBase

    from etalon.generation.calendar import Calendar

    Content = str | int | Mapping[str, "Content"] | Sequence["Content"]
    Members = Mapping[str, Content]

SURELY_TAKEN = 100
"""A length that no limit on a title or a description lies below."""

MARK_STANDS_HERE = "etalonid"
"""What texts of the planned changes hold in place of the run's mark, which is as long: see `with_mark`."""

_MOST_MEMBERS = 7
_DAY = timedelta(days=1)


def moment(day: date, clock: str = "") -> str:
    """A date as PlanFix spells it, `06-03-2009` or `06-03-2009 15:45`."""
    return f"{day:%d-%m-%Y} {clock}".rstrip()


def first_reminder(calendar: Calendar) -> str:
    """The first day of a periodicity that reminds people."""
    return moment(calendar.on(3, 6))


@cache
def planned_changes(calendar: Calendar) -> Mapping[str, Members]:
    """Changes that do not depend on what is known of the portal.

    Their values are such as a careless portal alters: texts that a script takes for false or for a number,
    years beyond what two digits or 32 bits tell apart, numbers that no two parts of a periodicity share and
    that are nobody's default. What repeats on some days of the week begins on one of them.

    Args:
        calendar: the days that they name.

    Returns:
        Name of the change → the members that it sends.
    """
    return {
        "importance-average": {"importance": "AVERAGE"},
        "importance-high": {"importance": "HIGH"},
        "check-off": {"checkResult": 0},
        "check-on": {"checkResult": 1},
        "importance-low": {"importance": "AVERAGE"},
        "check-off-again": {"checkResult": 0},
        "title": {"title": "007"},
        "title-again": {"title": "0"},
        "description": {"description": "0"},
        "start-again": {"startTime": moment(calendar.on(4, 12), "10:51")},
        "end-again": {"endTime": moment(calendar.on(10, 9, after=1), "17:23")},
        "no-parent": {"parent": {"id": 0}},
        "no-client": {"client": {"id": 0}},
        "status-completed": {"status": "COMPLETED"},
        "status-accepted": {"status": "ACCEPTED"},
        "start": {"startTime": "12-04-1999 10:51"},
        "end": {"endTime": moment(calendar.after_32_bits, "17:23")},
        "weekly": {
            "periodicity": {
                "weekly": {"type": "EVERY", "shift": 2, "days": "1,3,7"},
                "startDate": moment(calendar.monday),
                "endCondition": {"type": "BYENDDATE", "date": moment(calendar.end_of_year)},
                "notify": {"type": 1, "day": 1},
            }
        },
        "monthly-exact": {
            "periodicity": {
                "monthly": {"type": "EXACT", "month": 4, "day": 2, "dayType": "WORKDAY"},
                "endCondition": {"type": "ENDLESS"},
            }
        },
        "daily-working": {
            "periodicity": {
                "daily": {"type": "EVERY_WORKING"},
                "startDate": moment(calendar.monday + _DAY),
                "notify": {"type": 0, "day": 3},
            }
        },
        "unset": {"periodicity": {"@unset": "1"}},
        "weekly-after": {
            "periodicity": {
                "weekly": {"type": "AFTER_COMPLETE", "shift": 3},
                "startDate": moment(calendar.leap_day),
                "endCondition": {"type": "BYENDDATE", "date": moment(calendar.on(11, 30, after=2), "15:45")},
            }
        },
        "unset-otherwise": {
            "periodicity": {"@unset": "0", "monthly": {"type": "EVERY", "month": 3, "day": 14}}
        },
        "monthly-every": {"periodicity": {"monthly": {"type": "EVERY", "month": 5, "day": 31}}},
        "daily-after": {
            "periodicity": {
                "daily": {"type": "AFTER_COMPLETE", "shift": 5},
                "startDate": moment(calendar.after_leap_day, "00:00"),
            }
        },
        "monthly-after": {
            "periodicity": {
                "monthly": {"type": "AFTER_COMPLETE", "month": 4},
                "startDate": moment(calendar.on(3, 13), "11:20"),
                "endCondition": {"type": "BYCOUNT", "repeatCount": 12},
                "notify": {"type": 0, "day": 1},
            }
        },
        "nasty-title": {"title": packed_text(250, MARK_STANDS_HERE)},
        "nasty-description": {"description": packed_text(mark=MARK_STANDS_HERE)},
        "long-title": {"title": boundary_text(255, MARK_STANDS_HERE)},
        "long-description": {"description": boundary_text(5000, MARK_STANDS_HERE)},
        "short-start": {
            "startTime": moment(calendar.leap_day),
            "endTime": moment(calendar.after_leap_day, "00:00"),
        },
        "short-end": {
            "startTime": moment(calendar.before_leap_day, "00:00"),
            "endTime": moment(calendar.leap_day),
        },
        "instant": {
            "startTime": moment(calendar.on(3, 4, after=1), "16:25"),
            "endTime": moment(calendar.on(3, 4, after=1), "16:25"),
        },
    }


MILDER: Mapping[str, Members] = {
    "nasty-title": {"title": packed_text(SURELY_TAKEN, MARK_STANDS_HERE)},
    "nasty-description": {"description": packed_text(SURELY_TAKEN, MARK_STANDS_HERE)},
}
"""What is sent instead of a change that a portal refuses, since it may have a limit and say so."""

ROUNDS = (
    ("title", "importance-average", "no-parent", "start", "add-again", "weekly"),
    ("nasty-title", "nasty-description", "check-off", "delete-added", "monthly-exact"),
    ("parent", "project", "end", "add-group", "daily-working"),
    ("importance-high", "no-client", "delete-group", "unset"),
    ("description", "project-again", "client", "swap", "weekly-after"),
    ("check-on", "status-completed", "owner", "unset-otherwise"),
    (
        "long-title",
        "long-description",
        "status-accepted",
        "project-once-more",
        "short-start",
        "monthly-every",
    ),
    ("short-end", "delete-stranger", "daily-after"),
    ("owner-again", "instant", "add-and-delete-one", "monthly-after"),
    (
        "title-again",
        "importance-low",
        "check-off-again",
        "owner-other",
        "project-other",
        "client-other",
        "start-again",
        "end-again",
        "add-any",
    ),
)
"""Changes in their order; those in one round are of different members and can share an update.

For any two members, some round changes the one and leaves the other alone, which has a value then: so it
shows when a change of the one reaches the other. The periodicity, which has most to show, is in every round
but the last, which changes most of what it could suffer from.
"""
_OWNED, _LEAST_TELLING = ROUNDS[5], ROUNDS[8]
FEWER_ROUNDS = tuple(
    (*names[:2], "instant", *names[2:]) if names is _OWNED else names
    for names in ROUNDS
    if names is not _LEAST_TELLING
)
"""The same where requests are few: one less, and its odd dates in another."""


def with_mark(members: Members, mark: str) -> dict[str, Content]:
    """Members of a planned change, with the run's mark where their texts have a place for it."""
    return {
        name: value.replace(MARK_STANDS_HERE, mark) if isinstance(value, str) else value
        for name, value in members.items()
    }


def workers_to_add(users: Sequence[int], groups: Sequence[int]) -> Content:
    """The `workers` that an update adds; lists without ids are left out."""
    lists = {"addUsers": users, "addGroups": groups}
    return {name: {"id": list(ids)} for name, ids in lists.items() if ids}


def drawn_updates(
    schema: XMLSchemaBase, tasks: int, known: Mapping[str, Sequence[int]], calendar: Calendar
) -> st.SearchStrategy[Element]:
    """Updates of a task, with ids that exist and values that no portal has reason to refuse.

    The first project and the first client are left to another task, so that a leak into it shows. Tasks stand
    by their place, counted from 1, where a request has their ids: in `task/id` and `task/parent/id`.

    Args:
        schema: of the task.update request.
        tasks: how many tasks there are to choose a parent from.
        known: `users`, `groups`, `projects` and `clients` that exist.
        calendar: the days that dates are drawn from: those of starts before those of ends.
    """

    def one_of(ids: Sequence[int]) -> st.SearchStrategy[str]:
        return st.sampled_from([str(one) for one in ids]) if ids else st.nothing()

    starts = _moments(calendar.on(1, 1), calendar.on(12, 31, after=1))
    ends = _moments(calendar.on(1, 1, after=2), calendar.on(12, 31, after=3))
    small = st.integers(1, 4).map(str)
    return (
        from_schema(
            schema,
            overrides={
                "task/id": st.just("1"),
                "task/title": portal_text(1, 250, blank=False),
                "task/description": portal_text(1, 1000, blank=False),
                "task/status": st.sampled_from(["ACCEPTED", "COMPLETED"]),
                "task/parent/id": st.integers(0, tasks).map(str),
                "task/owner/id": one_of(known["users"]),
                "task/project/id": one_of(known["projects"][1:]),
                "task/client/id": one_of((0, *known["clients"][1:])),
                "**/addUsers/id": one_of(known["users"]),
                "**/delUsers/id": one_of(known["users"]),
                "**/addGroups/id": one_of(known["groups"]),
                "**/delGroups/id": one_of(known["groups"]),
                "**/startTime": starts,
                "**/endTime": ends,
                "**/startDate": starts,
                "**/endCondition/date": ends,
                "**/shift": small,
                "**/month": small,
                "**/monthly/day": small,
                "**/notify/day": small,
                "**/repeatCount": small,
            },
            required=(
                "**/daily/type",
                "**/weekly/type",
                "**/monthly/type",
                "**/endCondition/type",
                "**/notify/type",
                "**/notify/day",
            ),
            exclude=("account", "sid", "silent", "signature"),
            foreign=False,
            max_optional=_MOST_MEMBERS,
        )
        .filter(_changes_something)
        .map(partial(_reminding_of_nothing_soon, first=first_reminder(calendar)))
        .map(_in_order_of(schema))
    )


def _in_order_of(schema: XMLSchemaBase) -> Callable[[Element], Element]:
    """Puts the members of a task in the order of the page: other orders have a check of their own."""
    task = schema.elements["request"].find("task")
    found = [] if task is None else [str(part.local_name) for part in task]
    places = {name: place for place, name in enumerate(found)}

    def ordered(request: Element) -> Element:
        for node in request.iterfind("task"):
            node[:] = sorted(node, key=lambda part: places.get(str(part.tag), len(places)))
        return request

    return ordered


def _reminding_of_nothing_soon(request: Element, first: str) -> Element:
    """Gives a periodicity that reminds people a first day in years: without one it begins at once."""
    for periodicity in request.iterfind("task/periodicity"):
        if periodicity.find("notify") is not None and periodicity.find("startDate") is None:
            etree.SubElement(periodicity, "startDate").text = first
    return request


def _changes_something(request: Element) -> bool:
    return any(part.tag != "id" for part in request.iterfind("task/*"))


def _moments(first: date, last: date) -> st.SearchStrategy[str]:
    """Dates from one day to another, in either form."""
    return st.builds(
        lambda days, minute: moment(
            first + days * _DAY, f"{minute // 60:02d}:{minute % 60:02d}" if minute else ""
        ),
        st.integers(0, (last - first).days),
        st.one_of(st.just(0), st.integers(1, 24 * 60 - 1)),
    )
