"""Answers of the PlanFix XML API, read without trusting them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.portals.exchange import Exchange


class NotAnAnswerError(ValueError):
    """A body is not an XML document with the root `response`; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the API.

    The HTTP status plays no part: portals differ in which one comes with an error answer.

    Attributes:
        root: the `response` element.
    """

    root: Element

    @property
    def status(self) -> str:
        """The root's `status`: `ok` or `error`, where the portal keeps to its page."""
        return self.root.get("status", "")

    @property
    def ok(self) -> bool:
        """Whether the portal says that it did what was asked."""
        return self.status == "ok"

    @property
    def code(self) -> str:
        """The error code, or an empty text where there is none."""
        return text_of(self.root.find("code")).strip()

    def ids(self, path: str) -> tuple[int, ...]:
        """The ids at a path below the root, those that are no numbers left out."""
        numbers = (number_of(node) for node in self.root.findall(path))
        return tuple(number for number in numbers if number is not None)

    @property
    def task_id(self) -> int | None:
        """The id of the task that the answer names, where it names one."""
        return number_of(self.root.find("task/id"))


def parse(body: bytes) -> Element:
    """Parse a document of the API, an answer or a request, without network, disk, DTD or entities.

    Comments and processing instructions are left out, so that the text around one is one text.

    Raises:
        NotAnAnswerError: it is not well-formed, nests too deeply, or declares a document type, which no
            document of this API does.
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
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotAnAnswerError("no well-formed XML" if body.strip() else "nothing") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAnAnswerError("XML with a document type declaration")
    return root


def answer_of(exchange: Exchange) -> Answer:
    """The answer of an exchange.

    Raises:
        NotAnAnswerError: it is not a `response` document.
    """
    root = parse(exchange.response.body)
    if root.tag != "response":
        raise NotAnAnswerError(f"XML with the root {root.tag}")
    return Answer(root)


def accepted(exchange: Exchange) -> bool:
    """Whether an exchange ended in an ok answer."""
    try:
        return answer_of(exchange).ok
    except NotAnAnswerError:
        return False


def error_code(exchange: Exchange) -> str:
    """The error code of an exchange; empty where it did not end in an error answer."""
    try:
        return answer_of(exchange).code
    except NotAnAnswerError:
        return ""


def text_of(node: Element | None) -> str:
    """The text of an element, character for character; empty where there is none."""
    return "" if node is None else "".join(str(piece) for piece in node.itertext())


def number_of(node: Element | None) -> int | None:
    """The whole number that an element holds, blanks around it overlooked; None where it holds none."""
    text = text_of(node).strip()
    return int(text) if text.isascii() and text.isdigit() else None
