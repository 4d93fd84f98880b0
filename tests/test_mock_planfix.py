from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from lxml import etree

from etalon.portals.mocking import FaultFamily, UnknownDialectError, UnknownFaultError
from etalon.vendors.planfix.mock import FAULTS, VARIATIONS, alterations, create
from etalon.vendors.planfix.mock.dates import ZONE
from etalon.vendors.planfix.mock.faults import CATALOGUE
from etalon.vendors.planfix.mock.hooks import Hooks
from etalon.vendors.planfix.mock.portal import Portal
from etalon.vendors.planfix.mock.seed import ACCESS, fresh_store
from etalon.vendors.planfix.mock.signature import is_signed_rightly, signatures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element


def basic(user: str = ACCESS.api_key, password: str = ACCESS.token) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def request(function: str, inner: str = "", *, account: str = ACCESS.account) -> bytes:
    return f'<request method="{function}"><account>{account}</account>{inner}</request>'.encode()


@dataclass
class Desk:
    """A client beside the portal's own memory and clock; token authorisation unless told otherwise."""

    faults: Sequence[str] = ()
    variations: Sequence[str] = ()
    now: datetime = datetime(2024, 3, 1, 12, 0, tzinfo=ZONE)
    portal: Portal = field(init=False)

    def __post_init__(self) -> None:
        store = fresh_store(lambda: self.now)
        self.portal = Portal(store, Hooks(alterations(self.faults, self.variations)))

    def send(self, body: bytes, authorization: str | None = None) -> bytes:
        return self.portal.answer(basic() if authorization is None else authorization, body).body

    def ask(self, function: str, inner: str = "") -> Element:
        return etree.fromstring(self.send(request(function, inner)))

    def code(self, function: str, inner: str = "") -> str:
        return code_of(self.send(request(function, inner)))

    def update(self, members: str, task: int = 9001) -> str:
        return self.code("task.update", f"<task><id>{task}</id>{members}</task>")

    def task(self, number: int = 9001) -> Element:
        task = self.ask("task.get", f"<task><id>{number}</id></task>").find("task")
        assert task is not None
        return task

    def read(self, path: str, task: int = 9001) -> str | None:
        return self.task(task).findtext(path)

    def ids(self, path: str, task: int = 9001) -> list[str | None]:
        return [node.text for node in self.task(task).findall(path)]

    def everything(self) -> bytes:
        ids = "".join(f"<id>{number}</id>" for number in self.portal.store.tasks)
        return self.send(request("task.getMulti", f"<tasks>{ids}</tasks>"))

    def log_in(self, password: str = ACCESS.password) -> Element:
        inner = f"<login>{ACCESS.login}</login><password>{password}</password>"
        return etree.fromstring(self.send(request("auth.login", inner), basic(password="")))


def code_of(answer: bytes) -> str:
    root = etree.fromstring(answer)
    return root.findtext("code", "") if root.get("status") == "error" else "ok"


@pytest.fixture
def desk() -> Desk:
    return Desk()


WORKDAYS: Final = "<daily><type>EVERY_WORKING</type></daily>"
USERS, GROUPS = "workers/users/user/id", "workers/groups/group/id"


def test_error_has_the_bytes_of_a_live_portal(desk: Desk) -> None:
    declaration, answer = b'<?xml version="1.0" encoding="UTF-8"?>', b"<code>0001</code><message/>"
    expected = declaration + b'\n<response status="error">' + answer + b"</response>\n"
    assert desk.send(b"not even XML", basic(user="wrong")) == expected


def test_update_answers_only_the_id(desk: Desk) -> None:
    answer = desk.send(request("task.update", "<task><id>9001</id></task>"))
    assert answer.endswith(b'<response status="ok"><task><id>9001</id></task></response>\n')


def test_read_has_the_documented_members_in_order(desk: Desk) -> None:
    assert [node.tag for node in desk.task(9003)] == [
        *("id", "title", "description", "importance", "status", "statusSet", "checkResult", "type"),
        *("owner", "parent", "template", "project", "client", "beginDateTime", "general"),
        *("isOverdued", "isCloseToDeadline", "isNotAcceptedInTime", "isSummary", "starred"),
        *("workers", "members", "auditors", "periodicity", "customData"),
    ]
    assert desk.read("status") == "2"
    assert desk.read("parent/id") == "0"
    assert desk.read("owner/name") == "Артём Рябинин"
    assert desk.task().find("periodicity") is None


