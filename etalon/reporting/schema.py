"""The JSON Schema of `results.json`: made of the types that write and read it, and of the rules between them.

`python -m etalon.reporting.schema` prints it; the committed `results.schema.json` is what it prints.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import msgspec

from etalon.reporting.results import RunResult

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def _whenever(member: str, value: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"properties": {member: value}}, "then": {"properties": then}}


_JUDGED: Final = {"checked": {"minimum": 1}}
# What no single member's type can say.
_RULES: Final = {
    "RunResult": [_whenever("complete", {"const": True}, {"finished": {"minLength": 1}})],
    "RequirementResult": [
        _whenever("verdict", {"const": "conforms"}, {**_JUDGED, "findings": {"maxItems": 0}}),
        _whenever("verdict", {"const": "deviates"}, {**_JUDGED, "findings": {"minItems": 1}}),
        _whenever("verdict", {"const": "observed"}, {**_JUDGED, "behaviour": {"type": "string"}}),
        _whenever(
            "verdict",
            {"enum": ["inconclusive", "not-applicable", "not-testable"]},
            {"reason": {"minLength": 1}},
        ),
    ],
}


def made_schema() -> dict[str, Any]:
    """The schema of what is written (JSON Schema 2020-12): every member is there, and no other."""
    made = msgspec.json.schema(RunResult)
    definitions: dict[str, Any] = made.pop("$defs")
    for name, definition in definitions.items():
        if definition.get("type") == "object":
            definition["required"] = list(definition["properties"])
            definition["additionalProperties"] = False
            for member in definition["properties"].values():
                member.pop("default", None)
        if name in _RULES:
            definition["allOf"] = _RULES[name]
    return {
        "$schema": _DIALECT,
        "$id": "urn:etalon:results:2",
        "title": "Etalon results",
        **made,
        "$defs": definitions,
    }


@cache
def results_schema() -> dict[str, Any]:
    """The committed schema, parsed."""
    text = resources.files(__package__).joinpath("results.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def problems(document: object) -> Iterator[str]:
    """Everything in which a document breaks the schema, one sentence each, with its place."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - reading a file takes the types alone

    errors = Draft202012Validator(results_schema()).iter_errors(document)
    return (f"{error.json_path}: {error.message[:300]}" for error in errors)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(made_schema(), indent=2) + "\n")
