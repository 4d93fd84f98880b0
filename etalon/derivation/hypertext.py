"""HTML → lines of text, with table rows as `| a | b | c |` and preformatted text as it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html
from lxml.etree import ParserError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_OPENING = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|header|h[1-6]|p|table|meta|link|title|script"
    r"|style|span|ul|pre)\b",
    re.IGNORECASE | re.DOTALL,
)
_ENDINGS = frozenset({".html", ".htm", ".xhtml"})
_UNSEEN = frozenset({"head", "script", "style", "noscript", "template", "svg", "iframe", "object"})
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
        "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_PREFORMATTED = frozenset({"pre", "textarea", "xmp"})
_SPACES = re.compile(r"\s+")


def is_hypertext(text: str, ending: str) -> bool:
    """Whether a file holds HTML: by its ending, or because it begins as HTML does.

    A text page may well begin with a tag of XML, so the first tag has to be one of HTML's.
    """
    return ending.lower() in _ENDINGS or _OPENING.match(text) is not None


def text_lines(text: str) -> list[str]:
    """Turns HTML into the lines that a reader of the page sees, without blank ones outside preformatted text.

    Scripts, styles and the head are left away. A table row is one line, `| a | b |`, unless it only lays
    out the page: a row that holds a further table or preformatted text is read as what it holds.
    """
    try:
        root = html.document_fromstring(text.encode(), html.HTMLParser(encoding="utf-8"))
    except ParserError:
        return []
    writer = _Writer()
    writer.element(root)
    writer.end_line()
    return writer.lines


class _Writer:
    """Collects the lines of a document while its elements are walked."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line = ""
        # Of each table: column → a cell from above that reaches down into the next row, and how far.
        self._spanning: dict[HtmlElement | None, dict[int, tuple[str, int]]] = {}

    def end_line(self) -> None:
        line = _SPACES.sub(" ", self._line).strip()
        if line:
            self.lines.append(line)
        self._line = ""

    def element(self, element: HtmlElement) -> None:
        """Writes one element with all that it holds; comments and instructions have no text to read."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _UNSEEN:
            return
        if tag == "br":
            self.end_line()
        elif tag in _PREFORMATTED:
            self.end_line()
            self.lines.extend(line.rstrip() for line in _preformatted(element).strip("\r\n").split("\n"))
        elif tag == "tr" and not _lays_out(element):
            self.end_line()
            cells = self._row(element)
            if any(cells):
                self.lines.append(f"| {' | '.join(cells)} |")
        else:
            self._children(element, block=tag in _BLOCKS)

    def _row(self, row: HtmlElement) -> list[str]:
        """The cells of a row, one for each column.

        A cell over several columns leaves the further ones empty, one over several rows stands in each.
        """
        above = self._spanning.pop(row.getparent(), {})
        below: dict[int, tuple[str, int]] = {}
        cells: list[str] = []

        def add(text: str, rows: int) -> None:
            if rows > 1:
                below[len(cells)] = (text, rows - 1)
            cells.append(text)

        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while len(cells) in above:
                add(*above.pop(len(cells)))
            text, rows = _cell(cell), _span(cell, "rowspan")
            for further in range(_span(cell, "colspan")):
                add("" if further else text, rows)
        while len(cells) in above:
            add(*above.pop(len(cells)))
        self._spanning[row.getparent()] = below
        return cells

    def _children(self, element: HtmlElement, *, block: bool) -> None:
        if block:
            self.end_line()
        self._line += element.text or ""
        for child in element:
            self.element(child)
            self._line += child.tail or ""
        if block:
            self.end_line()


def _span(cell: HtmlElement, name: str) -> int:
    """How many columns or rows a cell takes; no table of a page has more than a hundred."""
    number = (cell.get(name) or "").strip()
    return min(int(number), 100) if number.isascii() and number.isdigit() and int(number) else 1


def _lays_out(row: HtmlElement) -> bool:
    return any(True for _ in row.iter("table", *_PREFORMATTED))


def _preformatted(element: HtmlElement) -> str:
    """Preformatted text as it stands; its colours are inline, but some pages set each line as a block."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _UNSEEN:
            if child.tag == "br":
                parts.append("\n")
            else:
                inner = _preformatted(child)
                block = child.tag in _BLOCKS
                parts.append(f"{inner.rstrip()}\n" if block else inner)
        parts.append(child.tail or "")
    return "".join(parts)


def _cell(cell: HtmlElement) -> str:
    """A cell's text on one line.

    Blocks in it (`sent in body` under a name) are parted by spaces, items of a list begin with an asterisk.
    Spaces that do not break set a name in, beneath the one that it belongs to: at the beginning they stay.
    """
    parts: list[str] = []
    _gather(cell, parts)
    whole = "".join(parts).strip(" \t\r\n")
    text = _SPACES.sub(" ", whole).strip().replace("|", r"\|")
    inset = len(whole) - len(whole.lstrip("\u00a0"))
    return "&nbsp;" * inset + text if inset > 1 and text else text


def _gather(element: HtmlElement, parts: list[str]) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag and tag not in _UNSEEN:
        edge = " " if tag in _BLOCKS or tag == "br" else ""
        parts += [edge, "* " if tag == "li" else "", element.text or ""]
        for child in element:
            _gather(child, parts)
            parts.append(child.tail or "")
        parts.append(edge)
