from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable
from etalon.messages import Message
from etalon.vendors.r7.judging import rules
from etalon.vendors.r7.judging.evidence import reading
from etalon.vendors.r7.scenarios.driver import LAST_LOOKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.vendors.r7.judging.evidence import Change, Reading
    from etalon.vendors.r7.scenarios.driver import Lab

_SHOWN_AS = {"id": "id", "author": "createBy"}
_SAME: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]] = {
    "id": rules.same_id,
    "author": rules.same_author,
}


@pytest.mark.requirement("R7-UPDATE-KEEPS-{part}")
@pytest.mark.parametrize("part", _SAME)
def test_no_update_changes_what_a_task_is(
    check: Check, created: Change, nasty: Change, all_updates: Sequence[Change], part: str
) -> None:
    first = created.after or created.echo

    def rule(made: Change) -> Finding | bool | None:
        if first is None or not made.accepted:
            return None  # nothing to compare with, or nothing was changed
        for shown in (made.echo, made.after):
            if shown and not _SAME[part](first.task, shown.task):
                return _changed(_SHOWN_AS[part], first, shown, created, made)
        return True

    check.each([nasty, *all_updates], rule, size=lambda made: made.size)


@pytest.fixture
def updated_later(lab: Lab, subject: int, long_texts: Sequence[Change]) -> Change:
    """An update of a task that is older than the coarsest clock's unit."""
    accepted = [made for made in long_texts if made.accepted]
    return accepted[-1] if accepted else lab.update(subject)


@pytest.mark.requirement("R7-UPDATE-KEEPS-CREATED")
def test_no_update_moves_the_creation(
    check: Check, lab: Lab, created: Change, updated: Change, updated_later: Change
) -> None:
    lab.require_reads()
    first = created.after

    def rule(made: Change) -> Finding | bool | None:
        if first is None or made.after is None or not made.accepted:
            return None  # nothing to compare with, or nothing was changed
        if rules.same_created(first.task, made.after.task):
            return True
        return _changed("created", first, made.after, created, made)

    check.each([updated, updated_later], rule)


@pytest.mark.requirement("R7-UPDATE-KEEPS-CLOSED")
def test_no_update_reopens_a_task(
    check: Check, lab: Lab, updated: Change, request: pytest.FixtureRequest
) -> None:
    del updated  # plain updates are judged first
    lab.require_reads()
    lab.require_many_requests()
    subject = lab.living(request.getfixturevalue("spare"))  # strangers may have deleted it
    closed = lab.client.close_task(subject)
    before = lab.reread(subject)
    if before is None or before.task.get("isClosed") is not True:
        raise NotApplicable(Message("closes-no-tasks"))
    made = lab.update(subject)
    if not made.accepted or made.after is None:
        raise NotApplicable(Message("refuses-to-update-closed-task"))
    after = made.after
    check.holds(
        after.task.get("isClosed") is True,
        lambda: Finding(
            summary=Message("update-reopens-task"),
            expected="true",
            observed=rules.as_text(after.task.get("isClosed")),
            exchanges=(closed, before.exchange, *made.exchanges),
            member="isClosed",
        ),
    )


@pytest.mark.requirement("R7-CREATE-TAKES-NOTHING-FROM-OTHERS")
def test_a_creation_takes_nothing_from_other_tasks(
    check: Check, lab: Lab, subject: int, created_plainly: Change
) -> None:
    lab.require_reads()
    if lab.client.task_of(created_plainly.answer) == subject:
        raise Inconclusive(Message("created-not-read"))
    check.each([created_plainly], lambda made: rules.took_over(lab.members, made, lab.changes))


@pytest.fixture(scope="session")
def moved(
    lab: Lab,
    subject: int,
    neighbour: int,
    created_plainly: Change,
    many_updates: Sequence[Change],
) -> Mapping[int, Finding | bool | None]:
    """The tasks that nothing was sent to → what creations and updates of others did to them.

    They are looked at last of all, so that these reads are also those that their removal rests on.
    """
    del many_updates  # which must not have touched them
    lab.require_reads()
    others = [neighbour]
    plain = lab.client.task_of(created_plainly.answer)
    # Where a creation was answered with the id of an older task, that one has been written to.
    if plain is not None and created_plainly.after is not None and plain not in {subject, neighbour}:
        others.append(plain)
    lab.client.transport.reserve(-LAST_LOOKS)
    return {task: _stays(lab, task, lab.first_read(task), Message("after-another-change")) for task in others}


@pytest.fixture(scope="session")
def moved_by_creation(
    lab: Lab, neighbour: int, moved: Mapping[int, Finding | bool | None]
) -> Finding | bool | None:
    """What creations do to other tasks; more are made for it only where anything touched the neighbour."""
    if not isinstance(moved[neighbour], Finding):
        return moved[neighbour]
    tasks = {task: lab.reread(task) for task in (neighbour, lab.scratch())}
    lab.scratch()
    found = [_stays(lab, task, before, Message("after-another-creation")) for task, before in tasks.items()]
    return next((one for one in found if isinstance(one, Finding)), found[0])


@pytest.mark.after_all
@pytest.mark.requirement("R7-UPDATE-TOUCHES-NO-OTHER-TASK")
def test_an_update_touches_no_other_task(
    check: Check,
    lab: Lab,
    subject: int,
    moved: Mapping[int, Finding | bool | None],
    moved_by_creation: Finding | bool | None,
) -> None:
    def rule(task: int) -> Finding | bool | None:
        if not isinstance(moved[task], Finding) or not isinstance(moved_by_creation, Finding):
            return moved[task]
        before = lab.reread(task)  # creations do it, too: an update alone shows whether it does
        lab.update(subject)
        return _stays(lab, task, before, Message("after-another-update"))

    check.each(moved, rule)


@pytest.mark.after_all
@pytest.mark.requirement("R7-CREATE-TOUCHES-NO-OTHER-TASK")
def test_a_creation_touches_no_other_task(check: Check, moved_by_creation: Finding | bool | None) -> None:
    check.each([moved_by_creation], lambda outcome: outcome)


def _stays(lab: Lab, task: int, before: Reading | None, why: Message) -> Finding | bool | None:
    answer = lab.bench.read(task)
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
    return rules.untouched(lab.members, before, now, why)


def _changed(member: str, first: Reading, shown: Reading, created: Change, made: Change) -> Finding:
    return Finding(
        summary=Message("identity-changed", member=member),
        expected=rules.as_text(first.task.get(member)),
        observed=rules.as_text(shown.task.get(member)),
        exchanges=(created.answer, first.exchange, made.answer, shown.exchange),
        member=member,
    )
