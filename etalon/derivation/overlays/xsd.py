"""Overlays of schemas: RFC 5261 patches, one element for each file or family of files."""

from __future__ import annotations

from copy import deepcopy
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from etalon.derivation.overlays.lines import OverlayError, Stale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Element
    from lxml.etree import _ElementUnicodeResult as Text

    Node = Element | Text

NAMESPACE: Final = "urn:etalon:overlay"
_PARSER: Final = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<!-- Written by etalon derive from the page and the overlay beside this file: edit that, not this. -->\n"
)


def overlaid_schemas(files: Mapping[str, str], text: str, name: str) -> tuple[dict[str, str], list[Stale]]:
    """Lays an overlay over schemas.

    The overlay's root `overlay` (namespace `urn:etalon:overlay`) holds

    - `diff` with `files`, a file name or a pattern of them (`*.ok.xsd`), and in it `add`, `replace` and
      `remove` as RFC 5261 has them: `sel` is an XPath, here one that may find several nodes; `add` takes
      `pos` (`before`, `after`, `prepend`; at the end by default) or `type="@name"` for an attribute;
    - `schema` with `file`: a schema that no page at hand describes.

    Each `diff` or each line in it, and each `schema`, carries its `reason`.

    Args:
        files: file name → schema; they stay as they are.
        text: the overlay.
        name: the overlay's file, for messages.

    Returns:
        File name → schema, the added ones last, and the lines that found nothing.

    Raises:
        OverlayError: the text is no overlay, a line lacks its reason, or cannot be carried out.
    """
    overlay = _overlay(text, name)
    roots = {file: etree.fromstring(schema.encode(), _PARSER) for file, schema in files.items()}
    stale: list[Stale] = []
    for part in overlay.iterchildren(etree.Element):
        match etree.QName(part).localname:
            case "diff":
                stale += _patched(roots, part, name)
            case "schema":
                _reason(part, name)
                roots[_needed(part, "file", name)] = _only_child(part, name)
            case other:
                raise OverlayError(f"{name}: line {part.sourceline}: unknown element {other}.")
    return {file: _text(root) for file, root in roots.items()}, stale


def _overlay(text: str, name: str) -> Element:
    try:
        root = etree.fromstring(text.encode(), _PARSER)
    except etree.XMLSyntaxError as error:
        raise OverlayError(f"{name}: cannot be read as XML ({error.msg}).") from error
    if root.tag != f"{{{NAMESPACE}}}overlay":
        raise OverlayError(f"{name}: no overlay of schemas: its root is {root.tag}.")
    return root


def _patched(roots: Mapping[str, Element], diff: Element, name: str) -> Iterator[Stale]:
    pattern = _needed(diff, "files", name)
    chosen = [root for file, root in roots.items() if fnmatchcase(file, pattern)]
    for line in diff.iterchildren(etree.Element):
        reason = line.get("reason") or _reason(diff, name)
        target = _needed(line, "sel", name)
        found = [node for root in chosen for node in _selected(root, line, target, name)]
        if not found:
            yield Stale(f"{pattern}: {target}", reason)
        for node in found:
            _carry_out(line, node, name)


def _selected(root: Element, line: Element, target: str, name: str) -> list[Node]:
    prefixes = {prefix: uri for prefix, uri in line.nsmap.items() if prefix}
    try:
        found = root.xpath(target, namespaces=prefixes)
    except etree.XPathError as error:
        raise OverlayError(f"{name}: line {line.sourceline}: {target} is no XPath ({error}).") from error
    return cast("list[Node]", found) if isinstance(found, list) else []


def _carry_out(line: Element, node: Node, name: str) -> None:
    match etree.QName(line).localname:
        case "add" if not isinstance(node, str):
            _add(line, node, name)
        case "replace":
            _replace(line, node, name)
        case "remove":
            _remove(node)
        case other:
            raise OverlayError(f"{name}: line {line.sourceline}: {other} cannot be done there.")


def _add(line: Element, node: Element, name: str) -> None:
    attribute = line.get("type", "")
    if attribute.startswith("@"):
        node.set(attribute[1:], line.text or "")
        return
    new = [deepcopy(child) for child in line.iterchildren(etree.Element)]
    match line.get("pos"):
        case None:
            node.extend(new)
        case "prepend":
            node[0:0] = new
        case "before":
            for child in new:
                node.addprevious(child)
        case "after":
            for child in reversed(new):
                node.addnext(child)
        case other:
            raise OverlayError(
                f"{name}: line {line.sourceline}: pos is before, after or prepend, not {other}."
            )


def _replace(line: Element, node: Node, name: str) -> None:
    if isinstance(node, str):
        holder = node.getparent()
        if holder is not None and node.attrname:
            holder.set(node.attrname, line.text or "")
        return
    holder = node.getparent()
    if holder is None:
        raise OverlayError(f"{name}: line {line.sourceline}: the root cannot be replaced.")
    holder.replace(node, deepcopy(_only_child(line, name)))


def _remove(node: Node) -> None:
    holder = node.getparent()
    if holder is None:
        return
    if isinstance(node, str):
        holder.attrib.pop(str(node.attrname))
    else:
        holder.remove(node)


def _only_child(part: Element, name: str) -> Element:
    children = list(part.iterchildren(etree.Element))
    if len(children) != 1:
        raise OverlayError(
            f"{name}: line {part.sourceline}: one element is needed there, not {len(children)}."
        )
    return children[0]


def _needed(part: Element, attribute: str, name: str) -> str:
    value = part.get(attribute)
    if not value:
        raise OverlayError(
            f"{name}: line {part.sourceline}: {etree.QName(part).localname} needs {attribute}."
        )
    return value


def _reason(part: Element, name: str) -> str:
    reason = " ".join(part.get("reason", "").split())
    if not reason:
        raise OverlayError(f"{name}: line {part.sourceline}: it gives no reason: an overlay says why.")
    return reason


def _text(root: Element) -> str:
    copy = deepcopy(root)
    etree.cleanup_namespaces(copy, keep_ns_prefixes=["xs", "e", "vc"])
    etree.indent(copy, "  ")
    return f"{_HEAD}{etree.tostring(copy, encoding='unicode')}\n"
