"""Faults of form: the answer says the right thing in the wrong shape."""

from __future__ import annotations

import codecs
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from starlette.responses import Response

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock import envelope
from etalon.vendors.r7.mock.faults.hooks import Fault
from etalon.vendors.r7.mock.inbound import Operation

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from etalon.vendors.r7.mock.calls import Answer, Call
    from etalon.vendors.r7.mock.rendering import Members

Shown = TypeVar("Shown")

_misshapen = partial(Fault, family=FaultFamily.ANSWERS_WRONGLY)

_GUID_LENGTH_IN_A_SHORT_COLUMN = 32
_ON_A_TASK = {Operation.CREATE, Operation.READ, Operation.UPDATE, Operation.DELETE}


def _in_task(
    name: str, stands_for: str, member: str, kind: type[Shown], change: Callable[[Shown], object]
) -> Fault:
    """Return a fault that shows one member of a task otherwise, wherever it is shown as that type."""

    def show(_call: Call, members: Members) -> Members:
        value = members.get(member)
        return {**members, member: change(value)} if isinstance(value, kind) else members

    return _misshapen(name=name, stands_for=stands_for, shows=show)


def _without_key_in(operation: Operation) -> Callable[[Call, Members], Members]:
    return lambda call, members: {**members, "id": 0} if call.operation is operation else members


def _without(member: str) -> Callable[[Call, Members], Members]:
    return lambda _, members: {name: value for name, value in members.items() if name != member}


def _with_envelope(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Call, Answer], Answer]:
    return lambda _, answer: replace(answer, envelope=change(answer.envelope))


def _with_task_envelope(
    change: Callable[[dict[str, Any]], dict[str, Any]],
) -> Callable[[Call, Answer], Answer]:
    """Change the envelope of the operations on one task; the lists of other things keep theirs."""

    def answer(call: Call, answer: Answer) -> Answer:
        return replace(answer, envelope=change(answer.envelope)) if call.operation in _ON_A_TASK else answer

    return answer


def _bare_error(_call: Call, answer: Answer) -> Answer:
    return replace(answer, envelope=answer.envelope.get("error", answer.envelope))


def _rebuilt(response: Response, body: bytes, content_type: str | None = None) -> Response:
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(
        body, response.status_code, {**kept, "content-type": content_type or kept["content-type"]}
    )


def _as_html_type(_call: Call, response: Response) -> Response:
    if response.status_code == 401:  # noqa: PLR2004 - plain text in any case
        return response
    return _rebuilt(response, bytes(response.body), "text/html; charset=UTF-8")


def _in_xml(change: Callable[[bytes], bytes]) -> Callable[[Call, Response], Response]:
    def send(call: Call, response: Response) -> Response:
        return _rebuilt(response, change(bytes(response.body))) if call.in_xml else response

    return send


def _with_byte_order_mark(_call: Call, response: Response) -> Response:
    if response.headers["content-type"] != envelope.JSON_TYPE:
        return response
    return _rebuilt(response, codecs.BOM_UTF8 + bytes(response.body))


def _cut_short(call: Call, response: Response) -> Response:
    body = bytes(response.body)
    return _rebuilt(response, body[:1024]) if call.operation is not Operation.LOG_IN else response


def _other_description_in_xml(call: Call, members: Members) -> Members:
    if not call.in_xml or "description" not in members:
        return members
    return {**members, "description": " ".join(members["description"].split())}


def _hour_later_in_xml(call: Call, members: Members) -> Members:
    if not call.in_xml or "deadLine" not in members:
        return members
    return {**members, "deadLine": str(members["deadLine"]).replace("Z", "+01:00")}


def _unix_seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _person_with_short_guid(person: Members) -> Members:
    return {**person, "id": person["id"][:_GUID_LENGTH_IN_A_SHORT_COLUMN]}


def _with_first_category_title(call: Call, members: Members) -> Members:
    category = members.get("category")
    if not isinstance(category, dict):
        return members
    title = call.portal.memory.setdefault(f"category of {members['id']}", category["title"])
    return {**members, "category": {**category, "title": title}}


