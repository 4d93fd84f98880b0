from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalon.messages import Message
from etalon.portals.config import ConfigError, Target, is_loopback
from etalon.portals.config_file import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from etalon.portals.config_file import ConfigFile

GUID = "9924256a-739c-462b-af15-e652a3b1b6eb"
ENVIRONMENT = {
    "R7_TOKEN": "token-of-r7",
    "PLANFIX_API_KEY": "key-of-planfix",
    "PLANFIX_PRIVATE_KEY": "private-of-planfix",
    "PLANFIX_PASSWORD": "password-of-planfix",
    "EMPTY": "",
    "TWO_LINES": "token\n",
    "CYRILLIC": "токен",
}
R7 = {
    "kind": '"r7"',
    "url": '"https://portal.example"',
    "token": '"env:R7_TOKEN"',
    "allow-writes": "true",
}
PLANFIX = {
    "kind": '"planfix"',
    "url": '"https://api.planfix.ru/xml/"',
    "account": '"acme"',
    "api-key": '"env:PLANFIX_API_KEY"',
    "user": '"qa"',
    "password": '"env:PLANFIX_PASSWORD"',
    "allow-writes": "true",
}

if TYPE_CHECKING:
    Read = Callable[..., Target]


def table(keys: Mapping[str, str | None], more: str = "") -> str:
    lines = (f"{key} = {value}" for key, value in keys.items() if value is not None)
    return "[targets.office]\n" + "\n".join(lines) + f"\n{more}\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the target `office` of a config file with this text."""

    def read_target(text: str) -> Target:
        path = tmp_path / "etalon.toml"
        path.write_text(text, encoding="utf-8")
        return load(path, ENVIRONMENT).target("office")

    return read_target


def refusal(read: Read, text: str) -> str:
    """What the user is told, after the name of the file."""
    with pytest.raises(ConfigError) as caught:
        read(text)
    file, told = str(caught.value).split("etalon.toml: ", 1)
    assert file.endswith("/")
    assert told.endswith((".", "?"))
    return told


def test_every_key_of_r7(read: Read) -> None:
    keys = {
        **R7,
        "dialect": '"communityserver"',
        "requests-per-second": "2.5",
        "max-requests": "150",
        "timeout": "4",
        "lacks": '["xml", "cases"]',
    }
    known = f'responsibles = ["{GUID}"]\ncategories = [31, 32]\ncontacts = [401]\nopportunities = [501]\n'
    more = f'[targets.office.known]\n{known}cases = [601]\n[targets.office.expect]\npartial-update = "merge"'
    target = read(table(keys, more))
    assert target.name == "office"
    assert target.kind == "r7"
    assert target.url == "https://portal.example"
    assert target.dialect == "communityserver"
    assert target.credential("token") == "token-of-r7"
    assert target.credentials["token"].variable == "R7_TOKEN"
    assert target.allow_writes is True
    assert target.requests_per_second == 2.5
    assert target.max_requests == 150
    assert target.timeout == 4.0
    assert target.lacks == {"xml", "cases"}
    assert target.known == {
        "responsibles": (GUID,),
        "categories": (31, 32),
        "contacts": (401,),
        "opportunities": (501,),
        "cases": (601,),
    }
    assert target.expect == {"partial-update": "merge"}
    assert target.embedded is False
    assert target.warnings == ()


def test_every_key_of_planfix(read: Read) -> None:
    keys = {**PLANFIX, "private-key": '"env:PLANFIX_PRIVATE_KEY"', "lacks": '["task.add"]'}
    known = "users = [501, 502]\ngroups = [61]\nprojects = [700]\nclients = [810]\ntasks = [9001]"
    target = read(table(keys, f"[targets.office.known]\n{known}"))
    assert target.kind == "planfix"
    assert {key: target.credential(key) for key in target.credentials} == {
        "account": "acme",
        "api-key": "key-of-planfix",
        "private-key": "private-of-planfix",
        "user": "qa",
        "password": "password-of-planfix",
    }
    assert target.credential("token") is None
    assert target.lacks == {"task.add"}
    assert target.known["tasks"] == (9001,)


