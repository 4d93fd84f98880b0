"""The scenarios of the R7 suite: each sends its traffic once per target, and many checks judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from etalon.generation.drawing import draw
from etalon.generation.json_bodies import body_strategy, load_spec
from etalon.generation.narrowing import narrowed
from etalon.generation.text import NASTY, SHORT, boundary_text, packed_shortly, packed_text
from etalon.judging.rules import left_alone
from etalon.judging.verdicts import Inconclusive
from etalon.messages import Message
from etalon.scenarios.scenario import scenario
from etalon.shipped import contract, spec
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.binding import task
from etalon.vendors.r7.client import R7Client
from etalon.vendors.r7.judging.evidence import change_of, reading
from etalon.vendors.r7.judging.situations import treats_all_alike
from etalon.vendors.r7.scenarios.driver import LAST_LOOKS, R7Driver
from etalon.vendors.r7.scenarios.planned import alone_of, carry_out, plan_of
from etalon.vendors.r7.scenarios.situations import (
    MANDATORY,
    as_empty,
    as_null,
    entity_apart,
    left_out,
    left_out_alone,
)
from etalon.vendors.r7.scenarios.stage import R7Stage
from etalon.vendors.r7.scenarios.unusual_values import WITH_DASHES, packed_unusual_values
from etalon.vendors.r7.traces import Traces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from etalon.generation.calendar import Calendar
    from etalon.judging.evidence import Change
    from etalon.portals.transport import Transport
    from etalon.profiles import Profile
    from etalon.session import TargetRun
    from etalon.vendors.r7.scenarios.planned import Row

CREATE, UPDATE = "createTask", "updateTask"
# Of the updates that a profile explores: R7 plans so many others that fewer drawn ones will do.
_OF_R7 = 0.6
_LENGTHS = ((256, 10_000), (256, 5000), (255, 1000), (128, 255))
_EMPTIED_IN_FEW = ("description", "alertvalue")


@scenario()
def document() -> Mapping[str, Any]:
    """The spec of R7's task operations."""
    return load_spec(spec("r7", "openapi.yaml"))


@pytest.fixture(scope="session")
def driver(
    document: Mapping[str, Any],
    target_run: TargetRun,
    transport: Transport,
    profile: Profile,
    calendar: Calendar,
) -> Iterator[R7Driver]:
    """The portal, logged in to; what the run made on it is removed at the end."""
    client = R7Client(target_run.target, transport, target_run.redactor)
    client.log_in()
    known = client.discover()
    dialect = contract("r7").dialects[target_run.target.dialect]
    driver = R7Driver(
        client=client,
        traces=Traces(client),
        resource=task(),
        known=known,
        document=narrowed(document, known, calendar=calendar),
        must_carry=frozenset(dialect.traits.get("update-must-carry", ())),
        odd_moments=frozenset(dialect.traits.get("odd-moments", ())),
        profile=profile,
        run=target_run,
        calendar=calendar,
    )
    yield driver
    try:
        target_run.prove(R7Stage(client, driver.must_carry), driver.for_proofs)
    finally:
        _clean_up(client, target_run)


def _clean_up(client: R7Client, target_run: TargetRun) -> None:
    try:
        client.scratch.clean_up()
    finally:
        target_run.parted_with(client.scratch)


@scenario()
def neighbour(driver: R7Driver) -> int:
    """A task that no check ever changes; it can be found by the mark of this suite."""
    driver.client.transport.reserve(LAST_LOOKS)
    return driver.scratch(title=driver.marked("etalon neighbour"))


@scenario()
def created(driver: R7Driver, neighbour: int) -> Change:
    """A creation with every member and a description that troubles portals, and its read."""
    if driver.thorough and driver.traces.reads:
        # A portal may remember that there was no such task. The guard may not: somebody else may get the id.
        driver.client.call("getTask", "GET", f"/crm/task/{neighbour + 1}")
    body = driver.body(CREATE)
    made = driver.create(
        body | {"description": packed_text(mark=driver.mark)} if "description" in body else body
    )
    if not made.accepted:
        made = driver.create()
    if not driver.shown(made):
        made = driver.create()
    if not made.accepted:
        raise Inconclusive(Message("full-creation-refused", status=made.exchange.response.status))
    return made


@scenario()
def creations(driver: R7Driver, created: Change) -> Sequence[Change]:
    """The creations with every member."""
    return [made for made in driver.changes[: driver.changes.index(created) + 1] if made.creates]


