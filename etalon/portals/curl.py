"""Exchanges as text for people: HTTP messages without secrets, and `curl` lines that send them again."""

from __future__ import annotations

import re
import shlex
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from etalon.portals.exchange import header
from etalon.portals.secrets import Piece, template_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from etalon.portals.exchange import Exchange, Headers, Request
    from etalon.portals.secrets import Redactor

_LONGEST_SHOWN = 20_000
_LONGEST_WORDS = 200
_SHELL_SIGNS = re.compile(r"[;&|`<>()\\!'\"]|\$(?![A-Z_])")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_ILLEGIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]+")
# Set by curl or by the connection, so a line reads better without them.
_IMPLIED = frozenset({"content-length", "host", "connection", "accept-encoding", "user-agent"})


def request_text(request: Request, redactor: Redactor) -> str:
    """A request as an HTTP/1.1 message, its secrets replaced."""
    start = f"{request.method} {redactor.clean(request.url)}"
    return _message(start, request.headers, request.body, redactor)


def response_text(exchange: Exchange, redactor: Redactor) -> str:
    """An answer as an HTTP/1.1 message, its secrets replaced."""
    response = exchange.response
    return _message(f"HTTP/1.1 {response.status}", response.headers, response.body, redactor)


def curl_lines(
    exchanges: Iterable[Exchange], redactor: Redactor, placeholders: Mapping[str, str] | None = None
) -> str:
    """One `curl` command per exchange, in order.

    Args:
        exchanges: what to send again.
        redactor: its names stand for the secrets (`$API_TOKEN`), to be set in the shell beforehand.
        placeholders: text of a request that no digit follows (`/task/7`) → what takes its place
            (`/task/$TASK_ID`), for ids that the run has removed since.
    """
    pieces = _splitter(redactor, placeholders or {})
    return "\n".join(_curl(exchange.request, redactor, pieces) for exchange in exchanges)


def numbered_lines(
    steps: Iterable[tuple[str, Exchange]],
    redactor: Redactor,
    placeholders: Mapping[str, str] | None = None,
) -> str:
    """Steps as a numbered list: what each does, as a comment of the shell, and the `curl` that does it.

    Args:
        steps: in words, and as the exchange to send again.
        redactor: as in `curl_lines`.
        placeholders: as in `curl_lines`.
    """
    pieces = _splitter(redactor, placeholders or {})
    return "\n".join(
        f"# {number}. {in_a_comment(redactor.clean(says))}\n{_curl(exchange.request, redactor, pieces)}"
        for number, (says, exchange) in enumerate(steps, start=1)
    )


def in_a_comment(text: str) -> str:
    """Text that cannot end the comment that it stands in, nor be run where a shell knows no comments.

    An interactive zsh takes `#` for a command, so that what follows a semicolon would be the next one.
    """
    line = _SHELL_SIGNS.sub(" ", "".join(sign if sign.isprintable() else " " for sign in text))
    return line if len(line) <= _LONGEST_WORDS else f"{line[:_LONGEST_WORDS]}…"


def _curl(request: Request, redactor: Redactor, pieces: Callable[[str], list[Piece]]) -> str:
    # Without -g, curl takes brackets and braces of a URL for several; without --url, a dash for an option.
    words = ["curl", "-gsS", "-X", shlex.quote(request.method)]
    words += ["--url"] if request.url.startswith("-") else []
    words.append(_in_quotes(pieces(_ILLEGIBLE.sub(_percent_coded, request.url))))
    for name, value in request.headers:
        if name.lower() in _IMPLIED or not _NAME.fullmatch(name):
            continue  # curl would read a file that `@name` names
        shown = redactor.header(name, "".join(sign if sign.isprintable() else " " for sign in value))
        if shown[:1] == [Piece("Basic ")] and len(shown) > 1:
            words += ["-u", _quoted(shown[1:])]
        else:
            words += ["-H", _quoted([Piece(f"{name}: " if shown else f"{name};"), *shown])]
    if not request.body:
        return " ".join(words)
    if header(request.headers, "content-type") is None:
        words += ["-H", "Content-Type:"]  # else curl declares a form
    text = _decoded(request.body)
    if text is not None and text.isprintable():
        return " ".join([*words, "--data-raw", _quoted(pieces(text))])
    # No argument can hold a zero byte, a terminal spoils what is no UTF-8, and what is copied to one must
    # hold no line break and no control that it would obey.
    coded = "latin-1" if text is None else "utf-8"
    escaped = [
        piece if piece.is_variable else Piece(_octal(piece.text, coded))
        for piece in pieces(request.body.decode(coded))
    ]
    return f"printf %b {_quoted(escaped)} | {' '.join(words)} --data-binary @-"


def _decoded(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _octal(text: str, coding: str) -> str:
    """A text, or one that stands for bytes, as `printf %b` reads it."""
    return "".join(
        character
        if character != "\\" and character.isprintable() and (coding == "utf-8" or character.isascii())
        else "".join(f"\\0{byte:03o}" for byte in character.encode(coding, "replace"))
        for character in text
    )


def _percent_coded(match: re.Match[str]) -> str:
    return quote(match[0].encode(errors="surrogatepass"))


def _splitter(redactor: Redactor, placeholders: Mapping[str, str]) -> Callable[[str], list[Piece]]:
    """What takes a text to pieces: its own, those that stand for secrets, and those for removed ids."""
    known = "|".join(re.escape(text) for text in sorted(placeholders, key=len, reverse=True))
    removed = re.compile(rf"((?:{known or '(?!)'})(?!\d))")

    def split(text: str) -> Iterator[Piece]:
        for index, part in enumerate(removed.split(text)):
            yield from template_pieces(placeholders[part]) if index % 2 else redactor.pieces(part)

    return lambda text: [piece for piece in split(text) if piece.text]


def _in_quotes(pieces: Iterable[Piece]) -> str:
    """Likewise, with quotes around what needs none today: a URL is edited where it is pasted."""
    quoted = _quoted(pieces)
    return f"'{quoted}'" if quoted == shlex.quote(quoted) else quoted


def _quoted(pieces: Iterable[Piece]) -> str:
    """Quote for a shell so that the variables, and nothing else, are expanded."""
    runs = groupby(pieces, key=lambda piece: piece.is_variable)
    return (
        "".join(
            "".join(f'"{piece}"' for piece in run) if variables else shlex.quote("".join(map(str, run)))
            for variables, run in runs
        )
        or "''"
    )


def _message(start: str, headers: Headers, body: bytes, redactor: Redactor) -> str:
    lines = [
        start,
        *(
            f"{redactor.clean(name)}: {''.join(map(str, redactor.header(name, value)))}"
            for name, value in headers
        ),
    ]
    whole = body.decode("utf-8", errors="backslashreplace")
    # What is not shown need not be cleaned, but for a secret that lies across the end of what is.
    text = redactor.clean(whole[: _LONGEST_SHOWN * 4])
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}… ({max(len(text), len(whole)):,} characters in all)"
    return "\n".join(lines) + ("\n\n" + text if text else "")
