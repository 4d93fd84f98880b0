"""An R7 portal under judgement: scratch tasks, ways to change them, and evidence made of what comes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

from etalon.generation.packing import packed_body, plain_text
from etalon.generation.shrinking import Trials, smallest_text
from etalon.generation.text import is_visible
from etalon.judging.r7.evidence import Change, Reading, change, reading
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable, NotTestable
from etalon.portals.r7.client import task_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.judging.r7.members import Member
    from etalon.portals.r7.bench import Bench
    from etalon.portals.r7.client import R7Client
    from etalon.session import TargetRun

    Rule = Callable[[Change], Finding | bool | None]
    Shrinker = Callable[[Change, Finding], Finding]

CREATE, UPDATE = "createTask", "updateTask"
# Which lists of known ids a member takes its values from.
_NEEDS = {
    "responsible": ("responsibles",),
    "category": ("categories",),
    "contact": ("contacts",),
    "entity": ("opportunities", "cases"),
}
_UPDATE_AND_READ = 2
_TEXT_TRIALS = 20


@dataclass
class Lab:
    """A portal with what is known of it, and the ways to make changes on it.

    Attributes:
        members: what a client can write and an answer can show.
        known: kind of thing → ids that exist.
        document: the spec, narrowed to what may be sent to this portal.
        must_carry: names of the members that every update has to send in the target's dialect.
        purse: requests that may still be spent on making findings smaller.
        steps: how many bodies were made, so that each has other values than the one before.
        changes: all creations and updates so far, with the readings around them.
        made_at: task → when the portal answered its creation, by the monotonic clock.
    """

    client: R7Client
    bench: Bench
    members: tuple[Member, ...]
    known: Mapping[str, Sequence[int | str]]
    document: Mapping[str, Any]
    must_carry: frozenset[str]
    purse: int
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

    def body_unlike(self, other: Change) -> dict[str, Any]:
        """An update with another responsible person than a task was created with, where there is another.

        What leaks from the one task to the other would not show otherwise.
        """
        responsible = self.member("responsible")
        body = self.body(UPDATE)
        for _ in self.known["responsibles"]:
            if responsible.sent_in(UPDATE, body) != responsible.sent_in(CREATE, other.body):
                break
            body = self.body(UPDATE)
        return body

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
        if made.after is None and self.bench.reads:
            raise NotTestable(
                f"GET task/{created} does not show the task that was just created; "
                'declare lacks = ["task.read"] for a portal that cannot read tasks'
            )
        return created

    def first_read(self, task: int) -> Reading | None:
        """A task as it was first read."""
        return next(
            (
                made.after
                for made in self.changes
                if made.creates and made.after and task_id(made.answer) == task
            ),
            None,
        )

    def age(self, task: int) -> float:
        """Seconds since the portal answered the creation of a task."""
        return time.monotonic() - self.made_at.get(task, 0.0)

    def reread(self, task: int) -> Reading | None:
        """A task as it is read now."""
        return reading(self.bench.read(task))

    def require_reads(self) -> None:
        """Stop a check that has to read tasks.

        Raises:
            NotApplicable: the portal is declared to lack that.
        """
        if not self.bench.reads:
            raise NotApplicable("the target is declared to lack task.read")

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

    def smaller(self, rule: Rule) -> Shrinker:
        """A shrinker: tries the member of the finding alone, on a fresh full state.

        Where the smaller update shows the same, its finding takes the place of the larger one.
        """

        def shrink(made: Change, finding: Finding) -> Finding:
            subject = made.answer.subject
            if subject is None or finding.member not in {member.name for member in self.members}:
                return finding
            alone = self.only(made.body, finding.member)
            if alone.keys() == made.body.keys() or self.purse < 2 * _UPDATE_AND_READ:
                return finding
            self.purse -= 2 * _UPDATE_AND_READ
            self.update(subject)
            outcome = rule(self.update(subject, alone))
            return outcome if _same_kind(outcome, finding) else finding

        return shrink

    def smaller_text(self, name: str, rule: Rule) -> Shrinker:
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

            trials = Trials(min(_TEXT_TRIALS, self.purse // _UPDATE_AND_READ))
            granted = trials.left
            smallest_text(text, fails, trials)
            self.purse -= (granted - trials.left) * _UPDATE_AND_READ
            self.update(subject)  # what was stored of the texts must not trouble the next check
            return smallest.get("finding", finding)

        return shrink


def _same_kind(outcome: Finding | bool | None, finding: Finding) -> TypeGuard[Finding]:
    """Whether a smaller example breaks the rule in the same way."""
    return isinstance(outcome, Finding) and outcome.summary == finding.summary
