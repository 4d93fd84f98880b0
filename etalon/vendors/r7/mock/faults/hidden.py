"""Faults that packing and order hide: caches, copies that lag, repetitions, and changes of nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.faults.hooks import Fault
from etalon.vendors.r7.mock.inbound import Operation
from etalon.vendors.r7.mock.problems import not_found

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.calls import Call, Write
    from etalon.vendors.r7.mock.entries import Task
    from etalon.vendors.r7.mock.rendering import Members

_loses = partial(Fault, family=FaultFamily.LOSES)
_answers = partial(Fault, family=FaultFamily.ANSWERS_WRONGLY)

_FOUND = 200
_READ_FROM_REPLICA = 2


def _cached_by_path(call: Call, response: Response) -> Response:
    memory, path = call.portal.memory, f"answer {call.task_id}.{call.inbound.route.suffix}"
    if call.operation is Operation.READ and response.status_code == _FOUND:
        body, headers = memory.setdefault(path, (bytes(response.body), dict(response.headers)))
        return Response(body, _FOUND, {k: v for k, v in headers.items() if k != "content-length"})
    if call.task_id:
        memory.pop(path, None)
    return response


def _copy_in(call: Call, task_id: int) -> str:
    return f"copy in {'XML' if call.in_xml else 'JSON'} {task_id}"


def _copy_of_format(call: Call, task: Task) -> Task:
    copy: Task = call.portal.memory.setdefault(_copy_in(call, task.id), task)
    return replace(copy, is_closed=task.is_closed)


def _renews_copy_of_format(write: Write, task: Task) -> None:
    write.call.portal.memory.pop(_copy_in(write.call, task.id), None)


def _notes_former(write: Write, task: Task) -> None:
    if write.old is not None:
        write.call.portal.memory[f"former {task.id}"] = [write.old, 0]


def _from_replica(call: Call, task: Task) -> Task:
    noted = call.portal.memory.get(f"former {task.id}")
    if noted is None:
        return task
    noted[1] += 1
    return replace(noted[0], is_closed=task.is_closed) if noted[1] == _READ_FROM_REPLICA else task


def _notes_listed(call: Call, members: Members) -> Members:
    if call.operation is Operation.TASKS:
        call.portal.memory.setdefault("listed", set()).add(members.get("id"))
    return members


def _as_it_was_listed(call: Call, task: Task) -> Task:
    return replace(task, description=None) if task.id in call.portal.memory.get("listed", ()) else task


def _loads_again(write: Write, task: Task) -> None:
    write.call.portal.memory.get("listed", set()).discard(task.id)


def _no_row_changed(write: Write, task: Task) -> Task:
    if write.old is not None and task == write.old:
        raise not_found("Task")
    return task


def _bare_if_nothing_sent(write: Write, task: Task) -> Task:
    if write.old is None or write.call.spelt:
        return task
    return replace(task, description=None, contact=0, alert_value=None)


def _not_twice(write: Write, task: Task) -> Task:
    if write.old is None:
        return task
    done: set[tuple[int, bytes]] = write.call.portal.memory.setdefault("done", set())
    request = (task.id, write.call.inbound.body)
    if request in done:
        return write.old
    done.add(request)
    return task


HIDDEN: tuple[Fault, ...] = (
    _answers(
        name="accept-not-in-cache-key",
        stands_for="a cache of answers by path alone, which gives JSON to whom XML is owed",
        reported="https://github.com/filipw/Strathweb.CacheOutput/issues/52",
        sends=_cached_by_path,
    ),
    _answers(
        name="copy-renewed-in-one-format",
        stands_for="a record that lies ready in several formats, of which a write renews only its own",
        reported="https://github.com/inveniosoftware/invenio/pull/3330",
        finds=_copy_of_format,
        settles=_renews_copy_of_format,
    ),
    _answers(
        name="second-read-from-replica",
        stands_for="reads that are spread over a replica, which is one write behind",
        reported="https://github.com/triggerdotdev/trigger.dev/pull/3910",
        settles=_notes_former,
        finds=_from_replica,
    ),
    _answers(
        name="read-after-list-lacks-description",
        stands_for="records that a list has loaded by half, and that later reads take for whole",
        reported="https://github.com/mikro-orm/mikro-orm/issues/6394",
        shows=_notes_listed,
        finds=_as_it_was_listed,
        settles=_loads_again,
    ),
    _answers(
        name="unchanged-update-not-found",
        stands_for="a count of changed rows that is taken for a count of found ones",
        reported="https://github.com/SimpleMachines/SMF/pull/3545",
        writes=_no_row_changed,
    ),
    _loses(
        name="empty-object-clears-the-optional",
        stands_for="an update without members that resets what it does not name",
        reported="https://github.com/go-vikunja/vikunja/issues/1459",
        writes=_bare_if_nothing_sent,
    ),
    _loses(
        name="repeated-update-not-carried-out",
        stands_for="a guard against double submission that looks back beyond what came between",
        reported="https://github.com/mdn/content/pull/42123",
        stores=_not_twice,
    ),
)
