"""Paths by which a caller addresses the members of a document.

A path names the steps below the root element by their local names: `task/parent/id`, or for an attribute
`task/periodicity/@unset`. `*` stands for any one element. A path that begins with `**/` floats: it addresses
its steps wherever they end a path, `**/daily/type` every type of every daily.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from etalon.generation.xsd.errors import ControlError
from etalon.generation.xsd.nodes import Element, Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hypothesis.strategies import SearchStrategy

    from etalon.generation.xsd.nodes import Typed

Path: TypeAlias = tuple[str, ...]

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

    def matches(self, path: Path) -> bool:
        """Whether the pattern addresses the member at `path`."""
        if self.floating:
            path = path[-len(self.steps) :]
        return len(path) == len(self.steps) and _step_by_step(self.steps, path)

    def leads_through(self, path: Path) -> bool:
        """Whether what an anchored pattern addresses lies beneath `path`."""
        return not self.floating and len(path) < len(self.steps) and _step_by_step(self.steps, path)


def _step_by_step(steps: Path, path: Path) -> bool:
    return all(
        step == name or (step == "*" and not name.startswith("@"))
        for step, name in zip(steps, path, strict=False)
    )


@dataclass(frozen=True, slots=True)
class Control:
    """What the caller wants of the documents, by path. Of several overrides that match, the first counts."""

    overrides: tuple[tuple[PathPattern, SearchStrategy[str]], ...]
    required: tuple[PathPattern, ...]
    excluded: tuple[PathPattern, ...]

    def override(self, path: Path) -> SearchStrategy[str] | None:
        """The strategy that replaces the texts at `path`."""
        return next((strategy for pattern, strategy in self.overrides if pattern.matches(path)), None)

    def excludes(self, path: Path) -> bool:
        """Whether the member at `path` is to be left out."""
        override = self.override(path)
        return any(p.matches(path) for p in self.excluded) or (override is not None and override.is_empty)

    def requires(self, path: Path) -> bool:
        """Whether the member at `path` must be there: itself, or because something beneath it must."""
        return any(p.matches(path) or p.leads_through(path) for p in self.required)

    def check(self, paths: Iterable[Path]) -> None:
        """Refuses anchored paths that address nothing, since they would be silently without effect.

        Raises:
            ControlError: Naming the path.
        """
        known = list(paths)
        patterns: Sequence[PathPattern] = (*(p for p, _ in self.overrides), *self.required, *self.excluded)
        for pattern in patterns:
            if not pattern.floating and not any(pattern.matches(path) for path in known):
                raise ControlError(f"the schema has nothing at {pattern.text}")


def paths_of_element(element: Element, path: Path = ()) -> Iterator[Path]:
    """All paths beneath an element, without its own."""
    for typed in element.types:
        yield from paths_of_type(typed, path)


def paths_of_type(typed: Typed, path: Path) -> Iterator[Path]:
    """All paths beneath an element of this type."""
    yield from ((*path, f"@{attribute.name}") for attribute in typed.attributes)
    if isinstance(typed.content, Group):
        yield from paths_of_group(typed.content, path)


def paths_of_group(group: Group, path: Path) -> Iterator[Path]:
    """All paths that begin in a group."""
    for member in group.members:
        if isinstance(member.particle, Group):
            yield from paths_of_group(member.particle, path)
        else:
            here = (*path, member.particle.name)
            yield here
            yield from paths_of_element(member.particle, here)
