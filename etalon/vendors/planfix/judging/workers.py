"""What a PlanFix portal owes the workers of a task, users and groups, written as additions and deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.resources.values import ids
from etalon.vendors.planfix.binding import task, teams
from etalon.vendors.planfix.judging.rules import difference, refusal

if TYPE_CHECKING:
    from etalon.judging.evidence import Change
    from etalon.judging.verdicts import Finding

ADDED, DELETED, IGNORED, REFUSED, OTHER = "added", "deleted", "ignored", "refused", "other"


def applied(step: Change, team: str) -> Finding | bool | None:
    """Workers afterwards are those of before, with the added and without the deleted ones."""
    if not step.patch.touches(team):
        return None  # the update says nothing about them
    if set(step.patch.adds.get(team, ())) & set(step.patch.removes.get(team, ())):
        return None  # an id is added and deleted at once, to which the page gives no meaning
    if not step.accepted:
        others = set(step.patch.removes.get(team, ())) - set(_had(step, team))
        return (
            None if others else refusal(task().member(team), step)
        )  # whether non-workers may be deleted is left open
    if step.before is None or step.after is None or team not in step.expected:
        return None  # the task cannot be read
    wanted, got = step.expected[team], step.after.members.get(team)
    if wanted == got:
        return True
    return difference(team, step, wanted, got, Message("workers-not-updated", member=team))


def added(step: Change, team: str) -> Finding | bool | None:
    """Those who are added are workers afterwards."""
    if not step.patch.adds.get(team) or step.patch.removes.get(team):
        return None  # nobody is added, or others are deleted at once, which is another requirement's
    return applied(step, team)


def deleted(step: Change, team: str) -> Finding | bool | None:
    """Those who are deleted are workers no more, and the others stay."""
    gone, had = step.patch.removes.get(team, ()), _had(step, team)
    if not gone or step.patch.adds.get(team) or not set(gone) & set(had):
        return None  # nobody is deleted who was there, or others are added at once
    return applied(step, team)


def added_and_deleted(step: Change) -> Finding | bool | None:
    """An update that adds some users and deletes others does both."""
    if not step.patch.adds.get("users") or not step.patch.removes.get("users"):
        return None  # it does only one of the two
    return applied(step, "users")


def users_and_groups(step: Change) -> Finding | bool | None:
    """An update that adds users and groups does both."""
    if not step.patch.adds.get("users") or not step.patch.adds.get("groups"):
        return None  # it adds only one of the two
    for team in teams():
        outcome = applied(step, team)
        if outcome is not True:
            return outcome
    return True


def union(step: Change) -> Finding | bool | None:
    """Adding keeps those who are there."""
    if not step.accepted or step.after is None:
        return None  # nothing was added, or nothing can be seen
    judged = None
    for team in teams():
        had, has = _had(step, team), _has(step, team)
        if not step.patch.adds.get(team) or step.patch.removes.get(team) or not had:
            continue
        if not set(had) <= set(has):
            return difference(
                team, step, step.expected.get(team), has, Message("workers-lost-by-addition", member=team)
            )
        judged = True
    return judged


def added_again(step: Change) -> Finding | bool | None:
    """Adding who is there already changes nothing for them, and lists nobody twice."""
    if not step.accepted or step.after is None:
        return None  # nothing was added, or nothing can be seen
    judged = None
    for team in teams():
        again = set(step.patch.adds.get(team, ())) & set(_had(step, team))
        again -= set(step.patch.removes.get(team, ()))
        has = _has(step, team)
        if any(has.count(one) != 1 for one in again):
            return difference(
                team, step, step.expected.get(team), has, Message("workers-not-once", member=team)
            )
        judged = True if again else judged
    return judged


def in_any_order(step: Change) -> Finding | bool | None:
    """The order of the ids in a list does not matter: all who are added are there, whatever it is."""
    if not step.accepted or step.after is None:
        return None  # nothing was added, or nothing can be seen
    for team, added in step.patch.adds.items():
        if list(added) == sorted(added) or set(added) & set(step.patch.removes.get(team, ())):
            continue  # they stand in the order of their numbers, or some are deleted at once
        has = _has(step, team)
        if not set(added) <= set(has):
            told = Message("workers-of-unsorted-list", member=team)
            return difference(team, step, step.expected.get(team), has, told)
        return True
    return None


def restored(pair: tuple[Change, Change]) -> Finding | bool | None:
    """Those who are added and deleted again leave the workers as they were before."""
    first, last = pair
    if not first.accepted or not last.accepted or first.before is None or last.after is None:
        return None  # one of the two was not made, or nothing can be seen
    for team in teams():
        new = set(first.patch.adds.get(team, ())) - set(_had(first, team))
        if not new or first.patch.removes.get(team) or last.patch.adds.get(team):
            continue  # nobody new is added, or others come and go at once
        if set(last.patch.removes.get(team, ())) != new or _has(first, team) != _had(last, team):
            continue  # others are deleted, or something came in between
        had, has = _had(first, team), _has(last, team)
        if had != has:
            return difference(team, last, had, has, Message("workers-not-restored", member=team))
        return True
    return None


def others_stay(step: Change, changed: str, other: str) -> Finding | bool | None:
    """Changing users leaves groups alone, and the other way round."""
    if not step.accepted or not step.patch.touches(changed) or step.patch.touches(other):
        return None  # it does not change the ones, or it changes both
    if step.before is None or step.after is None or not _had(step, other):
        return None  # the task cannot be read, or there was nobody to lose
    had, has = _had(step, other), _has(step, other)
    if had == has:
        return True
    return difference(other, step, had, has, Message("changed-beside", member=other, changed=changed))


def non_worker_deleted(step: Change) -> str | None:
    """What becomes of deleting a user who is no worker.

    Returns:
        `ignored`, `refused` or `other`; None where the step does no such thing.
    """
    gone, had = step.patch.removes.get("users", ()), _had(step, "users")
    if not gone or set(gone) & set(had) or step.patch.adds or step.before is None:
        return None  # one of them is a worker, or somebody is added at once
    if not step.accepted:
        return REFUSED
    if step.after is None:
        return None  # the task cannot be read
    return IGNORED if _has(step, "users") == had else OTHER


def added_and_deleted_at_once(step: Change) -> str | None:
    """What becomes of a user who is added and deleted in one update.

    Returns:
        `added`, `deleted` or `refused`; None where the step does no such thing.
    """
    both = set(step.patch.adds.get("users", ())) & set(step.patch.removes.get("users", ()))
    if not both:
        return None  # nobody is in both lists
    if not step.accepted:
        return REFUSED
    if step.after is None:
        return None  # the task cannot be read
    return ADDED if both <= set(_has(step, "users")) else DELETED


def _had(step: Change, team: str) -> tuple[int, ...]:
    return ids(step.before.members.get(team)) if step.before else ()


def _has(step: Change, team: str) -> tuple[int, ...]:
    return ids(step.after.members.get(team)) if step.after else ()
