"""The proxies that the environment names."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from etalon.messages import Message
from etalon.portals.config import ConfigError, is_loopback

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def proxy_for(url: str) -> httpx.URL | None:
    """The proxy that the environment names for a URL; none for this machine's own portals.

    Raises:
        ConfigError: its value is no URL; the sentence does not show it, since it may hold a password.
    """
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.hostname or ""):
        return None  # a proxy of the environment cannot see this machine's own portals
    proxies = getproxies()
    for kind in (parts.scheme, "all"):
        if proxies.get(kind):
            return _read(f"{kind.upper()}_PROXY", proxies[kind])
    return None


def _read(variable: str, value: str) -> httpx.URL:
    given = value if _SCHEME.match(value) else f"http://{value}"
    try:
        parts = urlsplit(given)
        # After a bare / # or ? of a password the rest of it, and the host, are taken for a path.
        host = parts.netloc
        whole = "@" not in given.partition(host)[2] and host.count("@") <= 1
        if whole and parts.hostname and parts.port != 0:
            return httpx.URL(given)
    except (ValueError, httpx.InvalidURL):
        pass
    # Raised out here, so that no error that quotes the value comes along.
    raise ConfigError(
        Message(
            "expected",
            where=variable,
            what=Message("wants-proxy-url"),
        )
    )
