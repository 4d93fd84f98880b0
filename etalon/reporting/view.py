"""A run arranged for readers: what deviates first, by theme, worst first. No markup, no language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict
from etalon.reporting.words import VERDICTS_IN_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.reporting.results import RequirementResult, RunResult, TargetResult

_FIRMEST_FIRST = {"must": 0, "should": 1, "silent": 2}
_UNSETTLED = frozenset({Verdict.INCONCLUSIVE, Verdict.NOT_TESTABLE})
_CALM = frozenset({Verdict.CONFORMS, Verdict.PLANNED})
_TROUBLE = _UNSETTLED | {Verdict.DEVIATES}


@dataclass(frozen=True, slots=True)
class ThemeGroup:
    """Requirements of one theme.

    Attributes:
        title: language → the theme's title; its key where the run brought none.
    """

    theme: str
    title: Mapping[str, str]
    requirements: tuple[RequirementResult, ...]

    def count(self, verdict: Verdict) -> int:
        """How many requirements of the group have this verdict."""
        return sum(requirement.verdict is verdict for requirement in self.requirements)


def overall(run: RunResult, target: TargetResult) -> Verdict:
    """A target's verdict as part of a run: where the run was cut off, what is left proves no conformance."""
    cut_off = not run.complete and target.verdict is Verdict.CONFORMS
    return Verdict.INCONCLUSIVE if cut_off else target.verdict


def by_theme(target: TargetResult) -> tuple[ThemeGroup, ...]:
    """All requirements of a target, in the order of its themes."""
    return _grouped(target, target.requirements)


def deviations(target: TargetResult) -> tuple[ThemeGroup, ...]:
    """What deviates, by theme, worst first: firmly stated before implied, many findings before few."""
    deviating = [row for row in target.requirements if row.verdict is Verdict.DEVIATES]
    deviating.sort(key=_badness)
    groups = _grouped(target, deviating)
    return tuple(
        sorted(groups, key=lambda group: (_badness(group.requirements[0]), -len(group.requirements)))
    )


def unsettled(target: TargetResult) -> tuple[tuple[RequirementResult, ...], ...]:
    """What should have been judged and was not, together what has the same verdict for the same reason.

    A dead portal gives one reason to all.
    """
    groups: dict[tuple[Verdict, str], list[RequirementResult]] = {}
    for row in target.requirements:
        if row.verdict in _UNSETTLED:
            groups.setdefault((row.verdict, row.reason), []).append(row)
    return tuple(tuple(rows) for rows in groups.values())


def fingerprint(target: TargetResult) -> tuple[RequirementResult, ...]:
    """The requirements at which the portal showed one of several possible behaviours."""
    return tuple(row for row in target.requirements if row.behaviour is not None)


def counts(part: RunResult | TargetResult | ThemeGroup) -> tuple[tuple[Verdict, int], ...]:
    """The verdicts that occur with how often they do, worst first."""
    pairs = ((verdict, part.count(verdict)) for verdict in VERDICTS_IN_ORDER)
    return tuple((verdict, number) for verdict, number in pairs if number)


def headline(part: RunResult | TargetResult) -> tuple[tuple[Verdict, int], ...]:
    """Of `counts`, what has to be said first: the trouble where there is any, else what conforms."""
    occurring = counts(part)
    trouble = tuple(pair for pair in occurring if pair[0] in _TROUBLE)
    return trouble or tuple(pair for pair in occurring if pair[0] in _CALM) or occurring


def _badness(row: RequirementResult) -> tuple[int, int]:
    return _FIRMEST_FIRST.get(row.level, len(_FIRMEST_FIRST)), -len(row.findings)


def _grouped(target: TargetResult, rows: Iterable[RequirementResult]) -> tuple[ThemeGroup, ...]:
    groups: dict[str, list[RequirementResult]] = {theme: [] for theme in target.themes}
    for row in rows:
        groups.setdefault(row.theme, []).append(row)
    return tuple(
        ThemeGroup(theme, target.themes.get(theme, {"en": theme, "ru": theme}), tuple(members))
        for theme, members in groups.items()
        if members
    )
