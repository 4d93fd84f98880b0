"""Odd values of several R7 members packed into two updates, for where requests are few.

What such an update loses, or is refused for, has to be tried apart; on a sound portal nothing has to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from etalon.vendors.r7.judging.situations import empty_value
from etalon.vendors.r7.scenarios.driver import UPDATE
from etalon.vendors.r7.scenarios.situations import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.generation.calendar import Calendar
    from etalon.judging.evidence import Change
    from etalon.vendors.r7.scenarios.driver import R7Driver

WITH_DASHES, WITH_OFFSET = "dashes", "offset"
"""The two spellings of a deadline that are tried."""


def date_like(calendar: Calendar) -> dict[str, Any]:
    """Texts that readers of JSON take for dates, and write again in their own way."""
    return {
        "title": "2008-04-10T06:30:00.000Z",
        "description": f"{calendar.on(1, 2)}T03:04:05.100+05:00",
    }


def packed_unusual_values(driver: R7Driver, subject: int, emptied: Iterable[str]) -> Mapping[str, Change]:
    """Spelling of the deadline → the update that has it, other members as odd as it.

    The first has texts like dates and a GUID in capitals, and so it fills the task for the second, which
    empties members.

    Args:
        driver: the portal.
        subject: the task.
        emptied: names of the members that the second sends empty.
    """
    telling = in_capitals(driver, driver.body(UPDATE)) | date_like(driver.calendar)
    telling["deadline"] = f"{driver.calendar.on(4, 5)}T06:07:08.0137431+05:30"
    made = {WITH_OFFSET: driver.update(subject, telling)}
    if not made[WITH_OFFSET].accepted:
        fill(driver, subject)
    empty = {
        parameter: empty_value(part.likeness)
        for name in emptied
        for parameter, part in zip(
            driver.member(name).parameters(UPDATE), driver.member(name).parts, strict=True
        )
    }
    dashes = {"deadline": f"{driver.calendar.on(2, 3)}T04-05-06.070Z"}
    made[WITH_DASHES] = driver.update(subject, driver.body(UPDATE) | empty | dashes)
    return made


def in_capitals(driver: R7Driver, body: dict[str, Any]) -> dict[str, Any]:
    """A body with the responsible person's GUID in capitals."""
    [parameter] = driver.member("responsible").parameters(UPDATE)
    return body | {parameter: str(body[parameter]).upper()}