@pytest.mark.parametrize(
    ("function", "tag", "total"),
    [
        ("user.getList", "users", "4"),
        ("userGroup.getList", "userGroups", "3"),
        ("project.getList", "projects", "3"),
        ("contact.getList", "contacts", "2"),
        ("task.getList", "tasks", "3"),
    ],
)
def test_lists_count_and_page(desk: Desk, function: str, tag: str, total: str) -> None:
    whole = desk.ask(function)[0]
    assert (whole.tag, whole.get("totalCount"), whole.get("count"), str(len(whole))) == (
        tag,
        total,
        total,
        total,
    )
    one = desk.ask(function, "<pageCurrent>2</pageCurrent><pageSize>1</pageSize>")[0]
    assert (one.get("count"), one[0].findtext("id")) == ("1", whole[1].findtext("id"))
    none = desk.send(request(function, "<pageCurrent>0</pageCurrent>"))
    assert none.endswith(f'<{tag} totalCount="{total}" count="0"/></response>\n'.encode())
    assert desk.code(function, "<pageSize>101</pageSize>") == "0021"


def test_companies_are_contacts_of_another_target(desk: Desk) -> None:
    companies = desk.ask("contact.getList", "<target>company</target>")
    assert companies.findtext("contacts/contact/id") == "812"


def test_task_list_of_a_subtree(desk: Desk) -> None:
    tasks = desk.ask("task.getList", "<parent><id>9001</id></parent>")
    assert [node.findtext("id") for node in tasks[0]] == ["9002"]


def test_task_is_found_by_general_rather_than_id(desk: Desk) -> None:
    task = desk.ask("task.get", "<task><id>9001</id><general>3</general></task>")
    assert task.findtext("task/id") == "9003"
    assert desk.code("task.get", "<task><general>77</general></task>") == "3001"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "0003"),
        (b"<request>", "0003"),
        (b"<other/>", "0003"),
        (b"<!DOCTYPE request><request/>", "0003"),
        (b'<!DOCTYPE request [<!ENTITY x SYSTEM "file:///etc/hostname">]><request>&x;</request>', "0003"),
        (b"<request>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</request>", "0003"),
        (request("task.get", account="elsewhere"), "0004"),
        (request("task.fly"), "0008"),
        (request("task.get", "<signature>0</signature>"), "0006"),
        (request("task.get"), "0009"),
        (request("task.get", "<task/>"), "0009"),
        (request("task.get", "<task><id>x</id></task>"), "0015"),
        (request("task.get", "<task><id>1</id></task>"), "3001"),
    ],
)
def test_refusals_in_their_order(desk: Desk, body: bytes, code: str) -> None:
    before = desk.everything()
    assert code_of(desk.send(body)) == code
    assert desk.everything() == before


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic !", "Basic " + "w4M="])
def test_wrong_authorisation(desk: Desk, header: str) -> None:
    assert code_of(desk.send(request("task.get"), header)) == "0001"


def test_session_is_opened_used_prolonged_and_lost(desk: Desk) -> None:
    sid = desk.log_in().findtext("sid", "")
    assert len(bytes.fromhex(sid)) == 16
    call = request("task.get", f"<sid>{sid}</sid><task><id>9001</id></task>")
    for _ in range(3):
        desk.now += timedelta(minutes=50)
        assert code_of(desk.send(call, basic(password="X"))) == "ok"
    desk.now += timedelta(minutes=61)
    assert code_of(desk.send(call, basic(password=""))) == "0005"


def test_session_that_was_never_there(desk: Desk) -> None:
    task = "<task><id>9001</id></task>"
    assert code_of(desk.send(request("task.get", task), basic(password=""))) == "0012"
    assert (
        code_of(desk.send(request("task.get", f"<sid>{'0' * 32}</sid>{task}"), basic(password=""))) == "0005"
    )


def test_wrong_password(desk: Desk) -> None:
    assert desk.log_in("wrong").findtext("code") == "1001"
    assert desk.log_in("").findtext("code") == "0009"


ROOT: Final = "<account>acc</account><sid>0123456789abcdef0123456789abcdef</sid>"
DELTAS: Final = "<addUsers><id>30</id><id>4</id></addUsers><delUsers><id>7</id><id>8</id></delUsers>"
TEXTS: Final = "<id>5</id><title>a &amp; &lt;b></title><parent><id>0</id></parent>"


@pytest.mark.parametrize(
    ("function", "inner", "signature"),
    [
        (
            "auth.login",
            "<account>acc</account><login>John</login><password>Galt</password>",
            "3df6b52da4cb7945a74153ed7c3a3d7d",
        ),
        (
            "task.update",
            f"{ROOT}<task><title>T</title><id>5</id></task>",
            "fd29c6a33ab6a2110dd75876867ff485",
        ),
        (
            "task.update",
            f"<pageSize>100</pageSize>{ROOT}<task><id>5</id><title>T</title><parent><id>0</id></parent></task>",
            "09d57853e8c6e3515c9bbc36eec53f7d",
        ),
        (
            "task.update",
            f'{ROOT}<task>{TEXTS}<workers>{DELTAS}</workers><periodicity unset="1"/></task>',
            "ebd6c1c97e9db471a603c3c5e6804cd3",
        ),
    ],
)
def test_signature_vectors(function: str, inner: str, signature: str) -> None:
    root = etree.fromstring(f'<request method="{function}">{inner}</request>')
    assert signature in signatures(root, "KEY")
    signed = etree.SubElement(root, "signature")
    for text, right in (("", True), (signature, True), (signature[::-1], False)):
        signed.text = text
        assert is_signed_rightly(root, "KEY") is right


