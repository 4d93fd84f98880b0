"""What a scenario brought, as a judge sees it: readings of a task and changes to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from etalon.portals import strict_json

if TYPE_CHECKING:
    from etalon.judging.r7.members import Member
    from etalon.portals.exchange import Exchange
    from etalon.portals.r7.bench import Trace

_SUCCESS = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A task as one answer shows it."""

    exchange: Exchange
    task: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A create or an update, between what was read before and after it.

    Attributes:
        body: the JSON object that was sent.
        before: None for a create.
        after: None where the portal created nothing, or the task could not be read.
        origin: the create that made the task, where it is an update.
    """

    body: Mapping[str, Any]
    answer: Exchange
    before: Reading | None
    after: Reading | None
    origin: Exchange | None = None

    @property
    def accepted(self) -> bool:
        """Whether the portal says that it did it."""
        return self.answer.response.ok and status_of(self.answer) in {_SUCCESS, None}

    @property
    def creates(self) -> bool:
        """Whether it was a creation that was asked for."""
        return self.answer.operation == "createTask"

    @property
    def echo(self) -> Reading | None:
        """The task as the answer to the change itself shows it."""
        return reading(self.answer)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What shows the change: the create, the reads around it, and itself, as far as they are there."""
        before = self.before.exchange if self.before else None
        after = self.after.exchange if self.after else None
        return tuple(part for part in (self.origin, before, self.answer, after) if part)

    @property
    def size(self) -> int:
        """How many characters are sent: of changes that show the same, the smallest is reported."""
        return len(json.dumps(self.body, ensure_ascii=False))

    def sends(self, member: Member) -> bool:
        """Whether the body carries any parameter of the member."""
        return any(name in self.body for name in member.parameters(self.answer.operation))


def change(trace: Trace) -> Change:
    """The change that a trace of exchanges shows."""
    return Change(trace.body, trace.answer, reading(trace.before), reading(trace.after), trace.origin)


def payload(exchange: Exchange) -> object:
    """What an answer carries, JSON or XML by its media type; None where it cannot be read.

    XML elements become objects and repeated ones lists; a text stays a text, since XML has no types.
    """
    if exchange.response.media_type.endswith("xml"):
        return _from_xml(exchange.response.body)
    try:
        document: object = strict_json.parse(exchange.response.body)
    except ValueError:
        return None
    return document


def reading(exchange: Exchange | None) -> Reading | None:
    """The task that an answer shows, or None where it shows none."""
    if exchange is None or not exchange.response.ok:
        return None
    document = payload(exchange)
    if not isinstance(document, Mapping):
        return None
    task = document.get("response")
    return Reading(exchange, task) if isinstance(task, Mapping) and "id" in task else None


def status_of(exchange: Exchange) -> int | None:
    """The envelope's `status` (0 is success), or None where there is none."""
    document = payload(exchange)
    status = document.get("status") if isinstance(document, Mapping) else None
    try:
        return None if status is None else int(status)
    except (TypeError, ValueError):
        return None


def _from_xml(body: bytes) -> object:
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _object(root)


def _parser() -> etree.XMLParser:
    """A parser for strangers' answers: they may neither read files nor grow by entities."""
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def _object(element: etree._Element) -> object:
    children = list(element)
    if not children:
        return element.text or ""
    result: dict[str, Any] = {}
    for child in children:
        tag = str(child.tag)
        value = _object(child)
        if tag not in result:
            result[tag] = value
        elif isinstance(result[tag], list):
            result[tag].append(value)
        else:
            result[tag] = [result[tag], value]
    return result
