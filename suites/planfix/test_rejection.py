from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.afterwards import goes_on
from etalon.judging.evidence import Change, Probe, Refusals
from etalon.judging.rules import changes_nothing
from etalon.judging.verdicts import Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.vendors.planfix.answers import accepted, error_code
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging.rules import is_refused
from etalon.vendors.planfix.scenarios.refused import MISSHAPEN, OUT_OF_RANGE, ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver
    from etalon.vendors.planfix.scenarios.refused import Refused

_WRONG_SIGNATURE = "0006"


@pytest.mark.requirement("PF-REFUSES-{wrong}")
@pytest.mark.parametrize("wrong", sorted(set(ROWS)))
def test_a_wrong_update_is_refused(check: Check, driver: PlanFixDriver, refused: Refused, wrong: str) -> None:
    if wrong not in refused.probes:
        driver.require_thorough()
    check.each(refused.probes[wrong], is_refused)


@pytest.mark.requirement("PF-REFUSED-UPDATE-CHANGES-NOTHING")
def test_a_refused_update_changes_nothing(
    check: Check, driver: PlanFixDriver, refused: Refused, steps: Sequence[Change]
) -> None:
    driver.require_reads()
    drawn = [
        Refusals(step.before, (Probe("DRAWN", Message("found-wrong"), step.exchange),), step.after)
        for step in steps
        if step.before and step.after and not step.accepted
    ]
    refusals = [*refused.wrong, *drawn]
    if not refusals:
        raise NotApplicable(Message("refuses-no-wrong-update-to-undo"))
    check.each(refusals, partial(changes_nothing, task()), shrink=driver.single_refusals)


@pytest.mark.usefixtures("refused")
@pytest.mark.requirement("PF-UPDATE-AFTER-REFUSAL")
def test_an_ordinary_update_is_carried_out_after_a_refusal(check: Check, driver: PlanFixDriver) -> None:
    driver.require_reads()
    if not driver.lived:
        raise NotApplicable(Message("refuses-no-wrong-update-to-undo"))
    check.each(driver.lived, partial(goes_on, task()))


@pytest.mark.requirement("PF-CODE-{wrong}")
@pytest.mark.parametrize("wrong", ["MISSING-ID", "UNKNOWN-ID", "TWO-KINDS", "END-BEFORE-START"])
def test_with_which_code_a_wrong_update_is_refused(check: Check, refused: Refused, wrong: str) -> None:
    exchange = refused.probes[wrong][0].exchange
    if accepted(exchange):
        raise NotApplicable(Message("portal-does-not-refuse"))
    code = error_code(exchange)
    check.observe(code if code in check.requirement.behaviours else "other", exchange)


@pytest.mark.requirement("PF-OUT-OF-RANGE")
def test_what_becomes_of_numbers_out_of_range(check: Check, driver: PlanFixDriver, refused: Refused) -> None:
    driver.require_thorough()
    _observe(check, [probe.exchange for probe in refused.probes[OUT_OF_RANGE]])


@pytest.mark.requirement("PF-MISSHAPEN")
def test_what_becomes_of_updates_of_a_wrong_form(
    check: Check, driver: PlanFixDriver, refused: Refused
) -> None:
    driver.require_thorough()
    exchanges = [probe.exchange for probe in refused.probes[MISSHAPEN]]
    # What such a document is signed with is said nowhere: a portal may sign it otherwise.
    exchanges = [one for one in exchanges if error_code(one) != _WRONG_SIGNATURE]
    if not exchanges:
        raise Inconclusive(Message("signed-otherwise"))
    _observe(check, exchanges)


def _observe(check: Check, exchanges: Sequence[Exchange]) -> None:
    taken = sum(map(accepted, exchanges))
    mixed = "accepted" if taken == len(exchanges) else "mixed"
    check.observe(mixed if taken else "refused", *exchanges)
