"""Violations of what holds across a document: IDs, references, keys, assertions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xmlschema.validators import XsdKey, XsdKeyref, XsdUnique

from hypothesis_xmlschema.building import built
from hypothesis_xmlschema.documents import Drawing
from hypothesis_xmlschema.errors import NothingFoundError
from hypothesis_xmlschema.fields import entries, set_text, text_at, value_at
from hypothesis_xmlschema.matching import accepts
from hypothesis_xmlschema.nodes import Group, Reference
from hypothesis_xmlschema.spots import Mutation, Spot
from hypothesis_xmlschema.trees import Node, local_name, path_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def duplicate_id(spot: Spot) -> Mutation | None:
    """One ID said twice; the second time, in document order, is the one too many."""
    held = [
        (node, name)
        for node in walk(spot.root)
        for name, simple in node.simples.items()
        if name and simple.kind == "ID"
    ]
    at = next((i for i, (n, name) in enumerate(held) if n is spot.node and name == spot.site.name), None)
    if at is None or len(held) == 1:
        return None
    (first, first_name), (second, name) = (held[0], held[at]) if at else (held[0], held[1])
    before, after = second.attributes[name], first.attributes[first_name]
    if first is second or any(_refers_to(node, before) for node in walk(spot.root)):
        return None
    second.attributes[name] = after
    return Mutation(second, name, "an ID is unique", "cvc-id.2", before, after)


def _refers_to(node: Node, text: str) -> bool:
    return any(
        simple.kind in ("IDREF", "IDREFS") and text in text_at(node, name).split()
        for name, simple in node.simples.items()
    )


def dangling_idref(spot: Spot) -> Mutation | None:
    """A reference to an ID that nothing has."""
    node = spot.node
    simple = node.simples.get(spot.site.name)
    known = {
        text_at(other, name)
        for other in walk(spot.root)
        for name, s in other.simples.items()
        if s.kind == "ID"
    }
    if simple is None or simple.listed is not None:
        return None
    before = text_at(node, spot.site.name)
    after = next((t for t in ("nowhere", "nowhere1") if t not in known and simple.accepts(t)), None)
    if after is None:
        return None
    set_text(node, spot.site.name, after)
    where = path_of(spot.root, node) or ""
    place = f"{where}/@{local_name(spot.site.name)}" if spot.site.name else where
    # The rule is one of the document as a whole: of its validation root (XSD part 1, 3.17.5.2).
    return Mutation(spot.root, "", f"the IDREF of {place} refers to an ID", "cvc-id.1", before, after)


def broken_identity(spot: Spot) -> Mutation | None:
    """A key or a unique value twice, or a reference to no key."""
    node = spot.node
    identity = spot.site.identity
    if identity is None:
        return None
    rows = entries(node, identity)
    name = f"{type(identity).__name__.removeprefix('Xsd').lower()} {identity.local_name}"
    if isinstance(identity, XsdKeyref):
        for _element, fields in rows:
            inner, field = fields[0]
            before = text_at(inner, field)
            simple = inner.simples.get(field)
            for after in ("nowhere", "987654321", "2099-12-31"):
                if simple is None or simple.accepts(after):
                    set_text(inner, field, after)
                    return Mutation(node, "", name, "cvc-identity-constraint.4.3", before, after)
        return None
    if isinstance(identity, (XsdKey, XsdUnique)) and len(rows) > 1:
        first, second = rows[0][1], rows[1][1]
        before = " ".join(text_at(*place) for place in second)
        for (source, source_name), (target, target_name) in zip(first, second, strict=True):
            set_text(target, target_name, text_at(source, source_name))
        if any(value_at(*a) != value_at(*b) for a, b in zip(first, second, strict=True)):
            return None
        after = " ".join(text_at(*place) for place in second)
        clause = (
            "cvc-identity-constraint.4.2.2" if isinstance(identity, XsdKey) else "cvc-identity-constraint.4.1"
        )
        return Mutation(rows[1][0], "", name, clause, before, after)
    return None


def broken_assertion(spot: Spot) -> Mutation | None:
    """One text or one member changed so that nothing but an assertion refuses the element."""
    node = spot.node
    typed = node.typed
    if typed is None or node.declaration is None:
        return None
    whole = spot.grounds.whole_type(node)
    for change in _edits(spot):
        change()
        if whole is not None and isinstance(whole.content, Group):
            names = [child.tag for child in node.children]
            if not accepts(spot.grounds.whole, whole, names):
                continue
        element = built(spot.grounds.program, node)
        errors: list[Any] = list(node.declaration.component.iter_errors(element))  # type: ignore[arg-type]
        if len(errors) == 1 and errors[0].elem is element and "assert" in str(errors[0].reason):
            test = getattr(errors[0].validator, "path", "")
            return Mutation(node, "", f"assertion {test}", "cvc-assertion", "", "")
    return None


def _edits(spot: Spot) -> Iterator[Callable[[], None]]:
    """Changes that leave each text valid by itself, and their undoing in between."""
    node = spot.node
    texts = [
        (holder, name, simple) for holder in (node, *node.children) for name, simple in holder.simples.items()
    ]
    for holder, name, simple in texts:
        before = text_at(holder, name)
        size = len(simple.listed) if simple.listed is not None else min(simple.values.size, 12)
        for index in range(size):
            try:
                text = simple.values.nth(index)
            except NothingFoundError:
                break
            yield lambda h=holder, n=name, t=text: set_text(h, n, t)  # type: ignore[misc]
        set_text(holder, name, before)
    children = list(node.children)
    for child in children:
        rest = [other for other in children if other is not child]
        yield lambda r=rest: setattr(node, "children", r)  # type: ignore[misc]
    typed = node.typed
    if typed is not None and isinstance(typed.content, Group) and typed.content.compositor != "choice":
        for particle in typed.content.particles:
            if isinstance(particle.term, Reference):
                try:
                    made = Drawing(spot.grounds.program, spot.choices, spot.grounds.size).element(
                        particle.term.declarations[0], 1, {}
                    )
                except NothingFoundError:
                    continue
                order = [m.term.name for m in typed.content.particles if isinstance(m.term, Reference)]
                more = sorted([*children, made], key=lambda c: order.index(c.tag) if c.tag in order else 0)
                yield lambda m=more: setattr(node, "children", m)  # type: ignore[misc]
    node.children = children
