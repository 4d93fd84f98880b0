"""What may be sent to a live portal, out of all that an OpenAPI document allows."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from etalon.generation.deadlines import FORMATS, format_of
from etalon.generation.openapi_document import ANNOTATION, JsonObject, json_bodies
from etalon.generation.text import TextShape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.generation.calendar import Calendar

DEFAULT_TEXTS: Final[Mapping[str, TextShape]] = {
    "title": TextShape(max_size=255, min_size=1, blank=False),
    "description": TextShape(max_size=5001),
}
"""A title has to show something, or no task has a name; 255 is the column of CommunityServer's `crm_task`."""

QUIET_VALUES: Final[Mapping[str, tuple[object, ...]]] = {
    # True sends mail and push messages to people.
    "isNotify": (False,),
    # 19 years and more: so long before any deadline of a run's calendar, the moment of the reminder is past.
    # Listed one by one, because a range would also be drawn as 10000000.0, which the page's "number" may not
    # mean.
    "alertValue": (0, 10_000_000, 12_345_678, 16_777_217, 20_000_000),
}
"""Members that reach people, and the values of them that do not."""

LEFT_OUT: Final = "left-out"
"""Annotation of a narrowed body: member that is left out → the kinds of ids of which none is known."""

_SUGGESTIONS: Final = frozenset({"default", "example", "examples"})  # Schemathesis would mix them in


def narrowed(
    spec: Mapping[str, Any],
    known: Mapping[str, Sequence[int | str]],
    texts: Mapping[str, TextShape] = DEFAULT_TEXTS,
    *,
    calendar: Calendar,
) -> JsonObject:
    """Copies an OpenAPI document, narrowed to what may be sent to a live portal.

    In each JSON body a reference takes the known ids alone, and is left out when none is known; a reference
    and the member that selects its kind (`entityId` and `entityType`) go together, one alternative for each
    kind; text has its shape; what reaches people has quiet values; dates have the formats of
    `etalon.generation.deadlines`; members that the document does not list are excluded.

    Args:
        spec: the document; its `x-etalon` annotations `refers-to` and `selected-by` are what is read.
        known: kind (`responsibles`, `categories` …) → ids that exist on the portal.
        texts: member name → the texts that it takes.
        calendar: the days that dates are drawn from.

    Returns:
        A new document, plain JSON data.
    """
    document = deepcopy(dict(spec))
    for schema in document.get("components", {}).get("schemas", {}).values():
        _drop(schema, _SUGGESTIONS)
        if schema.get("format") in FORMATS:
            schema["format"] = format_of(schema["format"], calendar)
            _drop(schema, {"pattern"})
    for body in json_bodies(document).values():
        left_out: dict[str, list[str]] = {}
        shapes = [
            alternative
            for shape in body.shapes
            for alternative in _Narrowing(shape, known, texts, left_out).alternatives()
        ]
        _drop(body.media, _SUGGESTIONS)
        body.media["schema"] = {"anyOf": shapes, ANNOTATION: {LEFT_OUT: left_out}}
    return document


@dataclass(frozen=True, slots=True)
class _Narrowing:
    """One shape of a body on its way to its alternatives."""

    shape: JsonObject
    known: Mapping[str, Sequence[int | str]]
    texts: Mapping[str, TextShape]
    left_out: dict[str, list[str]] = field(repr=False)

    def alternatives(self) -> list[JsonObject]:
        """Returns the closed object schemas; what is left out lands in `left_out`."""
        listed: JsonObject = self.shape.get("properties", {})
        notes = {name: member.get(ANNOTATION, {}) for name, member in listed.items()}
        selected = {name: note for name, note in notes.items() if "selected-by" in note}
        selectors = {note["selected-by"] for note in selected.values()}
        base = {
            name: replacement
            for name, member in listed.items()
            if name not in selected and name not in selectors
            if (replacement := self._member(name, member, notes[name])) is not None
        }
        combinations: list[JsonObject] = [{}]
        for name, note in selected.items():
            pairs = self._pairs(name, note["selected-by"], note["refers-to"])
            combinations += [{**combination, **pair} for combination in combinations for pair in pairs]
        return [self._closed(base, combination) for combination in combinations]

    def _member(self, name: str, member: JsonObject, note: Mapping[str, Any]) -> JsonObject | None:
        """Narrows a member that stands for itself; `None` leaves it out."""
        kind = note.get("refers-to")
        if kind is not None:
            if not self.known.get(kind):
                self.left_out[name] = [kind]
                return None
            return _one_of(member, self.known[kind])
        if name in QUIET_VALUES:
            return _one_of(member, QUIET_VALUES[name])
        if name in self.texts:
            return {**_notes(member), "type": "string", "format": self.texts[name].format_name}
        return {keyword: value for keyword, value in member.items() if keyword not in _SUGGESTIONS}

    def _pairs(self, name: str, selector: str, kinds: Mapping[str, str]) -> list[JsonObject]:
        """Pairs the member with its selector, once for each kind of which an id is known."""
        listed = self.shape["properties"]
        pairs = [
            {selector: _one_of(listed[selector], [value]), name: _one_of(listed[name], self.known[kind])}
            for value, kind in kinds.items()
            if self.known.get(kind)
        ]
        if not pairs:
            self.left_out[selector] = self.left_out[name] = list(kinds.values())
        return pairs

    def _closed(self, base: JsonObject, combination: JsonObject) -> JsonObject:
        return {
            "type": "object",
            "properties": {**base, **combination},
            "required": list(dict.fromkeys([*self.shape.get("required", ()), *combination])),
            "additionalProperties": False,
        }


def _one_of(member: JsonObject, values: Sequence[object]) -> JsonObject:
    """The member with the values instead of its type: a target's ids are right as they are."""
    return {**_notes(member), "enum": list(dict.fromkeys(values))}


def _notes(member: JsonObject) -> JsonObject:
    return {keyword: member[keyword] for keyword in ("description", ANNOTATION) if keyword in member}


def _drop(schema: JsonObject, keywords: frozenset[str] | set[str]) -> None:
    for keyword in keywords & schema.keys():
        del schema[keyword]
