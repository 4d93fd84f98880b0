"""The texts that a text may stand for: its escapes resolved and its codings undone, to a depth.

Whatever repeats a secret may spell it in its own way: as JSON in a URL, as HTML in JSON, in base64. Each view
of a text is one reading of it, and knows where in the text every character of that reading comes from. Bytes
of a coding are shown as Latin-1, one character a byte; whoever looks for a text beyond ASCII looks for its
UTF-8 in the same form. No reading is meant to be the right one: together they are meant to miss nothing.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from bisect import bisect_right
from functools import cached_property
from html import unescape
from html.entities import html5
from itertools import accumulate, chain
from struct import unpack
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Decoded = tuple[str, int, int]
    """Characters, and how many of the text (second) stand for how many of them (third)."""

_DEPTH = 3  # so many packed forms one inside the other are undone …
_ESCAPED_TIMES = 5  # … and so many escapes of escapes in each

_OLD_NAMES = "|".join(sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True))
# Runs of one kind are resolved at once, so that a text made of nothing else takes no longer.
_ESCAPES = re.compile(
    r"[\\%&](?:"  # one set of characters to begin with is what the search is fast for
    r"(?<=\\)(?:"
    r"(?P<unit>u[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*)"  # JSON, JavaScript, Java
    r"|(?P<byte>x[0-9A-Fa-f]{2}(?:\\x[0-9A-Fa-f]{2})*)"
    r"|(?P<octal>0?[0-3][0-7]{2})"
    r"|(?P<point>U[0-9A-Fa-f]{8}|[uU]\{[0-9A-Fa-f]{1,8}\}|U[0-9A-Fa-f]{4})"
    r"|(?P<backslashes>\\(?:\\\\)*)"
    r"|(?P<pair>.))"
    r"|(?<=%)(?:"
    r"(?P<percent>[0-9A-Fa-f]{2}(?:%[0-9A-Fa-f]{2})*)"
    r"|(?P<percent_unit>u[0-9A-Fa-f]{4}(?:%u[0-9A-Fa-f]{4})*))"  # escape() of old browsers
    r"|(?<=&)(?P<reference>#[0-9]{1,8};?|#[xX][0-9A-Fa-f]{1,8};?|[A-Za-z][A-Za-z0-9]{1,31};"
    rf"|(?:{_OLD_NAMES})))",
    re.DOTALL,
)
_ESCAPED = re.compile(r"[\\%&]")
_UNIT = re.compile(r"[\\%]u")
# Without its semicolon a reference may end before the digits do; this reads as many as an ASCII sign takes.
_SHORT_REFERENCE = re.compile(r"&#(?:[xX][2-7][0-9A-Fa-f]|1[0-2][0-9]|[3-9][0-9])")
_CONTROLS = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "a": "\a",
    "e": "\x1b",
    "0": "\0",
}
_QUOTED_PRINTABLE = re.compile(r"=(?:[0-9A-Fa-f]{2}(?:=[0-9A-Fa-f]{2})*|[ \t]*\r?\n)")
# What stands between the characters where UTF-16 is read as bytes, what nobody sees, and the breaks of long
# words that were wrapped.
_UNSEEN = "\x00\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_OF_A_WORD = "[^\\s\"'<>,;{}()\\[\\]]{16}"
_BETWEEN = re.compile(
    f"[{_UNSEEN}\r\n](?:(?<![\r\n])[{_UNSEEN}]*"
    f"|(?<={_OF_A_WORD}\n)[ \t]?(?=\\S)|(?<={_OF_A_WORD}\r)\n[ \t]?(?=\\S))"
)
# Eight bytes, of which a part of a secret has to have as many to count.
_BASE64 = re.compile(r"([A-Za-z0-9+/_-]{11,})={0,2}")
_HEX = re.compile(r"([0-9A-Fa-f]{16,})")
_HEX_APART = re.compile(r"([0-9A-Fa-f]{2}(?:[ :-][0-9A-Fa-f]{2}){7,})")
_URL_SAFE = str.maketrans("-_", "+/")
_SEPARATORS = str.maketrans("", "", " :-")
_NUMBERS = re.compile(
    r"[0-9](?:x[0-9A-Fa-f]{2}|[0-9]{0,2})(?:[,;\s]\s?[0-9](?:x[0-9A-Fa-f]{2}|[0-9]{0,2})){7,}"
)
_NUMBER = re.compile(r"0x[0-9A-Fa-f]{2}|[0-9]{1,3}")
_LARGEST_BYTE = 255
_LARGEST_POINT = 0x10FFFF
_LONGEST_REFERENCE = 2  # no name of HTML stands for more characters
# Of what was unpacked, only this can be coded once more: what is decoded from the wrong place is noise.
_LEGIBLE = re.compile(r"[\t\n\r -~]{11,}")
_WIDE = re.compile(r"(?:[ -~]\0){8}|(?:\0[ -~]){8}")
_NOTHING_ELSE = "\x01"
"""Stands between what does not belong together; no text of a user has it."""


class _Stretch(NamedTuple):
    """A part of a view and what it was made of.

    Attributes:
        at: where in the view it begins.
        length: its characters.
        source: where in the view's parent it begins.
        taken: so many characters of the parent …
        given: … stand for so many of the view.
        gap: how many of those taken only stand between two.
        tail: what of the parent belongs to its last character as well.
    """

    at: int
    length: int
    source: int
    taken: int = 1
    given: int = 1
    gap: int = 0
    tail: int = 0


class View:
    """One reading of a text.

    Attributes:
        text: the reading.
        is_unpacked: whether it was unpacked without knowing where to begin, so that most of it is noise.
    """

    def __init__(
        self,
        text: str,
        parent: View | None = None,
        stretches: Callable[[], Sequence[_Stretch]] = tuple,
        *,
        is_unpacked: bool = False,
    ) -> None:
        """Take a reading over.

        Args:
            text: the reading.
            parent: what it was read from; None for the text itself.
            stretches: tells how its parts lie in its parent, in their order.
            is_unpacked: as the attribute.
        """
        self.text = text
        self.is_unpacked = is_unpacked
        self._parent = parent
        self._tell = stretches

    @cached_property
    def _stretches(self) -> Sequence[_Stretch]:
        return self._tell()

    @cached_property
    def _places(self) -> Sequence[int]:
        return [stretch.at for stretch in self._stretches]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text itself a part of this reading stands; the part is not empty."""
        if self._parent is None:
            return start, end
        return self._parent.origin(self._source(start)[0], self._source(end - 1)[1])

    def _source(self, place: int) -> tuple[int, int]:
        stretch = self._stretches[bisect_right(self._places, place) - 1]
        inside = min(place - stretch.at, stretch.length - 1)
        end = stretch.source - (-(inside + 1) * stretch.taken // stretch.given) - stretch.gap
        is_last = inside == stretch.length - 1
        return stretch.source + inside * stretch.taken // stretch.given, end + (
            stretch.tail if is_last else 0
        )


