"""The PlanFix schemas say what the pages say: every row, every rule, and nothing stricter on answers."""

from __future__ import annotations

import calendar
import itertools
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xmlschema
from lxml import etree

from hypothesis_xmlschema import paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECS = Path(__file__).parents[1] / "specs" / "planfix"
FILES = sorted(SPECS.glob("*.xsd"))
XS = "{http://www.w3.org/2001/XMLSchema}"
E = "{urn:etalon:spec}"
PAGE = "planfix-task-update"

# The rows of the page's tables; those of the three periodicity tables carry the table's name in front.
ROWS = {
    "id",
    "title",
    "description",
    "importance",
    "status",
    "checkResult",
    "owner",
    "owner.id",
    "parent",
    "parent.id",
    "project",
    "project.id",
    "client",
    "client.id",
    "startTime",
    "endTime",
    "workers",
    "workers.addUsers",
    "workers.addUsers.id",
    "workers.addGroups",
    "workers.addGroups.id",
    "workers.delUsers",
    "workers.delUsers.id",
    "workers.delGroups",
    "workers.delGroups.id",
    "periodicity",
    "periodicity.startDate",
    "periodicity.endCondition",
    "periodicity.endCondition.type",
    "periodicity.endCondition.date",
    "periodicity.endCondition.repeatCount",
    "periodicity.notify",
    "periodicity.notify.type",
    "periodicity.notify.day",
    "daily.type",
    "daily.shift",
    "weekly.type",
    "weekly.shift",
    "weekly.days",
    "monthly.type",
    "monthly.month",
    "monthly.day",
    "monthly.dayType",
    "task.id",
    "periodicity unset",
}

ROLES = {"container", "content", "reference", "selector", "command", "envelope", "server-managed"}
NORMALISATIONS = {"datetime", "set", "status", "html", "absent-is-zero"}
DECLARATIONS = ("element", "attribute", "assert")


@cache
def schema(name: str) -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(str(SPECS / f"{name}.xsd"))


def accepts(name: str, document: str) -> bool:
    return schema(name).is_valid(etree.fromstring(document))


def update(members: str, root: str = "") -> str:
    return f'<request method="task.update">{root}<task><id>9001</id>{members}</task></request>'


def periodicity(content: str, attributes: str = "") -> str:
    return update(f"<periodicity{attributes}>{content}</periodicity>")


def card(members: str) -> str:
    return f'<response status="ok"><task><id>9001</id>{members}</task></response>'


def declarations(path: Path) -> Iterator[etree._Element]:
    for element in etree.parse(path).iter():
        anonymous = element.get("name") is None and element.get("test") is None
        if element.tag in {XS + name for name in DECLARATIONS} and not anonymous:
            yield element


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_schema_loads_without_errors(path: Path) -> None:
    assert not xmlschema.XMLSchema11(str(path), validation="lax").all_errors


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_declaration_names_its_source(path: Path) -> None:
    found = list(declarations(path))
    assert found
    for element in found:
        source = element.find(f"{XS}annotation/{XS}appinfo/{E}source")
        assert source is not None, etree.tostring(element)[:200]
        assert source.get("page")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_element_and_attribute_has_a_role_of_the_vocabulary(path: Path) -> None:
    for element in declarations(path):
        if element.tag in {XS + "element", XS + "attribute"}:
            member = element.find(f"{XS}annotation/{XS}appinfo/{E}member")
            assert member is not None, element.get("name")
            assert member.get("role") in ROLES
            assert member.get("normalised", "set") in NORMALISATIONS


def test_each_row_of_the_page_is_in_the_schemas() -> None:
    rows = {
        source.get("row")
        for path in FILES
        for source in etree.parse(path).iter(f"{E}source")
        if source.get("page") == PAGE
    }
    assert rows - {None} == ROWS


def test_what_the_page_does_not_document_is_marked() -> None:
    for path in FILES:
        function = etree.parse(path).find(f"{XS}annotation/{XS}appinfo/{E}function")
        if function is not None and function.get("documented-by") != PAGE:
            assert function.get("extension") == "true", path.name


def test_each_member_of_an_update_can_be_read_back() -> None:
    readable = set(paths_of(schema("task.get.ok"), "response"))
    written = {
        member.get("reads-as", _path(member)).split()[0]  # where the usual answer has it
        for member in etree.parse(SPECS / "task.update.request.xsd").iter(f"{E}member")
        if member.get("role") in {"content", "reference", "command"}
    }
    assert len(written) > 25
    assert written <= readable


def _path(member: etree._Element) -> str:
    """Where a member stands below the root of its message."""
    names = [str(above.get("name")) for above in member.iterancestors(f"{XS}element")]
    return "/".join(names[-2::-1])


