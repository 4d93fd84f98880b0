"""Bodies that carry every member at once: one request for many requirements."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from etalon.generation.openapi_document import ANNOTATION, json_body
from etalon.generation.text import TextShape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from etalon.generation.calendar import Calendar

# So that a deadline stays within its calendar, and its hour within the day; together they repeat late.
_PLAIN_DAYS, _PLAIN_MINUTES = 1461, 600
_SPREAD = 100  # how far apart the whole numbers may lie that a member takes turns with


def packed_body(
    document: Mapping[str, Any],
    operation_id: str,
    step: int,
    text: Callable[[str, int], str],
    calendar: Calendar,
) -> dict[str, Any]:
    """The fullest body that a narrowed document allows, every value other than that of the step before.

    Args:
        document: from `etalon.generation.narrowing.narrowed`.
        operation_id: `createTask` or `updateTask`.
        step: which of the bodies; a member with a single value to choose from has it in all of them.
        text: member and step → the text that it gets.
        calendar: the days that it may name.

    Returns:
        The body in the spelling of the operation's page.
    """
    shapes = json_body(document, operation_id).shapes
    fullest = max(len(shape["properties"]) for shape in shapes)
    full = [shape for shape in shapes if len(shape["properties"]) == fullest]
    properties = full[step % len(full)]["properties"]
    return {name: _value(name, schema, step, text, calendar) for name, schema in properties.items()}


def plain_text(member: str, step: int) -> str:
    """A text that nothing should trouble: a word or two and the number of the step."""
    return f"{'Задача' if member == 'title' else 'Описание'} {step} etalon"


def telling_deadlines(calendar: Calendar) -> tuple[datetime, ...]:
    """Moments at which portals get a date wrong: they come first, so that the least of runs has them.

    At none of them does daylight saving begin anywhere, which would make a portal of the family an hour late.
    """
    return (
        _at(calendar.leap_day, 18, 45, 30),
        _at(calendar.in_next_iso_year, 13, 5, 9),
        _at(calendar.on(7, 31), 0, 0),  # midnight, which is another day west of it
        _at(calendar.after_32_bits, 12, 0, 7),  # noon
        _at(calendar.on(1, 31, after=1), 23, 40, 50),  # another day and month east of it
        _at(calendar.clocks_go_forward, 11, 20, 25),
        _at(calendar.clocks_go_back, 11, 20, 25),
    )


def deadline(step: int, calendar: Calendar) -> str:
    """A deadline per step, in turn in the page's dash spelling and in .NET's round-trip form.

    The seconds are whole ones, since whether a portal keeps fractions is a question of its own.
    """
    telling = telling_deadlines(calendar)
    if 0 < step <= len(telling):
        moment = telling[step - 1]
    else:
        first = _at(calendar.on(1, 15, after=-1), 9, 30)
        moment = first + timedelta(days=step % _PLAIN_DAYS, minutes=step % _PLAIN_MINUTES)
    return f"{moment:%Y-%m-%dT%H-%M-%S}.000Z" if step % 2 else f"{moment:%Y-%m-%dT%H:%M:%S}.0000000Z"


def _at(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second, tzinfo=UTC))


def _value(
    name: str, schema: Mapping[str, Any], step: int, text: Callable[[str, int], str], calendar: Calendar
) -> object:
    if "enum" in schema:
        telling = [value for value in schema["enum"] if value] or schema["enum"]
        return telling[step % len(telling)]
    if TextShape.from_format_name(schema.get("format", "")) is not None:
        return text(name, step)
    if schema.get(ANNOTATION, {}).get("normalised") == "instant":
        return deadline(step, calendar)
    if schema.get("type") == "boolean":
        return step % 2 == 1
    if schema.get("type") in {"integer", "number"}:
        return _whole_number(schema, step)
    raise ValueError(f"{name}: nothing tells which values to send; its schema may list them (`enum`)")


def _whole_number(schema: Mapping[str, Any], step: int) -> int:
    """A number within the bounds of a schema; 0, which may mean nothing, only where there is no other."""
    lowest, highest = _lowest(schema), _highest(schema)
    if lowest is None:
        lowest = 1 if highest is None or highest >= 1 else highest - _SPREAD
    end = lowest + _SPREAD if highest is None else min(highest, lowest + _SPREAD)
    fitting = [number for number in range(lowest, end + 1) if number] or [lowest]
    return fitting[step % len(fitting)]


def _lowest(schema: Mapping[str, Any]) -> int | None:
    bounds: list[int] = []
    if "minimum" in schema:
        bounds.append(ceil(schema["minimum"]))
    if "exclusiveMinimum" in schema:
        bounds.append(floor(schema["exclusiveMinimum"]) + 1)
    return max(bounds, default=None)


def _highest(schema: Mapping[str, Any]) -> int | None:
    bounds: list[int] = []
    if "maximum" in schema:
        bounds.append(floor(schema["maximum"]))
    if "exclusiveMaximum" in schema:
        bounds.append(ceil(schema["exclusiveMaximum"]) - 1)
    return min(bounds, default=None)
