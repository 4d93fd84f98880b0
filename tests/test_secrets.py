from __future__ import annotations

import base64
import html
import json
import quopri
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from etalon.portals.config import Target
from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.secrets import Redactor, redactor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What a secret may be: as the config takes it, and long enough not to be an ordinary word.
SECRETS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=4, max_size=40)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def all_units(text: str) -> str:
    """Every character as JSON may escape it."""
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def references(text: str, form: str) -> str:
    return "".join(form.format(ord(character)) for character in text)


SPELLED: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "url": lambda secret: quote(secret, safe=""),
    "path": quote,
    "form": quote_plus,
    "url-in-lower-case": lambda secret: re.sub("%..", lambda found: found[0].lower(), quote(secret, "")),
    "url-in-url": lambda secret: quote(quote(secret, safe=""), safe=""),
    "url-of-every-byte": lambda secret: re.sub("(..)", r"%\1", secret.encode().hex()),
    "old-url": lambda secret: all_units(secret).replace("\\", "%"),
    "json": lambda secret: json.dumps(secret)[1:-1],
    "json-in-unicode": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "json-with-escaped-slashes": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "json-of-every-character": all_units,
    "json-of-every-character-in-capitals": lambda secret: all_units(secret).upper().replace("\\U", "\\u"),
    "json-in-json": lambda secret: json.dumps(json.dumps(secret)[1:-1])[1:-1],
    "json-in-url": lambda secret: quote(json.dumps(secret)[1:-1], safe=""),
    "javascript": lambda secret: re.sub("(..)", r"\\x\1", secret.encode().hex()),
    "octal": lambda secret: "".join(f"\\{byte:03o}" for byte in secret.encode()),
    "xml": escape,
    "xml-attribute": lambda secret: quoteattr(f"\"{secret}'")[7:-2],
    "html": html.escape,
    "html-in-json": lambda secret: json.dumps(html.escape(secret))[1:-1],
    "html-in-html": lambda secret: html.escape(html.escape(secret)),
    "html-in-url-in-json": lambda secret: all_units(quote(html.escape(secret), safe="")),
    "character-references": lambda secret: secret.encode("ascii", "xmlcharrefreplace").decode(),
    "references-of-all": lambda secret: references(secret, "&#{};"),
    "references-in-hex": lambda secret: references(secret, "&#x{:x};"),
    "references-in-capitals": lambda secret: references(secret, "&#X{:04X};"),
    "references-without-an-end": lambda secret: references(secret, "&#{}"),
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "bytes-as-latin-1": lambda secret: secret.encode().decode("latin-1"),
}
# A short secret occurs in any base64 and in any number by chance.
PACKED: Mapping[str, Callable[[str], str]] = {
    "base64-for-urls": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "base64-without-padding": lambda secret: base64.b64encode(secret.encode()).decode().rstrip("="),
    "base64-in-base64": lambda secret: base64.b64encode(base64.b64encode(secret.encode())).decode(),
    "base64-of-json": lambda secret: base64.b64encode(json.dumps({"x": secret}).encode()).decode(),
    "base64-of-utf-16": lambda secret: base64.b64encode(secret.encode("utf-16-le")).decode(),
    "base64-of-a-url-in-json": lambda secret: json.dumps(
        base64.b64encode(quote(f"a={secret}", safe="").encode()).decode()
    ).replace("/", "\\/"),
    "wrapped-base64": lambda secret: base64.encodebytes(f"{'before' * 9}{secret}".encode()).decode(),
    "base32": lambda secret: base64.b32encode(secret.encode()).decode(),
    "base32-in-lower-case": lambda secret: base64.b32encode(f"x{secret}y".encode()).decode().lower(),
    "hex": lambda secret: secret.encode().hex(),
    "hex-in-capitals": lambda secret: secret.encode().hex().upper(),
    "hex-with-colons": lambda secret: secret.encode().hex(":"),
    "hex-with-blanks": lambda secret: secret.encode().hex(" "),
    "hex-out-of-step": lambda secret: "f" + secret.encode().hex(),
    "bytes-in-json": lambda secret: json.dumps(list(secret.encode())),
    "bytes-in-go": lambda secret: ", ".join(f"0x{byte:02x}" for byte in secret.encode()),
    "quoted-printable": lambda secret: quopri.encodestring(secret.encode(), quotetabs=True).decode(),
    "utf-16": lambda secret: secret.encode("utf-16-le").decode("latin-1"),
    "utf-16-big": lambda secret: secret.encode("utf-16-be").decode("latin-1"),
    "backwards": lambda secret: secret[::-1],
    "capitals": str.upper,
    "small-letters": str.lower,
    "capitals-in-url": lambda secret: quote(secret.upper(), safe=""),
    "cut": lambda secret: secret[:-1],
    "cut-at-the-beginning": lambda secret: secret[1:],
    "cut-to-eight": lambda secret: secret[:8],
    "cut-in-json": lambda secret: all_units(secret[:9]),
    "cut-in-base64": lambda secret: base64.b64encode(secret[:9].encode()).decode(),
    "windows": lambda secret: secret.encode("cp1251", "ignore").decode("latin-1"),
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
    assume(not {*"\\%&=0123456789abcdefABCDEF"} & {*before[-1:], *after[:1]})
    assume(not (secret.endswith("\\") and after))
    if len(secret) < 8:  # counts as a whole word
        assume(not before[-1:].isalnum() and not after[:1].isalnum())
    assert knowing(T=secret).clean(f"{before}{spelled}{after}") == f"{before}$T{after}"


LONG = 'zt4vR9/mQ+kX2sLp7aHé~B\\c&d"w'
LONG_ONES = [
    LONG,
    LONG.replace("é", ""),
    "0123456789abcdef0123456789abcdef",
    "пароль-для-Всех",
    "hunter2hunter2",
]


@pytest.mark.parametrize("secret", LONG_ONES)
@pytest.mark.parametrize("spelling", PACKED)
def test_no_packing_of_a_long_secret_survives(spelling: str, secret: str) -> None:
    spelled = PACKED[spelling](secret)
    shown = knowing(T=secret).clean(f'{{"echo": "{spelled}", "id": 7}}')
    assert shown.startswith('{"echo": "')
    assert shown.endswith('", "id": 7}')
    left = shown.removeprefix('{"echo": "').removesuffix('", "id": 7}').replace("$T", "").replace("•••", "")
    allowed = {"base64-of-json": 16, "wrapped-base64": 78, "base64-of-a-url-in-json": 16}
    assert len(left) <= allowed.get(spelling, 2 if spelling.startswith("hex") else 10), shown


@pytest.mark.parametrize(
    "text", [LONG.lower(), LONG[:8], LONG[-8:], LONG[3:19], LONG[::-1], f"x{LONG[:12]}y"]
)
def test_a_likeness_is_hidden_and_nothing_beside_it(text: str) -> None:
    assert knowing(T=LONG).clean(f"«{text}»") in {"«•••»", "«x•••y»"}


def test_what_is_hidden_in_base64_is_no_more_than_the_secret() -> None:
    packed = base64.b64encode(b"user-of-portal:" + LONG.encode() + b"; and what comes after").decode()
    shown = knowing(T=LONG).clean(f"Basic {packed} x")
    after = (15 + len(LONG.encode())) * 8 // 6
    assert shown in {
        f"Basic {packed[:20]}$T{packed[after:]} x",
        f"Basic {packed[:20]}$T{packed[after + 1 :]} x",
    }


WORDS = st.text(
    st.sampled_from("abcdeABCDE019 _-+/=%&#;:\\\"'<>{}[]ux\n\x00éя")
    | st.characters(exclude_categories=["Cs"])
)


@settings(max_examples=400)
@given(text=WORDS)
def test_a_text_that_holds_nothing_of_a_secret_is_not_changed(text: str) -> None:
    redactor = knowing(R7_TOKEN="Qz7-ЖщЮ+kX2~Lp", P="Zy8!", SID="Q" * 4 + "z9$x" * 9)
    assert redactor.clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        '{"description": "a description of the administrator", "id": 123412, "count": 1234}',
        "administrator, Administrator, ADMINISTRATOR",
        "https://portal.example/api/2.0/crm/task/filter?count=100&startIndex=25",
        "Hunter and hunted; hunters",
    ],
)
def test_ordinary_words_and_numbers_are_not_taken_for_parts_of_a_password(text: str) -> None:
    redactor = knowing(A="administrator2031!", D="description:secret", N="12341", H="hunter")
    assert redactor.clean(text) == text


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


