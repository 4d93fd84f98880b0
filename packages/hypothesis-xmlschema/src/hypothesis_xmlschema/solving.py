"""Elements that satisfy assertions which no table covers, found by search, once.

People compare members with constants and with each other: `starts-with(@id, 'X')`, `low le high`,
`count(line) eq @lines`. So the texts worth trying are the constants of the expressions, what is next to them,
and the texts of the other members. What is found is kept: as texts to set in what is drawn, and as whole
elements for where that is not enough.
"""

from __future__ import annotations

import itertools
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from hypothesis_xmlschema.alternatives import literals_of, pairs_of
from hypothesis_xmlschema.assertions import is_true
from hypothesis_xmlschema.building import built, holds
from hypothesis_xmlschema.choices import Seeded, Simplest
from hypothesis_xmlschema.documents import Drawing, Size
from hypothesis_xmlschema.errors import NothingFoundError
from hypothesis_xmlschema.nodes import Group, Program, Reference, Typed
from hypothesis_xmlschema.pruning import pruned
from hypothesis_xmlschema.trees import Node, Texts, Variable, clone, local_name, set_texts, simple_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xmlschema.validators import XsdAssert

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.simple import Simple

_TREES = 8
_MOST_TRIED = 500
_MOST_FOUND = 12
_MOST_TEXTS = 24
_MOST_VARIABLES = 4
_MOST_DECLARATIONS = 60


@dataclass(frozen=True, slots=True)
class Solution:
    """What satisfies the assertions of an element.

    Attributes:
        texts: The texts of some members and attributes.
        tree: An element that has them.
    """

    texts: Texts
    tree: Node


def solutions_of(program: Program) -> dict[int, tuple[Solution, ...]]:
    """The solutions of each declaration that needs some; none where none was found."""
    asserted = [
        number
        for number, declaration in enumerate(program.declarations)
        if any(program.types[use.type].assertions for use in declaration.types)
    ]
    found: dict[int, tuple[Solution, ...]] = {}
    # What stands inside of others first: their elements are parts of the others' solutions.
    for number in sorted(asserted, key=lambda n: program.costs[n])[:_MOST_DECLARATIONS]:
        trees = list(_trees(program, number, found))
        if trees:  # none where a caller's strategy draws texts: what these will be is not known now
            found[number] = tuple(itertools.islice(_search(program, trees), _MOST_FOUND))
    return found


def _search(program: Program, trees: Sequence[Node]) -> Iterator[Solution]:
    solved = False
    for place, tree in enumerate(trees):
        if holds(program, tree):
            solved = True
            yield Solution((), tree)
            continue
        # Once there is a solution, others are welcome and not worth a long search.
        tries = _MOST_TRIED // 8 if solved else _MOST_TRIED
        candidate = clone(tree)
        texts: dict[Variable, str] = {}
        # One assertion after the other, each by what it mentions, without losing those before it.
        assertions = tree.typed.assertions if tree.typed is not None else ()
        for count in range(1, len(assertions) + 1):
            found = _satisfied(program, candidate, assertions[:count], place, tries)
            if found is None:
                break
            texts |= dict(found)
            set_texts(candidate, found)
        else:
            if holds(program, candidate):
                solved = True
                yield Solution(tuple(texts.items()), candidate)


def _satisfied(
    program: Program, tree: Node, kept: Sequence[XsdAssert], place: int, tries: int
) -> Texts | None:
    """Texts with which an element satisfies the last of some assertions too; `place` says which."""
    if all(is_true(one, built(program, tree)) for one in kept):
        return ()
    variables = list(itertools.islice(_variables(tree, kept[-1]), _MOST_VARIABLES))
    domains = [_domain(tree, variable, simple, kept[-1]) for variable, simple in variables]
    found: list[Texts] = []
    candidate = clone(tree)
    for texts in itertools.islice(_nearest_first(domains), tries):
        setting = tuple((variable, text) for (variable, _), text in zip(variables, texts, strict=True))
        if set_texts(candidate, setting):
            element = built(program, candidate)
            if all(is_true(one, element) for one in kept):
                found.append(setting)
                if len(found) > place:
                    break
    return found[place % len(found)] if found else None


def without_hopeless(program: Program, solutions: Mapping[int, tuple[Solution, ...]]) -> Program:
    """The program without the elements for which no solution was found."""
    hopeless = {
        use.type
        for number, found in solutions.items()
        if not found
        for use in program.declarations[number].types
        if program.types[use.type].assertions
    }
    if not hopeless:
        return program
    reason = ("", "no content that satisfies its assertions was found")
    types = [
        replace(typed, reason=reason) if number in hopeless else typed
        for number, typed in enumerate(program.types)
    ]
    return pruned(replace(program, types=tuple(types)))


