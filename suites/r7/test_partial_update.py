from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.judging.checking import summed_up
from etalon.judging.r7.rules import REJECT, left_alone, not_expected
from etalon.judging.verdicts import Deviates, Finding, Inconclusive, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.r7.evidence import Change
    from etalon.labs.r7 import Lab

MEMBERS = ("title", "description", "deadline", "responsible", "category", "contact", "entity", "alertvalue")


@pytest.mark.requirement("R7-UPDATE-KEEPS-{member}")
@pytest.mark.parametrize("member", MEMBERS)
def test_what_is_not_sent_is_kept(check: Check, lab: Lab, all_updates: Sequence[Change], member: str) -> None:
    lab.require_reads()
    lab.require_shown(lab.member(member))
    for made in sorted(all_updates, key=lambda made: made.size):
        behaviour = _behaviour(lab, member, made)
        if behaviour is None:
            continue
        if isinstance(behaviour, Finding):
            raise Deviates(behaviour)
        if (
            behaviour == REJECT
            and check.expected != REJECT
            and "partial-update" not in lab.client.target.expect
        ):
            raise NotApplicable(
                f"the portal refuses an update without {member}; the page, which marks alertValue alone "
                'as optional, lets it. Pin expect.partial-update = "merge" to have it judged'
            )
        check.observe(behaviour, *made.exchanges, finding=not_expected(lab.member(member), behaviour, made))
    if not check.checked:
        raise Inconclusive(f"no update without {member} could be judged")


@pytest.mark.requirement("R7-PARTIAL-UPDATE")
def test_what_an_update_does_with_all_that_it_does_not_send(
    check: Check, lab: Lab, omissions: Mapping[str, Change]
) -> None:
    lab.require_reads()
    behaviours = {}
    for name, made in omissions.items():
        behaviour = _behaviour(lab, name, made)
        if isinstance(behaviour, str):
            behaviours[name] = behaviour
    shown_by = [exchange for name in behaviours for exchange in omissions[name].exchanges]
    check.observe(summed_up(behaviours), *shown_by)


def _behaviour(lab: Lab, name: str, made: Change) -> str | Finding | None:
    member = lab.member(name)
    return left_alone(member, [other for other in lab.members if other is not member], made)
