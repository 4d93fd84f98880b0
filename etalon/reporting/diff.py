"""Two runs compared: what the portal did before and does no more, and what it does now and did not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from etalon.reporting.records import MessageRecord
    from etalon.reporting.results import RequirementResult, RunResult, TargetResult

_JUDGED = frozenset({Verdict.CONFORMS, Verdict.OBSERVED, Verdict.DEVIATES})


class ChangeKind(StrEnum):
    """What became of a requirement from one run to the next, gravest first."""

    REGRESSED = "regressed"
    BEHAVIOUR_CHANGED = "behaviour-changed"
    NO_LONGER_TESTABLE = "no-longer-testable"
    NEWLY_TESTABLE = "newly-testable"
    FIXED = "fixed"
    EXPECTATION_CHANGED = "expectation-changed"
    APPEARED = "appeared"
    DISAPPEARED = "disappeared"


_ALARMING = frozenset({ChangeKind.REGRESSED, ChangeKind.BEHAVIOUR_CHANGED})
_ORDER = {kind: position for position, kind in enumerate(ChangeKind)}


@dataclass(frozen=True, slots=True)
class State:
    """What one run said of a requirement."""

    verdict: Verdict
    behaviour: str | None = None
    expected: str | None = None
    summary: str = ""
    message: MessageRecord | None = None


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """A requirement of a target that the two runs do not agree on."""

    target: str
    id: str
    kind: ChangeKind
    statement: Mapping[str, str]
    old: State | None
    new: State | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in which the runs themselves differ, so that their verdicts compare only so far.

    Attributes:
        subject: `etalon`, `profile`, `seed`, `complete`, or of a target `kind`, `dialect`, `url`, `target`.
        target: the target that it concerns; empty where it concerns the run.
        old: empty where the old run had none.
        new: empty where the new run has none.
    """

    subject: str
    old: str
    new: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a target cost in both runs: requests, and seconds."""

    target: str
    requests: tuple[int, int]
    seconds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class RunDiff:
    """All that changed between two runs, gravest first."""

    differences: tuple[Difference, ...]
    changes: tuple[RequirementChange, ...]
    costs: tuple[Cost, ...]

    @property
    def are_whole(self) -> bool:
        """Whether both runs came to their end; if not, that nothing changed is no good news."""
        return all(difference.subject != "complete" for difference in self.differences)

    @property
    def says_nothing(self) -> bool:
        """Whether no portal is in both runs: what was not compared is not unchanged."""
        return not self.costs

    @property
    def exit_code(self) -> int:
        """1 where anything regressed or changed its behaviour, 6 where nothing could be compared, else 0."""
        if self.says_nothing:
            return 6
        return int(any(change.kind in _ALARMING for change in self.changes))

    def of(self, kind: ChangeKind) -> tuple[RequirementChange, ...]:
        """The requirements that changed in this way."""
        return tuple(entry for entry in self.changes if entry.kind is kind)


def compare(old: RunResult, new: RunResult) -> RunDiff:
    """Compare two runs, target by target (by name) and requirement by requirement (by id).

    A target that only one run has is a difference between the runs; its requirements are not listed.
    """
    before = {target.name: target for target in old.targets}
    after = {target.name: target for target in new.targets}
    shared = [(before[name], after[name]) for name in before if name in after]
    changes = [
        change for earlier, later in shared for change in _changes(earlier, later, new_is_whole=new.complete)
    ]
    changes.sort(key=lambda entry: _ORDER[entry.kind])
    costs = (
        Cost(later.name, (earlier.requests, later.requests), (earlier.seconds, later.seconds))
        for earlier, later in shared
    )
    return RunDiff(tuple(_differences(old, new, before, after)), tuple(changes), tuple(costs))


def classify(old: RequirementResult, new: RequirementResult) -> ChangeKind | None:
    """What became of a requirement that both runs have; None where nothing did.

    - The same behaviour under another expectation (a pin or a dialect) is no change of the portal's.
    - Any way into a deviation is a regression, out of an inconclusive or untestable verdict too: else a
      regression could pass between three runs of which the middle one failed. Only a requirement whose
      check was still planned had nothing to regress from.
    - A fix is a deviation that is judged again and holds, not one that is no longer tested.
    """
    if old.behaviour == new.behaviour is not None and old.expected != new.expected:
        return ChangeKind.EXPECTATION_CHANGED if old.verdict is not new.verdict else None
    deviates, deviated = new.verdict is Verdict.DEVIATES, old.verdict is Verdict.DEVIATES
    judged, was_judged = new.verdict in _JUDGED, old.verdict in _JUDGED
    other_behaviour = None not in {old.behaviour, new.behaviour} and old.behaviour != new.behaviour
    rules = (
        (ChangeKind.REGRESSED, deviates and not deviated and old.verdict is not Verdict.PLANNED),
        (ChangeKind.FIXED, deviated and judged and not deviates),
        (ChangeKind.BEHAVIOUR_CHANGED, other_behaviour),
        (ChangeKind.NO_LONGER_TESTABLE, was_judged and not judged),
        (ChangeKind.NEWLY_TESTABLE, judged and not was_judged),
    )
    return next((kind for kind, applies in rules if applies), None)


def _changes(old: TargetResult, new: TargetResult, *, new_is_whole: bool) -> Iterator[RequirementChange]:
    before = {row.id: row for row in old.requirements}
    after = {row.id: row for row in new.requirements}
    for row_id, later in after.items():
        earlier = before.get(row_id)
        kind = ChangeKind.APPEARED if earlier is None else classify(earlier, later)
        if kind is not None:
            yield RequirementChange(new.name, row_id, kind, later.statement, _state(earlier), _state(later))
    # What a run that was cut off did not come to has not left the contract.
    lost = ChangeKind.DISAPPEARED if new_is_whole else ChangeKind.NO_LONGER_TESTABLE
    for row_id, earlier in before.items():
        if row_id not in after and (new_is_whole or earlier.verdict in _JUDGED):
            yield RequirementChange(new.name, row_id, lost, earlier.statement, _state(earlier), None)


def _state(row: RequirementResult | None) -> State | None:
    if row is None:
        return None
    first = row.findings[0] if row.findings else None
    told = (first.summary, first.message) if first else (row.reason, row.reason_message)
    return State(row.verdict, row.behaviour, row.expected, *told)


def _differences(
    old: RunResult, new: RunResult, before: Mapping[str, TargetResult], after: Mapping[str, TargetResult]
) -> Iterator[Difference]:
    if not (old.complete and new.complete):
        yield Difference("complete", _flag(old.complete), _flag(new.complete))
    for subject in ("etalon", "profile", "seed"):
        pair = str(getattr(old, subject)), str(getattr(new, subject))
        if pair[0] != pair[1]:
            yield Difference(subject, *pair)
    for name in (*before, *(name for name in after if name not in before)):
        if name not in after:
            yield Difference("target", name, "", target=name)
        elif name not in before:
            yield Difference("target", "", name, target=name)
        else:
            for subject in ("kind", "dialect", "url"):
                pair = getattr(before[name], subject), getattr(after[name], subject)
                if pair[0] != pair[1]:
                    yield Difference(subject, *pair, target=name)


def _flag(value: bool) -> str:
    return "yes" if value else "no"
