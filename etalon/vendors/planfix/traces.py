"""Makes changes to PlanFix tasks and reads them back, sharing every read that can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.portals.readings import Readings
from etalon.portals.settling import settling
from etalon.vendors.planfix.answers import accepted, answer_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.client import PlanFixClient
    from etalon.vendors.planfix.requests import Content


@dataclass(frozen=True, slots=True)
class Trace:
    """The exchanges around one update.

    Attributes:
        before: the latest read of the task before it; None for a portal that cannot read.
        update: the update itself.
        after: the read after it.
        origin: the creation that made the task, where this run made it.
    """

    before: Exchange | None
    update: Exchange
    after: Exchange | None
    origin: Exchange | None = None


class Traces(Readings):
    """Scratch tasks and the latest read of each.

    The read after one update is the read before the next, so a chain of n updates costs 2n requests.
    """

    def __init__(self, client: PlanFixClient) -> None:
        super().__init__(
            settling(client.read_task, client.target.settle), reads="task.get" not in client.target.lacks
        )
        self.client = client

    def create(self, members: Mapping[str, Content]) -> Exchange:
        """Create a task."""
        exchange = self.client.add_task(members)
        made = answer_of(exchange).task_id if accepted(exchange) else None
        if made is not None:
            self.made_by(made, exchange)
        return exchange

    def update(
        self, subject: int, members: Mapping[str, Content] | Element, *, sparing: bool = False
    ) -> Trace:
        """Update a task and read it; `sparing` leaves out the read after an update that was refused."""
        before = self.latest(subject)
        update = self.client.update_task(subject, members)
        after = None if sparing and not accepted(update) else self.read(subject)
        return Trace(before, update, after, self.origin(subject))
