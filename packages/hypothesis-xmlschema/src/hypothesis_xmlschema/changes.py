"""Ways to break a document at one place.

Each gets an element that the schema accepts, and changes it or its members so that the model refuses it for
one reason; None where there is nothing to break.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xmlschema.validators import XsdKey, XsdKeyref, XsdSimpleType, XsdUnique

from hypothesis_xmlschema.documents import Drawing, Size, built
from hypothesis_xmlschema.errors import NothingFoundError
from hypothesis_xmlschema.fields import entries, set_text, text_at, value_at
from hypothesis_xmlschema.matching import accepts, misfit
from hypothesis_xmlschema.nodes import Group, Reference
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.trees import XSI_NIL, XSI_TYPE, Node, local_name, path_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xmlschema.validators import XsdIdentity

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.nodes import Program, Typed
    from hypothesis_xmlschema.routes import Step
    from hypothesis_xmlschema.wrong_texts import WrongTexts

_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a document can be broken, and how.

    Attributes:
        kind: One of the keys of `CHANGES`.
        step: The end of the way to its element.
        name: The attribute, where it is one.
        identity: The key, where it is one.
    """

    kind: str
    step: Step
    name: str = ""
    identity: XsdIdentity | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known of the schema.

    Attributes:
        whole: The program from which nothing was left out, to judge content models by.
        program: What documents are drawn from.
        size: How large they may grow.
        wrong: The wrong texts of its types.
        whole_types: The types of `whole`, by the identity of xmlschema's.
    """

    whole: Program
    program: Program
    size: Size
    wrong: WrongTexts
    whole_types: Mapping[int, Typed]

    def whole_type(self, node: Node) -> Typed | None:
        """The type of an element with all that the schema allows."""
        return None if node.typed is None else self.whole_types.get(id(node.typed.component))


@dataclass(frozen=True, slots=True)
class Spot:
    """An element to be broken.

    Attributes:
        grounds: What is known of the schema.
        site: How it is to be broken.
        node: The element at the end of the way.
        root: Of its document.
        choices: Where choices come from.
    """

    grounds: Grounds
    site: Site
    node: Node
    root: Node
    choices: Choices


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed: at which element and attribute, and the record of it.

    Attributes:
        given: Whether it is a text of the caller's, which may break more than the record names.
    """

    node: Node
    name: str
    constraint: str
    clause: str
    before: str
    after: str
    given: bool = False


def _attribute_text(spot: Spot) -> Change | None:
    node = spot.node
    simple = node.simples.get(spot.site.name)
    wrong = spot.grounds.wrong.of(simple) if simple is not None else ()
    if not wrong or simple is None:
        return None
    chosen = wrong[spot.choices.integer(len(wrong) - 1)]
    before, node.attributes[spot.site.name] = node.attributes[spot.site.name], chosen.text
    return Change(
        node, spot.site.name, chosen.constraint, chosen.clause, before, chosen.text, given=chosen.given
    )


def _text(spot: Spot) -> Change | None:
    node = spot.node
    simple = node.simples.get("")
    wrong = spot.grounds.wrong.of(simple) if simple is not None else ()
    if node.declaration is not None and node.declaration.component.default is not None:
        wrong = tuple(w for w in wrong if w.text)
    if not wrong:
        return None
    chosen = wrong[spot.choices.integer(len(wrong) - 1)]
    before, node.text = node.text, chosen.text
    return Change(node, "", chosen.constraint, chosen.clause, before, chosen.text, given=chosen.given)


def _missing_attribute(spot: Spot) -> Change | None:
    node = spot.node
    component = node.typed.component if node.typed is not None else None
    uses = None if isinstance(component, XsdSimpleType) or component is None else component.attributes
    # A wish of the caller, or a key, may have made it mandatory here and not in the schema.
    if uses is None or getattr(uses.get(spot.site.name), "use", "") != "required":
        return None
    before = node.attributes.pop(spot.site.name, None)
    if before is None:
        return None
    constraint = f"the mandatory attribute {local_name(spot.site.name)}"
    return Change(node, "", constraint, "cvc-complex-type.4", before, "")


def _unknown_attribute(spot: Spot) -> Change | None:
    node = spot.node
    if node.typed is None or any(attribute.name == _UNKNOWN for attribute in node.typed.attributes):
        return None
    node.attributes[_UNKNOWN] = "1"
    simple = isinstance(node.typed.content, Simple) and not node.typed.attributes
    clause = "cvc-type.3.1.1" if simple else "cvc-complex-type.3.2.1"
    return Change(node, "", f"no attribute {_UNKNOWN}", clause, "", f'{_UNKNOWN}="1"')


