"""What updates show that stand alone between two readings, and what is therefore no news elsewhere.

A portal that loses a member in every update loses it in sequences, in other forms of XML and under
concurrency, too. Those have requirements of their own for what only they can show.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.judging.rules import first_difference
from etalon.judging.verdicts import Finding
from etalon.vendors.planfix.binding import plain, task, teams
from etalon.vendors.planfix.judging import periodicity, workers
from etalon.vendors.planfix.judging.rules import keeps, stores

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etalon.judging.evidence import Change, Watch
    from etalon.resources.values import Value


def broken_alone(steps: Iterable[Change], watches: Iterable[Watch] = ()) -> frozenset[str]:
    """The members that some single update already gets wrong, on its own task or on another."""
    seen = list(steps)
    members = {member for member in task().names if any(_breaks(member, step) for step in seen)}
    moved = (first_difference(task(), watch.before, watch.after) for watch in watches)
    members |= {one.name for one in moved if one}
    return frozenset(members)


def agrees(member: str, wanted: Value, got: Value) -> bool:
    """Whether a member is what it has to be, as far as the page says."""
    return task().member(member).agrees(wanted, got)


def _breaks(member: str, step: Change) -> bool:
    if isinstance(keeps(member, step), Finding):
        return True
    if member in plain():
        return isinstance(stores(member, step), Finding)
    if member in teams():
        return isinstance(workers.applied(step, member), Finding)
    if member in step.patch.unsets:
        return isinstance(periodicity.unset(step), Finding)
    sent = step.patch.sets.get(member)
    if not isinstance(sent, Mapping):
        return False
    wanted = {name: value for name, value in sent.items() if value != "ENDLESS"}
    return isinstance(periodicity.parts(step, wanted), Finding)
