"""What an R7 portal owes a change, member by member.

Each rule gives a finding where the requirement is broken, True where it holds, and None where the change
says nothing about it; every None is a guard against a false alarm and carries its reason.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from etalon.judging.instants import ticks
from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.vendors.r7.answers import task_id
from etalon.vendors.r7.judging.evidence import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from etalon.messages import Words
    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.judging.evidence import Change, Reading
    from etalon.vendors.r7.judging.members import Member, Value

KEEP, RESET, REJECT = "keep", "reset", "reject"
_NOT_SHOWN = Message("not-shown")


def shows_any(members: Iterable[Member], change: Change, shown: Reading) -> bool:
    """Whether a task has at least one of the values that a change sends: a stranger's hardly has."""
    sent = [(member, member.sent_in(change.answer.operation, change.body)) for member in members]
    return any(
        written is not None and any(written) and member.same(member.read_from(shown.task), written)
        for member, written in sent
    )


def keeps_a_text(members: Iterable[Member], change: Change, shown: Reading) -> bool:
    """Whether a task has one of the texts that an update sends, or that its own task had before it."""
    for member in members:
        has = member.read_from(shown.task)
        had = member.read_from(change.before.task) if change.before else None
        sent = member.sent_in(change.answer.operation, change.body)
        if member.is_text and any(has) and any(one and member.same(has, one) for one in (had, sent)):
            return True
    return False


def names_what_it_made(members: Iterable[Member], read: Exchange | None, change: Change) -> Finding | bool:
    """Under the id that a creation answers, there is the task that it made.

    Args:
        members: what a client can write.
        read: the read of that id.
        change: the creation, accepted.
    """
    seen, answered = reading(read), task_id(change.answer)
    if seen is not None and shows_any(members, change, seen):
        return True
    return Finding(
        summary=Message("created-id-of-another"),
        expected=as_text(change.body.get("title")),
        observed=as_text(seen.task.get("title")) if seen else Message("no-task-under", id=str(answered)),
        exchanges=(change.answer, read) if read else (change.answer,),
        member="id",
    )


def stores(member: Member, change: Change) -> Finding | bool | None:
    """What was written is what is read afterwards."""
    if not change.accepted:
        return None  # a refused change writes nothing; whether it may be refused is another requirement
    written = member.sent_in(change.answer.operation, change.body)
    if written is None:
        return None  # the change does not write this member
    if not any(written) and member.is_text:
        return None  # what an empty text means is a requirement of its own
    if change.after is None:
        return None  # the task cannot be read
    if change.before is not None and member.same(member.read_from(change.before.task), written):
        return None  # it had that value before: reading it back would prove nothing
    return _same(member, written, change, change.after, Message("read-otherwise", member=member.name))


def echoes(member: Member, change: Change) -> Finding | bool | None:
    """The answer to a change shows the task with what was written."""
    if not change.accepted:
        return None  # a refused change has no task to show
    written = member.sent_in(change.answer.operation, change.body)
    if written is None:
        return None  # the change does not write this member
    if change.echo is None:
        return Finding(
            summary=Message("answer-without-task"),
            expected=Message("task-as-sampled"),
            observed=Message("http-status-without-task", status=change.answer.response.status),
            exchanges=change.exchanges,
            member=member.name,
        )
    return _same(member, written, change, change.echo, Message("answered-otherwise", member=member.name))


def echo_is_stored(members: Iterable[Member], change: Change) -> Finding | bool | None:
    """What the answer to a change shows is what is read afterwards.

    Args:
        members: those that the portal's reads show.
        change: what was created or updated.
    """
    if not change.accepted or change.echo is None or change.after is None:
        return None  # nothing was changed, or one of the two does not show the task
    for member in members:
        answered, stored = member.read_from(change.echo.task), member.read_from(change.after.task)
        both = member.shown_in(change.echo.task) and member.shown_in(change.after.task)
        if not any(answered) and not both:
            continue  # CommunityServer leaves empty members out of the one and not of the other
        if not member.same(answered, stored):
            return Finding(
                summary=Message("answer-unlike-reading", member=member.name),
                expected=shown(member, change.echo),
                observed=shown(member, change.after),
                exchanges=change.exchanges,
                member=member.name,
            )
    return True


def left_alone(member: Member, others: Iterable[Member], change: Change) -> str | Finding | None:
    """What becomes of a member that an update does not send.

    Args:
        member: the member in question.
        others: all other members that the target lets a client write.
        change: the update.

    Returns:
        `keep`, `reset` or `reject`; a finding where the member turns into something else altogether;
        None where the update says nothing about it.
    """
    if change.before is None or change.sends(member):
        return None  # a create, or an update that sends the member
    had = member.read_from(change.before.task)
    if not any(had):
        return None  # there was nothing to keep
    if not change.accepted:
        alone = all(change.sends(other) for other in others)
        return REJECT if alone else None  # with several members missing, which one was missed is unknown
    if change.after is None:
        return None  # the task cannot be read
    return _what_became(member, change, change.before, change.after)


