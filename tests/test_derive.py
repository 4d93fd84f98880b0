"""`etalon derive` on pages of our own, in the vendors' formats."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etalon.cli import main
from tests.conftest import Outcome

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


class Here:
    """The command line in this process: what pages become does not depend on whose process it is."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Outcome:
        self._capsys.readouterr()
        code = main(arguments)
        told = self._capsys.readouterr()
        return Outcome(code, told.out, told.err, {})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    monkeypatch.chdir(tmp_path)
    return Here(tmp_path, capsys)


def test_windows_1251_and_utf_16_are_read_like_utf_8(here: Here, r7_page: str) -> None:
    expected = here("derive", r7_page).out
    for encoding in ("windows-1251", "utf-16"):
        (here.folder / r7_page).write_bytes(R7_PAGE.encode(encoding))
        outcome = here("derive", r7_page)
        assert (outcome.code, outcome.out) == (0, expected)


def test_scripts_of_a_saved_page_are_no_part_of_it(here: Here) -> None:
    script = "<script>document.write('<request method=\\'weed.add\\'></request>')</script>"
    shown = PLANFIX_PAGE.replace("&", "&amp;").replace("<", "&lt;")
    (here.folder / "plant.html").write_text(
        f"<!DOCTYPE html><html><head>{script}</head><body>{script}<pre>{shown}</pre></body></html>",
        encoding="utf-8",
    )
    outcome = here("derive", "plant.html", "-o", "schemas")
    assert outcome.code == 0, outcome.err
    assert (here.folder / "schemas" / "plant.add.request.xsd").exists()


def one_sentence(here: Here, *arguments: str) -> str:
    outcome = here("derive", *arguments)
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err.startswith("etalon: ")
    assert outcome.err.count("\n") == 1
    return outcome.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        bytes(range(256)),
        b"PK\x03\x04",
        "Прогноз на завтра: солнечно, возможны осадки.\n".encode(),
        b'{"openapi": "3.1.0", "paths": {}}',
        "Название;Тип\nid;int\n".encode("windows-1251"),
        PLANFIX_PAGE[: PLANFIX_PAGE.index("<name>")].encode(),
        R7_PAGE[R7_PAGE.index("| height") :].encode(),
        b"GET api/2.0/garden/plant/{plantI",
        ("слово " * 100_000).encode(),
    ],
    ids=[
        "empty",
        "blank",
        "binary",
        "zip",
        "weather",
        "openapi",
        "csv",
        "cut planfix",
        "cut r7",
        "cut title",
        "long",
    ],
)
def test_what_no_spec_can_be_derived_from_is_one_sentence(here: Here, content: bytes) -> None:
    (here.folder / "page.txt").write_bytes(content)
    assert "page" in one_sentence(here, "page.txt")


def test_fifty_megabytes_are_refused_unread(here: Here) -> None:
    with (here.folder / "page.txt").open("wb") as file:
        file.truncate(50 * 2**20)
    assert one_sentence(here, "page.txt") == "etalon: page.txt is 50 MiB; a saved page has at most 10 MiB.\n"


def test_what_cannot_be_read_is_one_sentence(here: Here, r7_page: str) -> None:
    assert "missing.txt cannot be read" in one_sentence(here, "missing.txt")
    (here.folder / "pages").mkdir()
    assert "no page" in one_sentence(here, "pages")
    page = here.folder / r7_page
    page.chmod(0)
    if os.access(page, os.R_OK):
        pytest.skip("the user of this machine may read any file")
    assert "plant.txt cannot be read" in one_sentence(here, r7_page)


def test_what_a_folder_holds_beside_function_pages_is_named(here: Here, planfix_page: str) -> None:
    folder = here.folder / "pages"
    folder.mkdir()
    (here.folder / planfix_page).rename(folder / planfix_page)
    (folder / "functions.txt").write_text("Список функций\nplant.add\n", encoding="utf-8")
    colours = "Список допустимых значений для параметра colour:\n- RED - красный\n- BLUE - синий\n"
    (folder / "colours.txt").write_text(colours, encoding="utf-8")
    outcome = here("derive", "pages", "-o", "schemas", "--report")
    assert outcome.code == 0, outcome.err
    assert outcome.err.startswith("etalon: functions: no description of a function")
    assert "colours: a list of values (enumeration: 2 values)" in outcome.out


