"""Paths by which a caller addresses the members of a document.

A path names the steps below the root element by their local names: `task/parent/id`, or for an attribute
`task/periodicity/@unset`. `*` stands for any one element. A path that begins with `**/` floats: it addresses
its steps wherever they end a path, `**/daily/type` every type of every daily.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from hypothesis_xmlschema.errors import ControlError
from hypothesis_xmlschema.hypothesis_internals import is_empty
from hypothesis_xmlschema.nodes import Group, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

    from hypothesis_xmlschema.nodes import Program

Path: TypeAlias = tuple[str, ...]
Position: TypeAlias = frozenset[tuple[int, int]]
"""How far each pattern has come on the way to an element: pairs of a pattern's number and its next step."""

_FLOATING = "**"


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A parsed path; see the module."""

    text: str
    steps: Path
    floating: bool

    @classmethod
    def parse(cls, text: str) -> PathPattern:
        """Reads a path.

        Raises:
            ControlError: The text is not a path.
        """
        steps = tuple(text.split("/"))
        floating = steps[0] == _FLOATING
        if floating:
            steps = steps[1:]
        if not steps or any(step in {"", _FLOATING} for step in steps):
            raise ControlError(f"{text!r} is not a path such as task/parent/id, task/*/id or **/id")
        return cls(text, steps, floating)


@dataclass(frozen=True)
class Control:
    """What is wanted of the documents, by path; texts also by the name of a type.

    Of several overrides that match, the first counts.
    """

    overrides: tuple[tuple[PathPattern, SearchStrategy[str]], ...] = ()
    required: tuple[PathPattern, ...] = ()
    excluded: tuple[PathPattern, ...] = ()
    single: tuple[PathPattern, ...] = ()
    alphabets: tuple[tuple[str, SearchStrategy[str]], ...] = ()

    @cached_property
    def patterns(self) -> tuple[PathPattern, ...]:
        """All of them; a position counts them in this order."""
        return (*self.required, *(pattern for pattern, _ in self.overrides), *self.excluded, *self.single)

    @property
    def start(self) -> Position:
        """Where the patterns are at the root."""
        return frozenset((number, 0) for number in range(len(self.patterns)))

    def after(self, position: Position, name: str) -> Position:
        """Where the patterns are one step further down."""
        patterns = self.patterns
        floating = {(n, 0) for n, pattern in enumerate(patterns) if pattern.floating}
        moved = {
            (number, step + 1)
            for number, step in position
            if step < len(patterns[number].steps) and _is_step(patterns[number].steps[step], name)
        }
        return frozenset(moved | floating)

    def ended(self, position: Position) -> frozenset[int]:
        """The numbers of the patterns that address this very place."""
        return frozenset(n for n, step in position if step == len(self.patterns[n].steps))

    def override(self, position: Position) -> SearchStrategy[str] | None:
        """The strategy that replaces the texts of a place."""
        ended = self.ended(position)
        first = len(self.required)
        return next((s for i, (_, s) in enumerate(self.overrides) if first + i in ended), None)

    def excludes(self, position: Position) -> bool:
        """Whether the member at a place is to be left out."""
        override = self.override(position)
        if override is not None and is_empty(override):
            return True
        first = len(self.required) + len(self.overrides)
        return any(first <= n < first + len(self.excluded) for n in self.ended(position))

    def limits(self, position: Position) -> bool:
        """Whether the member at a place may stand once only."""
        first = len(self.required) + len(self.overrides) + len(self.excluded)
        return any(n >= first for n in self.ended(position))

    def requires(self, position: Position) -> bool:
        """Whether the member at a place must be there: itself, or because something beneath it must."""
        return any(
            n < len(self.required) and (step == len(self.patterns[n].steps) or not self.patterns[n].floating)
            for n, step in position
        )


def _is_step(step: str, name: str) -> bool:
    return step == name or (step == "*" and not name.startswith("@"))


class Reach:
    """Which anchored patterns address something beneath a place.

    Args:
        program: Where to look.
        control: The patterns.
    """

    def __init__(self, program: Program, control: Control) -> None:
        self._program, self._control = program, control
        self._anchored = frozenset(n for n, p in enumerate(control.patterns) if not p.floating)

    def beneath(self, number: int, position: Position) -> frozenset[int]:
        """The numbers of the patterns that address something beneath a declaration."""
        uses = self._program.declarations[number].types
        return frozenset().union(*(self.beneath_type(use.type, position) for use in uses))

    def beneath_type(self, number: int, position: Position) -> frozenset[int]:
        """The same of a type."""
        position = self._live(position)
        typed = self._program.types[number]
        if not position or typed.reason is not None:
            return frozenset()
        found = {
            n
            for attribute in typed.attributes
            for n in self._control.ended(self._control.after(position, f"@{attribute.name}"))
            if n in self._anchored
        }
        if isinstance(typed.content, Group):
            found |= self.of_group(typed.content, position)
        return frozenset(found)

    def of_group(self, group: Group, position: Position) -> frozenset[int]:
        """The same of a group, its own members included."""
        position = self._live(position)
        found: set[int] = set()
        if position:
            for particle in group.particles:
                if isinstance(particle.term, Group):
                    found |= self.of_group(particle.term, position)
                elif isinstance(particle.term, Reference):
                    for number in particle.term.declarations:
                        found |= self.of_declaration(number, position)
        return frozenset(found)

    def of_declaration(self, number: int, position: Position) -> frozenset[int]:
        """The same of an element one step below a place, itself included."""
        after = self._control.after(position, self._program.declarations[number].name)
        ended = frozenset(n for n in self._control.ended(after) if n in self._anchored)
        return ended | self.beneath(number, after)

    def _live(self, position: Position) -> Position:
        lengths = [len(pattern.steps) for pattern in self._control.patterns]
        return frozenset((n, s) for n, s in position if n in self._anchored and s < lengths[n])


def paths_of_element(program: Program) -> Iterator[Path]:
    """All paths beneath the root; beneath an element that contains itself, those of the first time."""
    yield from _paths(program, program.root, (), frozenset())


def _paths(program: Program, number: int, path: Path, inside: frozenset[int]) -> Iterator[Path]:
    if number in inside:
        return
    for use in program.declarations[number].types:
        typed = program.types[use.type]
        yield from ((*path, f"@{attribute.name}") for attribute in typed.attributes)
        if isinstance(typed.content, Group):
            yield from _group_paths(program, typed.content, path, inside | {number})


def _group_paths(program: Program, group: Group, path: Path, inside: frozenset[int]) -> Iterator[Path]:
    for particle in group.particles:
        if isinstance(particle.term, Group):
            yield from _group_paths(program, particle.term, path, inside)
        elif isinstance(particle.term, Reference):
            for number in particle.term.declarations:
                here = (*path, program.declarations[number].name)
                yield here
                yield from _paths(program, number, here, inside)
