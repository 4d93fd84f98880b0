"""xmlschema's simple types → ordered texts.

A type is a chain of restrictions down to a built-in type, a list or a union. Its patterns, its lengths and
the lexical space of the built-in type become one regular language wherever there is a pattern; bounds of
whole numbers join it. Without a pattern, values are numbers on an axis (see `axes`) or free text. What is
left is filtered, which `explain` tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xmlschema.validators import XsdEnumerationFacets, XsdSimpleType

from hypothesis_xmlschema import axes
from hypothesis_xmlschema.alternatives import literals_of, pairs_of
from hypothesis_xmlschema.errors import NothingFoundError, PatternError, UnsupportedSchemaError
from hypothesis_xmlschema.expressions import ANY_TEXT, Both, Either, Expression, Repeated, Sequence, literal
from hypothesis_xmlschema.facets import (
    FLOATS,
    QUALIFIED,
    TEXT_LENGTH,
    XS,
    acceptance,
    ancestor,
    bounds,
    describe,
    is_asserted,
    is_asserted_by_characters,
    is_integer,
    is_union,
    item_type,
    kind_of,
    lengths,
    member_types,
    patterns_of,
    space_of,
    steps,
    tests_of,
    zone_of,
)
from hypothesis_xmlschema.lexical import PATTERNS
from hypothesis_xmlschema.numbers import numbers_of, words_of
from hypothesis_xmlschema.patterns import expression_of
from hypothesis_xmlschema.regular import language
from hypothesis_xmlschema.values import (
    Derivations,
    Filtered,
    Listed,
    Lists,
    Regular,
    Union,
    Values,
    Words,
    probes,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_LIST_LENGTH = 4
_TRIED = 12
_MOST_ASSERTED = 400


@dataclass(frozen=True, slots=True)
class Simple:
    """One simple type.

    Attributes:
        name: The type as a person finds it in the schema.
        values: Its texts.
        accepts: Whether the type accepts a text.
        listed: All texts, where the schema lists them.
        kind: `ID`, `IDREF` or `IDREFS` where the text means another place of the document, `mixed` where it
            may, else empty.
        filtered: What no construction ensures, in words; empty where all is.
        component: xmlschema's type.
    """

    name: str
    values: Values
    accepts: Callable[[str], bool]
    listed: tuple[str, ...] | None = None
    kind: str = ""
    filtered: str = ""
    component: XsdSimpleType | None = None


class Bindings:
    """The prefixes that a document's root binds, for values that are qualified names."""

    def __init__(self, namespaces: dict[str, str] | None = None) -> None:
        self._preferred = {uri: prefix for prefix, uri in (namespaces or {}).items() if prefix and uri}
        self.prefixes: dict[str, str] = {}

    def prefix(self, namespace: str) -> str:
        """The prefix of a namespace, bound from now on."""
        for prefix, bound in self.prefixes.items():
            if bound == namespace:
                return prefix
        prefix = self._preferred.get(namespace, "")
        if not prefix or prefix in self.prefixes:
            prefix = f"p{len(self.prefixes)}"
        self.prefixes[prefix] = namespace
        return prefix

    def bind(self, prefix: str) -> bool:
        """Binds a prefix that a text brings along; False where no document can bind it."""
        if prefix.lower().startswith("xml"):
            return prefix == "xml"
        self.prefixes.setdefault(prefix, f"urn:{prefix}")
        return True

    def can_read(self, text: str) -> bool:
        """Whether a text is a qualified name whose prefix, if any, is bound."""
        prefix, colon, local = text.rpartition(":")
        return bool(_is_ncname(local)) and (not colon or prefix in self.prefixes)

    def qualified(self, name: str) -> str:
        """A name of Clark notation with its prefix."""
        namespace, _, local = name.rpartition("}")
        return f"{self.prefix(namespace[1:])}:{local}" if namespace else local


def constant(text: str, simple: Simple) -> Simple:
    """The type of a fixed attribute or element: one text of the type."""
    return Simple(
        f"fixed value {text!r}", Listed([text]), text.__eq__, (text,), simple.kind, "", simple.component
    )


FREE_TEXT = Simple("text between members", Words(0, TEXT_LENGTH, spaced=True), lambda _: True)
"""What mixed content may say anywhere."""