@pytest.mark.parametrize("order", ["304100", "100304", "430100"])
def test_signature_takes_lists_in_each_order(order: str) -> None:
    root = etree.fromstring('<request method="m"><ids><id>30</id><id>4</id><id>100</id></ids></request>')
    assert hashlib.md5(f"m{order}KEY".encode(), usedforsecurity=False).hexdigest() in signatures(root, "KEY")


def test_signed_request_is_accepted(desk: Desk) -> None:
    body = etree.fromstring(request("task.get", "<task><id>9001</id></task>"))
    etree.SubElement(body, "signature").text = signatures(body, ACCESS.private_key).pop()
    assert code_of(desk.send(etree.tostring(body))) == "ok"


@pytest.mark.parametrize(
    ("members", "path", "expected"),
    [
        ("<title>Новое</title>", "title", "Новое"),
        ("<title/>", "title", ""),
        ("<description/>", "description", ""),
        ("<importance>AVERAGE</importance>", "importance", "AVERAGE"),
        ("<status>DONE</status>", "status", "6"),
        ("<status>0</status>", "status", "0"),
        ("<checkResult>1</checkResult>", "checkResult", "1"),
        ("<owner><id>504</id></owner>", "owner/id", "504"),
        ("<parent><id>9003</id></parent>", "parent/id", "9003"),
        ("<project><id>701</id></project>", "project/title", "Договоры на год"),
        ("<project><id>0</id></project>", "project/id", "0"),
        ("<client><id>812</id></client>", "client/id", "812"),
        ("<client><id>0</id></client>", "client/name", ""),
        ("<startTime>29-02-2024 07:05</startTime>", "startTime", "29-02-2024 07:05"),
        ("<startTime>01-01-0024</startTime>", "startTime", "01-01-0024"),
        ("<endTime>15-02-2024</endTime>", "endTime", "15-02-2024"),
    ],
)
def test_update_changes_what_is_sent_and_nothing_else(
    desk: Desk, members: str, path: str, expected: str
) -> None:
    before, others = desk.task(), [etree.tostring(desk.task(number)) for number in (9002, 9003)]
    assert desk.update(members) == "ok"
    after = desk.task()
    assert after.findtext(path) == expected
    changed = [
        old.tag for old, new in zip(before, after, strict=True) if etree.tostring(old) != etree.tostring(new)
    ]
    assert set(changed) - {"isOverdued"} == {path.partition("/")[0]}
    assert [etree.tostring(desk.task(number)) for number in (9002, 9003)] == others


