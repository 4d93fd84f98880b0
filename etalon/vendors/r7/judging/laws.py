"""Laws: what holds for every exchange with an R7 portal, whoever sent it.

A law gives a finding where it is broken, True where it holds, and None where the exchange is none of its
business. `laws()` binds each to its requirement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator

from etalon.generation.openapi_document import json_answer
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.portals import strict_json
from etalon.portals.exchange import header
from etalon.vendors.r7.answers import payload, status_of, succeeded, task_shown
from etalon.vendors.r7.judging.evidence import reading

if TYPE_CHECKING:
    from etalon.portals.exchange import Exchange

Law = Callable[["Exchange"], "Finding | bool | None"]

TASK_OPERATIONS = frozenset({"createTask", "updateTask", "getTask", "deleteTask"})
# What refuses a token (401) or throttles (429) often stands before the API and has a form of its own.
_GATEKEEPERS = frozenset({401, 429})
_SERVER_ERROR = 500
# The pages give their numbers no range: a portal that takes a negative one answers it.
_ENOUGH_ERRORS = 1000  # of which the first is told; an answer may have as many as items
_ENOUGH_ERRORS = 1000  # the first is told; an answer may have as many as it has items
_RANGES = frozenset({"minimum", "maximum"})
_SHORTEST_SECRET = 8
# Members of a task that stand for something else → what it is, and which part of them is its name.
_NAMED = {
    "category": ("category", "title"),
    "responsible": ("person", "displayName"),
    "createBy": ("person", "displayName"),
}


def laws(spec: Mapping[str, Any], journal: Iterable[Exchange]) -> Mapping[str, Law]:
    """Requirement id → law.

    Args:
        spec: the parsed `openapi.yaml`.
        journal: all exchanges, out of which the laws learn which tasks there are.
    """
    return {
        "R7-LAW-ANSWER-SCHEMA": answers_like_the_sample(spec),
        "R7-LAW-STATUS-ZERO": success_has_status_zero,
        "R7-LAW-CONTENT-TYPE": json_is_declared,
        "R7-LAW-ASKED-ID": answers_the_asked_id(existing_tasks(journal)),
        "R7-LAW-ONE-NAME": has_one_name(journal),
        "R7-LAW-NO-SECRETS": keeps_secret,
        "R7-LAW-NO-SERVER-ERROR": never_fails,
    }


def answers_like_the_sample(spec: Mapping[str, Any]) -> Law:
    """Every successful JSON answer of a task operation validates against the schema of the page's sample."""
    schema = {**json_answer(spec, "updateTask"), "components": spec["components"]}
    validator = Draft202012Validator(schema)
    # Says no more than yes or no, but that in a fiftieth of the time.
    glance = jsonschema_rs.Draft202012Validator(schema)

    def law(exchange: Exchange) -> Finding | bool | None:
        if not _is_task_success(exchange) or exchange.operation == "deleteTask":
            return None  # what a delete answers is on neither page
        document = strict_json.parse_object(exchange.response.body)
        if document is None and exchange.response.media_type == "application/json":
            return _no_json(exchange)
        if document is None:
            return None  # not said to be JSON: another requirement's concern
        if _is_valid(glance, document):
            return True
        found = (error for error in validator.iter_errors(document) if error.validator not in _RANGES)
        errors = sorted(
            islice(found, _ENOUGH_ERRORS),
            key=lambda error: list(map(str, error.absolute_path)),
        )
        if not errors:
            return True
        first = errors[0]
        place = "/".join(map(str, first.absolute_path))
        return Finding(
            summary=Message(
                "answer-unlike-sample", operation=exchange.operation, place=place or Message("whole-answer")
            ),
            expected=_what_schema_wants(first.validator, first.validator_value),
            observed=_short(first.instance),
            exchanges=(exchange,),
            member=place,
        )

    return law


def _is_valid(glance: jsonschema_rs.Draft202012Validator, document: object) -> bool:
    try:
        return glance.is_valid(document)
    except ValueError:  # half a surrogate pair in a name
        return False


def success_has_status_zero(exchange: Exchange) -> Finding | bool | None:
    """A successful answer's envelope carries status 0."""
    if not _is_task_success(exchange) or exchange.operation == "deleteTask":
        return None
    if payload(exchange) is None:
        return None  # neither JSON nor XML: another requirement's concern
    status = status_of(exchange)
    return status == 0 or Finding(
        summary=Message("success-without-status-zero", operation=exchange.operation),
        expected="0",
        observed=Message("no-status") if status is None else str(status),
        exchanges=(exchange,),
        member="status",
    )


def json_is_declared(exchange: Exchange) -> Finding | bool | None:
    """An answer that is a JSON object says so in its Content-Type."""
    if exchange.operation not in TASK_OPERATIONS or exchange.response.status in _GATEKEEPERS:
        return None
    if strict_json.parse_object(exchange.response.body) is None:
        return None
    declared = exchange.response.media_type
    return (
        declared == "application/json"
        or declared.endswith("+json")
        or Finding(
            summary=Message("json-under-another-content-type", operation=exchange.operation),
            expected="application/json",
            observed=declared or Message("no-content-type"),
            exchanges=(exchange,),
        )
    )


def answers_the_asked_id(existing: frozenset[str]) -> Law:
    """An answer about a task shows the id that was asked for."""

    def law(exchange: Exchange) -> Finding | bool | None:
        if exchange.subject is None or not exchange.response.ok:
            return None  # about no single task, or about none that is shown
        shown = reading(exchange)
        if shown is None:
            return None  # no task is shown
        observed = str(shown.card["id"])
        is_read_as_another = exchange.operation == "getTask" and observed in existing
        if str(exchange.subject) not in existing and not is_read_as_another:
            return None  # what an unknown id does is another requirement
        return observed == str(exchange.subject) or Finding(
            summary=Message("answer-of-another-id", operation=exchange.operation),
            expected=str(exchange.subject),
            observed=observed,
            exchanges=(exchange,),
            member="id",
        )

    return law


