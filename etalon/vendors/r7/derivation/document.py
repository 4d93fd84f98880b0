"""R7-Office API pages, understood → one OpenAPI 3.1 document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from etalon.derivation.page import PARTIAL, Note, PageError, Standing
from etalon.vendors.r7.derivation.examples import SITE
from etalon.vendors.r7.derivation.inference import Inference
from etalon.vendors.r7.derivation.oracle import oracle
from etalon.vendors.r7.derivation.parameters import Parameter, read_parameters
from etalon.vendors.r7.derivation.spellings import COMPONENTS, JsonSchema, needed
from etalon.vendors.r7.derivation.words import Heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from etalon.vendors.r7.derivation.page_content import R7Page, Sample

_USUAL_HOST = "yourportal.r7-office.ru"
_VERSION = re.compile(r"/api/(?P<version>\d+(?:\.\d+)*)/?")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_UPDATE_READING = (
    'Rows without the word "optional" are not read as required members: an update takes the members that the '
    "request gives."
)
_STATUS_READING = "The page prints no HTTP status for its example answer."


@dataclass(slots=True)
class _Document:
    """The document while pages are added."""

    paths: dict[str, JsonSchema] = field(default_factory=dict)
    schemas: dict[str, JsonSchema] = field(default_factory=dict)
    shared: dict[str, list[str]] = field(default_factory=dict)
    described: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def openapi_document(pages: Sequence[R7Page], *, prose: bool) -> tuple[JsonSchema, tuple[Note, ...]]:
    """Makes one document of the pages.

    Args:
        pages: pages of different functions.
        prose: whether the pages' own sentences become descriptions.

    Returns:
        The document, and what became of each statement of the pages.

    Raises:
        PageError: two pages describe the same method and path.
    """
    document = _Document()
    for page in pages:
        _Operation(document, page, prose=prose).add()
    authenticated = any(page.authenticated for page in pages)
    components: JsonSchema = {}
    if authenticated:
        components["securitySchemes"] = {
            "token": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "x-etalon": {"extension": True, "source": "R7-Office API, page on basic concepts"},
            }
        }
    schemas = dict(document.schemas)
    for name, schema in COMPONENTS.items():
        if name in needed(set(document.shared)):
            from_pages = document.shared.get(name) or document.shared["DateDashOrRoundtrip"]
            source = {"page": from_pages[0] if len(from_pages) == 1 else from_pages}
            schemas[name] = {**schema, "x-etalon": {"source": source}}
    if schemas:
        components["schemas"] = schemas
    version = next((found["version"] for page in pages if (found := _VERSION.match(page.path))), "2.0")
    hosts = dict.fromkeys(page.host for page in pages if page.host) or {_USUAL_HOST: None}
    return {
        "openapi": "3.1.0",
        "info": {"title": "R7-Office API", "version": version, "description": _summary(pages)},
        "servers": [{"url": f"https://{host}"} for host in hosts],
        "tags": [{"name": "documented", "description": "The functions that the pages describe."}],
        "paths": document.paths,
        **({"components": components} if components else {}),
    }, tuple(document.notes)


def _summary(pages: Sequence[R7Page]) -> str:
    names = dict.fromkeys(page.name for page in pages)
    summary = f"Derived from {'the page' if len(names) == 1 else 'the pages'} {', '.join(names)}."
    for page in pages:
        for cut in page.cut:
            summary += f"\n\nPARTIAL: {page.name} is not whole: {cut.detail} (line {cut.line}). What it "
            summary += "would say after that is missing here."
    return summary


class _Operation:
    """One page's operation in the document."""

    def __init__(self, document: _Document, page: R7Page, *, prose: bool) -> None:
        self._document = document
        self._page = page
        self._prose = prose
        self._id = _operation_id(page)

    def add(self) -> None:
        page = self._page
        path, names = self._path()
        item = self._document.paths.setdefault(path, {})
        key = (path, page.method)
        if key in self._document.described:
            other = self._document.described[key]
            raise PageError(f"{page.name} and {other} both describe {page.method.upper()} {path}.")
        self._document.described[key] = page.name
        self._note(page.line, "title", Standing.UNDERSTOOD, f"{page.method.upper()} {page.path}")
        for cut in page.cut:
            detail = f"{PARTIAL}{cut.detail}; the spec holds only what stands before"
            self._note(cut.line, cut.part, Standing.LEFT_OPEN, detail)
        found = read_parameters(page)
        self._keep(found.notes)
        self._share(found.used)
        etalon: JsonSchema = {"source": self._sentence("title", page.line)}
        operation: JsonSchema = {"operationId": self._id, "tags": ["documented"]}
        if self._prose and (text := self._told(Heading.DESCRIPTION)):
            operation["description"] = text
        operation.update(self._security())
        outside = [
            self._parameter(parameter, names.get(parameter.name, parameter.name))
            for parameter in found.parameters
            if parameter.place != "body"
        ]
        if outside:
            operation["parameters"] = outside
        body = [parameter for parameter in found.parameters if parameter.place == "body"]
        if body or page.body is not None:
            operation["requestBody"] = self._body(body)
            if page.method != "post" and any(parameter.required for parameter in body):
                etalon["reading"] = _UPDATE_READING
        elif not page.rows and not page.parameterless and not page.variables:
            self._note(page.line, "parameters", Standing.LEFT_OPEN, "the page has no parameter table")
        operation["responses"] = {"200": self._response()}
        operation["x-etalon"] = etalon
        item[page.method] = operation
        self._prose_notes()

    def _path(self) -> tuple[str, dict[str, str]]:
        """The path, spelled as an earlier page spells it: variables of one path have one set of names."""
        shape = _VARIABLE.sub("{}", self._page.path).lower()
        for path in self._document.paths:
            if _VARIABLE.sub("{}", path).lower() == shape:
                return path, dict(
                    zip(_VARIABLE.findall(self._page.path), _VARIABLE.findall(path), strict=True)
                )
        return self._page.path, {}

    def _security(self) -> JsonSchema:
        line = self._page.authentication_line
        if self._page.authenticated is None:
            detail = "the page does not say whether the function needs authentication"
            self._note(line, "authentication", Standing.LEFT_OPEN, detail)
            return {}
        needs = "needed; how, the page does not say" if self._page.authenticated else "not needed"
        self._note(line, "authentication", Standing.UNDERSTOOD, needs)
        return {"security": [{"token": []}] if self._page.authenticated else []}

    def _parameter(self, parameter: Parameter, name: str) -> JsonSchema:
        out: JsonSchema = {"name": name, "in": parameter.place, "required": parameter.required}
        if self._prose and parameter.prose:
            out["description"] = parameter.prose
        return {**out, "schema": parameter.schema, "x-etalon": {"source": parameter.source}}

    def _body(self, parameters: list[Parameter]) -> JsonSchema:
        page = self._page
        schema: JsonSchema
        if page.body is not None and page.body.kind != "object":
            inference = Inference(page.name, "example request", None, whole=False)
            schema = inference.schema([page.body])
            self._keep(inference.notes)
            self._share(inference.used)
            for parameter in parameters:
                detail = "the example request is no object, so this member has no place in it"
                self._note(parameter.line, parameter.name, Standing.LEFT_OPEN, detail)
        else:
            properties: JsonSchema = {}
            for parameter in parameters:
                told = {"description": parameter.prose} if self._prose and parameter.prose else {}
                properties[parameter.name] = {
                    **parameter.schema,
                    **told,
                    "x-etalon": {"source": parameter.source, **oracle(parameter, page.answer)},
                }
            required = [item.name for item in parameters if item.required and page.method == "post"]
            schema = {
                "type": "object",
                **({"required": required} if required else {}),
                "properties": properties,
            }
        line = page.body.line if page.body else page.line
        source = {"page": page.name, "sample": "request", "line": line}
        name = f"{self._id[0].upper()}{self._id[1:]}Body"
        self._document.schemas[name] = {**schema, "x-etalon": {"source": source}}
        return {
            "required": bool(schema.get("required")) or page.body is not None,
            "content": {page.media: {"schema": {"$ref": f"#/components/schemas/{name}"}}},
            "x-etalon": {"source": source},
        }

    def _response(self) -> JsonSchema:
        page = self._page
        returned = self._told(Heading.RETURNS) if self._prose else ""
        response: JsonSchema = {"description": returned or "What the page shows as the answer."}
        if page.answer is None:
            line = next((line for heading, line, _ in page.prose if heading is Heading.RETURNS), page.line)
            what = "only an XML" if page.xml else "no"
            self._note(
                line, "example answer", Standing.LEFT_OPEN, f"the page shows {what} example answer in JSON"
            )
            source = self._sentence("returns", line)
            if page.xml:
                response["content"] = {"text/xml": {"schema": {"xml": {"name": page.xml.root}}}}
            return {**response, "x-etalon": {"source": source, "reading": _STATUS_READING}}
        elements = frozenset(path for path, _ in page.xml.elements) if page.xml else None
        if page.xml is None:
            self._note(page.answer.line, "example answer", Standing.LEFT_OPEN, "the page shows no XML answer")
        inference = Inference(page.name, "example answer", elements, whole=not page.cut)
        schema = _envelope(inference.schema([page.answer]), page.answer)
        self._share(inference.used)
        self._keep(inference.notes)
        shown = set(_paths([page.answer]))
        for path, line in page.xml.elements if page.xml else ():
            if path not in shown and not any(path.startswith(f"{part}.") for part in _opaque([page.answer])):
                detail = f"{path}: the XML form has this element, the JSON form has not"
                self._note(line, "example answer", Standing.LEFT_OPEN, detail)
        source = {"page": page.name, "sample": "application/json", "line": page.answer.line}
        if page.xml:
            schema["xml"] = {"name": page.xml.root}
            source["sample"] = "application/json and text/xml"
        schema["x-etalon"] = {"source": source}
        name = f"{self._id[0].upper()}{self._id[1:]}Answer"
        self._document.schemas[name] = schema
        content = {"schema": {"$ref": f"#/components/schemas/{name}"}}
        media = ["application/json", *(["text/xml"] if page.xml else [])]
        response["content"] = {kind: dict(content) for kind in media}
        self._note(page.answer.line, "example answer", Standing.UNDERSTOOD, f"{len(shown)} members read")
        return {**response, "x-etalon": {"source": source, "reading": _STATUS_READING}}

    def _prose_notes(self) -> None:
        for heading, line, text in self._page.prose:
            if heading is Heading.REMARKS:
                self._note(
                    line, heading, Standing.LEFT_OPEN, f"a remark that is in no schema: {_short(text)}"
                )
            else:
                self._note(line, heading, Standing.UNDERSTOOD, "prose")
        for stray in self._page.strays:
            if stray.place == SITE:
                self._note(stray.line, SITE, Standing.UNDERSTOOD, "the site's own words, not the page's")
                continue
            detail = f"not part of the format: {_short(stray.text)}"
            self._note(stray.line, stray.place, Standing.LEFT_OPEN, detail)

    def _told(self, heading: Heading) -> str:
        return " ".join(text for part, _, text in self._page.prose if part is heading)

    def _sentence(self, sentence: str, line: int) -> JsonSchema:
        return {"page": self._page.name, "sentence": sentence, "line": line}

    def _share(self, names: set[str] | frozenset[str]) -> None:
        for name in names:
            from_pages = self._document.shared.setdefault(name, [])
            if self._page.name not in from_pages:
                from_pages.append(self._page.name)

    def _keep(self, notes: Iterable[Note]) -> None:
        self._document.notes += [replace(note, page=self._page.name) for note in notes]

    def _note(self, line: int, place: str, standing: Standing, detail: str) -> None:
        self._document.notes.append(Note(line, str(place), standing, detail, self._page.name))


