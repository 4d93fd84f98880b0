from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest

from etalon.judging.sequences import Model, contradiction
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.judging.singles import broken_alone
from etalon.vendors.planfix.scenarios.sequences import shortener

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Watch
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver
    from etalon.vendors.planfix.scenarios.sequences import Course


@pytest.mark.spends_the_rest
@pytest.mark.requirement("PF-SEQUENCES")
def test_sequences_add_up(
    check: Check,
    driver: PlanFixDriver,
    courses: Sequence[Course],
    further: Iterable[Course],
    *,
    steps: Sequence[Change],
    halfway: Sequence[Watch],
) -> None:
    driver.require_reads()
    driver.require_thorough()
    known = broken_alone(steps, halfway)
    check.each(
        chain(courses, further),
        lambda course: contradiction(course.taken, Model(task(), known)),
        shrink=shortener(driver, known),
    )
