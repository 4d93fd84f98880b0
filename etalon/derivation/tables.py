r"""Rows of text tables: `| a | b |`, with or without the outer bars, `\|` for a bar inside a cell."""

from __future__ import annotations

import re

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")


def row_cells(text: str) -> tuple[str, ...] | None:
    r"""Splits a line into the cells of a table row.

    Args:
        text: a line of a page.

    Returns:
        The cells, stripped, with `\|` read as a bar; None where the line has no bar and so is no row.
    """
    if _BAR.search(text) is None:
        return None
    stripped = text.strip()
    parts = _BAR.split(stripped)
    if stripped.startswith("|"):
        parts = parts[1:]
    if len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    return tuple(part.strip().replace(r"\|", "|") for part in parts)


def is_rule(text: str) -> bool:
    """Whether a line is the `|---|---|` that Markdown sets between a table's head and its rows."""
    return "-" in text and "|" in text and _RULE.fullmatch(text) is not None
