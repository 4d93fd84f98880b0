"""xmlschema's components → nodes, once a schema."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, cast

from xmlschema.validators import (
    XsdAnyElement,
    XsdAttribute,
    XsdComplexType,
    XsdElement,
    XsdGroup,
    XsdSimpleType,
)

from etalon.generation.xsd.assertions import tabulate
from etalon.generation.xsd.errors import UnsupportedSchemaError
from etalon.generation.xsd.nodes import Attribute, Element, Group, Member, Text, Typed
from etalon.generation.xsd.values import constant, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree
    from xmlschema import XMLSchemaBase
    from xmlschema.validators import XsdComponent


@lru_cache(maxsize=64)
def compile_schema(schema: XMLSchemaBase, element: str | None = None) -> Element:
    """Compiles one global element of a schema.

    Args:
        schema: A built schema of xmlschema, version 1.0 or 1.1.
        element: The name of a global element, local or in Clark notation. May be left out where the schema
            has one that can be instantiated.

    Raises:
        UnsupportedSchemaError: The element, or something that it cannot do without, is beyond this generator.
    """
    concrete = [component for _, component in sorted(schema.elements.items()) if not component.abstract]
    chosen = [c for c in concrete if element is None or element in {c.name, c.local_name}]
    if len(chosen) != 1:
        known = ", ".join(component.name or "" for component in concrete) or "none"
        asked = "none" if element is None else element
        raise UnsupportedSchemaError(
            "schema", f"name one of its global elements that are not abstract ({known}; named: {asked})"
        )
    return _Compiler().element(chosen[0])


class _Compiler:
    """Walks the components and knows which of them it is inside of."""

    def __init__(self) -> None:
        self._inside: list[XsdComponent] = []

    def element(self, component: XsdElement) -> Element:
        """Compiles an element declaration with everything beneath it."""
        where = _where(component)
        if component.abstract:
            raise UnsupportedSchemaError(where, "it is abstract and nothing substitutes it")
        components = [alternative.type for alternative in component.alternatives] or [component.type]
        if component.alternatives and component.alternatives[-1].token is not None:
            components.append(component.type)
        types, unsolved = [], len(components) > 1 or bool(component.identities)
        for kind in components:
            if kind.name == "{http://www.w3.org/2001/XMLSchema}error":
                continue
            typed, left = self._typed(component, kind)
            types.append(typed)
            unsolved = unsolved or left
        if not types:
            raise UnsupportedSchemaError(where, "each of its alternatives is xs:error")
        # xmlschema takes any tree of ElementTree's shape; its annotations name only the standard library's.
        accepts: Callable[[etree._Element], bool] = cast("Any", component.is_valid)
        return Element(component.name or "", tuple(types), accepts, checked=unsolved)

    def _typed(self, component: XsdElement, kind: XsdComplexType | XsdSimpleType) -> tuple[Typed, bool]:
        """The compiled type, and whether assertions are left to be checked."""
        fixed = component.fixed
        if isinstance(kind, XsdSimpleType):
            return Typed((), _text(kind, fixed)), False
        if kind.abstract:
            raise UnsupportedSchemaError(_where(component), f"its type {kind.name} is abstract")
        attributes = tuple(
            Attribute(name, _text(use.type, use.fixed), use.use == "required")
            for name, use in sorted(kind.attributes.items(), key=lambda item: item[0] or "")
            if name is not None and isinstance(use, XsdAttribute) and use.use != "prohibited"
        )
        if isinstance(kind.content, XsdSimpleType):
            return Typed(attributes, _text(kind.content, fixed)), bool(kind.assertions)
        if kind in self._inside or component in self._inside:
            raise _RecursionFoundError(_where(component), "it contains itself and cannot do without")
        self._inside += (kind, component)
        content = self._group(kind.content)
        del self._inside[-2:]
        if fixed is not None:
            raise UnsupportedSchemaError(_where(component), "a fixed value of mixed content")
        rows, left = tabulate(kind.assertions, content, component.name or "")
        if rows == ():
            raise UnsupportedSchemaError(
                _where(component), "no combination of members satisfies its assertions"
            )
        return Typed(attributes, content, rows), bool(left)

    def _group(self, component: XsdGroup) -> Group:
        if component.ref is not None:
            component = component.ref
        model = cast("Literal['sequence', 'choice', 'all']", component.model)
        members: list[Member] = []
        for particle in component:
            least, most = particle.occurs
            if most == 0:
                continue
            try:
                compiled = self._particle(particle)
            except _RecursionFoundError:
                if least and model != "choice":
                    raise
                continue  # a document can do without: recursion ends here
            if compiled is None:
                continue
            if (
                model == "all"
                and isinstance(compiled, Group)
                and compiled.model == "all"
                and least == most == 1
            ):
                members += compiled.members
            else:
                members.append(Member(compiled, least, most))
        if model == "choice" and not members and len(component):
            if component.min_occurs:
                raise _RecursionFoundError(repr(component), "each of its branches contains the whole")
            model = "sequence"
        return Group(model, tuple(members))

    def _particle(self, particle: object) -> Element | Group | None:
        if isinstance(particle, XsdAnyElement):
            if particle.min_occurs:
                raise UnsupportedSchemaError(repr(particle), "a wildcard that something must match")
            return None
        if isinstance(particle, XsdGroup):
            return self._group(particle)
        assert isinstance(particle, XsdElement)
        if particle.ref is None:
            return self.element(particle)
        substitutes = {e.name or "": e for e in particle.iter_substitutes() if not e.abstract}
        if not particle.abstract:
            substitutes[particle.name or ""] = particle.ref
        branches = tuple(Member(self.element(e), 1, 1) for _, e in sorted(substitutes.items()))
        if not branches:
            raise UnsupportedSchemaError(_where(particle), "it is abstract and nothing substitutes it")
        only = branches[0].particle
        return only if len(branches) == 1 else Group("choice", branches)


class _RecursionFoundError(UnsupportedSchemaError):
    """Something contains itself; the nearest optional particle above is left out instead."""


def _text(simple: XsdSimpleType, fixed: str | None) -> Text:
    return text_of(simple) if fixed is None else constant(f"fixed value {fixed!r}", fixed)


def _where(component: XsdElement) -> str:
    names = [component.local_name]
    parent: XsdComponent | None = component.parent
    while parent is not None:
        if isinstance(parent, XsdElement):
            names.append(parent.local_name)
        parent = parent.parent
    return f"element {'/'.join(reversed(names))}"
