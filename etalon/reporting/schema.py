"""The JSON Schema of `results.json`, and what a document has against it."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

# What no reader can work around. Members that another Etalon of the same format adds or leaves out, and
# rules between members, are for writers to respect.
_FORM = frozenset({"type", "const", "enum"})


@cache
def results_schema() -> dict[str, Any]:
    """The schema, parsed (JSON Schema 2020-12)."""
    text = resources.files(__package__).joinpath("results.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def problems(document: object) -> Iterator[str]:
    """Everything in which a document breaks the schema, one sentence each, with its place."""
    return map(_sentence, _errors(document))


def obstacles(document: object) -> Iterator[str]:
    """What keeps a document from being read: of `problems`, the values of a wrong kind."""
    return (
        _sentence(error)
        for error in _errors(document)
        if error.validator in _FORM and "then" not in error.absolute_schema_path
    )


def _errors(document: object) -> Iterator[ValidationError]:
    errors: Iterator[ValidationError] = Draft202012Validator(results_schema()).iter_errors(document)
    return errors


def _sentence(error: ValidationError) -> str:
    return f"{error.json_path}: {error.message[:300]}"
