"""IDs, references to them, keys and references to keys: made true once the tree stands.

Fields of keys are made mandatory and single beforehand (`wishes`), so that a tree has nothing to add. What is
left is texts: a second one alike becomes the next one of its type, a reference to nothing becomes a reference
to something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xmlschema.validators import XsdKey, XsdKeyref, XsdUnique

from hypothesis_xmlschema.building import holds
from hypothesis_xmlschema.errors import NothingFoundError
from hypothesis_xmlschema.facets import roles
from hypothesis_xmlschema.fields import (
    Place,
    Way,
    entries,
    field_places,
    has_value,
    remove,
    rows_of,
    set_text,
    text_at,
    value_at,
    ways,
)
from hypothesis_xmlschema.nodes import Group
from hypothesis_xmlschema.paths import Control, PathPattern
from hypothesis_xmlschema.simple import Simple
from hypothesis_xmlschema.trees import XSI_NIL, XSI_TYPE, local_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xmlschema.validators import XsdIdentity

    from hypothesis_xmlschema.choices import Choices
    from hypothesis_xmlschema.nodes import Program
    from hypothesis_xmlschema.trees import Node

_ROUNDS = 4
_TRIED = 200


def wishes(program: Program) -> Control:
    """Fields as mandatory members that stand once, so far as paths can say it."""
    required: dict[str, None] = {}
    single: dict[str, None] = {}
    for declaration in program.declarations:
        if any(
            attribute.simple.kind == "ID" and attribute.fixed is not None
            for use in declaration.types
            for attribute in program.types[use.type].attributes
        ):
            single[f"**/{declaration.name}"] = None
        for identity in declaration.identities:
            for last, way, alone in _fields(declaration.name, identity):
                steps = [last, *map(local_name, way.steps)]
                paths = ["**/" + "/".join(steps[: n + 1]) for n in range(1, len(steps))]
                single.update(dict.fromkeys(paths))
                if way.attribute is not None:
                    paths.append("**/" + "/".join([*steps, f"@{way.attribute}"]))
                # A reference with some of its fields refers to nothing for some validators.
                whole = isinstance(identity, XsdKey) or (
                    isinstance(identity, XsdKeyref) and len(identity.fields) > 1
                )
                if whole and alone and not way.deep:
                    required.update(dict.fromkeys(paths))
    return Control(
        required=tuple(PathPattern.parse(path) for path in required),
        single=tuple(PathPattern.parse(path) for path in single),
    )


def _fields(element: str, identity: XsdIdentity) -> Iterator[tuple[str, Way, bool]]:
    """(name of what is selected, way to a field from there, whether it is the field's only way)."""
    if identity.selector is None:
        return
    for selected in ways(identity.selector):
        last = local_name(selected.steps[-1]) if selected.steps else element
        for field in identity.fields:
            branches = ways(field)
            for way in branches:
                yield last, way, len(branches) == 1


class Settling:
    """What a program's documents need once their trees stand."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._asserted = any(typed.assertions for typed in program.types)
        self.needed = any(d.identities for d in program.declarations) or any(
            simple.kind
            for typed in program.types
            for simple in (
                *(a.simple for a in typed.attributes),
                *(() if typed.content is None or isinstance(typed.content, Group) else (typed.content,)),
            )
        )

    def settle(self, root: Node, choices: Choices) -> None:
        """Makes identities and references true.

        Raises:
            NothingFoundError: They cannot be with this tree.
        """
        if not self.needed:
            return
        self._give_fields_texts(root)
        if not _round(root, choices):
            return
        for _ in range(_ROUNDS):
            if not _round(root, choices):
                break
        else:
            raise NothingFoundError
        if self._asserted and not self._still_holds(root):
            raise NothingFoundError

    def _give_fields_texts(self, root: Node) -> None:
        """Lets fields be texts that are nil, or whose type may be any: no other content counts."""
        for node in list(walk(root)):
            for identity in node.declaration.identities if node.declaration is not None else ():
                for place in field_places(node, identity):
                    if not has_value(*place):
                        self._give_text(place[0])

    def _give_text(self, node: Node) -> None:
        if node.typed is not None and isinstance(node.typed.content, Simple):
            node.attributes.pop(XSI_NIL, None)
            node.text, node.simples[""] = node.typed.content.values.nth(0), node.typed.content
            return
        for use in node.declaration.types if node.declaration is not None else ():
            typed = self._program.types[use.type]
            if use.name is not None and isinstance(typed.content, Simple):
                node.typed, node.attributes, node.children = typed, {XSI_TYPE: use.name}, []
                node.text, node.simples = typed.content.values.nth(0), {"": typed.content}
                return

    def _still_holds(self, root: Node) -> bool:
        """Whether what was changed has left the assertions true."""
        return all(
            holds(self._program, node)
            for node in walk(root)
            if node.typed is not None and node.typed.assertions
        )


def _round(root: Node, choices: Choices) -> bool:
    """Mends what is wrong, one kind after the other; tells whether anything was."""
    changed = _identify(root, choices)
    for node in list(walk(root)):
        for identity in node.declaration.identities if node.declaration is not None else ():
            if isinstance(identity, (XsdKey, XsdUnique)):
                changed |= _distinguish(node, identity)
    for node in list(walk(root)):
        for identity in node.declaration.identities if node.declaration is not None else ():
            if isinstance(identity, XsdKeyref):
                changed |= _refer(node, identity, choices)
    return changed


# IDs.


def _identify(root: Node, choices: Choices) -> bool:
    changed = False
    # Each with whether all validators take it for one: xmlschema overlooks the text of the root.
    identified: dict[str, bool] = {}
    texts = [
        (node, name, simple) for node in walk(root) for name, simple in node.simples.items() if simple.kind
    ]
    for node, name, simple in texts:
        ids = _words(simple, text_at(node, name), ids=True)
        if any(word in identified for word in ids) or len(set(ids)) < len(ids):
            changed = True
            try:
                set_text(node, name, _another(simple, identified))
            except NothingFoundError:
                remove(root, node)
                continue
        known = node is not root or bool(name)
        identified.update(dict.fromkeys(_words(simple, text_at(node, name), ids=True), known))
    for node, name, simple in texts:
        words = _words(simple, text_at(node, name), ids=False)
        if not all(identified.get(word) for word in words):
            if not any(identified.values()):
                _give_id(root, identified, words, simple)
            changed |= _point(root, node, name, identified, choices)
    return changed


def _words(simple: Simple, text: str, *, ids: bool) -> list[str]:
    """The IDs of a text, or its references to some."""
    if simple.component is None:
        return []
    return [word for word, is_id in roles(simple.component, text) if is_id is ids]


def _point(root: Node, node: Node, name: str, identified: Mapping[str, bool], choices: Choices) -> bool:
    """Lets a reference refer to what there is, or takes it away; tells whether anything changed."""
    simple, before = node.simples[name], text_at(node, name)
    if simple.kind == "mixed":
        for index in range(min(_TRIED, simple.values.size)):
            text = simple.values.nth(index)
            if text and not _words(simple, text, ids=False) and not _words(simple, text, ids=True):
                set_text(node, name, text)
                return True
    known = [word for word, is_known in identified.items() if is_known]
    if not _is_optional(node, name):
        known = known or list(identified)
    fitting = [word for word in known if simple.kind == "IDREFS" or simple.accepts(word)]
    if fitting and simple.kind != "mixed":
        text = " ".join(
            word if word in known else fitting[choices.integer(len(fitting) - 1)] for word in before.split()
        )
        if simple.accepts(text):
            set_text(node, name, text)
            return text != before
    _drop(root, node, name)
    return True


def _give_id(root: Node, identified: dict[str, bool], words: list[str], wanted: Simple) -> None:
    """Adds an ID where an element may have one, or puts one where other texts may stand too."""
    for node in walk(root):
        for attribute in node.typed.attributes if node.typed is not None else ():
            if attribute.simple.kind == "ID" and attribute.name not in node.attributes:
                text = next((word for word in words if attribute.simple.accepts(word)), "")
                text = text or attribute.simple.values.nth(0)
                if wanted.accepts(text):
                    node.attributes[attribute.name] = text
                    node.simples[attribute.name] = attribute.simple
                    identified[text] = True
                    return
        for name, simple in node.simples.items():
            for word in words if simple.kind == "mixed" and (name or node is not root) else ():
                if simple.accepts(word) and _words(simple, word, ids=True):
                    set_text(node, name, word)
                    identified[word] = True
                    return


def _drop(root: Node, node: Node, name: str) -> None:
    """Takes away what cannot be made true."""
    if _is_optional(node, name):
        del node.attributes[name], node.simples[name]
        return
    remove(root, node)


def _is_optional(node: Node, name: str) -> bool:
    """Whether a text is one of an attribute that may be left out."""
    attributes = node.typed.attributes if node.typed is not None else ()
    return any(attribute.name == name and not attribute.required for attribute in attributes)


# Keys.


def _distinguish(node: Node, identity: XsdIdentity) -> bool:
    changed = False
    seen: set[tuple[object, ...]] = set()
    for element, fields in rows_of(node, identity):
        # What lacks a field is like no other (3.11.4), but xmlschema compares the rest of its fields.
        places = [place for place in fields if place is not None]
        values = _values(fields)
        if places and values in seen:
            changed = True
            if not _told_apart(places, fields, seen):
                remove(node, element)
                continue
            values = _values(fields)
        seen.add(values)
    return changed


def _values(fields: list[Place | None]) -> tuple[object, ...]:
    return tuple(None if place is None else value_at(*place) for place in fields)


def _told_apart(places: list[Place], fields: list[Place | None], seen: set[tuple[object, ...]]) -> bool:
    """Changes one field so that the whole is new."""
    for node, name in places:
        before = text_at(node, name)
        simple = node.simples.get(name)
        for index in range(_TRIED if simple is None else min(_TRIED, simple.values.size)):
            try:
                text = str(index) if simple is None else simple.values.nth(index)
            except NothingFoundError:
                break
            set_text(node, name, text)
            if _values(fields) not in seen:
                return True
        set_text(node, name, before)
    return False


def _refer(node: Node, identity: XsdKeyref, choices: Choices) -> bool:
    changed = False
    rows: dict[tuple[object, ...], list[str]] = {}
    for inner in walk(node):
        for key in _keys(inner, identity):
            for _, fields in entries(inner, key):
                rows[tuple(value_at(n, a) for n, a in fields)] = [text_at(n, a) for n, a in fields]
        if inner is node and _keys(node, identity):
            break  # those of elements further down count too (3.11.5), but xmlschema forgets them
    for element, fields in entries(node, identity):
        if tuple(value_at(n, a) for n, a in fields) in rows:
            continue
        changed = True
        fitting = [
            texts
            for texts in rows.values()
            if all(
                (simple := n.simples.get(a)) is None or simple.accepts(text)
                for (n, a), text in zip(fields, texts, strict=True)
            )
        ]
        if fitting:
            chosen = fitting[choices.integer(len(fitting) - 1)]
            for (n, a), text in zip(fields, chosen, strict=True):
                set_text(n, a, text)
            continue
        optional = [(n, a) for n, a in fields if a]
        try:
            _drop(node, *(optional[0] if optional else (element, "")))
        except NothingFoundError:
            remove(node, element)
    return changed


def _keys(node: Node, identity: XsdKeyref) -> list[XsdIdentity]:
    """The keys of an element that a reference means."""
    known = node.declaration.identities if node.declaration is not None else ()
    name = getattr(identity.refer, "name", "")
    return [key for key in known if key is identity.refer or key.name == name]


def _another(simple: Simple, taken: Mapping[str, object]) -> str:
    for index in range(min(_TRIED, simple.values.size)):
        text = simple.values.nth(index)
        ids = _words(simple, text, ids=True)
        if not any(word in taken for word in ids) and len(set(ids)) == len(ids):
            return text
    raise NothingFoundError
