"""The catalogue of faults, by family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.portals.mocking import looked_up
from etalon.vendors.r7.mock.faults.afterwards import STRIKING_LATER
from etalon.vendors.r7.mock.faults.alters import ALTERING
from etalon.vendors.r7.mock.faults.answers import ANSWERING_WRONGLY
from etalon.vendors.r7.mock.faults.creations import CREATING_WRONGLY
from etalon.vendors.r7.mock.faults.hidden import HIDDEN
from etalon.vendors.r7.mock.faults.leaks import LEAKING
from etalon.vendors.r7.mock.faults.loses import LOSING
from etalon.vendors.r7.mock.faults.moments import MISREADING_MOMENTS
from etalon.vendors.r7.mock.faults.neighbours import STUMBLING
from etalon.vendors.r7.mock.faults.refusals import REFUSING_WRONGLY
from etalon.vendors.r7.mock.faults.shapes import MISSHAPING
from etalon.vendors.r7.mock.faults.states import DEPENDING_ON_STATE
from etalon.vendors.r7.mock.faults.tolerated import TOLERATING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.vendors.r7.mock.faults.hooks import Fault

CATALOGUE: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        *LOSING,
        *ALTERING,
        *LEAKING,
        *ANSWERING_WRONGLY,
        *REFUSING_WRONGLY,
        *CREATING_WRONGLY,
        *MISSHAPING,
        *STRIKING_LATER,
        *STUMBLING,
        *MISREADING_MOMENTS,
        *DEPENDING_ON_STATE,
        *TOLERATING,
        *HIDDEN,
    )
}


def find_faults(names: Sequence[str]) -> tuple[Fault, ...]:
    """Return the faults of those names, in that order.

    Raises:
        UnknownFaultError: for a name that the catalogue lacks; the message lists those it has.
    """
    return looked_up(names, CATALOGUE, "the R7 portal has no fault")
