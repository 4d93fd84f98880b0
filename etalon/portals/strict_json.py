"""JSON as its standard has it, read without trusting whoever wrote it."""

from __future__ import annotations

import json
from typing import NoReturn


def parse(body: bytes) -> object:
    """The value that a JSON text stands for.

    Python's own reader also takes UTF-16, `NaN` and `Infinity`, none of which other clients can read
    (RFC 8259 sections 6 and 8.1). A byte order mark is overlooked, as that section allows.

    Raises:
        ValueError: it is no JSON, nests too deeply to be read, or has a number of thousands of digits.
    """
    try:
        value: object = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it nests too deeply") from error
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
