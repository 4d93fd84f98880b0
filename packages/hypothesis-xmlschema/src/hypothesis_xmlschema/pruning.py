"""What can be finished: costs, and the members that no document can hold left out."""

from __future__ import annotations

from dataclasses import replace
from operator import is_
from typing import TYPE_CHECKING

from hypothesis_xmlschema.nodes import (
    IMPOSSIBLE,
    Declaration,
    Group,
    Member,
    Program,
    Reference,
    Typed,
    Wildcard,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_ELEMENTS = 40_000
"""No document is drawn that has to be larger."""


def pruned(program: Program) -> Program:
    """Counts what the smallest tree of each declaration has, and leaves out what has none.

    The branches of a choice come in order of their costs, so that a shrinker, which likes the first, makes
    documents smaller; what cannot be finished without itself is no branch at all.
    """
    costs, type_costs = _costs(program)
    types = []
    for typed, cost in zip(program.types, type_costs, strict=True):
        content = typed.content
        if isinstance(content, Group) and cost < IMPOSSIBLE:
            content = _kept(content, costs)
        types.append(typed if content is typed.content else replace(typed, content=content))
    declarations = [
        replace(d, types=tuple(use for use in d.types if type_costs[use.type] < IMPOSSIBLE))
        if costs[number] < IMPOSSIBLE and any(type_costs[use.type] == IMPOSSIBLE for use in d.types)
        else d
        for number, d in enumerate(program.declarations)
    ]
    return replace(
        program,
        declarations=tuple(declarations),
        types=tuple(types),
        costs=tuple(costs),
        type_costs=tuple(type_costs),
    )


def _kept(group: Group, costs: Sequence[float]) -> Group | None:
    """The group without what cannot be finished; None where that leaves nothing that can."""
    members = []
    for member in group.members:
        particle = _finished(member.particle, costs)
        if member_cost(member, costs) == IMPOSSIBLE:
            particle = None
        if particle is member.particle:
            members.append(member)
        elif particle is not None:
            members.append(replace(member, particle=particle))
        elif member.least and group.model != "choice":
            return None
    if group.model == "choice":
        if not members:
            return None
        members.sort(key=lambda member: max(1, member.least) * particle_cost(member.particle, costs))
    kept = tuple(members)
    if len(kept) == len(group.members) and all(map(is_, kept, group.members)):
        return group
    return Group(group.model, kept)


def _finished(
    particle: Reference | Group | Wildcard, costs: Sequence[float]
) -> Reference | Group | Wildcard | None:
    if isinstance(particle, Group):
        return _kept(particle, costs)
    if isinstance(particle, Reference):
        able = tuple(d for d in particle.declarations if costs[d] < IMPOSSIBLE)
        if len(able) == len(particle.declarations):
            return particle
        return replace(particle, declarations=able) if able else None
    able = tuple(d for d in particle.declared if costs[d] < IMPOSSIBLE)
    if len(able) == len(particle.declared) and (able or particle.names):
        return particle
    return replace(particle, declared=able) if able or particle.names else None


def _costs(program: Program) -> tuple[list[float], list[float]]:
    """The least fixed point, reached by looking again at what depends on what became cheaper."""
    costs = [IMPOSSIBLE] * len(program.declarations)
    type_costs = [IMPOSSIBLE] * len(program.types)
    users_of_type: list[list[int]] = [[] for _ in program.types]
    users_of_declaration: list[list[int]] = [[] for _ in program.declarations]
    for number, declaration in enumerate(program.declarations):
        for use in declaration.types:
            users_of_type[use.type].append(number)
    for number, typed in enumerate(program.types):
        if isinstance(typed.content, Group):
            for inside in set(declarations_of(typed.content)):
                users_of_declaration[inside].append(number)
    waiting = list(range(len(program.types)))
    while waiting:
        number = waiting.pop()
        cost = _type_cost(program.types[number], costs)
        if cost >= type_costs[number]:
            continue
        type_costs[number] = cost
        for user in users_of_type[number]:
            total = _declaration_cost(program.declarations[user], type_costs)
            if total < costs[user]:
                costs[user] = total
                waiting += users_of_declaration[user]
    return costs, type_costs


def declarations_of(group: Group) -> list[int]:
    """The numbers of all declarations that a group refers to."""
    found: list[int] = []
    for member in group.members:
        if isinstance(member.particle, Group):
            found += declarations_of(member.particle)
        elif isinstance(member.particle, Reference):
            found += member.particle.declarations
        else:
            found += member.particle.declared
    return found


def _type_cost(typed: Typed, costs: Sequence[float]) -> float:
    if typed.reason is not None:
        return IMPOSSIBLE
    return group_cost(typed.content, costs) if isinstance(typed.content, Group) else 0


def _declaration_cost(declaration: Declaration, type_costs: Sequence[float]) -> float:
    if declaration.abstract:
        return IMPOSSIBLE
    return 1 + min((type_costs[use.type] for use in declaration.types), default=IMPOSSIBLE)


def group_cost(group: Group, costs: Sequence[float]) -> float:
    """How many elements the smallest content has."""
    each = [member_cost(member, costs) for member in group.members]
    if group.model == "choice":
        return min(each, default=IMPOSSIBLE)
    return sum(each)


def member_cost(member: Member, costs: Sequence[float]) -> float:
    """How many elements a member has at least; of more than a document can hold, there are none."""
    cost = member.least * particle_cost(member.particle, costs) if member.least else 0
    return cost if cost <= MOST_ELEMENTS else IMPOSSIBLE


def particle_cost(particle: Reference | Group | Wildcard, costs: Sequence[float]) -> float:
    """How many elements one occurrence has at least."""
    if isinstance(particle, Reference) and len(particle.declarations) == 1:
        return costs[particle.declarations[0]]
    if isinstance(particle, Group):
        return group_cost(particle, costs)
    if isinstance(particle, Reference):
        return min((costs[d] for d in particle.declarations), default=IMPOSSIBLE)
    if particle.names:
        return 1
    return min((costs[d] for d in particle.declared), default=IMPOSSIBLE)
