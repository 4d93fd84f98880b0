"""The members of an element, drawn by its content model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hypothesis_xmlschema.choices import OPTIONAL
from hypothesis_xmlschema.nodes import Group, Member, Reference, Wildcard
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
        if group.model == "choice":
            return self._choice(group, place)
        row = self._row(group, rows, place) if rows else {}
        found: list[list[Node]] = []
        counts = []
        for index, member in enumerate(group.members):
            found.append([])
            counts.append(member.least)
            presence = row.get(member.particle.name) if isinstance(member.particle, Reference) else None
            if place and place[0] == index:
                counts[-1] = max(1, member.least)
                self.allowance -= not member.least
                towards = partial(self._towards, member, place[1:], presence)
                whole = presence is not None or member.least
                found[-1] += towards() if whole else self.drawing.later(list, towards)
            elif presence is None:
                if member.least:
                    found[-1] += self._times(member.particle, member.least)
            elif isinstance(presence, str):
                found[-1] += self._stating(member.particle, presence)
            elif presence:
                found[-1] += self._times(member.particle, max(1, member.least))
        self._more(group.members, counts, found, row)
        if group.model == "all":
            return self._permuted([node for nodes in found for node in nodes])
        return [node for nodes in found for node in nodes]

    def _row(self, group: Group, rows: Sequence[Row], place: Place) -> dict[str, Presence]:
        """A row of the table, of those that have the wanted member where there are any."""
        particle = group.members[place[0]].particle if place else None
        if isinstance(particle, Reference):
            rows = [row for row in rows if dict(row).get(particle.name, True) is not False] or rows
        return dict(rows[self.choices.integer(len(rows) - 1)])

    def _towards(self, member: Member, place: Place, presence: Presence | None) -> list[Node]:
        """A member's occurrences, the first of which leads to the target."""
        particle = member.particle
        if presence is False or isinstance(particle, Wildcard):
            return []
        if isinstance(presence, str):
            stated = self._stating(particle, presence)
            if len(self.route) == 1:
                self.drawing.arrived = stated[0]
            return stated
        if isinstance(particle, Group):
            found = self.group(particle, None, place)
        else:
            found = [self.drawing.element(self.wanted, self.depth, self.inherited, self.route)]
        return found + self._times(particle, member.least - 1)

    def _more(
        self,
        members: Sequence[Member],
        counts: list[int],
        found: list[list[Node]],
        row: Mapping[str, Presence],
    ) -> None:
        """Optional members, one after the other as long as there is room and will."""
        optional = [
            index
            for index, member in enumerate(members)
            if (member.most is None or member.most > member.least)
            and not (isinstance(member.particle, Reference) and member.particle.name in row)
            and (self.drawing.size.foreign or not isinstance(member.particle, Wildcard))
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
                    most = members[index].most
                    if most is None or counts[index] < most:
                        made = self.once(members[index].particle)
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
            member = group.members[place[0]]
            towards = partial(self._towards, member, place[1:], None)
            return self.drawing.later(partial(self._choice, group, ()), towards)
        if not group.members:
            return []
        full = self.drawing.full(self.depth)
        member = group.members[0 if full else self.choices.integer(len(group.members) - 1)]
        least = member.least
        if not least and not full:
            least = self.choices.integer(1)
        found = [self._times(member.particle, least)]
        self._more([Member(member.particle, least, member.most)], [least], found, {})
        return found[0]

    def _times(self, particle: Reference | Group | Wildcard, least: int) -> list[Node]:
        """So many occurrences; the rest of a row that no stream is long enough for repeats the last."""
        found: list[Node] = []
        last: list[Node] = []
        for _ in range(min(least, _MOST_DRAWN)):
            last = self.once(particle)
            found += last
        for _ in range(least - _MOST_DRAWN if last else 0):
            found += [clone(node) for node in last]
        return found

    def once(self, particle: Reference | Group | Wildcard) -> list[Node]:
        """One occurrence."""
        if isinstance(particle, Group):
            return self.group(particle)
        if isinstance(particle, Wildcard):
            return [self.drawing.foreign(particle, self.depth, self.inherited)]
        numbers = particle.declarations
        number = numbers[0]
        if len(numbers) > 1:
            if self.drawing.full(self.depth):
                number = min(numbers, key=lambda d: self.drawing.program.costs[d])
            else:
                number = numbers[self.choices.integer(len(numbers) - 1)]
        return [self.drawing.element(number, self.depth, self.inherited)]

    def _stating(self, particle: Reference | Group | Wildcard, text: str) -> list[Node]:
        """A member with a certain text."""
        assert isinstance(particle, Reference)
        declaration = self.drawing.program.declarations[particle.declarations[0]]
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
