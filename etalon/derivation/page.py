"""A saved docs page as numbered lines, whatever it was saved as, and what was understood of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from etalon.errors import UserError


class PageError(UserError):
    """A file is no page that a spec could be derived from; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the saved file, or of an HTML page's text: its number from 1, its text without the break."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page.

    Attributes:
        name: the file's name without its ending; specs name the page by it.
        lines: all lines of its text, markup taken away.
    """

    name: str
    lines: tuple[Line, ...]


MISSING = "a page that was not given"
"""What a spec names as the page that lists the values of a member, where that page was not given."""

PARTIAL = "PARTIAL: "
"""What the detail of a note begins with where a page breaks off, so that the spec is not whole."""


class Standing(StrEnum):
    """What became of a statement of a page."""

    UNDERSTOOD = "understood"
    LEFT_OPEN = "left-open"


@dataclass(frozen=True, slots=True)
class Note:
    """One statement of a page, where it stands, and what became of it in the spec.

    Attributes:
        line: number of the line it stands in.
        place: the row or block that it belongs to, e.g. `title` or `example answer`.
        standing: whether the program turned it into schema.
        detail: what it became, or why it did not.
        page: name of the page; empty where only one page is looked at.
    """

    line: int
    place: str
    standing: Standing
    detail: str
    page: str = ""
