"""Whether a content model lets a row of names pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from hypothesis_xmlschema.nodes import Group, Reference, Wildcard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis_xmlschema.nodes import Particle, Program, Typed


Misfit: TypeAlias = Literal["a", "b", "d"]
"""What is wrong with a row of names: one is not what is expected (a), or comes where nothing is (d), or the
row ends too early (b). The letters are those that Xerces adds to cvc-complex-type.2.4."""


def accepts(program: Program, typed: Typed, names: Sequence[str]) -> bool:
    """Whether elements of these names, in this order, are content that the type allows.

    Args:
        program: A program from which nothing has been left out.
        typed: One of its types, with members or without content.
        names: In Clark notation.
    """
    return misfit(program, typed, names) is None


def misfit(program: Program, typed: Typed, names: Sequence[str]) -> Misfit | None:
    """Says what about a row of names is not what the type allows; None where it is. See `accepts`."""
    if typed.opened is not None:
        # Open content is looked at from outside: what its wildcard takes may be gone.
        wildcard = typed.opened.wildcard
        names = [name for name in names if not wildcard.allows(name)]
    if not isinstance(typed.content, Group):
        return "d" if names else None
    matcher = _Matcher(program, names)
    ends = matcher.group(typed.content, 0)
    if len(names) in ends:
        return None
    furthest = max(matcher.asked | ends, default=0)
    if furthest >= len(names):
        return "b"
    return "a" if furthest in matcher.asked else "d"


class _Matcher:
    """Where each part of a model can end that begins at a certain name.

    Attributes:
        asked: Before which names, by number, some part wanted one; the number of all for the end.
    """

    def __init__(self, program: Program, names: Sequence[str]) -> None:
        self._program, self._names = program, names
        self.asked: set[int] = set()

    def group(self, group: Group, start: int) -> frozenset[int]:
        if group.compositor == "choice":
            if not group.particles:
                return frozenset({start})
            return frozenset().union(*(self._particle(particle, start) for particle in group.particles))
        if group.compositor == "all":
            return self._all(group, start)
        ends = frozenset({start})
        for particle in group.particles:
            ends = frozenset().union(*(self._particle(particle, end) for end in ends))
        return ends

    def _all(self, group: Group, start: int) -> frozenset[int]:
        """Names are claimed by the first member that knows them, as unique attribution demands."""
        counts = [0] * len(group.particles)
        ends = set()
        at = start
        while True:
            if all(count >= particle.least for count, particle in zip(counts, group.particles, strict=True)):
                ends.add(at)
            else:
                self.asked.add(at)
            if at >= len(self._names):
                break
            index = next(
                (
                    i
                    for i, particle in enumerate(group.particles)
                    if (particle.most is None or counts[i] < particle.most)
                    and at + 1 in self._once(particle.term, at)
                ),
                None,
            )
            if index is None:
                break
            counts[index] += 1
            at += 1
        return frozenset(ends)

    def _particle(self, particle: Particle, start: int) -> frozenset[int]:
        ends = {start} if particle.least == 0 else set()
        layer, times = frozenset({start}), 0
        seen: set[int] = set()
        while layer and (particle.most is None or times < particle.most):
            layer = frozenset().union(*(self._once(particle.term, at) for at in layer))
            times += 1
            if times >= particle.least:
                if layer <= seen:
                    break
                seen |= layer
                ends |= layer
        return frozenset(ends)

    def _once(self, term: Reference | Group | Wildcard, start: int) -> frozenset[int]:
        if isinstance(term, Group):
            return self.group(term, start)
        self.asked.add(start)
        if start >= len(self._names):
            return frozenset()
        name = self._names[start]
        if isinstance(term, Wildcard):
            fits = term.allows(name)
        else:
            fits = any(self._program.declarations[d].tag == name for d in term.declarations)
        return frozenset({start + 1}) if fits else frozenset()
