"""What can be done about the tasks that killed runs left on a PlanFix portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.generation.calendar import Calendar, today
from etalon.portals.errors import PortalError
from etalon.portals.leftovers import Absence, PutBack
from etalon.profiles import PROFILES
from etalon.vendors.planfix import binding
from etalon.vendors.planfix.answers import error_code, text_of
from etalon.vendors.planfix.cards import card_of
from etalon.vendors.planfix.client import NO_SUCH_TASK, PlanFixClient
from etalon.vendors.planfix.scenarios.driver import PlanFixDriver, on_loan, shown_by
from etalon.vendors.planfix.task_list import newest_cards
from etalon.vendors.planfix.traces import Traces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.cards import Card
    from etalon.portals.config import Target
    from etalon.portals.ledger_reading import Attempt, Loan
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport


class PlanFixCleaner:
    """Gives tasks a title by which people find and delete them: the XML API has no function that does."""

    def __init__(self, target: Target, transport: Transport, redactor: Redactor) -> None:
        """Log in.

        Raises:
            PortalError: the portal cannot be reached, or does not let us in.
        """
        self._client = PlanFixClient(target, transport, redactor)
        self._client.log_in()

    def found(self, attempt: Attempt) -> Iterator[int]:
        for card in newest_cards(self._client) if attempt.title is not None else ():
            task = text_of(card.find("id")).strip()
            titled = text_of(card.find("title")) == attempt.title
            if titled and task.isascii() and task.isdigit():
                yield int(task)

    def read(self, task: int) -> Card | Absence:
        try:
            answer = self._client.read_task(task)
        except PortalError:
            return Absence.UNREADABLE
        if error_code(answer) == NO_SUCH_TASK:
            return Absence.GONE
        return card_of(answer) or Absence.UNREADABLE

    def removed(self, task: int) -> bool:
        del task
        return False  # the API has no function that does

    def farewell(self, task: int) -> bool:
        try:
            return self._client.label(task, recurring=True)
        except PortalError:
            return False

    def put_back(self, task: int, loan: Loan) -> PutBack:
        first = shown_by(task, loan.first)
        if first is None:
            return PutBack(lost=True)
        self._client.transport.guard.may_put_back(task, loan.first.encode())
        driver = PlanFixDriver(
            client=self._client,
            traces=Traces(self._client),
            resource=binding.task(),
            known={},
            profile=PROFILES["quick"],
            calendar=Calendar.of(today()),
        )
        try:
            return driver.put_back(first, on_loan(task, loan.since))
        except PortalError:
            return PutBack(unread=True)
