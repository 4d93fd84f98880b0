"""Where selectors and fields of identity constraints lead, and which values are there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from xmlschema.validators import XsdAttribute, XsdKey

from hypothesis_xmlschema.errors import NothingFoundError
from hypothesis_xmlschema.facets import ancestor
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.trees import XSI_NIL, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmlschema.validators import XsdIdentity
    from xmlschema.validators.identities import XsdFieldSelector, XsdSelector

    from hypothesis_xmlschema.trees import Node


Place: TypeAlias = "tuple[Node, str]"
"""An attribute of an element, or its content where the name is empty."""


_ANY = "*"


@dataclass(frozen=True, slots=True)
class Way:
    """One branch of a selector's or a field's path.

    Attributes:
        deep: Whether it begins with `.//`.
        steps: Names in Clark notation, `*`, or `{namespace}*`.
        attribute: The attribute at its end.
    """

    deep: bool
    steps: tuple[str, ...]
    attribute: str | None = None


def ways(selector: XsdSelector) -> tuple[Way, ...]:
    """The branches of a path (XSD part 1, 3.11.6.2 and 3.11.6.3)."""
    namespaces = dict(selector.schema.namespaces)
    default = selector.xpath_default_namespace

    def clark(name: str, *, attribute: bool) -> str:
        prefix, _, local = name.rpartition(":")
        namespace = namespaces.get(prefix, "") if prefix else ("" if attribute or name == _ANY else default)
        return f"{{{namespace}}}{local}" if namespace else local

    found = []
    for branch in "".join(selector.path.split()).split("|"):
        deep = branch.startswith(".//")
        steps, attribute = [], None
        for step in branch.removeprefix(".//").split("/"):
            if step.startswith(("@", "attribute::")):
                attribute = clark(step.removeprefix("@").removeprefix("attribute::"), attribute=True)
            elif step != ".":
                steps.append(clark(step.removeprefix("child::"), attribute=False))
        found.append(Way(deep, tuple(steps), attribute))
    return tuple(found)


def remove(root: Node, node: Node) -> None:
    """Takes an element away, or what holds it, if the schema can do without."""
    way = _way(root, node)
    for above, below in zip(reversed(way[:-1]), reversed(way[1:]), strict=True):
        if below.extra:
            above.children.remove(below)
            return
    raise NothingFoundError


def _way(root: Node, node: Node) -> list[Node]:
    if root is node:
        return [root]
    for child in root.children:
        below = _way(child, node)
        if below:
            return [root, *below]
    return []


def _targets(node: Node, way: Way) -> list[tuple[Node, str]]:
    """What a path leads to: (element, attribute or nothing for its content)."""
    found = list(walk(node)) if way.deep else [node]
    for step in way.steps:
        found = [child for above in found for child in above.children if _matches(child.tag, step)]
    if way.attribute is None:
        return [(element, "") for element in found]
    return [(element, name) for element in found for name in _named(element, way.attribute)]


def _named(element: Node, test: str) -> list[str]:
    if test.endswith(_ANY):
        return [name for name in element.attributes if _matches(name, test)]
    if test in element.attributes:
        return [test]
    component = getattr(element.typed.component, "attributes", {}) if element.typed is not None else {}
    use = component.get(test)
    stated = (use.fixed or use.default) if isinstance(use, XsdAttribute) else None
    if stated is not None and element.typed is not None:
        # A default is a value like any other; written out, it can be changed.
        for attribute in element.typed.attributes:
            if attribute.name == test:
                element.attributes[test] = stated
                element.simples[test] = attribute.simple
                return [test]
    return []


def _matches(tag: str, step: str) -> bool:
    if step.endswith(_ANY):
        return step == _ANY or tag.startswith(step[:-1])
    return tag == step


def field_places(node: Node, identity: XsdIdentity) -> list[Place]:
    """All that the fields of an identity lead to."""
    selected = (
        [n for way in ways(identity.selector) for n, _ in _targets(node, way)] if identity.selector else []
    )
    return [
        place
        for element in selected
        for field in identity.fields
        for way in ways(field)
        for place in _targets(element, way)
    ]


def entries(node: Node, identity: XsdIdentity) -> list[tuple[Node, list[Place]]]:
    """The selected elements that have all fields, with their fields.

    Raises:
        NothingFoundError: A field selects several values, or one of a key none.
    """
    return [
        (element, [place for place in fields if place is not None])
        for element, fields in rows_of(node, identity)
        if None not in fields
    ]


def rows_of(node: Node, identity: XsdIdentity) -> list[tuple[Node, list[Place | None]]]:
    """The selected elements, with their fields (XSD part 1, cvc-identity-constraint.3)."""
    if identity.selector is None:
        return []
    selected = {id(n) for way in ways(identity.selector) for n, _ in _targets(node, way)}
    found = []
    for element in [n for n in _ending(node) if id(n) in selected] if selected else ():
        fields: list[Place | None] = []
        for field in identity.fields:
            places = {(id(n), name): (n, name) for way in ways(field) for n, name in _targets(element, way)}
            while len(places) > 1 or any(not has_value(*place) for place in places.values()):
                extra = next((key for key, (n, _) in reversed(places.items()) if n.extra), None)
                if extra is None:
                    raise NothingFoundError
                remove(node, places.pop(extra)[0])
            fields += places.values() or (_supplied(element, field),)
        if None in fields and isinstance(identity, XsdKey):
            remove(node, element)
        else:
            found.append((element, fields))
    return found


def _ending(node: Node) -> Iterator[Node]:
    """An element and all beneath it in the order in which they end, which is when validators look at them."""
    for child in node.children:
        yield from _ending(child)
    yield node


def _supplied(element: Node, field: XsdFieldSelector) -> Place | None:
    """An attribute that a wildcard lets pass, where a key asks for one that nothing declares."""
    wildcard = element.typed.any_attribute if element.typed is not None else None
    # xmlschema finds no field where a wildcard skips.
    if wildcard is None or wildcard.process != "lax" or not isinstance(field.parent, XsdKey):
        return None
    for way in ways(field):
        if way.attribute is not None and not way.steps and wildcard.allows(way.attribute):
            element.attributes[way.attribute] = "0"
            return element, way.attribute
    return None


def has_value(node: Node, name: str) -> bool:
    """Whether a text can be meant: a field's type is simple, or its content (cvc-identity-constraint.3)."""
    if name or node.typed is None:
        return True
    return XSI_NIL not in node.attributes and isinstance(node.typed.content, Simple)


def value_at(node: Node, name: str) -> object:
    """What two texts share that mean the same."""
    text = text_at(node, name)
    simple = node.simples.get(name)
    if simple is None or simple.component is None:
        return text
    if simple.component.white_space == "collapse":
        text = " ".join(text.split())
    if simple.component.is_atomic() and ancestor(simple.component) not in ("", "string", "token"):
        try:
            return Fraction({"true": "1", "false": "0"}.get(text, text))
        except (ValueError, ZeroDivisionError):
            return text
    return text


def text_at(node: Node, name: str) -> str:
    """The text of an attribute, or of the content where the name is empty."""
    return node.attributes[name] if name else node.text


def set_text(node: Node, name: str, text: str) -> None:
    """Replaces the text of an attribute, or of the content where the name is empty."""
    if name:
        node.attributes[name] = text
    else:
        node.text = text
