"""Assertion facets that speak of a text's characters → expressions (XSD 1.1 part 2, 4.3.13).

`starts-with($value, 'AB')`, `string-length($value) = (3, 5)`, `not(contains($value, ' '))` and their
combinations are regular languages like patterns, so they need no filter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis_xmlschema.characters import ANY
from hypothesis_xmlschema.errors import PatternError
from hypothesis_xmlschema.expressions import (
    ANY_TEXT,
    Both,
    Characters,
    Either,
    Expression,
    Repeated,
    Sequence,
    Without,
    literal,
)
from hypothesis_xmlschema.patterns import expression_of

if TYPE_CHECKING:
    from elementpath import XPathToken

_SYMBOLS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_PARTS = 2
_ESCAPED = re.compile(r"\\.")
_ANCHOR = re.compile(r"(?<!\[)\^|\$")


def asserted(token: XPathToken) -> Expression | None:
    """The texts for which an assertion is true, or some more; None where nothing is known of them."""
    if token.symbol == "(" and len(token) == 1:
        return asserted(token[0])
    if token.symbol == "and":
        known = [part for part in map(asserted, token) if part is not None]
        return Both(tuple(known)) if known else None
    return _exactly(token)


def is_regular(token: XPathToken) -> bool:
    """Whether `asserted` says all that an assertion says."""
    return _exactly(token) is not None


def _exactly(token: XPathToken) -> Expression | None:
    """The texts for which an expression is true, neither more nor less."""
    found: Expression | None = None
    match token.symbol:
        case "(" if len(token) == 1:
            found = _exactly(token[0])
        case "and" | "or":
            parts = [part for part in map(_exactly, token) if part is not None]
            if len(parts) == _PARTS:
                found = Both(tuple(parts)) if token.symbol == "and" else Either(tuple(parts))
        case "not":
            inside = _exactly(token[0])
            found = None if inside is None else Without(inside)
        case "starts-with" | "ends-with" | "contains" | "matches":
            found = _called(token)
        case "=" | "!=" | "<" | "<=" | ">" | ">=" | "eq" | "ne" | "lt" | "le" | "gt" | "ge":
            found = _compared(token[0], _SYMBOLS.get(token.symbol, token.symbol), token[1])
    return found


def _called(token: XPathToken) -> Expression | None:
    if len(token) != _PARTS or not _is_value(token[0]) or token[1].symbol != "(string)":
        return None
    text = str(token[1].value)
    if token.symbol == "matches":
        return _matching(text)
    before = () if token.symbol == "starts-with" else (ANY_TEXT,)
    after = () if token.symbol == "ends-with" else (ANY_TEXT,)
    return Sequence((*before, literal(text), *after))


def _matching(pattern: str) -> Expression | None:
    """XPath's patterns are searched for, unless they are anchored."""
    bare = pattern.removeprefix("^").removesuffix("$")
    if _ANCHOR.search(_ESCAPED.sub("", bare)) or bare.endswith("\\"):
        return None  # an anchor in the middle; in a pattern of a schema it is a character
    try:
        inside = expression_of(bare)
    except PatternError:
        return None
    if "|" in bare and bare != pattern:
        return None  # an anchor is one of its branch alone
    before = () if pattern.startswith("^") else (ANY_TEXT,)
    after = () if pattern.endswith("$") else (ANY_TEXT,)
    return Sequence((*before, inside, *after))


def _compared(left: XPathToken, symbol: str, right: XPathToken) -> Expression | None:
    if symbol == "=" and _is_value(left):
        texts = _literals(right, "(string)")
        return Either(tuple(map(literal, texts))) if texts else None
    if left.symbol != "string-length" or len(left) != 1 or not _is_value(left[0]):
        return None
    counts = [int(text) for text in _literals(right, "(integer)")]
    if symbol == "=" and counts:
        return Either(tuple(_long(count, count) for count in counts))
    return _measured(symbol, counts[0]) if len(counts) == 1 else None


def _measured(symbol: str, count: int) -> Expression:
    """The texts of a length that compares so with a number."""
    if symbol == "!=":
        return Without(_long(count, count))
    if symbol in {"<", "<="}:
        most = count - (symbol == "<")
        return _long(0, most) if most >= 0 else Either(())
    return _long(max(0, count + (symbol == ">")), None)


def _long(least: int, most: int | None) -> Expression:
    return Repeated(Characters(ANY), least, most)


def _literals(token: XPathToken, symbol: str) -> list[str]:
    """The literals of a row, or of a single one; nothing where there is anything else."""
    if token.symbol == symbol:
        return [str(token.value)]
    if token.symbol not in {"(", ","}:
        return []
    each = [_literals(part, symbol) for part in token]
    return [text for texts in each for text in texts] if all(each) else []


def _is_value(token: XPathToken) -> bool:
    return token.symbol == "$" and len(token) == 1 and str(token[0].value) == "value"
