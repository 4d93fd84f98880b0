from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, given, seed, settings
from lxml import etree

from etalon.derivation.page import Line, Page, PageError, Standing
from etalon.derivation.planfix import (
    Derived,
    MessageKind,
    Obligation,
    ReferenceKind,
    derive,
    is_planfix_page,
    reference,
)
from etalon.derivation.reading import read_page
from etalon.generation.xsd import from_schema

VENDOR = Path(__file__).parents[2] / "shared" / "vendor-docs"
with_vendor_pages = pytest.mark.skipif(
    not VENDOR.is_dir(), reason="the vendor's pages are not beside this checkout"
)

COURIER = """Даёт курьеру новый маршрут. Формат запроса:

    <?xml version="1.0" encoding="UTF-8"?>

    <request method="courier.assign">

      <account></account>

      <sid></sid>

      <courier>

        <id></id>

        <general></general>

        <colour></colour>

        <speed>{SLOW|FAST}</speed>

        <depot>

          <id></id>

        </depot>

        <stops>

          <id></id>

          <id></id>

          <!-- ... -->

        </stops>

        <shifts cancel="1">

          <early>

            <kind></kind>

            <hour></hour>

          </early>

          <late>

            <days></days>

          </late>

        </shifts>

        <left></left>

        <!-- или -->

        <right></right>

      </courier>

      <signature></signature>

    </request>


Название | Тип | Значение | Примечание

---|---|---|---

id | int | идентификатор курьера |

general | int | номер курьера (если задан, используется вместо id) |

colour | enum | цвет | допустимые значения смотри в разделе [цвета](Цвета_курьеров.md)

depot |  | склад | необязательный параметр

depot.id | int | идентификатор склада | допустимо значение 0

stops |  | остановки | обязательный параметр

stops.id | int | идентификатор задачи |

shifts | node | смены | смотри описание ниже

shifts cancel | int | наличие этого атрибута снимает все смены |

load | int | груз | не больше 70

note | string(5) | пометка | в полнолуние пишется зелёным

unit | int | 0 - штуки, 1 - ящики |


Внутри тега **shifts** может быть только один из перечисленных элементов: _early_ , _late_.


Описание параметра _early_ :


Название | Тип | Значение | Примечание

---|---|---|---

kind | enum | вид | допустимые значения ONCE или DAILY

hour | int | час | используется только при kind=DAILY


Описание параметра _late_ :


Название | Тип | Значение | Примечание

---|---|---|---

days | set/list | дни, разделитель символ запятой (,). понедельник имеет индекс 1, воскресение - 7. |


Ответ:

    <response status="ok">

      <courier count="n">

        <id></id>

        <phones><number></number>...</phones>

        <typo><typo>

      </courier>

    </response>


Название | Тип | Значение | Примечание

---|---|---|---

courier.id | int | идентификатор курьера |

**courier** count | int | сколько |


В противном случае:

    <response status="error"><code></code></response>
"""

COLOURS = """Список допустимых значений для параметра **colour** у курьеров:

Значение | Описание | Примечание

---|---|---

**RED** | красный |

**BLUE** | синий | редко
"""

FLAT = """Обновляет полку. Формат запроса:
<request method="shelf.update">
  <shelf>
    <id></id>
    <owner>
      <id></id>
    </owner>
  </shelf>
</request>| Название | Тип | Значение | Примечание |
|---|---|---|---|
| id | int | идентификатор полки | обязательный параметр |
| owner | хозяин полки | необязательное поле | |
| owner.id | int | идентификатор пользователя | |
Ответ:
<response status="ok">
  <shelf>
    <id></id>
  </shelf>
</response>| Название | Тип | Значение | Примечание |
|---|---|---|---|
| shelf.id | int | идентификатор полки |
"""


def page(text: str, name: str = "own-page") -> Page:
    return Page(name, tuple(Line(number, line) for number, line in enumerate(text.splitlines(), 1)))


