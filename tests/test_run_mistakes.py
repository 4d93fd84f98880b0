"""What a run says, and how it exits, when the user or the portal makes a mistake: no traceback, ever."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from etalon.portals.serving import served
from etalon.reporting.schema import problems
from etalon.vendors import vendor_of
from tests.conftest import ROOT
from tests.wrong_portals import (
    answers,
    cuts_off,
    cuts_off_in_the_body,
    drips,
    hangs,
    passes_on_at_first,
    portal_that,
    shows_a_page,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import CommandLine, Outcome
    from tests.wrong_portals import Answer

R7 = 'kind = "r7"\ntoken = "a-token-of-a-test"\nallow-writes = true\ntimeout = 1\n'
PLANFIX = (
    'kind = "planfix"\naccount = "acme"\napi-key = "a-key-of-a-test"\ntoken = "a-token-of-a-test"\n'
    "allow-writes = true\ntimeout = 1\n"
)
NOBODY = f'[targets.here]\nurl = "http://127.0.0.1:9"\n{R7}'
KEYS = {"r7": R7, "planfix": PLANFIX}
USAGE, INCONCLUSIVE = 4, 6


def run(etalon: CommandLine, *arguments: str) -> Outcome:
    outcome = etalon.verdicts(*arguments)
    for text in (outcome.out, outcome.err):
        assert "Traceback" not in text
        assert "Etalon itself failed" not in text
    if outcome.results:
        assert list(problems(outcome.results)) == []
    return outcome


def judge(etalon: CommandLine, url: str, keys: str = R7, *arguments: str) -> Outcome:
    etalon.config(f'[targets.here]\nurl = "{url}"\n{keys}')
    return run(etalon, "here", *arguments)


def sentences(outcome: Outcome) -> list[str]:
    """What stands on the error stream, the warning about the test's own plain-text secrets left out."""
    return [line for line in outcome.err.splitlines() if line and "a secret in plain text" not in line]


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_a_portal_that_is_not_there(etalon: CommandLine, kind: str) -> None:
    outcome = judge(etalon, "http://127.0.0.1:9", KEYS[kind])
    assert outcome.code == INCONCLUSIVE
    [sentence] = sentences(outcome)
    assert sentence.startswith("etalon: here (http://127.0.0.1:9) cannot be reached")
    assert outcome.results["complete"] is True
    assert {row["verdict"] for row in outcome.requirements.values()} <= {"inconclusive", "planned"}
    assert outcome.results["targets"][0]["requests"] == 1


PORTALS: dict[str, tuple[Answer, str]] = {
    "page-200": (shows_a_page(200), "answers text/html (HTTP 200"),
    "page-404": (shows_a_page(404), "answers text/html (HTTP 404"),
    "redirect": (answers(302, b"", Location="/login"), "(HTTP 302"),
    "nothing": (answers(200, b"", Content_Type="text/plain"), "answers text/plain (HTTP 200"),
    "cuts-off": (cuts_off, "broke the connection off"),
    "cuts-off-in-the-body": (cuts_off_in_the_body, "broke the connection off"),
    "hangs": (hangs, "did not answer within 1 seconds"),
    "drips": (drips, "did not finish its answer within 1 seconds"),
    "not-gzip": (answers(200, b"{}", Content_Encoding="gzip"), "answers what cannot be unpacked"),
    "throttles": (answers(429, b"{}", Retry_After="0"), "still answers 429 Too Many Requests after 3 waits"),
}


# The wire is the same for both kinds; what is no answer of the API is not.
TRIED = [("r7", wrong) for wrong in PORTALS]
TRIED += [("planfix", wrong) for wrong in ("page-200", "redirect", "nothing", "cuts-off")]


@pytest.mark.parametrize(("kind", "wrong"), TRIED)
def test_what_answers_is_no_sound_portal(etalon: CommandLine, kind: str, wrong: str) -> None:
    answer, expected = PORTALS[wrong]
    with portal_that(answer) as portal:
        outcome = judge(etalon, portal.url, KEYS[kind])
        assert outcome.code == INCONCLUSIVE
        [sentence] = sentences(outcome)
        assert expected in sentence
        assert portal.url in sentence
        assert len(portal.seen) <= 6
    assert outcome.results["targets"][0]["verdict"] == "inconclusive"


