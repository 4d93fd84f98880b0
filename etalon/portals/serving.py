"""Runs a mocked portal as a local HTTP server: beside a run, or in the foreground for people."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from etalon.errors import UserError
from etalon.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from etalon.portals.mocking import MockPortal

_START_WITHIN = 10.0
_HIGHEST_PORT = 65_535


class CannotServeError(UserError):
    """The server could not be started; the message is for the user."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A bound socket, so that the port is known before the server starts.

    Args:
        host: address or name to listen on.
        port: 0 for any free one.

    Raises:
        CannotServeError: the address is in use, not this machine's, or not allowed.
    """
    if not 0 <= port <= _HIGHEST_PORT:
        raise CannotServeError(Message("port-too-large", address=f"{host}:{port}", most=_HIGHEST_PORT))
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise CannotServeError(
            Message("cannot-listen", address=f"{host}:{port}", why=error.strerror or str(error))
        ) from error
    return listener


def url_of(listener: socket.socket, portal: MockPortal) -> str:
    """The base URL under which a portal is served on a socket."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{portal.path}"


@contextmanager
def served(portal: MockPortal) -> Iterator[str]:
    """Serve a portal on a free loopback port for as long as the block runs.

    Yields:
        The portal's base URL.
    """
    listener = listening_socket("127.0.0.1", 0)
    server = _server(portal)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait_for(lambda: server.started)
        yield url_of(listener, portal)
    finally:
        server.should_exit = True
        thread.join(_START_WITHIN)
        listener.close()


def serve(portal: MockPortal, listener: socket.socket) -> None:
    """Serve a portal in the foreground until it is interrupted."""
    try:
        _server(portal).run(sockets=[listener])
    finally:
        listener.close()


def _server(portal: MockPortal) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(portal.app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )


def _wait_for(ready: Callable[[], bool]) -> None:
    give_up = time.monotonic() + _START_WITHIN
    while not ready():
        if time.monotonic() > give_up:
            raise CannotServeError(Message("portal-not-started", seconds=f"{_START_WITHIN:g}"))
        time.sleep(0.01)