@cache
def courier() -> Derived:
    return derive(page(COURIER), [page(COLOURS, "colour")])


def accepts(derived: Derived, body: str, kind: str = "request") -> bool:
    schema = xmlschema.XMLSchema11(derived.schemas[f"{derived.method}.{kind}.xsd"])
    return schema.is_valid(etree.fromstring(body))


def assign(inner: str) -> bool:
    body = f"<courier><id>1</id><stops/>{inner}</courier>"
    return accepts(courier(), f'<request method="courier.assign">{body}</request>')


def drawn(schema: xmlschema.XMLSchema11, count: int, required: tuple[str, ...] = ()) -> list[etree._Element]:
    documents: list[etree._Element] = []

    @seed(3)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(from_schema(schema, required=required))
    def collect(document: etree._Element) -> None:
        documents.append(document)

    collect()
    return documents


@pytest.mark.parametrize(
    ("inner", "valid"),
    [
        ("", True),
        ("<colour>RED</colour>", True),
        ("<colour>GREEN</colour>", False),
        ("<speed>FAST</speed>", True),
        ("<speed>MEDIUM</speed>", False),
        ("<depot><id>0</id></depot>", True),
        ("<depot/>", False),
        ("<load>70</load>", True),
        ("<load>71</load>", False),
        ("<unit>1</unit>", True),
        ("<unit>2</unit>", False),
        ("<note>abcde</note>", True),
        ("<note>abcdef</note>", False),
        ("<shifts><early><kind>DAILY</kind><hour>7</hour></early></shifts>", True),
        ("<shifts><early><kind>ONCE</kind><hour>7</hour></early></shifts>", False),
        ("<shifts><early/><late/></shifts>", False),
        ('<shifts cancel="1"><early/><late/></shifts>', True),
        ("<shifts><late><days>7,1</days></late></shifts>", True),
        ("<shifts><late><days>1,1</days></late></shifts>", False),
        ("<shifts><late><days>8</days></late></shifts>", False),
        ("<left/>", True),
        ("<left/><right/>", False),
        ("<wings/>", False),
    ],
)
def test_rows_and_template_become_rules(inner: str, valid: bool) -> None:
    assert assign(inner) is valid


def test_a_member_may_stand_instead_of_the_id() -> None:
    for body, valid in (("<general>4</general>", True), ("<id>4</id>", True), ("", False)):
        text = f'<request method="courier.assign"><courier>{body}<stops/></courier></request>'
        assert accepts(courier(), text) is valid


def test_what_is_repeated_and_what_is_mandatory() -> None:
    stops = "<stops><id>1</id><id>2</id></stops>"
    many = f'<request method="courier.assign"><courier>{stops}<id>9</id></courier></request>'
    assert accepts(courier(), many)
    assert not accepts(courier(), many.replace(stops, ""))


def test_answers_let_through_what_the_page_does_not_list() -> None:
    answer = (
        '<response status="ok"><courier count="2" more="x"><extra/><id>4</id><typo/></courier></response>'
    )
    assert accepts(courier(), answer, "ok")
    assert not accepts(courier(), answer.replace("<id>4</id>", "<id>four</id>"), "ok")
    assert accepts(courier(), '<response status="error"><code>0001</code></response>', "error")


def test_what_is_no_schema_is_listed_with_its_line() -> None:
    lines = COURIER.splitlines()
    left = {note.place: note for note in courier().notes if note.standing is Standing.LEFT_OPEN}
    assert lines[left["note"].line - 1].startswith("note |")
    assert "полнолуние" in left["note"].detail


def test_every_element_says_where_it_comes_from() -> None:
    for text in courier().schemas.values():
        tree = etree.fromstring(text.encode())
        for element in tree.iter("{*}element", "{*}attribute"):
            source = element.find("{*}annotation/{*}appinfo/{urn:etalon:spec}source")
            assert source is not None
            assert source.get("page") == "own-page"


