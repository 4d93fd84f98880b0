"""The scenes of the PlanFix suite: each sends its traffic once per target, and many checks judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xmlschema import XMLSchema11

from etalon.generation.drawing import draw
from etalon.generation.planfix_updates import CHANGES, PAIRS, UNKNOWN_ID, drawn_updates, workers_to_add
from etalon.judging.planfix.evidence import Probe
from etalon.judging.verdicts import NotApplicable, NotTestable
from etalon.labs.planfix import Lab, Tasks
from etalon.portals.errors import MissingPrerequisiteError
from etalon.portals.planfix.bench import Bench
from etalon.portals.planfix.client import PlanFixClient
from etalon.resources import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from etalon.judging.planfix.evidence import Step, Watch
    from etalon.judging.planfix.values import Value
    from etalon.labs.planfix import Members
    from etalon.portals.planfix.requests import Content
    from etalon.portals.transport import Transport
    from etalon.profiles import Profile
    from etalon.session import TargetRun


@pytest.fixture(scope="session")
def lab(target_run: TargetRun, transport: Transport, profile: Profile) -> Iterator[Lab]:
    """The portal, logged in to; the tasks that the run made on it are labelled and listed at the end."""
    client = PlanFixClient(target_run.target, transport, target_run.redactor)
    client.log_in()
    yield Lab(client, Bench(client), client.discover(), profile, purse=8 * profile.shrinking)
    try:
        client.scratch.clean_up()
    finally:
        target_run.left_behind = [str(task) for task in client.scratch.left_behind]


@pytest.fixture(scope="session")
def tasks(lab: Lab, target_run: TargetRun) -> Iterator[Tasks]:
    """The tasks to work on: scratch tasks, or those of the config where the portal cannot create any."""
    if "task.add" in lab.client.target.lacks:
        lent = _lent_tasks(lab)
        yield lent
        kept = lab.put_back(lent.first[lent.subject])
        if kept:
            target_run.note(f"Task {lent.subject} could not be given back its former {', '.join(kept)}.")
        return
    parent, subject, neighbour = lab.create(), lab.create(), lab.create()
    lab.client.update_task(neighbour, _neighbourly(lab))
    readings = {task: lab.reread(task) for task in (parent, subject, neighbour)}
    if lab.bench.reads and readings[subject] is None:
        raise NotTestable(
            f"task.get does not show the task {subject} that was just created; "
            'declare lacks = ["task.get"] for a portal that cannot read tasks'
        )
    yield Tasks(subject, parent, neighbour, {task: one for task, one in readings.items() if one})


def _lent_tasks(lab: Lab) -> Tasks:
    """Tasks of the config: one to update, and another that is at once its neighbour and its parent."""
    known = [int(task) for task in lab.client.target.known.get("tasks", ())][:2]
    where = f"set targets.{lab.client.target.name}.known.tasks to two tasks that may be changed"
    if len(known) < 2:
        raise MissingPrerequisiteError(
            f"the target lacks task.add, so tasks to work on must be named: {where}."
        )
    if not lab.bench.reads:
        raise NotApplicable("without task.add and task.get, no task could be given back as it was")
    readings = {task: lab.reread(task) for task in known}
    first = {task: one for task, one in readings.items() if one}
    if len(first) < 2:
        raise NotTestable(f"task.get does not show the tasks {known[0]} and {known[1]}: {where}")
    # The parent must not stand below the task that it becomes the parent of.
    subject, other = reversed(known) if first[known[1]].members.get("parent") == known[0] else known
    return Tasks(subject, other, other, first)


def _neighbourly(lab: Lab) -> Members:
    """All that a careless portal could take from a task while it changes another."""
    members: dict[str, Content] = {
        "startTime": "03-02-2031 08:15",
        "periodicity": {"weekly": {"type": "EVERY", "shift": 1, "days": "2,4"}, "startDate": "04-02-2031"},
        "workers": workers_to_add(lab.known["users"][:2], lab.known["groups"][:1]),
    }
    for member, kind in (("project", "projects"), ("client", "clients")):
        if lab.known[kind]:
            members[member] = {"id": lab.known[kind][0]}
    return members


@pytest.fixture(scope="session")
def caller(tasks: Tasks) -> Value:
    """The id of the calling user: the owner of a task that was created without naming one."""
    first = tasks.first.get(tasks.subject)
    return first.members.get("owner") if first else None


@pytest.fixture(scope="session")
def everything(lab: Lab, tasks: Tasks) -> Step:
    """An update of every member at once, plainly; of fewer where the portal refuses that."""
    users, groups = lab.known["users"], lab.known["groups"]
    members: dict[str, Content] = {
        "title": lab.text(),
        "description": lab.text(),
        "importance": "HIGH",
        "status": "ACCEPTED",
        "checkResult": 1,
        "parent": {"id": tasks.parent},
        "startTime": "05-03-2031 09:37",
        "endTime": "07-11-2031 18:42",
        "workers": workers_to_add(users[:2], groups[:2]),
        "periodicity": {
            "daily": {"type": "EVERY", "shift": 3},
            "startDate": "06-03-2031",
            "endCondition": {"type": "BYCOUNT", "repeatCount": 5},
            "notify": {"type": 0, "day": 2},
        },
    }
    for member, kind in (("owner", "users"), ("project", "projects"), ("client", "clients")):
        chosen = lab.other(kind, lab.value(tasks.subject, member), 1)
        if chosen is not None:
            members[member] = {"id": chosen}
    step = lab.update(tasks.subject, members)
    for refused in ("status", "owner"):
        if step.accepted:
            return step
        members.pop(refused, None)
        step = lab.update(tasks.subject, members)
    if not step.accepted:
        for member, value in members.items():
            step = lab.update(tasks.subject, {member: value})
    return step


@pytest.fixture(scope="session")
def rounds(lab: Lab, tasks: Tasks, everything: Step) -> Sequence[Step]:
    """Updates of a few members each, which leave the others alone."""
    del everything  # every member has a value now
    subject, start = tasks.subject, len(lab.steps)

    def to(member: str, kind: str, place: int = 0) -> Members:
        chosen = lab.other(kind, lab.value(subject, member), place)
        return {} if chosen is None else {member: {"id": chosen}}

    plans: Sequence[Callable[[], Sequence[Members]]] = (
        lambda: (
            {"checkResult": 0},
            {"title": lab.text()},
            {"parent": {"id": 0}},
            {"startTime": "12-04-2031 10:51"},
        ),
        lambda: (
            {"importance": "HIGH"},
            {"description": lab.text()},
            {"client": {"id": 0}},
            to("owner", "users", 1),
        ),
        lambda: (to("project", "projects", 1), {"endTime": "09-10-2031 17:23"}),
        lambda: ({"parent": {"id": tasks.parent}}, {"status": "COMPLETED"}),
        lambda: (to("client", "clients", 1), {"importance": "AVERAGE"}, {"status": "ACCEPTED"}),
        lambda: ({"importance": "HIGH"},) if lab.profile.thorough else (),
    )
    for plan in plans:
        lab.packed(subject, [(str(number), part) for number, part in enumerate(plan())])
    return lab.steps[start:]


@pytest.fixture(scope="session")
def nothing(lab: Lab, tasks: Tasks, everything: Step) -> Step:
    """An update that names the task and nothing else."""
    del everything
    return lab.update(tasks.subject, {})


@pytest.fixture(scope="session")
def changes(lab: Lab, tasks: Tasks, rounds: Sequence[Step]) -> Mapping[str, Step]:
    """Changes of workers, periodicity, texts and dates; name of the change → the update that made it."""
    del rounds  # they leave these members alone, and need them as `everything` set them
    subject = tasks.subject
    made: dict[str, Step] = {}

    def workers(name: str) -> Members:
        users, groups = lab.ids(subject, "users"), lab.ids(subject, "groups")
        strangers = [one for one in lab.known["users"] if one not in users]
        idle = [one for one in lab.known["groups"] if one not in groups]
        plans: Mapping[str, Mapping[str, Sequence[int]]] = {
            "add-again": {"addUsers": [*users[:1], *strangers[:1]]},
            "delete-user": {"delUsers": users[:1]},
            "delete-group": {"delGroups": groups[:1]},
            "add-group": {"addGroups": idle[:1]},
            "swap": {"addUsers": strangers[:1], "delUsers": users[-1:]},
            "delete-stranger": {"delUsers": strangers[:1]},
            "add-and-delete-one": {"addUsers": strangers[:1], "delUsers": strangers[:1]},
        }
        lists: dict[str, Content] = {key: {"id": list(ids)} for key, ids in plans[name].items() if ids}
        return {"workers": lists} if len(lists) == len(plans[name]) else {}

    for pair in PAIRS:
        parts = [(name, CHANGES[name] if name in CHANGES else workers(name)) for name in pair]
        made |= lab.packed(subject, parts)
    return made


@pytest.fixture(scope="session")
def unknown_task(lab: Lab) -> Probe:
    """An update of a task that does not exist."""
    exchange = lab.client.update_task(UNKNOWN_ID, {"title": lab.text()})
    return Probe("UNKNOWN-ID", "there is no such task", exchange)


@pytest.fixture(scope="session")
def halfway(lab: Lab, tasks: Tasks, changes: Mapping[str, Step]) -> Sequence[Watch]:
    """The tasks that no update named, after the planned updates of the other."""
    del changes  # what must not have touched them
    return lab.watched(tasks)


@pytest.fixture(scope="session")
def explored(lab: Lab, tasks: Tasks, halfway: Sequence[Watch], profile: Profile, seed: int) -> Sequence[Step]:
    """Updates of any members with any values, drawn from the schema of task.update."""
    del halfway  # it reads the other tasks before chance may repeat what they have
    schema = XMLSchema11(str(spec("planfix", "task.update.request.xsd")))
    strategy = drawn_updates(schema, tasks.subject, tasks.parent, lab.known)
    return [lab.update(tasks.subject, request) for request in draw(strategy, profile.explored, seed)]


@pytest.fixture(scope="session")
def steps(
    lab: Lab, everything: Step, rounds: Sequence[Step], nothing: Step, explored: Sequence[Step]
) -> Sequence[Step]:
    """All updates of the scratch task, the plainest first."""
    del everything, rounds, nothing, explored
    return list(lab.steps)
