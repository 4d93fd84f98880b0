from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from etalon.judging import rules
from etalon.judging.reads import read_again, shows_the_same
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.scenarios.scenario import scenario
from etalon.vendors.r7.answers import payload
from etalon.vendors.r7.judging.evidence import reading
from etalon.vendors.r7.scenarios.driver import LAST_LOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Reading
    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.scenarios.driver import R7Driver

_ROWS = {"id": "id", "author": "createby"}


@pytest.mark.requirement("R7-UPDATE-KEEPS-{part}")
@pytest.mark.parametrize("part", _ROWS)
def test_no_update_changes_what_a_task_is(
    check: Check,
    driver: R7Driver,
    created: Change,
    nasty: Change,
    *,
    all_updates: Sequence[Change],
    part: str,
) -> None:
    first, member = created.after or created.echo, driver.member(_ROWS[part])
    own = driver.client.task_of(created.exchange)

    def rule(made: Change) -> Finding | bool | None:
        if first is None or not made.accepted:
            return None  # nothing to compare with, or nothing was changed
        if made.exchange.subject != own:
            return None  # a fresh task has taken the place of one that was lost
        for shown in (made.echo, made.after):
            outcome = (
                rules.fixed(member, first, shown, _around(created, first, made, shown)) if shown else True
            )
            if isinstance(outcome, Finding):
                return outcome
        return True

    check.each([nasty, *all_updates], rule, size=lambda made: made.size)


@pytest.fixture
def updated_later(driver: R7Driver, subject: int, long_texts: Sequence[Change]) -> Change:
    """An update of a task that is older than the coarsest clock's unit."""
    accepted = [made for made in long_texts if made.accepted]
    return accepted[-1] if accepted else driver.update(subject)


@pytest.mark.requirement("R7-UPDATE-KEEPS-CREATED")
def test_no_update_moves_the_creation(
    check: Check, driver: R7Driver, created: Change, updated: Change, updated_later: Change
) -> None:
    driver.require_reads()
    first = created.after

    def rule(made: Change) -> Finding | bool | None:
        if first is None or made.after is None or not made.accepted:
            return None  # nothing to compare with, or nothing was changed
        if first.card.get("id") != made.after.card.get("id"):
            return None  # a fresh task has taken the place of one that was lost
        shown_by = _around(created, first, made, made.after)
        return rules.fixed(driver.member("created"), first, made.after, shown_by)

    check.each([updated, updated_later], rule)


@pytest.mark.usefixtures("updated")  # plain updates are judged first
@pytest.mark.requirement("R7-UPDATE-KEEPS-CLOSED")
def test_no_update_reopens_a_task(check: Check, driver: R7Driver, closed: Sequence[Change]) -> None:
    driver.require_reads()
    driver.require_many_requests()
    if not closed:
        raise NotApplicable(Message("closes-no-tasks"))
    if not any(made.accepted and made.after for made in closed):
        raise NotApplicable(Message("refuses-to-update-closed-task"))

    def rule(made: Change) -> Finding | bool | None:
        if not made.accepted or made.before is None or made.after is None:
            return None  # it was refused, or the task cannot be read
        if made.before.card.get("isClosed") is not True:
            return None  # an update before it has reopened the task
        return made.after.card.get("isClosed") is True or Finding(
            summary=Message("update-reopens-task"),
            expected="true",
            observed=made.after.raw(driver.member("isclosed")),
            exchanges=made.exchanges,
            member="isClosed",
        )

    check.each(closed, rule)


@pytest.mark.after_all
@pytest.mark.usefixtures("many_updates")
@pytest.mark.requirement("R7-READS-AGREE")
def test_two_reads_of_a_task_agree(check: Check, driver: R7Driver) -> None:
    driver.require_reads()
    driver.require_many_requests()
    if driver.client.target.settle:
        raise NotApplicable(Message("settles-in-time"))
    found = read_again(driver.client.transport.journal, _json_reading, {"getTask", "filterTasks"})
    check.each(found, partial(shows_the_same, driver.resource))


