"""Example values → schemas: types, nested objects, lists and what may be null."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from etalon.derivation.page import Note, Standing
from etalon.vendors.r7.derivation.spellings import INT32, JsonSchema, reference, text_spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.vendors.r7.derivation.page_content import Sample


class Inference:
    """Makes schemas of the values of one page's example.

    Attributes:
        notes: what the example leaves open.
        used: names of the shared schemas that were referred to.
    """

    def __init__(self, page: str, place: str, elements: frozenset[str] | None, *, whole: bool) -> None:
        """Prepares the reading of an example.

        Args:
            page: name of the page.
            place: what the example is, for the notes.
            elements: dotted paths of the XML example, where members get the name of their element from;
                None where the page has no XML form of this example.
            whole: whether the example is whole; of one that breaks off, no member is required.
        """
        self.notes: list[Note] = []
        self.used: set[str] = set()
        self._page = page
        self._place = place
        self._elements = elements
        self._whole = whole

    def schema(self, samples: Sequence[Sample], path: str = "") -> JsonSchema:
        """The schema that all the samples of one place satisfy.

        Args:
            samples: the values that stand in this place; several where the items of a list differ.
            path: dotted path of the place; empty for the whole example.
        """
        shown = [sample for sample in samples if sample.kind != "null"]
        nullable = len(shown) < len(samples)
        kinds = list(dict.fromkeys(sample.kind for sample in shown))
        if not shown:
            self._open(samples[0].line, path, "shown only as null, so its type is open")
            return {}
        if set(kinds) == {"integer", "number"}:
            kinds = ["number"]
        alternatives = [self._of_kind(kind, shown, path) for kind in kinds]
        if len(alternatives) == 1 and not nullable:
            return alternatives[0]
        if len(alternatives) == 1 and "type" in alternatives[0]:
            return {**alternatives[0], "type": [alternatives[0]["type"], "null"]}
        return {"anyOf": [*alternatives, *([{"type": "null"}] if nullable else [])]}

    def _of_kind(self, kind: str, samples: Sequence[Sample], path: str) -> JsonSchema:
        if kind == "object":
            return self._object([sample for sample in samples if sample.kind == kind], path)
        if kind == "array":
            return self._array([sample for sample in samples if sample.kind == kind], path)
        if kind == "string":
            texts = [cast("str", sample.value) for sample in samples if sample.kind == kind]
            spellings = {text_spelling(text) for text in texts}
            spelling = spellings.pop() if len(spellings) == 1 else ""
            if spelling:
                self.used.add(spelling)
                return reference(spelling)
            return {"type": "string"}
        if kind == "integer":
            numbers = [cast("int", sample.value) for sample in samples if sample.kind == kind]
            small = all(INT32[0] <= number <= INT32[1] for number in numbers)
            return {"type": "integer", "format": "int32" if small else "int64"}
        return {"type": kind}

    def _object(self, samples: Sequence[Sample], path: str) -> JsonSchema:
        names = dict.fromkeys(name for sample in samples for name, _ in sample.members)
        if not names:
            if self._whole:
                self._open(samples[0].line, path, "shown as an empty object, so its members are open")
            return {"type": "object"}
        properties: dict[str, object] = {}
        for name in names:
            values = [value for sample in samples for key, value in sample.members if key == name]
            properties[name] = self._member(name, values, f"{path}.{name}" if path else name)
        required = [
            name for name in names if all(any(key == name for key, _ in sample.members) for sample in samples)
        ]
        schema: JsonSchema = {"type": "object"}
        if required and self._whole:
            schema["required"] = required
        return {**schema, "properties": properties}

    def _member(self, name: str, values: Sequence[Sample], path: str) -> JsonSchema:
        schema = self.schema(values, path)
        if self._elements is not None:
            if path in self._elements:
                schema = self._named(schema, name)
            else:
                self._open(values[0].line, path, "the JSON form has this member, the XML form has not")
        return {**schema, "x-etalon": {"source": self._source(path, values[0].line)}}

    @staticmethod
    def _named(schema: JsonSchema, name: str) -> JsonSchema:
        """Gives a member its element's name; an array repeats the element, without one around it."""
        items = schema.get("items")
        if isinstance(items, dict):
            return {**schema, "items": {**items, "xml": {"name": name}}, "xml": {"wrapped": False}}
        return {**schema, "xml": {"name": name}}

    def _array(self, samples: Sequence[Sample], path: str) -> JsonSchema:
        items = [item for sample in samples for item in sample.items]
        if not items:
            if self._whole:
                self._open(samples[0].line, path, "shown as an empty list, so what it lists is open")
            return {"type": "array"}
        return {"type": "array", "items": self.schema(items, path)}

    def _source(self, path: str, line: int) -> JsonSchema:
        return {"page": self._page, "sample": short_path(path), "line": line}

    def _open(self, line: int, path: str, detail: str) -> None:
        where = f"{short_path(path)}: " if path else ""
        self.notes.append(Note(line, self._place, Standing.LEFT_OPEN, f"{where}{detail}"))


def short_path(path: str) -> str:
    """The path as an oracle names members: from the answered thing on, not from the envelope."""
    return path.removeprefix("response.")