@scenario()
def created_plainly(driver: R7Driver, updated: Change) -> Change:
    """A creation with nothing but the members that the page does not call optional.

    It is a namesake of the task that updates are tried on, in the same category: it must be one of its own,
    and an update must not reach it by the title.
    """
    optional = [member.name for member in driver.members if member.name not in MANDATORY]
    body = driver.without(driver.body(CREATE), CREATE, *optional)
    body.pop("isNotify", None)
    [made_with], [updated_with] = (driver.member("category").parameters(one) for one in (CREATE, UPDATE))
    return driver.create(
        body | {"title": updated.body["title"], made_with: updated.body.get(updated_with, body[made_with])}
    )


@scenario()
def subject(driver: R7Driver, created: Change) -> int:
    """The scratch task that updates are tried on."""
    return driver.require_own(created)


@scenario(
    after=["nasty"]
)  # it tells most for its requests, so it goes first; this one sets the task right again
def updated(driver: R7Driver, subject: int) -> Change:
    """An update of every member at once, plainly."""
    return driver.updated_fully(subject)


@scenario(after=["updated"])
def spare(driver: R7Driver) -> int:
    """A task for what might cost its life, or close it."""
    return driver.scratch()


@scenario()
def updated_again(driver: R7Driver, subject: int, updated: Change) -> Change:
    """The same update once more."""
    return driver.update(subject, updated.body)


@scenario(after=["updated_again"])  # which starts from the full state
def omissions(driver: R7Driver, subject: int, created_plainly: Change) -> Sequence[Change]:
    """Updates that leave members out: half of them at once, and one at a time where these tell no one story.

    Where the title is sent, it is that of another task, which must not be reached by it; it is left out
    last, of a task that has a namesake then.
    """
    common = {"title": created_plainly.body["title"]} | driver.another_responsible(created_plainly)
    packed = left_out(driver, subject, common)
    if not driver.thorough:
        return packed
    if treats_all_alike(driver.members, packed):
        return [*packed, left_out_alone(driver, subject, "isnotify", common)]
    names = sorted((member.name for member in driver.members), key=lambda name: name == "title")
    return [*packed, *(left_out_alone(driver, subject, name, common) for name in (*names, "isnotify"))]


@scenario(after=["omissions"])
def planned(driver: R7Driver, subject: int, profile: Profile, seed: int) -> Sequence[Row]:
    """Updates of all members with awkward values, each followed by a lone member; none in few requests."""
    plan = plan_of(driver, profile.planned, seed)
    rows = carry_out(driver, subject, plan)
    if rows:
        driver.run.carried_out(plan, [row.chosen for row in rows])
    return rows


@scenario()
def alone(planned: Sequence[Row]) -> Mapping[str, Change]:
    """For each member, an update that sends nothing else; none where requests are few."""
    return alone_of(planned)


@scenario(after=["restored"])
def closed(driver: R7Driver, request: pytest.FixtureRequest) -> Sequence[Change]:
    """Updates of a closed task: of all members, and of a member that leaves the others alone.

    None where requests are few, or the portal closes no tasks.
    """
    if not driver.thorough or not driver.traces.reads:
        return []
    subject = driver.living(request.getfixturevalue("spare"))  # whoever has no token may have deleted it
    driver.client.close_task(subject)
    before = driver.reread(subject)
    if before is None or before.card.get("isClosed") is not True:
        return []
    whole = driver.update(subject, driver.troubled(UPDATE, subject))
    if not whole.accepted or not driver.keeps_unsent():
        return [whole]
    return [whole, driver.update(subject, driver.only(driver.body(UPDATE), "description"))]


@scenario(after=["alone"])
def with_managed(driver: R7Driver, subject: int, neighbour: int) -> Sequence[Change]:
    """Updates with members that the page does not list; none where requests are few.

    Each stands first, in the middle or last; the names are ASCII or Cyrillic, or those of members that only
    answers have: the id of another task, another author.
    """
    if not driver.thorough:
        return []
    first = driver.first_read(subject)
    author = {"id": next((one for one in driver.known["responsibles"] if one != driver.client.caller), "")}
    made = []
    for place, extra in enumerate(
        (
            {"etalonUnknown": "etalon", "id": driver.client.task_at(neighbour)},
            {"цвет": "красный", "createBy": author, "created": first.card.get("created") if first else None},
        )
    ):
        whole = driver.troubled(UPDATE, subject)
        names = list(whole)
        cut = len(names) // 2 * place
        body = {name: whole[name] for name in names[:cut]} | extra
        made.append(driver.attempt(subject, body | {name: whole[name] for name in names[cut:]}))
    return made


