"""PlanFix traffic of any client, out of a recording: which requirements it speaks of, and what it says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from etalon.judging.recorded import ANY, Event, Role, beside, each, is_telling
from etalon.vendors.planfix.answers import NotAnAnswerError, answer_of, number_of, parse
from etalon.vendors.planfix.binding import plain, task
from etalon.vendors.planfix.judging import laws, rules
from etalon.vendors.planfix.judging.evidence import change_of, reading
from etalon.vendors.planfix.judging.values import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xmlschema import XMLSchema11

    from etalon.judging.evidence import Change, Reading
    from etalon.judging.recorded import Judge
    from etalon.portals.exchange import Exchange

UPDATE = "task.update"
# Functions that change a task, whatever they change of it.
_CHANGING = frozenset({"task.update", "task.changeStatus", "task.changeWorkers", "task.accept", "action.add"})


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
        "PF-ANSWER-FORM": partial(each, exchanges, laws.well_formed),
        "PF-UPDATE-ANSWER-SCHEMA": partial(
            each, exchanges, partial(laws.valid, schemas=schemas, functions=frozenset({UPDATE}))
        ),
        "PF-OTHER-ANSWER-SCHEMA": partial(
            each, exchanges, partial(laws.valid, schemas=schemas, functions=others)
        ),
        "PF-ERROR-ANSWER-SCHEMA": partial(each, exchanges, partial(laws.valid_error, schemas=schemas)),
        "PF-UPDATE-ECHOES-ID": partial(each, exchanges, partial(laws.names_the_task, function=UPDATE)),
    }
    made = steps(exchanges)
    shown = [card for exchange in exchanges if (card := reading(exchange))]
    for member in plain():
        # Whether it may be refused depends on rights that a recording does not show.
        sent = [
            step
            for step in made
            if step.accepted and is_telling(task().member(member), step, shown, is_plain)
        ]
        found[f"PF-UPDATE-STORES-{member.upper()}"] = partial(each, sent, partial(rules.stores, member))
    for member in ("parent", "client"):
        zeros = [
            step
            for step in made
            if step.accepted and member in step.patch.sets and step.patch.sets[member] is None
        ]
        found[f"PF-{member.upper()}-ZERO"] = partial(each, zeros, partial(rules.stores, member))
    for member in task().names:
        if member != "owner":  # the page itself says that the owner may change
            found[f"PF-UPDATE-KEEPS-{member.upper()}"] = partial(each, made, partial(rules.keeps, member))
    return found


def steps(exchanges: Iterable[Exchange]) -> list[Change]:
    """The updates of a recording, each with the reads next to it, where there are any."""
    return [
        change_of(found.change, found.before, found.after)
        for found in beside(filter(None, map(_event, exchanges)))
    ]


def _event(exchange: Exchange) -> Event[Reading] | None:
    if exchange.operation == "task.get":
        shown = reading(exchange)
        return Event(exchange, Role.READ, _task_of(exchange), shown)
    if exchange.operation in _CHANGING:
        judged = exchange.operation == UPDATE
        return Event(exchange, Role.CHANGE if judged else Role.OTHER_CHANGE, _task_of(exchange))
    return None


def _task_of(exchange: Exchange) -> int:
    """The id in the request, or that in the answer, since a request may give the `general` instead."""
    if exchange.subject is not None:
        return exchange.subject
    try:
        told = number_of(answer_of(exchange).root.find("task/id"))
    except NotAnAnswerError:
        return ANY
    return ANY if told is None else told
