"""JSON bodies from an OpenAPI document, drawn by Schemathesis's own generator.

The document says what a portal must accept. What is sent to a live portal is narrower: `narrowed` writes the
ids that the target knows, the text that breaks portals and the values that disturb nobody into a copy of the
document, and `body_strategy` lets Schemathesis draw from that copy.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import schemathesis
from jsonschema import Draft202012Validator
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from etalon.generation.deadlines import deadlines_of
from etalon.generation.narrowing import LEFT_OUT, QUIET, narrowed
from etalon.generation.openapi_document import (
    ANNOTATION,
    JSON,
    Body,
    JsonObject,
    UnknownOperationError,
    json_body,
    load_spec,
    members,
)
from etalon.generation.text import TextShape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

JsonValue = dict[str, Any] | list[Any] | str | int | float | bool | None

__all__ = [
    "JsonValue",
    "MissingPrerequisiteError",
    "UnknownMemberError",
    "UnknownOperationError",
    "body_strategy",
    "load_spec",
    "members",
    "narrowed",
    "negative_bodies",
]


class UnknownMemberError(LookupError):
    """A member was asked for that the operation's body does not have."""


class MissingPrerequisiteError(LookupError):
    """A body cannot be built, because no id is known for a member that it needs.

    Attributes:
        missing: member → the kinds of known ids (`responsibles`, `categories` …) of which one is needed.
    """

    def __init__(self, operation_id: str, missing: Mapping[str, Sequence[str]]) -> None:
        """Names the members in the page's spelling and the kinds by their keys in `[targets.X.known]`."""
        needs = "; ".join(f"{member} needs known {' or '.join(kinds)}" for member, kinds in missing.items())
        super().__init__(f"{operation_id} cannot be sent: {needs}")
        self.missing = dict(missing)


def body_strategy(
    document: Mapping[str, Any], operation_id: str, *, required: Collection[str] = ()
) -> SearchStrategy[dict[str, object]]:
    """Builds a strategy of JSON bodies that the document allows.

    Args:
        document: an OpenAPI document, usually from `narrowed`.
        operation_id: `createTask` or `updateTask`.
        required: members that every body shall have, beside those that the document requires.

    Returns:
        Bodies as dictionaries, in the spelling of the operation's page.

    Raises:
        UnknownOperationError: the document has no such operation.
        UnknownMemberError: `required` names a member that the body does not have.
        MissingPrerequisiteError: no id is known for a member that is required.
    """
    body = json_body(document, operation_id)
    shapes = [
        {**shape, "required": sorted(needed)}
        for shape in body.shapes
        if (needed := {*shape.get("required", ()), *required}) <= shape.get("properties", {}).keys()
    ]
    if not shapes:
        raise _unbuildable(body, operation_id, required)
    return _cases(document, operation_id, shapes, GenerationMode.POSITIVE).map(_drawn_body)


def negative_bodies(
    document: Mapping[str, Any], operation_id: str, *, forbidden_by: Mapping[str, Any]
) -> SearchStrategy[JsonValue | bytes]:
    """Builds a strategy of bodies that the page's types forbid, by Schemathesis's negative mode.

    What would reach people is left out of them, whatever else is wrong with them: a true isNotify sends mail,
    a small alertValue a reminder.

    Args:
        document: from `narrowed`, so that what is valid in a body can be carried out.
        operation_id: `createTask` or `updateTask`.
        forbidden_by: the document as the pages give it; a body that it allows is not drawn.

    Returns:
        JSON values, mostly objects, and bytes that are no JSON.

    Raises:
        UnknownOperationError: one of the documents has no such operation.
    """
    pages = {
        "anyOf": json_body(forbidden_by, operation_id).shapes,
        "components": forbidden_by.get("components", {}),
    }
    allowed = Draft202012Validator(pages)
    shapes = json_body(document, operation_id).shapes
    cases = _cases(document, operation_id, shapes, GenerationMode.NEGATIVE)
    quiet = _quiet_values(shapes)
    return cases.map(lambda case: _quiet(case.body, quiet)).filter(
        lambda body: isinstance(body, bytes) or not allowed.is_valid(body)
    )


