"""How long a portal that limits requests asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from etalon.portals.exchange import header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.portals.exchange import Response

LONGEST_WAIT = 60.0
"""Seconds; a portal that asks for more is given up sooner than waited for."""


def first_number(response: Response, names: Sequence[str]) -> float | None:
    """The number that the first of some headers holds; None where none does."""
    for name in names:
        text = (header(response.headers, name) or "").strip()
        if text.isascii() and text.isdigit():
            return float(text)
    return None


def wait_asked_for(response: Response, attempt: int) -> float:
    """Seconds to wait: what `Retry-After` asks for (RFC 9110 section 10.2.3), else 1, 2, 4."""
    asked = (header(response.headers, "retry-after") or "").strip()
    seconds = _seconds(asked)
    return float(2**attempt) if seconds is None else min(max(seconds, 0.0), LONGEST_WAIT)


def _seconds(retry_after: str) -> float | None:
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
