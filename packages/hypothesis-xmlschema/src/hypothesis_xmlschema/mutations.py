"""Ways to break a document at one place.

Each gets an element that the schema accepts, and changes it or its members so that the model refuses it for
one reason; None where there is nothing to break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xmlschema.validators import XsdSimpleType

from hypothesis_xmlschema.broken_rules import broken_assertion, broken_identity, dangling_idref, duplicate_id
from hypothesis_xmlschema.matching import misfit
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.spots import Mutation, Spot, other_text
from hypothesis_xmlschema.trees import XSI_NIL, XSI_TYPE, Node, local_name

if TYPE_CHECKING:
    from collections.abc import Callable

_UNKNOWN = "unknown"


def _attribute_text(spot: Spot) -> Mutation | None:
    node = spot.node
    simple = node.simples.get(spot.site.name)
    wrong = spot.grounds.wrong.of(simple) if simple is not None else ()
    if not wrong or simple is None:
        return None
    chosen = wrong[spot.choices.integer(len(wrong) - 1)]
    before, node.attributes[spot.site.name] = node.attributes[spot.site.name], chosen.text
    return Mutation(
        node, spot.site.name, chosen.constraint, chosen.clause, before, chosen.text, given=chosen.given
    )


def _text(spot: Spot) -> Mutation | None:
    node = spot.node
    simple = node.simples.get("")
    wrong = spot.grounds.wrong.of(simple) if simple is not None else ()
    if node.declaration is not None and node.declaration.component.default is not None:
        wrong = tuple(w for w in wrong if w.text)
    if not wrong:
        return None
    chosen = wrong[spot.choices.integer(len(wrong) - 1)]
    before, node.text = node.text, chosen.text
    return Mutation(node, "", chosen.constraint, chosen.clause, before, chosen.text, given=chosen.given)


def _missing_attribute(spot: Spot) -> Mutation | None:
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
    return Mutation(node, "", constraint, "cvc-complex-type.4", before, "")


def _unknown_attribute(spot: Spot) -> Mutation | None:
    node = spot.node
    if node.typed is None or any(attribute.name == _UNKNOWN for attribute in node.typed.attributes):
        return None
    node.attributes[_UNKNOWN] = "1"
    simple = isinstance(node.typed.content, Simple) and not node.typed.attributes
    clause = "cvc-type.3.1.1" if simple else "cvc-complex-type.3.2.1"
    return Mutation(node, "", f"no attribute {_UNKNOWN}", clause, "", f'{_UNKNOWN}="1"')


def _fixed_attribute(spot: Spot) -> Mutation | None:
    node = spot.node
    before = node.attributes.get(spot.site.name)
    simple = node.simples.get(spot.site.name)
    after = other_text(before, simple)
    if before is None or after is None:
        return None
    node.attributes[spot.site.name] = after
    clause = "cvc-au" if _is_fixed_by_use(node, spot.site.name) else "cvc-attribute.4"
    return Mutation(node, spot.site.name, f"fixed value {before!r}", clause, before, after)


def _is_fixed_by_use(node: Node, name: str) -> bool:
    """Whether the type itself states the value, and not the global attribute that it refers to."""
    attributes = getattr(node.typed.component, "attributes", {}) if node.typed is not None else {}
    use = attributes.get(name)
    return use is None or use.ref is None or "fixed" in use.elem.attrib


def _fixed_text(spot: Spot) -> Mutation | None:
    node = spot.node
    after = other_text(node.text, node.simples.get(""))
    if after is None or not node.text:
        return None
    before, node.text = node.text, after
    return Mutation(node, "", f"fixed value {before!r}", "cvc-elt.5.2.2.2", before, after)


def _child_in_text(spot: Spot) -> Mutation | None:
    node = spot.node
    node.children.append(Node(None, None, _UNKNOWN))
    clause = "cvc-complex-type.2.2" if node.typed is not None and node.typed.attributes else "cvc-type.3.1.2"
    return Mutation(node, "", "no members beside a text", clause, "", f"<{_UNKNOWN}/>")


def _unknown_child(spot: Spot) -> Mutation | None:
    node = spot.node
    before = [child.tag for child in node.children]
    at = spot.choices.integer(len(before))
    node.children.insert(len(before) - at, Node(None, None, _UNKNOWN))
    return _content_mutation(spot, before, f"no member {_UNKNOWN}")


def _text_between(spot: Spot) -> Mutation | None:
    node = spot.node
    at = spot.choices.integer(len(node.children))
    if at:
        node.children[at - 1].tail = "text"
    else:
        node.text = "text"
    empty = node.typed is not None and node.typed.content is None
    clause = "cvc-complex-type.2.1" if empty else "cvc-complex-type.2.3"
    return Mutation(node, "", "no text between members", clause, "", "text")


def _missing_child(spot: Spot) -> Mutation | None:
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
    return _content_mutation(spot, before, f"the mandatory member {local_name(child.tag)}")


def _single(node: Node, child: Node) -> bool:
    return sum(other.tag == child.tag for other in node.children) == 1


def _extra_child(spot: Spot) -> Mutation | None:
    node = spot.node
    child = _child(spot)
    if child is None or _carries_identity(child):
        return None
    before = [c.tag for c in node.children]
    at = max(index for index, c in enumerate(node.children) if c.tag == child.tag)
    node.children.insert(at + 1, child)
    return _content_mutation(spot, before, f"one {local_name(child.tag)} at most")


def _misplaced_child(spot: Spot) -> Mutation | None:
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
            found = _content_mutation(spot, before, f"the place of {local_name(child.tag)}")
            if found is not None:
                return found
    return None


def _foreign_child(spot: Spot) -> Mutation | None:
    node = spot.node
    child = _child(spot)
    if child is None:
        return None
    before = [c.tag for c in node.children]
    namespace, _, local = child.tag.rpartition("}")
    at = node.children.index(child)
    node.children[at] = Node(None, None, local if namespace else f"{{urn:elsewhere}}{local}")
    return _content_mutation(spot, before, f"the namespace of {local}")


def _child(spot: Spot) -> Node | None:
    """The member of a site."""
    tag = spot.grounds.program.declarations[spot.site.step.child].tag
    return next((child for child in reversed(spot.node.children) if child.tag == tag), None)


def _carries_identity(node: Node) -> bool:
    return any(simple.kind == "ID" for simple in node.simples.values()) or any(
        _carries_identity(child) for child in node.children
    )


def _content_mutation(spot: Spot, before: list[str], constraint: str) -> Mutation | None:
    """The mutation, if the content model refuses what the content is now."""
    node = spot.node
    typed = spot.grounds.whole_type(node)
    after = [child.tag for child in node.children]
    wrong = misfit(spot.grounds.whole, typed, after) if typed is not None else None
    if typed is None or wrong is None:
        return None
    clause = "cvc-complex-type.2.1" if typed.content is None else f"cvc-complex-type.2.4.{wrong}"
    # Names are told apart by their namespaces only where nothing else does.
    shown = local_name if list(map(local_name, before)) != list(map(local_name, after)) else str
    return Mutation(node, "", constraint, clause, " ".join(map(shown, before)), " ".join(map(shown, after)))


def _nil(spot: Spot) -> Mutation | None:
    node = spot.node
    node.attributes[XSI_NIL] = "true"
    return Mutation(node, "", "not nillable", "cvc-elt.3.1", "", 'xsi:nil="true"')


def _nil_with_content(spot: Spot) -> Mutation | None:
    node = spot.node
    if not node.text and not node.children:
        return None
    node.attributes[XSI_NIL] = "true"
    return Mutation(node, "", "nil has no content", "cvc-elt.3.2.1", "", 'xsi:nil="true"')


def _unknown_type(spot: Spot) -> Mutation | None:
    node = spot.node
    before = node.attributes.get(XSI_TYPE, "")
    if before:
        return None
    node.attributes[XSI_TYPE] = _UNKNOWN
    return Mutation(node, "", "xsi:type names a type", "cvc-elt.4.2", before, f'xsi:type="{_UNKNOWN}"')


MUTATIONS: dict[str, Callable[[Spot], Mutation | None]] = {
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
    "duplicate-id": duplicate_id,
    "dangling-idref": dangling_idref,
    "identity": broken_identity,
    "assertion": broken_assertion,
}