@pytest.mark.requirement("R7-CREATE-TAKES-NOTHING-FROM-OTHERS")
def test_a_creation_takes_nothing_from_other_tasks(
    check: Check, driver: R7Driver, subject: int, created_plainly: Change
) -> None:
    driver.require_reads()
    if driver.client.task_of(created_plainly.exchange) == subject:
        raise Inconclusive(Message("created-not-read"))
    check.each([created_plainly], lambda made: rules.took_over(driver.members, made, driver.changes))


@scenario(after=["many_updates"])  # which must not have touched them
def moved(
    driver: R7Driver,
    subject: int,
    neighbour: int,
    created_plainly: Change,
) -> Mapping[int, Finding | bool | None]:
    """The tasks that nothing was sent to → what creations and updates of others did to them.

    They are looked at last of all, so that these reads are also those that their removal rests on.
    """
    driver.require_reads()
    others = [neighbour]
    plain = driver.client.task_of(created_plainly.exchange)
    # Where a creation was answered with the id of an older task, that one has been written to.
    if plain is not None and created_plainly.after is not None and plain not in {subject, neighbour}:
        others.append(plain)
    driver.client.transport.reserve(-LAST_LOOKS)
    return {
        task: _stays(driver, task, driver.first_read(task), Message("after-another-change"))
        for task in others
    }


@scenario()
def moved_by_creation(
    driver: R7Driver, neighbour: int, moved: Mapping[int, Finding | bool | None]
) -> Finding | bool | None:
    """What creations do to other tasks; more are made for it only where anything touched the neighbour."""
    if not isinstance(moved[neighbour], Finding):
        return moved[neighbour]
    # Several: a number that is given away may be the next one's alone.
    tasks = {task: driver.reread(task) for task in (neighbour, driver.scratch(), driver.scratch())}
    driver.scratch()
    found = [
        _stays(driver, task, before, Message("after-another-creation")) for task, before in tasks.items()
    ]
    return next((one for one in found if isinstance(one, Finding)), found[0])


@pytest.mark.after_all
@pytest.mark.requirement("R7-UPDATE-TOUCHES-NO-OTHER-TASK")
def test_an_update_touches_no_other_task(
    check: Check,
    driver: R7Driver,
    subject: int,
    moved: Mapping[int, Finding | bool | None],
    moved_by_creation: Finding | bool | None,
) -> None:
    def rule(task: int) -> Finding | bool | None:
        if not isinstance(moved[task], Finding) or not isinstance(moved_by_creation, Finding):
            return moved[task]
        before = driver.reread(task)  # creations do it, too: an update alone shows whether it does
        driver.update(subject)
        return _stays(driver, task, before, Message("after-another-update"))

    check.each(moved, rule)


@pytest.mark.after_all
@pytest.mark.requirement("R7-CREATE-TOUCHES-NO-OTHER-TASK")
def test_a_creation_touches_no_other_task(check: Check, moved_by_creation: Finding | bool | None) -> None:
    check.each([moved_by_creation], lambda outcome: outcome)


def _stays(driver: R7Driver, task: int, before: Reading | None, why: Message) -> Finding | bool | None:
    answer = driver.traces.read(task)
    now = reading(answer)
    if before is None or answer is None:
        return None  # it could not be read in the first place
    if now is None:
        return Finding(
            summary=Message("task-lost", why=why),
            expected=Message("task-as-it-was"),
            observed=Message("http-status", status=answer.response.status),
            exchanges=(before.exchange, answer),
            member="id",
        )
    return rules.untouched(driver.resource, before, now, why)


def _json_reading(exchange: Exchange) -> Reading | None:
    """A task as a read in JSON shows it: what XML shows is held against that elsewhere."""
    return reading(exchange) if isinstance(payload(exchange), dict) and not _in_xml(exchange) else None


def _in_xml(exchange: Exchange) -> bool:
    return exchange.response.body.lstrip()[:1] == b"<"


def _around(created: Change, first: Reading, made: Change, shown: Reading) -> tuple[Exchange, ...]:
    return (created.exchange, first.exchange, made.exchange, shown.exchange)
