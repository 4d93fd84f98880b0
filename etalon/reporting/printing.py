"""The doors to a terminal and to a CI job's log: nothing that a portal says goes through them as it is.

A terminal obeys what it is shown (ESC and what follows), a CI runner obeys lines of a log (`::error::`,
`##[…]`), a reader is misled by what turns the direction of text round or cannot be seen. Each has its name
shown instead. All that Etalon prints is printed here, or by a console from here.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from rich.console import Console, RenderHook
from rich.segment import Segment

from etalon.reporting.text import legible

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from rich.console import ConsoleOptions, ConsoleRenderable, RenderableType, RenderResult

_BLANKS = "\u00a0\u202f"
# GitHub (`::error::` as the first of a line, blanks aside; `##[error]` anywhere), Azure (`##vso[`), TeamCity.
_COMMAND = re.compile(r"(?<!\S)::(?=[A-Za-z])|##(?=[A-Za-z]*\[)")
_JSON_ESCAPED = re.compile(r"##(?=[A-Za-z]*\[)|[^\n -~]")


def printable(text: str, *, lines: bool = False) -> str:
    """A text as it may go to a terminal or into a log.

    Args:
        text: anything.
        lines: whether it has lines of its own; otherwise a line break is named like other controls.
    """
    return _COMMAND.sub(r"‹\g<0>›", legible(text, plain=_BLANKS + ("\n\t" if lines else "")))


def printable_json(text: str) -> str:
    """A JSON document as it may go to a terminal: the same document, what could do harm in it escaped."""
    return _JSON_ESCAPED.sub(_escaped, text)


def tell(text: str) -> None:
    """Print an answer to standard output: one line or several."""
    _write(printable(text, lines=True), sys.stdout)


def tell_json(text: str) -> None:
    """Print a JSON document to standard output."""
    _write(printable_json(text), sys.stdout)


def warn(sentence: str, *, lines: bool = False) -> None:
    """Say something beside the answer, on standard error.

    Args:
        sentence: without Etalon's name, which goes before it.
        lines: whether it has lines of its own.
    """
    _write("etalon: " + printable(sentence, lines=lines), sys.stderr)


def tell_to(stream: TextIO, line: str) -> None:
    """Print a line to a stream of one's own."""
    _write(printable(line), stream)


def console(*, stderr: bool = False, file: TextIO | None = None) -> Console:
    """A console of rich that takes no text for markup, and shows none that a terminal or a log would obey."""
    made = Console(stderr=stderr, file=file, markup=False, emoji=False, highlight=False)
    made.push_render_hook(_Filter())
    return made


def _write(text: str, stream: TextIO) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _escaped(found: re.Match[str]) -> str:
    if found[0].isprintable() and found[0] != "##":
        return found[0]
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


class _Filter(RenderHook):
    """Has everything that a console renders filtered, whoever made it."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Filtered(renderable) for renderable in renderables]


class _Filtered:
    """What is rendered, its text filtered; what steers the terminal comes from rich alone."""

    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from _filtered(console.render(self._renderable, options))


def _filtered(segments: Iterable[Segment]) -> Iterable[Segment]:
    for segment in segments:
        if segment.control:
            yield segment
        else:
            yield Segment(printable(segment.text, lines=True), segment.style)
