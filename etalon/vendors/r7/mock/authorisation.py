"""Who is calling: the credentials that CommunityServer's `*Authorization.cs` accept, and logging in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.vendors.r7.mock.calls import Reply
from etalon.vendors.r7.mock.dates import TICKS_PER_SECOND
from etalon.vendors.r7.mock.problems import GENERAL, ApiError
from etalon.vendors.r7.mock.rendering import moment

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.calls import Call
    from etalon.vendors.r7.mock.entries import Person
    from etalon.vendors.r7.mock.inbound import Inbound

_COOKIE = "asc_auth_key"
_TOKEN_LIFE = 365 * 86_400 * TICKS_PER_SECOND


def presented_tokens(inbound: Inbound) -> list[str]:
    """Return the tokens that a request carries: bare or `Bearer` header, cookie, query."""
    header = inbound.headers.get("authorization", "").strip()
    scheme, _, rest = header.partition(" ")
    bare = rest.strip() if scheme.lower() == "bearer" else header
    in_query = [value for name, value in inbound.query if name.lower() == _COOKIE]
    return [token for token in (bare, inbound.cookies.get(_COOKIE, ""), *in_query) if token]


def caller_of(call: Call) -> Person | None:
    """Return whom the request's credentials name; None when they name nobody."""
    people = (call.books.person_of_token(token) for token in presented_tokens(call.inbound))
    return next((person for person in people if person is not None), None)


def log_in(call: Call) -> Reply:
    """Answer `POST authentication` with the token of the person whose name and password were sent.

    Raises:
        ApiError: with the dialect's status when nobody has that name and password.
    """
    spelt = call.dialect.reads(call.inbound)
    person = call.books.person_of_login(spelt.get("username"), spelt.get("password"))
    if person is None:
        raise ApiError(call.dialect.refuses_log_in_with, "User authentication failed", GENERAL)
    expires = moment(call.portal.clock() + _TOKEN_LIFE, call.dialect)
    cookie = f"{_COOKIE}={person.token}; path=/; HttpOnly"
    return Reply({"token": person.token, "expires": expires}, status=201, headers={"Set-Cookie": cookie})
