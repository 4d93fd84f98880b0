"""The one place that knows secrets, and takes them out of everything that is shown."""

from __future__ import annotations

import base64
import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies

from etalon.portals.config import SECRETS
from etalon.portals.likenesses import LEAST, Hit, Likenesses, folded
from etalon.portals.spellings import views
from etalon.vendors import vendor_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from etalon.portals.config import Target
    from etalon.portals.exchange import Exchange
    from etalon.portals.spellings import View

_HIDDEN = "•••"
_NAMES = (
    r"(?:[\w.-]*[._-])?(?:password|passwd|pwd|sid|signature|secret)|[\w.-]*(?:token|password|passwd|secret)|"
    r"(?:[\w.-]*[._-])?(?:api|private)[-_]?key|asc_auth_key|(?:[\w.-]*[._-])?session[-_]?id|phpsessid|jsessionid"
)
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # an XML element, and an attribute of one
        rf"<(?:\w+:)?(?P<tag>{_NAMES})\b[^<>]*>(?P<secret>[^<]+)</(?:\w+:)?(?P=tag)\s*>",
        rf"\s(?:{_NAMES})\s*=\s*(?P<quote>[\"'])(?P<secret>[^<\"']+)(?P=quote)",
        # a member of JSON
        rf'"(?:{_NAMES})"\s*:\s*"(?P<secret>(?:[^"\\]|\\.)+)"',
        # a parameter of a URL or a form
        rf"(?:^|[?&;])(?:{_NAMES})=(?P<secret>[^&;#\s<>\"']+)",
        # what stands before the host of a URL
        r"\bhttps?://(?P<secret>[^/?#\s<>\"'@]+)@",
    )
)
# A text without any of these names nothing, and need not be asked for all of them.
_NAMING = ("pass", "pwd", "sid", "signature", "token", "key", "secret", "session", "://")
SECRET_HEADER = re.compile(
    r"(?!(?:www|proxy)-authenticate$).*(?:auth(?!or$)|token|secret|cookie|session|api-?key|credential|password)",
    re.IGNORECASE,
)
"""Names of headers that carry credentials."""
_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned"}
)
_SCHEME = re.compile(r"[A-Za-z]+ |:")
_LIKE_A_KEY = re.compile(r"(?=.*[0-9])(?=.*[^0-9.:-]).{12,}")
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_SHOWN = re.compile(r"(?:\$[A-Z_][A-Z0-9_]*|•••|[:\s])+")
_REMEMBERED = 512
_LONGEST_REMEMBERED = 100_000


class Piece(NamedTuple):
    """A part of a text as it may be shown: as it is, or the name of the variable that stands for a secret."""

    text: str
    is_variable: bool = False

    def __str__(self) -> str:
        return f"${self.text}" if self.is_variable else self.text


class Redactor:
    """Replaces every known secret by the name of the environment variable that holds it (`$API_TOKEN`).

    A part of one, and one in another case, shows as dots; so does what XML, JSON, a URL or a header names as
    secret, whether it is known or not.
    """

    def __init__(self) -> None:
        self._known = Likenesses(_HIDDEN)
        self._signatures: dict[str, str] = {}
        self._shown: dict[str, list[Piece]] = {}

    def learn(self, name: str, secret: str) -> None:
        """Take note of a secret.

        Args:
            name: environment variable that stands for it in what is shown, without the dollar sign; empty for
                dots instead.
            secret: the value; an empty one is nothing to hide.
        """
        self._known.add(secret, f"${name}" if name else _HIDDEN)
        self._shown.clear()

    def learn_basic(self, user: tuple[str, str], password: tuple[str, str]) -> None:
        """Take note of the pair that basic auth encodes as one (RFC 7617 section 2).

        Args:
            user: environment variable and value.
            password: environment variable and value; both may be empty.
        """
        encoded = base64.b64encode(f"{user[1]}:{password[1]}".encode()).decode()
        self._known.add(encoded, f"${user[0]}:" + (f"${password[0]}" if password[0] else ""))
        self._shown.clear()

    def learn_signature(self, variable: str, signature: str) -> None:
        """Take note of a signature that a request of the run's own carries.

        A `curl` line that is edited would need another one. So a variable stands in its place, which is
        empty unless the user sets it: an empty signature is as good as none.
        """
        self._signatures[signature] = variable
        self._shown.clear()

    def overhear(self, exchange: Exchange) -> None:
        """Take note of the cookies that an answer hands out; a value of few characters is a setting."""
        for name, value in exchange.response.headers:
            if name.lower() == "set-cookie":
                cookie = value.partition(";")[0].partition("=")[2].strip().strip('"')
                if _LIKE_A_KEY.fullmatch(cookie):
                    self.learn("", cookie)

    def clean(self, text: str) -> str:
        """The text without secrets; those known stand as `$NAME`, those that XML or JSON names as dots."""
        return "".join(map(str, self.pieces(text)))

    def pieces(self, text: str) -> list[Piece]:
        """The text as `clean` shows it, what stands for secrets told from what is the text's own."""
        found = self._shown.get(text)
        if found is None:
            found = list(_pieces(text, self._hits(text)))
            if len(text) <= _LONGEST_REMEMBERED:  # a finding is shown in several places, and more than once
                if len(self._shown) >= _REMEMBERED:
                    self._shown.clear()
                self._shown[text] = found
        return list(found)

    def header(self, name: str, value: str) -> list[Piece]:
        """A header's value as it may be shown; headers that carry credentials never show an unknown one."""
        shown = self.pieces(value)
        if not SECRET_HEADER.match(name):
            return shown
        if not any(piece.is_variable for piece in shown):
            return [Piece(_HIDDEN)]
        if "cookie" in name.lower():
            return list(self._cookies(value))
        return [
            piece if piece.is_variable or _SCHEME.fullmatch(piece.text) else Piece(_HIDDEN) for piece in shown
        ]

    def _cookies(self, value: str) -> Iterator[Piece]:
        """Cookies with their names and attributes; a value is shown only where it is a known secret whole."""
        for place, part in enumerate(value.split(";")):
            name, equals, content = part.partition("=") if "=" in part else ("", "", part)
            yield Piece((";" if place else "") + self.clean(name) + equals)
            shown = self.pieces(content)
            is_attribute = (name or part).strip().lower() in _ATTRIBUTES
            if is_attribute or all(piece.is_variable for piece in shown):
                yield from shown
            else:
                yield Piece(_HIDDEN)

    def _hits(self, text: str) -> Sequence[Hit]:
        """What is to be hidden of a text, in its order, none overlapping another."""
        whole: list[Hit] = []
        named: list[Hit] = []
        parts: list[Hit] = []
        for view in views(text):
            for hit in self._known.hits(view):
                (whole if hit.is_whole else parts).append(hit)
            if not view.is_unpacked:
                named += self._named(view)
        placed = _laid([], whole)
        if named:
            own = {(hit.start, hit.end) for hit in placed}
            placed = _laid(_laid([], [hit for hit in named if (hit.start, hit.end) not in own]), placed)
        return _laid(placed, parts)

    def _named(self, view: View) -> Iterator[Hit]:
        """What a view names as secret."""
        lower = folded(view.text)
        if not any(name in lower for name in _NAMING):
            return
        for pattern in _NAMED:
            for match in pattern.finditer(view.text):
                if not _SHOWN.fullmatch(match["secret"]):
                    variable = self._signatures.get(match["secret"])
                    shown = f"${variable}" if variable else _HIDDEN
                    yield Hit(*view.origin(*match.span("secret")), shown, is_whole=True)


