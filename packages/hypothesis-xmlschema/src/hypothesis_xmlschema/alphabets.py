"""Texts that a caller prefers for all members of a type."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from hypothesis_xmlschema.facets import steps
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.values import Overridden, Preferred

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy
    from xmlschema.validators import XsdSimpleType

    from hypothesis_xmlschema.nodes import Program

_T = TypeVar("_T")
_XS = "{http://www.w3.org/2001/XMLSchema}"
# The complement of production 2 of XML 1.0.
NOT_XML = re.compile("[^\\t\\n\\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def with_alphabets(program: Program, alphabets: Mapping[str, SearchStrategy[str]]) -> Program:
    """The program with the texts of some types, by name, drawn from a caller's strategies where they fit."""
    if not alphabets:
        return program
    known: dict[int, Simple] = {}

    def preferring(simple: Simple) -> Simple:
        found = known.get(id(simple))
        if found is None:
            found = known[id(simple)] = _preferring(simple, alphabets)
        return found

    types = tuple(
        replace(
            typed,
            attributes=tuple(
                attribute
                if attribute.fixed is not None
                else replace(attribute, simple=preferring(attribute.simple))
                for attribute in typed.attributes
            ),
            content=preferring(typed.content) if isinstance(typed.content, Simple) else typed.content,
        )
        for typed in program.types
    )
    return replace(program, types=types)


def _preferring(simple: Simple, alphabets: Mapping[str, SearchStrategy[str]]) -> Simple:
    """The type with the strategy of the nearest type above it; IDs and references are settled by us."""
    if simple.kind or simple.component is None or isinstance(simple.values, Overridden):
        return simple
    alphabet = named(simple.component, alphabets)
    if alphabet is None:
        return simple
    return replace(simple, values=Preferred(alphabet, simple.values, _fitting(simple)))


def named(component: XsdSimpleType, table: Mapping[str, _T]) -> _T | None:
    """What a caller has for a simple type or the nearest one above it: `xs:string`, local, Clark notation."""
    for step in steps(component):
        name = step.name or ""
        for known in (name, name.replace(_XS, "xs:"), name.rpartition("}")[2]):
            if known and known in table:
                return table[known]
    return None


def _fitting(simple: Simple) -> Callable[[str], bool]:
    return lambda text: NOT_XML.search(text) is None and simple.accepts(text)
