"""Simple types: strategies of lexical forms.

The lexical space is our own, ASCII digits and XML characters, not what the validator happens to let through:
xmlschema reads `1_000` and Arabic digits as integers, other validators do not.
"""

from __future__ import annotations

import base64
import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar, cast

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from xmlschema.validators import (
    XsdAtomicBuiltin,
    XsdComplexType,
    XsdEnumerationFacets,
    XsdList,
    XsdSimpleType,
    XsdUnion,
)

from etalon.generation.xsd.errors import UnsupportedSchemaError
from etalon.generation.xsd.nodes import Text

if TYPE_CHECKING:
    from collections.abc import Callable

_XS = "{http://www.w3.org/2001/XMLSchema}"
_ATTEMPTS = 40
_TEXT_LENGTH = 40
_LIST_LENGTH = 5

# XML 1.0, production 2: no surrogates, no controls but tab, newline and return, no U+FFFE and U+FFFF.
XML_CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), include_characters="\t\n\r", exclude_characters="\ufffe\uffff"
)
_WORD_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters="\ufffe\uffff")
_ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)

_STRINGS = frozenset({"string", "normalizedString", "token", "anySimpleType", "anyAtomicType", "anyURI"})
_BOUND_TO_NAMESPACES = frozenset({"QName", "NOTATION"})
# Types whose plain texts are words.
_WORDS = {
    "language": "[a-z]{2}(-[A-Z]{2})?",
    "NMTOKEN": "[A-Za-z0-9._-]{1,12}",
    "Name": "[A-Za-z_][A-Za-z0-9._-]{0,11}",
    "NCName": "[A-Za-z_][A-Za-z0-9._-]{0,11}",
}

_T = TypeVar("_T")


@st.composite
def retrying(draw: st.DrawFn, strategy: st.SearchStrategy[_T], accepts: Callable[[_T], bool]) -> _T:
    """Draws until `accepts` is content, a bounded number of times.

    `.filter` gives up after three draws, too few for a type that refuses every other text.
    """
    for _ in range(_ATTEMPTS):
        value = draw(strategy)
        if accepts(value):
            return value
    return reject()


def describe(simple: XsdSimpleType) -> str:
    """The type as a person finds it in the schema."""
    return f"type {simple.prefixed_name}" if simple.name else f"anonymous type of {simple.parent!r}"


def constant(name: str, value: str) -> Text:
    """The single text of a fixed attribute or element."""
    return Text(name, st.just(value), value.__eq__, (value,))


def text_of(simple: XsdSimpleType) -> Text:
    """The texts of a simple type.

    Raises:
        UnsupportedSchemaError: The type is one whose texts depend on the rest of the document, or unknown.
    """
    if _ancestor(simple) in _BOUND_TO_NAMESPACES:
        raise UnsupportedSchemaError(describe(simple), "its texts need prefixes that the document binds")
    accepts = simple.text_is_valid
    values = _listed(simple)
    if values is not None:
        if not values:
            raise UnsupportedSchemaError(describe(simple), "none of its enumerated values is valid")
        return Text(describe(simple), st.sampled_from(values), accepts, values)
    built_in = isinstance(simple, XsdAtomicBuiltin)
    strategy = _built_in(simple) if built_in else _restricted(simple)
    try:
        strategy.validate()
    except InvalidArgument as error:
        raise UnsupportedSchemaError(
            describe(simple), f"its facets leave nothing to draw: {error}"
        ) from error
    return Text(describe(simple), strategy if built_in else retrying(strategy, accepts), accepts)


def _listed(simple: XsdSimpleType) -> tuple[str, ...] | None:
    facet = simple.get_facet(f"{_XS}enumeration")
    if isinstance(facet, XsdEnumerationFacets):
        texts = dict.fromkeys(facet[index].get("value", "") for index in range(len(facet)))
        return tuple(text for text in texts if simple.text_is_valid(text))
    if _ancestor(simple) == "boolean":
        return tuple(text for text in ("0", "1", "false", "true") if simple.text_is_valid(text))
    return None


def _restricted(simple: XsdSimpleType) -> st.SearchStrategy[str]:
    """Draws candidates for a derived type; most of them are valid, the caller sorts out the rest."""
    if isinstance(simple, XsdUnion):
        return st.one_of([text_of(member).strategy for member in simple.member_types])
    if simple.patterns is not None and not _plain_values_match(simple):
        return _matching(simple)
    base = simple.base_type
    listed: object = simple
    while isinstance(listed, XsdSimpleType) and not isinstance(listed, XsdList) and listed.is_list():
        listed = listed.base_type
    if isinstance(listed, XsdList):
        least, most = _lengths(simple, _LIST_LENGTH)
        return st.lists(text_of(listed.item_type).strategy, min_size=least, max_size=most).map(" ".join)
    if isinstance(base, XsdSimpleType) and base.is_union():
        return text_of(base).strategy
    return _built_in(simple)


