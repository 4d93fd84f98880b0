from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from etalon.judging.rules import KEEP, untouched
from etalon.judging.verdicts import Deviates, Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.judging.evidence import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Reading
    from etalon.vendors.r7.scenarios.driver import R7Driver

UPDATE = "updateTask"


@dataclass(frozen=True)
class Commuted:
    """The same two updates of different members in both orders, each time of the same full state."""

    changes: Sequence[Change]
    one_way: Reading | None
    other_way: Reading | None


@scenario()
def with_current_values(driver: R7Driver, subject: int, updated_again: Change) -> Change:
    """An update that sends what the task shows, as it shows it; where requests are few, what it was sent."""
    if not driver.thorough or updated_again.after is None:
        return updated_again
    return driver.update(subject, _values_of(driver, updated_again))


@scenario()
def commuted(driver: R7Driver, subject: int, updated: Change) -> Commuted:
    """Updates of different members, in both orders."""
    halves = [
        [member.name for place, member in enumerate(driver.members) if place % 2 == half] for half in (0, 1)
    ]
    values = driver.body(UPDATE)
    first, second = (driver.only(values, *names) for names in halves)
    sent, ends = [], []
    for order in ((first, second), (second, first)):
        for body in (updated.body, *order):
            made = driver.unread(subject, body)
            sent.append(made)
            if not made.accepted:
                raise NotApplicable(Message("refuses-half-an-update"))
        ends.append(reading(driver.traces.read(subject)))
    return Commuted(sent, ends[0], ends[1])


@pytest.mark.requirement("R7-UPDATE-TWICE-IS-ONCE")
def test_the_same_update_twice_is_once(
    check: Check, driver: R7Driver, updated: Change, updated_again: Change
) -> None:
    driver.require_reads()

    def rule(made: Change) -> Finding | bool | None:
        if updated.accepted and not made.accepted:
            return Finding(
                summary=Message("same-update-refused"),
                expected=Message("updated-task"),
                observed=Message("http-status", status=made.exchange.response.status),
                exchanges=(updated.exchange, made.exchange),
            )
        return _changes_nothing(driver, updated, made, Message("after-the-same-update"))

    check.each([updated_again], rule)


@pytest.mark.requirement("R7-UPDATE-WITH-CURRENT-VALUES")
def test_current_values_change_nothing(
    check: Check, driver: R7Driver, updated_again: Change, with_current_values: Change
) -> None:
    driver.require_reads()
    why = Message("after-the-same-values")
    check.each([with_current_values], lambda made: _changes_nothing(driver, updated_again, made, why))


@pytest.mark.requirement("R7-UPDATES-COMMUTE")
def test_updates_of_different_members_commute(
    check: Check, driver: R7Driver, treatment: Mapping[str, str], request: pytest.FixtureRequest
) -> None:
    driver.require_reads()
    driver.require_many_requests()
    if KEEP not in treatment.values():
        raise NotApplicable(Message("keeps-nothing-unsent"))
    found: Commuted = request.getfixturevalue("commuted")
    one, other = found.one_way, found.other_way
    if one is None or other is None:
        raise Inconclusive(Message("task-unreadable"))
    outcome = untouched(driver.resource, one, other, Message("after-the-other-order"))
    check.checked += 1
    if isinstance(outcome, Finding):
        answers = tuple(made.exchange for made in found.changes)
        raise Deviates(replace(outcome, exchanges=(*answers, one.exchange, other.exchange)))


def _changes_nothing(driver: R7Driver, before: Change, made: Change, why: Message) -> Finding | bool | None:
    if before.after is None or made.after is None or not (before.accepted and made.accepted):
        return None  # it was refused, or the task cannot be read
    if before.after.card.get("id") != made.after.card.get("id"):
        return None  # a fresh task has taken the place of one that was lost
    outcome = untouched(driver.resource, before.after, made.after, why)
    if isinstance(outcome, Finding):
        return replace(outcome, exchanges=made.exchanges)
    return outcome


def _values_of(driver: R7Driver, made: Change) -> dict[str, Any]:
    """The body of an update with what the task shows; what it does not show, as it was sent."""
    body = dict(made.body)
    assert made.after is not None
    for member in driver.members:
        for part, parameter in zip(member.parts, member.parameters(UPDATE), strict=True):
            there, value = part.place(made.after.card)
            if there and value is not None and parameter in body:
                body[parameter] = value
    return body
