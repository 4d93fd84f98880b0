from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from etalon.judging.verdicts import Inconclusive, Outcome
from etalon.messages import Message
from etalon.portals.errors import ForeignWriteError, MissingPrerequisiteError, UnusableAnswerError
from etalon.portals.exchange import header
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.judging.laws import error_form, laws
from etalon.vendors.r7.judging.schemathesis_checks import stock_laws

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.checking import Check
    from etalon.portals.transport import Transport
    from etalon.vendors.r7.judging.laws import Law
    from etalon.vendors.r7.scenarios.driver import R7Driver

pytestmark = pytest.mark.after_all


@scenario()
def traffic(request: pytest.FixtureRequest) -> None:
    """The least traffic that a law can be held against; answers too odd for the scenario are traffic, too."""
    with suppress(Outcome, MissingPrerequisiteError, UnusableAnswerError):
        request.getfixturevalue("updated")


@scenario(after=["traffic"])
def all_laws(transport: Transport, document: Mapping[str, Any]) -> Mapping[str, Law]:
    """The laws, which know what tasks there are."""
    return laws(document, transport.journal)


@scenario()
def schemathesis_checks(document: Mapping[str, Any]) -> Mapping[str, Law]:
    """The checks that Schemathesis itself brings."""
    return stock_laws(document)


@pytest.mark.requirement("R7-LAW-{law}")
@pytest.mark.parametrize(
    "law",
    ["ANSWER-SCHEMA", "STATUS-ZERO", "CONTENT-TYPE", "ASKED-ID", "ONE-NAME", "NO-SECRETS", "NO-SERVER-ERROR"],
)
def test_every_exchange_keeps_the_law(
    check: Check, driver: R7Driver, transport: Transport, all_laws: Mapping[str, Law], law: str
) -> None:
    if law == "ASKED-ID":
        driver.require_reads()  # else no task is asked for by its id
    check.each(transport.journal, all_laws[f"R7-LAW-{law}"])


@pytest.mark.usefixtures("traffic")
@pytest.mark.requirement("R7-SCHEMA-{name}")
@pytest.mark.parametrize(
    "name", ["NOT-A-SERVER-ERROR", "CONTENT-TYPE-CONFORMANCE", "RESPONSE-SCHEMA-CONFORMANCE"]
)
def test_every_exchange_passes_the_check_of_schemathesis(
    check: Check, transport: Transport, schemathesis_checks: Mapping[str, Law], name: str
) -> None:
    check.each(transport.journal, schemathesis_checks[f"R7-SCHEMA-{name}"])


@pytest.mark.requirement("R7-LAW-ERROR-ENVELOPE")
def test_which_form_error_answers_have(
    check: Check, driver: R7Driver, transport: Transport, request: pytest.FixtureRequest
) -> None:
    # One error answer at least, where the portal gives any. Where the answer about an id that no task has is
    # none that the guard can take for "there is no such task", nothing is written, and that answer is judged.
    with suppress(ForeignWriteError):
        request.getfixturevalue("unknown_id_update")
    for exchange in transport.journal:
        if header(exchange.request.headers, "authorization") != driver.client.token:
            continue  # what refuses a token often stands before the API
        form = error_form(exchange)
        if form is not None:
            check.observe(form, exchange)
    if not check.checked:
        raise Inconclusive(Message("no-error-answer"))
