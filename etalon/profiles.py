"""How thorough a run is: what each profile spends requests on."""

from __future__ import annotations

from dataclasses import dataclass
from random import SystemRandom
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SEED = 1
_LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Profile:
    """A named thoroughness.

    Attributes:
        explored: how many updates drawn at random a partial-update scenario sends.
        thorough: whether scenarios also send what packing makes redundant on a sound portal
            (each member alone, each boundary length).
        shrinking: requests that may be spent on making one finding smaller.
        exhaustive: whether it explores until the requests that the target allows are spent, and with a
            seed of its own each time.
    """

    name: str
    explored: int
    thorough: bool
    shrinking: int
    exhaustive: bool = False


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("quick", explored=3, thorough=False, shrinking=10),
        Profile("standard", explored=24, thorough=True, shrinking=40),
        Profile("deep", explored=400, thorough=True, shrinking=120, exhaustive=True),
    )
}


def seed_for(profile: Profile, given: int | None) -> int:
    """The seed of a run: what the user gives, else the fixed one, else one that is nobody's yet."""
    if given is not None:
        return given
    return SystemRandom().randint(1, _LARGEST_SEED) if profile.exhaustive else DEFAULT_SEED
