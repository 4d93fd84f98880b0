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

QUIET: Final = "quiet-values"
"""Annotation of a member that reaches people: the values of it that do not."""

LONGEST, BLANK = "longest", "may-be-blank"
"""Annotations of a text: its largest length in UTF-16 code units, and whether it may show nothing."""

_LONGEST_TEXT: Final = 5001
"""Of a text for which neither page nor annotation names a limit: past 5,000, where some buffers end."""

LEFT_OUT: Final = "left-out"
"""Annotation of a narrowed body: member that is left out → the kinds of ids of which none is known."""

_SUGGESTIONS: Final = frozenset({"default", "example", "examples"})  # Schemathesis would mix them in


def narrowed(
    spec: Mapping[str, Any],
    known: Mapping[str, Sequence[int | str]],
    *,
    calendar: Calendar,
) -> JsonObject:
    """Copies an OpenAPI document, narrowed to what may be sent to a live portal.

    In each JSON body a reference takes the known ids alone, and is left out when none is known; a reference
    and the member that selects its kind (`entityId` and `entityType`) go together, one alternative for each
    kind; text has its shape; what reaches people has quiet values; dates have the formats of
    `etalon.generation.deadlines`; members that the document does not list are excluded.

    Args:
        spec: the document; of its `x-etalon` annotations, `refers-to`, `selected-by`, `quiet-values`,
            `longest` and `may-be-blank` are read.
        known: kind (`responsibles`, `categories` …) → ids that exist on the portal.
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
            for alternative in _Narrowing(shape, known, left_out).alternatives()
        ]
        _drop(body.media, _SUGGESTIONS)
        body.media["schema"] = {"anyOf": shapes, ANNOTATION: {LEFT_OUT: left_out}}
    return document


@dataclass(frozen=True, slots=True)
class _Narrowing:
    """One shape of a body on its way to its alternatives."""

    shape: JsonObject
    known: Mapping[str, Sequence[int | str]]
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
        if QUIET in note:
            return _one_of(member, note[QUIET])
        if _is_free_text(member, note):
            return {**_notes(member), "type": "string", "format": _shape_of(member, note).format_name}
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


def _is_free_text(member: JsonObject, note: Mapping[str, Any]) -> bool:
    """Whether a member takes any text: one of a set form says so in its schema or its annotations."""
    formed = member.keys() & {"enum", "const", "format", "pattern"}
    return member.get("type") == "string" and not formed and "normalised" not in note


def _shape_of(member: JsonObject, note: Mapping[str, Any]) -> TextShape:
    blank = bool(note.get(BLANK, True))
    shortest = max(int(member.get("minLength", 0)), 0 if blank else 1)
    longest = min(int(note.get(LONGEST, _LONGEST_TEXT)), int(member.get("maxLength", _LONGEST_TEXT)))
    return TextShape(max_size=longest, min_size=shortest, blank=blank)


def _notes(member: JsonObject) -> JsonObject:
    return {keyword: member[keyword] for keyword in ("description", ANNOTATION) if keyword in member}


def _drop(schema: JsonObject, keywords: frozenset[str] | set[str]) -> None:
    for keyword in keywords & schema.keys():
        del schema[keyword]
