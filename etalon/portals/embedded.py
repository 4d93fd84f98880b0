"""The embedded portals: mocked ones that `etalon run` starts itself, as targets like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.portals.config import Kind, Secret, Target
from etalon.vendors import vendor_of, vendors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.mocking import MockPortal


def embedded() -> Mapping[str, tuple[Kind, str]]:
    """Name on the command line → kind and dialect."""
    return {
        name: (vendor.kind, dialect)
        for vendor in vendors().values()
        for name, dialect in vendor.embedded.items()
    }


def default_targets() -> tuple[str, ...]:
    """What a run without a target judges: the first embedded portal of each vendor that has one."""
    return tuple(next(iter(vendor.embedded)) for vendor in vendors().values() if vendor.embedded)


def embedded_target(name: str, portal: MockPortal) -> Target:
    """A target that logs in to a mocked portal with its own credentials; its URL is not known yet.

    The ids that exist are left out on purpose: a run discovers them as it would on a live portal.
    """
    kind, dialect = embedded()[name]
    vendor = vendor_of(kind)
    credentials = {key: Secret(portal.credentials[key], vendor.credentials[key]) for key in vendor.mock_login}
    return Target(
        name=name,
        kind=kind,
        url="http://127.0.0.1",
        dialect=dialect,
        credentials=credentials,
        allow_writes=True,
        embedded=True,
    )