def test_a_portal_that_refuses_the_token(etalon: CommandLine) -> None:
    with served(vendor_of("r7").mock().create("documented", ())) as url:
        outcome = judge(etalon, url)
    assert outcome.code == INCONCLUSIVE
    [sentence] = sentences(outcome)
    assert "refused the token (401)" in sentence


def test_a_portal_that_refuses_user_and_password(etalon: CommandLine) -> None:
    keys = 'kind = "r7"\nuser = "nobody"\npassword = "wrong-password"\nallow-writes = true\n'
    with served(vendor_of("r7").mock().create("documented", ())) as url:
        outcome = judge(etalon, url, keys)
    assert outcome.code == INCONCLUSIVE
    [sentence] = sentences(outcome)
    assert "refused user and password" in sentence
    assert "wrong-password" not in outcome.out + outcome.err


def test_a_portal_that_refuses_the_api_key(etalon: CommandLine) -> None:
    with served(vendor_of("planfix").mock().create("documented", ())) as url:
        outcome = judge(etalon, url, PLANFIX)
    assert outcome.code == INCONCLUSIVE
    [sentence] = sentences(outcome)
    assert "check api-key" in sentence or "check account" in sentence


@pytest.mark.parametrize("then", [cuts_off, hangs], ids=["cuts-off", "hangs"])
@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_a_portal_that_dies_in_the_middle(etalon: CommandLine, kind: str, then: Answer) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    login = {"r7": ("token",), "planfix": ("account", "api-key", "private-key", "user", "password")}[kind]
    keys = f'kind = "{kind}"\nallow-writes = true\ntimeout = 1\n'
    keys += "".join(f'{key} = "{portal.credentials[key]}"\n' for key in login)
    with served(portal) as url, portal_that(passes_on_at_first(url, 25, then)) as dying:
        started = time.monotonic()
        outcome = judge(etalon, dying.url + portal.path, keys)
        assert time.monotonic() - started < 30
        assert len(dying.seen) <= 25 + 3 + 1
    assert outcome.code == INCONCLUSIVE
    assert outcome.results["complete"] is True
    assert outcome.ids("conforms", "observed")
    assert not outcome.ids("deviates")
    assert "inconclusive" in {row["verdict"] for row in outcome.requirements.values()}
    assert outcome.results["targets"][0]["left-behind"]
    assert len(set(sentences(outcome))) == len(sentences(outcome)) <= 2


