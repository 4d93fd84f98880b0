"""The wire: one pooled HTTP client per target, with its limits and the journal of what went over it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.config import is_loopback
from etalon.portals.errors import PortalError, RequestsExhaustedError, ThrottledError, UnreachableError
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.guard import Guard
from etalon.portals.liveness import Liveness, State, may_be_repeated
from etalon.portals.ownership import Ownership, fingerprint
from etalon.portals.throttling import LONGEST_WAIT, first_number, wait_asked_for
from etalon.portals.wire import LARGEST_ANSWER, Wire
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from etalon.portals.config import Target
    from etalon.portals.ledger_writing import Ledger
    from etalon.portals.liveness import Call

    Answered = tuple[Response, float, float]
    """An answer, when its request was sent, and the seconds that it took."""

# A portal that Etalon serves itself ends with the run. There the mark is always the same, so that two runs
# with one seed send the same requests.
_OF_ITS_OWN_PORTAL = "embedded"
_TOO_MANY_REQUESTS = 429
_RETRIES_WHEN_THROTTLED = 3
_MIB = 1024 * 1024
# The longest text that a run sends is a million characters, which takes up to four times as much escaped.
_LARGEST_TASK = 5 * _MIB
# All answers are kept to be judged; those that are this large may not be many.
_LARGE = _MIB // 4
_LARGE_IN_ALL = 32 * _MIB
_GIVES_UP_AFTER = 3
# What stands before a portal says by these that the portal is not there.
_NOT_THERE = frozenset({502, 503, 504})
_GIVES_UP_AFTER_NOT_THERE = 5
_SERVER_ERROR = 500
# A sloppy portal answers so to every request that it should refuse, and that is for the judge to see.
_GIVES_UP_AFTER_SERVER_ERRORS = 50
_LEFT = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")
_FULL_AGAIN = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")
_WAIT_WITHOUT_RESET = 1.0
# As a reset, a number beyond it is a moment in seconds since 1970, one below it a number of seconds.
_EARLIEST_MOMENT = 1_000_000_000


class Transport:
    """Sends requests to one target, paced and counted, and remembers every exchange.

    Attributes:
        journal: every exchange, in the order of the answers, but for those of a portal that was not there.
        traffic: the same with those, and with what was asked to tell whether it was there.
        spent: requests sent so far.
        ledger: the journal on disk; None where nothing is to be left behind by a killed run.
        guard: what may be written to; every request passes it.
        loans: lent task → updates that were sent to it, answered or not, and what reads showed.
        mark: the run's id, a word by which its tasks are told from all others.
        on_exchange: is told of every exchange before anybody judges or shows it.
        is_making: whether what is sent now may make a task, which the ledger has to know beforehand.

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
        wire: Wire | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """Open nothing yet.

        Args:
            target: the portal, with its limits.
            sleep: waits for a number of seconds.
            clock: tells seconds that only grow.
            wire: what sends a request and brings its answer; by default, connections to the target.
            ledger: the journal on disk, and the run's id with it.
        """
        self.target = target
        self.journal: list[Exchange] = []
        self.traffic: list[Exchange] = []
        self.loans: dict[int, list[str]] = {}
        self.ledger = ledger
        self.mark = ledger.run if ledger else _OF_ITS_OWN_PORTAL
        self.is_making = False
        self.on_exchange: Callable[[Exchange], None] | None = None
        self.guard = Guard(target, self.mark)
        self.spent = 0
        self._reserved = 0
        self._sleep = sleep
        self._clock = clock
        self._interval = 1 / target.requests_per_second if target.requests_per_second else 0.0
        self._next_at = 0.0
        self._unreached = 0
        self._not_there = 0
        self._server_errors = 0
        self._large = 0
        self._given_up: PortalError | None = None
        self._may_try_to_clean = True
        self._liveness = Liveness(sleep=sleep, clock=clock, here=is_loopback(target.url))
        self._wire = wire or Wire(target)

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()

    @property
    def remaining(self) -> int:
        """Requests that may still be spent on judging, those held back for cleaning up not counted."""
        return self.target.max_requests - self.spent - self._reserved

    def named(self, text: str) -> str:
        """A text with the run's mark, by which a read shows that a task is the run's own."""
        return f"{text} {self.mark}"

    def resume(self, run: str, fingerprints: Iterable[str]) -> None:
        """Go on with the tasks of an earlier run: its mark and its texts show them from now on."""
        author = self.guard.ownership.author
        self.mark, self.guard.ownership = run, Ownership(run)
        self.guard.ownership.author = author
        self.guard.ownership.recall(fingerprints)

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
            ForeignWriteError: it would change what is not the run's own; it is not sent.
            RequestsExhaustedError: it would exceed the target's `max-requests`.
            ThrottledError: the portal kept answering 429.
            UnreachableError: no answer came, or not a whole one.
        """
        self._refuse_if_given_up(cleaning=cleaning)
        self.guard.check(request)
        retries = 0 if self._given_up else _RETRIES_WHEN_THROTTLED
        for attempt in range(retries + 1):
            exchange = self._send_once(operation, request, subject, cleaning=cleaning)
            if exchange.response.status != _TOO_MANY_REQUESTS:
                return exchange
            if attempt < retries:
                self._sleep(wait_asked_for(exchange.response, attempt))
        self._given_up = ThrottledError(
            Message("still-throttled", where=self.target.where, count=_RETRIES_WHEN_THROTTLED)
        )
        raise self._given_up

    def send_together(self, calls: Sequence[Call]) -> list[Exchange]:
        """Put several requests on the wire at the same time, and journal their exchanges in the given order.

        The target's pace holds for the whole of them: they go when the time that they would have taken one
        after the other has gone by. One that is answered 429 is sent again alone, as `send` would.

        Args:
            calls: operation, request and id of the task it is about, of each; at least one.

        Returns:
            The exchanges in the order of the calls.

        Raises:
            RequestsExhaustedError: all of them together would exceed `max-requests`; none is sent.
            ThrottledError: the portal kept answering 429.
            UnreachableError: no answer came to one of them, or not a whole one; the others are journalled.
        """
        self._refuse_if_given_up(cleaning=False)
        for _, request, _ in calls:
            self.guard.check(request)
        self._require_budget(len(calls), cleaning=False)
        self._pace(len(calls))
        for operation, request, _ in calls:
            self._note_before(operation, request)
        self.spent += len(calls)
        outcomes = self._answers_to(calls)
        made: list[Exchange] = []
        failed: UnreachableError | None = None
        for call, (response, at, elapsed) in zip(calls, outcomes, strict=True):
            try:
                if isinstance(response, UnreachableError):
                    self._note_failure(response)
                    raise response
                self._require_there(call, (response, at, elapsed))
                made.append(self._journalled(call, (response, at, elapsed)))
            except UnreachableError as error:
                failed = failed or error
        if failed is not None:
            raise failed
        return [self._unthrottled(exchange) for exchange in made]

    def _answers_to(self, calls: Sequence[Call]) -> list[tuple[Response | UnreachableError, float, float]]:
        """What comes of each of several requests that start at the same moment, when, and after what time."""
        together = Barrier(len(calls))

        def answer(call: Call) -> tuple[Response | UnreachableError, float, float]:
            _, request, subject = call
            together.wait()
            at, started = time.time(), self._clock()
            try:
                response: Response | UnreachableError = self._wire.answer_to(request, _largest(subject))
            except UnreachableError as error:
                response = error
            return response, at, self._clock() - started

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(answer, calls))

    def _unthrottled(self, exchange: Exchange) -> Exchange:
        if exchange.response.status != _TOO_MANY_REQUESTS:
            return exchange
        self._sleep(wait_asked_for(exchange.response, 0))
        return self.send(exchange.operation, exchange.request, subject=exchange.subject)

    def _refuse_if_given_up(self, *, cleaning: bool) -> None:
        if self._given_up is None:
            return
        if cleaning and self._may_try_to_clean:
            self._may_try_to_clean = False
            return
        raise type(self._given_up)(self._given_up.reason)

    def _send_once(
        self, operation: str, request: Request, subject: int | None, *, cleaning: bool
    ) -> Exchange:
        call = (operation, request, subject)
        try:
            answered = self._answered(call, cleaning=cleaning)
        except UnreachableError as error:
            self._note_failure(error)
            raise
        if not cleaning:
            try:
                self._require_there(call, answered)
            except UnreachableError:
                # An update of an unknown id may make a task, and a second one another.
                if self._given_up is not None or self.is_making or not may_be_repeated(operation):
                    raise
                answered = self._answered(call, cleaning=False)
                self._require_there(call, answered)
        return self._journalled(call, answered)

    def _answered(self, call: Call, *, cleaning: bool) -> Answered:
        operation, request, subject = call
        self._require_budget(1, cleaning=cleaning)
        self._pace(1)
        self._note_before(operation, request)
        self.spent += 1
        at, started = time.time(), self._clock()
        response = self._wire.answer_to(request, _largest(subject))
        return response, at, self._clock() - started

    def _require_there(self, call: Call, answered: Answered) -> None:
        """See that the portal is there where an answer looks as if it were not.

        Raises:
            UnreachableError: it is gone, or was for a moment, so that the answer says nothing about it.
        """
        doubt = self._liveness.doubt(call[1], answered[0])
        if not doubt:
            return
        # Another request that went out together with this one may have found it gone.
        state = State.GONE if self._given_up else self._look()
        if state in {State.THERE, State.UNKNOWN}:
            return
        self._noted(call, answered)
        if state is State.BACK:
            raise UnreachableError(Message("away-for-a-moment", where=self.target.where, doubt=doubt))
        self._given_up = UnreachableError(Message("portal-gone", where=self.target.where, doubt=doubt))
        raise self._given_up

    def _look(self) -> State:
        making, self.is_making = self.is_making, False

        def ask(call: Call) -> Response:
            answered = self._answered(call, cleaning=False)
            self._noted(call, answered)
            return answered[0]

        try:
            return self._liveness.look(ask)
        finally:
            self.is_making = making

    def _noted(self, call: Call, answered: Answered) -> Exchange:
        operation, request, subject = call
        response, at, elapsed = answered
        exchange = Exchange(len(self.journal) + 1, operation, request, response, subject, elapsed, at)
        self.traffic.append(exchange)
        if self.on_exchange is not None:
            self.on_exchange(exchange)
        return exchange

    def _note_before(self, operation: str, request: Request) -> None:
        """Have it on the disk which task may be made, and which texts written, before they can be."""
        if self.ledger is not None and operation != vendor_of(self.target.kind).logs_in:
            if self.is_making:
                self.ledger.creating(request.body)
            self.ledger.wrote(map(fingerprint, sorted(self.guard.texts_of(request))))
        for task, document in self.guard.lent_among(request):
            self._on_loan(task, document)
        self.guard.sending(request)

    def _note_after(self, exchange: Exchange) -> None:
        """Learn from an answer whose a task is, and have what it shows of the run's own on the disk."""
        card = self.guard.learn(exchange)
        if card is None:
            return
        if self.guard.ownership.lends(card.task):
            self._on_loan(card.task, exchange.response.body.decode(errors="replace"))
        elif self.ledger is not None and self.guard.ownership.owns(card.task):
            self.ledger.shown(card)
            self.ledger.wrote(self.guard.ownership.fingerprints(card))

    def _on_loan(self, task: int, document: str) -> None:
        self.loans.setdefault(task, []).append(document)
        if self.ledger is not None:
            self.ledger.on_loan(task, document)

    def _require_budget(self, requests: int, *, cleaning: bool) -> None:
        most = self.target.max_requests
        if self.remaining < requests and not (cleaning and self.spent + requests <= most):
            raise RequestsExhaustedError(Message("max-requests-used-up", count=most, target=self.target.name))

    def _note_failure(self, error: UnreachableError) -> None:
        self._unreached += 1
        if self._unreached >= _GIVES_UP_AFTER:
            self._given_up = error

    def _journalled(self, call: Call, answered: Answered) -> Exchange:
        exchange, response = self._noted(call, answered), answered[0]
        self.journal.append(exchange)
        self._liveness.learn(call, response)
        self._note_after(exchange)
        self._unreached = 0
        self._note_server_errors(response.status)
        if not self._liveness.doubt(exchange.request, response):
            self._given_up, self._may_try_to_clean = None, True
        self._give_up_where_it_is_no_use(response)
        self._wait_until_allowed(response)
        return exchange

    def _note_server_errors(self, status: int) -> None:
        self._not_there = self._not_there + 1 if status in _NOT_THERE else 0
        self._server_errors = self._server_errors + 1 if status >= _SERVER_ERROR else 0

    def _give_up_where_it_is_no_use(self, response: Response) -> None:
        where, status = self.target.where, response.status
        self._large += len(response.body) if len(response.body) > _LARGE else 0
        if self._not_there >= _GIVES_UP_AFTER_NOT_THERE:
            self._given_up = UnreachableError(
                Message(
                    "same-refusal-over-and-over",
                    where=where,
                    count=self._not_there,
                    status=status,
                )
            )
        elif self._server_errors >= _GIVES_UP_AFTER_SERVER_ERRORS:
            self._given_up = UnreachableError(
                Message(
                    "server-errors-over-and-over",
                    where=where,
                    count=self._server_errors,
                    status=status,
                )
            )
        elif self._large > _LARGE_IN_ALL:
            self._given_up = UnreachableError(
                Message("too-much-in-all", where=where, count=_LARGE_IN_ALL // _MIB)
            )

    def _wait_until_allowed(self, response: Response) -> None:
        """Hold the next request back where a portal says that no more are allowed for now."""
        left = first_number(response, _LEFT)
        if left is None or left >= 1:
            return
        reset = first_number(response, _FULL_AGAIN)
        wait = _WAIT_WITHOUT_RESET if reset is None else reset
        if wait > _EARLIEST_MOMENT:
            wait -= time.time()
        self._next_at = max(self._next_at, self._clock() + min(max(wait, 0.0), LONGEST_WAIT))

    def _pace(self, requests: int) -> None:
        now = self._clock()
        at = self._next_at + (requests - 1) * self._interval
        if at > now:
            self._sleep(at - now)
        self._next_at = max(now, at) + self._interval


def _largest(subject: int | None) -> int:
    return LARGEST_ANSWER if subject is None else _LARGEST_TASK
