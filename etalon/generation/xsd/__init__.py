"""Hypothesis strategies from XML Schema: documents that a schema accepts.

Stands alone: it imports nothing of Etalon outside this package.
"""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Literal, TypeVar, overload

from hypothesis import reject
from hypothesis.strategies import just

from etalon.generation.xsd.alphabets import with_alphabets
from etalon.generation.xsd.choices import Seeded, Simplest, Told, strategy_of
from etalon.generation.xsd.compiling import compile_schema, reason_of, whole_program
from etalon.generation.xsd.documents import Drawing, Size, built, draw_document
from etalon.generation.xsd.errors import (
    ControlError,
    NothingFoundError,
    OverrideError,
    UnsupportedSchemaError,
)
from etalon.generation.xsd.explaining import Note, explain
from etalon.generation.xsd.identity import Settling, wishes
from etalon.generation.xsd.nodes import IMPOSSIBLE
from etalon.generation.xsd.paths import Control, PathPattern
from etalon.generation.xsd.restricting import restrict
from etalon.generation.xsd.routes import Routes
from etalon.generation.xsd.solving import solutions_of, without_hopeless
from etalon.generation.xsd.violations import KINDS, Violating, Violation
from etalon.generation.xsd.wrong_texts import WrongTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy
    from lxml import etree
    from xmlschema import XMLSchemaBase

    from etalon.generation.xsd.choices import Choices
    from etalon.generation.xsd.nodes import Program
    from etalon.generation.xsd.solving import Solution

__all__ = [
    "KINDS",
    "ControlError",
    "Note",
    "OverrideError",
    "UnsupportedSchemaError",
    "Violation",
    "explain",
    "from_schema",
    "violations_of",
]

_SIZE = Size()
_STREAMS = 8
_T = TypeVar("_T")


@overload
def from_schema(
    schema: XMLSchemaBase,
    element: str | None = ...,
    *,
    violating: Literal[False] = ...,
    overrides: Mapping[str, SearchStrategy[str]] | None = ...,
    alphabets: Mapping[str, SearchStrategy[str]] | None = ...,
    required: Collection[str] = ...,
    exclude: Collection[str] = ...,
    max_optional: int = ...,
    max_elements: int = ...,
    max_depth: int = ...,
    foreign: bool = ...,
) -> SearchStrategy[etree._Element]: ...


@overload
def from_schema(
    schema: XMLSchemaBase,
    element: str | None = ...,
    *,
    violating: Literal[True],
    overrides: Mapping[str, SearchStrategy[str]] | None = ...,
    alphabets: Mapping[str, SearchStrategy[str]] | None = ...,
    required: Collection[str] = ...,
    exclude: Collection[str] = ...,
    max_optional: int = ...,
    max_elements: int = ...,
    max_depth: int = ...,
    foreign: bool = ...,
) -> SearchStrategy[Violation]: ...


def from_schema(
    schema: XMLSchemaBase,
    element: str | None = None,
    *,
    violating: bool = False,
    overrides: Mapping[str, SearchStrategy[str]] | None = None,
    alphabets: Mapping[str, SearchStrategy[str]] | None = None,
    required: Collection[str] = (),
    exclude: Collection[str] = (),
    max_optional: int = _SIZE.optional,
    max_elements: int = _SIZE.elements,
    max_depth: int = _SIZE.depth,
    foreign: bool = True,
) -> SearchStrategy[etree._Element] | SearchStrategy[Violation]:
    """Returns a strategy of documents that the schema accepts, each an lxml root element, or of violations.

    Documents hold a small drawn subset of the optional members, an `xs:all` in any order. They shrink to
    mandatory members with plain texts. One seed draws the same documents in every process that has loaded the
    same modules: Hypothesis mixes in constants that it finds in local code.

    Members are addressed by paths of local names below the root: `task/parent/id`, `task/periodicity/@unset`;
    `*` is any one element, and a leading `**/` lets the path begin at any depth. An anchored path that
    addresses nothing is an error; a floating one is not, so that one set of them serves many schemas.

    Args:
        schema: A schema that xmlschema has built, version 1.0 or 1.1.
        element: The global element to draw, by its local name or in Clark notation; may be left out where
            there is only one.
        violating: Whether to draw documents that break exactly one constraint, each with the record of it.
        overrides: Texts by path instead of the type's own; the first path that matches counts. What is drawn
            must be valid there. An empty strategy (`st.nothing()`) leaves the member out.
        alphabets: Texts by the name of a simple type, `xs:string`, local or in Clark notation, for all that
            derives from it: of what is drawn, what the member's own type accepts; else its own texts.
        required: Optional members that must be there. An anchored path brings its ancestors with it; a
            floating one holds wherever its parent is drawn: `**/daily/type` gives every daily a type.
        exclude: Members that must not be there.
        max_optional: The most optional members of one element, beyond those that assertions and `required`
            bring along.
        max_elements: From so many elements on, nothing optional is added.
        max_depth: From this depth on, nothing optional is added.
        foreign: Whether there is something for optional wildcards, and text between the members of mixed
            content: what the schema lets pass without saying what it is.

    Raises:
        UnsupportedSchemaError: The schema uses what cannot be drawn; it names the component and the reason.
        ControlError: A path is malformed or addresses nothing, or no document is left.
    """
    control = Control(
        overrides=tuple((PathPattern.parse(text), strategy) for text, strategy in (overrides or {}).items()),
        required=tuple(map(PathPattern.parse, required)),
        excluded=tuple(map(PathPattern.parse, exclude)),
    )
    program, solutions = _restricted(schema, element, control, alphabets or {})
    size = Size(max_optional, max_elements, max_depth, foreign)
    if violating:
        whole = whole_program(schema, element)
        sites = Violating(schema, whole, program, size, solutions, wrong=WrongTexts())
        return strategy_of(_or_reject(sites.draw))
    routes = Routes(program)
    settling = Settling(program)

    def document(choices: Choices) -> etree._Element:
        def drawing(ways: Routes | None) -> Drawing:
            return Drawing(program, choices, size, ways, solutions)

        root = draw_document(drawing, routes, lambda tree: settling.settle(tree, choices))
        return built(program, root)

    chosen = any(declaration.chosen for declaration in program.declarations)
    if (settling.needed or solutions or chosen) and not overrides and not _leads_to_some(document):
        where = f"element {program.declarations[program.root].name}"
        raise UnsupportedSchemaError(
            where, "no document was found in which its identities, references and alternatives hold"
        )
    return strategy_of(_or_reject(document))


