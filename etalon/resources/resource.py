"""What an API describes of one kind of object: its members, and the operations on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.numerals import whole_number
from etalon.resources.places import all_at, raw_at
from etalon.resources.values import Likeness, Value, comparable, means, rendered, same
from etalon.resources.values import shown as as_shown

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.messages import Words
    from etalon.resources.places import Document, Path


_NOT_SHOWN = Message("not-shown")


class Role(StrEnum):
    """What a member is to the object."""

    CONTENT = "content"
    REFERENCE = "reference"
    WRITE_ONLY = "write-only"
    SERVER_MANAGED = "server-managed"


class Effect(StrEnum):
    """What an update does that sends a member in a place of the request."""

    SETS = "sets"
    ADDS = "adds"
    REMOVES = "removes"
    UNSETS = "unsets"


class Shown(StrEnum):
    """When an answer shows a member: `never-promised` where the page's sample does not."""

    ALWAYS = "always"
    WHEN_SET = "when-set"
    NEVER_PROMISED = "never-promised"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a spec says that it has something from.

    Attributes:
        page: of the vendor's documentation, or another source in words.
        row: of the parameter table; the member of a sample or a sentence where it is none.
        line: of the page; 0 where it is not known.
        extension: whether the page under judgement does not document it.
        reading: how an ambiguity of the page is understood.
        listed_on: the page that lists the values.
    """

    page: str = ""
    row: str = ""
    line: int = 0
    extension: bool = False
    reading: str = ""
    listed_on: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """A place of a request that says something about a member."""

    path: Path
    effect: Effect = Effect.SETS


Reader = Callable[["Element"], Value]
"""Reads a value that only one vendor has out of the element that holds it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a member: where requests have it, and where answers do.

    Attributes:
        sent: operation → the places of its request that say something about it.
        read: the paths below the object by which answers show it, the usual one first.
        likeness: what counts as the same.
        nothing: texts, in small letters, that stand for nothing.
        reader: of a value that only one vendor has, in place of what `likeness` says.
        is_whole: whether such a value has all that a request needs for it to have a meaning.
        agrees: whether such a value that is read back means what was sent.
    """

    sent: Mapping[str, tuple[Sending, ...]]
    read: tuple[Path, ...]
    likeness: Likeness
    nothing: frozenset[str] = frozenset()
    reader: Reader | None = None
    is_whole: Callable[[Value], bool] | None = None
    agrees: Callable[[Value, Value], bool] | None = None

    def place(self, shown: Document) -> tuple[bool, object]:
        """Whether an answer shows the part, and what it shows there, as it stands there."""
        for path in self.read:
            there, raw = raw_at(shown, path)
            if there:
                return True, raw
        return False, None

    def read_from(self, shown: Document) -> Value:
        """The value that an answer shows; what it does not show reads as nothing."""
        if self.likeness is Likeness.SET:
            # An id that is listed twice stands twice.
            return tuple(sorted(one for path in self.read for one in _numbers_at(shown, path))) or None
        for path in self.read:
            if raw_at(shown, path)[0]:
                return self.read_at(shown, path)
        return None

    def read_at(self, document: Document, path: Path) -> Value:
        """The value that stands at a path; nothing where none does."""
        if self.reader is not None and not isinstance(document, Mapping):
            node = document.find("/".join(path))
            return None if node is None else self.reader(node)
        return self.value_of(raw_at(document, path)[1])

    def value_of(self, raw: object) -> Value:
        """A raw value of a request or an answer in the form in which equal means the same."""
        return comparable(raw, self.likeness, self.nothing)

    def sending(self, operation: str, effect: Effect = Effect.SETS) -> Path | None:
        """The place of an operation's request that has an effect on it; None where it has none."""
        found = (one.path for one in self.sent.get(operation, ()) if one.effect is effect)
        return next(found, None)


def _numbers_at(document: Document, path: Path) -> list[int]:
    if isinstance(document, Mapping):
        return []
    numbers = (whole_number(text.strip()) for text in all_at(document, path))
    return [number for number in numbers if number]


