"""Values at a place of a document, be it JSON or XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Path = tuple[str, ...]
"""The steps from an object to a value below it; an attribute is its name behind `@`."""
Document: TypeAlias = Any
"""A JSON object as a mapping, or an element of an XML document: whoever reads one knows which it has."""


def raw_at(document: Document, path: Path) -> tuple[bool, object]:
    """Whether a document has a place, and what stands there.

    Returns:
        Of JSON the value itself. Of XML the text of the first element there, character for character; an
        element that should hold the last step and has a text of its own in its place gives that.
    """
    if isinstance(document, Mapping):
        found: Any = document
        for step in path:
            if not isinstance(found, Mapping) or step not in found:
                return False, None
            found = found[step]
        return True, found
    *above, last = path
    parent = document.find("/".join(above)) if above else document
    if parent is None:
        return False, None
    if last.startswith("@"):
        value = parent.get(last[1:])
        return value is not None, value
    node = parent.find(last)
    if node is not None:
        return True, "".join(map(str, node.itertext()))
    if above and not len(parent):
        return True, parent.text or ""
    return bool(above), None


def all_at(document: Element, path: Path) -> list[str]:
    """The texts of all elements at a place of an XML document, in their order."""
    return ["".join(map(str, node.itertext())) for node in document.iterfind("/".join(path))]