def _quiet_values(shapes: Sequence[JsonObject]) -> Mapping[str, Sequence[object]]:
    """Member that may reach people, in small letters → the values of it that do not."""
    properties = {name: one for shape in shapes for name, one in shape["properties"].items()}
    notes = {name: one.get(ANNOTATION, {}) for name, one in properties.items()}
    return {name.lower(): note[QUIET] for name, note in notes.items() if QUIET in note}


def _quiet(body: object, quiet: Mapping[str, Sequence[object]]) -> JsonValue | bytes:
    """The body without what reaches people."""
    if isinstance(body, dict):
        kept = {name: value for name, value in body.items() if not _reaches_people(name, value, quiet)}
        return {name: _quiet(value, quiet) for name, value in kept.items()}
    if isinstance(body, list):
        return [_quiet(value, quiet) for value in body]
    if body is None or isinstance(body, (bytes, str, bool, int, float)):
        return body
    return b""  # Schemathesis's mark for no body at all


def _reaches_people(name: str, value: object, quiet: Mapping[str, Sequence[object]]) -> bool:
    values = quiet.get(name.lower())
    # Portals read texts as numbers and booleans, some the first of several (ApiArgumentBuilder.cs).
    return values is not None and any(one not in values for one in _scalars(value))


def _scalars(value: object) -> Iterator[object]:
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _scalars(one)
    elif value is not None:
        yield value


def _cases(
    document: Mapping[str, Any], operation_id: str, shapes: Sequence[JsonObject], mode: GenerationMode
) -> SearchStrategy[schemathesis.Case[Any]]:
    components = document.get("components", {}).get("schemas", {})
    _register_formats(shapes, components)
    # The one operation alone: Schemathesis need not resolve the others, nor draw the path and the token.
    path = f"/{operation_id}"
    request = {"required": True, "content": {JSON: {"schema": {"anyOf": list(shapes)}}}}
    operation = {"requestBody": request, "responses": {"default": {"description": "Not drawn from."}}}
    schema = schemathesis.openapi.from_dict(
        {
            "openapi": document["openapi"],
            "info": {"title": operation_id, "version": "1"},
            "paths": {path: {"post": operation}},
            "components": {"schemas": components},
        },
        # Given in full, so that no schemathesis.toml near the working directory has a say.
        config=SchemathesisConfig(),
    )
    return schema[path]["POST"].as_strategy(generation_mode=mode)


def _drawn_body(case: schemathesis.Case[Any]) -> dict[str, object]:
    if not isinstance(case.body, dict):
        raise TypeError(f"the schema of a body admits {case.body!r}, which is no object")
    return dict(case.body)


def _unbuildable(body: Body, operation_id: str, required: Collection[str]) -> LookupError:
    """Says why no shape of a body has all the members that it needs."""
    left_out = body.media["schema"].get(ANNOTATION, {}).get(LEFT_OUT, {})
    needed = {*required, *(name for shape in body.shapes for name in shape.get("required", ()))}
    listed = {*left_out, *(name for shape in body.shapes for name in shape.get("properties", {}))}
    if unknown := sorted(needed - listed):
        return UnknownMemberError(f"{operation_id} has no member {', '.join(unknown)}, only {sorted(listed)}")
    missing = {name: kinds for name, kinds in left_out.items() if name in needed}
    return MissingPrerequisiteError(operation_id, missing)


def _register_formats(shapes: Sequence[JsonObject], components: Mapping[str, JsonObject]) -> None:
    """Makes the formats that a body can lead to known to Schemathesis."""
    parts = (part for shape in shapes for part in shape["properties"].values())
    for name in sorted({schema.get("format", "") for schema in (*parts, *components.values())}):
        _register_format(name)


@cache  # each registration makes Schemathesis forget the strategies that it has built
def _register_format(name: str) -> None:
    if (drawn := deadlines_of(name)) is not None:
        schemathesis.openapi.format(name, drawn)
    elif (shape := TextShape.from_format_name(name)) is not None:
        schemathesis.openapi.format(name, shape.strategy())
