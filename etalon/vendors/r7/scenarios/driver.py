"""An R7 portal under judgement: scratch tasks, ways to change them, and evidence made of what comes."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from etalon.generation.classes import moments, spelled
from etalon.generation.openapi_document import members
from etalon.generation.packing import packed_body, plain_text
from etalon.judging.rules import KEEP, RESET, keeps_a_text, left_alone, shows_any
from etalon.judging.verdicts import Inconclusive, NotApplicable, NotTestable
from etalon.messages import Message
from etalon.scenarios.driver import Driver
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.connection import JSON
from etalon.vendors.r7.judging.evidence import change, reading

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from etalon.judging.checking import Check
    from etalon.judging.evidence import Change, Reading
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member
    from etalon.session import TargetRun
    from etalon.vendors.r7.client import R7Client
    from etalon.vendors.r7.traces import Traces

    Call = tuple[str, str, str, Mapping[str, Any] | None, int | None]

CREATE, UPDATE = "createTask", "updateTask"
LAST_LOOKS = 2
"""Requests that are held back for the last reads of the tasks that no check changes."""
# What is left out where a full body is refused, one after another: what the pages call optional and no answer
# shows, and what is as large as it has to be for a reminder that is never due.
_OMITTED = (frozenset({"isNotify"}), frozenset({"alertValue"}), frozenset({"isNotify", "alertValue"}))
# A deadline as the page prints it, without a fraction that means anything.
_DASHES = re.compile(r"(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)\.000Z")
# A portal that stores whole seconds shows a creation that moves only when a second has passed.
_OLD_ENOUGH = 1.1
# A portal that loses tasks does so many times; one that cannot read at all would not have got this far.
_MOST_REPLACEMENTS = 60


@dataclass(kw_only=True)
class R7Driver(Driver):
    """A portal with what is known of it, and the ways to make changes on it.

    Attributes:
        known: kind of thing → ids that exist.
        document: the spec, narrowed to what may be sent to this portal.
        must_carry: names of the members that every update has to send in the target's dialect.
        odd_moments: classes of moments of which the target's dialect is known to make others.
        respells: whether deadlines keep clear of the dashes that the page prints, which the portal refuses.
        omitted: operation → parameters that it does without, since the portal refuses one that has them all.
        bodies: how many bodies were made, so that each has other values than the one before.
        troubles: how many of them had texts that stand alone.
        awkward: member → such texts in the order of their turns, once updates with them were seen to be
            accepted and none to be refused.
        filled: updates that set what a task lacked.
        made_at: task → when the portal answered its creation, by the monotonic clock.
        replacements: how many tasks that can no longer be read may still be replaced by fresh ones.
    """

    client: R7Client
    traces: Traces
    known: Mapping[str, Sequence[int | str]]
    document: Mapping[str, Any]
    must_carry: frozenset[str]
    odd_moments: frozenset[str]
    run: TargetRun
    respells: bool = False
    omitted: dict[str, frozenset[str]] = field(default_factory=dict)
    bodies: int = 0
    troubles: int = 0
    awkward: dict[str, deque[str]] = field(default_factory=dict)
    filled: list[Change] = field(default_factory=list)
    made_at: dict[int, float] = field(default_factory=dict)
    replacements: int = _MOST_REPLACEMENTS

    @property
    def readings(self) -> Traces:
        return self.traces

    @property
    def reads_by(self) -> str:
        return "task.read"

    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        return reading(exchange)

    def fewer(self, change: Change, member: str) -> Iterator[Callable[[], Change]]:
        subject = change.exchange.subject
        if subject is None or member not in self.resource.names:
            return
        alone = self.only(change.body, member)
        if alone.keys() == change.body.keys():
            return

        def on_a_full_state() -> Change:
            self.update(subject)
            return self.update(subject, alone)

        yield on_a_full_state

    def with_text(self, change: Change, member: str, text: str) -> Change:
        return self.update(change.exchange.subject or 0, self.only({**change.body, member: text}, member))

    def settle(self, subject: int) -> None:
        self.update(subject)  # what was stored of the texts must not trouble the next check

    def body(self, operation: str, text: Callable[[str, int], str] | None = None) -> dict[str, Any]:
        """The fullest body, every value other than in the one before, its texts with the run's mark.

        Args:
            operation: that sends it.
            text: member and number of the body → its text, in place of a plain one.
        """
        self.bodies += 1
        body = packed_body(self.document, operation, self.bodies, text or self.plain_text, self.calendar)
        if self.respells and _DASHES.fullmatch(body["deadline"]):
            body["deadline"] = _DASHES.sub(r"\1:\2:\3.0000000Z", body["deadline"])
        return {name: value for name, value in body.items() if self.may_send(operation, name)}

    def troubled(self, operation: str, subject: int | None = None) -> dict[str, Any]:
        """The fullest body, one of its texts standing alone; both plain where such are refused.

        Args:
            operation: whose body it is.
            subject: the task that it is for: both texts stand alone where the rest shows whose it is.
        """
        if not self.awkward:
            return self.body(operation)
        self.troubles += 1
        turn = self.troubles
        names = [*self.awkward]
        bare = [names[turn % len(names)]] if subject is None or not self.is_steady(subject) else names
        texts = {}
        for name in bare:
            texts[name] = self.awkward[name].popleft()
            self.awkward[name].append(texts[name])
        beside = self.marked(f"{texts[bare[0]]}|")
        body = self.body(operation, lambda member, _: texts.get(member, beside))
        days = [day for name, day in moments(self.calendar).items() if name not in self.odd_moments]
        return body | {"deadline": spelled(days[-turn % len(days)])} if "deadline" in body else body

    def is_steady(self, subject: int) -> bool:
        """Whether a task has kept all that shows whose it is, so that its texts need not show it as well."""
        first, now = self.first_read(subject), self.latest(subject)
        given = [member.name for member in self.resource.fixed]
        return (
            first is not None
            and now is not None
            and all(name in now.managed and first.managed.get(name) == now.managed[name] for name in given)
        )

    @property
    def mark(self) -> str:
        """The word in the texts of the run's tasks, by which a read shows whose they are."""
        return self.client.transport.mark

    def marked(self, text: str) -> str:
        """A text with the run's mark; one that has it is left as it is."""
        return text if self.mark in text else self.client.transport.named(text)

    def plain_text(self, member: str, step: int) -> str:
        """A text that nothing should trouble, with the run's mark."""
        return self.marked(plain_text(member, step))

    def may_send(self, operation: str, parameter: str) -> bool:
        """Whether a parameter is none for which the portal refuses an operation."""
        return parameter not in self.omitted.get(operation, frozenset())

    def another_responsible(self, other: Change) -> dict[str, Any]:
        """The parameter of an update with another responsible person than a task was created with, if any.

        What leaks from the one task to the other would not show otherwise.
        """
        responsible = self.member("responsible")
        created_with = other.patch.sets.get(responsible.name)
        [parameter] = responsible.parameters(UPDATE)
        # The caller last: what defaults to whoever is logged in would not show.
        for known in sorted(
            self.known["responsibles"], key=lambda one: str(one).lower() == self.client.caller
        ):
            if responsible.parts[0].value_of(known) != created_with:
                return {parameter: known}
        return {}

    def alone_missing(self, name: str, made: Change) -> bool:
        """Whether an update sends every member but that one."""
        missed = [
            member.name
            for member in self.resource.members
            if self.can_send(member) and not made.sends(member)
        ]
        return missed == [name]

    def keeps_unsent(self) -> bool:
        """Whether updates were seen to leave alone what they do not send, and never otherwise."""
        seen = {
            left_alone(member, (), made)
            for made in self.changes
            if made.accepted and not made.creates
            for member in self.members
        }
        return KEEP in seen and RESET not in seen

    def can_send(self, member: Member) -> bool:
        """Whether a value is known that updates with the member could send, and are not refused for."""
        names = member.parameters(UPDATE)
        return any(name in self._sendable and self.may_send(UPDATE, name) for name in names)

    @cached_property
    def _sendable(self) -> frozenset[str]:
        return frozenset(members(self.document, UPDATE))

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
        made = change(self.traces.create(self.body(CREATE) if body is None else body))
        created = self.client.task_of(made.exchange)
        if created is not None and self.traces.reads and not self.client.owns(created):
            # Under the id that was answered there is somebody else's task, or none that shows the mark.
            found = self.client.look_up(made.exchange, made.body)
            if found is not None:
                self.client.scratch.disclaim(created)
                self.client.scratch.claimed(found)
                made = change(self.traces.made(made.body, made.exchange))
                created = found
        self.changes.append(made)
        if created is not None:
            self.made_at[created] = time.monotonic()
            self.run.placeholders[f"/task/{created}"] = "/task/$TASK_ID"
        return made

    def read_after(self, answer: Exchange, task: int | None) -> Exchange | None:
        """The first read of a task after an exchange."""
        later = self.client.transport.journal[answer.number :]
        return next((one for one in later if one.operation == "getTask" and one.subject == task), None)

    def shown(self, made: Change) -> bool:
        """Whether a creation could be read back, if tasks can be read at all; else another may do better."""
        if not made.accepted or not self.traces.reads:
            return True
        created = self.client.task_of(made.exchange)
        if made.after is None or created is None or not self.client.owns(created):
            return False
        return shows_any(self.members, made, made.after)

    def require_own(self, created: Change) -> int:
        """The id of the task that a creation made, where it may be changed.

        Raises:
            Inconclusive: the portal names no task, in no way.
            NotApplicable: the portal is declared to lack reads, by which a task is shown to be the run's own.
            NotTestable: no read shows it to be.
        """
        found = self.client.task_of(created.exchange)
        if found is None:
            raise Inconclusive(Message("creation-shows-no-id"))
        if not self.traces.reads:
            raise NotApplicable(Message("lacks-task-read-so-nothing-owned"))
        if created.after is None:
            raise NotTestable(Message("created-task-unreadable", id=found))
        if not self.client.owns(found):
            raise NotTestable(Message("no-mark-in-task", id=found, mark=self.mark))
        return found

    def update(self, subject: int, body: Mapping[str, Any] | None = None) -> Change:
        """Update a scratch task and read it."""
        self._replace_if_lost(subject)
        made = self._followed(
            subject, change(self.traces.update(subject, self.body(UPDATE) if body is None else body))
        )
        self.changes.append(made)
        return made

    def _followed(self, subject: int, made: Change) -> Change:
        """An update with the read of its task, also where that has got another id by it.

        That is a finding, and the end of all other checks unless they go on under the new id.
        """
        answered = task_id(made.exchange)
        if not made.accepted or made.after is not None or not self.traces.reads:
            return made
        if answered is None or answered == self.client.task_at(subject) or self.client.owns(answered):
            return made  # no other task, or one that has a part of its own to play
        moved = reading(self.client.read_task(answered))
        if moved is None or not self.client.owns(answered) or not keeps_a_text(self.members, made, moved):
            return made
        self.client.follow(subject, answered)
        self.traces.take(subject, moved.exchange)
        return replace(made, after=moved)

    def _replace_if_lost(self, subject: int) -> None:
        """Go on with a fresh task where one is lost: its loss may not end all other checks.

        Lost is what can no longer be read, and what a read shows to be somebody else's.
        """
        if not self.traces.reads or not self.replacements or not self._is_lost(subject):
            return
        self.replacements -= 1
        fresh = self.create()
        made = self.client.task_of(fresh.exchange)
        if made is not None and self.shown(fresh):
            self.client.follow(subject, made)
            if fresh.after is not None:
                self.traces.take(subject, fresh.after.exchange)

    def _is_lost(self, task: int) -> bool:
        return reading(self.traces.latest(task)) is None or not self.client.owns(task)

    def living(self, task: int) -> int:
        """The id of a task, or of a fresh one where that is lost."""
        return self.scratch() if self._is_lost(task) else task

    def updated_fully(self, subject: int) -> Change:
        """An update of every member; of fewer where the portal refuses that."""
        made = self.update(subject)
        if UPDATE in self.omitted:
            return made
        for omitted in _OMITTED:
            if made.accepted:
                return made
            # Every update would be refused for it, and show nothing else.
            self.omitted[UPDATE] = omitted
            made = self.update(subject)
        if not made.accepted:
            del self.omitted[UPDATE]
        return made

    def scratch(self, **parameters: object) -> int:
        """A new scratch task with every member set; its id.

        Args:
            parameters: of the creation, in place of those that it would have.

        Raises:
            UnusableAnswerError: a page answers in the API's place.
            Inconclusive: the portal makes none.
            NotTestable: what it makes cannot be read.
        """
        made = self.create(self.body(CREATE) | parameters)
        if not made.accepted and _DASHES.fullmatch(made.body["deadline"]):
            # The page's own spelling may be what is refused: that is one requirement, not the end of all.
            self.respells = True
            made = self.create(self.body(CREATE) | parameters)
        for omitted in _OMITTED:
            if made.accepted:
                break
            # Nor is one parameter that the portal does not take; whether it may refuse it is a requirement.
            self.omitted[CREATE] = omitted
            made = self.create(self.body(CREATE) | parameters)
        if not self.shown(made):
            made = self.create(self.body(CREATE) | parameters)
        created = self.client.task_of(made.exchange)
        if not made.accepted or created is None:
            self.client.require_document(made.exchange)
            raise Inconclusive(Message("creates-no-full-task", status=made.exchange.response.status))
        if made.after is None and self.traces.reads:
            raise NotTestable(Message("created-task-not-shown", id=created))
        return created

    def retire(self, subject: int) -> None:
        """Remove a task that nothing needs any more, right after the read that shows it to be the run's own.

        So its removal takes no read of its own.
        """
        at, target = self.client.task_at(subject), self.client.target
        if "task.delete" not in target.lacks and self.client.transport.guard.ownership.may_remove(at):
            self.client.delete_task(at)

    def permits(self, subject: int, raw: bytes) -> bool:
        """Whether an update with a body may be sent at all."""
        request = self.client.request("PUT", f"/crm/task/{subject}", raw)
        return self.client.transport.guard.permits(request)

    def attempt(
        self,
        subject: int,
        body: Mapping[str, Any],
        raw: bytes | None = None,
        content_type: str | None = JSON,
    ) -> Change:
        """An update that should be refused: it is read back only where the portal says that it did it."""
        self._replace_if_lost(subject)
        made = self._followed(subject, change(self.traces.attempt(subject, body, raw, content_type)))
        self.changes.append(made)
        return made

    def unread(self, subject: int, body: Mapping[str, Any]) -> Change:
        """An update that is not read back."""
        made = change(self.traces.unread(subject, body))
        self.changes.append(made)
        return made

    def together(self, calls: Sequence[Call]) -> list[Exchange]:
        """Put several requests on the wire at the same time.

        Args:
            calls: operation, method, path below the API, body and the id of the task, of each.
        """
        return self.client.transport.send_together(
            [
                (operation, self.client.request(method, path, body), subject)
                for operation, method, path, body, subject in calls
            ]
        )

    def first_read(self, task: int) -> Reading | None:
        """A task as it was first read."""
        return next(
            (
                made.after
                for made in self.changes
                if made.creates and made.after and self.client.task_of(made.exchange) == task
            ),
            None,
        )

    def wait_for_age(self, task: int) -> None:
        """Wait until a task is older than the unit of the coarsest clock that a portal keeps."""
        time.sleep(max(0.0, _OLD_ENOUGH - (time.monotonic() - self.made_at.get(task, 0.0))))

    def require_thorough(self, check: Check) -> None:
        """Stop a check of what the page leaves open and nothing pins, where requests are few.

        Raises:
            NotApplicable: the profile leaves it out.
        """
        if not self.thorough and check.expected is None:
            raise NotApplicable(Message("left-open-and-quick"))

    def require_many_requests(self) -> None:
        """Stop a check that costs more requests than it can share with others, where requests are few.

        Raises:
            NotApplicable: the profile leaves it out.
        """
        if not self.thorough:
            raise NotApplicable(Message("left-to-larger-profiles"))

    def shows(self, member: Member) -> bool:
        """Whether any answer of the run had a place for the member."""
        seen = (part for made in self.changes for part in (made.echo, made.after) if part)
        return any(member.shown_in(part.card) for part in seen)

    def reads_show(self, member: Member) -> bool:
        """Whether any read of the run had a place for the member."""
        return any(member.shown_in(made.after.card) for made in self.changes if made.after)

    def require_shown(self, member: Member) -> None:
        """Stop a check of a member that this portal does not show.

        Raises:
            NotTestable: no id is known that the member could be set to.
            NotApplicable: the page never promised to show it, and the portal does not.
        """
        wanted = member.refers_to
        if wanted and not any(self.known.get(kind) for kind in wanted):
            if all(kind in self.client.target.lacks for kind in wanted):
                raise NotApplicable(Message("declared-to-lack", what=" and ".join(wanted)))
            name = self.client.target.name
            raise NotTestable(
                Message(
                    "no-id-known",
                    member=member.name,
                    target=name,
                    kind=wanted[0],
                    lacking=wanted[0],
                )
            )
        omitted = {name for names in self.omitted.values() for name in names}
        if omitted & {*member.parameters(CREATE), *member.parameters(UPDATE)}:
            raise NotApplicable(Message("refused-as-large-as-needed", member=member.name))
        if not member.promised and not self.shows(member):
            self.run.not_shown.setdefault(member.name, None)
            raise NotApplicable(Message("never-shown-nor-promised", member=member.name))

    def require_alternative(self, member: Member) -> None:
        """Stop a check that has to change a member which can have one value only.

        Raises:
            NotTestable: a second id is missing.
        """
        wanted = member.refers_to
        ids = [known for kind in wanted for known in self.known.get(kind, ())]
        if wanted and len(ids) == 1:
            raise NotTestable(
                Message(
                    "only-one-id-known",
                    member=member.name,
                    target=self.client.target.name,
                    kind=wanted[0],
                )
            )
