"""The scenes of the R7 suite: each sends its traffic once per target, and many checks judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.generation.drawing import draw
from etalon.generation.json_bodies import body_strategy, load_spec
from etalon.generation.narrowing import narrowed
from etalon.generation.text import NASTY, SHORT, boundary_text, packed_shortly, packed_text
from etalon.judging.r7.evidence import Change, change
from etalon.judging.r7.members import read_members
from etalon.judging.verdicts import Inconclusive, NotTestable
from etalon.labs.r7 import Lab
from etalon.portals.r7.bench import Bench
from etalon.portals.r7.client import R7Client, task_id
from etalon.resources import contract, spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from etalon.portals.transport import Transport
    from etalon.profiles import Profile
    from etalon.session import TargetRun

CREATE, UPDATE = "createTask", "updateTask"
_FAR_AWAY = 1_000_000  # from any id that is in use
# The members that the page on creation does not mark optional.
_MANDATORY = frozenset({"title", "deadline", "responsible", "category"})


@pytest.fixture(scope="session")
def document() -> Mapping[str, Any]:
    """The spec of R7's task operations."""
    return load_spec(spec("r7", "openapi.yaml"))


@pytest.fixture(scope="session")
def lab(
    document: Mapping[str, Any], target_run: TargetRun, transport: Transport, profile: Profile
) -> Iterator[Lab]:
    """The portal, logged in to; what the run made on it is removed at the end."""
    client = R7Client(target_run.target, transport, target_run.redactor)
    client.log_in()
    known = client.discover()
    dialect = contract("r7").dialects[target_run.target.dialect]
    yield Lab(
        client=client,
        bench=Bench(client),
        members=read_members(document),
        known=known,
        document=narrowed(document, known),
        must_carry=frozenset(dialect.traits.get("update-must-carry", ())),
        purse=8 * profile.shrinking,
        run=target_run,
    )
    try:
        client.scratch.clean_up()
    finally:
        target_run.left_behind = [str(task) for task in client.scratch.left_behind]


@pytest.fixture(scope="session")
def neighbour(lab: Lab) -> int:
    """A task that no check ever changes."""
    return lab.scratch()


@pytest.fixture(scope="session")
def created(lab: Lab, neighbour: int) -> Change:
    """A creation with every member, and its read."""
    del neighbour  # made first, so that it is there when this one is created
    made = lab.create()
    if not made.accepted:
        raise Inconclusive(f"a full creation is refused (HTTP {made.answer.response.status})")
    return made


@pytest.fixture(scope="session")
def created_plainly(lab: Lab, updated: Change) -> Change:
    """A creation with nothing but the members that the page does not call optional.

    It is a namesake of the task that updates are tried on: an update must not reach it by the title.
    """
    optional = [member.name for member in lab.members if member.name not in _MANDATORY]
    body = lab.without(lab.body(CREATE), CREATE, *optional)
    body.pop("isNotify", None)
    return lab.create(body | {"title": updated.body["title"]})


@pytest.fixture(scope="session")
def subject(lab: Lab, created: Change) -> int:
    """The scratch task that updates are tried on."""
    found = task_id(created.answer)
    if found is None:
        raise Inconclusive("the answer to a creation shows no id")
    if created.after is None and lab.bench.reads:
        raise NotTestable(f"GET task/{found} does not show the created task")
    return found


@pytest.fixture(scope="session")
def updated(lab: Lab, subject: int) -> Change:
    """An update of every member at once, plainly."""
    return lab.update(subject)


@pytest.fixture(scope="session")
def omissions(lab: Lab, subject: int, created_plainly: Change) -> Mapping[str, Change]:
    """For each member, an update that sends everything but that member.

    The title is left out last, and of a task that has a namesake then.
    """
    namesake = {"title": created_plainly.body["title"]}
    made = {}
    for member in sorted(lab.members, key=lambda member: member.name == "title"):
        body = lab.body_unlike(created_plainly) | namesake
        made[member.name] = lab.update(subject, lab.without(body, UPDATE, member.name))
    return made


@pytest.fixture(scope="session")
def solo(lab: Lab, subject: int, omissions: Mapping[str, Change], profile: Profile) -> Sequence[Change]:
    """For each member, an update that sends it alone; only where incomplete updates are taken and merge."""
    merges = all(
        made.accepted and (made.after is None or any(lab.member(name).read_from(made.after.task)))
        for name, made in omissions.items()
    )
    if not merges or not profile.thorough:
        return ()
    return [lab.update(subject, lab.only(lab.body(UPDATE), member.name)) for member in lab.members]


@pytest.fixture(scope="session")
def explored(lab: Lab, subject: int, solo: Sequence[Change], profile: Profile, seed: int) -> Sequence[Change]:
    """Updates of any members with any values, as Schemathesis draws them from the narrowed spec."""
    del solo
    required = [parameter for name in lab.must_carry for parameter in lab.member(name).parameters(UPDATE)]
    strategy = body_strategy(lab.document, UPDATE, required=required)
    bodies = [body for body in draw(strategy, profile.explored, seed) if body]
    return [lab.update(subject, body) for body in bodies]


@pytest.fixture(scope="session")
def plain_updates(
    updated: Change, omissions: Mapping[str, Change], solo: Sequence[Change]
) -> Sequence[Change]:
    """Updates of all members, of all but one and of one, with texts that trouble nothing."""
    return [updated, *omissions.values(), *solo]


@pytest.fixture(scope="session")
def all_updates(plain_updates: Sequence[Change], explored: Sequence[Change]) -> Sequence[Change]:
    """The plain updates, and those drawn at random."""
    return [*plain_updates, *explored]


@pytest.fixture(scope="session")
def nasty(lab: Lab, subject: int) -> Change:
    """Every member at once, the texts packed with all that is known to break portals."""
    texts = {"title": packed_text(250), "description": packed_text()}
    return lab.update(subject, lab.body(UPDATE, lambda member, _: texts[member]))


@pytest.fixture(scope="session")
def nasty_texts(lab: Lab, subject: int, nasty: Change, profile: Profile) -> Sequence[Change]:
    """The packed update, and updates with the troublesome texts that it could not carry.

    A portal may refuse the packed texts for their length alone; then all of them go in short ones.
    """
    missing = [atom.text for atom in NASTY if not nasty.accepted or atom.text not in nasty.body["title"]]
    if nasty.accepted and not profile.thorough:
        return [nasty]
    short = packed_shortly(missing, SHORT)
    texts = [{"title": text, "description": text} for text in short]
    return [nasty, *(lab.update(subject, lab.body(UPDATE) | text) for text in texts)]


@pytest.fixture(scope="session")
def long_texts(lab: Lab, subject: int, profile: Profile) -> Sequence[Change]:
    """Updates with titles and descriptions of the lengths at which columns and buffers end."""
    lengths = [(256, 5000)]
    if profile.thorough:
        lengths = [(80, 256), (100, 1000), (128, 4001), (255, 5000), (256, 255), (1000, 128)]
    made = []
    for title, description in lengths:
        texts = {"title": boundary_text(title), "description": boundary_text(description)}
        made.append(lab.update(subject, lab.body(UPDATE) | texts))
    return made


@pytest.fixture(scope="session")
def unknown_id_update(lab: Lab, subject: int) -> Change:
    """An update of an id that no task has."""
    missing = max(subject, *lab.client.scratch.ids) + _FAR_AWAY
    return change(lab.bench.update(missing, lab.body("updateTask")))
