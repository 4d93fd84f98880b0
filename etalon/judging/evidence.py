"""What a scenario brought, as a judge sees it: readings of an object, and changes between them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from etalon.resources.patch import NOTHING, Patch, expected
from etalon.resources.values import holds, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.messages import Message, Words
    from etalon.portals.exchange import Exchange
    from etalon.resources.places import Document
    from etalon.resources.resource import Member, Resource
    from etalon.resources.values import Value


@dataclass(frozen=True, slots=True)
class Reading:
    """An object as one answer shows it.

    Attributes:
        exchange: the answer.
        card: the object in it, as it stands there.
        members: name → value; a member that the card does not show, and whose absence says nothing, is left
            out.
        managed: what the API itself gave the object, as far as the card shows it.
    """

    exchange: Exchange
    card: Document = field(repr=False)
    members: Mapping[str, Value]
    managed: Mapping[str, Value]

    @classmethod
    def of(cls, exchange: Exchange, card: Document, resource: Resource) -> Reading:
        """An object as an answer shows it, read as its resource says."""
        members: dict[str, Value] = {}
        for member in resource.readable:
            value = member.read_from(card)
            # A reference that is there and names nothing says so; an empty word says nothing.
            names_nothing = bool(member.refers_to) and member.parts[0].place(card)[0]
            if member.absence_is_nothing or value is not None or names_nothing:
                members[member.name] = value
        managed: dict[str, Value] = {}
        for member in resource.managed:
            value = member.read_from(card)
            if member.shown_in(card) and (member.absence_is_nothing or value is not None):
                managed[member.name] = value
        return cls(exchange, card, members, managed)

    def shows(self, member: str) -> bool:
        """Whether the card says anything about a member."""
        return member in self.members

    def holds(self, member: str) -> bool:
        """Whether the card shows a member with a value that could get lost."""
        return holds(self.members.get(member))

    def value_of(self, member: Member) -> Value:
        """The value of a member, or of a part of one; nothing where the card does not show it."""
        known = member.name in self.members
        return self.members[member.name] if known else member.read_from(self.card)

    def raw(self, member: Member) -> Words:
        """A member as the card has it, for a person: part by part, in its own spelling."""
        return member.spelled_in(self.card)


@dataclass(frozen=True, slots=True)
class Change:
    """A creation or an update, between what was read before and after it.

    Attributes:
        exchange: the request and its answer.
        patch: what it asks for.
        accepted: whether the API says that it did it.
        before: None for a creation, or where the object could not be read.
        after: None where nothing was created, or the object could not be read.
        origin: the creation that made the object, where this is an update.
        echo: the object as the answer itself shows it.
        creates: whether it was a creation that was asked for.
        sent: what was sent, member by member, where a person would have it spelled so.
    """

    exchange: Exchange
    patch: Patch = NOTHING
    accepted: bool = False
    before: Reading | None = None
    after: Reading | None = None
    origin: Exchange | None = None
    echo: Reading | None = None
    creates: bool = False
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def expected(self) -> Mapping[str, Value]:
        """The members afterwards, as far as the page says what they have to be."""
        return expected(self.before.members, self.patch) if self.before else self.patch.sets

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All that shows the change, in the order in which it went."""
        before = self.before.exchange if self.before else None
        after = self.after.exchange if self.after else None
        return tuple(part for part in (self.origin, before, self.exchange, after) if part)

    @property
    def size(self) -> int:
        """How many bytes are sent: of changes that show the same, the smallest is reported."""
        return len(self.exchange.request.body)

    def sends(self, member: Member) -> bool:
        """Whether the request says anything about a member."""
        return self.patch.touches(member.name)

    def spelled(self, member: Member) -> Words:
        """What is sent for a member, for a person: as the request has it, or as it is understood."""
        names = member.parameters(self.exchange.operation)
        given = {name: self.body[name] for name in names if name in self.body}
        return spelled(given) if given else shown(self.patch.sets.get(member.name))


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that the API has to refuse, and why.

    Attributes:
        name: what is wrong with it, as requirement ids carry it (`IMPORTANCE`, `UNKNOWN-ID`).
        why: the same for people, to stand after "although" in a finding.
        exchange: how it went.
        accepted: whether the API says that it did it.
    """

    name: str
    why: Message
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Refusals:
    """Requests that were refused one after the other, between two readings of their object.

    Attributes:
        rewritten: members that ordinary updates in between have set.
    """

    before: Reading
    probes: tuple[Probe, ...]
    after: Reading
    rewritten: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Watch:
    """An object that no update named, read before and after the updates of others.

    Attributes:
        role: what it is to the updated one, as a finding says it (`a neighbour`, `the parent`).
        suspects: the updates in between.
    """

    role: Message
    before: Reading
    after: Reading
    suspects: tuple[Change, ...] = ()


def spelled(value: object) -> str:
    """A value of a request or an answer as a finding shows it: a text as it is, anything else as JSON."""
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
