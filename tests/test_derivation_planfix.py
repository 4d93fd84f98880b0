from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from lxml import etree

from etalon.derivation.hypertext import text_lines
from etalon.derivation.page import Line, Page, PageError, Standing
from etalon.derivation.reading import read_page
from etalon.vendors.planfix.derivation import (
    Derived,
    MessageKind,
    Obligation,
    ReferenceKind,
    derive,
    is_planfix_page,
    reference,
)
from etalon.vendors.planfix.derivation.blocks import blocks
from etalon.vendors.planfix.derivation.templates import Node, Template
from hypothesis_xmlschema import from_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xmlschema.validators import XsdSimpleType

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

LAMP = """A function that switches a lamp. Request format:

<request method="lamp.switch">
  <account></account>
  <lamp>
    <id></id>
    <general></general>
    <state></state>
    <level></level>
    <owner>
      <id></id>
    </owner>
    <note></note>
    <until></until>
    <at></at>
    <order></order>
    <text><![CDATA[<b>bold</b>]]></text>
  </lamp>
</request>
Name | Type | Value | Notes |
---|---|---|---|
lamp.id | int | lamp identifier | required |
lamp.general | int | lamp number | goes instead of id |
lamp.state | enum | new state | possible values: ON - lit, OFF - dark |
lamp.level | int | brightness | cannot exceed 1 000 |
lamp.owner | lamp owner | if not specified, the current user is taken | |
lamp.owner.id | int | user identifier | may be 0 |
lamp.note | sting | note, at most 5 characters | mandatory if state=OFF |
lamp.until | DateTime | until when | not required |
lamp.at | Time | time of day | cannot be used without until |
lamp.order | enum: {asc,desc} | order | optional |
lamp.text | string | words | required for lamps that speak |

Response:
<response status="ok">
  <lamp>
    <id></id>
  </lamp>
</response>

Or, if nothing had to be done:
<response status="ok">
  <nothing></nothing>
</response>

Otherwise the lamp stays as it was:
<response status="error">
  <code></code>
</response>
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


@cache
def lamp() -> Derived:
    return derive(page(LAMP))


def switch(inner: str) -> bool:
    return accepts(lamp(), f'<request method="lamp.switch"><lamp>{inner}</lamp></request>')


@pytest.mark.parametrize(
    ("inner", "valid"),
    [
        ("<id>1</id>", True),
        ("<general>7</general>", True),
        ("", False),
        ("<id>1</id><state>ON</state>", True),
        ("<id>1</id><state>DIM</state>", False),
        ("<id>1</id><level>1000</level>", True),
        ("<id>1</id><level>1001</level>", False),
        ("<id>1</id><owner><id>0</id></owner>", True),
        ("<id>1</id><state>OFF</state>", False),
        ("<id>1</id><state>OFF</state><note>word</note>", True),
        ("<id>1</id><note>sixsix</note>", False),
        ("<id>1</id><at>10:00</at>", False),
        ("<id>1</id><at>10:00</at><until>01-02-2020</until>", True),
        ("<id>1</id><order>desc</order>", True),
        ("<id>1</id><order>up</order>", False),
        ("<id>1</id><text>any</text>", True),
    ],
)
def test_english_rows_become_rules(inner: str, valid: bool) -> None:
    assert switch(inner) is valid


def test_a_condition_that_no_rule_can_hold_makes_nothing_mandatory() -> None:
    row = next(row for row in lamp().parameters if row.row == "lamp.text")
    assert row.obligation is Obligation.CONDITIONAL
    opened = [note.detail for note in lamp().notes if note.place == "lamp.text"]
    assert "not turned into schema: required for lamps that speak" in opened


def test_what_one_of_several_answers_lacks_is_not_mandatory() -> None:
    for inner in ("<lamp><id>1</id></lamp>", "<nothing/>"):
        assert accepts(lamp(), f'<response status="ok">{inner}</response>', "ok")


def schema_lines(text: str) -> dict[str, str]:
    """The schemas without the lines' numbers."""
    return {name: re.sub(r' line="\d+"', "", schema) for name, schema in derive(page(text)).schemas.items()}


def with_rows(text: str, row: Callable[[list[str]], str]) -> str:
    lines = [line for line in text.split("\n") if not line.startswith("---|")]
    return "\n".join(
        row([cell.strip() for cell in line.strip(" |").split(" | ")]) if " | " in line else line
        for line in lines
    )


