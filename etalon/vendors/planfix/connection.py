"""The way to a PlanFix portal: one address, a session or a token, and calls that are insisted on.

Authentication, limits and error codes rest on the PlanFix API introduction, authentication and error codes
pages; what the last two tables leave out is known from published clients.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.config import SECRETS, is_loopback
from etalon.portals.errors import LoginError, PortalError, ThrottledError
from etalon.portals.exchange import Exchange, Request
from etalon.vendors.planfix.answers import Answer, error_code
from etalon.vendors.planfix.login import first_answer, session_of
from etalon.vendors.planfix.requests import Access, Content, document, elements, framed, render
from etalon.vendors.planfix.sessions import SESSION_EXPIRED, Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element as Element

    from etalon.portals.config import Target
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport

    Payload = Mapping[str, Content] | Element | bytes
    Renderer = Callable[[Element], bytes]
    """Writes a `request` document as it goes over the wire."""

_LIMIT_EXCEEDED = "0007"
_BEING_CHANGED = "3014"
_RETRIES_WHEN_BUSY = 3
_SECONDS_WHEN_BUSY = 1.0
_SECONDS_WHEN_BUSY_HERE = 0.05
_SIGNED = re.compile(rb"<signature\s*>([0-9a-f]{32})</signature\s*>")


class Connection:
    """One portal, logged in to once, and what every call of a function of it has in common."""

    def __init__(
        self,
        target: Target,
        transport: Transport,
        redactor: Redactor,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.target = target
        self.transport = transport
        self._redactor = redactor
        self._sleep = sleep
        self._given_up: PortalError | None = None
        self._sessions = Sessions()
        # A portal of this machine is busy with one request; one of the vendor's may be with a script.
        self._busy = _SECONDS_WHEN_BUSY_HERE if is_loopback(target.url) else _SECONDS_WHEN_BUSY
        self.access = Access(
            account=target.credential("account") or "",
            api_key=target.credential("api-key") or "",
            token=target.credential("token") or "",
            private_key=target.credential("private-key") or "",
        )
        for key in SECRETS & target.credentials.keys():
            redactor.learn(target.credentials[key].variable, target.credentials[key].value)
        self._learn_basic()

    def log_in(self) -> None:
        """Open a session where user and password are given, and see that the portal lets us in.

        Raises:
            LoginError: the portal refuses the API key, account, user, password or token.
            UnusableAnswerError: what answers is not the API.
            PortalError: the conversation failed.
        """
        if self.access.token:
            if "user.getList" not in self.target.lacks:
                self._let_in(self.call("user.getList", {"pageCurrent": 0}))
            return
        self._open_session()

    def log_in_beside(self) -> bool:
        """Open one more session of the same user, and go on with the one that there was.

        Returns:
            Whether there is one: the run may work with a token instead.

        Raises:
            LoginError, PortalError, UnusableAnswerError: as `log_in` does.
        """
        if not self.access.sid:
            return False
        older = self.access
        self._open_session()
        self.access = older
        return True

    def learn_signature(self, signature: str) -> None:
        """Have the signature of a request shown as what it is, and not as it is."""
        self._redactor.learn_signature("PLANFIX_SIGNATURE", signature)

    def renew(self) -> bool:
        """Open another session, where the run works with one that is over.

        Returns:
            Whether there is another one.

        Raises:
            LoginError: the portal's sessions are over at once.
        """
        if not self.access.sid or self._sessions.alive():
            return False
        self._open_another_session()
        return True

    @property
    def account(self) -> str:
        """The account, and the user or the token that is logged in."""
        user = self.target.credential("user")
        return f"{self.access.account}, {f'user {user}' if user else 'by token'}"

    def call(
        self,
        function: str,
        payload: Payload = b"",
        *,
        subject: int | None = None,
        access: Access | None = None,
        cleaning: bool = False,
        form: Renderer = render,
    ) -> Exchange:
        """Call one function of the API.

        A session of the run's own that has expired is renewed once, and a task that the portal is changing
        just now is tried again a few times (codes 0005 and 3014).

        Args:
            function: its name, e.g. `task.get`.
            payload: content to be framed, a `request` document to be framed, or bytes to be sent as they are.
            subject: id of the task it is about.
            access: sent instead of the run's own; then nothing is renewed.
            cleaning: whether it comes out of the requests held back for cleaning up.
            form: writes the document.

        Raises:
            ThrottledError: the portal's daily limit is used up (code 0007).
        """
        self._refuse_if_given_up()
        exchange = self._send(function, payload, subject, access or self.access, cleaning=cleaning, form=form)
        return self._insisted(exchange, function, payload, subject, access, cleaning=cleaning, form=form)

    def call_together(self, function: str, payloads: Sequence[Payload], *, subject: int) -> list[Exchange]:
        """Call one function several times at the same time, as so many clients would.

        One that the portal answers with 3014 ("being changed, try again") is tried again alone.

        Args:
            function: its name.
            payloads: what `call` takes, for each.
            subject: id of the task that they are all about.

        Returns:
            How each ended, in the order of the payloads.

        Raises:
            ThrottledError: the portal's daily limit is used up (code 0007).
        """
        self._refuse_if_given_up()
        requests = [self._request(function, payload, self.access, render) for payload in payloads]
        together = self.transport.send_together([(function, request, subject) for request in requests])
        return [
            self._insisted(exchange, function, payload, subject, None, cleaning=False, form=render)
            for payload, exchange in zip(payloads, together, strict=True)
        ]

    def body(
        self,
        function: str,
        payload: Mapping[str, Content] | Element,
        access: Access | None = None,
        form: Renderer = render,
    ) -> bytes:
        """A request's document as `call` would send it."""
        content = document(function, elements(payload)) if isinstance(payload, Mapping) else payload
        return form(framed(content, access or self.access))

    def _insisted(
        self,
        exchange: Exchange,
        function: str,
        payload: Payload,
        subject: int | None,
        access: Access | None,
        *,
        cleaning: bool,
        form: Renderer,
    ) -> Exchange:
        """The exchange, or a later one of the same request where the portal asks for that."""

        def send() -> Exchange:
            return self._send(function, payload, subject, access or self.access, cleaning=cleaning, form=form)

        if access is None and self.access.sid:
            if error_code(exchange) == SESSION_EXPIRED:
                exchange = self._in_another_session(exchange, send)
            self._sessions.note(exchange, send)
        for _ in range(_RETRIES_WHEN_BUSY):
            if error_code(exchange) != _BEING_CHANGED:
                break
            self._sleep(self._busy)
            exchange = send()
        if error_code(exchange) == _LIMIT_EXCEEDED:
            raise self._throttled()
        return exchange

    def _in_another_session(self, expired: Exchange, send: Callable[[], Exchange]) -> Exchange:
        """The same call in another session, unless the portal has another reason to answer 0005.

        Raises:
            LoginError: the portal's sessions are over at once.
        """
        sessions = self._sessions
        if (sessions.overused or sessions.worn_out) and sessions.alive():
            sessions.overused = True
            return expired
        if self.access.sid.encode() in expired.request.body:
            self._open_another_session()
        again = send()
        if error_code(again) == SESSION_EXPIRED:
            alive = sessions.alive()
            if alive is False:
                raise self._shut_out()
            sessions.overused = bool(alive)
        return again

    def _open_another_session(self) -> None:
        if self._sessions.worn_out:
            raise self._shut_out()
        self._open_session()

    def _shut_out(self) -> LoginError:
        """The error for sessions that end at once; nothing is sent any more after it."""
        error = LoginError(
            Message(
                "sessions-over-at-once",
                where=self.target.where,
                opened=self._sessions.opened,
                served=self._sessions.served,
            )
        )
        self._given_up = error
        return error

    def _refuse_if_given_up(self) -> None:
        if self._given_up is not None:
            raise type(self._given_up)(self._given_up.reason)

    def _send(
        self,
        function: str,
        payload: Payload,
        subject: int | None,
        access: Access,
        *,
        cleaning: bool,
        form: Renderer = render,
    ) -> Exchange:
        request = self._request(function, payload, access, form)
        return self.transport.send(function, request, subject=subject, cleaning=cleaning)

    def _request(self, function: str, payload: Payload, access: Access, form: Renderer) -> Request:
        content = payload if isinstance(payload, bytes) else self.body(function, payload, access, form)
        if access.private_key == self.access.private_key:  # a check may sign with a wrong key
            for value in _SIGNED.findall(content):
                self.learn_signature(value.decode())
        pair = base64.b64encode(f"{access.api_key}:{access.token}".encode()).decode()
        headers = (
            ("Accept", "application/xml"),
            ("Content-Type", "application/xml"),
            ("Authorization", f"Basic {pair}"),
        )
        return Request("POST", self.target.url, headers, content)

    def _open_session(self) -> None:
        access = replace(self.access, sid="")
        credentials: dict[str, Content] = {
            "login": self.target.credential("user") or "",
            "password": self.target.credential("password") or "",
        }
        answer = self._let_in(self._send("auth.login", credentials, None, access, cleaning=False))
        sid = session_of(answer, self.target.where)
        self._sessions.opened += 1
        self._redactor.learn("PLANFIX_SID", sid)
        self.access = replace(self.access, sid=sid)

    def _let_in(self, exchange: Exchange) -> Answer:
        """The answer to a first request.

        Raises:
            LoginError: it refuses what the request identifies itself with.
            UnusableAnswerError: it is not the API's.
            ThrottledError: the portal's limit is used up.
        """
        answer = first_answer(exchange, self.target.where)
        if answer.code == _LIMIT_EXCEEDED:
            raise self._throttled()
        return answer

    def _throttled(self) -> ThrottledError:
        """The error for a limit that is used up; nothing is sent any more after it."""
        error = ThrottledError(Message("limit-used-up", where=self.target.where))
        self._given_up = error
        return error

    def _learn_basic(self) -> None:
        credentials = self.target.credentials
        if "api-key" not in credentials:
            return
        key, token = credentials["api-key"], credentials.get("token")
        password = (token.variable, token.value) if token else ("", "")
        self._redactor.learn_basic((key.variable, key.value), password)
