"""The mocked PlanFix portal: the XML API of page `planfix-task-update`, as live portals speak it.

What the pages leave open is decided in one place each: empty elements and blanks in `changes` and `wire`,
worker deltas in `updating`, periodicity in `periodicity`, the order of checks in `portal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import MockPortal, UnknownDialectError, looked_up
from etalon.vendors.planfix.mock import faults as _faults
from etalon.vendors.planfix.mock import variations as _variations
from etalon.vendors.planfix.mock.app import PATH, application
from etalon.vendors.planfix.mock.hooks import Alteration, Hooks
from etalon.vendors.planfix.mock.portal import Portal
from etalon.vendors.planfix.mock.seed import SCRATCH_TASKS, fresh_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.portals.mocking import FaultInfo
    from etalon.vendors.planfix.mock.state import Store

DIALECTS: Final = ("documented",)
"""The dialects that this portal speaks."""

FAULTS: Final[Mapping[str, FaultInfo]] = {name: fault.info for name, fault in _faults.CATALOGUE.items()}
"""Name → fault, for every fault that can be switched on."""

VARIATIONS: Final[Mapping[str, str]] = {name: one.tells for name, one in _variations.CATALOGUE.items()}
"""Name → what is different, for every variation that still conforms."""


def create(
    dialect: str = "documented", faults: Sequence[str] = (), variations: Sequence[str] = ()
) -> MockPortal:
    """Makes a portal with a memory of its own.

    Args:
        dialect: one of `DIALECTS`.
        faults: names out of `FAULTS`; they work together, in this order.
        variations: names out of `VARIATIONS`, applied after the faults.

    Raises:
        UnknownDialectError: for another dialect.
        UnknownFaultError: for a fault or variation that is not in its catalogue.
    """
    if dialect not in DIALECTS:
        raise UnknownDialectError(f"dialect {dialect!r} is none of: {', '.join(DIALECTS)}")
    store = fresh_store()
    portal = Portal(store, Hooks(alterations(faults, variations)))
    access = store.access
    return MockPortal(
        kind="planfix",
        dialect=dialect,
        app=application(portal),
        path=PATH,
        credentials={
            "account": access.account,
            "api-key": access.api_key,
            "private-key": access.private_key,
            "user": access.login,
            "password": access.password,
            "token": access.token,
        },
        known=_known(store),
        faults=tuple(faults),
    )


def alterations(faults: Sequence[str], variations: Sequence[str] = ()) -> tuple[Alteration, ...]:
    """Looks faults and variations up by name.

    Raises:
        UnknownFaultError: for a name that is not in its catalogue; the message lists those it has.
    """
    return (
        *looked_up(faults, _faults.CATALOGUE, "the PlanFix portal has no fault"),
        *looked_up(variations, _variations.CATALOGUE, "the PlanFix portal has no variation"),
    )


def _known(store: Store) -> Mapping[str, Sequence[int | str]]:
    return {
        "users": tuple(store.users),
        "groups": tuple(store.groups),
        "projects": tuple(store.projects),
        "clients": tuple(store.clients),
        "tasks": SCRATCH_TASKS,
    }
