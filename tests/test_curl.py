"""The `curl` lines of a report, run by a real shell against a `curl` that tells what it was given."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etalon.portals.curl import curl_lines, numbered_lines, request_text, response_text
from etalon.portals.exchange import Exchange, Request, Response, header
from etalon.portals.secrets import Redactor
from tests.wrong_portals import Call, portal_that

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TOKEN, KEY = "zt4vR9mQ", "k3y-of-planfix"
VARIABLES = {"R7_TOKEN": TOKEN, "PLANFIX_API_KEY": KEY, "PLANFIX_SID": "a-sid", "TASK_ID": "77"}

SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh") if shutil.which(shell)]

pytestmark = pytest.mark.skipif(not SHELLS, reason="there is no shell here")

# Prints its arguments and what it reads, each ended by a zero byte, which no argument can hold.
_FAKE = """#!/bin/sh
printf '%s\\0' "$@"
case "$*" in *'@-'*) base64 -w 0 ;; esac
"""


class Called(NamedTuple):
    arguments: list[str]
    read: bytes

    def after(self, option: str) -> list[str]:
        return [self.arguments[at + 1] for at, word in enumerate(self.arguments) if word == option]

    @property
    def body(self) -> bytes:
        return self.read if "@-" in self.arguments else "".join(self.after("--data-raw")).encode()


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Called]:
    folder: Path = tmp_path_factory.mktemp("bin")
    fake = folder / "curl"
    fake.write_text(_FAKE)
    fake.chmod(0o755)

    def run(line: str) -> Called:
        done = subprocess.run(  # noqa: S603 - the shell is what is tested
            [SHELLS[0], "-c", line],
            env={"PATH": f"{folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", **VARIABLES},
            capture_output=True,
            check=True,
            timeout=20,
        )
        assert done.stderr == b""
        *arguments, read = done.stdout.split(b"\0")
        return Called([argument.decode() for argument in arguments], base64.b64decode(read))

    return run


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    known = Redactor()
    known.learn("R7_TOKEN", TOKEN)
    known.learn("PLANFIX_API_KEY", KEY)
    known.learn("PLANFIX_SID", VARIABLES["PLANFIX_SID"])
    known.learn_basic(("PLANFIX_API_KEY", KEY), ("", ""))
    return known


def exchange(
    body: bytes = b"",
    url: str = "https://portal.example/api/2.0/crm/task",
    headers: Mapping[str, str] | None = None,
) -> Exchange:
    sent = {"Accept": "application/json", "Content-Type": "application/json"} if headers is None else headers
    return Exchange(1, "createTask", Request("POST", url, tuple(sent.items()), body), Response(200, ()))


def test_a_line_says_what_was_sent(shell: Callable[[str], Called], redactor: Redactor) -> None:
    sent = exchange(b'{"title": "x"}', headers={"Authorization": TOKEN, "Content-Type": "application/json"})
    line = curl_lines([sent], redactor)
    assert TOKEN not in line
    assert " 'https://portal.example/api/2.0/crm/task' " in line
    assert shell(line).arguments == [
        *("-gsS", "-X", "POST", "https://portal.example/api/2.0/crm/task"),
        *("-H", f"Authorization: {TOKEN}", "-H", "Content-Type: application/json"),
        *("--data-raw", '{"title": "x"}'),
    ]


QUOTING = [*"'\"\\!\n\t @&|;#*", "`id`", "$(id)", "\r\n", "%s", "\\n"]
NAMES = ["$", "$R7_TOKEN", "${TASK_ID}", TOKEN, "•••", "/task/7", "-H", "Ёж", "ё", "\U0001f600", "\x01"]
NASTY = st.lists(
    st.sampled_from(QUOTING + NAMES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    max_size=12,
).map("".join)
BYTES = st.binary(max_size=6) | st.sampled_from([TOKEN.encode(), b"\\0", b"%", b"'"])


@settings(max_examples=60)  # each starts a shell
@given(text=NASTY)
def test_every_text_arrives_byte_by_byte(
    shell: Callable[[str], Called], redactor: Redactor, text: str
) -> None:
    body = f"@{text}".encode()
    line = curl_lines([exchange(body)], redactor)
    assert TOKEN not in line
    assert shell(line).body == body


@settings(max_examples=60)
@given(
    parts=st.lists(st.binary(max_size=6) | st.sampled_from([TOKEN.encode(), b"\\0", b"%", b"'"]), max_size=6)
)
def test_every_body_arrives_byte_by_byte(
    shell: Callable[[str], Called], redactor: Redactor, parts: list[bytes]
) -> None:
    body = b"".join(parts) + b"\xff"
    line = curl_lines([exchange(body)], redactor)
    assert TOKEN not in line
    assert shell(line).body == body


def test_basic_authentication_is_given_as_user(shell: Callable[[str], Called], redactor: Redactor) -> None:
    basic = base64.b64encode(f"{KEY}:".encode()).decode()
    line = curl_lines([exchange(b"<x/>", headers={"Authorization": f"Basic {basic}"})], redactor)
    assert KEY not in line
    assert basic not in line
    called = shell(line)
    assert called.after("-u") == [f"{KEY}:"]
    assert called.after("-H") == ["Content-Type:"]


def test_a_session_stands_as_a_variable(shell: Callable[[str], Called], redactor: Redactor) -> None:
    line = curl_lines([exchange(b"<request><sid>a-sid</sid><signature>0cc1</signature></request>")], redactor)
    assert "a-sid" not in line
    assert "0cc1" not in line
    expected = "<request><sid>a-sid</sid><signature>•••</signature></request>"
    assert shell(line).body == expected.encode()


def test_a_credential_that_is_not_known_is_not_shown(redactor: Redactor) -> None:
    line = curl_lines([exchange(headers={"Authorization": TOKEN[:-1], "Cookie": "session=1"})], redactor)
    assert TOKEN[:-1] not in line
    assert "session" not in line


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/task/7", "/task/77"),
        ("/task/7.xml", "/task/77.xml"),
        ("/task/70", "/task/70"),
        ("/task/1000007", "/task/1000007"),
        ("/task/8", "/task/88"),
    ],
)
def test_ids_that_are_gone_become_placeholders(
    shell: Callable[[str], Called], redactor: Redactor, path: str, expected: str
) -> None:
    placeholders = {"/task/7": "/task/$TASK_ID", "/task/8": "/task/88"}
    line = curl_lines([exchange(url=f"https://portal.example{path}")], redactor, placeholders)
    assert shell(line).arguments[3] == f"https://portal.example{expected}"


def test_one_line_per_exchange(shell: Callable[[str], Called], redactor: Redactor) -> None:
    lines = curl_lines([exchange(b"1"), exchange(b"2")], redactor)
    assert shell(lines).after("--data-raw") == ["1", "2"]


def test_steps_are_numbered_in_comments_that_nothing_breaks_out_of(
    shell: Callable[[str], Called], redactor: Redactor
) -> None:
    steps = [
        (f'set the title to \n echo {TOKEN}\u2028\x1b[0m; $(id)"', exchange(b"1")),
        ("x" * 5_000, exchange(b"2")),
    ]
    lines = numbered_lines(steps, redactor)
    assert TOKEN not in lines
    first, _, second, _ = lines.split("\n")
    assert first == "# 1. set the title to   echo $R7_TOKEN  [0m    id  "
    assert second.startswith("# 2. xxx")
    assert len(second) < 300
    assert shell(lines).after("--data-raw") == ["1", "2"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "path", ["/task/7?x=%20", "/task/{1,2}[3-9]?a=$(id)&b=`id`;c='d'\"e\"!f*", "/-o/tmp/x?@/etc/passwd"]
)
@pytest.mark.parametrize(
    "body",
    [
        b'{"title": "@a \'b\' \\"c\\" $R7_TOKEN"}',
        b"@/etc/passwd",
        b"-o /tmp/x\n$(id)\r\n'; id; '\x1b[201~\x03\t\\c\\0101 " + "ёж\u202e".encode(),
        b"\x00\xff%s\\n",
        b"",
    ],
)
def test_curl_itself_sends_the_same_again(redactor: Redactor, shell: str, path: str, body: bytes) -> None:
    got: list[tuple[str, str, dict[str, str | None], bytes]] = []
    watched = ("accept", "content-type", "authorization", "x-empty")

    def answer(call: Call) -> None:
        got.append(
            (call.command, unquote(call.path), {name: call.headers.get(name) for name in watched}, call.body)
        )
        call.reply(200, b"{}")

    with portal_that(answer) as portal:
        headers = {"Accept": "text/xml", "Authorization": TOKEN, "X-Empty": ""}
        sent = exchange(body, f"{portal.url}{path}", headers).request
        with httpx.Client() as client:
            client.request(sent.method, sent.url, headers=sent.headers, content=sent.body or None)
        line = curl_lines([Exchange(1, "x", sent, Response(200, ()))], redactor)
        subprocess.run(  # noqa: S603 - the shell is what is tested
            [shell, "-c", line],
            env={"PATH": os.environ["PATH"], **VARIABLES},
            check=True,
            capture_output=True,
            timeout=20,
        )
    first, second = got
    assert first == second


@pytest.mark.parametrize("name", ["@/etc/passwd", "X\nY", "X: 1\r\nY", "", "-d"])
def test_nothing_of_a_recording_becomes_an_option_or_a_command(
    shell: Callable[[str], Called], redactor: Redactor, name: str
) -> None:
    sent = Request(
        "POST; ID", "-o/tmp/x\x1b[0m\n{a,b}", ((name, "v"), ("X-Two", "a\r\nb\x1b\u202e$(id)")), b"{}"
    )
    line = curl_lines([Exchange(1, "x", sent, Response(200, ()))], redactor)
    assert line.isprintable()
    called = shell(line)
    assert called.arguments[:5] == ["-gsS", "-X", "POST; ID", "--url", "-o/tmp/x%1B[0m%0A{a,b}"]
    assert called.after("-H")[-2:] == ["X-Two: a  b  $(id)", "Content-Type:"]
    assert all(not header.startswith("@") for header in called.after("-H"))


def test_messages_show_no_secret(redactor: Redactor) -> None:
    answer = json.dumps({"token": "fresh", "echo": TOKEN}).encode()
    response = Response(200, (("Set-Cookie", "asc_auth_key=fresh"), ("X-Echo", TOKEN)), answer)
    request = Request(
        "POST", f"https://portal.example/?t={TOKEN}", (("Authorization", TOKEN),), b"\xff" + TOKEN.encode()
    )
    shown = request_text(request, redactor) + response_text(Exchange(1, "x", request, response), redactor)
    assert TOKEN not in shown
    assert "fresh" not in shown
    assert shown.startswith(
        "POST https://portal.example/?t=$R7_TOKEN\nAuthorization: $R7_TOKEN\n\n\\xff$R7_TOKEN"
    )
    assert header(response.headers, "x-echo") == TOKEN


def test_a_long_body_is_cut_after_its_secrets_are_gone(redactor: Redactor) -> None:
    body = b"x" * 19_996 + TOKEN.encode() + b"y" * 5_000
    shown = response_text(Exchange(1, "x", exchange().request, Response(200, (), body)), redactor)
    assert TOKEN[:4] not in shown
    assert shown.endswith("… (25,005 characters in all)")
