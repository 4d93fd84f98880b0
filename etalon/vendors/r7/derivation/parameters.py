"""Rows of the parameter table → parameters with their place, schema and obligation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from etalon.derivation.page import Note, Standing
from etalon.vendors.r7.derivation.enumerations import Value, bounds, listed_names, listed_values
from etalon.vendors.r7.derivation.inference import Inference
from etalon.vendors.r7.derivation.kinds import kind_of
from etalon.vendors.r7.derivation.spellings import JsonSchema, reference, request_date

if TYPE_CHECKING:
    from etalon.vendors.r7.derivation.page_content import ParameterRow, PathVariable, Place, R7Page, Sample

_WITH_BODY = frozenset({"post", "put", "patch"})
_BODILESS = frozenset({"get", "head", "options"})
_PLACEHOLDERS = frozenset({"some text", "текст", ""})
_ALTERNATIVES = re.compile(r"\(?\^?\(?(?P<words>\w+(?:\|\w+)+)\)?\$?\)?")
_DIGITS = re.compile(r"\(?(?:\[0-9\]|\\d)[+*]?\)?(?:\{\d+(?:,\d*)?\})?")
_HINTS = re.compile(
    r"по умолчанию|by default|default value|максим\w+|минимальн\w+|не более|не менее|maximum|minimum|at most"
    r"|at least|не должн\w+|must|cannot|нельзя|если ",
    re.IGNORECASE,
)
_SCALARS: dict[str, JsonSchema] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "format": "int32"},
    "long": {"type": "integer", "format": "int64"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "file": {"type": "string", "format": "binary"},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, ready for the spec.

    Attributes:
        name: its name; for a path variable, as the path spells it.
        place: where it is sent.
        schema: its schema, without source.
        required: whether the table's row lacks the word "optional".
        source: where it comes from, for `x-etalon`.
        prose: the page's description of it.
        line: line of its row.
    """

    name: str
    place: Place
    schema: JsonSchema
    required: bool
    source: JsonSchema
    prose: str
    line: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a page, what became of each row, and the shared schemas that they refer to."""

    parameters: tuple[Parameter, ...]
    notes: tuple[Note, ...]
    used: frozenset[str]


def read_parameters(page: R7Page) -> Parameters:
    """Makes parameters of a page's rows, its path variables and the members of its example request."""
    builder = _Builder(page)
    for row in page.rows:
        builder.add_row(row)
    for position, variable in enumerate(page.variables):
        builder.add_variable(position, variable)
    builder.add_shown()
    return Parameters(tuple(builder.parameters.values()), tuple(builder.notes), frozenset(builder.used))


