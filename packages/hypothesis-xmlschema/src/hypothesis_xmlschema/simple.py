"""xmlschema's simple types → ordered texts.

A type is a chain of restrictions down to a built-in type, a list or a union. Its patterns, its lengths and
the lexical space of the built-in type become one regular language wherever there is a pattern; bounds of
whole numbers join it. Without a pattern, values are numbers on an axis (see `axes`) or free text. What is
left is filtered, which `explain` tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from xmlschema.validators import (
    XsdComplexType,
    XsdEnumerationFacets,
    XsdList,
    XsdPatternFacets,
    XsdSimpleType,
    XsdUnion,
)

from hypothesis_xmlschema import axes
from hypothesis_xmlschema.alternatives import literals_of, pairs_of
from hypothesis_xmlschema.asserting import asserted, is_regular
from hypothesis_xmlschema.characters import ANY
from hypothesis_xmlschema.errors import (
    BEYOND_THE_VALIDATOR,
    NothingFoundError,
    PatternError,
    UnsupportedSchemaError,
)
from hypothesis_xmlschema.expressions import (
    ANY_TEXT,
    Both,
    Characters,
    Either,
    Expression,
    Repeated,
    Sequence,
    literal,
)
from hypothesis_xmlschema.lexical import (
    COLLAPSED,
    PATTERNS,
    REPLACED,
    moments,
    octets,
    whole_numbers,
    with_zone,
)
from hypothesis_xmlschema.patterns import expression_of
from hypothesis_xmlschema.regular import language
from hypothesis_xmlschema.values import (
    Derivations,
    Filtered,
    Grid,
    Listed,
    Lists,
    Regular,
    Spelled,
    Union,
    Values,
    Words,
    decimal_text,
    inner,
    probes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from elementpath import XPathToken

_XS = "{http://www.w3.org/2001/XMLSchema}"
_TEXT_LENGTH = 40
_LIST_LENGTH = 4
_TRIED = 12
_MOST_ASSERTED = 400

_FREE = frozenset({"string", "normalizedString", "token"})
_TEXTS = _FREE | {"NMTOKEN", "Name", "NCName", "language", "anyURI"}
_FLOATS = frozenset({"float", "double"})
_QUALIFIED = frozenset({"QName", "NOTATION"})
_REFERRING = frozenset({"ID", "IDREF", "IDREFS"})
_BINARY = frozenset({"hexBinary", "base64Binary"})


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


def acceptance(component: XsdSimpleType) -> Callable[[str], bool]:
    """Whether the type accepts a text, as its validator says; where that cannot say, it does not."""
    is_valid = component.text_is_valid

    def accepts(text: str) -> bool:
        try:
            return is_valid(text)
        except BEYOND_THE_VALIDATOR:
            return False

    return accepts


def describe(simple: XsdSimpleType) -> str:
    """The type as a person finds it in the schema."""
    return f"type {simple.prefixed_name}" if simple.name else f"anonymous type of {simple.parent!r}"


def constant(text: str, simple: Simple) -> Simple:
    """The type of a fixed attribute or element: one text of the type."""
    return Simple(
        f"fixed value {text!r}", Listed([text]), text.__eq__, (text,), simple.kind, "", simple.component
    )


FREE_TEXT = Simple("text between members", Words(0, _TEXT_LENGTH, spaced=True), lambda _: True)
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
        qualified = ancestor(component) in _QUALIFIED
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
        if _share(values, accepts) < 1 or (_is_asserted(component) and not _is_regular(component)):
            filtered = "its facets are partly filtered"
            values = _narrowed(values, accepts, self._asserted_texts(component))
        return Simple(name, values, accepts, None, kind, filtered, component)

    # Enumerations.

    def _listed(self, component: XsdSimpleType) -> tuple[str, ...] | None:
        accepts = acceptance(component)
        for step in steps(component):
            facet = step.facets.get(f"{_XS}enumeration")
            if isinstance(facet, XsdEnumerationFacets):
                return self._enumerated(component, facet)
        if ancestor(component) == "boolean":
            return tuple(text for text in ("0", "1", "false", "true") if accepts(text))
        return None

    def _enumerated(self, component: XsdSimpleType, facet: XsdEnumerationFacets) -> tuple[str, ...]:
        items = [facet[index] for index in range(len(facet))]
        if ancestor(component) in _QUALIFIED:
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
        if _is_union(component):
            return self._union(component)
        if component.is_list():
            return self._list(component)
        name = ancestor(component)
        if name == "error":
            raise UnsupportedSchemaError(describe(component), "xs:error has no values")
        on_axis = name in axes.NAMES or name == "decimal" or name in _FLOATS or _is_integer(component)
        if patterns_of(component) or (name in PATTERNS and not on_axis):
            return self._regular(component)
        if name in axes.NAMES:
            found = axes.values_of(name, list(bounds(component)), _zone(component), acceptance(component))
            return found if found is not None else self._regular(component)
        return _numbers(component) if on_axis else _words(component, name)

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
        if _is_union(component):
            space: Expression = Either(tuple(self.expression(m) for m in _members(component)))
        elif component.is_list():
            space = self._items(component)
        else:
            space = Both((*patterns, *space_of(component)))
            return space if space.parts else ANY_TEXT
        return Both((space, *patterns)) if patterns else space

    def _items(self, component: XsdSimpleType) -> Expression:
        item = self.expression(_item(component))
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
        item = _as_item(self.compiled(_item(component)).values)
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
        for member in _members(component):
            try:
                members.append(self.compiled(member).values)
            except UnsupportedSchemaError as error:
                reasons.append(error)
        if not members:
            raise reasons[0] if reasons else UnsupportedSchemaError(describe(component), "it has no members")
        return members[0] if len(members) == 1 else Union(members)


def _has_qualified_items(component: XsdSimpleType) -> bool:
    return component.is_list() and ancestor(_item(component)) in _QUALIFIED


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


def steps(component: object) -> Iterator[XsdSimpleType]:
    """The type and what it restricts, step by step."""
    known: Any = component
    seen: set[int] = set()
    while known is not None and id(known) not in seen:
        seen.add(id(known))
        if isinstance(known, XsdComplexType):  # a simple content that restricts another complex type's
            known = known.content
            continue
        if not isinstance(known, XsdSimpleType):
            return
        yield known
        known = known.base_type if not isinstance(known, (XsdList, XsdUnion)) else None


def ancestor(component: XsdSimpleType) -> str:
    """The local name of the nearest built-in type; empty where a list or a union comes first."""
    for step in steps(component):
        if step.name and step.name.startswith(_XS):
            return step.name.removeprefix(_XS)
    return ""


def kind_of(component: XsdSimpleType) -> str:
    """Whether texts of the type mean another place of the document."""
    name = ancestor(component)
    if name in _REFERRING:
        return name
    if _is_union(component):
        return "mixed" if any(kind_of(member) for member in _members(component)) else ""
    if component.is_list():
        inside = kind_of(_item(component))
        return "IDREFS" if inside == "IDREF" else "mixed" if inside else ""
    return ""


def roles(component: XsdSimpleType, text: str) -> list[tuple[str, bool]]:
    """(word, whether it is an ID and no reference to one) of a text whose type is of any kind."""
    name = ancestor(component)
    if name in _REFERRING:
        return [(word, name == "ID") for word in text.split()]
    if _is_union(component):
        member = next((m for m in _members(component) if acceptance(m)(text)), None)
        return [] if member is None else roles(member, text)
    if component.is_list():
        return [role for word in text.split() for role in roles(_item(component), word)]
    return []


def _is_union(component: XsdSimpleType) -> bool:
    """Whether there is a union beneath; one of lists says of itself that it is a list."""
    return any(isinstance(step, XsdUnion) for step in steps(component))


def space_of(component: XsdSimpleType, *, lengths_too: bool = True) -> Iterator[Expression]:
    """What an atomic type's built-in type, lengths and bounds say."""
    name = ancestor(component)
    least, most = lengths(component)
    if name in _BINARY and lengths_too and (least, most) != (0, None):
        yield octets(name, least, least + _TEXT_LENGTH if most is None else min(most, least + _TEXT_LENGTH))
    elif _is_integer(component):
        yield whole_numbers(*whole_bounds(component))
    elif name in PATTERNS:
        yield expression_of(with_zone(name, _zone(component)))
        for facet, bound in bounds(component):
            within = moments(name, facet, bound)
            if within is not None:
                yield within
    if name not in _BINARY and lengths_too and (least, most) != (0, None):
        yield Repeated(Characters(ANY), least, most)
    _, fraction = digits(component)
    if name == "decimal" and fraction is not None:
        yield expression_of(rf"[+\-]?[0-9]*(\.[0-9]{{0,{fraction}}})?")
    if component.white_space == "collapse" and name not in PATTERNS:
        yield COLLAPSED
    elif component.white_space == "replace":
        yield REPLACED