@pytest.mark.parametrize(
    "proxy", ["http://Proxy-user7:p%40ss-word9@10.0.0.1:3128", "Proxy-user7:p%40ss-word9@10.0.0.1:3128"]
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"])
def test_what_logs_in_to_a_proxy_is_secret(
    monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str
) -> None:
    monkeypatch.setenv(variable, f"{proxy}Proxy-user7:p%40ss-word9@10.0.0.1:3128")
    redactor = redactor_of(Target("here", "r7", "https://portal.example"))
    pair = base64.b64encode(b"Proxy-user7:p@ss-word9").decode()
    for text in ("Proxy-user7", "p@ss-word9", "p%40ss-word9", pair, "PROXY-USER7", "proxy-user"):
        assert text not in redactor.clean(f"the proxy says «{text}» (407)")
        assert redactor.clean(f"the proxy says «{text}» (407)").startswith("the proxy says «")


def test_a_word_that_is_a_user_is_hidden_beside_its_password_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:p%40ss-word9@10.0.0.1:3128")
    redactor = redactor_of(Target("here", "r7", "https://portal.example"))
    assert redactor.clean("the proxy of the environment") == "the proxy of the environment"
    assert "proxy" not in redactor.clean("proxy:p@ss-word9")
    assert "proxy" not in redactor.clean("http://proxy:p%40ss-word9@10.0.0.1:3128")


def test_what_stands_before_the_host_of_a_target_is_secret() -> None:
    redactor = redactor_of(Target("here", "r7", "https://somebody-7:of-some-where@portal.example"))
    assert redactor.clean("somebody-7 of-some-where") == "$URL_USER $URL_PASSWORD"


def test_a_cookie_that_is_handed_out_is_secret_from_then_on() -> None:
    redactor = Redactor()
    cookies = (("set-cookie", "asc_auth_key=Zt4vR9mQkX2sLp7a; path=/"), ("set-cookie", "lang=ru-RU"))
    redactor.overhear(Exchange(1, "x", Request("GET", "/", ()), Response(200, cookies)))
    assert redactor.clean("Zt4vR9mQkX2sLp7a, zt4vr9mqkx, ru-RU") == "•••, •••, ru-RU"
    shown = "".join(map(str, redactor.header("Set-Cookie", cookies[0][1])))
    assert shown == "•••"


def test_a_cookie_beside_a_known_secret_is_hidden() -> None:
    redactor = knowing(R7_TOKEN="a-known-token")
    shown = redactor.header("Set-Cookie", "asc=a-known-token; other=of-somebody; Path=/x; HttpOnly")
    assert "".join(map(str, shown)) == "asc=$R7_TOKEN; other=•••; Path=/x; HttpOnly"


def test_a_large_answer_takes_a_time_that_grows_with_it() -> None:
    redactor = knowing(A=LONG, B="пароль-для-Всех", C="0123456789abcdef0123456789abcdef")
    texts = [
        "a",
        "\\",
        "&",
        "%41",
        "&#x41;",
        "\\u0041",
        "abcdef01",
        "1, ",
        "[]{},\n",
        LONG,
        LONG[:9],
        '"token":"',
        "<sid",
    ]
    for text in texts:
        seconds = []
        for size in (30_000, 120_000):
            began = time.process_time()
            redactor.clean(text * (size // len(text)))
            seconds.append(time.process_time() - began)
        assert seconds[1] < 10 * seconds[0] + 0.5, text
