"""Hypothesis strategies from XML Schema: documents that a schema accepts, and ones that break a constraint.

What is listed in `__all__` is public; the modules beneath are not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from hypothesis import reject
from hypothesis.strategies import just

from hypothesis_xmlschema.choices import Told
from hypothesis_xmlschema.compiling import compile_schema, whole_program
from hypothesis_xmlschema.documents import Size
from hypothesis_xmlschema.errors import (
    ControlError,
    NothingFoundError,
    OverrideError,
    UnsupportedSchemaError,
)
from hypothesis_xmlschema.explaining import Note, explain
from hypothesis_xmlschema.hypothesis_internals import strategy_of
from hypothesis_xmlschema.paths import Control, PathPattern, paths_of_element
from hypothesis_xmlschema.preparing import prepare
from hypothesis_xmlschema.roots import any_of, root_of, roots_of
from hypothesis_xmlschema.violations import KINDS, Violating, Violation
from hypothesis_xmlschema.wrong_texts import WrongTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy
    from lxml import etree
    from xmlschema import XMLSchemaBase

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.preparing import Prepared

__all__ = [
    "KINDS",
    "ControlError",
    "Note",
    "OverrideError",
    "UnsupportedSchemaError",
    "Violation",
    "explain",
    "from_schema",
    "paths_of",
    "violations_of",
]

_SIZE = Size()
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
        element: The global element to draw, by its local name or in Clark notation. Without it, documents
            begin with any that the schema has in its target namespace and that has documents.
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
        ControlError: A path is malformed or addresses nothing, or no document is left, or a path counts from
            the root where several are drawn.
    """
    control = Control(
        overrides=tuple((PathPattern.parse(text), strategy) for text, strategy in (overrides or {}).items()),
        required=tuple(map(PathPattern.parse, required)),
        excluded=tuple(map(PathPattern.parse, exclude)),
        alphabets=tuple((alphabets or {}).items()),
    )
    size = Size(max_optional, max_elements, max_depth, foreign)
    roots = roots_of(schema, element)
    if len(roots) > 1 and any(not pattern.floating for pattern in control.patterns):
        raise ControlError("paths count from a root: name the element, or begin them with **/")

    def of_root(root: str) -> SearchStrategy[Any]:
        return _strategy(schema, root, control, size, violating=violating)

    return of_root(roots[0]) if len(roots) == 1 else any_of(roots, of_root)


@lru_cache(maxsize=64)
def _strategy(
    schema: XMLSchemaBase,
    root: str,
    control: Control,
    size: Size,
    *,
    violating: bool,
) -> SearchStrategy[etree._Element] | SearchStrategy[Violation]:
    prepared = prepare(schema, root, control)
    if violating:
        return strategy_of(_or_reject(_violating(schema, root, prepared, size, WrongTexts()).draw))
    document = prepared.documents(size)
    if not control.overrides:  # what those draw is not known now
        prepared.require_some(document)
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
        element: The global element, by its local name or in Clark notation; may be left out where there is
            only one.
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
    root = root_of(schema, element)
    prepared = prepare(schema, root, control)
    wrong_texts = WrongTexts(wrong, each=1)
    sites = _violating(schema, root, prepared, Size(foreign=False), wrong_texts)
    return sites.each(Told([(strategy, text) for _, strategy, text in told]), kinds)


def paths_of(schema: XMLSchemaBase, element: str | None = None) -> tuple[str, ...]:
    """Lists the members that documents can have, as paths below the root: `task/id`, `task/@kind`.

    They are what the paths of `overrides`, `required` and `exclude` can address, each once, a parent before
    its members. Beneath an element that contains itself, they go on to where it comes again.

    Args:
        schema: A schema that xmlschema has built, version 1.0 or 1.1.
        element: The global element, by its local name or in Clark notation; may be left out where there is
            only one.

    Raises:
        UnsupportedSchemaError: As from `from_schema`.
    """
    program = compile_schema(schema, root_of(schema, element))
    return tuple(dict.fromkeys("/".join(path) for path in paths_of_element(program)))


def _violating(
    schema: XMLSchemaBase, root: str, prepared: Prepared, size: Size, wrong: WrongTexts
) -> Violating:
    whole = whole_program(schema, root)
    return Violating(schema, whole, prepared.program, size, prepared.solutions, wrong=wrong)


def _or_reject(build: Callable[[Choices], _T]) -> Callable[[Choices], _T]:
    """Choices that lead to nothing are no example."""

    def built(choices: Choices) -> _T:
        try:
            return build(choices)
        except NothingFoundError:
            reject()

    return built
