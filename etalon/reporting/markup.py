"""Text from a portal as HTML: escaped, the invisible named, the endless cut. No text gets in another way."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from etalon.reporting import textdiff
from etalon.reporting.text import Mark, pieces
from etalon.reporting.words import LANGS, Words, say, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etalon.reporting.textdiff import Piece, TextDiff
    from etalon.reporting.words import Words

# Of an equal stretch, what stands next to a difference is enough to find the place.
_EQUAL_HEAD, _EQUAL_TAIL = 80, 120
_VALUE_LENGTH = 500
_PROSE_LENGTH = 1_500
_LINE_BREAKS_SHOWN = 3

_ANY_SPACES = re.compile(r" +")
_SPACES_WORTH_SEEING = re.compile(r"^ +| +$|  +")
_ATTRIBUTE_CONTROLS = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", "\x00": ""}
_LINK_TEXT = re.compile(r"[!-~]+")
_ADDRESS_PUNCTUATION = "!#$%&'()*+,/:;=?@[]~"


def bilingual(words: Words) -> Markup:
    """Words in every language; the page's styles show one of them. What is the same in all stands once."""
    said = {lang: say(words, lang) for lang in LANGS}
    if len(set(said.values())) == 1:
        return prose(said[LANGS[0]])
    # A page has thousands of these: quotes around the attributes would take a twentieth of it.
    return _join(Markup("<span class=l lang={}>{}</span>").format(lang, prose(said[lang])) for lang in LANGS)


def prose(text: str) -> Markup:
    """Text in a sentence: escaped, controls and directional marks by name, no-break spaces as they are."""
    shown = (_marked(piece, None) for piece in pieces(text[:_PROSE_LENGTH], plain="\u00a0\u202f\n"))
    return _join(shown) + _cut(len(text) - _PROSE_LENGTH)


def message(text: str, limit: int) -> Markup:
    """An HTTP message as a block: line breaks and tabs stay, everything else invisible is named.

    Args:
        text: the message.
        limit: bytes of HTML that it may take; the rest is cut and counted.
    """
    lines = text.replace("\r\n", "\n")
    shown: list[Markup] = []
    left, done = limit, 0
    for piece in pieces(lines, plain="\n\t"):
        if isinstance(piece, Mark):
            html, length, whole = _chip(piece), piece.count, True
        else:
            kept = _fitting(piece, left)
            html, length, whole = _escaped(kept), len(kept), len(kept) == len(piece)
        shown.append(html)
        done += length
        left -= len(html.encode(errors="replace"))
        if left <= 0 or not whole:
            break
    return _join(shown) + _cut(len(lines) - done)


def compared(expected: str, observed: str) -> tuple[Markup, Markup, TextDiff]:
    """Expected and observed with what differs marked up as deleted and inserted, and their comparison."""
    diff = textdiff.compare(expected, observed)
    return _side(diff.expected, "del"), _side(diff.observed, "ins"), diff


def attribute(text: str) -> Markup:
    """Text for a quoted attribute, out of which a parser reads what went in (save NUL)."""
    quoted = str(escape(text.encode(errors="replace").decode()))
    return Markup("".join(_ATTRIBUTE_CONTROLS.get(char, char) for char in quoted))  # noqa: S704 - escaped above


def verbatim(text: str) -> bool:
    """Whether `message` shows the text as it is, so that what is copied from the page is the text itself."""
    return "\r" not in text and not any(isinstance(piece, Mark) for piece in pieces(text, plain="\n\t"))


def size(text: str) -> int:
    """Bytes of HTML that `message` takes for the text, without the names of what is invisible."""
    return len(_escaped(text).encode(errors="replace"))


def web_address(text: str) -> str:
    """The address if it leads to a web page, else nothing: no `javascript:`, no `data:`, no blanks.

    Letters beyond ASCII in its path come percent-encoded, as a browser would send them; a host with such
    letters, which may imitate another, makes no link.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    encoded = quote(text.encode(errors="replace"), safe=_ADDRESS_PUNCTUATION) if text.isprintable() else ""
    safe = parts.scheme in {"http", "https"} and parts.netloc.isascii() and parts.netloc and " " not in text
    return encoded if safe and _LINK_TEXT.fullmatch(encoded) else ""


def _escaped(text: str) -> Markup:
    """Text between tags: quotes do no harm there, JSON is full of them, and each takes five bytes escaped."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(escaped)  # noqa: S704 - escaped above


def _side(side: tuple[Piece, ...], tag: str) -> Markup:
    last = len(side) - 1
    return _join(
        Markup("<{0}>{1}</{0}>").format(Markup(tag), _differing(piece.text))  # noqa: S704 - `del` or `ins`
        if piece.differs
        else _equal(piece.text, after_difference=position > 0, before_difference=position < last)
        for position, piece in enumerate(side)
    )


def _equal(text: str, *, after_difference: bool, before_difference: bool) -> Markup:
    head = _EQUAL_HEAD if after_difference else 0
    tail = _EQUAL_TAIL if before_difference else 0
    if not head and not tail:
        head = _VALUE_LENGTH
    left_out = len(text) - head - tail
    if left_out <= 0:
        return _value(text, _SPACES_WORTH_SEEING)
    beginning, end = text[:head], text[len(text) - tail :]
    return _value(beginning, _SPACES_WORTH_SEEING) + _cut(left_out) + _value(end, _SPACES_WORTH_SEEING)


def _differing(text: str) -> Markup:
    return _value(text[:_VALUE_LENGTH], _ANY_SPACES) + _cut(len(text) - _VALUE_LENGTH)


def _value(text: str, spaces: re.Pattern[str]) -> Markup:
    return _join(_marked(piece, spaces) for piece in pieces(text))


def _marked(piece: str | Mark, spaces: re.Pattern[str] | None) -> Markup:
    if isinstance(piece, Mark):
        return _chip(piece)
    if spaces is None:
        return _escaped(piece)
    shown: list[Markup] = []
    done = 0
    for found in spaces.finditer(piece):
        shown += _escaped(piece[done : found.start()]), _spaces(found[0])
        done = found.end()
    return _join(shown) + _escaped(piece[done:])


def _spaces(run: str) -> Markup:
    """Spaces as dots; the dots are drawn by the styles, so that what is copied are spaces."""
    return _join([Markup('<span class="sp"> </span>')] * len(run))


def _chip(mark: Mark) -> Markup:
    chip = Markup('<span class="ch" title="{}">{}</span>').format(mark.title, mark.label)
    breaks = min(mark.count, _LINE_BREAKS_SHOWN) if mark.char == "\n" else 0
    return chip + Markup("\n") * breaks


def _cut(left_out: int) -> Markup:
    if left_out <= 0:
        return Markup("")
    words = bilingual({lang: word("count-left-out", lang, n=left_out) for lang in LANGS})
    return Markup('<span class="cut">⋯ {} ⋯</span>').format(words)


def _fitting(text: str, limit: int) -> str:
    """As much of the text as takes `limit` bytes when it is escaped and encoded."""
    text = text[:limit]

    return text[: bisect_right(range(len(text) + 1), limit, key=lambda length: size(text[:length])) - 1]


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
