"""Schemathesis's own checks, held against exchanges that were made anyway.

They send nothing here. A check that would need requests of its own, or that calls for what the pages do not
say, is off; `contracts/r7.yaml` gives the reason of each under `schemathesis-off`.
"""

from __future__ import annotations

import codecs
from copy import deepcopy
from email.message import Message as MimeMessage
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import requests
import schemathesis
from schemathesis import Response
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup, ServerError
from schemathesis.openapi.checks import JsonSchemaError, UndefinedContentType
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.portals.exchange import header
from etalon.vendors.r7.answers import succeeded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemathesis.checks import CheckFunction

    from etalon.messages import Words
    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.judging.laws import Law

CHECKS: Final[Mapping[str, CheckFunction]] = {
    "R7-SCHEMA-NOT-A-SERVER-ERROR": not_a_server_error,
    "R7-SCHEMA-CONTENT-TYPE-CONFORMANCE": content_type_conformance,
    "R7-SCHEMA-RESPONSE-SCHEMA-CONFORMANCE": response_schema_conformance,
}
"""Requirement id → the check that is held against all traffic."""

# The operations that have a page; of their answers the pages show those of success alone.
_DOCUMENTED: Final[Mapping[str, str]] = {"createTask": "post", "updateTask": "put"}
_LONGEST_SHOWN: Final = 470
_FOR_EVERY_STATUS: Final = "R7-SCHEMA-NOT-A-SERVER-ERROR"
# What belonged to the wire: the body at hand is unpacked already.
_OF_THE_WIRE: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def stock_laws(document: Mapping[str, Any]) -> Mapping[str, Law]:
    """Schemathesis's checks as laws, by the ids of their requirements.

    They share what an answer is to Schemathesis, since making that takes longer than to check it.

    Args:
        document: the parsed `openapi.yaml`.
    """
    # Given in full, so that no schemathesis.toml near the working directory has a say.
    schema = schemathesis.openapi.from_dict(_without_ranges(document), config=SchemathesisConfig())
    operations = {
        operation_id: schema[path][method.upper()]
        for path, item in document["paths"].items()
        for method, operation_id in (
            (method, str(operation.get("operationId")))
            for method, operation in item.items()
            if isinstance(operation, dict)
        )
        if _DOCUMENTED.get(operation_id) == method
    }

    seen: dict[int, tuple[Exchange, Response]] = {}

    def answer_to(exchange: Exchange) -> Response:
        known = seen.get(exchange.number)
        if known is None or known[0] is not exchange:
            known = seen[exchange.number] = exchange, _as_answer(exchange)
        return known[1]

    def law(requirement_id: str, exchange: Exchange) -> Finding | bool | None:
        check = CHECKS[requirement_id]
        operation = operations.get(exchange.operation)
        if operation is None:
            return None  # it is on neither page
        if not succeeded(exchange) and requirement_id != _FOR_EVERY_STATUS:
            return None  # the pages show no error answer
        case = operation.Case(
            path_parameters={"taskid": exchange.subject} if exchange.subject is not None else {},
            headers=dict(exchange.request.headers),
        )
        try:
            case.validate_response(answer_to(exchange), checks=[check])
        except FailureGroup as group:
            return Finding(
                summary=Message(
                    "schemathesis-check-fails", check=check.__name__, operation=exchange.operation
                ),
                expected=Message("what-check-asks-for", check=check.__name__),
                observed=_observed(group.exceptions[0]),
                exchanges=(exchange,),
            )
        return True

    return {requirement_id: partial(law, requirement_id) for requirement_id in CHECKS}


def _observed(failure: BaseException) -> Words:
    """What a check has against an answer; the details of a schema are Schemathesis's own words."""
    match failure:
        case ServerError():
            return Message("schemathesis-server-error")
        case UndefinedContentType():
            documented = tuple(failure.defined_content_types)
            return Message("schemathesis-content-type", received=failure.content_type, documented=documented)
        case JsonSchemaError():
            return Message("schemathesis-violates-schema", rest=str(failure.message)[:_LONGEST_SHOWN])
    return str(failure)[:_LONGEST_SHOWN]


def _without_ranges(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without minima and maxima: the pages give their numbers no range."""
    copy: dict[str, Any] = deepcopy(dict(document))

    def strip(node: object) -> None:
        if isinstance(node, dict):
            for keyword in ("minimum", "maximum"):
                if isinstance(node.get(keyword), (int, float)):
                    del node[keyword]
            for child in node.values():
                strip(child)
        elif isinstance(node, list):
            for child in node:
                strip(child)

    strip(copy)
    return copy


def _as_answer(exchange: Exchange) -> Response:
    """An exchange's answer as Schemathesis's own transport would bring it."""
    headers: dict[str, list[str]] = {}
    for name, value in exchange.response.headers:
        if name.lower() not in _OF_THE_WIRE:
            headers.setdefault(name.lower(), []).append(value)
    return Response(
        status_code=exchange.response.status,
        headers=headers,
        content=exchange.response.body,
        request=_prepared(exchange.request.method, exchange.request.url),
        elapsed=exchange.elapsed,
        verify=True,
        encoding=_charset(header(exchange.response.headers, "content-type") or ""),
    )


@lru_cache(maxsize=1024)
def _prepared(method: str, url: str) -> requests.PreparedRequest:
    return requests.Request(method, url).prepare()


@lru_cache(maxsize=64)
def _charset(content_type: str) -> str | None:
    """The charset that a media type declares (RFC 9110 section 8.3.2), where there is such a one."""
    declared = MimeMessage()
    declared["content-type"] = content_type
    charset = declared.get_content_charset()
    try:
        return codecs.lookup(charset).name if charset else None
    except LookupError:
        return None
