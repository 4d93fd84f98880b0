"""Faults that strike later: in an update that leaves the member alone, or in what follows a refusal."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.dates import TICKS_PER_MINUTE, TICKS_PER_SECOND
from etalon.vendors.r7.mock.faults.hooks import Fault
from etalon.vendors.r7.mock.faults.moments import is_summer
from etalon.vendors.r7.mock.inbound import Operation
from etalon.vendors.r7.mock.problems import ApiError, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Answer, Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Task

_loses = partial(Fault, family=FaultFamily.LOSES)
_alters = partial(Fault, family=FaultFamily.ALTERS)
_leaks = partial(Fault, family=FaultFamily.LEAKS)
_answers = partial(Fault, family=FaultFamily.ANSWERS_WRONGLY)

_REFUSALS = range(400, 500)
_WRITES = {Operation.CREATE, Operation.UPDATE}


def _where_not_sent(attribute: str, change: Callable[[Task], Task]) -> Callable[[Write, Task], Task]:
    """Change the task in an update that leaves that attribute alone."""

    def write(write: Write, task: Task) -> Task:
        return task if write.old is None or attribute in write.call.values else change(task)

    return write


def _with_bare_line_ends(task: Task) -> Task:
    return replace(task, description=(task.description or "").replace("\r\n", "\n") or task.description)


def _read_as_number(task: Task) -> Task:
    text = task.description or ""
    return replace(task, description=str(int(text))) if re.fullmatch(r"0[0-9]{1,40}", text) else task


def _an_hour_later_in_summer(task: Task) -> Task:
    hour = 60 * TICKS_PER_MINUTE
    return replace(task, deadline=task.deadline + hour) if is_summer(task.deadline) else task


def _keeps_refused_values(call: Call, answer: Answer) -> Answer:
    if call.operation is Operation.UPDATE and answer.status in _REFUSALS:
        sent = {name: call.spelt.get(name) for name in ("title", "description")}
        texts = {name: text for name, text in sent.items() if isinstance(text, str) and text}
        call.portal.memory[f"refused {call.task_id}"] = texts
    return answer


def _adds_refused_values(write: Write, task: Task) -> Task:
    if write.old is None:
        return task
    refused = write.call.portal.memory.pop(f"refused {task.id}", {})
    return replace(task, **{name: text for name, text in refused.items() if name not in write.call.values})


def _leaves_transaction_open(call: Call, answer: Answer) -> Answer:
    if call.operation in _WRITES and answer.status in _REFUSALS and call.values:
        call.portal.memory["aborted"] = True
    return answer


def _meets_open_transaction(call: Call, values: Values) -> Values:
    if call.portal.memory.pop("aborted", False):
        raise ApiError(500, "The transaction was rolled back due to a previous exception.")
    return values


def _remembers_the_missing(call: Call, answer: Answer) -> Answer:
    if call.operation is Operation.READ and answer.status == 404:  # noqa: PLR2004 - HTTP
        call.portal.memory.setdefault("missing", set()).add(call.task_id)
    return answer


def _still_missing(call: Call, task: Task) -> Task:
    if task.id in call.portal.memory.get("missing", ()):
        raise not_found("Task")
    return task


STRIKING_LATER: tuple[Fault, ...] = (
    _alters(
        name="line-ends-redone-by-next-update",
        stands_for="a layer that loads a whole issue and writes its texts back with line feeds alone, "
        "whichever member it came for",
        reported="https://github.com/zapadi/redmine-net-api/issues/66",
        writes=_where_not_sent("description", _with_bare_line_ends),
    ),
    _alters(
        name="title-escaped-by-next-update",
        stands_for="a title that is escaped for the edit form and saved so when only the text changed",
        reported="https://github.com/NodeBB/NodeBB/issues/1498",
        writes=_where_not_sent("title", lambda task: replace(task, title=html.escape(task.title))),
    ),
    _alters(
        name="leading-zeros-lost-by-next-update",
        stands_for="a store that reads a text of digits as a number, and saves that the next time",
        reported="https://github.com/statamic/v2-hub/issues/378",
        writes=_where_not_sent("description", _read_as_number),
    ),
    _loses(
        name="deadline-fraction-lost-by-next-update",
        stands_for="a moment that is stored whole, and without its fraction with any other change",
        reported="https://github.com/etianen/django-reversion/issues/599",
        writes=_where_not_sent(
            "deadline",
            lambda task: replace(task, deadline=task.deadline // TICKS_PER_SECOND * TICKS_PER_SECOND),
        ),
    ),
    _alters(
        name="summer-deadline-moves-with-next-update",
        stands_for="an edit that saves the local clock as if it were UTC, which only shows in summer",
        reported="https://github.com/TheRestartProject/restarters.net/pull/460",
        writes=_where_not_sent("deadline", _an_hour_later_in_summer),
    ),
    _leaks(
        name="refused-values-saved-with-next-update",
        stands_for="an object that was bound and rejected, and is flushed with what follows in the session",
        reported="https://github.com/apache/grails-data-mapping/issues/1159",
        answers=_keeps_refused_values,
        writes=_adds_refused_values,
    ),
    _answers(
        name="refusal-breaks-next-write",
        stands_for="a database session that nobody rolls back after an error, so that its next user fails",
        reported="https://github.com/geopython/pywps/issues/176",
        binds=_meets_open_transaction,
        answers=_leaves_transaction_open,
    ),
    _answers(
        name="missing-task-remembered-as-missing",
        stands_for="a cache that keeps a 404 and is not told when the thing comes into being",
        reported="https://github.com/ptpb/pb/issues/225",
        answers=_remembers_the_missing,
        finds=_still_missing,
    ),
)
