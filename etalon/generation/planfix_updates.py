"""Updates of a PlanFix task: planned ones, which together show every member, and drawn ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from etalon.generation.text import boundary_text, packed_text, portal_text
from etalon.generation.xsd import from_schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element
    from xmlschema import XMLSchemaBase

    Content = str | int | Mapping[str, "Content"] | Sequence["Content"]
    Members = Mapping[str, Content]

UNKNOWN_ID = 2_147_000_000
"""An id beyond what any portal has counted to, and within 32 bits."""

CHANGES: Mapping[str, Members] = {
    "weekly": {
        "periodicity": {
            "weekly": {"type": "EVERY", "shift": 2, "days": "1,3,7"},
            "startDate": "10-03-2031",
            "endCondition": {"type": "BYENDDATE", "date": "31-12-2031"},
            "notify": {"type": 1, "day": 1},
        }
    },
    "monthly-exact": {
        "periodicity": {
            "monthly": {"type": "EXACT", "month": 2, "day": 2, "dayType": "MONDAY"},
            "endCondition": {"type": "ENDLESS"},
        }
    },
    "daily-working": {"periodicity": {"daily": {"type": "EVERY_WORKING"}, "startDate": "11-03-2031"}},
    "unset": {"periodicity": {"@unset": "1"}},
    "weekly-after": {"periodicity": {"weekly": {"type": "AFTER_COMPLETE", "shift": 3}}},
    "unset-otherwise": {"periodicity": {"@unset": "0", "monthly": {"type": "EVERY", "month": 3, "day": 14}}},
    "monthly-every": {"periodicity": {"monthly": {"type": "EVERY", "month": 1, "day": 28}}},
    "daily-after": {"periodicity": {"daily": {"type": "AFTER_COMPLETE", "shift": 5}}},
    "monthly-after": {
        "periodicity": {
            "monthly": {"type": "AFTER_COMPLETE", "month": 4},
            "startDate": "13-03-2031 11:20",
            "endCondition": {"type": "BYCOUNT", "repeatCount": 12},
            "notify": {"type": 0, "day": 1},
        }
    },
    "nasty-texts": {"title": packed_text(250), "description": packed_text()},
    "long-texts": {"title": boundary_text(255), "description": boundary_text(5000)},
    "short-start": {"startTime": "29-02-2032", "endTime": "01-03-2032 00:00"},
    "short-end": {"startTime": "28-02-2032 00:00", "endTime": "29-02-2032"},
}
"""Changes that do not depend on what is known of the portal."""

PAIRS = (
    ("add-again", "weekly"),
    ("delete-user", "monthly-exact"),
    ("delete-group", "daily-working"),
    ("add-group", "unset"),
    ("swap", "weekly-after"),
    ("nasty-texts", "unset-otherwise"),
    ("long-texts", "monthly-every"),
    ("short-start", "daily-after"),
    ("short-end", "monthly-after"),
    ("delete-stranger",),
    ("add-and-delete-one",),
)
"""Changes in their order; those in one row can share an update, since they are of different members."""


def workers_to_add(users: Sequence[int], groups: Sequence[int]) -> Content:
    """The `workers` that an update adds; lists without ids are left out."""
    lists = {"addUsers": users, "addGroups": groups}
    return {name: {"id": list(ids)} for name, ids in lists.items() if ids}


def drawn_updates(
    schema: XMLSchemaBase, subject: int, parent: int, known: Mapping[str, Sequence[int]]
) -> st.SearchStrategy[Element]:
    """Updates of a task, with ids that exist and values that no portal has reason to refuse.

    The first project and the first client are left to another task, so that a leak into it shows.

    Args:
        schema: of the task.update request.
        subject: the task that is updated.
        parent: a task that can be its parent.
        known: `users`, `groups`, `projects` and `clients` that exist.
    """

    def one_of(ids: Sequence[int]) -> st.SearchStrategy[str]:
        return st.sampled_from([str(one) for one in ids]) if ids else st.nothing()

    first, last = datetime(2031, 1, 1), datetime(2034, 12, 31)  # noqa: DTZ001 - the form carries no zone
    days = st.integers(0, (last - first).days).map(lambda day: first + timedelta(days=day))
    moments = st.builds(
        lambda day, minute: f"{day:%d-%m-%Y}" + (f" {minute // 60:02d}:{minute % 60:02d}" if minute else ""),
        days,
        st.one_of(st.just(0), st.integers(1, 24 * 60 - 1)),
    )
    small = st.integers(1, 4).map(str)
    return from_schema(
        schema,
        overrides={
            "task/id": st.just(str(subject)),
            "task/title": portal_text(1, 250, blank=False),
            "task/description": portal_text(1, 5000, blank=False),
            "task/status": st.sampled_from(["ACCEPTED", "COMPLETED"]),
            "task/parent/id": st.sampled_from(["0", str(parent)]),
            "task/owner/id": one_of(known["users"]),
            "task/project/id": one_of(known["projects"][1:]),
            "task/client/id": one_of((0, *known["clients"][1:])),
            "**/addUsers/id": one_of(known["users"]),
            "**/delUsers/id": one_of(known["users"]),
            "**/addGroups/id": one_of(known["groups"]),
            "**/delGroups/id": one_of(known["groups"]),
            "**/startTime": moments,
            "**/endTime": moments,
            "**/startDate": moments,
            "**/endCondition/date": moments,
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
    )
