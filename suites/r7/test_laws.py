from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.judging.r7.laws import error_form, laws
from etalon.judging.verdicts import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.checking import Check
    from etalon.judging.r7.evidence import Change
    from suites.r7.conftest import Lab

pytestmark = pytest.mark.after_all


@pytest.mark.requirement("R7-LAW-{law}")
@pytest.mark.parametrize(
    "law", ["ANSWER-SCHEMA", "STATUS-ZERO", "CONTENT-TYPE", "ASKED-ID", "NO-SECRETS", "NO-SERVER-ERROR"]
)
def test_every_exchange_keeps_the_law(
    check: Check, lab: Lab, document: Mapping[str, Any], updated: Change, law: str
) -> None:
    del updated  # the least traffic that a law can be held against
    check.each(lab.client.transport.journal, laws(document, lab.client.token)[f"R7-LAW-{law}"])


@pytest.mark.requirement("R7-LAW-ERROR-ENVELOPE")
def test_which_form_error_answers_have(check: Check, lab: Lab, unknown_id_update: Change) -> None:
    del unknown_id_update  # one error answer at least, where the portal gives any
    for exchange in lab.client.transport.journal:
        form = error_form(exchange)
        if form is not None:
            check.observe(form, exchange)
    if not check.checked:
        raise Inconclusive("the portal gave no error answer")
