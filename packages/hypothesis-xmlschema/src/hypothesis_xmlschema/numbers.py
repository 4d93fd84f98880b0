"""Values of words and numbers, as a simple type bounds them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis_xmlschema.facets import (
    FREE,
    TEXT_LENGTH,
    ancestor,
    bounds,
    digits,
    interval,
    is_integer,
    lengths,
    number_of,
    whole_bounds,
)
from hypothesis_xmlschema.values import Grid, Spelled, Values, Words, decimal_text, inner

if TYPE_CHECKING:
    from xmlschema.validators import XsdSimpleType


def words_of(component: XsdSimpleType, name: str) -> Values:
    """Words as long as a type without patterns allows, of the built-in type of that name."""
    least, most = lengths(component)
    usual = least + TEXT_LENGTH
    spaced = component.white_space in (None, "preserve") and name in FREE
    return Words(least, usual if most is None else min(most, usual), spaced=spaced)


def numbers_of(component: XsdSimpleType) -> Values:
    """Numbers within the bounds of a type that derives from decimal, float or double."""
    if is_integer(component):
        return Spelled(Grid(*_ends(*whole_bounds(component), 10**18), str), _spelled_number)
    return _decimals(component) if ancestor(component) == "decimal" else _floats(component)


def _decimals(component: XsdSimpleType) -> Values:
    lowest, low_out, highest, high_out = interval(component)
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
    lowest, low_out, highest, high_out = interval(component)
    if any(number_of(text) is None for _, text in bounds(component)):
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
