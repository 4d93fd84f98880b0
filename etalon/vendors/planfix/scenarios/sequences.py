"""Planned sequences on a PlanFix portal: followed step by step, made smaller where they show something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.generation.sequences import smallest_plan
from etalon.generation.shrinking import Attempts
from etalon.judging.evidence import Change
from etalon.judging.sequences import Model, Step, contradiction
from etalon.judging.verdicts import Finding, Inconclusive
from etalon.vendors.planfix.binding import task
from etalon.vendors.planfix.generation.sequences import Creation, PlannedChange, is_possible
from etalon.vendors.planfix.judging.evidence import change_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from etalon.portals.exchange import Exchange
    from etalon.vendors.planfix.generation.sequences import PlannedStep
    from etalon.vendors.planfix.scenarios.driver import PlanFixDriver

_SHARES = 3


@dataclass(frozen=True, slots=True)
class Course:
    """A plan and how it went.

    Attributes:
        existing: ids of the tasks that were there before; the plan's own are made anew each time.
    """

    plan: tuple[PlannedStep, ...]
    taken: tuple[Step, ...]
    existing: tuple[int, ...] = ()


def follow(
    driver: PlanFixDriver, plan: Sequence[PlannedStep], existing: Sequence[int], *, sparing: bool
) -> Course:
    """Send the steps of a plan.

    Args:
        driver: where.
        plan: what.
        existing: ids of the tasks that are there, in the order of their numbers.
        sparing: whether tasks are read only at the end. Otherwise each is read after each of its updates, and
            these count as evidence of single updates, too.
    """
    ids: dict[int, int] = dict(enumerate(existing))
    taken: list[Step] = []
    for number in sorted({step.task for step in plan if isinstance(step, PlannedChange)} & set(ids)):
        latest = driver.latest(ids[number])
        if latest:
            taken.append(Step(number, latest.exchange, reading=latest))
    changed_since: set[int] = set()
    for step in plan:
        if isinstance(step, Creation):
            ids[step.task] = driver.create(labelled=True)
            origin, first = driver.traces.origin(ids[step.task]), driver.latest(ids[step.task])
            taken += [_created(step.task, origin)] if origin else []
            taken += [Step(step.task, first.exchange, reading=first)] if first else []
            continue
        subject, request = ids[step.task], step.bound(_by_place(ids), driver.client.transport.mark)
        changed_since |= set(ids) - {step.task}
        if sparing:
            sent = driver.client.update_task(subject, request)
            taken.append(Step(step.task, sent, change_of(sent, None, None)))
            changed_since.add(step.task)
            continue
        done = driver.update(subject, request)
        taken.append(Step(step.task, done.exchange, done))
        if done.after:
            taken.append(Step(step.task, done.after.exchange, reading=done.after))
        changed_since.discard(step.task)
    touched = {one.task for one in taken}
    for number in sorted(changed_since & touched):
        taken += _read(driver, number, ids[number])
    return Course(tuple(plan), tuple(taken), tuple(existing))


def shortener(driver: PlanFixDriver, known: frozenset[str]) -> Callable[[Course, Finding], Finding]:
    """A shrinker: the fewest steps that still show a contradiction of the same member.

    Args:
        driver: where smaller plans are tried; those with creations on tasks of their own.
        known: members that the portal gets wrong in single updates already.
    """

    def shrink(course: Course, finding: Finding) -> Finding:
        smallest = [finding]

        def fails(part: Sequence[PlannedStep]) -> bool:
            try:
                again = follow(driver, part, course.existing, sparing=True)
            except Inconclusive:
                return False  # the portal makes no more tasks
            outcome = contradiction(again.taken, Model(task(), known))
            if not isinstance(outcome, Finding) or outcome.member != finding.member:
                return False
            smallest.append(outcome)
            return True

        sent = sum(step.exchange.operation != "task.get" for step in finding.steps)
        smallest_plan(
            course.plan[:sent],
            lambda part: is_possible(part, len(course.existing)),
            fails,
            _Allowance(driver, _SHARES * driver.profile.shrinking),
        )
        return smallest[-1]

    return shrink


class _Allowance(Attempts):
    """Attempts that may be made as long as they have not cost a number of requests."""

    def __init__(self, driver: PlanFixDriver, requests: int) -> None:
        granted = min(requests, driver.budget)
        super().__init__(granted)
        driver.budget -= granted
        self._lab = driver
        self._until = driver.client.transport.spent + granted

    def spend(self) -> bool:
        return self._lab.client.transport.spent < self._until


def _created(number: int, origin: Exchange) -> Step:
    # What a creation sends is bound to no member, so a model begins with the first read.
    return Step(number, origin, Change(origin, creates=True, accepted=True))


def _read(driver: PlanFixDriver, number: int, subject: int) -> list[Step]:
    now = driver.reread(subject)
    return [Step(number, now.exchange, reading=now)] if now else []


def _by_place(ids: dict[int, int]) -> list[int]:
    """Ids by number; a number without a task has none, and no step names it."""
    return [ids.get(number, 0) for number in range(max(ids, default=-1) + 1)]