def as_html(text: str) -> str:
    shown = with_rows(
        text.replace("<", "&lt;"),
        lambda cells: f"</pre><table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table><pre>",
    )
    return "\n".join(text_lines(f"<html><script>1<2</script><pre>{shown}</pre></html>"))


@pytest.mark.parametrize(
    "saved",
    [with_rows(LAMP, "\t".join), with_rows(LAMP.replace("sting", "string"), " ".join), as_html(LAMP)],
    ids=["tabs", "spaces", "html"],
)
def test_a_page_gives_the_same_schemas_however_its_table_was_saved(saved: str) -> None:
    expected = schema_lines(LAMP)
    # Where only spaces part the cells, a row without a type cannot be told from prose.
    untyped = "\n".join(line for line in LAMP.split("\n") if not line.startswith("lamp.owner |"))
    assert schema_lines(saved) in (expected, schema_lines(untyped))


TURNED = """Функция. Формат запроса:
<request method="desk.set">
  <desk>
    <drawer>
      <size></size>
      <lock></lock>
    </drawer>
  </desk>
</request>
| Тип | Параметр | Обязательный | Описание | Единица |
|---|---|---|---|---|
| node | desk | да | стол | |
| node | &nbsp;&nbsp;drawer | нет | ящик | |
| int | &nbsp;&nbsp;&nbsp;&nbsp;size | да | размер | сантиметр |
| bool | &nbsp;&nbsp;&nbsp;&nbsp;lock | - | замок | |
Ответ:
<response status="ok"/>
"""


def test_columns_in_another_order_and_names_set_in() -> None:
    derived = derive(page(TURNED))
    assert [(row.path, row.type, row.obligation) for row in derived.parameters] == [
        ("desk", "node", Obligation.MANDATORY),
        ("desk/drawer", "node", Obligation.OPTIONAL),
        ("desk/drawer/size", "int", Obligation.MANDATORY),
        ("desk/drawer/lock", "bool", Obligation.OPTIONAL),
    ]
    assert any("Единица: сантиметр" in note.detail for note in derived.notes)


def test_a_second_function_on_a_page_is_left_out_loudly() -> None:
    derived = derive(page(LAMP + COURIER))
    assert derived.method == "lamp.switch"
    assert schema_lines(LAMP)["lamp.switch.request.xsd"].count("<xs:element") == derived.schemas[
        "lamp.switch.request.xsd"
    ].count("<xs:element")
    partial = [note for note in derived.notes if note.detail.startswith("PARTIAL: ")]
    assert len(partial) == 1
    assert "the page describes courier.assign, too" in partial[0].detail
    left = {note.place for note in derived.notes if "courier.assign, which is left out" in note.detail}
    assert {"colour", "stops.id"} <= left
    for text in derived.schemas.values():
        function = etree.fromstring(text.encode()).find(".//{urn:etalon:spec}function")
        assert function is not None
        assert "courier.assign" in function.get("partial", "")


def test_an_enumeration_on_the_page_itself_may_allow_an_id_instead() -> None:
    text = FLAT.replace(
        "| owner.id |", "| kind | enum / int | вид | допустимые значения смотри ниже |\n| owner.id |"
    )
    listed = "| Значение | Описание |\n|---|---|\n| open | открытая |\n| свой идентификатор | |\n"
    derived = derive(page(text.replace("Ответ:", f"Допустимые значения параметра kind:\n{listed}Ответ:")))
    for kind, valid in (("open", True), ("17", True), ("shut", False), ("свой идентификатор", False)):
        body = f'<request method="shelf.update"><shelf><id>1</id><kind>{kind}</kind></shelf></request>'
        assert accepts(derived, body) is valid


def test_a_reference_page_is_known_beneath_its_title_and_menu() -> None:
    colours = reference(page(f"ПланФикс API Цвета\nМатериал из ПланФикс\n{COLOURS}\nПерейти", "colour"))
    assert colours is not None
    assert (colours.subject, [value.value for value in colours.values]) == ("colour", ["RED", "BLUE"])


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


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(0, 1), st.sampled_from([COURIER, LAMP, FLAT, TURNED]))
def test_a_page_cut_anywhere_derives_or_is_refused(share: float, text: str) -> None:
    end = int(len(text) * share)
    try:
        derived = derive(page(text[:end]))
    except PageError:
        return
    for schema in derived.schemas.values():
        xmlschema.XMLSchema11(schema)
    # A page that breaks off before its last template says so; before its answer, in each schema as well.
    details = [note.detail for note in derived.notes]
    if f"{derived.method}.error.xsd" not in derived.schemas:
        assert any("the page shows no error answer" in detail for detail in details)
    if f"{derived.method}.ok.xsd" not in derived.schemas:
        assert any(detail.startswith("PARTIAL: ") for detail in details)
        assert all("partial=" in schema for schema in derived.schemas.values())


