"""The portal as an ASGI application: authorise, carry out, wrap, write."""

from __future__ import annotations

import asyncio
from functools import reduce
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route as StarletteRoute

from etalon.vendors.r7.mock import authorisation, envelope
from etalon.vendors.r7.mock.books import Books
from etalon.vendors.r7.mock.calls import Arrival, Call, Portal
from etalon.vendors.r7.mock.faults.hooks import fold
from etalon.vendors.r7.mock.inbound import Inbound, Operation, Route, find_route
from etalon.vendors.r7.mock.operations import OPERATIONS
from etalon.vendors.r7.mock.problems import ApiError, bad_argument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from etalon.vendors.r7.mock.calls import Answer
    from etalon.vendors.r7.mock.dates import Clock
    from etalon.vendors.r7.mock.dialects import Dialect
    from etalon.vendors.r7.mock.faults.hooks import Alteration

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_LOST_PAGE = "<!DOCTYPE html><html><head><title>404</title></head><body><h1>Page not found</h1></body></html>"


def build_app(dialect: Dialect, faults: Sequence[Alteration], clock: Clock) -> Starlette:
    """Return an application with a state of its own."""
    turned = reduce(lambda spoken, fault: fault.speaks(spoken) if fault.speaks else spoken, faults, dialect)
    portal = Portal(Books(), turned, tuple(faults), clock)

    async def endpoint(request: Request) -> Response:
        route = find_route(request.method, str(request.scope["path"]))
        if not isinstance(route, Route):
            return _unrouted(portal.dialect, request.method, route)
        inbound = Inbound(
            route=route,
            headers=dict(request.headers),
            query=request.query_params.multi_items(),
            body=await request.body(),
            cookies=request.cookies,
        )
        arrival = Arrival(portal.books.tasks.get(route.task_id or 0), portal.books.free_id)
        lag = max((fault.lags for fault in faults), default=0.0)
        if lag:
            await asyncio.sleep(lag)
        # No await from here on: one call is finished before the next one touches the books.
        return respond(portal, inbound, arrival)

    return Starlette(routes=[StarletteRoute("/{path:path}", endpoint, methods=_METHODS)])


def respond(portal: Portal, inbound: Inbound, arrival: Arrival) -> Response:
    """Answer one request.

    Authorisation comes before the request is read, so that a bad request without credentials is a 401.
    """
    call = Call(portal, inbound, in_xml=portal.dialect.wants_xml(inbound), arrival=arrival)
    faults = portal.faults
    if inbound.route.operation is not Operation.LOG_IN:
        caller = fold((fault.admits for fault in faults), call, authorisation.caller_of(call))
        if caller is None:
            return fold((fault.sends for fault in faults), call, _unauthorized(inbound))
        call.caller = caller
    answer = fold((fault.answers for fault in faults), call, _carry_out(call))
    return fold((fault.sends for fault in faults), call, _write(call, answer))


def _carry_out(call: Call) -> Answer:
    try:
        return envelope.success(OPERATIONS[call.operation](call))
    except ApiError as error:
        return envelope.failure(error)
    except OverflowError:
        return envelope.failure(
            ApiError(500, "The tenant's clock cannot show the date.", bad_argument().hresult)
        )


def _write(call: Call, answer: Answer) -> Response:
    """Write an answer in the representation that the call asked for.

    What XML cannot carry is answered 500, as .NET's XML writer makes CommunityServer do.
    """
    headers = {**answer.headers, "ETag": f'"{uuid4()}"'}
    if not call.in_xml:
        body = envelope.to_json(answer.envelope, escapes_slashes=call.dialect.escapes_slashes)
        return Response(body, answer.status, {**headers, "Content-Type": envelope.JSON_TYPE})
    status = answer.status
    try:
        body = envelope.to_xml(answer.envelope)
    except ValueError:
        status = 500
        body = envelope.to_xml(
            envelope.failure(ApiError(500, "A character is invalid in XML.", bad_argument().hresult)).envelope
        )
    return Response(body, status, {**headers, "Content-Type": envelope.XML_TYPE})


def _unauthorized(inbound: Inbound) -> Response:
    """Return the plain 401 of CommunityServer `ErrorHttpHandler.cs`."""
    challenge = {"WWW-Authenticate": f'Basic Realm="{inbound.headers.get("host", "")}"'}
    sent = "authorization" in inbound.headers
    return PlainTextResponse("Unauthorized", 401, challenge if sent else None)


def _unrouted(dialect: Dialect, method: str, allowed: frozenset[str]) -> Response:
    """Answer a path or a method that no route takes."""
    if dialect.shows_pages:
        if method == "OPTIONS" and allowed:
            return Response(headers={"Access-Control-Allow-Origin": "*"})
        return HTMLResponse(_LOST_PAGE, 404)
    error = (
        ApiError(405, "The method is not allowed here.", headers={"Allow": ", ".join(sorted(allowed))})
        if allowed
        else ApiError(404, "There is no such resource.")
    )
    answer = envelope.failure(error)
    body = envelope.to_json(answer.envelope, escapes_slashes=dialect.escapes_slashes)
    return Response(body, answer.status, {**answer.headers, "Content-Type": envelope.JSON_TYPE})
