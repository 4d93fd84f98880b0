"""The way to every member: which choices lead from the root to it.

Left to chance, a rare deep member takes thousands of documents. So a document may have a target, and draws
what leads there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hypothesis_xmlschema.nodes import Group, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis_xmlschema.nodes import Program

Place: TypeAlias = tuple[int, ...]
"""Where a member stands in a type's content: the index at each level of its groups."""


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One element on the way.

    Attributes:
        declaration: Its declaration's number.
        use: Which of its types is taken.
        place: Where the next element stands in its content; None at the end of the way.
        child: The next element's declaration.
        attribute: The attribute that the way leads to, at its end.
    """

    declaration: int
    use: int
    place: Place | None = None
    child: int = -1
    attribute: int = -1


Route: TypeAlias = tuple[RouteStep, ...]
"""The way to one place, from the root."""


class Routes:
    """The shortest ways to all members of a program, in a fixed order."""

    def __init__(self, program: Program) -> None:
        self._before: dict[int, RouteStep] = {}
        self.targets: list[RouteStep] = []
        seen, layer = {program.root}, [program.root]
        while layer:
            following: list[int] = []
            for number in layer:
                for step in _steps(program, number):
                    self.targets.append(step)
                    if step.place is not None and step.child not in seen:
                        seen.add(step.child)
                        self._before[step.child] = step
                        following.append(step.child)
            layer = following

    def to(self, target: RouteStep) -> tuple[RouteStep, ...]:
        """The way from the root to a target, with it."""
        way = [target]
        while way[-1].declaration in self._before:
            way.append(self._before[way[-1].declaration])
        return tuple(reversed(way))

    def to_declaration(self, number: int) -> tuple[RouteStep, ...]:
        """The way from the root to the first element of a declaration; empty for the root."""
        before = self._before.get(number)
        return () if before is None else self.to(before)

    @property
    def reached(self) -> frozenset[int]:
        """The declarations that some document holds, but for the root's."""
        return frozenset(self._before)


def _steps(program: Program, number: int) -> Iterator[RouteStep]:
    for use, type_use in enumerate(program.declarations[number].types):
        typed = program.types[type_use.type]
        for index, attribute in enumerate(typed.attributes):
            if not attribute.required:
                yield RouteStep(number, use, None, -1, index)
        if isinstance(typed.content, Group):
            for place, child in members_of(typed.content):
                yield RouteStep(number, use, place, child)


def members_of(group: Group, before: Place = ()) -> Iterator[tuple[Place, int]]:
    """Each place for an element, with each declaration that may stand there."""
    for index, particle in enumerate(group.particles):
        place = (*before, index)
        if isinstance(particle.term, Group):
            yield from members_of(particle.term, place)
        elif isinstance(particle.term, Reference):
            for child in particle.term.declarations:
                yield place, child
