from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import Deviates, NotApplicable
from etalon.messages import Message
from etalon.vendors.planfix.judging.rules import OTHER, keeps, owner_behaviour, owner_lost

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.resources.values import Value
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver

MEMBERS = (
    "title",
    "description",
    "importance",
    "status",
    "checkResult",
    "parent",
    "project",
    "client",
    "startTime",
    "endTime",
    "users",
    "groups",
    "periodicity",
)


@pytest.mark.requirement("PF-UPDATE-KEEPS-{member}")
@pytest.mark.parametrize("member", MEMBERS)
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
    driver.require_shown("owner")
    for step in steps:
        behaviour = owner_behaviour(step, caller)
        if behaviour == OTHER and check.expected is None:
            raise Deviates(owner_lost(step))
        if behaviour is not None:
            check.observe(behaviour, *step.exchanges)
    if not check.checked:
        raise NotApplicable(Message("nobody-else-made-owner"))
