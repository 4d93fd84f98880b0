"""No byte that any command writes shows a secret, in whatever spelling, however much the portal talks."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest

from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.conftest import ROOT, Outcome, target_table
from tests.test_secrets import PACKED, SPELLED
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from etalon.portals.config import Kind
    from tests.conftest import CommandLine
    from tests.wrong_portals import Answer, Call

# Every character that some form spells in its own way; a token goes into a header, so it is ASCII.
TOKEN = "canary&<\"'>/+ %41=token;\\end"
WORD = "canary&<\"'>/+ %41=слово;\\end"
SECRETS: dict[Kind, dict[str, str]] = {
    "r7": {"token": TOKEN},
    "planfix": {"api-key": TOKEN, "private-key": WORD + "2", "password": WORD},
}
COOKIE = "canary-of-a-cookie-0123456789"
REAL: dict[Kind, tuple[str, ...]] = {"r7": ("token",), "planfix": ("api-key", "private-key", "password")}


def spellings(secret: str) -> Iterator[bytes]:
    texts = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), escape(secret)}
    texts |= {html.escape(secret), json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    texts |= {html.escape(json.dumps(text)[1:-1]) for text in list(texts)}
    texts |= {spell(secret) for spell in (*SPELLED.values(), *PACKED.values())}
    texts |= {json.dumps(text, ensure_ascii=False)[1:-1] for text in list(texts)}
    texts |= {html.escape(text) for text in list(texts)}
    yield from (text.encode() for text in texts)
    for before in range(3):
        packed = base64.b64encode(bytes(before) + secret.encode())
        yield packed[before + bool(before) : -4]


def shown(folder: Path, outcomes: Sequence[Outcome], secrets: Sequence[str]) -> list[str]:
    """Where anything of a secret stands, the config file left out."""
    places = {
        f"{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    del places["etalon.toml"]
    for number, outcome in enumerate(outcomes):
        places |= {f"stdout {number}": outcome.out.encode(), f"stderr {number}": outcome.err.encode()}
    spelt = {spelling for secret in secrets for spelling in spellings(secret)}
    return [
        f"{place}: {spelling!r}"
        for place, content in places.items()
        for spelling in spelt
        if spelling in content
    ]


def repeats_everything(sound: Answer, secrets: Sequence[str] = ()) -> Answer:
    """A portal with its debugging left on: answers repeat what was asked, in every spelling."""
    spelled = [spell(secret) for secret in secrets for spell in (*SPELLED.values(), *PACKED.values())]

    def answer(call: Call) -> None:
        original = call.reply

        def reply(status: int, body: bytes, **headers: str) -> None:
            heard = f"{call.headers}\n{call.body.decode(errors='replace')}"
            authorization = call.headers.get("authorization", "")
            headers["X_Authorization"] = authorization
            headers["X_Heard"] = base64.b64encode(heard.encode()).decode()[:20_000]
            headers["Set_Cookie"] = f"asc_auth_key={quote(authorization)}; path=/"
            if status >= 400 or call.command == "PUT" or b"task.update" in call.body:
                page = f"<pre>{html.escape(heard)}</pre><!-- {quote(heard)} {json.dumps(heard)} -->"
                # Some at a time; all of them come before a run has asked for everything.
                some = [spelled[(call.number * 12 + place) % len(spelled)] for place in range(12) if spelled]
                body = (page + "\n".join(f"«{one}»" for one in some)).encode()
                # A header holds less, and its name comes in small letters.
                held = [one for one in some if one.isascii() and one.isprintable()]
                headers["Content_Type"] = f"text/html; x={''.join(held[:2])}"
                headers |= {f"X_{number}": one for number, one in enumerate(held)}
                headers |= {f"{one}x": "1" for one in held if one.replace("-", "").isalnum()}
            original(status, body, **headers)

        call.reply = reply  # type: ignore[method-assign]
        sound(call)

    return answer


def commands(etalon: CommandLine) -> list[Outcome]:
    """Every command that reads the config, speaks to a portal or shows what came of it."""
    return [
        etalon("run", "here", "--profile", "quick", "--record", "a.har", "--output", "one", "--verbose"),
        etalon("run", "here", "--dry-run", "--profile", "quick"),
        etalon("judge", "a.har", "--output", "three"),
        etalon("report", "one", "--output", "four"),
        etalon("diff", "one", "three", "--output", "diff.txt"),
        *(etalon("diff", "one", "three", "--format", form) for form in ("json", "markdown", "html")),
        etalon("baseline", "one", "--until", "2099-01-01", "--pin"),
        etalon("clean", "here"),
    ]


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_secrets_of_a_portal_that_lets_us_in_stay_secret(etalon: CommandLine, kind: Kind) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with (
        served(portal) as url,
        portal_that(
            repeats_everything(passes_on(url), [portal.credentials[key] for key in REAL[kind]])
        ) as between,
    ):
        etalon.config(target_table(portal, between.url + portal.path))
        outcomes = commands(etalon)
    assert all("Traceback" not in outcome.out + outcome.err for outcome in outcomes)
    assert (etalon.folder / "one" / "results.json").exists()
    secrets = [portal.credentials[key] for key in REAL[kind]]
    assert shown(etalon.folder, outcomes, secrets) == []


def table_of(kind: Kind, url: str) -> str:
    others = {"account": "acme", "user": "qa"} if kind == "planfix" else {}
    keys = others | SECRETS[kind]
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return f'[targets.here]\nkind = "{kind}"\nurl = "{url}"\nallow-writes = true\n' + "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_secrets_of_a_log_in_that_fails_stay_secret(etalon: CommandLine, kind: Kind) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with (
        served(portal) as url,
        portal_that(repeats_everything(passes_on(url), list(SECRETS[kind].values()))) as between,
    ):
        etalon.config(table_of(kind, between.url + portal.path))
        outcomes = commands(etalon)
    assert outcomes[0].code == 6
    assert shown(etalon.folder, outcomes, list(SECRETS[kind].values())) == []


def issued(call: Call, found: set[str]) -> None:
    """Note what portal and client give each other in the course of a run: sessions, tokens, signatures."""
    original = call.reply

    def reply(status: int, body: bytes, **headers: str) -> None:
        text = body.decode(errors="replace")
        found.update(re.findall(r"<sid>([^<]+)</sid>", text))
        found.update(re.findall(r'"token":\s*"([^"]+)"', text))
        headers["Set_Cookie"] = f"asc_auth_key={COOKIE}; path=/"
        original(status, body, **headers)

    found.update(re.findall(r"<signature>([^<]+)</signature>", call.body.decode(errors="replace")))
    call.reply = reply  # type: ignore[method-assign]


@pytest.mark.parametrize(("kind", "fault"), [("r7", "fault"), ("planfix", "")])
def test_what_is_issued_in_the_course_of_a_run_stays_secret(
    etalon: CommandLine, kind: Kind, fault: str
) -> None:
    faults = {"r7": "description-not-updated", "planfix": "emoji-lost"}
    portal = vendor_of(kind).mock().create("documented", [faults[kind]] if fault else [])
    found: set[str] = set()
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            issued(call, found)
            sound(call)

        with portal_that(answer) as between:
            keys = (
                ("user", "password")
                if kind == "r7"
                else ("account", "api-key", "private-key", "user", "password")
            )
            lines = "\n".join(f"{key} = {json.dumps(portal.credentials[key])}" for key in keys)
            address = between.url + portal.path
            etalon.config(
                f'[targets.here]\nkind = "{kind}"\nurl = "{address}"\nallow-writes = true\n{lines}\n'
            )
            outcomes = commands(etalon)
    assert outcomes[0].code == bool(fault)
    assert len(found) >= (1 if kind == "r7" else 20)
    assert shown(etalon.folder, outcomes, [*found, COOKIE, portal.credentials["password"]]) == []


_BREAKS = """
import etalon.portals.transport as transport