def test_a_portal_with_a_budget(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    keys = f'kind = "r7"\nallow-writes = true\nmax-requests = 40\ntoken = "{portal.credentials["token"]}"\n'
    with served(portal) as url:
        outcome = judge(etalon, url, keys)
    assert outcome.code == INCONCLUSIVE
    assert outcome.results["targets"][0]["requests"] <= 40
    assert outcome.results["targets"][0]["left-behind"] == []
    [sentence] = sentences(outcome)
    assert "max-requests = 40 of target here is used up" in sentence


def test_a_target_that_may_not_be_written_to(etalon: CommandLine) -> None:
    with portal_that(answers(200)) as portal:
        outcome = judge(etalon, portal.url, R7.replace("allow-writes = true", ""))
        assert portal.seen == []
    assert outcome.code == USAGE
    [sentence] = sentences(outcome)
    assert sentence.startswith("etalon: etalon.toml: targets.here.allow-writes: expected true.")


@pytest.mark.parametrize(
    ("config", "arguments", "expected"),
    [
        ("", ["here"], "etalon.toml: targets.here: there is no such target; the file has: none."),
        ("[targets.her]", ["here"], 'targets.here: there is no such target; did you mean "her"?'),
        ("[targets", ["here"], "etalon.toml: is not valid TOML: Expected ']'"),
        ('[targets.here]\nkind = "r7"', ["here"], "etalon.toml: targets.here.url: expected a URL"),
        ('[target.here]\nkind = "r7"', ["here"], 'target: is not a key here; did you mean "targets"?'),
        (
            f'{NOBODY}[targets.here.expect]\npartial-update = "ignore"',
            ["here"],
            "etalon.toml: targets.here.expect.partial-update: expected one of",
        ),
        (
            f'{NOBODY}[targets.here.expect]\nupdate = "merge"',
            ["here"],
            "etalon.toml: targets.here.expect.update: is no behaviour that can be pinned",
        ),
        ("", ["r7", "--config", "elsewhere.toml"], "elsewhere.toml: there is no such file"),
        ("", ["--config", "elsewhere.toml"], "elsewhere.toml: there is no such file"),
        ("", ["r7", "--select", "PF-*"], "--select PF-*: no requirement of r7 has such an id"),
        (
            "",
            ["r7", "--select", "R7-UPDATE-*", "--select", "nothing"],
            "--select nothing: no requirement of r7",
        ),
    ],
)
def test_a_mistake_of_the_user(
    etalon: CommandLine, config: str, arguments: Sequence[str], expected: str
) -> None:
    etalon.config(config)
    outcome = run(etalon, *arguments)
    assert outcome.code == USAGE
    [sentence] = sentences(outcome)
    assert expected in sentence
    assert outcome.results == {}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "--profile", "slow"], "invalid choice: 'slow'"),
        (["run", "--seed", "one"], "invalid int value: 'one'"),
        (["run", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["serve", "r7", "--fault", "no-such-fault"], "no-such-fault"),
        (["serve", "r7", "--dialect", "klingon"], "klingon"),
        (["serve", "r7", "--port", "70000"], "cannot listen on 127.0.0.1:70000"),
        (["serve", "r8"], "invalid choice: 'r8'"),
        (["diff", "one.json", "other.json"], "one.json"),
        (["report", "one.json"], "one.json"),
        ([], "COMMAND"),
    ],
)
def test_a_mistake_on_the_command_line(etalon: CommandLine, arguments: Sequence[str], expected: str) -> None:
    outcome = etalon(*arguments)
    assert outcome.code == USAGE
    assert expected in outcome.err.splitlines()[-1]
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("output", ["a-file", "a-file/below"])
def test_an_output_folder_that_cannot_be_written(etalon: CommandLine, output: str) -> None:
    (etalon.folder / "a-file").write_text("in the way")
    with portal_that(answers(200)) as portal:
        etalon.config(f'[targets.here]\nurl = "{portal.url}"\n{R7}')
        outcome = etalon("run", "here", "--output", output)
        assert portal.seen == []
    assert outcome.code == USAGE
    [sentence] = sentences(outcome)
    assert sentence.startswith(f"etalon: The output folder {Path(output)} cannot be written")


def test_no_request_is_spent_where_another_target_is_wrong(etalon: CommandLine) -> None:
    with portal_that(answers(200)) as portal:
        etalon.config(f'[targets.here]\nurl = "{portal.url}"\n{R7}[targets.there]\nkind = "r7"\n')
        outcome = run(etalon, "here", "there")
        assert portal.seen == []
    assert outcome.code == USAGE


def test_secrets_of_targets_that_are_not_judged_need_not_be_there(etalon: CommandLine) -> None:
    config = '[targets.other]\nkind = "r7"\nurl = "https://portal.example"\ntoken = "env:NOT_AT_HAND"\n'
    etalon.config(config + NOBODY)
    assert run(etalon, "here", "--select", "R7-CREATE-*").code == INCONCLUSIVE


def test_a_run_without_a_name_says_how_to_judge_what_the_config_file_has(etalon: CommandLine) -> None:
    etalon.config(f"{NOBODY}[targets.there]\n{R7}")
    outcome = run(etalon, "--select", "R7-UPDATE-STORES-TITLE")
    assert outcome.code == 0
    assert "etalon run here" in outcome.err
    etalon.config("")
    assert "etalon run" not in run(etalon, "--select", "R7-UPDATE-STORES-TITLE").err


def test_a_selection_leaves_out_the_targets_that_owe_nothing_of_it(etalon: CommandLine) -> None:
    outcome = run(etalon, "--select", "R7-AUTH-STATUS")
    assert outcome.code == 0
    assert [target["name"] for target in outcome.results["targets"]] == ["r7"]
    assert list(outcome.requirements) == ["R7-AUTH-STATUS"]


def test_a_selection_of_nothing_that_is_checked_is_no_success(etalon: CommandLine) -> None:
    outcome = run(etalon, "r7", "--profile", "quick", "--select", "R7-CONCURRENT*")
    assert {row["verdict"] for row in outcome.requirements.values()} == {"not-applicable"}
    assert outcome.code == INCONCLUSIVE


