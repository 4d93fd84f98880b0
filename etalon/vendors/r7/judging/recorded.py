"""R7 traffic of any client, out of a recording: which requirements it speaks of, and what it says.

Only what a recording shows by itself is judged. What the client sent is the client's affair: bodies that the
pages do not describe, texts that a portal may have reason to alter and ids that nothing shows to exist say
nothing about the portal.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from etalon.generation.openapi_document import json_body
from etalon.judging import rules
from etalon.judging.recorded import Event, Role, beside, each, is_telling
from etalon.judging.verdicts import Deviates, Finding, Inconclusive
from etalon.messages import Message
from etalon.portals import strict_json
from etalon.vendors.r7.binding import task
from etalon.vendors.r7.judging.evidence import change_of, reading
from etalon.vendors.r7.judging.laws import laws
from etalon.vendors.r7.judging.plainness import is_plain_value, sends_plainly
from etalon.vendors.r7.judging.situations import unsteady

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Reading
    from etalon.judging.recorded import Judge
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member

    Rule = Callable[[Member, Change], Finding | bool | None]

_TASK = re.compile(r"/api/2\.0/crm/task(?:\.json|\.xml)?(?:/([0-9]{1,40})(?:\.json|\.xml)?)?/?")
_LOG_IN = re.compile(r"/api/2\.0/authentication(?:\.json|\.xml)?/?")
_ONE_TASK = {"PUT": "updateTask", "GET": "getTask", "DELETE": "deleteTask"}
_ROLES = {
    "createTask": Role.CHANGE,
    "updateTask": Role.CHANGE,
    "getTask": Role.READ,
    "deleteTask": Role.OTHER_CHANGE,
}


def recognised(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """The exchanges with an R7 portal's task API, each with its operation and the task that it is about."""
    found = []
    for exchange in exchanges:
        path, method = urlsplit(exchange.request.url).path, exchange.request.method
        about = _TASK.search(path)
        if about and about.end() == len(path):
            task = int(about[1]) if about[1] else None
            operation = (
                _ONE_TASK.get(method) if task is not None else "createTask" if method == "POST" else None
            )
            if operation:
                found.append(replace(exchange, operation=operation, subject=task))
        elif method == "POST" and _LOG_IN.search(path):
            found.append(replace(exchange, operation="authenticate"))
    return found


def judges(exchanges: Sequence[Exchange], spec: Mapping[str, Any]) -> Mapping[str, Judge]:
    """Requirement id → what judges the recording by it.

    Args:
        exchanges: those that `recognised` gives.
        spec: the parsed `openapi.yaml`.
    """
    made = _described(changes(exchanges), spec)
    readings = [shown for exchange in exchanges if (shown := reading(exchange))]
    found: dict[str, Judge] = {
        row: partial(each, exchanges, law) for row, law in laws(spec, exchanges).items()
    }
    members = [
        member
        for member in task().readable
        if member.promised or any(member.shown_in(shown.card) for shown in readings)
    ]
    for member in members:
        for verb, operation in (("CREATE", "createTask"), ("UPDATE", "updateTask")):
            telling = [
                change
                for change in made
                if change.exchange.operation == operation
                and is_telling(member, change, readings, is_plain_value)
            ]
            name = member.name.upper()
            found[f"R7-{verb}-ECHOES-{name}"] = partial(each, telling, partial(rules.echoes, member))
            found[f"R7-{verb}-STORES-{name}"] = partial(each, telling, partial(rules.stores, member))
    texts = [member for member in members if member.is_text]
    plain = [change for change in made if all(sends_plainly(member, change) for member in texts)]
    found["R7-ECHO-IS-STORED"] = partial(each, plain, partial(rules.echo_is_stored, members))
    updates = [change for change in made if not change.creates]
    for member in members:
        others = [other for other in members if other is not member]
        found[f"R7-UPDATE-KEEPS-{member.name.upper()}"] = partial(_left_out, member, others, updates)
    for row, name in {"ID": "id", "AUTHOR": "createby"}.items():
        found[f"R7-UPDATE-KEEPS-{row}"] = partial(each, updates, partial(_kept, task().member(name)))
    return found


def changes(exchanges: Iterable[Exchange]) -> list[Change]:
    """The creations and updates of a recording, each with the reads next to it, where there are any."""
    return [
        change_of(_sent(found.change), found.change, found.before, found.after)
        for found in beside(filter(None, map(_event, exchanges)))
    ]


def _sent(exchange: Exchange) -> Mapping[str, Any]:
    return strict_json.parse_object(exchange.request.body) or {}


def _event(exchange: Exchange) -> Event[Reading] | None:
    role = _ROLES.get(exchange.operation)
    if role is None:
        return None
    shown = reading(exchange)
    task = exchange.subject if exchange.subject is not None else _id_of(shown)
    return Event(exchange, role, task, shown if role is Role.READ else None)


def _kept(member: Member, change: Change) -> Finding | bool | None:
    """No update changes what a task is: between the read before it, and what comes after."""
    if change.before is None or not change.accepted:
        return None  # nothing to compare with, or nothing was changed
    shown = [one for one in (change.echo, change.after) if one]
    outcomes = [rules.fixed(member, change.before, one, change.exchanges) for one in shown]
    return next((outcome for outcome in outcomes if isinstance(outcome, Finding)), True)


def _left_out(member: Member, others: Sequence[Member], updates: Iterable[Change], check: Check) -> None:
    """What updates that do not send a member do to it; why one was refused, a recording does not show.

    Raises:
        Deviates: they change it to something else, or treat it now so, now so.
        Inconclusive: no update shows it.
    """
    seen: list[tuple[str, Change]] = []
    for change in updates:
        behaviour = rules.left_alone(member, others, change) if change.accepted else None
        if isinstance(behaviour, Finding):
            raise Deviates(behaviour)
        if behaviour is not None:
            seen.append((behaviour, change))
    if not seen:
        raise Inconclusive(Message("recording-shows-nothing"))
    changing = unsteady(member.name, seen)
    if changing:
        raise Deviates(changing)
    for behaviour, change in seen:
        finding = rules.not_expected(member, behaviour, change)
        check.observe(behaviour, *change.exchanges, finding=finding)


def _described(made: Iterable[Change], spec: Mapping[str, Any]) -> list[Change]:
    """The changes whose body is one that the pages describe."""
    bodies = {
        operation: [
            Draft202012Validator({**shape, "components": spec.get("components", {})})
            for shape in json_body(spec, operation).shapes
        ]
        for operation, role in _ROLES.items()
        if role is Role.CHANGE
    }
    return [
        change
        for change in made
        if change.body and any(shape.is_valid(change.body) for shape in bodies[change.exchange.operation])
    ]


def _id_of(shown: Reading | None) -> int | None:
    found = shown.card.get("id") if shown else None
    return found if isinstance(found, int) else None
