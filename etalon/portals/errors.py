"""Why a portal could not be judged: each error is one sentence that a user can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etalon.messages import Message


class PortalError(Exception):
    """The conversation with the portal failed; nothing can be concluded about it."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreachableError(PortalError):
    """No connection, a connection that broke, or no answer in time."""


class LoginError(PortalError):
    """The portal refused the credentials."""


class ThrottledError(PortalError):
    """The portal limits requests and went on refusing after the waits that it asked for."""


class RequestsExhaustedError(PortalError):
    """The next request would exceed the target's `max-requests`."""


class TasksExhaustedError(PortalError):
    """The next task would exceed the target's `max-tasks`."""


class ForeignWriteError(PortalError):
    """A request would change what is not the run's own; it was not sent."""


class UnusableAnswerError(PortalError):
    """The portal answered something that is not its API (an HTML page, an empty body)."""


class MissingPrerequisiteError(PortalError):
    """Something that the user can supply is missing: an id, a credential, a capability."""


class UnwrittenError(PortalError):
    """What would be made could not be noted on the disk first; it was not sent."""
