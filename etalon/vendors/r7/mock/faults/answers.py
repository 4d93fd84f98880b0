"""Faults of the conversation: who is admitted, whether it is said that something failed, what is answered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock import authorisation, envelope, negotiation, seed
from etalon.vendors.r7.mock.calls import Reply
from etalon.vendors.r7.mock.faults.hooks import Fault
from etalon.vendors.r7.mock.inbound import Operation
from etalon.vendors.r7.mock.rendering import task_members

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.calls import Answer, Call, Write
    from etalon.vendors.r7.mock.entries import Person, Task

_wrong = partial(Fault, family=FaultFamily.ANSWERS_WRONGLY)

_SHORTEST_PREFIX = 8
_FIRST_REFUSAL = 400


def _stale_echo(write: Write, task: Task) -> Task:
    return write.old or task


def _cached(call: Call, task: Task) -> Task:
    found: Task = call.portal.memory.setdefault(f"read {task.id}", task)
    return found


def _refused(answer: Answer) -> bool:
    return answer.status >= _FIRST_REFUSAL


def _swallowed_error(call: Call, answer: Answer) -> Answer:
    if not _refused(answer) or call.operation is not Operation.UPDATE or call.task_id not in call.books.tasks:
        return answer
    return envelope.success(Reply(task_members(call, call.books.tasks[call.task_id])))


def _error_in_ok(_call: Call, answer: Answer) -> Answer:
    return replace(answer, status=200) if _refused(answer) else answer


def _unknown_as_empty(call: Call, answer: Answer) -> Answer:
    is_read = call.operation is Operation.READ
    return envelope.success(Reply({})) if is_read and answer.status == 404 else answer  # noqa: PLR2004 - HTTP


def _internal_error(_call: Call, answer: Answer) -> Answer:
    if answer.status != _FIRST_REFUSAL:
        return answer
    return replace(answer, status=500, envelope={**answer.envelope, "statusCode": 500})


def _anybody(_call: Call, caller: Person | None) -> Person:
    return caller or seed.ADMINISTRATOR


def _by_prefix(call: Call, caller: Person | None) -> Person | None:
    for token in authorisation.presented_tokens(call.inbound):
        for person in call.books.people.values():
            if caller is None and len(token) >= _SHORTEST_PREFIX and person.token.startswith(token):
                return person
    return caller


def _by_any_case(call: Call, caller: Person | None) -> Person | None:
    folded = {person.token.lower(): person for person in call.books.people.values() if person.token}
    tokens = authorisation.presented_tokens(call.inbound)
    return caller or next((folded[token.lower()] for token in tokens if token.lower() in folded), None)


def _wrong_token_as_403(_call: Call, response: Response) -> Response:
    return PlainTextResponse("Forbidden", 403) if response.status_code == 401 else response  # noqa: PLR2004 - HTTP


def _log_in_page(_call: Call, response: Response) -> Response:
    page = "<!DOCTYPE html><html><head><title>Вход</title></head><body><form></form></body></html>"
    return HTMLResponse(page) if response.status_code == 401 else response  # noqa: PLR2004 - HTTP


def _error_page(call: Call, response: Response) -> Response:
    if response.status_code < _FIRST_REFUSAL or call.operation is Operation.LOG_IN:
        return response
    return HTMLResponse(
        "<!DOCTYPE html><html><body><h1>Server Error</h1></body></html>", response.status_code
    )


ANSWERING_WRONGLY: tuple[Fault, ...] = (
    _wrong(
        name="echo-stale",
        stands_for="an answer that is read before the transaction commits",
        echoes=_stale_echo,
    ),
    _wrong(
        name="read-cached",
        stands_for="a cache that no write invalidates",
        finds=_cached,
    ),
    _wrong(
        name="deleted-task-stays",
        stands_for="a delete that is acknowledged and queued, behind a worker that is down",
        deletes=lambda call, task: call.books.tasks.setdefault(task.id, task),
    ),
    _wrong(
        name="error-swallowed-as-200",
        stands_for="a handler that logs the exception and answers with the unchanged task",
        answers=_swallowed_error,
    ),
    _wrong(
        name="error-in-http-200",
        stands_for="a gateway that passes errors on in the body, under HTTP 200",
        answers=_error_in_ok,
    ),
    _wrong(
        name="unknown-id-answers-empty",
        stands_for="a query without a row, whose result is serialised as an empty object",
        answers=_unknown_as_empty,
    ),
    _wrong(
        name="bad-request-answers-500",
        stands_for="a validation error that nobody catches",
        answers=_internal_error,
    ),
    _wrong(
        name="unknown-id-update-creates",
        stands_for="CommunityServer's SaveOrUpdate, which inserts where it found nothing to update",
        speaks=lambda dialect: replace(dialect, unknown_update_creates=True),
    ),
    _wrong(
        name="xml-accept-ignored",
        stands_for="CommunityServer's choice of the format by the suffix of the path",
        speaks=lambda dialect: replace(dialect, wants_xml=negotiation.xml_by_suffix),
    ),
    _wrong(
        name="update-replaces",
        stands_for="an update that was rewritten from merging to replacing between two versions",
        speaks=lambda dialect: replace(dialect, update_replaces=True),
    ),
    _wrong(
        name="unauthenticated-accepted",
        stands_for="a route that was added without the filter that checks who calls",
        admits=_anybody,
    ),
    _wrong(
        name="token-prefix-accepted",
        stands_for="a token that is looked up in a column which is shorter than it",
        admits=_by_prefix,
    ),
    _wrong(
        name="token-case-ignored",
        stands_for="a token that is compared under a case-insensitive collation",
        admits=_by_any_case,
    ),
    _wrong(
        name="unauthenticated-answers-403",
        stands_for="a proxy that does not tell the unknown caller from the forbidden one",
        sends=_wrong_token_as_403,
    ),
    _wrong(
        name="unauthenticated-answers-log-in-page",
        stands_for="a single sign-on that redirects programs to the page for people",
        sends=_log_in_page,
    ),
    _wrong(
        name="error-as-html",
        stands_for="the web server's own error page in place of the API's answer",
        sends=_error_page,
    ),
)
