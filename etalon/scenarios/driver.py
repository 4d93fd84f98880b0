"""A portal under judgement: the changes made on it, what may still be spent, and smaller counterexamples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.generation.shrinking import Attempts, smallest_text
from etalon.generation.text import is_visible
from etalon.judging.rules import same_kind
from etalon.judging.verdicts import NotApplicable
from etalon.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from etalon.generation.calendar import Calendar
    from etalon.judging.evidence import Change, Reading
    from etalon.judging.verdicts import Finding
    from etalon.portals.exchange import Exchange
    from etalon.portals.readings import Readings
    from etalon.profiles import Profile
    from etalon.resources.resource import Member, Resource

    Rule = Callable[[Change], Finding | bool | None]
    Shrinker = Callable[[Change, Finding], Finding]

_UPDATE_AND_READ = 2
_MOST_ATTEMPTS = 20
_SHARES = 3
"""This part of what findings may cost goes on making them smaller where they are seen, the rest on proofs."""


@dataclass(kw_only=True)
class Driver(ABC):
    """What every vendor's scenarios share.

    Attributes:
        resource: a task, as the spec describes it.
        profile: how thorough the run is.
        calendar: the days that requests name.
        budget: requests that may still be spent on making counterexamples smaller.
        changes: all creations and updates so far, with the readings around them.
    """

    resource: Resource
    profile: Profile
    calendar: Calendar
    budget: int = field(init=False)
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Grant the requests for counterexamples."""
        self.budget = self.profile.proving // _SHARES

    @property
    @abstractmethod
    def readings(self) -> Readings:
        """The latest read of each task."""

    @property
    @abstractmethod
    def reads_by(self) -> str:
        """The capability by which tasks are read."""

    @abstractmethod
    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        """The task that an answer shows, or None where it shows none."""

    @abstractmethod
    def fewer(self, change: Change, member: str) -> Iterator[Callable[[], Change]]:
        """Updates that send less than one did, the likeliest first: each sends one when it is called."""

    @abstractmethod
    def with_text(self, change: Change, member: str, text: str) -> Change:
        """An update like one that was sent, of a text alone."""

    def settle(self, subject: int) -> None:
        """Set a task right after texts were tried on it; nothing by default."""
        del subject

    @property
    def thorough(self) -> bool:
        """Whether what packing makes redundant, and what the page leaves open, is sent, too."""
        return self.profile.thorough

    @property
    def members(self) -> tuple[Member, ...]:
        """What a client can write and an answer can show."""
        return self.resource.readable

    def member(self, name: str) -> Member:
        """The member of that name; a part of one that has several goes by its own."""
        return self.resource.member(name)

    def latest(self, task: int) -> Reading | None:
        """A task as it was read last."""
        return self.reading_of(self.readings.latest(task))

    def reread(self, task: int) -> Reading | None:
        """A task as it is read now."""
        return self.reading_of(self.readings.read(task))

    def require_reads(self) -> None:
        """Stop a check that has to read tasks.

        Raises:
            NotApplicable: the portal is declared to lack that.
        """
        if not self.readings.reads:
            raise NotApplicable(Message("declared-to-lack", what=self.reads_by))

    def afford(self, requests: int) -> bool:
        """Take requests out of the budget, if there are as many left."""
        if self.budget < requests:
            return False
        self.budget -= requests
        return True

    @property
    def for_proofs(self) -> int:
        """Requests that findings may still cost, when all checks have been judged."""
        return self.profile.proving - self.profile.proving // _SHARES + self.budget

    def attempts(self, requests: int) -> Attempts:
        """Attempts for one counterexample, of so many requests each; those of a run share a budget."""
        granted = min(self.profile.shrinking // requests, self.budget // requests)
        self.budget -= granted * requests
        return Attempts(granted)

    def smaller(self, rule: Rule) -> Shrinker:
        """A shrinker: sends less of what a change sent, as long as it breaks the rule in the same way."""

        def shrink(change: Change, finding: Finding) -> Finding:
            attempts = self.attempts(2 * _UPDATE_AND_READ)
            for again in self.fewer(change, finding.member):
                if not attempts.spend():
                    break
                outcome = rule(again())
                if same_kind(outcome, finding):
                    return outcome
            return finding

        return shrink

    def smaller_text(self, name: str, rule: Rule) -> Shrinker:
        """A shrinker for texts: the shortest part of the text that still shows the finding."""

        def shrink(change: Change, finding: Finding) -> Finding:
            subject, text = change.exchange.subject, change.patch.sets.get(name)
            if subject is None or not isinstance(text, str):
                return finding
            smallest = [finding]

            def fails(candidate: str) -> bool:
                if not is_visible(candidate):
                    return False  # whether a text may be blank is another matter
                outcome = rule(self.with_text(change, name, candidate))
                if not same_kind(outcome, finding):
                    return False
                smallest.append(outcome)
                return True

            attempts = self.attempts(_UPDATE_AND_READ)
            attempts.left = min(attempts.left, _MOST_ATTEMPTS)
            got = change.after.members.get(name) if change.after else None
            for piece in _around_difference(text, got if isinstance(got, str) else ""):
                if not attempts.spend():
                    break
                if fails(piece):
                    text = piece
                    break
            smallest_text(text, fails, attempts)
            self.settle(subject)
            return smallest[-1]

        return shrink


def _around_difference(sent: str, got: str) -> list[str]:
    """Pieces of a text, from where what came back begins to differ: likely the smallest that still fail."""
    start = next((at for at, pair in enumerate(zip(sent, got, strict=False)) if len(set(pair)) > 1), len(got))
    first = sent[start : start + 1]
    return [piece for piece in (f"а{first}я", sent[start : start + 3], sent[-3:]) if piece != sent]
