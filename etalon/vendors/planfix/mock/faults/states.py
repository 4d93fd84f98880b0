"""Faults that depend on what a task is like, or on the tasks around it, when an update comes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.changes import Changes
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.faults.fault import Fault
from etalon.vendors.planfix.mock.state import CLOSED_STATUSES, STATUSES

if TYPE_CHECKING:
    from etalon.vendors.planfix.mock.dates import Moment
    from etalon.vendors.planfix.mock.hooks import Merge
    from etalon.vendors.planfix.mock.state import Task

_FINISHED: Final = frozenset({STATUSES["COMPLETED"], STATUSES["DONE"]})


def _a_week_later(moment: Moment | None) -> Moment | None:
    with suppress(OverflowError):
        return moment and replace(moment, at=moment.at + timedelta(weeks=1))
    return moment


def _next_time(at: Merge) -> Task:
    if at.before.periodicity is None or at.changes.status not in _FINISHED:
        return at.after
    start, end = _a_week_later(at.after.start), _a_week_later(at.after.end)
    return replace(at.after, status=STATUSES["ACTIVE"], start=start, end=end)


def _description_of_closed(at: Merge) -> Task:
    closed = at.before.status in CLOSED_STATUSES and at.after.status in CLOSED_STATUSES
    return replace(at.after, description=at.before.description) if closed else at.after


def _reopen_children(at: Merge) -> None:
    tasks = at.call.store.tasks
    for task in list(tasks.values()):
        if task.parent == at.after.id and task.status in CLOSED_STATUSES:
            tasks[task.id] = replace(task, status=STATUSES["ACTIVE"])


def _take_parent_along(at: Merge) -> None:
    parent = at.call.store.tasks.get(at.after.parent)
    if parent and at.changes.project and parent.project == at.before.project:
        at.call.store.tasks[parent.id] = replace(parent, project=at.changes.project)


def _without_start_at_end(at: Merge) -> Task:
    start, end = at.after.start, at.after.end
    return replace(at.after, start=None) if start and start == end and not start.timed else at.after


def _none_affected(at: Merge) -> Task:
    if at.changes != Changes() and at.after == at.before:
        raise ApiError(Code.NO_SUCH_TASK)
    return at.after


OF_STATE: Final = (
    Fault(
        name="created-taken-from-update",
        family=FaultFamily.ALTERS,
        stands_for="An update copies whatever the request holds, the time of creation included.",
        reported="https://github.com/BroadleafCommerce/BroadleafCommerce/pull/3106",
        merged=lambda at: replace(at.after, created=at.changes.created or at.after.created),
    ),
    Fault(
        name="finished-repetition-starts-anew",
        family=FaultFamily.ALTERS,
        stands_for="A repeating task that is set to done moves its dates on and is not done.",
        reported="https://github.com/go-vikunja/frontend/issues/147",
        merged=_next_time,
    ),
    Fault(
        name="closed-task-keeps-description",
        family=FaultFamily.LOSES,
        stands_for="An update of something closed reports success and drops the text that it was given.",
        reported="https://github.com/gastownhall/beads/issues/5148",
        merged=_description_of_closed,
    ),
    Fault(
        name="update-reopens-children",
        family=FaultFamily.LEAKS,
        stands_for="Whatever is changed in a task resets the completed ones below it.",
        reported="https://github.com/dooit-org/dooit/issues/227",
        stored=_reopen_children,
    ),
    Fault(
        name="moved-child-takes-parent-along",
        family=FaultFamily.LEAKS,
        stands_for="A sub-task that is moved elsewhere moves the task above it, too.",
        reported="https://github.com/nextcloud/tasks/issues/1329",
        stored=_take_parent_along,
    ),
    Fault(
        name="start-dropped-on-day-of-end",
        family=FaultFamily.LOSES,
        stands_for="A start on the very day of the end, both without a time, is deleted.",
        reported="https://github.com/pimutils/todoman/issues/445",
        merged=_without_start_at_end,
    ),
    Fault(
        name="unchanged-update-not-found",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="The database reports no row as changed, and the record is said not to exist.",
        reported="https://github.com/apioo/fusio/issues/461",
        merged=_none_affected,
    ),
)