def views(text: str) -> Iterator[View]:
    """Every reading of a text, itself first."""
    waiting = [(View(text), _ESCAPED_TIMES, _DEPTH)]
    while waiting:
        view, escapes, depth = waiting.pop()
        yield view
        wide = list(_wide(view)) if view.is_unpacked else []
        yield from wide
        for legible in chain.from_iterable(map(_legible, (view, *wide))) if view.is_unpacked else (view,):
            # No sign of a packed form begins an escape: what is packed here is packed there as well. But
            # escapes without end are not followed, lest one of them keeps the rest of a text from being read.
            children = _without_escapes(legible) if escapes else []
            waiting += [(child, escapes - 1, depth) for child in children]
            if not children and depth:
                waiting += [(child, _ESCAPED_TIMES, depth - 1) for child in _unpacked_forms(legible)]


def resolved(text: str) -> list[str]:
    """A text, and what it becomes when its escapes are resolved, again and again."""
    found = [View(text)]
    while len(found) <= _ESCAPED_TIMES and (further := [*_rewritten(found[-1], _ESCAPES, _unescaped)]):
        found += further
    return [view.text for view in found]


def _without_escapes(view: View) -> list[View]:
    if not _ESCAPED.search(view.text):
        return []
    found = list(_rewritten(view, _ESCAPES, _unescaped))
    if found and "&#" in view.text:
        found += _rewritten(view, _SHORT_REFERENCE, _unescaped_short)
    return found


def _unpacked_forms(view: View) -> Iterator[View]:
    yield from _rewritten(view, _QUOTED_PRINTABLE, _unquoted)
    yield from _rewritten(view, _BETWEEN, _dropped)
    yield from _unpacked(view, _BASE64, 4, _of_base64, _Stretch(0, 0, 0, 4, 3))
    yield from _unpacked(view, _HEX, 2, _of_hex, _Stretch(0, 0, 0, 2))
    yield from _unpacked(view, _HEX_APART, 1, _of_hex, _Stretch(0, 0, 0, 3, 1, 1))
    yield from _of_numbers(view)


def _rewritten(
    view: View, pattern: re.Pattern[str], decoded: Callable[[re.Match[str]], Decoded | None]
) -> Iterator[View]:
    """The view with what a pattern finds in it replaced; none where nothing is."""
    text = view.text
    parts: list[str] = []
    stretches: list[_Stretch] = []
    at = done = 0
    for match in pattern.finditer(text):
        replacement = decoded(match)
        if replacement is None:
            continue
        start, end = match.span()
        if start > done:
            parts.append(text[done:start])
            stretches.append(_Stretch(at, start - done, done))
            at += start - done
        new, taken, given = replacement
        if new:
            parts.append(new)
            stretches.append(_Stretch(at, len(new), start, taken, given))
            at += len(new)
        done = end
    if done:
        if done < len(text):
            parts.append(text[done:])
            stretches.append(_Stretch(at, len(text) - done, done))
        yield View("".join(parts), view, lambda: stretches)


def _unescaped(match: re.Match[str]) -> Decoded | None:
    return _UNESCAPE[match.lastgroup or ""](match[0])


