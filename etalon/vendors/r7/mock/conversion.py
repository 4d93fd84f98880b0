"""From what was sent to typed values: a table of parameters, and the two dialects' ways to read each kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from etalon.vendors.r7.mock import dates
from etalon.vendors.r7.mock.dates import DateRules
from etalon.vendors.r7.mock.problems import unconvertible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Values: TypeAlias = dict[str, Any]
"""Typed values by the attribute of `Task` that they set."""

SMALLEST_INT = -(2**31)
LARGEST_INT = 2**31 - 1
ENTITY_KINDS = ("opportunity", "case")


class Kind(StrEnum):
    """The type of a documented parameter, as the pages' column "Type" tells them apart."""

    TEXT = "text"
    DATE = "a date"
    GUID = "a guid"
    ID = "an id"
    NUMBER = "a number"
    MINUTES = "a number of minutes"
    FLAG = "a boolean"
    ENTITY_KIND = "an entity type"


@dataclass(frozen=True, slots=True)
class RequestParameter:
    """A parameter of create and update.

    Attributes:
        name: lower-case, for the two pages spell names differently (`responsibleId`, `responsibleid`).
        attribute: of `Task`.
    """

    name: str
    attribute: str
    kind: Kind


PARAMETERS: Final = (
    RequestParameter("title", "title", Kind.TEXT),
    RequestParameter("description", "description", Kind.TEXT),
    RequestParameter("deadline", "deadline", Kind.DATE),
    RequestParameter("responsibleid", "responsible", Kind.GUID),
    RequestParameter("categoryid", "category", Kind.ID),
    RequestParameter("contactid", "contact", Kind.ID),
    RequestParameter("entitytype", "entity_type", Kind.ENTITY_KIND),
    RequestParameter("entityid", "entity_id", Kind.ID),
    RequestParameter("isnotify", "is_notify", Kind.FLAG),
    RequestParameter("alertvalue", "alert_value", Kind.MINUTES),
)


class _Absent:
    """The type of the mark for a parameter that counts as not sent."""


ABSENT: Final = _Absent()

DOCUMENTED_DATES = DateRules(frozenset(range(8)), day_alone=False, bare_offset=False, zone_minutes=0)
"""The page's dash form and the .NET round-trip form, which its column "Example" names."""

TENANT_OFFSET_MINUTES = 180
COMMUNITYSERVER_DATES = DateRules(
    frozenset({0, 3, 7}), day_alone=True, bare_offset=True, zone_minutes=TENANT_OFFSET_MINUTES
)
"""The formats of CommunityServer `ApiDateTime.cs`; a moment without a zone is the tenant's."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_LAX_GUID = re.compile(
    r"\{(?P<braces>[^{}()]+)\}|\((?P<parens>[^{}()]+)\)|(?P<digits>[0-9a-f]{32})|(?P<bare>[^{}()]+)",
    re.ASCII | re.IGNORECASE,
)
_LAX_INT = re.compile(
    r"(?:0x|#|&h)(?P<hex>[0-9a-f]{1,8})|(?P<decimal>[+-]?[0-9]{1,40})", re.ASCII | re.IGNORECASE
)


def convert_json(parameter: RequestParameter, value: object) -> Any:  # noqa: ANN401 - a value of its own type
    """Read a JSON value as the pages type it: no text for numbers, no number for text.

    `null` counts as not sent. An integral number such as `1.0` is an integer, as in JSON Schema.

    Raises:
        ApiError: 400 when the value is not of the parameter's type.
    """
    if value is None:
        return ABSENT
    try:
        return _FROM_JSON[parameter.kind](value)
    except ValueError:
        raise unconvertible(parameter.name, parameter.kind) from None


def convert_text(parameter: RequestParameter, value: object) -> Any:  # noqa: ANN401 - a value of its own type
    """Read a text as .NET's converters do; an empty one counts as not sent, but for text itself.

    CommunityServer flattens JSON, forms and XML to text first (`ApiArgumentBuilder.cs`), so that `"12"`
    and `12` are the same number.

    Raises:
        ApiError: 400 when the text cannot be converted.
    """
    text = "" if value is None else str(value)
    if not text and parameter.kind is not Kind.TEXT:
        return ABSENT
    try:
        return _FROM_TEXT[parameter.kind](text)
    except ValueError:
        raise unconvertible(parameter.name, parameter.kind) from None


def _text_alone(value: object) -> str:
    """Return the value when it is a text that UTF-8 can carry, so none with half a surrogate pair."""
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - every reader refuses with ValueError
    value.encode()
    return value


def _documented_date(value: object) -> dates.Instant:
    return dates.parse(_text_alone(value), DOCUMENTED_DATES)


def _hyphenated_guid(value: object) -> str:
    text = _text_alone(value)
    if not _GUID.fullmatch(text):
        raise ValueError("not 32 hexadecimal digits in five groups")
    return text.lower()


def _flag_alone(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004 - as above
    return value


def _number_alone(value: object) -> int:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError("not a number")  # noqa: TRY004 - as above
    if not SMALLEST_INT <= value <= LARGEST_INT or value != int(value):
        raise ValueError("not a 32-bit integer")
    return int(value)


def _id_alone(value: object) -> int:
    number = _number_alone(value)
    if number < 1:
        raise ValueError("ids are positive")
    return number


def _minutes_alone(value: object) -> int:
    number = _number_alone(value)
    if number < 0:
        raise ValueError("a length of time is not negative")
    return number


def _entity_kind(value: object) -> str:
    kind = _text_alone(value).lower()
    if kind not in ENTITY_KINDS:
        raise ValueError(f"none of {', '.join(ENTITY_KINDS)}")
    return kind


def _lax_date(text: str) -> dates.Instant:
    return dates.parse(text, COMMUNITYSERVER_DATES)


def _lax_integer(text: str) -> int:
    match = _LAX_INT.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a number")
    if match["hex"]:
        number = int(match["hex"], 16)
        return number - 2**32 if number > LARGEST_INT else number
    return _number_alone(int(match["decimal"]))


def _lax_guid(text: str) -> str:
    match = _LAX_GUID.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a GUID")
    if match["digits"]:
        digits = match["digits"]
        return _hyphenated_guid(
            "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        )
    return _hyphenated_guid(match["braces"] or match["parens"] or match["bare"])


def _lax_flag(text: str) -> bool:
    spelt = text.strip().lower()
    if spelt not in {"true", "false"}:
        raise ValueError("neither true nor false")
    return spelt == "true"


_FROM_JSON: Final[Mapping[Kind, Callable[[object], Any]]] = {
    Kind.TEXT: _text_alone,
    Kind.DATE: _documented_date,
    Kind.GUID: _hyphenated_guid,
    Kind.ID: _id_alone,
    Kind.NUMBER: _number_alone,
    Kind.MINUTES: _minutes_alone,
    Kind.FLAG: _flag_alone,
    Kind.ENTITY_KIND: _entity_kind,
}
_FROM_TEXT: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.TEXT: str,
    Kind.DATE: _lax_date,
    Kind.GUID: _lax_guid,
    Kind.ID: _lax_integer,
    Kind.NUMBER: _lax_integer,
    Kind.MINUTES: _lax_integer,
    Kind.FLAG: _lax_flag,
    Kind.ENTITY_KIND: _entity_kind,
}
