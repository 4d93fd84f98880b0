"""Faults that lose what was sent, or what was there and should have stayed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.dates import Moment
from etalon.vendors.planfix.mock.faults.fault import Fault, dates_read, texts_read

if TYPE_CHECKING:
    from etalon.vendors.planfix.mock.hooks import Shown
    from etalon.vendors.planfix.mock.periodicity import Periodicity
    from etalon.vendors.planfix.mock.state import Task

_LOSES: Final = FaultFamily.LOSES
_CDATA: Final = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_COMMENT_AND_TEXT: Final = re.compile(rb"<!--.*?-->[^<]*", re.DOTALL)
_BMP_END: Final = "\uffff"
_TITLE_COLUMN: Final = 100
_DESCRIPTION_COLUMN: Final = 4000
_THIRD: Final = 2
"""Of three updates counted from zero."""


def _without_end_condition(periodicity: Periodicity | None) -> Periodicity | None:
    return periodicity and replace(periodicity, end_condition=None)


def _ending_on_a_day(periodicity: Periodicity | None) -> Periodicity | None:
    end = periodicity.end_condition if periodicity else None
    if periodicity is None or end is None or end.date is None:
        return periodicity
    day = Moment(end.date.at.replace(hour=0, minute=0), timed=False)
    return replace(periodicity, end_condition=replace(end, date=day))


def _rising(ids: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(number for place, number in enumerate(ids) if number >= max(ids[: place + 1]))


def _repeated_each_time(at: Shown) -> Task:
    periodicity = at.task.periodicity
    if periodicity is None:
        return at.task
    rule = periodicity.recurrence
    rule = replace(rule, shift=rule.shift and 1, month=rule.month and 1)
    return replace(at.task, periodicity=replace(periodicity, recurrence=rule))


def _on_first_of_month(at: Shown) -> Task:
    periodicity = at.task.periodicity
    if periodicity is None or periodicity.recurrence.type != "EVERY":
        return at.task
    rule = replace(periodicity.recurrence, day=periodicity.recurrence.day and 1)
    return replace(at.task, periodicity=replace(periodicity, recurrence=rule))


LOSING: Final = (
    Fault(
        name="update-loses-description",
        family=_LOSES,
        stands_for="The update statement names every column: a description that was not sent becomes empty.",
        merged=lambda at: (
            at.after if at.changes.description is not None else replace(at.after, description="")
        ),
    ),
    Fault(
        name="description-update-ignored",
        family=_LOSES,
        stands_for="The description was moved to a table of its own, which an update does not write.",
        merged=lambda at: replace(at.after, description=at.before.description),
    ),
    Fault(
        name="title-cut-at-100",
        family=_LOSES,
        stands_for="A database in a lenient mode cuts a title to the width of its column without a word.",
        read=texts_read(lambda text: text[:_TITLE_COLUMN]),
    ),
    Fault(
        name="emoji-lost",
        family=_LOSES,
        stands_for="A three-byte UTF-8 column (MySQL's `utf8`) drops characters beyond the basic plane.",
        read=texts_read(lambda text: "".join(letter for letter in text if letter <= _BMP_END)),
    ),
    Fault(
        name="cdata-lost",
        family=_LOSES,
        stands_for="The XML reader takes text nodes only, so that CDATA sections contribute nothing.",
        source=lambda source: _CDATA.sub(b"", source),
    ),
    Fault(
        name="text-after-comment-lost",
        family=_LOSES,
        stands_for="The XML reader takes an element's first text node; a comment ends it.",
        source=lambda source: _COMMENT_AND_TEXT.sub(b"", source),
    ),
    Fault(
        name="status-not-stored",
        family=_LOSES,
        stands_for="Status changes need a right that the API user lacks, and are dropped instead of refused.",
        merged=lambda at: replace(at.after, status=at.before.status),
    ),
    Fault(
        name="check-result-never-cleared",
        family=_LOSES,
        stands_for="`if ($checkResult)` takes a sent 0 for a value that was not sent.",
        read=lambda at: replace(at.changes, check_result=at.changes.check_result or None),
    ),
    Fault(
        name="owner-change-ignored",
        family=_LOSES,
        stands_for="The owner can be set at creation only, but the update accepts one and drops it.",
        merged=lambda at: replace(at.after, owner=at.before.owner),
    ),
    Fault(
        name="end-time-dropped",
        family=_LOSES,
        stands_for="The end is kept in a DATE column, and its time of day is lost.",
        read=lambda at: replace(
            at.changes,
            end=at.changes.end and Moment(at.changes.end.at.replace(hour=0, minute=0), timed=False),
        ),
    ),
    Fault(
        name="minutes-dropped",
        family=_LOSES,
        stands_for="Times are rounded to the calendar's grid of whole hours.",
        read=dates_read(lambda moment: replace(moment, at=moment.at.replace(minute=0))),
    ),
    Fault(
        name="parent-zero-ignored",
        family=_LOSES,
        stands_for="`if ($parentId)` takes the zero that detaches a task for a value that was not sent.",
        read=lambda at: replace(at.changes, parent=at.changes.parent or None),
    ),
    Fault(
        name="client-kept-on-zero",
        family=_LOSES,
        stands_for="The zero that detaches a client fails its look-up, and the update goes on without it.",
        read=lambda at: replace(at.changes, client=at.changes.client or None),
    ),
    Fault(
        name="project-cleared-by-update",
        family=_LOSES,
        stands_for="A form default of zero for the project is written whenever no project is sent.",
        merged=lambda at: at.after if at.changes.project is not None else replace(at.after, project=0),
    ),
    Fault(
        name="end-cleared-by-update",
        family=_LOSES,
        stands_for="A missing end time is parsed as an empty date and stored as such.",
        merged=lambda at: replace(at.after, end=at.changes.end),
    ),
    Fault(
        name="add-users-only-first",
        family=_LOSES,
        stands_for="A list is read as if it held one element, as XML-to-array converters invite to.",
        read=lambda at: replace(at.changes, add_users=at.changes.add_users[:1]),
    ),
    Fault(
        name="unsorted-ids-lost",
        family=_LOSES,
        stands_for="The list of ids is merged with a sorted one, and what comes out of order is passed over.",
        read=lambda at: replace(at.changes, add_users=_rising(at.changes.add_users)),
    ),
    Fault(
        name="del-users-ignored",
        family=_LOSES,
        stands_for="The delta became a full list in a later version, and `delUsers` is no longer read.",
        read=lambda at: replace(at.changes, del_users=()),
    ),
    Fault(
        name="del-groups-ignored",
        family=_LOSES,
        stands_for="Deleting was written for users and never carried over to groups.",
        read=lambda at: replace(at.changes, del_groups=()),
    ),
    Fault(
        name="groups-ignored-beside-users",
        family=_LOSES,
        stands_for="An `else if` between users and groups reads only the first list of a request.",
        read=lambda at: replace(at.changes, add_groups=()) if at.changes.add_users else at.changes,
    ),
    Fault(
        name="del-ignored-beside-add",
        family=_LOSES,
        stands_for="A request that adds and deletes is served by the branch that adds.",
        read=lambda at: replace(at.changes, del_users=()) if at.changes.add_users else at.changes,
    ),
    Fault(
        name="periodicity-lost-on-title-update",
        family=_LOSES,
        stands_for="The task is rebuilt from the request, and a periodicity that was not sent is deleted.",
        merged=lambda at: replace(at.after, periodicity=at.changes.periodicity),
    ),
    Fault(
        name="unset-ignored",
        family=_LOSES,
        stands_for="The `unset` attribute disappears in the conversion of XML to arrays.",
        merged=lambda at: (
            replace(at.after, periodicity=at.before.periodicity) if at.changes.unset_periodicity else at.after
        ),
    ),
    Fault(
        name="end-condition-lost",
        family=_LOSES,
        stands_for="The end condition is stored by the web form's own code, which the API does not call.",
        read=lambda at: replace(at.changes, periodicity=_without_end_condition(at.changes.periodicity)),
    ),
    Fault(
        name="repeat-end-loses-time",
        family=_LOSES,
        stands_for="The date on which a repetition ends is kept in a DATE column.",
        read=lambda at: replace(at.changes, periodicity=_ending_on_a_day(at.changes.periodicity)),
    ),
    Fault(
        name="notify-lost",
        family=_LOSES,
        stands_for="Notifications moved into reminders, and the periodicity no longer shows them.",
        shown=lambda at: replace(
            at.task, periodicity=at.task.periodicity and replace(at.task.periodicity, notify=None)
        ),
    ),
    Fault(
        name="every-third-update-ignored",
        family=_LOSES,
        stands_for="One node of three writes to a replica that is thrown away.",
        merged=lambda at: at.before if at.call.store.updates[at.before.id] % 3 == _THIRD else at.after,
    ),
    Fault(
        name="client-cleared-by-update",
        family=_LOSES,
        stands_for="A client that was not sent is bound to 0, and 0 detaches.",
        merged=lambda at: at.after if at.changes.client is not None else replace(at.after, client=0),
    ),
    Fault(
        name="parent-cleared-by-update",
        family=_LOSES,
        stands_for="The tree is written anew on every update, from the parent that the request names.",
        merged=lambda at: at.after if at.changes.parent is not None else replace(at.after, parent=0),
    ),
    Fault(
        name="title-falls-back-to-default",
        family=_LOSES,
        stands_for="The rule that no task goes without a title looks at the request, not at the task.",
        merged=lambda at: (
            at.after if at.changes.title is not None else replace(at.after, title=f"Задача {at.after.id}")
        ),
    ),
    Fault(
        name="add-groups-only-first",
        family=_LOSES,
        stands_for="Groups are read by the path of one element, where users are read as a list.",
        read=lambda at: replace(at.changes, add_groups=at.changes.add_groups[:1]),
    ),
    Fault(
        name="description-cut-at-4000",
        family=_LOSES,
        stands_for="A database whose longest plain column holds 4,000 characters cuts without a word.",
        read=texts_read(lambda text: text[:_DESCRIPTION_COLUMN]),
    ),
    Fault(
        name="repeat-distance-lost",
        family=_LOSES,
        stands_for="The distance of repetitions has a default of one, and the API does not pass it on.",
        shown=_repeated_each_time,
    ),
    Fault(
        name="monthly-day-lost",
        family=_LOSES,
        stands_for="A repetition by months is stored by its months alone, and the day is the first again.",
        shown=_on_first_of_month,
    ),
)
