"""A suspicion becomes a proof: made again from nothing by the fewest steps that show it.

What cannot be made again is told as it was seen, with the whole way that led there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from etalon.judging.claims import ClaimKind, claim_of, shows_alike
from etalon.portals.errors import PortalError
from etalon.proving.scripts import Script, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from etalon.judging.claims import Claim
    from etalon.judging.verdicts import Finding
    from etalon.portals.exchange import Exchange
    from etalon.proving.scripts import Stage

_LONGEST_CONTEXT = 16
_FEW = 4
_ATTEMPTS_AT_SMALLER = 4
_CLEANING = 3
"""Requests that parting with a task takes in the end."""


class Shown(StrEnum):
    """What came of making a finding again."""

    AGAIN = "again"
    NOT_AGAIN = "not-again"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True)
class Proof:
    """How a finding was made again.

    Attributes:
        shown: whether it was.
        script: the steps; None where it was not tried.
        exchanges: as they went when it showed.
        explained_by: the requirement whose proof shows this one, too; empty where it has its own.
        kind: of the finding that is proved.
    """

    shown: Shown
    script: Script | None = None
    exchanges: tuple[Exchange, ...] = ()
    explained_by: str = ""
    kind: str = ""


def prove(findings: Mapping[str, Finding], stage: Stage, budget: int) -> Mapping[str, Proof]:
    """Make findings again, one after another, those of the fewest exchanges first.

    Args:
        findings: requirement → what was found.
        stage: where.
        budget: requests that may be spent, the removal of the tasks included.

    Returns:
        Requirement → its proof.
    """
    found: dict[str, Proof] = {}
    until = stage.transport.spent + budget
    for row, finding in sorted(findings.items(), key=lambda pair: _weight(pair[1])):
        claim = claim_of(finding, sorted(finding.exchanges, key=lambda one: one.number), stage)
        explained = _explained(claim, finding, found, stage)
        if explained:
            found[row] = replace(found[explained], explained_by=explained)
            continue
        left = min(until - stage.transport.spent, stage.transport.remaining)
        found[row] = replace(_proved(finding, stage, left), kind=finding.kind)
    return found


def _weight(finding: Finding) -> tuple[int, int]:
    """Findings about one member, of few exchanges, tell most."""
    return (not finding.member, len(finding.exchanges))


def _explained(claim: Claim | None, finding: Finding, found: Mapping[str, Proof], stage: Stage) -> str:
    """The requirement whose proof shows the same as a claim; empty where none does.

    What is said of several members, or of none, is explained where its exchanges show what was proved of one.
    """
    if claim is None:
        return ""
    shown_by = sorted(finding.exchanges, key=lambda one: one.number)
    for row, proof in found.items():
        if proof.explained_by or proof.shown is not Shown.AGAIN:
            continue
        if shows_alike(claim, proof.exchanges, stage) or _is_answered_alike(finding, claim, proof):
            return row
        proved = proof.script.claim if proof.script else None
        if proved and proved.member and not claim.member and shows_alike(proved, shown_by, stage):
            return row
    return ""


def _is_that_read(exchange: Exchange, read: Exchange) -> bool:
    """Whether a request is that read: one by somebody else's token shows nothing of whose the task is."""
    return exchange.operation == read.operation and exchange.request.headers == read.request.headers


def _is_answered_alike(finding: Finding, claim: Claim, proof: Proof) -> bool:
    """Whether a request is carried out, or refused, in the same way for another reason of the same kind."""
    if claim.kind is not ClaimKind.ANSWERED or proof.script is None or not finding.exchanges:
        return False
    other = proof.script.claim
    asked = max(finding.exchanges, key=lambda one: one.number).operation
    return (
        (other.kind, other.status, other.done) == (claim.kind, claim.status, claim.done)
        and proof.exchanges[other.step].operation == asked
        and proof.kind == finding.kind
    )


def _proved(finding: Finding, stage: Stage, left: int) -> Proof:
    tried = False
    until = stage.transport.spent + left
    try:
        for script in _candidates(finding, stage):
            if until - stage.transport.spent < len(script.steps) + _CLEANING:
                continue
            tried = True
            exchanges = stage.shows(script)
            if exchanges is None:
                continue
            proof = _smaller(Proof(Shown.AGAIN, script, tuple(exchanges)), stage, until)
            if _shows_once_more(proof, stage, until):
                return proof
    except PortalError:
        return Proof(Shown.NOT_TRIED)
    return Proof(Shown.NOT_AGAIN if tried else Shown.NOT_TRIED)


