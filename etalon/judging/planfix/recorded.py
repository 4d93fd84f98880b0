"""PlanFix traffic of any client, out of a recording: which requirements it speaks of, and what it says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from etalon.judging.planfix import laws, rules
from etalon.judging.planfix.evidence import Step
from etalon.judging.planfix.task import MEMBERS, PLAIN, Reading, reading
from etalon.judging.planfix.values import is_plain
from etalon.judging.recorded import close_in_time
from etalon.portals.planfix.answers import NotAnAnswerError, number_of, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from xmlschema import XMLSchema11

    from etalon.judging.checking import Check
    from etalon.judging.recorded import Judge
    from etalon.judging.verdicts import Finding
    from etalon.portals.exchange import Exchange

UPDATE = "task.update"
# Functions that change a task, whatever they change of it.
_CHANGING = frozenset({"task.update", "task.changeStatus", "task.changeWorkers", "task.accept", "action.add"})
_REFERENCES = frozenset({"owner", "parent", "project", "client"})


def recognised(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """The exchanges with a PlanFix XML API, each with its function and the task that it is about."""
    found = []
    for exchange in exchanges:
        if exchange.request.method != "POST" or not exchange.request.body.lstrip().startswith(b"<"):
            continue
        try:
            root = parse(exchange.request.body)
        except NotAnAnswerError:
            continue
        function = root.get("method")
        if root.tag == "request" and function:
            found.append(replace(exchange, operation=str(function), subject=number_of(root.find("task/id"))))
    return found


def judges(exchanges: Sequence[Exchange], schemas: Mapping[str, XMLSchema11]) -> Mapping[str, Judge]:
    """Requirement id → what judges the recording by it.

    Args:
        exchanges: those that `recognised` gives.
        schemas: function → schema of its ok answer; `laws.ERROR` → that of error answers.
    """
    others = frozenset(schemas) - {UPDATE, laws.ERROR}
    found: dict[str, Judge] = {
        "PF-ANSWER-FORM": partial(_each, exchanges, laws.well_formed),
        "PF-UPDATE-ANSWER-SCHEMA": partial(
            _each, exchanges, partial(laws.valid, schemas=schemas, functions=frozenset({UPDATE}))
        ),
        "PF-OTHER-ANSWER-SCHEMA": partial(
            _each, exchanges, partial(laws.valid, schemas=schemas, functions=others)
        ),
        "PF-ERROR-ANSWER-SCHEMA": partial(_each, exchanges, partial(laws.valid_error, schemas=schemas)),
        "PF-UPDATE-ECHOES-ID": partial(_each, exchanges, partial(laws.names_the_task, function=UPDATE)),
    }
    made = steps(exchanges)
    known = _known(exchanges)
    for member in PLAIN:
        sent = [step for step in made if _is_telling(member, step, known)]
        found[f"PF-UPDATE-STORES-{member.upper()}"] = partial(_each, sent, partial(rules.stores, member))
    for member in ("parent", "client"):
        zeros = [step for step in made if step.accepted and step.asks.plain.get(member) == 0]
        found[f"PF-{member.upper()}-ZERO"] = partial(_each, zeros, partial(rules.stores, member))
    for member in MEMBERS:
        if member != "owner":  # the page itself says that the owner may change
            found[f"PF-UPDATE-KEEPS-{member.upper()}"] = partial(
                _each, made, partial(rules.leaves_alone, member)
            )
    return found


def steps(exchanges: Iterable[Exchange]) -> list[Step]:
    """The updates of a recording, each with the reads next to it, where there are any."""
    made: list[Step] = []
    latest: dict[int, Reading] = {}
    waiting: dict[int, int] = {}
    for exchange in exchanges:
        task = exchange.subject if exchange.subject is not None else 0
        if exchange.operation == UPDATE:
            before = latest.pop(task, None)
            if before is not None and not close_in_time(before.exchange, exchange):
                before = None
            waiting[task] = len(made)
            made.append(Step.of(exchange, before, None))
        elif exchange.operation == "task.get":
            shown, place = reading(exchange), waiting.pop(task, None)
            if shown is None:
                continue
            latest[task] = shown
            if place is not None and close_in_time(made[place].update, exchange):
                made[place] = replace(made[place], after=shown)
        elif exchange.operation in _CHANGING:
            latest.pop(task, None)
            waiting.pop(task, None)
    return made


def _each(evidence: Sequence[object], rule: Callable[..., Finding | bool | None], check: Check) -> None:
    check.each(evidence, rule, otherwise="the recording has nothing that shows it")


def _is_telling(member: str, step: Step, known: Mapping[str, frozenset[object]]) -> bool:
    """Whether a portal has no reason to store anything else than what an update sends for a member."""
    value = step.asks.plain.get(member)
    if value is None or not step.accepted or not is_plain(value):
        return False  # whether it may be refused depends on rights that a recording does not show
    return member not in _REFERENCES or value in known[member]


def _known(exchanges: Iterable[Exchange]) -> Mapping[str, frozenset[object]]:
    """For each reference, the ids that cards of the recording show."""
    shown = [
        card for exchange in exchanges if exchange.operation == "task.get" and (card := reading(exchange))
    ]
    return {
        member: frozenset(card.members.get(member) for card in shown) - {None, 0} for member in _REFERENCES
    }
