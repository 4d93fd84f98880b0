"""Classes of characters: those that no set of an expression tells apart, and how they are ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis_xmlschema.characters import Ranges, difference, intersection, normalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis_xmlschema.characters import CharacterSet

_MOST_OTHERS = 48
PLAIN: Ranges = ((0x20, 0x7E),)
"""What can be typed on every keyboard."""

# What a person likes to see first: digits, letters, then the rest.
_LIKED: tuple[tuple[int, int], ...] = ((0x30, 0x39), (0x61, 0x7A), (0x41, 0x5A))


def spread(ranges: Ranges) -> Ranges:
    """The plain characters of a class, and of the others a few from all over: their ends and their middles.

    All of them would make an index of thousands of bits out of a long text, and show no more.
    """
    others = difference(ranges, PLAIN)
    points = [p for low, high in others for p in (low, high, (low + high) // 2)]
    step = -(-len(points) // _MOST_OTHERS) or 1
    return normalised([*intersection(ranges, PLAIN), *((p, p) for p in points[::step])])


def rank(code: int) -> int:
    """How soon a character comes among others: the smaller, the sooner."""
    for place, (low, high) in enumerate(_LIKED):
        if low <= code <= high:
            return place
    return len(_LIKED)


def likeable(ranges: Ranges) -> Ranges:
    """The same characters, those that people like first."""
    first = tuple(part for liked in _LIKED for part in intersection(ranges, (liked,)))
    rest = list(ranges)
    for liked in _LIKED:
        rest = [
            part
            for low, high in rest
            for part in ((low, min(high, liked[0] - 1)), (max(low, liked[1] + 1), high))
            if part[0] <= part[1]
        ]
    return first + tuple(rest)


def character_at(ranges: Ranges, index: int) -> str:
    """A character of some ranges by its number.

    Raises:
        IndexError: They have no more than so many.
    """
    for low, high in ranges:
        if index <= high - low:
            return chr(low + index)
        index -= high - low + 1
    raise IndexError(index)


def classes_of(sets: Iterable[CharacterSet]) -> tuple[list[Ranges], dict[Ranges, int]]:
    """The classes that sets divide all characters into; and of each set its classes, as a set of bits."""
    bits: dict[Ranges, int] = {}
    for characters in sets:
        for ranges in (characters.sure, characters.possible):
            bits.setdefault(ranges, len(bits))
    events: dict[int, int] = {}
    for ranges, bit in bits.items():
        for low, high in ranges:
            events[low] = events.get(low, 0) ^ (1 << bit)
            events[high + 1] = events.get(high + 1, 0) ^ (1 << bit)
    classes: dict[int, list[tuple[int, int]]] = {}
    signature, start = 0, 0
    for point in sorted(events):
        if signature and point > start:
            classes.setdefault(signature, []).append((start, point - 1))
        signature ^= events[point]
        start = point
    members = {
        ranges: sum(1 << i for i, key in enumerate(classes) if key >> bit & 1) for ranges, bit in bits.items()
    }
    return [tuple(ranges) for ranges in classes.values()], members
