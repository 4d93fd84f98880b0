"""What the two kinds of overlay share."""

from __future__ import annotations

from dataclasses import dataclass

from etalon.derivation.page import PageError


class OverlayError(PageError):
    """A file is no overlay, or does not fit the spec that it is laid over; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A line of an overlay that found nothing to work on.

    Attributes:
        target: what it looked for, as the overlay spells it.
        reason: why the overlay has the line.
    """

    target: str
    reason: str

    def __str__(self) -> str:
        return f"overlay: {self.target} is no longer there ({self.reason})"
