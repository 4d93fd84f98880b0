"""Assertions, solved at compile time where people write the simple shapes.

Most assertions say which members may stand together: `not(shift) or type = 'EVERY'`, `count((a, b)) = 1`.
Their truth depends on nothing but which of the named members are there, and on the texts of those whose texts
are listed. So the combinations can be tried once, and only the allowed ones drawn. Every other assertion is
left to the check of the built element.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

from elementpath import ElementPathError, XPathContext
from lxml import etree

from hypothesis_xmlschema.nodes import Group, Particle, Presence, Program, Reference, Row
from hypothesis_xmlschema.simple import Simple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from elementpath import XPathToken
    from xmlschema.validators import XsdAssert

_MOST_ROWS = 512
_CONNECTIVES = frozenset(
    {"and", "or", "not", "exists", "empty", "boolean", "count", "true", "false", "(", ","}
)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge"})
_LITERALS = frozenset({"(string)", "(integer)", "(decimal)"})
_NAME = "(name)"


def tabulated(program: Program) -> Program:
    """The program with the tables of its types' assertions."""
    if not any(typed.assertions for typed in program.types):
        return program
    types = []
    for typed in program.types:
        if typed.assertions and isinstance(typed.content, Group):
            rows, left = _tabulate(program, typed.assertions, typed.content)
            if rows == ():
                types.append(
                    replace(typed, reason=("", "no combination of members satisfies its assertions"))
                )
                continue
            types.append(replace(typed, rows=rows, assertions=tuple(left)))
        else:
            types.append(typed)
    return replace(program, types=tuple(types))


def _tabulate(
    program: Program, assertions: Sequence[XsdAssert], group: Group
) -> tuple[tuple[Row, ...] | None, Sequence[XsdAssert]]:
    """Lists the combinations of members that the assertions allow.

    Returns:
        The allowed rows, fewest members first, or None where no assertion could be tabulated, and the
        assertions that are left to be checked on what is drawn.
    """
    particles = {
        particle.term.name: particle
        for particle in group.particles
        if isinstance(particle.term, Reference) and "{" not in particle.term.name
    }
    listed = {name: _listed(program, particle) for name, particle in particles.items()}
    solvable = [a for a in assertions if group.compositor != "choice" and _depends_on_listed(a.token, listed)]
    columns = [
        name
        for name in particles
        if any(name == mentioned for a in solvable for mentioned in _mentioned(a.token))
    ]
    domains = [_domain(particles[name], listed[name]) for name in columns]
    size = 1
    for domain in domains:
        size *= len(domain)
    if not solvable or size > _MOST_ROWS:
        return None, assertions
    rows = [
        tuple(zip(columns, values, strict=True))
        for values in itertools.product(*domains)
        if all(is_true(a, _skeleton(columns, values)) for a in solvable)
    ]
    rows.sort(key=lambda row: sum(presence is not False for _, presence in row))
    return tuple(rows), [a for a in assertions if a not in solvable]


def _mentioned(token: XPathToken) -> Iterator[str]:
    return (str(name.value) for name in token.iter(_NAME))


def _depends_on_listed(token: XPathToken, listed: Mapping[str, tuple[str, ...] | None]) -> bool:
    """Whether the truth follows from which members are there and from listed texts alone."""
    if token.symbol in _LITERALS:
        return True
    if token.symbol == _NAME:
        return token.value in listed
    if token.symbol in _COMPARISONS:
        return all(_comparable(operand, listed) for operand in token)
    return token.symbol in _CONNECTIVES and all(_depends_on_listed(part, listed) for part in token)


def _comparable(operand: XPathToken, listed: Mapping[str, tuple[str, ...] | None]) -> bool:
    if operand.symbol == _NAME:
        return listed.get(str(operand.value)) is not None
    if operand.symbol in {"(", ","}:
        return all(_comparable(part, listed) for part in operand)
    return _depends_on_listed(operand, listed)


def _listed(program: Program, particle: Particle) -> tuple[str, ...] | None:
    """The texts of a single member whose only type is an enumeration without attributes."""
    term = particle.term
    if particle.most != 1 or not isinstance(term, Reference) or len(term.declarations) != 1:
        return None
    types = program.declarations[term.declarations[0]].types
    if len(types) != 1 or program.types[types[0].type].attributes:
        return None
    content = program.types[types[0].type].content
    return content.listed if isinstance(content, Simple) else None


def _domain(particle: Particle, values: tuple[str, ...] | None) -> list[Presence]:
    absent: list[Presence] = [False] if particle.least == 0 else []
    return [*absent, *values] if values is not None else [*absent, True]


def _skeleton(columns: Sequence[str], values: Sequence[Presence]) -> etree._Element:
    element = etree.Element("element")
    for name, presence in zip(columns, values, strict=True):
        if presence is not False:
            etree.SubElement(element, name).text = presence if isinstance(presence, str) else None
    return element


def is_true(assertion: XsdAssert, element: etree._Element) -> bool:
    """Whether an element satisfies one assertion; an error while it is evaluated counts as no."""
    context = XPathContext(
        root=element,
        fragment=True,
        namespaces=assertion.schema.namespaces,
        variables={"value": element.text},
        schema=assertion.parser.schema,
    )
    try:
        return bool(assertion.token.evaluate(context))
    except (ElementPathError, TypeError, ValueError, ArithmeticError):
        return False
