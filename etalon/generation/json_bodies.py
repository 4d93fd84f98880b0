"""JSON bodies from an OpenAPI document, drawn by Schemathesis's own generator.

The document says what a portal must accept. What is sent to a live portal is narrower: `narrowed` writes the
ids that the target knows, the text that breaks portals and the values that disturb nobody into a copy of the
document, and `body_strategy` lets Schemathesis draw from that copy.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from etalon.generation.deadlines import DEADLINES
from etalon.generation.narrowing import LEFT_OUT, narrowed
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
    from collections.abc import Collection, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "MissingPrerequisiteError",
    "UnknownMemberError",
    "UnknownOperationError",
    "body_strategy",
    "load_spec",
    "members",
    "narrowed",
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
    _register_formats(shapes)
    # The one operation alone: Schemathesis need not resolve the others, nor draw the path and the token.
    path = f"/{operation_id}"
    request = {"required": True, "content": {JSON: {"schema": {"anyOf": shapes}}}}
    operation = {"requestBody": request, "responses": {"default": {"description": "Not drawn from."}}}
    schema = schemathesis.openapi.from_dict(
        {
            "openapi": document["openapi"],
            "info": {"title": operation_id, "version": "1"},
            "paths": {path: {"post": operation}},
            "components": {"schemas": document.get("components", {}).get("schemas", {})},
        },
        # Given in full, so that no schemathesis.toml near the working directory has a say.
        config=SchemathesisConfig(),
    )
    return schema[path]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE).map(_drawn_body)


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


def _register_formats(shapes: Sequence[JsonObject]) -> None:
    """Makes the formats that a body can lead to known to Schemathesis."""
    named = {member.get("format", "") for shape in shapes for member in shape["properties"].values()}
    for name in sorted(named | DEADLINES.keys()):
        _register_format(name)


@cache  # each registration makes Schemathesis forget the strategies that it has built
def _register_format(name: str) -> None:
    if name in DEADLINES:
        schemathesis.openapi.format(name, DEADLINES[name])
    elif (shape := TextShape.from_format_name(name)) is not None:
        schemathesis.openapi.format(name, shape.strategy())