class _Builder:
    def __init__(self, page: R7Page) -> None:
        self.parameters: dict[tuple[str, str], Parameter] = {}
        self.notes: list[Note] = []
        self.used: set[str] = set()
        self._page = page
        target = page.request_line[0] if page.request_line else ""
        self._path_example, _, query = target.partition("?")
        self._query_example = dict(parse_qsl(query, keep_blank_values=True))

    def add_row(self, row: ParameterRow) -> None:
        name, place = self._placed(row)
        if (place, name.lower()) in self.parameters:
            self._open(row, "the table has this parameter twice; the first row was taken")
            return
        schema = self._schema(row, name, place)
        required = place == "path" or not row.optional
        if place == "path" and row.optional:
            self._open(row, "marked optional, but the path cannot do without it")
        source: JsonSchema = {"page": self._page.name, "row": row.name, "line": row.line}
        self.parameters[(place, name.lower())] = Parameter(
            name, place, schema, required, source, row.prose, row.line
        )
        obligation = "optional" if row.optional else "not marked optional"
        self._note(row.line, row.name, Standing.UNDERSTOOD, f"{place}: {_in_words(schema)}, {obligation}")
        if hint := _HINTS.search(row.prose):
            self._open(row, f"the description may hold a rule that is in no schema: {hint[0].strip()!r}")

    def _placed(self, row: ParameterRow) -> tuple[str, Place]:
        variable = next(
            (item.name for item in self._page.variables if item.name.lower() == row.name.lower()), None
        )
        if variable is not None:
            if row.place not in ("url", ""):
                self._open(row, f"sent in {row.place}, as the table says, but the path has it; taken as path")
            return variable, "path"
        if row.place == "url":
            return row.name, "query"
        if row.place == "header":
            return row.name, "header"
        if row.place == "query":
            return row.name, "query"
        if row.place == "body":
            if self._page.method in _BODILESS:
                self._open(
                    row, f"sent in the body of a {self._page.method.upper()}, which HTTP gives no meaning"
                )
            return row.name, "body"
        place: Place = "body" if self._page.method in _WITH_BODY else "query"
        self._open(row, f"the table does not say where it is sent; taken as {place}")
        return row.name, place

    def _schema(self, row: ParameterRow, name: str, place: Place) -> JsonSchema:
        shown = self._page.body.member(name) if self._page.body and place == "body" else None
        kind = kind_of(row.kind)
        if not kind.scalar and self._page.body is not None and shown is not None and shown.kind != "null":
            named = self._enumeration(row, {}, shown)
            if named:
                return named
            self._open(
                row, f"the type cell {row.kind!r} is none of the format's; read from the example request"
            )
            return self._inferred(shown, name)
        base = self._base(kind.scalar, row, name, shown)
        base = self._enumeration(row, base, shown) or base
        if place == "path" and "enum" not in base:
            base = _constrained(base, self._constraint(name))
        if not base:
            self._open(row, f"the type cell {row.kind!r} is none of the format's, so any value is allowed")
        schema: JsonSchema = {"type": "array", "items": base} if kind.collection else base
        if place == "body":
            self._compare(row, schema, shown)
        if schema and shown is not None and shown.kind == "null":
            schema = {"anyOf": [schema, {"type": "null"}]}
        if kind.collection and self._query_example.get(name, "").startswith("["):
            self._open(row, "the example writes the list as JSON; the spec repeats the parameter instead")
        return schema

    def _base(self, scalar: str, row: ParameterRow, name: str, shown: Sample | None) -> JsonSchema:
        """The schema of one value, by its type alone; empty for a type that the format does not define."""
        if scalar == "object":
            return self._object(row, name, shown)
        if scalar not in ("date", "guid"):
            return dict(_SCALARS.get(scalar, {}))
        example = f"{row.example} {shown.value if shown else ''}"
        spelling = request_date(example) if scalar == "date" else "Guid"
        self.used.add(spelling)
        return reference(spelling)

    def _object(self, row: ParameterRow, name: str, shown: Sample | None) -> JsonSchema:
        """The schema of an object, or of a collection's objects, as far as the example shows its members."""
        items = shown.items[:1] if shown and shown.kind == "array" else (shown,)
        seen = items[0] if items else None
        schema: JsonSchema = {"type": "object"}
        if seen is not None and seen.kind == "object":
            schema = self._inferred(seen, name)
        if "properties" not in schema:
            self._open(row, "an object whose members the page does not show")
        return schema

    def _constraint(self, name: str) -> str:
        return next((item.constraint for item in self._page.variables if item.name == name), "")

    def _enumeration(self, row: ParameterRow, base: JsonSchema, shown: Sample | None) -> JsonSchema | None:
        """The schema with the values that the row lists; None where it lists none."""
        listing = listed_values(row.prose)
        if listing.trouble:
            self._open(row, listing.trouble)
        names, numbers = listed_names(row.kind)
        if not names and not kind_of(row.kind).scalar:
            names, numbers = listed_names(row.example)
        if names:
            numbers = numbers or tuple(value for value in listing.values if isinstance(value, int))
            return self._named_values(row, (*names, *numbers), shown)
        narrowed = _narrowed(base, listing.values, row.prose)
        if narrowed is None and listing.values and base.get("type") != "boolean":
            self._open(
                row, f"the description lists {list(listing.values)}, which the type cell does not allow"
            )
        return narrowed

    def _named_values(self, row: ParameterRow, values: tuple[Value, ...], shown: Sample | None) -> JsonSchema:
        """An enumeration of .NET: the binder takes its names and, where the page gives them, its numbers."""
        value = shown.value if shown else None
        if isinstance(value, str) and value not in {*values, *_PLACEHOLDERS}:
            values = (*values, value)
            if value.lower() not in {str(item).lower() for item in values[:-1]}:
                self._open(row, f"the example request sends {value!r}, which the table does not list; added")
        numbered = any(isinstance(item, int) for item in values)
        return {"type": ["string", "integer"] if numbered else "string", "enum": list(values)}

    def _compare(self, row: ParameterRow, schema: JsonSchema, shown: Sample | None) -> None:
        if shown is None:
            if self._page.body is not None and self._page.body.kind == "object":
                self._open(row, "the table has this member, the example request lacks it")
            return
        kind = schema.get("type", "string" if "$ref" in schema else None)
        allowed = set(kind) if isinstance(kind, list) else {kind}
        fits = shown.kind in allowed | {"null"} or (shown.kind == "integer" and "number" in allowed)
        if kind is not None and not fits:
            self._open(row, f"the table says {kind}, the example request shows {shown.kind}")

    def _inferred(self, sample: Sample, name: str) -> JsonSchema:
        inference = Inference(self._page.name, "example request", None, whole=False)
        schema = inference.schema([sample], name)
        self.notes += inference.notes
        self.used |= inference.used
        return schema

    def add_variable(self, position: int, variable: PathVariable) -> None:
        """Adds a path variable that has no row; its type is read off the route or the example's path."""
        if ("path", variable.name.lower()) in self.parameters:
            return
        pattern = re.sub(r"\\\{[^{}]*\\\}", "([^/]+)", re.escape(self._page.path))
        found = re.fullmatch(pattern, f"/{self._path_example.lstrip('/')}", re.IGNORECASE)
        shown = unquote(found[position + 1]) if found else ""
        schema: JsonSchema = dict(_SCALARS["integer"] if shown.isdigit() else _SCALARS["string"])
        schema = _constrained(schema, variable.constraint)
        line = self._page.line
        source: JsonSchema = {"page": self._page.name, "sentence": "title", "line": line}
        self.parameters[("path", variable.name.lower())] = Parameter(
            variable.name, "path", schema, required=True, source=source, prose="", line=line
        )
        detail = f"the table has no row for {variable.name!r}; read from the path: {_in_words(schema)}"
        self._note(line, "title", Standing.LEFT_OPEN, detail)

    def add_shown(self) -> None:
        """Adds what the example request sends and the table does not have."""
        body = self._page.body
        for name, sample in body.members if body else ():
            if ("body", name.lower()) not in self.parameters:
                source: JsonSchema = {"page": self._page.name, "sample": name, "line": sample.line}
                self.parameters[("body", name.lower())] = Parameter(
                    name,
                    "body",
                    self._inferred(sample, name),
                    required=False,
                    source=source,
                    prose="",
                    line=sample.line,
                )
                detail = f"{name}: the example request has this member, the table has not"
                self._note(sample.line, "example request", Standing.LEFT_OPEN, detail)
        line = self._page.request_line[1] if self._page.request_line else self._page.line
        for name, value in self._query_example.items():
            if ("query", name.lower()) not in self.parameters:
                detail = f"{name}: the example's query has this parameter ({value!r}), the table has not"
                self._note(line, "example request", Standing.LEFT_OPEN, detail)

    def _open(self, row: ParameterRow, detail: str) -> None:
        self._note(row.line, row.name, Standing.LEFT_OPEN, detail)

    def _note(self, line: int, place: str, standing: Standing, detail: str) -> None:
        self.notes.append(Note(line, place, standing, detail))


