from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import Deviates, Finding, Inconclusive
from etalon.messages import Message
from etalon.vendors.planfix.generation.updates import SURELY_TAKEN
from etalon.vendors.planfix.judging.rules import ALTERED, created_with, rendition, same_text
from etalon.vendors.planfix.judging.values import is_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver, Tasks

LONG = "long-{}"


@pytest.mark.requirement("PF-TEXT-TITLE")
def test_a_title_comes_back_character_for_character(
    check: Check, driver: PlanFixDriver, changes: Mapping[str, Change], steps: Sequence[Change]
) -> None:
    driver.require_shown("title")
    rule = partial(same_text, "title")
    check.each(_nasty("title", changes, steps), rule, shrink=driver.smaller_text("title", rule))


@pytest.mark.requirement("PF-TEXT-DESCRIPTION")
def test_a_description_comes_back_character_for_character(
    check: Check,
    driver: PlanFixDriver,
    tasks: Tasks,
    changes: Mapping[str, Change],
    *,
    steps: Sequence[Change],
) -> None:
    driver.require_shown("description")
    rule = partial(same_text, "description")
    shrink = driver.smaller_text("description", rule)
    for step in _nasty("description", changes, steps):
        outcome = rule(step)
        if outcome is None or step.after is None:
            continue
        if isinstance(outcome, Finding) and check.expected != ALTERED:
            raise Deviates(shrink(step, outcome))
        check.observe(
            rendition(step.patch.sets["description"], step.after.members["description"]), *step.exchanges
        )
    for made in driver.made(tasks):
        if is_plain(made.sent["description"]):
            continue  # a task that an update may have changed before it was read
        how, finding = created_with("description", made)
        if finding is not None and check.expected != ALTERED:
            raise Deviates(finding)
        check.observe(how, made.origin, made.first.exchange)
    if not check.checked:
        raise Inconclusive(Message("no-description-read"))


@pytest.mark.requirement("PF-TEXT-LONG-{member}")
@pytest.mark.parametrize("member", ["title", "description"])
def test_a_long_text_is_not_cut(
    check: Check, driver: PlanFixDriver, changes: Mapping[str, Change], member: str
) -> None:
    driver.require_shown(member)
    rule = partial(same_text, member, may_refuse=True)
    check.each([changes[LONG.format(member)]], rule, shrink=driver.smaller_text(member, rule))


def _nasty(member: str, changes: Mapping[str, Change], steps: Sequence[Change]) -> list[Change]:
    """Updates with a text that portals may trip over; refused ones only where it cannot be too long."""
    sent = [step for step in steps if member in step.patch.sets and step is not changes[LONG.format(member)]]
    texts = [(step, step.patch.sets[member]) for step in sent]
    return [
        step
        for step, text in texts
        if not is_plain(text) and (step.accepted or len(str(text)) <= SURELY_TAKEN)
    ]
