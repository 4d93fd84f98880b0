from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.r7.rules import stores
from etalon.judging.verdicts import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.r7.evidence import Change
    from suites.r7.conftest import Lab


@pytest.mark.requirement("R7-TEXT-TITLE")
def test_a_title_comes_back_character_for_character(
    check: Check, lab: Lab, nasty_titles: Sequence[Change]
) -> None:
    rule = partial(_accepted_and_stored, lab, "title")
    check.each(nasty_titles, rule, shrink=lab.smaller_text("title", rule))


@pytest.mark.requirement("R7-TEXT-DESCRIPTION")
def test_a_description_comes_back_character_for_character(check: Check, lab: Lab, nasty: Change) -> None:
    lab.require_shown(lab.member("description"))
    rule = partial(_accepted_and_stored, lab, "description")
    check.each([nasty], rule, shrink=lab.smaller_text("description", rule))


@pytest.mark.requirement("R7-TEXT-LONG-{member}")
@pytest.mark.parametrize("member", ["title", "description"])
def test_a_long_text_is_never_cut(
    check: Check, lab: Lab, long_texts: Sequence[Change], member: str
) -> None:
    lab.require_shown(lab.member(member))

    def rule(made: Change) -> Finding | bool | None:
        if not made.accepted:
            return True  # a portal may have a limit, as long as it says so
        return stores(lab.member(member), made)

    check.each(long_texts, rule, shrink=lab.smaller(rule))


def _accepted_and_stored(lab: Lab, name: str, made: Change) -> Finding | bool | None:
    if not made.accepted:
        return Finding(
            summary=f"An update with a legal {name} is refused.",
            expected="the updated task",
            observed=f"HTTP {made.answer.response.status}",
            exchanges=made.exchanges,
            member=name,
        )
    return stores(lab.member(name), made)
