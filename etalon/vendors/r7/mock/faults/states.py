"""Faults that depend on the state of the task: closed, just created, beside another, with which members."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.faults.hooks import Fault

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.calls import Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Task

_loses = partial(Fault, family=FaultFamily.LOSES)
_leaks = partial(Fault, family=FaultFamily.LEAKS)


def _unsaved_if_closed(write: Write, task: Task) -> Task:
    return write.old if write.old and write.old.is_closed else task


def _closed_without_alarm(write: Write, task: Task) -> Task:
    if write.old is None or not write.old.is_closed or "alert_value" in write.call.values:
        return task
    return replace(task, alert_value=None)


def _zero_beside_deadline(_call: Call, values: Values) -> Values:
    if "deadline" not in values or values.get("alert_value") != 0:
        return values
    return {name: value for name, value in values.items() if name != "alert_value"}


def _contact_of_entity(write: Write, task: Task) -> Task:
    if write.old is not None or task.entity_type is None:
        return task
    return replace(task, contact=0)


def _inserts_while_fresh(write: Write, task: Task) -> None:
    books = write.call.books
    fresh: set[int] = write.call.portal.memory.setdefault("fresh", set())
    if write.old is None:
        fresh.add(task.id)
    elif task.id in fresh:
        fresh.remove(task.id)
        copy = replace(task, id=books.take_id())
        books.tasks[copy.id] = copy


def _copies_for_new_responsible(write: Write, task: Task) -> None:
    books = write.call.books
    if write.old is not None and write.old.responsible != task.responsible:
        copy = replace(task, id=books.take_id(), created=write.call.portal.clock())
        books.tasks[copy.id] = copy


def _unlinks_contact(call: Call, task: Task) -> None:
    tasks = call.books.tasks
    for other in list(tasks.values()):
        if task.contact and other.contact == task.contact:
            tasks[other.id] = replace(other, contact=0)


DEPENDING_ON_STATE: tuple[Fault, ...] = (
    _loses(
        name="closed-task-edit-not-saved",
        stands_for="a board that reports the edit of a task in a certain state as saved and does not save it",
        reported="https://github.com/Achuan-2/siyuan-plugin-task-note-management/issues/206",
        stores=_unsaved_if_closed,
    ),
    _loses(
        name="closed-task-loses-reminder-on-update",
        stands_for="a save that drops the alarm of whatever is completed",
        reported="https://github.com/tasks/tasks/issues/3848",
        writes=_closed_without_alarm,
    ),
    _loses(
        name="zero-reminder-lost-beside-deadline",
        stands_for="a reminder whose moment is worked out from the start only where its minutes are truthy",
        reported="https://github.com/RocketChat/Rocket.Chat/issues/38965",
        binds=_zero_beside_deadline,
    ),
    _loses(
        name="contact-of-new-task-lost-beside-entity",
        stands_for="a link of a new task that is filled in from its other link, over the one that was chosen",
        reported="https://github.com/espocrm/espocrm/issues/3003",
        stores=_contact_of_entity,
    ),
    _leaks(
        name="first-update-inserts-again",
        stands_for="a save that takes a row of version 0 for a new one, and so inserts at the first update",
        reported="https://github.com/spring-projects/spring-data-jpa/issues/957",
        settles=_inserts_while_fresh,
    ),
    _leaks(
        name="new-responsible-gets-a-copy",
        stands_for="a change of the assignee that makes a second task for the new one",
        reported="https://github.com/Expensify/App/pull/39328",
        settles=_copies_for_new_responsible,
    ),
    _leaks(
        name="delete-unlinks-contact-of-others",
        stands_for="a deletion that takes the related record's links to everything else along",
        reported="https://github.com/YetiForceCompany/YetiForceCRM/issues/2590",
        deletes=_unlinks_contact,
    ),
)
