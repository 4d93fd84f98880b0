from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.generation.text import SHORT
from etalon.judging.rules import stores
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.scenarios.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.r7.scenarios.driver import R7Driver
    from etalon.vendors.r7.scenarios.planned import Row


@scenario()
def texts(
    created: Change, nasty_texts: Sequence[Change], planned: Sequence[Row], all_updates: Sequence[Change]
) -> Sequence[Change]:
    """What was sent with texts that trouble portals.

    Why a creation or an update of random members is refused is not to be told; whether its texts are kept is.
    """
    told = [row.whole for row in planned if not row.whole.accepted and "title" in row.refused_for]
    others = (created, *all_updates)
    return [*nasty_texts, *told, *(made for made in others if made.accepted)]


@pytest.mark.requirement("R7-TEXT-{member}")
@pytest.mark.parametrize("member", ["title", "description"])
def test_a_text_comes_back_character_for_character(
    check: Check, driver: R7Driver, texts: Sequence[Change], member: str
) -> None:
    driver.require_reads()
    driver.require_shown(driver.member(member))
    rule = partial(_accepted_and_stored, driver, member)
    check.each(texts, rule, size=lambda made: made.size, shrink=driver.smaller_text(member, rule))


@pytest.mark.requirement("R7-TEXT-LONG-{member}")
@pytest.mark.parametrize("member", ["title", "description"])
def test_a_long_text_is_never_cut(
    check: Check, driver: R7Driver, long_texts: Sequence[Change], member: str
) -> None:
    driver.require_reads()
    driver.require_shown(driver.member(member))

    def rule(made: Change) -> Finding | bool | None:
        if not made.accepted:
            return True  # a portal may have a limit, as long as it says so
        return stores(driver.member(member), made)

    check.each(long_texts, rule, size=lambda made: made.size, shrink=driver.smaller(rule))


def _accepted_and_stored(driver: R7Driver, name: str, made: Change) -> Finding | bool | None:
    text = made.body.get(name)
    if not isinstance(text, str):
        return None  # the update is about other members
    if made.accepted:
        return stores(driver.member(name), made)
    if any(len(other) > SHORT for other in made.body.values() if isinstance(other, str)):
        return None  # a portal may limit lengths; the same texts are sent in short ones
    return Finding(
        summary=Message("legal-update-refused", member=name),
        expected=Message("updated-task"),
        observed=Message("http-status", status=made.exchange.response.status),
        exchanges=made.exchanges,
        member=name,
    )
