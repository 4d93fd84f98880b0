"""An OpenAPI document as data: reading the file, and finding the JSON bodies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from etalon.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

JsonObject = dict[str, Any]

ANNOTATION: Final = "x-etalon"
JSON: Final = "application/json"


class UnknownOperationError(LookupError):
    """The document has no operation of that id with a JSON body."""


class Body(NamedTuple):
    """The JSON body of one operation.

    Attributes:
        media: the media type object that holds the body's schema; the document's own, not a copy.
        shapes: the object schemas that a body may follow, one or several alternatives.
    """

    media: JsonObject
    shapes: list[JsonObject]


def load_spec(path: Path) -> JsonObject:
    """Reads an OpenAPI document in YAML or JSON.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is not YAML, or is no OpenAPI document.
    """
    try:
        document = parse_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is not YAML: {error}") from error
    if not isinstance(document, dict) or "openapi" not in document:
        raise ValueError(f"{path} is no OpenAPI document: it has no member openapi")
    return document


def json_bodies(document: Mapping[str, Any]) -> dict[str, Body]:
    """Finds the JSON bodies of a document, by operation id."""
    return {
        operation["operationId"]: Body(media, _shapes(document, media["schema"]))
        for operation in _operations(document)
        if (media := operation.get("requestBody", {}).get("content", {}).get(JSON))
    }


def json_body(document: Mapping[str, Any], operation_id: str) -> Body:
    """Finds the JSON body of one operation.

    Raises:
        UnknownOperationError: the document has no such operation.
    """
    bodies = json_bodies(document)
    if operation_id not in bodies:
        raise UnknownOperationError(f"no operation {operation_id} with a JSON body, only {sorted(bodies)}")
    return bodies[operation_id]


def json_answer(document: Mapping[str, Any], operation_id: str) -> JsonObject:
    """Finds the schema of an operation's JSON answer with status 200, references in it left as they are.

    Raises:
        UnknownOperationError: the document has no such operation, or no such answer of it.
    """
    for operation in _operations(document):
        if operation["operationId"] == operation_id:
            content = operation["responses"].get("200", {}).get("content", {})
            if JSON in content:
                schema: JsonObject = content[JSON]["schema"]
                return schema
    raise UnknownOperationError(f"no operation {operation_id} with a JSON answer of status 200")


def members(document: Mapping[str, Any], operation_id: str) -> tuple[str, ...]:
    """Lists the members that a JSON body of the operation can have, in the document's order and spelling.

    Raises:
        UnknownOperationError: the document has no such operation.
    """
    shapes = json_body(document, operation_id).shapes
    return tuple(dict.fromkeys(name for shape in shapes for name in shape.get("properties", {})))


def _operations(document: Mapping[str, Any]) -> Iterator[JsonObject]:
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                yield operation


def _shapes(document: Mapping[str, Any], schema: JsonObject) -> list[JsonObject]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    alternatives: list[JsonObject] = schema.get("anyOf", [schema])
    return alternatives