_send = transport.Transport.send

def send(self, operation, request, **more):
    exchange = _send(self, operation, request, **more)
    if operation in {"updateTask", "task.update"}:
        raise RuntimeError(f"out of order: {request} {self.target.credentials['%s'].value} {exchange}")
    return exchange

transport.Transport.send = send
"""


@pytest.mark.parametrize(("door", "kind"), [("etalon", "planfix"), ("pytest", "r7")])
def test_what_breaks_inside_shows_no_secret(etalon: CommandLine, kind: Kind, door: str) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    broken = etalon.folder / "broken"
    broken.mkdir()
    key = "token" if kind == "r7" else "password"
    (broken / "sitecustomize.py").write_text(_BREAKS % key, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{broken}:{ROOT}", "NO_COLOR": "1"}
    command = {
        "etalon": ["etalon", "run", "here", "--profile", "quick", "--verbose", "--output", "one"],
        "pytest": [
            *("pytest", str(ROOT / "suites"), "-vv", "--showlocals", "--etalon-target", "here"),
            *("--etalon-select", "*-UPDATE-STORES-*"),
            *("--etalon-profile", "quick", "--etalon-output", "one", "-p", "no:cacheprovider"),
            *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # the module that breaks it imports much
        ],
    }[door]
    with served(portal) as url:
        etalon.config(target_table(portal, url))
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", *command],
            cwd=etalon.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    assert "Etalon itself failed" in (etalon.folder / "one" / "results.json").read_text(encoding="utf-8")
    secrets = [portal.credentials[name] for name in REAL[kind]]
    assert shown(etalon.folder, [outcome], secrets) == []


def test_mistakes_and_commands_without_a_portal_show_no_secret(etalon: CommandLine) -> None:
    page = next((ROOT / "tests").rglob("*.html"), None)
    environment = {
        "CANARY": TOKEN,
        "R7_TOKEN": TOKEN,
        "HTTPS_PROXY": f"http://proxy:{quote(TOKEN, safe='')}@127.0.0.1:9",
        "HTTP_PROXY": f"http://proxy:{quote(TOKEN, safe='')}@127.0.0.1:9",
    }
    secret = json.dumps(TOKEN)
    tables = [
        f'kind = "r7"\nurl = "https://user:{quote(TOKEN, safe="")}@portal.example"\ntoken = {secret}',
        f'kind = "r7"\nurl = "https://portal.example/?token={quote(TOKEN)}"\ntoken = {secret}',
        f'kind = "r7"\nurl = "https://portal.example"\ntoken = [{secret}]',
        f'kind = "r7"\nurl = "https://portal.example"\ntoken = {secret}\npassword = {secret}',
        f'kind = "r7"\nurl = "https://portal.example"\ntokens = {secret}',
        f'kind = "r7"\nurl = "https://portal.example"\ntoken = {secret}\nexpect = {{pin = {secret}}}',
        f'kind = "r7"\nurl = "https://portal.example"\ntoken = {secret}\nallow-writes = {secret}',
        'kind = "r7"\nurl = "http://portal.example"\nallow-writes = true\ntoken = "env:CANARY"',
        'kind = "r7"\nurl = "https://portal.example"\nallow-writes = true\ntoken = "env:CANARY"\n"',
    ]
    outcomes = []
    for table in tables:
        etalon.config(f"[targets.here]\n{table}\n")
        outcomes += [
            etalon("run", "here", "--profile", "quick", "--verbose", env=environment),
            etalon("run", "here", "--dry-run", env=environment),
            etalon("clean", "here", env=environment),
        ]
    assert {outcome.code for outcome in outcomes[::3]} <= {4, 6}
    outcomes += [
        etalon("requirements", "r7", env=environment),
        etalon(
            "faults",
            "--fault",
            "description-not-updated",
            "--profile",
            "quick",
            "--output",
            "f",
            env=environment,
        ),
        etalon("judge", "none.har", env=environment),
        etalon("diff", "none", "none", env=environment),
        etalon("report", "none", env=environment),
        etalon("baseline", "none", env=environment),
        etalon("serve", "nothing", env=environment),
        etalon("derive", str(page or "none.html"), env=environment),
    ]
    assert all("Traceback" not in outcome.err for outcome in outcomes)
    assert shown(etalon.folder, outcomes, [TOKEN]) == []
