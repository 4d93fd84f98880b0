from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
import schemathesis
from openapi_spec_validator import validate

from etalon.derivation.hypertext import text_lines
from etalon.derivation.page import Line, Note, Page, PageError, Standing
from etalon.derivation.r7 import derive, is_r7_page

if TYPE_CHECKING:
    from collections.abc import Callable

CREATE = """\
POST api/2.0/crm/meeting
Здесь требуется аутентификация.
Описание
Заводит встречу.
Параметры
| Название | Описание | Тип | Пример |
| title sent in body | Тема | строковый | текст |
| description sent in body | Описание необязательно | строковый | текст |
| start sent in body | Начало | Date and Time | Roundtrip format: 2008-04-10T06-30-00.000Z |
| hostId sent in body | Кто зовёт | guid | 9924256A-739C-462b-AF15-E652A3B1B6EB |
| room sent in body | Номер комнаты от 1 до 9 необязательно | номер | 1234 |
| kind sent in body | Вид. Допустимые значения: call, visit or talk необязательно | строковый | текст |
| silent sent in body | Без писем необязательно | логический | истина |
| guests sent in body | Гости необязательно | Коллекция чисел коллекция | 1234 |
Пример
POST api/2.0/crm/meeting
Host: yourportal.r7-office.ru
Content-Type: application/json
Accept: application/json
{
  "title": "some text",
  "description": "some text",
  "start": "2008-04-10T06-30-00.000Z",
  "hostId": "9924256A-739C-462b-AF15-E652A3B1B6EB",
  "room": 5,
  "kind": "call",
  "silent": true,
  "guests": [1234]
}Возвращает
Встреча
Пример ответа
application/json
{
  "status": 0,
  "response": {
    "host": {
      "id": "00000000-0000-0000-0000-000000000000",
      "note": null
    },
    "created": "2022-10-09T20:03:09.6137431Z",
    "rooms": [
      {"id": 1, "label": null, "size": 2},
      {"id": 2, "label": "left", "size": 2.5, "extra": true}
    ],
    "tags": []
  }
}text/xml
<result>
  <status>0</status>
  <response>
    <host>
      <id>00000000-0000-0000-0000-000000000000</id>
      <note></note>
    </host>
    <created>2022-10-09T20:03:09.6137431Z</created>
    <rooms>
      <id>1</id>
      <size>2</size>
    </rooms>
    <hidden>1</hidden>
  </response>
</result> Была ли полезна статья?
"""

UPDATE = """\
PUT api/2.0/crm/meeting/{meetingId}/guest/{guestid:[0-9]+}
This function requires authentication
Description
Changes a guest.
Parameters
Name Description Type Example
meetingid
sent in url
Id of the meeting
number
1234
mode
sent in url
Mode ("Fast" or "Slow")
optional
string some text
rights
sent in body
Rights: none (0), read (1)None, Read

shape

sent in body
Form of the tableASC.Web.Shapes.Table
Example
PUT api/2.0/crm/meeting/1234/guest/7?mode=Fast
Host: yourportal.r7-office.ru
Content-Type: application/json
{
  "rights": "read",
  "shape": {"legs": 4}
}
Returns
Nothing
"""


def page(text: str, name: str = "page") -> Page:
    return Page(name, tuple(Line(number, line) for number, line in enumerate(text.split("\n"), start=1)))


def derived(*texts: str) -> tuple[dict[str, Any], tuple[Note, ...]]:
    document, notes = derive([page(text, f"page-{number}") for number, text in enumerate(texts, start=1)])
    validate(cast("Any", document))
    assert list(schemathesis.openapi.from_dict(document).get_all_operations())
    return cast("dict[str, Any]", document), notes


def left_open(notes: tuple[Note, ...]) -> dict[str, str]:
    return {note.place: note.detail for note in notes if note.standing is Standing.LEFT_OPEN}


def without_lines(value: Any) -> Any:  # noqa: ANN401 - a document is any JSON
    if isinstance(value, dict):
        return {key: without_lines(item) for key, item in value.items() if key != "line"}
    return [without_lines(item) for item in value] if isinstance(value, list) else value