def _fixed_attribute(spot: Spot) -> Change | None:
    node = spot.node
    before = node.attributes.get(spot.site.name)
    simple = node.simples.get(spot.site.name)
    after = _other(before, simple)
    if before is None or after is None:
        return None
    node.attributes[spot.site.name] = after
    clause = "cvc-au" if _is_fixed_by_use(node, spot.site.name) else "cvc-attribute.4"
    return Change(node, spot.site.name, f"fixed value {before!r}", clause, before, after)


def _is_fixed_by_use(node: Node, name: str) -> bool:
    """Whether the type itself states the value, and not the global attribute that it refers to."""
    attributes = getattr(node.typed.component, "attributes", {}) if node.typed is not None else {}
    use = attributes.get(name)
    return use is None or use.ref is None or "fixed" in use.elem.attrib


def _fixed_text(spot: Spot) -> Change | None:
    node = spot.node
    after = _other(node.text, node.simples.get(""))
    if after is None or not node.text:
        return None
    before, node.text = node.text, after
    return Change(node, "", f"fixed value {before!r}", "cvc-elt.5.2.2.2", before, after)


def _other(text: str | None, simple: Simple | None) -> str | None:
    """Another text that the type itself accepts."""
    if text is None or simple is None or simple.component is None:
        return None
    accepted = simple.component.text_is_valid
    tried = (f"{text}x", f"{text}1", f"1{text}", "1", "0", "2", "true", "false", "other", "2001-01-01")
    return next((t for t in tried if t.strip() != text.strip() and accepted(t)), None)


def _child_in_text(spot: Spot) -> Change | None:
    node = spot.node
    node.children.append(Node(None, None, _UNKNOWN))
    clause = "cvc-complex-type.2.2" if node.typed is not None and node.typed.attributes else "cvc-type.3.1.2"
    return Change(node, "", "no members beside a text", clause, "", f"<{_UNKNOWN}/>")


def _unknown_child(spot: Spot) -> Change | None:
    node = spot.node
    before = [child.tag for child in node.children]
    at = spot.choices.integer(len(before))
    node.children.insert(len(before) - at, Node(None, None, _UNKNOWN))
    return _content_change(spot, before, f"no member {_UNKNOWN}")


def _text_between(spot: Spot) -> Change | None:
    node = spot.node
    at = spot.choices.integer(len(node.children))
    if at:
        node.children[at - 1].tail = "text"
    else:
        node.text = "text"
    empty = node.typed is not None and node.typed.content is None
    clause = "cvc-complex-type.2.1" if empty else "cvc-complex-type.2.3"
    return Change(node, "", "no text between members", clause, "", "text")


def _missing_child(spot: Spot) -> Change | None:
    node = spot.node
    child = _child(spot)
    if child is None:
        return None
    before = [c.tag for c in node.children]
    node.children = (
        [c for c in node.children if c.tag != child.tag]
        if _single(node, child)
        else [c for c in node.children if c is not child]
    )
    return _content_change(spot, before, f"the mandatory member {local_name(child.tag)}")


def _single(node: Node, child: Node) -> bool:
    return sum(other.tag == child.tag for other in node.children) == 1


def _extra_child(spot: Spot) -> Change | None:
    node = spot.node
    child = _child(spot)
    if child is None or _carries_identity(child):
        return None
    before = [c.tag for c in node.children]
    at = max(index for index, c in enumerate(node.children) if c.tag == child.tag)
    node.children.insert(at + 1, child)
    return _content_change(spot, before, f"one {local_name(child.tag)} at most")


def _misplaced_child(spot: Spot) -> Change | None:
    node = spot.node
    child = _child(spot)
    if child is None or len(node.children) < 2:  # noqa: PLR2004 - two can be in the wrong order
        return None
    before = [c.tag for c in node.children]
    rest = [c for c in node.children if c is not child]
    at = node.children.index(child)
    for place in (at - 1, at + 1, 0, len(rest)):
        if 0 <= place <= len(rest) and place != at:
            node.children = [*rest[:place], child, *rest[place:]]
            found = _content_change(spot, before, f"the place of {local_name(child.tag)}")
            if found is not None:
                return found
    return None


def _foreign_child(spot: Spot) -> Change | None:
    node = spot.node
    child = _child(spot)
    if child is None:
        return None
    before = [c.tag for c in node.children]
    namespace, _, local = child.tag.rpartition("}")
    at = node.children.index(child)
    node.children[at] = Node(None, None, local if namespace else f"{{urn:elsewhere}}{local}")
    return _content_change(spot, before, f"the namespace of {local}")


