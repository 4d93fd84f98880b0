from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import Deviates, NotApplicable
from etalon.messages import Message
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging.rules import OTHER, keeps, owner_behaviour, owner_lost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.resources.values import Value
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver

_OWN_RULE = "owner"  # whose row of the page says otherwise than the sentence on all members


@pytest.mark.requirement("PF-UPDATE-KEEPS-{member}")
@pytest.mark.parametrize("member", [name for name in task().names if name != _OWN_RULE])
def test_what_is_not_sent_is_kept(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change], member: str
) -> None:
    driver.require_shown(member, changing=False)
    rule = partial(keeps, member)
    check.each(
        steps,
        rule,
        shrink=driver.smaller(rule),
        otherwise=Message("never-had-a-value", member=member),
    )


@pytest.mark.requirement("PF-UPDATE-KEEPS-OWNER")
def test_the_owner_is_kept(
    check: Check, driver: PlanFixDriver, steps: Sequence[Change], caller: Value
) -> None:
    driver.require_shown(_OWN_RULE)
    for step in steps:
        behaviour = owner_behaviour(step, caller)
        if behaviour == OTHER and check.expected is None:
            raise Deviates(owner_lost(step))
        if behaviour is not None:
            check.observe(behaviour, *step.exchanges)
    if not check.checked:
        raise NotApplicable(Message("nobody-else-made-owner"))
