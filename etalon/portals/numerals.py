"""Whole numbers that a portal spells in text."""

from __future__ import annotations

_MOST_DIGITS = 1000
"""No id, count or status has more; beyond some thousands, Python refuses to read them."""


def whole_number(text: str) -> int | None:
    """The number that ASCII digits spell, and nothing else; None where it is none.

    Python's own reader takes signs, underscores and the digits of other scripts as well.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
