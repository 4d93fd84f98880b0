"""Nodes → strategies of elements, built once; a draw makes no strategy.

Size decides everything: one coin for each optional member makes the documents of a large schema too large for
Hypothesis, a small drawn subset keeps them small. Each optional member is drawn in one piece with the choice
of it, so that the shrinker removes it with one deletion.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st
from lxml import etree

from etalon.generation.xsd.nodes import Element, Group, Member, Presence, Text, Typed
from etalon.generation.xsd.values import retrying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.generation.xsd.nodes import Row

_REPEATS = 3

_T = TypeVar("_T")


def documents(root: Element, max_optional: int) -> st.SearchStrategy[etree._Element]:
    """Returns the strategy of root elements; see `from_schema`."""
    kinds = st.one_of([_typed(root.tag, typed, max_optional) for typed in root.types])
    return retrying(kinds, root.accepts) if root.checked else kinds


def _typed(tag: str, typed: Typed, max_optional: int) -> st.SearchStrategy[etree._Element]:
    required = [(a.name, a.text.strategy) for a in typed.attributes if a.required]
    optional = [(a.name, a.text.strategy) for a in typed.attributes if not a.required]
    some = _some([st.tuples(st.just(name), text) for name, text in optional], max_optional)
    content = typed.content
    text = content.strategy if isinstance(content, Text) else None
    children = _content(content, typed.rows, max_optional) if isinstance(content, Group) else None

    # Without arguments of its own: Hypothesis prints them, and a whole schema would drown every failure.
    @st.composite
    def element(draw: st.DrawFn) -> etree._Element:
        built = etree.Element(tag)
        for name, strategy in required:
            built.set(name, draw(strategy))
        for _, (name, value) in sorted(draw(some)) if optional else ():
            built.set(name, value)
        if text is not None:
            # No text and empty text are one document; lxml tells them apart only in memory.
            built.text = draw(text) or None
        if children is not None:
            built.extend(draw(children))
        return built

    return element()


def _content(
    group: Group, rows: Sequence[Row] | None, max_optional: int
) -> st.SearchStrategy[list[etree._Element]]:
    occurrences = [_occurrences(member, max_optional) for member in group.members]
    if group.model == "choice":
        return st.one_of(occurrences)
    names = [member.particle.name if isinstance(member.particle, Element) else "" for member in group.members]
    tabulated = {name for name, _ in rows[0]} if rows else set()
    optional = [
        index
        for index, member in enumerate(group.members)
        if not member.least and names[index] not in tabulated
    ]
    mandatory = [
        index for index, member in enumerate(group.members) if member.least and names[index] not in tabulated
    ]
    some = _some([occurrences[index] for index in optional], max_optional)
    row = st.sampled_from(rows) if rows else st.just(())

    @st.composite
    def content(draw: st.DrawFn) -> list[etree._Element]:
        members = {index: draw(occurrences[index]) for index in mandatory}
        for name, presence in draw(row):
            if presence is not False:  # a member that is excluded has a column still, false in every row
                index = names.index(name)
                members[index] = _tabulated(draw, presence, group.members[index], occurrences[index])
        members |= {optional[chosen]: elements for chosen, elements in draw(some)}
        drawn = [element for index in sorted(members) for element in members[index]]
        return draw(st.permutations(drawn)) if group.model == "all" and len(drawn) > 1 else drawn

    return content()


def _tabulated(
    draw: st.DrawFn, presence: Presence, member: Member, occurrences: st.SearchStrategy[list[etree._Element]]
) -> list[etree._Element]:
    """The occurrences of a member that a table wants there, perhaps with a certain text."""
    if presence is True:
        return draw(occurrences)
    assert isinstance(presence, str)
    assert isinstance(member.particle, Element)
    element = etree.Element(member.particle.tag)
    element.text = presence
    return [element]


def _occurrences(member: Member, max_optional: int) -> st.SearchStrategy[list[etree._Element]]:
    """Draws a particle as often as it may stand where it stands at all: at least once, few times more."""
    least = max(member.least, 1)
    most = least + _REPEATS if member.most is None else min(member.most, least + _REPEATS)
    particle = member.particle
    if isinstance(particle, Element):
        return st.lists(documents(particle, max_optional), min_size=least, max_size=most)
    content = _content(particle, None, max_optional)
    if least == most == 1:
        return content
    return st.lists(content, min_size=least, max_size=most).map(lambda runs: [e for run in runs for e in run])


def _some(options: Sequence[st.SearchStrategy[_T]], most: int) -> st.SearchStrategy[list[tuple[int, _T]]]:
    """Draws at most so many of the options, each with its index."""
    if not options or not most:
        return st.builds(list)
    numbered = [st.tuples(st.just(index), option) for index, option in enumerate(options)]
    return st.lists(st.one_of(numbered), unique_by=itemgetter(0), max_size=min(most, len(options)))
