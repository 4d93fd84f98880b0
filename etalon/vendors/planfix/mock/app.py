"""The mocked PlanFix portal as an ASGI application."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from etalon.vendors.planfix.mock.portal import Portal

PATH: Final = "/xml/"


def application(portal: Portal) -> Starlette:
    """Serves a portal at `/xml/` and, since clients use that too, at `/xml`.

    The pages say POST. GET with a body is answered as well: two published clients send it and work. The
    content type of a request does not matter, and a refusal does not show in the HTTP status.
    """

    async def answer(request: Request) -> Response:
        body = await request.body()
        seen = dict(portal.store.tasks)
        if portal.hooks.pause and b"task.update" in body:
            await asyncio.sleep(portal.hooks.pause)
        sent = portal.answer(request.headers.get("authorization"), body, seen)
        return Response(sent.body, sent.status, {"content-type": sent.content_type})

    paths = (PATH, PATH.rstrip("/"))
    return Starlette(routes=[Route(path, answer, methods=["GET", "POST"]) for path in paths])