def rows_as(text: str, row: Callable[[list[str]], list[str]]) -> str:
    lines: list[str] = []
    for line in text.split("\n"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        lines += row(cells) if line.startswith("|") else [line]
    return "\n".join(lines)


def parted(cell: str) -> list[str]:
    """A cell as text extractors part it: `sent in` and "optional" on lines of their own."""
    return [part for part in re.split(r" (?=sent in)| (?=необязательно)", cell) if part]


def cell_a_line(cells: list[str]) -> list[str]:
    return [part for cell in cells for part in (*parted(cell), "")]


def run_together(cells: list[str]) -> list[str]:
    if len(parted(cells[0])) == 1:
        return ["".join(cells)]
    *prose, last = parted(cells[1])
    tail = cells[2].replace(" коллекция", "\n\nколлекция\n") + cells[3]
    return [*parted(cells[0]), *prose, *([last, tail] if prose else [last + tail])]


def with_rule(cells: list[str]) -> list[str]:
    row = f"| {' | '.join(cells)} |"
    return [row, "|---|---|---|---|"] if cells[0] == "Название" else [row]


def as_hypertext(text: str) -> str:
    def row(cells: list[str]) -> list[str]:
        return [f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"]

    marked = [
        line if line.startswith("<tr>") else f"<p>{html.escape(line)}</p>"
        for line in rows_as(text, row).split("\n")
    ]
    return "\n".join(text_lines(f"<html><script>x</script><table>{''.join(marked)}</table></html>"))


@pytest.mark.parametrize(
    "saved",
    [
        rows_as(CREATE, lambda cells: [" | ".join(cells) + " |"]),
        rows_as(CREATE, with_rule),
        rows_as(CREATE, cell_a_line),
        rows_as(CREATE, run_together),
        rows_as(CREATE, lambda cells: ["\t".join(cells)]),
    ],
    ids=["outer bars missing", "markdown", "a cell a line", "cells run together", "tabs"],
)
def test_a_page_gives_the_same_spec_however_its_table_was_saved(saved: str) -> None:
    assert without_lines(derived(saved)[0]) == without_lines(derived(CREATE)[0])


def test_a_page_saved_as_html_gives_the_same_spec() -> None:
    body = derived(as_hypertext(CREATE))[0]["components"]["schemas"]["PostCrmMeetingBody"]
    assert without_lines(body) == without_lines(
        derived(CREATE)[0]["components"]["schemas"]["PostCrmMeetingBody"]
    )


def test_the_body_of_a_creation() -> None:
    body = derived(CREATE)[0]["components"]["schemas"]["PostCrmMeetingBody"]
    assert body["required"] == ["title", "start", "hostId"]
    schemas = {
        name: {key: value for key, value in member.items() if key != "x-etalon"}
        for name, member in body["properties"].items()
    }
    assert schemas == {
        "title": {"type": "string"},
        "description": {"type": "string"},
        "start": {"$ref": "#/components/schemas/DateDashOrRoundtrip"},
        "hostId": {"$ref": "#/components/schemas/Guid"},
        "room": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 9},
        "kind": {"type": "string", "enum": ["call", "visit", "talk"]},
        "silent": {"type": "boolean"},
        "guests": {"type": "array", "items": {"type": "integer", "format": "int32"}},
    }


def test_every_member_says_where_it_comes_from() -> None:
    schemas = derived(CREATE)[0]["components"]["schemas"]
    title = schemas["PostCrmMeetingBody"]["properties"]["title"]
    assert title["x-etalon"] == {"source": {"page": "page-1", "row": "title", "line": 7}}
    host = schemas["PostCrmMeetingAnswer"]["properties"]["response"]["properties"]["host"]
    assert host["properties"]["id"]["x-etalon"] == {
        "source": {"page": "page-1", "sample": "host.id", "line": 37}
    }


def test_the_answer_is_inferred_from_the_example() -> None:
    document, notes = derived(CREATE)
    envelope = document["components"]["schemas"]["PostCrmMeetingAnswer"]
    assert envelope["xml"] == {"name": "result"}
    assert envelope["properties"]["status"]["const"] == 0
    members = envelope["properties"]["response"]["properties"]
    assert members["created"]["$ref"] == "#/components/schemas/Instant"
    rooms = members["rooms"]
    assert rooms["items"]["xml"] == {"name": "rooms"}
    assert rooms["items"]["required"] == ["id", "label", "size"]
    assert rooms["items"]["properties"]["label"]["type"] == ["string", "null"]
    assert rooms["items"]["properties"]["size"]["type"] == "number"
    details = [note.detail for note in notes if note.standing is Standing.LEFT_OPEN]
    assert "host.note: shown only as null, so its type is open" in details
    assert "tags: shown as an empty list, so what it lists is open" in details
    assert "response.hidden: the XML form has this element, the JSON form has not" in details


def test_a_page_satisfies_its_own_spec() -> None:
    document, _ = derived(CREATE)
    start = CREATE.index('{\n  "title"')
    request = json.loads(CREATE[start : CREATE.index("}Возвращает") + 1])
    answer = json.loads(CREATE[CREATE.index('{\n  "status"') : CREATE.index("}text/xml") + 1])
    for name, value in (("PostCrmMeetingBody", request), ("PostCrmMeetingAnswer", answer)):
        jsonschema.validate(value, {"$ref": f"#/components/schemas/{name}", **document})


def test_parameters_outside_the_body_and_types_that_the_format_lacks() -> None:
    document, notes = derived(UPDATE)
    operation = document["paths"]["/api/2.0/crm/meeting/{meetingId}/guest/{guestid}"]["put"]
    places = {
        item["name"]: (item["in"], item["required"], item["schema"]) for item in operation["parameters"]
    }
    number = {"type": "integer", "format": "int32"}
    assert places == {
        "meetingId": ("path", True, number),
        "mode": ("query", False, {"type": "string", "enum": ["Fast", "Slow"]}),
        "guestid": ("path", True, number),
    }
    body = document["components"]["schemas"]["PutCrmMeetingByMeetingIdGuestByGuestidBody"]
    assert "required" not in body
    assert "not read as required" in operation["x-etalon"]["reading"]
    assert body["properties"]["rights"]["enum"] == ["None", "Read", 0, 1, "read"]
    assert body["properties"]["shape"]["properties"]["legs"]["type"] == "integer"
    assert left_open(notes)["shape"].endswith("read from the example request")


def test_several_pages_make_one_document() -> None:
    reading = CREATE.replace("POST api/2.0/crm/meeting", "GET api/2.0/crm/meeting/{id}")
    row = "meetingid\nsent in url\nКоторая\nномер"
    removal = f"DELETE api/2.0/crm/meeting/{{meetingid}}\nПараметры\n{row}\nВозвращает\nНичего"
    document, notes = derived(reading, removal)
    assert list(document["paths"]) == ["/api/2.0/crm/meeting/{id}"]
    assert document["paths"]["/api/2.0/crm/meeting/{id}"]["delete"]["parameters"][0]["name"] == "id"
    assert {note.page for note in notes} == {"page-1", "page-2"}


def test_two_pages_of_one_function_are_refused() -> None:
    with pytest.raises(PageError, match=r"page-2 and page-1 both describe POST /api/2\.0/crm/meeting\."):
        derived(CREATE, CREATE)


@pytest.mark.parametrize(
    ("end", "where"),
    [
        ("| room", "the page ends inside its parameters, without saying what is returned"),
        ("}Возвращает", "the page ends inside its example request"),
        ('"rooms"', "the page ends inside its example answer"),
        ("    <rooms>", "the page ends inside its XML example answer"),
    ],
)
def test_a_page_cut_in_the_middle_says_so_loudly(end: str, where: str) -> None:
    document, notes = derived(CREATE[: CREATE.index(end)])
    assert f"PARTIAL: page-1 is not whole: {where}" in document["info"]["description"]
    assert any(where in note.detail for note in notes if note.standing is Standing.LEFT_OPEN)


@pytest.mark.parametrize(
    "text",
    ["Функция task.update\nОбновляет задачу", CREATE[CREATE.index("| room") :]],
    ids=["another vendor's", "without its beginning"],
)
def test_what_names_no_method_and_path_is_refused(text: str) -> None:
    assert not is_r7_page(page(text))
    with pytest.raises(PageError, match="is not an R7-Office API page, or its beginning is missing"):
        derive([page(text)])


def test_nothing_is_dropped_in_silence() -> None:
    strange = CREATE.replace("Параметры\n", "Параметры\nСмотри раздел 5\n").replace(
        "Пример\nPOST", "Примечание\nЗвонить по будням\nПример\nPOST"
    )
    _, notes = derived(f"Меню сайта\n{strange}")
    details = " ".join(note.detail for note in notes if note.standing is Standing.LEFT_OPEN)
    assert all(words in details for words in ("Меню сайта", "Смотри раздел 5", "Звонить по будням"))


def test_the_pages_words_become_descriptions_only_when_asked() -> None:
    assert "Заводит" not in json.dumps(derive([page(CREATE)])[0], ensure_ascii=False)
    assert "Заводит" in json.dumps(derive([page(CREATE)], prose=True)[0], ensure_ascii=False)