@pytest.mark.parametrize(
    "members",
    [
        "",
        "<owner/><parent><id/></parent><project/><client/><workers><addUsers/></workers>",
        "<importance/><status></status><checkResult>\n</checkResult><startTime/><endTime/>",
        "<general></general><pageSize>100</pageSize><strange><id>1</id></strange>",
        "<workers><delUsers><id>504</id><id>77</id></delUsers><delGroups><id>61</id></delGroups></workers>",
        "<workers><addUsers><id>502</id><id>502</id></addUsers></workers>",
        '<periodicity unset=""><weekly/><daily/></periodicity>',
    ],
)
def test_update_that_changes_nothing(desk: Desk, members: str) -> None:
    before = desk.everything()
    assert desk.update(members) == "ok"
    assert desk.everything() == before


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("<importance>LOW</importance>", "0015"),
        ("<status>8</status>", "0015"),
        ("<status>done</status>", "0015"),
        ("<checkResult>true</checkResult>", "0015"),
        ("<owner><id>77</id></owner>", "6004"),
        ("<parent><id>77</id></parent>", "3002"),
        ("<parent><id>9001</id></parent>", "0016"),
        ("<parent><id>9002</id></parent>", "0016"),
        ("<project><id>77</id></project>", "3003"),
        ("<client><id>77</id></client>", "7002"),
        ("<client><id> 811</id></client>", "0015"),
        ("<client><id>99999999999</id></client>", "0015"),
        ("<startTime>30-02-2024</startTime>", "0015"),
        ("<startTime>1-02-2024</startTime>", "0015"),
        ("<startTime>01-02-2024 24:00</startTime>", "0015"),
        ("<startTime>29-02-2024 18:01</startTime>", "3006"),
        ("<endTime>14-02-2024</endTime>", "3006"),
        ("<workers><addUsers><id>503</id><id>77</id></addUsers></workers>", "6004"),
        ("<workers><addGroups><id>77</id></addGroups></workers>", "5001"),
        ("<workers><delUsers><id>x</id></delUsers></workers>", "0015"),
        ("<periodicity/>", "3007"),
        ("<periodicity><daily/><weekly/></periodicity>", "3007"),
        ("<periodicity><daily/></periodicity>", "0017"),
        ("<periodicity><daily><type>EVERY</type></daily></periodicity>", "0017"),
        ("<periodicity><daily><type>EXACT</type></daily></periodicity>", "0015"),
        ("<periodicity><daily><type>EVERY</type><shift>0</shift></daily></periodicity>", "0015"),
        ("<periodicity><weekly><type>EVERY</type><days>1,8</days></weekly></periodicity>", "0015"),
        (
            "<periodicity><monthly><type>EVERY</type><month>1</month><day>32</day></monthly></periodicity>",
            "0015",
        ),
        (
            f"<periodicity>{WORKDAYS}<endCondition><type>BYCOUNT</type></endCondition></periodicity>",
            "0017",
        ),
        (
            f"<periodicity>{WORKDAYS}<notify><type>2</type><day>1</day></notify></periodicity>",
            "0015",
        ),
    ],
)
def test_rejected_update_changes_nothing(desk: Desk, member: str, code: str) -> None:
    before = desk.everything()
    assert desk.update(f"<title>Не сохранится</title>{member}") == code
    assert desk.everything() == before


def test_missing_and_unknown_id(desk: Desk) -> None:
    before = desk.everything()
    assert desk.code("task.update", "<task><title>T</title></task>") == "0009"
    assert desk.code("task.update", "<task><id/><title>T</title></task>") == "0009"
    assert desk.update("<title>T</title>", task=77) == "3001"
    assert desk.everything() == before


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("  Ёлка\u0438\u0306 \t\n ", "  Ёлка\u0438\u0306 \t\n "),
        ("a &amp;amp; &lt;b&gt; &quot;'&#13;&#x1F600;", "a &amp; <b> \"'\r\U0001f600"),
        ("a<!-- x -->b<![CDATA[<c>]]>d<?p i?>e", "ab<c>de"),
        ("\u202e\u05d0]]&gt;", "\u202e\u05d0]]>"),
        ("x" * 5_000, "x" * 5_000),
    ],
)
def test_text_is_kept_character_for_character(desk: Desk, markup: str, text: str) -> None:
    assert desk.update(f"<title>{markup}</title><description>{markup}</description>") == "ok"
    assert (desk.read("title"), desk.read("description")) == (text, text)


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "utf-8-sig"])
def test_declared_encodings(desk: Desk, encoding: str) -> None:
    declaration = "" if encoding == "utf-8-sig" else f'<?xml version="1.0" encoding="{encoding}"?>'
    body = declaration + request("task.update", "<task><id>9001</id><title>Ёж</title></task>").decode()
    assert code_of(desk.send(body.encode(encoding))) == "ok"
    assert desk.read("title") == "Ёж"


@pytest.mark.parametrize(
    ("deltas", "users", "groups"),
    [
        ("<addUsers><id>504</id><id>503</id></addUsers>", {"502", "503", "504"}, {"62"}),
        ("<addGroups><id>61</id></addGroups>", {"502", "503"}, {"61", "62"}),
        ("<delUsers><id>502</id></delUsers>", {"503"}, {"62"}),
        ("<delGroups><id>62</id></delGroups>", {"502", "503"}, set()),
        ("<delUsers><id>502</id></delUsers><addUsers><id>504</id></addUsers>", {"503", "504"}, {"62"}),
        ("<addUsers><id>504</id></addUsers><delUsers><id>504</id></delUsers>", {"502", "503"}, {"62"}),
    ],
)
def test_worker_deltas(desk: Desk, deltas: str, users: set[str], groups: set[str]) -> None:
    assert desk.update(f"<workers>{deltas}</workers>") == "ok"
    assert (set(desk.ids(USERS)), set(desk.ids(GROUPS))) == (users, groups)


