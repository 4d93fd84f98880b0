"""A compiled schema and the caller's wishes → the smaller schema that is drawn from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from etalon.generation.xsd.errors import ControlError, OverrideError
from etalon.generation.xsd.nodes import Attribute, Element, Group, Member, Presence, Row, Text, Typed
from etalon.generation.xsd.paths import paths_of_element, paths_of_group, paths_of_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypothesis.strategies import SearchStrategy

    from etalon.generation.xsd.paths import Control, Path

_Branch = TypeVar("_Branch")

# The complement of production 2 of XML 1.0.
_NOT_XML = re.compile("[^\\t\\n\\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def restrict(root: Element, control: Control) -> Element:
    """Leaves out what is excluded, makes mandatory what is required, replaces texts that are overridden.

    Raises:
        ControlError: A path addresses nothing, or no document is left.
    """
    control.check(paths_of_element(root))
    restricted = _Restriction(control).element(root, ())
    if restricted is None:
        raise ControlError(f"<{root.name}> cannot be without what is excluded")
    left = list(paths_of_element(restricted))
    for pattern in control.required:
        if not pattern.floating and not any(pattern.matches(path) for path in left):
            raise ControlError(
                f"{pattern.text} is required and cannot stand beside the rest of what is asked for"
            )
    return restricted


@dataclass(frozen=True, slots=True)
class _Restriction:
    """Each method returns None for what a document can no longer contain."""

    control: Control

    def element(self, node: Element, path: Path) -> Element | None:
        candidates = [
            (typed, restricted)
            for typed in node.types
            if (restricted := self._typed(typed, path)) is not None
        ]
        types = self._holding_required(
            [(restricted, paths_of_type(typed, path)) for typed, restricted in candidates], path
        )
        if not types:
            return None
        unsettled = any(
            after.rows is not None and after.rows != _without_texts(after.rows, _overridden(after))
            for after in types
        )
        types = [
            typed
            if typed.rows is None
            else replace(typed, rows=_without_texts(typed.rows, _overridden(typed)))
            for typed in types
        ]
        return replace(node, types=tuple(types), checked=node.checked or unsettled)

    def _typed(self, typed: Typed, path: Path) -> Typed | None:
        attributes = []
        for attribute in typed.attributes:
            kept = self._attribute(attribute, (*path, f"@{attribute.name}"))
            if kept is not None:
                attributes.append(kept)
            elif attribute.required:
                return None
        content = typed.content
        override = self.control.override(path)
        if isinstance(content, Text):
            content = _overriding(content, override, path)
        elif override is not None and not override.is_empty:
            raise ControlError(f"{'/'.join(path)} holds members, no text to override")
        if isinstance(content, Group):
            content = self._group(content, path)
            if content is None:
                return None
        rows = typed.rows
        if rows is not None:
            rows = tuple(
                row for row in rows if isinstance(content, Group) and self._allows(row, content, path)
            )
            if not rows:
                return None
        return Typed(tuple(attributes), content, rows)

    def _attribute(self, attribute: Attribute, path: Path) -> Attribute | None:
        if self.control.excludes(path):
            return None
        text = _overriding(attribute.text, self.control.override(path), path)
        return Attribute(attribute.name, text, attribute.required or self.control.requires(path))

    def _group(self, group: Group, path: Path) -> Group | None:
        members = []
        for member in group.members:
            kept = self._member(member, path)
            if kept is not None:
                members.append((member, kept))
            elif member.least and group.model != "choice":
                return None
        if group.model != "choice":
            return Group(group.model, tuple(kept for _, kept in members))
        branches = self._holding_required(
            [(kept, _paths_of_member(member, path)) for member, kept in members], path
        )
        return Group("choice", tuple(branches)) if branches else None

    def _member(self, member: Member, path: Path) -> Member | None:
        particle = member.particle
        if isinstance(particle, Group):
            group = self._group(particle, path)
            needed = any(self._anchored(p) for p in paths_of_group(particle, path))
            return None if group is None else Member(group, max(member.least, int(needed)), member.most)
        here = (*path, particle.name)
        if self.control.excludes(here):
            return None
        element = self.element(particle, here)
        needed = self.control.requires(here)
        return None if element is None else Member(element, max(member.least, int(needed)), member.most)

    def _anchored(self, path: Path) -> bool:
        return any(not p.floating and p.matches(path) for p in self.control.required)

    def _holding_required(
        self, branches: Sequence[tuple[_Branch, Iterable[Path]]], path: Path
    ) -> list[_Branch]:
        """The branches in which every required path stands that any of them could hold."""
        held = [
            (
                branch,
                {
                    p.text
                    for here in paths
                    for p in self.control.required
                    if not p.floating and p.matches(here)
                },
            )
            for branch, paths in branches
        ]
        wanted = set().union(*(texts for _, texts in held))
        fitting = [branch for branch, texts in held if texts == wanted]
        if held and not fitting:
            raise ControlError(f"{', '.join(sorted(wanted))} exclude each other beneath /{'/'.join(path)}")
        return fitting

    def _allows(self, row: Row, content: Group, path: Path) -> bool:
        members = {m.particle.name: m for m in content.members if isinstance(m.particle, Element)}
        return all(
            (name in members) if presence is not False else not self.control.requires((*path, name))
            for name, presence in row
        )


def _paths_of_member(member: Member, path: Path) -> Iterable[Path]:
    return paths_of_group(Group("sequence", (member,)), path)


def _overriding(text: Text, override: SearchStrategy[str] | None, path: Path) -> Text:
    if override is None:
        return text
    where = "/".join(path)

    def checked(value: str) -> str:
        if _NOT_XML.search(value):
            raise OverrideError(where, value, "XML cannot carry all of its characters")
        if not text.accepts(value):
            raise OverrideError(where, value, f"{text.name} does not accept it")
        return value

    return Text(text.name, override.map(checked), text.accepts)


def _overridden(typed: Typed) -> frozenset[str]:
    """The members of a table whose texts are no longer the listed ones."""
    if not isinstance(typed.content, Group):
        return frozenset()
    return frozenset(
        member.particle.name
        for member in typed.content.members
        if isinstance(member.particle, Element)
        and isinstance(content := member.particle.types[0].content, Text)
        and content.values is None
    )


def _without_texts(rows: tuple[Row, ...], overridden: frozenset[str]) -> tuple[Row, ...]:
    """Rows that fix no text of an overridden member, each once."""

    def loose(name: str, presence: Presence) -> Presence:
        return True if name in overridden and presence is not False else presence

    return tuple(
        dict.fromkeys(tuple((name, loose(name, presence)) for name, presence in row) for row in rows)
    )
