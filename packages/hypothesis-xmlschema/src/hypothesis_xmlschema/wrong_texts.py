"""Texts that a simple type refuses for one reason each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xmlschema.validators import XsdFacet, XsdSimpleType

from hypothesis_xmlschema.alphabets import named
from hypothesis_xmlschema.characters import ANY
from hypothesis_xmlschema.errors import NothingFoundError, PatternError
from hypothesis_xmlschema.expressions import Both, Characters, Expression, Repeated, Without
from hypothesis_xmlschema.facets import ancestor, bounds, digits, lengths, patterns_of, space_of, steps
from hypothesis_xmlschema.regular import language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypothesis_xmlschema.simple import Simple
    from hypothesis_xmlschema.values import Values

_XS = "{http://www.w3.org/2001/XMLSchema}"
_EACH = 3
_ODD = ("", "x", "-1", "1.5", "0", "2023-02-30", "maybe", "1e", "%%%", "a b", ":", "9" * 25, " ")


@dataclass(frozen=True, slots=True)
class WrongText:
    """A text with the one reason why it is refused.

    Attributes:
        text: What the type refuses.
        constraint: The facet, with its value, or the built-in type.
        clause: Of the recommendation.
        given: Whether it is the caller's, and perhaps refused for more reasons than this one.
    """

    text: str
    constraint: str
    clause: str
    given: bool = False


class WrongTexts:
    """The wrong texts of types, each type looked at once.

    Args:
        given: Texts of the caller's by the name of a type, for all that derives from it.
        each: How many there are for a constraint that no text of the caller's breaks.
    """

    def __init__(self, given: Mapping[str, Sequence[str]] | None = None, each: int = _EACH) -> None:
        self._given, self._each = given or {}, each
        self._known: dict[int, tuple[WrongText, ...]] = {}

    def of(self, simple: Simple) -> tuple[WrongText, ...]:
        """A few wrong texts for each constraint; none where the type refuses nothing."""
        component = simple.component
        if component is None or simple.kind or ancestor(component) in ("QName", "NOTATION"):
            return ()
        known = self._known.get(id(component))
        if known is None:
            given = tuple(self._of_the_caller(component))
            broken = {wrong.constraint for wrong in given}
            own = (wrong for wrong in _wrong(simple, component, self._each) if wrong.constraint not in broken)
            known = self._known[id(component)] = (*given, *own)
        return known

    def _of_the_caller(self, component: XsdSimpleType) -> Iterator[WrongText]:
        for text in named(component, self._given) or ():
            reasons = _reasons(component, text)
            if reasons:
                yield replace(min(reasons, key=_rank), given=True)


def _rank(wrong: WrongText) -> int:
    """The place of a reason among several: a pattern beside a type or a bound mostly says the same again."""
    return 0 if wrong.constraint.startswith("type ") else 2 if wrong.constraint == "pattern" else 1


def may_refuse(simple: Simple) -> bool:
    """Whether there may be wrong texts, without looking for them."""
    component = simple.component
    if component is None or simple.kind:
        return False
    name = ancestor(component)
    if name in ("QName", "NOTATION"):
        return False
    free = ("string", "normalizedString", "token", "anySimpleType", "anyAtomicType", "anyURI", "")
    return name not in free or any(
        not (step.name or "").startswith(_XS) and len(step.facets) > 0 for step in steps(component)
    )


def _wrong(simple: Simple, component: XsdSimpleType, each: int) -> Iterator[WrongText]:
    counts: dict[str, int] = {}
    for text in dict.fromkeys(_candidates(simple, component)):
        reasons = _reasons(component, text)
        if len(reasons) == 1 and counts.get(reasons[0].constraint, 0) < each:
            counts[reasons[0].constraint] = counts.get(reasons[0].constraint, 0) + 1
            yield reasons[0]


def _reasons(component: XsdSimpleType, text: str) -> list[WrongText]:
    """Why a text is refused; empty where it is not, or where the validator cannot say."""
    try:
        errors: list[Any] = list(component.iter_errors(text))
    except (ValueError, TypeError, ArithmeticError):
        return []
    return [_reason(component, text, error.validator) for error in errors]


def _reason(component: XsdSimpleType, text: str, facet: object) -> WrongText:
    owner = getattr(getattr(facet, "parent", None), "name", None) or ""
    if isinstance(facet, XsdFacet) and not owner.startswith(_XS):
        name = str(facet.elem.tag).rpartition("}")[2]
        value = None if name in ("pattern", "enumeration") else facet.elem.get("value")
        shown = "" if value is None else f" {value}"
        return WrongText(text, f"{name}{shown}", f"cvc-{name}-valid")
    return WrongText(text, f"type {ancestor(component) or component.prefixed_name}", "cvc-datatype-valid.1")


def _candidates(simple: Simple, component: XsdSimpleType) -> Iterator[str]:
    plain = _some(simple.values)
    yield from _beyond_bounds(component)
    yield from _beyond_lengths(component, plain)
    yield from _beyond_digits(component)
    yield from _near_misses(component)
    for text in plain[:2]:
        yield from (f"{text}x", f"{text} {text}", text.swapcase(), text[:-1])
    yield from _ODD


def _some(values: Values) -> list[str]:
    texts = []
    for index in range(min(3, values.size)):
        try:
            texts.append(values.nth(index))
        except NothingFoundError:
            break
    return texts


def _beyond_bounds(component: XsdSimpleType) -> Iterator[str]:
    for facet, bound in bounds(component):
        if facet.endswith("Exclusive"):
            yield bound
        try:
            number = int(bound)
        except ValueError:
            yield from _beyond_time(bound, up=facet.startswith("max"))
        else:
            beyond = number + (1 if facet.startswith("max") else -1)
            yield str(beyond)
            yield f"{'-' * (beyond < 0)}{abs(beyond):04d}"  # a year has four digits


def _beyond_time(bound: str, *, up: bool) -> Iterator[str]:
    """A fraction or a date a little beyond a bound, whatever it is: its first number that can, changed."""
    for at, character in enumerate(bound):
        if character.isdigit() and (character != "9" if up else character not in "01"):
            yield f"{bound[:at]}{int(character) + (1 if up else -1)}{bound[at + 1 :]}"


def _beyond_lengths(component: XsdSimpleType, plain: list[str]) -> Iterator[str]:
    least, most = lengths(component)
    base = plain[0] if plain else ""
    if component.is_list():
        item = base.split()[:1] or ["1"]
        counts = [least - 1, *([most + 1] if most is not None else [])]
        yield from (" ".join(item * count) for count in counts if count >= 0)
        return
    if ancestor(component) in ("hexBinary", "base64Binary"):
        yield from (
            "00" * max(0, least - 1),
            *(["00" * (most + 1), "AA" * (most + 3)] if most is not None else []),
        )
    if least:
        yield base[: least - 1]
        yield "a" * (least - 1)
    if most is not None:
        letter = base[-1:] or "a"
        yield base + letter * (most + 1 - len(base))
        yield "a" * (most + 1)
    space = [*patterns_of(component), *space_of(component, lengths_too=False)]
    for count in (least - 1, None if most is None else most + 1):
        if count is not None and count >= 0:
            yield from _words(Both((*space, Repeated(Characters(ANY), count, count))))


def _beyond_digits(component: XsdSimpleType) -> Iterator[str]:
    total, fraction = digits(component)
    if total is not None:
        yield from ("1" * (total + 1), f"-{'1' * (total + 1)}", f"1.{'1' * total}")
    if fraction is not None:
        yield from (f"0.{'1' * (fraction + 1)}", f"1.{'1' * (fraction + 1)}", f"-1.{'1' * (fraction + 1)}")


def _near_misses(component: XsdSimpleType) -> Iterator[str]:
    """Words that all but one pattern allow."""
    patterns = patterns_of(component)
    for index, pattern in enumerate(patterns):
        others = [*patterns[:index], *patterns[index + 1 :], *space_of(component, lengths_too=True)]
        yield from _words(Both((Without(pattern), *others)))


def _words(expression: Expression) -> Iterator[str]:
    try:
        words = language(expression)
    except PatternError:
        return
    for index in (0, 1, 2, 5, 11, 37):
        if index < words.size:
            yield words.nth(index)
