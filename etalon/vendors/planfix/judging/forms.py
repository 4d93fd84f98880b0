"""Equal documents have equal effect: a request may be written in any form that XML calls the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.planfix.judging.evidence import code_of
from etalon.vendors.planfix.judging.rules import difference, keeps, shows, stores

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.evidence import Change
    from etalon.resources.values import Value


MEMBERS = ("title", "description")
UNSENT = "startTime"
"""What comments hold, and no update in a form sends."""


@dataclass(frozen=True, slots=True)
class InForm:
    """An update of texts that was written in another form.

    Attributes:
        tells: what is special about the form, as a finding says it after "sent".
        step: the update. Its texts are plain; between its readings, other updates may have changed other
            members.
        may_refuse: whether a portal may know the form not at all.
        alone: whether no other update between its readings may have changed what comments hold.
        usual: what a portal that alters texts in the usual form already makes of these, by member.
    """

    tells: Message
    step: Change
    may_refuse: bool = False
    usual: Mapping[str, Value] = field(default_factory=dict)
    alone: bool = True


def same_effect(update: InForm) -> Finding | bool | None:
    """Texts arrive as they would in the usual form."""
    step = update.step
    if not step.accepted:
        if update.may_refuse:
            return None  # a reader that does not know the form may say so
        return Finding(
            summary=Message("form-refused", how=update.tells),
            expected=Message("ok-answer"),
            observed=Message("error-answer-with-code", code=code_of(step))
            if code_of(step)
            else Message("no-ok-answer"),
            exchanges=shows(step),
        )
    judged = None
    if update.alone and isinstance(keeps(UNSENT, step), Finding) and step.before and step.after:
        had, has = (one.members.get(UNSENT) for one in (step.before, step.after))
        return difference(UNSENT, step, had, has, Message("lost-in-form", member=UNSENT, how=update.tells))
    for member in MEMBERS:
        if member not in step.patch.sets:
            continue  # this update leaves the member to another one
        outcome = stores(member, step)
        got = step.after.members.get(member) if step.after else None
        altered_alike = member in update.usual and update.usual[member] == got
        if outcome is True or altered_alike:
            judged = True
        elif isinstance(outcome, Finding):
            wanted = update.usual.get(member, step.patch.sets[member])
            return difference(
                member, step, wanted, got, Message("lost-in-form", member=member, how=update.tells)
            )
    return judged
