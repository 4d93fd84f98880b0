"""Faults of values that do harm by what they are made of, alone or beside an odd neighbour."""

from __future__ import annotations

import math
import re
import unicodedata
from contextlib import suppress
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.faults.fault import Fault, texts_read

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.changes import Changes
    from etalon.vendors.planfix.mock.hooks import Merge, Read
    from etalon.vendors.planfix.mock.state import Task

_NUMBER: Final = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_SELECTOR: Final = re.compile("[\ufe00-\ufe0f]")
_INTEGER_LIMIT: Final = 2**31
_INTEGER_RANGE: Final = 2**32
_EXACT_INTEGERS: Final = 2**53


def _as_a_number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    if not math.isfinite(number):
        return "Infinity"
    return str(int(number)) if number.is_integer() and abs(number) < _EXACT_INTEGERS else repr(number)


def _without_leading_marks(text: str) -> str:
    return "".join(dropwhile(unicodedata.combining, text))


def _unless_the_last(at: Merge) -> Task:
    if not at.changes.del_users or at.after.users:
        return at.after
    return replace(at.after, users=at.before.users)


def _up_to_a_repetition(at: Read) -> Changes:
    ids = at.changes.add_users
    end = next((place for place, number in enumerate(ids) if number in ids[:place]), len(ids))
    return replace(at.changes, add_users=ids[:end])


def _wrap_ids(request: Element) -> None:
    for node in request.iterfind("task//id"):
        with suppress(ValueError):
            number = int(node.text or "")
            if number >= _INTEGER_LIMIT:
                node.text = str((number + _INTEGER_LIMIT) % _INTEGER_RANGE - _INTEGER_LIMIT)


NEIGHBOURLY: Final = (
    Fault(
        name="text-of-zero-emptied",
        family=FaultFamily.LOSES,
        stands_for="A text that is a single zero counts as no text, and is stored as none.",
        reported="https://github.com/vlucas/phpDataMapper/pull/5",
        read=texts_read(lambda text: "" if text == "0" else text),
    ),
    Fault(
        name="text-read-as-number",
        family=FaultFamily.ALTERS,
        stands_for="What looks like a number becomes one: leading zeros and exponents are gone.",
        reported="https://github.com/NaturalIntelligence/fast-xml-parser/issues/273",
        read=texts_read(_as_a_number),
    ),
    Fault(
        name="text-null-emptied",
        family=FaultFamily.LOSES,
        stands_for="The word null, written as a text, is taken for the absence of one.",
        reported="https://github.com/QueryaHub/Querya-Desktop/pull/599",
        read=texts_read(lambda text: "" if text.lower() == "null" else text),
    ),
    Fault(
        name="variation-selectors-lost",
        family=FaultFamily.ALTERS,
        stands_for="A clean-up of emoji takes away the selectors that tell their shape, and keeps the rest.",
        reported="https://github.com/aaronpk/webmention.io/issues/203",
        read=texts_read(lambda text: _SELECTOR.sub("", text)),
    ),
    Fault(
        name="leading-mark-lost",
        family=FaultFamily.LOSES,
        stands_for="Combining marks with no letter before them are stripped, and may leave nothing.",
        reported="https://github.com/mapbox/carmen/pull/706",
        read=texts_read(_without_leading_marks),
    ),
    Fault(
        name="last-worker-stays",
        family=FaultFamily.LOSES,
        stands_for="Taking the last assignee away leaves an empty parameter, which is dropped on the way.",
        reported="https://github.com/egegunes/redmine-cli/pull/37",
        merged=_unless_the_last,
    ),
    Fault(
        name="repeated-id-ends-list",
        family=FaultFamily.LOSES,
        stands_for="Rows of a list are inserted at once, and one that is there twice takes the rest with it.",
        reported="https://github.com/makeplane/plane/pull/6447",
        read=_up_to_a_repetition,
    ),
    Fault(
        name="large-id-wraps-around",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="Ids are cut to 32 bits without a check, and a large one loops round to a small one.",
        reported="https://github.com/OasisLMF/ktools/issues/112",
        received=_wrap_ids,
    ),
)
