"""What the portal does for each operation on a task, and for the look-ups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from etalon.vendors.r7.mock import authorisation, listing, rendering
from etalon.vendors.r7.mock.calls import Reply, Write
from etalon.vendors.r7.mock.conversion import ABSENT, LARGEST_INT, PARAMETERS
from etalon.vendors.r7.mock.entries import Task
from etalon.vendors.r7.mock.faults.hooks import fold, visit
from etalon.vendors.r7.mock.inbound import Operation
from etalon.vendors.r7.mock.problems import ApiError, access_denied, bad_argument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from etalon.vendors.r7.mock.calls import Call


def _create(call: Call) -> Reply:
    _bind(call)
    return Reply(_save(call, None), status=201)


def _update(call: Call) -> Reply:
    _bind(call)
    _check_id(call, smallest=0)
    if call.dialect.unknown_update_creates and call.task_id not in call.books.tasks:
        return Reply(_save(call, None))
    return Reply(_save(call, call.books.task(call.task_id)))


def _read(call: Call) -> Reply:
    _check_id(call, smallest=1)
    faults = call.portal.faults
    task = fold((fault.finds for fault in faults), call, call.books.task(call.task_id))
    return Reply(_shown(call, task))


def _delete(call: Call) -> Reply:
    _check_id(call, smallest=1)
    task = call.books.task(call.task_id)
    _check_editor(call, task)
    shown = _shown(call, task)
    del call.books.tasks[task.id]
    visit((fault.deletes for fault in call.portal.faults), call, task)
    return Reply(shown)


def _close(call: Call) -> Reply:
    return _set_closed(call, is_closed=True)


def _reopen(call: Call) -> Reply:
    return _set_closed(call, is_closed=False)


def _set_closed(call: Call, *, is_closed: bool) -> Reply:
    if call.task_id not in call.books.tasks:
        raise ApiError(call.dialect.misses_close_with, "Task is not found")
    task = call.books.task(call.task_id)
    _check_editor(call, task)
    call.books.tasks[task.id] = replace(task, is_closed=is_closed)
    return Reply(_shown(call, call.books.tasks[task.id]))


def _bind(call: Call) -> None:
    """Read the parameters and type them; what counts as not sent is left out.

    Raises:
        ApiError: for a body or a parameter that the dialect cannot read.
    """
    dialect = call.dialect
    call.spelt = dialect.reads(call.inbound)
    typed = {
        parameter.attribute: dialect.converts(parameter, call.spelt[parameter.name])
        for parameter in PARAMETERS
        if parameter.name in call.spelt
    }
    values = {attribute: value for attribute, value in typed.items() if value is not ABSENT}
    call.values = fold((fault.binds for fault in call.portal.faults), call, values)


def _save(call: Call, old: Task | None) -> rendering.Members:
    """Check and store what was sent as a new task or over an old one, and return what is answered.

    Raises:
        ApiError: when the dialect refuses it; nothing has changed then.
    """
    books, dialect, faults = call.books, call.dialect, call.portal.faults
    draft = replace(_draft_over(call, old), **call.values)
    dialect.checks(books, draft, call.values, old is None)
    if old is None:
        draft = replace(draft, id=books.take_id(), created=call.portal.clock())
    else:
        _check_editor(call, old)
    write = Write(call, old)
    written = fold((fault.writes for fault in faults), write, draft)
    kept = fold((fault.stores for fault in faults), write, dialect.keeps(written))
    books.tasks[kept.id] = kept
    visit((fault.settles for fault in faults), write, kept)
    return _shown(call, fold((fault.echoes for fault in faults), write, written))


def _draft_over(call: Call, old: Task | None) -> Task:
    """Return the task that the values are laid over: the old one, or a blank in its place."""
    if old is None:
        return Task(id=0, author=call.caller.guid, created=0)
    if call.dialect.update_replaces:
        return Task(id=old.id, author=old.author, created=old.created, is_closed=old.is_closed)
    return old


def _shown(call: Call, task: Task) -> rendering.Members:
    members = rendering.task_members(call, task)
    return fold((fault.shows for fault in call.portal.faults), call, members)


def _check_id(call: Call, *, smallest: int) -> None:
    if call.dialect.refuses_odd_ids and not smallest <= call.task_id <= LARGEST_INT:
        raise bad_argument()


def _check_editor(call: Call, task: Task) -> None:
    if not call.books.may_edit(call.caller, task):
        raise access_denied()


OPERATIONS: Mapping[Operation, Callable[[Call], Reply]] = {
    Operation.LOG_IN: authorisation.log_in,
    Operation.SELF: listing.oneself,
    Operation.PEOPLE: listing.people,
    Operation.CATEGORIES: listing.categories,
    Operation.CONTACTS: listing.contacts,
    Operation.OPPORTUNITIES: listing.opportunities,
    Operation.CASES: listing.cases,
    Operation.TASKS: listing.tasks,
    Operation.CREATE: _create,
    Operation.READ: _read,
    Operation.UPDATE: _update,
    Operation.DELETE: _delete,
    Operation.CLOSE: _close,
    Operation.REOPEN: _reopen,
}
"""What carries out each operation."""
