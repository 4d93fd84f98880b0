"""What a fault is, and the few moves that many faults share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etalon.portals.mocking import FaultFamily, FaultInfo
from etalon.vendors.planfix.mock.hooks import Alteration
from etalon.vendors.planfix.mock.wire import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.changes import Changes
    from etalon.vendors.planfix.mock.dates import Moment
    from etalon.vendors.planfix.mock.errors import Code
    from etalon.vendors.planfix.mock.hooks import Check, Gate, Merge, Read, Shown
    from etalon.vendors.planfix.mock.periodicity import Periodicity
    from etalon.vendors.planfix.mock.state import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Alteration):
    """A defect that real servers have, as a departure from the honest portal.

    Attributes:
        name: what `--fault` takes.
        stands_for: the real defect, in one sentence.
        reported: the address of the public report of the real defect, where the fault is modelled on one.
    """

    name: str
    family: FaultFamily
    stands_for: str
    reported: str = ""

    @property
    def info(self) -> FaultInfo:
        """The fault as the catalogue lists it."""
        return FaultInfo(self.name, self.family, self.stands_for)


def texts_read(change: Callable[[str], str]) -> Callable[[Read], Changes]:
    """Alters title and description on their way in."""

    def read(at: Read) -> Changes:
        title, description = at.changes.title, at.changes.description
        return replace(
            at.changes,
            title=None if title is None else change(title),
            description=None if description is None else change(description),
        )

    return read


def texts_shown(change: Callable[[str], str]) -> Callable[[Shown], Task]:
    """Alters title and description on their way out."""
    return lambda at: replace(at.task, title=change(at.task.title), description=change(at.task.description))


def texts_left_out(change: Callable[[str], str]) -> Callable[[Merge], Task]:
    """Alters title and description in an update that does not send them."""

    def merged(at: Merge) -> Task:
        title, description = at.after.title, at.after.description
        return replace(
            at.after,
            title=change(title) if at.changes.title is None else title,
            description=change(description) if at.changes.description is None else description,
        )

    return merged


def periodicity_left_out(change: Callable[[Periodicity], Periodicity]) -> Callable[[Merge], Task]:
    """Alters a periodicity in an update that does not send it."""

    def merged(at: Merge) -> Task:
        kept = at.after.periodicity if at.changes.periodicity is None else None
        return at.after if kept is None else replace(at.after, periodicity=change(kept))

    return merged


def dates_read(change: Callable[[Moment], Moment]) -> Callable[[Read], Changes]:
    """Alters start and end time on their way in."""

    def read(at: Read) -> Changes:
        start, end = at.changes.start, at.changes.end
        return replace(at.changes, start=start and change(start), end=end and change(end))

    return read


def opened(check: Check) -> Callable[[Gate], Code | None]:
    """Leaves a check out: whatever it finds, the request passes."""
    return lambda at: None if at.check is check else at.code


def bad_values_dropped(name: str, allowed: Callable[[str], bool]) -> Callable[[Element], None]:
    """Overlooks a member of the task whose value is not allowed, instead of refusing the request."""

    def received(request: Element) -> None:
        for task in request.findall("task"):
            for node in task.findall(name):
                if not allowed(text_of(node)):
                    task.remove(node)

    return received


def put_others(at: Merge, change: Callable[[Task], Task]) -> None:
    """Changes every task but the updated one, as a query without its WHERE does."""
    for task in list(at.call.store.tasks.values()):
        if task.id != at.after.id:
            at.call.store.tasks[task.id] = change(task)
