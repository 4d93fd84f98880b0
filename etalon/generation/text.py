"""Text that breaks portals, as strategies and as fixed worst cases.

Every text here is legal in XML 1.0 (production `Char`) and holds no carriage return unless asked for, because
an XML parser has to turn one into a line feed. No text looks like an ISO 8601 or a `/Date(…)/` date: portals
of the CommunityServer family rewrite those wherever they stand, which would hide every other defect.

Sizes are counted in UTF-16 code units, the unit of .NET's and JavaScript's string lengths. A text has at most
as many characters as code units, so a limit in either unit is kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Atom:
    """A short text with one property that portals are known to lose, and the name of that property."""

    name: str
    text: str


NASTY: Final[tuple[Atom, ...]] = (
    Atom("cyrillic-yo", "Ещё ёлка"),
    Atom("decomposed-short-i", "и\u0306од"),
    Atom("emoji-beyond-bmp", "😀"),
    Atom("emoji-joined", "👩\u200d💻"),
    Atom("emoji-presentation", "\u2764\ufe0f"),
    Atom("markup", "<b>&amp;</b>"),
    Atom("bare-ampersand", "Q&A"),
    Atom("entity", "&lt;"),
    Atom("double-quotes", '"цитата"'),
    Atom("single-quote", "д'Артаньян"),
    Atom("sql-quote", "'--"),
    Atom("backslash", "C:\\new\\u0041"),
    Atom("cdata-end", "]]>"),
    Atom("repeated-spaces", "два  и   три"),
    Atom("newline", "строка\nстрока"),
    Atom("blank-lines", "а\n\n\nя"),
    Atom("tab", "до\tпосле"),
    Atom("hebrew", "\u05e9\u05dc\u05d5\u05dd\u200f"),
    Atom("arabic", "\u0645\u0631\u062d\u0628\u0627"),
    Atom("percent", "100%25"),
    Atom("plus", "1+1"),
    Atom("template-braces", "{{7}}"),
    Atom("format-brace", "{0}"),
    Atom("zero-width", "ноль\u200bширины"),
    Atom("no-break-space", "10\u00a0кг"),
    Atom("combining-marks", "a\u0301\u0323\u0308"),
    Atom("typographic", "«№ 5» — …"),
    Atom("script", "<script>alert(1)</script>"),
    Atom("address", "https://пример.рф/?a=1&b=2#c"),
    Atom("mail-address", "user@example.com"),
    Atom("mention", "@name"),
    Atom("hash", "#tag"),
    Atom("variable", "$name ${x}"),
    Atom("letters-by-locale", "İıßſ"),
    Atom("capitals", "ЁЛКА"),
    Atom("word-null", "null"),
    Atom("word-zero", "0"),
    Atom("word-false", "false"),
    Atom("word-undefined", "undefined"),
    Atom("unmatched-less-than", "а<б, то\nда"),
)

CARRIAGE_RETURN: Final = Atom("carriage-return", "строка\r\nстрока")
"""Only for members whose transport keeps it: JSON does, an XML parser does not."""

BOUNDARY_LENGTHS: Final[tuple[int, ...]] = (80, 100, 128, 255, 256, 1000, 5000)
"""Lengths at which columns, buffers and forms commonly end."""

_FORMAT_NAME: Final = re.compile(r"etalon-text-(\d+)-(\d+)(-visible)?(-cr)?")
SHORT: Final = 80
"""No portal is known to refuse a text of this length for its length alone."""

_EDGE: Final = "  "
_LETTERS: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_VISIBLE: Final = frozenset("LNPS")


def utf16_length(text: str) -> int:
    """Returns the length of `text` in UTF-16 code units, where a character beyond the BMP counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def is_visible(text: str) -> bool:
    """Tells whether `text` shows something: a letter, digit, punctuation mark or symbol.

    Stricter than `str.strip`: zero-width characters and marks alone count as nothing, whatever a portal's own
    notion of blank is.
    """
    return any(unicodedata.category(character)[0] in _VISIBLE for character in text)


def packed_text(limit: int | None = None, mark: str = "") -> str:
    """Puts as many atoms as fit into one text, so that a single request carries them all.

    Two spaces stand at either end, and the mark behind the first two. Before each atom stands its number in
    `NASTY` between bars, so that a damaged copy shows at which atom the damage begins. When not all fit, the
    shortest are taken, in the order of `NASTY`.

    Args:
        limit: largest length in UTF-16 code units; `None` for no limit.
        mark: a word of the run's own, by which the text is told from all others.

    Returns:
        The same text for the same limit and mark.

    Raises:
        ValueError: `limit` leaves no room for a single atom.
    """
    pieces = [f"|{number}|{atom.text}" for number, atom in enumerate(NASTY, start=1)]
    begin = _EDGE + mark
    if limit is None:
        return begin + "".join(pieces) + "|" + _EDGE
    room = limit - utf16_length(begin + "|" + _EDGE)
    taken: set[int] = set()
    for cost, index in sorted((utf16_length(piece), index) for index, piece in enumerate(pieces)):
        if cost > room:
            break
        taken.add(index)
        room -= cost
    if not taken:
        raise ValueError(f"no troublesome text fits into {limit} code units")
    return begin + "".join(piece for index, piece in enumerate(pieces) if index in taken) + "|" + _EDGE


def packed_shortly(texts: Iterable[str], limit: int, mark: str = "") -> list[str]:
    """Puts texts together with bars between them, each result as long as the limit allows.

    Args:
        texts: each of them shorter than the limit.
        limit: largest length in UTF-16 code units.
        mark: a word that each result begins with.
    """
    packed: list[str] = []
    for text in texts:
        if packed and utf16_length(packed[-1]) + utf16_length(text) < limit:
            packed[-1] += f"|{text}"
        else:
            packed.append(f"{mark}|{text}")
    return packed


