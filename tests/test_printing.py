"""Whatever a portal says, no command prints what a terminal or a CI runner would obey."""

from __future__ import annotations

import ast
import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from rich.table import Table
from rich.text import Text

from etalon.portals.serving import served
from etalon.reporting.printing import console, printable, printable_json
from etalon.vendors import vendor_of
from tests.conftest import ROOT, Outcome, target_table
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from etalon.portals.config import Kind
    from tests.conftest import CommandLine
    from tests.wrong_portals import Answer, Call

HARMS = [
    "\x1b[2J\x1b[31m",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b2J\x90\x9d",
    "\rover\b\b\x07",
    "\u202egnp.exe\u202c\u2066x\u2069",
    "pass\u200bword\ufeff\u00ad",
    "\n::error file=a,line=1::owned",
    "\n  ::add-mask::x",
    "##[error]owned",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[message text='x']",
    "\r\x1b[0Ksection_start:1700000000:owned\r\x1b[0Kx",
    "\u2028::warning::x",
]
OBEYED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    r"|^\s*::[a-z]|##[a-z]*\[",
    re.MULTILINE | re.IGNORECASE,
)
# What a portal says of itself where nothing of the API is left: names, titles, codes, messages.
HARM = "".join(HARMS)


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("lines", [False, True])
def test_what_would_be_obeyed_is_named(harm: str, lines: bool) -> None:
    shown = printable(f"a {harm} b", lines=lines)
    assert OBEYED.search(f"a {harm} b")
    assert not OBEYED.search(shown)
    assert lines or "\n" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "suites/r7/test_x.py::test_y",
        "[::1]:8080",
        "## Heading",
        "std::vector a::b",
        "Звонок — «ёж» 🙂",
        "a\u00a0b",
        "#12",
    ],
)
def test_what_is_harmless_stays(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("harm", HARMS)
def test_a_json_document_stays_the_same_document(harm: str) -> None:
    document = {"summary": f"ё {harm} \ud83d", harm: ["\U000e0001"]}
    shown = printable_json(json.dumps(document, ensure_ascii=False, indent=1))
    assert not OBEYED.search(shown)
    assert "ё" in shown
    assert json.loads(shown) == document


@pytest.mark.parametrize("harm", HARMS)
def test_a_console_obeys_nothing_that_it_is_given(harm: str) -> None:
    file = io.StringIO()
    out = console(file=file)
    table = Table(harm, title=f"[link=https://evil.example]{harm}")
    table.add_row(f"[bold]{harm}[/bold]")
    out.print(table)
    out.print(harm, Text(harm, "bold"), "[link=https://evil.example]x[/link]", soft_wrap=True)
    assert not OBEYED.search(file.getvalue())
    assert "[link=https://evil.example]x[/link]" in file.getvalue()


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_there_is_no_other_door() -> None:
    # What is written there is a file that goes to standard output because no -o was given.
    files = {"etalon/commands/derive.py": 1, "etalon/commands/diff.py": 1, "etalon/reporting/schema.py": 1}
    files["etalon/judging/reader.py"] = 2  # a program of its own, in scripts that are written out
    found: dict[str, int] = {}
    for path in sorted((ROOT / "etalon").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name == "etalon/reporting/printing.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        doors = {"print", "sys.stdout.write", "sys.stderr.write", "Console", "rich.print", "click.echo"}
        number = sum(call in doors or call.endswith("stderr.write") for call in calls(tree))
        if number:
            found[name] = number
    assert found == files


def spoilt(call: Call, says: Callable[[Call], bool]) -> None:
    """The portal behind, each text that it shows spoilt, so that findings quote it."""
    original = call.reply

    def reply(status: int, body: bytes, **headers: str) -> None:
        if says(call):
            if body.startswith(b"<"):
                harm = "".join(sign for sign in HARM if sign >= " " or sign in "\n\t\r").replace("<", "&lt;")
                texts = rb"<(title|name|description)>[^<]*<"
                body = re.sub(texts, lambda found: b"<" + found[1] + b">" + harm.encode() + b"<", body)
            else:
                spoils = json.dumps(HARM, ensure_ascii=False).encode()
                names = rb'"(title|description|displayName|deadLine)"\s*:\s*"[^"]*"'
                body = re.sub(names, lambda found: b'"' + found[1] + b'": ' + spoils, body)
            headers["X_Harm"] = "\x1b[31m##[error]x"
        original(status, body, **headers)

    call.reply = reply  # type: ignore[method-assign]


def check(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        assert not OBEYED.search(outcome.out), outcome.out
        assert not OBEYED.search(outcome.err), outcome.err
        assert "Traceback" not in outcome.err


def commands(etalon: CommandLine) -> list[Outcome]:
    run = ("run", "here", "--profile", "quick", "--no-progress")
    return [
        etalon(*run, "--record", "a.har", "--output", "one", "--verbose", rendered=False),
        etalon(
            *(*run, "--output", "two", "--lang", "ru", "--baseline", "etalon-baseline.toml"), rendered=False
        ),
        etalon("run", "here", "--dry-run", "--profile", "quick"),
        etalon("judge", "a.har", "--output", "three"),
        etalon("report", "one", "--output", "four"),
        etalon("baseline", "one", "--pin"),
        etalon("diff", "one", "two"),
        etalon("diff", "one", "three", "--format", "json"),
        etalon("diff", "one", "three", "--format", "markdown"),
        etalon("clean", "here"),
    ]


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_what_a_portal_says_in_its_answers_is_not_obeyed(etalon: CommandLine, kind: Kind) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            spoilt(call, lambda call: call.command != "POST" or b"task.get" in call.body)
            sound(call)

        with portal_that(answer) as between:
            etalon.config(target_table(portal, between.url + portal.path))
            outcomes = commands(etalon)
    assert outcomes[0].code == 1
    assert "owned" in (etalon.folder / "one" / "results.json").read_text(encoding="utf-8")
    check(outcomes)


def refuses(body: bytes, media_type: str, reason: str) -> Answer:
    def answer(call: Call) -> None:
        line = f"HTTP/1.1 200 {reason}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        call.wfile.write(line.encode("latin-1", "replace") + body)
        call.close_connection = True

    return answer


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_what_a_portal_says_as_it_refuses_is_not_obeyed(etalon: CommandLine, kind: Kind) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    page = f'<response status="{HARM[:40]}"><code>\n::error::x</code></response>'
    for body, media_type in (
        (HARM.encode(), "text/\x9b2J##[error]x"),
        (page.encode(errors="replace"), "application/xml"),
        (json.dumps({"error": {"message": HARM}, "response": HARM}).encode(), "application/json; \x1b[31m"),
        (b"", "\u00ad::error::x"),
    ):
        with portal_that(refuses(body, media_type, "##[error]x \x9b")) as there:
            etalon.config(target_table(portal, there.url + portal.path))
            check([etalon(*command, rendered=False) for command in _REFUSED])


_REFUSED = [
    ("run", "here", "--profile", "quick", "--verbose", "--output", "one"),
    ("run", "here", "--dry-run"),
    ("clean", "here"),
]


def test_what_a_file_says_is_not_obeyed(etalon: CommandLine) -> None:
    har = {
        "log": {
            "entries": [
                {
                    "startedDateTime": "2030-01-01T00:00:00Z",
                    "request": {
                        "method": "PUT",
                        "url": "https://\u202eelpmaxe.example/api/2.0/crm/task/7",
                        "headers": [{"name": "X\x1b[31m", "value": HARM}],
                        "postData": {"mimeType": "application/json", "text": json.dumps({"title": HARM})},
                    },
                    "response": {
                        "status": 200,
                        "headers": [{"name": "Content-Type", "value": "application/json"}],
                        "content": {
                            "text": json.dumps({"status": HARM, "response": {"id": 7, "title": "x"}})
                        },
                    },
                }
            ]
        }
    }
    (etalon.folder / "a.har").write_text(json.dumps(har), encoding="utf-8")
    etalon.config(f"[targets.{json.dumps(HARM)}]\nkind = {json.dumps(HARM)}\nurl = {json.dumps(HARM)}\n")
    check(
        [
            etalon("judge", "a.har", "--output", "one"),
            etalon("run", HARM.replace("\x00", ""), "--output", "two"),
            etalon("clean", HARM),
            etalon("run", "--select", HARM, "--output", "three"),
            etalon("requirements", "r7", "--lang", "ru"),
            etalon("requirements", "--format", "json"),
            etalon("requirements", "--format", "markdown"),
        ]
    )