def test_the_defaults(read: Read) -> None:
    target = read(table(R7))
    assert target.dialect == "documented"
    assert target.requests_per_second == 5.0
    assert target.max_requests == 5000
    assert target.timeout == 30.0
    assert (target.lacks, target.known, target.expect) == (frozenset(), {}, {})
    assert read(table(PLANFIX)).requests_per_second == 1.0


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "portal.localhost", "[::1]:80", "127.9.9.9"])
def test_this_machine_needs_no_politeness(read: Read, host: str) -> None:
    assert read(table({**R7, "url": f'"http://{host}"'})).requests_per_second == 0.0
    assert (
        read(table({**R7, "url": f'"http://{host}"', "requests-per-second": "3"})).requests_per_second == 3.0
    )


@pytest.mark.parametrize("host", ["portal.example", "10.0.0.1", "localhost.example", "[2001:db8::1]"])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(f"http://{host}/")


@pytest.mark.parametrize(
    ("keys", "variable"),
    [
        ({**R7, "token": '"plain-secret"'}, "R7_TOKEN"),
        ({**R7, "token": None, "user": '"qa"', "password": '"plain-secret"'}, "R7_PASSWORD"),
        ({**PLANFIX, "api-key": '"plain-secret"'}, "PLANFIX_API_KEY"),
        ({**PLANFIX, "private-key": '"plain-secret"'}, "PLANFIX_PRIVATE_KEY"),
        ({**PLANFIX, "password": '"plain-secret"'}, "PLANFIX_PASSWORD"),
        ({**PLANFIX, "token": '"plain-secret"'}, "PLANFIX_TOKEN"),
    ],
)
def test_a_secret_in_plain_text_works_with_a_warning(
    read: Read, keys: Mapping[str, str | None], variable: str
) -> None:
    target = read(table(keys))
    [warning] = target.warnings
    assert str(warning).endswith(f'a secret in plain text; better "env:{variable}".')
    assert "plain-secret" not in repr(target)
    assert variable in {secret.variable for secret in target.credentials.values()}


def test_a_certificate_that_is_not_verified_is_warned_of_loudly(read: Read) -> None:
    [warning] = read(table({**R7, "verify": "false"})).warnings
    assert "verify: the portal's certificate is NOT verified." in str(warning)
    assert read(table({**R7, "verify": "true"})).warnings == ()


