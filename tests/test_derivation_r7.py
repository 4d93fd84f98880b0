from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jsonschema
import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from etalon.derivation.hypertext import text_lines
from etalon.derivation.page import Line, Note, Page, PageError, Standing
from etalon.derivation.reading import read_page
from etalon.vendors.r7.derivation import derive, is_r7_page

if TYPE_CHECKING:
    from collections.abc import Callable

VENDOR = Path(__file__).parents[2] / "shared" / "vendor-docs"
with_vendor_pages = pytest.mark.skipif(
    not VENDOR.is_dir(), reason="the vendor's pages are not beside this checkout"
)

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


def bar_after_each_cell(cells: list[str]) -> list[str]:
    return [line for cell in cells for line in (*parted(cell), "|")]


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
        rows_as(CREATE, bar_after_each_cell),
        CREATE.replace("\nHost: ", " Host: ").replace("\nContent-Type: ", " Content-Type: "),
    ],
    ids=[
        "outer bars missing",
        "markdown",
        "a cell a line",
        "cells run together",
        "tabs",
        "a bar after each cell",
        "headers behind the request",
    ],
)
def test_a_page_gives_the_same_spec_however_its_table_was_saved(saved: str) -> None:
    assert without_lines(derived(saved)[0]) == without_lines(derived(CREATE)[0])


def test_a_page_saved_as_html_gives_the_same_spec() -> None:
    body = derived(as_hypertext(CREATE))[0]["components"]["schemas"]["PostCrmMeetingBody"]
    assert without_lines(body) == without_lines(
        derived(CREATE)[0]["components"]["schemas"]["PostCrmMeetingBody"]
    )


def test_a_page_saved_without_its_headings_gives_the_same_schemas() -> None:
    text = (
        rows_as(CREATE, bar_after_each_cell).replace("}Возвращает", "}").replace("}text/xml", "}\ntext/xml")
    )
    headings = ("Описание\nЗа", "Параметры\n", "Пример\nPOST", "Пример ответа\n")
    for heading in headings:
        assert heading in text
        text = text.replace(heading, heading.partition("\n")[2])
    headless, notes = derived(text)
    assert without_lines(headless["components"]) == without_lines(derived(CREATE)[0]["components"])
    assert {note.place for note in notes if note.detail == "prose"} == {"description", "returns"}


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
    assert title["x-etalon"]["source"] == {"page": "page-1", "row": "title", "line": 7}
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


ANSWERED = """\
POST api/2.0/crm/visit
Параметры
| Название | Описание | Тип | Пример |
| title sent in body | Тема | строковый | текст |
| hostId sent in body | Кто зовёт | guid | 9924256A-739C-462b-AF15-E652A3B1B6EB |
| start sent in body | Начало | Date and Time | Roundtrip format: 2008-04-10T06-30-00.000Z |
| owner sent in body | Владелец | строковый | текст |
| silent sent in body | Без писем необязательно | логический | истина |
Возвращает
Визит
Пример ответа
{
  "status": 0,
  "response": {
    "Title": "Demo",
    "host": {"id": "00000000-0000-0000-0000-000000000000"},
    "START": "2022-10-09T20:03:09.6137431Z",
    "owner": {"name": "Ann"}
  }
}
"""


def oracle_facts(text: str) -> dict[str, dict[str, Any]]:
    body = derived(text)[0]["components"]["schemas"]["PostCrmVisitBody"]
    return {
        name: {key: value for key, value in member["x-etalon"].items() if key != "source"}
        for name, member in body["properties"].items()
    }


def test_what_a_member_reads_as_is_told_by_the_names_in_the_answer() -> None:
    assert oracle_facts(ANSWERED) == {
        "title": {"role": "content", "shown": "always", "reads-as": "Title"},
        "hostId": {"role": "reference", "normalised": "guid", "shown": "always", "reads-as": "host.id"},
        "start": {"role": "content", "normalised": "instant", "shown": "always", "reads-as": "START"},
        "owner": {"shown": "never-promised"},
        "silent": {"shown": "never-promised"},
    }


@pytest.mark.parametrize("answer", ["", '{"status": 0, "response": [{"title": "Demo"}]}', '{"response": 7}'])
def test_without_one_answered_object_nothing_is_said_of_how_members_read(answer: str) -> None:
    page_without_object = ANSWERED[: ANSWERED.index("Пример ответа")] + (
        f"Пример ответа\n{answer}" if answer else ""
    )
    assert oracle_facts(page_without_object) == {
        "title": {},
        "hostId": {"normalised": "guid"},
        "start": {"normalised": "instant"},
        "owner": {},
        "silent": {},
    }


def shown_json(text: str) -> list[Any]:
    """The values of the JSON examples on a page."""
    values, at = [], 0
    while (start := text.find("\n{", at)) >= 0:
        value, length = json.JSONDecoder().raw_decode(text[start + 1 :])
        values.append(value)
        at = start + 1 + length
    return values