MISSHAPING: tuple[Fault, ...] = (
    _misshapen(
        name="status-as-string",
        stands_for="a schema that drifted: numbers of the envelope became text",
        answers=_with_envelope(lambda envelope: {**envelope, "status": str(envelope.get("status", 0))}),
    ),
    _misshapen(
        name="status-always-zero",
        stands_for="an envelope whose status is a constant",
        answers=_with_envelope(lambda envelope: {**envelope, "status": 0}),
    ),
    _misshapen(
        name="response-in-list",
        stands_for="an endpoint that was turned into a batch and always answers a list",
        answers=_with_task_envelope(
            lambda envelope: (
                {**envelope, "response": [envelope["response"]]} if "response" in envelope else envelope
            )
        ),
    ),
    _misshapen(
        name="response-renamed",
        stands_for="a new major version of the envelope, served under the old path",
        answers=_with_task_envelope(
            lambda envelope: {
                {"response": "result"}.get(name, name): value for name, value in envelope.items()
            }
        ),
    ),
    _misshapen(
        name="status-counts-rows",
        stands_for="an envelope that passes on how many rows the database has changed as its status",
        answers=_with_task_envelope(
            lambda envelope: {**envelope, "status": 1} if envelope.get("status") == 0 else envelope
        ),
    ),
    _misshapen(
        name="error-without-envelope",
        stands_for="an error that is serialised by the framework instead of the API",
        answers=_bare_error,
    ),
    _misshapen(
        name="content-type-html",
        stands_for="a handler that forgot to name its content type",
        sends=_as_html_type,
    ),
    _misshapen(
        name="json-with-byte-order-mark",
        stands_for="an encoder that was made with its preamble switched on",
        sends=_with_byte_order_mark,
    ),
    _misshapen(
        name="answer-cut-at-1024-bytes",
        stands_for="a proxy whose buffer ends before the answer does",
        sends=_cut_short,
    ),
    _in_task("id-as-string", "ids that became text for the sake of JavaScript", "id", int, str),
    _misshapen(
        name="id-shown-as-zero",
        stands_for="an answer to a creation that is built before the id is known",
        shows=_without_key_in(Operation.CREATE),
    ),
    _misshapen(
        name="id-unmapped-in-reads",
        stands_for="a view model for reads that was given every column but the key",
        shows=_without_key_in(Operation.READ),
    ),
    _in_task("can-edit-as-number", "a boolean column that is passed on as 0 or 1", "canEdit", bool, int),
    _in_task("alert-value-as-text", "a number that went through a form", "alertValue", int, str),
    _in_task(
        "deadline-without-zone",
        "a moment of kind Unspecified, which .NET writes without a zone",
        "deadLine",
        str,
        lambda text: text[:27],
    ),
    _in_task(
        "deadline-in-unix-seconds",
        "a serialiser whose date format was changed for all of the API",
        "deadLine",
        str,
        _unix_seconds,
    ),
    _in_task(
        "created-in-local-spelling",
        "a date that is written in the portal's culture, day first",
        "created",
        str,
        lambda text: f"{text[8:10]}.{text[5:7]}.{text[:4]} {text[11:19]}",
    ),
    _in_task(
        "guid-truncated",
        "a GUID in a char(32) column, which was sized without the hyphens",
        "responsible",
        dict,
        _person_with_short_guid,
    ),
    _in_task(
        "responsible-as-guid",
        "a person who is shown by id alone, to save a join",
        "responsible",
        dict,
        lambda person: person.get("id"),
    ),
    _misshapen(
        name="category-title-kept",
        stands_for="a category's title that is copied into the task when it is created, to save a join",
        shows=_with_first_category_title,
    ),
    _in_task(
        "category-title-only",
        "a category that is flattened to its title",
        "category",
        dict,
        lambda category: {"title": category["title"]},
    ),
    _misshapen(
        name="deadline-not-shown",
        stands_for="a wrapper that lost a data member when it was moved",
        shows=_without("deadLine"),
    ),
    _misshapen(
        name="author-not-shown",
        stands_for="a join that finds nobody, so that the member is left out",
        shows=_without("createBy"),
    ),
    _misshapen(
        name="xml-differs-from-json",
        stands_for="an XML writer that normalises white space in what it writes",
        shows=_other_description_in_xml,
    ),
    _misshapen(
        name="xml-deadline-shifted",
        stands_for="two serialisers that do not agree on the zone",
        shows=_hour_later_in_xml,
    ),
    _misshapen(
        name="xml-unescaped",
        stands_for="XML that is put together from strings",
        sends=_in_xml(
            lambda body: body.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")
        ),
    ),
    _misshapen(
        name="xml-root-renamed",
        stands_for="a root element that is named after the serialised class",
        sends=_in_xml(
            lambda body: body.replace(b"<result>", b"<Response>").replace(b"</result>", b"</Response>")
        ),
    ),
    _misshapen(
        name="xml-declares-windows-1251",
        stands_for="a declaration from a template, above a body in UTF-8",
        sends=_in_xml(lambda body: b'<?xml version="1.0" encoding="windows-1251"?>' + body),
    ),
)
