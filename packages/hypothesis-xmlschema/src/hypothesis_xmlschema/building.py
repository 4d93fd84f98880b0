"""Trees of nodes → trees of lxml, and what a validator says of them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from lxml import etree

from hypothesis_xmlschema.errors import BEYOND_THE_VALIDATOR

if TYPE_CHECKING:
    from hypothesis_xmlschema.nodes import Declaration, Program, Typed
    from hypothesis_xmlschema.trees import Node

PLACE = ""  # the name of what is no element yet


def close(node: Node) -> None:
    """Puts what was drawn last in its place."""
    children: list[Node] = []
    for child in node.children:
        close(child)
        children += child.children if child.tag == PLACE else [child]
    node.children = children


def inherited_by(declaration: Declaration, node: Node, inherited: dict[str, str]) -> dict[str, str]:
    """The attributes that the members of an element inherit, by its own and those that it inherits."""
    inheritable = declaration.component.inheritable
    if not inheritable:
        return inherited
    return inherited | {name: text for name, text in node.attributes.items() if name in inheritable}


def is_chosen(declaration: Declaration, typed: Typed, node: Node, inherited: dict[str, str]) -> bool:
    """Whether the attributes of an element, and those that it inherits, choose that type."""
    element = ET.Element(node.tag, node.attributes)
    return declaration.component.get_alternative_type(element, inherited) is typed.component


def chosen_type(node: Node) -> object:
    """The type that an element's own attributes choose; None where none are asked."""
    if node.declaration is None or not node.declaration.chosen:
        return None
    return node.declaration.component.get_alternative_type(ET.Element(node.tag, node.attributes), {})


def holds(program: Program, node: Node) -> bool:
    """Whether an element satisfies the assertions of its type."""
    assert node.declaration is not None
    with suppress(*BEYOND_THE_VALIDATOR):
        return bool(node.declaration.component.is_valid(built(program, node)))  # type: ignore[arg-type]
    return False


def built(program: Program, node: Node) -> etree._Element:
    """The tree of lxml."""
    root = etree.Element(node.tag, node.attributes, dict(program.prefixes) or None)
    _fill(root, node)
    return root


def _fill(element: etree._Element, node: Node) -> None:
    if node.text:
        element.text = node.text
    for child in node.children:
        made = etree.SubElement(element, child.tag, child.attributes)
        if child.tail:
            made.tail = child.tail
        if child.text or child.children:
            _fill(made, child)
