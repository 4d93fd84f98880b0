"""Answers of the PlanFix XML API, read without trusting them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from etalon.messages import Message
from etalon.portals.bounded_xml import MOST_PARTS, has_too_many_parts
from etalon.portals.numerals import whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.portals.exchange import Exchange


_LARGEST_LOG_IN = 64 * 1024
_BEGINS = re.compile(
    r"""(?:<\?xml\ (?:(?!encoding)[^>])*(?:encoding=["']utf-8["'][^>]*)?\?>\s*)?<response\b""",
    re.IGNORECASE | re.VERBOSE,
)

_REFERENCE = re.compile(rb"&#([xX][0-9a-fA-F]{1,4000}|[0-9]{1,4000});")


class NotAnAnswerError(ValueError):
    """A body is not an XML document with the root `response`; `what` says what it is instead."""

    def __init__(self, what: Message) -> None:
        super().__init__(what)
        self.what = what


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


def parse(body: bytes, *, recover: bool = False) -> Element:
    """Parse a document of the API, an answer or a request, without network, disk, DTD or entities.

    Comments and processing instructions are left out, so that the text around one is one text.

    Args:
        body: the document.
        recover: whether to make what can be made of one that is not well-formed.

    Raises:
        NotAnAnswerError: it is not well-formed, nests too deeply, has too many parts, or declares a document
            type, which no document of this API does.
    """
    if has_too_many_parts(body):
        raise NotAnAnswerError(Message("xml-too-large", count=MOST_PARTS))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotAnAnswerError(
            Message("ill-formed-xml") if body.strip() else Message("no-content")
        ) from error
    if root is None:
        raise NotAnAnswerError(Message("no-xml"))
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAnAnswerError(Message("xml-with-document-type"))
    return root


def answer_of(exchange: Exchange) -> Answer:
    """The answer of an exchange.

    Raises:
        NotAnAnswerError: it is not a `response` document.
    """
    root = parse(exchange.response.body)
    if root.tag != "response":
        raise NotAnAnswerError(Message("xml-with-root", root=str(root.tag)))
    return Answer(root)


def legible_answer(exchange: Exchange) -> Answer:
    """The answer of an exchange, as far as it can be made out.

    A text that is not escaped makes a whole answer ill-formed. A requirement says so; the rest of what a task
    has is looked at all the same. What ends early, or is in doubt as a whole, is left alone.

    Raises:
        NotAnAnswerError: it is no `response` document even so.
    """
    try:
        return answer_of(exchange)
    except NotAnAnswerError:
        if not _is_whole(exchange.response.body):
            raise
    root = parse(_REFERENCE.sub(_allowed, exchange.response.body), recover=True)
    if root.tag != "response":
        raise NotAnAnswerError(Message("xml-with-root", root=str(root.tag)))
    return Answer(root)


def _allowed(reference: re.Match[bytes]) -> bytes:
    """A reference to a character, or to U+FFFD where XML has no such character.

    The recovering parser takes half of a surrogate pair as it comes, and its text cannot be read.
    """
    digits = reference[1]
    number = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    allowed = number in {0x9, 0xA, 0xD} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE  # noqa: PLR2004
    return reference[0] if allowed or 0x10000 <= number <= sys.maxunicode else "\ufffd".encode()  # noqa: PLR2004


def _is_whole(body: bytes) -> bool:
    """Whether an ill-formed answer is UTF-8, from a declaration that says so to the end of the root."""
    try:
        text = body.decode("utf-8").strip()
    except UnicodeDecodeError:
        return False
    return (
        _BEGINS.match(text) is not None
        and text.endswith("</response>")
        and not any(mark in text for mark in ("\0", "<!DOCTYPE", "<!ENTITY"))
    )


def resembles_an_answer(exchange: Exchange) -> bool:
    """Whether something of the API seems to answer, be it in a form that no page shows.

    Megabytes that answer a log-in are none of the API's; to judge their form would fill the memory.
    """
    body = exchange.response.body
    return len(body) <= _LARGEST_LOG_IN and b"<response" in body


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
    return whole_number(text_of(node).strip())
