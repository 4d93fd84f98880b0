from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.judging.verdicts import NotApplicable
from etalon.messages import Message
from etalon.vendors.planfix.forms import FORMS
from etalon.vendors.planfix.judging.forms import same_effect

if TYPE_CHECKING:
    from etalon.judging.checking import Check
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver
    from suites.planfix.conftest import Documents


@pytest.mark.requirement("PF-XML-{form}")
@pytest.mark.parametrize("form", FORMS)
def test_equal_documents_have_equal_effect(
    check: Check, driver: PlanFixDriver, documents: Documents, form: str
) -> None:
    driver.require_reads()
    update = documents.forms[form]
    if update.may_refuse and not update.step.accepted:
        raise NotApplicable(Message("refuses-this-encoding"))
    check.each([update], same_effect)