def test_pytest_writes_no_reports_where_none_are_wanted(etalon: CommandLine) -> None:
    options = ["--etalon-target=r7", "--etalon-select=R7-AUTH-*", "--etalon-output="]
    done = subprocess.run(  # noqa: S603 - our own interpreter and suites
        [sys.executable, "-m", "pytest", ROOT / "suites", "-p", "no:cacheprovider", *options],
        cwd=etalon.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout
    assert list(etalon.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("config", "code", "expected"),
    [
        (NOBODY, INCONCLUSIVE, "cannot be reached"),
        ("[targets", USAGE, "ERROR: {config}: is not valid TOML"),
    ],
)
def test_pytest_itself_says_and_does_the_same(
    etalon: CommandLine, config: str, code: int, expected: str
) -> None:
    path = etalon.config(config)
    options = ["--etalon-target=here", f"--etalon-config={path}", "--etalon-select=R7-AUTH-*"]
    options.append(f"--etalon-output={etalon.output}")
    done = subprocess.run(  # noqa: S603 - our own interpreter and suites
        [
            sys.executable,
            "-m",
            "pytest",
            "suites",
            "-p",
            "no:cacheprovider",
            "--etalon-target=here",
            *options,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert expected.format(config=path) in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("given", [[""], [" \t\n"], ["r7", ""], ["", "r7"]])
@pytest.mark.parametrize("option", [[], ["--dry-run"]])
def test_an_empty_name_is_not_taken_for_no_name(
    etalon: CommandLine, given: list[str], option: list[str]
) -> None:
    outcome = etalon("run", *option, "--output", str(etalon.output), "--", *given)
    assert outcome.code == USAGE
    [sentence] = sentences(outcome)
    assert "the name of a target is empty: is the variable that should hold it set?" in sentence
    assert outcome.results == {}


@pytest.mark.parametrize("given", ["r7 --dry-run", "--dry-run", "r7\n--select R7-*", "-h"])
def test_an_option_is_no_name(etalon: CommandLine, given: str) -> None:
    outcome = etalon("run", "--output", str(etalon.output), "--", given)
    assert outcome.code == USAGE
    [sentence] = sentences(outcome)
    assert "stands where the name of a target is expected" in sentence


@pytest.mark.parametrize(
    "given", ["one\ntwo", " one \t two ", "one\r\ntwo\r\n", "one\u00a0two", "one one two"]
)
def test_names_are_told_apart_by_any_blank(etalon: CommandLine, given: str) -> None:
    etalon.config("".join(f'[targets.{name}]\nurl = "http://127.0.0.1:9"\n{R7}' for name in ("one", "two")))
    outcome = run(etalon, given, "--select", "R7-AUTH-*")
    assert outcome.code == INCONCLUSIVE
    assert [target["name"] for target in outcome.results["targets"]] == ["one", "two"]


def test_a_name_of_the_config_file_may_have_blanks(etalon: CommandLine) -> None:
    etalon.config(f'[targets."one two"]\nurl = "http://127.0.0.1:9"\n{R7}')
    outcome = run(etalon, "one two", "--select", "R7-AUTH-*")
    assert [target["name"] for target in outcome.results["targets"]] == ["one two"]


def test_a_user_without_a_name_and_a_home_can_judge(etalon: CommandLine) -> None:
    """As in a container that runs with somebody else's number: `docker run --user 4711`."""
    unknown = "import pwd\ndef nobody(_uid):\n    raise KeyError('uid not found')\npwd.getpwuid = nobody\n"
    (etalon.folder / "sitecustomize.py").write_text(unknown, encoding="utf-8")
    names = {"HOME", "LOGNAME", "USER", "LNAME", "USERNAME"}
    env = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(  # noqa: S603 - our own interpreter, and arguments of our own
        [
            *(sys.executable, "-m", "etalon", "run", "r7", "--profile", "quick"),
            *("--select", "R7-UPDATE-STORES-*", "--output", str(etalon.output)),
        ],
        cwd=etalon.folder,
        env={**env, "PYTHONPATH": f"{etalon.folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    etalon.config(f'[targets.here]\nurl = "https://127.0.0.1:9"\nca = "~/ca.pem"\n{R7}')
    done = subprocess.run(  # noqa: S603 - as above
        [sys.executable, "-m", "etalon", "run", "here", "--output", str(etalon.output)],
        cwd=etalon.folder,
        env={**env, "PYTHONPATH": f"{etalon.folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (USAGE, False)
    assert "expected a path without ~" in done.stderr
