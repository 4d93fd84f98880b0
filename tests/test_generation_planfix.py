from __future__ import annotations

from itertools import permutations

import pytest
from xmlschema import XMLSchema11

from etalon.generation.drawing import draw
from etalon.generation.planfix_updates import CHANGES, ROUNDS, drawn_updates
from etalon.judging.planfix.model import asked
from etalon.judging.planfix.task import MEMBERS
from etalon.portals.planfix.client import MEMBERS as WRITTEN
from etalon.portals.planfix.requests import render
from etalon.resources import spec

KNOWN = {"users": (501, 502), "groups": (61,), "projects": (700, 701), "clients": (810, 811)}
GROUPS = {"delete-group", "add-group"}
USERS = {"add-again", "delete-added", "swap", "delete-stranger", "add-and-delete-one", "add-any"}


def members_of(change: str) -> set[str]:
    """What a change is about: of its own data, or by its name where it depends on the portal's ids."""
    if change in CHANGES:
        return set(CHANGES[change])
    if change in GROUPS | USERS:
        return {"groups" if change in GROUPS else "users"}
    return {change.partition("-")[0]}


# The periodicity is in every round but one; what these do to it, updates at the same time and sequences show.
BESIDE_IT_ALWAYS = {"parent", "status", "description", "groups"}
PAIRS = [
    (one, other)
    for one, other in permutations(MEMBERS, 2)
    if other != "periodicity" or one not in BESIDE_IT_ALWAYS
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_some_round_changes_the_one_and_leaves_the_other_alone(one: str, other: str) -> None:
    rounds: list[set[str]] = [set().union(*map(members_of, names)) for names in ROUNDS]
    assert any(one in members and other not in members for members in rounds)


def test_the_changes_of_a_round_can_share_an_update() -> None:
    for names in ROUNDS:
        members = [member for name in names for member in members_of(name)]
        assert len(members) == len(set(members))


@pytest.mark.parametrize("seed", range(4))
def test_drawn_updates_are_valid_change_something_and_keep_the_order_of_the_page(seed: int) -> None:
    schema = XMLSchema11(str(spec("planfix", "task.update.request.xsd")))
    for request in draw(drawn_updates(schema, 4, KNOWN), 10, seed):
        assert schema.is_valid(request)
        names = [str(node.tag) for node in request.iterfind("task/*")]
        assert names == [name for name in ("id", *WRITTEN) if name in names]
        assert len(names) > 1
        update = asked(render(request))
        start, end = update.plain.get("startTime"), update.plain.get("endTime")
        assert start is None or end is None or start.at < end.at  # type: ignore[union-attr]  # both are dates