def _envelope(schema: JsonSchema, answer: Sample) -> JsonSchema:
    """Pins the envelope's status: beside a response, 0 is how the page's success looks."""
    status = answer.member("status")
    properties = cast("dict[str, JsonSchema]", schema.get("properties", {}))
    if status is not None and status.value == 0 and answer.member("response") is not None:
        properties["status"] = {**properties["status"], "const": 0}
    return schema


def _paths(samples: Sequence[Sample], prefix: str = "") -> Iterator[str]:
    for sample in samples:
        yield from _paths(sample.items, prefix)
        for name, value in sample.members:
            path = f"{prefix}.{name}" if prefix else name
            yield path
            yield from _paths([value], path)


def _opaque(samples: Sequence[Sample], prefix: str = "") -> Iterator[str]:
    """Paths of plain values, empty things and lists of them: below these the XML form may have elements."""
    for sample in samples:
        if prefix and not sample.members and not any(item.members for item in sample.items):
            yield prefix
        for item in sample.items:
            yield from _opaque([item] if item.members else [], prefix)
        for name, value in sample.members:
            yield from _opaque([value], f"{prefix}.{name}" if prefix else name)


def _operation_id(page: R7Page) -> str:
    """A name made of method and path: `putCrmTaskByTaskid`."""
    parts = [part for part in _VERSION.sub("", page.path).split("/") if part]
    words = [f"By {part}" if "{" in part else part for part in parts]
    pieces = re.findall(r"[A-Za-z0-9]+", " ".join(words))
    return page.method + "".join(piece[0].upper() + piece[1:] for piece in pieces)


def _short(text: str, most: int = 80) -> str:
    return repr(text if len(text) <= most else f"{text[:most]}…")
