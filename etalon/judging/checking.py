"""The judge that a check talks to: applies a rule to evidence, and ends the check in its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from etalon.judging.verdicts import Deviates, Finding, Inconclusive, Judgement, NotApplicable, Verdict
from etalon.messages import Message
from etalon.portals.errors import PortalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from etalon.judging.requirements import Requirement
    from etalon.portals.exchange import Exchange

Evidence = TypeVar("Evidence")
_NOTHING_SHOWS_IT = Message("nothing-shows-it")


class Check:
    """One requirement under judgement for one target.

    A check that judged nothing never conforms: `judgement` refuses a count of zero.

    Attributes:
        checked: how many pieces of evidence were judged.
        seen_at: number of the exchange with which the first deviation among them could be seen.
    """

    def __init__(self, requirement: Requirement, expected: str | None) -> None:
        self.requirement = requirement
        self.expected = expected
        self.checked = 0
        self.seen_at: int | None = None
        self._behaviours: list[str] = []
        self._shown_by: dict[str, Finding] = {}

    def each(
        self,
        evidence: Iterable[Evidence],
        rule: Callable[[Evidence], Finding | bool | None],
        *,
        size: Callable[[Evidence], int] | None = None,
        shrink: Callable[[Evidence, Finding], Finding] | None = None,
        otherwise: Message = _NOTHING_SHOWS_IT,
    ) -> None:
        """Hold every piece of evidence against a rule.

        Args:
            evidence: what the scenario brought.
            rule: gives a finding where the requirement is broken, True where it holds, None where this
                piece says nothing about it.
            size: how large a piece is; of several that break the rule, the smallest is reported.
            shrink: makes a smaller finding of the same kind, by traffic of its own.
            otherwise: the reason given when no piece said anything.

        Raises:
            Deviates: the rule is broken.
            Inconclusive: nothing was judged.
            ValueError: the rule gave False, which says neither that it holds nor what is wrong.
        """
        broken: list[tuple[Evidence, Finding]] = []
        for piece in evidence:
            outcome = rule(piece)
            if outcome is None:
                continue
            if outcome is False:
                raise ValueError(f"the rule of {self.requirement.id} gives False instead of a finding")
            self.checked += 1
            if isinstance(outcome, Finding):
                broken.append((piece, outcome))
        if broken:
            self.seen_at = min(finding.seen_at for _, finding in broken) or None
            piece, finding = min(broken, key=lambda pair: size(pair[0])) if size else broken[0]
            raise Deviates(_shrunk(shrink, piece, finding) if shrink else finding)
        if not self.checked:
            raise Inconclusive(otherwise)

    def holds(self, holds: bool, finding: Callable[[], Finding]) -> None:
        """Count one judgement; the finding is made only where it does not hold.

        Raises:
            Deviates: it does not hold.
        """
        self.checked += 1
        if not holds:
            raise Deviates(finding())

    def observe(self, behaviour: str, *exchanges: Exchange, finding: Finding | None = None) -> None:
        """Record a behaviour that the portal showed.

        Args:
            behaviour: one of those that the requirement lists.
            exchanges: what shows it.
            finding: how it is reported where another behaviour is expected; by default, by its name.

        Raises:
            ValueError: the requirement does not list it, a mistake in the suite.
        """
        if behaviour not in self.requirement.behaviours:
            raise ValueError(f"{self.requirement.id} does not list the behaviour {behaviour!r}")
        self.checked += 1
        self._behaviours.append(behaviour)
        self._shown_by.setdefault(behaviour, finding or self._by_name(behaviour, exchanges))

    @property
    def behaviour(self) -> str | None:
        """The behaviour observed; the unexpected one where the portal showed several."""
        for behaviour in self._behaviours:
            if behaviour != self.expected:
                return behaviour
        return self._behaviours[0] if self._behaviours else None

    def judgement(self) -> Judgement:
        """The verdict of a check that ran to its end."""
        if not self.checked:
            return Judgement(Verdict.INCONCLUSIVE, reason=Message("check-judged-nothing"))
        behaviour = self.behaviour
        if behaviour is None:
            return Judgement(Verdict.CONFORMS, checked=self.checked)
        if self.expected is None:
            return Judgement(Verdict.OBSERVED, behaviour=behaviour, checked=self.checked)
        if behaviour == self.expected:
            return Judgement(
                Verdict.CONFORMS, behaviour=behaviour, expected=self.expected, checked=self.checked
            )
        return Judgement(
            Verdict.DEVIATES,
            behaviour=behaviour,
            expected=self.expected,
            checked=self.checked,
            findings=(self._shown_by[behaviour],),
        )

    def _by_name(self, behaviour: str, exchanges: tuple[Exchange, ...]) -> Finding:
        observed, expected = (
            Message("behaviour", name=name) if name else "" for name in (behaviour, self.expected)
        )
        return Finding(
            summary=Message("behaves-otherwise", observed=observed, expected=expected),
            expected=expected,
            observed=observed,
            exchanges=exchanges,
        )


def _shrunk(shrink: Callable[[Evidence, Finding], Finding], piece: Evidence, finding: Finding) -> Finding:
    """The smaller finding; the one at hand where the portal or the budget gives out on the way."""
    try:
        return shrink(piece, finding)
    except PortalError:
        return finding


def summed_up(behaviours: Mapping[str, str]) -> str:
    """What the portal does as a whole with members that an update does not send.

    Args:
        behaviours: member → `keep`, `reset` or `reject`.

    Returns:
        `merge` where all are kept, `reject` where an incomplete update is always refused, `replace`
        where none is kept, else `mixed`.

    Raises:
        NotApplicable: no member's behaviour could be seen.
    """
    seen = set(behaviours.values())
    if not seen:
        raise NotApplicable(Message("shows-no-member-to-leave-out"))
    if seen == {"keep"}:
        return "merge"
    if seen == {"reject"}:
        return "reject"
    return "mixed" if "keep" in seen else "replace"
