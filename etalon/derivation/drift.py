"""What changed between a committed spec and a newer page: in words, member by member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from xmlschema.validators import XsdElement, XsdGroup, XsdSimpleType

from etalon.derivation.page import MISSING

if TYPE_CHECKING:
    from xmlschema import XMLSchema11

_MEMBER = "{urn:etalon:spec}member"


@dataclass(frozen=True, slots=True)
class SpecMember:
    """A member of a request or an answer, as far as drift is concerned.

    Attributes:
        path: where it stands, e.g. `updateTask request: title` or `request/task/title`.
        type: name of its type; empty where the spec leaves it open.
        mandatory: whether it has to be there.
        values: the values that it may take, where they are listed.
        open: whether its values stand on a page that was not given, so that its type is not known.
    """

    path: str
    type: str = ""
    mandatory: bool = False
    values: tuple[str, ...] = ()
    open: bool = False


class DriftKind(StrEnum):
    """What became of a member."""

    ADDED = "added"
    REMOVED = "removed"
    RETYPED = "retyped"
    BECAME_MANDATORY = "became mandatory"
    BECAME_OPTIONAL = "became optional"
    VALUES = "other values allowed"


@dataclass(frozen=True, slots=True)
class Drift:
    """One change of one member, with what it was and what it is."""

    path: str
    kind: DriftKind
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        if self.kind is DriftKind.ADDED:
            return f"{self.path}: {self.kind} ({self.new})"
        told = f" ({self.old or 'anything'} → {self.new or 'anything'})" if self.old or self.new else ""
        return f"{self.path}: {self.kind}{told}"


def drift(old: Mapping[str, SpecMember], new: Mapping[str, SpecMember]) -> tuple[Drift, ...]:
    """All changes from one spec to another.

    A member that goes or comes takes what lies below it along: that is not listed.
    """
    gone = _tops(path for path in old if path not in new)
    come = _tops(path for path in new if path not in old)
    changes = [Drift(path, DriftKind.REMOVED) for path in gone]
    changes += [Drift(path, DriftKind.ADDED, new=_described(new[path])) for path in come]
    for path in old:
        if path in new:
            changes += _changed(old[path], new[path])
    return tuple(changes)


def openapi_members(document: Mapping[str, Any]) -> dict[str, SpecMember]:
    """The parameters and the members of bodies and answers of an OpenAPI document, by path."""
    found: dict[str, SpecMember] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if not isinstance(operation, Mapping) or "responses" not in operation:
                continue
            name = f"{method.upper()} {path}"
            for parameter in (*item.get("parameters", ()), *operation.get("parameters", ())):
                resolved = _resolved(document, parameter)
                place = f"{name} {resolved['in']}: {resolved['name']}"
                found[place] = _json_member(
                    place, _resolved(document, resolved["schema"]), mandatory=bool(resolved.get("required"))
                )
            body = operation.get("requestBody", {})
            found |= _bodies(document, f"{name} request", body)
            for status, answer in operation["responses"].items():
                found |= _bodies(document, f"{name} answer {status}", _resolved(document, answer))
    return found


def xsd_members(schema: XMLSchema11) -> dict[str, SpecMember]:
    """The elements and attributes of a schema's global elements, by path."""
    found: dict[str, SpecMember] = {}
    for element in schema.elements.values():
        for member in _elements(element, "", ()):
            found[member.path] = member
    return found


def _tops(paths: Iterator[str]) -> list[str]:
    tops: list[str] = []
    for path in paths:
        if not any(path.startswith((f"{top}/", f"{top}.")) for top in tops):
            tops.append(path)
    return tops


def _changed(old: SpecMember, new: SpecMember) -> Iterator[Drift]:
    if new.open:
        yield from _obligation(old, new)
        return
    if old.type != new.type and not (old.values and new.values):
        yield Drift(old.path, DriftKind.RETYPED, old.type, new.type)
    yield from _obligation(old, new)
    if set(old.values) != set(new.values):
        yield Drift(old.path, DriftKind.VALUES, ", ".join(old.values), ", ".join(new.values))


def _obligation(old: SpecMember, new: SpecMember) -> Iterator[Drift]:
    if old.mandatory != new.mandatory:
        yield Drift(old.path, DriftKind.BECAME_MANDATORY if new.mandatory else DriftKind.BECAME_OPTIONAL)


def _described(member: SpecMember) -> str:
    return f"{'mandatory' if member.mandatory else 'optional'} {member.type}".strip()


def _bodies(document: Mapping[str, Any], name: str, holder: Mapping[str, Any]) -> dict[str, SpecMember]:
    found: dict[str, SpecMember] = {}
    for media in holder.get("content", {}).values():
        for member in _json_members(document, f"{name}: ", media.get("schema", {}), frozenset()):
            found.setdefault(member.path, member)
    return found


def _json_members(
    document: Mapping[str, Any], path: str, schema: Mapping[str, Any], above: frozenset[int]
) -> Iterator[SpecMember]:
    resolved = _resolved(document, schema)
    if id(resolved) in above:
        return  # a schema that holds itself
    inside = above | {id(resolved)}
    required = resolved.get("required", ())
    for name, member in resolved.get("properties", {}).items():
        place = path + name
        yield _json_member(place, _resolved(document, member), mandatory=name in required)
        yield from _json_members(document, f"{place}.", member, inside)
    if "items" in resolved:
        yield from _json_members(document, path, resolved["items"], inside)
    for alternative in (*resolved.get("anyOf", ()), *resolved.get("oneOf", ()), *resolved.get("allOf", ())):
        yield from _json_members(document, path, alternative, inside)


def _json_member(path: str, schema: Mapping[str, Any], *, mandatory: bool) -> SpecMember:
    kind = schema.get("format") or schema.get("type", "")
    name = kind if isinstance(kind, str) else " or ".join(kind)
    return SpecMember(path, name, mandatory, tuple(map(str, schema.get("enum", ()))))


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        target: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema


def _elements(element: XsdElement, above: str, types: tuple[object, ...]) -> Iterator[SpecMember]:
    path = f"{above}/{element.local_name}" if above else str(element.local_name)
    kind = element.type
    if isinstance(kind, XsdSimpleType):
        listed = tuple(map(str, getattr(kind, "enumeration", None) or ()))
        yield SpecMember(path, _type_name(kind), bool(element.min_occurs), listed, open=_is_open(element))
        return
    yield SpecMember(path, "", bool(element.min_occurs))
    if kind in types:
        return  # a type that holds itself
    for attribute, declared in sorted(kind.attributes.items(), key=lambda pair: str(pair[0])):
        if attribute is not None:
            yield SpecMember(f"{path}/@{attribute}", "", declared.use == "required")
    if isinstance(kind.content, XsdGroup):
        for child in kind.content.iter_elements():
            if isinstance(child, XsdElement):
                yield from _elements(child, path, (*types, kind))


def _is_open(element: XsdElement) -> bool:
    facts = element.elem.iterfind(f"{{*}}annotation/{{*}}appinfo/{_MEMBER}")
    return any(fact.get("listed-on") == MISSING for fact in facts)


def _type_name(kind: XsdSimpleType) -> str:
    """The type's own name, or that of the first one with a name that it restricts."""
    while kind.local_name is None and isinstance(kind.base_type, XsdSimpleType):
        kind = kind.base_type
    return kind.local_name or ""
