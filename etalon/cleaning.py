"""`etalon clean`: what killed runs left on a portal is removed, or listed where the portal cannot delete."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.portals.config_file import load
from etalon.portals.errors import PortalError
from etalon.portals.ledger import FOLDER, alive, left_by_dead_runs
from etalon.portals.leftovers import Absence
from etalon.portals.ownership import fingerprint
from etalon.portals.secrets import redactor_of
from etalon.portals.transport import Transport
from etalon.reporting.printing import printable, tell, warn
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from pathlib import Path

    from etalon.portals.cards import Card
    from etalon.portals.config import Target
    from etalon.portals.ledger_reading import Loan, Remains, Shown
    from etalon.portals.ledger_writing import Ledger
    from etalon.portals.leftovers import Cleaner

_INCONCLUSIVE = 6
_NOTHING = "Nothing is left of earlier runs against {}."
_NOTHING_MORE = "Nothing more can be done about earlier runs against {}: what was left is listed once."


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


def clean(target: Target, folder: Path) -> Cleaned:
    """Finish the work of runs that ended before they had cleaned up.

    Nothing is touched that the journals do not name, and of that only what a read shows to be the run's own:
    its mark, its author and time of making as they were, and a title that the run wrote.

    Args:
        target: the portal.
        folder: of the journals.

    Raises:
        PortalError: the portal cannot be reached, or does not let us in.
    """
    done = Cleaned(alive=alive(folder, target))
    with closing(Transport(target)) as transport:
        cleaner: Cleaner | None = None
        unreadable: list[Path] = []
        for ledger, remains in left_by_dead_runs(folder, target, unreadable.append):
            done.runs.append(remains.run)
            if not remains.nothing:
                cleaner = cleaner or vendor_of(target.kind).cleaner(target, transport, redactor_of(target))
                transport.resume(remains.run, remains.texts)
                found = _unanswered(cleaner, ledger, remains, done)
                tasks: dict[int, Shown | None] = {**dict.fromkeys(found), **remains.tasks}
                part = _Part(target, transport, cleaner, ledger, remains, done)
                for task in sorted(tasks.keys() - remains.lent.keys(), reverse=True):
                    part.with_task(task, tasks[task])
                for task, loan in remains.lent.items():
                    part.with_loan(task, loan)
            ledger.close()
            if ledger.broken is not None:
                done.left.append(
                    f"{ledger.path}: what was done could not be noted: {ledger.broken.strerror}."
                )
    done.left += [
        f"{path} cannot be read as a journal of a run, so it was left alone." for path in unreadable
    ]
    return done


def _unanswered(cleaner: Cleaner, ledger: Ledger, remains: Remains, done: Cleaned) -> set[int]:
    """The tasks that creations may have made whose answers never came."""
    found: set[int] = set()
    for attempt in remains.attempts:
        try:
            made = set(cleaner.found(attempt))
        except PortalError:
            done.left.append(
                f"Run {remains.run} may have made a task titled {attempt.title!r}, and the portal's list "
                "cannot be read: clean again later."
            )
            continue
        for task in sorted(made - set(remains.tasks)):
            ledger.made(task)
        found |= made
        if attempt.title is None:
            done.left.append(f"Run {remains.run} may have made a task without a title; it cannot be found.")
        ledger.settled(attempt)
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """What it takes to part with the tasks of one run."""

    target: Target
    transport: Transport
    cleaner: Cleaner
    ledger: Ledger
    remains: Remains
    done: Cleaned

    def with_task(self, task: int, shown: Shown | None) -> None:
        """Remove a task that is the run's own; list any other, and leave it alone."""
        card = self.cleaner.read(task)
        if card is Absence.GONE:
            if shown is not None:
                self.done.removed.append(task)
            self.ledger.gone(task)
        elif card is Absence.UNREADABLE:
            self.done.left.append(f"Task {task} cannot be read, so it was left alone: {self._link(task)}")
        elif not self.transport.guard.ownership.may_remove(task):
            if shown is not None:
                self._leave(task, "does not show the mark of the run that made it any more")
            else:
                # A creation was answered with its id, or it has a title of the run: that makes it nobody's.
                self.ledger.gone(task)
        elif (difference := self._difference(card, shown)) is not None:
            self._leave(task, difference)
        elif self.cleaner.removed(task):
            self.ledger.gone(task)
            self.done.removed.append(task)
        else:
            self.done.left.append(f"Task {task} is still there: {self._link(task)}")
            self.done.listed.append(task)
            if self.cleaner.farewell(task):
                self.ledger.gone(task)

    def with_loan(self, task: int, loan: Loan) -> None:
        """Put a lent task back, as far as it holds what the run wrote and the config still lends it."""
        if task not in {int(one) for one in self.target.known.get("tasks", ())}:
            self.done.left.append(
                f"Task {task} was lent to run {self.remains.run}, but known.tasks of the config does not "
                "name it any more, so it was not put back."
            )
            return
        self.transport.guard.ownership.lend(task)
        put_back = self.cleaner.put_back(task, loan)
        sentences = put_back.sentences(task)
        self.done.left += map(str, sentences)
        if not sentences:
            self.done.put_back.append(task)
        if not put_back.unread:
            self.ledger.returned(task)

    def _difference(self, card: Card, shown: Shown | None) -> str | None:
        """What shows that people have made a task theirs since; None where nothing does."""
        if card.title and fingerprint(card.title) not in self.remains.texts:
            return "has a title that the run did not write"
        if shown and shown.author and card.author and shown.author != card.author:
            return "has another author than when the run made it"
        if shown and shown.created and card.created and shown.created != card.created:
            return "was made at another time than the run's"
        return None

    def _leave(self, task: int, why: str) -> None:
        self.done.left.append(f"Task {task} {why}, so it was left alone: {self._link(task)}")
        self.ledger.gone(task)

    def _link(self, task: int) -> str:
        return vendor_of(self.target.kind).link(self.target, task)


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
        warn(redactor.clean(str(error)))
        return _INCONCLUSIVE
    left_title = vendor_of(target.kind).left_title
    if done.alive:
        warn(f"{done.alive} runs against {name} still go on; theirs is left alone.")
    if not done.runs:
        tell((_NOTHING_MORE if left_title else _NOTHING).format(name))
        return 0
    removed = ", ".join(map(str, sorted(done.removed))) or "none"
    tell(f"Runs cleaned up after: {', '.join(done.runs)}. Tasks removed: {removed}.")
    if done.put_back:
        tell(f"Tasks put back as they were: {', '.join(map(str, done.put_back))}.")
    for sentence in done.left:
        tell(printable(redactor.clean(sentence)))
    if done.listed and left_title:
        tell(
            f"Delete what is still there by hand, since the API has no function for it: "
            f"it is titled {left_title!r}."
        )
    return int(bool(done.left))
