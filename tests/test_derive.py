"""`etalon derive` on pages of our own, in the vendors' formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

R7_PAGE = """POST api/2.0/garden/plant
Описание
Сажает растение.
Параметры
| Название | Описание | Тип | Пример |
| name sent in body | Имя растения | строковый | текст |
| height sent in body | Высота необязательно | номер | 1234 |
Пример
POST api/2.0/garden/plant
Host: yourportal.r7-office.ru
Content-Type: application/json
Accept: application/json
{
  "name": "some text",
  "height": 1234
}
Возвращает
Растение
Пример ответа
application/json
{
  "status": 0,
  "response": {
    "name": "Ficus",
    "id": 7
  }
}
"""

PLANFIX_PAGE = """ПланФикс API plant.add
Функция посадки. Формат запроса:
<?xml version="1.0" encoding="UTF-8"?>
<request method="plant.add">
  <account></account>
  <sid></sid>
  <plant>
    <name></name>
    <height></height>
  </plant>
  <signature></signature>
</request>| Название | Тип | Значение | Примечание |
|---|---|---|---|
| name | string | имя растения | обязательный параметр |
| height | int | высота | |
Если посадить удалось:
<?xml version="1.0" encoding="UTF-8"?>
<response status="ok">
  <plant>
    <id></id>
  </plant>
</response>| Название | Тип | Значение | Примечание |
|---|---|---|---|
| plant.id | int | идентификатор | |
Если не удалось:
<?xml version="1.0" encoding="UTF-8"?>
<response status="error">
  <code></code>
</response>
"""


@pytest.fixture
def r7_page(tmp_path: Path) -> str:
    (tmp_path / "plant.txt").write_text(R7_PAGE, encoding="utf-8")
    return "plant.txt"


@pytest.fixture
def planfix_page(tmp_path: Path) -> str:
    (tmp_path / "plant.add.txt").write_text(PLANFIX_PAGE, encoding="utf-8")
    return "plant.add.txt"


def test_an_r7_page_becomes_an_openapi_document(etalon: CommandLine, r7_page: str) -> None:
    outcome = etalon("derive", r7_page)
    assert outcome.code == 0, outcome.err
    document = yaml.safe_load(outcome.out)
    assert set(document["paths"]) == {"/api/2.0/garden/plant"}
    assert "&id" not in outcome.out


def test_a_planfix_page_becomes_three_schemas(etalon: CommandLine, planfix_page: str) -> None:
    outcome = etalon("derive", planfix_page, "-o", "schemas")
    assert outcome.code == 0, outcome.err
    assert sorted(path.name for path in (etalon.folder / "schemas").iterdir()) == [
        "plant.add.error.xsd",
        "plant.add.ok.xsd",
        "plant.add.request.xsd",
    ]


def test_what_a_newer_page_changes_is_said(etalon: CommandLine, planfix_page: str) -> None:
    etalon("derive", planfix_page, "-o", "schemas")
    newer = PLANFIX_PAGE.replace(
        "| height | int | высота | |", "| height | int | высота | обязательный параметр |"
    )
    (etalon.folder / planfix_page).write_text(newer, encoding="utf-8")
    outcome = etalon("derive", planfix_page, "--against", "schemas/plant.add.request.xsd")
    assert (outcome.code, outcome.out) == (1, "request/plant/height: became mandatory\n")


def test_a_page_does_not_drift_from_its_own_spec(etalon: CommandLine, r7_page: str) -> None:
    etalon("derive", r7_page, "-o", "openapi.yaml")
    outcome = etalon("derive", r7_page, "--against", "openapi.yaml")
    assert (outcome.code, outcome.out) == (0, "Nothing changed.\n")


def test_the_report_lists_every_row(etalon: CommandLine, planfix_page: str) -> None:
    outcome = etalon("derive", planfix_page, "--report")
    assert outcome.code == 0
    assert "name" in outcome.out
    assert "height" in outcome.out


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 \x00\x01", b"<html><body><p>Weather: sunny.</p></body></html>"]
)
def test_what_is_no_page_is_one_sentence(etalon: CommandLine, content: bytes) -> None:
    (etalon.folder / "page").write_bytes(content)
    outcome = etalon("derive", "page")
    assert outcome.code == 4
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