def existing_tasks(journal: Iterable[Exchange]) -> frozenset[str]:
    """The ids of the tasks that creations say they made, or that a read has shown."""
    shown = {
        (exchange.operation, exchange.subject, str(seen.card["id"]))
        for exchange in journal
        if (seen := reading(exchange)) is not None
    }
    return frozenset(
        task
        for operation, subject, task in shown
        if operation == "createTask" or (operation == "getTask" and task == str(subject))
    )


def has_one_name(journal: Iterable[Exchange]) -> Law:
    """Wherever a task shows a category or a person, one id has one name.

    Args:
        journal: all exchanges; the first that shows an id says what it is called.
    """
    first: dict[tuple[str, str], tuple[str, Exchange]] = {}
    for exchange in journal:
        for _, key, name in _named(exchange):
            first.setdefault(key, (name, exchange))

    def law(exchange: Exchange) -> Finding | bool | None:
        named = _named(exchange)
        for member, key, name in named:
            known, shown = first.get(key, (name, exchange))
            if name != known:
                return Finding(
                    summary=Message("one-id-two-names", member=member),
                    expected=known,
                    observed=name,
                    exchanges=(shown, exchange),
                    member=member,
                )
        return True if named else None

    return law


def _named(exchange: Exchange) -> list[tuple[str, tuple[str, str], str]]:
    """Member, what it is with its id, and its name, of all that a task operation shows by id and name."""
    task = task_shown(exchange) if _is_task_success(exchange) else None
    found = []
    for member, (kind, name) in _NAMED.items():
        part = (task or {}).get(member)
        if isinstance(part, Mapping) and part.get("id") and isinstance(part.get(name), str):
            found.append((member, (kind, str(part["id"]).lower()), str(part[name])))
    return found


def keeps_secret(exchange: Exchange) -> Finding | bool | None:
    """No answer of a task operation repeats the token that its request carried, or shows a password."""
    may_show_one = exchange.operation in TASK_OPERATIONS and _may_show_password(exchange.response.body)
    if may_show_one and _shows_password(payload(exchange)):
        return Finding(
            summary=Message("answer-shows-password", operation=exchange.operation),
            expected=Message("no-password"),
            observed=Message("member-password"),
            exchanges=(exchange,),
            member="password",
        )
    token = header(exchange.request.headers, "authorization")
    if exchange.operation not in TASK_OPERATIONS or token is None:
        return None  # the answer to a log-in is the token
    if len(token) < _SHORTEST_SECRET:
        return None  # so short a text occurs by chance
    body = exchange.response.body.decode("utf-8", errors="replace")
    repeated = token in body or any(token in value for _, value in exchange.response.headers)
    return not repeated or Finding(
        summary=Message("answer-repeats-token", operation=exchange.operation),
        expected=Message("no-token"),
        observed=Message("the-token"),
        exchanges=(exchange,),
    )


def never_fails(exchange: Exchange) -> Finding | bool | None:
    """No request is answered with a server error."""
    if exchange.operation not in TASK_OPERATIONS:
        return None
    return exchange.response.status < _SERVER_ERROR or Finding(
        summary=Message("server-error-answer", operation=exchange.operation),
        expected=Message("below-500"),
        observed=Message("http-status", status=exchange.response.status),
        exchanges=(exchange,),
    )


def error_form(exchange: Exchange) -> str | None:
    """The form of a task operation's error answer, as R7-LAW-ERROR-ENVELOPE names it; None if it is none."""
    status = exchange.response.status
    if exchange.operation not in TASK_OPERATIONS or succeeded(exchange) or status in _GATEKEEPERS:
        return None
    document = payload(exchange)
    if not isinstance(document, Mapping):
        return "other"
    error = document.get("error")
    told = str(document.get("status")) != "0"  # which is how a success is told
    if not (told and isinstance(error, Mapping) and "message" in error):
        return "json"
    return "envelope-in-success" if exchange.response.ok else "envelope"


def _may_show_password(body: bytes) -> bool:
    """Whether a document need be looked through for a password: its name may be there."""
    text = body.lower()
    return any(mark in text for mark in (b"password", b"\\u", b"\0"))


def _shows_password(document: object) -> bool:
    """Whether a text that is no empty one stands under the name of a password, at any depth."""
    if isinstance(document, Mapping):
        return any(
            (str(name).lower() == "password" and isinstance(value, str) and value != "")
            or _shows_password(value)
            for name, value in document.items()
        )
    return isinstance(document, list) and any(map(_shows_password, document))


def _is_task_success(exchange: Exchange) -> bool:
    return exchange.operation in TASK_OPERATIONS and succeeded(exchange)


def _no_json(exchange: Exchange) -> Finding:
    body = exchange.response.body.decode("utf-8", errors="backslashreplace")
    end = 80
    return Finding(
        summary=Message("answer-no-json-object", operation=exchange.operation),
        expected=Message("json-object"),
        observed=Message("bytes-ending-in", length=len(exchange.response.body), end=f"{body[-end:]!r}"),
        exchanges=(exchange,),
    )


def _what_schema_wants(keyword: object, value: object) -> str:
    return f"{keyword}: {json.dumps(value, ensure_ascii=False)}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    limit = 300
    return text if len(text) <= limit else f"{text[:limit]}…"