def test_a_user_name_is_no_secret(read: Read) -> None:
    assert read(table(PLANFIX)).warnings == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": None}, 'kind: expected "r7" or "planfix", it is missing.'),
        ({"kind": '"R7"'}, 'kind: expected "r7" or "planfix", found \'R7\'.'),
        ({"kind": "7"}, 'kind: expected "r7" or "planfix", found 7.'),
        ({"dialect": '"klingon"'}, 'dialect: expected "documented" or "communityserver", found \'klingon\'.'),
        ({"dialect": "[]"}, 'dialect: expected "documented" or "communityserver", found [].'),
        ({"allow-writes": '"yes"'}, "allow-writes: expected true or false, found 'yes'."),
        ({"allow-writes": "1"}, "allow-writes: expected true or false, found 1."),
        ({"timeout": "true"}, "timeout: expected a number of seconds, found True."),
        ({"timeout": "0"}, "timeout: expected a number of seconds, found 0."),
        ({"timeout": "nan"}, "timeout: expected a number of seconds, found nan."),
        ({"timeout": "inf"}, "timeout: expected a number of seconds, found inf."),
        ({"timeout": '"30s"'}, "timeout: expected a number of seconds, found '30s'."),
        ({"max-requests": "false"}, "max-requests: expected a whole number above 0, found False."),
        ({"max-requests": "1.5"}, "max-requests: expected a whole number above 0, found 1.5."),
        ({"max-requests": "0"}, "max-requests: expected a whole number above 0, found 0."),
        ({"requests-per-second": "-1"}, "requests-per-second: expected a number, 0 for no limit; found -1."),
        (
            {"requests-per-second": "true"},
            "requests-per-second: expected a number, 0 for no limit; found True.",
        ),
        ({"token": '""'}, "token: expected a text that is not empty."),
        ({"token": "12345"}, "token: expected a text that is not empty."),
        ({"token": '"env:MISSING"'}, "token: expected the environment variable MISSING to be set."),
        ({"token": '"env:EMPTY"'}, "token: expected the environment variable EMPTY to be set."),
        ({"token": '"env:"'}, 'token: expected a name after "env:", like "env:R7_TOKEN".'),
        ({"token": '"env:R7-TOKEN"'}, 'token: expected a name after "env:", like "env:R7_TOKEN".'),
        ({"token": '"env:TWO_LINES"'}, "token: expected a text without line breaks."),
        ({"token": '"env:CYRILLIC"'}, "token: expected ASCII, since it goes into a header."),
        ({"token": None}, "user: expected a value (or a token), it is missing."),
        ({"token": None, "user": '"qa"'}, "password: expected a value (or a token), it is missing."),
        ({"lacks": '"xml"'}, "lacks: expected a list of capabilities."),
        ({"lacks": "[[]]"}, "lacks: expected some of "),
        ({"lacks": '["telepathy"]'}, "found 'telepathy'."),
        ({"known": "3"}, "known: expected a table of lists of ids."),
        ({"known": "{category = [1]}"}, 'known: category: is not a key here; did you mean "categories"?'),
        ({"known": "{categories = 1}"}, "known.categories: expected a list of whole numbers above 0."),
        ({"known": "{categories = [true]}"}, "known.categories: expected a list of whole numbers above 0."),
        ({"known": "{categories = [0]}"}, "known.categories: expected a list of whole numbers above 0."),
        ({"known": '{categories = ["31"]}'}, "known.categories: expected a list of whole numbers above 0."),
        ({"known": "{responsibles = [1]}"}, "known.responsibles: expected a list of GUIDs as texts."),
        ({"known": '{responsibles = ["me"]}'}, "known.responsibles: expected a list of GUIDs as texts."),
        ({"expect": '"merge"'}, 'expect: expected pins like partial-update = "merge".'),
        ({"expect": "{partial-update = 1}"}, 'expect: expected pins like partial-update = "merge".'),
        ({"tokn": '"x"'}, 'tokn: is not a key here; did you mean "token"?'),
        ({"zzz": "1"}, "zzz: is not a key here; expected some of: "),
        ({"api-key": '"x"'}, "api-key: is not a key here; "),
    ],
)
def test_a_mistake_is_named(read: Read, change: Mapping[str, str | None], told: str) -> None:
    message = refusal(read, table({**R7, **change}))
    assert message.startswith("targets.office")
    assert told in message


@pytest.mark.parametrize("key", ["account", "api-key", "user", "password"])
def test_planfix_cannot_be_logged_in_to_without(read: Read, key: str) -> None:
    assert f"targets.office.{key}: expected a value" in refusal(read, table({**PLANFIX, key: None}))


def test_a_planfix_token_needs_no_user(read: Read) -> None:
    keys = {**PLANFIX, "user": None, "password": None, "token": '"env:R7_TOKEN"'}
    assert read(table(keys)).credential("token") == "token-of-r7"


@pytest.mark.parametrize(
    "url",
    [
        '"portal.example"',
        '"ftp://portal.example"',
        '"https://"',
        '""',
        "7",
        '"https://portal.example:99999"',
        '"https://[portal"',
        '"https://portal.example /"',
        '"https://portal.\\nexample/"',
    ],
)
def test_a_url_that_is_none(read: Read, url: str) -> None:
    told = refusal(read, table({**R7, "url": url}))
    assert told == 'targets.office.url: expected a URL like "https://portal.example", found something else.'


def test_a_url_that_is_missing(read: Read) -> None:
    assert refusal(read, table({**R7, "url": None})).endswith('"https://portal.example", it is missing.')


@pytest.mark.parametrize("userinfo", ["qa:s3cret@", "qa@", ":s3cret@"])
def test_a_url_carries_no_credentials(read: Read, userinfo: str) -> None:
    told = refusal(read, table({**R7, "url": f'"https://{userinfo}portal.example"'}))
    assert "without user and password" in told
    assert "s3cret" not in told


