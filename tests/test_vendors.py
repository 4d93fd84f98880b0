"""Vendors as plugins: what stands outside their folders knows none of them by name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from etalon.vendors import kinds, vendor_of, vendors

ROOT = Path(__file__).parent.parent
NAMES = re.compile(r"\br7|planfix|communityserver", re.IGNORECASE)
# What may name one: a source of a fact, in a comment or a docstring that says where it was seen.
SOURCES = re.compile(r"CommunityServer(?:'s)? ?\w*\.?\w*|\bof CommunityServer\b")


BROUGHT = """
from etalon.vendors.r7.vendor import R7

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


def brought(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a command says where a package in a folder brings a vendor."""
    files = {
        "brought/__init__.py": BROUGHT,
        "brought-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: brought\nVersion: 1\n",
        "brought-1.dist-info/entry_points.txt": "[etalon.vendors]\nbrought = brought:VENDOR\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "etalon", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_package_brings_contract_and_suite_of_its_vendor(tmp_path: Path) -> None:
    run = ("run", "brought", "--no-progress")
    bare = brought(tmp_path, *run)
    assert (bare.returncode, bare.stdout) == (4, "")
    assert "the vendor brought brings no contract:" in bare.stderr
    for name, text in (
        ("contracts/brought.yaml", CONTRACT),
        ("suites/brought/test_it.py", SUITE.replace("NAMES", "['kept']")),
    ):
        (tmp_path / "brought" / name).parent.mkdir(parents=True)
        (tmp_path / "brought" / name).write_text(text, encoding="utf-8")
    half = brought(tmp_path, *run)
    assert half.returncode == 6  # inconclusive
    assert "BROUGHT-BARE" in half.stdout
    assert "no check of the suites is bound to it" in half.stdout
    suite = tmp_path / "brought" / "suites" / "brought" / "test_it.py"
    suite.write_text(SUITE.replace("NAMES", "['kept', 'bare']"), encoding="utf-8")
    assert brought(tmp_path, *run).returncode == 0
    suite.write_text(SUITE.replace("NAMES", "['kept', 'bare', 'gone']"), encoding="utf-8")
    much = brought(tmp_path, *run)
    assert much.returncode == 4
    assert "BROUGHT-GONE, which is no row of a contract" in much.stderr


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