def _item(component: XsdSimpleType) -> XsdSimpleType:
    for step in steps(component):
        if isinstance(step, XsdList):
            return step.item_type
        primitive = getattr(step, "primitive_type", None)
        if isinstance(primitive, XsdList):
            return primitive.item_type
    raise UnsupportedSchemaError(describe(component), "a list without an item type")


def _members(component: XsdSimpleType) -> list[XsdSimpleType]:
    for step in steps(component):
        if isinstance(step, XsdUnion):
            return list(step.member_types)
    raise UnsupportedSchemaError(describe(component), "a union without members")


def patterns_of(component: XsdSimpleType) -> tuple[Expression, ...]:
    """One expression for each step that has patterns: ORed within, ANDed across; assertions on texts too."""
    found: list[Expression] = []
    of_text = ancestor(component) in _TEXTS
    for step in steps(component):
        if step.name and step.name.startswith(_XS):
            break  # the lexical space of a built-in type stands for its own pattern
        facet = step.facets.get(f"{_XS}pattern")
        if isinstance(facet, XsdPatternFacets):
            texts = [str(facet[index].get("value", "")) for index in range(len(facet))]
            found.append(Either(tuple(expression_of(text) for text in texts)))
        if of_text:
            spoken = (asserted(token) for token in _assertions(step))
            found += [expression for expression in spoken if expression is not None]
    return tuple(found)