def _trees(program: Program, number: int, known: dict[int, tuple[Solution, ...]]) -> Iterator[Node]:
    """Elements without regard to the assertions, those with all that these mention first."""
    mentioned = set()
    for use in program.declarations[number].types:
        for assertion in program.types[use.type].assertions:
            mentioned |= {str(token.value) for token in assertion.token.iter("(name)")}
    choices: list[Choices] = [Simplest(), *(Seeded(Random(seed)) for seed in range(_TREES))]  # noqa: S311
    for chosen in choices:
        drawing = Drawing(program, chosen, Size(), None, known)
        try:
            tree = drawing.unchecked(number)
        except NothingFoundError:
            continue
        full = clone(tree)
        _complete(drawing, full, mentioned)
        yield full
        yield tree


def _complete(drawing: Drawing, tree: Node, mentioned: set[str]) -> None:
    """Adds the optional members that the assertions mention."""
    typed = tree.typed
    if typed is None:
        return
    for attribute in typed.attributes:
        if local_name(attribute.name) in mentioned and attribute.name not in tree.attributes:
            with suppress(NothingFoundError):
                tree.attributes[attribute.name] = attribute.simple.values.draw(drawing.choices)
                tree.simples[attribute.name] = attribute.simple
    if not isinstance(typed.content, Group) or typed.content.compositor == "choice":
        return
    present = {child.tag for child in tree.children}
    for particle in typed.content.particles:
        term = particle.term
        if isinstance(term, Reference) and local_name(term.name) in mentioned:
            number = term.declarations[0]
            if drawing.program.declarations[number].tag not in present:
                with suppress(NothingFoundError):
                    tree.children.append(drawing.element(number, 1, {}))
    order = _order(typed)
    if all(child.tag in order for child in tree.children):
        tree.children.sort(key=lambda child: order.index(child.tag))


def _order(typed: Typed) -> list[str]:
    assert isinstance(typed.content, Group)
    return [m.term.name for m in typed.content.particles if isinstance(m.term, Reference)]


def _variables(tree: Node, assertion: XsdAssert) -> Iterator[tuple[Variable, Simple]]:
    """What can be set, what the assertion mentions first."""
    mentioned = {str(name.value) for name in assertion.token.iter("(name)")}
    places: dict[Variable, Simple] = {}
    for name in ("", *tree.simples):
        simple = simple_at(tree, name)
        if simple is not None:
            places["", name] = simple
    for child in tree.children:
        for name in ("", *child.simples):
            simple = simple_at(child, name)
            if simple is not None:
                places.setdefault((child.tag, name), simple)
    named = [item for item in places.items() if local_name(item[0][1] or item[0][0]) in mentioned]
    yield from named or places.items()


def _domain(tree: Node, place: Variable, simple: Simple, assertion: XsdAssert) -> list[str]:
    """Texts to try for one variable, its own first."""
    literals = literals_of(assertion.token)
    others = [child.text for child in tree.children if child.text][:3]
    counts = [str(n) for n in range(4)]
    joined = [f"{text}{filler}" for text in literals[:4] for filler in ("aaa", "1")]
    joined += [f"{filler}{text}" for text in literals[:4] for filler in ("aaa", "1")]
    pairs = pairs_of(assertion.token)
    own = []
    for index in range(min(3, simple.values.size)):
        try:
            own.append(simple.values.nth(index))
        except NothingFoundError:
            break
    listed = list(simple.listed or ())[:_MOST_TEXTS]
    texts = dict.fromkeys([_now(tree, place), *listed, *literals, *others, *own, *counts, *joined, *pairs])
    return [text for text in texts if simple.accepts(text)][:_MOST_TEXTS]


def _nearest_first(domains: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """All combinations, those that change one text first, then two, then the rest."""
    if not domains or not all(domains):
        return
    first = tuple(domain[0] for domain in domains)
    for index, domain in enumerate(domains):
        for text in domain[1:]:
            yield (*first[:index], text, *first[index + 1 :])
    for one, two in itertools.combinations(range(len(domains)), 2):
        for text, other in itertools.product(domains[one][1:], domains[two][1:]):
            combined = list(first)
            combined[one], combined[two] = text, other
            yield tuple(combined)
    yield from itertools.product(*domains)


def _now(tree: Node, place: Variable) -> str:
    member, name = place
    holder = tree if not member else next(child for child in tree.children if child.tag == member)
    return holder.attributes[name] if name else holder.text
