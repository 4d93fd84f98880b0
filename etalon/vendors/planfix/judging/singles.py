"""What updates show that stand alone between two readings, and what is therefore no news elsewhere.

A portal that loses a member in every update loses it in sequences, in other forms of XML and under
concurrency, too. Those have requirements of their own for what only they can show.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding
from etalon.vendors.planfix.judging import periodicity, workers
from etalon.vendors.planfix.judging.rules import HTML, first_difference, leaves_alone, rendition, stores
from etalon.vendors.planfix.judging.task import MEMBERS, PLAIN, TEAMS
from etalon.vendors.planfix.judging.values import means

if TYPE_CHECKING:
    from collections.abc import Iterable

    from etalon.vendors.planfix.judging.evidence import Step, Watch
    from etalon.vendors.planfix.judging.values import Value


def broken_alone(steps: Iterable[Step], watches: Iterable[Watch] = ()) -> frozenset[str]:
    """The members that some single update already gets wrong, on its own task or on another."""
    seen = list(steps)
    members = {member for member in MEMBERS if any(_breaks(member, step) for step in seen)}
    members |= {one for watch in watches if (one := first_difference(watch.before, watch.after))}
    return frozenset(members)


def agrees(member: str, wanted: Value, got: Value) -> bool:
    """Whether a member is what it has to be, as far as the page says.

    A description may come back as HTML that shows it. A periodicity may come back with more than was sent:
    the page does not say what a portal puts in for parts that are left out.
    """
    if member == "description" and wanted != got:
        return rendition(wanted, got) == HTML
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return all(
            means(name, value, got.get(name, value if value == "ENDLESS" else None))
            for name, value in wanted.items()
        )
    return means(member, wanted, got)


def _breaks(member: str, step: Step) -> bool:
    if isinstance(leaves_alone(member, step), Finding):
        return True
    if member in PLAIN:
        return isinstance(stores(member, step), Finding)
    if member in TEAMS:
        return isinstance(workers.applied(step, member), Finding)
    if step.asks.unset is not None:
        return isinstance(periodicity.unset(step), Finding)
    sent = step.asks.periodicity
    if not isinstance(sent, Mapping) or member in step.asks.unclear:
        return False
    wanted = {name: value for name, value in sent.items() if value != "ENDLESS"}
    return isinstance(periodicity.parts(step, wanted), Finding)
