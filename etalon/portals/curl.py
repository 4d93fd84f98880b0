"""Exchanges as text for people: HTTP messages without secrets, and `curl` lines that send them again."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from etalon.portals.exchange import Exchange, Headers, Request
    from etalon.portals.secrets import Redactor

_LONGEST_SHOWN = 20_000
_VARIABLE = re.compile(r"\$([A-Z0-9_]+)")
_BASIC = re.compile(r"^Basic (\$\S+)$")
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
        redactor: its names stand for the secrets (`$R7_TOKEN`), to be set in the shell beforehand.
        placeholders: text of the request → text with a shell variable in its place (`/task/7` →
            `/task/$TASK_ID`), for ids that the run has removed since.
    """
    replaced = placeholders or {}
    names = redactor.names | frozenset(_VARIABLE.findall(" ".join(replaced.values())))
    return "\n".join(_curl(exchange.request, redactor, replaced, names) for exchange in exchanges)


def _curl(
    request: Request, redactor: Redactor, placeholders: Mapping[str, str], names: frozenset[str]
) -> str:
    def quoted(text: str) -> str:
        return _quoted(_with_placeholders(redactor.clean(text), placeholders), names)

    words = ["curl", "-sS", "-X", request.method, quoted(request.url)]
    for name, value in request.headers:
        if name.lower() in _IMPLIED:
            continue
        shown = redactor.header(name, value)
        basic = _BASIC.match(shown)
        if basic:
            words += ["-u", f'"{basic[1]}"']
        else:
            words += ["-H", quoted(f"{name}: {shown}")]
    if request.body:
        words += ["--data-binary", _quoted_body(request.body, quoted)]
    return " ".join(words)


def _quoted_body(body: bytes, quoted: Callable[[str], str]) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return "$'" + "".join(f"\\x{byte:02x}" for byte in body) + "'"
    return quoted(text)


def _with_placeholders(text: str, placeholders: Mapping[str, str]) -> str:
    for value, name in placeholders.items():
        text = text.replace(value, name)
    return text


def _quoted(text: str, names: frozenset[str]) -> str:
    """Shell-quote a text so that the variables named in it, and nothing else, are expanded."""
    if not names:
        return shlex.quote(text)
    variables = "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))
    parts = re.split(rf"(\$(?:{variables})\b)", text)
    return "".join(
        f'"{part}"' if index % 2 else shlex.quote(part) for index, part in enumerate(parts) if part
    )


def _message(start: str, headers: Headers, body: bytes, redactor: Redactor) -> str:
    lines = [start, *(f"{name}: {redactor.header(name, value)}" for name, value in headers)]
    text = redactor.clean(body.decode("utf-8", errors="backslashreplace"))
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}… ({len(text):,} characters in all)"
    return "\n".join(lines) + ("\n\n" + text if text else "")
