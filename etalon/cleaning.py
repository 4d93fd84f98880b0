"""`etalon clean`: what killed runs left on a portal is removed, or listed where the portal cannot delete."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from etalon.judging.planfix.task import reading
from etalon.labs.planfix import Lab
from etalon.portals.config_file import load
from etalon.portals.errors import PortalError
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.ledger import FOLDER, alive, left_by_dead_runs
from etalon.portals.links import link_to
from etalon.portals.planfix.answers import NotAnAnswerError, answer_of, error_code, text_of
from etalon.portals.planfix.bench import Bench
from etalon.portals.planfix.client import LEFT_BEHIND_TITLE, PlanFixClient
from etalon.portals.r7.client import R7Client
from etalon.portals.secrets import redactor_of
from etalon.portals.transport import Transport
from etalon.profiles import PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lxml.etree import _Element as Element

    from etalon.portals.config import Kind, Target
    from etalon.portals.ledger import Attempt, Ledger, Remains
    from etalon.portals.planfix.requests import Content

_GONE = frozenset({404, 410})
_NO_SUCH_TASK = "3001"
_LISTED_AT_ONCE = 100
_INCONCLUSIVE = 6
_NOTHING: Mapping[Kind, str] = {
    "r7": "Nothing is left of earlier runs against {}.",
    "planfix": "Nothing more can be done about earlier runs against {}: what was left is listed once.",
}


@dataclass
class Cleaned:
    """What became of what earlier runs left.

    Attributes:
        runs: ids of the runs that were cleaned up after.
        removed: tasks that are gone now, those included that somebody had removed before.
        put_back: tasks of the config that are as they were.
        left: what is still there or not as it was, each in a sentence.
        listed: the tasks among it that are still there.
        alive: how many runs still go on; nothing of theirs is touched.
    """

    runs: list[str] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    put_back: list[int] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    listed: list[int] = field(default_factory=list)
    alive: int = 0


class _Cleaner(Protocol):
    """What one kind of portal can do about what was left on it."""

    def found(self, attempt: Attempt) -> Iterator[int]:
        """The tasks that a creation made whose answer never came."""

    def removed(self, task: int) -> bool:
        """Whether a task is gone now."""

    def put_back(self, task: int, card: str) -> list[str]:
        """Give a lent task the members that it had; those that it could not be given back."""

    def farewell(self, task: int) -> bool:
        """Whether there is nothing more that a later try could do about a task that cannot be removed."""


def clean(target: Target, folder: Path) -> Cleaned:
    """Finish the work of runs that ended before they had cleaned up.

    Nothing is touched that the journals do not name. A task whose creation was never answered is looked for
    by its title, and only among tasks that are newer than all that the run knew.

    Args:
        target: the portal.
        folder: of the journals.

    Raises:
        PortalError: the portal cannot be reached, or does not let us in.
    """
    done = Cleaned(alive=alive(folder, target))
    with closing(Transport(target)) as transport:
        cleaner: _Cleaner | None = None
        for ledger, remains in left_by_dead_runs(folder, target):
            done.runs.append(remains.run)
            if not remains.nothing:
                cleaner = cleaner or _KINDS[target.kind](target, transport)
                tasks = {*remains.tasks, *_unanswered(cleaner, ledger, remains, done)}
                for task in (*tasks, *remains.lent):
                    transport.guard.owns(task)
                for task in sorted(tasks, reverse=True):
                    _part_with(task, cleaner, ledger, done, target)
                _put_back(cleaner, ledger, remains, done)
            ledger.close()
    return done


def _unanswered(cleaner: _Cleaner, ledger: Ledger, remains: Remains, done: Cleaned) -> set[int]:
    """The tasks that creations made whose answers never came."""
    found: set[int] = set()
    for attempt in remains.attempts:
        made = set(cleaner.found(attempt))
        for task in sorted(made):
            ledger.made(task)
        found |= made
        if attempt.title is None:
            done.left.append(f"Run {remains.run} may have made a task without a title; it cannot be found.")
        ledger.settled(attempt)
    return found


def _part_with(task: int, cleaner: _Cleaner, ledger: Ledger, done: Cleaned, target: Target) -> None:
    if cleaner.removed(task):
        ledger.gone(task)
        done.removed.append(task)
        return
    done.left.append(f"Task {task} is still there: {link_to(target, task)}")
    done.listed.append(task)
    if cleaner.farewell(task):
        ledger.gone(task)


def _put_back(cleaner: _Cleaner, ledger: Ledger, remains: Remains, done: Cleaned) -> None:
    for task, card in remains.lent.items():
        kept = cleaner.put_back(task, card)
        if kept:
            done.left.append(f"Task {task} could not be given back its former {', '.join(kept)}.")
        else:
            done.put_back.append(task)
        ledger.returned(task)


def clean_command(name: str, config: Path) -> int:
    """`etalon clean`: clean up after the dead runs against a target, and say what became of it.

    Returns:
        0 where nothing is left, 1 where something is that a person has to see to, 6 where the portal cannot
        be reached or logged in to.

    Raises:
        ConfigError: the config file or the target cannot be used.
    """
    target = load(config).target(name)
    redactor = redactor_of(target)
    try:
        done = clean(target, config.parent / FOLDER)
    except PortalError as error:
        sys.stderr.write(f"etalon: {redactor.clean(str(error))}\n")
        return _INCONCLUSIVE
    if done.alive:
        sys.stderr.write(f"etalon: {done.alive} runs against {name} still go on; theirs is left alone.\n")
    if not done.runs:
        print(_NOTHING[target.kind].format(name))  # noqa: T201 - the answer
        return 0
    removed = ", ".join(map(str, sorted(done.removed))) or "none"
    print(f"Runs cleaned up after: {', '.join(done.runs)}. Tasks removed: {removed}.")  # noqa: T201
    if done.put_back:
        print(f"Tasks put back as they were: {', '.join(map(str, done.put_back))}.")  # noqa: T201
    for sentence in done.left:
        print(redactor.clean(sentence))  # noqa: T201
    if done.listed and target.kind == "planfix":
        print(  # noqa: T201
            f"Delete what is still there by hand, since the API has no function for it: "
            f"it is titled {LEFT_BEHIND_TITLE!r}."
        )
    return int(bool(done.left))


class _R7:
    """Deletes tasks by `DELETE task/{taskid}`."""

    def __init__(self, target: Target, transport: Transport) -> None:
        self._client = R7Client(target, transport, redactor_of(target))
        self._client.log_in()

    def found(self, attempt: Attempt) -> Iterator[int]:
        if attempt.title is not None:
            yield from self._client.newest_titled(attempt.title, attempt.above)

    def removed(self, task: int) -> bool:
        if "task.delete" in self._client.target.lacks:
            return False
        try:
            answer = self._client.delete_task(task, cleaning=True).response
        except PortalError:
            return False
        return answer.ok or answer.status in _GONE

    def put_back(self, task: int, card: str) -> list[str]:
        del task, card
        return []  # a run lends no R7 task

    def farewell(self, task: int) -> bool:
        del task
        return "task.delete" in self._client.target.lacks


class _PlanFix:
    """Gives tasks a title by which people find and delete them: the XML API has no function that does."""

    def __init__(self, target: Target, transport: Transport) -> None:
        self._client = PlanFixClient(target, transport, redactor_of(target))
        self._client.log_in()
        self._labelled: set[int] = set()

    def found(self, attempt: Attempt) -> Iterator[int]:
        for card in self._newest_cards() if attempt.title is not None else ():
            task = text_of(card.find("id")).strip()
            titled = text_of(card.find("title")) == attempt.title
            if titled and task.isdigit() and int(task) > attempt.above:
                if attempt.title == LEFT_BEHIND_TITLE:
                    self._labelled.add(int(task))  # it may be another run's, and is not written to
                yield int(task)

    def _newest_cards(self) -> Iterator[Element]:
        """The cards of the list's first page and its last ones: the newest, whichever way it is sorted."""
        first, count = self._page(1)
        yield from first
        last = -(-count // _LISTED_AT_ONCE)
        for number in range(max(2, last - 1), last + 1):
            yield from self._page(number)[0]

    def _page(self, number: int) -> tuple[Sequence[Element], int]:
        """The cards of a page of all tasks, and how many tasks there are."""
        listed: dict[str, Content] = {"target": "all", "pageCurrent": number, "pageSize": _LISTED_AT_ONCE}
        try:
            answer = answer_of(self._client.call("task.getList", listed))
        except NotAnAnswerError:
            return (), 0
        tasks = answer.root.find("tasks")
        if tasks is None:
            return (), 0
        total = tasks.get("totalCount", "")
        return tasks.findall("task"), int(total) if total.isascii() and total.isdigit() else 0

    def removed(self, task: int) -> bool:
        try:
            return error_code(self._client.read_task(task)) == _NO_SUCH_TASK
        except PortalError:
            return False

    def put_back(self, task: int, card: str) -> list[str]:
        request = Request("POST", self._client.target.url, ())
        shown = Exchange(0, "task.get", request, Response(200, (), card.encode()), task)
        first = reading(shown)
        if first is None:
            return ["members, since its card in the journal cannot be read"]
        self._client.transport.guard.may_put_back(task, card.encode())
        lab = Lab(self._client, Bench(self._client), {}, PROFILES["quick"])
        return lab.put_back(first)

    def farewell(self, task: int) -> bool:
        try:
            return task in self._labelled or self._client.label(task, recurring=True)
        except PortalError:
            return False


_KINDS: Mapping[Kind, Callable[[Target, Transport], _Cleaner]] = {"r7": _R7, "planfix": _PlanFix}
