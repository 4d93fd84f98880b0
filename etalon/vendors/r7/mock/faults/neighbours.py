"""Faults that stumble over one text among many: what stands alone, or beside an odd neighbour."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.faults.hooks import Fault
from etalon.vendors.r7.mock.problems import bad_argument

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Task

_loses = partial(Fault, family=FaultFamily.LOSES)
_alters = partial(Fault, family=FaultFamily.ALTERS)

_DECODER = json.JSONDecoder()
_LENGTH_OF_BUFFER = 256


def _in_texts(change: Callable[[str], str]) -> Callable[[Write, Task], Task]:
    def store(_write: Write, task: Task) -> Task:
        description = None if task.description is None else change(task.description)
        return replace(task, title=change(task.title), description=description)

    return store


def _zero_is_empty(_call: Call, values: Values) -> Values:
    if values.get("title") == "0":
        raise bad_argument("The title is empty.")
    return {**values, "description": ""} if values.get("description") == "0" else values


def _decoded(text: str) -> str:
    """Return what a reader of JSON takes from the beginning of a text that looks like it."""
    if not text.startswith(("[", "{", '"')):
        return text
    try:
        value, _ = _DECODER.raw_decode(text)
        read = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        read.encode()
    except (ValueError, RecursionError):
        return text
    return read


def _one_short(_write: Write, task: Task) -> Task:
    return replace(task, title=task.title[:-1]) if len(task.title) == _LENGTH_OF_BUFFER else task


STUMBLING: tuple[Fault, ...] = (
    _loses(
        name="lone-zero-is-empty",
        stands_for="a language whose test for emptiness takes the text 0 for nothing",
        reported="https://github.com/Luracast/Restler/issues/277",
        binds=_zero_is_empty,
    ),
    _loses(
        name="line-cut-at-unmatched-angle",
        stands_for="a filter of markup that takes a less-than sign for a tag and drops its line's rest",
        reported="https://github.com/osTicket/osTicket/issues/3791",
        stores=_in_texts(lambda text: re.sub(r"<(?=[^\s<>])[^<>\r\n]*$", "", text, flags=re.MULTILINE)),
    ),
    _loses(
        name="emoji-glue-stripped",
        stands_for="a cleaner of invisible characters that takes selectors and joiners out of emoji",
        reported="https://github.com/guillaumemeyer/watermarks-remover/issues/22",
        stores=_in_texts(lambda text: re.sub("[\ufe0e\ufe0f\u200d]", "", text)),
    ),
    _alters(
        name="json-like-text-decoded",
        stands_for="a pipeline that takes a text in brackets for JSON, and keeps what it could parse",
        reported="https://github.com/jprante/elasticsearch-jdbc/issues/814",
        stores=_in_texts(_decoded),
    ),
    _alters(
        name="formula-sign-stripped",
        stands_for="a guard against formulas in spreadsheets that takes the sign off the front of any text",
        reported="https://github.com/openemr/openemr/pull/2700",
        stores=_in_texts(lambda text: re.sub(r"^[=+@-]+(?=.)", "", text)),
    ),
    _loses(
        name="title-of-256-loses-its-last-character",
        stands_for="a buffer of 256 that has no place for its terminator when it is full",
        reported="https://github.com/dvorka/hstr/pull/463",
        stores=_one_short,
    ),
)
