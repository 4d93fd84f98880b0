"""What a run spends: the seed and the requests of a profile, and going on until they are spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.generation.spending import rounds
from etalon.portals.config import Target
from etalon.portals.transport import Transport
from etalon.profiles import DEFAULT_SEED, PROFILES, seed_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Outcome

DEEP = PROFILES["deep"]


def transport(requests: int) -> Transport:
    return Transport(Target("t", "r7", "http://127.0.0.1", max_requests=requests))


@given(st.integers(1, 500), st.integers(1, 30), st.integers(0, 60), st.data())
def test_rounds_spend_what_they_may_and_no_more(
    requests: int, dearest: int, held_back: int, data: st.DataObject
) -> None:
    sender = transport(requests)
    for _, most in rounds(sender, dearest=dearest, held_back=held_back):
        for _ in range(most):
            sender.spent += data.draw(st.integers(1, dearest))
    assert sender.spent <= max(0, requests - held_back)
    assert requests - held_back - sender.spent < dearest


def test_rounds_that_send_nothing_end() -> None:
    assert [number for number, _ in rounds(transport(100), dearest=10, held_back=0)] == [1]


def test_requests_held_back_for_cleaning_up_are_not_spent() -> None:
    sender = transport(100)
    sender.reserve(95)
    assert list(rounds(sender, dearest=10, held_back=0)) == []


@pytest.mark.parametrize("name", ["quick", "standard"])
def test_a_seed_is_fixed_unless_the_profile_explores_at_length(name: str) -> None:
    assert seed_for(PROFILES[name], None) == DEFAULT_SEED
    assert seed_for(PROFILES[name], 7) == seed_for(DEEP, 7) == 7
    assert len({seed_for(DEEP, None) for _ in range(5)}) > 1


def test_deep_cuts_itself_down_to_what_a_target_allows() -> None:
    assert DEEP.within(5000) == DEEP
    assert DEEP.within(1000).explored < DEEP.explored
    assert DEEP.within(1).explored == PROFILES["standard"].explored
    assert PROFILES["standard"].within(1) == PROFILES["standard"]


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_deep_spends_what_it_may(judged: Callable[..., Outcome], kind: str) -> None:
    outcome = judged(kind, arguments=["--profile", "deep", "--max-requests", "700"])
    assert outcome.code == 0, outcome.err
    # The last round is begun only where all of it and the cleaning up are sure to fit.
    assert 525 <= outcome.results["targets"][0]["requests"] <= 700
    assert str(outcome.results["seed"]) in outcome.out
