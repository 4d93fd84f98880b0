"""Where in a text a secret stands: whole or in part, in whatever spelling, in whatever case.

Every fifth place of a text is looked at: whatever has eight characters of a secret in a row has four of them
at one of these places. So the time that a text takes hardly depends on how many secrets there are and in how
many ways they may be written; only around what is found it is compared character by character.
"""

from __future__ import annotations

import base64
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from etalon.portals.spellings import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.spellings import View

SHORTEST = 4
"""Shorter secrets occur in ordinary text; they are hidden only where a header or an element names them."""
LEAST = 8
"""Characters of a secret's beginning or end that are hidden without the rest. A shorter secret occurs by
chance as a part of words and numbers: it counts only as a whole word, in its own case."""
_LEAST_WITHIN = 12  # characters of the middle of a secret
_STEP, _LENGTH = 5, 4  # so that they add up to what eight characters hold one of wherever they begin
_LEAST_IN_BASE32 = 13  # digits, which are eight bytes
# How else than in UTF-8 a server may encode a text beyond ASCII.
_OTHER_CODINGS = ("cp1251", "utf-16-le", "utf-16-be")


class Hit(NamedTuple):
    """A place that shows something of a secret.

    Attributes:
        start: its first character.
        end: the one behind its last.
        shown_as: what is shown instead.
        is_whole: whether it is the secret itself, whole and in its own case.
    """

    start: int
    end: int
    shown_as: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Form:
    """Characters that stand for a secret in a view of a text."""

    text: str
    lower: str
    secret: str
    shown_as: str
    least: int = LEAST

    def is_at(self, lower: str, begin: int, start: int, end: int) -> bool:
        """Whether a text has this form, begun at a place, from `start` to `end` and not a character more."""
        first, last = start - begin, end - begin
        return (
            last < len(self.lower)
            and self.lower[first:last] == lower[start:end]
            and self.lower[last] != lower[end : end + 1]
            and (first == 0 or start == 0 or self.lower[first - 1] != lower[start - 1])
        )


class _Short(NamedTuple):
    shown_as: str
    alone: bool


