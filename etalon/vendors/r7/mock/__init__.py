"""The mocked R7 portal: a real HTTP server that speaks `documented` or `communityserver`.

`documented` behaves as the pages `r7-crm-task-create` and `r7-crm-task-update` read; `communityserver` as
R7's open ancestor was observed to (ONLYOFFICE CommunityServer v12, its sources cited at each behaviour).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.portals.mocking import MockPortal, UnknownDialectError
from etalon.vendors.r7.mock import dates, seed
from etalon.vendors.r7.mock.app import build_app
from etalon.vendors.r7.mock.dialects import BY_NAME
from etalon.vendors.r7.mock.faults import CATALOGUE, find_faults
from etalon.vendors.r7.mock.variations import VARYING, find_variations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.mocking import FaultInfo
    from etalon.vendors.r7.mock.dates import Clock

__all__ = ["DIALECTS", "FAULTS", "VARIATIONS", "create"]

DIALECTS: tuple[str, ...] = tuple(BY_NAME)
FAULTS: Mapping[str, FaultInfo] = {name: fault.info for name, fault in CATALOGUE.items()}
VARIATIONS: Mapping[str, str] = {name: variation.tells for name, variation in VARYING.items()}
"""Name → what is different, for every variation that still keeps what the pages say."""


def create(
    dialect: str = "documented",
    faults: Sequence[str] = (),
    variations: Sequence[str] = (),
    *,
    clock: Clock = dates.now,
) -> MockPortal:
    """Return a fresh portal, which shares no state with any other.

    Args:
        dialect: one of `DIALECTS`.
        faults: names out of `FAULTS`; they act in this order.
        variations: names out of `VARIATIONS`; they act after the faults.
        clock: tells the portal the time, in ticks of 100 ns since the year 1.

    Raises:
        UnknownDialectError: when the portal does not speak that dialect.
        UnknownFaultError: when its catalogue lacks one of the faults or variations.
    """
    if dialect not in BY_NAME:
        raise UnknownDialectError(f"the R7 portal speaks {', '.join(DIALECTS)}, not {dialect!r}")
    return MockPortal(
        kind="r7",
        dialect=dialect,
        app=build_app(BY_NAME[dialect], (*find_faults(faults), *find_variations(variations)), clock),
        path="",
        credentials={
            "token": seed.ADMINISTRATOR.token,
            "user": seed.ADMINISTRATOR.user_name,
            "password": seed.ADMINISTRATOR.password,
        },
        known={
            "responsibles": [person.guid for person in seed.PEOPLE],
            "categories": [item.id for item in seed.LIST_ITEMS if item.is_task_category],
            "contacts": [contact.id for contact in seed.CONTACTS],
            "opportunities": [entity.id for entity in seed.ENTITIES if entity.kind == "opportunity"],
            "cases": [entity.id for entity in seed.ENTITIES if entity.kind == "case"],
        },
        faults=tuple(faults),
    )