class SimpleTypes:
    """Compiles simple types, each once.

    Args:
        bindings: Where prefixes of qualified names are bound.
        target: The namespace that qualified names are made up in.
    """

    def __init__(self, bindings: Bindings, target: str) -> None:
        self._bindings, self._target = bindings, target
        self._known: dict[int, Simple | UnsupportedSchemaError] = {}

    def compiled(self, component: XsdSimpleType) -> Simple:
        """The texts of a type.

        Raises:
            UnsupportedSchemaError: It has none, or none that could be found.
        """
        known = self._known.get(id(component))
        if known is None:
            try:
                known = self._compiled(component)
            except (PatternError, NothingFoundError) as error:
                known = UnsupportedSchemaError(
                    describe(component), str(error) or "none of its texts was found"
                )
            except UnsupportedSchemaError as error:
                known = error
            self._known[id(component)] = known
        if isinstance(known, UnsupportedSchemaError):
            raise known
        return known

    def _compiled(self, component: XsdSimpleType) -> Simple:
        name, kind = describe(component), kind_of(component)
        accepts = acceptance(component)
        qualified = ancestor(component) in QUALIFIED
        listed = self._listed(component)
        if listed is not None:
            if not listed:
                raise UnsupportedSchemaError(name, "none of its enumerated values is valid")
            if qualified:
                accepts = frozenset(listed).__contains__
            return Simple(name, Listed(listed), accepts, listed, kind, "", component)
        if ancestor(component) == "NOTATION":
            raise UnsupportedSchemaError(name, "a notation needs an enumeration of those that it may be")
        if qualified:
            values = self._qualified(component)
            return Simple(name, values, self._bindings.can_read, None, kind, "", component)
        values = self._values(component)
        if not values.size:
            raise UnsupportedSchemaError(name, "no text satisfies all of its facets")
        filtered = ""
        if _share(values, accepts) < 1 or (
            is_asserted(component) and not is_asserted_by_characters(component)
        ):
            filtered = "its facets are partly filtered"
            values = _narrowed(values, accepts, self._asserted_texts(component))
        return Simple(name, values, accepts, None, kind, filtered, component)

    # Enumerations.

    def _listed(self, component: XsdSimpleType) -> tuple[str, ...] | None:
        accepts = acceptance(component)
        for step in steps(component):
            facet = step.facets.get(f"{XS}enumeration")
            if isinstance(facet, XsdEnumerationFacets):
                return self._enumerated(component, facet)
        if ancestor(component) == "boolean":
            return tuple(text for text in ("0", "1", "false", "true") if accepts(text))
        return None

    def _enumerated(self, component: XsdSimpleType, facet: XsdEnumerationFacets) -> tuple[str, ...]:
        items = [facet[index] for index in range(len(facet))]
        if ancestor(component) in QUALIFIED:
            texts = []
            for item in items:
                prefix, _, local = str(item.get("value", "")).strip().rpartition(":")
                # ElementTree keeps no bindings; xmlschema notes those of the whole file.
                namespace = facet.schema.namespaces.get(prefix, "")
                texts.append(self._bindings.qualified(f"{{{namespace}}}{local}" if namespace else local))
            patterns = [language(pattern) for pattern in patterns_of(component)]
            return tuple(
                text for text in dict.fromkeys(texts) if all(words.accepts(text) for words in patterns)
            )
        if _has_qualified_items(component):
            rows: Any = facet.enumeration  # of lists of names in Clark notation
            texts = [" ".join(map(self._bindings.qualified, row)) for row in rows]
            return tuple(dict.fromkeys(texts))
        texts = list(dict.fromkeys(item.get("value", "") for item in items))
        if component.white_space == "collapse":
            texts = [" ".join(text.split()) for text in texts]
        return tuple(text for text in dict.fromkeys(texts) if acceptance(component)(text))

    def _qualified(self, component: XsdSimpleType) -> Values:
        """Names without a prefix or of the target namespace; where there are patterns, words of theirs."""
        patterns = patterns_of(component)
        if not patterns:
            local = ("a", "b", "name")
            texts = [
                *local,
                *(self._bindings.qualified(f"{{{self._target}}}{x}") for x in local if self._target),
            ]
            return Listed(texts)
        words = language(Both((*patterns, expression_of(PATTERNS["QName"]))))
        if not words.size:
            raise UnsupportedSchemaError(describe(component), "no text satisfies all of its facets")
        tried = (words.nth(index) for index in probes(0, words.size)[:_TRIED])
        return Listed([text for text in tried if self._bound(text)])

    def _bound(self, text: str) -> bool:
        """Binds the prefixes of all names of a text; False where no document can bind one."""
        prefixes = [word.rpartition(":")[0] for word in text.split()]
        return all(not prefix or self._bindings.bind(prefix) for prefix in prefixes)

    # Everything else.

    def _values(self, component: XsdSimpleType) -> Values:
        if is_union(component):
            return self._union(component)
        if component.is_list():
            return self._list(component)
        name = ancestor(component)
        if name == "error":
            raise UnsupportedSchemaError(describe(component), "xs:error has no values")
        on_axis = name in axes.NAMES or name == "decimal" or name in FLOATS or is_integer(component)
        if patterns_of(component) or (name in PATTERNS and not on_axis):
            return self._regular(component)
        if name in axes.NAMES:
            found = axes.values_of(name, list(bounds(component)), zone_of(component), acceptance(component))
            return found if found is not None else self._regular(component)
        return numbers_of(component) if on_axis else words_of(component, name)

    def _regular(self, component: XsdSimpleType) -> Values:
        """The words of all facets, or of a pattern alone where all together are too much."""
        try:
            return Regular(language(self.expression(component)))
        except PatternError:
            patterns = patterns_of(component)
            if not patterns:
                raise
            return Derivations(patterns[0])

    def expression(self, component: XsdSimpleType) -> Expression:
        """The texts of a type as an expression: all of its facets but bounds of what is no whole number."""
        listed = self._listed(component)
        if listed is not None:
            return Either(tuple(literal(text) for text in listed))
        patterns = patterns_of(component)
        if is_union(component):
            space: Expression = Either(tuple(self.expression(m) for m in member_types(component)))
        elif component.is_list():
            space = self._items(component)
        else:
            space = Both((*patterns, *space_of(component)))
            return space if space.parts else ANY_TEXT
        return Both((space, *patterns)) if patterns else space

    def _items(self, component: XsdSimpleType) -> Expression:
        item = self.expression(item_type(component))
        least, most = lengths(component)
        more = Sequence((literal(" "), item))
        rest = Repeated(more, max(0, least - 1), None if most is None else max(0, most - 1))
        some = Sequence((item, rest))
        if least:
            return some
        return literal("") if most == 0 else Either((literal(""), some))

    def _list(self, component: XsdSimpleType) -> Values:
        patterns = patterns_of(component)
        if patterns and _has_qualified_items(component):
            words = language(self.expression(component))
            tried = (words.nth(index) for index in probes(0, words.size)[:_TRIED])
            return Listed([text for text in tried if self._bound(text)])
        if patterns:
            return self._regular(component)
        item = _as_item(self.compiled(item_type(component)).values)
        least, most = lengths(component)
        usual = max(least, 1) + _LIST_LENGTH
        return Lists(item, least, usual if most is None else min(most, usual))

    def _asserted_texts(self, component: XsdSimpleType) -> list[str]:
        """Texts that the assertions of a type speak of, so far as they are spelled as the type wants it."""
        texts = _asserted_texts(component)
        try:
            words = language(self.expression(component)) if texts else None
        except PatternError:
            return []
        return [text for text in texts if words is not None and words.accepts(text)]

    def _union(self, component: XsdSimpleType) -> Values:
        if patterns_of(component):
            return self._regular(component)
        members = []
        reasons = []
        for member in member_types(component):
            try:
                members.append(self.compiled(member).values)
            except UnsupportedSchemaError as error:
                reasons.append(error)
        if not members:
            raise reasons[0] if reasons else UnsupportedSchemaError(describe(component), "it has no members")
        return members[0] if len(members) == 1 else Union(members)


