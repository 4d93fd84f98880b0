"""Examples drawn from a strategy for a seed: the same ones in every process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

REPEATABLE_BACKEND: Final = "etalon-repeatable"
"""Name of a Hypothesis backend whose draws depend on nothing but the seed; for `settings(backend=…)`."""


class RepeatableProvider(HypothesisProvider):
    """Hypothesis's own provider, without the constants that it picks up from the code at hand.

    Hypothesis mixes in literals of whichever local modules are imported (`_get_local_constants` in
    `hypothesis.internal.conjecture.providers`). The same seed would then send other requests from a checkout
    than from a wheel, and other requests again after an edit anywhere. What troubles a portal is in the
    strategies themselves.
    """

    def _maybe_draw_constant(self, *_args: object, **_keywords: object) -> None:
        return None


AVAILABLE_PROVIDERS[REPEATABLE_BACKEND] = f"{__name__}.{RepeatableProvider.__name__}"

NOT_A_TEST: Final = (
    HealthCheck.too_slow,  # long texts are slow to draw, and a run's pace is set by the portal anyway
    HealthCheck.data_too_large,  # a packed body is large on purpose
    HealthCheck.filter_too_much,  # rejected draws cost time, not requests
    HealthCheck.large_base_example,  # the simplest body already holds all required members
)
"""What Hypothesis warns about in tests, and what is no matter where examples are drawn to be sent."""


def draw(strategy: SearchStrategy[T], count: int, seed_: int) -> list[T]:
    """Draws examples that the seed alone decides.

    The first example is the strategy's simplest. Repetitions can occur, and a strategy that has fewer
    examples to give repeats them. Nothing is read from or written to a database of examples, and nothing
    depends on the process, its hash seed or the modules that it imported.

    Args:
        strategy: what to draw from.
        count: how many examples, at least 0.
        seed_: any integer.

    Returns:
        Exactly `count` examples.

    Raises:
        ValueError: `count` is negative.
        hypothesis.errors.Unsatisfiable: the strategy rejects whatever it draws.
    """
    if count < 0:
        raise ValueError(f"cannot draw {count} examples")
    if count == 0:
        return []
    examples: list[T] = []

    @seed(seed_)
    @settings(
        backend=REPEATABLE_BACKEND,
        database=None,
        deadline=None,
        derandomize=False,
        max_examples=count,
        phases=(Phase.generate,),
        print_blob=False,
        suppress_health_check=NOT_A_TEST,
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def collect(example: T) -> None:
        examples.append(example)

    collect()
    return [examples[index % len(examples)] for index in range(count)]
