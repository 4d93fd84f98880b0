"""Vendors as plugins: what stands outside their folders knows none of them by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etalon.vendors import kinds, vendor_of, vendors
from tests.packages_of_others import put, python

ROOT = Path(__file__).parent.parent
NAMES = re.compile(r"\br7|planfix|communityserver", re.IGNORECASE)
# What may name one: a source of a fact, in a comment or a docstring that says where it was seen.
SOURCES = re.compile(r"CommunityServer(?:'s)? ?\w*\.?\w*|\bof CommunityServer\b")


BROUGHT = """
from etalon.vendors.r7.vendor import R7
from etalon.vendors.vendor import Vendor

class Brought(R7):
    kind, place, home, embedded = "brought", 30, "brought", {"brought": "documented"}

VENDOR = Brought()
"""
CONTRACT = """
portal: brought
pages: {page: {}}
themes: {all: {en: All, ru: Всё}}
dialects: {documented: {}}
requirements:
  - {id: BROUGHT-KEPT, theme: all, level: must, source: &at {page: page, row: one}, en: Kept., ru: Есть.}
  - {id: BROUGHT-BARE, theme: all, level: must, source: *at, en: Bare., ru: Нет.}
"""
SUITE = """
import pytest

@pytest.mark.requirement("BROUGHT-{name}")
@pytest.mark.parametrize("name", NAMES)
def test_it_is_kept(check, target, name):
    assert target.kind == "brought"
    check.holds(True, lambda: None)
"""


def test_a_package_brings_contract_and_suite_of_its_vendor(tmp_path: Path) -> None:
    run = ("-m", "etalon", "run", "brought", "--no-progress")
    suite = "suites/brought/test_it.py"
    put(tmp_path, {"__init__.py": BROUGHT})
    bare = python(tmp_path, *run)
    assert (bare.returncode, bare.stdout) == (4, "")
    assert "the vendor brought brings no contract:" in bare.stderr
    put(tmp_path, {"contracts/brought.yaml": CONTRACT, suite: SUITE.replace("NAMES", "['kept']")})
    half = python(tmp_path, *run)
    assert half.returncode == 6  # inconclusive
    assert "BROUGHT-BARE" in half.stdout
    assert "no check of the suites is bound to it" in half.stdout
    put(tmp_path, {suite: SUITE.replace("NAMES", "['kept', 'bare']")})
    assert python(tmp_path, *run).returncode == 0
    put(tmp_path, {suite: SUITE.replace("NAMES", "['kept', 'bare', 'gone']")})
    much = python(tmp_path, *run)
    assert much.returncode == 4
    assert "BROUGHT-GONE, which is no row of a contract" in much.stderr


def test_a_vendor_that_knows_no_pages_says_so(tmp_path: Path) -> None:
    put(tmp_path, {"__init__.py": BROUGHT.replace("kind,", "derive = Vendor.derive\n    kind,")})
    (tmp_path / "page.txt").write_text("POST api/2.0/thing\n", encoding="utf-8")
    derived = python(tmp_path, "-m", "etalon", "derive", "page.txt", "--vendor", "brought")
    assert derived.returncode == 4
    assert "The vendor brought derives no specs from pages" in derived.stderr


def test_nothing_outside_a_vendors_folder_names_a_vendor() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "etalon").rglob("*.*"))
        if path.suffix in {".py", ".ftl", ".yaml", ".json"} and path.relative_to(ROOT).parts[1] != "vendors"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if NAMES.search(SOURCES.sub("", line))
    ]
    assert found == []


def test_vendors_come_in_the_order_of_their_places() -> None:
    assert kinds() == ("r7", "planfix")
    assert [one.place for one in vendors().values()] == sorted(one.place for one in vendors().values())


@pytest.mark.parametrize("kind", kinds())
def test_a_vendor_describes_its_mocked_portal_as_it_is(kind: str) -> None:
    vendor = vendor_of(kind)
    for dialect in vendor.embedded.values():
        portal = vendor.mock().create(dialect, ())
        assert (portal.kind, portal.dialect) == (kind, dialect)
        assert set(vendor.mock_login) <= portal.credentials.keys() <= vendor.credentials.keys()
        assert portal.known.keys() <= vendor.known.keys()
    assert vendor.people <= vendor.known.keys()
    assert vendor.lent_without in {"", *vendor.capabilities}
    assert vendor.missing_login(vendor.mock_login) is None
    assert vendor.missing_login(()) is not None
