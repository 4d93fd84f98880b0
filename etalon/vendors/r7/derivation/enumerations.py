"""Allowed values, as the prose and the type cells of R7-Office's pages list them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INTRODUCED = re.compile(
    r"(?:допустимые|возможные|доступные|разрешенные|разрешённые|поддерживаемые)\s+(?:значения|типы)"
    r"|(?:allowed|possible|available|valid|supported|acceptable)\s+(?:values|types|options)"
    r"|(?:принимает|может\s+принимать)\s+(?:одно\s+из\s+)?значени[ея]|(?:one\s+of|одно\s+из)(?:\s+значений)?(?=\s*[:(])",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\s*(?:[:—–-]|(?=\()|are|is|could be|can be|include)?\s*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[^.\s])\.(?:\s|$)|[;\n]")
_SEPARATOR = re.compile(
    r"\s*(?:,\s*(?:or|and|или|и)\s+|,|\||/|\s+(?:or|and|или|либо|и)\s+)\s*", re.IGNORECASE
)
_WORD = re.compile(r"[\"'«“`]?(?P<word>-?[A-Za-z0-9_][\w.@-]*)[\"'»”`]?")
_NUMBERED = re.compile(r"(?P<number>-?\d+)\s*(?:[-—–=:]|\()\s*[^\d\s,;()][^,;()]*\)?")
_NAMED_NUMBER = re.compile(r"[^\d,;()=]+?\s*(?:=\s*(?P<equal>-?\d+)|\(\s*(?P<bracket>-?\d+)\s*\))")
_QUOTED_GROUP = re.compile(r"\((?P<list>\s*[\"“«][^()]*[\"”»]\s*)\)")
_NAMES = re.compile(r"[A-Z]\w*(?:\s*=\s*-?\d+)?(?:\s*,\s*[A-Z]\w*(?:\s*=\s*-?\d+)?)+")
_BOUNDS = re.compile(
    r"(?:от|from|between)\s+(?P<least>-?\d+)\s+(?:до|to|and)\s+(?P<most>-?\d+)", re.IGNORECASE
)
_FEWEST = 2

Value = str | int


@dataclass(frozen=True, slots=True)
class Listing:
    """Values that a row lists, or why its list could not be read.

    Attributes:
        values: the values, in the order of the page.
        trouble: what could not be read; empty when all was.
    """

    values: tuple[Value, ...]
    trouble: str = ""


def listed_values(prose: str) -> Listing:
    """Reads allowed values out of a description.

    `Allowed values: a, b or c`, `("A", "B", or "C")`, `0 - none, 1 - read`, `skip (0), overwrite (1)`.
    """
    if introduced := _INTRODUCED.search(prose):
        lead = _LEAD.match(prose, introduced.end())
        tail = prose[lead.end() if lead else introduced.end() :].strip().strip("()[]")
        return _of_list(_SENTENCE_END.split(tail)[0])
    if quoted := _QUOTED_GROUP.search(prose):
        listing = _of_list(quoted["list"])
        return listing if not listing.trouble else Listing(())
    numbers = _numbers(prose)
    return Listing(numbers if len(numbers) >= _FEWEST else ())


def listed_names(cell: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Reads a type cell that lists the names of a .NET enumeration, with their numbers where they stand.

    Returns:
        The names of `Skip, Overwrite`; and the numbers of `Open = 0, Closed = 1`. Both empty for other cells.
    """
    found = _NAMES.search(cell)
    if found is None or (found.start() and "=" not in found[0]):
        return (), ()
    parts = [part.split("=") for part in found[0].split(",")]
    names = tuple(part[0].strip() for part in parts)
    numbers = tuple(int(part[1]) for part in parts if len(part) > 1)
    return names, numbers


def bounds(prose: str) -> tuple[int, int] | None:
    """Least and most of `from 1 to 5`."""
    found = _BOUNDS.search(prose)
    return (int(found["least"]), int(found["most"])) if found else None


def _numbers(text: str) -> tuple[int, ...]:
    leading = tuple(int(match["number"]) for match in _NUMBERED.finditer(text))
    trailing = tuple(int(match["equal"] or match["bracket"]) for match in _NAMED_NUMBER.finditer(text))
    numbers = trailing if len(trailing) >= len(leading) else leading
    return tuple(dict.fromkeys(numbers))


def _of_list(text: str) -> Listing:
    numbers = _numbers(text)
    parts = [part.strip() for part in _SEPARATOR.split(text.strip().rstrip(".")) if part.strip()]
    if len(numbers) >= _FEWEST and len(numbers) >= len(parts) - 1:
        return Listing(numbers)
    words: list[Value] = []
    for part in parts:
        word = _WORD.fullmatch(part)
        if word is None:
            return Listing((), f"allowed values are announced, but {part!r} is no single value")
        words.append(int(word["word"]) if re.fullmatch(r"-?\d+", word["word"]) else word["word"])
    if len(words) < _FEWEST:
        return Listing((), f"allowed values are announced, and {'one follows' if words else 'none follow'}")
    return Listing(tuple(dict.fromkeys(words)))
