from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import NotApplicable
from etalon.messages import Message
from etalon.vendors.planfix.binding import plain
from etalon.vendors.planfix.judging.rules import stores, unchanged
from etalon.vendors.planfix.judging.values import is_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver


@pytest.mark.requirement("PF-UPDATE-STORES-{member}")
@pytest.mark.parametrize("member", plain())
def test_what_was_updated_is_read_back(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change], member: str
) -> None:
    driver.require_shown(member)
    rule = partial(stores, member)
    sent = [step for step in steps if member in step.patch.sets]
    plain = [step for step in sent if is_plain(step.patch.sets[member]) and not _is_zero(step, member)]
    if plain and all(rule(step) is None for step in plain):
        raise NotApplicable(Message("no-other-value-allowed", member=member))
    check.each(plain, rule, shrink=driver.smaller(rule))


@pytest.mark.requirement("PF-{member}-ZERO")
@pytest.mark.parametrize("member", ["parent", "client"])
def test_zero_detaches(check: Check, driver: PlanFixDriver, steps: Sequence[Change], member: str) -> None:
    driver.require_shown(member)
    rule = partial(stores, member)
    zeros = [step for step in steps if _is_zero(step, member)]
    check.each(zeros, rule, shrink=driver.smaller(rule))


@pytest.mark.requirement("PF-UPDATE-OF-NOTHING")
def test_an_update_of_nothing_changes_nothing(check: Check, nothing: Change) -> None:
    check.each([nothing], unchanged)


def _is_zero(step: Change, member: str) -> bool:
    return member in {"parent", "client"} and member in step.patch.sets and step.patch.sets[member] is None
