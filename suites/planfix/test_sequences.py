from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.judging.planfix.sequences import contradiction
from etalon.judging.planfix.singles import broken_alone
from etalon.labs.planfix_sequences import shortener

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.judging.checking import Check
    from etalon.judging.planfix.evidence import Step, Watch
    from etalon.labs.planfix import Lab
    from etalon.labs.planfix_sequences import Course


@pytest.mark.requirement("PF-SEQUENCES")
def test_sequences_add_up(
    check: Check, lab: Lab, courses: Sequence[Course], steps: Sequence[Step], halfway: Sequence[Watch]
) -> None:
    lab.require_reads()
    known = broken_alone(steps, halfway)
    check.each(courses, lambda course: contradiction(course.taken, known), shrink=shortener(lab, known))