@pytest.mark.parametrize(
    "document",
    [
        update(""),
        update("<title/>"),
        update("<title> a ]]&gt; &lt;b&gt;\n ё </title><description><![CDATA[<b>]]></description>"),
        update("<parent><id>0</id></parent><client><id>0</id></client>"),
        update("<checkResult>1</checkResult><importance>HIGH</importance><status>DONE</status>"),
        update("<startTime>29-02-2024</startTime><endTime>29-02-2024 23:59</endTime>"),
        update("<workers/>"),
        update(
            "<workers><delGroups><id>1</id></delGroups><addUsers><id>3</id><id>2</id></addUsers></workers>"
        ),
        update("", "<account>a</account><sid/><silent>1</silent><signature/>"),
        update("", f"<signature>{'0aF9' * 8}</signature>"),
        '<request method="task.update"><signature/><task><title>t</title><id>1</id></task><sid/></request>',
    ],
)
def test_requests_that_the_page_allows(document: str) -> None:
    schema("task.update.request").validate(etree.fromstring(document))


@pytest.mark.parametrize(
    "document",
    [
        '<request method="task.update"><task/></request>',
        '<request method="task.update"/>',
        '<request method="task.get"><task><id>1</id></task></request>',
        "<request><task><id>1</id></task></request>",
        update("<id>2</id>"),
        update("<name>x</name>"),
        update("<title>a</title><title>b</title>"),
        update("<parent><id/></parent>"),
        update("<owner><id>0</id></owner>"),
        update("<project><id>-1</id></project>"),
        update("<project><id>1_000</id></project>"),
        update("<project><id>007</id></project>"),
        update("<checkResult>true</checkResult>"),
        update("<importance>LOW</importance>"),
        update("<status>active</status>"),
        update("<startTime>2024-02-29</startTime>"),
        update("<startTime>29-02-2023</startTime>"),
        update("<startTime>1-2-2023</startTime>"),
        update("<endTime>01-02-2023 24:00</endTime>"),
        update("<endTime>01-02-2023 9:00</endTime>"),
        update("<workers><users><id>1</id></users></workers>"),
        update("", "<signature>abc</signature>"),
    ],
)
def test_requests_that_the_page_does_not_allow(document: str) -> None:
    assert not accepts("task.update.request", document)


@pytest.mark.parametrize(
    ("content", "allowed"),
    [
        ("", False),
        ("<startDate>01-01-2024</startDate>", False),
        ("<daily/>", True),
        ("<daily/><weekly/>", False),
        ("<monthly/><daily/>", False),
        ("<daily/><daily/>", False),
        ("<daily><shift>2</shift><type>EVERY</type></daily>", True),
        ("<daily><type>AFTER_COMPLETE</type><shift>2</shift></daily>", True),
        ("<daily><type>EVERY_WORKING</type><shift>2</shift></daily>", False),
        ("<daily><shift>2</shift></daily>", True),
        ("<daily><type>EVERY</type><shift>0</shift></daily>", False),
        ("<weekly><type>EVERY</type><days>7,1</days></weekly>", True),
        ("<weekly><type>EVERY</type><days>1,2,3,4,5,6,7</days></weekly>", True),
        ("<weekly><type>EVERY</type><days>1,1</days></weekly>", False),
        ("<weekly><type>EVERY</type><days>0</days></weekly>", False),
        ("<weekly><type>EVERY</type><days>1;2</days></weekly>", False),
        ("<weekly><type>EVERY</type><days/></weekly>", False),
        ("<weekly><type>AFTER_COMPLETE</type><shift>1</shift></weekly>", True),
        ("<weekly><type>AFTER_COMPLETE</type><days>1</days></weekly>", False),
        ("<weekly><type>EVERY_WORKING</type></weekly>", False),
        ("<monthly><type>EVERY</type><month>2</month><day>31</day></monthly>", True),
        ("<monthly><type>EVERY</type><day>32</day></monthly>", False),
        ("<monthly><type>EXACT</type><day>1</day><dayType>WORKDAY</dayType></monthly>", True),
        ("<monthly><type>EVERY</type><dayType>DAY</dayType></monthly>", False),
        ("<monthly><type>AFTER_COMPLETE</type><month>1</month></monthly>", True),
        ("<monthly><type>AFTER_COMPLETE</type><day>1</day></monthly>", False),
        ("<daily/><endCondition><type>ENDLESS</type></endCondition>", True),
        ("<daily/><endCondition><type>ENDLESS</type><repeatCount>3</repeatCount></endCondition>", False),
        ("<daily/><endCondition><type>BYCOUNT</type><repeatCount>3</repeatCount></endCondition>", True),
        ("<daily/><endCondition><type>BYCOUNT</type><date>01-01-2030</date></endCondition>", False),
        ("<daily/><endCondition><type>BYENDDATE</type><date>01-01-2030</date></endCondition>", True),
        ("<daily/><notify><type>1</type><day>0</day></notify>", True),
        ("<daily/><notify><type>2</type></notify>", False),
    ],
)
def test_periodicity(content: str, *, allowed: bool) -> None:
    assert accepts("task.update.request", periodicity(content)) is allowed


