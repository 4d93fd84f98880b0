"""The wire: one pooled HTTP client per target, with its limits and the journal of what went over it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from etalon.portals.errors import RequestsExhaustedError, ThrottledError, UnreachableError
from etalon.portals.exchange import Exchange, Request, Response, header

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.config import Target

_TOO_MANY_REQUESTS = 429
_RETRIES_WHEN_THROTTLED = 3
_LONGEST_WAIT = 60.0
_LARGEST_ANSWER = 16 * 1024 * 1024


class Transport:
    """Sends requests to one target, paced and counted, and remembers every exchange.

    Redirects are not followed: a token must not travel to another host, and a redirect is an answer
    that the judge wants to see.
    """

    def __init__(self, target: Target, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.target = target
        self.journal: list[Exchange] = []
        self.spent = 0
        self._reserved = 0
        self._sleep = sleep
        self._interval = 1 / target.requests_per_second if target.requests_per_second else 0.0
        self._next_at = 0.0
        self._client = httpx.Client(timeout=target.timeout, follow_redirects=False)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    @property
    def remaining(self) -> int:
        """Requests that may still be spent on judging, those held back for cleaning up not counted."""
        return self.target.max_requests - self.spent - self._reserved

    def reserve(self, requests: int) -> None:
        """Hold requests back for cleaning up, or give them free again (a negative number)."""
        self._reserved += requests

    def send(
        self,
        operation: str,
        request: Request,
        *,
        subject: int | None = None,
        cleaning: bool = False,
    ) -> Exchange:
        """Send one request and journal the exchange.

        Args:
            operation: what is asked for, in the vendor's terms.
            request: the request as it goes out.
            subject: id of the task it is about.
            cleaning: whether it may use the requests held back for cleaning up.

        Raises:
            RequestsExhaustedError: it would exceed the target's `max-requests`.
            ThrottledError: the portal kept answering 429.
            UnreachableError: no answer came, or not a whole one.
        """
        for attempt in range(_RETRIES_WHEN_THROTTLED + 1):
            exchange = self._send_once(operation, request, subject, cleaning=cleaning)
            if exchange.response.status != _TOO_MANY_REQUESTS:
                return exchange
            if attempt < _RETRIES_WHEN_THROTTLED:
                self._sleep(_wait_asked_for(exchange.response, attempt))
        raise ThrottledError(
            f"{self.target.where} still answers 429 Too Many Requests after {_RETRIES_WHEN_THROTTLED} waits: "
            "lower requests-per-second for this target, or try later."
        )

    def _send_once(
        self, operation: str, request: Request, subject: int | None, *, cleaning: bool
    ) -> Exchange:
        if not cleaning and self.remaining <= 0:
            raise RequestsExhaustedError(
                f"max-requests = {self.target.max_requests} of target {self.target.name} is used up: "
                "raise it, or choose a smaller --profile."
            )
        self._pace()
        self.spent += 1
        started = time.monotonic()
        response = self._answer_to(request)
        elapsed = time.monotonic() - started
        exchange = Exchange(len(self.journal) + 1, operation, request, response, subject, elapsed)
        self.journal.append(exchange)
        return exchange

    def _pace(self) -> None:
        now = time.monotonic()
        if self._next_at > now:
            self._sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._interval

    def _answer_to(self, request: Request) -> Response:
        where = self.target.where
        try:
            with self._client.stream(
                request.method,
                request.url,
                headers=list(request.headers),
                content=request.body or None,
                timeout=self.target.timeout,
            ) as answer:
                body = self._read(answer)
                # A log-in sets a cookie that would let requests with a wrong token in.
                self._client.cookies.clear()
                return Response(answer.status_code, tuple(answer.headers.multi_items()), body)
        except httpx.TimeoutException as error:
            raise UnreachableError(
                f"{where} did not answer within {self.target.timeout:g} seconds."
            ) from error
        except httpx.ConnectError as error:
            raise UnreachableError(
                f"{where} cannot be reached ({_reason(error)}): is the url right and the portal running?"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise UnreachableError(f"{where} broke the connection off ({_reason(error)}).") from error

    def _read(self, answer: httpx.Response) -> bytes:
        deadline = time.monotonic() + self.target.timeout
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > _LARGEST_ANSWER:
                raise UnreachableError(f"{self.target.where} answered more than 16 MiB to one request.")
            if time.monotonic() > deadline:
                raise UnreachableError(
                    f"{self.target.where} did not finish its answer within {self.target.timeout:g} seconds."
                )
        return b"".join(parts)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _wait_asked_for(response: Response, attempt: int) -> float:
    """Seconds to wait before the next try: `Retry-After` where it is a number, else 1, 2, 4."""
    asked = header(response.headers, "retry-after") or ""
    return min(float(asked), _LONGEST_WAIT) if asked.isdigit() else float(2**attempt)
