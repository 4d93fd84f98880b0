"""The one place that knows secrets, and takes them out of everything that is shown."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

# Shorter values occur in ordinary text; they are hidden only where a header or element names them.
_SHORTEST_REPLACED = 4

_NAMED_IN_XML = re.compile(r"(<(password|sid|signature|token)\b[^>]*>)(?!\$)([^<]+)(</\2>)", re.IGNORECASE)
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})


class Redactor:
    """Replaces every known secret by the name of the environment variable that holds it (`$R7_TOKEN`)."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def learn(self, name: str, secret: str) -> None:
        """Take note of a secret.

        Args:
            name: environment variable that stands for it in what is shown, without the dollar sign.
            secret: the value; an empty one is nothing to hide.
        """
        if not secret:
            return
        for form in _spellings(secret):
            if len(form) >= _SHORTEST_REPLACED:
                self._names[form] = name

    def learn_basic(self, user: tuple[str, str], password: tuple[str, str]) -> None:
        """Take note of the pair that basic auth encodes as one (RFC 7617 section 2).

        Args:
            user: environment variable and value.
            password: environment variable and value; both may be empty.
        """
        encoded = base64.b64encode(f"{user[1]}:{password[1]}".encode()).decode()
        self._names[encoded] = f"{user[0]}:" + (f"${password[0]}" if password[0] else "")

    def clean(self, text: str) -> str:
        """The text without secrets; those known stand as `$NAME`, those that XML names as dots."""
        for form in sorted(self._names, key=len, reverse=True):
            text = text.replace(form, f"${self._names[form]}")
        return _NAMED_IN_XML.sub(r"\1•••\4", text)

    def header(self, name: str, value: str) -> str:
        """A header's value as it may be shown; headers that carry credentials never show an unknown one."""
        cleaned = self.clean(value)
        if name.lower() in _SECRET_HEADERS and "$" not in cleaned:
            return "•••"
        return cleaned

    @property
    def names(self) -> frozenset[str]:
        """The shell variables that `clean` puts in place of secrets."""
        return frozenset(name for name in self._names.values() if ":" not in name)


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it may stand in a URL, in JSON, in XML and in basic auth."""
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield escape(secret)
    yield escape(secret, {'"': "&quot;", "'": "&apos;"})
    yield base64.b64encode(secret.encode()).decode()
