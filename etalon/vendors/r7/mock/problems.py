"""The refusals of the R7 portal, with the `hresult` that the matching .NET exception carries."""

from __future__ import annotations

ARGUMENT = -2147024809
FORMAT = -2146233033
HTTP = -2147467259
SECURITY = -2146233078
GENERAL = -2146233088


class ApiError(Exception):
    """A refusal that is answered in the error envelope.

    Attributes:
        status: HTTP status, which the envelope repeats as `statusCode`.
        message: the text of `error.message`.
        hresult: number of `error.hresult`.
        headers: further response headers.
    """

    def __init__(
        self, status: int, message: str, hresult: int = GENERAL, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hresult = hresult
        self.headers = headers or {}


def bad_argument(message: str = "Value does not fall within the expected range.") -> ApiError:
    """Return the 400 that CommunityServer makes of an `ArgumentException` (`ApiHttpHandler.cs`)."""
    return ApiError(400, message, ARGUMENT)


def unconvertible(name: str, kind: str) -> ApiError:
    """Return the 400 for a parameter whose value cannot be read as its type."""
    return ApiError(400, f"Parameter {name} cannot be read as {kind}.", FORMAT)


def not_found(what: str) -> ApiError:
    """Return the 404 for something that does not exist."""
    return ApiError(404, f"{what} is not found", HTTP)


def access_denied() -> ApiError:
    """Return the 403 that CommunityServer makes of a `SecurityException`."""
    return ApiError(403, "Access denied.", SECURITY)
