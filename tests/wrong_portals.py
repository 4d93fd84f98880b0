"""Tiny portals with a socket of their own, each wrong in one way."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Answer = Callable[["Call"], None]

_HOPS = {"connection", "transfer-encoding", "content-length", "date", "server"}


class Call(BaseHTTPRequestHandler):
    """One request to a wrong portal, and the ways to answer it wrongly."""

    protocol_version = "HTTP/1.1"
    server: WrongPortal
    body: bytes
    number: int

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.number = self.server.count(f"{self.command} {self.path}")
        with suppress(ConnectionError):
            self.server.answer(self)
            self.wfile.flush()

    def log_message(self, *_arguments: object) -> None:
        pass

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class WrongPortal(ThreadingHTTPServer):
    """Answers every request in the way it is given."""

    daemon_threads = True

    def __init__(self, answer: Answer, host: str = "127.0.0.1") -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), Call)
        self.answer = answer
        self.seen: list[str] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        host, port = str(self.server_address[0]), self.server_address[1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def count(self, request: str) -> int:
        with self._lock:
            self.seen.append(request)
            return len(self.seen)


@contextmanager
def portal_that(answer: Answer, host: str = "127.0.0.1") -> Iterator[WrongPortal]:
    with WrongPortal(answer, host) as portal:
        thread = threading.Thread(target=portal.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield portal
        finally:
            portal.closing.set()
            portal.shutdown()


def answers(status: int, body: bytes = b"{}", **headers: str) -> Answer:
    """The same answer to everything; a header's name is spelled with underscores."""
    return lambda call: call.reply(status, body, **({"Content_Type": "application/json"} | headers))


def shows_a_page(status: int) -> Answer:
    return answers(status, b"<!DOCTYPE html><html><body>Welcome</body></html>", Content_Type="text/html")


def cuts_off(call: Call) -> None:
    call.close_connection = True


def cuts_off_in_the_body(call: Call) -> None:
    call.send_response(200)
    call.send_header("Content-Type", "application/json")
    call.send_header("Content-Length", "1000")
    call.end_headers()
    call.wfile.write(b'{"count": 1, "resp')
    call.close_connection = True


def hangs(call: Call) -> None:
    call.server.closing.wait(60)
    call.close_connection = True


def drips(call: Call) -> None:
    """An answer that comes byte by byte and never ends, each byte well within the timeout."""
    call.send_response(200)
    call.send_header("Content-Length", "100000")
    call.end_headers()
    while not call.server.closing.wait(0.05):
        call.wfile.write(b" ")
        call.wfile.flush()


class Got(NamedTuple):
    """What a portal behind another has answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def with_body(self, body: bytes) -> Got:
        return self._replace(body=body)


def forwarded(url: str, call: Call, tampered: Callable[[Got], Got] = lambda got: got) -> None:
    """Ask another portal, and hand its answer on, tampered with or not."""
    parts = urlsplit(url)
    sent = {name: value for name, value in call.headers.items() if name.lower() != "connection"}
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)) as behind:
        behind.request(call.command, call.path, call.body, sent)
        got = behind.getresponse()
        kept = {name: value for name, value in got.getheaders() if name.lower() not in _HOPS}
        status, headers, body = tampered(Got(got.status, kept, got.read()))
    call.reply(status, body, **{name.replace("-", "_"): value for name, value in headers.items()})


def passes_on(url: str) -> Answer:
    """The answer of another portal."""
    return lambda call: forwarded(url, call)


def passes_on_at_first(url: str, requests: int, then: Answer) -> Answer:
    """Another portal's answers, until something happens to it."""
    sound = passes_on(url)
    return lambda call: (sound if call.number <= requests else then)(call)
