"""Each fault modelled on a public report: what the portal with it answers, and what the honest one does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import etree

from etalon.vendors.planfix.mock import create
from etalon.vendors.planfix.mock.faults import CATALOGUE
from etalon.vendors.planfix.mock.seed import ACCESS
from etalon.vendors.planfix.mock.signature import signatures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element


@dataclass(frozen=True)
class Call:
    """A request; `{sid0}` in its body is the first session that was opened, `{SID0}` the same in capitals."""

    body: str
    key: str = ACCESS.api_key
    password: str = ACCESS.token


@dataclass(frozen=True)
class Case:
    """Requests, and what the last answer has at `path`: with the fault, and without it."""

    fault: str
    calls: Sequence[Call]
    path: str
    faulty: str
    honest: str


def request(function: str, inner: str) -> str:
    return f'<request method="{function}"><account>{ACCESS.account}</account>{inner}</request>'


def update(members: str, task: int = 9001, **by: str) -> Call:
    return Call(request("task.update", f"<task><id>{task}</id>{members}</task>"), **by)


def read(task: int = 9001) -> Call:
    return Call(request("task.get", f"<task><id>{task}</id></task>"))


def title(text: str) -> Call:
    return update(f"<title>{text}</title>")


def kept(fault: str, stored: str, path: str, faulty: str, honest: str) -> Case:
    """A value that outlives its own update, and not the next one, which is of another member."""
    return Case(
        fault, (update(stored), update("<importance>AVERAGE</importance>"), read()), path, faulty, honest
    )


def written(fault: str, markup: str, faulty: str, honest: str) -> Case:
    """A title that is read otherwise than it is written."""
    return Case(fault, (title(markup), read()), "task/title", faulty, honest)


def signed(call: Call, *, afterwards: str = "") -> Call:
    """Signs a call; what is added afterwards, as the last member of the task, is not signed."""
    signature = min(signatures(etree.fromstring(call.body), ACCESS.private_key))
    body = call.body.replace("</task>", f"{afterwards}</task>")
    return Call(body.replace("</request>", f"<signature>{signature}</signature></request>"))


def by_session(call: Call, sid: str) -> Call:
    return Call(call.body.replace("</account>", f"</account><sid>{sid}</sid>"), password="")


LOG_IN: Final = Call(
    request("auth.login", f"<login>{ACCESS.login}</login><password>{ACCESS.password}</password>"),
    password="",
)
LIST: Final = Call(request("task.getList", ""))
USERS, RULE = "task/workers/users/user/id", "task/periodicity"
SIX_TIMES: Final = "<endCondition><type>BYCOUNT</type><repeatCount>6</repeatCount></endCondition>"
DAILY: Final = "<daily><type>EVERY</type><shift>2</shift></daily>"
LONG: Final = "Сто раз подумай. " * 10
UNKNOWN_USER: Final = "<workers><addUsers><id>504</id><id>77</id></addUsers></workers>"
SAME_DAY: Final = "<startTime>05-03-2024</startTime><endTime>05-03-2024</endTime>"
SAME_MINUTE: Final = "<startTime>05-03-2024 10:00</startTime><endTime>05-03-2024 10:00</endTime>"
FOR_ALL: Final = "<workers><addUsers><id>504</id><id>504</id><id>501</id></addUsers></workers>"


def first_digits_of_signature(call: Call, digits: int) -> Call:
    whole = signed(call).body
    start = whole.index("<signature>") + len("<signature>")
    return Call(whole[: start + digits] + whole[whole.index("</signature>") :])


CASES: Final = (
    kept(
        "repeat-count-lost-later",
        f"<periodicity>{DAILY}{SIX_TIMES}</periodicity>",
        f"{RULE}/endCondition/type",
        "ENDLESS",
        "BYCOUNT",
    ),
    kept("quotes-escaped-later", '<title>A "B"</title>', "task/title", "A &quot;B&quot;", 'A "B"'),
    kept("line-added-later", "<description>a\nb</description>", "task/description", "a\nb\n", "a\nb"),
    kept("emoji-lost-later", "<title>\U0001f600!</title>", "task/title", "?!", "\U0001f600!"),
    kept(
        "weekdays-cut-later",
        "<periodicity><weekly><type>EVERY</type><days>2,5</days></weekly></periodicity>",
        f"{RULE}/weekly/days",
        "2",
        "2,5",
    ),
    kept(
        "month-end-drifts-later",
        "<periodicity><monthly><type>EVERY</type><month>1</month><day>31</day></monthly></periodicity>",
        f"{RULE}/monthly/day",
        "28",
        "31",
    ),
    Case(
        "list-read-cuts-description",
        (update(f"<description>{LONG}</description>"), LIST, read()),
        "task/description",
        LONG[:100],
        LONG,
    ),
    Case(
        "update-after-refusal-lost",
        (update("<owner><id>77</id></owner>", 9002), title("Потом"), read()),
        "task/title",
        "Сверить остатки",
        "Потом",
    ),
    Case(
        "refused-texts-come-later",
        (
            update("<title>Нет</title><owner><id>77</id></owner>"),
            update("<checkResult>1</checkResult>"),
            read(),
        ),
        "task/title",
        "Нет",
        "Сверить остатки",
    ),
    Case("refused-list-keeps-first-users", (update(UNKNOWN_USER), read()), USERS, "502 503 504", "502 503"),
    Case(
        "refused-periodicity-drops-former",
        (update("<periodicity><daily><type>NEVER</type></daily></periodicity>", 9003), read(9003)),
        f"{RULE}/weekly/days",
        "",
        "1,4",
    ),
    written("text-of-zero-emptied", "0", "", "0"),
    written("text-read-as-number", "007", "7", "007"),
    written("text-null-emptied", "null", "", "null"),
    written("variation-selectors-lost", "\u2764\ufe0f", "\u2764", "\u2764\ufe0f"),
    written("leading-mark-lost", "\u0301", "", "\u0301"),
    Case(
        "last-worker-stays",
        (update("<workers><delUsers><id>504</id></delUsers></workers>", 9002), read(9002)),
        USERS,
        "504",
        "",
    ),
    Case("repeated-id-ends-list", (update(FOR_ALL), read()), USERS, "502 503 504", "502 503 504 501"),
    Case("large-id-wraps-around", (update("", 9001 + 2**32),), "task/id", "9001", "error 0015"),
    written("later-sections-lost", "<![CDATA[a]]]]><![CDATA[>b]]>", "a]]", "a]]>b"),
    written("bracket-at-section-end-lost", "<![CDATA[[a]]]>", "[a", "[a]"),
    written("section-overwritten-by-text-after", "<![CDATA[a]]> b", " b", "a b"),
    written("astral-references-cut", "&#x1F600;", "\uf600", "\U0001f600"),
    written("blank-between-entities-lost", "&lt; &gt;", "<>", "< >"),
    Case(
        "commented-member-read",
        (update("<!-- <title>Нет</title> --><checkResult>1</checkResult>"), read()),
        "task/title",
        "Нет",
        "Сверить остатки",
    ),
    Case(
        "member-after-empty-one-lost",
        (update('<periodicity unset="1"/><title>Следом</title>'), read()),
        "task/title",
        "Сверить остатки",
        "Следом",
    ),
    Case(
        "members-after-unknown-lost",
        (update("<importance>AVERAGE</importance><colour/><title>Потом</title>"), read()),
        "task/title",
        "Сверить остатки",
        "Потом",
    ),
    Case(
        "cyrillic-element-voids-update",
        (update("<title>До</title><цвет>красный</цвет>"), read()),
        "task/title",
        "Сверить остатки",
        "До",
    ),
    Case(
        "created-taken-from-update",
        (update("<beginDateTime>01-01-2020 10:00</beginDateTime>"), read()),
        "task/beginDateTime",
        "01-01-2020 10:00",
        "12-02-2024 09:30",
    ),
    Case(
        "finished-repetition-starts-anew",
        (
            update("<endTime>28-02-2024 10:00</endTime>", 9003),
            update("<status>DONE</status>", 9003),
            read(9003),
        ),
        "task/endTime",
        "06-03-2024 10:00",
        "28-02-2024 10:00",
    ),
    Case(
        "closed-task-keeps-description",
        (update("<status>DONE</status>"), update("<description>Итог</description>"), read()),
        "task/description",
        "Пересчитать стеллажи А–Д.\nРасхождения — в таблицу.",
        "Итог",
    ),
    Case(
        "update-reopens-children",
        (update("<status>DONE</status>", 9002), title("Выше"), read(9002)),
        "task/status",
        "1",
        "6",
    ),
    Case(
        "moved-child-takes-parent-along",
        (update("<project><id>702</id></project>", 9002), read()),
        "task/project/id",
        "702",
        "700",
    ),
    Case("start-dropped-on-day-of-end", (update(SAME_DAY), read()), "task/startTime", "", "05-03-2024"),
    Case("unchanged-update-not-found", (title("Сверить остатки"),), "task/id", "error 3001", "9001"),
    Case(
        "year-of-week-shown",
        (update("<endTime>30-12-2024 10:00</endTime>"), read()),
        "task/endTime",
        "30-12-2025 10:00",
        "30-12-2024 10:00",
    ),
    Case(
        "skipped-hour-moves-on",
        (update("<endTime>29-03-2026 02:30</endTime>"), read()),
        "task/endTime",
        "29-03-2026 03:30",
        "29-03-2026 02:30",
    ),
    Case(
        "no-duration-becomes-an-hour",
        (update(SAME_MINUTE), read()),
        "task/endTime",
        "05-03-2024 11:00",
        "05-03-2024 10:00",
    ),
    Case(
        "midnight-read-as-no-time",
        (update("<startTime>16-02-2024 00:00</startTime>"), read()),
        "task/startTime",
        "16-02-2024",
        "16-02-2024 00:00",
    ),
    Case(
        "api-key-case-ignored",
        (Call(read().body, key=ACCESS.api_key.upper()),),
        "task/id",
        "9001",
        "error 0001",
    ),
    Case(
        "session-case-ignored",
        (LOG_IN, by_session(read(), "{SID0}")),
        "task/id",
        "9001",
        "error 0005",
    ),
    Case(
        "signature-compared-as-far-as-given",
        (first_digits_of_signature(read(), 1),),
        "task/id",
        "9001",
        "error 0006",
    ),
    Case(
        "signature-overlooks-zeros",
        (signed(title("Подписано"), afterwards="<checkResult>0</checkResult>"),),
        "task/id",
        "9001",
        "error 0006",
    ),
    Case(
        "signature-overlooks-zeros",
        (signed(update("<checkResult>0</checkResult>")),),
        "task/id",
        "error 0006",
        "9001",
    ),
    Case(
        "older-session-stores-nothing",
        (LOG_IN, LOG_IN, by_session(title("Первый"), "{sid0}"), read()),
        "task/title",
        "Сверить остатки",
        "Первый",
    ),
)


async def converse(calls: Sequence[Call], faults: Sequence[str]) -> Element:
    """Sends requests to a fresh portal, and gives back its last answer."""
    root, sids = etree.Element("response"), list[str]()
    transport = httpx.ASGITransport(create(faults=faults).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
        for call in calls:
            body = call.body
            for place, sid in enumerate(sids):
                body = body.replace(f"{{sid{place}}}", sid).replace(f"{{SID{place}}}", sid.upper())
            answer = await client.post("/xml/", content=body.encode(), auth=(call.key, call.password))
            root = etree.fromstring(answer.content)
            sids += [node.text or "" for node in root.findall("sid")]
    return root


def last_answer(calls: Sequence[Call], path: str, faults: Sequence[str] = ()) -> str:
    """What the last of the calls is answered at a path, several values side by side; or its error."""
    root = asyncio.run(converse(calls, faults))
    if root.get("status") == "error":
        return f"error {root.findtext('code')}"
    return " ".join(node.text or "" for node in root.findall(path))


@pytest.mark.parametrize("case", CASES, ids=[case.fault for case in CASES])
def test_fault_answers_what_the_honest_portal_does_not(case: Case) -> None:
    assert last_answer(case.calls, case.path) == case.honest
    assert last_answer(case.calls, case.path, [case.fault]) == case.faulty


LATER: Final = tuple(case for case in CASES if case.fault.endswith("-later") and len(case.calls) == 3)


@pytest.mark.parametrize("case", LATER, ids=[case.fault for case in LATER])
def test_what_suffers_later_is_stored_rightly_at_first(case: Case) -> None:
    stored, _, shown = case.calls
    at_first = last_answer((stored, shown), case.path, [case.fault])
    assert at_first == last_answer((stored, shown), case.path)


def test_each_fault_from_a_report_names_it_and_has_a_case() -> None:
    reported = {name: fault.reported for name, fault in CATALOGUE.items() if fault.reported}
    assert {case.fault for case in CASES} == set(reported)
    assert all(urlsplit(address).scheme == "https" for address in reported.values())
    assert len(set(reported.values())) == len(reported)
