"""Assertions, solved at compile time where people write the simple shapes.

Most assertions say which members may stand together: `not(shift) or type = 'EVERY'`, `count((a, b)) = 1`.
Their truth depends on nothing but which of the named members are there, and on the texts of those whose texts
are listed. So the combinations can be tried once, and only the allowed ones drawn. Every other assertion is
left to the check of the built element.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from elementpath import ElementPathError, XPathContext
from lxml import etree

from etalon.generation.xsd.nodes import Element, Group, Member, Presence, Row, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from elementpath import XPathToken
    from xmlschema.validators import XsdAssert

_MOST_ROWS = 512
_CONNECTIVES = frozenset(
    {"and", "or", "not", "exists", "empty", "boolean", "count", "true", "false", "(", ","}
)
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge"})
_LITERALS = frozenset({"(string)", "(integer)", "(decimal)"})
_NAME = "(name)"


def tabulate(
    assertions: Sequence[XsdAssert], group: Group, tag: str
) -> tuple[tuple[Row, ...] | None, Sequence[XsdAssert]]:
    """Lists the combinations of members that the assertions allow.

    Args:
        assertions: All assertions of one complex type.
        group: Its content.
        tag: The name of the element that carries them.

    Returns:
        The allowed rows, fewest members first, or None where no assertion could be tabulated, and the
        assertions that are left to be checked on what is drawn.
    """
    members = {
        member.particle.name: member
        for member in group.members
        if isinstance(member.particle, Element) and "{" not in member.particle.tag
    }
    solvable = [a for a in assertions if group.model != "choice" and _depends_on_listed(a.token, members)]
    columns = [
        name
        for name in members
        if any(name == mentioned for a in solvable for mentioned in _mentioned(a.token))
    ]
    domains = [_domain(members[name]) for name in columns]
    size = 1
    for domain in domains:
        size *= len(domain)
    if not solvable or size > _MOST_ROWS:
        return None, assertions
    rows = [
        tuple(zip(columns, values, strict=True))
        for values in itertools.product(*domains)
        if all(_holds(a, _skeleton(tag, columns, values)) for a in solvable)
    ]
    rows.sort(key=lambda row: sum(presence is not False for _, presence in row))
    return tuple(rows), [a for a in assertions if a not in solvable]


def _mentioned(token: XPathToken) -> Iterator[str]:
    return (str(name.value) for name in token.iter(_NAME))


def _depends_on_listed(token: XPathToken, members: dict[str, Member]) -> bool:
    """Whether the truth follows from which members are there and from listed texts alone."""
    if token.symbol in _LITERALS:
        return True
    if token.symbol == _NAME:
        return token.value in members
    if token.symbol in _COMPARISONS:
        return all(_comparable(operand, members) for operand in token)
    return token.symbol in _CONNECTIVES and all(_depends_on_listed(part, members) for part in token)


def _comparable(operand: XPathToken, members: dict[str, Member]) -> bool:
    if operand.symbol == _NAME:
        member = members.get(str(operand.value))
        return member is not None and member.most == 1 and _listed(member) is not None
    if operand.symbol in {"(", ","}:
        return all(_comparable(part, members) for part in operand)
    return _depends_on_listed(operand, members)


def _listed(member: Member) -> tuple[str, ...] | None:
    """The texts of a member whose only type is an enumeration without attributes."""
    particle = member.particle
    if isinstance(particle, Element) and len(particle.types) == 1 and not particle.types[0].attributes:
        content = particle.types[0].content
        return content.values if isinstance(content, Text) else None
    return None


def _domain(member: Member) -> list[Presence]:
    absent: list[Presence] = [False] if member.least == 0 else []
    values = _listed(member) if member.most == 1 else None
    return [*absent, *values] if values is not None else [*absent, True]


def _skeleton(tag: str, columns: Sequence[str], values: Sequence[Presence]) -> etree._Element:
    element = etree.Element(tag)
    for name, presence in zip(columns, values, strict=True):
        if presence is not False:
            etree.SubElement(element, name).text = presence if isinstance(presence, str) else None
    return element


def _holds(assertion: XsdAssert, element: etree._Element) -> bool:
    context = XPathContext(root=element, fragment=True, schema=assertion.parser.schema)
    try:
        return bool(assertion.token.evaluate(context))
    except ElementPathError:
        return False
