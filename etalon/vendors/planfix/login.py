"""What a PlanFix portal says to whoever knocks: let in, refused, or not the XML API at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.messages import Message
from etalon.portals.errors import LoginError, UnusableAnswerError
from etalon.vendors.planfix.answers import Answer, NotAnAnswerError, answer_of, resembles_an_answer, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.exchange import Exchange

_REFUSALS: Mapping[str, Message] = {
    "0001": Message("refusal-0001"),
    "0002": Message("refusal-0002"),
    "0004": Message("refusal-0004"),
    "0006": Message("refusal-0006"),
    "0010": Message("refusal-0010"),
    "0011": Message("refusal-0011"),
    "0012": Message("refusal-0012"),
    "0013": Message("refusal-0013"),
    "0014": Message("refusal-0014"),
    "0022": Message("refusal-0022"),
    "0024": Message("refusal-0024"),
    "1001": Message("refusal-1001"),
}
"""Error codes that end a log-in → what to tell the user."""


def first_answer(exchange: Exchange, where: str) -> Answer:
    """The answer to a first request.

    Args:
        exchange: the request and what it was answered with.
        where: the portal, as it is named to the user.

    Raises:
        LoginError: it refuses what the request identifies itself with.
        UnusableAnswerError: it is not the API's.
    """
    try:
        answer = answer_of(exchange)
    except NotAnAnswerError as error:
        if resembles_an_answer(exchange):
            raise UnusableAnswerError(
                Message("no-response-document", where=where, what=error.what)
            ) from error
        media_type = exchange.response.media_type or Message("without-media-type")
        raise UnusableAnswerError(
            Message(
                "no-xml-api",
                where=where,
                what=media_type,
                status=exchange.response.status,
                error=error.what,
            )
        ) from error
    if answer.code in _REFUSALS:
        raise LoginError(Message("login-refused", where=where, why=_REFUSALS[answer.code]))
    return answer


def session_of(answer: Answer, where: str) -> str:
    """The session that an answer to `auth.login` opens.

    Args:
        answer: the answer, one that `first_answer` gave.
        where: the portal, as it is named to the user.

    Raises:
        LoginError: the portal refuses user or password.
        UnusableAnswerError: the answer is unlike the one on the page.
    """
    sid = text_of(answer.root.find("sid")).strip()
    if answer.status not in {"ok", "error"} or (answer.ok and not sid):
        status = Message("the-status", status=repr(answer.status))
        shown = Message("ok-and-no-sid") if answer.ok else status
        raise UnusableAnswerError(Message("log-in-unlike-page", where=where, what=shown))
    if not answer.ok:
        code = answer.code
        shown = Message("error-of-code", code=code) if code else Message("error-without-code")
        raise LoginError(Message("log-in-refused", where=where, shown=shown))
    return sid