def test_cells_that_moved_left_find_their_columns() -> None:
    derived = derive(page(FLAT))
    rows = {
        row.path: (row.type, row.obligation)
        for row in derived.parameters
        if row.message is MessageKind.REQUEST
    }
    assert rows == {
        "shelf/id": ("id", Obligation.MANDATORY),
        "shelf/owner": ("node", Obligation.OPTIONAL),
        "shelf/owner/id": ("id", Obligation.MANDATORY),
    }


def test_reference_pages_are_data() -> None:
    colours = reference(page(COLOURS, "colour"))
    assert colours is not None
    assert (colours.kind, colours.subject) == (ReferenceKind.ENUMERATION, "colour")
    assert [value.value for value in colours.values] == ["RED", "BLUE"]
    with pytest.raises(PageError, match="no request template"):
        derive(page(COLOURS, "colour"))


def test_other_pages_are_refused() -> None:
    other = page("Погода на завтра\nСолнечно, ветер слабый")
    assert not is_planfix_page(other)
    assert not is_planfix_page(page("<result>\n<response>\n<id>3</id>\n</response>\n</result>"))
    assert is_planfix_page(page(COURIER))
    with pytest.raises(PageError, match="no request template"):
        derive(other)


@pytest.mark.parametrize("share", range(5, 100, 5))
def test_a_page_cut_anywhere_derives_or_is_refused(share: int) -> None:
    lines = COURIER.splitlines()
    cut = page("\n".join(lines[: len(lines) * share // 100]))
    try:
        derived = derive(cut)
    except PageError:
        return
    for text in derived.schemas.values():
        xmlschema.XMLSchema11(text)


@cache
def vendor_pages() -> tuple[Page, ...]:
    paths = [*sorted((VENDOR / "planfix-more").glob("*.md")), VENDOR / "planfix-task-update.txt"]
    return tuple(read_page(path) for path in paths)


@cache
def vendor_functions() -> tuple[tuple[Page, Derived], ...]:
    found = []
    for one in vendor_pages():
        try:
            found.append((one, derive(one, vendor_pages())))
        except PageError:
            continue
    return tuple(found)


@with_vendor_pages
def test_the_vendors_pages_are_told_apart() -> None:
    assert len(vendor_functions()) == 11
    listed = {one.name: found.kind.value for one in vendor_pages() if (found := reference(one))}
    assert listed == {
        "bool": "data-type",
        "datetime": "data-type",
        "day-type": "enumeration",
        "error-codes": "error-codes",
        "importance": "enumeration",
        "task-status": "enumeration",
    }


@with_vendor_pages
def test_nearly_all_rows_arrive_with_type_and_obligation() -> None:
    rows = [row for _, derived in vendor_functions() for row in derived.parameters]
    arrived = [row for row in rows if row.path and row.type and row.obligation]
    assert len(rows) > 300
    assert len(arrived) / len(rows) >= 0.95


@with_vendor_pages
def test_drawn_documents_can_carry_each_member_that_rows_describe() -> None:
    for one, derived in vendor_functions():
        for name, text in derived.schemas.items():
            schema = xmlschema.XMLSchema11(text)
            kind = name.removeprefix(f"{derived.method}.").removesuffix(".xsd")
            wanted = {row.path for row in derived.parameters if row.path and row.message.value == kind}
            for path in sorted(wanted):
                document = drawn(schema, count=1, required=(path,))[0]
                schema.validate(etree.fromstring(etree.tostring(document)))
                element, _, attribute = path.partition("/@")
                found = document.find(element)
                assert found is not None, (one.name, path)
                assert not attribute or attribute in found.attrib


@with_vendor_pages
def test_documents_drawn_from_the_vendors_pages_are_valid() -> None:
    for _, derived in vendor_functions():
        for text in derived.schemas.values():
            schema = xmlschema.XMLSchema11(text)
            for document in drawn(schema, count=20):
                schema.validate(etree.fromstring(etree.tostring(document)))
