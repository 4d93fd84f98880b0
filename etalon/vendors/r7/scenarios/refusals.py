"""Sends many requests that should be refused, and reads once what they left behind."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from etalon.judging.rules import untouched
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.portals.errors import PortalError
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.connection import JSON
from etalon.vendors.r7.judging.evidence import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.judging.evidence import Change, Reading
    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.scenarios.driver import R7Driver

_UPDATE_AND_READ = 2
_WHY = Message("after-an-error-answer")


@dataclass(frozen=True, slots=True)
class WrongRequest:
    """A request that should be refused.

    Attributes:
        body: the JSON object, its other members valid and new, so that half of it would show.
        raw: sent instead of it, where it is not JSON that is to be sent.
        content_type: the representation that is declared.
    """

    body: Mapping[str, Any]
    raw: bytes | None = None
    content_type: str | None = JSON


@dataclass(frozen=True, slots=True)
class Batch:
    """Updates one after another, most of them refused.

    Attributes:
        subject: the task.
        tries: name → what was sent.
        changes: name → what came of it; read back at once only where the portal says that it did it.
        after: the task as it was read after all of them.
    """

    subject: int
    tries: Mapping[str, WrongRequest]
    changes: Mapping[str, Change]
    after: Reading | None

    @property
    def suspects(self) -> tuple[str, ...]:
        """The refused updates between the last read that followed an accepted one and the last of all."""
        names: list[str] = []
        for name, made in self.changes.items():
            names = [] if made.accepted else [*names, name]
        return tuple(names)


def send_batch(driver: R7Driver, subject: int, tries: Mapping[str, WrongRequest]) -> Batch:
    """Send updates that should be refused, and read the task after them."""
    changes = {
        name: driver.attempt(subject, one.body, one.raw, one.content_type) for name, one in tries.items()
    }
    return Batch(subject, tries, changes, driver.reread(subject))


def left_untouched(driver: R7Driver, batch: Batch) -> Finding | bool | None:
    """Whether the refused updates of a batch changed nothing; a finding names the one that did."""
    suspects = batch.suspects
    if not suspects or batch.after is None:
        return None  # all were accepted, or the task cannot be read
    before = batch.changes[suspects[0]].before
    if before is None:
        return None  # the task cannot be read
    outcome = untouched(driver.resource, before, batch.after, _WHY)
    if not isinstance(outcome, Finding):
        return outcome
    answers = tuple(batch.changes[name].exchange for name in suspects)
    whole = replace(outcome, exchanges=(before.exchange, *answers, batch.after.exchange))
    try:
        return _culprit(driver, batch, suspects) or whole
    except PortalError:
        return whole


def _culprit(driver: R7Driver, batch: Batch, suspects: Iterable[str]) -> Finding | None:
    """Send the suspects again, each with a read of its own, until one shows what it does."""
    for name in suspects:
        if not driver.afford(_UPDATE_AND_READ):
            return None
        one = batch.tries[name]
        # The values are those of the first time, so what they would change has to be other ones by now.
        driver.update(batch.subject)
        before = reading(driver.traces.latest(batch.subject))
        made = driver.attempt(batch.subject, one.body, one.raw, one.content_type)
        now = driver.reread(batch.subject)
        if before is None or now is None:
            return None
        outcome = untouched(driver.resource, before, now, _WHY)
        if isinstance(outcome, Finding) and not made.accepted:
            return replace(outcome, exchanges=(before.exchange, made.exchange, now.exchange))
    return None


@dataclass(frozen=True, slots=True)
class Creations:
    """Creations that should be refused.

    Attributes:
        answers: name → the answer.
        marks: name → the text that a task would have if it were created all the same.
    """

    answers: dict[str, Exchange] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def accepted(self, name: str) -> bool:
        """Whether the portal says that it created the task."""
        return self.answers[name].response.ok and task_id(self.answers[name]) is not None


def encoded(body: object) -> bytes:
    """A body as it goes over the wire; half a surrogate pair goes as an escape."""
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(body).encode()
