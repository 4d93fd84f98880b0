"""The lexical spaces of the built-in types, as patterns of their own (XSD part 2, section 3).

They are ours, not what a validator happens to let through: xmlschema reads `1_000` and Arabic digits as
integers, others do not.
"""

from __future__ import annotations

import re

from hypothesis_xmlschema.expressions import Either, Expression, Repeated, Sequence, literal
from hypothesis_xmlschema.patterns import expression_of

_UNSIGNED = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_YEAR = "-?([1-9][0-9]{3,4}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_MONTH_DAY = (
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
# Year 0 is none in XSD 1.0, and before it validators do not agree on leap years.
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?"
_MIDNIGHT = r"24:00:00(\.0{1,3})?"
_ZONE = r"(Z|[+\-](0[0-9]|1[0-3]):[0-5][0-9]|[+\-]14:00)?"
_LEAP_DATE = "(([1-9][0-9]|0[1-9])(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)-02-29"
_DATE = f"({_YEAR}-{_MONTH_DAY}|{_LEAP_DATE})"
_DAY_PART = r"[0-9]{1,4}D"
_SECONDS = r"[0-9]{1,4}(\.[0-9]{1,3})?S"
_TIME_PART = f"T([0-9]{{1,4}}H([0-9]{{1,4}}M)?({_SECONDS})?|[0-9]{{1,4}}M({_SECONDS})?|{_SECONDS})"
_YEAR_MONTH_PART = "([0-9]{1,4}Y([0-9]{1,4}M)?|[0-9]{1,4}M)"
_DAY_TIME_PART = f"({_DAY_PART}({_TIME_PART})?|{_TIME_PART})"
_NCNAME = r"[\i-[:]][\c-[:]]*"
_PATH = r"[A-Za-z0-9\-._~!$'()*+,;=@/&]*"
_64 = "[A-Za-z0-9+/]"

PATTERNS: dict[str, str] = {
    "boolean": "true|false|1|0",
    "decimal": rf"[+\-]?{_UNSIGNED}",
    "integer": r"[+\-]?[0-9]+",
    "float": rf"[+\-]?{_UNSIGNED}([Ee][+\-]?[0-9]{{1,3}})?|-?INF|NaN",
    "double": rf"[+\-]?{_UNSIGNED}([Ee][+\-]?[0-9]{{1,3}})?|-?INF|NaN",
    "duration": f"-?P({_YEAR_MONTH_PART}{_DAY_TIME_PART}?|{_DAY_TIME_PART})",
    "yearMonthDuration": f"-?P{_YEAR_MONTH_PART}",
    "dayTimeDuration": f"-?P{_DAY_TIME_PART}",
    "dateTime": f"{_DATE}T({_TIME}|{_MIDNIGHT}){_ZONE}",
    "dateTimeStamp": f"{_DATE}T({_TIME}|{_MIDNIGHT}){_ZONE[:-1]}",
    "date": f"{_DATE}{_ZONE}",
    "time": f"({_TIME}|{_MIDNIGHT}){_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}",
    "gMonth": f"--(0[1-9]|1[0-2]){_ZONE}",
    "gDay": f"---(0[1-9]|[12][0-9]|3[01]){_ZONE}",
    "gMonthDay": f"--({_MONTH_DAY}|02-29){_ZONE}",
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "NMTOKEN": r"\c+",
    "Name": r"\i\c*",
    "NCName": _NCNAME,
    "ID": _NCNAME,
    "IDREF": _NCNAME,
    "ENTITY": _NCNAME,
    "QName": f"({_NCNAME}:)?{_NCNAME}",
    "NOTATION": f"({_NCNAME}:)?{_NCNAME}",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": f"({_64}{{4}})*({_64}{{2}}[AEIMQUYcgkosw048]=|{_64}[AQgw]==)?",
    "anyURI": (
        rf"([A-Za-z][A-Za-z0-9+.\-]*:)?(//[A-Za-z0-9\-.]+(:[0-9]{{1,4}})?(/{_PATH})?|{_PATH})"
        rf"(\?[A-Za-z0-9\-._~=&+/:]*)?(#[A-Za-z0-9\-._~]*)?"
    ),
}
"""Of each built-in type; what is missing is any text, or has a list or a union beneath it."""

# The forms of texts whose order is that of their characters.
_FORMS = {
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": "[0-9]{2}:[0-9]{2}:[0-9]{2}",
    "dateTime": "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
    "gYear": "[0-9]{4}",
    "gYearMonth": "[0-9]{4}-[0-9]{2}",
}
_FORMS["dateTimeStamp"] = _FORMS["dateTime"]
_FRACTION = expression_of(r"(\.[0-9]{1,3})?")
_SOME_FRACTION = expression_of(r"\.[0-9]{1,2}[1-9]")

