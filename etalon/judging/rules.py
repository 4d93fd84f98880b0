"""What an API owes a change, member by member.

Each rule gives a finding where the requirement is broken, True where it holds, and None where the change says
nothing about it; every None is a guard against a false alarm and carries its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from etalon.judging.verdicts import Finding
from etalon.messages import Message
from etalon.resources.values import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from etalon.judging.evidence import Change, Reading, Refusals, Watch
    from etalon.portals.exchange import Exchange
    from etalon.resources.resource import Member, Resource

    Refused = Callable[[Member, Change], Finding | None]

KEEP, RESET, REJECT = "keep", "reset", "reject"


def never_mind(member: Member, change: Change) -> Finding | None:
    """A refused change writes nothing; where its page lets it be refused, that is no finding."""
    del member, change
    return None


def stores(member: Member, change: Change, refused: Refused = never_mind) -> Finding | bool | None:
    """What was written is what is read afterwards.

    Args:
        member: which one.
        change: the creation or the update.
        refused: judges a change that was refused.
    """
    if member.name not in change.patch.sets:
        return None  # it does not write the member, or in a way to which the page gives no meaning
    if not change.accepted:
        return refused(member, change)
    if change.after is None:
        return None  # the object cannot be read
    wanted = change.patch.sets[member.name]
    if member.is_text and not holds(wanted):
        return None  # what an empty text means is a requirement of its own
    if not change.after.shows(member.name):
        return _vanished(member, change)
    if member.agrees(wanted, change.after.members[member.name]):
        # Where it had that value before, reading it back proves nothing.
        had = change.before is not None and member.same(change.before.value_of(member), wanted)
        return None if had else True
    return differs(member, change, change.after, Message("read-unlike-sent", member=member.name))


def _vanished(member: Member, change: Change) -> Finding | None:
    wanted = change.patch.sets[member.name]
    if wanted is False or change.before is None or not change.before.shows(member.name):
        return None  # cards do not show the member, or not where it is off
    return differs(member, change, change.after, Message("shown-no-more", member=member.name))


def echoes(member: Member, change: Change) -> Finding | bool | None:
    """The answer to a change shows the object with what was written."""
    if not change.accepted:
        return None  # a refused change has no object to show
    if member.name not in change.patch.sets:
        return None  # the change does not write this member
    if change.echo is None:
        return Finding(
            summary=Message("answer-without-task"),
            expected=Message("task-as-sampled"),
            observed=Message("http-status-without-task", status=change.exchange.response.status),
            exchanges=change.exchanges,
            member=member.name,
        )
    if member.agrees(change.patch.sets[member.name], change.echo.value_of(member)):
        return True
    return differs(member, change, change.echo, Message("answered-otherwise", member=member.name))


def echo_is_stored(members: Iterable[Member], change: Change) -> Finding | bool | None:
    """What the answer to a change shows is what is read afterwards.

    Args:
        members: those that reads show.
        change: what was created or updated.
    """
    if not change.accepted or change.echo is None or change.after is None:
        return None  # nothing was changed, or one of the two does not show the object
    for member in members:
        answered, stored = (one.value_of(member) for one in (change.echo, change.after))
        both = member.shown_in(change.echo.card) and member.shown_in(change.after.card)
        if not holds(answered) and not both:
            continue  # some APIs leave empty members out of the one and not of the other
        if not member.same(answered, stored):
            return Finding(
                summary=Message("answer-unlike-reading", member=member.name),
                expected=change.echo.raw(member),
                observed=change.after.raw(member),
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
    if change.before is None or change.sends(member) or not change.before.shows(member.name):
        return None  # a creation, an update that sends the member, or a card that did not show it
    had = change.before.members[member.name]
    if not holds(had):
        return None  # there was nothing to keep
    if not change.accepted:
        alone = all(change.sends(other) for other in others)
        return REJECT if alone else None  # with several missing, which one was missed is unknown
    if change.after is None:
        return None  # the object cannot be read
    has = change.after.value_of(member)
    if member.unchanged(had, has):
        return KEEP
    return _turned(member, change, change.before, change.after) if holds(has) else RESET


def keeps(member: Member, change: Change) -> Finding | bool | None:
    """A member that an update does not send stays as it was, be that empty."""
    if not change.accepted or change.sends(member):
        return None  # refused updates are another requirement's, and this update sends the member
    if change.before is None or change.after is None or not change.before.shows(member.name):
        return None  # the object cannot be read, or its card did not show the member
    had, has = change.before.members[member.name], change.after.value_of(member)
    if member.unchanged(had, has):
        # A flag that is off can be switched on; of other members that hold nothing, nothing can get lost.
        return True if holds(had) or isinstance(had, bool) else None
    return _turned(member, change, change.before, change.after)


def _turned(member: Member, change: Change, before: Reading, after: Reading) -> Finding:
    return Finding(
        summary=Message("changed-unsent", member=member.name),
        expected=before.raw(member),
        observed=after.raw(member),
        exchanges=change.exchanges,
        member=member.name,
    )


def not_expected(member: Member, behaviour: str, change: Change) -> Finding:
    """The finding for an update that leaves a member out and does something unexpected to it."""
    does = {KEEP: Message("does-keep"), RESET: Message("does-clear"), REJECT: Message("does-refuse")}
    before = change.before.raw(member) if change.before else ""
    refused = Message("http-status", status=change.exchange.response.status)
    after = change.after.raw(member) if change.after else refused
    return Finding(
        summary=Message("unsent-member-treated", member=member.name, does=does[behaviour]),
        expected=before if behaviour != KEEP else Message("another-value-or-refusal"),
        observed=refused if behaviour == REJECT else after,
        exchanges=change.exchanges,
        member=member.name,
    )


def first_difference(
    resource: Resource, before: Reading, after: Reading, but: Iterable[str] = ()
) -> Member | None:
    """The first member in which two readings of an object differ, what the API itself gave it included.

    Args:
        resource: whose members, and which of those that the API gives never change.
        before: the object as it was read.
        after: as it was read later.
        but: names of members that are left out.
    """
    left_out = set(but)
    for member in resource.readable:
        had, has = (one.value_of(member) for one in (before, after))
        if member.name not in left_out and before.shows(member.name) and not member.unchanged(had, has):
            return member
    for member in resource.fixed:
        if before.managed.get(member.name) != after.managed.get(member.name):
            return member
    return None


def untouched(
    resource: Resource, before: Reading, after: Reading, why: Message, but: Iterable[str] = ()
) -> Finding | bool:
    """An object stays as it was, member by member, and so does what the API itself gave it.

    Args:
        resource: what is compared.
        before: the object as it was read before.
        after: as it was read afterwards.
        why: what happened in between, for the finding's sentence.
        but: names of members that are left out.
    """
    member = first_difference(resource, before, after, but)
    if member is None:
        return True
    return Finding(
        summary=Message("changed-without-update", member=member.name, why=why),
        expected=before.raw(member),
        observed=after.raw(member),
        exchanges=(before.exchange, after.exchange),
        member=member.name,
    )


def changes_nothing(resource: Resource, refusals: Refusals) -> Finding | bool | None:
    """Requests that were refused leave the object as it was."""
    if not refusals.probes:
        return None  # nothing was refused
    member = first_difference(resource, refusals.before, refusals.after, refusals.rewritten)
    if member is None:
        return True
    one = refusals.probes[0] if len(refusals.probes) == 1 else None
    what = Message("through-refused-update", why=one.why) if one else Message("through-refused-updates")
    return Finding(
        summary=Message("changed-through", member=member.name, what=what),
        expected=refusals.before.raw(member),
        observed=refusals.after.raw(member),
        exchanges=(
            refusals.before.exchange,
            *(probe.exchange for probe in refusals.probes),
            refusals.after.exchange,
        ),
        member=member.name,
    )


def stays(resource: Resource, watch: Watch) -> Finding | bool:
    """An object that no update named stays as it was."""
    member = first_difference(resource, watch.before, watch.after)
    if member is None:
        return True
    has = watch.after.value_of(member)
    touching = [change for change in watch.suspects if change.sends(member)]
    same = [change for change in touching if change.patch.sets.get(member.name) == has]
    suspect = (same or touching or list(watch.suspects))[-1:]
    return Finding(
        summary=Message("other-task-changed", member=member.name, role=watch.role),
        expected=watch.before.raw(member),
        observed=watch.after.raw(member),
        exchanges=(watch.before.exchange, *(one.exchange for one in suspect), watch.after.exchange),
        member=member.name,
    )


def fixed(
    member: Member, earlier: Reading, later: Reading, shown_by: tuple[Exchange, ...] = ()
) -> Finding | bool | None:
    """What the API itself gave an object never changes: its number, its time of creation.

    Args:
        member: which of it.
        earlier: the object as it was read.
        later: as it was read, or answered, later.
        shown_by: what shows it; by default, the two readings.
    """
    if member.name not in earlier.managed:
        return None  # the card does not show it
    if member.name not in later.managed and not member.promised:
        return None  # a card may leave it out
    if earlier.managed[member.name] == later.managed.get(member.name):
        return True
    return Finding(
        summary=Message("changes-in-life", member=member.spelling),
        expected=earlier.raw(member),
        observed=later.raw(member),
        exchanges=shown_by or (earlier.exchange, later.exchange),
        member=member.spelling,
    )


def took_over(members: Iterable[Member], made: Change, earlier: Sequence[Change]) -> Finding | bool | None:
    """A creation does not take the values of other objects for what it does not send."""
    if not made.accepted or made.after is None:
        return None  # nothing was created, or it cannot be read
    for member in members:
        has = made.after.value_of(member)
        if made.sends(member) or not holds(has):
            continue
        for other in earlier:
            if other is not made and other.after and other.after.value_of(member) == has:
                return Finding(
                    summary=Message("creation-takes-from-another", member=member.name),
                    expected=Message("nothing-or-own-value"),
                    observed=made.after.raw(member),
                    exchanges=(other.after.exchange, made.exchange, made.after.exchange),
                    member=member.name,
                )
    return True


def shows_any(members: Iterable[Member], change: Change, shown: Reading) -> bool:
    """Whether an object has at least one of the values that a change sends: a stranger's hardly has."""
    return any(
        holds(written := change.patch.sets.get(member.name)) and member.same(shown.value_of(member), written)
        for member in members
    )


def keeps_a_text(members: Iterable[Member], change: Change, shown: Reading) -> bool:
    """Whether an object has one of the texts that an update sends, or that it had itself before."""
    for member in members:
        has = shown.value_of(member)
        had = change.before.value_of(member) if change.before else None
        sent = change.patch.sets.get(member.name)
        if member.is_text and holds(has) and any(one and member.same(has, one) for one in (had, sent)):
            return True
    return False


def same_kind(outcome: Finding | bool | None, finding: Finding) -> TypeGuard[Finding]:
    """Whether a smaller example breaks the rule in the same way."""
    return isinstance(outcome, Finding) and outcome.summary == finding.summary


def differs(member: Member, change: Change, seen: Reading | None, summary: Message) -> Finding:
    """A finding about a member that came out otherwise than it was sent."""
    return Finding(
        summary=summary,
        expected=change.spelled(member),
        observed=seen.raw(member) if seen else Message("nothing"),
        exchanges=change.exchanges,
        member=member.name,
    )
