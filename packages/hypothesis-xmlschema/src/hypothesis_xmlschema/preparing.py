"""What a global element comes to before anything is drawn: what is left of it, and what satisfies it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from hypothesis_xmlschema.alphabets import with_alphabets
from hypothesis_xmlschema.building import built
from hypothesis_xmlschema.choices import Seeded, Simplest
from hypothesis_xmlschema.compiling import compile_schema
from hypothesis_xmlschema.documents import Drawing, Size
from hypothesis_xmlschema.errors import ControlError, NothingFoundError, UnsupportedSchemaError
from hypothesis_xmlschema.identity import Settling, wishes
from hypothesis_xmlschema.nodes import IMPOSSIBLE
from hypothesis_xmlschema.paths import Control
from hypothesis_xmlschema.refusing import reason_of
from hypothesis_xmlschema.restricting import restrict
from hypothesis_xmlschema.routes import Routes
from hypothesis_xmlschema.solving import solutions_of, without_hopeless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lxml import etree
    from xmlschema import XMLSchemaBase

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.nodes import Program
    from hypothesis_xmlschema.solving import Solution
    from hypothesis_xmlschema.trees import Node

_STREAMS = 8
_NO_WISHES = Control()

_MOST_TREES = 4


@dataclass(frozen=True)
class Prepared:
    """A global element to draw documents of.

    Attributes:
        program: What a caller's wishes leave of it.
        solutions: How its assertions are satisfied, by the declarations that have some.
    """

    program: Program
    solutions: Mapping[int, Sequence[Solution]]

    @cached_property
    def _settling(self) -> Settling:
        return Settling(self.program)

    def documents(self, size: Size) -> Callable[[Choices], etree._Element]:
        """Choices → a document of at most such a size; raises NothingFoundError where they lead to none."""
        program, solutions, settling = self.program, self.solutions, self._settling
        routes = Routes(program)

        def document(choices: Choices) -> etree._Element:
            def drawing(ways: Routes | None) -> Drawing:
                return Drawing(program, choices, size, ways, solutions)

            root = _drawn_document(drawing, routes, lambda tree: settling.settle(tree, choices))
            return built(program, root)

        return document

    def require_some(self, document: Callable[[Choices], etree._Element]) -> None:
        """Makes sure that there is a document at all, where more than its content models have to hold.

        Args:
            document: What `documents` returns.

        Raises:
            UnsupportedSchemaError: None was found.
        """
        program = self.program
        chosen = any(declaration.chosen for declaration in program.declarations)
        if not (self._settling.needed or self.solutions or chosen):
            return
        streams: list[Choices] = [Simplest(), *(Seeded(Random(number)) for number in range(_STREAMS))]  # noqa: S311
        for choices in streams:
            with suppress(NothingFoundError):
                document(choices)
                return
        names = [i.local_name for declaration in program.declarations for i in declaration.identities]
        known = f" ({', '.join(dict.fromkeys(names))})" if names else ""
        raise UnsupportedSchemaError(
            f"element {program.declarations[program.root].name}",
            f"no document was found in which its identities{known}, references and alternatives hold",
        )


def prepare(
    schema: XMLSchemaBase,
    element: str,
    control: Control = _NO_WISHES,
) -> Prepared:
    """Compiles a global element and carries a caller's wishes out.

    Raises:
        UnsupportedSchemaError: It has no documents, or none that can be drawn.
        ControlError: The wishes leave none.
    """
    program = _with_single_fields(compile_schema(schema, element))
    program = with_alphabets(restrict(program, control), dict(control.alphabets))
    solutions = solutions_of(program)
    program = without_hopeless(program, solutions)
    if program.costs[program.root] == IMPOSSIBLE:
        raise reason_of(program, program.root)
    return Prepared(program, solutions)


def _with_single_fields(program: Program) -> Program:
    """The program whose keys' fields are there and single, where it can be had."""
    control = wishes(program)
    try:
        return restrict(program, control)
    except ControlError:
        return program


def _drawn_document(
    drawing: Callable[[Routes | None], Drawing], routes: Routes, finish: Callable[[Node], None]
) -> Node:
    """The root of a document, every other one with one of the targets of `routes`.

    Args:
        drawing: Begins a document.
        routes: The ways to targets; where the first tree leads to nothing, the next ones have none.
        finish: What is done once a tree stands; it may find that nothing can be.

    Raises:
        NothingFoundError: The choices led to none.
    """
    for attempt in range(_MOST_TREES):
        try:
            root = drawing(routes if attempt == 0 else None).document()
            finish(root)
        except NothingFoundError:
            if attempt == _MOST_TREES - 1:
                raise
        else:
            return root
    raise NothingFoundError
