"""Departures that still conform: what portals do differently without breaking a sentence of the pages.

A suite that reports one of these as a deviation is wrong.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import PlainTextResponse, Response

from etalon.portals.mocking import looked_up
from etalon.vendors.r7.mock import dates, envelope
from etalon.vendors.r7.mock.conversion import PARAMETERS, TENANT_OFFSET_MINUTES
from etalon.vendors.r7.mock.faults.hooks import Variation
from etalon.vendors.r7.mock.inbound import Operation
from etalon.vendors.r7.mock.problems import ApiError
from etalon.vendors.r7.mock.reading import read_json_members

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.vendors.r7.mock.calls import Answer, Call
    from etalon.vendors.r7.mock.entries import Task
    from etalon.vendors.r7.mock.inbound import Inbound
    from etalon.vendors.r7.mock.rendering import Members

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OPTIONAL: Final = ("description", "contact", "entity", "alertValue", "isClosed")
_ABSENT: Final = {"description": None, "contact": None, "entity": None, "alertValue": 0, "isClosed": False}
# How the two pages spell the parameters that they spell differently.
_CREATE_SPELLS: Final = {
    "responsibleid": "responsibleId",
    "categoryid": "categoryId",
    "contactid": "contactId",
    "entityid": "entityId",
}
_ALWAYS_SPELT: Final = {"entitytype": "entityType", "isnotify": "isNotify", "alertvalue": "alertValue"}


def _created_as_ok(_call: Call, answer: Answer) -> Answer:
    if answer.status != 201:  # noqa: PLR2004 - HTTP
        return answer
    return replace(answer, status=200, envelope={**answer.envelope, "statusCode": 200})


def _unknown_as_bad_request(_call: Call, answer: Answer) -> Answer:
    if answer.status != 404:  # noqa: PLR2004 - HTTP
        return answer
    return replace(answer, status=400, envelope={**answer.envelope, "statusCode": 400})


def _in_upper_case(_call: Call, answer: Answer) -> Answer:
    return replace(answer, envelope=_with_texts(answer.envelope, str.upper))


def _with_texts(node: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    """The same tree, every text that is a GUID and nothing else changed."""
    match node:
        case dict():
            return {name: _with_texts(value, change) for name, value in node.items()}
        case list():
            return [_with_texts(value, change) for value in node]
        case str() if _GUID.fullmatch(node):
            return change(node)
        case _:
            return node


def _reversed(_call: Call, answer: Answer) -> Answer:
    shown = answer.envelope
    task = shown.get("response")
    if isinstance(task, dict):
        shown = {**shown, "response": dict(reversed(task.items()))}
    return replace(answer, envelope=dict(reversed(shown.items())))


def _as_the_sample(_call: Call, answer: Answer) -> Answer:
    left_out = {"count", "statusCode"}
    shown = {name: value for name, value in answer.envelope.items() if name not in left_out}
    return replace(answer, envelope=shown)


def _without_optional(_call: Call, members: Members) -> Members:
    return {name: value for name, value in members.items() if name not in _OPTIONAL}


def _with_optional(_call: Call, members: Members) -> Members:
    return {**_ABSENT, **members}


def _with_more(_call: Call, members: Members) -> Members:
    return {**members, "lastModified": "2026-01-01T00:00:00.0000000Z", "tags": []}


def _unauthorised_in_json(call: Call, response: Response) -> Response:
    if response.status_code != 401:  # noqa: PLR2004 - HTTP
        return response
    refused = envelope.failure(ApiError(401, "Authentication is required."))
    body = envelope.to_json(refused.envelope, escapes_slashes=call.dialect.escapes_slashes)
    return Response(body, 401, {"Content-Type": envelope.JSON_TYPE})


def _unauthorised_without_body(_call: Call, response: Response) -> Response:
    return PlainTextResponse("", 401) if response.status_code == 401 else response  # noqa: PLR2004 - HTTP


def _read_by_the_letter(inbound: Inbound) -> dict[str, object]:
    """The members that are spelt as the operation's page does; the others count as not sent."""
    members = read_json_members(inbound)
    if inbound.route.operation not in {Operation.CREATE, Operation.UPDATE}:
        return members
    spelt = dict(_ALWAYS_SPELT)
    if inbound.route.operation is Operation.CREATE:
        spelt |= _CREATE_SPELLS
    sent = set(json.loads(inbound.body))
    return {
        parameter.name: members[parameter.name]
        for parameter in PARAMETERS
        if parameter.name in members and spelt.get(parameter.name, parameter.name) in sent
    }


def _whole_seconds(task: Task) -> Task:
    return replace(task, deadline=dates.to_whole_seconds(task.deadline))


VARYING: Final[Mapping[str, Variation]] = {
    variation.name: variation
    for variation in (
        Variation(
            name="creation-answers-200",
            tells="a creation is answered 200 instead of 201",
            answers=_created_as_ok,
        ),
        Variation(
            name="unknown-id-answers-400",
            tells="what does not exist is answered 400 instead of 404",
            answers=_unknown_as_bad_request,
        ),
        Variation(name="guids-in-capitals", tells="GUIDs are answered in capitals", answers=_in_upper_case),
        Variation(
            name="answers-at-plus-three",
            tells="moments are answered at the offset +03:00",
            speaks=lambda dialect: replace(dialect, offset_minutes=TENANT_OFFSET_MINUTES),
        ),
        Variation(name="members-reversed", tells="members are answered in another order", answers=_reversed),
        Variation(
            name="optional-members-hidden",
            tells="what the sample answers do not show is never shown",
            shows=_without_optional,
            answers=_as_the_sample,
        ),
        Variation(
            name="optional-members-shown",
            tells="members that are not set are shown as null, 0 or false",
            shows=_with_optional,
        ),
        Variation(name="more-members", tells="a task has members that no page lists", shows=_with_more),
        Variation(
            name="unauthorised-in-json",
            tells="401 comes in the envelope of errors",
            sends=_unauthorised_in_json,
        ),
        Variation(
            name="unauthorised-without-body",
            tells="401 comes without a body",
            sends=_unauthorised_without_body,
        ),
        Variation(
            name="names-by-the-letter",
            tells="names are taken only as the operation's page spells them",
            speaks=lambda dialect: replace(dialect, reads=_read_by_the_letter),
        ),
        Variation(
            name="deadline-in-whole-seconds",
            tells="a deadline keeps no fraction; conforms where the target pins that",
            speaks=lambda dialect: replace(dialect, keeps=_whole_seconds),
        ),
    )
}
"""Every variation, by name."""


def find_variations(names: Sequence[str]) -> tuple[Variation, ...]:
    """Return the variations of those names, in that order.

    Raises:
        UnknownFaultError: for a name that the catalogue lacks; the message lists those it has.
    """
    return looked_up(names, VARYING, "the R7 portal has no variation")
