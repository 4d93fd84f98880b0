"""Sessions: `auth.login` opens one, every later call names it by its `sid`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

LIFETIME: Final = timedelta(hours=1)
"""PlanFix page on authorisation by login. Each call prolongs the session, as old client code relies on."""


@dataclass(slots=True)
class _Session:
    user: int
    until: datetime
    calls: int = 0


@dataclass(slots=True)
class Sessions:
    """The open sessions of one portal."""

    _open: dict[str, _Session] = field(default_factory=dict)

    def open(self, user: int, now: datetime) -> str:
        """Starts a session; its `sid` is 32 hexadecimal digits."""
        sid = secrets.token_hex(16)
        self._open[sid] = _Session(user, now + LIFETIME)
        return sid

    def use(self, sid: str, now: datetime) -> int | None:
        """The user of a live session, which this call prolongs; `None` when it is unknown or has expired."""
        session = self._open.get(sid)
        if session is None or session.until < now:
            self._open.pop(sid, None)
            return None
        session.until = now + LIFETIME
        session.calls += 1
        return session.user

    def calls(self, sid: str) -> int:
        """How many calls a live session has served."""
        session = self._open.get(sid)
        return session.calls if session else 0

    def close(self, sid: str) -> None:
        """Ends a session, if there is one of this name."""
        self._open.pop(sid, None)
