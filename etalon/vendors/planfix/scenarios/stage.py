"""PlanFix requests sent once more, on tasks that are made for it."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from etalon.proving.scripts import Stage
from etalon.resources.patch import NOTHING
from etalon.vendors.planfix.answers import NotAnAnswerError, accepted, answer_of, parse
from etalon.vendors.planfix.binding import task, teams
from etalon.vendors.planfix.judging.evidence import asked, reading
from etalon.vendors.planfix.requests import render
from etalon.vendors.planfix.signature import signature as signature_of
from etalon.vendors.planfix.signature import signed_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.judging.evidence import Reading
    from etalon.portals.exchange import Exchange, Request
    from etalon.proving.scripts import Ids, Step
    from etalon.resources.patch import Patch
    from etalon.resources.resource import Resource
    from etalon.vendors.planfix.client import PlanFixClient

CREATE, UPDATE = "task.add", "task.update"
_SIGNATURE = re.compile(rb"(<signature[^>]*>)([0-9a-f]{32})(</signature)")


class PlanFixStage(Stage):
    """The portal of a run."""

    creates, reads = CREATE, "task.get"

    session, session_at = "PLANFIX_SID", "sid"
    signature = "PLANFIX_SIGNATURE"

    def __init__(self, client: PlanFixClient) -> None:
        """Work with a portal that is logged in to."""
        self.transport, self.scratch = client.transport, client.scratch
        self._client = client
        key = client.target.credentials.get("private-key")
        self.key = key.variable if key else ""

    @property
    def resource(self) -> Resource:
        return task()

    @property
    def session_value(self) -> str:
        return self._client.access.sid

    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        return reading(exchange) if exchange is None or exchange.operation == self.reads else None

    def patch_of(self, exchange: Exchange) -> Patch:
        return asked(exchange.request.body) if exchange.operation in {CREATE, UPDATE} else NOTHING

    def is_done(self, exchange: Exchange) -> bool:
        return accepted(exchange)

    def made_by(self, creation: Exchange) -> int | None:
        if creation.operation != CREATE or not accepted(creation):
            return None
        return answer_of(creation).task_id

    def signed_again(self, body: bytes) -> bytes:
        signed = _signed(body, self._client.access.private_key)
        found = _SIGNATURE.search(signed)
        if found is not None:
            self._client.learn_signature(found[2].decode())
        return signed

    def signed_values(self, body: bytes) -> list[str]:
        key = self._client.access.private_key
        return signed_values(parse(body)) if key and _is_signed(body, key) else []

    def request_again(self, step: Step, ids: Ids) -> Request:
        before, body = step.exchange.request.body, step.sent
        for old, new in ids.items():
            body = re.sub(rb"(<id[^>]*>)%d(</id)" % old, rb"\g<1>%d\g<2>" % new, body)
        key = self._client.access.private_key
        if key and body != before and _is_signed(before, key):
            body = self.signed_again(body)
        return replace(step.exchange.request, body=body)

    def fewer(self, step: Step, member: str) -> Iterator[bytes]:
        try:
            root = parse(step.sent)
        except NotAnAnswerError:
            return
        node_of_task = root.find("task")
        if node_of_task is None or step.exchange.operation != UPDATE or render(root) != step.sent:
            return  # the form of the document may be what it is about
        name = "workers" if member in teams() else member
        sent = [str(node.tag) for node in node_of_task if node.tag not in {"id", "general"}]
        for kept in [name] if name in sent else sent:
            if len(sent) == 1:
                return
            smaller = deepcopy(root)
            found = smaller.find("task")
            for node in list(found) if found is not None else ():
                if found is not None and node.tag not in {"id", "general", kept}:
                    found.remove(node)
            yield render(smaller)

    def plainly(self, creation: Step) -> Iterator[bytes]:
        try:
            root = parse(creation.sent)
        except NotAnAnswerError:
            return
        for name in ("title", "description"):
            node = root.find(f"task/{name}")
            if node is not None:
                node.text = self.transport.named(f"Etalon: {name}")
        yield render(root)


def _is_signed(body: bytes, key: str) -> bool:
    """Whether a request has the signature that belongs to it; others are wrong on purpose."""
    found = _SIGNATURE.search(body)
    try:
        return found is not None and signature_of(parse(body), key).encode() == found[2]
    except NotAnAnswerError:
        return False


def _signed(body: bytes, key: str) -> bytes:
    try:
        right = signature_of(parse(body), key).encode()
    except NotAnAnswerError:
        return body
    return _SIGNATURE.sub(rb"\g<1>%b\g<3>" % right, body)
