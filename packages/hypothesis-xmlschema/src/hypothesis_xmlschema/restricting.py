"""A compiled schema and the caller's wishes → the smaller schema that is drawn from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis_xmlschema.alphabets import NOT_XML
from hypothesis_xmlschema.errors import ControlError, OverrideError
from hypothesis_xmlschema.hypothesis_internals import is_empty
from hypothesis_xmlschema.nodes import (
    IMPOSSIBLE,
    Attribute,
    Declaration,
    Group,
    Particle,
    Presence,
    Program,
    Reference,
    Row,
    Setting,
    Typed,
    TypeUse,
    Wildcard,
)
from hypothesis_xmlschema.paths import Reach
from hypothesis_xmlschema.pruning import pruned
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.values import Overridden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import SearchStrategy

    from hypothesis_xmlschema.paths import Control, Path, Position


def restrict(program: Program, control: Control) -> Program:
    """Leaves out what is excluded, makes mandatory what is required, replaces texts that are overridden.

    Raises:
        ControlError: A path addresses nothing, or no document is left.
    """
    patterns = control.patterns
    if not patterns:
        return program
    found = Reach(program, control).beneath(program.root, control.start)
    for number, pattern in enumerate(patterns):
        if not pattern.floating and number not in found:
            raise ControlError(f"the schema has nothing at {pattern.text}")
    restricted = pruned(_Restriction(program, control).program())
    name = restricted.declarations[restricted.root].name
    if restricted.costs[restricted.root] == IMPOSSIBLE:
        raise ControlError(f"<{name}> cannot be without what is excluded")
    left = Reach(restricted, control).beneath(restricted.root, control.start)
    for number, pattern in enumerate(control.required):
        if not pattern.floating and number not in left:
            raise ControlError(
                f"{pattern.text} is required and cannot stand beside the rest of what is asked for"
            )
    return restricted


class _Restriction:
    """Each method returns None for what a document can no longer contain."""

    def __init__(self, program: Program, control: Control) -> None:
        self._program, self._control = program, control
        self._reach = Reach(program, control)
        self._required = frozenset(range(len(control.required)))
        self._numbers: dict[tuple[int, Position], int] = {}
        self._declarations: list[Declaration] = []
        self._types: list[Typed] = []
        self._waiting: list[tuple[int, int, Position, Path]] = []

    def program(self) -> Program:
        """The whole, declaration by declaration and place by place."""
        root = self._number(self._program.root, self._control.start, ())
        while self._waiting:
            new, old, position, path = self._waiting.pop()
            self._declarations[new] = self._declaration(self._program.declarations[old], position, path)
        return replace(
            self._program, root=root, declarations=tuple(self._declarations), types=tuple(self._types)
        )

    def _number(self, old: int, position: Position, path: Path) -> int:
        key = (old, position)
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = len(self._declarations)
            self._declarations.append(self._program.declarations[old])
            self._waiting.append((known, old, position, path))
        return known

    def _declaration(self, declaration: Declaration, position: Position, path: Path) -> Declaration:
        uses: list[tuple[TypeUse, frozenset[int]]] = []
        for use in declaration.types:
            typed = self._typed(self._program.types[use.type], position, path)
            settings = tuple(setting for setting in use.settings if self._settable(setting, position))
            if typed is not None and settings:
                self._types.append(typed)
                held = self._reach.beneath_type(use.type, position) & self._required
                uses.append((replace(use, type=len(self._types) - 1, settings=settings), held))
        fitting = self._holding([held for _, held in uses], path)
        return replace(
            declaration,
            types=tuple(uses[index][0] for index in fitting),
            # What must hold something or be drawn by the caller cannot be nil.
            nillable=declaration.nillable and not self._control.requires(position),
        )

    def _settable(self, setting: Setting, position: Position) -> bool:
        """Whether the attributes that choose the type may stand as they must."""
        for name, text in setting:
            here = self._control.after(position, f"@{name}")
            if (text is not None and self._control.excludes(here)) or (
                text is None and self._control.requires(here)
            ):
                return False
        return True

    def _typed(self, typed: Typed, position: Position, path: Path) -> Typed | None:
        attributes = []
        for attribute in typed.attributes:
            kept = self._attribute(attribute, position, path)
            if kept is not None:
                attributes.append(kept)
            elif attribute.required:
                return None
        content = typed.content
        override = self._control.override(position)
        if isinstance(content, Simple):
            content = _overriding(content, override, path)
        elif override is not None and not is_empty(override):
            raise ControlError(f"{'/'.join(path)} holds members, no text to override")
        rows, assertions = typed.rows, typed.assertions
        if isinstance(content, Group):
            content = self._group(content, position, path)
            if content is None:
                return None
            if rows is not None:
                loose = self._overridden(content)
                rows = tuple(row for row in rows if self._allows(row, content, position))
                loosened = _without_texts(rows, loose)
                assertions = typed.asserted if loosened != rows else assertions
                rows = loosened
                if not rows:
                    return None
        return replace(typed, attributes=tuple(attributes), content=content, rows=rows, assertions=assertions)

    def _attribute(self, attribute: Attribute, position: Position, path: Path) -> Attribute | None:
        here = self._control.after(position, f"@{attribute.name}")
        if self._control.excludes(here):
            return None
        simple = _overriding(attribute.simple, self._control.override(here), (*path, f"@{attribute.name}"))
        return replace(attribute, simple=simple, required=attribute.required or self._control.requires(here))

    def _group(self, group: Group, position: Position, path: Path) -> Group | None:
        particles: list[tuple[Particle, frozenset[int]]] = []
        for particle in group.particles:
            kept = self._particle(particle, position, path)
            if kept is not None:
                held = self._reach.of_group(Group("sequence", (particle,)), position) & self._required
                particles.append((kept, held))
            elif particle.least and group.compositor != "choice":
                return None
        if group.compositor != "choice":
            return Group(group.compositor, tuple(kept for kept, _ in particles))
        fitting = self._holding([held for _, held in particles], path)
        if group.particles and not fitting:
            return None
        return Group("choice", tuple(particles[index][0] for index in fitting))

    def _particle(self, particle: Particle, position: Position, path: Path) -> Particle | None:
        term = particle.term
        if isinstance(term, Group):
            group = self._group(term, position, path)
            needed = bool(self._reach.of_group(term, position) & self._required)
            return None if group is None else Particle(group, max(particle.least, int(needed)), particle.most)
        if isinstance(term, Wildcard):
            declared = tuple(self._number(d, frozenset(), (*path, "*")) for d in term.declared)
            return replace(particle, term=replace(term, declared=declared))
        kept, holding = [], []
        most = particle.most
        for number in term.declarations:
            name = self._program.declarations[number].name
            after = self._control.after(position, name)
            if self._control.excludes(after):
                continue
            kept.append(self._number(number, after, (*path, name)))
            if particle.least <= 1 and self._control.limits(after):
                most = 1
            if self._control.requires(after):
                holding.append(kept[-1])
        if not kept:
            return None
        found = Reference(term.name, tuple(holding or kept))
        return Particle(found, max(particle.least, int(bool(holding))), most)

    def _holding(self, held: Sequence[frozenset[int]], path: Path) -> list[int]:
        """The branches in which every required path stands that any of them could hold."""
        wanted = frozenset().union(*held)
        fitting = [index for index, here in enumerate(held) if here == wanted]
        if held and not fitting:
            texts = sorted(self._control.patterns[number].text for number in wanted)
            raise ControlError(f"{', '.join(texts)} exclude each other beneath /{'/'.join(path)}")
        return fitting

    def _allows(self, row: Row, content: Group, position: Position) -> bool:
        particles = {m.term.name for m in content.particles if isinstance(m.term, Reference)}
        return all(
            (name in particles)
            if presence is not False
            else not self._control.requires(self._control.after(position, name))
            for name, presence in row
        )

    def _overridden(self, content: Group) -> frozenset[str]:
        """The members of a table whose texts are no longer the listed ones."""
        return frozenset(
            particle.term.name
            for particle in content.particles
            if isinstance(particle.term, Reference)
            and any(self._is_overridden(number) for number in particle.term.declarations)
        )

    def _is_overridden(self, number: int) -> bool:
        position = next(place for (_, place), new in self._numbers.items() if new == number)
        return self._control.override(position) is not None


def _overriding(simple: Simple, override: SearchStrategy[str] | None, path: Path) -> Simple:
    if override is None:
        return simple
    where = "/".join(path)

    def checked(value: str) -> str:
        if NOT_XML.search(value):
            raise OverrideError(where, value, "XML cannot carry all of its characters")
        if not simple.accepts(value):
            raise OverrideError(where, value, f"{simple.name} does not accept it")
        return value

    return Simple(simple.name, Overridden(override, checked), simple.accepts, None, "", "", simple.component)


def _without_texts(rows: tuple[Row, ...], overridden: frozenset[str]) -> tuple[Row, ...]:
    """Rows that fix no text of an overridden member, each once."""

    def loose(name: str, presence: Presence) -> Presence:
        return True if name in overridden and presence is not False else presence

    return tuple(
        dict.fromkeys(tuple((name, loose(name, presence)) for name, presence in row) for row in rows)
    )
