from __future__ import annotations

import io
import json

import pytest
from rich.cells import cell_len
from rich.console import Console

from etalon.judging.requirements import parse_contract
from etalon.reporting.listing import print_requirements, requirements_json, requirements_markdown
from tests import reporting_samples as samples

CONTRACT = parse_contract(
    {
        "portal": "r7",
        "pages": {"r7-crm-task-update": {"url": samples.PAGE}},
        "themes": samples.THEMES,
        "dialects": {"documented": None},
        "requirements": [
            {
                "id": "R7-UPDATE-KEEPS-DESCRIPTION",
                "theme": "keeps",
                "level": "should",
                "source": {"page": "r7-crm-task-update", "row": "description | optional"},
                "en": "An update that does not send description leaves it as it was.",
                "ru": "Изменение без description оставляет описание прежним.",
                "planned": True,
            },
            {
                "id": "R7-UPDATE-PARTIAL",
                "theme": "update",
                "level": "silent",
                "source": {"page": "r7-crm-task-update", "row": "the list of parameters"},
                "en": "What an update does to members that it does not send.",
                "ru": "Что изменение делает с полями, которых в нём нет.",
                "behaviours": ["merge", "replace"],
            },
        ],
    }
)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("width", [80, 100])
def test_the_table_fits_and_names_every_requirement(width: int, lang: str) -> None:
    file = io.StringIO()
    print_requirements([CONTRACT], Console(file=file, width=width), lang)
    lines = file.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= width
    assert any("R7-UPDATE-PARTIAL" in line for line in lines)
    assert f"r7 · {samples.THEMES['keeps'][lang]}" in file.getvalue()


def test_json_has_every_part_of_a_row() -> None:
    first, second = json.loads(requirements_json([CONTRACT]))["requirements"]
    assert first["source"] == {
        "page": "r7-crm-task-update",
        "row": "description | optional",
        "url": samples.PAGE,
    }
    assert (first["portal"], first["level"], first["planned"]) == ("r7", "should", True)
    assert set(first["statement"]) == {"en", "ru"}
    assert second["behaviours"] == ["merge", "replace"]


def test_markdown_is_a_table_per_theme() -> None:
    text = requirements_markdown([CONTRACT])
    assert f"## {samples.THEMES['keeps']['en']}" in text
    assert f"[r7-crm-task-update]({samples.PAGE}): description \\| optional |" in text
    assert "(Behaviours: merge, replace)" in text
    assert "| `R7-UPDATE-PARTIAL` | не сказано |" in requirements_markdown([CONTRACT], "ru")
