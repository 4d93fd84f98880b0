"""Sends what the plan chooses: updates of all members with awkward values, each followed by a lone member.

So every class of value is written, and then left alone while something else is, and no state is bland.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etalon.generation.classes import FRACTIONS, TEXTS, moments, spelled
from etalon.generation.plan import planned
from etalon.generation.text import CARRIAGE_RETURN, packed_text
from etalon.vendors.r7.connection import XML
from etalon.vendors.r7.scenarios.driver import UPDATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.generation.plan import Plan
    from etalon.judging.evidence import Change
    from etalon.vendors.r7.scenarios.driver import R7Driver

EVERYWHERE = "isnotify"
"""The member that no answer shows, and that is sent alone all the same."""
_OFFSETS = {"utc": 0, "half-hour-east": 330, "half-hour-west": -570, "quarter-hour-east": 765}
_AFTER_XML, _AFTER_LIST = "json-after-xml", "after-a-list"
_MOST_REFUSED = 3  # then the portal takes none of it, and why is told by then
_LONGEST_TITLE = 250
_CALM = "plain"
_BARE = {"title": "description", "description": "title"}


@dataclass(frozen=True, slots=True)
class Row:
    """What came of a row of the plan.

    Attributes:
        chosen: factor → the level that the plan chose.
        whole: the update of every member.
        alone: the update of one member after it.
        refused_for: the parameters for which it was refused, as a milder update shows; none where that is
            not known.
    """

    chosen: Mapping[str, str]
    whole: Change
    alone: Change
    refused_for: frozenset[str] = frozenset()

    @property
    def changes(self) -> list[Change]:
        """Both updates."""
        return [self.whole, self.alone]


def plan_of(driver: R7Driver, rows: int, seed: int) -> Plan:
    """The plan of the run.

    Args:
        driver: the portal.
        rows: how many, at least as many as members if each is to be sent alone.
        seed: decides it.
    """
    factors = {
        "text": list(TEXTS),
        # The other one shows the run's mark, by which the task goes on to be known as its own.
        "alone in": list(_BARE),
        "deadline": [name for name in moments(driver.calendar) if name not in driver.odd_moments],
        "fraction": ["none", *FRACTIONS],
        "offset": list(_OFFSETS),
        "alone": [*(member.name for member in driver.members), EVERYWHERE],
        "read": ["once", "twice", _AFTER_XML, _AFTER_LIST],
    }
    return planned(factors, rows, seed)


def carry_out(driver: R7Driver, subject: int, plan: Plan) -> list[Row]:
    """Send the rows of a plan to a task, one after another."""
    done: list[Row] = []
    last = ""
    for chosen in plan.rows:
        if sum(not row.whole.accepted for row in done) >= _MOST_REFUSED:
            chosen = {**chosen, "text": _CALM}  # noqa: PLW2901 - why it refuses such texts is told by now
        done.append(_row(driver, subject, chosen, last))
        last = chosen["alone"]
    if done and all(row.whole.accepted for row in done):
        driver.awkward = {name: _in_turn(name, done) for name in _BARE}
    return done


def _in_turn(member: str, done: Sequence[Row]) -> deque[str]:
    """The texts in the order in which a member has them next: first those that it did not have alone yet."""
    had = [row.whole.body.get(member) for row in done]
    return deque(sorted(TEXTS.values(), key=had.count))


def _row(driver: R7Driver, subject: int, chosen: Mapping[str, str], last: str) -> Row:
    """A row of the plan; the member that was sent alone before it is left alone now, where it may be."""
    special = {
        name: value
        for name, value in _special(driver, subject, chosen).items()
        if driver.may_send(UPDATE, name)
    }
    body = driver.body(UPDATE) | special
    if last and last not in driver.must_carry and driver.keeps_unsent():
        body = driver.without(body, UPDATE, last)
    whole = driver.update(subject, body)
    refused_for = frozenset() if whole.accepted else _refused_for(driver, subject, special)
    _read_again(driver, subject, chosen["read"])
    return Row(chosen, whole, driver.attempt(subject, _alone(driver, chosen["alone"])), refused_for)


def _read_again(driver: R7Driver, subject: int, how: str) -> None:
    """Read the task once more, with nothing but reads in between."""
    if how == "once" or not driver.traces.reads:
        return
    if how == _AFTER_XML and "xml" not in driver.client.target.lacks:
        driver.client.read_task(subject, accept=XML)
    if how == _AFTER_LIST:
        driver.client.find_marked()
    driver.reread(subject)


def _special(driver: R7Driver, subject: int, chosen: Mapping[str, str]) -> dict[str, Any]:
    calendar = driver.calendar
    fraction = FRACTIONS.get(chosen["fraction"], 0)
    offset = 0 if fraction else _OFFSETS[chosen["offset"]]
    special = {"deadline": spelled(moments(calendar)[chosen["deadline"]], fraction, offset)}
    if chosen["text"] != _CALM:
        bare, other = chosen["alone in"], _BARE[chosen["alone in"]]
        text = TEXTS[chosen["text"]]
        names = list(TEXTS)
        another = TEXTS[names[(names.index(chosen["text"]) + len(names) // 2) % len(names)]]
        special |= {bare: text, other: another if driver.is_steady(subject) else driver.marked(f"{text}|")}
    return special


def _alone(driver: R7Driver, name: str) -> dict[str, Any]:
    """The member that is sent alone; its text is as awkward as texts are in company."""
    texts = {
        "title": packed_text(_LONGEST_TITLE, driver.mark),
        "description": CARRIAGE_RETURN.text + packed_text(mark=driver.mark),
    }
    body = driver.body(UPDATE, lambda member, _: texts[member])
    return {one: body[one] for one in driver.member(name).parameters(UPDATE) if one in body}


def _refused_for(driver: R7Driver, subject: int, special: Mapping[str, Any]) -> frozenset[str]:
    """Which of the awkward values a portal refuses, by sending the others without it."""
    dates = {"deadline"} & special.keys()
    for guilty in (special.keys() - dates, dates):
        milder = {name: value for name, value in special.items() if name not in guilty}
        if driver.update(subject, driver.body(UPDATE) | milder).accepted:
            return frozenset(guilty)
    driver.update(subject)
    return frozenset()


def alone_of(rows: Sequence[Row]) -> Mapping[str, Change]:
    """Member → the first update that sends it alone."""
    found: dict[str, Change] = {}
    for row in rows:
        found.setdefault(row.chosen["alone"], row.alone)
    return found