def _has_qualified_items(component: XsdSimpleType) -> bool:
    return component.is_list() and ancestor(item_type(component)) in QUALIFIED


def _as_item(values: Values) -> Values:
    """The texts that can stand in a list: not empty and without white space."""
    if isinstance(values, Words):
        return Words(max(1, values.least), max(1, values.most), spaced=False)
    if isinstance(values, Union):
        return Union([_as_item(member) for member in values.members])
    return Filtered(values, _is_one_word)


_is_ncname = re.compile(r"[^\W\d][\w.\-]*").fullmatch


def _is_one_word(text: str) -> bool:
    return bool(text) and not any(space in text for space in " \t\n\r")


def _share(values: Values, accepts: Callable[[str], bool]) -> float:
    """Which part of some texts from all over the type accepts; 1 where all of them."""
    size = values.size
    places = {0, 1, 2, 3, 7, 11, 23, 55, size // 3, size // 2, size - 1}
    texts = [values.nth(place) for place in sorted(places) if 0 <= place < size]
    return sum(map(accepts, texts)) / len(texts)


def _narrowed(values: Values, accepts: Callable[[str], bool], others: list[str]) -> Values:
    """The texts that a type accepts, listed where looking for them anew each time would be hopeless."""
    found = Filtered(values, accepts)
    texts = dict.fromkeys(text for text in others if accepts(text))
    missed = 0
    for place in range(_TRIED):
        try:
            texts[found.nth(place * 97 % values.size)] = None
        except NothingFoundError:
            missed += 1
    if not texts:
        raise NothingFoundError("no text that satisfies all of its facets was found")
    known = sorted(texts, key=lambda t: (len(t), t))
    return Listed(known) if missed else Filtered(values, accepts, known)


def _asserted_texts(component: XsdSimpleType) -> list[str]:
    """Texts that the assertions of a type speak of: their constants, and longer ones around these."""
    found: dict[str, None] = {}
    for step in steps(component):
        for token in tests_of(step):
            for text in literals_of(token):
                for filler in ("", "a", "aaaa", "1", "2000", " "):
                    found.update(dict.fromkeys((f"{text}{filler}", f"{filler}{text}")))
            found.update(dict.fromkeys(pairs_of(token)))
    return list(found)[:_MOST_ASSERTED]
