"""The wire: one pooled HTTP client per target, with its limits and the journal of what went over it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from etalon.portals.config import is_loopback
from etalon.portals.errors import PortalError, RequestsExhaustedError, ThrottledError, UnreachableError
from etalon.portals.exchange import Exchange, Request, Response, header

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.portals.config import Target

_TOO_MANY_REQUESTS = 429
_RETRIES_WHEN_THROTTLED = 3
_LONGEST_WAIT = 60.0
_LARGEST_ANSWER = 16 * 1024 * 1024
_GIVES_UP_AFTER = 3
# Shorter than any server's own (uvicorn closes after 5 seconds), so that no request meets a closing door.
_KEPT_ALIVE = 2.0


class Transport:
    """Sends requests to one target, paced and counted, and remembers every exchange.

    Redirects are not followed: a token must not travel to another host, and a redirect is an answer
    that the judge wants to see.

    A portal that is dead or refuses to be asked is given up: what comes after fails at once, instead of
    waiting for a timeout each time. Only for cleaning up it is tried once more.
    """

    def __init__(
        self,
        target: Target,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open nothing yet.

        Args:
            target: the portal, with its limits.
            sleep: waits for a number of seconds.
            clock: tells seconds that only grow.
        """
        self.target = target
        self.journal: list[Exchange] = []
        self.spent = 0
        self._reserved = 0
        self._sleep = sleep
        self._clock = clock
        self._interval = 1 / target.requests_per_second if target.requests_per_second else 0.0
        self._next_at = 0.0
        self._unreached = 0
        self._given_up: PortalError | None = None
        self._may_try_to_clean = True
        self._client = httpx.Client(
            timeout=target.timeout,
            follow_redirects=False,
            limits=httpx.Limits(keepalive_expiry=_KEPT_ALIVE),
            # A proxy of the environment cannot see this machine's own portals.
            trust_env=not is_loopback(target.url),
        )

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
        self._refuse_if_given_up(cleaning=cleaning)
        retries = 0 if self._given_up else _RETRIES_WHEN_THROTTLED
        for attempt in range(retries + 1):
            exchange = self._send_once(operation, request, subject, cleaning=cleaning)
            if exchange.response.status != _TOO_MANY_REQUESTS:
                return exchange
            if attempt < retries:
                self._sleep(_wait_asked_for(exchange.response, attempt))
        self._given_up = ThrottledError(
            f"{self.target.where} still answers 429 Too Many Requests after {_RETRIES_WHEN_THROTTLED} waits: "
            "lower requests-per-second for this target, or try later."
        )
        raise self._given_up

    def _refuse_if_given_up(self, *, cleaning: bool) -> None:
        if self._given_up is None:
            return
        if cleaning and self._may_try_to_clean:
            self._may_try_to_clean = False
            return
        raise type(self._given_up)(*self._given_up.args)

    def _send_once(
        self, operation: str, request: Request, subject: int | None, *, cleaning: bool
    ) -> Exchange:
        if self.remaining <= 0 and not (cleaning and self.spent < self.target.max_requests):
            raise RequestsExhaustedError(
                f"max-requests = {self.target.max_requests} of target {self.target.name} is used up: "
                "raise it, or choose a smaller --profile."
            )
        self._pace()
        self.spent += 1
        started = self._clock()
        try:
            response = self._answer_to(request)
        except UnreachableError as error:
            self._unreached += 1
            if self._unreached >= _GIVES_UP_AFTER:
                self._given_up = error
            raise
        self._unreached, self._given_up, self._may_try_to_clean = 0, None, True
        elapsed = self._clock() - started
        exchange = Exchange(len(self.journal) + 1, operation, request, response, subject, elapsed)
        self.journal.append(exchange)
        return exchange

    def _pace(self) -> None:
        now = self._clock()
        if self._next_at > now:
            self._sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._interval

    def _answer_to(self, request: Request) -> Response:
        where = self.target.where
        # A log-in sets a cookie, which would let requests with a wrong token in.
        self._client.cookies.clear()
        try:
            with self._client.stream(
                request.method,
                request.url,
                headers=list(request.headers),
                content=request.body or None,
            ) as answer:
                return Response(answer.status_code, tuple(answer.headers.multi_items()), self._read(answer))
        except httpx.ConnectTimeout as error:
            raise UnreachableError(
                f"{where} cannot be reached within {self.target.timeout:g} seconds: "
                "is the url right and the portal running?"
            ) from error
        except httpx.TimeoutException as error:
            raise UnreachableError(
                f"{where} did not answer within {self.target.timeout:g} seconds."
            ) from error
        except httpx.ConnectError as error:
            raise UnreachableError(
                f"{where} cannot be reached ({_reason(error)}): is the url right and the portal running?"
            ) from error
        except httpx.DecodingError as error:
            raise UnreachableError(f"{where} answers what cannot be unpacked ({_reason(error)}).") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise UnreachableError(f"{where} broke the connection off ({_reason(error)}).") from error

    def _read(self, answer: httpx.Response) -> bytes:
        deadline = self._clock() + self.target.timeout
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > _LARGEST_ANSWER:
                raise UnreachableError(f"{self.target.where} answered more than 16 MiB to one request.")
            if self._clock() > deadline:
                raise UnreachableError(
                    f"{self.target.where} did not finish its answer within {self.target.timeout:g} seconds."
                )
        return b"".join(parts)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _wait_asked_for(response: Response, attempt: int) -> float:
    """Seconds to wait: what `Retry-After` asks for (RFC 9110 section 10.2.3), else 1, 2, 4."""
    asked = (header(response.headers, "retry-after") or "").strip()
    seconds = _seconds(asked)
    return float(2**attempt) if seconds is None else min(max(seconds, 0.0), _LONGEST_WAIT)


def _seconds(retry_after: str) -> float | None:
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
