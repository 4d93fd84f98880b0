"""The members of an element, drawn by its content model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hypothesis_xmlschema.choices import OPTIONAL
from hypothesis_xmlschema.nodes import Group, Particle, Reference, Wildcard
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.trees import Node, clone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis_xmlschema.documents import Drawing
    from hypothesis_xmlschema.nodes import Presence, Row
    from hypothesis_xmlschema.routes import Place, Route

_MOST_DRAWN = 32


class Content:
    """The members of one element; they share one allowance of optional ones."""

    def __init__(self, drawing: Drawing, depth: int, inherited: dict[str, str], allowance: int) -> None:
        self.drawing, self.depth, self.inherited = drawing, depth, inherited
        self.choices = drawing.choices
        self.allowance = allowance
        self.route: Route = ()
        self.wanted = -1

    def group(self, group: Group, rows: Sequence[Row] | None = None, place: Place = ()) -> list[Node]:
        """The members of a group that stands once, that at a place among them."""
        if group.compositor == "choice":
            return self._choice(group, place)
        row = self._row(group, rows, place) if rows else {}
        found: list[list[Node]] = []
        counts = []
        for index, particle in enumerate(group.particles):
            found.append([])
            counts.append(particle.least)
            presence = row.get(particle.term.name) if isinstance(particle.term, Reference) else None
            if place and place[0] == index:
                counts[-1] = max(1, particle.least)
                self.allowance -= not particle.least
                towards = partial(self._towards, particle, place[1:], presence)
                whole = presence is not None or particle.least
                found[-1] += towards() if whole else self.drawing.later(list, towards)
            elif presence is None:
                if particle.least:
                    found[-1] += self._times(particle.term, particle.least)
            elif isinstance(presence, str):
                found[-1] += self._stating(particle.term, presence)
            elif presence:
                found[-1] += self._times(particle.term, max(1, particle.least))
        self._more(group.particles, counts, found, row)
        if group.compositor == "all":
            return self._permuted([node for nodes in found for node in nodes])
        return [node for nodes in found for node in nodes]

    def _row(self, group: Group, rows: Sequence[Row], place: Place) -> dict[str, Presence]:
        """A row of the table, of those that have the wanted member where there are any."""
        term = group.particles[place[0]].term if place else None
        if isinstance(term, Reference):
            rows = [row for row in rows if dict(row).get(term.name, True) is not False] or rows
        return dict(rows[self.choices.integer(len(rows) - 1)])

    def _towards(self, particle: Particle, place: Place, presence: Presence | None) -> list[Node]:
        """A member's occurrences, the first of which leads to the target."""
        term = particle.term
        if presence is False or isinstance(term, Wildcard):
            return []
        if isinstance(presence, str):
            stated = self._stating(term, presence)
            if len(self.route) == 1:
                self.drawing.arrived = stated[0]
            return stated
        if isinstance(term, Group):
            found = self.group(term, None, place)
        else:
            found = [self.drawing.element(self.wanted, self.depth, self.inherited, self.route)]
        return found + self._times(term, particle.least - 1)

    def _more(
        self,
        particles: Sequence[Particle],
        counts: list[int],
        found: list[list[Node]],
        row: Mapping[str, Presence],
    ) -> None:
        """Optional members, one after the other as long as there is room and will."""
        optional = [
            index
            for index, particle in enumerate(particles)
            if (particle.most is None or particle.most > particle.least)
            and not (isinstance(particle.term, Reference) and particle.term.name in row)
            and (self.drawing.size.foreign or not isinstance(particle.term, Wildcard))
        ]
        drawing, choices = self.drawing, self.choices
        while optional:
            choices.begin(OPTIONAL)
            try:
                # The same number means the same member however many came before it: what one deletion leaves
                # of the stream still means what it did.
                picked = drawing.next(len(optional), free=self.allowance > 0 and not drawing.full(self.depth))
                if picked is not None:
                    self.allowance -= 1
                    index = optional[picked]
                    most = particles[index].most
                    if most is None or counts[index] < most:
                        made = self.once(particles[index].term)
                        if len(made) == 1:
                            made[0].extra = True
                        found[index] += made
                        counts[index] += 1
            finally:
                choices.end()
            if picked is None:
                break

    def _choice(self, group: Group, place: Place) -> list[Node]:
        if place:
            particle = group.particles[place[0]]
            towards = partial(self._towards, particle, place[1:], None)
            return self.drawing.later(partial(self._choice, group, ()), towards)
        if not group.particles:
            return []
        full = self.drawing.full(self.depth)
        particle = group.particles[0 if full else self.choices.integer(len(group.particles) - 1)]
        least = particle.least
        if not least and not full:
            least = self.choices.integer(1)
        found = [self._times(particle.term, least)]
        self._more([Particle(particle.term, least, particle.most)], [least], found, {})
        return found[0]

    def _times(self, term: Reference | Group | Wildcard, least: int) -> list[Node]:
        """So many occurrences; the rest of a row that no stream is long enough for repeats the last."""
        found: list[Node] = []
        last: list[Node] = []
        for _ in range(min(least, _MOST_DRAWN)):
            last = self.once(term)
            found += last
        for _ in range(least - _MOST_DRAWN if last else 0):
            found += [clone(node) for node in last]
        return found

    def once(self, term: Reference | Group | Wildcard) -> list[Node]:
        """One occurrence."""
        if isinstance(term, Group):
            return self.group(term)
        if isinstance(term, Wildcard):
            return [self.drawing.foreign(term, self.depth, self.inherited)]
        numbers = term.declarations
        number = numbers[0]
        if len(numbers) > 1:
            if self.drawing.full(self.depth):
                number = min(numbers, key=lambda d: self.drawing.program.costs[d])
            else:
                number = numbers[self.choices.integer(len(numbers) - 1)]
        return [self.drawing.element(number, self.depth, self.inherited)]

    def _stating(self, term: Reference | Group | Wildcard, text: str) -> list[Node]:
        """A member with a certain text."""
        assert isinstance(term, Reference)
        declaration = self.drawing.program.declarations[term.declarations[0]]
        self.drawing.elements += 1
        typed = self.drawing.program.types[declaration.types[0].type]
        simples = {"": typed.content} if isinstance(typed.content, Simple) else {}
        return [Node(declaration, typed, declaration.tag, text=text, simples=simples)]

    def _permuted(self, nodes: list[Node]) -> list[Node]:
        """The members in the order that one number names, zero being the schema's."""
        orders = 1
        for count in range(2, len(nodes) + 1):
            orders *= count
        index = self.choices.integer(orders - 1)
        rest, found = list(nodes), []
        for count in range(len(nodes), 0, -1):
            orders //= count
            at, index = divmod(index, orders)
            found.append(rest.pop(at))
        return found
