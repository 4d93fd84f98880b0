"""A run arranged for readers: what deviates first, by theme, worst first. No markup, no language."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etalon.judging.requirements import Cell
from etalon.judging.verdicts import Verdict
from etalon.reporting.text import shortened
from etalon.reporting.words import VERDICTS_IN_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.reporting.records import ExchangeRecord
    from etalon.reporting.results import RequirementResult, RunResult, TargetResult

_FIRMEST_FIRST = {"must": 0, "should": 1, "silent": 2}
_UNSETTLED = frozenset({Verdict.INCONCLUSIVE, Verdict.NOT_TESTABLE})
_CALM = frozenset({Verdict.CONFORMS, Verdict.PLANNED})
_VARIABLE = re.compile(r'"\$([A-Z][A-Z0-9_]*)"')
_METHOD = re.compile(r'<request method="([\w.]+)"')
_STATUS = re.compile(r'<response status="(\w+)"')
_TITLE_LENGTH = 120
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
    """What deviates, by theme, worst first: firmly stated before implied, many findings before few.

    What the baseline accepts is not among it, nor what the proof of another finding explains: that stands
    with its cause.
    """
    with_cause = {row.id for rows in explained(target).values() for row in rows}
    deviating = [
        row
        for row in target.requirements
        if row.verdict is Verdict.DEVIATES and not row.allowed and row.id not in with_cause
    ]
    deviating.sort(key=_badness)
    groups = _grouped(target, deviating)
    return tuple(
        sorted(groups, key=lambda group: (_badness(group.requirements[0]), -len(group.requirements)))
    )


def explained(target: TargetResult) -> Mapping[str, tuple[RequirementResult, ...]]:
    """Requirement with a proof of its own → those that this proof explains as well, in the page's order.

    What explains nothing is not among it, nor what is explained by a deviation that the baseline accepts.
    """
    open_rows = [row for row in target.requirements if row.verdict is Verdict.DEVIATES and not row.allowed]
    known = {row.id for row in open_rows}
    found: dict[str, tuple[RequirementResult, ...]] = {}
    for row in open_rows:
        proof = row.findings[0].proof if row.findings else None
        if proof is not None and proof.explained_by in known:
            found[proof.explained_by] = (*found.get(proof.explained_by, ()), row)
    return found


def accepted(target: TargetResult) -> tuple[RequirementResult, ...]:
    """The deviations that the baseline accepts, worst first."""
    return tuple(sorted((row for row in target.requirements if row.allowed), key=_badness))


def unsettled(target: TargetResult) -> tuple[tuple[RequirementResult, ...], ...]:
    """What should have been judged and was not, together what has the same verdict for the same reason.

    A dead portal gives one reason to all.
    """
    groups: dict[tuple[Verdict, str], list[RequirementResult]] = {}
    for row in target.requirements:
        if row.verdict in _UNSETTLED:
            groups.setdefault((row.verdict, row.reason), []).append(row)
    return tuple(tuple(rows) for rows in groups.values())


@dataclass(frozen=True, slots=True)
class Matrix:
    """What an update does to each member in each situation.

    Attributes:
        situations: the columns, in the order of the requirements.
        rows: member → its requirement in each situation; None where there is none.
    """

    situations: tuple[str, ...]
    rows: tuple[tuple[str, tuple[RequirementResult | None, ...]], ...]


def matrix(target: TargetResult) -> Matrix | None:
    """The requirements that have a place in the matrix of partial updates; None where none has."""
    cells = {row.cell: row for row in target.requirements if row.cell}
    if not cells:
        return None
    situations = tuple(dict.fromkeys(cell.situation for cell in cells))
    members = tuple(dict.fromkeys(cell.member for cell in cells))
    return Matrix(
        situations,
        tuple(
            (member, tuple(cells.get(Cell(member, situation)) for situation in situations))
            for member in members
        ),
    )


def fingerprint(target: TargetResult) -> tuple[RequirementResult, ...]:
    """What tells this portal from others: its behaviours where the page is silent, or calls for another."""
    return tuple(
        row
        for row in target.requirements
        if row.behaviour is not None and (row.level == "silent" or row.behaviour != row.expected)
    )


def fingerprint_code(target: TargetResult) -> str:
    """A short code for all observed behaviours together: portals that behave alike have the same."""
    shown = sorted(f"{row.id}={row.behaviour}" for row in target.requirements if row.behaviour is not None)
    digest = hashlib.sha256("\n".join(shown).encode(errors="replace")).hexdigest()
    return "-".join((digest[:4], digest[4:8], digest[8:12]))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a part of a run took.

    Attributes:
        title: language → the theme's title; None for what belongs to no theme: logging in, cleaning up.
        share: of the target's requests, from 0 to 1.
    """

    title: Mapping[str, str] | None
    requests: int
    seconds: float
    share: float


def costs(target: TargetResult) -> tuple[Cost, ...]:
    """What each theme cost, dearest first; at the end what is left of the target's own sums."""
    parts = sorted(target.spending, key=lambda part: (-part.requests, -part.seconds))
    rest = Cost(
        None,
        max(0, target.requests - sum(part.requests for part in parts)),
        max(0.0, target.seconds - sum(part.seconds for part in parts)),
        0.0,
    )
    whole = max(1, target.requests)
    return tuple(
        Cost(
            target.themes.get(part.theme, {"en": part.theme, "ru": part.theme}),
            part.requests,
            part.seconds,
            part.requests / whole,
        )
        for part in parts
    ) + ((replace(rest, share=rest.requests / whole),) if parts else ())


def shell_variables(target: TargetResult) -> tuple[str, ...]:
    """The names that the shell lines of a target's findings take from the shell, as they first occur."""
    found = (
        name
        for row in target.requirements
        for finding in row.findings
        for name in _VARIABLE.findall(finding.reproduce)
    )
    return tuple(dict.fromkeys(found))


def exchange_title(exchange: ExchangeRecord) -> str:
    """An exchange in one line: what was asked for, and what came of it.

    Some APIs take everything at one address, so what tells there is the function and the status that the
    documents name.
    """
    asked, answered = (part.partition("\n")[0].strip() for part in (exchange.request, exchange.response))
    method, status = _METHOD.search(exchange.request), _STATUS.search(exchange.response)
    what = method[1] if method else asked
    came = answered.removeprefix("HTTP/1.1 ") + (f" {status[1]}" if status else "")
    return f"{shortened(what, _TITLE_LENGTH)} → {shortened(came, _TITLE_LENGTH)}"


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