@dataclass(frozen=True, slots=True)
class Member:
    """What an integrator thinks of as one thing of an object, be it sent in several parts.

    Attributes:
        name: as requirement ids carry it.
        shown: when answers show it.
        refers_to: kinds of known ids that its values are taken from.
        selected_by: value of the part that chooses → the kind of known ids that the other part then takes.
        absence_is_nothing: whether an answer that does not show it says that there is nothing.
        markup: whether a text may come back as HTML that shows it.
        ends: whether it is the end of something.
    """

    name: str
    parts: tuple[Part, ...]
    role: Role = Role.CONTENT
    shown: Shown = Shown.ALWAYS
    refers_to: tuple[str, ...] = ()
    selected_by: Mapping[str, str] = field(default_factory=dict)
    absence_is_nothing: bool = True
    markup: bool = False
    ends: bool = False
    source: Source = Source()

    @property
    def spelling(self) -> str:
        """Its name as answers have it."""
        return self.parts[0].read[0][0]

    @property
    def promised(self) -> bool:
        """Whether the page's sample answers show it."""
        return self.shown is Shown.ALWAYS

    @property
    def is_text(self) -> bool:
        """Whether it is free text."""
        return all(part.likeness is Likeness.TEXT for part in self.parts)

    @property
    def nothing(self) -> Value:
        """The value of a member that holds nothing."""
        return None if len(self.parts) == 1 else (None,) * len(self.parts)

    def apart(self) -> tuple[Member, ...]:
        """Each part as a member of its own, named after the place that it is read from."""
        return tuple(replace(self, name=part.read[0][-1].lower(), parts=(part,)) for part in self.parts)

    def parameters(self, operation: str) -> tuple[str, ...]:
        """The names by which an operation's request sets its parts; none where it sets none."""
        paths = (part.sending(operation) for part in self.parts)
        return tuple("/".join(path) for path in paths if path is not None)

    def same(self, one: Value, other: Value) -> bool:
        """Whether two values that were read mean the same."""
        if len(self.parts) == 1:
            return same(self.parts[0].likeness, one, other)
        if not isinstance(one, tuple) or not isinstance(other, tuple):
            return one == other
        return all(
            same(part.likeness, first, second)
            for part, first, second in zip(self.parts, one, other, strict=True)
        )

    def unchanged(self, had: Value, has: Value) -> bool:
        """Whether a value that is read is the one that was read before, to its last digit."""
        if all(isinstance(one, int) for one in (had, has)):
            return had == has
        return self.same(had, has)

    def agrees(self, sent: Value, got: Value) -> bool:
        """Whether a value that is read back means what was sent, as far as the page says.

        A text may come back as HTML that shows it, where its page lets it.
        """
        if self.markup and sent != got and isinstance(sent, str) and isinstance(got, str):
            return rendered(got).rstrip("\n") == sent.rstrip("\n")
        special = self.parts[0].agrees
        if special is not None:
            return special(sent, got)
        return self.same(sent, got) or means(sent, got, ends=self.ends)

    def shown_in(self, shown: Document) -> bool:
        """Whether an answer has a place for the member at all, be it empty."""
        return any(
            part.place(shown)[0] or (len(path) > 1 and raw_at(shown, path[:1])[0])
            for part in self.parts
            for path in part.read
        )

    def read_from(self, shown: Document) -> Value:
        """The value that an answer shows; what it does not show reads as nothing."""
        if len(self.parts) == 1:
            return self.parts[0].read_from(shown)
        return tuple(part.read_from(shown) for part in self.parts)

    def spelled_in(self, shown: Document) -> Words:
        """What an answer shows of it, for a person: JSON as it stands there, XML as it is understood."""
        if not isinstance(shown, Mapping):
            return as_shown(self.read_from(shown))
        found = {".".join(part.read[0]): part.place(shown) for part in self.parts}
        if len(found) == 1 and not any(there for there, _ in found.values()):
            return _NOT_SHOWN
        parts = {path: value if there else str(_NOT_SHOWN) for path, (there, value) in found.items()}
        one = next(iter(parts.values())) if len(parts) == 1 else parts
        return one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """A request that an API documents for an object, or that a run needs beside it.

    Attributes:
        name: as traffic is labelled with it.
        method: of HTTP, where that and a path tell operations apart.
        path: below the server, likewise.
        gives: the kind of known ids that its answer lists; empty where it lists none.
    """

    name: str
    method: str = ""
    path: str = ""
    gives: str = ""
    source: Source = Source()


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object of an API.

    Attributes:
        name: of the kind (`task`).
        members: what a client can write, those that are never given back included, in the order of the page.
        managed: what answers show beside them, and no update sends.
        never_changing: names of those of them that an object keeps for life.
        operations: name → operation.
    """

    name: str
    members: tuple[Member, ...]
    managed: tuple[Member, ...] = ()
    never_changing: frozenset[str] = frozenset()
    operations: Mapping[str, Operation] = field(default_factory=dict)

    @property
    def readable(self) -> tuple[Member, ...]:
        """The members that an answer can show."""
        return tuple(member for member in self.members if member.role is not Role.WRITE_ONLY)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members that an answer can show."""
        return tuple(member.name for member in self.readable)

    @property
    def fixed(self) -> tuple[Member, ...]:
        """What the API gives an object for life."""
        return tuple(member for member in self.managed if member.name in self.never_changing)

    def gives(self, kind: str) -> Operation:
        """The operation that lists the known ids of a kind; the first one of the document that does.

        Raises:
            KeyError: there is none.
        """
        found = next((one for one in self.operations.values() if one.gives == kind), None)
        if found is None:
            raise KeyError(kind)
        return found

    def member(self, name: str) -> Member:
        """The member of that name, or the part of one by its own name.

        Raises:
            KeyError: there is none.
        """
        apart = (part for member in self.members if len(member.parts) > 1 for part in member.apart())
        found = next((one for one in (*self.members, *apart, *self.managed) if one.name == name), None)
        if found is None:
            raise KeyError(name)
        return found