PERIODICITIES: Final = (
    "<daily><type>EVERY</type><shift>3</shift></daily>",
    "<daily><type>EVERY_WORKING</type></daily>",
    "<daily><type>AFTER_COMPLETE</type><shift>1</shift></daily>",
    "<weekly><type>EVERY</type><shift>2</shift><days>7,1,3</days></weekly>",
    "<weekly><type>EVERY</type><days>5</days></weekly>",
    "<weekly><type>AFTER_COMPLETE</type><shift>4</shift></weekly>",
    "<monthly><type>EVERY</type><month>2</month><day>31</day></monthly>",
    "<monthly><type>EXACT</type><month>1</month><day>2</day><dayType>MONDAY</dayType></monthly>",
    "<monthly><type>AFTER_COMPLETE</type><month>6</month></monthly>",
)
ENDLESS: Final = "<endCondition><type>ENDLESS</type></endCondition>"
BY_COUNT: Final = "<endCondition><type>BYCOUNT</type><repeatCount>5</repeatCount></endCondition>"
BY_DATE: Final = "<endCondition><type>BYENDDATE</type><date>31-12-2024</date></endCondition>"
DAYS_BEFORE: Final = "<notify><type>0</type><day>2</day></notify>"
CONDITIONS: Final = (
    "",
    f"<startDate>01-03-2024</startDate>{ENDLESS}",
    f"<startDate>29-02-2024 09:00</startDate>{BY_COUNT}{DAYS_BEFORE}",
    f"{BY_DATE}<notify><type>1</type><day>0</day></notify>",
)


def test_periodicity_is_kept_as_it_was_set(desk: Desk) -> None:
    for rule in PERIODICITIES:
        for condition in CONDITIONS:
            sent = f"<periodicity>{rule}{condition}</periodicity>"
            assert desk.update(sent) == "ok"
            assert desk.update("<title>Другое</title>") == "ok"
            shown = desk.task().find("periodicity")
            assert shown is not None
            assert etree.tostring(shown, encoding="unicode") == sent


def test_members_that_a_type_does_not_use_are_overlooked(desk: Desk) -> None:
    assert (
        desk.update(
            "<periodicity><daily><type>EVERY_WORKING</type><shift>x</shift></daily>"
            "<endCondition><type>ENDLESS</type><date>never</date></endCondition><notify/></periodicity>"
        )
        == "ok"
    )
    assert desk.task().find("periodicity/daily/shift") is None


@pytest.mark.parametrize("content", ['unset="1"/>', 'unset="0"><daily/><weekly/></periodicity>'])
def test_unset_removes_whatever_its_value_and_content(desk: Desk, content: str) -> None:
    assert desk.update(f"<periodicity {content}", task=9003) == "ok"
    assert desk.task(9003).find("periodicity") is None


def test_new_task_has_what_was_sent_and_defaults(desk: Desk) -> None:
    answer = desk.ask(
        "task.add",
        "<task><title>Новая</title><importance>HIGH</importance><status>DELAYED</status><parent><id>9001</id></parent>"
        "<workers><users><id>502</id></users><groups><id>61</id></groups></workers>"
        "<periodicity><daily><type>EVERY_WORKING</type></daily></periodicity></task>",
    )
    assert (answer.findtext("task/id"), answer.findtext("task/general")) == ("9004", "9004")
    expected = {
        "title": "Новая",
        "description": "",
        "importance": "HIGH",
        "status": "4",
        "owner/id": "501",
        "parent/id": "9001",
        "beginDateTime": "01-03-2024 12:00",
        "periodicity/daily/type": "EVERY_WORKING",
    }
    assert {path: desk.read(path, 9004) for path in expected} == expected
    assert (desk.ids(USERS, 9004), desk.ids(GROUPS, 9004)) == (["502"], ["61"])


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("<status>DONE</status>", "0016"),
        ("<parent><id>77</id></parent>", "3002"),
        ("<status>x</status>", "0015"),
    ],
)
def test_refused_addition_adds_nothing(desk: Desk, member: str, code: str) -> None:
    before = desk.everything()
    assert desk.code("task.add", f"<task><title>Новая</title>{member}</task>") == code
    assert desk.everything() == before


