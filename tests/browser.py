"""A real Chromium for tests of pages: insisted on in CI, else skipped with the reason where there is none."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(os.environ.get("ETALON_AXE", "node_modules/axe-core/axe.min.js"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, headless, driven by Playwright."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        missing("there is no Chromium on this machine")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may be missing, and then only these tests are
    except ImportError:
        missing("Playwright is not installed: pip install -e '.[dev]'")
    with sync_playwright() as playwright:
        # Containers forbid the sandbox that Chromium would put itself in; the pages are our own.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def axe() -> str:
    """The source of axe-core, as npm installs it."""
    if not AXE.is_file():
        missing(f"{AXE} is not there: npm install axe-core, and set ETALON_AXE to its axe.min.js")
    return AXE.read_text(encoding="utf-8")


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where CI has to have what it needs."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI insists on these tests")
    pytest.skip(reason)
