"""What wildcards let pass by name, and which derivations a declaration lets stand for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xmlschema.validators import (
    XsdAnyAttribute,
    XsdAnyElement,
    XsdAttribute,
    XsdComplexType,
    XsdElement,
    XsdGroup,
    XsdSimpleType,
)

from hypothesis_xmlschema.facets import XS
from hypothesis_xmlschema.trees import XSI, XSI_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmlschema import XMLSchemaBase

_FOREIGN = "urn:elsewhere"


# Namespaces whose names mean the same in every document; nothing can be made up there.
_MEANT = frozenset(
    {
        XS[1:-1],
        XSI[1:-1],
        "http://www.w3.org/2000/xmlns/",
        "http://www.w3.org/XML/1998/namespace",
    }
)


def made_up_names(component: XsdAnyElement | XsdAnyAttribute, schema: XMLSchemaBase) -> list[str]:
    """Names in each kind of namespace that a wildcard can speak of."""
    namespaces = [
        "",
        _FOREIGN,
        schema.target_namespace or "",
        *sorted(n for n in component.namespace if not n.startswith("##")),
    ]
    spaces = [space for space in dict.fromkeys(namespaces) if space not in _MEANT]
    return [f"{{{space}}}other" if space else "other" for space in spaces]


def plain_names(names: Iterator[str]) -> tuple[str, ...]:
    """Names that no validator can know from elsewhere, if there are any."""
    found = tuple(names)
    return tuple(name for name in found if not name.startswith("{http://www.w3.org/")) or found


def names_beneath(group: XsdGroup) -> frozenset[str]:
    """The names that a model group's own particles claim, substitutes included."""
    names: set[str] = set()
    for element in group.iter_elements():
        if isinstance(element, XsdElement) and element.name:
            names.add(element.name)
            names.update(e.name for e in element.iter_substitutes() if e.name)
    return frozenset(names)


def blocked_by(component: XsdElement) -> frozenset[str]:
    """What the declaration and its type forbid of those that stand in for them."""
    blocks = f"{component.block} {getattr(component.type, 'block', '') or ''}".split()
    if "#all" in blocks:
        return frozenset({"extension", "restriction", "substitution"})
    return frozenset(blocks)


def names_itself(kind: XsdComplexType | XsdSimpleType) -> bool:
    """Whether a type demands that its elements name it."""
    use = None if isinstance(kind, XsdSimpleType) else kind.attributes.get(XSI_TYPE)
    return isinstance(use, XsdAttribute) and use.use == "required"


def methods_of(kind: Any, base: Any) -> frozenset[str]:  # noqa: ANN401 - xmlschema's types
    """By which methods a type derives from another."""
    methods: set[str] = set()
    while kind is not None and kind is not base:
        methods.add(kind.derivation or "restriction")
        kind = kind.base_type
    return frozenset(methods)
