"""The pictures in the READMEs, taken of real runs against the mocked portal, in Debian's Chromium.

python benchmarks/screenshots.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_PICTURES = Path(__file__).parent.parent / "reports"
_ETALON = (sys.executable, "-m", "etalon")
# One port for all runs: a comparison would say that the address is another.
_PORT = "8097"
_WIDTH = 1180
_REPORT_HEIGHT, _DIFF_HEIGHT = 1400, 760

_DEFECTS = ("--fault", "yo-becomes-ye", "--fault", "update-clears-description")
_NEXT_VERSION = (
    *("--fault", "title-cut-at-255", "--fault", "deadline-fraction-lost"),
    *("--variation", "unknown-id-answers-400"),
)


def main() -> int:
    """Run, render and take the pictures, each in both languages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _judge(folder, "report", *_DEFECTS)
        _judge(folder, "before")
        _judge(folder, "after", *_NEXT_VERSION)
        _etalon(folder, "diff", "before", "after", "--format", "html", "-o", "diff.html")
        with sync_playwright() as playwright:
            # Containers forbid the sandbox that Chromium would put itself in; the pages are our own.
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            _take(chromium, folder / "report" / "index.html", "example", _REPORT_HEIGHT)
            _take(chromium, folder / "diff.html", "example-diff", _DIFF_HEIGHT)
    return 0


def _judge(folder: Path, output: str, *defects: str) -> None:
    with _served(folder, *defects):
        _etalon(folder, "run", "office", "--profile", "quick", "--no-progress", "--output", output)


@contextmanager
def _served(folder: Path, *defects: str) -> Iterator[None]:
    command = [*_ETALON, "serve", "r7", "--port", _PORT, "--format", "toml", *defects]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as portal:  # noqa: S603 - our own command line
        assert portal.stdout is not None, "it is a pipe"
        lines = []
        for line in portal.stdout:
            lines.append(line)
            if line.startswith("cases"):
                break
        config = "".join(lines).replace("r7-here", "office")
        (folder / "etalon.toml").write_text(config, encoding="utf-8")
        yield
        portal.terminate()


def _etalon(folder: Path, *arguments: str) -> None:
    subprocess.run([*_ETALON, *arguments], cwd=folder, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line


def _take(chromium: Browser, page: Path, name: str, height: int) -> None:
    shown = chromium.new_page(viewport={"width": _WIDTH, "height": height}, color_scheme="light")
    shown.goto(page.as_uri())
    for lang, suffix in (("en", ""), ("ru", ".ru")):
        shown.locator(f"#lang-{lang}").dispatch_event("click")
        shown.screenshot(path=_PICTURES / f"{name}{suffix}.png")


if __name__ == "__main__":
    raise SystemExit(main())
