r"""Sets of XML characters, known within bounds where Unicode's versions differ.

A validator reads `\d` or `\p{Lu}` by the version of Unicode that it was built with, and `\i` by an edition of
XML 1.0; libxml2, Xerces and Python differ. So a set has two bounds: the characters that every version counts
in, from which documents are drawn, and those that any version may count in, which a violation must avoid.
"""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from elementpath.regex import RegexError, unicode_block

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Sorted, disjoint, both ends included."""

XML: Ranges = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
"""XML 1.0, production 2."""

# Beyond these planes lie ideographs, tags and private use; no set that people write depends on them.
_LAST_SCANNED = 0x1FFFF


def normalised(ranges: list[tuple[int, int]]) -> Ranges:
    """Sorts and joins ranges."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


def union(left: Ranges, right: Ranges) -> Ranges:
    """The characters of either."""
    return normalised([*left, *right])


def intersection(left: Ranges, right: Ranges) -> Ranges:
    """The characters of both."""
    common, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if low <= high:
            common.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(common)


def difference(left: Ranges, right: Ranges) -> Ranges:
    """The characters of the left that are not of the right."""
    gaps, start = [], 0
    for low, high in right:
        if low > start:
            gaps.append((start, low - 1))
        start = high + 1
    gaps.append((start, sys.maxunicode))
    return intersection(left, tuple(gaps))


def size(ranges: Ranges) -> int:
    """How many characters there are."""
    return sum(high - low + 1 for low, high in ranges)


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """A set of characters between two bounds.

    Attributes:
        sure: What every reading counts in.
        possible: What some reading counts in; `sure` is a part of it.
    """

    sure: Ranges
    possible: Ranges

    @classmethod
    def exactly(cls, ranges: Ranges) -> CharacterSet:
        """A set on which all readings agree."""
        return cls(ranges, ranges)

    @classmethod
    def of(cls, text: str) -> CharacterSet:
        """The characters of a text."""
        return cls.exactly(normalised([(ord(c), ord(c)) for c in text]))

    def __or__(self, other: CharacterSet) -> CharacterSet:
        return CharacterSet(union(self.sure, other.sure), union(self.possible, other.possible))

    def __sub__(self, other: CharacterSet) -> CharacterSet:
        return CharacterSet(difference(self.sure, other.possible), difference(self.possible, other.sure))

    def complement(self) -> CharacterSet:
        """Every other character that XML allows."""
        return ANY - self


ANY = CharacterSet.exactly(XML)

_CHANGED_TEXT_NAMES_4 = ((0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# Of the fourth edition's letters these blocks are whole or nearly so, and the fifth has them too.
_NAME_START_SURE = normalised(
    [
        *_CHANGED_TEXT_NAMES_4,
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x131),
        (0x134, 0x13E),
        (0x391, 0x3A1),
        (0x3A3, 0x3CE),
        (0x410, 0x44F),
        (0x5D0, 0x5EA),
        (0x3041, 0x3094),
        (0x4E00, 0x9FA5),
        (0xAC00, 0xD7A3),
    ]
)
# Production 4 of the fifth edition, and what the fourth had beyond it.
_NAME_START_POSSIBLE = normalised(
    [
        *_CHANGED_TEXT_NAMES_4,
        (0xC0, 0x2FF),
        (0x370, 0x1FFF),
        (0x200C, 0x200D),
        (0x2070, 0x218F),
        (0x2C00, 0x2FEF),
        (0x3001, 0xD7FF),
        (0xF900, 0xFDCF),
        (0xFDF0, 0xFFFD),
        (0x10000, 0xEFFFF),
    ]
)
_NAME_MORE = ((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7))
_NAME_MORE_POSSIBLE = normalised([*_NAME_MORE, (0x300, 0x36F), (0x203F, 0x2040), (0x387, 0x387)])

DIGITS = CharacterSet.exactly(((0x30, 0x39),))
SPACES = CharacterSet.of("\t\n\r ")
DOT = ANY - CharacterSet.of("\n\r")


@cache
def _by_category() -> tuple[dict[str, Ranges], dict[str, Ranges]]:
    """Each general category's characters, as surely and as possibly so."""
    sure: dict[str, list[tuple[int, int]]] = {}
    possible: dict[str, list[tuple[int, int]]] = {}
    old_category, new_category = unicodedata.ucd_3_2_0.category, unicodedata.category
    start, previous = 0, ("Cc", "Cc")
    for code in range(_LAST_SCANNED + 2):
        here = (old_category(chr(code)), new_category(chr(code))) if code <= _LAST_SCANNED else ("", "")
        if here == previous:
            continue
        old, new = previous
        if old == new:
            sure.setdefault(new, []).append((start, code - 1))
        for name in {old, new}:
            possible.setdefault(name, []).append((start, code - 1))
        start, previous = code, here
    rest = (_LAST_SCANNED + 1, sys.maxunicode)
    for name, ranges in possible.items():
        # Unassigned then, perhaps of any category in a version to come, or beyond what was looked at.
        ranges += [rest, *(possible["Cn"] if name != "Cn" else [])]
    return (
        {name: intersection(normalised(ranges), XML) for name, ranges in sure.items()},
        {name: intersection(normalised(ranges), XML) for name, ranges in possible.items()},
    )


@cache
def category(name: str) -> CharacterSet:
    """The set of a general category, `Lu`, or of a group of them, `L`.

    Raises:
        ValueError: There is none of that name.
    """
    sure, possible = _by_category()
    members = [key for key in possible if key == name or (len(name) == 1 and key[0] == name)]
    if not members:
        raise ValueError(f"{name!r} is not a category of Unicode")
    return CharacterSet(
        normalised([r for key in members for r in sure.get(key, ())]),
        normalised([r for key in members for r in possible[key]]),
    )


@cache
def block(name: str) -> CharacterSet:
    """The set of a block, by its name without `Is`.

    Raises:
        ValueError: There is none of that name.
    """
    try:
        points = unicode_block(name).codepoints
    except (KeyError, RegexError) as error:
        raise ValueError(f"{name!r} is not a block of Unicode") from error
    ranges = normalised([(p, p) if isinstance(p, int) else (p[0], p[1] - 1) for p in points])
    return CharacterSet.exactly(intersection(ranges, XML))


@cache
def escape(letter: str) -> CharacterSet:
    r"""The set of a multi-character escape, `d` for `\d`.

    `\w` is by the recommendation all but punctuation, separators and the unassigned; some validators read it
    as letters, digits and the underscore. `\s` and `\d` some read as Python does.
    """
    lower = letter.lower()
    if lower == "s":
        found = CharacterSet(SPACES.sure, union(SPACES.sure, category("Z").possible))
        found = CharacterSet(found.sure, union(found.possible, ((0x85, 0x85),)))
    elif lower == "d":
        found = category("Nd")
    elif lower == "i":
        found = CharacterSet(_NAME_START_SURE, _NAME_START_POSSIBLE)
    elif lower == "c":
        found = CharacterSet(
            union(_NAME_START_SURE, _NAME_MORE), union(_NAME_START_POSSIBLE, _NAME_MORE_POSSIBLE)
        )
    else:
        outside = category("P") | category("Z") | category("C")
        letters = union(category("L").sure, category("Nd").sure)
        # What no version has assigned yet is neither surely in nor surely out.
        possible = union(outside.complement().possible, category("Cn").possible)
        found = CharacterSet(letters, union(possible, ((0x5F, 0x5F),)))
    return found.complement() if letter.isupper() else found
