"""Sends many requests that should be refused, and reads once what they left behind."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from etalon.judging.afterwards import Afterwards
from etalon.judging.rules import keeps, stores, untouched
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.portals.errors import PortalError
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.connection import JSON
from etalon.vendors.r7.judging.evidence import change_of, reading
from etalon.vendors.r7.scenarios.driver import UPDATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.judging.evidence import Change, Reading
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member
    from etalon.vendors.r7.scenarios.driver import R7Driver

_UPDATE_AND_READ = 3
_REFUSED_BETWEEN = 2
"""How many refused updates go before an ordinary one."""
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
        followed: name → the ordinary update that was sent after it was refused.
    """

    subject: int
    tries: Mapping[str, WrongRequest]
    changes: Mapping[str, Change]
    after: Reading | None
    followed: Mapping[str, Change] = field(default_factory=dict)

    @property
    def suspects(self) -> tuple[str, ...]:
        """The refused updates between the last read that followed an accepted one and the last of all."""
        names: list[str] = []
        for name, made in self.changes.items():
            names = [] if made.accepted else [*names, name]
        return tuple(names)


def send_batch(
    driver: R7Driver, subject: int, tries: Mapping[str, WrongRequest], *, lives_on: bool = False
) -> Batch:
    """Send updates that should be refused, and read the task after them.

    Args:
        driver: the portal.
        subject: the task.
        tries: name → what is sent.
        lives_on: whether an ordinary update goes after some that were refused, of one member each, or
            in few requests after the last, where the portal keeps what such do not send; else one of all
            members in the end.
    """
    sparse = lives_on and driver.keeps_unsent()
    changes: dict[str, Change] = {}
    followed: dict[str, Change] = {}
    for place, (name, one) in enumerate(tries.items(), start=1):
        changes[name] = driver.attempt(subject, one.body, one.raw, one.content_type)
        is_turn = place % _REFUSED_BETWEEN == 0 if driver.thorough else place == len(tries)
        if sparse and not changes[name].accepted and is_turn:
            sendable = [member.name for member in driver.members if driver.can_send(member)]
            body = driver.only(driver.body(UPDATE), sendable[place % len(sendable)])
            followed[name] = change_of(body, driver.client.update_task(subject, body))
    after = driver.reread(subject)
    if lives_on and not sparse and not changes[name].accepted:
        followed[name] = driver.unread(subject, driver.body(UPDATE))
    return Batch(subject, tries, changes, after, followed)


def lived(driver: R7Driver, batch: Batch) -> Afterwards | None:
    """What came of the ordinary updates of a batch; None where the task could not be read before it."""
    before = batch.changes[next(iter(batch.changes))].before
    if before is None:
        return None
    last = max((place for place, made in enumerate(batch.changes.values()) if made.accepted), default=-1)
    # What was accepted after all has set the state anew; so only what came after the last of it counts.
    names = list(batch.changes)[last + 1 :]
    if last >= 0:
        after = list(batch.changes.values())[last].after
        if after is None:
            return None
        before = after
    steps = tuple(
        (batch.changes[name].exchange, batch.followed[name]) for name in names if name in batch.followed
    )
    if any(made.exchange.number > batch.after.exchange.number for _, made in steps) if batch.after else True:
        return Afterwards(before, steps, None)
    known = frozenset(member.name for member in driver.members if _broken_alone(driver, member))
    return Afterwards(before, steps, batch.after, known)


def _broken_alone(driver: R7Driver, member: Member) -> bool:
    """Whether some update that no refusal went before gets a member wrong already."""
    made = [one for one in driver.changes if not one.creates and one.after is not None]
    return any(isinstance(rule(member, one), Finding) for one in made for rule in (stores, keeps))


def left_untouched(driver: R7Driver, batch: Batch) -> Finding | bool | None:
    """Whether the refused updates of a batch changed nothing; a finding names the one that did."""
    suspects = batch.suspects
    if not suspects or batch.after is None:
        return None  # all were accepted, or the task cannot be read
    before = batch.changes[suspects[0]].before
    if before is None:
        return None  # the task cannot be read
    sparse = [made for made in batch.followed.values() if made.exchange.number < batch.after.exchange.number]
    rewritten = {name for made in sparse for name in made.patch.touched}
    outcome = untouched(driver.resource, before, batch.after, _WHY, but=rewritten)
    if not isinstance(outcome, Finding):
        return outcome
    answers = tuple(batch.changes[name].exchange for name in suspects)
    whole = replace(outcome, exchanges=(before.exchange, *answers, batch.after.exchange))
    try:
        # Of a batch with ordinary updates in it, one of those may have done it.
        return _culprit(driver, batch, suspects) or (True if sparse else whole)
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
        ordinary = batch.followed.get(name)
        again = [driver.client.update_task(batch.subject, ordinary.body)] if ordinary else []
        now = driver.reread(batch.subject)
        if before is None or now is None:
            return None
        outcome = untouched(
            driver.resource, before, now, _WHY, but=ordinary.patch.touched if ordinary else ()
        )
        if isinstance(outcome, Finding) and not made.accepted:
            return replace(outcome, exchanges=(before.exchange, made.exchange, *again, now.exchange))
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
