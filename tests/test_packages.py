"""The wheel carries the XSD library, which is a distribution of its own: the two must not drift."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml"))


def project(folder: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    return table


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_what_a_package_needs_comes_with_the_wheel_that_carries_it(folder: Path) -> None:
    etalon, package = project(ROOT), project(folder)
    assert package["project"]["dependencies"]
    assert set(package["project"]["dependencies"]) <= set(etalon["project"]["dependencies"])
    for key in ("requires-python", "license"):
        assert package["project"][key] == etalon["project"][key]
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_carries_every_package_and_its_tests_run_with_the_rest() -> None:
    tool = project(ROOT)["tool"]
    carried = {path for path in tool["hatch"]["build"]["targets"]["wheel"]["packages"] if "/" in path}
    sources = {path for folder in PACKAGES for path in folder.glob("src/*") if path.is_dir()}
    assert sources
    assert carried == {str(path.relative_to(ROOT)) for path in sources}
    tests = {str((folder / "tests").relative_to(ROOT)) for folder in PACKAGES}
    assert tests < set(tool["pytest"]["ini_options"]["testpaths"])
