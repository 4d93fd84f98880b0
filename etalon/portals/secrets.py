"""The one place that knows secrets, and takes them out of everything that is shown."""

from __future__ import annotations

import base64
import html
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus, unquote, urlsplit
from urllib.request import getproxies
from xml.sax.saxutils import escape

from etalon.portals.config import SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.config import Target

# Shorter values occur in ordinary text; they are hidden only where a header or element names them.
_SHORTEST_REPLACED = 4
_HIDDEN = "•••"
# Checks try a portal with tokens that are nearly the right one, and those give the right one away.
_SHORTEST_WITH_LIKENESSES = 16
_SIGNATURE = "etalon-signature-of-this-run"  # stands for any of many, so that one pattern knows them all

_NAMES = (
    r"password|passwd|pwd|sid|signature|token|access[-_]?token|refresh[-_]?token|api[-_]?key|private[-_]?key|"
    r"secret|asc_auth_key|session[-_]?id"
)
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # an XML element, and an attribute of one
        rf"(?P<before><(?P<tag>{_NAMES})\b[^<>]*>)(?P<secret>[^<]+)(?P<after></(?P=tag)\s*>)",
        rf"(?P<before>\s(?:{_NAMES})\s*=\s*(?P<quote>[\"']))(?P<secret>[^<\"']+)(?P<after>(?P=quote))",
        # a member of JSON
        rf'(?P<before>"(?:{_NAMES})"\s*:\s*")(?P<secret>(?:[^"\\]|\\.)+)(?P<after>")',
        # a parameter of a URL or a form
        rf"(?P<before>(?:^|[?&;])(?:{_NAMES})=)(?P<secret>[^&;#\s<>\"']+)(?P<after>)",
        # what stands before the host of a URL
        r"(?P<before>\bhttps?://)(?P<secret>[^/?#\s<>\"'@]+)(?P<after>@)",
    )
)
_SECRET_HEADERS = frozenset(
    {
        "authorization",
        "cookie",
        "set-cookie",
        "proxy-authorization",
        "x-api-key",
        "x-auth-token",
        "x-csrf-token",
    }
)
# Bytes below which the middle of a secret in base64 is so short that it occurs by chance.
_SHORTEST_WITHIN_BASE64 = 8
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


class Piece(NamedTuple):
    """A part of a text as it may be shown: as it is, or the name of the variable that stands for a secret."""

    text: str
    is_variable: bool = False

    def __str__(self) -> str:
        return f"${self.text}" if self.is_variable else self.text


