"""Faults that carry data from one member, task or person into another."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.faults.hooks import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Answer, Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Task
    from etalon.vendors.r7.mock.rendering import Members

_leaked = partial(Fault, family=FaultFamily.LEAKS)


def _onto_others(
    name: str,
    stands_for: str,
    change: Callable[[Task, Task], Task],
    concerns: Callable[[Write, Task, Task], bool],
) -> Fault:
    """Return a fault that changes the other tasks which an update concerns.

    Args:
        name: of the fault.
        stands_for: the real defect.
        change: (another task, the updated one) → the other task as it becomes.
        concerns: (write, another task, the updated one) → whether it is changed.
    """

    def settle(write: Write, task: Task) -> None:
        tasks = write.call.books.tasks
        for other in list(tasks.values()):
            if write.old is not None and other.id != task.id and concerns(write, other, task):
                tasks[other.id] = change(other, task)

    return _leaked(name=name, stands_for=stands_for, settles=settle)


def _beside(call: Call, task_id: int) -> set[int]:
    """Return the ids of the tasks before and after that one."""
    ids = call.books.tasks.keys() - {task_id}
    before = max((key for key in ids if key < task_id), default=None)
    after = min((key for key in ids if key > task_id), default=None)
    return {key for key in (before, after) if key is not None}


def _is_neighbour(write: Write, other: Task, task: Task) -> bool:
    return other.id in _beside(write.call, task.id)


def _fills_empty_description(call: Call, values: Values) -> Values:
    memory = call.portal.memory
    if values.get("description"):
        memory["description"] = values["description"]
        return values
    if call.task_id or "description" not in memory:
        return values
    return {**values, "description": memory["description"]}


def _description_of_last_read(call: Call, members: Members) -> Members:
    last = call.portal.memory.get("shown")
    call.portal.memory["shown"] = members.get("description")
    return {**members, "description": last} if last and "description" not in members else members


def _overwrites_last(write: Write, task: Task) -> Task:
    ids = [key for key in write.call.books.tasks if key >= task.id - 1]
    return replace(task, id=ids[-1]) if write.old is None and ids else task


def _id_as_on_arrival(write: Write, task: Task) -> Task:
    return task if write.old else replace(task, id=write.call.arrival.free_id)


def _takes_neighbours_along(call: Call, task: Task) -> None:
    for key in _beside(call, task.id):
        del call.books.tasks[key]


def _copies_title(_write: Write, task: Task) -> Task:
    return replace(task, description=task.title)


def _token_in_error(call: Call, answer: Answer) -> Answer:
    if "error" not in answer.envelope:
        return answer
    error = answer.envelope["error"]
    sent = call.inbound.headers.get("authorization", "")
    message = f"{error['message']} [Authorization: {sent}]"
    return replace(answer, envelope={**answer.envelope, "error": {**error, "message": message}})


def _password_in_person(call: Call, members: Members) -> Members:
    author = members.get("createBy", {})
    person = call.books.people.get(author.get("id"))
    return {**members, "createBy": {**author, "password": person.password}} if person else members


LEAKING: tuple[Fault, ...] = (
    _onto_others(
        "update-touches-neighbour",
        "an update whose WHERE takes a range of ids that is off by one at both ends",
        lambda other, task: replace(other, title=task.title),
        _is_neighbour,
    ),
    _onto_others(
        "update-moves-deadlines-of-category",
        "an update that joins on the category and so reaches all tasks in it",
        lambda other, task: replace(other, deadline=task.deadline),
        lambda _, other, task: other.category == task.category,
    ),
    _onto_others(
        "update-describes-tasks-of-contact",
        "a note that is kept with the contact and shown by each of its tasks",
        lambda other, task: replace(other, description=task.description),
        lambda _, other, task: 0 != other.contact == task.contact,
    ),
    _onto_others(
        "update-reassigns-namesakes",
        "an update that finds its task by title",
        lambda other, task: replace(other, responsible=task.responsible),
        lambda _, other, task: other.title == task.title,
    ),
    _leaked(
        name="description-leaks-into-next-create",
        stands_for="a form object that is pooled and not cleared between requests",
        binds=_fills_empty_description,
    ),
    _leaked(
        name="answer-shows-last-description",
        stands_for="a serialisation buffer that is reused: a member that is absent shows the last one's",
        shows=_description_of_last_read,
    ),
    _leaked(
        name="title-copied-into-description",
        stands_for="a call that passes one of two parameters of the same type twice",
        stores=_copies_title,
    ),
    _leaked(
        name="deadline-leaks-into-created",
        stands_for="two date columns that are read by position, of which one moved",
        stores=lambda _, task: replace(task, created=task.deadline),
    ),
    _leaked(
        name="create-overwrites-last-task",
        stands_for="an id that is taken from MAX(id) in a stale snapshot",
        writes=_overwrites_last,
    ),
    _leaked(
        name="delete-takes-neighbour",
        stands_for="a delete by the same sort of range",
        deletes=_takes_neighbours_along,
    ),
    _leaked(
        name="token-leaks-into-error",
        stands_for="an error text that quotes the request's headers",
        answers=_token_in_error,
    ),
    _leaked(
        name="password-leaks-into-person",
        stands_for="a person's row that is serialised as it lies in the table",
        shows=_password_in_person,
    ),
    _leaked(
        name="simultaneous-creations-share-id",
        stands_for="an id that is counted up outside the transaction",
        lags=0.03,
        writes=_id_as_on_arrival,
    ),
)