@pytest.mark.parametrize("tail", ["?tenant=1", "#top"])
def test_a_url_ends_with_its_path(read: Read, tail: str) -> None:
    assert "without anything after ? or #" in refusal(
        read, table({**R7, "url": f'"https://portal.example/{tail}"'})
    )


@pytest.mark.parametrize("allowed", [None, "false"])
def test_a_target_is_not_written_to_unasked(read: Read, allowed: str | None) -> None:
    told = refusal(read, table({**R7, "allow-writes": allowed}))
    assert told.startswith("targets.office.allow-writes: expected true. ")
    assert "https://portal.example" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "targets.office: there is no such target; the file has: none."),
        ("[targets.tracker]\n", "targets.office: there is no such target; the file has: tracker."),
        ("[targets.ofice]\n", 'targets.office: there is no such target; did you mean "ofice"?'),
        ("[target.office]\n", 'target: is not a key here; did you mean "targets"?'),
        ("targets = 1\n", "targets: expected tables [targets.NAME]."),
        ("targets.office = 1\n", "targets.office: expected a table."),
        ("[targets.office\n", "is not valid TOML: Expected ']'"),
        ("[targets.office]\nkind = r7\n", "is not valid TOML: Invalid value"),
    ],
)
def test_a_file_that_is_not_as_expected(read: Read, text: str, told: str) -> None:
    assert refusal(read, text).startswith(told)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"nowhere\.toml: there is no such file; name another with --config\."
    ):
        load(tmp_path / "nowhere.toml")


def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read \(Is a directory\)\."):
        load(tmp_path)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "etalon.toml"
    path.write_bytes("# цель".encode("cp1251"))
    with pytest.raises(ConfigError, match="cannot be read: expected UTF-8"):
        load(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "etalon.toml"
    path.write_text(table(R7), encoding="utf-8-sig")
    assert load(path, ENVIRONMENT).target("office").kind == "r7"


def test_the_other_targets_need_not_be_right(read: Read) -> None:
    assert read(table(R7) + '[targets.other]\nkind = "r8"\ntoken = "env:MISSING"\n').name == "office"


VALUES = st.one_of(
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.text(max_size=5),
    st.lists(
        st.one_of(st.integers(-1, 3), st.text(max_size=3), st.lists(st.booleans(), max_size=1)), max_size=2
    ),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=1),
)
KEYS = st.sampled_from(
    sorted({*R7, *PLANFIX, "dialect", "timeout", "max-requests", "lacks", "known", "expect"})
)


@given(changes=st.dictionaries(KEYS, VALUES, max_size=3), planfix=st.booleans())
def test_no_value_of_any_kind_is_more_than_a_mistake(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, object], planfix: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "drawn.toml"
    path.write_text(table(PLANFIX if planfix else R7), encoding="utf-8")
    file = load(path, ENVIRONMENT)
    file.tables["office"].update(changes)
    drawn = outcome(file)
    if isinstance(drawn, ConfigError):
        assert str(drawn).startswith(f"{path}: targets.office")
        return
    assert drawn.timeout > 0
    assert drawn.max_requests > 0
    assert drawn.requests_per_second >= 0


def outcome(file: ConfigFile) -> Target | ConfigError:
    try:
        return file.target("office")
    except ConfigError as error:
        return error


@pytest.mark.parametrize("token", ["Zk9secretpw77", "a" * 40 + "_" + "b" * 40, "deadbeef0123456789abcdef"])
def test_a_token_written_as_the_name_of_a_variable_is_not_shown(tmp_path: Path, token: str) -> None:
    path = tmp_path / "etalon.toml"
    path.write_text(
        f'[targets.here]\nkind = "r7"\nurl = "http://127.0.0.1:1"\nallow-writes = true\n'
        f'token = "env:{token}"\n',
        encoding="utf-8",
    )
    with pytest.raises(
        ConfigError, match=r'token: expected the name of a variable that is set after "env:"'
    ) as caught:
        load(path, {}).target("here")
    assert token not in str(caught.value)
    assert isinstance(caught.value.words, Message)
    assert load(path, {token: "value"}).target("here").credential("token") == "value"
