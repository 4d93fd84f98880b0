"""Portals that differ from the embedded one in what the pages leave open: no false alarm on any of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from etalon.portals.mocks import r7

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from etalon.portals.mocks.base import MockPortal
    from tests.conftest import CommandLine

    Answer = tuple[int, dict[str, Any]]
    Vary = Callable[[Request, int, str], tuple[int, str]]

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)Z")
_NEVER_PROMISED = ("description", "contact", "entity", "alertValue", "isClosed")


class Varied:
    """A portal whose JSON answers are changed on their way out."""

    def __init__(self, app: ASGIApp, vary: Vary) -> None:
        self._app = app
        self._vary = vary

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[MutableMapping[str, Any]] = []

        async def keep(message: MutableMapping[str, Any]) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        start, body = messages[0], b"".join(message.get("body", b"") for message in messages[1:])
        headers = {key.decode(): value.decode() for key, value in start["headers"]}
        headers.pop("content-length", None)
        status, text = start["status"], body.decode()
        if headers.get("content-type", "").startswith("application/json"):
            status, text = self._vary(Request(scope), status, text)
        await Response(text, status, headers)(scope, receive, send)


def _on_document(change: Callable[[int, dict[str, Any]], Answer]) -> Vary:
    def vary(_request: Request, status: int, text: str) -> tuple[int, str]:
        status, document = change(status, json.loads(text))
        return status, json.dumps(document, ensure_ascii=False)

    return vary


def _ok_instead_of_created(status: int, document: dict[str, Any]) -> Answer:
    if status == 201:
        return 200, document | {"statusCode": 200}
    return status, document


def _bad_request_instead_of_not_found(status: int, document: dict[str, Any]) -> Answer:
    return (400 if status == 404 else status), document


def _members_in_another_order(status: int, document: dict[str, Any]) -> Answer:
    task = document.get("response")
    if isinstance(task, dict):
        document["response"] = dict(sorted(task.items(), reverse=True))
    return status, dict(reversed(document.items()))


def _as_the_sample_shows(status: int, document: dict[str, Any]) -> Answer:
    task = document.get("response")
    if isinstance(task, dict):
        document["response"] = {name: task[name] for name in task if name not in _NEVER_PROMISED}
    return status, {name: document[name] for name in document if name not in {"count", "statusCode"}}


def _empty_members_shown(status: int, document: dict[str, Any]) -> Answer:
    task = document.get("response")
    if isinstance(task, dict) and "deadLine" in task:
        empty = {"description": None, "contact": None, "entity": None, "alertValue": 0, "isClosed": False}
        document["response"] = empty | task
    return status, document


def _more_members(status: int, document: dict[str, Any]) -> Answer:
    task = document.get("response")
    if isinstance(task, dict):
        document["response"] = task | {"lastModified": "2026-01-01T00:00:00Z", "tags": []}
    return status, document | {"links": {}}


def _upper_case_guids(_request: Request, status: int, text: str) -> tuple[int, str]:
    return status, _GUID.sub(lambda match: match[0].upper(), text)


def _moscow_time(_request: Request, status: int, text: str) -> tuple[int, str]:
    def shift(match: re.Match[str]) -> str:
        moment = datetime.fromisoformat(match[1]) + timedelta(hours=3)
        return f"{moment:%Y-%m-%dT%H:%M:%S}{match[2]}+03:00"

    return status, _INSTANT.sub(shift, text)


VARIATIONS: dict[str, Vary] = {
    "200 instead of 201": _on_document(_ok_instead_of_created),
    "400 instead of 404": _on_document(_bad_request_instead_of_not_found),
    "members in another order": _on_document(_members_in_another_order),
    "only what the sample shows": _on_document(_as_the_sample_shows),
    "empty members shown": _on_document(_empty_members_shown),
    "more members": _on_document(_more_members),
    "upper-case GUIDs": _upper_case_guids,
    "answers at +03:00": _moscow_time,
}


def _varied(name: str) -> MockPortal:
    portal = r7.create()
    return replace(portal, app=Varied(portal.app, VARIATIONS[name]))


@pytest.mark.parametrize("name", VARIATIONS)
def test_a_portal_that_differs_where_the_pages_allow_it_conforms(etalon: CommandLine, name: str) -> None:
    outcome = etalon.judge(_varied(name))
    assert outcome.code == 0, sorted(outcome.ids("deviates", "inconclusive", "not-testable"))


def test_what_is_never_shown_is_never_counted_as_conforming(etalon: CommandLine) -> None:
    outcome = etalon.judge(_varied("only what the sample shows"))
    assert {
        "R7-UPDATE-STORES-DESCRIPTION",
        "R7-UPDATE-KEEPS-CONTACT",
        "R7-CREATE-STORES-ENTITY",
    } <= outcome.ids("not-applicable")


@pytest.mark.parametrize(
    "lacks", [["task.read"], ["task.delete"], ["xml"], ["contacts", "opportunities", "cases"]]
)
def test_what_a_portal_is_declared_to_lack_is_not_held_against_it(
    etalon: CommandLine, lacks: list[str]
) -> None:
    outcome = etalon.judge(r7.create(), config=f"lacks = {json.dumps(lacks)}\n")
    assert outcome.code == 0, sorted(outcome.ids("deviates", "inconclusive", "not-testable"))
    assert bool(outcome.results["targets"][0]["left-behind"]) == (lacks == ["task.delete"])


def test_whole_seconds_conform_where_they_are_pinned(etalon: CommandLine) -> None:
    portal = r7.create(faults=["deadline-rounded-to-second"])
    pin = '[targets.here.expect]\ndeadline-precision = "second"\n'
    assert etalon.judge(portal, config=pin).code == 0
    assert etalon.judge(portal).red == {"R7-DEADLINE-PRECISION"}
