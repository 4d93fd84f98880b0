"""XML in and out: foreign documents are parsed defensively, answers have the frame of a live portal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from etalon.vendors.planfix.mock.errors import ApiError, Code

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_INTEGER: Final = re.compile(r"-?[0-9]{1,10}")
_INTEGER_LIMIT: Final = 2**31


def parse(source: bytes) -> Element:
    """Parses a request without touching the network, the disk or any entity definition.

    Args:
        source: the body as it came; its declaration or byte order mark tells the encoding. The text around a
            comment is one text.

    Raises:
        ApiError: 0003, when the body is not well-formed, nests too deeply for the parser, has a document type
            declaration, or has another root than `request`.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, LookupError) as broken:
        raise ApiError(Code.NOT_XML) from broken
    if root.getroottree().docinfo.internalDTD is not None or root.tag != "request":
        raise ApiError(Code.NOT_XML)
    return root


def text_of(node: Element | None) -> str:
    """An element's own text, character for character; elements inside it, and their text, do not count."""
    if node is None:
        return ""
    return (node.text or "") + "".join(child.tail or "" for child in node)


def child(node: Element | None, *path: str) -> Element | None:
    """The first element at a path of names below a node; a second one of the same name is overlooked."""
    for name in path:
        if node is None:
            return None
        node = node.find(name)
    return node


def value_of(node: Element | None, *path: str) -> str | None:
    """The text of a number, date or enumeration, or `None` when it is absent.

    An element with nothing but blanks is as good as absent: clients fill in the page's template and leave the
    rest of it empty. Blanks around a value are not cut.
    """
    text = text_of(child(node, *path))
    return text if text.strip() else None


def number_of(node: Element | None, *path: str) -> int | None:
    """An `int` as PlanFix writes it: decimal digits, no blanks, 32 bits.

    Raises:
        ApiError: 0015, when the element holds something else.
    """
    text = value_of(node, *path)
    return None if text is None else to_number(text)


def to_number(text: str) -> int:
    """Reads an `int`; see `number_of`."""
    if _INTEGER.fullmatch(text) and -_INTEGER_LIMIT <= int(text) < _INTEGER_LIMIT:
        return int(text)
    raise ApiError(Code.BAD_VALUE)


def element(tag: str, *parts: Element, text: object = None, **attributes: object) -> Element:
    """Builds an element of child elements or of a text; attributes keep the order in which they are given."""
    node = etree.Element(tag, {name: str(value) for name, value in attributes.items()})
    node.text = None if text is None else str(text)
    node.extend(parts)
    return node


def ok(*parts: Element) -> Element:
    """The frame of a successful answer."""
    return element("response", *parts, status="ok")


def error(code: Code) -> Element:
    """The frame of an error.

    A live portal adds an empty `message` that the pages do not show, and known clients fail without it.
    """
    return element("response", element("code", text=code.value), element("message"), status="error")


def render(root: Element) -> bytes:
    """Writes an answer in UTF-8: a declaration, the document as it is indented or not, a newline."""
    body = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()