def test_templates_nested_beyond_reason_are_cut_off_with_a_note() -> None:
    deep = "".join(f"<n{number}>" for number in range(2000))
    derived = derive(page(f'<request method="pit.dig">{deep}</request>\n| Название | Тип |\n| n1 | node |\n'))
    assert any("nested more than 100 deep" in note.detail for note in derived.notes)


def test_more_rows_than_any_page_has_are_refused() -> None:
    rows = "".join(f"| extra{number} | int | число | |\n" for number in range(1001))
    with pytest.raises(PageError, match="its tables have 1005 rows"):
        derive(page(FLAT.replace("Ответ:", f"{rows}Ответ:")))


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


SAMPLES = ("1", "word", "01-02-2020", "01-02-2020 10:00", "10:00", "1,2", "0001", "0" * 32, "0")


def filled(node: Node, declared: Any) -> etree._Element:  # noqa: ANN401 - its parts have many classes
    """A template with valid values in its leaves, and twice what may be repeated."""
    # A node that an attribute empties stands here without that attribute.
    kind = declared.alternatives[-1].type if declared.alternatives else declared.type
    element = etree.Element(node.name)
    for name, _ in node.attributes:
        if name in (attributes := kind.attributes):
            known = attributes[name]
            element.set(name, known.fixed or sample(known.type))
    if kind.is_simple() or kind.has_simple_content():
        element.text = sample(kind.content if kind.is_complex() else kind)
        return element
    members = {member.local_name: member for member in kind.content.iter_elements() if member.name}
    for child in node.children:
        for _ in range(2 if child.repeated else 1):
            element.append(filled(child, members[child.name]))
    return element


def sample(kind: XsdSimpleType) -> str:
    return next(value for value in (*listed(kind), *SAMPLES) if kind.is_valid(value))


def listed(kind: XsdSimpleType) -> list[str]:
    own = [str(value) for value in getattr(kind, "enumeration", None) or ()]
    return own + [value for part in getattr(kind, "member_types", None) or () for value in listed(part)]


def without_rivals(document: etree._Element, schema: xmlschema.XMLSchema11) -> None:
    """Takes out what a rule of the page forbids beside its siblings, until the document is valid."""
    for _ in range(20):
        error = next(schema.iter_errors(document), None)
        if error is None:
            return
        assert "assertion test" in str(error.reason), error
        node = document if error.path == f"/{document.tag}" else document.find(inner_path(error.path))
        assert node is not None
        node.remove(node[-1])
    pytest.fail(f"no document is left that the rules allow: {etree.tostring(document)!r}")


def inner_path(path: str | None) -> str:
    return str(path).split("/", 2)[2]


def function_templates(one: Page, method: str) -> Iterator[tuple[str, Node]]:
    for block in blocks(one):
        if isinstance(block, Template):
            attributes = dict(block.root.attributes)
            if block.root.name == "request" and attributes.get("method") == method:
                yield "request", block.root
            elif block.root.name == "response":
                yield ("error" if attributes.get("status") == "error" else "ok"), block.root


@pytest.mark.parametrize("text", [COURIER, LAMP, FLAT, TURNED], ids=["courier", "lamp", "flat", "turned"])
def test_a_page_accepts_its_own_templates_once_filled(text: str) -> None:
    check_templates(page(text), derive(page(text)))


@with_vendor_pages
def test_the_vendors_pages_accept_their_own_templates_once_filled() -> None:
    for one, derived in vendor_functions():
        check_templates(one, derived)


def check_templates(one: Page, derived: Derived) -> None:
    templates = list(function_templates(one, derived.method))
    assert {kind for kind, _ in templates} >= {"request", "ok"}
    for kind, root in templates:
        schema = xmlschema.XMLSchema11(derived.schemas[f"{derived.method}.{kind}.xsd"])
        without_rivals(filled(root, schema.elements[root.name]), schema)


@with_vendor_pages
def test_documents_drawn_from_the_vendors_pages_are_valid() -> None:
    for _, derived in vendor_functions():
        for text in derived.schemas.values():
            schema = xmlschema.XMLSchema11(text)
            for document in drawn(schema, count=20):
                schema.validate(etree.fromstring(etree.tostring(document)))
