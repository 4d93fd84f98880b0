"""Makes changes to R7 tasks and reads them back, sharing every read that can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etalon.portals.readings import Readings
from etalon.portals.settling import settling
from etalon.vendors.r7.answers import succeeded
from etalon.vendors.r7.connection import JSON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.client import R7Client


@dataclass(frozen=True, slots=True)
class Trace:
    """The exchanges around one create or update.

    Attributes:
        body: the JSON object that was sent.
        before: the latest read of the task before it; None for a create, or a portal that cannot read.
        answer: the create or update itself.
        after: the read after it; None where nothing was created, or the portal cannot read.
        origin: the create that made the task, where this is an update.
    """

    body: Mapping[str, Any]
    before: Exchange | None
    answer: Exchange
    after: Exchange | None
    origin: Exchange | None = None


class Traces(Readings):
    """Scratch tasks and the latest read of each.

    The read after one change is the read before the next, so a chain of n updates costs 2n requests.
    """

    def __init__(self, client: R7Client) -> None:
        super().__init__(
            settling(client.read_task, client.target.settle), reads="task.read" not in client.target.lacks
        )
        self.client = client

    def create(self, body: Mapping[str, Any]) -> Trace:
        """Create a task and read it."""
        return self.made(body, self.client.create_task(body))

    def made(self, body: Mapping[str, Any], answer: Exchange) -> Trace:
        """Read the task that a creation made."""
        made = self.client.task_of(answer) if answer.response.ok else None
        if made is None:
            return Trace(body, None, answer, None)
        self.made_by(made, answer)
        return Trace(body, None, answer, self.read(made))

    def update(self, subject: int, body: Mapping[str, Any]) -> Trace:
        """Update a task and read it."""
        before = self.latest(subject)
        answer = self.client.update_task(subject, body)
        return Trace(body, before, answer, self.read(subject), self.origin(subject))

    def attempt(
        self,
        subject: int,
        body: Mapping[str, Any],
        raw: bytes | None = None,
        content_type: str | None = JSON,
    ) -> Trace:
        """Update a task, and read it only where the portal says that it did it.

        What many refused updates leave behind is seen by one read after all of them.

        Args:
            subject: id of the task.
            body: the JSON object to send.
            raw: sent instead of the object, where it is not JSON that is to be sent.
            content_type: the representation that is declared; None declares none.
        """
        before = self.latest(subject)
        answer = self.client.update_task(subject, body if raw is None else raw, content_type=content_type)
        after = self.read(subject) if succeeded(answer) else None
        return Trace(body, before, answer, after, self.origin(subject))

    def unread(self, subject: int, body: Mapping[str, Any]) -> Trace:
        """Update a task without reading it, before or afterwards."""
        answer = self.client.update_task(subject, body)
        if answer.response.ok:
            self.forget(subject)
        return Trace(body, None, answer, None, self.origin(subject))