@scenario(after=["with_managed"])
def nothing(driver: R7Driver, subject: int) -> Sequence[Change]:
    """An update without any member; none where requests are few."""
    return [driver.attempt(subject, {})] if driver.thorough else []


@scenario(after=["alone"])
def restored(driver: R7Driver, subject: int, updated: Change) -> Sequence[Change]:
    """The first full update once more, and one that changes its title by the case of the letters alone.

    What was sent before has to be done again; what differs that little differs all the same.
    """
    if not driver.thorough:
        return []
    recased = {"title": str(updated.body["title"]).swapcase()}
    return [driver.update(subject, updated.body), driver.update(subject, driver.body(UPDATE) | recased)]


@scenario()
def treatment(driver: R7Driver, omissions: Sequence[Change]) -> Mapping[str, str]:
    """What an update was seen to do with each member that it does not send: keep, reset or reject."""
    seen: dict[str, str] = {}
    for member in driver.members:
        others = [other for other in driver.members if other is not member and driver.can_send(other)]
        for made in omissions:
            behaviour = left_alone(member, others, made)
            if isinstance(behaviour, str):
                seen.setdefault(member.name, behaviour)
    return seen


@scenario()
def refused_without(driver: R7Driver, omissions: Sequence[Change]) -> frozenset[str]:
    """The members without which the portal refuses an update."""
    names = [*(member.name for member in driver.members), "isnotify"]
    return frozenset(
        name for name in names for made in omissions if driver.alone_missing(name, made) and not made.accepted
    )


@scenario(after=["alone"])
def nulls(driver: R7Driver, subject: int, refused_without: frozenset[str]) -> Mapping[str, Change]:
    """For each member, an update that sends it as null."""
    return as_null(driver, subject, refused_without)


@scenario(after=["alone"])
def unusual_values(driver: R7Driver, subject: int) -> Mapping[str, Change]:
    """Spelling of a deadline → the update that has it, and more that is odd."""
    return packed_unusual_values(driver, subject, _EMPTIED_IN_FEW)


@scenario()
def empties(
    driver: R7Driver, subject: int, unusual_values: Mapping[str, Change], refused_without: frozenset[str]
) -> Mapping[str, Change]:
    """For each member, an update that sends it empty; where requests are few, for the plainest two."""
    if driver.thorough:
        return as_empty(driver, subject, refused_without)
    packed = unusual_values[WITH_DASHES]
    if packed.accepted:
        return dict.fromkeys(_EMPTIED_IN_FEW, packed)
    return as_empty(driver, subject, refused_without, _EMPTIED_IN_FEW)


@scenario(after=["alone"])
def half_entities(driver: R7Driver, subject: int) -> Mapping[tuple[str, str], Change]:
    """(part of the linked entity, situation) → an update that treats the one part so, the other plainly.

    None where requests are few.
    """
    return entity_apart(driver, subject) if driver.thorough else {}


@scenario(after=["alone"])
def explored(driver: R7Driver, subject: int, profile: Profile, seed: int) -> Sequence[Change]:
    """Updates of any members with any values, as Schemathesis draws them, where requests are many."""
    if not profile.exhaustive:
        return []
    required = [
        parameter for name in driver.must_carry for parameter in driver.member(name).parameters(UPDATE)
    ]
    strategy = body_strategy(driver.document, UPDATE, required=required)
    bodies = [body for body in draw(strategy, int(profile.explored * _OF_R7), seed) if body]
    return [driver.update(subject, _recognisable(driver, body)) for body in bodies]


def _recognisable(driver: R7Driver, body: Mapping[str, Any]) -> dict[str, Any]:
    """A drawn update after which a read still shows whose the task is.

    A description gets the run's mark; where none is sent, and one may be lost, the title gets it.
    """
    name = "description" if isinstance(body.get("description"), str) else "title"
    text = body.get(name)
    if not isinstance(text, str):
        return dict(body)
    marked = f"{driver.mark}|{text}"
    return {**body, name: marked if name == "description" else marked[: max(len(text), len(driver.mark))]}


