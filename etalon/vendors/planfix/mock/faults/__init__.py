"""The faults of the mocked PlanFix portal: one module a family, one entry of 3 to 10 lines a fault.

To add one, put a `Fault` into its family's module and name the hook that it cuts into
(see `hooks.Alteration`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from etalon.vendors.planfix.mock.faults.alters import ALTERING
from etalon.vendors.planfix.mock.faults.answers import ANSWERING_WRONGLY
from etalon.vendors.planfix.mock.faults.documents import READING_WRONGLY
from etalon.vendors.planfix.mock.faults.leaks import LEAKING
from etalon.vendors.planfix.mock.faults.loses import LOSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.vendors.planfix.mock.faults.fault import Fault

CATALOGUE: Final[Mapping[str, Fault]] = {
    fault.name: fault for fault in (*LOSING, *ALTERING, *LEAKING, *ANSWERING_WRONGLY, *READING_WRONGLY)
}
"""Name → fault."""