def _narrowed(base: JsonSchema, values: tuple[Value, ...], prose: str) -> JsonSchema | None:
    """The schema narrowed to listed values or to bounds; None where it says nothing of them, or otherwise."""
    kind = base.get("type")
    whole = [value for value in values if isinstance(value, int)]
    if values and kind == "string":
        return {**base, "enum": [str(value) for value in values]}
    if values and kind == "integer" and len(whole) == len(values):
        return {**base, "enum": whole}
    if values and not base:
        all_whole = len(whole) == len(values)
        return {
            "type": "integer" if all_whole else "string",
            "enum": whole if all_whole else list(map(str, values)),
        }
    limits = bounds(prose)
    if not values and limits and kind in ("integer", "number"):
        return {**base, "minimum": limits[0], "maximum": limits[1]}
    return None


def _constrained(schema: JsonSchema, constraint: str) -> JsonSchema:
    """Narrows the schema of a path variable by its route constraint."""
    if not constraint:
        return schema
    if alternatives := _ALTERNATIVES.fullmatch(constraint):
        return {"type": "string", "enum": alternatives["words"].split("|")}
    if _DIGITS.fullmatch(constraint):
        return schema if schema.get("type") == "integer" else dict(_SCALARS["integer"])
    return schema


def _in_words(schema: JsonSchema) -> str:
    """A schema in a few words, for the list of notes."""
    items = schema.get("items")
    if isinstance(items, dict):
        return f"list of {_in_words(items)}"
    values = schema.get("enum")
    if isinstance(values, list):
        return f"one of {', '.join(str(value) for value in values)}"
    alternatives = schema.get("anyOf")
    if isinstance(alternatives, list):
        return " or ".join(_in_words(alternative) for alternative in alternatives)
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    return str(schema.get("format") or schema.get("type") or "any value")
