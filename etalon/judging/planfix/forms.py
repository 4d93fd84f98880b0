"""Equal documents have equal effect: a request may be written in any form that XML calls the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.planfix.rules import difference, shows, stores
from etalon.judging.verdicts import Finding

if TYPE_CHECKING:
    from etalon.judging.planfix.evidence import Step

MEMBERS = ("title", "description")


@dataclass(frozen=True, slots=True)
class Trial:
    """An update of texts that was written in another form.

    Attributes:
        tells: what is special about the form, as a finding says it after "sent".
        step: the update. Its texts are plain; between its readings, other updates may have changed other
            members.
        may_refuse: whether a portal may know the form not at all.
        known: members that the portal gets wrong in the usual form already.
    """

    tells: str
    step: Step
    may_refuse: bool = False
    known: frozenset[str] = frozenset()


def same_effect(trial: Trial) -> Finding | bool | None:
    """Texts arrive as they would in the usual form."""
    step = trial.step
    if not step.accepted:
        if trial.may_refuse:
            return None  # a reader that does not know the form may say so
        return Finding(
            summary=f"An update is refused that is sent {trial.tells}.",
            expected="an ok answer",
            observed=f"an error answer with code {step.code}" if step.code else "no ok answer",
            exchanges=shows(step),
        )
    judged = None
    for member in MEMBERS:
        if member not in step.asks.plain:
            continue  # this update leaves the member to another one
        outcome = stores(member, step)
        if outcome is True:
            judged = True
        elif isinstance(outcome, Finding) and member not in trial.known and step.after:
            wanted, got = step.asks.plain[member], step.after.members.get(member)
            return difference(member, step, wanted, got, f"does not arrive when it is sent {trial.tells}")
    return judged