def _candidates(finding: Finding, stage: Stage) -> Iterator[Script]:
    """Scripts that may show a finding, the shortest first."""
    shown_by = sorted(finding.exchanges, key=lambda one: one.number)
    journal = stage.transport.journal
    subjects = {one.subject for one in shown_by if one.subject is not None}
    origins = {
        made: one
        for one in journal
        if one.operation == stage.creates and (made := stage.made_by(one)) in subjects
    }
    if not subjects <= origins.keys() or (not origins and not _creations(shown_by, stage)):
        return  # it is about a task that the run did not make
    first = min((one.number for one in shown_by if one not in origins.values()), default=0)
    last = max((one.number for one in shown_by), default=0)
    writes = [one for one in journal if one.subject in subjects and one.operation != stage.reads]
    history = [one for one in writes if one.number < first]
    between = [one for one in writes if first < one.number < last]
    claim = claim_of(finding, shown_by, stage)
    contexts: list[Sequence[Exchange]] = [()]
    if not any(first < one.number and one.operation != stage.reads for one in shown_by):
        contexts += [between[-1:], between[-_LONGEST_CONTEXT:]]
    linked = [one for one in history if _links(one, subjects) and stage.is_done(one)]
    linking = sorted(linked, key=lambda one: len(one.request.body))[:1]
    writers: list[Exchange] = []
    if claim is not None and claim.kind is ClaimKind.DIFFERS:
        writers = [one for one in history if stage.patch_of(one).touches(claim.member) and stage.is_done(one)]
    contexts += [writers[-1:], linking, [*linking, *writers[-1:]]]
    contexts += [history[-1:], history[-_FEW:], history[-_LONGEST_CONTEXT:]]
    seen: list[Sequence[Exchange]] = []
    for context in contexts:
        if context in seen:
            continue
        seen.append(context)
        script = _script(finding, shown_by, context, list(origins.values()), stage)
        if script is None:
            continue
        if not context:
            yield from _plainer(script, stage)
        yield script


def _script(
    finding: Finding,
    shown_by: Sequence[Exchange],
    context: Sequence[Exchange],
    origins: Sequence[Exchange],
    stage: Stage,
) -> Script | None:
    """The steps from nothing: creations, a read of each task, what went before, and what shows it."""
    rest = [one for one in shown_by if one not in origins]
    steps = sorted({*context, *rest}, key=lambda one: one.number)
    begun: list[Exchange] = []
    for origin in origins:
        begun.append(origin)
        read, made = _first_read(origin, stage), stage.made_by(origin)
        needed = [one for one in steps if one.subject == made]
        if read is not None and needed and not _is_that_read(needed[0], read):
            begun.append(read)
    exchanges = [*begun, *steps]
    claim = claim_of(finding, exchanges, stage)
    return None if claim is None else Script(tuple(map(Step, exchanges)), claim)


def _plainer(script: Script, stage: Stage) -> Iterator[Script]:
    """A script with plainer values: of the creation, then of the request that it is about, then of both."""
    writes = [
        place
        for place, step in enumerate(script.steps)
        if step.exchange.operation not in {stage.creates, stage.reads}
    ]
    creations = [place for place, step in enumerate(script.steps) if step.exchange.operation == stage.creates]
    plain = script
    if len(creations) == 1 and len(script.steps) > 1 and writes:
        body = next(stage.plainly(script.steps[creations[0]]), None)
        if body is not None:
            plain = script.with_body(creations[0], body)
    if len(writes) == 1 and script.claim.member:
        for body in list(stage.fewer(script.steps[writes[0]], script.claim.member))[:1]:
            yield plain.with_body(writes[0], body)
    if plain is not script:
        yield plain


def _shows_once_more(proof: Proof, stage: Stage, until: int) -> bool:
    """Whether a proof shows the same again; what shows now and then is no proof."""
    script = proof.script
    if script is None or until - stage.transport.spent < len(script.steps) + _CLEANING:
        return True
    return stage.shows(script) is not None


def _smaller(proof: Proof, stage: Stage, until: int) -> Proof:
    """The same proof by fewer steps, as far as the requests go."""
    script = proof.script
    assert script is not None
    kept = {script.claim.step, script.claim.against}
    droppable = [
        place
        for place, step in enumerate(script.steps)
        if place not in kept and step.exchange.operation not in {stage.creates, stage.reads}
    ]
    for place in droppable[:_ATTEMPTS_AT_SMALLER]:
        smaller = script.without(place)
        if until - stage.transport.spent < len(smaller.steps) + _CLEANING:
            break
        exchanges = stage.shows(smaller)
        if exchanges is not None:
            return _smaller(replace(proof, script=smaller, exchanges=tuple(exchanges)), stage, until)
    return proof


def _links(exchange: Exchange, subjects: Collection[int | None]) -> bool:
    """Whether a request about one task names another one of those at hand."""
    numbers = {int(found) for found in re.findall(rb"(?<!\d)\d{1,18}(?!\d)", exchange.request.body)}
    return bool(numbers & {one for one in subjects if one != exchange.subject})


def _first_read(origin: Exchange, stage: Stage) -> Exchange | None:
    made = stage.made_by(origin)
    return next(
        (
            one
            for one in stage.transport.journal
            if one.operation == stage.reads and one.subject == made and stage.reading_of(one) is not None
        ),
        None,
    )


def _creations(exchanges: Sequence[Exchange], stage: Stage) -> bool:
    return any(one.operation == stage.creates for one in exchanges)