def _ancestor(simple: XsdSimpleType) -> str:
    """The local name of the nearest built-in type."""
    known: object = simple
    while True:
        if isinstance(known, XsdComplexType):  # a simple content that restricts another complex type's
            known = known.content
        if not isinstance(known, XsdSimpleType):
            return ""
        if known.name and known.name.startswith(_XS):
            return known.name.removeprefix(_XS)
        known = known.base_type


def _lengths(simple: XsdSimpleType, usual: int) -> tuple[int, int]:
    least = simple.min_length or 0
    most = simple.max_length
    return least, least + usual if most is None else min(most, least + usual)


def _plain_values_match(simple: XsdSimpleType) -> bool:
    """Whether a number in its usual spelling tends to match the patterns: then draw numbers, not strings.

    A pattern on a number mostly forbids odd spellings (`+1`, `007`). Drawing from the pattern instead would
    leave the range to chance.
    """
    if not _is_integer(simple):
        return False
    low, high = _integer_range(simple)
    probes = {low if low is not None else -7, high if high is not None else 1234567, 1, 2, 10, 42}
    inside = [p for p in sorted(probes) if (low is None or p >= low) and (high is None or p <= high)]
    return 2 * sum(simple.text_is_valid(str(p)) for p in inside) > len(inside)


def _is_integer(simple: XsdSimpleType) -> bool:
    return simple.is_derived(simple.maps.types[f"{_XS}integer"])


def _integer_range(simple: XsdSimpleType) -> tuple[int | None, int | None]:
    low, high = (cast("int | Decimal | None", bound) for bound in (simple.min_value, simple.max_value))
    least = None if low is None else int(low) + (1 if _excludes(simple, "min", low) else 0)
    most = None if high is None else int(high) - (1 if _excludes(simple, "max", high) else 0)
    return least, most


def _excludes(simple: XsdSimpleType, side: str, bound: object) -> bool:
    facet = simple.get_facet(f"{_XS}{side}Exclusive")
    return facet is not None and getattr(facet, "value", None) == bound


def _matching(simple: XsdSimpleType) -> st.SearchStrategy[str]:
    """Strings that match one of the patterns of the last derivation step, in ASCII where that is possible."""
    assert simple.patterns is not None
    strategies = []
    for pattern in simple.patterns.patterns:
        for alphabet in (_ASCII, XML_CHARACTERS):
            strategy = st.from_regex(pattern, fullmatch=True, alphabet=alphabet)
            try:
                strategy.validate()
            except InvalidArgument:
                continue
            strategies.append(strategy)
            break
        else:
            raise UnsupportedSchemaError(describe(simple), f"no text matches {pattern.pattern!r}")
    return st.one_of(strategies)


def _built_in(simple: XsdSimpleType) -> st.SearchStrategy[str]:
    """Draws canonical texts of the built-in ancestor, within the bounds that the type adds."""
    name = _ancestor(simple)
    if name in _STRINGS:
        least, most = _lengths(simple, _TEXT_LENGTH)
        preserved = simple.white_space in (None, "preserve") and name != "anyURI"
        alphabet = XML_CHARACTERS if preserved else _WORD_CHARACTERS
        return st.text(alphabet if name != "anyURI" else _ALPHANUMERIC, min_size=least, max_size=most)
    if _is_integer(simple):
        return st.integers(*_integer_range(simple)).map(str)
    if name in _WORDS:
        return st.from_regex(_WORDS[name], fullmatch=True, alphabet=_ASCII)
    numbers = _NUMBERS.get(name)
    if numbers is not None:
        return numbers(cast("float | None", simple.min_value), cast("float | None", simple.max_value))
    if name in _OTHERS:
        return _OTHERS[name]
    raise UnsupportedSchemaError(describe(simple), f"texts of xs:{name} cannot be drawn yet")


_ALPHANUMERIC = st.characters(min_codepoint=0x30, max_codepoint=0x7A, categories=("Nd", "Ll", "Lu"))


def _decimals(low: float | None, high: float | None) -> st.SearchStrategy[str]:
    """Decimals as whole hundredths, since these shrink to plain values."""
    least = None if low is None else math.ceil(Decimal(str(low)) * 100)
    most = None if high is None else math.floor(Decimal(str(high)) * 100)
    return st.integers(least, most).map(lambda hundredths: f"{Decimal(hundredths) / 100:f}")


def _floats(low: float | None, high: float | None) -> st.SearchStrategy[str]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False).map(repr)


_NUMBERS: dict[str, Callable[[float | None, float | None], st.SearchStrategy[str]]] = {
    "decimal": _decimals,
    "float": _floats,
    "double": _floats,
}

_DATES = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
_SECONDS = st.times().map(lambda time: time.replace(microsecond=0))
_OTHERS: dict[str, st.SearchStrategy[str]] = {
    "date": _DATES.map(dt.date.isoformat),
    "time": _SECONDS.map(dt.time.isoformat),
    "dateTime": st.builds(dt.datetime.combine, _DATES, _SECONDS).map(dt.datetime.isoformat),
    "gYear": st.integers(1, 9999).map("{:04d}".format),
    "hexBinary": st.binary(max_size=16).map(bytes.hex),
    "base64Binary": st.binary(max_size=16).map(lambda data: base64.b64encode(data).decode("ascii")),
}
