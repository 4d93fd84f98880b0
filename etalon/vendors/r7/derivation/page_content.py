"""What an R7-Office API page says, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from etalon.vendors.r7.derivation.words import Heading

Kind = Literal["object", "array", "string", "integer", "number", "boolean", "null"]
Place = Literal["path", "query", "header", "body"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A value of an example, with the number of the line that it begins in.

    Attributes:
        kind: the JSON type.
        line: the line it begins in; for a member of an object, the line of its name.
        value: the value of a scalar; None for objects, arrays and null.
        members: the members of an object, in the order of the page.
        items: the items of an array.
    """

    kind: Kind
    line: int
    value: str | float | bool | None = None
    members: tuple[tuple[str, Sample], ...] = ()
    items: tuple[Sample, ...] = ()

    def member(self, name: str) -> Sample | None:
        """The member of that name, whatever its letter case: the portal's binder ignores case."""
        return next((value for key, value in self.members if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A row of the parameter table, cells told apart.

    Attributes:
        name: the parameter's name as spelled in the table.
        line: the line that the name stands in.
        place: `url`, `query`, `header` or `body`, as the page says; empty where it does not say.
        optional: whether the row carries the word.
        prose: the description without the word "optional".
        kind: the type cell.
        example: the example cell.
    """

    name: str
    line: int
    place: str
    optional: bool
    prose: str
    kind: str
    example: str


@dataclass(frozen=True, slots=True)
class PathVariable:
    """A `{name}` of the path; a route constraint such as `{id:[0-9]+}` is kept apart from the name."""

    name: str
    constraint: str = ""


@dataclass(frozen=True, slots=True)
class XmlAnswer:
    """The XML example answer.

    Attributes:
        line: where it begins.
        root: name of its root element.
        elements: dotted paths below the root, each with the line of its first element.
    """

    line: int
    root: str
    elements: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where and how a page shows that it is not whole."""

    line: int
    part: str
    detail: str


@dataclass(frozen=True, slots=True)
class Stray:
    """Text that belongs to no row, block or sentence of the format."""

    line: int
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class R7Page:
    """An R7-Office API page, understood.

    Attributes:
        name: name of the page.
        line: line of the title.
        method: HTTP method, in lower case.
        path: path from `/api`, its variables without their constraints.
        variables: the path's variables, in order.
        authenticated: whether the function needs authentication; None where the page is silent.
        authentication_line: line of that sentence.
        prose: description, remarks and what is returned: the heading, the line and the words.
        rows: the parameter table.
        parameterless: whether the page says that the function takes no parameters.
        request_line: the example's request target, e.g. `api/2.0/crm/task/1234?x=1`, and its line.
        host: host of the example; empty where it names none.
        media: media type of the example's body.
        body: the example's body.
        answer: the JSON example answer.
        xml: the XML example answer.
        cut: signs that the page is not whole.
        strays: what the format has no place for.
    """

    name: str
    line: int
    method: str
    path: str
    variables: tuple[PathVariable, ...]
    authenticated: bool | None
    authentication_line: int
    prose: tuple[tuple[Heading, int, str], ...]
    rows: tuple[ParameterRow, ...]
    parameterless: bool
    request_line: tuple[str, int] | None
    host: str
    media: str
    body: Sample | None
    answer: Sample | None
    xml: XmlAnswer | None
    cut: tuple[Cut, ...]
    strays: tuple[Stray, ...]
