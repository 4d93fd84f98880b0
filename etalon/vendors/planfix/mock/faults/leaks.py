"""Faults whose effect reaches members or tasks that the request did not name."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.changes import read_changes
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.faults.fault import Fault, put_others
from etalon.vendors.planfix.mock.hooks import Check
from etalon.vendors.planfix.mock.periodicity import show_periodicity
from etalon.vendors.planfix.mock.state import CLOSED_STATUSES
from etalon.vendors.planfix.mock.updating import check_references, merge
from etalon.vendors.planfix.mock.wire import element, error, number_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.hooks import Answer, Card, Gate, Merge, Refusal, Target
    from etalon.vendors.planfix.mock.state import Task

_LEAKS: Final = FaultFamily.LEAKS


def _write_member_by_member(at: Refusal) -> None:
    """Stores every member of a refused update that is sound by itself."""
    node = at.call.request.find("task")
    if at.call.function != "task.update" or node is None:
        return
    with suppress(ApiError):
        task = at.call.store.tasks.get(number_of(node, "id") or 0)
        if task is None:
            return
        for member in deepcopy(node):
            with suppress(ApiError):
                changes = read_changes(element("task", member), lists=("addUsers", "addGroups"))
                merged = merge(task, changes)
                check_references(at.call, merged, changes)
                task = merged
        at.call.store.put(task)


def _pass_to_neighbour(at: Merge) -> None:
    neighbour = at.call.store.tasks.get(at.after.id + 1) or at.call.store.tasks.get(at.after.id - 1)
    if neighbour and at.changes.title is not None:
        at.call.store.tasks[neighbour.id] = replace(neighbour, title=at.changes.title)


def _pass_status_to_parent(at: Merge) -> None:
    parent = at.call.store.tasks.get(at.after.parent)
    if parent and at.changes.status is not None:
        at.call.store.tasks[parent.id] = replace(parent, status=at.changes.status)


def _latest_when_missing(at: Target) -> Task | None:
    if at.asked is None and at.call.function == "task.update":
        return at.call.store.tasks.get(at.call.store.latest)
    return at.task


def _dates_kept_apart(at: Merge) -> Task:
    before, after = at.before, at.after
    if at.changes.end and not at.changes.start and before.start and before.end:
        with suppress(OverflowError):
            days = at.changes.end.at.toordinal() - before.end.at.toordinal()
            return replace(after, start=replace(before.start, at=before.start.at + timedelta(days=days)))
    return after


def _filled_in_from_former(at: Merge) -> Task:
    new, old = at.changes.periodicity, at.before.periodicity
    if new is None or old is None:
        return at.after
    end_condition, notify = new.end_condition or old.end_condition, new.notify or old.notify
    return replace(at.after, periodicity=replace(new, end_condition=end_condition, notify=notify))


def _with_former_kind(at: Card) -> None:
    before, node = at.call.store.previous.get(at.task.id), at.node.find("periodicity")
    if before is None or before.periodicity is None or at.task.periodicity is None or node is None:
        return
    former = before.periodicity.recurrence.kind
    if former != at.task.periodicity.recurrence.kind:
        node.append(next(part for part in show_periodicity(before.periodicity) if part.tag == former))


def _let_in(at: Gate) -> Code | None:
    """Lets a stranger's request pass, and notes on it how it is to be answered."""
    if at.code is None or at.request is None or at.check not in {Check.SIGNATURE, Check.SESSION}:
        return at.code
    at.request.set("refused", at.code.value)
    return None


def _turned_away(at: Answer) -> Element:
    refused = None if at.request is None else at.request.get("refused")
    return at.root if refused is None else error(Code(refused))


def _quotes_key(at: Answer) -> Element:
    message = at.root.find("message")
    if at.code and message is not None:
        message.text = f"{at.code.name}, called with the key {at.store.access.api_key}"
    return at.root


