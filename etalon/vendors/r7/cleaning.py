"""What can be done about the tasks that killed runs left on an R7 portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.portals.errors import PortalError
from etalon.portals.leftovers import Absence, PutBack
from etalon.vendors.r7.answers import removed, says_gone
from etalon.vendors.r7.cards import card_of
from etalon.vendors.r7.client import R7Client
from etalon.vendors.r7.task_list import newest_titled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.cards import Card
    from etalon.portals.config import Target
    from etalon.portals.ledger_reading import Attempt, Loan
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport


class R7Cleaner:
    """Deletes tasks by `DELETE task/{taskid}`."""

    def __init__(self, target: Target, transport: Transport, redactor: Redactor) -> None:
        """Log in.

        Raises:
            PortalError: the portal cannot be reached, or does not let us in.
        """
        self._client = R7Client(target, transport, redactor)
        self._client.log_in()

    def found(self, attempt: Attempt) -> Iterator[int]:
        if attempt.title is not None:
            yield from newest_titled(self._client, attempt.title)

    def read(self, task: int) -> Card | Absence:
        try:
            answer = self._client.read_task(task)
        except PortalError:
            return Absence.UNREADABLE
        if says_gone(answer):
            return Absence.GONE
        return card_of(answer) or Absence.UNREADABLE

    def removed(self, task: int) -> bool:
        if "task.delete" in self._client.target.lacks:
            return False
        try:
            return removed(self._client.delete_task(task, cleaning=True))
        except PortalError:
            return False

    def farewell(self, task: int) -> bool:
        del task
        return "task.delete" in self._client.target.lacks

    def put_back(self, task: int, loan: Loan) -> PutBack:
        del task, loan
        return PutBack(lost=True)  # a run lends no R7 task
