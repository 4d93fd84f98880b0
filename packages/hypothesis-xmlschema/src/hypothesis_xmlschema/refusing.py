"""Why no document can be drawn of a program: the component and the reason, as a person finds it."""

from __future__ import annotations

from lxml import etree

from hypothesis_xmlschema.errors import UnsupportedSchemaError
from hypothesis_xmlschema.nodes import (
    IMPOSSIBLE,
    Declaration,
    Group,
    Program,
    Wildcard,
)
from hypothesis_xmlschema.pruning import MOST_ELEMENTS


def reason_of(program: Program, root: int) -> UnsupportedSchemaError:
    """Why a declaration has no documents: the first thing on the way down that it cannot do without."""
    number, names = root, []
    seen: set[int] = set()
    while number not in seen:
        seen.add(number)
        declaration = program.declarations[number]
        names.append(declaration.name)
        where = f"element {'/'.join(names)}"
        own = _own_reason(declaration)
        if own is not None:
            return UnsupportedSchemaError(where, own)
        typed = program.types[declaration.types[0].type]
        if typed.reason is not None:
            component, reason = typed.reason
            return UnsupportedSchemaError(component or where, reason)
        following = _impossible(program, typed.content) if isinstance(typed.content, Group) else None
        if following is None:
            return UnsupportedSchemaError(
                where, f"none of its contents can be drawn with at most {MOST_ELEMENTS} elements"
            )
        if isinstance(following, Wildcard):
            return UnsupportedSchemaError(
                f"wildcard in {where}", "it must be matched and nothing known matches it"
            )
        number = following
    return UnsupportedSchemaError(where, "it contains itself and cannot do without")


def _own_reason(declaration: Declaration) -> str | None:
    """Why a declaration has no documents, where its contents have nothing to do with it."""
    if declaration.abstract:
        return "it is abstract and nothing substitutes it"
    if not is_carried(declaration.tag):
        return "lxml refuses its namespace, which is no URI"
    return None if declaration.types else "its type is abstract, or each of its alternatives is xs:error"


def is_carried(tag: str) -> bool:
    """Whether lxml makes elements of a name."""
    try:
        etree.Element(tag)
    except ValueError:
        return False
    return True


def _impossible(program: Program, group: Group) -> int | Wildcard | None:
    for particle in group.particles:
        term = particle.term
        if not particle.least and group.compositor != "choice":
            continue
        if isinstance(term, Group):
            found = _impossible(program, term)
            if found is not None:
                return found
        elif isinstance(term, Wildcard):
            if not term.names and not any(program.costs[d] < IMPOSSIBLE for d in term.declared):
                return term
        elif all(program.costs[d] == IMPOSSIBLE for d in term.declarations):
            return term.declarations[0]
    return None