def _child(spot: Spot) -> Node | None:
    """The member of a site."""
    tag = spot.grounds.program.declarations[spot.site.step.child].tag
    return next((child for child in reversed(spot.node.children) if child.tag == tag), None)


def _carries_identity(node: Node) -> bool:
    return any(simple.kind == "ID" for simple in node.simples.values()) or any(
        _carries_identity(child) for child in node.children
    )


def _content_change(spot: Spot, before: list[str], constraint: str) -> Change | None:
    """The change, if the content model refuses what the content is now."""
    node = spot.node
    typed = spot.grounds.whole_type(node)
    after = [child.tag for child in node.children]
    wrong = misfit(spot.grounds.whole, typed, after) if typed is not None else None
    if typed is None or wrong is None:
        return None
    clause = "cvc-complex-type.2.1" if typed.content is None else f"cvc-complex-type.2.4.{wrong}"
    # Names are told apart by their namespaces only where nothing else does.
    shown = local_name if list(map(local_name, before)) != list(map(local_name, after)) else str
    return Change(node, "", constraint, clause, " ".join(map(shown, before)), " ".join(map(shown, after)))


def _nil(spot: Spot) -> Change | None:
    node = spot.node
    node.attributes[XSI_NIL] = "true"
    return Change(node, "", "not nillable", "cvc-elt.3.1", "", 'xsi:nil="true"')


def _nil_with_content(spot: Spot) -> Change | None:
    node = spot.node
    if not node.text and not node.children:
        return None
    node.attributes[XSI_NIL] = "true"
    return Change(node, "", "nil has no content", "cvc-elt.3.2.1", "", 'xsi:nil="true"')


def _unknown_type(spot: Spot) -> Change | None:
    node = spot.node
    before = node.attributes.get(XSI_TYPE, "")
    if before:
        return None
    node.attributes[XSI_TYPE] = _UNKNOWN
    return Change(node, "", "xsi:type names a type", "cvc-elt.4.2", before, f'xsi:type="{_UNKNOWN}"')


def _duplicate_id(spot: Spot) -> Change | None:
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
    return Change(second, name, "an ID is unique", "cvc-id.2", before, after)


def _refers_to(node: Node, text: str) -> bool:
    return any(
        simple.kind in ("IDREF", "IDREFS") and text in text_at(node, name).split()
        for name, simple in node.simples.items()
    )


def _dangling_idref(spot: Spot) -> Change | None:
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
    return Change(spot.root, "", f"the IDREF of {place} refers to an ID", "cvc-id.1", before, after)


def _identity(spot: Spot) -> Change | None:
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
                    return Change(node, "", name, "cvc-identity-constraint.4.3", before, after)
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
        return Change(rows[1][0], "", name, clause, before, after)
    return None


def _assertion(spot: Spot) -> Change | None:
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
            return Change(node, "", f"assertion {test}", "cvc-assertion", "", "")
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
    if typed is not None and isinstance(typed.content, Group) and typed.content.model != "choice":
        for member in typed.content.members:
            if isinstance(member.particle, Reference):
                try:
                    made = Drawing(spot.grounds.program, spot.choices, spot.grounds.size).element(
                        member.particle.declarations[0], 1, {}
                    )
                except NothingFoundError:
                    continue
                order = [m.particle.name for m in typed.content.members if isinstance(m.particle, Reference)]
                more = sorted([*children, made], key=lambda c: order.index(c.tag) if c.tag in order else 0)
                yield lambda m=more: setattr(node, "children", m)  # type: ignore[misc]
    node.children = children


CHANGES: dict[str, Callable[[Spot], Change | None]] = {
    "attribute-text": _attribute_text,
    "text": _text,
    "missing-attribute": _missing_attribute,
    "unknown-attribute": _unknown_attribute,
    "fixed-attribute": _fixed_attribute,
    "fixed-text": _fixed_text,
    "child-in-text": _child_in_text,
    "unknown-child": _unknown_child,
    "text-between": _text_between,
    "missing-child": _missing_child,
    "extra-child": _extra_child,
    "misplaced-child": _misplaced_child,
    "foreign-child": _foreign_child,
    "nil": _nil,
    "nil-with-content": _nil_with_content,
    "unknown-type": _unknown_type,
    "duplicate-id": _duplicate_id,
    "dangling-idref": _dangling_idref,
    "identity": _identity,
    "assertion": _assertion,
}
