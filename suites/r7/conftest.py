"""The scenes of the R7 suite: each sends its traffic once per target, and many checks judge it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

import pytest

from etalon.generation.drawing import draw
from etalon.generation.json_bodies import body_strategy, load_spec
from etalon.generation.narrowing import narrowed
from etalon.generation.packing import packed_body, plain_text
from etalon.generation.shrinking import Trials, smallest_text
from etalon.generation.text import NASTY, SHORT, boundary_text, is_visible, packed_shortly, packed_text
from etalon.judging.r7.evidence import Change, Reading, change, reading
from etalon.judging.r7.members import Member, read_members
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable, NotTestable
from etalon.portals.r7.bench import Bench
from etalon.portals.r7.client import R7Client, task_id
from etalon.resources import contract, spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from etalon.portals.transport import Transport
    from etalon.profiles import Profile
    from etalon.session import TargetRun

CREATE, UPDATE = "createTask", "updateTask"
_FAR_AWAY = 1_000_000  # from any id that is in use
# What KNOWN ids a member needs so that an update can be seen to change it.
_NEEDS = {
    "responsible": ("responsibles",),
    "category": ("categories",),
    "contact": ("contacts",),
    "entity": ("opportunities", "cases"),
}


@dataclass
class Lab:
    """A portal with what is known of it, and the ways to make changes on it."""

    client: R7Client
    bench: Bench
    members: tuple[Member, ...]
    known: Mapping[str, Sequence[int | str]]
    document: Mapping[str, Any]
    must_carry: frozenset[str]
    shrinking: int
    run: TargetRun
    steps: int = 0
    changes: list[Change] = field(default_factory=list)
    made_at: dict[int, float] = field(default_factory=dict)

    def member(self, name: str) -> Member:
        """The member of that name."""
        return next(member for member in self.members if member.name == name)

    def body(self, operation: str, text: Callable[[str, int], str] = plain_text) -> dict[str, Any]:
        """The fullest body, every value other than in the one before."""
        self.steps += 1
        return packed_body(self.document, operation, self.steps, text)

    def without(self, body: Mapping[str, Any], operation: str, *names: str) -> dict[str, Any]:
        """A body without these members."""
        dropped = {parameter for name in names for parameter in self.member(name).parameters(operation)}
        return {name: value for name, value in body.items() if name not in dropped}

    def only(self, body: Mapping[str, Any], *names: str) -> dict[str, Any]:
        """An update with these members alone, and those that the dialect insists on."""
        others = [member.name for member in self.members if member.name not in {*names, *self.must_carry}]
        rest = self.without(body, UPDATE, *others)
        rest.pop("isNotify", None)
        return rest

    def create(self, body: Mapping[str, Any] | None = None) -> Change:
        """Create a scratch task and read it."""
        made = change(self.bench.create(self.body(CREATE) if body is None else body))
        self.changes.append(made)
        created = task_id(made.answer)
        if created is not None:
            self.made_at[created] = time.monotonic()
            self.run.placeholders[f"/task/{created}"] = "/task/$TASK_ID"
        return made

    def update(self, subject: int, body: Mapping[str, Any] | None = None) -> Change:
        """Update a scratch task and read it."""
        made = change(self.bench.update(subject, self.body(UPDATE) if body is None else body))
        self.changes.append(made)
        return made

    def scratch(self) -> int:
        """A new scratch task with every member set; its id.

        Raises:
            UnusableAnswerError: a page answers in the API's place.
            Inconclusive: the portal makes none.
            NotTestable: what it makes cannot be read.
        """
        made = self.create()
        created = task_id(made.answer)
        if not made.accepted or created is None:
            self.client.require_document(made.answer)
            raise Inconclusive(
                f"the portal creates no task from a full body (HTTP {made.answer.response.status})"
            )
        if made.after is None:
            raise NotTestable(
                f"GET task/{created} does not show the task that was just created "
                f'(HTTP {self.bench.latest(created).response.status}); declare lacks = ["task.read"] '
                "for a portal that cannot read tasks"
            )
        return created

    def first_read(self, task: int) -> Reading | None:
        """A task as it was first read."""
        return next(
            (
                made.after
                for made in self.changes
                if made.before is None and made.after and task_id(made.answer) == task
            ),
            None,
        )

    def age(self, task: int) -> float:
        """Seconds since the portal answered the creation of a task."""
        return time.monotonic() - self.made_at.get(task, 0.0)

    def reread(self, task: int) -> Reading | None:
        """A task as it is read now."""
        return reading(self.bench.read(task))

    def shows(self, member: Member) -> bool:
        """Whether any answer of the run had a place for the member."""
        seen = (part for made in self.changes for part in (made.echo, made.after) if part)
        return any(member.shown_in(part.task) for part in seen)

    def require_shown(self, member: Member) -> None:
        """Stop a check of a member that this portal does not show.

        Raises:
            NotTestable: no id is known that the member could be set to.
            NotApplicable: the page never promised to show it, and the portal does not.
        """
        wanted = _NEEDS.get(member.name, ())
        if wanted and not any(self.known.get(kind) for kind in wanted):
            if all(kind in self.client.target.lacks for kind in wanted):
                raise NotApplicable(f"the target is declared to lack {' and '.join(wanted)}")
            name = self.client.target.name
            raise NotTestable(
                f"no id is known for {member.name}: set targets.{name}.known.{wanted[0]}, or declare "
                f'lacks = ["{wanted[0]}"]'
            )
        if not member.promised and not self.shows(member):
            raise NotApplicable(
                f"the portal never shows {member.name}, and the page's sample answer does not promise it"
            )

    def require_alternative(self, member: Member) -> None:
        """Stop a check that has to change a member which can have one value only.

        Raises:
            NotTestable: a second id is missing.
        """
        wanted = _NEEDS.get(member.name, ())
        ids = [known for kind in wanted for known in self.known.get(kind, ())]
        if wanted and len(ids) == 1:
            raise NotTestable(
                f"only one id is known for {member.name}, so a change cannot be seen: "
                f"add a second to targets.{self.client.target.name}.known.{wanted[0]}"
            )

    def smaller(
        self, rule: Callable[[Change], Finding | bool | None]
    ) -> Callable[[Change, Finding], Finding]:
        """A shrinker: tries the member of the finding alone, on a fresh full state.

        Where the smaller update shows the same, its finding takes the place of the larger one.
        """

        def shrink(made: Change, finding: Finding) -> Finding:
            subject = made.answer.subject
            if subject is None or self.shrinking < 4:
                return finding
            alone = self.only(made.body, finding.member)
            if alone.keys() == made.body.keys():
                return finding
            self.update(subject)
            outcome = rule(self.update(subject, alone))
            return outcome if _same_kind(outcome, finding) else finding

        return shrink

    def smaller_text(
        self, name: str, rule: Callable[[Change], Finding | bool | None]
    ) -> Callable[[Change, Finding], Finding]:
        """A shrinker for texts: the shortest part of the text that still shows the finding."""

        def shrink(made: Change, finding: Finding) -> Finding:
            subject = made.answer.subject
            text = made.body.get(name)
            if subject is None or not isinstance(text, str):
                return finding
            smallest: dict[str, Finding] = {}

            def fails(candidate: str) -> bool:
                if not is_visible(candidate):
                    return False  # a blank title is another matter
                outcome = rule(self.update(subject, self.only({**made.body, name: candidate}, name)))
                if not _same_kind(outcome, finding):
                    return False
                smallest["finding"] = outcome
                return True

            smallest_text(text, fails, Trials(self.shrinking // 2))
            self.update(subject)  # what was stored of the texts must not trouble the next check
            return smallest.get("finding", finding)

        return shrink


def _same_kind(outcome: Finding | bool | None, finding: Finding) -> TypeGuard[Finding]:
    """Whether a smaller example breaks the rule in the same way."""
    return isinstance(outcome, Finding) and outcome.summary == finding.summary


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
        shrinking=profile.shrinking,
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
    optional = [m.name for m in lab.members if m.name not in {"title", "deadline", "responsible", "category"}]
    body = lab.without(lab.body(CREATE), CREATE, *optional)
    body.pop("isNotify", None)
    return lab.create(body | {"title": updated.body["title"]})


@pytest.fixture(scope="session")
def subject(created: Change) -> int:
    """The scratch task that updates are tried on."""
    found = task_id(created.answer)
    if found is None:
        raise Inconclusive("the answer to a creation shows no id")
    if created.after is None:
        raise NotTestable(f"GET task/{found} does not show the created task")
    return found


@pytest.fixture(scope="session")
def updated(lab: Lab, subject: int) -> Change:
    """An update of every member at once, plainly."""
    return lab.update(subject)


@pytest.fixture(scope="session")
def omissions(lab: Lab, subject: int, created_plainly: Change) -> Mapping[str, Change]:
    """For each member, an update that sends everything but that member.

    The title goes first, while the task still has a namesake.
    """
    del created_plainly
    made = {}
    for member in lab.members:
        made[member.name] = lab.update(subject, lab.without(lab.body(UPDATE), UPDATE, member.name))
    return made


@pytest.fixture(scope="session")
def solo(lab: Lab, subject: int, omissions: Mapping[str, Change], profile: Profile) -> Sequence[Change]:
    """For each member, an update that sends it alone; only where incomplete updates are taken and merge."""
    merges = all(
        made.accepted and made.after and lab.member(name).read_from(made.after.task) != (None,)
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
    lengths = [(255, 5000)]
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
