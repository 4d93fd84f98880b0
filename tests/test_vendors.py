"""Vendors as plugins: what stands outside their folders knows none of them by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etalon.vendors import kinds, vendor_of, vendors

ROOT = Path(__file__).parent.parent
NAMES = re.compile(r"\br7|planfix|communityserver", re.IGNORECASE)
# What may name one: a source of a fact, in a comment or a docstring that says where it was seen.
SOURCES = re.compile(r"CommunityServer(?:'s)? ?\w*\.?\w*|\bof CommunityServer\b")


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
