"""The way to an R7-Office portal: its base path, a token, and what every request has in common.

The authentication call and `people/@self` are not on the two pages that Etalon judges; how they behave is
known from the open ancestor (CommunityServer).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from etalon.messages import Message
from etalon.portals.config import SECRETS
from etalon.portals.errors import LoginError, UnusableAnswerError
from etalon.portals.exchange import Exchange, Request
from etalon.vendors.r7.answers import json_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.config import Target
    from etalon.portals.secrets import Redactor
    from etalon.portals.transport import Transport

API = "/api/2.0"
JSON = "application/json"
XML = "text/xml"
_UNAUTHORIZED = 401
_NO_SUCH_ROUTE = frozenset({404, 405, 501})


class Connection:
    """One portal, logged in to once, and what all requests to it have in common.

    Attributes:
        caller: the id of whoever has logged in; None where the portal does not say.
    """

    def __init__(self, target: Target, transport: Transport, redactor: Redactor) -> None:
        self.target = target
        self.transport = transport
        self._redactor = redactor
        self._base = target.url.rstrip("/").removesuffix(API) + API
        self._token = target.credential("token") or ""
        for key, secret in target.credentials.items():
            if key in SECRETS:
                redactor.learn(secret.variable, secret.value)
        self.caller: str | None = None
        self._name = ""

    def log_in(self) -> None:
        """Get a token where only user and password are given, and see that the portal lets us in.

        Raises:
            LoginError: the portal refuses the token, the user or the password.
            UnusableAnswerError: what answers is not the API.
            PortalError: the conversation failed.
        """
        if not self._token:
            self._token = self._ask_for_token()
            self._redactor.learn("R7_TOKEN", self._token)
        exchange = self.call("getSelf", "GET", "/people/@self")
        if exchange.response.status == _UNAUTHORIZED:
            raise LoginError(Message("token-refused", where=self.target.where, path=API))
        if exchange.response.status in _NO_SUCH_ROUTE:
            return  # neither page documents people/@self; who calls is then not known
        document = self.require_document(exchange)
        if exchange.response.ok and isinstance(document.get("response"), dict):
            self.caller = str(document["response"].get("id", "")).lower() or None
            self._name = str(document["response"].get("displayName") or "")
            self.transport.guard.ownership.author = self.caller

    @property
    def account(self) -> str:
        """The name and the id of whoever has logged in, as far as the portal says."""
        return f"{self._name or 'a user without a name'} ({self.caller or 'id not shown'})"

    @property
    def token(self) -> str:
        """The run's own token."""
        return self._token

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        subject: int | None = None,
        accept: str = JSON,
        content_type: str | None = JSON,
        token: str | None = None,
        cleaning: bool = False,
    ) -> Exchange:
        """Send one request of the API.

        Args:
            operation: its operationId in the spec.
            method: HTTP method.
            path: below `/api/2.0`.
            body: a JSON object, or raw bytes.
            subject: id of the task it is about.
            accept: the representation asked for.
            content_type: the representation sent; None says nothing about it.
            token: sent instead of the run's own; an empty one sends no Authorization header at all.
            cleaning: whether it comes out of the requests held back for cleaning up.
        """
        request = self.request(method, path, body, accept=accept, content_type=content_type, token=token)
        return self.transport.send(operation, request, subject=subject, cleaning=cleaning)

    def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        accept: str = JSON,
        content_type: str | None = JSON,
        token: str | None = None,
    ) -> Request:
        """A request as `call` sends it, for whoever puts several on the wire at once."""
        token = self._token if token is None else token
        headers = [("Accept", accept)]
        if token:
            headers.append(("Authorization", token))
        content = b""
        if body is not None:
            # Half of a surrogate pair, as a portal may show it, has no other form in JSON than its escape.
            content = (
                body
                if isinstance(body, bytes)
                else json.dumps(body, ensure_ascii=False).encode(errors="backslashreplace")
            )
            if content_type is not None:
                headers.append(("Content-Type", content_type))
        return Request(method, self._base + path, tuple(headers), content)

    def require_document(self, exchange: Exchange) -> Mapping[str, Any]:
        """The JSON object of an answer that has to be the API's.

        Raises:
            UnusableAnswerError: it is a page, or nothing that can be read.
        """
        document = json_document(exchange)
        answer = exchange.response
        if not document and (answer.ok or answer.media_type == "text/html" or answer.status // 100 == 3):  # noqa: PLR2004
            shown = answer.media_type or Message("without-media-type")
            raise UnusableAnswerError(
                Message("no-json-api", where=self.target.where, what=shown, status=answer.status)
            )
        return document

    def _ask_for_token(self) -> str:
        body = {
            "userName": self.target.credential("user"),
            "password": self.target.credential("password"),
        }
        exchange = self.call("authenticate", "POST", "/authentication", body, token="")
        # The ancestor answers a wrong password with 500, so any refusal counts (CookiesManager.cs).
        response = self.require_document(exchange).get("response") if exchange.response.ok else None
        token = response.get("token") if isinstance(response, dict) else None
        if not token:
            raise LoginError(
                Message(
                    "password-refused",
                    where=self.target.where,
                    status=exchange.response.status,
                )
            )
        return str(token)
