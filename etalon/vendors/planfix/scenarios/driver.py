"""A PlanFix portal under judgement: scratch tasks, ways to change them, and evidence made of what comes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from lxml import etree

from etalon.judging.afterwards import Afterwards
from etalon.judging.evidence import Change, Probe, Reading, Refusals, Watch
from etalon.judging.rules import changes_nothing
from etalon.judging.together import Rush
from etalon.judging.verdicts import Finding, Inconclusive, NotApplicable, NotTestable
from etalon.messages import Message
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.leftovers import PutBack
from etalon.resources.values import Value, ids, shown
from etalon.scenarios.driver import Driver
from etalon.vendors.planfix import binding
from etalon.vendors.planfix.answers import accepted, answer_of, error_code, legible_answer, parse
from etalon.vendors.planfix.binding import teams
from etalon.vendors.planfix.client import LEFT_BEHIND_TITLE
from etalon.vendors.planfix.generation.updates import MILDER, first_reminder, moment, with_mark
from etalon.vendors.planfix.judging.evidence import Made, asked, change_of, code_of, reading
from etalon.vendors.planfix.judging.lending import given_and_taken
from etalon.vendors.planfix.judging.rules import RIGHTS
from etalon.vendors.planfix.judging.singles import broken_alone
from etalon.vendors.planfix.requests import document, render
from etalon.vendors.planfix.sessions import SESSION_EXPIRED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from etalon.generation.calendar import Calendar
    from etalon.resources.patch import Patch
    from etalon.vendors.planfix.client import PlanFixClient
    from etalon.vendors.planfix.connection import Renderer
    from etalon.vendors.planfix.requests import Access, Content
    from etalon.vendors.planfix.traces import Traces

    Members = Mapping[str, Content]
    Rule = Callable[[Change], Finding | bool | None]

# Which list of ids a member needs, and how many of them, so that an update can be seen to change it.
_NEEDS = {
    "owner": ("users", 2),
    "project": ("projects", 2),
    "client": ("clients", 1),
    "users": ("users", 2),
    "groups": ("groups", 1),
}

NOTHING: Mapping[str, Content] = {}
NEIGHBOUR, PARENT = Message("role-neighbour"), Message("role-parent")
"""What a watched task is to the updated one."""
_ATTEMPTS = 3
_REFUSED_BETWEEN = 9
"""How many refused requests go before an ordinary update."""
_IN_TURN = 8
_OFTEN_TOO_LONG, _OFTEN_BARRED = ("nasty-", "long-"), ("status", "owner")
"""How changes begin that portals refuse for limits, and for transitions and rights."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The scratch tasks of a run.

    Attributes:
        subject: the task that is updated.
        parent: the task that becomes its parent.
        neighbour: a task of the same project and client, which no check updates.
        first: each as it was read first.
    """

    subject: int
    parent: int
    neighbour: int
    first: Mapping[int, Reading]


@dataclass(kw_only=True)
class PlanFixDriver(Driver):
    """A portal with what is known of it, and the ways to make changes on it.

    Attributes:
        known: `users`, `groups`, `projects` and `clients` → ids that exist.
        texts: how many plain texts were made, so that each is other than those before.
        begun: task → what it was created with.
        foreign: what shows that the portal named another task than the one that it made.
        lived: ordinary updates that were sent after refusals.
        barred: member → an update of it alone that was refused, since this caller may not change it.
        excused: exchanges whose answers may show what no page lists, since the run itself sent it.
    """

    client: PlanFixClient
    traces: Traces
    known: Mapping[str, Sequence[int]]
    texts: int = 0
    begun: dict[int, Mapping[str, str]] = field(default_factory=dict)
    foreign: Finding | None = None
    lived: list[Afterwards] = field(default_factory=list)
    barred: dict[str, Change] = field(default_factory=dict)
    excused: list[Exchange] = field(default_factory=list)

    @property
    def readings(self) -> Traces:
        return self.traces

    @property
    def reads_by(self) -> str:
        return "task.get"

    def reading_of(self, exchange: Exchange | None) -> Reading | None:
        return reading(exchange)

    def fewer(self, change: Change, member: str) -> Iterator[Callable[[], Change]]:
        subject, sent = change.patch.subject, _members_of(change)
        if subject is None or len(sent) == 1:
            return
        for node in sorted(sent, key=lambda node: node.tag != member):
            yield partial(self._one, subject, node, change.before, member)

    def _one(self, subject: int, node: Element, before: Reading | None, member: str) -> Change:
        """An update of one of several members; where it is not the one in question, that is set anew."""
        if node.tag != member and before:
            content = given_back(member, before, self.calendar)
            if content:
                self.update(subject, content)
        return self.update(subject, _request(subject, [node]))

    def with_text(self, change: Change, member: str, text: str) -> Change:
        return self.update(change.exchange.subject or 0, {member: text})

    @contextmanager
    def excusing(self) -> Iterator[None]:
        """Keep what is sent meanwhile from being held to the schemas: it is not for the portal to answer for.

        Where the page leaves open what becomes of a value, a portal may keep it, and then it shows it.
        """
        begun = len(self.client.transport.journal)
        try:
            yield
        finally:
            self.excused += self.client.transport.journal[begun:]

    @property
    def accountable(self) -> list[Exchange]:
        """All exchanges so far but those that are excused."""
        excused = {id(one) for one in self.excused}
        return [one for one in self.client.transport.journal if id(one) not in excused]

    def text(self) -> str:
        """A plain text, other than every one before, with the run's mark."""
        self.texts += 1
        return self.client.transport.named(f"Etalon {self.texts}: сверка остатков, стеллаж {self.texts}")

    def require_thorough(self) -> None:
        """Stop a check that has no place in the profile with the fewest requests.

        Raises:
            NotApplicable: the profile leaves it out.
        """
        if not self.thorough:
            raise NotApplicable(Message("profile-spends-no-request", profile=self.profile.name))

    def create(self, *, labelled: bool = False, description: str = "", besides: Members = NOTHING) -> int:
        """A new scratch task with a title and a description, which a read shows to be the run's own; its id.

        Where the portal names another task, that one is left alone, and one more is created.

        Args:
            labelled: whether it has from the beginning the title under which people find and delete it, so
                that this takes no request later.
            description: what it says; a plain text by default, and where the portal refuses it.
            besides: other members of the creation, which is sent again without them where it is refused.

        Raises:
            Inconclusive: the portal makes none.
            NotTestable: no read shows the run's mark in what it makes, or it names other tasks each time.
        """
        for _ in range(_ATTEMPTS):
            made, sent = self._create(labelled=labelled, description=description, besides=besides)
            found = self.reread(made) if made not in self.begun else None
            if found is None and made not in self.begun:
                raise NotTestable(Message("task-get-shows-no-new-task", id=made))
            if found is not None and self.client.owns(made):
                self.begun[made] = sent
                return made
            if found is not None:
                self._note_foreign(made, sent, found)
        raise NotTestable(Message("no-mark-under-answered-ids", mark=self.client.transport.mark))

    def _note_foreign(self, made: int, sent: Mapping[str, str], found: Reading) -> None:
        self.client.scratch.disclaim(made)
        self.foreign = Finding(
            summary=Message("creation-answers-another-id"),
            expected=sent["title"],
            observed=shown(found.members.get("title")),
            exchanges=(self.client.transport.journal[-2], found.exchange),
            member="id",
        )

    def _create(self, *, labelled: bool, description: str, besides: Members) -> tuple[int, Mapping[str, str]]:
        title = LEFT_BEHIND_TITLE if labelled else self.text()
        sent = {"title": title, "description": description or self.text()}
        exchange = self.traces.create({**sent, **besides})
        if besides and not accepted(exchange):
            exchange = self.traces.create({**sent})
        if description and not accepted(exchange):
            sent["description"] = self.text()
            exchange = self.traces.create({**sent})
        made = answer_of(exchange).task_id if accepted(exchange) else None
        if made is None:
            raise Inconclusive(
                Message("creates-no-task", code=error_code(exchange) or Message("without-code"))
            )
        return made, sent

    def update(self, subject: int, members: Members | Element, *, sparing: bool = False) -> Change:
        """Patch a scratch task and read it, as evidence for every check of single updates.

        Args:
            subject: the task.
            members: what to change.
            sparing: whether it is not read where the portal refuses the update.
        """
        trace = self.traces.update(subject, members, sparing=sparing)
        step = change_of(trace.update, reading(trace.before), reading(trace.after), trace.origin)
        self.changes.append(step)
        return step

    def tried(self, subject: int, members: Members | Element, form: Renderer = render) -> Change:
        """Patch a scratch task, as evidence for one check alone; read it where the portal accepts that.

        Args:
            subject: the task.
            members: what to change.
            form: writes the document.
        """
        before = self.latest(subject)
        update = self.client.update_task(subject, members, form=form)
        return change_of(update, before, self.reread(subject) if accepted(update) else before)

    def reread_unsigned(self, subject: int) -> tuple[Exchange, Reading | None]:
        """A task as it is read now without a signature, where the portal allows that, else with one.

        Returns:
            The unsigned read, and what was read in the end.
        """
        unsigned = self.client.read_task(subject, access=replace(self.client.access, private_key=""))
        if reading(unsigned) is None:
            return unsigned, self.reread(subject)
        self.traces.take(subject, unsigned)
        return unsigned, reading(unsigned)

    def probe(
        self, name: str, why: Message, send: Callable[[Access], Exchange], *, session: bool = False
    ) -> Probe:
        """Send a request with an access of its own making.

        Args:
            name: see `Probe`.
            why: see `Probe`.
            send: sends it, given the access of the run.
            session: whether it is wrong in its session. Every other one is sent again with a new session
                where the run's own has expired meanwhile, which would hide what else is wrong.
        """
        exchange = send(self.client.access)
        if not session and error_code(exchange) == SESSION_EXPIRED and self.client.renew():
            exchange = send(self.client.access)
        return Probe(name, why, exchange)

    def value(self, subject: int, member: str) -> Value:
        """What a member was when it was read last."""
        latest = self.latest(subject)
        return latest.members.get(member) if latest else None

    def ids(self, subject: int, team: str) -> tuple[int, ...]:
        """The workers of a task as they were read last."""
        return ids(self.value(subject, team))

    def other(self, kind: str, current: object, place: int = 0) -> int | None:
        """A known id that is not the current one; None where there is none."""
        others = [known for known in self.known.get(kind, ()) if known != current]
        return others[place % len(others)] if others else None

    def packed(self, subject: int, parts: Sequence[tuple[str, Members]]) -> dict[str, Change]:
        """Make several changes in one update, and fewer at once only where the portal refuses that.

        What portals have most reason to refuse then goes on its own, or in a milder way. A member that the
        portal lets this caller not change is not sent again.

        Returns:
            Name of the part → the update that carried it.
        """
        barred = {name: self.barred[one] for name, part in parts for one in part if one in self.barred}
        mark = self.client.transport.mark
        left = {name: with_mark(part, mark) for name, part in parts if part and name not in barred}
        found = dict(barred)
        # A limit on texts shows sooner than a missing right does, and a status need not suffer for it.
        suspect = _OFTEN_TOO_LONG if any(name.startswith(_OFTEN_TOO_LONG) for name in left) else _OFTEN_BARRED
        calm = {
            name: with_mark(MILDER.get(name, part), mark)
            for name, part in left.items()
            if name in MILDER or not name.startswith(suspect)
        }
        for attempt in (left, calm) if len(left) > 1 and calm != left else (left,):
            if not attempt or len(left) == 1:
                break
            together = {key: value for part in attempt.values() for key, value in part.items()}
            step = self.update(subject, together, sparing=True)
            if step.accepted:
                found |= dict.fromkeys(attempt, step)
                left = {name: part for name, part in left.items() if name not in attempt}
                break
        for name, part in left.items():
            found[name] = self._alone(subject, name, part)
        return found

    def _alone(self, subject: int, name: str, part: Members) -> Change:
        step = self.update(subject, part, sparing=True)
        if step.accepted:
            return step
        if (
            code_of(step) in RIGHTS and "status" not in part
        ):  # which statuses may follow depends on the last one
            self.barred |= dict.fromkeys(part, step)
        if name not in MILDER:
            return step
        return self.update(subject, with_mark(MILDER[name], self.client.transport.mark))

    def refusals(
        self,
        subject: int,
        probes: Sequence[Callable[[], Probe]],
        *,
        again: bool = True,
        lives_on: bool = False,
    ) -> list[Refusals]:
        """Send requests that have to be refused, and read the task once after all of them.

        Where one is accepted after all, the task is read again, and those that were refused before it are
        sent once more: what it did is not to be laid at their door.

        Args:
            subject: the task that they name.
            probes: each sends one of them.
            again: whether those are sent once more; without it they are not judged.
            lives_on: whether ordinary updates go in between, as evidence of their own.
        """
        before = self.latest(subject)
        refused: dict[Callable[[], Probe], Probe] = {}
        repeated: list[Callable[[], Probe]] = []
        ordinary: list[tuple[Exchange, Change]] = []
        for place, send in enumerate(probes, start=1):
            probe = send()
            if accepted(probe.exchange):
                before = self.reread(subject)
                repeated += refused
                refused.clear()
                ordinary.clear()
                continue
            refused[send] = probe
            if lives_on and place % _REFUSED_BETWEEN == 0:
                ordinary.append((probe.exchange, self.ordinary(subject, place // _REFUSED_BETWEEN)))
        once_more = [send() for send in repeated] if again else []
        after = self.reread(subject) if refused or once_more else before
        if before and ordinary:
            self.lived.append(Afterwards(before, tuple(ordinary), after, broken_alone(self.changes)))
        if before is None or after is None or any(accepted(probe.exchange) for probe in once_more):
            return []  # the task cannot be read, or the portal is of two minds about the same request
        found = (*refused.values(), *once_more)
        rewritten = frozenset(name for _, made in ordinary for name in made.patch.touched)
        return [Refusals(before, found, after, rewritten)] if found else []

    def ordinary(self, subject: int, number: int) -> Change:
        """An update of one member that no portal has a reason to refuse, not read back.

        Args:
            subject: the task.
            number: which of them; their members take turns.
        """
        titles: Sequence[Members] = (
            {"title": self.text()},
            {"description": self.text()},
            {"importance": "HIGH" if number % _IN_TURN else "AVERAGE"},
            {"checkResult": number // _IN_TURN % 2},
        )
        return change_of(self.client.update_task(subject, titles[number % len(titles)]), None, None)

    def rush(self, subject: int, rounds: Sequence[Sequence[Members]]) -> Rush | None:
        """Send rounds of updates, those of a round at the same time, and read the task once after all.

        Returns:
            None where the task cannot be read.
        """
        before = self.latest(subject)
        sent = tuple(
            tuple(change_of(one, None, None) for one in self.client.update_together(subject, together))
            for together in rounds
        )
        after = self.reread(subject)
        return Rush(before, sent, after, broken_alone(self.changes)) if before and after else None

    def put_back(self, first: Reading, since: Sequence[Patch | Reading]) -> PutBack:
        """Give a task that is not of this run's making the members that it had, where they hold its values.

        The API has no value for "no date", and a portal may refuse a change that it made the other way round.

        Args:
            first: the task before the first change.
            since: the run's updates of it and its reads, in their order.
        """
        subject = first.exchange.subject
        now = self.reread(subject) if subject is not None else None
        if subject is None or now is None:
            return PutBack(unread=True)
        if now.managed.get("beginDateTime") != first.managed.get("beginDateTime"):
            return PutBack(lost=True)
        ours, theirs = given_and_taken(first, since, now)
        members: dict[str, Content] = {}
        for member in ours:
            if member not in teams():
                members |= content_of(member, first)
        members |= workers_back(now, first, [team for team in teams() if team in ours])
        for part in ({name: value} for name, value in members.items()):
            self.client.update_task(subject, part, cleaning=True)
        now = self.reread(subject) if members else now
        kept = [name for name in ours if now and now.members.get(name) != first.members[name]]
        return PutBack(tuple(kept), theirs)

    def history(self, first: Reading) -> list[Patch | Reading]:
        """The run's updates of a lent task, answered or not, and what its reads showed, in their order."""
        subject = first.exchange.subject or 0
        return on_loan(subject, self.client.transport.loans.get(subject, ()))

    def require_shown(self, member: str, *, changing: bool = True) -> None:
        """Stop a check of a member that cannot be set or is not shown.

        Args:
            member: its name.
            changing: whether it has to be seen to change, so that one id alone is too few.

        Raises:
            NotTestable: too few ids are known for it.
            NotApplicable: the portal's cards never show it.
        """
        self.require_reads()
        kind, count = _NEEDS.get(member, ("", 0))
        count = count if changing else 1
        if kind and len(self.known.get(kind, ())) < count:
            raise NotTestable(
                Message(
                    "too-few-ids-known",
                    member=member,
                    count=count,
                    target=self.client.target.name,
                    kind=kind,
                )
            )
        readings = [step.after for step in self.changes if step.after]
        if not any(one.shows(member) for one in readings):
            raise NotApplicable(Message("cards-never-show", member=member))

    def made(self, tasks: Tasks) -> list[Made]:
        """The tasks as they were created, and as each was read first."""
        found = []
        for task, sent in self.begun.items():
            origin, first = self.traces.origin(task), tasks.first.get(task)
            if origin is not None and first is not None:
                found.append(Made(sent, origin, first))
        return found

    def watched(self, tasks: Tasks, *, parent: bool = True) -> list[Watch]:
        """The tasks that no update named, first and now; the parent only if it is one of them."""
        found = []
        roles = [
            (NEIGHBOUR, tasks.neighbour),
            *([(PARENT, tasks.parent)] if parent else []),
        ]
        now_read = {task: self.reread(task) for task in dict.fromkeys(task for _, task in roles)}
        for role, task in roles:
            before, now = tasks.first.get(task), now_read[task]
            if before and now:
                found.append(Watch(role, before, now, tuple(self.changes)))
        return found

    def watched_below(self, tasks: Tasks) -> list[Watch]:
        """The task that was put below another, before and after that one is changed.

        The one above is given the title that it has, and another project and client than either had. The one
        below is changed shortly before, since a portal might save it out of a memory that is one update old,
        and once more in the end.
        """
        texts: Members = {"title": self.text(), "description": self.text()}
        finished = self.update(tasks.subject, {**texts, "status": "COMPLETED"}, sparing=True)
        before = finished.after if finished.accepted else self.update(tasks.subject, texts).after
        above = tasks.first.get(tasks.parent)
        if before is None or above is None or before.members.get("parent") != tasks.parent:
            return []
        changed: dict[str, Content] = {
            **content_of("title", above),
            "description": self.text(),
            "importance": "HIGH",
            "startTime": moment(self.calendar.on(1, 16), "10:20"),
        }
        for member in ("project", "client"):
            chosen = self.other(f"{member}s", before.members.get(member))
            if chosen is not None:
                changed[member] = {"id": chosen}
        update = self.update(tasks.parent, changed).exchange  # with a task below it
        after = self.reread(tasks.subject)
        # Back from another task, a portal might go on with a copy of this one that is one update old.
        checked: Members = {"checkResult": int(not before.members.get("checkResult"))}
        if not self.update(tasks.subject, {**checked, "status": "ACCEPTED"}, sparing=True).accepted:
            self.update(tasks.subject, checked)
        return (
            [Watch(Message("role-child"), before, after, (change_of(update, above, None),))] if after else []
        )

    def single_refusals(self, refusals: Refusals, finding: Finding) -> Finding:
        """A shrinker: sends refused requests again, each with reads of its own around it."""
        attempts = self.attempts(2)
        for probe in refusals.probes:
            if len(refusals.probes) == 1 or not attempts.spend():
                break
            before = self.latest(refusals.before.exchange.subject or 0)
            request = probe.exchange.request
            again = self.client.call(probe.exchange.operation, request.body, subject=probe.exchange.subject)
            after = self.reread(refusals.before.exchange.subject or 0)
            if before and after and not accepted(again):
                outcome = changes_nothing(
                    binding.task(), Refusals(before, (Probe(probe.name, probe.why, again),), after)
                )
                if isinstance(outcome, Finding):
                    return outcome
        return finding


def shown_by(task: int, card: str) -> Reading | None:
    """A task as an answer shows it that is known as text; None where it shows none."""
    answer = Response(200, (), card.encode(errors="replace"))
    return reading(Exchange(0, "task.get", Request("POST", "", ()), answer, task))


def on_loan(task: int, documents: Iterable[str]) -> list[Patch | Reading]:
    """What was sent to a lent task and what reads showed of it, from the text of either."""
    return [shown_by(task, one) or asked(one.encode(errors="replace")) for one in documents]


def content_of(member: str, before: Reading) -> Members:
    """The members of an update that gives a member the value of a reading; empty where none can."""
    value = before.members.get(member)
    match member, value:
        case (("owner" | "parent" | "project" | "client"), int()):
            return {member: {"id": value}}
        case (("parent" | "project" | "client"), None):
            return {member: {"id": 0}}
        case (("users" | "groups"), tuple()):
            return {"workers": {f"add{member.capitalize()}": {"id": list(ids(value))}}}
        case "periodicity", Mapping():
            card = legible_answer(before.exchange).root.find("task/periodicity")
            return {} if card is None else {"periodicity": _content(card)}
        case "periodicity", None:
            return {"periodicity": {"@unset": "1"}}
        case _ if value in (None, ""):
            return {}
        case _:
            return {member: int(value) if isinstance(value, bool) else str(value)}


def given_back(member: str, before: Reading, calendar: Calendar) -> Members:
    """The same for a scratch task: where it reminds people, a periodicity gets a first day in years.

    A portal may come to show such a one by putting the parts of two together, and it would begin at once.
    """
    content = content_of(member, before)
    periodicity = content.get("periodicity")
    if isinstance(periodicity, Mapping) and "notify" in periodicity and "startDate" not in periodicity:
        return {"periodicity": {**periodicity, "startDate": first_reminder(calendar)}}
    return content


def workers_back(now: Reading, first: Reading, teams: Sequence[str] = teams()) -> Members:
    """The update that makes the workers of one reading those of another; empty where they are."""
    lists: dict[str, Content] = {}
    for team in teams:
        has, had = set(ids(now.members.get(team))), set(ids(first.members.get(team)))
        for verb, some in (("add", had - has), ("del", has - had)):
            if some:
                lists[f"{verb}{team.capitalize()}"] = {"id": sorted(some)}
    return {"workers": lists} if lists else {}


def _content(node: Element) -> Content:
    return {str(part.tag): _content(part) for part in node} if len(node) else node.text or ""


def _members_of(step: Change) -> list[Element]:
    task = parse(step.exchange.request.body).find("task")
    return [node for node in task if node.tag != "id"] if task is not None else []


def _request(subject: int, nodes: Sequence[Element]) -> Element:
    task = etree.Element("task")
    etree.SubElement(task, "id").text = str(subject)
    task.extend(nodes)
    return document("task.update", [task])
