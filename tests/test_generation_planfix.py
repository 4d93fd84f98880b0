from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from xmlschema import XMLSchema11

from etalon.generation.calendar import Calendar
from etalon.generation.drawing import draw
from etalon.shipped import spec
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.client import MEMBERS as WRITTEN
from etalon.vendors.planfix.generation.updates import ROUNDS, drawn_updates, planned_changes
from etalon.vendors.planfix.judging.evidence import asked
from etalon.vendors.planfix.requests import render

if TYPE_CHECKING:
    from etalon.vendors.planfix.generation.updates import Content

KNOWN = {"users": (501, 502), "groups": (61,), "projects": (700, 701), "clients": (810, 811)}
CALENDAR = Calendar(2031)
CHANGES = planned_changes(CALENDAR)
GROUPS = {"delete-group", "add-group"}
USERS = {"add-again", "delete-added", "swap", "delete-stranger", "add-and-delete-one", "add-any"}


def members_of(change: str) -> set[str]:
    """What a change is about: of its own data, or by its name where it depends on the portal's ids."""
    if change in CHANGES:
        return set(CHANGES[change])
    if change in GROUPS | USERS:
        return {team for team, names in (("groups", GROUPS), ("users", USERS)) if change in names}
    return {change.partition("-")[0]}


# The periodicity is in every round but one; what these do to it, updates at the same time and sequences show.
BESIDE_IT_ALWAYS = {"parent", "status", "description", "groups"}
PAIRS = [
    (one, other)
    for one, other in permutations(task().names, 2)
    if other != "periodicity" or one not in BESIDE_IT_ALWAYS
]


EMPTYING = {
    "no-parent": "parent",
    "no-client": "client",
    "unset": "periodicity",
    "unset-otherwise": "periodicity",
}


def changed_and_held() -> list[tuple[set[str], set[str]]]:
    """Of each round, the members that it changes, and those that have a value before it."""
    held, found = set(task().names), []
    for names in ROUNDS:
        changed: set[str] = set().union(*map(members_of, names))
        found.append((changed, set(held)))
        held = (held | changed) - {EMPTYING[name] for name in names if name in EMPTYING}
    return found


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_some_round_changes_the_one_and_leaves_the_others_value_alone(one: str, other: str) -> None:
    assert any(one in changed and other in held - changed for changed, held in changed_and_held())


def numbers_in(content: Content) -> list[int]:
    if isinstance(content, Mapping):
        return [number for part in content.values() for number in numbers_in(part)]
    return [content] if isinstance(content, int) else []


@pytest.mark.parametrize(
    "change", [name for name in CHANGES if name.startswith(("monthly", "weekly", "daily"))]
)
def test_no_two_parts_of_a_kind_have_the_same_value(change: str) -> None:
    [repeats] = CHANGES[change].values()
    assert isinstance(repeats, Mapping)
    [kind] = (repeats[kind] for kind in ("daily", "weekly", "monthly") if kind in repeats)
    numbers = numbers_in(kind)
    assert len(numbers) == len(set(numbers))
    assert 1 not in numbers, "a likely default"


def test_the_changes_of_a_round_can_share_an_update() -> None:
    for names in ROUNDS:
        members = [member for name in names for member in members_of(name)]
        assert len(members) == len(set(members))


@pytest.mark.parametrize("seed", range(4))
def test_drawn_updates_are_valid_change_something_and_keep_the_order_of_the_page(seed: int) -> None:
    schema = XMLSchema11(str(spec("planfix", "task.update.request.xsd")))
    for request in draw(drawn_updates(schema, 4, KNOWN, CALENDAR), 10, seed):
        assert schema.is_valid(request)
        names = [str(node.tag) for node in request.iterfind("task/*")]
        assert names == [name for name in ("id", *WRITTEN) if name in names]
        assert len(names) > 1
        update = asked(render(request))
        start, end = update.sets.get("startTime"), update.sets.get("endTime")
        assert start is None or end is None or start.at < end.at  # type: ignore[union-attr]  # both are dates
