"""The members of an R7 task, as the annotations of `specs/r7/openapi.yaml` describe them.

A member is what an integrator thinks of as one thing. Its parts are the parameters that it is sent in
(the two pages spell them differently) and the places of the answer that it is read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from etalon.generation.openapi_document import json_body
from etalon.judging.instants import TICKS_PER_SECOND, ticks

Value = tuple[str | int | None, ...]
"""What is compared: one normalised value per part; None where the portal shows nothing."""

# What stands for nobody: the zero GUID, and the person that CommunityServer shows in place of one who does
# not exist (Users/Constants.cs, LostUser).
_NOBODY = frozenset({"00000000-0000-0000-0000-000000000000", "4a515a15-d4d6-4b8e-828e-e0586f18f3a3"})


# .NET shows its "no date" as the first moment of the year 1, at whatever offset (ApiDateTime.cs).
_FIRST_DATE = ticks("0001-01-03T00:00:00Z") or 0


class Likeness(StrEnum):
    """What counts as the same value."""

    TEXT = "text"
    INTEGER = "integer"
    INSTANT = "instant"
    GUID = "guid"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter and the place of the answer that it comes back at.

    Attributes:
        spelled: operationId → name of the parameter in the body.
        reads_as: path of the value in the answered task.
        likeness: what counts as the same.
    """

    spelled: Mapping[str, str]
    reads_as: tuple[str, ...]
    likeness: Likeness

    def place(self, task: Mapping[str, Any]) -> tuple[bool, Any]:
        """Whether an answered task shows the part, and what it shows there."""
        found: Any = task
        for step in self.reads_as:
            if not isinstance(found, Mapping) or step not in found:
                return False, None
            found = found[step]
        return True, found


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a task.

    Attributes:
        name: as requirement ids carry it, lower case (`title`, `responsible`, `entity`).
        promised: whether the pages' sample answers show it.
    """

    name: str
    parts: tuple[Part, ...]
    promised: bool

    @property
    def is_text(self) -> bool:
        """Whether it is free text."""
        return all(part.likeness is Likeness.TEXT for part in self.parts)

    def apart(self) -> tuple[Member, ...]:
        """Each part as a member of its own, named after the place that it is read from."""
        return tuple(Member(part.reads_as[-1].lower(), (part,), self.promised) for part in self.parts)

    def parameters(self, operation: str) -> tuple[str, ...]:
        """The names of the body parameters that carry it in an operation."""
        return tuple(part.spelled[operation] for part in self.parts)

    def sent_in(self, operation: str, body: Mapping[str, Any]) -> Value | None:
        """The value that a body sends, or None where it does not send the member whole."""
        names = self.parameters(operation)
        if any(body.get(name) is None for name in names):
            return None
        return tuple(
            comparable(body[name], part.likeness) for name, part in zip(names, self.parts, strict=True)
        )

    def same(self, one: Value, other: Value) -> bool:
        """Whether two values mean the same.

        Instants less than a second apart do: whether a portal keeps fractions is a requirement of its own,
        and must not colour every other one.
        """
        return all(
            _close(first, second) if part.likeness is Likeness.INSTANT else first == second
            for part, first, second in zip(self.parts, one, other, strict=True)
        )

    def shown_in(self, task: Mapping[str, Any]) -> bool:
        """Whether an answered task has a place for the member at all, be it empty."""
        return any(part.place(task)[0] or _empty_parent(part, task) for part in self.parts)

    def read_from(self, task: Mapping[str, Any]) -> Value:
        """The value that an answered task shows; what it does not show reads as nothing."""
        return tuple(comparable(part.place(task)[1], part.likeness) for part in self.parts)


def comparable(raw: object, likeness: Likeness) -> str | int | None:
    """A raw value of a body or an answer in the form in which equal means the same.

    An empty text, a zero id and the zero GUID are what portals of this family show for "nothing"
    (CommunityServer TaskWrapper: members with their default value are left out of answers).
    """
    if raw is None or isinstance(raw, (Mapping, list)):
        return None
    if likeness is Likeness.INTEGER:
        return _integer(raw)
    return _text(raw, likeness) if isinstance(raw, str) else str(raw)


def _text(raw: str, likeness: Likeness) -> str | int | None:
    match likeness:
        case Likeness.INSTANT:
            moment = ticks(raw)
            if moment is None:
                return raw
            return moment if moment >= _FIRST_DATE else None
        case Likeness.GUID:
            guid = raw.strip("{} ").lower()
            return None if guid in _NOBODY else guid
        case Likeness.WORD:
            return raw.lower() or None
        case _:
            return raw or None


WRITE_ONLY = Member(
    "isnotify",
    (Part({"createTask": "isNotify", "updateTask": "isNotify"}, ("isNotify",), Likeness.WORD),),
    promised=False,
)
"""Whether the responsible person is told: it acts on the request and is never given back."""


def read_members(spec: Mapping[str, Any]) -> tuple[Member, ...]:
    """The members that the two pages let a client write and that an answer can show, in page order.

    Args:
        spec: the parsed `openapi.yaml`.
    """
    create = _properties(spec, "createTask")
    update = {name.lower(): (name, schema) for name, schema in _properties(spec, "updateTask").items()}
    grouped: dict[str, list[Part]] = {}
    promised: dict[str, bool] = {}
    for name, schema in create.items():
        notes = schema["x-etalon"]
        if "reads-as" not in notes:
            continue
        path = tuple(notes["reads-as"].split("."))
        member = path[0].lower()
        spelled = {"createTask": name, "updateTask": update[name.lower()][0]}
        grouped.setdefault(member, []).append(Part(spelled, path, _likeness(spec, schema)))
        promised[member] = notes["shown"] == "always"
    return tuple(Member(name, tuple(parts), promised[name]) for name, parts in grouped.items())


def _properties(spec: Mapping[str, Any], operation: str) -> Mapping[str, Mapping[str, Any]]:
    """The members of a body; the two pages' bodies have one shape each."""
    properties: Mapping[str, Mapping[str, Any]] = json_body(spec, operation).shapes[0]["properties"]
    return properties


def _likeness(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Likeness:
    normalised = schema["x-etalon"].get("normalised")
    if normalised in {"instant", "guid"}:
        return Likeness(normalised)
    resolved = schema
    if "$ref" in schema:
        resolved = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if resolved.get("type") == "integer":
        return Likeness.INTEGER
    return Likeness.WORD if "enum" in resolved else Likeness.TEXT


def _close(one: str | int | None, other: str | int | None) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return abs(one - other) < TICKS_PER_SECOND
    return one == other


def _integer(raw: object) -> str | int | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return str(raw)
    try:
        number = int(raw)
    except (ValueError, OverflowError):
        return str(raw)
    return number or None


def _empty_parent(part: Part, task: Mapping[str, Any]) -> bool:
    """Whether the object that would hold the part is shown as `null`: shown, but empty."""
    return part.reads_as[0] in task and len(part.reads_as) > 1