def tour(desk: Desk) -> Iterator[str]:
    """Walks through everything a fault can touch; yields each answer and, after it, every task."""

    def step(body: bytes, authorization: str | None = None) -> Iterator[str]:
        desk.now += timedelta(minutes=1)
        yield desk.send(body, authorization).decode()
        yield desk.everything().decode()

    def update(members: str, task: object = 9001) -> Iterator[str]:
        return step(request("task.update", f"<task><id>{task}</id>{members}</task>"))

    yield from step(request("task.add", f"<task><title>Четвёртая</title>{WORKERS_TO_ADD}</task>"))
    for members in HARMLESS:
        yield from update(members)
    yield from update("<parent><id>0</id></parent>", 9002)
    yield from update("<parent><id>9004</id></parent>", 9002)
    yield from update("<status>DONE</status>", 9002)
    yield from update("<title>Обход</title><startTime>20-02-2024</startTime>", 9003)
    for rule in PERIODICITIES:
        yield from update(f"<periodicity>{rule}{CONDITIONS[2]}</periodicity>", 9002)
    yield from update('<periodicity unset="1"/>', 9002)
    latin = '<?xml version="1.0" encoding="windows-1251"?>'
    body = request("task.update", "<task><id>9001</id><title>Тысяча</title></task>").decode()
    yield from step((latin + body).encode("windows-1251"))
    yield from update("<parent><id>9001</id></parent>", 9002)
    yield from update("<title>Дважды</title>", 9002)
    yield from update("<title>Над ней</title>", 9001)
    for source in DOCUMENTS:
        yield from step(source)
    for members in HARMFUL:
        yield from update(f"<title>Нет</title>{members}")
    yield from update("<title>Нет</title>", 77)
    yield from update("<title>Нет</title>", "")
    yield from step(request("task.fly"))
    one = "<task><id>9001</id></task>"
    yield from step(request("task.get", one, account="elsewhere"))
    yield from step(request("task.get", one), basic(user="wrong"))
    yield from step(request("task.get", f"<sid>{'0' * 32}</sid>{one}"), basic(password=""))
    yield from step(request("task.get", one), basic(password=""))
    yield from step(request("task.get", f"{one}<signature>{'0' * 32}</signature>"))
    yield from update("")
    foreign = "<task><id>9001</id><title>Чужое</title></task>"
    yield from step(request("task.update", f"{foreign}<signature>{'0' * 32}</signature>"))


WORKERS_TO_ADD: Final = (
    "<workers><users><id>502</id><id>503</id></users><groups><id>61</id></groups></workers>"
)
HARMLESS: Final = (
    "<title>" + "Съешь ещё " * 12 + "</title>",
    "<title>  A &amp; B  &lt;i&gt;\U0001f600 \u0438\u0306\nеж </title>",
    "<title>a<![CDATA[b]]></title>",
    "<title>a<!-- -->b</title>",
    "<description>Строка\nи ещё &lt;br&gt;</description>",
    "<importance>AVERAGE</importance>",
    "<importance>HIGH</importance>",
    "<status>COMPLETED</status>",
    "<status>2</status>",
    "<checkResult>1</checkResult>",
    "<checkResult>0</checkResult>",
    "<owner><id>504</id></owner>",
    "<startTime>05-03-2024</startTime><endTime>06-03-2024 17:45</endTime>",
    "<endTime>07-03-2024</endTime>",
    "<client><id>812</id></client>",
    "<client><id>0</id></client>",
    "<project><id>701</id></project>",
    "<workers><addGroups><id>63</id></addGroups></workers>",
    "<workers><addUsers><id>501</id><id>504</id></addUsers><addGroups><id>61</id></addGroups></workers>",
    "<workers><addUsers><id>501</id></addUsers></workers>",
    "<workers><addUsers><id>501</id></addUsers><delUsers><id>504</id></delUsers></workers>",
    "<workers><delUsers><id>503</id></delUsers></workers>",
    "<workers><delGroups><id>62</id></delGroups></workers>",
)
DOCUMENTS: Final = (
    b"\xef\xbb\xbf" + request("task.update", "<task><id>9001</id><title>BOM</title></task>"),
    request("task.update", "<task><id>9001</id><title>&quot;&#233;&#xe9;&quot;</title></task>"),
    request("task.update", "<task><id>9001</id><title>a<?pi x?>b\r\nc</title></task>"),
    request("task.update", "<task>\n <id>9001</id><title>indented</title></task>"),
    request("task.update", "<task ><id>9001</id><title>blank</title></task>"),
    request("task.update", "<task><description>early</description><title>late</title><id>9001</id></task>"),
    request("task.update", "<task><id>9001</id><title>quotes</title></task>").replace(b'"', b"'"),
    b'<!DOCTYPE request [<!ENTITY e "inside">]>'
    + request("task.update", "<task><id>9001</id><title>&e;</title></task>"),
    b'<!DOCTYPE request [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    + request("task.update", "<task><id>9001</id><title>&e;</title></task>"),
)
_DAILY: Final = "<daily><type>EVERY</type><shift>1</shift></daily>"
_EXACT: Final = "<type>EXACT</type><month>1</month><day>1</day>"
_UNTIL: Final = "<endCondition><type>BYENDDATE</type><date>01-01-2032 10:30</date></endCondition>"
HARMFUL: Final = (
    "<owner><id>77</id></owner>",
    "<owner><id>seven</id></owner>",
    "<checkResult>2</checkResult>",
    "<startTime>2030-01-01</startTime>",
    "<endTime>30-02-2031</endTime>",
    "<workers><addGroups><id>77</id></addGroups></workers>",
    "<workers><delUsers><id>504</id><id>501</id></delUsers></workers>",
    "<workers><addUsers><id>504</id><id>501</id></addUsers></workers>",
    "<periodicity><startDate>01-01-2030</startDate></periodicity>",
    "<periodicity><daily><type>SOMETIMES</type><shift>1</shift></daily></periodicity>",
    "<periodicity><weekly><type>EVERY</type><days>1,8</days></weekly></periodicity>",
    f"<periodicity><monthly>{_EXACT}<dayType>NIGHT</dayType></monthly></periodicity>",
    f"<periodicity><monthly>{_EXACT}<dayType>WORKDAY</dayType></monthly></periodicity>",
    f"<periodicity>{_DAILY}<endCondition><type>SOON</type></endCondition></periodicity>",
    f"<periodicity>{_DAILY}{_UNTIL}</periodicity>",
    f"<periodicity>{_DAILY}<notify><type>7</type><day>1</day></notify></periodicity>",
    "<importance>LOW</importance>",
    "<status>GONE</status>",
    "<parent><id>77</id></parent>",
    "<parent><id>9001</id></parent>",
    "<project><id>77</id></project>",
    "<client><id>77</id></client>",
    "<workers><addUsers><id>77</id></addUsers></workers>",
    "<startTime>01-01-2030</startTime>",
    f"<periodicity>{WORKDAYS}<weekly><type>EVERY</type><days>1</days></weekly></periodicity>",
    "<startTime>01-03-2031 10:00</startTime><endTime>01-03-2031 10:00</endTime>",
    f"<description>{'я' * 4001}</description>",
    "<startTime>29-02-2028</startTime><endTime>01-03-2032</endTime>",
    "<workers><addGroups><id>61</id><id>62</id><id>63</id></addGroups></workers>",
    f"<periodicity>{_DAILY}{_UNTIL}</periodicity>",
    f"<periodicity>{_DAILY}</periodicity>",
)


