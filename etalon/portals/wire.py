"""One HTTP/1.1 request to a target and its answer, whatever answers: nothing hangs, grows or follows.

HTTP/2 is not spoken and redirects are not followed: a token must not travel to another host, and a redirect
is an answer that the judge wants to see. No cookie is kept: a log-in sets one, which would let requests with
a wrong token in.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import httpcore
import httpx

from etalon import __version__
from etalon.messages import Message
from etalon.portals.config import ConfigError
from etalon.portals.errors import UnreachableError
from etalon.portals.exchange import Response
from etalon.portals.proxies import proxy_for
from etalon.portals.tls import client_context

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator

    from etalon.portals.config import Target
    from etalon.portals.exchange import Request

# At the level DEBUG, which pytest's --log-level turns on, it would log headers as they come: cookies, too.
logging.getLogger("httpcore").setLevel(logging.WARNING)
_MIB = 1024 * 1024
LARGEST_ANSWER = 4 * _MIB
"""Bytes of a body, unpacked; a list of a thousand people stays below."""
# Shorter than any server's own (uvicorn closes after 5 seconds), so that no request meets a closing door.
_KEPT_ALIVE = 2.0
_WRITTEN_AT_ONCE = 16 * 1024
_NO_ADDRESS = "the name has no address"
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
_HAS_A_BODY = frozenset({"POST", "PUT", "PATCH"})


class Wire:
    """Connections to one target, kept open between requests.

    A request has the target's timeout for the whole of it: connecting, sending, and every byte of the answer.
    """

    def __init__(self, target: Target) -> None:
        """Open nothing yet."""
        self._target = target
        self._patience = _Patience()
        self._pool: httpcore.ConnectionPool | None = None
        self._opening = threading.Lock()

    def close(self) -> None:
        """Give the connections back."""
        if self._pool is not None:
            self._pool.close()

    def answer_to(self, request: Request, largest: int = LARGEST_ANSWER) -> Response:
        """Send a request and read its answer whole.

        Args:
            request: what to send.
            largest: how many bytes of a body, unpacked, are read at most.

        Raises:
            UnreachableError: no answer came in time, not a whole one, or one that cannot be read.
        """
        where, timeout = self._target.where, self._target.timeout
        self._open()
        self._patience.until = time.monotonic() + timeout
        try:
            return self._exchanged(request, largest)
        except httpcore.ConnectTimeout as error:
            raise UnreachableError(
                Message("unreachable-within", where=where, seconds=f"{timeout:g}")
            ) from error
        except _AnswerBegunError as error:
            raise UnreachableError(
                Message("answer-not-finished-within", where=where, seconds=f"{timeout:g}")
            ) from error
        except httpcore.TimeoutException as error:
            raise UnreachableError(
                Message("no-answer-within", where=where, seconds=f"{timeout:g}")
            ) from error
        except httpcore.ConnectError as error:
            raise UnreachableError(_cannot_be_reached(where, error)) from error
        except httpcore.ProxyError as error:
            raise UnreachableError(Message("proxy-refuses", where=where, reason=_reason(error))) from error
        except zlib.error as error:
            raise UnreachableError(
                Message("answer-not-unpacked", where=where, reason=_reason(error))
            ) from error
        except (httpcore.ProtocolError, httpcore.NetworkError, httpx.InvalidURL, OSError) as error:
            raise UnreachableError(
                Message("connection-broken-off", where=where, reason=_reason(error))
            ) from error

    def _exchanged(self, request: Request, largest: int) -> Response:
        host, url = _addressed(request.url)
        headers = [
            ("Host", host),
            ("User-Agent", f"Etalon/{__version__}"),
            # Codings that were not asked for are not unpacked, so that none but these can be a bomb.
            ("Accept-Encoding", "gzip, deflate"),
            *request.headers,
        ]
        with self._open().stream(
            request.method,
            url,
            headers=[(name.encode(), value.encode()) for name, value in headers],
            content=request.body if request.body or request.method in _HAS_A_BODY else None,
        ) as answer:
            answered = tuple((_text(name).lower(), _text(value)) for name, value in answer.headers)
            try:
                body = self._read(answer.iter_stream(), answered, largest)
            except httpcore.ReadTimeout as error:
                raise _AnswerBegunError from error
            return Response(answer.status, answered, body)

    def _read(self, pieces: Iterable[bytes], headers: Iterable[tuple[str, str]], largest: int) -> bytes:
        unpacked = _unpacker(self._target, headers)
        parts: list[bytes] = []
        size = 0
        for part in unpacked(pieces):
            parts.append(part)
            size += len(part)
            if size > largest:
                raise UnreachableError(
                    Message("answer-too-large", where=self._target.where, count=largest // _MIB)
                )
        return b"".join(parts)

    def _open(self) -> httpcore.ConnectionPool:
        with self._opening:
            if self._pool is None:
                self._pool = _pool(self._target, _Backend(self._patience))
            return self._pool


@lru_cache(maxsize=1024)
def _addressed(url: str) -> tuple[str, httpcore.URL]:
    """The Host header of a URL, and the URL with a host of any script spelt in ASCII and its path escaped."""
    parts = httpx.URL(url)
    return parts.netloc.decode(), httpcore.URL(
        scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path
    )


class _AnswerBegunError(Exception):
    """The time was over when a part of the answer was there."""


class _Patience(threading.local):
    """The moment, by the monotonic clock, at which the request of this thread has to be over."""

    until = float("inf")

    def left(self, timed_out: type[httpcore.TimeoutException]) -> float:
        """Seconds that are left.

        Raises:
            httpcore.TimeoutException: of the given kind, where none are.
        """
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise timed_out
        return min(seconds, threading.TIMEOUT_MAX)


class _Backend(httpcore.NetworkBackend):
    """Sockets whose every operation ends when the request has to be over, not some seconds after it began."""

    def __init__(self, patience: _Patience) -> None:
        self._patience = patience
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the request's own end counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        for place, address in enumerate(addresses):
            # One address that swallows all must not take the time of the others.
            share = self._patience.left(httpcore.ConnectTimeout) / (len(addresses) - place)
            try:
                stream = self._sockets.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if place == len(addresses) - 1:
                    raise
            else:
                return _Stream(stream, self._patience)
        raise httpcore.ConnectError(_NO_ADDRESS)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        raise NotImplementedError

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """One connection under a request's patience."""

    def __init__(self, stream: httpcore.NetworkStream, patience: _Patience) -> None:
        self._stream = stream
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - as above
        return self._stream.read(max_bytes, self._patience.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        for start in range(0, len(buffer), _WRITTEN_AT_ONCE):
            piece = buffer[start : start + _WRITTEN_AT_ONCE]
            self._stream.write(piece, self._patience.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left = self._patience.left(httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._patience)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _pool(target: Target, backend: httpcore.NetworkBackend) -> httpcore.ConnectionPool:
    try:
        secured = target.url.lower().startswith("https:")
        context = client_context(target.tls) if secured else None
        url = proxy_for(target.url)
    except ConfigError as error:  # the files were there, and the proxy a URL, when the config was read
        raise UnreachableError(
            Message("portal-misconfigured", where=target.where, why=error.words)
        ) from error
    if url is None:
        return httpcore.ConnectionPool(
            ssl_context=context, max_connections=None, keepalive_expiry=_KEPT_ALIVE, network_backend=backend
        )
    if url.scheme not in {"http", "https"}:
        raise UnreachableError(Message("proxy-of-unknown-kind", where=target.where, kind=url.scheme))
    return httpcore.HTTPProxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/"),
        proxy_auth=(url.username, url.password) if url.username or url.password else None,
        ssl_context=context,
        max_connections=None,
        keepalive_expiry=_KEPT_ALIVE,
        network_backend=backend,
    )


def _unpacker(
    target: Target, headers: Iterable[tuple[str, str]]
) -> Callable[[Iterable[bytes]], Iterable[bytes]]:
    """What takes a body out of its content coding (RFC 9110 section 8.4)."""
    declared = [value for name, value in headers if name == "content-encoding"]
    codings = [coding.strip().lower() for coding in ",".join(declared).split(",")]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if not codings:
        return lambda pieces: pieces
    if len(codings) > 1 or codings[0] not in _CODINGS:
        raise UnreachableError(
            Message("coding-not-asked-for", where=target.where, coding=f"{', '.join(codings)[:60]!r}")
        )
    return _inflated


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip or deflate in small steps: a few bytes may stand for gigabytes."""
    unpacker, begun = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32), False
    for piece in pieces:
        packed = piece
        while packed:
            if unpacker.eof:  # several members may follow each other (RFC 1952 section 2.2)
                unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            try:
                part = unpacker.decompress(packed, _WRITTEN_AT_ONCE)
            except zlib.error:
                if begun:
                    raise
                unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)  # deflate without its wrapping
                part = unpacker.decompress(packed, _WRITTEN_AT_ONCE)
            begun = True
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            yield part
    if begun and not unpacker.eof:
        yield unpacker.flush(_WRITTEN_AT_ONCE)
        if not unpacker.eof:
            raise zlib.error("it ends too early")


def _cannot_be_reached(where: str, error: Exception) -> Message:
    reason = _reason(error)
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        why = reason.partition("certificate verify failed: ")[2].rpartition(" (")[0] or reason
        return Message("certificate-not-verified", where=where, why=why)
    if "WRONG_VERSION_NUMBER" in reason:
        return Message("no-tls", where=where)
    if reason == _NO_ADDRESS:
        return Message("unreachable", where=where, reason=Message("name-without-address"))
    return Message("unreachable", where=where, reason=reason)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _text(raw: bytes) -> str:
    """A header's name or value, which may be of any bytes (RFC 9110 section 5.5)."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
