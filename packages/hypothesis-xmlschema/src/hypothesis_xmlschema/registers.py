"""Components that refer to each other → nodes that do so by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Component = TypeVar("_Component")
_Node = TypeVar("_Node")


class Register(Generic[_Component, _Node]):
    """Numbers components as they are met; a component that is met waits until it is built."""

    def __init__(self) -> None:
        self.waiting: list[_Component] = []
        self._numbers: dict[int, int] = {}
        self._keep: list[_Component] = []  # what is known by its identity must live on
        self._nodes: dict[int, _Node] = {}

    def number(self, component: _Component) -> int:
        """The number of a component, from now on."""
        known = self._numbers.get(id(component))
        if known is None:
            known = self._numbers[id(component)] = len(self._keep)
            self._keep.append(component)
            self.waiting.append(component)
        return known

    def build(self, build: Callable[[_Component], _Node]) -> None:
        """Builds what waits, and what is met meanwhile."""
        while self.waiting:
            component = self.waiting.pop()
            self._nodes[self._numbers[id(component)]] = build(component)

    def built(self) -> tuple[_Node, ...]:
        """What was built, by number."""
        return tuple(self._nodes[number] for number in range(len(self._keep)))
