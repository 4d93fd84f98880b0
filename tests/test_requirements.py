from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from etalon.judging.requirements import (
    ContractError,
    Dialect,
    Level,
    Requirement,
    Source,
    expected_behaviour,
    is_selected,
    parse_contract,
)
from etalon.shipped import contract, spec
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from etalon.portals.config import Kind

CONTRACT: dict[str, Any] = {
    "portal": "r7",
    "pages": {"page-a": {"url": "https://vendor.example/a"}, "page-b": {}},
    "themes": {"update": {"en": "Update", "ru": "Изменение"}},
    "dialects": {
        "documented": None,
        "other": {"expects": {"R7-KEEPS": "reset"}, "traits": {"must-carry": ["title"]}},
    },
    "requirements": [
        {
            "id": "R7-KEEPS",
            "theme": "update",
            "level": "should",
            "source": {"page": "page-a", "row": "title"},
            "en": "It is kept.",
            "ru": "Сохраняется.",
            "behaviours": ["keep", "reset"],
            "expects": "keep",
            "pin": "partial-update",
            "pin-values": {"merge": "keep", "replace": "reset"},
        },
        {
            "id": "R7-STATUS",
            "theme": "update",
            "level": "silent",
            "source": {"page": "page-b", "row": "status"},
            "en": "Which status.",
            "ru": "Какой статус.",
            "behaviours": ["401", "403"],
            "pin": "status",
        },
        {
            "id": "R7-LATER",
            "theme": "update",
            "level": "must",
            "source": {"page": "page-b", "row": "sample"},
            "en": "Later.",
            "ru": "Позже.",
            "planned": True,
        },
    ],
}


def test_a_contract_is_read_as_it_stands() -> None:
    read = parse_contract(CONTRACT)
    assert read.kind == "r7"
    assert [row.id for row in read.requirements] == ["R7-KEEPS", "R7-STATUS", "R7-LATER"]
    keeps = read["R7-KEEPS"]
    assert keeps.source == Source("page-a", "title", "https://vendor.example/a")
    assert keeps.statement == {"en": "It is kept.", "ru": "Сохраняется."}
    assert (keeps.level, keeps.planned) == (Level.SHOULD, False)
    assert read["R7-LATER"].planned is True
    assert read["R7-STATUS"].source.url == ""
    assert read.dialects["documented"] == Dialect("documented")
    assert read.dialects["other"].traits == {"must-carry": ("title",)}
    assert read.pins == {"partial-update": {"merge", "replace"}, "status": {"401", "403"}}
    with pytest.raises(KeyError):
        read["R7-NONE"]