def accepts(document: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401 - an example is any JSON
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{name}", **document})


def test_a_page_satisfies_its_own_spec() -> None:
    document, _ = derived(CREATE)
    request, answer = shown_json(CREATE.replace("}Воз", "}\nВоз").replace("}text", "}\ntext"))
    accepts(document, "PostCrmMeetingBody", request)
    accepts(document, "PostCrmMeetingAnswer", answer)


@with_vendor_pages
@pytest.mark.parametrize("name", ["create", "update"])
def test_the_vendors_pages_satisfy_their_own_specs(name: str) -> None:
    vendors = read_page(VENDOR / f"r7-crm-task-{name}.txt")
    document = cast("dict[str, Any]", derive([vendors])[0])
    validate(cast("Any", document))
    assert list(schemathesis.openapi.from_dict(document).get_all_operations())
    body, answer = (
        document["components"]["schemas"].keys()
        & {
            "PostCrmTaskBody",
            "PutCrmTaskByTaskidBody",
        },
        [key for key in document["components"]["schemas"] if key.endswith("Answer")],
    )
    text = "\n".join(line.text for line in vendors.lines).replace("}Воз", "}\nВоз")
    request, answered = shown_json(text)
    # The examples fill every text with the same words, those of a listed value as well.
    accepts(document, body.pop(), {**request, "entityType": "case"})
    accepts(document, answer[0], answered)


TABLED = """\
POST api/2.0/crm/thing/{thingId}
Параметры
| Название | Тип | Обязательный | Где | Описание | Комментарий |
|:-:|---|-|---|---|---|
| thingId | целое число | да | path | Номер | |
| words | массив строк | нет | body | Слова | на двух языках |
| codes | список guid | да | body | Коды | |
| since | ASC.Api.Utils.ApiDateTime | да | body | Когда | |
| state | состояние | да | body | Одно из (Open|Closed) | |
| page | int32 | нет | query | Страница | |
Возвращает
Вещь
"""


def test_columns_in_another_order_and_further_ones() -> None:
    document, notes = derived(TABLED)
    operation = document["paths"]["/api/2.0/crm/thing/{thingId}"]["post"]
    assert [(item["name"], item["in"], item["required"]) for item in operation["parameters"]] == [
        ("thingId", "path", True),
        ("page", "query", False),
    ]
    body = document["components"]["schemas"]["PostCrmThingByThingIdBody"]
    assert body["required"] == ["codes", "since", "state"]
    kinds = {
        name: {key: value for key, value in member.items() if key != "x-etalon"}
        for name, member in body["properties"].items()
    }
    assert kinds == {
        "words": {"type": "array", "items": {"type": "string"}},
        "codes": {"type": "array", "items": {"$ref": "#/components/schemas/Guid"}},
        "since": {"$ref": "#/components/schemas/Instant"},
        "state": {"type": "string", "enum": ["Open", "Closed"]},
    }
    assert "на двух языках" in left_open(notes)["words"]


def test_a_path_variable_that_the_table_puts_elsewhere_stays_in_the_path() -> None:
    text = "GET api/2.0/crm/thing/{id}\nПараметры\n| id sent in body | Номер | номер | 1 |\nВозвращает\nВещь"
    document, notes = derived(text)
    operation = document["paths"]["/api/2.0/crm/thing/{id}"]["get"]
    assert [(item["name"], item["in"]) for item in operation["parameters"]] == [("id", "path")]
    assert "requestBody" not in operation
    assert left_open(notes)["id"] == "sent in body, as the table says, but the path has it; taken as path"


REMOVE = """\
DELETE api/2.0/crm/meeting/{meetingId}
Здесь требуется аутентификация.
Описание
Отменяет встречу.
Параметры
| Название | Описание | Тип | Пример |
| meetingId sent in url | Которую | номер | 1234 |
Пример
DELETE api/2.0/crm/meeting/1234
Возвращает
Встреча
Пример ответа
{"status": 0, "response": null}
"""


def test_each_of_several_functions_on_one_page_becomes_an_operation() -> None:
    document, notes = derived(f"GET api/2.0/crm/meeting\n{REMOVE}\n{CREATE}")
    assert {path: list(item) for path, item in document["paths"].items()} == {
        "/api/2.0/crm/meeting/{meetingId}": ["delete"],
        "/api/2.0/crm/meeting": ["post"],
    }
    assert document["info"]["description"] == "Derived from the page page-1."
    titles = [note for note in notes if note.place == "title"]
    assert [note.line for note in titles if "/api/" in note.detail] == [2, 16]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, len(CREATE)), st.sampled_from([CREATE, UPDATE, rows_as(CREATE, cell_a_line)]))
def test_a_page_cut_anywhere_gives_a_valid_document_or_is_refused(end: int, text: str) -> None:
    try:
        document, _ = derived(text[:end])
    except PageError:
        return
    last = text[:end].rstrip().rpartition("\n")[2]
    whole = last.startswith("</result>") or text is UPDATE
    assert whole or "PARTIAL" in document["info"]["description"] or '"status"' in text[:end]


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
