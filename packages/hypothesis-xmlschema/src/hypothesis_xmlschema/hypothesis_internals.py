"""All that this package uses of Hypothesis that is not public, and what happens without it.

**What.** Strategies here draw from the `ConjectureData` that Hypothesis hands to its own strategies:

| name | is used to |
|---|---|
| `hypothesis.internal.conjecture.data.ConjectureData` | see whether it has what follows |
| `SearchStrategy.__init__`, `.do_draw(data)` | be a strategy that is given the data |
| `data.draw_integer(least, most, forced=…)` | draw a number, or write down one that is not free |
| `data.draw(strategy)` | draw from a strategy of the caller |
| `data.start_span(label)`, `data.stop_span()`, `data.depth` | mark which numbers belong together |
| `strategy.is_empty` | see that a strategy of the caller is `nothing()` |

**Why.** A document is some hundred small numbers. The public way to them, `composite` and its `draw`, takes
twice the time, and it has no spans: the shrinker deletes single numbers instead of whole members, and needs
many more calls. Nor can numbers be forced, so that what led to a member stays when the member goes.

**What breaks.** Where the class or a method of it is missing, `strategy_of` takes the public way: documents
stay valid, are drawn more slowly, and shrink less far. Where `is_empty` is missing, `nothing()` alone
counts as empty, and no strategy that is made of it. Where `do_draw` or `depth` is missing, or a method has
come to mean something else, draws fail.

**How one notices.** `tests/test_internals.py` fails where the installed Hypothesis lacks any of it, so that
the public way is never taken unseen; those tests of `tests/test_models.py` that count calls fail where
shrinking has become worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from hypothesis_xmlschema.choices import public_strategy_of

try:
    from hypothesis.internal.conjecture.data import ConjectureData
except ImportError:  # it has moved
    IS_AVAILABLE = False
else:
    IS_AVAILABLE = all(
        hasattr(ConjectureData, name) for name in ("draw", "draw_integer", "start_span", "stop_span")
    )

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis_xmlschema.choices import Choices

_T = TypeVar("_T")
_DEEPEST = 80  # Hypothesis gives a document up whose parts lie 100 deep


def strategy_of(build: Callable[[Choices], _T]) -> SearchStrategy[_T]:
    """The strategy of what `build` makes of choices."""
    return _DirectStrategy(build) if IS_AVAILABLE else public_strategy_of(build)


def is_empty(strategy: SearchStrategy[object]) -> bool:
    """Whether a strategy is known to draw nothing."""
    return bool(getattr(strategy, "is_empty", strategy is st.nothing()))


class _Direct:
    """Choices by the interface that Hypothesis' own strategies use: twice as fast, and with parts."""

    __slots__ = ("_data", "_unmarked")

    def __init__(self, data: ConjectureData) -> None:
        self._data = data
        self._unmarked = 0

    def integer(self, most: int) -> int:
        """A number; none is drawn where there is no choice."""
        return self._data.draw_integer(0, most) if most else 0

    def zero(self, most: int) -> None:
        """A number that is zero."""
        if most:
            self._data.draw_integer(0, most, forced=0)

    def value(self, strategy: SearchStrategy[_T]) -> _T:
        """A value of a strategy."""
        return self._data.draw(strategy)

    def begin(self, label: int) -> None:
        """A part of the stream begins; one too deep for Hypothesis is none of its own."""
        if self._unmarked or self._data.depth >= _DEEPEST:
            self._unmarked += 1
        else:
            self._data.start_span(label)

    def end(self) -> None:
        """It ends."""
        if self._unmarked:
            self._unmarked -= 1
        else:
            self._data.stop_span()


class _DirectStrategy(SearchStrategy[_T]):
    def __init__(self, build: Callable[[Choices], _T]) -> None:
        super().__init__()
        self._build = build

    def do_draw(self, data: ConjectureData) -> _T:
        """What `build` makes of the stream."""
        return self._build(_Direct(data))

    def __repr__(self) -> str:
        # Hypothesis prints it; a whole schema would drown every failure.
        return "documents()"