def _units(spelled: str) -> Decoded:
    # Halves of a pair stay halves, so that each of them is six characters of the text.
    units = bytes.fromhex(_UNIT.sub("", spelled))
    return "".join(map(chr, unpack(f">{len(units) // 2}H", units))), 6, 1


def _bytes(spelled: str) -> Decoded:
    introduced = "%" if spelled[0] == "%" else "\\x"
    return bytes.fromhex(spelled.replace(introduced, "")).decode("latin-1"), len(introduced) + 2, 1


def _point(spelled: str) -> Decoded | None:
    point = int(spelled[2:].strip("{}"), 16)
    return (chr(point), len(spelled), 1) if point <= _LARGEST_POINT else None


def _reference(spelled: str) -> Decoded | None:
    new = unescape(spelled)
    return (new, len(spelled), len(new)) if 0 < len(new) <= _LONGEST_REFERENCE else None


_UNESCAPE: Mapping[str, Callable[[str], Decoded | None]] = {
    "unit": _units,
    "byte": _bytes,
    "percent": _bytes,
    "percent_unit": _units,
    "octal": lambda spelled: (chr(int(spelled[1:], 8)), len(spelled), 1),
    "point": _point,
    "backslashes": lambda spelled: (spelled[::2], 2, 1),
    "pair": lambda spelled: (_CONTROLS.get(spelled[1], spelled[1]), 2, 1),
    "reference": _reference,
}


def _unescaped_short(match: re.Match[str]) -> Decoded:
    return unescape(match[0] + ";"), len(match[0]), 1


def _unquoted(match: re.Match[str]) -> Decoded:
    if match[0].endswith("\n"):
        return "", 1, 1
    return bytes.fromhex(match[0].replace("=", "")).decode("latin-1"), 3, 1


def _dropped(_match: re.Match[str]) -> Decoded:
    return "", 1, 1


def _unpacked(
    view: View,
    pattern: re.Pattern[str],
    group: int,
    unpack_all: Callable[[list[str]], tuple[bytes, list[int]]],
    ratio: _Stretch,
) -> Iterator[View]:
    """What the runs of a packed form stand for, from each character on that may be the first of a group."""
    text = view.text
    runs = [(*match.span(1), match.end()) for match in pattern.finditer(text)]
    for skipped in range(group) if runs else ():
        content, sizes = unpack_all([text[start + skipped : end] for start, end, _ in runs])

        def stretches(skipped: int = skipped, sizes: list[int] = sizes) -> list[_Stretch]:
            at = [0, *accumulate(sizes)]
            found = []
            for place, (start, end, whole) in zip(at, runs, strict=False):
                length = (end - start - skipped + ratio.gap) * ratio.given // ratio.taken
                found.append(
                    ratio._replace(at=place, length=length, source=start + skipped, tail=whole - end)
                )
            return found

        yield View(content.decode("latin-1"), view, stretches, is_unpacked=True)


def _of_base64(runs: list[str]) -> tuple[bytes, list[int]]:
    """The bytes of runs of base64, and of how many each run has become; it ends in bytes of its padding."""
    padded = [run + "AAAA"[len(run) & 3 :] for run in runs]
    return a2b_base64("".join(padded).translate(_URL_SAFE)), [len(run) // 4 * 3 for run in padded]


def _of_hex(runs: list[str]) -> tuple[bytes, list[int]]:
    """Likewise for hexadecimal digits, a zero after each run."""
    digits = [run.translate(_SEPARATORS) for run in runs]
    padded = [run + "00"[len(run) & 1 :] for run in digits]
    return bytes.fromhex("".join(padded)), [len(run) // 2 for run in padded]


def _of_numbers(view: View) -> Iterator[View]:
    """Bytes written as a list of numbers, as Node.js, Go and Java write them."""
    parts: list[str] = []
    stretches: list[_Stretch] = []
    for listed in _NUMBERS.finditer(view.text):
        for number in _NUMBER.finditer(listed[0]):
            value = int(number[0], 0) if number[0].startswith("0x") else int(number[0])
            if value <= _LARGEST_BYTE:
                start, end = number.span()
                stretches.append(_Stretch(len(parts), 1, listed.start() + start, end - start))
                parts.append(chr(value))
        stretches.append(_Stretch(len(parts), 1, listed.end()))
        parts.append(_NOTHING_ELSE)
    if parts:
        yield View("".join(parts), view, lambda: stretches, is_unpacked=True)


def _wide(view: View) -> Iterator[View]:
    """A view of bytes without the zero that stands between each two characters of UTF-16."""
    if "\0" in view.text and _WIDE.search(view.text):
        yield from _rewritten(view, _BETWEEN, _dropped)


def _legible(view: View) -> Iterator[View]:
    """What of a view of bytes may be a text."""
    parts: list[str] = []
    stretches: list[_Stretch] = []
    at = 0
    for match in _LEGIBLE.finditer(view.text):
        parts += match[0], _NOTHING_ELSE
        stretches.append(_Stretch(at, len(match[0]) + 1, match.start()))
        at += len(match[0]) + 1
    if parts:
        yield View("".join(parts), view, lambda: stretches)
