"""Faults that keep a value, but not as it was."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.dates import ZONE, Moment, minute_of
from etalon.vendors.planfix.mock.faults.fault import Fault, dates_read, texts_read, texts_shown
from etalon.vendors.planfix.mock.state import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.planfix.mock.hooks import Card, Shown
    from etalon.vendors.planfix.mock.periodicity import Recurrence
    from etalon.vendors.planfix.mock.state import Task

_ALTERS: Final = FaultFamily.ALTERS
_RUNS_OF_BLANKS: Final = re.compile(r"[ \t]+")
_TAGS: Final = re.compile(r"<[^>]*>")
_DECLARED_CYRILLIC: Final = re.compile(rb"^(<\?xml[^>]*encoding\s*=\s*.)windows-1251", re.IGNORECASE)
_DAYS_IN_A_WEEK: Final = 7
_LEAP_DAY: Final = (2, 29)


def _swapped(moment: Moment) -> Moment:
    with suppress(ValueError):
        return replace(moment, at=moment.at.replace(day=moment.at.month, month=moment.at.day))
    return moment


def _in_utc(moment: Moment) -> Moment:
    offset = ZONE.utcoffset(None)
    with suppress(OverflowError):
        return replace(moment, at=moment.at - offset) if moment.timed else moment
    return moment


def _without_leap_day(moment: Moment) -> Moment:
    is_leap_day = (moment.at.month, moment.at.day) == _LEAP_DAY
    return replace(moment, at=moment.at.replace(day=28)) if is_leap_day else moment


def _number_of_revision(at: Card) -> None:
    node = at.node.find("general")
    if node is not None:
        node.text = str(at.task.general + at.call.store.updates[at.task.id])


def _ends_after_once(at: Shown) -> Task:
    periodicity = at.task.periodicity
    end = periodicity.end_condition if periodicity else None
    if periodicity is None or end is None or end.type != "ENDLESS":
        return at.task
    once = replace(end, type="BYCOUNT", repeat_count=1)
    return replace(at.task, periodicity=replace(periodicity, end_condition=once))


def _misread_as_latin_1(source: bytes) -> bytes:
    return _DECLARED_CYRILLIC.sub(rb"\1iso-8859-1", source)


def _recurrence(change: Callable[[Recurrence], Recurrence]) -> Callable[[Shown], Task]:
    def shown(at: Shown) -> Task:
        periodicity = at.task.periodicity
        if periodicity is None:
            return at.task
        return replace(at.task, periodicity=replace(periodicity, recurrence=change(periodicity.recurrence)))

    return shown


ALTERING: Final = (
    Fault(
        name="update-resets-importance",
        family=_ALTERS,
        stands_for="An enumeration that was not sent is bound to its default and written.",
        merged=lambda at: at.after if at.changes.importance else replace(at.after, importance="AVERAGE"),
    ),
    Fault(
        name="update-reactivates",
        family=_ALTERS,
        stands_for="Every update goes through the creation code, which sets the status to new.",
        merged=lambda at: (
            at.after if at.changes.status is not None else replace(at.after, status=STATUSES["ACTIVE"])
        ),
    ),
    Fault(
        name="owner-becomes-caller",
        family=_ALTERS,
        stands_for="The owner's default, which is the caller and meant for task.add, is applied to updates.",
        merged=lambda at: at.after if at.changes.owner else replace(at.after, owner=at.call.caller.id),
    ),
    Fault(
        name="created-moves",
        family=_ALTERS,
        stands_for="The creation time is a TIMESTAMP column that the database renews on every update.",
        merged=lambda at: replace(
            at.after,
            created=minute_of(at.call.store.clock() + timedelta(minutes=at.call.store.updates[at.after.id])),
        ),
    ),
    Fault(
        name="amp-double-escaped",
        family=_ALTERS,
        stands_for="Text is escaped on its way into the database and again in the answer.",
        read=texts_read(escape),
    ),
    Fault(
        name="markup-stripped",
        family=_ALTERS,
        stands_for="`strip_tags` takes whatever stands between angle brackets for markup.",
        read=texts_read(lambda text: _TAGS.sub("", text)),
    ),
    Fault(
        name="blanks-trimmed",
        family=_ALTERS,
        stands_for="Every parameter is trimmed when it is read.",
        read=texts_read(str.strip),
    ),
    Fault(
        name="blanks-collapsed",
        family=_ALTERS,
        stands_for="The answer shows text as a browser would, with runs of blanks as one.",
        shown=texts_shown(lambda text: _RUNS_OF_BLANKS.sub(" ", text)),
    ),
    Fault(
        name="newlines-flattened",
        family=_ALTERS,
        stands_for="Line breaks become blanks on the way into a one-line field.",
        read=texts_read(lambda text: text.replace("\n", " ")),
    ),
    Fault(
        name="newlines-become-br",
        family=_ALTERS,
        stands_for="`nl2br` prepares the text for the web page, and the API shows the result.",
        shown=texts_shown(lambda text: text.replace("\n", "<br/>\n")),
    ),
    Fault(
        name="text-recomposed",
        family=_ALTERS,
        stands_for="Text is normalised to NFC, and decomposed letters come back composed.",
        read=texts_read(lambda text: unicodedata.normalize("NFC", text)),
    ),
    Fault(
        name="yo-becomes-ye",
        family=_ALTERS,
        stands_for="A search normalisation that makes ё into е is applied to the stored text.",
        read=texts_read(lambda text: text.replace("ё", "е").replace("Ё", "Е")),
    ),
    Fault(
        name="declared-encoding-ignored",
        family=_ALTERS,
        stands_for="A request in windows-1251 is read byte by byte as Latin-1, whatever it declares.",
        source=_misread_as_latin_1,
    ),
    Fault(
        name="short-date-grows-time",
        family=_ALTERS,
        stands_for="A date without a time is stored as midnight and shown as 00:00.",
        shown=lambda at: replace(
            at.task,
            start=at.task.start and Moment(at.task.start.at, timed=True),
            end=at.task.end and Moment(at.task.end.at, timed=True),
        ),
    ),
    Fault(
        name="dates-stored-in-utc",
        family=_ALTERS,
        stands_for="Times are converted to UTC when stored and not converted back when shown.",
        read=dates_read(_in_utc),
    ),
    Fault(
        name="day-and-month-swapped",
        family=_ALTERS,
        stands_for="Dates are parsed by an American format wherever that is possible.",
        read=dates_read(_swapped),
    ),
    Fault(
        name="workers-doubled-by-add",
        family=_ALTERS,
        stands_for="Adding a worker inserts a row without looking whether there is one.",
        merged=lambda at: replace(
            at.after,
            users=at.after.users + tuple(user for user in at.changes.add_users if user in at.before.users),
        ),
    ),
    Fault(
        name="add-toggles-users",
        family=_ALTERS,
        stands_for="A check box's handler serves the API: adding a worker who is there already removes them.",
        merged=lambda at: replace(
            at.after,
            users=tuple(
                user
                for user in at.after.users
                if not (user in at.before.users and user in at.changes.add_users)
            ),
        ),
    ),
    Fault(
        name="weekly-days-off-by-one",
        family=_ALTERS,
        stands_for="Weekdays are stored from Sunday as 1 and shown without converting back.",
        shown=_recurrence(
            lambda rule: replace(rule, days=tuple(day % _DAYS_IN_A_WEEK + 1 for day in rule.days))
        ),
    ),
    Fault(
        name="weekly-sunday-lost",
        family=_ALTERS,
        stands_for="Weekdays are read modulo seven, and Sunday becomes a day 0 that no list shows.",
        shown=_recurrence(
            lambda rule: replace(rule, days=tuple(day for day in rule.days if day != _DAYS_IN_A_WEEK))
        ),
    ),
    Fault(
        name="monthly-exact-read-as-every",
        family=_ALTERS,
        stands_for="The kind of day is not stored, and the second Monday becomes the second of the month.",
        shown=_recurrence(
            lambda rule: replace(rule, type="EVERY", day_type=None) if rule.type == "EXACT" else rule
        ),
    ),
    Fault(
        name="workday-read-as-day",
        family=_ALTERS,
        stands_for="The type of day is one of eight in the table, and a working day has no place there.",
        shown=_recurrence(lambda rule: replace(rule, day_type="DAY") if rule.day_type == "WORKDAY" else rule),
    ),
    Fault(
        name="after-complete-read-as-every",
        family=_ALTERS,
        stands_for="Two types that share a column are told apart by a flag that the API does not set.",
        shown=_recurrence(
            lambda rule: (
                replace(rule, type="EVERY") if (rule.kind, rule.type) == ("daily", "AFTER_COMPLETE") else rule
            )
        ),
    ),
    Fault(
        name="periodicity-start-follows-task",
        family=_ALTERS,
        stands_for="The start of the repetition is recomputed from the task's own start time.",
        merged=lambda at: replace(
            at.after,
            periodicity=at.after.periodicity
            and replace(at.after.periodicity, start_date=at.after.start or at.after.periodicity.start_date),
        ),
    ),
    Fault(
        name="leap-day-becomes-day-before",
        family=_ALTERS,
        stands_for="A calendar of 365 days gives the leap day to the 28th of February.",
        read=dates_read(_without_leap_day),
    ),
    Fault(
        name="every-working-read-as-every",
        family=_ALTERS,
        stands_for="Working days came with a later version, and the API of before takes every type for days.",
        shown=_recurrence(
            lambda rule: replace(rule, type="EVERY", shift=1) if rule.type == "EVERY_WORKING" else rule
        ),
    ),
    Fault(
        name="long-completion-read-as-every",
        family=_ALTERS,
        stands_for="Repeating after completion works by days alone; weeks and months get the plain type.",
        shown=_recurrence(
            lambda rule: (
                replace(rule, type="EVERY", days=(1,), day=1)
                if rule.kind != "daily" and rule.type == "AFTER_COMPLETE"
                else rule
            )
        ),
    ),
    Fault(
        name="number-counts-revisions",
        family=_ALTERS,
        stands_for="The number that is shown is that of the task's latest revision.",
        card=_number_of_revision,
    ),
    Fault(
        name="endless-read-as-once",
        family=_ALTERS,
        stands_for="No end is stored as no number of times, and no number is shown as one.",
        shown=_ends_after_once,
    ),
)
