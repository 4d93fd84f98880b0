"""What can be finished: costs, and the members that no document can hold left out."""

from __future__ import annotations

from dataclasses import replace
from operator import is_
from typing import TYPE_CHECKING

from hypothesis_xmlschema.nodes import (
    IMPOSSIBLE,
    Declaration,
    Group,
    Particle,
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
    particles = []
    for particle in group.particles:
        term = _finished(particle.term, costs)
        if particle_cost(particle, costs) == IMPOSSIBLE:
            term = None
        if term is particle.term:
            particles.append(particle)
        elif term is not None:
            particles.append(replace(particle, term=term))
        elif particle.least and group.compositor != "choice":
            return None
    if group.compositor == "choice":
        if not particles:
            return None
        particles.sort(key=lambda particle: max(1, particle.least) * term_cost(particle.term, costs))
    kept = tuple(particles)
    if len(kept) == len(group.particles) and all(map(is_, kept, group.particles)):
        return group
    return Group(group.compositor, kept)


def _finished(
    term: Reference | Group | Wildcard, costs: Sequence[float]
) -> Reference | Group | Wildcard | None:
    if isinstance(term, Group):
        return _kept(term, costs)
    if isinstance(term, Reference):
        able = tuple(d for d in term.declarations if costs[d] < IMPOSSIBLE)
        if len(able) == len(term.declarations):
            return term
        return replace(term, declarations=able) if able else None
    able = tuple(d for d in term.declared if costs[d] < IMPOSSIBLE)
    if len(able) == len(term.declared) and (able or term.names):
        return term
    return replace(term, declared=able) if able or term.names else None


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
    for particle in group.particles:
        if isinstance(particle.term, Group):
            found += declarations_of(particle.term)
        elif isinstance(particle.term, Reference):
            found += particle.term.declarations
        else:
            found += particle.term.declared
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
    each = [particle_cost(particle, costs) for particle in group.particles]
    if group.compositor == "choice":
        return min(each, default=IMPOSSIBLE)
    return sum(each)


def particle_cost(particle: Particle, costs: Sequence[float]) -> float:
    """How many elements a member has at least; of more than a document can hold, there are none."""
    cost = particle.least * term_cost(particle.term, costs) if particle.least else 0
    return cost if cost <= MOST_ELEMENTS else IMPOSSIBLE


def term_cost(term: Reference | Group | Wildcard, costs: Sequence[float]) -> float:
    """How many elements one occurrence has at least."""
    if isinstance(term, Reference) and len(term.declarations) == 1:
        return costs[term.declarations[0]]
    if isinstance(term, Group):
        return group_cost(term, costs)
    if isinstance(term, Reference):
        return min((costs[d] for d in term.declarations), default=IMPOSSIBLE)
    if term.names:
        return 1
    return min((costs[d] for d in term.declared), default=IMPOSSIBLE)