@dataclass
class Likenesses:
    """All that stands for any of some secrets.

    Attributes:
        hidden: what is shown instead of a part of a secret, or of one in another case.
    """

    hidden: str
    _forms: dict[str, _Form] = field(default_factory=dict)
    _short: dict[str, _Short] = field(default_factory=dict)
    _parts: dict[str, list[tuple[_Form, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, secret: str, shown_as: str) -> None:
        """Look for a secret, in every spelling of it that no view of a text undoes.

        Args:
            secret: the secret; one that is shorter than `SHORTEST` is not looked for.
            shown_as: what is shown instead.
        """
        if len(secret) < SHORTEST:
            return
        alone = len(secret) < LEAST
        alone = len(secret) < LEAST
        for text, is_exact in _alphabets(secret):
            self._add(text, secret, shown_as if is_exact else self.hidden, alone=alone)
            self._add(text[::-1], secret, self.hidden, alone=alone)
        packed = secret.encode(errors="surrogatepass")
        if alone:
            digits = base64.b64encode(packed).decode()
            self._add(digits, secret, shown_as, alone=True)
            self._add(digits.rstrip("="), secret, shown_as, alone=True)
            return
        for digits in _base32(packed):
            self._add(digits, secret, shown_as, least=_LEAST_IN_BASE32)

    def hits(self, view: View) -> Iterator[Hit]:
        """Where in a view anything of a secret stands; the places are those of the text itself."""
        text = _without_plus(view.text)
        lower = folded(text)
        # Forms have much in common, so that many find the same.
        for start, end, shown_as, is_whole in {*self._long_hits(text, lower), *self._short_hits(view, text)}:
            yield Hit(*view.origin(start, end), shown_as, is_whole)

    def _add(self, text: str, secret: str, shown_as: str, *, alone: bool = False, least: int = LEAST) -> None:
        plain = _without_plus(text)
        if alone or len(plain) < LEAST:
            if len(plain) >= SHORTEST and shown_as != self.hidden:
                self._short[plain] = _Short(shown_as, alone)
            return
        known = self._forms.get(plain)
        if known is not None and shown_as in {self.hidden, known.shown_as}:
            return
        form = _Form(plain, folded(plain), secret, shown_as, least)
        self._forms[plain] = form
        if known is not None:
            for uses in self._parts.values():
                uses[:] = [use for use in uses if use[0] is not known]
        for place in range(len(form.lower) - _LENGTH + 1):
            self._parts[form.lower[place : place + _LENGTH]].append((form, place))

    def _long_hits(self, text: str, lower: str) -> Iterator[Hit]:
        parts = self._parts
        # Where a form would begin → up to where it has been compared; a secret → up to where it was found.
        done: dict[tuple[str, int], int] = {}
        found: dict[str, int] = {}
        same: dict[tuple[str, int], tuple[int, int]] = {}
        for at in [at for at in range(0, len(lower), _STEP) if lower[at : at + _LENGTH] in parts]:
            for form, place in parts[lower[at : at + _LENGTH]]:
                key = form.text, at - place
                if at < found.get(form.secret, 0) or at < done.get(key, 0):
                    continue
                # Forms of a secret have much in common: this one is the same there, and goes on otherwise.
                start, end = same.get((form.secret, at - place), (0, 0))
                if at < end and form.is_at(lower, at - place, start, end):
                    continue
                start, end = _extended(lower, form.lower, at, place)
                if end - start < LEAST:
                    continue
                done[key] = end
                same[form.secret, at - place] = start, end
                hit = self._hit(text, form, start, end, place - at)
                if hit is not None:
                    found[form.secret] = max(found.get(form.secret, 0), end if hit.is_whole else 0)
                    yield hit

    def _hit(self, text: str, form: _Form, start: int, end: int, shift: int) -> Hit | None:
        """What a stretch of a text that a form has at another place is; None where that may be chance."""
        first, last = start + shift, end + shift
        if last - first == len(form.lower):
            is_whole = form.shown_as != self.hidden and text.startswith(form.text, start)
            return Hit(start, end, form.shown_as if is_whole else self.hidden, is_whole)
        is_outer = first == 0 or last == len(form.lower)
        if end - start < (form.least if is_outer else max(form.least, _LEAST_WITHIN)):
            return None
        beside = form.lower[max(0, first - 1) : first] + form.lower[last : last + 1]
        if not any(map(str.isalpha, beside)) and _is_a_word(text, start, end):
            return None
        return Hit(start, end, self.hidden, is_whole=False)

    def _short_hits(self, view: View, text: str) -> Iterator[Hit]:
        for secret, (shown_as, alone) in self._short.items():
            at = text.find(secret)
            while at >= 0:
                end = at + len(secret)
                if (not alone or _stands_alone(text, at, end)) and not (
                    view.is_unpacked and _is_noise(text, at, end)
                ):
                    yield Hit(at, end, shown_as, is_whole=True)
                at = text.find(secret, at + 1)


def folded(text: str) -> str:
    """A text for comparison without regard to case, character by character."""
    lower = text.lower()
    if len(lower) != len(text):  # one capital has a lower case of two characters
        lower = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    return lower.replace("ς", "σ")


def _without_plus(text: str) -> str:
    """A form has a plus where the text has a blank; told apart, they would be two secrets."""
    return text.replace("+", " ")


def _alphabets(secret: str) -> Iterator[tuple[str, bool]]:
    """A secret, and what its escapes, if it has any, stand for; beyond ASCII also its bytes and halves.

    Yields:
        Each, and whether it is the secret in its own case.
    """
    for text in dict.fromkeys(resolved(secret)):
        yield text, True
        if text.isascii():
            continue
        units = text.encode("utf-16-be", "surrogatepass")
        yield "".join(chr(int.from_bytes(units[at : at + 2], "big")) for at in range(0, len(units), 2)), True
        composed = {text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))}
        yield from ((one, True) for one in sorted(composed - {text}))
        for one in sorted({*composed, text.lower(), text.upper()}):
            yield one.encode(errors="surrogatepass").decode("latin-1"), one in composed
        for coding in _OTHER_CODINGS:
            coded = text.encode(coding, "ignore").decode("latin-1")
            yield from ((form, True) for form in {coded, coded.replace("\0", "")})


def _base32(secret: bytes) -> Iterator[str]:
    """The digits that a secret gives in the base32 of a longer text, wherever in it the secret stands."""
    for before in range(5):  # so many bytes share a group of digits with the secret's first
        digits = base64.b32encode(bytes(before) + secret).decode()
        yield digits[-(-before * 8 // 5) : (before + len(secret)) * 8 // 5]


def _extended(lower: str, form: str, at: int, place: int) -> tuple[int, int]:
    """As much of a text around a place as a form has around another."""
    if at >= place and lower.startswith(form, at - place):
        return at - place, at - place + len(form)
    back = on = 0
    most_back, most_on = min(at, place), min(len(lower) - at, len(form) - place)
    for step in (LEAST, 1):
        while back + step <= most_back and (
            lower[at - back - step : at - back] == form[place - back - step : place - back]
        ):
            back += step
        while on + step <= most_on and (
            lower[at + on : at + on + step] == form[place + on : place + on + step]
        ):
            on += step
    return at - back, at + on


def _is_a_word(text: str, start: int, end: int) -> bool:
    """Whether a part of a secret is a word of the text: many a password begins with one."""
    part = text[start:end]
    in_one_case = part.islower() or part.isupper() or part.istitle()
    return part.isalpha() and in_one_case and _stands_alone(text, start, end)


def _is_noise(text: str, start: int, end: int) -> bool:
    """Whether what stands around a place is what comes of decoding from the wrong character on."""
    around = text[max(0, start - 3) : start] + text[end : end + 3]
    return not (around.isascii() and around.isprintable())


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()
