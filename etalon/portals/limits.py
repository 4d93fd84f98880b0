"""What even a task of the run's own is not made to do: remind people soon, break a calendar, go to strangers.

The rules hold for each request alone, whatever was sent before it and however a portal puts the two together.
So a deadline keeps away from today, whether a reminder is asked for or not, and a reminder is asked for so
long before any deadline that its moment is over. A day too far away overflows in a portal's time zone: the
9999-12-31 of CommunityServer's ApiDateTime.cs, after which the task can no longer be shown.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from etalon.generation.unknown import UNKNOWN_ID, UNKNOWN_PERSON
from etalon.messages import Message
from etalon.portals.side_effects import guids_in
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from etalon.portals.config import Target
    from etalon.portals.side_effects import SideEffects

# No responsible at all, and the user whom CommunityServer shows where there is none (Users/Constants.cs).
_NO_PERSON = frozenset({"0" * 32, "4a515a15d4d64b8e828ee0586f18f3a3", UNKNOWN_PERSON.replace("-", "")})
_SINCE = timedelta(days=2)
_UNTIL = timedelta(days=31)
_EARLIEST = date(1900, 1, 1)
_FARTHEST = timedelta(days=18 * 365)
_LEAST_MINUTES = 19 * 365 * 24 * 60
"""More than from any allowed deadline back to today."""
_MINUTES_OF_A_DAY = 24 * 60


class Limits:
    """Knows whom and what the run may involve."""

    def __init__(self, target: Target, today: Callable[[], date] | None = None) -> None:
        """Start with the people of the config.

        Args:
            target: whose `known` names them.
            today: tells the day; by default, that of UTC.
        """
        self._today = today or (lambda: datetime.now(UTC).date())
        self._known: dict[str, set[str]] = {}
        vendor = vendor_of(target.kind)
        self._guids = {kind for kind, form in vendor.known.items() if form == "guid"}
        for kind in vendor.people:
            self.knows(kind, target.known.get(kind, ()))

    def knows(self, kind: str, ids: Iterable[int | str]) -> None:
        """Take note of people who may be assigned: those of the config, or those discovered in their place.

        Args:
            kind: one of the vendor's kinds of people.
            ids: GUIDs in any spelling, or numbers.
        """
        spelt = (list(guids_in(str(one))) if kind in self._guids else [str(one)] for one in ids)
        self._known.setdefault(kind, set()).update(one for spellings in spelt for one in spellings)

    def objection(self, asked: SideEffects, before: SideEffects) -> Message | None:
        """What is wrong with a request, as the end of a sentence; None where nothing is.

        Args:
            asked: what it asks for.
            before: what its task showed when it was first read, which it may always be given back.
        """
        for kind, one in sorted(asked.people - before.people):
            if not self._may_assign(kind, one):
                return Message("people-not-known", kind=kind, one=one)
        today = self._today()
        for day in sorted(asked.days - before.days):
            if today - _SINCE <= day <= today + _UNTIL:
                return Message("day-too-near", day=day.isoformat())
            if not _EARLIEST <= day <= today + _FARTHEST:
                return Message("day-may-break-calendar", day=day.isoformat())
        for minutes in asked.minutes:
            if minutes < -_MINUTES_OF_A_DAY or 0 < minutes < _LEAST_MINUTES:
                return Message("reminder-may-be-near", minutes=f"{minutes:g}")
        if asked.reminds_at_once and not before.reminds_at_once:
            return Message("periodicity-begins-today")
        return None

    def _may_assign(self, kind: str, one: str) -> bool:
        if kind in self._guids:
            return one in _NO_PERSON or one in self._known[kind]
        return int(one) <= 0 or int(one) >= UNKNOWN_ID or str(int(one)) in self._known[kind]
