"""Text as Markdown (GitHub's and GitLab's): what a portal said stays text, and calls nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etalon.reporting.text import legible, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNS = "\\`*_[]<>|~$&"
# A mention or a reference to an issue is one only where nothing stands between the sign and the name.
_CALLING = re.compile(r"([@#!%^]|\\&|\bGH-)(?=[\w\"])")
# What GitHub makes a link of wherever it stands.
_ADDRESS = re.compile(
    r"(?:\b(?:https?|ftp)://|\bwww\.|\b(?:mailto|xmpp):)[^\s,;()\"'<>«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_WORD_JOINER = "\u2060"


VALUE_LENGTH = 200
"""How many characters of a value are shown."""


def prose(text: str, limit: int = 500) -> str:
    """A sentence on one line, in which nothing is markup or calls anybody; addresses are code, not links."""
    line = " ".join(legible(shortened(text, limit), plain="\n\u00a0\u202f").split())
    shown: list[str] = []
    done = 0
    for address in _ADDRESS.finditer(line):
        shown += _escaped(line[done : address.start()]), code(address[0].rstrip(".:!?"), limit)
        done = address.start() + len(address[0].rstrip(".:!?"))
    return "".join((*shown, _escaped(line[done:])))


def _escaped(line: str) -> str:
    for sign in _SIGNS:
        line = line.replace(sign, "\\" + sign)
    return _CALLING.sub(rf"\1{_WORD_JOINER}", line)


def code(text: str, limit: int = VALUE_LENGTH) -> str:
    """A value as a code span, fenced by more backticks than it has in a row; its pipes split no table."""
    line = legible(shortened(text, limit)).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    blank = " " if "`" in line or line != line.strip() or not line else ""
    return f"{fence}{blank}{line}{blank}{fence}"


def row(cells: Sequence[str]) -> str:
    """A row of a table; the cells are Markdown already."""
    return f"| {' | '.join(cells)} |"


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numbers_from: int | None = None
) -> list[str]:
    """A table as lines.

    Args:
        headings: Markdown already, as are the rows' cells.
        rows: as many cells each as there are headings.
        numbers_from: the first column of figures, which are set to the right.
    """
    rules = [
        "---:" if numbers_from is not None and column >= numbers_from else "---"
        for column in range(len(headings))
    ]
    return [row(headings), row(rules), *map(row, rows)]
