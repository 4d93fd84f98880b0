from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.together import none_lost
from etalon.judging.verdicts import NotApplicable
from etalon.messages import Message
from etalon.vendors.planfix.binding import task, teams

if TYPE_CHECKING:
    from etalon.judging.checking import Check
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver
    from suites.planfix.conftest import Documents

WHAT = {"MEMBERS": [member for member in task().names if member not in teams()], "WORKERS": list(teams())}


@pytest.mark.requirement("PF-CONCURRENT-{what}")
@pytest.mark.parametrize("what", WHAT)
def test_no_update_is_lost_to_another_at_the_same_time(
    check: Check, driver: PlanFixDriver, documents: Documents, what: str
) -> None:
    driver.require_reads()
    for team in teams() if what == "WORKERS" else ():
        driver.require_shown(team)
    members = WHAT[what]
    rule = partial(none_lost, task(), members=members)
    outcomes = [rule(rush) for rush in documents.rushes]
    if not any(outcomes) and any(rush.known & set(members) for rush in documents.rushes):
        raise NotApplicable(Message("wrong-in-single-updates"))
    check.each(documents.rushes, rule, otherwise=Message("no-two-updates-accepted"))
