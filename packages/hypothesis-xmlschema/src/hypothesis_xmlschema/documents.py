"""Nodes and choices → documents.

Size decides everything: one coin for each optional member makes the documents of a large schema too large for
Hypothesis, a small drawn subset keeps them small. Which optional member comes next is one number, zero for
none, and its content follows at once, so that a shrinker removes a member with one deletion. What leads to a
target is drawn last, and put where it belongs: without its target, a document is what it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis_xmlschema.building import PLACE, close, holds, inherited_by, is_chosen
from hypothesis_xmlschema.choices import ELEMENT, OPTIONAL
from hypothesis_xmlschema.contents import Content
from hypothesis_xmlschema.errors import NothingFoundError
from hypothesis_xmlschema.nodes import (
    IMPOSSIBLE,
    Attribute,
    Declaration,
    Group,
    Open,
    Typed,
    TypeUse,
    Wildcard,
)
from hypothesis_xmlschema.pruning import term_cost
from hypothesis_xmlschema.simple import Simple, constant
from hypothesis_xmlschema.trees import XSI_NIL, XSI_TYPE, Node, clone, set_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.nodes import Program, Setting
    from hypothesis_xmlschema.routes import Route, Routes, RouteStep
    from hypothesis_xmlschema.solving import Solution

_ATTEMPTS = 10
_FEW_ATTEMPTS = 3
_LARGE = 500
# One in so many: nil, another type than the declared one, something for a wildcard of attributes, text.
_SELDOM = 12
_WHOLE = 8  # one way in so many ends before its target


@dataclass(frozen=True, slots=True)
class Size:
    """How large documents may grow; what is mandatory is never left out.

    Attributes:
        optional: The most optional members of one element.
        elements: From so many elements on, no optional member is added.
        depth: From that depth on, likewise.
        foreign: Whether there is something for wildcards and text between the members of mixed content.
    """

    optional: int = 4
    elements: int = 48
    depth: int = 12
    foreign: bool = True


class Drawing:
    """One document in the making."""

    def __init__(
        self,
        program: Program,
        choices: Choices,
        size: Size,
        routes: Routes | None = None,
        solutions: Mapping[int, Sequence[Solution]] | None = None,
    ) -> None:
        self.program = program
        self.routes = routes
        self.solutions = solutions or {}
        self.choices = choices
        self.size = size
        # What is large anyway gets nothing more.
        self.most = size.elements if program.costs[program.root] <= _LARGE else 0
        self.elements = 0
        self.poverty = 1.0
        self.arrived: Node | None = None
        self._later: list[tuple[Node, Callable[[], list[Node]]]] = []
        self._puts_off = True

    def document(self) -> Node:
        """The root."""
        route: Route = ()
        if self.routes is not None and self.routes.targets and self.size.optional:
            # Every other document has a target.
            targets = self.routes.targets
            chosen = self.choices.integer(2 * len(targets)) - len(targets) - 1
            route = self.routes.to(targets[chosen]) if chosen >= 0 else ()
            # A smaller number leads less far, so that a shrinker keeps what it needs of the way.
            steps = self.choices.integer(_WHOLE * len(route))
            route = route if steps > len(route) else route[:steps]
        self.poverty = max(1, self.size.optional) * (1, 2, 8)[self.choices.integer(2)] / 2
        return self._along(route)

    def towards(self, route: Route) -> Node:
        """The root of a document that has the end of a way; `arrived` is the element there."""
        self.poverty = max(1.0, float(self.size.optional))
        self.arrived = None
        return self._along(route)

    def _along(self, route: Route) -> Node:
        self._puts_off = not any(map(self._is_checked, route))
        root = self.element(self.program.root, 0, {}, route)
        put_off = bool(self._later)
        while self._later:
            place, make = self._later.pop()
            place.children = make()
        if put_off:
            close(root)
        return root

    def _is_checked(self, step: RouteStep) -> bool:
        """Whether an element on the way is looked at as soon as it is drawn."""
        declaration = self.program.declarations[step.declaration]
        typed = self.program.types[declaration.types[step.use].type]
        return bool(declaration.chosen or typed.assertions or typed.rows)

    def later(self, without: Callable[[], list[Node]], towards: Callable[[], list[Node]]) -> list[Node]:
        """What leads to the target, once the rest of the document is drawn.

        Args:
            without: Draws what would stand in its place without a target.
            towards: Draws what leads there.
        """
        if not self._puts_off:
            return towards()
        place = Node(None, None, PLACE, children=without())
        self._later.append((place, towards))
        return [place]

    # Elements.

    def element(self, number: int, depth: int, inherited: dict[str, str], route: Route = ()) -> Node:
        """An element of a declaration, with what leads to a target."""
        declaration = self.program.declarations[number]
        solutions = self.solutions.get(number, ())
        attempts = _FEW_ATTEMPTS if solutions else _ATTEMPTS
        for attempt in range(attempts):
            before = self.elements
            self.choices.begin(ELEMENT)
            try:
                node = self._element(declaration, depth, inherited, route, plain=attempt > attempts // 2)
                solved = node is not None and self._solved(node, solutions)
            finally:
                self.choices.end()
            if node is not None and solved:
                return node
            self.elements = before
        if solutions and len(route) <= 1:
            self.elements += 1
            tree = clone(solutions[self.choices.integer(len(solutions) - 1)].tree)
            if route:
                self.arrived = tree
            return tree
        raise NothingFoundError

    def _solved(self, node: Node, solutions: Sequence[Solution]) -> bool:
        """Whether the assertions hold, perhaps after some texts are set as a solution has them."""
        if node.typed is None or not node.typed.assertions or holds(self.program, node):
            return True
        if not solutions:
            return False
        chosen = solutions[self.choices.integer(len(solutions) - 1)]
        return bool(chosen.texts) and set_texts(node, chosen.texts) and holds(self.program, node)

    def unchecked(self, number: int) -> Node:
        """An element whose own assertions may not hold, though those beneath it do.

        Raises:
            NothingFoundError: Its type did not come out as chosen.
        """
        node = self._element(self.program.declarations[number], 0, {}, (), plain=False)
        if node is None:
            raise NothingFoundError
        return node

    def _element(
        self, declaration: Declaration, depth: int, inherited: dict[str, str], route: Route, *, plain: bool
    ) -> Node | None:
        """None where the choice of the type did not come out."""
        self.elements += 1
        step = route[0] if route else None
        use = self._use(declaration.types)
        if step is not None:
            use = declaration.types[step.use]
        typed = self.program.types[use.type]
        node = Node(declaration, typed, declaration.tag)
        if len(route) == 1:
            self.arrived = node
        if use.name is not None:
            node.attributes[XSI_TYPE] = use.name
        self._attributes(node, typed, use.settings[self.choices.integer(len(use.settings) - 1)], depth, step)
        if declaration.chosen and not is_chosen(declaration, typed, node, inherited):
            return None
        if declaration.nillable and declaration.fixed is None and self._seldom() and step is None:
            node.attributes[XSI_NIL] = "true"
            return node
        inherited = inherited_by(declaration, node, inherited)
        if declaration.fixed is not None:
            node.text = declaration.fixed
            if isinstance(typed.content, Simple):
                node.simples[""] = constant(declaration.fixed, typed.content)
        elif isinstance(typed.content, Simple):
            node.text = typed.content.values.draw(self.choices)
            node.simples[""] = typed.content
        else:
            self._content(node, typed, depth, inherited, route, plain=plain)
        return node

    def _seldom(self) -> bool:
        return self.choices.integer(_SELDOM - 1) == _SELDOM - 1

    def _use(self, uses: Sequence[TypeUse]) -> TypeUse:
        if len(uses) == 1:
            return uses[0]
        if self.full(0):
            return min(uses, key=lambda use: self.program.type_costs[use.type])
        if uses[0].name is None and uses[-1].name is not None:
            # The declared type as often as all others together.
            return uses[max(0, self.choices.integer(2 * len(uses) - 1) - len(uses) + 1) % len(uses)]
        return uses[self.choices.integer(len(uses) - 1)]

    def full(self, depth: int) -> bool:
        """Whether nothing optional is to be added."""
        return self.elements >= self.most or depth >= self.size.depth

    # Attributes.

    def _attributes(
        self, node: Node, typed: Typed, setting: Setting, depth: int, step: RouteStep | None
    ) -> None:
        settled = dict(setting)
        optional = []
        wanted = step.attribute if step is not None else -1
        for index, attribute in enumerate(typed.attributes):
            if attribute.name in settled:
                text = settled[attribute.name]
                if text is not None:
                    node.attributes[attribute.name] = text
                    node.simples[attribute.name] = attribute.simple
            elif attribute.required or index == wanted:
                node.attributes[attribute.name] = attribute.simple.values.draw(self.choices)
                node.simples[attribute.name] = attribute.simple
            else:
                optional.append(attribute)
        for name, text in settled.items():
            if text is not None and name not in node.attributes:
                node.attributes[name] = text
        if not self.full(depth):
            self._some(node, optional)
            wildcard = typed.any_attribute
            if (
                self.size.foreign
                and wildcard is not None
                and (wildcard.names or wildcard.attributes)
                and self._seldom()
            ):
                self._any_attribute(node, wildcard)

    def _some(self, node: Node, optional: Sequence[Attribute]) -> None:
        """A few of the optional attributes, each with its text at once."""
        allowance = self.size.optional
        while optional:
            self.choices.begin(OPTIONAL)
            try:
                index = self.next(len(optional), free=allowance > 0)
                if index is not None:
                    allowance -= 1
                    attribute = optional[index]
                    text = attribute.simple.values.draw(self.choices)
                    node.attributes.setdefault(attribute.name, text)
                    node.simples[attribute.name] = attribute.simple
            finally:
                self.choices.end()
            if index is None:
                break

    def next(self, count: int, *, free: bool) -> int | None:
        """Which optional member comes next; None for no more, and where none is free to come."""
        # Zero and what is beyond the members says no; how much is beyond is this document's own, and nothing
        # else is, so that a number means the same member in a poor document and in a rich one.
        most = count + max(1, int(count / self.poverty))
        if not free:
            self.choices.zero(most)
            return None
        chosen = self.choices.integer(most)
        return chosen - 1 if 0 < chosen <= count else None

    def _any_attribute(self, node: Node, wildcard: Wildcard) -> None:
        index = self.choices.integer(len(wildcard.names) + len(wildcard.attributes) - 1)
        if index < len(wildcard.names):
            node.attributes.setdefault(wildcard.names[index], str(index))
            return
        attribute = wildcard.attributes[index - len(wildcard.names)]
        if attribute.name not in node.attributes:
            node.attributes[attribute.name] = attribute.simple.values.draw(self.choices)
            node.simples[attribute.name] = attribute.simple

    # Content.

    def _content(
        self,
        node: Node,
        typed: Typed,
        depth: int,
        inherited: dict[str, str],
        route: Route,
        *,
        plain: bool,
    ) -> None:
        if isinstance(typed.content, Group):
            content = Content(self, depth + 1, inherited, 0 if plain else self.size.optional)
            place = route[0].place if route else None
            if place is not None:
                content.route, content.wanted = route[1:], route[0].child
            node.children = content.group(typed.content, typed.rows, place or ())
        if not self.size.foreign:
            return
        if typed.opened is not None and not self.full(depth) and self._seldom():
            self._open(node, typed.opened, depth, inherited)
        if typed.mixed and self._seldom():
            text = str(self.choices.integer(99))
            before = self.choices.integer(len(node.children))
            if before:
                node.children[before - 1].tail = text
            else:
                node.text = text

    def _open(self, node: Node, opened: Open, depth: int, inherited: dict[str, str]) -> None:
        if term_cost(opened.wildcard, self.program.costs) == IMPOSSIBLE:
            return
        child = self.foreign(opened.wildcard, depth + 1, inherited)
        # What the model itself could take there is the model's (XSD 1.1 part 1, cvc-complex-content.2.3).
        content = node.typed.content if node.typed is not None else None
        free = opened.interleaved and not (isinstance(content, Group) and self._claims(content, child.tag))
        at = self.choices.integer(len(node.children)) if free else 0
        node.children.insert(len(node.children) - at, child)

    def _claims(self, group: Group, tag: str) -> bool:
        for particle in group.particles:
            term = particle.term
            if isinstance(term, Group):
                claimed = self._claims(term, tag)
            elif isinstance(term, Wildcard):
                claimed = term.allows(tag)
            else:
                claimed = any(self.program.declarations[d].tag == tag for d in term.declarations)
            if claimed:
                return True
        return False

    def foreign(self, wildcard: Wildcard, depth: int, inherited: dict[str, str]) -> Node:
        """An element that a wildcard lets pass."""
        # Not every validator takes the word of xsi:type: only where nothing else can be.
        names = () if wildcard.said is not None and wildcard.declared else wildcard.names
        index = self.choices.integer(len(names) + len(wildcard.declared) - 1)
        if index < len(names):
            return self._undeclared(wildcard, index)
        number = wildcard.declared[index - len(names)]
        if self.full(depth):
            number = min(wildcard.declared, key=lambda d: self.program.costs[d])
            if wildcard.names and (names or self.program.costs[number] > 1):
                return self._undeclared(wildcard, 0)
        return self.element(number, depth, inherited)

    def _undeclared(self, wildcard: Wildcard, index: int) -> Node:
        self.elements += 1
        attributes = {} if wildcard.said is None else {XSI_TYPE: wildcard.said}
        return Node(None, None, wildcard.names[index], attributes)
