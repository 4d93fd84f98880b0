"""The error codes that the mocked PlanFix portal answers with."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Codes of PlanFix's "error codes" page, as far as the mocked functions need them."""

    WRONG_API_KEY = "0001"
    NOT_XML = "0003"
    UNKNOWN_ACCOUNT = "0004"
    SESSION_EXPIRED = "0005"
    WRONG_SIGNATURE = "0006"
    LIMIT_EXCEEDED = "0007"
    UNKNOWN_FUNCTION = "0008"
    PARAMETER_MISSING = "0009"
    NO_SESSION = "0012"
    BAD_VALUE = "0015"
    VALUE_NOT_ALLOWED_HERE = "0016"
    DEPENDENT_VALUE_MISSING = "0017"
    TOO_MANY_OBJECTS = "0021"
    WRONG_LOGIN = "1001"
    NO_SUCH_TASK = "3001"
    NO_PARENT_ACCESS = "3002"
    NO_SUCH_PROJECT = "3003"
    START_AFTER_END = "3006"
    UNDEFINED_PERIODICITY = "3007"
    BUSY = "3014"
    STATUS_NOT_ALLOWED = "4006"
    NO_SUCH_GROUP = "5001"
    NO_SUCH_USER = "6004"
    NO_SUCH_CLIENT = "7002"


class ApiError(Exception):
    """A request that is refused: the answer is an error with this code, and nothing has changed."""

    def __init__(self, code: Code) -> None:
        super().__init__(f"{code.value} {code.name}")
        self.code = code
