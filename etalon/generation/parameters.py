"""The parameters that a spec documents for an operation: what there is to exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from etalon.generation.openapi_document import json_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lxml.etree import _Element as Element

_XS = "{http://www.w3.org/2001/XMLSchema}"
_DOCUMENTED = "documented"
# What every XML request carries whatever its function is.
_ENVELOPE = frozenset({"@method", "account", "sid", "signature", "silent"})


def documented_operations(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The operations of an OpenAPI document that the vendor's pages describe, with their parameters.

    Args:
        document: an OpenAPI document whose documented operations have the tag `documented`.

    Returns:
        Operation id → names of its path and query parameters, then of the members of its JSON body.
    """
    bodies = json_bodies(document)
    found = {}
    for item in document["paths"].values():
        for operation in item.values():
            if not isinstance(operation, dict) or _DOCUMENTED not in operation.get("tags", ()):
                continue
            name = operation["operationId"]
            listed = [parameter["name"] for parameter in operation.get("parameters", ())]
            shapes = bodies[name].shapes if name in bodies else ()
            members = (member for shape in shapes for member in shape.get("properties", {}))
            found[name] = tuple(dict.fromkeys((*listed, *members)))
    return found


def document_paths(schema: Path) -> tuple[str, ...]:
    """The texts and attributes that a request schema has a place for, below the root element.

    Args:
        schema: an XSD whose elements are declared in place (a `*.request.xsd`).

    Returns:
        Paths like `task/parent/id` and `task/periodicity/@unset` in the schema's order, without the
        envelope (account, session, signature).
    """
    root = etree.parse(schema).find(f"{_XS}element")
    paths = dict.fromkeys(_leaves(root, "")) if root is not None else {}
    return tuple(path for path in paths if path not in _ENVELOPE)


def _leaves(declaration: Element, path: str) -> Iterator[str]:
    # A type stands in the element, or, where it depends on an attribute, in one of its alternatives.
    kinds = [
        *declaration.iterfind(f"{_XS}complexType"),
        *declaration.iterfind(f"{_XS}alternative/{_XS}complexType"),
    ]
    if not kinds:
        yield path
        return
    for part in (part for kind in kinds for part in _declared(kind)):
        name = f"@{part.get('name')}" if part.tag == f"{_XS}attribute" else str(part.get("name"))
        yield from _leaves(part, f"{path}/{name}" if path else name)


def _declared(kind: Element) -> Iterator[Element]:
    """Elements and attributes of a type, those of inner types left to them."""
    for part in kind:
        if part.tag in {f"{_XS}element", f"{_XS}attribute"}:
            yield part
        elif isinstance(part.tag, str):
            yield from _declared(part)
