"""How a check ends, and how the ends of a requirement's checks add up to its verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etalon.messages import Message, Words
    from etalon.portals.exchange import Exchange


class Verdict(StrEnum):
    """What is said about one requirement of one target (`results.json`)."""

    CONFORMS = "conforms"
    DEVIATES = "deviates"
    OBSERVED = "observed"
    NOT_TESTABLE = "not-testable"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class SentStep:
    """One step of a sequence that shows a finding: what it does, in a few words, and the exchange of it."""

    says: Message
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Finding:
    """What a portal did that it owed otherwise, and the exchanges that show it.

    Attributes:
        summary: its kind with the parameters of this case; one sentence, in the terms of the vendor's page.
        member: the member of the task that it is about; empty where it is about the whole answer.
        expected: what was owed: a value as text, or words of Etalon's.
        observed: what came, likewise.
        exchanges: the fewest exchanges that show it, in the order in which they went.
        steps: the same as a numbered list, where it takes several steps; empty else.
    """

    summary: Message
    expected: Words
    observed: Words
    exchanges: tuple[Exchange, ...]
    member: str = ""
    steps: tuple[SentStep, ...] = ()

    @property
    def kind(self) -> str:
        """What kind of finding it is; two of one kind and member are the same defect seen twice."""
        return self.summary.key

    @property
    def seen_at(self) -> int:
        """Number of the last exchange that it rests on; 0 where it rests on none."""
        return max((exchange.number for exchange in self.exchanges), default=0)


class Outcome(Exception):  # noqa: N818 - an end of a check, not an error
    """A check ended otherwise than by conforming."""


class Deviates(Outcome, AssertionError):  # noqa: N818 - reads as the verdict it leads to
    """The portal does not do what it owes."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.summary)
        self.finding = finding


class Unjudged(Outcome):
    """The check came to no judgement, for a reason."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class NotTestable(Unjudged):
    """A prerequisite is missing that the user could supply."""


class NotApplicable(Unjudged):
    """The portal is declared to lack this, or does not show what the page never promised to show."""


class Inconclusive(Unjudged):
    """The conversation failed, so nothing can be said."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one requirement, with all that explains it.

    Attributes:
        behaviour: the behaviour observed, of those that the requirement lists.
        expected: the behaviour expected by dialect or pin, where one is.
        reason: why it was not judged, or what its repetition showed.
        checked: how many times the rule was applied; a requirement with none never conforms.
    """

    verdict: Verdict
    behaviour: str | None = None
    expected: str | None = None
    reason: Message | None = None
    checked: int = 0
    findings: tuple[Finding, ...] = field(default=())
