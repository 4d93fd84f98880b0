"""Regular languages: what a text must be, as an automaton that counts its words.

Patterns of XML Schema have neither anchors nor look-around nor back-references, so they are regular in the
strict sense. So are lengths and the lexical spaces of the built-in types, and then so is all of them at once:
no candidate has to be thrown away. The automaton is made of derivatives (Brzozowski 1964; Owens, Reppy, Turon
2009), state by state as they are needed: intersection and complement cost nothing extra, and `.{1,1000}` has
only the states that a drawn word passes.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias, cast

from hypothesis_xmlschema.characters import intersection, size
from hypothesis_xmlschema.classes import PLAIN, character_at, classes_of, likeable, rank, spread
from hypothesis_xmlschema.errors import PatternError
from hypothesis_xmlschema.expressions import (
    Both,
    Characters,
    Either,
    Expression,
    Repeated,
    Sequence,
    Without,
    sets_of,
)

_MOST_STATES = 30_000
_MOST_STEPS = 60_000
_MOST_SETS = 220
# So many lengths are counted, the shortest first, none that is longer than the shortest by more than that.
_LONGER = 24
_FURTHEST = 64

# A kind and what it needs: ("set", classes), ("cat", ids), ("or", ids), ("and", ids), ("not", id),
# ("rep", id, least, most).
_Node: TypeAlias = tuple[Any, ...]


@dataclass(slots=True)
class _Tier:
    """The words over one alphabet: how many there are of each length, on the way from each state."""

    offset: int
    words: int
    lengths: list[tuple[int, int]] = field(default_factory=list)


class Language:
    """The texts of an expression, in order: shortest first, plain characters first.

    Attributes:
        size: How many texts are counted: all but those that are far longer than the shortest.
    """

    def __init__(self, expression: Expression) -> None:
        self._ids: dict[_Node, int] = {}
        self._nodes: list[_Node] = []
        self._nullable: list[bool] = []
        self._firsts: list[int] = []
        self._leasts: list[float] = []
        self._steps: dict[int, tuple[tuple[int, int], ...]] = {}
        self._counts: dict[tuple[int, int, int], int] = {}
        self._derivatives: dict[tuple[int, int], int] = {}
        self._orders: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._ways: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
        self._alphabet_of: list[int] = []
        self._partition(expression)
        self._nothing = self._node(("or", ()))
        self._empty = self._node(("cat", ()))
        self._start = self._built(expression, positive=True)
        self.shortest = self._distance()
        self.size = 0
        self._tiers: list[_Tier] = []
        if self.shortest is not None:
            for tier in range(2):
                self._count(tier)

    # Characters: texts are over classes of characters that no set of the expression tells apart.

    def _partition(self, expression: Expression) -> None:
        self._classes, self._members = classes_of(sets_of(expression))
        plain = [intersection(ranges, PLAIN) for ranges in self._classes]
        self._alphabets = [
            [likeable(ranges) for ranges in plain],
            [likeable(spread(r)) for r in self._classes],
        ]
        self._sizes = [[size(ranges) for ranges in alphabet] for alphabet in self._alphabets]
        self._ends = sorted((low, high, i) for i, ranges in enumerate(self._classes) for low, high in ranges)
        self._lows = [low for low, _, _ in self._ends]

    def _class_of(self, character: str) -> int | None:
        at = bisect_right(self._lows, ord(character)) - 1
        if at < 0 or ord(character) > self._ends[at][1]:
            return None
        return self._ends[at][2]

    # Expressions in a normal form, each once, so that equal states are one state.

    def _node(self, node: _Node) -> int:
        known = self._ids.get(node)
        if known is None:
            if len(self._nodes) >= _MOST_STATES:
                raise PatternError("its patterns need an automaton too large to build")
            known = self._ids[node] = len(self._nodes)
            self._nodes.append(node)
            self._nullable.append(self._is_nullable(node))
            self._firsts.append(self._first(node))
            self._leasts.append(self._least(node))
        return known

    def _is_nullable(self, node: _Node) -> bool:
        kind = node[0]
        if kind == "set":
            return False
        if kind == "rep":
            return node[2] == 0 or self._nullable[node[1]]
        if kind == "not":
            return not self._nullable[node[1]]
        parts: tuple[int, ...] = node[1]
        found = (self._nullable[part] for part in parts)
        return any(found) if kind == "or" else all(found)

    def _first(self, node: _Node) -> int:
        """The classes, a bit each, with which a word may begin; there is none with any other."""
        kind = node[0]
        if kind == "set":
            return cast("int", node[1])
        if kind == "not":
            return (1 << len(self._classes)) - 1
        if kind == "rep":
            return self._firsts[node[1]]
        found = (1 << len(self._classes)) - 1 if kind == "and" else 0
        for part in node[1]:
            if kind == "and":
                found &= self._firsts[part]
            else:
                found |= self._firsts[part]
                if kind == "cat" and not self._nullable[part]:
                    break
        return found

    def _least(self, node: _Node) -> float:
        """A length that no word falls short of, as the parts tell it."""
        match node:
            case ("set", _):
                return 1
            case ("not", _):
                return 0
            case ("rep", part, least, _):
                return self._leasts[part] * float(least) if least else 0
        parts: list[float] = [self._leasts[part] for part in node[1]]
        if node[0] == "cat":
            return sum(parts)
        return max(parts, default=0) if node[0] == "and" else min(parts, default=math.inf)

    def _built(self, expression: Expression, *, positive: bool) -> int:
        match expression:
            case Characters(characters):
                return self._set(self._members[characters.sure if positive else characters.possible])
            case Sequence(parts):
                return self._cat([self._built(part, positive=positive) for part in parts])
            case Either(parts):
                return self._or({self._built(part, positive=positive) for part in parts})
            case Both(parts):
                return self._and({self._built(part, positive=positive) for part in parts})
            case Without(part):
                return self._not(self._built(part, positive=not positive))
            case Repeated(part, least, most):
                return self._rep(self._built(part, positive=positive), least, most)

    def _set(self, members: int) -> int:
        return self._node(("set", members)) if members else self._nothing

    def _cat(self, parts: list[int]) -> int:
        flat: list[int] = []
        for part in parts:
            if part == self._nothing:
                return part
            node = self._nodes[part]
            if node[0] == "cat":
                flat += node[1]
            else:
                flat.append(part)
        return flat[0] if len(flat) == 1 else self._node(("cat", tuple(flat)))

    def _or(self, parts: set[int]) -> int:
        flat: set[int] = set()
        members = 0
        for part in parts:
            node = self._nodes[part]
            if node[0] == "or":
                flat |= set(node[1])
            elif node[0] == "set":
                members |= node[1]
            else:
                flat.add(part)
        if members:
            flat.add(self._set(members))
        return flat.pop() if len(flat) == 1 else self._node(("or", tuple(sorted(flat))))

    def _and(self, parts: set[int]) -> int:
        flat: set[int] = set()
        for part in parts:
            if part == self._nothing:
                return part
            node = self._nodes[part]
            if node[0] == "and":
                flat |= set(node[1])
            else:
                flat.add(part)
        return flat.pop() if len(flat) == 1 else self._node(("and", tuple(sorted(flat))))

    def _not(self, part: int) -> int:
        node = self._nodes[part]
        return node[1] if node[0] == "not" else self._node(("not", part))

    def _rep(self, part: int, least: int, most: int | None) -> int:
        if part in (self._empty, self._nothing):
            return self._empty if least == 0 or part == self._empty else self._nothing
        if most == 0:
            return self._empty
        if (least, most) == (1, 1):
            return part
        return self._node(("rep", part, least, most))

    # States.

    def _derived(self, state: int, member: int) -> int:
        known = self._derivatives.get((state, member))
        if known is None:
            if len(self._derivatives) > _MOST_STEPS:
                raise PatternError("its patterns need an automaton too large to build")
            known = self._derivatives[state, member] = self._derive(state, member)
        return known

    def _derive(self, state: int, member: int) -> int:
        node = self._nodes[state]
        match node[0]:
            case "set":
                return self._empty if node[1] >> member & 1 else self._nothing
            case "cat":
                parts: tuple[int, ...] = node[1]
                branches: set[int] = set()
                for at, part in enumerate(parts):
                    branches.add(self._cat([self._derived(part, member), *parts[at + 1 :]]))
                    if not self._nullable[part]:
                        break
                return self._or(branches)
            case "or":
                return self._or({self._derived(part, member) for part in node[1]})
            case "and":
                return self._and({self._derived(part, member) for part in node[1]})
            case "not":
                return self._not(self._derived(node[1], member))
            case _:
                _, part, least, most = node
                rest = self._rep(part, max(0, least - 1), None if most is None else most - 1)
                return self._cat([self._derived(part, member), rest])

    def _next(self, state: int) -> tuple[tuple[int, int], ...]:
        """(class of characters, next state) for every class that leads on."""
        known = self._steps.get(state)
        if known is None:
            first = self._firsts[state]
            found = ((i, self._derived(state, i)) for i in range(first.bit_length()) if first >> i & 1)
            known = self._steps[state] = tuple((i, to) for i, to in found if to != self._nothing)
        return known

    def _distance(self) -> int | None:
        """The length of the shortest word."""
        layer, seen, length = {self._start}, {self._start}, 0
        while layer:
            if any(self._nullable[state] for state in layer):
                return length
            layer = {to for state in layer for i, to in self._next(state) if self._sizes[1][i]} - seen
            seen |= layer
            length += 1
        return None

    # Words.

    def _count(self, tier: int) -> None:
        assert self.shortest is not None
        found = _Tier(self.size, 0)
        for length in range(self.shortest, self.shortest + _FURTHEST + 1):
            words = self._words(tier, length)
            if len(found.lengths) > _LONGER:
                break
            if words:
                found.lengths.append((length, words))
                found.words += words
        if found.words > sum(other.words for other in self._tiers):  # else it has nothing that was not there
            self._tiers.append(found)
            self._alphabet_of.append(tier)
            self.size += found.words

    def _words(self, tier: int, length: int) -> int:
        """How many words of a length there are; fills the counts that finding one of them needs."""
        layers = [{self._start}]
        for left in range(length, 0, -1):
            if any((tier, state, left) not in self._counts for state in layers[-1]):
                layers.append(
                    {
                        to
                        for state in layers[-1]
                        for to, _ in self._onward(tier, state)
                        if self._leasts[to] < left
                    }
                )
            else:
                break
        for at in range(len(layers) - 1, -1, -1):
            left = length - at
            for state in layers[at]:
                key = (tier, state, left)
                if key not in self._counts:
                    self._counts[key] = (
                        int(self._nullable[state])
                        if left == 0
                        else sum(
                            [
                                characters * self._counts.get((tier, to, left - 1), 0)
                                for to, characters in self._onward(tier, state)
                            ]
                        )
                    )
        return self._counts[tier, self._start, length]

    def _onward(self, tier: int, state: int) -> tuple[tuple[int, int], ...]:
        """(next state, how many characters lead there) of a state."""
        known = self._ways.get((tier, state))
        if known is None:
            found: dict[int, int] = {}
            for i, to in self._next(state):
                found[to] = found.get(to, 0) + self._sizes[tier][i]
            known = self._ways[tier, state] = tuple(way for way in found.items() if way[1])
        return known

    def nth(self, index: int) -> str:
        """The text at a place of the order, 0 ≤ index < size."""
        for tier, alphabet in zip(self._tiers, self._alphabet_of, strict=True):
            if index < tier.offset + tier.words:
                return self._word(tier, alphabet, index - tier.offset)
        raise IndexError(index)

    def _word(self, tier: _Tier, alphabet: int, index: int) -> str:
        wanted = 0
        for length, words in tier.lengths:
            wanted = length
            if index < words:
                break
            index -= words
        state, word = self._start, []
        for left in range(wanted, 0, -1):
            for i, to in self._ordered(state, alphabet):
                words = self._counts.get((alphabet, to, left - 1), 0)
                here = words * self._sizes[alphabet][i]
                if index < here:
                    at, index = divmod(index, words)
                    word.append(character_at(self._alphabets[alphabet][i], at))
                    state = to
                    break
                index -= here
        return "".join(word)

    def _ordered(self, state: int, alphabet: int) -> list[tuple[int, int]]:
        """The steps from a state, those of the characters that people like first."""
        known = self._orders.get((state, alphabet))
        if known is None:
            steps = [step for step in self._next(state) if self._sizes[alphabet][step[0]]]
            steps.sort(key=lambda step: rank(self._alphabets[alphabet][step[0]][0][0]))
            known = self._orders[state, alphabet] = steps
        return known

    def accepts(self, text: str) -> bool:
        """Whether the text is one of the language, of any length."""
        state = self._start
        for character in text:
            member = self._class_of(character)
            if member is None:
                return False
            state = self._derived(state, member)
        return self._nullable[state]


@lru_cache(maxsize=512)
def language(expression: Expression) -> Language:
    """The language of an expression, built once.

    Raises:
        PatternError: Its automaton would be too large.
    """
    if len(set(sets_of(expression))) > _MOST_SETS:
        raise PatternError("its patterns need an automaton too large to build")
    return Language(expression)
