"""JSON as its standard has it, read without trusting whoever wrote it."""

from __future__ import annotations

import gc
import json
import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGE = 256 * 1024
MOST_PARTS = 100_000
"""Members and items of a document; a list of a thousand people stays below. What has more takes little to
send, and a multiple of that to look through for every law."""
DEEPEST = 256
"""Levels of a document, as many as libxml2 reads in XML."""
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def parse(body: bytes) -> object:
    """The value that a JSON text stands for.

    Python's own reader also takes UTF-16, `NaN` and `Infinity`, none of which other clients can read
    (RFC 8259 sections 6 and 8.1). A byte order mark is overlooked, as that section allows.

    Raises:
        ValueError: it is no JSON, nests too deeply, has too many parts, or a number of thousands of digits.
    """
    text = body.decode("utf-8-sig")
    excess = _excess(body)
    if excess:
        raise ValueError(excess)
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


@lru_cache(maxsize=1024)
def _excess(body: bytes) -> str:
    """What a text has too much of, counted without making anything of it; empty where it has not."""
    bare = (
        body
        if len(body) < MOST_PARTS and body.count(b"[") + body.count(b"{") <= DEEPEST
        else _TEXT.sub(b"", body)
    )
    if bare.count(b",") > MOST_PARTS:
        return f"it has more than {MOST_PARTS:,} parts"
    depth = deepest = 0
    brackets = bare.translate(None, _ALL_BUT_BRACKETS)
    if len(brackets) > DEEPEST:
        for bracket in brackets:
            depth += 1 if bracket in b"[{" else -1
            deepest = max(deepest, depth)
    return "it nests too deeply" if deepest > DEEPEST else ""


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
