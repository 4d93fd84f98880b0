"""What is known of a target before the first request: where it is, how to log in, what it may cost."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from etalon.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.messages import Message

Kind = str
"""The name of a vendor (`etalon.vendors`)."""
SECRETS = frozenset({"token", "password", "api-key", "private-key", "certificate-password"})
"""The log-in keys that are never shown; a name that stands in every task would hide half of a report."""
DEFAULT_CONFIG = Path("etalon.toml")
DEFAULT_MAX_REQUESTS = 5000
DEFAULT_MAX_TASKS = 500
DEFAULT_TIMEOUT = 30.0


class ConfigError(UserError):
    """The config file, or a value in it, is not usable; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential, and the environment variable that stands for it in what is shown.

    Its representation hides the value, so that a traceback or a log line cannot leak it.
    """

    value: str = field(repr=False)
    variable: str


@dataclass(frozen=True, slots=True)
class Tls:
    """How a connection is secured.

    Attributes:
        verify: whether the portal's certificate has to be one that is believed.
        ca: file of the authorities that are believed instead of the machine's own (PEM).
        certificate: file of the certificate that Etalon shows (PEM); None shows none.
        key: file of its private key, where that does not stand in the same file.
        key_password: what that key is encrypted with; empty where it is not.
    """

    verify: bool = True
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    key_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """One portal to be judged.

    Attributes:
        credentials: the target's log-in keys (`token`, `api-key`, …) → values.
        requests_per_second: the pace; 0 means as fast as the portal answers.
        lacks: capabilities that the portal is declared not to have.
        known: ids that exist on the portal, by kind of thing (`responsibles`, `users`, …).
        expect: pinned behaviours, by behaviour name.
        embedded: whether Etalon itself serves the portal.
        max_tasks: how many tasks a run may have on the portal at the same time.
        tls: how the connection is secured.
        notify: whether the portal may tell people about the run's tasks.
        confirm: whether findings are seen again before they count; None where the url decides.
        settle: seconds within which a change may become visible; 0 where it is to be seen at once.
        warnings: what the user should know about this target's configuration.
    """

    name: str
    kind: Kind
    url: str
    dialect: str = "documented"
    credentials: Mapping[str, Secret] = field(default_factory=dict)
    allow_writes: bool = False
    requests_per_second: float = 0.0
    max_requests: int = DEFAULT_MAX_REQUESTS
    timeout: float = DEFAULT_TIMEOUT
    lacks: frozenset[str] = frozenset()
    known: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)
    expect: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = False
    max_tasks: int = DEFAULT_MAX_TASKS
    tls: Tls = Tls()
    notify: bool = False
    settle: float = 0.0
    confirm: bool | None = None
    warnings: tuple[Message, ...] = ()

    @property
    def where(self) -> str:
        """The target as a message names it: its name, and its URL without userinfo and query."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return f"{self.name} ({parts.scheme}://{host}{parts.path})"

    def credential(self, key: str) -> str | None:
        """The value of a log-in key, or None when the target has none."""
        secret = self.credentials.get(key)
        return secret.value if secret else None

    def served_at(self, url: str) -> Target:
        """The same target at another URL (an embedded portal learns its port when it starts)."""
        return replace(self, url=url)


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
