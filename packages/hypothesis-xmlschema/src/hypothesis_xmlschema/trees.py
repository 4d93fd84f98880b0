"""Documents in the making: light trees that remember the types of their texts."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from hypothesis_xmlschema.simple import FREE_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis_xmlschema.nodes import Declaration, Typed
    from hypothesis_xmlschema.simple import Simple

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XSI_NIL, XSI_TYPE = f"{XSI}nil", f"{XSI}type"

Variable: TypeAlias = tuple[str, str]
"""(name of a member or nothing for the element itself, attribute or nothing for the text)."""

Texts: TypeAlias = tuple[tuple[Variable, str], ...]


@dataclass(slots=True, eq=False)
class Node:
    """An element that is being made.

    Attributes:
        declaration: What declares it; None beneath a wildcard that skips.
        typed: Its type.
        tag: Its name.
        attributes: Their texts.
        text: What it begins with.
        children: Its members.
        tail: The text after it.
        simples: The types of its attributes, by name, and of its content, by the empty name.
        extra: Whether the schema can do without it.
    """

    declaration: Declaration | None
    typed: Typed | None
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)
    tail: str = ""
    simples: dict[str, Simple] = field(default_factory=dict)
    extra: bool = False


def simple_at(node: Node, name: str) -> Simple | None:
    """The type of an attribute, or of the content where the name is empty."""
    free = not name and not node.children and node.typed is not None and node.typed.mixed
    return node.simples.get(name, FREE_TEXT if free else None)


def set_texts(tree: Node, setting: Texts) -> bool:
    """Sets texts of an element and its members; False where one is not there or cannot have its text."""
    for (member, name), text in setting:
        holders = [tree] if not member else [child for child in tree.children if child.tag == member]
        if not holders:
            return False
        for holder in holders:
            simple = simple_at(holder, name)
            if simple is None or not simple.accepts(text):
                return False
            if name:
                holder.attributes[name] = text
            else:
                holder.text = text
    return True


def clone(tree: Node) -> Node:
    """An element of its own, alike in all."""
    made = copy(tree)
    made.attributes = dict(tree.attributes)
    made.simples = dict(tree.simples)
    made.children = [clone(child) for child in tree.children]
    return made


def walk(node: Node) -> Iterator[Node]:
    """An element and all beneath it, in document order."""
    yield node
    for child in node.children:
        yield from walk(child)


def local_name(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def path_of(root: Node, node: Node) -> str | None:
    """Local names from the root, with the position where several siblings share a name."""
    if root is node:
        return f"/{local_name(root.tag)}"
    for child in root.children:
        below = path_of(child, node)
        if below is not None:
            alike = [other for other in root.children if other.tag == child.tag]
            position = next(i for i, other in enumerate(alike) if other is child)
            name = local_name(child.tag)
            here = name if len(alike) == 1 else f"{name}[{position + 1}]"
            return f"/{local_name(root.tag)}/{here}{below[1 + len(name) :]}"
    return None