COLLAPSED = expression_of(r"([^\t\n\r ]+( [^\t\n\r ]+)*)?")
REPLACED = expression_of(r"[^\t\n\r]*")


def with_zone(name: str, zone: str) -> str:
    """The pattern of a built-in type where explicitTimezone is required, prohibited or optional."""
    pattern = PATTERNS[name]
    if zone == "optional" or not pattern.endswith(_ZONE):
        return pattern
    return pattern.removesuffix(_ZONE) + (_ZONE[:-1] if zone == "required" else "")


def octets(name: str, least: int, most: int) -> Expression:
    """The texts of so many octets, `name` being hexBinary or base64Binary."""
    if name == "hexBinary":
        return Repeated(expression_of("[0-9a-fA-F]{2}"), least, most)
    group = expression_of(f"{_64}{{4}}")
    tails = (
        "",
        f"{_64}[AQgw]==",
        f"{_64}{{2}}[AEIMQUYcgkosw048]=",
    )
    return Either(
        tuple(
            Sequence((Repeated(group, count // 3, count // 3), expression_of(tails[count % 3])))
            for count in range(least, most + 1)
        )
    )


def moments(name: str, facet: str, bound: str) -> Expression | None:
    """The texts of a date or a time on one side of a bound, by their digits; None where these do not tell.

    Texts of one form are in the order of their moments if the years have four digits and the zones are one.
    """
    zone = "Z" if bound.endswith("Z") else ""
    stem = bound.removesuffix(zone)
    form = _FORMS.get(name)
    if form is None or re.fullmatch(form, stem) is None:
        return None
    side = range(10) if facet.startswith("min") else range(9, -1, -1)
    parts: list[Expression] = []
    for at, character in enumerate(stem):
        further = [
            digit for digit in side if character.isdigit() and digit * side.step > int(character) * side.step
        ]
        if further:
            beyond = expression_of(
                f"[{min(further)}-{max(further)}]{re.sub('[0-9]', '[0-9]', stem[at + 1 :])}"
            )
            parts.append(Sequence((literal(stem[:at]), beyond, _FRACTION)))
    if facet.endswith("Inclusive"):
        parts.append(literal(stem))
    if facet.startswith("min"):
        parts.append(Sequence((literal(stem), _SOME_FRACTION)))
    return Sequence((Either(tuple(parts)), literal(zone)))


def whole_numbers(low: int | None, high: int | None) -> Expression:
    """The spellings of all whole numbers within bounds, leading zeros and a plus sign allowed."""
    parts: list[Expression] = []
    if high is None or high >= 0:
        positive = _magnitudes(max(low or 0, 0), high)
        parts.append(Sequence((expression_of(r"\+?0*"), positive)))
    if low is None or low < 0:
        nearest = 1 if high is None or high >= 0 else -high
        negative = _magnitudes(nearest, None if low is None else -low)
        parts.append(Sequence((expression_of("-0*"), negative)))
    if (low is None or low <= 0) and (high is None or high >= 0):
        parts.append(expression_of("-0+"))
    return Either(tuple(parts))


def _magnitudes(low: int, high: int | None) -> Expression:
    """Numerals without leading zeros from `low` ≥ 0 on."""
    if high is not None and high < low:
        return Either(())
    longest = len(str(low)) if high is None else len(str(high))
    parts: list[Expression] = []
    for length in range(len(str(low)), longest + 1):
        first = max(low, 10 ** (length - 1) if length > 1 else 0)
        last = 10**length - 1 if high is None else min(high, 10**length - 1)
        parts.append(_numerals(str(first), str(last)))
    if high is None:
        parts.append(expression_of(f"[1-9][0-9]{{{longest},}}"))
    return Either(tuple(parts))


def _numerals(first: str, last: str) -> Expression:
    """Numerals of one length from `first` to `last`."""
    if first == last:
        return literal(first)
    if set(first) == {"0"} and set(last) == {"9"}:
        return expression_of(f"[0-9]{{{len(first)}}}")
    if first[0] == last[0]:
        return Sequence((literal(first[0]), _numerals(first[1:], last[1:])))
    more = len(first) - 1
    if not more:
        return expression_of(f"[{first}-{last}]")
    parts: list[Expression] = [
        Sequence((literal(first[0]), _numerals(first[1:], "9" * more))),
        Sequence((literal(last[0]), _numerals("0" * more, last[1:]))),
    ]
    if int(last[0]) - int(first[0]) > 1:
        middle = f"[{int(first[0]) + 1}-{int(last[0]) - 1}][0-9]{{{more}}}"
        parts.append(expression_of(middle))
    return Either(tuple(parts))
