"""The faults of the mocked PlanFix portal: one module a family or a kind, one entry of 3 to 10 lines a fault.

To add one, put a `Fault` into a module and name the hook that it cuts into (see `hooks.Alteration`). Those of
the modules by kind (`afterwards`, `calendars`, `doors`, `forms`, `neighbours`, `refusals`, `states`) are
modelled on public reports of real servers and libraries, and say which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from etalon.vendors.planfix.mock.faults.afterwards import AFTERWARDS
from etalon.vendors.planfix.mock.faults.alters import ALTERING
from etalon.vendors.planfix.mock.faults.answers import ANSWERING_WRONGLY
from etalon.vendors.planfix.mock.faults.calendars import OF_CALENDAR
from etalon.vendors.planfix.mock.faults.documents import READING_WRONGLY
from etalon.vendors.planfix.mock.faults.doors import OF_DOORS
from etalon.vendors.planfix.mock.faults.forms import OF_FORM
from etalon.vendors.planfix.mock.faults.leaks import LEAKING
from etalon.vendors.planfix.mock.faults.loses import LOSING
from etalon.vendors.planfix.mock.faults.neighbours import NEIGHBOURLY
from etalon.vendors.planfix.mock.faults.refusals import AFTER_REFUSALS
from etalon.vendors.planfix.mock.faults.states import OF_STATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.vendors.planfix.mock.faults.fault import Fault

CATALOGUE: Final[Mapping[str, Fault]] = {
    fault.name: fault
    for fault in (
        *LOSING,
        *ALTERING,
        *LEAKING,
        *ANSWERING_WRONGLY,
        *READING_WRONGLY,
        *AFTERWARDS,
        *AFTER_REFUSALS,
        *NEIGHBOURLY,
        *OF_FORM,
        *OF_STATE,
        *OF_CALENDAR,
        *OF_DOORS,
    )
}
"""Name → fault."""
