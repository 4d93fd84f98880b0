"""How thorough a run is: what each profile spends requests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Profile:
    """A named thoroughness.

    Attributes:
        explored: how many updates drawn at random a partial-update scenario sends.
        thorough: whether scenarios also send what packing makes redundant on a sound portal
            (each member alone, each boundary length).
        shrinking: requests that may be spent on making one finding smaller.
    """

    name: str
    explored: int
    thorough: bool
    shrinking: int


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("quick", explored=3, thorough=False, shrinking=10),
        Profile("standard", explored=24, thorough=True, shrinking=40),
        Profile("deep", explored=400, thorough=True, shrinking=120),
    )
}