@pytest.fixture(scope="module")
def honest() -> list[str]:
    return list(tour(Desk()))


FROM_REPORTS: Final = {name for name, fault in CATALOGUE.items() if fault.reported}
"""Faults that take a situation of their own; `test_faults_from_reports_planfix` has one for each."""


def test_honest_portal_answers_the_same_again(honest: list[str]) -> None:
    assert list(tour(Desk())) == honest


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"update-lost-to-another"} - FROM_REPORTS))
def test_every_fault_shows(name: str, honest: list[str]) -> None:
    faulty = list(tour(Desk(faults=[name])))
    assert len(faulty) == len(honest)
    assert faulty != honest


@pytest.mark.parametrize("family", list(FaultFamily))
def test_faults_of_a_family_work_together(family: FaultFamily, honest: list[str]) -> None:
    names = [name for name, fault in FAULTS.items() if fault.family is family]
    assert len(names) >= 10
    together = list(tour(Desk(faults=names)))
    assert together != honest
    assert list(tour(Desk(faults=names))) == together


def test_all_faults_together_still_answer() -> None:
    assert all(answer for answer in tour(Desk(faults=list(FAULTS))))


def test_catalogue_tells_what_each_fault_stands_for() -> None:
    assert len({fault.stands_for for fault in FAULTS.values()}) == len(FAULTS)
    assert all(name == fault.name and fault.stands_for.endswith(".") for name, fault in FAULTS.items())


REFUSING: Final = {
    "short-sessions",
    "daily-limit",
    "busy-at-times",
    "empty-refused",
    "empty-clears",
    "some-transitions",
    "length-limits",
    "owner-fixed",
    "delays-want-a-date",
    "strangers-refused",
    "strict",
    "utf-8-only",
}
"""Variations that refuse what others take, or read it otherwise; each has a test of its own."""
TOGETHER: Final = {"busy-when-together", "update-lost-to-another"}
"""What only requests at the same time show."""


@pytest.mark.parametrize("name", sorted(set(VARIATIONS) - REFUSING - TOGETHER))
def test_variations_show_but_store_the_same(name: str, honest: list[str]) -> None:
    plain, varied = Desk(), Desk(variations=[name])
    answers = [*tour(varied)]
    assert [*tour(plain)] == honest
    assert varied.portal.store.tasks == plain.portal.store.tasks
    statuses = varied.portal.answer(basic(), request("task.fly")).status
    assert answers != honest or statuses == 400


def test_short_session_expires_and_can_be_renewed() -> None:
    desk = Desk(variations=["short-sessions"])
    task = "<task><id>9001</id></task>"
    for _ in range(2):
        sid = desk.log_in().findtext("sid")
        call = request("task.get", f"<sid>{sid}</sid>{task}")
        codes = [code_of(desk.send(call, basic(password=""))) for _ in range(22)]
        assert codes == ["ok"] * 20 + ["0005"] * 2


