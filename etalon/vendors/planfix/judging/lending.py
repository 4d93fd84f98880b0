"""Which members of a lent task a run may put back: those that still hold what it wrote, and no others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from etalon.resources.patch import Patch, expected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.judging.evidence import Reading
    from etalon.resources.values import Value


def given_and_taken(
    first: Reading, since: Iterable[Patch | Reading], now: Reading
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members that are other than at first: those to put back, and those that people have changed.

    Args:
        first: the task before the run's first change.
        since: the run's updates of it, and what it read of it, in their order.
        now: the task as it is.

    Returns:
        Names of members that hold what the run wrote, and of those that hold something else.
    """
    written = _written(first, since)
    changed = [member for member, value in first.members.items() if now.members.get(member) != value]
    ours = [member for member in changed if now.members.get(member) in written.get(member, ())]
    return tuple(ours), tuple(member for member in changed if member not in ours)


def _written(first: Reading, since: Iterable[Patch | Reading]) -> Mapping[str, list[Value]]:
    """Member → the values that the run wrote.

    A portal may store a value in its own spelling. So what the next read shows of a member that an update
    touched counts as well.
    """
    written: defaultdict[str, list[Value]] = defaultdict(list)
    state: Mapping[str, Value] = first.members
    touched: set[str] = set()
    for one in since:
        if isinstance(one, Patch):
            state = {**state, **expected(state, one)}
            touched |= one.touched
        else:
            state = one.members
        for member in touched:
            written[member].append(state.get(member))
        if not isinstance(one, Patch):
            touched.clear()
    return written