def _assertions(step: XsdSimpleType) -> Iterator[XPathToken]:
    facet = step.facets.get(f"{_XS}assertion")
    for one in facet if isinstance(facet, list) else [facet]:
        token = getattr(one, "token", None)
        if token is not None:
            yield token


def lengths(component: XsdSimpleType) -> tuple[int, int | None]:
    """The least and the greatest length, over all steps."""
    least, most = 0, None
    for step in steps(component):
        for facet, lower, upper in (
            ("length", True, True),
            ("minLength", True, False),
            ("maxLength", False, True),
        ):
            value = getattr(step.facets.get(f"{_XS}{facet}"), "value", None)
            if isinstance(value, int):
                least = max(least, value) if lower else least
                most = value if upper and (most is None or value < most) else most
    return least, most


def digits(component: XsdSimpleType) -> tuple[int | None, int | None]:
    """TotalDigits and fractionDigits, the narrowest of all steps."""
    found: list[int | None] = []
    for facet in ("totalDigits", "fractionDigits"):
        values = [
            value
            for step in steps(component)
            if isinstance(value := getattr(step.facets.get(f"{_XS}{facet}"), "value", None), int)
        ]
        found.append(min(values) if values else None)
    return found[0], found[1]


def bounds(component: XsdSimpleType) -> Iterator[tuple[str, str]]:
    """(facet, value as it is written) of every bound of every step, innermost first."""
    for step in steps(component):
        for facet in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"):
            found = step.facets.get(f"{_XS}{facet}")
            if found is None:
                continue
            text = getattr(found, "elem", None)
            value = text.get("value") if text is not None else None
            yield facet, str(getattr(found, "value", "")) if value is None else value.strip()


def _is_integer(component: XsdSimpleType) -> bool:
    return any(step.name == f"{_XS}integer" for step in steps(component))


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None  # INF, NaN


def _interval(component: XsdSimpleType) -> tuple[Fraction | None, bool, Fraction | None, bool]:
    """Lower bound, whether it is excluded, upper bound, whether it is excluded."""
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    for facet, text in bounds(component):
        number = _number(text)
        if number is None:
            continue
        excluded = facet.endswith("Exclusive")
        if facet.startswith("min"):
            low = max(low, (number, excluded)) if low else (number, excluded)
        else:
            high = min(high, (number, not excluded)) if high else (number, not excluded)
    return (
        low[0] if low else None,
        low[1] if low else False,
        high[0] if high else None,
        not high[1] if high else False,
    )


def whole_bounds(component: XsdSimpleType) -> tuple[int | None, int | None]:
    """The least and the greatest whole number, by bounds and by totalDigits."""
    lowest, low_out, highest, high_out = _interval(component)
    low, high = inner(lowest, highest, 0)
    if low is not None and low_out and low == lowest:
        low += 1
    if high is not None and high_out and high == highest:
        high -= 1
    total, _ = digits(component)
    if total is not None:
        most = 10**total - 1
        low = -most if low is None else max(low, -most)
        high = most if high is None else min(high, most)
    return low, high


def _words(component: XsdSimpleType, name: str) -> Values:
    least, most = lengths(component)
    usual = least + _TEXT_LENGTH
    spaced = component.white_space in (None, "preserve") and name in _FREE
    return Words(least, usual if most is None else min(most, usual), spaced=spaced)


