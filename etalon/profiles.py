"""How thorough a run is: what each profile spends requests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import SystemRandom
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_SEED = 1
_LARGEST_SEED = 2**31 - 1
# Of the requests beside those that a thorough run has planned, single updates and their reads get a half.
_PLANNED = 500
_SHARES = 4
_FEWEST_EXPLORED = 12
_FEWEST_PLANNED = 11


ProfileName = Literal["quick", "standard", "deep"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A named thoroughness.

    Attributes:
        explored: how many updates drawn at random a partial-update scenario sends.
        planned: how many rows of the plan of situations are carried out.
        thorough: whether scenarios also send what packing makes redundant on a sound portal
            (each member alone, each boundary length).
        shrinking: requests that may be spent on making one finding smaller.
        proving: requests that all findings together may cost beside those of a sound portal.
        exhaustive: whether it explores until the requests that the target allows are spent, and with a
            seed of its own each time.
    """

    name: ProfileName
    explored: int
    planned: int
    thorough: bool
    shrinking: int
    proving: int
    exhaustive: bool = False

    def within(self, requests: int) -> Profile:
        """The profile for a target that allows so many requests: of few, few go on single updates.

        Only an exhaustive one is cut down: what is left over goes on sequences in the end. The others send
        the same requests to every target, and say so where a target does not allow them.
        """
        if not self.exhaustive:
            return self
        affordable = (requests - _PLANNED) // _SHARES
        explored = max(_FEWEST_EXPLORED, min(self.explored, affordable))
        return replace(
            self, explored=explored, planned=max(_FEWEST_PLANNED, min(self.planned, affordable // 2))
        )


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("quick", explored=0, planned=0, thorough=False, shrinking=10, proving=30),
        Profile(
            "standard",
            explored=_FEWEST_EXPLORED,
            planned=_FEWEST_PLANNED,
            thorough=True,
            shrinking=40,
            proving=150,
        ),
        Profile("deep", explored=400, planned=80, thorough=True, shrinking=120, proving=750, exhaustive=True),
    )
}


def seed_for(profile: Profile, given: int | None) -> int:
    """The seed of a run: what the user gives, else the fixed one, else one that is nobody's yet."""
    if given is not None:
        return given
    return SystemRandom().randint(1, _LARGEST_SEED) if profile.exhaustive else DEFAULT_SEED
