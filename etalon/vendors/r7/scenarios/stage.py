"""R7 requests sent once more, on tasks that are made for it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from etalon.generation.packing import plain_text
from etalon.portals import strict_json
from etalon.proving.scripts import Stage
from etalon.resources.patch import NOTHING, json_patch
from etalon.vendors.r7.answers import succeeded, task_id
from etalon.vendors.r7.binding import task
from etalon.vendors.r7.judging.evidence import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from etalon.judging.evidence import Reading
    from etalon.portals.exchange import Exchange, Request
    from etalon.proving.scripts import Ids, Step
    from etalon.resources.patch import Patch
    from etalon.resources.resource import Resource
    from etalon.vendors.r7.client import R7Client

CREATE, UPDATE = "createTask", "updateTask"


class R7Stage(Stage):
    """The portal of a run."""

    creates, reads = CREATE, "getTask"

    session, session_at = "R7_TOKEN", "token"

    def __init__(self, client: R7Client, must_carry: Collection[str] = ()) -> None:
        """Work with a portal that is logged in to.

        Args:
            client: the log-in.
            must_carry: names of the members that every update has to send in the target's dialect.
        """
        self.transport, self.scratch = client.transport, client.scratch
        self._client, self._must_carry = client, must_carry

    @property
    def resource(self) -> Resource:
        return task()

    @property
    def session_value(self) -> str:
        return self._client.token

    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        return reading(exchange)

    def patch_of(self, exchange: Exchange) -> Patch:
        body = strict_json.parse_object(exchange.request.body)
        if exchange.operation not in {CREATE, UPDATE} or body is None:
            return NOTHING
        return json_patch(self.resource, exchange.operation, body)

    def is_done(self, exchange: Exchange) -> bool:
        return succeeded(exchange)

    def made_by(self, creation: Exchange) -> int | None:
        return task_id(creation) if creation.operation == CREATE else None

    def request_again(self, step: Step, ids: Ids) -> Request:
        request, body = step.exchange.request, step.sent
        url = request.url
        for old, new in ids.items():
            url = re.sub(rf"(?<=/task/){old}(?!\d)", str(new), url)
            body = re.sub(rb"(?<![\d.])%d(?![\d.])" % old, b"%d" % new, body)
        return replace(request, url=url, body=body)

    def fewer(self, step: Step, member: str) -> Iterator[bytes]:
        body = strict_json.parse_object(step.sent)
        if body is None or step.exchange.operation != UPDATE:
            return
        carried = {
            name for always in self._must_carry for name in self.resource.member(always).parameters(UPDATE)
        }
        groups = {one.name: one.parameters(UPDATE) for one in self.resource.members}
        own = [groups[member]] if any(name in body for name in groups.get(member, ())) else []
        for names in own or list(groups.values()):
            smaller = {name: value for name, value in body.items() if name in {*names, *carried}}
            if smaller and smaller.keys() != body.keys():
                yield json.dumps(smaller, ensure_ascii=False).encode(errors="backslashreplace")

    def plainly(self, creation: Step) -> Iterator[bytes]:
        body = strict_json.parse_object(creation.sent)
        if body is None:
            return
        texts = {
            name: self.transport.named(plain_text(name, 1))
            for name in ("title", "description")
            if name in body
        }
        yield json.dumps({**body, **texts}, ensure_ascii=False).encode()