def _numbers(component: XsdSimpleType) -> Values:
    if _is_integer(component):
        return Spelled(Grid(*_ends(*whole_bounds(component), 10**18), str), _spelled_number)
    return _decimals(component) if ancestor(component) == "decimal" else _floats(component)


def _decimals(component: XsdSimpleType) -> Values:
    lowest, low_out, highest, high_out = _interval(component)
    total, fraction = digits(component)
    most_places = _places(lowest, highest, 2 if fraction is None else min(fraction, 2), fraction)
    # Of the digits that totalDigits allows, a number that is large needs all before the point.
    for places in range(min(most_places, total if total is not None else most_places), -1, -1):
        low, high = inner(lowest, highest, places)
        if low is not None and low_out and Fraction(low, 10**places) == lowest:
            low += 1
        if high is not None and high_out and Fraction(high, 10**places) == highest:
            high -= 1
        least, most = _ends(low, high, 10**16)
        if total is not None:
            least, most = max(least, 1 - 10**total), min(most, 10**total - 1)
        if least <= most:
            break
    return Spelled(Grid(least, most, lambda number: decimal_text(number, places)), _spelled_number)


def _ends(low: int | None, high: int | None, spread: int) -> tuple[int, int]:
    """Both ends of an axis, a missing one far enough from the other."""
    least = min(-spread, (high or 0) - spread) if low is None else low
    most = max(spread, (low or 0) + spread) if high is None else high
    return least, most


def _places(low: Fraction | None, high: Fraction | None, usual: int, most: int | None) -> int:
    """How many decimal places a grid needs that has some points between the bounds."""
    if low is None or high is None:
        bound = low if low is not None else high
        if bound is not None and 0 < abs(bound) < Fraction(1, 100) and most is None:
            return max(usual, len(str(int(1 / abs(bound)))) + 1)
        return usual
    places = usual
    while (high - low) * 10**places < 4 and places < (400 if most is None else most):  # noqa: PLR2004 - a few
        places += 1
    return places


def _floats(component: XsdSimpleType) -> Values:
    lowest, low_out, highest, high_out = _interval(component)
    if any(_number(text) is None for _, text in bounds(component)):
        # INF as a bound bounds little; what it leaves is sorted out by the type itself.
        lowest = highest = None
    places = _places(lowest, highest, 2, None)
    low, high = inner(lowest, highest, places)
    low, high = _ends(low, high, 10**12)
    low += low_out
    high -= high_out
    grid = Grid(low, high, lambda number: decimal_text(number, places))
    if not any(True for _ in bounds(component)):
        return Spelled(grid, _spelled_float)
    return Spelled(grid, _spelled_number)


def _spelled_number(text: str, which: int) -> str:
    sign, number = ("-", text[1:]) if text.startswith("-") else ("", text)
    if which % 3 == 1 and not sign:
        return f"+{number}"
    return f"{sign}{'0' * (1 + which % 2)}{number}"


def _spelled_float(text: str, which: int) -> str:
    special = ("INF", "-INF", "NaN")
    if which % 5 == 0:
        return special[which // 5 % 3]
    return f"{text}E0" if which % 2 else f"{text}e+1"


def _zone(component: XsdSimpleType) -> str:
    """required, prohibited or optional."""
    for step in steps(component):
        value = getattr(step.facets.get(f"{_XS}explicitTimezone"), "value", None)
        if value in ("required", "prohibited"):
            return cast("str", value)
    return "optional"


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


def _is_regular(component: XsdSimpleType) -> bool:
    """Whether all assertions of a type are part of its expression, which then says all."""
    tokens = [token for step in steps(component) for token in _assertions(step)]
    return ancestor(component) in _TEXTS and all(is_regular(token) for token in tokens)


def _is_asserted(component: XsdSimpleType) -> bool:
    return any(f"{_XS}assertion" in step.facets for step in steps(component))


def _asserted_texts(component: XsdSimpleType) -> list[str]:
    """Texts that the assertions of a type speak of: their constants, and longer ones around these."""
    found: dict[str, None] = {}
    for step in steps(component):
        for token in _assertions(step):
            for text in literals_of(token):
                for filler in ("", "a", "aaaa", "1", "2000", " "):
                    found.update(dict.fromkeys((f"{text}{filler}", f"{filler}{text}")))
            found.update(dict.fromkeys(pairs_of(token)))
    return list(found)[:_MOST_ASSERTED]
