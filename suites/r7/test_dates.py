from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging.instants import TICKS_PER_SECOND
from etalon.judging.r7.rules import shown, stores
from etalon.judging.verdicts import Deviates, Finding, Inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.judging.checking import Check
    from etalon.judging.r7.evidence import Change
    from etalon.labs.r7 import Lab

# The first is spelled as the page's example is; each is another instant than the one before it.
SPELLED: Mapping[str, str] = {
    "DASH-SPELLING": "2031-02-03T04-05-06.000Z",
    "ROUNDTRIP-SPELLING": "2031-03-04T16:06:07.0000000Z",
    "OFFSET": "2031-04-05T06:07:08.0000000+03:00",
}
_WITH_MILLISECONDS = "2031-05-06T07:08:09.123Z"


@pytest.mark.requirement("R7-DEADLINE-{spelling}")
@pytest.mark.parametrize("spelling", SPELLED)
def test_a_deadline_is_the_same_instant_however_it_is_spelled(
    check: Check, lab: Lab, subject: int, updated: Change, spelling: str
) -> None:
    lab.require_reads()
    del updated
    made = lab.update(subject, lab.body("updateTask") | {"deadline": SPELLED[spelling]})
    check.holds(
        made.accepted,
        lambda: Finding(
            summary="A deadline that is spelled as the page allows is refused.",
            expected="the updated task",
            observed=f"HTTP {made.answer.response.status}",
            exchanges=made.exchanges,
            member="deadline",
        ),
    )
    check.each([made], partial(stores, lab.member("deadline")))


@pytest.mark.requirement("R7-DEADLINE-PRECISION")
def test_a_deadline_keeps_its_milliseconds(check: Check, lab: Lab, subject: int, updated: Change) -> None:
    lab.require_reads()
    del updated
    deadline = lab.member("deadline")
    made = lab.update(subject, lab.body("updateTask") | {"deadline": _WITH_MILLISECONDS})
    written = deadline.sent_in("updateTask", made.body)
    if not made.accepted or made.after is None or written is None:
        raise Inconclusive("a deadline with milliseconds is refused, or the task cannot be read")
    [sent], [stored] = written, deadline.read_from(made.after.task)
    if stored == sent:
        check.observe("exact", *made.exchanges)
    elif deadline.same(written, (stored,)) and isinstance(stored, int) and stored % TICKS_PER_SECOND == 0:
        check.observe("second", *made.exchanges)
    else:
        raise Deviates(
            Finding(
                summary="A deadline with milliseconds is read back as another instant.",
                expected=_WITH_MILLISECONDS,
                observed=shown(deadline, made.after),
                exchanges=made.exchanges,
                member="deadline",
            )
        )
