"""Which situations a plan puts together."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from etalon.generation.calendar import Calendar
from etalon.generation.classes import ALONE, CARRIAGE_RETURNS, FRACTIONS, moments, spelled
from etalon.generation.plan import pairs_of, planned
from etalon.resources.instants import TICKS_PER_SECOND, ticks

FACTORS = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("123456789"), unique=True, max_size=6), max_size=5
)


@given(FACTORS, st.integers(0, 40), st.integers(0, 9))
def test_rows_choose_a_level_of_every_factor_and_cover_what_they_can(
    factors: dict[str, list[str]], rows: int, seed: int
) -> None:
    plan = planned(factors, rows, seed)
    kept = {name: levels for name, levels in factors.items() if levels}
    assert len(plan.rows) <= rows
    assert all(
        row.keys() == kept.keys() and all(row[name] in kept[name] for name in kept) for row in plan.rows
    )
    if kept and rows >= max(map(len, kept.values())):
        assert plan.left_out() == []
    assert plan.covered() <= {
        pair
        for one, other in combinations(sorted(kept), 2)
        for pair in ((((one, a), (other, b))) for a in kept[one] for b in kept[other])
    }
    assert plan == planned(factors, rows, seed)


def test_enough_rows_cover_all_pairs_and_few_do_not() -> None:
    factors = {name: [f"{name}{level}" for level in range(5)] for name in "abcd"}
    every, few = planned(factors, 1000, 1), planned(factors, 5, 1)
    assert len(every.covered()) == every.pairs == 150
    assert len(few.covered()) == 5 * len(pairs_of(few.rows[0]))
    assert few.left_out(few.rows[:4])
    assert not few.left_out()


def test_another_seed_gives_another_plan() -> None:
    factors = {name: [f"{name}{level}" for level in range(5)] for name in "abcd"}
    assert planned(factors, 5, 1).rows != planned(factors, 5, 2).rows


def test_classes_of_values_are_what_they_say() -> None:
    texts = [atom.text for atom in (*ALONE, *CARRIAGE_RETURNS)]
    assert len(set(texts)) == len(texts)
    assert all("\r" in atom.text for atom in CARRIAGE_RETURNS)
    assert not any("\r" in atom.text for atom in ALONE)
    calendar = Calendar(2031)
    for name, moment in moments(calendar).items():
        for fraction in (0, *FRACTIONS.values()):
            for offset in (0, 330, -570):
                instant = ticks(spelled(moment, fraction, offset))
                assert instant is not None, name
                assert instant % TICKS_PER_SECOND == fraction
                assert instant // TICKS_PER_SECOND // 60 == moment.timestamp() // 60
