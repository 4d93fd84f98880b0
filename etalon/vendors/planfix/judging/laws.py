"""What holds for every exchange with a PlanFix portal, whoever sent it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.planfix.answers import NotAnAnswerError, answer_of, text_of
from etalon.vendors.planfix.judging.evidence import asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element as Element
    from xmlschema import XMLSchema11

    from etalon.messages import Words
    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.answers import Answer

ERROR = "error"
"""Name of the schema of error answers among those of functions."""

_LONGEST_SHOWN = 300
_SHORTEST_TELLING = 8


def well_formed(exchange: Exchange) -> Finding | bool:
    """Every answer is XML with the root `response` and a `status` of ok or error."""
    try:
        answer = answer_of(exchange)
    except NotAnAnswerError as error:
        return _finding(Message("answer-no-document"), Message("response-document"), error.what, exchange)
    if answer.status in {"ok", ERROR}:
        return True
    return _finding(Message("status-neither-ok-nor-error"), Message("ok-or-error"), answer.status, exchange)


def valid(
    exchange: Exchange, schemas: Mapping[str, XMLSchema11], functions: frozenset[str]
) -> Finding | bool | None:
    """Every ok answer of some functions validates against their schemas.

    Args:
        exchange: what is judged.
        schemas: function → schema of its ok answer.
        functions: those that the requirement is about.
    """
    answer = _answer(exchange)
    if answer is None or not answer.ok:
        return None  # another law judges what is no answer, and error answers
    if exchange.operation not in functions or exchange.operation not in schemas:
        return None  # another requirement's, or no schema describes it
    return _validated(exchange, answer.root, schemas[exchange.operation])


def valid_error(exchange: Exchange, schemas: Mapping[str, XMLSchema11]) -> Finding | bool | None:
    """Every error answer validates against the schema of error answers."""
    answer = _answer(exchange)
    if answer is None or answer.status != ERROR:
        return None  # not an error answer
    return _validated(exchange, answer.root, schemas[ERROR])


def names_the_task(exchange: Exchange, function: str) -> Finding | bool | None:
    """An ok answer about a task names the task that was asked for."""
    if exchange.operation != function:
        return None  # another function
    answer = _answer(exchange)
    wanted = asked(exchange.request.body).subject
    if answer is None or not answer.ok or wanted is None:
        return None  # nothing is answered about a task, or none was named
    if answer.task_id == wanted:
        return True
    observed = Message("no-id") if answer.task_id is None else str(answer.task_id)
    return _finding(
        Message("function-answers-another-id", function=function), str(wanted), observed, exchange
    )


def keeps_secrets(exchange: Exchange, secrets: Iterable[str]) -> Finding | bool | None:
    """No answer repeats a key, a password or a token."""
    telling = [secret for secret in secrets if len(secret) >= _SHORTEST_TELLING]
    if not telling:
        return None  # so short a secret may well be part of some other word
    if any(secret.encode() in exchange.response.body for secret in telling):
        return _finding(Message("answer-repeats-secret"), Message("no-secret"), Message("a-secret"), exchange)
    return True


def error_http_status(exchange: Exchange) -> str | None:
    """The class of HTTP status of an error answer: `200`, `4xx` or `5xx`; None for other answers."""
    answer = _answer(exchange)
    if answer is None or answer.status != ERROR:
        return None
    status = exchange.response.status
    return "200" if status == 200 else "5xx" if status >= 500 else "4xx"  # noqa: PLR2004 - classes of RFC 9110


def error_message(exchange: Exchange) -> str | None:
    """Whether an error answer has a message: `absent`, `empty` or `text`; None for other answers."""
    answer = _answer(exchange)
    if answer is None or answer.status != ERROR:
        return None
    message = answer.root.find("message")
    if message is None:
        return "absent"
    return "text" if text_of(message).strip() else "empty"


def _answer(exchange: Exchange) -> Answer | None:
    try:
        return answer_of(exchange)
    except NotAnAnswerError:
        return None


def _validated(exchange: Exchange, root: Element, schema: XMLSchema11) -> Finding | bool:
    error = next(iter(schema.iter_errors(root)), None)
    if error is None:
        return True
    where = error.path or "/response"
    return _finding(
        Message("answer-against-schema"),
        Message("member-as-described", place=where),
        f"{error.reason or error.message}"[:_LONGEST_SHOWN],
        exchange,
    )


def _finding(summary: Message, expected: Words, observed: Words, exchange: Exchange) -> Finding:
    return Finding(summary=summary, expected=expected, observed=observed, exchanges=(exchange,))
