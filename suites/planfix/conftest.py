"""The scenarios of the PlanFix suite: each sends its traffic once per target, and many checks judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from xmlschema import XMLSchema11

from etalon.generation.spending import rounds
from etalon.generation.text import packed_text
from etalon.generation.unknown import UNKNOWN_ID
from etalon.judging.evidence import Change, Probe, Watch
from etalon.judging.verdicts import NotApplicable, NotTestable
from etalon.messages import Message
from etalon.portals.errors import MissingPrerequisiteError
from etalon.portals.ledger import lent_elsewhere
from etalon.scenarios.scenario import scenario
from etalon.shipped import spec
from etalon.vendors.planfix import binding
from etalon.vendors.planfix.client import PlanFixClient
from etalon.vendors.planfix.generation.sequences import MOST_TASKS, plans
from etalon.vendors.planfix.generation.updates import (
    FEWER_ROUNDS,
    ROUNDS,
    first_reminder,
    moment,
    planned_changes,
    workers_to_add,
)
from etalon.vendors.planfix.scenarios.documents import APART, each_form, hurried, packed_forms
from etalon.vendors.planfix.scenarios.driver import PlanFixDriver, Tasks
from etalon.vendors.planfix.scenarios.open import (
    emptied_members,
    listed_values,
    odd_updates,
    unknown_elements,
)
from etalon.vendors.planfix.scenarios.planned import carry_out, plan_of
from etalon.vendors.planfix.scenarios.refused import Refused, refuse
from etalon.vendors.planfix.scenarios.sequences import Course, follow
from etalon.vendors.planfix.scenarios.stage import PlanFixStage
from etalon.vendors.planfix.traces import Traces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from etalon.generation.calendar import Calendar
    from etalon.judging.together import Rush
    from etalon.portals.transport import Transport
    from etalon.profiles import Profile
    from etalon.resources.values import Value
    from etalon.session import TargetRun
    from etalon.vendors.planfix.judging.forms import InForm
    from etalon.vendors.planfix.requests import Content
    from etalon.vendors.planfix.scenarios.driver import Members

# Of the rows of a profile: each has two updates of one member here, and so shows more.
_OF_PLANFIX = 60
_LONGEST_SEQUENCE, _SHORT_SEQUENCE = 12, 5
# Each makes a few tasks, which nobody can remove.
_MOST_SEQUENCES = 12
# An update and a read for each step, and a read of each task before and after all of them.
_DEAREST_SEQUENCE = 2 * _LONGEST_SEQUENCE + 2 * MOST_TASKS


@pytest.fixture(scope="session")
def driver(
    target_run: TargetRun, transport: Transport, profile: Profile, calendar: Calendar
) -> Iterator[PlanFixDriver]:
    """The portal, logged in to; the tasks that the run made on it are labelled and listed at the end."""
    client = PlanFixClient(target_run.target, transport, target_run.redactor)
    client.log_in()
    known = client.discover()
    driver = PlanFixDriver(
        client=client,
        traces=Traces(client),
        resource=binding.task(),
        known=known,
        profile=profile,
        calendar=calendar,
    )
    yield driver
    try:
        target_run.prove(PlanFixStage(client), driver.for_proofs)
    finally:
        _clean_up(client, target_run)


def _clean_up(client: PlanFixClient, target_run: TargetRun) -> None:
    try:
        client.scratch.clean_up()
    finally:
        target_run.parted_with(client.scratch)


@pytest.fixture(scope="session")
def tasks(driver: PlanFixDriver, target_run: TargetRun, transport: Transport) -> Iterator[Tasks]:
    """The tasks to work on: scratch tasks, or those of the config where the portal cannot create any.

    In a profile of few requests, one task is neighbour and parent at once.
    """
    if "task.add" in driver.client.target.lacks:
        _require_not_lent_elsewhere(driver, target_run)
        lent = _lent_tasks(driver)
        ledger = target_run.ledger
        for task, first in lent.first.items():
            if ledger is not None:
                ledger.lent(task, first.exchange.response.body.decode(errors="replace"))
        yield lent
        for task, first in lent.first.items():
            put_back = driver.put_back(first, driver.history(first))
            done = Message("task-put-back", id=task)
            for sentence in put_back.sentences(task) or [done]:
                target_run.note(sentence)
            if ledger is not None and not put_back.unread:
                ledger.returned(task)
        return
    if not driver.traces.reads:
        raise NotApplicable(Message("lacks-task-get-so-nothing-owned"))
    # As it is read before any update, its text is one that portals may trip over.
    subject = driver.create(description=packed_text(mark=transport.mark))
    neighbour = driver.create(labelled=True, besides=_made_neighbourly(driver))
    parent = driver.create(labelled=True) if driver.thorough else neighbour
    if driver.thorough:
        driver.client.update_task(neighbour, _neighbourly(driver))
        driver.reread(neighbour)
    readings = {task: driver.latest(task) for task in (subject, neighbour, parent)}
    yield Tasks(subject, parent, neighbour, {task: one for task, one in readings.items() if one})


def _require_not_lent_elsewhere(driver: PlanFixDriver, target_run: TargetRun) -> None:
    """Another run must not take what this one writes for what the tasks held at first, nor the reverse."""
    if target_run.ledger is None:
        return
    target, path = driver.client.target, target_run.ledger.path
    taken = lent_elsewhere(path.parent, target, path)
    for task in driver.client.target.known.get("tasks", ()):
        if int(task) in taken:
            raise NotTestable(
                Message("task-lent-to-another-run", id=task, run=taken[int(task)], target=target.name)
            )


def _lent_tasks(driver: PlanFixDriver) -> Tasks:
    """Tasks of the config: one to update, and another that is at once its neighbour and its parent."""
    known = [int(task) for task in driver.client.target.known.get("tasks", ())][:2]
    where = Message("name-two-known-tasks", target=driver.client.target.name)
    if len(known) < 2:
        raise MissingPrerequisiteError(Message("lacks-task-add", where=where))
    if not driver.traces.reads:
        raise NotApplicable(Message("nothing-could-be-given-back"))
    readings = {task: driver.reread(task) for task in known}
    first = {task: one for task, one in readings.items() if one}
    if len(first) < 2:
        raise NotTestable(Message("task-get-shows-not-both", one=known[0], other=known[1], where=where))
    # The parent must not stand below the task that it becomes the parent of.
    subject, other = reversed(known) if first[known[1]].members.get("parent") == known[0] else known
    return Tasks(subject, other, other, first)


def _made_neighbourly(driver: PlanFixDriver) -> Members:
    """All that a careless portal could take from a task, as far as a creation can give it."""
    members: dict[str, Content] = {
        f"{member}": {"id": driver.known[f"{member}s"][0]}
        for member in ("project", "client")
        if driver.known[f"{member}s"]
    }
    teams = {"users": driver.known["users"][:2], "groups": driver.known["groups"][:1]}
    workers: dict[str, Content] = {team: {"id": list(ids)} for team, ids in teams.items() if ids}
    return {**members, "workers": workers} if workers else members


def _neighbourly(driver: PlanFixDriver) -> Members:
    """All that a careless portal could take from a task while it changes another."""
    members: dict[str, Content] = {
        "startTime": moment(driver.calendar.tuesday - timedelta(days=1), "08:15"),
        "periodicity": {
            "weekly": {"type": "EVERY", "shift": 1, "days": "2,4"},
            "startDate": moment(driver.calendar.tuesday),
        },
        "workers": workers_to_add(driver.known["users"][:2], driver.known["groups"][:1]),
    }
    for member, kind in (("project", "projects"), ("client", "clients")):
        if driver.known[kind]:
            members[member] = {"id": driver.known[kind][0]}
    return members


@scenario()
def caller(tasks: Tasks) -> Value:
    """The id of the calling user: the owner of a task that was created without naming one."""
    first = tasks.first.get(tasks.subject)
    return first.members.get("owner") if first else None


@scenario(after=["unknown_task"])  # how errors look tells much for its requests
def everything(driver: PlanFixDriver, tasks: Tasks) -> None:
    """An update of every member at once, plainly; of fewer where the portal refuses that."""
    users, groups = driver.known["users"], driver.known["groups"]
    members: dict[str, Content] = {
        "title": driver.text(),
        "description": driver.text(),
        "importance": "HIGH",
        "status": "ACCEPTED",
        "checkResult": 1,
        "parent": {"id": tasks.parent},
        "startTime": moment(driver.calendar.on(3, 5), "09:37"),
        "endTime": moment(driver.calendar.on(11, 7), "18:42"),
        "workers": workers_to_add(users[:2], groups[:2]),
        "periodicity": {
            "daily": {"type": "EVERY", "shift": 3},
            "startDate": first_reminder(driver.calendar),
            "endCondition": {"type": "BYCOUNT", "repeatCount": 300},
            "notify": {"type": 0, "day": 2},
        },
    }
    for member, kind in (("owner", "users"), ("project", "projects"), ("client", "clients")):
        chosen = driver.other(kind, driver.value(tasks.subject, member), 1)
        if chosen is not None:
            members[member] = {"id": chosen}
    driver.packed(tasks.subject, [(member, {member: value}) for member, value in members.items()])


@scenario(after=["everything"])  # every member has a value now
def changes(driver: PlanFixDriver, tasks: Tasks) -> Mapping[str, Change]:
    """Updates of some members each, which leave the others alone; name of the change → its update."""
    made: dict[str, Change] = {}
    for names in ROUNDS if driver.thorough else FEWER_ROUNDS:
        made |= driver.packed(tasks.subject, [(name, _change(driver, tasks, name)) for name in names])
    return made


def _change(driver: PlanFixDriver, tasks: Tasks, name: str) -> Members:
    """A change by its name; empty where too little is known for it."""
    planned = planned_changes(driver.calendar)
    if name in planned:
        return planned[name]
    member, _, again = name.partition("-")
    kinds = {"owner": "users", "project": "projects", "client": "clients"}
    if member == "parent":
        return {"parent": {"id": tasks.parent}}
    if member in kinds:
        place = 0 if again or member == "client" else 1
        chosen = driver.other(kinds[member], driver.value(tasks.subject, member), place)
        return {} if chosen is None else {member: {"id": chosen}}
    return _of_workers(driver, tasks.subject, name)


def _of_workers(driver: PlanFixDriver, subject: int, name: str) -> Members:
    users, groups = driver.ids(subject, "users"), driver.ids(subject, "groups")
    others = [one for one in driver.known["users"] if one not in users]
    idle = [one for one in driver.known["groups"] if one not in groups]
    plans: Mapping[str, Mapping[str, Sequence[int]]] = {
        "add-again": {"addUsers": sorted([*users[:1], *others[:2]], reverse=True)},
        "delete-added": {"delUsers": _last_added(driver) or users[:1]},
        "delete-group": {"delGroups": groups[:1]},
        "add-group": {"addGroups": idle[-1:]},
        "swap": {"addUsers": others[:1], "delUsers": users[-1:]},
        "delete-stranger": {"delUsers": others[:1]},
        "add-any": {"addUsers": others[:2][::-1]},
        "add-and-delete-one": {"addUsers": others[:1], "delUsers": others[:1]},
    }
    lists: dict[str, Content] = {key: {"id": list(ids)} for key, ids in plans[name].items() if ids}
    return {"workers": lists} if len(lists) == len(plans[name]) else {}


def _last_added(driver: PlanFixDriver) -> list[int]:
    """The users whom the latest addition made workers."""
    for step in reversed(driver.changes):
        had = step.before.members.get("users") if step.before else None
        if step.patch.adds.get("users") and isinstance(had, tuple):
            return sorted(set(step.patch.adds["users"]) - set(had))
    return []


@dataclass(frozen=True, slots=True)
class Listed:
    """Values that the pages list.

    Attributes:
        statuses: updates that sent a status by its name.
        by_number: one that sent it by its number.
    """

    statuses: Sequence[Change] = ()
    by_number: Change | None = None


@scenario(after=["changes"])  # the plainer updates go first
def listed(driver: PlanFixDriver, tasks: Tasks) -> Listed:
    """Every status and type of day that is listed; nothing in a profile of few requests."""
    return Listed(*listed_values(driver, tasks.subject)) if driver.thorough else Listed()


@dataclass(frozen=True, slots=True)
class Documents:
    """Texts in other forms of XML, and updates at the same time.

    Attributes:
        forms: name of the form, as requirement ids carry it → how a text arrived that was sent in it.
        rushes: updates at the same time.
    """

    forms: Mapping[str, InForm]
    rushes: Sequence[Rush]


@scenario(after=["listed"])  # members have their values by now, and single updates have been judged
def documents(driver: PlanFixDriver, tasks: Tasks) -> Documents:
    """Texts in other forms of XML, and updates at the same time; in few requests, between the same reads."""
    forms, rushes = packed_forms(driver, tasks.subject)
    if driver.thorough:
        forms = {**forms, **each_form(driver, tasks.subject, APART)}
        rushes = [*rushes, *hurried(driver, tasks.subject)]
    return Documents(forms, rushes)


@scenario()
def unknown_task(driver: PlanFixDriver) -> Probe:
    """An update of a task that does not exist."""
    unknown = max(UNKNOWN_ID, driver.client.transport.guard.ownership.beyond)
    exchange = driver.client.update_task(unknown, {"title": driver.text()})
    return Probe("UNKNOWN-ID", Message("no-such-task"), exchange)


@scenario(after=["documents"])  # the task has all its members by now
def refused(driver: PlanFixDriver, tasks: Tasks, unknown_task: Probe) -> Refused:
    """Calls and updates that have to be refused, and the task around them."""
    return refuse(driver, tasks.subject, unknown=unknown_task)


@scenario()
def nothing(refused: Refused) -> Change:
    """An update that names the task and nothing else."""
    return refused.nothing


@scenario(after=["refused"])  # what must not have touched them
def halfway(driver: PlanFixDriver, tasks: Tasks) -> Sequence[Watch]:
    """The tasks that no update named, after the planned updates of the other."""
    return driver.watched(tasks)


@scenario(after=["halfway"])  # it reads the one above before anything is sent to it
def below(driver: PlanFixDriver, tasks: Tasks) -> Sequence[Watch]:
    """The task itself, while the one above it is updated; nothing where requests are few or tasks lent."""
    if not driver.thorough or "task.add" in driver.client.target.lacks:
        return ()
    return driver.watched_below(tasks)


@scenario(after=["below"])  # what packed changes show comes first
def planned(
    driver: PlanFixDriver, tasks: Tasks, target_run: TargetRun, profile: Profile, seed: int
) -> Sequence[Mapping[str, str]]:
    """Rows of the plan: awkward values of many members, then a lone member; none where requests are few."""
    plan = plan_of(driver, profile.planned * _OF_PLANFIX // 100, seed)
    rows = carry_out(driver, tasks, plan)
    if rows:
        target_run.carried_out(plan, rows)
    return rows


@scenario(after=["planned"])
def around(driver: PlanFixDriver, tasks: Tasks) -> None:
    """An update after another log-in of the same user, and a read of an id that 32 bits take for the task's.

    Nothing where requests are few.
    """
    if not driver.thorough:
        return
    driver.client.read_task(tasks.subject + 2**32)
    if driver.client.log_in_beside():
        driver.update(tasks.subject, {"title": driver.text(), "importance": "HIGH"})


@scenario(after=["around"])
def unknown(driver: PlanFixDriver, tasks: Tasks) -> Mapping[str, Change]:
    """Updates with elements that no page knows; nothing in a profile of few requests."""
    if not driver.thorough:
        return {}
    with driver.excusing():
        return unknown_elements(driver, tasks.subject)


@scenario(after=["unknown"])  # the other tasks are read before chance may change them
def courses(driver: PlanFixDriver, tasks: Tasks, profile: Profile, seed: int) -> Sequence[Course]:
    """Sequences of updates with any values, drawn from the request's schema; none where requests are few.

    Where it can, a run makes tasks of their own for them. Each is read after each of its updates.
    """
    if not profile.explored:
        return ()
    existing = (tasks.neighbour, tasks.subject) if "task.add" in driver.client.target.lacks else ()
    length = min(profile.explored, _LONGEST_SEQUENCE if profile.exhaustive else _SHORT_SEQUENCE)
    planned = plans(
        XMLSchema11(str(spec("planfix", "task.update.request.xsd"))),
        driver.known,
        driver.calendar,
        existing=len(existing),
        count=min(-(-profile.explored // _LONGEST_SEQUENCE), _MOST_SEQUENCES),
        length=length,
        seed=seed,
    )
    return [follow(driver, plan, existing, sparing=False) for plan in planned]


@scenario(after=["courses"])  # they begin with tasks that have nothing yet
def further(driver: PlanFixDriver, target_run: TargetRun, profile: Profile, seed: int) -> Iterable[Course]:
    """More such sequences, on a few tasks of their own, where a profile spends all requests that it may."""
    if not profile.exhaustive or "task.add" in target_run.target.lacks:
        return ()
    return _further(driver, profile, seed)


def _further(driver: PlanFixDriver, profile: Profile, seed: int) -> Iterator[Course]:
    schema = XMLSchema11(str(spec("planfix", "task.update.request.xsd")))
    existing = [driver.create(labelled=True) for _ in range(MOST_TASKS)]
    transport = driver.client.transport
    for number, most in rounds(transport, dearest=_DEAREST_SEQUENCE, held_back=profile.shrinking):
        planned = plans(
            schema,
            driver.known,
            driver.calendar,
            existing=len(existing),
            count=most,
            length=_LONGEST_SEQUENCE,
            seed=seed + number,
        )
        for plan in planned:
            yield follow(driver, plan, existing, sparing=False)


@scenario()
def finally_watched(
    driver: PlanFixDriver, tasks: Tasks, below: Sequence[Watch], courses: Sequence[Course]
) -> Sequence[Watch]:
    """The tasks that no update named, after the sequences on others; where these leave them alone."""
    if not courses or any(set(course.existing) & {tasks.neighbour, tasks.parent} for course in courses):
        return ()
    return driver.watched(tasks, parent=not below)  # for those below it, the parent has been updated


@scenario(after=["finally_watched"])  # all that is judged has been sent
def odd(driver: PlanFixDriver, tasks: Tasks, unknown: Mapping[str, Change]) -> Mapping[str, Change]:
    """Updates with something odd in each; nothing in a profile of few requests."""
    if not driver.thorough:
        return {}
    with driver.excusing():
        return {**odd_updates(driver, tasks.subject), **unknown}


@scenario(after=["odd"])  # it begins and ends with a task that has all its members
def emptied(driver: PlanFixDriver, tasks: Tasks) -> Mapping[str, Change]:
    """Members that are sent empty; nothing in a profile of few requests."""
    return emptied_members(driver, tasks.subject, tasks.parent) if driver.thorough else {}


@scenario(after=["changes", "refused", "planned", "courses"])
def steps(driver: PlanFixDriver) -> Sequence[Change]:
    """All updates between two reads, the plainest first."""
    return list(driver.changes)
