"""Forms of one document: ways to write a request in XML that say the same (XML 1.0, fifth edition).

The PlanFix signature page signs values, not bytes, so a signature holds for every form of a document. Where
text stands in CDATA, a little stays outside: the page's sample program overlooks elements of CDATA alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

from etalon.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

    Writer = Callable[[str], str]

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_MARKUP: Final = str.maketrans({key: _ENTITIES[key] for key in "&<>"})
_ALL: Final = str.maketrans(_ENTITIES)
_TEXTS: Final = frozenset({"title", "description"})
_NOT_PLAIN: Final = re.compile(r"[^0-9A-Za-z \n]")
_LINE_END: Final = re.compile("\n")
_FEWEST_FOR_TWO: Final = 8
COMMENTED_OUT: Final = "<startTime>03-02-2001 09:15</startTime>"
"""What stands in comments: a member that nobody sends, and that no task has."""
_DECLARED: Final = '<?xml version="1.0" encoding="{}"?>\n'


def escaped(text: str) -> str:
    """Text with what would be markup as entities, and nothing else."""
    return text.translate(_MARKUP)


def _decimal(text: str) -> str:
    return _NOT_PLAIN.sub(lambda match: f"&#{ord(match[0])};", text)


def _hexadecimal(text: str) -> str:
    return _NOT_PLAIN.sub(lambda match: f"&#x{ord(match[0]):x};", text)


def _in_cdata(text: str) -> str:
    """A letter as it is, two sections, and a letter again, so that none is all there is (section 2.7)."""
    if len(text) < _FEWEST_FOR_TWO:
        return escaped(text[:1]) + (_section(text[1:]) if text[1:] else "")
    half = len(text) // 2
    return escaped(text[:1]) + _section(text[1:half]) + _section(text[half:-1]) + escaped(text[-1:])


def _section(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _around(inserted: str) -> Writer:
    def write(text: str) -> str:
        half = len(text) // 2
        return escaped(text[:half]) + inserted + escaped(text[half:]) if half else escaped(text)

    return write


def _with_other_line_ends(text: str) -> str:
    """Line ends by turns as CR LF and CR; both are one LF to a reader (section 2.11)."""
    ends = cycle(("\r\n", "\r"))
    return _LINE_END.sub(lambda _: next(ends), escaped(text))


def _by_turns(*writers: Writer) -> Writer:
    """Text in as many pieces as there are writers, each written by another one.

    The pieces are its lines, of which the last writer gets the rest; a text of fewer is cut evenly.
    """

    def write(text: str) -> str:
        lines = text.splitlines(keepends=True)
        if len(lines) < len(writers):
            size = -(-len(text) // len(writers)) or 1
            lines = [text[start : start + size] for start in range(0, len(text), size)]
        last = len(writers) - 1
        pieces = [*lines[:last], "".join(lines[last:])]
        return "".join(writer(piece) for writer, piece in zip(writers, pieces, strict=False))

    return write


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a document.

    Attributes:
        tells: what is special about it, as a finding says it after "sent".
        text: writes the text of an element.
        declaration: what stands in front of the document.
        encoding: of its bytes.
        mark: the bytes in front of everything.
        quote: around the values of attributes.
        blank: inside tags, where blanks may stand.
        gap: between elements, by depth.
        turned: whether elements stand in the opposite order.
        may_refuse: whether a reader of XML may know this form not at all (encodings beside UTF-8 and UTF-16,
            section 4.3.3), so that a refusal is no deviation.
    """

    tells: Message
    text: Writer = escaped
    declaration: str = _DECLARED.format("UTF-8")
    encoding: str = "utf-8"
    mark: bytes = b""
    quote: str = '"'
    blank: str = ""
    gap: Callable[[int], str] = lambda _: ""
    turned: bool = False
    may_refuse: bool = False


FORMS: Final[Mapping[str, Form]] = {
    "ENTITIES": Form(Message("form-quotes-as-entities"), text=lambda text: text.translate(_ALL)),
    "DECIMAL-REFERENCES": Form(Message("form-decimal-references"), text=_decimal),
    "HEX-REFERENCES": Form(Message("form-hexadecimal-references"), text=_hexadecimal),
    "CDATA": Form(Message("form-cdata"), text=_in_cdata),
    "COMMENTS": Form(
        Message("form-comments"),
        text=_around("<!-- Etalon: <b>no text</b> -->"),
        gap=lambda _: f"<!-- {COMMENTED_OUT} -->",
    ),
    "INSTRUCTIONS": Form(Message("form-processing-instructions"), text=_around("<?etalon no text?>")),
    "SINGLE-QUOTES": Form(Message("form-single-quotes"), quote="'"),
    "NO-DECLARATION": Form(Message("form-no-declaration"), declaration=""),
    "BOM": Form(Message("form-byte-order-mark"), mark=b"\xef\xbb\xbf"),
    "ENCODINGS": Form(
        Message("form-windows-1251"),
        declaration=_DECLARED.format("windows-1251"),
        encoding="windows-1251",
        may_refuse=True,
    ),
    "INDENTED": Form(Message("form-indented"), gap=lambda depth: "\n" + "\t" * depth),
    "ORDER": Form(Message("form-opposite-order"), turned=True),
    "NEWLINES": Form(Message("form-line-ends"), text=_with_other_line_ends),
    "TAG-BLANKS": Form(Message("form-blanks-in-tags"), blank="\n "),
}
"""Name, as requirement ids carry it → form."""

_TEXT_FORMS: Final = (
    "ENTITIES",
    "DECIMAL-REFERENCES",
    "HEX-REFERENCES",
    "CDATA",
    "COMMENTS",
    "INSTRUCTIONS",
    "NEWLINES",
)
FORMS_OF_TEXT: Final = len(_TEXT_FORMS)
"""How many of the forms are about the text of an element, and can be had line by line."""

PACKED: Final = Form(
    Message("form-several"),
    text=_by_turns(*(FORMS[name].text for name in _TEXT_FORMS)),
    declaration="",
    mark=FORMS["BOM"].mark,
    quote="'",
    blank=FORMS["TAG-BLANKS"].blank,
    gap=lambda depth: f"\n{'  ' * depth}<!-- {COMMENTED_OUT} -->",
    turned=True,
)
"""All forms but the other encoding in one document, so that one request tries them."""


def written(request: Element, form: Form) -> bytes:
    """A request in a form. What its encoding lacks is written as character references.

    Only title and description are written in another way. Ids stay as they are, since a portal that loses a
    part of one would update a stranger's task, and so does the frame (session, signature), so that a report
    knows what to hide.

    Args:
        request: a `request` document of elements, texts and attributes alone.
        form: how to write it.
    """
    text = form.declaration + _element(request, form, 1)
    return form.mark + text.encode(form.encoding, "xmlcharrefreplace")


def _element(node: Element, form: Form, depth: int) -> str:
    attributes = "".join(
        f" {name!s}{form.blank}={form.blank}{form.quote}{str(value).translate(_ALL)}{form.quote}"
        for name, value in node.attrib.items()
    )
    parts = list(node)
    if form.turned:
        parts.reverse()
    content = "".join(form.gap(depth) + _element(part, form, depth + 1) for part in parts)
    write = form.text if node.tag in _TEXTS else escaped
    content += form.gap(depth - 1) if parts else write(node.text or "")
    name = str(node.tag)
    return f"<{name}{attributes}{form.blank}>{content}</{name}{form.blank}>"
