"""One request and its answer, as they went over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

Headers = tuple[tuple[str, str], ...]


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, its name compared without regard to case (RFC 9110 section 5.1)."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent: method, absolute URL, headers in order, body as bytes."""

    method: str
    url: str
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """What was answered: status code, headers in order, body as decoded from its transfer coding."""

    status: int
    headers: Headers
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the status is one of success (2xx)."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the 2xx class of RFC 9110

    @cached_property
    def media_type(self) -> str:
        """The media type without its parameters, lower case; empty when none is declared."""
        return (header(self.headers, "content-type") or "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the answer to it.

    Attributes:
        number: place in the run's journal, counted from 1.
        operation: what was asked for, in the vendor's terms (`updateTask`, `task.update`).
        subject: the id of the task that the request is about, where there is one.
        elapsed: seconds from sending to the last byte of the answer.
        at: when it was sent, in seconds since 1970; 0 where that is not known.
    """

    number: int
    operation: str
    request: Request
    response: Response
    subject: int | None = None
    elapsed: float = 0.0
    at: float = 0.0
