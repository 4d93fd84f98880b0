"""The vendors whose portals Etalon judges: ours, a folder each, and those that other packages bring."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.vendors.vendor import Vendor

GROUP = "etalon.vendors"
"""The group of entry points by which a package brings a vendor; each names a `Vendor`."""


@cache
def vendors() -> Mapping[str, Vendor]:
    """Kind → vendor, in the order of their places."""
    found: list[Vendor] = [entry.load() for entry in entry_points(group=GROUP)]
    return {one.kind: one for one in sorted(found, key=lambda one: (one.place, one.kind))}


def vendor_of(kind: str) -> Vendor:
    """The vendor of a kind.

    Raises:
        KeyError: none of that kind is installed.
    """
    return vendors()[kind]


def kinds() -> tuple[str, ...]:
    """The kinds of all vendors, in the order of their places."""
    return tuple(vendors())
