from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.judging.planfix.rules import stores
from etalon.judging.planfix.values import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.planfix.evidence import Step
    from etalon.judging.verdicts import Finding
    from etalon.labs.planfix import Lab

DATES: Mapping[str, Callable[[Moment], bool]] = {
    "SHORT": lambda moment: not moment.timed,
    "MIDNIGHT": lambda moment: moment.timed and not moment.at.hour and not moment.at.minute,
    "LEAP-DAY": lambda moment: (moment.at.month, moment.at.day) == (2, 29),
}


@pytest.mark.requirement("PF-DATES-{form}")
@pytest.mark.parametrize("form", DATES)
def test_a_date_comes_back_with_its_precision(
    check: Check, lab: Lab, steps: Sequence[Step], form: str
) -> None:
    lab.require_reads()

    def rule(piece: tuple[str, Step]) -> Finding | bool | None:
        return stores(*piece)

    pieces = [(member, step) for step in steps for member in _members(step, DATES[form])]
    check.each(pieces, rule)


def _members(step: Step, wanted: Callable[[Moment], bool]) -> list[str]:
    sent = {member: step.asks.plain.get(member) for member in ("startTime", "endTime")}
    return [member for member, value in sent.items() if isinstance(value, Moment) and wanted(value)]
