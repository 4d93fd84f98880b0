"""Faults of taking and refusing: what is no update is carried out, what is one is turned away."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock import envelope, seed
from etalon.vendors.r7.mock.conversion import ABSENT, ENTITY_KINDS, Kind
from etalon.vendors.r7.mock.entries import Task
from etalon.vendors.r7.mock.faults.hooks import Fault
from etalon.vendors.r7.mock.inbound import Operation
from etalon.vendors.r7.mock.problems import ApiError, bad_argument, not_found, unconvertible

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Answer, Call
    from etalon.vendors.r7.mock.conversion import RequestParameter, Values
    from etalon.vendors.r7.mock.dialects import Dialect
    from etalon.vendors.r7.mock.entries import Person
    from etalon.vendors.r7.mock.inbound import Inbound

_wrong = partial(Fault, family=FaultFamily.ANSWERS_WRONGLY)

_FIRST_REFUSAL = 400
_UNAUTHORISED = 401
_BOOLEANS = re.compile(rb">(true|false)<")


def _skipping(kinds: set[Kind]) -> Callable[[Dialect], Dialect]:
    """A dialect that takes what it cannot read as not sent, for members of these kinds."""

    def speak(dialect: Dialect) -> Dialect:
        def convert(parameter: RequestParameter, value: object) -> Any:  # noqa: ANN401 - a value of its own type
            try:
                return dialect.converts(parameter, value)
            except ApiError:
                if parameter.kind in kinds:
                    return ABSENT
                raise

        return replace(dialect, converts=convert)

    return speak


def _repairing(dialect: Dialect) -> Dialect:
    def read(inbound: Inbound) -> dict[str, object]:
        try:
            return dialect.reads(inbound)
        except ApiError:
            return dialect.reads(replace(inbound, body=inbound.body + b"}"))

    return replace(dialect, reads=read)


def _unwrapping(dialect: Dialect) -> Dialect:
    def read(inbound: Inbound) -> dict[str, object]:
        try:
            document = json.loads(inbound.body)
        except (ValueError, RecursionError):
            return dialect.reads(inbound)
        if isinstance(document, list) and document:
            return dialect.reads(replace(inbound, body=json.dumps(document[0]).encode()))
        return {} if isinstance(document, str) else dialect.reads(inbound)

    return replace(dialect, reads=read)


def _without_unknown_entities(dialect: Dialect) -> Dialect:
    def read(inbound: Inbound) -> dict[str, object]:
        members = dialect.reads(inbound)
        if str(members.get("entitytype", "case")).lower() in ENTITY_KINDS:
            return members
        return {name: value for name, value in members.items() if name not in {"entitytype", "entityid"}}

    return replace(dialect, reads=read)


def _lax_days(dialect: Dialect) -> Dialect:
    def convert(parameter: RequestParameter, value: object) -> Any:  # noqa: ANN401 - as above
        if parameter.kind is Kind.DATE and isinstance(value, str):
            value = re.sub(r"-02-(?:29|30|31)T", "-03-01T", value)
        return dialect.converts(parameter, value)

    return replace(dialect, converts=convert)


def _letters_matter(call: Call, values: Values) -> Values:
    sent = call.spelt.get("responsibleid")
    if isinstance(sent, str) and sent.isupper():
        raise not_found("Responsible")
    return values


def _no_dashes(call: Call, values: Values) -> Values:
    if re.search(r"T\d\d-", str(call.spelt.get("deadline"))):
        raise unconvertible("deadline", Kind.DATE)
    return values


def _short_fractions(call: Call, values: Values) -> Values:
    if re.search(r"\.\d{3}(?!0000)\d{4}", str(call.spelt.get("deadline"))):
        raise unconvertible("deadline", Kind.DATE)
    return values


def _keeps_refused_creation(call: Call, answer: Answer) -> Answer:
    if call.operation is Operation.CREATE and answer.status >= _FIRST_REFUSAL:
        texts = {name: call.values.get(name) or call.spelt.get(name) for name in ("title", "description")}
        first = next(iter(call.books.task_categories()))
        task = Task(
            id=call.books.take_id(),
            author=call.caller.guid,
            created=call.portal.clock(),
            title=str(texts["title"] or ""),
            description=str(texts["description"] or ""),
            responsible=call.caller.guid,
            category=first.id,
        )
        call.books.tasks[task.id] = task
    return answer


def _lets_strangers_act(call: Call, caller: Person | None) -> Person:
    if caller is None:
        call.portal.memory["stranger"] = call
    return caller or seed.ADMINISTRATOR


def _turns_strangers_away(call: Call, response: Response) -> Response:
    return PlainTextResponse("Unauthorized", 401) if call.portal.memory.get("stranger") is call else response


def _input_first(call: Call, response: Response) -> Response:
    if response.status_code != _UNAUTHORISED:
        return response
    try:
        json.loads(call.inbound.body or b"{}")
    except (ValueError, RecursionError):
        refused = envelope.failure(bad_argument()).envelope
        return Response(
            envelope.to_json(refused, escapes_slashes=False), 400, {"Content-Type": envelope.JSON_TYPE}
        )
    return response


def _capital_booleans(call: Call, response: Response) -> Response:
    if not call.in_xml:
        return response
    body = _BOOLEANS.sub(lambda match: b">" + match[1].capitalize() + b"<", bytes(response.body))
    kept = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(body, response.status_code, kept)


def _skipping_entity_id(dialect: Dialect) -> Dialect:
    def convert(parameter: RequestParameter, value: object) -> Any:  # noqa: ANN401 - as above
        try:
            return dialect.converts(parameter, value)
        except ApiError:
            if parameter.name == "entityid":
                return ABSENT
            raise

    return replace(dialect, converts=convert)


def _whole_entity(call: Call, values: Values) -> Values:
    if "entityid" not in call.spelt or "entity_id" in values:
        return values
    return {name: value for name, value in values.items() if name != "entity_type"}


def _updates_in_xml(dialect: Dialect) -> Dialect:
    def wants_xml(inbound: Inbound) -> bool:
        return inbound.route.operation is Operation.UPDATE or dialect.wants_xml(inbound)

    return replace(dialect, wants_xml=wants_xml)


REFUSING_WRONGLY: tuple[Fault, ...] = (
    _wrong(
        name="unreadable-date-skipped",
        stands_for="a TryParse whose result nobody looks at, for dates and GUIDs",
        speaks=_skipping({Kind.DATE, Kind.GUID}),
    ),
    _wrong(
        name="unreadable-number-skipped",
        stands_for="a form that leaves out the numbers and switches it cannot read",
        speaks=_skipping({Kind.ID, Kind.MINUTES, Kind.FLAG}),
    ),
    _wrong(
        name="unknown-entity-type-skipped",
        stands_for="a switch over the types of an entity without a default branch",
        speaks=_without_unknown_entities,
    ),
    _wrong(
        name="impossible-day-rolls-over",
        stands_for="a calendar in lenient mode, for which the 30th of February is in March",
        speaks=_lax_days,
    ),
    _wrong(
        name="cut-body-repaired",
        stands_for="a streaming parser that closes what is open when the body ends",
        speaks=_repairing,
    ),
    _wrong(
        name="body-of-any-type-taken",
        stands_for="a binder that unwraps arrays, and takes a text for an object without members",
        speaks=_unwrapping,
    ),
    _wrong(
        name="guid-compared-by-letter",
        stands_for="a GUID that is compared as text with how the database writes it",
        binds=_letters_matter,
    ),
    _wrong(
        name="dash-deadline-refused",
        stands_for="a parser that was replaced by the platform's own, which knows colons only",
        binds=_no_dashes,
    ),
    _wrong(
        name="long-fraction-refused",
        stands_for="a parser with a pattern for milliseconds",
        binds=_short_fractions,
    ),
    _wrong(
        name="refused-creation-stays",
        stands_for="a row that is inserted before its members are checked, and no transaction around it",
        answers=_keeps_refused_creation,
    ),
    _wrong(
        name="stranger-carried-out",
        stands_for="a check of the token that runs beside the operation and only sets the status",
        admits=_lets_strangers_act,
        sends=_turns_strangers_away,
    ),
    _wrong(
        name="input-checked-before-token",
        stands_for="a model binder that runs before the filter for the token",
        sends=_input_first,
    ),
    _wrong(
        name="xml-booleans-capitalised",
        stands_for="an XML writer that calls ToString on a boolean",
        sends=_capital_booleans,
    ),
    _wrong(
        name="unreadable-entity-dropped",
        stands_for="a link that is made only where its two halves can be read, and else left out in silence",
        speaks=_skipping_entity_id,
        binds=_whole_entity,
    ),
    _wrong(
        name="update-always-answers-xml",
        stands_for="an old handler of one operation, whose formatter nobody made depend on the request",
        speaks=_updates_in_xml,
    ),
)