def test_limit_is_exceeded_for_good() -> None:
    desk = Desk(variations=["daily-limit"])
    codes = [desk.code("task.get", "<task><id>9001</id></task>") for _ in range(60)]
    assert codes == ["ok"] * 50 + ["0007"] * 10


def test_busy_task_can_be_changed_on_retry() -> None:
    desk = Desk(variations=["busy-at-times"])
    codes = [desk.update(f"<title>{number}</title>") for number in range(6)]
    assert codes == ["ok", "ok", "ok", "ok", "3014", "ok"]
    assert desk.read("title") == "5"


def test_unknown_names_are_told_with_the_closest_first() -> None:
    with pytest.raises(UnknownFaultError, match="Did you mean unset-ignored"):
        create(faults=["unset-ignore"])
    with pytest.raises(UnknownFaultError, match="Did you mean http-400"):
        create(variations=["http-40"])
    with pytest.raises(UnknownDialectError, match="documented"):
        create("modern")


def test_portal_over_http() -> None:
    portal = create(faults=["error-as-html-page"])
    assert (portal.kind, portal.path, portal.faults) == ("planfix", "/xml/", ("error-as-html-page",))
    login = (portal.credentials["api-key"], "")

    async def converse() -> None:
        transport = httpx.ASGITransport(portal.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
            inner = "<login>{user}</login><password>{password}</password>".format_map(portal.credentials)
            opened = await client.post("/xml", content=request("auth.login", inner), auth=login)
            assert opened.headers["content-type"] == "application/xml; charset=utf-8"
            sid = etree.fromstring(opened.content).findtext("sid")
            call = request("task.get", f"<sid>{sid}</sid><task><id>{portal.known['tasks'][0]}</id></task>")
            for method in ("POST", "GET"):
                shown = await client.request(method, "/xml/", content=call, auth=login)
                assert (shown.status_code, shown.content.count(b"<task>")) == (200, 1)
            refused = await client.post("/xml/", content=b"<")
            assert (refused.status_code, refused.headers["content-type"]) == (200, "text/html; charset=utf-8")

    asyncio.run(converse())


def test_portals_share_no_memory() -> None:
    first, second = Desk(), Desk()
    first.update("<title>Только здесь</title>")
    assert second.read("title") == "Сверить остатки"


@pytest.mark.parametrize(
    ("variation", "members", "code"),
    [
        ("empty-refused", "<owner/>", "0015"),
        ("some-transitions", "<status>REJECTED</status>", "4006"),
        ("length-limits", f"<title>{'я' * 201}</title>", "0015"),
        ("owner-fixed", "<owner><id>502</id></owner>", "0016"),
        ("delays-want-a-date", "<status>DELAYED</status>", "0017"),
        ("strangers-refused", "<workers><delUsers><id>504</id></delUsers></workers>", "6004"),
        ("strict", "<colour>red</colour>", "0015"),
    ],
)
def test_what_some_portals_refuse_others_take(variation: str, members: str, code: str) -> None:
    strict = Desk(variations=[variation])
    before = strict.everything()
    assert strict.update(members) == code
    assert strict.everything() == before
    assert strict.update("<title>Другое</title>") == "ok"
    assert Desk().update(members) == "ok"


def test_an_empty_client_may_be_none() -> None:
    clearing = Desk(variations=["empty-clears"])
    for desk, client in ((clearing, "0"), (Desk(), "811")):
        assert desk.update("<client/>") == "ok"
        assert desk.read("client/id") == client


def test_another_encoding_may_be_refused() -> None:
    source = b'<?xml version="1.0" encoding="windows-1251"?>' + request("user.getList")
    assert code_of(Desk(variations=["utf-8-only"]).send(source)) == "0003"
    assert code_of(Desk().send(source)) == "ok"


@pytest.mark.parametrize(
    ("desk", "codes", "texts"),
    [
        (Desk(), ["ok", "ok"], ("One", "Two")),
        (Desk(faults=["update-lost-to-another"]), ["ok", "ok"], (None, "Two")),
        (Desk(variations=["busy-when-together"]), ["ok", "3014"], ("One", None)),
    ],
    ids=["sound", "lost", "busy"],
)
def test_two_updates_that_arrive_at_once(
    desk: Desk, codes: list[str], texts: tuple[str | None, str | None]
) -> None:
    was = desk.read("title"), desk.read("description")
    seen = dict(desk.portal.store.tasks)
    bodies = ("<title>One</title>", "<description>Two</description>")
    sent = [request("task.update", f"<task><id>9001</id>{members}</task>") for members in bodies]
    assert [code_of(desk.portal.answer(basic(), body, seen).body) for body in sent] == codes
    now = desk.read("title"), desk.read("description")
    assert now == tuple(text or old for text, old in zip(texts, was, strict=True))