def test_several_functions_on_one_r7_page_are_all_in_the_document(here: Here, r7_page: str) -> None:
    second = R7_PAGE.replace("POST api/2.0/garden/plant", "POST api/2.0/garden/tree")
    (here.folder / r7_page).write_text(f"{R7_PAGE}\n{second}", encoding="utf-8")
    outcome = here("derive", r7_page)
    assert outcome.code == 0, outcome.err
    assert set(yaml.safe_load(outcome.out)["paths"]) == {"/api/2.0/garden/plant", "/api/2.0/garden/tree"}


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.floats(0, 1), st.sampled_from([R7_PAGE, PLANFIX_PAGE]))
def test_a_page_cut_anywhere_is_a_spec_or_one_sentence(here: Here, share: float, text: str) -> None:
    (here.folder / "cut.txt").write_text(text[: int(len(text) * share)], encoding="utf-8")
    outcome = here("derive", "cut.txt", "-o", "spec.yaml" if text is R7_PAGE else "schemas")
    assert outcome.code in (0, 4)
    assert "Traceback" not in outcome.err
    if outcome.code:
        assert outcome.err.count("\n") == 1
    else:
        assert outcome.out.strip()


def test_lists_of_values_alone_are_no_spec(here: Here) -> None:
    listed = (
        "Список значений для поля **height** у растения:\n\n"
        "Значение | Описание | Примечание\n---|---|---\n**LOW** | Низкое |\n**TALL** | Высокое |\n"
    )
    (here.folder / "heights.md").write_text(listed, encoding="utf-8")
    for arguments in ((), ("-o", "out")):
        outcome = here("derive", "heights.md", *arguments)
        assert outcome.code == 4
        assert outcome.err.startswith("etalon: heights: only lists of values")
    assert here("derive", "heights.md", "--report").code == 0


@pytest.mark.parametrize("page", [R7_PAGE, PLANFIX_PAGE], ids=["r7", "planfix"])
def test_what_merely_lies_in_a_folder_is_passed_over(here: Here, page: str) -> None:
    folder = here.folder / "pages"
    folder.mkdir()
    (folder / "a-plant.txt").write_text(page, encoding="utf-8")
    (folder / "b-same.txt").write_text(page, encoding="utf-8")
    (folder / "c-recipe.txt").write_text("Flour, water, salt.", encoding="utf-8")
    (folder / "d-scan.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    (folder / ".hidden").write_bytes(b"\0")
    outcome = here("derive", "pages", "-o", "out")
    assert outcome.code == 0, outcome.err
    told = outcome.err.splitlines()
    assert len(told) == 3
    for name in ("b-same", "c-recipe", "d-scan"):
        assert any(name in line for line in told)
    assert here("derive", "pages/a-plant.txt", "pages/b-same.txt", "-o", "out").code == 4
    assert here("derive", "pages/a-plant.txt", "pages/d-scan.pdf", "-o", "out").code == 4


@pytest.mark.parametrize(("page", "end"), [(R7_PAGE, '"name": "Ficus"'), (PLANFIX_PAGE, "<id></id>")])
def test_a_page_that_breaks_off_is_told_as_partial(here: Here, page: str, end: str) -> None:
    (here.folder / "plant.txt").write_text(page[: page.index(end)], encoding="utf-8")
    outcome = here("derive", "plant.txt", "-o", "out")
    assert "PARTIAL" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    "theirs",
    [
        "My notes: the spec has the extension x-etalon, which means …\n",
        "# Laid over the derived spec.\noverlay: 1.0.0\nactions: [{target: $.x-etalon, remove: true}]\n",
        '<?xml version="1.0"?>\n<overlay xmlns:e="urn:etalon:spec"/>\n',
        "notes\n# Written by etalon derive from the pages\n",
    ],
)
def test_what_speaks_of_derived_specs_is_none(
    here: Here, tmp_path: Path, r7_page: str, planfix_page: str, theirs: str
) -> None:
    for page, out in ((r7_page, "spec.yaml"), (planfix_page, "schemas/plant.add.request.xsd")):
        output = out.partition("/")[0]
        for _ in range(2):
            assert here("derive", page, "-o", output).code == 0  # its own are written anew
        (tmp_path / out).write_text(theirs, encoding="utf-8")
        outcome = here("derive", page, "-o", output)
        assert outcome.code == 4
        assert "Etalon has not written it" in outcome.err
        assert (tmp_path / out).read_text(encoding="utf-8") == theirs
