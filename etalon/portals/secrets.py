"""The one place that knows secrets, and takes them out of everything that is shown."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

# Shorter values occur in ordinary text; they are hidden only where a header or element names them.
_SHORTEST_REPLACED = 4
_HIDDEN = "•••"
_SIGNATURE = "etalon-signature-of-this-run"  # stands for any of many, so that one pattern knows them all

_NAMED = (
    re.compile(
        r"(?P<before><(?P<tag>password|sid|signature|token)\b[^>]*>)(?P<secret>[^<]+)(?P<after></(?P=tag)\s*>)",
        re.IGNORECASE,
    ),
    re.compile(
        r'(?P<before>"(?:password|sid|signature|token)"\s*:\s*")(?P<secret>(?:[^"\\]|\\.)+)(?P<after>")',
        re.IGNORECASE,
    ),
)
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})
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
        self._known = re.compile(r"(?!)")
        self._signatures: set[str] = set()

    def learn(self, name: str, secret: str) -> None:
        """Take note of a secret.

        Args:
            name: environment variable that stands for it in what is shown, without the dollar sign.
            secret: the value; an empty one is nothing to hide.
        """
        for form in _spellings(secret):
            self._note(form, f"${name}")

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
        longest_first = sorted(self._shown_as, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first)))

    def _hide_unknown(self, match: re.Match[str]) -> str:
        if self._known.fullmatch(match["secret"]):
            return match[0]
        if match["secret"] in self._signatures:
            return f"{match['before']}{_SIGNATURE}{match['after']}"
        return f"{match['before']}{_HIDDEN}{match['after']}"


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
    yield secret.encode().decode("latin-1")