def _what_became(member: Member, change: Change, before: Reading, after: Reading) -> str | Finding:
    has = member.read_from(after.task)
    if member.same(has, member.read_from(before.task)):
        return KEEP
    if not any(has):
        return RESET
    return Finding(
        summary=Message("unsent-member-altered", member=member.name),
        expected=shown(member, before),
        observed=shown(member, after),
        exchanges=change.exchanges,
        member=member.name,
    )


def not_expected(member: Member, behaviour: str, change: Change) -> Finding:
    """The finding for an update that leaves a member out and does something unexpected to it."""
    does = {KEEP: Message("does-keep"), RESET: Message("does-clear"), REJECT: Message("does-refuse")}[
        behaviour
    ]
    before = shown(member, change.before) if change.before else ""
    after = (
        shown(member, change.after)
        if change.after
        else Message("http-status", status=change.answer.response.status)
    )
    return Finding(
        summary=Message("unsent-member-treated", member=member.name, does=does),
        expected=before if behaviour != KEEP else Message("another-value-or-refusal"),
        observed=Message("http-status", status=change.answer.response.status)
        if behaviour == REJECT
        else after,
        exchanges=change.exchanges,
        member=member.name,
    )


def took_over(members: Iterable[Member], made: Change, earlier: Iterable[Change]) -> Finding | bool | None:
    """A creation does not take the values of other tasks for what it does not send."""
    if not made.accepted or made.after is None:
        return None  # nothing was created, or it cannot be read
    for member in members:
        has = member.read_from(made.after.task)
        if made.sends(member) or not any(has):
            continue
        for other in earlier:
            if other is not made and other.after and member.read_from(other.after.task) == has:
                return Finding(
                    summary=Message("creation-takes-from-another", member=member.name),
                    expected=Message("nothing-or-own-value"),
                    observed=shown(member, made.after),
                    exchanges=(other.after.exchange, made.answer, made.after.exchange),
                    member=member.name,
                )
    return True


def untouched(members: Iterable[Member], before: Reading, after: Reading, why: Message) -> Finding | bool:
    """A task stays as it was, member by member, its id, author and creation included.

    Args:
        members: what is compared.
        before: the task as it was read before.
        after: as it was read afterwards.
        why: what happened in between, for the finding's sentence.
    """
    for member in members:
        if not member.same(member.read_from(before.task), member.read_from(after.task)):
            return Finding(
                summary=Message("changed-without-update", member=member.name, why=why),
                expected=shown(member, before),
                observed=shown(member, after),
                exchanges=(before.exchange, after.exchange),
                member=member.name,
            )
    for name, fixed in (("id", same_id), ("author", same_author), ("created", same_created)):
        if not fixed(before.task, after.task):
            return Finding(
                summary=Message("changed-without-update", member=name, why=why),
                expected=as_text(before.task.get(_SPELLED[name])),
                observed=as_text(after.task.get(_SPELLED[name])),
                exchanges=(before.exchange, after.exchange),
                member=name,
            )
    return True


_SPELLED = {"id": "id", "author": "createBy", "created": "created"}


def same_id(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether both show the same id, as a number or as digits."""
    return str(before.get("id")) == str(after.get("id"))


def same_author(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether both show the same author, GUIDs compared without regard to case."""
    return _author(before) == _author(after)


def same_created(before: Mapping[str, Any], after: Mapping[str, Any], *, tolerance: int = 0) -> bool:
    """Whether both show the same moment of creation.

    Args:
        before: a task as it was shown.
        after: as it was shown later.
        tolerance: how far apart the moments may be, in units of 100 ns: an echo may carry a fraction that
            the database rounds away (CommunityServer stores whole seconds), two reads may not differ.
    """
    first, second = (ticks(str(task.get("created"))) for task in (before, after))
    if first is None or second is None:
        return before.get("created") == after.get("created")
    return abs(first - second) <= tolerance


def _author(task: Mapping[str, Any]) -> str | None:
    author = task.get("createBy")
    found = author.get("id") if isinstance(author, dict) else author
    return None if found is None else str(found).lower()


def _same(member: Member, written: Value, change: Change, seen: Reading, summary: Message) -> Finding | bool:
    if member.same(member.read_from(seen.task), written):
        return True
    names = member.parameters(change.answer.operation)
    return Finding(
        summary=summary,
        expected=as_text({name: change.body[name] for name in names}),
        observed=shown(member, seen),
        exchanges=change.exchanges,
        member=member.name,
    )


def shown(member: Member, seen: Reading) -> Words:
    """A member as an answer shows it, part by part; in words of Etalon's own where it shows none."""
    places = {".".join(part.reads_as): part.place(seen.task) for part in member.parts}
    if len(places) == 1 and not any(there for there, _ in places.values()):
        return _NOT_SHOWN
    return as_text({name: value if there else str(_NOT_SHOWN) for name, (there, value) in places.items()})


def as_text(value: object) -> str:
    """A value of a body or an answer as a finding shows it: a text as it is, anything else as JSON."""
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
