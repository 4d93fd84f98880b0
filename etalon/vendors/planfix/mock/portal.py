"""One exchange with the mocked PlanFix portal: checks in their order, the function, the answer."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.vendors.planfix.mock import wire
from etalon.vendors.planfix.mock.errors import ApiError, Code
from etalon.vendors.planfix.mock.functions import FUNCTIONS, LOGIN, log_in
from etalon.vendors.planfix.mock.hooks import Answer, Call, Check, Gate, Hooks, Refusal, Sent
from etalon.vendors.planfix.mock.signature import is_signed_rightly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from etalon.vendors.planfix.mock.state import Store, Task


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal as a function from requests to answers, with a memory; of HTTP it knows one header."""

    store: Store
    hooks: Hooks

    def answer(
        self, authorization: str | None, source: bytes, seen: Mapping[int, Task] | None = None
    ) -> Sent:
        """Answers one request.

        The order of the checks is a live portal's where the test of a client library shows it (the API key
        comes first), and else the natural one: parse, account, function, signature, session.

        Args:
            authorization: the `Authorization` header: HTTP Basic, the API key as user; the password is the
                token of a client that has one, and else ignored.
            source: the request's body.
            seen: the tasks as they were when it arrived; as they are now, where it did not wait.
        """
        self.store.calls += 1
        user, password = _basic(authorization)
        request: Element | None = None
        code: Code | None = None
        try:
            known = _same(user, self.store.access.api_key)
            self._require(Check.API_KEY, Code.WRONG_API_KEY, None, passes=known, given=user)
            source = self.hooks.raw(source)
            request = wire.parse(source)
            root = self._obey(request, source, password, self.store.tasks if seen is None else seen)
        except ApiError as refusal:
            code = refusal.code
            root = wire.error(code)
        function = "" if request is None else request.get("method", "")
        root = self.hooks.answered(Answer(function, request, code, root, self.store))
        return self.hooks.sent(Sent(wire.render(root), code))

    def _obey(self, request: Element, source: bytes, password: str, seen: Mapping[int, Task]) -> Element:
        access = self.store.access
        account = wire.text_of(wire.child(request, "account"))
        self._require(Check.ACCOUNT, Code.UNKNOWN_ACCOUNT, request, passes=account == access.account)
        self._require(Check.LIMIT, Code.LIMIT_EXCEEDED, request, passes=True)
        function = request.get("method", "")
        if function != LOGIN and function not in FUNCTIONS:
            raise ApiError(Code.UNKNOWN_FUNCTION)
        signed = is_signed_rightly(request, access.private_key)
        self._require(Check.SIGNATURE, Code.WRONG_SIGNATURE, request, passes=signed)
        if function == LOGIN:
            return wire.ok(log_in(request, self.store))
        caller = self._caller(request, password)
        mangled = self.hooks.source(source)
        request = self.hooks.received(request if mangled == source else wire.parse(mangled))
        call = Call(function, request, self.store.users[caller], self.store, self.hooks, seen)
        try:
            return wire.ok(FUNCTIONS[function](call))
        except ApiError as refusal:
            self.hooks.refused(Refusal(call, refusal.code))
            raise

    def _caller(self, request: Element, password: str) -> int:
        """The user who calls: the token's, which needs no session, or else the session's."""
        if _same(password, self.store.access.token):
            return self.store.caller
        sid = wire.text_of(wire.child(request, "sid"))
        caller = self.store.sessions.use(sid, self.store.clock())
        code = Code.SESSION_EXPIRED if sid else Code.NO_SESSION
        self._require(Check.SESSION, code, request, passes=caller is not None)
        return self.store.caller if caller is None else caller

    def _require(
        self, check: Check, code: Code, request: Element | None, *, passes: bool, given: str = ""
    ) -> None:
        self.hooks.require(Gate(check, None if passes else code, request, self.store, given))


def _basic(authorization: str | None) -> tuple[str, str]:
    """User and password of an HTTP Basic header (RFC 7617); two empty texts when it is not one."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(), right.encode())