def violations_of(
    schema: XMLSchemaBase,
    element: str | None = None,
    *,
    kinds: Collection[str] = KINDS,
    wrong: Mapping[str, Sequence[str]] | None = None,
    texts: Mapping[str, str] | None = None,
    required: Collection[str] = (),
    exclude: Collection[str] = (),
) -> Iterator[Violation]:
    """Lists the violations of a schema: for each declaration all that can be broken there, once.

    Nothing is drawn: each document is the smallest that has the place, and its own plainest text breaks the
    constraint, so that the list changes with the schema alone. What is far into a document is reached by the
    shortest way.

    Args:
        schema: A schema that xmlschema has built, version 1.0 or 1.1.
        element: The global element; see `from_schema`.
        kinds: What may be done to documents, of `KINDS`.
        wrong: Texts by the name of a simple type, `xs:int`, local or in Clark notation, for all that derives
            from it. Each that a member's type refuses is a violation in place of those that the schema leads
            to for the same constraint. Such a text may break more than one; the record names the built-in
            type first, then bounds and enumerations, then patterns.
        texts: Texts by path instead of the type's own; the first path that matches counts.
        required: Optional members that must be there; see `from_schema`.
        exclude: Members that must not be there.

    Raises:
        UnsupportedSchemaError: As from `from_schema`, or nothing can be violated.
        ControlError: Likewise.
    """
    told = [(path, just(text), text) for path, text in (texts or {}).items()]
    control = Control(
        overrides=tuple((PathPattern.parse(path), strategy) for path, strategy, _ in told),
        required=tuple(map(PathPattern.parse, required)),
        excluded=tuple(map(PathPattern.parse, exclude)),
    )
    program, solutions = _restricted(schema, element, control, {})
    whole, size = whole_program(schema, element), Size(foreign=False)
    sites = Violating(schema, whole, program, size, solutions, wrong=WrongTexts(wrong, each=1))
    return sites.each(Told([(strategy, text) for _, strategy, text in told]), kinds)


def _restricted(
    schema: XMLSchemaBase,
    element: str | None,
    control: Control,
    alphabets: Mapping[str, SearchStrategy[str]],
) -> tuple[Program, Mapping[int, Sequence[Solution]]]:
    """What is left of a schema by a caller's wishes, and how its assertions are satisfied."""
    program = compile_schema(schema, element)
    program = with_alphabets(restrict(_with_single_fields(program), control), alphabets)
    solutions = solutions_of(program)
    program = without_hopeless(program, solutions)
    if program.costs[program.root] == IMPOSSIBLE:
        raise reason_of(program, program.root)
    return program, solutions


def _leads_to_some(document: Callable[[Choices], object]) -> bool:
    """Whether any of a few streams of choices makes a document."""
    streams: list[Choices] = [Simplest(), *(Seeded(Random(number)) for number in range(_STREAMS))]  # noqa: S311
    for choices in streams:
        with suppress(NothingFoundError):
            document(choices)
            return True
    return False


def _or_reject(build: Callable[[Choices], _T]) -> Callable[[Choices], _T]:
    """Choices that lead to nothing are no example."""

    def built(choices: Choices) -> _T:
        try:
            return build(choices)
        except NothingFoundError:
            reject()

    return built


def _with_single_fields(program: Program) -> Program:
    """The program whose keys' fields are there and single, where it can be had."""
    control = wishes(program)
    try:
        return restrict(program, control)
    except ControlError:
        return program