class Redactor:
    """Replaces every known secret by the name of the environment variable that holds it (`$R7_TOKEN`)."""

    def __init__(self) -> None:
        self._shown_as: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = re.compile(r"(?!)")
        self._signatures: set[str] = set()

    def learn(self, name: str, secret: str) -> None:
        """Take note of a secret.

        Args:
            name: environment variable that stands for it in what is shown, without the dollar sign.
            secret: the value; an empty one is nothing to hide.
        """
        for form in _spellings(secret):
            self._note(form, f"${name}")
        if len(secret) >= _SHORTEST_WITH_LIKENESSES:
            for likeness in {secret[:-1], secret.swapcase()} - {secret}:
                for form in set(_spellings(likeness)) - self._shown_as.keys():
                    self._note(form, _HIDDEN)

    def learn_basic(self, user: tuple[str, str], password: tuple[str, str]) -> None:
        """Take note of the pair that basic auth encodes as one (RFC 7617 section 2).

        Args:
            user: environment variable and value.
            password: environment variable and value; both may be empty.
        """
        encoded = base64.b64encode(f"{user[1]}:{password[1]}".encode()).decode()
        self._note(encoded, f"${user[0]}:" + (f"${password[0]}" if password[0] else ""))

    def learn_signature(self, signature: str) -> None:
        """Take note of a signature that a request of the run's own carries.

        A `curl` line that is edited would need another one. So a variable stands in its place, which is
        empty unless the user sets it: an empty signature is as good as none (PlanFix signature page).
        """
        self._signatures.add(signature)
        if _SIGNATURE not in self._shown_as:
            self._note(_SIGNATURE, "$PLANFIX_SIGNATURE")

    def clean(self, text: str) -> str:
        """The text without secrets; those known stand as `$NAME`, those that XML or JSON names as dots."""
        return "".join(map(str, self.pieces(text)))

    def pieces(self, text: str) -> list[Piece]:
        """The text as `clean` shows it, what stands for secrets told from what is the text's own."""
        for named in _NAMED:
            text = named.sub(self._hide_unknown, text)
        found: list[Piece] = []
        end = 0
        for match in self._known.finditer(text):
            found.append(Piece(text[end : match.start()]))
            found.extend(template_pieces(self._shown_as[match[0]]))
            end = match.end()
        found.append(Piece(text[end:]))
        return [piece for piece in found if piece.text]

    def header(self, name: str, value: str) -> list[Piece]:
        """A header's value as it may be shown; headers that carry credentials never show an unknown one."""
        shown = self.pieces(value)
        if name.lower() in _SECRET_HEADERS and not any(piece.is_variable for piece in shown):
            return [Piece(_HIDDEN)]
        return shown

    def _note(self, form: str, shown_as: str) -> None:
        if len(form) < _SHORTEST_REPLACED:
            return
        self._shown_as[form] = shown_as
        self._pattern = None

    @property
    def _known(self) -> re.Pattern[str]:
        """What finds every known secret; of two that begin at one place, the longer."""
        if self._pattern is None:
            longest_first = sorted(self._shown_as, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return self._pattern

    def _hide_unknown(self, match: re.Match[str]) -> str:
        if self._known.fullmatch(match["secret"]):
            return match[0]
        if match["secret"] in self._signatures:
            return f"{match['before']}{_SIGNATURE}{match['after']}"
        return f"{match['before']}{_HIDDEN}{match['after']}"


def redactor_of(target: Target) -> Redactor:
    """A redactor that knows all that a target's configuration and the environment keep secret."""
    redactor = Redactor()
    credentials = target.credentials
    for name in sorted(SECRETS & credentials.keys()):
        redactor.learn(credentials[name].variable, credentials[name].value)
    if target.kind == "planfix" and "api-key" in credentials:
        key, token = credentials["api-key"], credentials.get("token")
        redactor.learn_basic((key.variable, key.value), (token.variable, token.value) if token else ("", ""))
    for proxy in getproxies().values():
        with suppress(ValueError):
            redactor.learn("PROXY_PASSWORD", unquote(urlsplit(proxy).password or ""))
    return redactor


def template_pieces(template: str) -> Iterator[Piece]:
    """The pieces of a text in which `$NAME` stands for a variable."""
    for index, part in enumerate(_VARIABLE.split(template)):
        yield Piece(part, is_variable=bool(index % 2))


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it may stand in a URL, in JSON, in XML or HTML, in basic auth, in bytes read as Latin-1."""
    yield secret
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quoted)
    for in_json in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield in_json
        yield in_json.replace("/", r"\/")  # as PHP and older .NET write it
    yield escape(secret)
    yield escape(secret, {'"': "&quot;", "'": "&apos;"})
    yield html.escape(secret)
    yield secret.encode("ascii", "xmlcharrefreplace").decode()
    yield escape(secret).encode("ascii", "xmlcharrefreplace").decode()
    yield base64.b64encode(secret.encode()).decode()
    yield from _within_base64(secret.encode())
    yield secret.encode().decode("latin-1")


def _within_base64(secret: bytes) -> Iterator[str]:
    """The digits that a secret gives in the base64 of a longer text, wherever in it the secret stands."""
    if len(secret) < _SHORTEST_WITHIN_BASE64:
        return
    for before in range(3):  # so many bytes share a group of digits with the secret's first
        digits = base64.b64encode(bytes(before) + secret).decode()
        own = digits[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6]
        yield own
        yield own.replace("+", "-").replace("/", "_")
