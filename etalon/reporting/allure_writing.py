"""Allure's results of a run, written by a logger that no text and no full disk stops.

Allure's own takes for granted that every text can be encoded and every file written; where one cannot, the
run would end.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import allure_commons
from allure_commons.utils import uuid4
from allure_pytest.listener import AllureListener
from attr import asdict

from etalon.reporting.results import replace_text

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class ResultFiles:
    """Writes what Allure reports, file by file.

    Attributes:
        problem: what the first file that could not be written failed from.
    """

    def __init__(self, folder: Path) -> None:
        """Write into a folder that is there."""
        self._folder = folder
        self.problem: OSError | None = None

    @allure_commons.hookimpl
    def report_result(self, result: Any) -> None:  # noqa: ANN401
        """A check and its steps."""
        self._item(result)

    @allure_commons.hookimpl
    def report_container(self, container: Any) -> None:  # noqa: ANN401
        """Fixtures of checks."""
        self._item(container)

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """A text that is attached to a check."""
        self._write(file_name, body if isinstance(body, str) else body.decode(errors="backslashreplace"))

    def _item(self, item: Any) -> None:  # noqa: ANN401 - of Allure's model, which has no types
        name = item.file_pattern.format(prefix=uuid4())
        shown = asdict(item, filter=lambda _, value: value or value is False)
        self._write(name, json.dumps(shown, ensure_ascii=False))

    def _write(self, name: str, text: str) -> None:
        try:
            replace_text(self._folder / name, text)
        except OSError as error:
            self.problem = self.problem or error


def report_into(folder: Path, config: pytest.Config) -> ResultFiles:
    """Have Allure's plugin for pytest report into a folder, as its option `--alluredir` does."""
    files, listener = ResultFiles(folder), AllureListener(config)
    config.pluginmanager.register(listener, "allure_listener")
    for plugin in (files, listener):
        name = allure_commons.plugin_manager.register(plugin)
        config.add_cleanup(partial(allure_commons.plugin_manager.unregister, name=name))
    return files
