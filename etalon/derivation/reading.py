"""Reads a saved docs page from disk, whatever it was saved as: plain text, Markdown or HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etalon.derivation.hypertext import is_hypertext, text_lines
from etalon.derivation.page import Line, Page, PageError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_PAGE = 10 * 1024 * 1024
"""Bytes. A vendor's page is some dozen kilobytes; what is larger than this is no page."""

LONGEST_TEXT = 512 * 1024
"""Characters, markup taken away: a saved page may carry pictures, but its text takes some dozen kilobytes."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_DECLARED_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE
)
_CHARSET_REACH = 4096
_BINARY = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file",
}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_INVISIBLE = str.maketrans(
    dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad") | {"\u00a0": " ", "\u202f": " "}
)


def read_page(path: Path) -> Page:
    r"""Reads a saved page.

    UTF-8 (with or without byte order mark), UTF-16 with one, and windows-1251 are read; HTML may declare
    another encoding. Text keeps its lines and their numbers. HTML becomes the lines of its text, numbered
    from 1 in the order of reading (its own lines often hold the whole page); a table row becomes
    `| a | b | c |`, with `\|` for a bar inside a cell. Spaces that do not break become plain ones, and
    characters without width are dropped.

    Args:
        path: the saved file.

    Returns:
        The page, named by the file without its ending.

    Raises:
        PageError: the file is missing, empty, no text, larger than 10 MiB, or has more than 512 KiB of text.
    """
    name = path.name
    try:
        if path.is_dir():
            raise PageError(f"{name} is a folder, not a saved page.")
        size = path.stat().st_size
        if size > LARGEST_PAGE:
            raise PageError(f"{name} is {size / 2**20:.0f} MiB; a saved page has at most 10 MiB.")
        content = path.read_bytes()
    except OSError as error:
        raise PageError(f"{name} cannot be read: {error.strerror or error}.") from error
    text = _decoded(name, content)
    if not text.strip():
        raise PageError(f"{name} is empty.")
    if is_hypertext(text, path.suffix):
        texts = text_lines(text)
        if not any(line.strip() for line in texts):
            raise PageError(f"{name} is HTML without any text; was it saved before the page was built?")
    else:
        texts = _LINE_BREAK.split(text)
    length = sum(map(len, texts))
    if length > LONGEST_TEXT:
        raise PageError(f"{name} holds {length // 1024} KiB of text; a page of the vendors' takes far less.")
    lines = tuple(
        Line(number, line.translate(_INVISIBLE).rstrip()) for number, line in enumerate(texts, start=1)
    )
    return Page(path.stem, lines)


def _decoded(name: str, content: bytes) -> str:
    for signature, kind in _BINARY.items():
        if content.startswith(signature):
            raise PageError(f"{name} is {kind}; save the page as text or as HTML.")
    if content.startswith(_UTF16_MARKS):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise PageError(f"{name} begins like UTF-16 and is not.") from error
    if b"\0" in content:
        raise PageError(f"{name} is a binary file, not a saved page.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED_CHARSET.search(content[:_CHARSET_REACH])
    candidates = [declared[1].decode("ascii")] if declared else []
    for encoding in [*candidates, "windows-1251"]:
        try:
            text = content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
        if _reads_as_russian(text):
            return text
    raise PageError(f"{name} is neither UTF-8 nor windows-1251 text.")


def _reads_as_russian(text: str) -> bool:
    """Whether the characters beyond ASCII are mostly Russian letters: windows-1251 decodes any noise."""
    beyond = [character for character in text if not character.isascii() and not character.isspace()]
    russian = sum(1 for character in beyond if "А" <= character <= "я" or character in "Ёё")
    controls = sum(1 for character in text if character < " " and character not in "\t\r\n\f\v")
    return controls == 0 and 2 * russian >= len(beyond)
