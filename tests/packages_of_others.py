"""Packages of other people, which bring a vendor by an entry point of the group `etalon.vendors`."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_INSTALLED = {
    "brought-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: brought\nVersion: 1\n",
    "brought-1.dist-info/entry_points.txt": "[etalon.vendors]\nbrought = brought:VENDOR\n",
}


def put(folder: Path, files: Mapping[str, str]) -> None:
    """Install the package `brought`, or put further files into it.

    Args:
        folder: where it is installed.
        files: path below the package → text.
    """
    package = {f"brought/{name}": text for name, text in files.items()}
    for name, text in {**package, **_INSTALLED}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What an interpreter says in a folder of packages."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
