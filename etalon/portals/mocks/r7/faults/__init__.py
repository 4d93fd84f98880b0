"""The catalogue of faults, by family."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from etalon.portals.mocks.base import UnknownFaultError
from etalon.portals.mocks.r7.faults.alters import ALTERING
from etalon.portals.mocks.r7.faults.answers import ANSWERING_WRONGLY
from etalon.portals.mocks.r7.faults.creations import CREATING_WRONGLY
from etalon.portals.mocks.r7.faults.leaks import LEAKING
from etalon.portals.mocks.r7.faults.loses import LOSING
from etalon.portals.mocks.r7.faults.refusals import REFUSING_WRONGLY
from etalon.portals.mocks.r7.faults.shapes import MISSHAPING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.mocks.r7.faults.seams import Fault

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
    )
}


def find_faults(names: Sequence[str]) -> tuple[Fault, ...]:
    """Return the faults of those names, in that order.

    Raises:
        UnknownFaultError: for a name that the catalogue lacks; the message lists those it has.
    """
    for name in names:
        if name not in CATALOGUE:
            close = get_close_matches(name, CATALOGUE, n=3)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            raise UnknownFaultError(
                f"the R7 portal has no fault {name!r}.{hint} It has: {', '.join(sorted(CATALOGUE))}"
            )
    return tuple(CATALOGUE[name] for name in names)
