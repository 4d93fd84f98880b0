from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from etalon.portals.secrets import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What a secret may be: as the config takes it, and long enough not to be an ordinary word.
SECRETS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=4, max_size=40)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SPELLED: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "url": lambda secret: quote(secret, safe=""),
    "path": quote,
    "form": quote_plus,
    "url-in-lower-case": lambda secret: re.sub("%..", lambda found: found[0].lower(), quote(secret, "")),
    "json": lambda secret: json.dumps(secret)[1:-1],
    "json-in-unicode": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "json-with-escaped-slashes": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "xml": escape,
    "xml-attribute": lambda secret: quoteattr(f"\"{secret}'")[7:-2],
    "html": html.escape,
    "character-references": lambda secret: secret.encode("ascii", "xmlcharrefreplace").decode(),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "bytes-as-latin-1": lambda secret: secret.encode().decode("latin-1"),
}


def knowing(**secrets: str) -> Redactor:
    redactor = Redactor()
    for name, secret in secrets.items():
        redactor.learn(name, secret)
    return redactor


@pytest.mark.parametrize("spelling", SPELLED)
@given(secret=SECRETS, before=AROUND, after=AROUND)
def test_no_spelling_of_a_secret_survives(spelling: str, secret: str, before: str, after: str) -> None:
    spelled = SPELLED[spelling](secret)
    assume(not set(spelled + secret) & set(before + after))
    assert knowing(T=secret).clean(f"{before}{spelled}{after}") == f"{before}$T{after}"


@given(
    secret=st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=8, max_size=40),
    before=st.binary(max_size=8),
    after=st.binary(max_size=8),
)
def test_no_base64_of_a_text_around_a_secret_shows_it(secret: str, before: bytes, after: bytes) -> None:
    packed = base64.b64encode(before + secret.encode() + after).decode()
    shown = knowing(T=secret).clean(packed)
    assert "$T" in shown
    assert len(shown.replace("$T", "")) <= len(packed) - len(secret.encode()) * 8 // 6 + 2


@given(first=SECRETS, second=SECRETS, order=st.permutations([0, 1, 2]))
def test_secrets_that_hold_each_other_are_all_hidden(first: str, second: str, order: list[int]) -> None:
    assume(first not in second and second not in first)
    secrets = [first, second, second + first + second]
    redactor = Redactor()
    for number in order:
        redactor.learn(f"S{number}", secrets[number])
    assert redactor.clean("\t".join(secrets)) == "$S0\t$S1\t$S2"


@pytest.mark.parametrize("likeness", ["Zt4vR9mQkX2sLp7a", "zT4Vr9MqKx2SlP7Ah"], ids=["cut", "in other case"])
def test_what_is_nearly_a_secret_is_hidden(likeness: str) -> None:
    redactor = knowing(T="Zt4vR9mQkX2sLp7aH")
    packed = base64.b64encode(f"x{likeness}y".encode()).decode()
    assert redactor.clean(f"<{likeness}>") == "<•••>"
    assert "•••" in redactor.clean(packed)
    assert redactor.clean("Zt4vR9mQkX2sLp7aH") == "$T"


@given(text=AROUND)
def test_a_text_without_secrets_stays_as_it_is(text: str) -> None:
    assert Redactor().clean(text) == text
    assert knowing(T="").clean(text) == text


def test_a_short_secret_does_not_spoil_the_text() -> None:
    assert knowing(P="abc").clean('abcd {"password": "abc"}') == 'abcd {"password": "•••"}'


@given(key=SECRETS, token=SECRETS | st.just(""))
def test_basic_authentication_shows_the_names_of_its_parts(key: str, token: str) -> None:
    redactor = knowing(KEY=key, TOKEN=token)
    redactor.learn_basic(("KEY", key), ("TOKEN", token) if token else ("", ""))
    encoded = base64.b64encode(f"{key}:{token}".encode()).decode()
    shown = "".join(map(str, redactor.header("Authorization", f"Basic {encoded}")))
    assert shown == ("Basic $KEY:$TOKEN" if token else "Basic $KEY:")


@pytest.mark.parametrize(
    "name", ["Authorization", "authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"]
)
def test_a_header_of_credentials_shows_no_unknown_one(name: str) -> None:
    redactor = knowing(R7_TOKEN="a-known-token")
    assert "".join(map(str, redactor.header(name, "a-known-toke"))) == "•••"
    assert "".join(map(str, redactor.header(name, "a-known-token"))) == "$R7_TOKEN"


def test_other_headers_are_shown() -> None:
    redactor = knowing(R7_TOKEN="a-known-token")
    assert "".join(map(str, redactor.header("X-Echo", "a-known-token, x"))) == "$R7_TOKEN, x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<sid>never-learnt</sid>", "<sid>•••</sid>"),
        ("<password>hunter2</password>", "<password>•••</password>"),
        ('<signature kind="md5">0cc175b9</signature >', '<signature kind="md5">•••</signature >'),
        ("<Token>abc</Token>", "<Token>•••</Token>"),
        ("<sid>a-learnt-sid</sid>", "<sid>$PLANFIX_SID</sid>"),
        ("<sid>a-learnt-sid2</sid>", "<sid>•••</sid>"),
        ("<sid></sid>", "<sid></sid>"),
        ("<side>left</side>", "<side>left</side>"),
        ('{"token":"abc","title":"t"}', '{"token":"•••","title":"t"}'),
        (r'{"Password" : "a\"b"}', '{"Password" : "•••"}'),
        ('{"token": null, "expires": "2031"}', '{"token": null, "expires": "2031"}'),
        ("/task?asc_auth_key=abc&x=1", "/task?asc_auth_key=•••&x=1"),
        ("password=hunter2&user=qa", "password=•••&user=qa"),
        ("https://qa:hunter2@portal.example/x", "https://•••@portal.example/x"),
        ("write to qa@portal.example", "write to qa@portal.example"),
        ('<login name="qa" password="hunter2"/>', '<login name="qa" password="•••"/>'),
    ],
)
def test_what_is_named_as_secret_is_hidden_even_unknown(text: str, shown: str) -> None:
    assert knowing(PLANFIX_SID="a-learnt-sid").clean(text) == shown
