"""Recordings of traffic in the HTTP Archive format (HAR 1.2), as browsers and proxies write it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from etalon import __version__
from etalon.errors import UserError
from etalon.messages import Message
from etalon.portals.exchange import Exchange, Request, Response, header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from etalon.portals.exchange import Headers
    from etalon.portals.secrets import Redactor

_STATUSES = range(100, 1000)
_LARGEST = 256 * 1024 * 1024
# Milliseconds in a year: nothing takes longer.
_LONGEST = 366 * 24 * 3600 * 1000
OWN = re.compile(r'\A\s*\{\s*"log"\s*:\s*\{[^{}]{0,200}"creator"\s*:\s*\{\s*"name"\s*:\s*"Etalon"')
"""What a recording of Etalon's own begins with."""


class RecordingError(UserError):
    """A file is no recording that can be read; the message is for the user."""


def har_text(recorded: Iterable[tuple[Exchange, Redactor]]) -> str:
    """Exchanges as a HAR document, each without what its redactor knows as secret.

    Cookies are left out for good, since their values are credentials.
    """
    entries = [_entry(exchange, redactor) for exchange, redactor in recorded]
    document = {
        "log": {"version": "1.2", "creator": {"name": "Etalon", "version": __version__}, "entries": entries}
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read_har(path: Path) -> tuple[list[Exchange], int]:
    """The exchanges of a recording, in the order in which they began, and how many cannot be read.

    Their operation is empty: what was asked for depends on the kind of the portal. Entries without an answer,
    as a browser writes for requests that were broken off, are left out.

    Raises:
        RecordingError: the file cannot be read, or is no HAR document.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise RecordingError(Message("recording-too-large", path=str(path), size=_LARGEST >> 20))
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RecordingError(
            Message("unreadable", where=str(path), why=error.strerror or str(error))
        ) from error
    except (ValueError, RecursionError) as error:
        raise RecordingError(Message("wants-har", path=str(path))) from error
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise RecordingError(Message("wants-har-entries", path=str(path)))
    found: list[Exchange] = []
    unreadable = 0
    for entry in entries:
        try:
            if _is_answered(entry):
                found.append(_exchange(entry))
        except (_UnreadableEntryError, ValueError):
            unreadable += 1
    found.sort(key=lambda exchange: exchange.at)  # a stable sort: without times, the order of the file stays
    return [
        Exchange(number, "", one.request, one.response, None, one.elapsed, one.at)
        for number, one in enumerate(found, start=1)
    ], unreadable


def _entry(exchange: Exchange, redactor: Redactor) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    milliseconds = round(exchange.elapsed * 1000, 3)
    posted: dict[str, Any] = {}
    if request.body:
        posted["postData"] = {
            "mimeType": redactor.clean(header(request.headers, "content-type") or ""),
            **_content(request.body, redactor),
        }
    return {
        "startedDateTime": datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="microseconds"),
        "time": milliseconds,
        "request": {
            "method": request.method,
            "url": redactor.clean(request.url),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _headers(request.headers, redactor),
            "queryString": [],
            "headersSize": -1,
            "bodySize": len(request.body),
            **posted,
        },
        "response": {
            "status": response.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _headers(response.headers, redactor),
            "content": {
                "size": len(response.body),
                "mimeType": redactor.clean(header(response.headers, "content-type") or ""),
                **_content(response.body, redactor),
            },
            "redirectURL": redactor.clean(header(response.headers, "location") or ""),
            "headersSize": -1,
            "bodySize": len(response.body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": exchange.operation,
    }


def _headers(headers: Headers, redactor: Redactor) -> list[dict[str, str]]:
    return [
        {"name": redactor.clean(name), "value": "".join(map(str, redactor.header(name, value)))}
        for name, value in headers
    ]


def _content(body: bytes, redactor: Redactor) -> dict[str, str]:
    """A body as text, or in base64 where it is none; the secrets are taken out before that."""
    try:
        return {"text": redactor.clean(body.decode())}
    except UnicodeDecodeError:
        clean = redactor.clean(body.decode("latin-1")).encode("latin-1", "replace")
        return {"text": base64.b64encode(clean).decode(), "encoding": "base64"}


class _UnreadableEntryError(Exception):
    """An entry has parts of other types than HAR gives them."""


def _is_answered(entry: object) -> bool:
    """Whether there was an answer; browsers write none, or the status 0 or -1, where there was none."""
    if not isinstance(entry, dict):
        return True  # whatever it is, it is to be said that it cannot be read
    answered = entry.get("response")
    if answered is None:
        return False
    return not (isinstance(answered, dict) and answered.get("status") in (0, -1))


def _exchange(entry: object) -> Exchange:
    """One entry, read without trusting whoever wrote it.

    Raises:
        _UnreadableEntryError: request or answer are missing, or of a wrong type.
        ValueError: the URL is none.
    """
    asked = entry.get("request") if isinstance(entry, dict) else None
    answered = entry.get("response") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(asked, dict) or not isinstance(answered, dict):
        raise _UnreadableEntryError
    method, url, status = asked.get("method"), asked.get("url"), answered.get("status")
    if not isinstance(method, str) or not isinstance(url, str) or type(status) is not int:
        raise _UnreadableEntryError
    if status not in _STATUSES or not urlsplit(url).netloc.isprintable() or urlsplit(url).port == 0:
        raise _UnreadableEntryError
    posted, content = asked.get("postData"), answered.get("content")
    headers = tuple(_read_headers(answered.get("headers")))
    if isinstance(content, dict) and header(headers, "content-type") is None and content.get("mimeType"):
        headers = (*headers, ("content-type", str(content["mimeType"])))
    request = Request(method.upper(), url, tuple(_read_headers(asked.get("headers"))), _body(posted))
    seconds = _seconds(entry.get("time"))
    response = Response(status, headers, _body(content))
    return Exchange(0, "", request, response, None, seconds, _moment(entry.get("startedDateTime")))


def _read_headers(headers: object) -> Iterator[tuple[str, str]]:
    items: Sequence[object] = headers if isinstance(headers, list) else ()
    for item in items:
        name = item.get("name") if isinstance(item, dict) else None
        # The bodies of a recording are out of their content coding.
        if isinstance(item, dict) and isinstance(name, str) and name.lower() != "content-encoding":
            yield name, str(item.get("value", ""))


def _body(content: object) -> bytes:
    if not isinstance(content, dict):
        return b""
    text = content.get("text")
    if not isinstance(text, str):
        return b""  # parameters of a form, which no page of these portals has
    if content.get("encoding") == "base64":
        try:
            return base64.b64decode(text)
        except (binascii.Error, ValueError):
            return b""
    return text.encode("utf-8", "surrogatepass")


def _seconds(milliseconds: object) -> float:
    """What an entry took; 0 where it does not say so in a number that anything can take."""
    if not isinstance(milliseconds, int | float) or not 0 < milliseconds < _LONGEST:
        return 0.0  # -1 is what a browser writes for what it does not know; NaN is in no range
    return milliseconds / 1000


def _moment(started: object) -> float:
    if not isinstance(started, str):
        return 0.0
    try:
        return datetime.fromisoformat(started).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