@scenario()
def plain_updates(
    updated: Change,
    updated_again: Change,
    omissions: Sequence[Change],
    restored: Sequence[Change],
) -> Sequence[Change]:
    """Updates of all members and of some, with texts that trouble nothing."""
    return [updated, updated_again, *omissions, *restored]


@scenario()
def all_updates(
    plain_updates: Sequence[Change],
    planned: Sequence[Row],
    explored: Sequence[Change],
    *,
    closed: Sequence[Change],
    with_managed: Sequence[Change],
    nothing: Sequence[Change],
    half_entities: Mapping[tuple[str, str], Change],
    driver: R7Driver,
    request: pytest.FixtureRequest,
) -> Sequence[Change]:
    """The plain updates, those that were planned or drawn at random, and those of tasks in odd states."""
    rows = [made for row in planned for made in row.changes]
    # One update may send several members empty, and is what came of each. Few requests may try none.
    instead = [request.getfixturevalue(name) for name in ("nulls", "empties") if driver.thorough]
    lacking = {id(made): made for tried in instead for made in tried.values()}
    return [
        *plain_updates,
        *rows,
        *half_entities.values(),
        *lacking.values(),
        *driver.filled,
        *closed,
        *with_managed,
        *nothing,
        *explored,
    ]


@scenario()
def many_updates(all_updates: Sequence[Change], nasty: Change) -> Sequence[Change]:
    """All of these, and the one with the texts that trouble portals."""
    return [*all_updates, nasty]


@scenario()
def nasty(driver: R7Driver, subject: int) -> Change:
    """Every member at once, the texts packed with all that is known to break portals."""
    texts = {"title": packed_text(250, driver.mark), "description": packed_text(mark=driver.mark)}

    def packed() -> Change:
        return driver.update(subject, driver.body(UPDATE, lambda member, _: texts[member]))

    made = packed()
    # What the portal refuses may not be the texts.
    if not made.accepted:
        driver.updated_fully(subject)
    return packed() if UPDATE in driver.omitted else made


@scenario()
def nasty_texts(driver: R7Driver, subject: int, nasty: Change) -> Sequence[Change]:
    """The packed update; where it is refused, updates with short texts, since it may be too long alone."""
    if nasty.accepted:
        return [nasty]
    short = packed_shortly([atom.text for atom in NASTY], SHORT, driver.mark)
    texts = [{"title": text, "description": text} for text in short]
    return [nasty, *(driver.update(subject, driver.body(UPDATE) | text) for text in texts)]


@scenario()
def long_texts(driver: R7Driver, subject: int) -> Sequence[Change]:
    """An update with texts of the lengths at which columns end; with shorter ones where it is refused."""
    driver.wait_for_age(subject)
    made: list[Change] = []
    for title, description in _LENGTHS if driver.thorough else _LENGTHS[1:2]:
        texts = {
            "title": boundary_text(title, driver.mark),
            "description": boundary_text(description, driver.mark),
        }
        made.append(driver.update(subject, driver.body(UPDATE) | texts))
        if made[-1].accepted:
            break
    return made


@scenario(after=["unknown_id_update"])
def wrapped_id_update(driver: R7Driver, subject: int) -> Change | None:
    """An update of the id that 32 bits could take for that of the task; None where requests are few."""
    if not driver.thorough:
        return None
    wrapped = driver.client.task_at(subject) + 2**32
    if wrapped <= driver.client.transport.guard.ownership.beyond or not driver.traces.reads:
        return None
    body = driver.body(UPDATE)
    read = driver.client.read_task(wrapped)
    if reading(read) is not None:
        return None  # it shows a task under that id, which a law on all traffic judges
    answer = driver.client.update_task(wrapped, body)
    driver.retire(task_id(answer) or wrapped if answer.response.ok else wrapped)
    return change_of(body, answer)


@scenario(after=["subject"])  # ids only grow, and this is the newest that updates are tried on
def unknown_id_update(driver: R7Driver) -> Change:
    """An update of an id that no task has, and what is read under that id afterwards."""
    missing = driver.client.transport.guard.ownership.beyond
    body = driver.body(UPDATE)
    answer = driver.client.update_task(missing, body)
    # A task that came of it under another id is read there, and is needed no more.
    answered = task_id(answer) if answer.response.ok else None
    made = change_of(body, answer, None, reading(driver.traces.read(answered or missing)))
    driver.retire(answered or missing)
    return made
