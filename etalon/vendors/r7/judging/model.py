"""What a task holds after a sequence of changes, by the way in which the portal was seen to update."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.r7.judging.rules import RESET, as_text, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.vendors.r7.judging.evidence import Reading
    from etalon.vendors.r7.judging.members import Member, Value


class TaskModel:
    """The members of one task as they should be; what a creation did not send is not predicted."""

    def __init__(self, members: Sequence[Member], treatment: Mapping[str, str]) -> None:
        """Begin with a task of which nothing is known.

        Args:
            members: what can be written and shown.
            treatment: member → what an update that does not send it does with it, `keep` or `reset`.
        """
        self._members = members
        self._treatment = treatment
        self._values: dict[str, Value] = {}

    def sent(self, operation: str, body: Mapping[str, Any]) -> None:
        """Move on by a creation or an update that the portal says it did."""
        for member in self._members:
            written = member.sent_in(operation, body)
            if written is not None:
                self._values[member.name] = written
            elif self._treatment.get(member.name) == RESET and operation == "updateTask":
                self._values[member.name] = (None,) * len(member.parts)

    def unlike(self, seen: Reading) -> Finding | None:
        """The finding for a task that is read otherwise than predicted; None where all is as it should be."""
        for member in self._members:
            predicted = self._values.get(member.name)
            if predicted is None or not (member.promised or member.shown_in(seen.task) or not any(predicted)):
                continue  # nothing is predicted, or the portal does not show it
            if not member.same(member.read_from(seen.task), predicted):
                return Finding(
                    summary=Message("sequence-leads-elsewhere", member=member.name),
                    expected=as_text(list(predicted) if len(predicted) > 1 else predicted[0]),
                    observed=shown(member, seen),
                    exchanges=(seen.exchange,),
                    member=member.name,
                )
        return None