def boundary_text(length: int, mark: str = "") -> str:
    """Writes a text of exactly `length` characters that shows where it was cut.

    It begins with the mark, a word of the run's own, where it is long enough for that. It counts: each group
    is a Cyrillic letter and the position, from 1, at which the group starts, as in `а1·б4·в7·г10·`. All
    characters are in the BMP, so the length in UTF-16 code units is the same.

    Raises:
        ValueError: `length` is negative.
    """
    if length < 0:
        raise ValueError(f"a text cannot have {length} characters")
    groups: list[str] = []
    position = 1
    while position <= length:
        group = f"{_LETTERS[len(groups) % len(_LETTERS)]}{position}·"
        groups.append(group)
        position += len(group)
    return (mark + "".join(groups)[len(mark) :])[:length]


@dataclass(frozen=True, slots=True)
class TextShape:
    """Which texts a member takes.

    Attributes:
        max_size: largest length, in UTF-16 code units.
        min_size: smallest length, in UTF-16 code units.
        blank: whether a text may be empty or show nothing.
        carriage_return: whether a text may hold carriage returns.
    """

    max_size: int = 255
    min_size: int = 0
    blank: bool = True
    carriage_return: bool = False

    def __post_init__(self) -> None:
        """Raises `ValueError` for a shape that no text has."""
        if not 0 <= self.min_size <= self.max_size:
            raise ValueError(f"no text has at least {self.min_size} and at most {self.max_size} code units")
        if not self.blank and self.max_size == 0:
            raise ValueError("an empty text shows nothing")

    @property
    def format_name(self) -> str:
        """The shape as the name of a JSON Schema `format`, which says it all: a schema stays plain data."""
        visible = "" if self.blank else "-visible"
        carriage_return = "-cr" if self.carriage_return else ""
        return f"etalon-text-{self.min_size}-{self.max_size}{visible}{carriage_return}"

    @classmethod
    def from_format_name(cls, name: str) -> TextShape | None:
        """Reads a shape back from the name of a `format`; `None` when the name is not one of a shape."""
        match = _FORMAT_NAME.fullmatch(name)
        if match is None:
            return None
        low, high, visible, carriage_return = match.groups()
        return cls(int(high), int(low), blank=visible is None, carriage_return=carriage_return is not None)

    def strategy(self) -> st.SearchStrategy[str]:
        """Returns the texts of this shape, biased to what breaks portals."""
        return portal_text(
            self.min_size, self.max_size, blank=self.blank, carriage_return=self.carriage_return
        )


def portal_text(
    min_size: int = 0, max_size: int = 255, *, blank: bool = True, carriage_return: bool = False
) -> st.SearchStrategy[str]:
    """Builds a strategy of text that is biased to what breaks portals.

    A mixture of short plain words, atoms side by side, arbitrary characters, lengths just below, at and above
    the boundaries, and all atoms at once. It shrinks to a short plain word.

    Args:
        min_size: smallest length, in UTF-16 code units.
        max_size: largest length, in UTF-16 code units.
        blank: whether a text may be empty or show nothing.
        carriage_return: whether a text may hold carriage returns.

    Raises:
        ValueError: no text has such a length.
    """
    shape = TextShape(max_size, min_size, blank, carriage_return)
    plain = st.text("abcабвё", min_size=min(min_size, 12), max_size=min(max_size, 12))
    atoms = st.sampled_from([atom.text for atom in _atoms(carriage_return=carriage_return)])
    edges = st.sampled_from(("", " ", "  ", "\n", "\t"))
    joined = st.builds("{1}{0}{2}".format, st.lists(atoms, min_size=1, max_size=6).map("".join), edges, edges)
    branches = [plain, atoms, joined, st.text(_characters(), max_size=min(max_size, 40))]
    lengths = [
        length
        for boundary in BOUNDARY_LENGTHS
        for length in (boundary - 1, boundary, boundary + 1)
        if min_size <= length <= max_size
    ]
    if lengths:
        branches.append(st.sampled_from(lengths).map(boundary_text))
        branches.append(st.sampled_from(lengths).map(packed_text))
    return st.one_of(branches).map(lambda text: _fitted(text, shape))


def _atoms(*, carriage_return: bool) -> tuple[Atom, ...]:
    return (*NASTY, CARRIAGE_RETURN) if carriage_return else NASTY


@cache
def _characters() -> st.SearchStrategy[str]:
    """Any assigned character that XML 1.0 allows, without controls other than line feed and tab.

    Hyphen and slash stay out, because every spelling of a date that portals rewrite needs one of them, and
    Hypothesis may draw whole strings that it finds in the source code at hand.
    """
    return st.characters(
        exclude_categories=("Cc", "Cn", "Co", "Cs"), include_characters="\n\t", exclude_characters="-/"
    )


def _fitted(text: str, shape: TextShape) -> str:
    """Returns `text` made to fit `shape` by cutting it or appending to it, never by drawing again."""
    if not shape.blank and not is_visible(_cut(text, shape.max_size)):
        text = _LETTERS[0] + text
    text = _cut(text, shape.max_size)
    missing = shape.min_size - utf16_length(text)
    return text + boundary_text(missing) if missing > 0 else text


def _cut(text: str, limit: int) -> str:
    """Returns the longest beginning of `text` that has at most `limit` code units, in whole characters."""
    if utf16_length(text) <= limit:
        return text
    kept = 0
    for index, character in enumerate(text):
        kept += utf16_length(character)
        if kept > limit:
            return text[:index]
    return text
