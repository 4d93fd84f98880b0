"""OpenAPI with its `x-etalon` annotations → a resource.

The README of the specs tells what each annotation says. One that is not known here is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from etalon.generation.openapi_document import ANNOTATION, json_answer, json_body
from etalon.resources.annotations import Annotations, require_known
from etalon.resources.resource import Member, Operation, Part, Resource, Role, Sending, Shown, Source
from etalon.resources.values import Likeness

if TYPE_CHECKING:
    from collections.abc import Iterator

_NORMALISED = {"instant": Likeness.INSTANT, "guid": Likeness.GUID, "any-case": Likeness.WORD_IN_ANY_CASE}

_FOR_EXAMPLES = ("longest", "may-be-blank", "quiet-values")
"""What generation reads out of the document itself."""
_KNOWN = frozenset(
    {
        *_FOR_EXAMPLES,
        "extension",
        "gives-known",
        "normalised",
        "reading",
        "reads-as",
        "refers-to",
        "role",
        "selected-by",
        "shown",
        "source",
        "stands-for-nothing",
    }
)
_SOURCE = frozenset({"line", "page", "row", "sample", "sentence"})


def read_resource(
    spec: Mapping[str, Any],
    name: str,
    creates: str,
    updates: str,
    within: str,
    *,
    never_changing: frozenset[str],
) -> Resource:
    """What a document says of one kind of object.

    Args:
        spec: the parsed document.
        name: of the kind.
        creates: operation id of its creation, by whose names its members go.
        updates: operation id of its update, whose answer shows the object.
        within: the member of an answer that holds the object.
        never_changing: names of what the API gives an object for life.

    Raises:
        UnknownAnnotationError: an annotation says something that no code reads.
    """
    _require_known(spec)
    created, updated = _properties(spec, creates), _properties(spec, updates)
    shown = {key.lower(): one for key, one in _shown(spec, updates, within)}
    names = {key.lower(): key for key in updated}
    members: dict[str, Member] = {}
    for key, schema in created.items():
        other = names.get(key.lower())
        sent = {creates: (Sending((key,)),)} | ({updates: (Sending((other,)),)} if other else {})
        found = _member(spec, key, schema, sent)
        if other:
            _member(spec, other, updated[other], sent)  # its page has a row of its own, with annotations
        before = members.get(found.name)
        members[found.name] = found if before is None else _joined(before, found)
    managed = tuple(one for one in shown.values() if one.role is Role.SERVER_MANAGED)
    found_operations = {one.name: one for one in operations(spec)}
    return Resource(name, tuple(members.values()), managed, never_changing, found_operations)


def operations(spec: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations of a document.

    Raises:
        UnknownAnnotationError: an annotation says something that no code reads.
    """
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if not isinstance(operation, dict) or "operationId" not in operation:
                continue
            notes = Annotations(operation.get(ANNOTATION, {}), f"{method.upper()} {path}")
            yield Operation(
                operation["operationId"], method.upper(), path, notes.text("gives-known"), _source(notes)
            )
            notes.finish()


def _require_known(node: object, where: str = "#") -> None:
    """See that a document has no annotation that is not known, be it on what no resource is bound to."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == ANNOTATION:
                require_known(value, _KNOWN, where)
                source = value.get("source", {})
                require_known(() if isinstance(source, str) else source, _SOURCE, f"{where}, source")
            else:
                _require_known(value, f"{where}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            _require_known(value, f"{where}/{number}")


def _member(
    spec: Mapping[str, Any], key: str, schema: Mapping[str, Any], sent: Mapping[str, tuple[Sending, ...]]
) -> Member:
    notes = Annotations(schema.get(ANNOTATION, {}), key)
    path = tuple(notes.text("reads-as", key).split("."))
    likeness = _likeness(spec, schema, notes.text("normalised"))
    refers, chosen = notes.choice("refers-to"), notes.text("selected-by")
    found = Member(
        name=path[0].lower(),
        parts=(Part(sent, (path,), likeness, notes.words("stands-for-nothing")),),
        role=Role(notes.text("role", Role.CONTENT)),
        shown=Shown(notes.text("shown", Shown.ALWAYS)),
        refers_to=tuple(refers.values()),
        selected_by=refers if chosen else {},
        source=_source(notes),
    )
    notes.leave(*_FOR_EXAMPLES)
    notes.finish()
    return found


def _joined(one: Member, other: Member) -> Member:
    """What is sent in two parameters and read from one object is one member."""
    return replace(
        one,
        parts=(*one.parts, *other.parts),
        refers_to=(*one.refers_to, *other.refers_to),
        selected_by={**one.selected_by, **other.selected_by},
    )


def _shown(spec: Mapping[str, Any], operation: str, within: str) -> Iterator[tuple[str, Member]]:
    """The members of an object that an answer shows; of one that is an object itself, its id."""
    answer = json_answer(spec, operation)
    for key, schema in _resolved(spec, answer)["properties"][within]["properties"].items():
        member = _member(spec, key, schema, {})
        inner = schema.get("properties", {}).get("id")
        if inner is not None:
            part = replace(member.parts[0], read=((key, "id"),), likeness=_likeness(spec, inner, ""))
            member = replace(member, parts=(part,))
        yield key, member


def _properties(spec: Mapping[str, Any], operation: str) -> Mapping[str, Mapping[str, Any]]:
    """The members of a body; the bodies of pages that have no alternatives have one shape each."""
    properties: Mapping[str, Mapping[str, Any]] = json_body(spec, operation).shapes[0]["properties"]
    return properties


def _likeness(spec: Mapping[str, Any], schema: Mapping[str, Any], normalised: str) -> Likeness:
    if normalised:
        return _NORMALISED[normalised]
    resolved = _resolved(spec, schema)
    if resolved.get("type") == "integer":
        return Likeness.INTEGER
    if resolved.get("format") == "uuid" or "Guid" in schema.get("$ref", ""):
        return Likeness.GUID
    if resolved.get("type") == "boolean":
        return Likeness.FLAG
    return Likeness.WORD if "enum" in resolved else Likeness.TEXT


def _resolved(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema
    if "$ref" in schema:
        found = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _source(notes: Annotations) -> Source:
    said = notes.source()
    page = said.get("page", "")
    row = next((str(said[key]) for key in ("row", "sample", "sentence") if key in said), "")
    pages = ", ".join(page) if isinstance(page, list) else str(page)
    return Source(pages, row, int(said.get("line", 0)), notes.flag("extension"), notes.text("reading"))
