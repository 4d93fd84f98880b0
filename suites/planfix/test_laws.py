from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import pytest
from xmlschema import XMLSchema11

from etalon.judging.verdicts import Inconclusive
from etalon.messages import Message
from etalon.portals.errors import UnusableAnswerError
from etalon.scenarios.scenario import scenario
from etalon.shipped import spec
from etalon.vendors.planfix.answers import resembles_an_answer
from etalon.vendors.planfix.judging import laws

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from etalon.judging.checking import Check
    from etalon.portals.exchange import Exchange
    from etalon.portals.transport import Transport
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver

pytestmark = pytest.mark.after_all

UPDATE = frozenset({"task.update"})
OTHERS = frozenset(
    {
        "auth.login",
        "task.add",
        "task.get",
        "user.getList",
        "userGroup.getList",
        "project.getList",
        "contact.getList",
    }
)


@scenario()
def schemas() -> Mapping[str, XMLSchema11]:
    """Function → schema of its ok answer; the schema of error answers beside them."""
    found = {name: _schema(f"{name}.ok.xsd") for name in (*UPDATE, *OTHERS)}
    return {**found, laws.ERROR: _schema("task.update.error.xsd")}


@cache
def _schema(name: str) -> XMLSchema11:
    """A schema, built once for all runs of a process."""
    return XMLSchema11(str(spec("planfix", name)))


@pytest.mark.requirement("PF-ANSWER-FORM")
def test_every_answer_is_a_response(
    check: Check, transport: Transport, request: pytest.FixtureRequest
) -> None:
    try:
        request.getfixturevalue("driver")
    except UnusableAnswerError:
        # A portal that answers the log-in out of form ends the run, and still it is the API that answers.
        if not any(resembles_an_answer(one) for one in transport.journal):
            raise
    check.each(transport.journal, laws.well_formed)


@pytest.mark.requirement("PF-UPDATE-ANSWER-SCHEMA")
def test_answers_to_updates_validate(
    check: Check, driver: PlanFixDriver, schemas: Mapping[str, XMLSchema11]
) -> None:
    driver.require_reads()  # else no task may be updated
    check.each(driver.client.transport.journal, partial(laws.valid, schemas=schemas, functions=UPDATE))


@pytest.mark.requirement("PF-OTHER-ANSWER-SCHEMA")
def test_answers_of_other_functions_validate(
    check: Check, driver: PlanFixDriver, schemas: Mapping[str, XMLSchema11]
) -> None:
    check.each(driver.accountable, partial(laws.valid, schemas=schemas, functions=OTHERS))


@pytest.mark.requirement("PF-ERROR-ANSWER-SCHEMA")
def test_error_answers_validate(
    check: Check, driver: PlanFixDriver, schemas: Mapping[str, XMLSchema11]
) -> None:
    driver.require_reads()  # else nothing is sent that has to be refused
    check.each(driver.client.transport.journal, partial(laws.valid_error, schemas=schemas))


@pytest.mark.requirement("PF-UPDATE-ECHOES-ID")
def test_the_answered_id_is_the_asked_one(check: Check, driver: PlanFixDriver) -> None:
    driver.require_reads()  # else no task may be updated
    check.each(driver.client.transport.journal, partial(laws.names_the_task, function="task.update"))


@pytest.mark.requirement("PF-SECRETS-STAY")
def test_no_answer_repeats_a_secret(check: Check, driver: PlanFixDriver) -> None:
    keys = ("api-key", "private-key", "password", "token")
    secrets = [secret for key in keys if (secret := driver.client.target.credential(key))]
    check.each(driver.client.transport.journal, partial(laws.keeps_secrets, secrets=secrets))


@pytest.mark.requirement("PF-ERROR-{part}")
@pytest.mark.parametrize("part", ["http-status", "message"])
def test_what_error_answers_look_like(check: Check, driver: PlanFixDriver, part: str) -> None:
    look: Callable[[Exchange], str | None] = {
        "http-status": laws.error_http_status,
        "message": laws.error_message,
    }[part]
    seen = {look(exchange): exchange for exchange in driver.client.transport.journal}
    seen.pop(None, None)
    if not seen:
        driver.require_reads()  # else nothing is sent that has to be refused
        raise Inconclusive(Message("no-error-answer"))
    behaviours = [behaviour for behaviour in seen if behaviour]
    check.observe(behaviours[0] if len(behaviours) == 1 else "mixed", *seen.values())
