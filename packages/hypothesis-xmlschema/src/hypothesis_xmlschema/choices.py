"""The stream of choices that a document is made of.

A document is a function of small whole numbers: which branch, which optional member next, which value. Zero
is always the plain answer, so a stream of zeros is the smallest document, and a shrinker that lowers and
deletes numbers makes documents smaller. Numbers come from Hypothesis, or from any other source with the same
methods.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from hypothesis import strategies as st

from hypothesis_xmlschema.errors import NothingFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from hypothesis.strategies import DrawFn, SearchStrategy

ELEMENT, OPTIONAL = 0x45544C31, 0x45544C32
"""Labels of parts of the stream, any two numbers: an element, and an optional member of it."""

_T = TypeVar("_T")


class Choices(Protocol):
    """Where choices come from."""

    def integer(self, most: int) -> int:
        """A number of 0 ≤ n ≤ most."""

    def zero(self, most: int) -> None:
        """A zero in the place of such a number: what is not free here, and would be with less before it."""

    def value(self, strategy: SearchStrategy[_T]) -> _T:
        """A value of a strategy."""

    def begin(self, label: int) -> None:
        """A part begins whose choices belong together: a shrinker may drop them in one go."""

    def end(self) -> None:
        """The part that was begun last ends."""


@lru_cache(maxsize=4096)
def _numbers(most: int) -> SearchStrategy[int]:
    return st.integers(0, most)


class _Public:
    """Choices by Hypothesis' public interface; parts of the stream have no limits of their own."""

    __slots__ = ("_draw",)

    def __init__(self, draw: DrawFn) -> None:
        self._draw = draw

    def integer(self, most: int) -> int:
        """A number; none is drawn where there is no choice."""
        return self._draw(_numbers(most)) if most else 0

    def zero(self, most: int) -> None:
        """Nothing: what is public cannot force a number."""

    def value(self, strategy: SearchStrategy[_T]) -> _T:
        """A value of a strategy."""
        return self._draw(strategy)

    def begin(self, label: int) -> None:
        """Nothing: a strategy for each part would cost more than it is worth."""

    def end(self) -> None:
        """Nothing."""


def public_strategy_of(build: Callable[[Choices], _T]) -> SearchStrategy[_T]:
    """The strategy of what `build` makes of choices, by nothing but Hypothesis' public interface."""

    # Without arguments of its own: Hypothesis prints them.
    @st.composite
    def documents(draw: DrawFn) -> _T:
        return build(_Public(draw))

    return documents()


class Simplest:
    """Zeros: the smallest document."""

    def integer(self, most: int) -> int:  # noqa: ARG002 - the protocol's
        """Zero."""
        return 0

    def zero(self, most: int) -> None:
        """Nothing shrinks here."""

    def value(self, strategy: SearchStrategy[_T]) -> _T:
        """Nothing: what a caller's strategy draws is not known before it draws."""
        raise NothingFoundError(repr(strategy))

    def begin(self, label: int) -> None:
        """Nothing shrinks here."""

    def end(self) -> None:
        """Nothing shrinks here."""


class Told(Simplest):
    """Zeros, with the texts of a caller.

    Args:
        texts: Strategies of one text each, with it.
    """

    def __init__(self, texts: Sequence[tuple[SearchStrategy[str], str]]) -> None:
        self._texts = texts

    def value(self, strategy: SearchStrategy[_T]) -> _T:
        """The text of a strategy."""
        for known, text in self._texts:
            if known is strategy:
                return text  # type: ignore[return-value]
        raise NothingFoundError(repr(strategy))


class Picking(Simplest):
    """One number, whatever is asked for.

    Args:
        number: The number; where less is asked for, that.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._asked: list[int] = []

    @property
    def most(self) -> int:
        """The most that the number could have been; zero where none was asked for."""
        return self._asked[0] if self._asked else 0

    def integer(self, most: int) -> int:
        """The number."""
        self._asked.append(most)
        return min(self._number, most)


class Seeded:
    """Choices of a pseudo-random generator, for trying a schema out without Hypothesis."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def integer(self, most: int) -> int:
        """A number; of wide ranges mostly a small one."""
        bits = most.bit_length()
        if bits > 8 and self._random.random() < 7 / 8:  # noqa: PLR2004 - as Hypothesis does
            most = min(most, (1 << self._random.choice((8, 16, 16, 32))) - 1)
        return self._random.randint(0, most)

    def zero(self, most: int) -> None:
        """Nothing shrinks here."""

    def value(self, strategy: SearchStrategy[_T]) -> _T:
        """Nothing, as strategies draw from Hypothesis alone."""
        raise NothingFoundError(repr(strategy))

    def begin(self, label: int) -> None:
        """Nothing shrinks here."""

    def end(self) -> None:
        """Nothing shrinks here."""
