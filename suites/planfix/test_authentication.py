from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.rules import changes_nothing
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.scenarios.scenario import scenario
from etalon.vendors.planfix.answers import accepted, error_code
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging.behaviours import expansion
from etalon.vendors.planfix.judging.rules import causes_apart, is_refused
from etalon.vendors.planfix.requests import document, elements, framed, render
from etalon.vendors.planfix.scenarios.open import AROUND, ENTITY, FILE, LITERALS, member_of, with_entities
from etalon.vendors.planfix.scenarios.refused import COVERS, NO_SESSION, SESSION, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Probe
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver, Tasks
    from etalon.vendors.planfix.scenarios.refused import Refused


@pytest.mark.requirement("PF-AUTH-{wrong}")
@pytest.mark.parametrize("wrong", ["API-KEY", "ACCOUNT", SESSION, NO_SESSION, SIGNATURE, COVERS])
def test_a_stranger_is_refused(check: Check, driver: PlanFixDriver, refused: Refused, wrong: str) -> None:
    check.each(_probes(driver, refused, wrong), is_refused)


@pytest.mark.requirement("PF-{wrong}")
@pytest.mark.parametrize("wrong", ["UNKNOWN-FUNCTION", "BROKEN-XML"])
def test_what_is_no_call_is_refused(
    check: Check, driver: PlanFixDriver, refused: Refused, wrong: str
) -> None:
    check.each(_probes(driver, refused, wrong), is_refused)


@pytest.mark.requirement("PF-AUTH-REFUSED-CHANGES-NOTHING")
def test_a_refused_call_changes_nothing(check: Check, driver: PlanFixDriver, refused: Refused) -> None:
    driver.require_reads()
    if not refused.unauthenticated:
        raise NotApplicable(Message("refuses-none-of-these-calls"))
    check.each(refused.unauthenticated, partial(changes_nothing, task()), shrink=driver.single_refusals)


@pytest.mark.requirement("PF-AUTH-UNSIGNED")
def test_what_becomes_of_an_unsigned_call(
    check: Check, driver: PlanFixDriver, tasks: Tasks, refused: Refused
) -> None:
    if not driver.client.access.private_key:
        raise NotApplicable(Message("every-call-unsigned"))
    unsigned = refused.unsigned
    if unsigned is None:
        access = replace(driver.client.access, private_key="")
        unsigned = driver.client.update_task(tasks.subject, {}, access=access)
    check.observe("accepted" if accepted(unsigned) else "refused", unsigned)


@pytest.mark.requirement("PF-AUTH-EMPTY-SIGNATURE")
def test_what_becomes_of_an_empty_signature(check: Check, driver: PlanFixDriver, tasks: Tasks) -> None:
    driver.require_thorough()
    access = replace(driver.client.access, private_key="")
    request = framed(document("task.update", elements({"task": {"id": tasks.subject}})), access)
    request.extend(elements({"signature": ""}))
    exchange = driver.client.call("task.update", render(request), subject=tasks.subject)
    check.observe("accepted" if accepted(exchange) else "refused", exchange)


@scenario(after=["refused"])  # the task has all its members by now
def entities(driver: PlanFixDriver, tasks: Tasks) -> Mapping[str, Change]:
    """Texts with entities that the request declares itself, both in one request where few are to be spent."""
    if driver.thorough:
        return {name: with_entities(driver, tasks.subject, [name]) for name in LITERALS}
    return dict.fromkeys(LITERALS, with_entities(driver, tasks.subject, list(LITERALS)))


@pytest.mark.requirement("PF-DOCTYPE-FILES")
def test_no_file_is_read(check: Check, driver: PlanFixDriver, entities: Mapping[str, Change]) -> None:
    driver.require_reads()
    check.each([entities[FILE]], partial(_expansion, FILE))


@pytest.mark.requirement("PF-DOCTYPE-ENTITIES")
def test_what_becomes_of_an_entity_of_text(
    check: Check, driver: PlanFixDriver, entities: Mapping[str, Change]
) -> None:
    driver.require_reads()
    outcome = _expansion(ENTITY, entities[ENTITY])
    if outcome is None:
        raise Inconclusive(Message("task-unreadable"))
    finding = outcome if isinstance(outcome, Finding) else None
    check.observe("expanded" if finding else "unexpanded", *entities[ENTITY].exchanges, finding=finding)


def _expansion(entity: str, step: Change) -> Finding | bool | None:
    return expansion(step, member_of(entity), LITERALS[entity], AROUND)


@pytest.mark.requirement("PF-CODE-{wrong}")
@pytest.mark.parametrize(
    "wrong", ["API-KEY", "ACCOUNT", SESSION, SIGNATURE, "UNKNOWN-FUNCTION", "BROKEN-XML"]
)
def test_with_which_code_a_call_is_refused(
    check: Check, driver: PlanFixDriver, refused: Refused, wrong: str
) -> None:
    for probe in _probes(driver, refused, wrong):
        if not accepted(probe.exchange):
            code = error_code(probe.exchange)
            check.observe(code if code in check.requirement.behaviours else "other", probe.exchange)
    if not check.checked:
        raise NotApplicable(Message("portal-does-not-refuse"))


@pytest.mark.requirement("PF-ERRORS-TELL-CAUSES-APART")
def test_codes_tell_causes_apart(
    check: Check, driver: PlanFixDriver, refused: Refused, unknown_task: Probe
) -> None:
    names = ("API-KEY", SESSION, "UNKNOWN-FUNCTION")
    probes = [_probes(driver, refused, name)[0] for name in names]
    check.each([[*probes, unknown_task]], causes_apart)


def _probes(driver: PlanFixDriver, refused: Refused, wrong: str) -> Sequence[Probe]:
    """The requests that are wrong in a way. A signature of other values is a wrong one, too."""
    if wrong in {SIGNATURE, COVERS} and not driver.client.access.private_key:
        raise NotApplicable(Message("calls-not-signed"))
    if wrong == NO_SESSION and driver.client.access.token:
        raise NotApplicable(Message("logs-in-with-token"))
    probes = refused.probes.get(wrong) or (refused.probes.get(COVERS) if wrong == SIGNATURE else None)
    if not probes:
        driver.require_thorough()
    return probes or ()