@pytest.mark.parametrize("content", ["", "<daily/><weekly/>", "<daily><type>?</type></daily>", "text<any/>"])
@pytest.mark.parametrize("value", ["0", "1"])
def test_unset_makes_the_content_irrelevant(content: str, value: str) -> None:
    assert accepts("task.update.request", periodicity(content, f' unset="{value}"'))


def test_the_order_of_members_is_free() -> None:
    members = (
        "<id>1</id>",
        "<title>t</title>",
        "<parent><id>0</id></parent>",
        "<endTime>01-01-2024</endTime>",
    )
    for order in itertools.permutations(members):
        document = f'<request method="task.update"><task>{"".join(order)}</task></request>'
        assert accepts("task.update.request", document)


def test_only_dates_that_exist() -> None:
    date_time = schema("task.update.request").types["dateTime"]
    for year, month, day in itertools.product(
        (1000, 1900, 1999, 2000, 2023, 2024, 2096, 2100, 2400, 9999), range(14), range(33)
    ):
        exists = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
        assert date_time.text_is_valid(f"{day:02d}-{month:02d}-{year}") is exists


def test_times_of_a_day() -> None:
    date_time = schema("task.update.request").types["dateTime"]
    for hour, minute in itertools.product(range(26), range(62)):
        exists = hour < 24 and minute < 60
        assert date_time.text_is_valid(f"31-12-2024 {hour:02d}:{minute:02d}") is exists


@pytest.mark.parametrize(
    ("document", "allowed"),
    [
        ('<response status="ok"><task><id>9001</id></task></response>', True),
        ('<response status="ok">\n  <task>\n    <id>99999999999</id>\n  </task>\n</response>\n', True),
        ('<response status="ok" v="1"><a/><task><general>5</general><id>1</id><x/></task></response>', True),
        ('<response status="ok"><task/></response>', False),
        ('<response status="ok"><task><id/></task></response>', False),
        ('<response status="ok"><task><id>0</id></task></response>', False),
        ('<response status="ok"><task><id>1</id><id>2</id></task></response>', False),
        ('<response status="error"><task><id>1</id></task></response>', False),
        ("<response><task><id>1</id></task></response>", False),
    ],
)
def test_ok_answer(document: str, *, allowed: bool) -> None:
    assert accepts("task.update.ok", document) is allowed


@pytest.mark.parametrize(
    ("document", "allowed"),
    [
        ('<response status="error"><code>0001</code><message/></response>', True),
        ('<response status="error"><code>10001</code></response>', True),
        ('<response status="error"><message>да</message><code>3001</code></response>', True),
        ('<response status="error"><code>1</code></response>', False),
        ('<response status="error"><code/></response>', False),
        ('<response status="error"/>', False),
        ('<response status="ok"><code>0001</code></response>', False),
    ],
)
def test_error_answer(document: str, *, allowed: bool) -> None:
    assert accepts("task.update.error", document) is allowed


@pytest.mark.parametrize(
    "members",
    [
        "",
        "<status>4</status><statusSet>2</statusSet>",
        "<status>ACTIVE</status>",
        "<parent><id>0</id></parent><client><id>0</id><name></name></client>",
        "<parent/><project/><owner><name>a</name><id> 5 </id></owner>",
        "<startTime/><endTime>05-03-2018</endTime><beginDateTime>03-02-2018 17:09</beginDateTime>",
        "<workers>\n <users> <user><id>1</id><name/></user>\n<user><id>2</id></user></users></workers>",
        "<workers><groups/><users/></workers>",
        "<workers><users><id>5</id></users></workers>",
        "<customData><customValue><field><id>1</id></field><value/></customValue></customData><novelty>1</novelty>",
        "<periodicity><weekly><type>EVERY</type><days>1,3</days></weekly><daily/><monthly/></periodicity>",
        "<periodicity><weekly><type>EVERY</type><days>3,3</days></weekly></periodicity>",
        "<periodicity/>",
        "<description>&lt;p&gt;a&lt;/p&gt;</description><title/>",
    ],
)
def test_cards_that_portals_answer(members: str) -> None:
    schema("task.get.ok").validate(etree.fromstring(card(members)))


@pytest.mark.parametrize(
    "members",
    [
        "<status>sleeping</status>",
        "<importance>1</importance>",
        "<startTime>2018-02-03</startTime>",
        "<endTime>30-02-2018</endTime>",
        "<checkResult>yes</checkResult>",
        "<owner><id>Ivan</id></owner>",
        "<title>a</title><title>b</title>",
        "<workers><users><user><id>x</id></user></users></workers>",
        "<periodicity><daily><type>EVERY</type></daily><weekly><type>EVERY</type></weekly></periodicity>",
        "<periodicity><daily><type>SOMETIMES</type></daily></periodicity>",
    ],
)
def test_cards_with_members_of_the_wrong_type(members: str) -> None:
    assert not accepts("task.get.ok", card(members))