LEAKING: Final = (
    Fault(
        name="workers-replaced-by-add",
        family=_LEAKS,
        stands_for="The later form of the call, a full list of workers, is applied to the list of additions.",
        merged=lambda at: replace(at.after, users=at.changes.add_users) if at.changes.add_users else at.after,
    ),
    Fault(
        name="del-user-removes-group",
        family=_LEAKS,
        stands_for="Removing a worker also removes every group that the worker belongs to.",
        merged=lambda at: replace(
            at.after,
            groups=tuple(
                group
                for group in at.after.groups
                if not any(
                    group in at.call.store.users[user].groups
                    for user in at.changes.del_users
                    if user in at.call.store.users
                )
            ),
        ),
    ),
    Fault(
        name="add-group-adds-members",
        family=_LEAKS,
        stands_for="A group is resolved into its members, who become workers one by one beside it.",
        merged=lambda at: replace(
            at.after,
            users=tuple(
                dict.fromkeys(
                    (
                        *at.after.users,
                        *(
                            user.id
                            for user in at.call.store.users.values()
                            if set(user.groups) & set(at.changes.add_groups)
                        ),
                    )
                )
            ),
        ),
    ),
    Fault(
        name="title-becomes-description",
        family=_LEAKS,
        stands_for="The description defaults to the title, on updates too.",
        merged=lambda at: (
            replace(at.after, description=at.changes.title)
            if at.changes.title is not None and at.changes.description is None
            else at.after
        ),
    ),
    Fault(
        name="client-change-clears-project",
        family=_LEAKS,
        stands_for="The form reloads its projects when the client changes, and the API shares its code.",
        merged=lambda at: replace(at.after, project=0) if at.changes.client is not None else at.after,
    ),
    Fault(
        name="parent-brings-its-project",
        family=_LEAKS,
        stands_for="Attaching a task to a parent moves it into the parent's project.",
        merged=lambda at: (
            replace(at.after, project=at.call.store.tasks[at.changes.parent].project)
            if at.changes.parent in at.call.store.tasks
            else at.after
        ),
    ),
    Fault(
        name="end-moves-start",
        family=_LEAKS,
        stands_for="The planner keeps a task's duration: moving its end moves its start.",
        merged=_dates_kept_apart,
    ),
    Fault(
        name="closing-dismisses-workers",
        family=_LEAKS,
        stands_for="A script on status changes empties the list of workers of a closed task.",
        merged=lambda at: (
            replace(at.after, users=(), groups=()) if at.changes.status in CLOSED_STATUSES else at.after
        ),
    ),
    Fault(
        name="high-importance-demands-check",
        family=_LEAKS,
        stands_for="A business rule of one customer, that urgent tasks are checked, is left in for all.",
        merged=lambda at: (
            replace(at.after, check_result=True) if at.changes.importance == "HIGH" else at.after
        ),
    ),
    Fault(
        name="update-touches-neighbour",
        family=_LEAKS,
        stands_for="An update by position in a cached list hits the task beside the one that was meant.",
        stored=_pass_to_neighbour,
    ),
    Fault(
        name="child-status-changes-parent",
        family=_LEAKS,
        stands_for="The status of a sub-task is carried over to its parent.",
        stored=_pass_status_to_parent,
    ),
    Fault(
        name="project-change-moves-all-tasks",
        family=_LEAKS,
        stands_for="The statement that moves a task to a project lacks its condition on the task.",
        stored=lambda at: put_others(
            at,
            lambda task: task if at.changes.project is None else replace(task, project=at.changes.project),
        ),
    ),
    Fault(
        name="del-user-from-all-tasks",
        family=_LEAKS,
        stands_for="Removing a worker deletes by user alone, and takes them off every task.",
        stored=lambda at: put_others(
            at,
            lambda task: replace(
                task, users=tuple(user for user in task.users if user not in at.changes.del_users)
            ),
        ),
    ),
    Fault(
        name="unset-on-all-tasks",
        family=_LEAKS,
        stands_for="Unsetting a periodicity empties the schedule of every task.",
        stored=lambda at: put_others(
            at, lambda task: replace(task, periodicity=None) if at.changes.unset_periodicity else task
        ),
    ),
    Fault(
        name="rejected-update-half-applied",
        family=_LEAKS,
        stands_for="Members are written one by one without a transaction, and a refusal leaves the others.",
        refused=_write_member_by_member,
    ),
    Fault(
        name="missing-id-updates-last-task",
        family=_LEAKS,
        stands_for="A server object outlives its request; without an id it still holds the previous task.",
        target=_latest_when_missing,
    ),
    Fault(
        name="periodicity-filled-in-from-former",
        family=_LEAKS,
        stands_for="Parts of a periodicity that were not sent are taken from the one before.",
        merged=_filled_in_from_former,
    ),
    Fault(
        name="former-kind-stays-beside",
        family=_LEAKS,
        stands_for="Each kind of periodicity has a table of its own, and the row of the former one stays.",
        card=_with_former_kind,
    ),
    Fault(
        name="refused-call-carried-out",
        family=_LEAKS,
        stands_for="Signature and session are checked beside the work, and decide about the answer alone.",
        gate=_let_in,
        answered=_turned_away,
    ),
    Fault(
        name="errors-quote-key",
        family=_LEAKS,
        stands_for="The message of an error quotes the credentials that the request came with.",
        answered=_quotes_key,
    ),
)
