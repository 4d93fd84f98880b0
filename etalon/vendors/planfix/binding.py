"""The members of a PlanFix task, as the schemas of `specs/planfix` describe them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from etalon.resources.values import Likeness
from etalon.resources.xsd import Special, read_resource, schemas_in
from etalon.shipped import spec
from etalon.vendors.planfix.judging import values

if TYPE_CHECKING:
    from etalon.resources.resource import Resource
    from etalon.resources.xsd import Schemas

READ, UPDATE = "task.get", "task.update"
_SPECIAL = {
    "status": Special(values.status),
    "structure": Special(values.periodicity, values.is_complete, values.repeats_alike),
}


@cache
def schemas() -> Schemas:
    """The schemas of all functions at hand."""
    return schemas_in(spec("planfix"))


@cache
def task() -> Resource:
    """A task: what an update sends, and what a read shows."""
    found = schemas()
    requests = {UPDATE: found.file(UPDATE, "request")}
    return read_resource("task", requests, found.file(READ, "ok"), _SPECIAL, found.operations)


@cache
def plain() -> tuple[str, ...]:
    """The members that an update writes by their new value, but for the one that has parts of its own."""
    special = {Likeness.SET, Likeness.STRUCTURE}
    return tuple(one.name for one in task().members if one.parts[0].likeness not in special)


@cache
def teams() -> tuple[str, ...]:
    """The members that an update writes by what is added and deleted."""
    return tuple(one.name for one in task().members if one.parts[0].likeness is Likeness.SET)
