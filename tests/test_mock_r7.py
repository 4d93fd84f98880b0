"""The mocked R7 portal: both dialects when honest, and every fault by what it changes."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from lxml import etree

from etalon.vendors.r7 import mock as r7
from etalon.vendors.r7.mock import conversion, dates, seed

if TYPE_CHECKING:
    from collections.abc import Sequence

TASK = "/api/2.0/crm/task"
ADMIN, MANAGER, ASSISTANT = (person.guid for person in seed.PEOPLE)
PLAIN = {"title": "т", "deadline": "2031-01-02T03:04:05Z", "responsibleId": MANAGER, "categoryId": 1032}
DOCUMENTED, COMMUNITYSERVER = "documented", "communityserver"


def ticking() -> dates.Clock:
    """A clock that is a second and a bit later each time, from 2026-01-02 on."""
    start = dates.parse("2026-01-02T03:04:05Z", conversion.DOCUMENTED_DATES)
    counter = itertools.count()
    return lambda: start + next(counter) * (dates.TICKS_PER_SECOND + 1_234_567)


class Visitor:
    """Calls one portal in this process, logged in unless told otherwise."""

    def __init__(self, dialect: str = DOCUMENTED, faults: Sequence[str] = ()) -> None:
        self.portal = r7.create(dialect, faults, clock=ticking())
        self.token: str | None = self.portal.credentials["token"]

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        **body: Any,  # noqa: ANN401 - httpx's own keywords
    ) -> httpx.Response:
        login = {"Authorization": self.token} if self.token else {}

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.portal.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
                return await client.request(method, path, headers={**login, **(headers or {})}, **body)

        return asyncio.run(call())

    def create(self, **members: object) -> dict[str, Any]:
        answer = self.send("POST", TASK, json={**PLAIN, **members})
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()["response"]
        return created

    def update(self, task_id: int, **members: object) -> dict[str, Any]:
        answer = self.send("PUT", f"{TASK}/{task_id}", json=members)
        assert answer.status_code == 200, answer.text
        updated: dict[str, Any] = answer.json()["response"]
        return updated

    def read(self, task_id: int) -> dict[str, Any]:
        read: dict[str, Any] = self.send("GET", f"{TASK}/{task_id}").json()["response"]
        return read

    def everything(self) -> Any:  # noqa: ANN401 - JSON
        return self.send("GET", f"{TASK}/filter").json()


@pytest.fixture(params=r7.DIALECTS)
def anywhere(request: pytest.FixtureRequest) -> Visitor:
    return Visitor(request.param)


@pytest.fixture
def documented() -> Visitor:
    return Visitor(DOCUMENTED)


@pytest.fixture
def communityserver() -> Visitor:
    return Visitor(COMMUNITYSERVER)


def test_shares_no_code_with_what_judges_it() -> None:
    imported = {
        name
        for path in Path(r7.__file__).parent.rglob("*.py")
        for name in re.findall(r"^ *(?:from|import) (etalon\.[\w.]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert imported
    assert all(name.startswith(("etalon.vendors.r7.mock", "etalon.portals.mocking")) for name in imported)


class TestBothDialects:
    def test_offers_what_a_target_needs(self, anywhere: Visitor) -> None:
        portal = anywhere.portal
        assert (portal.kind, portal.path) == ("r7", "")
        assert set(portal.credentials) == {"token", "user", "password"}
        assert {name: len(ids) for name, ids in portal.known.items()} == {
            "responsibles": 3,
            "categories": 5,
            "contacts": 3,
            "opportunities": 2,
            "cases": 2,
        }

    def test_envelope_has_its_members_in_order(self, anywhere: Visitor) -> None:
        answer = anywhere.send("POST", TASK, json=PLAIN)
        assert answer.status_code == 201
        assert answer.headers["content-type"] == "application/json; charset=UTF-8"
        assert list(answer.json()) == ["count", "status", "statusCode", "response"]
        assert (answer.json()["status"], answer.json()["statusCode"]) == (0, 201)

    def test_task_has_the_pages_member_names(self, anywhere: Visitor) -> None:
        members = ["createBy", "created", "title", "deadLine", "responsible", "category", "canEdit", "id"]
        assert list(anywhere.create()) == members

    def test_update_keeps_id_author_and_created(self, anywhere: Visitor) -> None:
        before = anywhere.read(1194)
        after = anywhere.update(1194, **PLAIN)
        assert [after[name] for name in ("id", "createBy", "created", "isClosed")] == [
            before[name] for name in ("id", "createBy", "created", "isClosed")
        ]

    def test_names_are_taken_in_any_case(self, anywhere: Visitor) -> None:
        sent = {name.upper(): value for name, value in PLAIN.items()}
        assert anywhere.send("POST", TASK, json=sent).status_code == 201
        assert (
            anywhere.update(1187, **{name.lower(): v for name, v in PLAIN.items()})["category"]["id"] == 1032
        )

    def test_text_is_kept_to_the_character(self, anywhere: Visitor) -> None:
        text = "  «Ёлка» & <b>&lt;</b> \"'\t]]>\r\n й \U0001f600 \u202eabc  " + "я" * 5000
        task = anywhere.create(title=text, description=text)
        assert (task["title"], task["description"]) == (text, text)
        assert anywhere.read(task["id"])["description"] == text
        result = etree.fromstring(anywhere.send("GET", f"{TASK}/{task['id']}.xml").content)
        assert result.findtext("response/title") == text

    def test_xml_mirrors_json(self, anywhere: Visitor) -> None:
        answer = anywhere.send("GET", f"{TASK}/1187.xml")
        assert answer.headers["content-type"] == "text/xml; charset=UTF-8"
        root = etree.fromstring(answer.content)
        assert (root.tag, [child.tag for child in root]) == (
            "result",
            ["count", "status", "statusCode", "response"],
        )
        assert {child.tag: child.text for child in root[3] if not len(child)} == {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in anywhere.read(1187).items()
            if not isinstance(value, dict)
        }

    def test_what_xml_cannot_carry_fails_in_xml_alone(self, anywhere: Visitor) -> None:
        task = anywhere.create(title="\x01")
        assert anywhere.read(task["id"])["title"] == "\x01"
        answer = anywhere.send("GET", f"{TASK}/{task['id']}.xml")
        assert answer.status_code == 500
        assert etree.fromstring(answer.content).findtext("statusCode") == "500"

    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", TASK), ("PUT", f"{TASK}/1187"), ("GET", f"{TASK}/1187"), ("DELETE", f"{TASK}/1187")],
    )
    @pytest.mark.parametrize("token", [None, "nonsense", seed.ADMINISTRATOR.token[:-1]])
    def test_without_a_valid_token_even_a_bad_request_is_401(
        self, anywhere: Visitor, method: str, path: str, token: str | None
    ) -> None:
        before = anywhere.everything()
        good, anywhere.token = anywhere.token, token
        answer = anywhere.send(method, path, content=b"{")
        assert (answer.status_code, answer.text) == (401, "Unauthorized")
        assert ("www-authenticate" in answer.headers) == (token is not None)
        anywhere.token = good
        assert anywhere.everything() == before

    @pytest.mark.parametrize(
        "headers",
        [
            {"Authorization": f"Bearer {seed.ADMINISTRATOR.token}"},
            {"Cookie": f"asc_auth_key={seed.ADMINISTRATOR.token}"},
        ],
    )
    def test_other_ways_to_log_in(self, anywhere: Visitor, headers: dict[str, str]) -> None:
        anywhere.token = None
        answer = anywhere.send("GET", "/api/2.0/people/@self", headers=headers)
        assert answer.json()["response"]["id"] == ADMIN

    def test_logging_in_gives_the_token(self, anywhere: Visitor) -> None:
        login = {"userName": anywhere.portal.credentials["user"]}
        login["password"] = anywhere.portal.credentials["password"]
        anywhere.token = None
        answer = anywhere.send("POST", "/api/2.0/authentication", json=login)
        assert answer.status_code == 201
        assert answer.json()["response"]["token"] == anywhere.portal.credentials["token"]
        assert "asc_auth_key=" in answer.headers["set-cookie"]

    def test_only_those_concerned_may_edit(self, anywhere: Visitor) -> None:
        anywhere.token = seed.MANAGER.token
        assert "canEdit" not in anywhere.read(1187)
        answer = anywhere.send("PUT", f"{TASK}/1187", json=PLAIN)
        assert (answer.status_code, answer.json()["error"]["hresult"]) == (403, -2146233078)
        assert anywhere.update(1190, **PLAIN)["canEdit"] is True

    @pytest.mark.parametrize(
        ("path", "known"),
        [
            ("people", "responsibles"),
            ("crm/task/category", "categories"),
            ("crm/contact/filter", "contacts"),
            ("crm/opportunity/filter", "opportunities"),
            ("crm/case/filter", "cases"),
        ],
    )
    def test_known_ids_can_be_discovered(self, anywhere: Visitor, path: str, known: str) -> None:
        answer = anywhere.send("GET", f"/api/2.0/{path}.json").json()
        assert [entry["id"] for entry in answer["response"]] == anywhere.portal.known[known]

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("", [1187, 1190, 1194]),
            ("isClosed=false", [1187, 1190]),
            ("categoryId=1044", [1194]),
            (f"responsibleid={MANAGER.upper()}", [1190]),
            ("entityType=Case&entityId=601", [1190]),
            ("entityType=contact&entityId=401", [1187]),
            ("fromDate=2031-04-01", [1190]),
            ("toDate=2031-03-01T09:00:00Z", [1187, 1194]),
            ("filterValue=DEMO", [1190]),
            ("sortBy=id&sortOrder=descending", [1190, 1187, 1194]),
            ("startIndex=1&count=1", [1190]),
        ],
    )
    def test_tasks_are_filtered(self, anywhere: Visitor, query: str, ids: list[int]) -> None:
        answer = anywhere.send("GET", f"{TASK}/filter?{query}").json()
        assert [task["id"] for task in answer["response"]] == ids

    def test_nothing_found_has_no_count(self, anywhere: Visitor) -> None:
        answer = anywhere.send("GET", f"{TASK}/filter?filterValue=nowhere").json()
        assert answer == {"total": 0, "status": 0, "statusCode": 200, "response": []}

    def test_deleting_answers_with_the_task_once(self, anywhere: Visitor) -> None:
        assert anywhere.send("DELETE", f"{TASK}/1190").json()["response"]["id"] == 1190
        for method in ("GET", "DELETE"):
            answer = anywhere.send(method, f"{TASK}/1190")
            assert (answer.status_code, answer.json()["error"]["data"]) == (404, {})

    def test_closing_and_reopening(self, anywhere: Visitor) -> None:
        assert anywhere.send("PUT", f"{TASK}/1187/close").json()["response"]["isClosed"] is True
        assert "isClosed" not in anywhere.send("PUT", f"{TASK}/1187/reopen").json()["response"]

    def test_each_portal_has_its_own_state(self, anywhere: Visitor) -> None:
        anywhere.create()
        assert Visitor(anywhere.portal.dialect).everything()["total"] == 3


class TestDocumented:
    @pytest.mark.parametrize(
        ("sent", "member", "shown"),
        [
            ({"title": "x"}, "title", "x"),
            ({"description": ""}, "description", ""),
            ({"deadline": "2030-01-01T00:00:00+03:00"}, "deadLine", "2029-12-31T21:00:00.0000000Z"),
            ({"responsibleid": ASSISTANT.upper()}, "responsible", ASSISTANT),
            ({"categoryid": 1044}, "category", 1044),
            ({"contactid": 402}, "contact", 402),
            ({"alertValue": 0}, "alertValue", 0),
            ({"alertValue": 2**31 - 1}, "alertValue", 2**31 - 1),
        ],
    )
    def test_update_changes_what_is_sent_and_keeps_the_rest(
        self, documented: Visitor, sent: dict[str, object], member: str, shown: object
    ) -> None:
        before = documented.read(1187)
        after = documented.update(1187, **sent)
        value = after.pop(member)
        assert (value["id"] if isinstance(value, dict) else value) == shown
        assert after == {name: kept for name, kept in before.items() if name != member}
        assert documented.read(1187) == {**after, member: value}

    @pytest.mark.parametrize(("kind", "kept_id"), [("case", 502), ("opportunity", 502)])
    def test_entity_type_and_id_may_change_apart(self, documented: Visitor, kind: str, kept_id: int) -> None:
        documented.update(1187, entityType="opportunity", entityid=502)
        entity = documented.update(1187, entityType=kind.upper())["entity"]
        assert (entity["entityType"], entity["entityId"]) == (kind, kept_id)

    def test_null_counts_as_not_sent(self, documented: Visitor) -> None:
        before = documented.read(1187)
        names = ("title", "description", "deadline", "responsibleid", "contactid", "entityType", "alertValue")
        assert documented.update(1187, **dict.fromkeys(names)) == before

    @pytest.mark.parametrize(
        ("spelt", "shown"),
        [
            ("2008-04-10T06-30-00.000Z", "2008-04-10T06:30:00.0000000Z"),
            ("2008-04-10T06-30-00.12Z", "2008-04-10T06:30:00.1200000Z"),
            ("2008-04-10T06:30:00", "2008-04-10T06:30:00.0000000Z"),
            ("2008-04-10T06:30:00.1234567-05:30", "2008-04-10T12:00:00.1234567Z"),
            ("2008-02-29T23:59:59.9999999Z", "2008-02-29T23:59:59.9999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z"),
            ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"),
        ],
    )
    def test_deadline_is_kept_as_an_instant(self, documented: Visitor, spelt: str, shown: str) -> None:
        task = documented.create(deadline=spelt)
        assert task["deadLine"] == documented.read(task["id"])["deadLine"] == shown

    @pytest.mark.parametrize(
        ("accept", "is_xml"),
        [
            ("text/xml", True),
            ("application/xml", True),
            ("text/xml, */*;q=0.1", True),
            ("application/json", False),
            ("*/*", False),
            ("application/json, text/xml;q=0.5", False),
        ],
    )
    def test_accept_asks_for_xml(self, documented: Visitor, accept: str, is_xml: bool) -> None:
        for method, path in (("GET", f"{TASK}/1187"), ("PUT", f"{TASK}/1187"), ("PUT", f"{TASK}/99")):
            answer = documented.send(method, path, headers={"Accept": accept}, json={})
            assert answer.headers["content-type"].startswith("text/xml" if is_xml else "application/json")
        assert documented.send("GET", f"{TASK}/1187.json", headers={"Accept": accept}).json()

    @pytest.mark.parametrize("missing", ["title", "deadline", "responsibleId", "categoryId"])
    def test_create_requires_what_the_page_requires(self, documented: Visitor, missing: str) -> None:
        sent = {name: value for name, value in PLAIN.items() if name != missing}
        assert documented.send("POST", TASK, json=sent).status_code == 400

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"title": ""}, 400),
            ({"title": 5}, 400),
            ({"title": "\ud800"}, 400),
            ({"description": ["x"]}, 400),
            ({"deadline": "2031-02-30T00:00:00Z"}, 400),
            ({"deadline": "2031-02-03"}, 400),
            ({"deadline": "2031-02-03T00:00:00z"}, 400),
            ({"deadline": "2031-02-03T24:00:00Z"}, 400),
            ({"deadline": "2031-02-03T00:00:00.12345678Z"}, 400),
            ({"deadline": "2031-02-03T00:00:00+0300"}, 400),
            ({"deadline": "2031-02-03T00:00:00+15:00"}, 400),
            ({"deadline": "0001-01-01T00:00:00+01:00"}, 400),
            ({"responsibleid": "1234"}, 400),
            ({"responsibleid": "00000000-0000-0000-0000-000000000001"}, 404),
            ({"categoryid": "1031"}, 400),
            ({"categoryid": True}, 400),
            ({"categoryid": 1031.5}, 400),
            ({"categoryid": 2**31}, 400),
            ({"categoryid": 9}, 404),
            ({"categoryid": 17}, 404),
            ({"contactid": 0}, 400),
            ({"contactid": 9}, 404),
            ({"entityType": "contact"}, 400),
            ({"entityType": "case", "entityid": 501}, 404),
            ({"entityid": 999}, 404),
            ({"isNotify": 1}, 400),
            ({"alertValue": 2**31}, 400),
            ({"alertValue": -1}, 400),
        ],
    )
    def test_bad_members_change_nothing(
        self, documented: Visitor, sent: dict[str, object], status: int
    ) -> None:
        before = documented.everything()
        body = json.dumps({"description": "new", **sent}).encode()
        headers = {"Content-Type": "application/json"}
        answer = documented.send("PUT", f"{TASK}/1187", content=body, headers=headers)
        assert answer.status_code == status
        assert list(answer.json()) == ["status", "statusCode", "error"]
        assert (answer.json()["status"], answer.json()["statusCode"]) == (1, status)
        assert list(answer.json()["error"]) == ["message", "hresult", "data"]
        assert documented.send("POST", TASK, json=PLAIN | {"contactid": 9}).status_code == 404
        assert documented.everything() == before

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"null",
            b"[]",
            b'"title"',
            b'{"title": "x"',
            b'{"title": "\xff"}',
            b'{"title": "a", "title": "b"}',
            b'{"title": "a", "Title": "b"}',
            b'{"alertValue": NaN}',
            b'{"alertValue": ' + b"9" * 6000 + b"}",
            b'{"title": "x", "more": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        ],
        ids=lambda body: body[:24].decode("latin-1") or "empty",
    )
    def test_bad_bodies_are_refused(self, documented: Visitor, body: bytes) -> None:
        before = documented.everything()
        for method, path in (("PUT", f"{TASK}/1187"), ("POST", TASK)):
            answer = documented.send(method, path, content=body, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["statusCode"]) == (400, 400)
        assert documented.everything() == before

    def test_other_content_types_are_refused(self, documented: Visitor) -> None:
        assert documented.send("POST", TASK, content=json.dumps(PLAIN)).status_code == 400
        assert documented.send("POST", TASK, data=PLAIN).status_code == 400

    @pytest.mark.parametrize("task_id", [0, 99, 2**31, 10**30])
    def test_unknown_ids_are_not_found(self, documented: Visitor, task_id: int) -> None:
        before = documented.everything()
        for method in ("GET", "PUT", "DELETE"):
            answer = documented.send(method, f"{TASK}/{task_id}", json=PLAIN)
            assert (answer.status_code, answer.json()["statusCode"]) == (404, 404)
        assert documented.everything() == before

    def test_unknown_routes_are_answered_in_the_envelope(self, documented: Visitor) -> None:
        assert documented.send("GET", "/api/2.0/crm/nothing").json()["statusCode"] == 404
        answer = documented.send("PATCH", f"{TASK}/1187")
        assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, PUT")


class TestCommunityserver:
    def test_update_replaces(self, communityserver: Visitor) -> None:
        sent = {name: PLAIN[name] for name in ("title", "deadline", "categoryId")}
        echo = communityserver.update(1187, **sent)
        assert not {"contact", "description", "entity", "alertValue"} & set(echo)
        assert echo["responsible"]["displayName"] == "Profile has been removed"
        assert communityserver.read(1187) == {**echo, "description": ""}

    @pytest.mark.parametrize("missing", ["title", "deadline", "categoryId"])
    def test_update_requires_three_members(self, communityserver: Visitor, missing: str) -> None:
        sent = {name: value for name, value in PLAIN.items() if name != missing}
        answer = communityserver.send("PUT", f"{TASK}/1187", json=sent)
        assert (answer.status_code, answer.json()["error"]["hresult"]) == (400, -2147024809)

    @pytest.mark.parametrize("task_id", [0, 99])
    def test_update_of_an_unknown_id_creates(self, communityserver: Visitor, task_id: int) -> None:
        assert communityserver.update(task_id, **PLAIN)["id"] == seed.FIRST_FREE_TASK_ID
        assert communityserver.everything()["total"] == 4

    def test_ids_out_of_range_are_bad_arguments(self, communityserver: Visitor) -> None:
        statuses = {
            (method, task_id): communityserver.send(method, f"{TASK}/{task_id}", json=PLAIN).status_code
            for method in ("GET", "DELETE", "PUT")
            for task_id in (0, 2**31)
        }
        assert statuses.pop(("PUT", 0)) == 200
        assert set(statuses.values()) == {400}

    def test_closing_an_unknown_id_is_a_bad_argument(self, communityserver: Visitor) -> None:
        assert communityserver.send("PUT", f"{TASK}/99/close").status_code == 400

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"entityType": "contact"}, 400),
            ({"categoryId": 0}, 400),
            ({"categoryId": 999}, 404),
            ({"categoryId": 999, "title": ""}, 404),
            ({"categoryId": "abc"}, 400),
            ({"categoryId": 99999999999}, 400),
            ({"categoryId": 12.5}, 400),
            ({"title": None}, 400),
            ({"isNotify": 1}, 400),
            ({"responsibleId": "nobody"}, 400),
            ({"deadline": "0001-01-01T00:00:00Z"}, 400),
        ],
    )
    def test_what_is_refused(self, communityserver: Visitor, sent: dict[str, object], status: int) -> None:
        assert communityserver.send("POST", TASK, json=PLAIN | sent).status_code == status
        assert communityserver.everything()["total"] == 3

    @pytest.mark.parametrize(
        "sent",
        [
            {"responsibleId": "{" + ADMIN.upper() + "}"},
            {"responsibleId": MANAGER.replace("-", "")},
            {"responsibleId": "00000000-0000-0000-0000-000000000001"},
            {"responsibleId": None},
            {"categoryId": 17},
            {"categoryId": "0x408"},
            {"categoryId": 1.032e3},
            {"contactId": 9},
            {"contactId": ""},
            {"entityType": "CASE", "entityId": 9},
            {"entityId": 9},
            {"isNotify": "TRUE"},
            {"alertValue": -5},
            {"title": 5},
            {"title": ["a", "b"]},
            {"title": "\ud800"},
        ],
    )
    def test_what_is_not_refused(self, communityserver: Visitor, sent: dict[str, object]) -> None:
        headers = {"Content-Type": "application/json"}
        body = json.dumps(PLAIN | sent)
        assert communityserver.send("POST", TASK, content=body, headers=headers).status_code == 201

    def test_unknown_references_are_left_out(self, communityserver: Visitor) -> None:
        task = communityserver.create(contactId=9, entityType="case", entityId=9, responsibleId=None)
        assert not {"contact", "entity"} & set(task)
        assert task["responsible"]["id"] == "4a515a15-d4d6-4b8e-828e-e0586f18f3a3"

    @pytest.mark.parametrize(
        ("spelt", "shown"),
        [
            ("2008-04-10", "2008-04-10T00:00:00.0000000+03:00"),
            ("2008-04-10T06:30:00", "2008-04-10T06:30:00.0000000+03:00"),
            ("2008-04-10T06:30:00Z", "2008-04-10T09:30:00.0000000+03:00"),
            ("2008-04-10T06-30-00.120Z", "2008-04-10T09:30:00.1200000+03:00"),
            ("2008-04-10T06:30:00.000Z", "2008-04-10T09:30:00.0000000+03:00"),
            ("2008-04-10T06:30:00.123Z", "2008-04-10T09:30:00.1230000+03:00"),
            ("2008-04-10T06:30:00.1234567+05:00", "2008-04-10T04:30:00.1234567+03:00"),
            ("2008-04-10T06:30:00.120Z", None),
            ("2008-04-10T06:30:00.500+03:00", None),
            ("2008-04-10T06:30:00.1234560Z", None),
            ("2008-04-10T06-30-00.1234Z", None),
            ("2008-04-10T06:30:00z", None),
            ("2008-04-10T06:30Z", None),
            ("2008-04-10 06:30:00Z", None),
            ("2008-04-10T24:00:00Z", None),
            ("2008-04-10T06:30:00+03", None),
            ("2008-04-10T06:30:00Z ", None),
            ("2008-02-30", None),
        ],
    )
    def test_deadlines_read_and_refused_in_json(
        self, communityserver: Visitor, spelt: str, shown: str | None
    ) -> None:
        answer = communityserver.send("POST", TASK, json=PLAIN | {"deadline": spelt})
        assert answer.json().get("response", {}).get("deadLine") == shown
        assert answer.status_code == (201 if shown else 400)

    def test_a_form_escapes_the_fraction_trap(self, communityserver: Visitor) -> None:
        form = {**PLAIN, "deadline": "2008-04-10T06:30:00.120Z"}
        assert communityserver.send("POST", TASK, data=form).status_code == 201

    def test_moments_are_stored_in_whole_seconds(self, communityserver: Visitor) -> None:
        task = communityserver.create(deadline="2031-01-01T00-00-00.500Z")
        assert task["deadLine"] == "2031-01-01T03:00:00.5000000+03:00"
        assert communityserver.read(task["id"])["deadLine"] == "2031-01-01T03:00:01.0000000+03:00"

    def test_the_last_moment_cannot_be_shown(self, communityserver: Visitor) -> None:
        answer = communityserver.send("POST", TASK, json=PLAIN | {"deadline": "9999-12-31T23:59:59Z"})
        assert answer.status_code == 500
        stored = communityserver.read(seed.FIRST_FREE_TASK_ID)
        assert stored["deadLine"] == "0001-01-01T00:00:00.0000000Z"

    def test_text_that_looks_like_a_date_is_rewritten(self, communityserver: Visitor) -> None:
        task = communityserver.create(
            title="2008-04-10T06:30:00.000Z", description="2008-04-10T06:30:00+05:00"
        )
        assert (task["title"], task["description"]) == ("2008-04-10T06:30:00Z", "2008-04-10T04:30:00+03:00")

    def test_the_first_value_of_a_name_wins(self, communityserver: Visitor) -> None:
        answer = communityserver.send("POST", f"{TASK}?Title=query", json=PLAIN)
        assert answer.json()["response"]["title"] == "query"
        body = json.dumps(PLAIN)[:-1] + ', "title": "second"}'
        headers = {"Content-Type": "application/json"}
        answer = communityserver.send("POST", TASK, content=body, headers=headers)
        assert answer.json()["response"]["title"] == PLAIN["title"]

    @pytest.mark.parametrize(
        ("content_type", "body", "status"),
        [
            ("application/json", b"", 400),
            ("application/json", b"{", 400),
            ("application/json", b"[1]", 400),
            ("text/xml", b"<request>", 500),
            ("Application/JSON", json.dumps(PLAIN).encode(), 400),
            ("application/xml", b"<r><title>x</title></r>", 400),
            ("garbage", json.dumps(PLAIN).encode(), 500),
            ("application/json; charset=koi8-r", json.dumps(PLAIN).encode(), 201),
            (
                "text/xml",
                f"<r>{''.join(f'<{name}>{value}</{name}>' for name, value in PLAIN.items())}</r>".encode(),
                201,
            ),
        ],
    )
    def test_bodies(self, communityserver: Visitor, content_type: str, body: bytes, status: int) -> None:
        headers = {"Content-Type": content_type}
        assert communityserver.send("POST", TASK, content=body, headers=headers).status_code == status

    def test_xml_comes_by_suffix_and_never_for_json(self, communityserver: Visitor) -> None:
        asked = {"Accept": "text/xml"}
        by_accept = communityserver.send("GET", f"{TASK}/1187", headers=asked)
        for_json = communityserver.send("PUT", f"{TASK}/1187.xml", json=PLAIN)
        for_form = communityserver.send("PUT", f"{TASK}/1187.xml", data=PLAIN)
        assert [
            answer.headers["content-type"].split(";")[0] for answer in (by_accept, for_json, for_form)
        ] == ["application/json", "application/json", "text/xml"]

    def test_slashes_are_escaped(self, communityserver: Visitor) -> None:
        assert r"\/skins\/default" in communityserver.send("GET", f"{TASK}/1187").text

    def test_a_category_counts_its_tasks(self, communityserver: Visitor) -> None:
        assert communityserver.read(1187)["category"]["relativeItemsCount"] == 1
        assert "relativeItemsCount" not in communityserver.everything()["response"][0]["category"]

    def test_a_reminder_of_zero_is_not_shown(self, communityserver: Visitor) -> None:
        assert "alertValue" not in communityserver.create(alertValue=0)

    def test_the_next_index_skips_an_item(self, communityserver: Visitor) -> None:
        assert communityserver.send("GET", f"{TASK}/filter?count=1").json()["nextIndex"] == 2
        assert len(communityserver.send("GET", f"{TASK}/filter?count=0").json()["response"]) == 1

    def test_a_wrong_password_is_a_server_error(self, communityserver: Visitor) -> None:
        login = {"userName": seed.ADMINISTRATOR.user_name, "password": "guess"}
        assert communityserver.send("POST", "/api/2.0/authentication", json=login).status_code == 500

    def test_unknown_routes_show_a_page(self, communityserver: Visitor) -> None:
        for method, path in (("GET", f"{TASK}/abc"), ("PATCH", TASK), ("GET", "/")):
            answer = communityserver.send(method, path)
            assert (answer.status_code, answer.headers["content-type"][:9]) == (404, "text/html")
        assert communityserver.send("OPTIONS", TASK).headers["access-control-allow-origin"] == "*"
