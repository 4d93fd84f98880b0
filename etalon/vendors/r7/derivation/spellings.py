"""Values that R7-Office spells its own way, guids and dates: their schemas, and how they are recognised."""

from __future__ import annotations

import re

JsonSchema = dict[str, object]

GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
INT32 = (-(2**31), 2**31 - 1)

_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_HOUR = r"([01][0-9]|2[0-3])"
_ZONE = r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
DATE_DASH = rf"^{_DAY}T{_HOUR}-[0-5][0-9]-[0-5][0-9]\.[0-9]{{3}}Z$"
DATE_ROUNDTRIP = rf"^{_DAY}T{_HOUR}:[0-5][0-9]:[0-5][0-9]\.[0-9]{{7}}{_ZONE}$"
INSTANT = rf"^{_DAY}T{_HOUR}:[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,7}})?{_ZONE}$"

COMPONENTS: dict[str, JsonSchema] = {
    "Guid": {
        "type": "string",
        "format": "uuid",
        "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
        "description": "Letter case carries no meaning; the pages print a mixed-case one.",
    },
    "DateDash": {
        "type": "string",
        "format": "date-time-dash",
        "pattern": DATE_DASH,
        "description": "The spelling that the pages print for requests, 2008-04-10T06-30-00.000Z.",
    },
    "DateRoundtrip": {
        "type": "string",
        "format": "date-time-roundtrip",
        "pattern": DATE_ROUNDTRIP,
        "description": "The format that the pages name, .NET's O, as in 2022-10-09T20:03:09.6137431Z.",
    },
    "DateDashOrRoundtrip": {
        "description": "Both spellings that a page leads to: the one it prints, and the one it names.",
        "anyOf": [
            {"$ref": "#/components/schemas/DateDash"},
            {"$ref": "#/components/schemas/DateRoundtrip"},
        ],
    },
    "Instant": {
        "type": "string",
        "format": "date-time",
        "pattern": INSTANT,
        "description": "A moment with any offset of its zone, so moments are compared, not spellings.",
    },
}
"""Schemas that several elements share, by their name below `#/components/schemas/`."""

_LEADS_TO = {
    "DateDashOrRoundtrip": ("DateDash", "DateRoundtrip"),
}


def reference(name: str) -> JsonSchema:
    """A reference to one of the shared schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def needed(names: set[str]) -> set[str]:
    """The names with those that their schemas refer to."""
    return names | {further for name in names for further in _LEADS_TO.get(name, ())}


def text_spelling(value: str) -> str:
    """Which shared schema a text of an example answer is spelled by; empty for plain text."""
    if GUID.fullmatch(value):
        return "Guid"
    if re.match(INSTANT, value):
        return "Instant"
    if re.match(DATE_DASH, value):
        return "DateDash"
    return ""


def request_date(example: str) -> str:
    """Which shared schema a date of a request is spelled by, from the example cell of its row.

    The pages print `Roundtrip format: 2008-04-10T06-30-00.000Z`: a spelling with dashes in the time of day,
    beside the name of a format that has colons. Then both are taken.
    """
    named = "roundtrip" in example.lower()
    printed = re.search(rf"{DATE_DASH[1:-1]}", example) is not None
    if printed:
        return "DateDashOrRoundtrip" if named else "DateDash"
    return "DateRoundtrip" if named else "Instant"
