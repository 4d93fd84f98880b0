"""The embedded portals: mocked ones that `etalon run` starts itself, as targets like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.portals.config import Kind, Secret, Target
from etalon.vendors.planfix import mock as planfix
from etalon.vendors.r7 import mock as r7

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.portals.mocking import FaultInfo, MockPortal

CREATE: Mapping[Kind, Callable[..., MockPortal]] = {  # (dialect, faults, variations)
    "r7": r7.create,
    "planfix": planfix.create,
}
FAULTS: Mapping[Kind, Mapping[str, FaultInfo]] = {"r7": r7.FAULTS, "planfix": planfix.FAULTS}
VARIATIONS: Mapping[Kind, Mapping[str, str]] = {"r7": r7.VARIATIONS, "planfix": planfix.VARIATIONS}

# Name on the command line → kind and dialect. The first two are what a run without a target judges.
EMBEDDED: Mapping[str, tuple[Kind, str]] = {
    "r7": ("r7", "documented"),
    "planfix": ("planfix", "documented"),
    "r7-communityserver": ("r7", "communityserver"),
}
TARGET_KEYS: Mapping[Kind, Sequence[str]] = {
    "r7": ("token",),
    "planfix": ("account", "api-key", "private-key", "user", "password"),
}
"""The log-in keys by which a mocked portal is judged."""
DEFAULT_TARGETS = ("r7", "planfix")


def embedded_target(name: str, portal: MockPortal) -> Target:
    """A target that logs in to a mocked portal with its own credentials; its URL is not known yet.

    The ids that exist are left out on purpose: a run discovers them as it would on a live portal.
    """
    kind, dialect = EMBEDDED[name]
    credentials = {
        key: Secret(portal.credentials[key], f"{kind.upper()}_{key.replace('-', '_').upper()}")
        for key in TARGET_KEYS[kind]
    }
    return Target(
        name=name,
        kind=kind,
        url="http://127.0.0.1",
        dialect=dialect,
        credentials=credentials,
        allow_writes=True,
        embedded=True,
    )
