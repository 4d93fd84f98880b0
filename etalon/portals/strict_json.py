"""JSON as its standard has it, read without trusting whoever wrote it."""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGE = 256 * 1024


def parse(body: bytes) -> object:
    """The value that a JSON text stands for.

    Python's own reader also takes UTF-16, `NaN` and `Infinity`, none of which other clients can read
    (RFC 8259 sections 6 and 8.1). A byte order mark is overlooked, as that section allows.

    Raises:
        ValueError: it is no JSON, nests too deeply to be read, or has a number of thousands of digits.
    """
    text = body.decode("utf-8-sig")
    try:
        with _uncollected(len(body)):
            value: object = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it nests too deeply") from error
    return value


def parse_object(body: bytes) -> dict[str, Any] | None:
    """The object that a JSON text stands for; None where it is none."""
    try:
        document = parse(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


@contextmanager
def _uncollected(size: int) -> Iterator[None]:
    """Let the collector rest while a large text is read: nothing of it is garbage yet."""
    if size < _LARGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
