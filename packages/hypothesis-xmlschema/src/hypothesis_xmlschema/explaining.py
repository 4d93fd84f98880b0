"""What of a schema is drawn by construction, what is filtered, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xmlschema.validators import XsdSimpleType

from hypothesis_xmlschema.compiling import compile_schema, whole_program
from hypothesis_xmlschema.documents import Size
from hypothesis_xmlschema.errors import UnsupportedSchemaError
from hypothesis_xmlschema.nodes import IMPOSSIBLE, Group, Program, Typed, Wildcard
from hypothesis_xmlschema.preparing import prepare
from hypothesis_xmlschema.roots import roots_of
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.solving import solutions_of
from hypothesis_xmlschema.trees import local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmlschema import XMLSchemaBase


@dataclass(frozen=True, slots=True)
class Note:
    """One thing about a component that its documents show.

    Attributes:
        component: As a person finds it in the schema.
        manner: `filtered`, drawn and checked, with a bounded number of attempts; `settled`, made true once
            the tree stands; `left out`, in no document.
        reason: Why.
    """

    component: str
    manner: str
    reason: str


def explain(schema: XMLSchemaBase, element: str | None = None) -> tuple[Note, ...]:
    """Tells what no construction ensures; what is not named here is drawn valid at once.

    Args:
        schema: A schema that xmlschema has built, version 1.0 or 1.1.
        element: As `from_schema` takes it.

    Raises:
        UnsupportedSchemaError: No document can be drawn at all.
    """
    roots = roots_of(schema, element)
    notes: dict[Note, None] = {}
    refused: list[UnsupportedSchemaError] = []
    for root in roots:
        try:
            notes.update(dict.fromkeys(_notes(schema, root)))
        except UnsupportedSchemaError as error:
            refused.append(error)
            name = f"element {local_name(root)}"
            notes[Note(name, "left out", f"{error.reason} ({error.component})")] = None
    if len(refused) == len(roots):
        raise refused[0]
    return tuple(sorted(notes, key=lambda note: (note.manner, note.component, note.reason)))


def _notes(schema: XMLSchemaBase, root: str) -> Iterator[Note]:
    prepared = prepare(schema, root)
    prepared.require_some(prepared.documents(Size()))
    program = compile_schema(schema, root)
    yield from _filtered(program)
    yield from _settled(program)
    yield from _left_out(schema, root)


def _simples(program: Program) -> Iterator[Simple]:
    for typed in program.types:
        yield from (attribute.simple for attribute in typed.attributes)
        if isinstance(typed.content, Simple):
            yield typed.content


def _filtered(program: Program) -> Iterator[Note]:
    for simple in _simples(program):
        if simple.filtered:
            yield Note(simple.name, "filtered", simple.filtered)
    solutions = solutions_of(program)
    for number, declaration in enumerate(program.declarations):
        name = f"element {declaration.name}"
        tests = [a.path for use in declaration.types for a in program.types[use.type].assertions]
        if number in solutions and not solutions[number]:
            yield Note(name, "left out", "no content that satisfies its assertions was found")
        elif tests:
            yield Note(name, "filtered", f"assertions that no table covers: {'; '.join(tests)}")
        if declaration.chosen:
            yield Note(name, "filtered", "its attributes choose its type, which is checked")


def _settled(program: Program) -> Iterator[Note]:
    for declaration in program.declarations:
        for identity in declaration.identities:
            yield Note(
                f"{identity.prefixed_name} of element {declaration.name}", "settled", "an identity constraint"
            )
    for simple in _simples(program):
        if simple.kind:
            yield Note(simple.name, "settled", "IDs are unique, and references refer to them")


def _left_out(schema: XMLSchemaBase, element: str) -> Iterator[Note]:
    whole = whole_program(schema, element)
    drawn = compile_schema(schema, element)
    for number, declaration in enumerate(drawn.declarations):
        if declaration.abstract or drawn.costs[number] < IMPOSSIBLE:
            continue
        reasons = [r for use in declaration.types if (r := whole.types[use.type].reason) is not None]
        component, reason = reasons[0] if reasons else ("", "nothing in it can be finished")
        where = f" ({component})" if component else ""
        yield Note(f"element {declaration.name}", "left out", f"{reason}{where}")
    for typed in whole.types:
        if isinstance(typed.component, XsdSimpleType) or typed.component is None or typed.reason is not None:
            continue
        drawn_names = {attribute.name for attribute in typed.attributes}
        for name, use in sorted(typed.component.attributes.items(), key=lambda item: item[0] or ""):
            if name and getattr(use, "use", "prohibited") != "prohibited" and name not in drawn_names:
                yield Note(
                    f"attribute {name} of {_named(typed)}", "left out", "its type has no texts to draw"
                )
        if isinstance(typed.content, Group) and any(_matches_nothing(w) for w in _wildcards(typed.content)):
            yield Note(
                f"wildcard in {_named(typed)}",
                "left out",
                "it wants what is declared, and nothing that is matches it",
            )


def _named(typed: Typed) -> str:
    """A type as a person finds it: by the element that holds it where it has no name."""
    component = typed.component
    if component is None or component.name:
        return f"type {typed.name}"
    return f"element {getattr(component.parent, 'name', None) or typed.name}"


def _wildcards(group: Group) -> Iterator[Wildcard]:
    for particle in group.particles:
        if isinstance(particle.term, Group):
            yield from _wildcards(particle.term)
        elif isinstance(particle.term, Wildcard):
            yield particle.term


def _matches_nothing(wildcard: Wildcard) -> bool:
    return not wildcard.names and not wildcard.declared
