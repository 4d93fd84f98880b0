"""Ordered sets of texts: which one is a single number, plain ones first.

Each simple type becomes one of these. That a number stands for a text makes drawing cheap, lets the shrinker
find the plainest text that still shows a failure, and gives the next text where one has to be unlike all
others (an ID, a key).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from functools import cache
from math import prod
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from hypothesis_xmlschema.characters import CharacterSet, intersection
from hypothesis_xmlschema.errors import NothingFoundError, PatternError
from hypothesis_xmlschema.expressions import Characters, Either, Expression, Repeated, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Row
    from fractions import Fraction

    from hypothesis.strategies import SearchStrategy

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.regular import Language

_PROBES = 160
_FEW = 6
_FORM = 4
_MORE = 3


class Values(ABC):
    """Texts in order; `size` may be astronomically large, never infinite."""

    size: int

    @abstractmethod
    def nth(self, index: int) -> str:
        """The text at a place of the order, 0 ≤ index < size."""

    def draw(self, choices: Choices) -> str:
        """One of the texts."""
        return self.nth(choices.integer(self.size - 1))


class Listed(Values):
    """These texts and no other."""

    def __init__(self, texts: Row[str]) -> None:
        self.texts = tuple(texts)
        self.size = len(self.texts)

    def nth(self, index: int) -> str:
        """One of the list."""
        return self.texts[index]


class Regular(Values):
    """The words of a language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.size = language.size

    def nth(self, index: int) -> str:
        """A word."""
        return self.language.nth(index)


class Derivations(Values):
    """The words of an expression by the ways to derive them, where an automaton would be too large.

    A word that can be derived in two ways comes twice.

    Args:
        expression: Of characters, sequences, alternatives and repetitions.
    """

    def __init__(self, expression: Expression) -> None:
        self._expression = expression
        self.size = self._count(expression)

    def _count(self, expression: Expression) -> int:
        match expression:
            case Characters(characters):
                return len(_few(characters))
            case Sequence(parts):
                return prod(self._count(part) for part in parts)
            case Either(parts):
                return sum(self._count(part) for part in parts)
            case Repeated(part, least, most):
                return sum(self._count(part) ** times for times in _times(least, most))
            case _:
                raise PatternError("its patterns need an automaton too large to build")

    def nth(self, index: int) -> str:
        """The word of a derivation."""
        return self._word(self._expression, index)

    def _word(self, expression: Expression, index: int) -> str:
        match expression:
            case Characters(characters):
                return _few(characters)[index]
            case Sequence(parts):
                return self._row(list(parts), index)
            case Either(parts):
                for part in parts:
                    count = self._count(part)
                    if index < count:
                        return self._word(part, index)
                    index -= count
            case Repeated(part, least, most):
                for times in _times(least, most):
                    count = self._count(part) ** times
                    if index < count:
                        return self._row([part] * times, index)
                    index -= count
        raise IndexError(index)

    def _row(self, parts: list[Expression], index: int) -> str:
        words = []
        for part in reversed(parts):
            index, place = divmod(index, self._count(part))
            words.append(self._word(part, place))
        return "".join(reversed(words))


def _times(least: int, most: int | None) -> range:
    top = least + _MORE if most is None else min(most, least + _MORE)
    return range(least, top + 1)


@cache
def _few(characters: CharacterSet) -> str:
    """Some characters of a set, plain ones where it has any."""
    plain = intersection(characters.sure, ((0x41, 0x5A), (0x61, 0x7A))) or intersection(
        characters.sure, ((0x30, 0x39),)
    )
    ranges = plain or intersection(characters.sure, ((0x21, 0x7E),)) or characters.sure[:1]
    return "".join(chr(code) for low, high in ranges for code in range(low, min(high, low + 25) + 1))


class Grid(Values):
    """The numbers from `low` to `high`, both included, counted from zero or what is nearest to it.

    Args:
        low: The least.
        high: The greatest.
        text: How a number is written.
        origin: The number that comes first, if it is within bounds.
    """

    def __init__(self, low: int, high: int, text: Callable[[int], str], origin: int = 0) -> None:
        self.size = max(0, high - low + 1)
        self._origin = min(max(low, origin), high)
        self._above, self._below = high - self._origin, self._origin - low
        self._text = text

    def number(self, index: int) -> int:
        """The number at a place: the origin, one more, one less, …, then what is left on the longer side."""
        near = min(self._above, self._below)
        if index <= 2 * near:
            away = (index + 1) // 2
            return self._origin + (away if index % 2 else -away)
        return self._origin + (index - near if self._above > near else near - index)

    def nth(self, index: int) -> str:
        """The number's text."""
        return self._text(self.number(index))


class Spelled(Values):
    """Values, each fourth time in another spelling of the same value: `01` for `1`.

    Args:
        plain: Values in their canonical spelling.
        spell: Makes another spelling of a canonical one; which, a number says.
    """

    def __init__(self, plain: Values, spell: Callable[[str, int], str]) -> None:
        self._plain, self._spell = plain, spell
        self.size = plain.size + plain.size // (_FORM - 1)

    def nth(self, index: int) -> str:
        """A text in canonical spelling, or of one that came before another one."""
        groups, place = divmod(index, _FORM)
        if place < _FORM - 1:
            return self._plain.nth(min(groups * (_FORM - 1) + place, self._plain.size - 1))
        return self._spell(self._plain.nth(min(groups, self._plain.size - 1)), groups)


