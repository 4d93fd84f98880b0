"""Bodies that carry every member at once: one request for many requirements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from etalon.generation.openapi_document import ANNOTATION, json_body
from etalon.generation.text import TextShape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FIRST_DEADLINE = datetime(2030, 1, 15, 9, 30, tzinfo=UTC)
# Moments at which portals get a date wrong: they come first, so that the least of runs has them. In none of
# these nights does daylight saving begin anywhere, which would make a portal of the family an hour late.
_TELLING_DEADLINES = (
    datetime(2032, 2, 29, 18, 45, 30, tzinfo=UTC),  # a leap day
    datetime(2030, 12, 30, 13, 5, 9, tzinfo=UTC),  # in the first ISO week of the year after
    datetime(2031, 7, 31, 0, 0, tzinfo=UTC),  # midnight, which is another day west of it
    datetime(2040, 8, 12, 12, 0, 7, tzinfo=UTC),  # after the 32 bits of a Unix time; noon
    datetime(2032, 1, 31, 23, 40, 50, tzinfo=UTC),  # another day and month east of it
)


def packed_body(
    document: Mapping[str, Any], operation_id: str, step: int, text: Callable[[str, int], str]
) -> dict[str, Any]:
    """The fullest body that a narrowed document allows, every value other than that of the step before.

    Args:
        document: from `etalon.generation.narrowing.narrowed`.
        operation_id: `createTask` or `updateTask`.
        step: which of the bodies; a member with a single value to choose from has it in all of them.
        text: member and step → the text that it gets.

    Returns:
        The body in the spelling of the operation's page.
    """
    shapes = json_body(document, operation_id).shapes
    fullest = max(len(shape["properties"]) for shape in shapes)
    full = [shape for shape in shapes if len(shape["properties"]) == fullest]
    properties = full[step % len(full)]["properties"]
    return {name: _value(name, schema, step, text) for name, schema in properties.items()}


def plain_text(member: str, step: int) -> str:
    """A text that nothing should trouble: a word or two and the number of the step."""
    return f"{'Задача' if member == 'title' else 'Описание'} {step} etalon"


def deadline(step: int) -> str:
    """A deadline per step, in turn in the page's dash spelling and in .NET's round-trip form.

    The seconds are whole ones, since whether a portal keeps fractions is a question of its own.
    """
    if 0 < step <= len(_TELLING_DEADLINES):
        moment = _TELLING_DEADLINES[step - 1]
    else:
        moment = _FIRST_DEADLINE + timedelta(days=step, minutes=step)
    return f"{moment:%Y-%m-%dT%H-%M-%S}.000Z" if step % 2 else f"{moment:%Y-%m-%dT%H:%M:%S}.0000000Z"


def _value(name: str, schema: Mapping[str, Any], step: int, text: Callable[[str, int], str]) -> object:
    if "enum" in schema:
        telling = [value for value in schema["enum"] if value] or schema["enum"]
        return telling[step % len(telling)]
    if TextShape.from_format_name(schema.get("format", "")) is not None:
        return text(name, step)
    if schema.get(ANNOTATION, {}).get("normalised") == "instant":
        return deadline(step)
    raise ValueError(f"the narrowed document leaves {name} open")
