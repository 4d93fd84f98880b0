"""Faults of life after a refusal: what it leaves behind, and what it does to the next request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.changes import Changes
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.faults.fault import Fault
from etalon.vendors.planfix.mock.periodicity import read_periodicity
from etalon.vendors.planfix.mock.wire import child, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.hooks import Merge, Refusal
    from etalon.vendors.planfix.mock.state import Task


def _of_update(leave: Callable[[Refusal, Element, Task], None]) -> Callable[[Refusal], None]:
    """Leaves something behind where an update of a task that exists is refused."""

    def refused(at: Refusal) -> None:
        node = child(at.call.request, "task")
        if at.call.function != "task.update" or node is None:
            return
        with suppress(ApiError):
            task = at.call.store.tasks.get(number_of(node, "id") or 0)
            if task is not None:
                leave(at, node, task)

    return refused


def _abort(at: Refusal, _: Element, __: Task) -> None:
    at.call.store.notes["aborted"] = True


def _roll_back(at: Merge) -> Task:
    return at.before if at.call.store.notes.pop("aborted", None) else at.after


def _keep_texts(at: Refusal, node: Element, task: Task) -> None:
    title, description = child(node, "title"), child(node, "description")
    at.call.store.notes[f"dirty {task.id}"] = Changes(
        title=None if title is None else text_of(title),
        description=None if description is None else text_of(description),
    )


def _flush_texts(at: Merge) -> Task:
    kept, after = at.call.store.notes.pop(f"dirty {at.before.id}", None), at.after
    if not isinstance(kept, Changes):
        return after
    if kept.title is not None and at.changes.title is None:
        after = replace(after, title=kept.title)
    if kept.description is not None and at.changes.description is None:
        after = replace(after, description=kept.description)
    return after


def _keep_good_users(at: Refusal, node: Element, task: Task) -> None:
    listed = child(node, "workers", "addUsers")
    if listed is None or at.code is not Code.NO_SUCH_USER:
        return
    numbers = [number_of(part) or 0 for part in listed.findall("id")]
    good = takewhile(lambda number: number in at.call.store.users, numbers)
    at.call.store.put(replace(task, users=tuple(dict.fromkeys((*task.users, *good)))))


def _drop_periodicity(at: Refusal, node: Element, task: Task) -> None:
    asked = child(node, "periodicity")
    if asked is None or "unset" in asked.attrib or task.periodicity is None:
        return
    try:
        read_periodicity(asked)
    except ApiError:
        at.call.store.put(replace(task, periodicity=None))


AFTER_REFUSALS: Final = (
    Fault(
        name="update-after-refusal-lost",
        family=FaultFamily.LOSES,
        stands_for="A refusal leaves its transaction open, and the next update is rolled back with it.",
        reported="https://github.com/Sunbird-RC/community/issues/315",
        refused=_of_update(_abort),
        merged=_roll_back,
    ),
    Fault(
        name="refused-texts-come-later",
        family=FaultFamily.LEAKS,
        stands_for="A refused update leaves its object changed in the session, and the next one flushes it.",
        reported="https://github.com/osmlab/maproulette/issues/301",
        refused=_of_update(_keep_texts),
        merged=_flush_texts,
    ),
    Fault(
        name="refused-list-keeps-first-users",
        family=FaultFamily.LEAKS,
        stands_for="A list of users is added one by one, up to the one for whom the whole call is refused.",
        reported="https://github.com/pnp/cli-microsoft365/issues/5885",
        refused=_of_update(_keep_good_users),
    ),
    Fault(
        name="refused-periodicity-drops-former",
        family=FaultFamily.LOSES,
        stands_for="The former schedule is deleted before the new one is checked, and errors commit as well.",
        reported="https://github.com/Jsweb-Tech/jsweb/issues/19",
        refused=_of_update(_drop_periodicity),
    ),
)
