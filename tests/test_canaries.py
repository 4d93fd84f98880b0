"""No byte that any command writes shows a secret, in whatever spelling, however much the portal talks."""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest

from etalon.portals.embedded import CREATE
from etalon.portals.serving import served
from tests.conftest import target_table
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from etalon.portals.config import Kind
    from tests.conftest import CommandLine, Outcome
    from tests.wrong_portals import Answer, Call

# Every character that some form spells in its own way; a token goes into a header, so it is ASCII.
TOKEN = "canary&<\"'>/+ %41=token;\\end"
WORD = "canary&<\"'>/+ %41=слово;\\end"
SECRETS: dict[Kind, dict[str, str]] = {
    "r7": {"token": TOKEN},
    "planfix": {"api-key": TOKEN, "private-key": WORD + "2", "password": WORD},
}
REAL: dict[Kind, tuple[str, ...]] = {"r7": ("token",), "planfix": ("api-key", "private-key", "password")}


def spellings(secret: str) -> Iterator[bytes]:
    texts = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), escape(secret)}
    texts |= {html.escape(secret), json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    texts |= {html.escape(json.dumps(text)[1:-1]) for text in list(texts)}
    texts |= {json.dumps(text)[1:-1] for text in list(texts)}
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
    return [
        f"{place}: {spelling!r}"
        for place, content in places.items()
        for secret in secrets
        for spelling in spellings(secret)
        if spelling in content
    ]


def repeats_everything(sound: Answer) -> Answer:
    """A portal with its debugging left on: answers repeat what was asked, in every spelling."""

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
                body, headers["Content_Type"] = page.encode(), "text/html"
            original(status, body, **headers)

        call.reply = reply  # type: ignore[method-assign]
        sound(call)

    return answer


def commands(etalon: CommandLine) -> list[Outcome]:
    """Every command that reads the config, speaks to a portal or shows what came of it."""
    return [
        etalon("run", "here", "--profile", "quick", "--record", "a.har", "--output", "one"),
        etalon("run", "here", "--dry-run", "--profile", "quick"),
        etalon("judge", "a.har", "--output", "three"),
        etalon("report", "one", "--output", "four"),
        etalon("diff", "one", "one"),
        etalon("baseline", "one", "--reason", "known", "--until", "2099-01-01"),
        etalon("clean", "here"),
    ]


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_secrets_of_a_portal_that_lets_us_in_stay_secret(etalon: CommandLine, kind: Kind) -> None:
    portal = CREATE[kind]("documented", ())
    with served(portal) as url, portal_that(repeats_everything(passes_on(url))) as between:
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
    portal = CREATE[kind]("documented", ())
    with served(portal) as url, portal_that(repeats_everything(passes_on(url))) as between:
        etalon.config(table_of(kind, between.url + portal.path))
        outcomes = commands(etalon)
    assert outcomes[0].code == 6
    assert shown(etalon.folder, outcomes, list(SECRETS[kind].values())) == []
