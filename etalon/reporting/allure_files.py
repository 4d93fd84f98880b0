"""What Allure's own plugin has written of a run, without secrets.

It quotes exceptions of checks and fixtures as they are, tracebacks included, past all that Etalon shows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from etalon.reporting.files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def clean_results(folder: Path, clean: Callable[[str], str]) -> None:
    """Take what is secret out of every file of a folder of Allure results.

    Args:
        folder: may be missing, where Allure was not asked for.
        clean: takes secrets out of a text.

    Raises:
        UnwritableOutputError: a file cannot be written.
    """
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # no file of text, so none that quotes anything
        shown = _cleaned_json(text, clean) if path.suffix == ".json" else clean(text)
        if shown != text:
            write_text(path, shown)


def _cleaned_json(text: str, clean: Callable[[str], str]) -> str:
    try:
        document = json.loads(text)
    except ValueError:
        return clean(text)
    cleaned = _cleaned(document, clean)
    # As it was where nothing is changed: another tool's spelling of JSON is none of our business.
    return text if cleaned == document else json.dumps(cleaned, ensure_ascii=False)


def _cleaned(value: object, clean: Callable[[str], str]) -> object:
    match value:
        case str():
            return clean(value)
        case list():
            return [_cleaned(one, clean) for one in value]
        case dict():
            return {name: _cleaned(one, clean) for name, one in value.items()}
        case _:
            return value
