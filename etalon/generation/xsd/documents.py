"""Nodes → documents. All that is random about a document is drawn here, in few choices.

Size decides everything: one coin for each optional member makes the documents of a large schema too large for
Hypothesis, a small drawn subset keeps them small and the shrinking quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hypothesis import reject
from hypothesis import strategies as st
from lxml import etree

from etalon.generation.xsd.nodes import Element, Group, Member, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from etalon.generation.xsd.nodes import Attribute, Row

_ATTEMPTS = 25
_REPEATS = 3


def documents(root: Element, max_optional: int) -> st.SearchStrategy[etree._Element]:
    """Returns the strategy of root elements; see `from_schema`."""

    # Without arguments of its own: Hypothesis prints them, and a whole schema would drown every failure.
    @st.composite
    def document(draw: st.DrawFn) -> etree._Element:
        return _Drawing(draw, max_optional).element(root)

    return document()


@dataclass(frozen=True, slots=True)
class _Drawing:
    draw: st.DrawFn
    max_optional: int

    def element(self, node: Element, text: str | None = None) -> etree._Element:
        """Draws one element, with `text` as its text where a table has chosen it already."""
        for _ in range(_ATTEMPTS):
            element = self._build(node, text)
            if not node.checked or node.accepts(element):
                return element
        return reject()

    def _build(self, node: Element, text: str | None) -> etree._Element:
        typed = node.types[0] if len(node.types) == 1 else self.draw(st.sampled_from(node.types))
        element = etree.Element(node.tag)
        for attribute in self._attributes(typed.attributes):
            element.set(attribute.name, self.draw(attribute.text.strategy))
        if isinstance(typed.content, Text):
            # No text and empty text are one document; lxml tells them apart only in memory.
            element.text = (text if text is not None else self.draw(typed.content.strategy)) or None
        elif isinstance(typed.content, Group):
            element.extend(self._content(typed.content, typed.rows))
        return element

    def _attributes(self, attributes: Sequence[Attribute]) -> list[Attribute]:
        optional = [index for index, attribute in enumerate(attributes) if not attribute.required]
        chosen = self._subset(optional)
        return [a for index, a in enumerate(attributes) if a.required or index in chosen]

    def _content(self, group: Group, rows: Sequence[Row] | None = None) -> list[etree._Element]:
        if group.model == "choice":
            return self._occurrences(self.draw(st.sampled_from(group.members)))
        row = dict(self.draw(st.sampled_from(rows))) if rows is not None else {}
        names = [m.particle.name if isinstance(m.particle, Element) else None for m in group.members]
        optional = [i for i, m in enumerate(group.members) if not m.least and names[i] not in row]
        chosen = self._subset(optional)
        drawn: list[etree._Element] = []
        for index, (member, name) in enumerate(zip(group.members, names, strict=True)):
            presence = row.get(name) if name is not None else None
            if isinstance(presence, str) and isinstance(member.particle, Element):
                drawn.append(self.element(member.particle, presence))
            elif presence or (presence is None and (member.least or index in chosen)):
                drawn += self._occurrences(member)
        if group.model == "all" and len(drawn) > 1:
            return self.draw(st.permutations(drawn))
        return drawn

    def _occurrences(self, member: Member) -> list[etree._Element]:
        least = max(member.least, 1)
        most = least + _REPEATS if member.most is None else min(member.most, least + _REPEATS)
        count = least if least == most else self.draw(st.integers(least, most))
        particle = member.particle
        if isinstance(particle, Element):
            return [self.element(particle) for _ in range(count)]
        return [element for _ in range(count) for element in self._content(particle)]

    def _subset(self, optional: Sequence[int]) -> Collection[int]:
        if not optional or not self.max_optional:
            return ()
        return self.draw(_subsets(tuple(optional), self.max_optional))


@lru_cache(maxsize=1024)
def _subsets(items: tuple[int, ...], most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(items), unique=True, max_size=min(most, len(items)))
