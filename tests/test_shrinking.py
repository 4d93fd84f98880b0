from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.generation.shrinking import Attempts, smallest, smallest_text

if TYPE_CHECKING:
    from collections.abc import Sequence

ENOUGH = 10_000
ITEMS = st.lists(st.integers(0, 9), min_size=1, max_size=40)


@given(items=ITEMS, data=st.data())
def test_what_is_needed_remains_and_nothing_else(items: list[int], data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1))
    numbered = list(enumerate(items))
    needed = {numbered[place] for place in places}
    found = smallest(numbered, lambda part: needed <= set(part), Attempts(ENOUGH))
    assert list(found) == sorted(needed)


@given(items=ITEMS, attempts=st.integers(0, 60), seed=st.randoms(use_true_random=False))
def test_the_result_fails_is_a_part_and_costs_no_more(items: list[int], attempts: int, seed: object) -> None:
    numbered = list(enumerate(items))
    verdicts: dict[tuple[tuple[int, int], ...], bool] = {tuple(numbered): True}

    def fails(part: Sequence[tuple[int, int]]) -> bool:
        assert part, "the empty part was tried"
        assert tuple(part) not in verdicts, "a part was tried twice"
        verdicts[tuple(part)] = seed.random() < 0.5  # type: ignore[attr-defined]  # a random.Random
        return verdicts[tuple(part)]

    found = smallest(numbered, fails, Attempts(attempts))
    assert verdicts[tuple(found)] is True
    assert list(found) == [item for item in numbered if item in found]
    assert len(verdicts) - 1 <= attempts


@pytest.mark.parametrize("length", [10, 100, 1000])
def test_one_guilty_item_is_found_in_few_attempts(length: int) -> None:
    tried: list[int] = []

    def fails(part: Sequence[int]) -> bool:
        tried.append(len(part))
        return length - 1 in part

    assert smallest(range(length), fails, Attempts(ENOUGH)) == [length - 1]
    assert len(tried) <= 3 * length.bit_length()


def test_one_item_needs_no_attempt() -> None:
    assert smallest([7], lambda _: pytest.fail("tried"), Attempts(ENOUGH)) == [7]


@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_a_text_shrinks_to_the_character_that_breaks_it(before: str, after: str) -> None:
    text = f"{before}\U0001f600{after}"
    assert smallest_text(text, lambda part: "\U0001f600" in part, Attempts(ENOUGH)) == "\U0001f600"


def test_attempts_run_out() -> None:
    attempts = Attempts(2)
    assert [attempts.spend() for _ in range(4)] == [True, True, False, False]
    assert attempts.left == 0
