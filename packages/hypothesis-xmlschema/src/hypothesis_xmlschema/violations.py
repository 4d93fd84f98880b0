"""Documents that break one named constraint.

Where the schema can be broken, and how, is listed beforehand: sites, each a declaration and a kind. A
document is drawn that has the site, and changed there once. Before it is shown to any validator the model
says that it is invalid; afterwards a validator has to find this error and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis_xmlschema.building import built, chosen_type
from hypothesis_xmlschema.choices import Picking
from hypothesis_xmlschema.documents import Drawing
from hypothesis_xmlschema.errors import NothingFoundError, UnsupportedSchemaError
from hypothesis_xmlschema.identity import Settling
from hypothesis_xmlschema.mutations import MUTATIONS
from hypothesis_xmlschema.nodes import Group
from hypothesis_xmlschema.routes import Routes, RouteStep, members_of
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.spots import Grounds, Site, Spot
from hypothesis_xmlschema.trees import Node, path_of, walk
from hypothesis_xmlschema.wrong_texts import may_refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lxml import etree
    from xmlschema import XMLSchemaBase

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.documents import Size
    from hypothesis_xmlschema.nodes import Attribute, Declaration, Program, Typed
    from hypothesis_xmlschema.solving import Solution
    from hypothesis_xmlschema.wrong_texts import WrongTexts

KINDS = tuple(MUTATIONS)
"""All that is done to documents: `text` and `attribute-text` break simple types, the others the structure."""

_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_ATTEMPTS = 10
_MOST_TEXTS = 1_000
_TEXTS = frozenset({"text", "attribute-text"})
_WEIGHTS = {
    "text": 4,
    "attribute-text": 3,
    "missing-child": 2,
    "extra-child": 2,
    "unknown-child": 2,
    "identity": 2,
    "assertion": 2,
}
# What stands at one place among the members of an element.
_MEMBER_KINDS = ("missing-child", "extra-child", "misplaced-child", "foreign-child")


@dataclass(frozen=True, slots=True)
class Violation:
    """A document that breaks exactly one constraint.

    Attributes:
        document: Its root element.
        path: The element, or the attribute, where it is broken: `/order/line[2]/@number`.
        constraint: What is broken: `minInclusive 1`, `the mandatory member id`.
        clause: The clause of the recommendation, such as `cvc-minInclusive-valid`.
        before: What stood there; empty where nothing did.
        after: What stands there now; empty where nothing does.
        kind: What was done to it, one of `KINDS`.
    """

    document: etree._Element
    path: str
    constraint: str
    clause: str
    before: str
    after: str
    kind: str


class Violating:
    """The violations of a program.

    Args:
        schema: What checks them.
        whole: The program from which nothing was left out, to judge content models by.
        program: What documents are drawn from.
        size: How large they may grow.
        solutions: Of the declarations whose assertions need some.
        wrong: The wrong texts of its types.
    """

    def __init__(
        self,
        schema: XMLSchemaBase,
        whole: Program,
        program: Program,
        size: Size,
        solutions: Mapping[int, Sequence[Solution]],
        *,
        wrong: WrongTexts,
    ) -> None:
        self._schema, self._program, self._size = schema, program, size
        self._routes = Routes(program)
        self._solutions = solutions
        self._settling = Settling(program)
        whole_types = {id(typed.component): typed for typed in whole.types}
        self._grounds = Grounds(whole, program, size, wrong, whole_types)
        by_kind: dict[str, list[Site]] = {}
        for site in self._sites():
            by_kind.setdefault(site.kind, []).append(site)
        # Each kind by its weight, however many places there are for it: every element could get xsi:nil.
        self._kinds = tuple(
            kind for kind in MUTATIONS if kind in by_kind for _ in range(_WEIGHTS.get(kind, 1))
        )
        self.sites = {kind: tuple(sites) for kind, sites in by_kind.items()}
        if not self._kinds:
            raise UnsupportedSchemaError("schema", "nothing in it can be violated")

    # Sites.

    def _sites(self) -> Iterator[Site]:
        program = self._program
        seen = {program.root, *self._routes.reached}
        for number in sorted(seen, key=self._place):
            declaration = program.declarations[number]
            for use, type_use in enumerate(declaration.types):
                typed = program.types[type_use.type]
                step = RouteStep(number, use)
                for kind, name in _kinds(declaration, typed):
                    if kind == "missing-child" and isinstance(typed.content, Group):
                        for place, child in members_of(typed.content):
                            yield from (Site(k, RouteStep(number, use, place, child)) for k in _MEMBER_KINDS)
                    else:
                        index = next((i for i, a in enumerate(typed.attributes) if a.name == name), -1)
                        yield Site(kind, step if index < 0 else RouteStep(number, use, None, -1, index), name)
                for identity in declaration.identities:
                    yield Site("identity", step, "", identity)

    def _place(self, number: int) -> tuple[int, list[tuple[int, ...]], int]:
        """Where a declaration stands: from the root outwards, in the order of the schema."""
        way = self._routes.to_declaration(number)
        return len(way), [step.place or () for step in way], number

    # Drawing.

    def draw(self, choices: Choices) -> Violation:
        """A violation.

        Raises:
            NothingFoundError: The choices led to none.
        """
        kind = choices.integer(len(self._kinds) - 1)
        for attempt in range(_ATTEMPTS):
            # Another site of the kind, then another kind, where this one cannot be broken alone.
            sites = self.sites[self._kinds[(kind + attempt // 2) % len(self._kinds)]]
            found = self._at(sites[choices.integer(len(sites) - 1)], choices)
            if found is not None:
                return found
        raise NothingFoundError

    def each(self, choices: Choices, kinds: Collection[str]) -> Iterator[Violation]:
        """One violation for each constraint at each site, and for each text that the caller gave.

        Args:
            choices: Make the documents, the same for all.
            kinds: What may be done to them.
        """
        seen: set[tuple[str, str, str]] = set()
        for site in (site for kind in KINDS if kind in kinds for site in self.sites.get(kind, ())):
            for number in range(_MOST_TEXTS):
                picking = Picking(number)
                found = self._at(site, choices, picking)
                if found is not None and (found.path, found.constraint, found.after) not in seen:
                    seen.add((found.path, found.constraint, found.after))
                    yield found
                if site.kind not in _TEXTS or number >= picking.most:
                    break

    def _at(self, site: Site, choices: Choices, picking: Choices | None = None) -> Violation | None:
        """The violation of a site; None where the choices led to none.

        Args:
            site: The site.
            choices: Make the document.
            picking: Chooses among what can be done to it, where that is not for the same choices.
        """
        drawing = Drawing(self._program, choices, self._size, None, self._solutions)
        try:
            root = drawing.towards((*self._routes.to_declaration(site.step.declaration), site.step))
            self._settling.settle(root, choices)
        except NothingFoundError:
            return None
        arrived = drawing.arrived
        if arrived is None or not _is_within(root, arrived):
            return None
        before = chosen_type(arrived)
        mutation = MUTATIONS[site.kind](Spot(self._grounds, site, arrived, root, picking or choices))
        # With another type, an element breaks what that one says, and not what the record would.
        if mutation is None or chosen_type(arrived) is not before:
            return None
        document = built(self._program, root)
        path = path_of(root, mutation.node)
        if path is None or not (mutation.given or self._is_alone(document)):
            return None
        return Violation(
            document,
            f"{path}/@{mutation.name}" if mutation.name else path,
            mutation.constraint,
            mutation.clause,
            mutation.before,
            mutation.after,
            site.kind,
        )

    def _is_alone(self, document: etree._Element) -> bool:
        """Whether a validator finds one error."""
        errors = 0
        try:
            for _ in self._schema.iter_errors(document):
                errors += 1
                if errors > 1:
                    return False
        except (ValueError, TypeError, KeyError):
            return False
        return errors == 1


def _kinds(declaration: Declaration, typed: Typed) -> Iterator[tuple[str, str]]:
    """(kind, attribute) of all that can be broken at an element of a type."""
    for attribute in typed.attributes:
        yield from ((kind, attribute.name) for kind in _attribute_kinds(attribute))
    if typed.any_attribute is None:
        yield "unknown-attribute", ""
    yield from ((kind, "") for kind in _content_kinds(declaration, typed))
    if declaration.fixed is None:
        yield ("nil-with-content" if declaration.nillable else "nil"), ""
    yield "unknown-type", ""
    if typed.asserted:
        yield "assertion", ""


def _attribute_kinds(attribute: Attribute) -> Iterator[str]:
    if attribute.name == _XML_ID:
        # Parsers that know xml:id refuse a wrong one before any schema is asked; libxml2 is one of them.
        if attribute.required:
            yield "missing-attribute"
        return
    if attribute.fixed is not None:
        yield "fixed-attribute"
    elif may_refuse(attribute.simple):
        yield "attribute-text"
    if attribute.required and not attribute.simple.kind:
        yield "missing-attribute"
    if attribute.simple.kind == "ID":
        yield "duplicate-id"
    elif attribute.simple.kind in ("IDREF", "IDREFS"):
        yield "dangling-idref"


def _content_kinds(declaration: Declaration, typed: Typed) -> Iterator[str]:
    content = typed.content
    if declaration.fixed is not None:
        yield "fixed-text"
    if isinstance(content, Simple):
        if declaration.fixed is None and may_refuse(content):
            yield "text"
        if content.kind in ("IDREF", "IDREFS"):
            yield "dangling-idref"
        yield "child-in-text"
        return
    yield "unknown-child"
    if content is not None:
        yield "missing-child"
    if not typed.mixed:
        yield "text-between"


def _is_within(root: Node, node: Node) -> bool:
    return any(other is node for other in walk(root))