class Words(Values):
    """Free text. Hypothesis draws it itself, with all its ways to draw and shrink text."""

    def __init__(self, least: int, most: int, *, spaced: bool) -> None:
        self.least, self.most = least, most
        alphabet = st.characters(
            exclude_categories=("Cs", "Cc") if spaced else ("Cs", "Cc", "Z"),
            include_characters="\t\n\r" if spaced else (),
            exclude_characters="\ufffe\uffff",
        )
        self._strategy = st.text(alphabet, min_size=least, max_size=most)
        self.size = 10 ** min(most, 9) if most else 1

    def nth(self, index: int) -> str:
        """A number as text, as long as it has to be."""
        text = str(index) if index or self.least else ""
        return text.rjust(self.least, "0")[: self.most]

    def draw(self, choices: Choices) -> str:
        """Any text of these lengths, the digits of a number where there is no Hypothesis."""
        try:
            return choices.value(self._strategy)
        except NothingFoundError:
            return self.nth(choices.integer(min(self.size - 1, 10_000)))


class Lists(Values):
    """Items with a space between them."""

    def __init__(self, item: Values, least: int, most: int) -> None:
        self.item, self.least, self.most = item, least, most
        self.size = max(1, item.size) if most else 1

    def nth(self, index: int) -> str:
        """As few items as there may be, the last of which differs."""
        count = max(self.least, min(1, self.most)) if index else self.least
        if not count:
            return ""
        return " ".join([*[self.item.nth(0)] * (count - 1), self.item.nth(index % self.item.size)])

    def draw(self, choices: Choices) -> str:
        """So many items."""
        count = self.least + choices.integer(self.most - self.least)
        return " ".join(self.item.draw(choices) for _ in range(count))


class Union(Values):
    """The texts of all members, in turn."""

    def __init__(self, members: Row[Values]) -> None:
        self.members = tuple(members)
        self.size = len(self.members) * max(member.size for member in self.members)

    def nth(self, index: int) -> str:
        """A text of one member."""
        member = self.members[index % len(self.members)]
        return member.nth(index // len(self.members) % member.size)

    def draw(self, choices: Choices) -> str:
        """A text of one member."""
        return self.members[choices.integer(len(self.members) - 1)].draw(choices)


class Filtered(Values):
    """Those of some texts that satisfy a condition which no construction ensures.

    A text that does not is replaced by one nearby, a bounded number of times.

    Args:
        values: The texts.
        accepts: The condition.
        known: Texts that satisfy it, for where none nearby does.
    """

    def __init__(self, values: Values, accepts: Callable[[str], bool], known: Row[str] = ()) -> None:
        self._values, self._accepts = values, accepts
        self._known = tuple(known)
        self.size = values.size

    def nth(self, index: int) -> str:
        """The text at a place, or one found from there.

        Raises:
            NothingFoundError: None was found.
        """
        found = probes(index, self.size)
        for probe in found[:_FEW] if self._known else found:
            text = self._values.nth(probe)
            if self._accepts(text):
                return text
        if self._known:
            return self._known[index % len(self._known)]
        raise NothingFoundError

    def draw(self, choices: Choices) -> str:
        """A text that satisfies the condition."""
        text = self._values.draw(choices)
        return text if self._accepts(text) else self.nth(choices.integer(self.size - 1))


class Overridden(Values):
    """Texts that a caller's strategy draws, checked as they come.

    Args:
        strategy: The caller's.
        check: Raises where the text cannot stand.
    """

    def __init__(self, strategy: SearchStrategy[str], check: Callable[[str], str]) -> None:
        self._strategy, self._check = strategy, check
        self.size = 1

    def nth(self, index: int) -> str:
        """Not known before it is drawn."""
        raise NothingFoundError(index)

    def draw(self, choices: Choices) -> str:
        """What the strategy draws."""
        return self._check(choices.value(self._strategy))


class Preferred(Values):
    """Texts of a caller's strategy where they satisfy the type, its own where they do not.

    Args:
        strategy: The caller's.
        values: The type's own texts.
        accepts: Whether a text can stand.
    """

    def __init__(self, strategy: SearchStrategy[str], values: Values, accepts: Callable[[str], bool]) -> None:
        self._strategy, self._values, self._accepts = strategy, values, accepts
        self.size = values.size

    def nth(self, index: int) -> str:
        """One of the type's own."""
        return self._values.nth(index)

    def draw(self, choices: Choices) -> str:
        """What the strategy draws, if it fits."""
        with suppress(NothingFoundError):
            text = choices.value(self._strategy)
            if self._accepts(text):
                return text
        return self._values.draw(choices)


def probes(index: int, size: int) -> list[int]:
    """Places to look at in turn: this one, its neighbours, ever plainer ones and theirs, then all over."""
    found = [(index + k) % size for k in range(min(size, _PROBES // 4))]
    if size > _PROBES // 4:
        shift = max(1, index.bit_length() // 16)
        while index:
            index >>= shift
            found += [(index + k) % size for k in range(_PROBES // 8)]
        bits = size.bit_length()
        found += [
            (size * part >> 4 + shift)
            for shift in range(0, bits, max(1, bits // 24))
            for part in (3, 7, 11, 15)
        ]
    return found


def decimal_text(number: int, digits: int) -> str:
    """A whole number of units of the last digit as a decimal: 150, 2 digits → 1.5."""
    sign = "-" if number < 0 else ""
    whole, part = divmod(abs(number), 10**digits)
    fraction = str(part).rjust(digits, "0").rstrip("0") if digits else ""
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def inner(low: Fraction | None, high: Fraction | None, digits: int) -> tuple[int | None, int | None]:
    """The least and the greatest number of units of the last digit that lie within bounds."""
    unit = 10**digits
    least = None if low is None else -((-low * unit) // 1)
    most = None if high is None else (high * unit) // 1
    return least, most
