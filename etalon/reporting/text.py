"""Text from a portal, made safe to look at: what is invisible gets a name, what is endless gets cut."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Printable by category, blank to the eye: fillers, joiners and variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(selector) for selector in range(0xFE00, 0xFE10)
}
_SHORT_NAMES = {
    "\u00a0": "NBSP",
    "\u00ad": "SHY",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u2028": "LSEP",
    "\u2029": "PSEP",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u202f": "NNBSP",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
    "\ufe0e": "VS15",
    "\ufe0f": "VS16",
    "\x7f": "DEL",
}
# Unicode names no control characters; these are the names of ECMA-48 (and ISO 646).
_CONTROL_NAMES = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI "
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
_CONTROLS = tuple(_CONTROL_NAMES.split())


@dataclass(frozen=True, slots=True)
class Mark:
    """A character that cannot be seen, or that would disturb what stands around it.

    Attributes:
        char: the character.
        count: how many of it stand in a row.
    """

    char: str
    count: int = 1

    @property
    def label(self) -> str:
        """A short name: `NBSP`, `RLO`, `ESC`, else the code point."""
        return short_name(self.char) + (f" ×{self.count}" if self.count > 1 else "")

    @property
    def title(self) -> str:
        """The code point with its full name."""
        return code_point(self.char)


def short_name(char: str) -> str:
    """What to call a character that cannot be seen: `NBSP`, `RLO`, `ESC`, else its code point."""
    if ord(char) < len(_CONTROLS):
        return _CONTROLS[ord(char)]
    return _SHORT_NAMES.get(char, f"U+{ord(char):04X}")


def code_point(char: str) -> str:
    """A character's code point and Unicode name, e.g. `U+0306 COMBINING BREVE`."""
    return f"U+{ord(char):04X} {unicodedata.name(char, short_name(char))}"


def pieces(text: str, *, plain: str = "") -> Iterator[str | Mark]:
    """Tell what can be seen from what cannot.

    Args:
        text: anything, lone surrogates included.
        plain: characters that the medium shows well by itself (a line break in a block, say).

    Yields:
        Stretches of visible text, and marks for runs of one invisible character.
    """
    if text.isprintable() and _BLANK.isdisjoint(text):
        if text:
            yield text
        return
    for hidden, run in groupby(text, lambda char: char if _hidden(char, plain) else ""):
        characters = "".join(run)
        yield Mark(hidden, len(characters)) if hidden else characters


def legible(text: str, *, plain: str = "") -> str:
    """The text with every invisible character as its name in angle brackets: `‹RLO›`.

    What comes back holds no control, no bidirectional override, nothing that XML forbids or that a
    terminal would obey, save the characters in `plain`.
    """
    return "".join(
        f"‹{piece.label}›" if isinstance(piece, Mark) else piece for piece in pieces(text, plain=plain)
    )


def shortened(text: str, limit: int) -> str:
    """The text, or its head and how many characters were left out of it, `limit` characters at most kept."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … (+{len(text) - limit})"


def _hidden(char: str, plain: str) -> bool:
    return char not in plain and (not char.isprintable() or char in _BLANK)
