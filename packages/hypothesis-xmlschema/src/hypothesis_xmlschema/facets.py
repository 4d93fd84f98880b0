"""What a simple type says of its texts: where it derives from, its patterns, lengths, digits and bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from xmlschema.validators import XsdComplexType, XsdList, XsdPatternFacets, XsdSimpleType, XsdUnion

from hypothesis_xmlschema.asserting import asserted, is_regular
from hypothesis_xmlschema.characters import ANY
from hypothesis_xmlschema.errors import BEYOND_THE_VALIDATOR, UnsupportedSchemaError
from hypothesis_xmlschema.expressions import Characters, Either, Expression, Repeated
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
from hypothesis_xmlschema.values import inner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from elementpath import XPathToken

XS = "{http://www.w3.org/2001/XMLSchema}"
TEXT_LENGTH = 40
FREE = frozenset({"string", "normalizedString", "token"})
_TEXTS = FREE | {"NMTOKEN", "Name", "NCName", "language", "anyURI"}
FLOATS = frozenset({"float", "double"})
QUALIFIED = frozenset({"QName", "NOTATION"})
_REFERRING = frozenset({"ID", "IDREF", "IDREFS"})
_BINARY = frozenset({"hexBinary", "base64Binary"})


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
        if step.name and step.name.startswith(XS):
            return step.name.removeprefix(XS)
    return ""


def kind_of(component: XsdSimpleType) -> str:
    """Whether texts of the type mean another place of the document."""
    name = ancestor(component)
    if name in _REFERRING:
        return name
    if is_union(component):
        return "mixed" if any(kind_of(member) for member in member_types(component)) else ""
    if component.is_list():
        inside = kind_of(item_type(component))
        return "IDREFS" if inside == "IDREF" else "mixed" if inside else ""
    return ""


def roles(component: XsdSimpleType, text: str) -> list[tuple[str, bool]]:
    """(word, whether it is an ID and no reference to one) of a text whose type is of any kind."""
    name = ancestor(component)
    if name in _REFERRING:
        return [(word, name == "ID") for word in text.split()]
    if is_union(component):
        member = next((m for m in member_types(component) if acceptance(m)(text)), None)
        return [] if member is None else roles(member, text)
    if component.is_list():
        return [role for word in text.split() for role in roles(item_type(component), word)]
    return []


def is_union(component: XsdSimpleType) -> bool:
    """Whether there is a union beneath; one of lists says of itself that it is a list."""
    return any(isinstance(step, XsdUnion) for step in steps(component))


def space_of(component: XsdSimpleType, *, lengths_too: bool = True) -> Iterator[Expression]:
    """What an atomic type's built-in type, lengths and bounds say."""
    name = ancestor(component)
    least, most = lengths(component)
    if name in _BINARY and lengths_too and (least, most) != (0, None):
        yield octets(name, least, least + TEXT_LENGTH if most is None else min(most, least + TEXT_LENGTH))
    elif is_integer(component):
        yield whole_numbers(*whole_bounds(component))
    elif name in PATTERNS:
        yield expression_of(with_zone(name, zone_of(component)))
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


def item_type(component: XsdSimpleType) -> XsdSimpleType:
    """The type of the items of a list."""
    for step in steps(component):
        if isinstance(step, XsdList):
            return step.item_type
        primitive = getattr(step, "primitive_type", None)
        if isinstance(primitive, XsdList):
            return primitive.item_type
    raise UnsupportedSchemaError(describe(component), "a list without an item type")


def member_types(component: XsdSimpleType) -> list[XsdSimpleType]:
    """The types that a union is made of."""
    for step in steps(component):
        if isinstance(step, XsdUnion):
            return list(step.member_types)
    raise UnsupportedSchemaError(describe(component), "a union without members")


def patterns_of(component: XsdSimpleType) -> tuple[Expression, ...]:
    """One expression for each step that has patterns: ORed within, ANDed across; assertions on texts too."""
    found: list[Expression] = []
    of_text = ancestor(component) in _TEXTS
    for step in steps(component):
        if step.name and step.name.startswith(XS):
            break  # the lexical space of a built-in type stands for its own pattern
        facet = step.facets.get(f"{XS}pattern")
        if isinstance(facet, XsdPatternFacets):
            texts = [str(facet[index].get("value", "")) for index in range(len(facet))]
            found.append(Either(tuple(expression_of(text) for text in texts)))
        if of_text:
            spoken = (asserted(token) for token in tests_of(step))
            found += [expression for expression in spoken if expression is not None]
    return tuple(found)


def tests_of(step: XsdSimpleType) -> Iterator[XPathToken]:
    """The tests of the assertions of one step."""
    facet = step.facets.get(f"{XS}assertion")
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
            value = getattr(step.facets.get(f"{XS}{facet}"), "value", None)
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
            if isinstance(value := getattr(step.facets.get(f"{XS}{facet}"), "value", None), int)
        ]
        found.append(min(values) if values else None)
    return found[0], found[1]


def bounds(component: XsdSimpleType) -> Iterator[tuple[str, str]]:
    """(facet, value as it is written) of every bound of every step, innermost first."""
    for step in steps(component):
        for facet in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"):
            found = step.facets.get(f"{XS}{facet}")
            if found is None:
                continue
            text = getattr(found, "elem", None)
            value = text.get("value") if text is not None else None
            yield facet, str(getattr(found, "value", "")) if value is None else value.strip()


def is_integer(component: XsdSimpleType) -> bool:
    """Whether the type derives from `xs:integer`."""
    return any(step.name == f"{XS}integer" for step in steps(component))


def number_of(text: str) -> Fraction | None:
    """The number that a text says, or None where it says none: `INF`, `NaN`."""
    try:
        return Fraction(text)
    except ValueError:
        return None  # INF, NaN


def interval(component: XsdSimpleType) -> tuple[Fraction | None, bool, Fraction | None, bool]:
    """Lower bound, whether it is excluded, upper bound, whether it is excluded."""
    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    for facet, text in bounds(component):
        number = number_of(text)
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
    lowest, low_out, highest, high_out = interval(component)
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


def zone_of(component: XsdSimpleType) -> str:
    """required, prohibited or optional."""
    for step in steps(component):
        value = getattr(step.facets.get(f"{XS}explicitTimezone"), "value", None)
        if value in ("required", "prohibited"):
            return cast("str", value)
    return "optional"


def is_asserted_by_characters(component: XsdSimpleType) -> bool:
    """Whether all assertions of a type are part of its expression, which then says all."""
    tokens = [token for step in steps(component) for token in tests_of(step)]
    return ancestor(component) in _TEXTS and all(is_regular(token) for token in tokens)


def is_asserted(component: XsdSimpleType) -> bool:
    """Whether any step has an assertion."""
    return any(f"{XS}assertion" in step.facets for step in steps(component))
