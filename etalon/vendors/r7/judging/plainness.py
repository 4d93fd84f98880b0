"""Which values an R7 portal has no reason to alter: plain texts, and moments spelled without extras.

What else texts and moments can be has requirements of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etalon.resources.instants import TICKS_PER_SECOND, ticks
from etalon.resources.values import Likeness

if TYPE_CHECKING:
    from etalon.judging.evidence import Change
    from etalon.resources.resource import Member
    from etalon.resources.values import Value

_PLAIN = re.compile(r"\w[\w ,.:;!?()№-]{0,198}[\w.!?)]")


def is_plain_value(value: Value) -> bool:
    """Whether a value is an instant, a number, or a text that no portal has reason to clean or to cut."""
    return not isinstance(value, str) or _PLAIN.fullmatch(value) is not None


def sends_plainly(member: Member, change: Change) -> bool:
    """Whether what a change sends for a member is plain; what it does not send is."""
    names = member.parameters(change.exchange.operation)
    if len(names) > 1 and any(name in change.body for name in names):
        # What half of it does, or an empty part, has requirements of its own.
        return all(change.body.get(name) for name in names)
    if not member.is_text and member.parts[0].likeness is not Likeness.INSTANT:
        return True
    return all(_is_plain_raw(member, change.body[name]) for name in names if name in change.body)


def fraction_of(raw: object) -> int:
    """The fraction of a second that a spelling of a moment has, in units of 100 ns; 0 where it names none."""
    instant = ticks(raw) if isinstance(raw, str) else None
    return 0 if instant is None else instant % TICKS_PER_SECOND


def is_in_utc(raw: object) -> bool:
    """Whether a spelling of a moment ends in the letter for UTC."""
    return isinstance(raw, str) and raw.endswith("Z")


def _is_plain_raw(member: Member, raw: object) -> bool:
    if member.is_text:
        return raw is None or (isinstance(raw, str) and _PLAIN.fullmatch(raw) is not None)
    return is_in_utc(raw) and not fraction_of(raw)