def redactor_of(target: Target) -> Redactor:
    """A redactor that knows all that a target's configuration and the environment keep secret."""
    redactor = Redactor()
    credentials = target.credentials
    for name in sorted(SECRETS & credentials.keys()):
        redactor.learn(credentials[name].variable, credentials[name].value)
    vendor_of(target.kind).hide(redactor, credentials)
    _learn_userinfo(redactor, "URL", target.url)
    for proxied, proxy in getproxies().items():
        if proxied != "no":
            _learn_userinfo(redactor, "PROXY", proxy if "://" in proxy else f"http://{proxy}")
    return redactor


def without_secrets(sentence: str, table: object, environ: Mapping[str, str]) -> str:
    """A sentence about a table of the config file without what that table keeps secret.

    Args:
        sentence: about a mistake in it.
        table: as it was read, whatever it is.
        environ: where `env:NAME` values are read from.
    """
    redactor = Redactor()
    for key, value in table.items() if isinstance(table, dict) else ():
        if key in SECRETS and isinstance(value, str):
            name = value.removeprefix("env:")
            redactor.learn("", value if name == value else environ.get(name, ""))
    return redactor.clean(sentence)


def _learn_userinfo(redactor: Redactor, variable: str, url: str) -> None:
    """Take note of the user and the password that stand in a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    redactor.learn(f"{variable}_PASSWORD", password)
    # A short word (`proxy`) stands in many a sentence; beside its password it is hidden all the same.
    if len(user) >= LEAST or not user.isalpha():
        redactor.learn(f"{variable}_USER", user)
    if user and password:
        redactor.learn(f"{variable}_USER:${variable}_PASSWORD", f"{user}:{password}")
        redactor.learn_basic((f"{variable}_USER", user), (f"{variable}_PASSWORD", password))


def _laid(placed: Sequence[Hit], hits: Iterable[Hit]) -> list[Hit]:
    """Hits beside others that come first: what overlaps one of those is hidden only beside it.

    Args:
        placed: in their order, none overlapping another.
        hits: in any order.

    Returns:
        All of them in their order, none overlapping another.
    """
    added: list[Hit] = []
    first = reached = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        at = max(hit.start, reached)
        while first < len(placed) and placed[first].end <= at:
            first += 1
        gaps: list[tuple[int, int]] = []
        for other in islice(placed, first, None):
            if other.start >= hit.end:
                break
            gaps.append((at, other.start))
            at = max(at, other.end)
        gaps.append((at, hit.end))
        reached = max(reached, hit.end)
        if gaps == [(hit.start, hit.end)]:
            added.append(hit)
        else:
            added += [
                hit._replace(start=start, end=end, shown_as=_HIDDEN) for start, end in gaps if start < end
            ]
    return sorted((*placed, *added)) if added else list(placed)


def _pieces(text: str, hits: Iterable[Hit]) -> Iterator[Piece]:
    """The text with what is hidden of it replaced; dots beside dots stand once."""
    done = 0
    dotted = False
    for hit in hits:
        if hit.start > done:
            yield Piece(text[done : hit.start])
            dotted = False
        if not (dotted and hit.shown_as == _HIDDEN):
            yield from (piece for piece in template_pieces(hit.shown_as) if piece.text)
        dotted = hit.shown_as == _HIDDEN
        done = hit.end
    if done < len(text):
        yield Piece(text[done:])


def template_pieces(template: str) -> Iterator[Piece]:
    """The pieces of a text in which `$NAME` stands for a variable."""
    for index, part in enumerate(_VARIABLE.split(template)):
        yield Piece(part, is_variable=bool(index % 2))