def row(document: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = document["requirements"][number]
    return found


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no-id": (lambda doc: row(doc, 0).pop("id"), "'id'"),
    "no-theme": (lambda doc: row(doc, 0).pop("theme"), "R7-KEEPS: KeyError('theme')"),
    "no-level": (lambda doc: row(doc, 0).pop("level"), "R7-KEEPS: KeyError('level')"),
    "no-source": (lambda doc: row(doc, 0).pop("source"), "R7-KEEPS: KeyError('source')"),
    "no-row": (lambda doc: row(doc, 0)["source"].pop("row"), "R7-KEEPS: KeyError('row')"),
    "no-english": (lambda doc: row(doc, 0).pop("en"), "R7-KEEPS: KeyError('en')"),
    "no-russian": (lambda doc: row(doc, 0).pop("ru"), "R7-KEEPS: KeyError('ru')"),
    "unknown-page": (lambda doc: row(doc, 0)["source"].update(page="c"), "R7-KEEPS: KeyError('c')"),
    "unknown-theme": (lambda doc: row(doc, 0).update(theme="x"), "R7-KEEPS: there is no theme 'x'"),
    "unknown-level": (lambda doc: row(doc, 0).update(level="may"), "R7-KEEPS: ValueError"),
    "twice": (lambda doc: row(doc, 1).update(id="R7-KEEPS"), "ids stand twice: R7-KEEPS"),
    "silent-expects": (
        lambda doc: row(doc, 1).update(expects="401"),
        "R7-STATUS: a page that is silent expects nothing",
    ),
    "silent-without-behaviours": (
        lambda doc: row(doc, 1).pop("behaviours"),
        "R7-STATUS: a silent row lists the behaviours that it tells apart",
    ),
    "unknown-expects": (
        lambda doc: row(doc, 0).update(expects="lose"),
        "R7-KEEPS: 'lose' is not one of its behaviours",
    ),
    "unknown-pin-value": (
        lambda doc: row(doc, 0)["pin-values"].update(mixed="lose"),
        "R7-KEEPS: 'lose' is not one of its behaviours",
    ),
    "dialect-of-no-row": (
        lambda doc: doc["dialects"]["other"]["expects"].update({"R7-NONE": "keep"}),
        "dialect other: there is no requirement R7-NONE",
    ),
    "dialect-of-no-behaviour": (
        lambda doc: doc["dialects"]["other"]["expects"].update({"R7-KEEPS": "lose"}),
        "dialect other: R7-KEEPS does not list 'lose'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_contract_is_named(mistake: str) -> None:
    make, expected = MISTAKES[mistake]
    document = deepcopy(CONTRACT)
    make(document)
    with pytest.raises(ContractError, match=re.escape(expected)):
        parse_contract(document)


@pytest.mark.parametrize(
    ("requirement", "dialect", "pins", "expected"),
    [
        ("R7-KEEPS", "documented", {}, "keep"),
        ("R7-KEEPS", "other", {}, "reset"),
        ("R7-KEEPS", "other", {"partial-update": "merge"}, "keep"),
        ("R7-KEEPS", "documented", {"partial-update": "replace"}, "reset"),
        ("R7-KEEPS", "documented", {"status": "403"}, "keep"),
        ("R7-STATUS", "documented", {}, None),
        ("R7-STATUS", "documented", {"status": "403"}, "403"),
        ("R7-LATER", "other", {"partial-update": "merge"}, None),
    ],
)
def test_a_pin_goes_before_the_dialect_and_that_before_the_page(
    requirement: str, dialect: str, pins: Mapping[str, str], expected: str | None
) -> None:
    read = parse_contract(CONTRACT)
    assert expected_behaviour(read[requirement], read.dialects[dialect], pins) == expected


def test_a_pin_that_a_row_does_not_tell_apart_is_not_expected_of_it() -> None:
    where = Source("page-a", "title")
    title = Requirement(
        "R7-A", "update", Level.SHOULD, where, {}, ("keep", "reset"), "keep", "partial-update"
    )
    assert expected_behaviour(title, Dialect("documented"), {"partial-update": "mixed"}) == "keep"


@given(row_id=st.from_regex(r"R7(-[A-Z]{1,4}){1,3}", fullmatch=True))
def test_selection_by_globs(row_id: str) -> None:
    assert is_selected(row_id, [])
    assert is_selected(row_id, ["PF-*", "R7-*"])
    assert is_selected(row_id, [row_id])
    assert is_selected(row_id, [f"{row_id[:-1]}?"])
    assert not is_selected(row_id, ["PF-*"])
    assert not is_selected(row_id, [row_id.lower()])


# What the suites themselves are bound to, said by pytest's own collection.
_LISTER = """
import sys
import pytest
from etalon.plugin.items import requirement_id

class Lister:
    def pytest_collection_finish(self, session):
        for item in session.items:
            print("BOUND", requirement_id(item), item.nodeid)

sys.exit(pytest.main(sys.argv[1:], plugins=[Lister()]))
"""


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """For each kind of portal, the requirement ids that the items of its suite are bound to."""
    output = tmp_path_factory.mktemp("out")
    suites = str(ROOT / "suites")
    settings = [f"--config-file={suites}/run.ini", f"--rootdir={ROOT}", f"--confcutdir={ROOT}"]
    settings += ["--collect-only", "-q", "-p", "no:cacheprovider"]
    targets = ("--etalon-target=r7", "--etalon-target=planfix", f"--etalon-output={output}")
    done = subprocess.run(  # noqa: S603 - our own interpreter and suites
        [sys.executable, "-c", _LISTER, suites, *settings, *targets],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, list[str]] = {"r7": [], "planfix": []}
    for line in done.stdout.splitlines():
        if line.startswith("BOUND "):
            _, row_id, node = line.split(" ", 2)
            found["r7" if "suites/r7/" in node else "planfix"].append(row_id)
    return found


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_every_row_has_one_check_and_every_check_a_row(bound: Mapping[str, list[str]], kind: Kind) -> None:
    rows = {one.id: one for one in contract(kind).requirements}
    checks = Counter(bound[kind])
    assert {row_id for row_id, count in checks.items() if count > 1} == set()
    assert checks.keys() - rows.keys() == set()
    assert {one.id for one in rows.values() if not one.planned} - checks.keys() == set()
    assert {one.id for one in rows.values() if one.planned} & checks.keys() == set()


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_a_contract_is_large_enough_and_speaks_both_languages(kind: Kind) -> None:
    rows = contract(kind).requirements
    assert len(rows) >= 40
    assert {one.level for one in rows} == set(Level)
    prefix = {"r7": "R7-", "planfix": "PF-"}[kind]
    for one in rows:
        assert re.fullmatch(rf"{prefix}[A-Z]+(-[A-Z]+)*", one.id), "an id never encodes a position"
        assert one.statement["en"].strip().endswith(".")
        assert re.search("[а-яё]", one.statement["ru"]), one.id
        assert one.statement["ru"].strip().endswith(".")
        assert one.source.row.strip()


def parameters(path: Path) -> list[tuple[str, str]]:
    """The documented parameters of the two pages: page name and row."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    pages = {"PostCrmTaskBody": "r7-crm-task-create", "PutCrmTaskByTaskidBody": "r7-crm-task-update"}
    return [(page, name) for schema, page in pages.items() for name in schemas[schema]["properties"]]


def test_every_documented_parameter_has_a_requirement() -> None:
    rows = contract("r7").requirements
    named = {(one.source.page, word) for one in rows for word in re.findall(r"[A-Za-z]+", one.source.row)}
    missing = [
        (page, name) for page, name in parameters(spec("r7", "openapi.yaml")) if (page, name) not in named
    ]
    assert missing == []
