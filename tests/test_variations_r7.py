"""Portals that differ from the embedded one in what the pages leave open: no false alarm on any of them."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from etalon.portals.mocking import UnknownFaultError
from etalon.vendors.r7 import mock as r7
from etalon.vendors.r7.mock import seed

if TYPE_CHECKING:
    from tests.conftest import CommandLine

WHOLE_SECONDS = "deadline-in-whole-seconds"
PINNED = '[targets.here.expect]\ndeadline-precision = "second"\n'
CREATION = {
    "title": "Сверка",
    "deadline": "2031-02-03T04-05-06.700Z",
    "responsibleId": seed.MANAGER.guid,
    "categoryId": 1031,
}

# What a client of the documented portal sees first of each variation: method, path, token, pattern.
SEEN_AS: dict[str, tuple[str, str, str, str]] = {
    "creation-answers-200": ("POST", "task", seed.ADMINISTRATOR.token, r"^200 "),
    "unknown-id-answers-400": ("GET", "task/77", seed.ADMINISTRATOR.token, r"^400 "),
    "guids-in-capitals": ("GET", "task/1187", seed.ADMINISTRATOR.token, seed.ADMINISTRATOR.guid.upper()),
    "answers-at-plus-three": ("GET", "task/1187", seed.ADMINISTRATOR.token, r"T12:00:00\.0000000\+03:00"),
    "members-reversed": ("GET", "task/1187", seed.ADMINISTRATOR.token, r'^200 \{"response":\{"id":1187'),
    "optional-members-hidden": ("GET", "task/1187", seed.ADMINISTRATOR.token, r'^(?!.*"contact").*"id":1187'),
    "optional-members-shown": ("GET", "task/1194", seed.ADMINISTRATOR.token, r'"contact":null'),
    "more-members": ("GET", "task/1187", seed.ADMINISTRATOR.token, r'"lastModified":'),
    "unauthorised-in-json": ("GET", "task/1187", "", r'^401 \{"status":1,'),
    "unauthorised-without-body": ("GET", "task/1187", "", r"^401 $"),
    "names-by-the-letter": (
        "PUT",
        "task/1187",
        seed.ADMINISTRATOR.token,
        rf'"id":"{seed.ADMINISTRATOR.guid}"',
    ),
    WHOLE_SECONDS: ("POST", "task", seed.ADMINISTRATOR.token, r"04:05:06\.7"),
}


def answered(name: str) -> str:
    method, path, token, _ = SEEN_AS[name]
    app = r7.create(variations=[name]).app

    async def ask() -> str:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.example") as client:
            sent = None if method == "GET" else CREATION
            answer = await client.request(
                method, f"/api/2.0/crm/{path}", json=sent, headers={"Authorization": token} if token else {}
            )
            return f"{answer.status_code} {answer.text}"

    return asyncio.run(ask())


def test_every_variation_is_looked_at() -> None:
    assert set(SEEN_AS) == set(r7.VARIATIONS)
    with pytest.raises(UnknownFaultError, match="Did you mean members-reversed"):
        r7.create(variations=["members-revers"])


@pytest.mark.parametrize("name", SEEN_AS)
def test_a_variation_is_seen_by_a_client(name: str) -> None:
    assert re.search(SEEN_AS[name][3], answered(name)), answered(name)


@pytest.mark.parametrize("name", sorted(set(r7.VARIATIONS) - {WHOLE_SECONDS}))
def test_a_portal_that_differs_where_the_pages_allow_it_conforms(etalon: CommandLine, name: str) -> None:
    outcome = etalon.judge(r7.create(variations=[name]), "--profile", "quick")
    assert outcome.code == 0, sorted(outcome.ids("deviates", "inconclusive", "not-testable"))


@pytest.mark.parametrize(
    "left_out",
    [
        {"optional-members-hidden", "unauthorised-in-json"},
        {"optional-members-shown", "unauthorised-without-body"},
    ],
)
def test_a_thorough_run_of_a_portal_that_differs_in_all_of_it_agrees(
    etalon: CommandLine, left_out: set[str]
) -> None:
    """In all that can be had at once; of what excludes each other, the one and then the other."""
    names = sorted(set(r7.VARIATIONS) - {WHOLE_SECONDS} - left_out)
    outcome = etalon.judge(r7.create(variations=names))
    assert outcome.code == 0, sorted(outcome.ids("deviates", "inconclusive", "not-testable"))


@pytest.mark.parametrize("name", ["optional-members-hidden", "names-by-the-letter"])
def test_no_seed_raises_an_alarm_on_a_varied_portal(etalon: CommandLine, name: str) -> None:
    outcome = etalon.judge(r7.create(variations=[name]), "--seed", "20", "--profile", "quick")
    assert outcome.code == 0, sorted(outcome.ids("deviates", "inconclusive", "not-testable"))


def test_what_is_never_shown_is_never_counted_as_conforming(etalon: CommandLine) -> None:
    outcome = etalon.judge(r7.create(variations=["optional-members-hidden"]))
    assert {
        "R7-UPDATE-STORES-DESCRIPTION",
        "R7-UPDATE-KEEPS-CONTACT",
        "R7-CREATE-STORES-ENTITY",
    } <= outcome.ids("not-applicable")
    hidden = {"description", "contact", "entity", "alertvalue", "isnotify"}
    assert set(outcome.results["targets"][0]["not-shown"]) == hidden


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
    portal = r7.create(variations=[WHOLE_SECONDS])
    assert etalon.judge(portal, config=PINNED).code == 0
    assert etalon.judge(portal).red == {"R7-DEADLINE-PRECISION"}


# Where R7's open ancestor does otherwise than the pages say; whoever judges it by them is told exactly this.
DIFFERS = {
    "R7-CREATE-REQUIRES-RESPONSIBLE",
    "R7-DEADLINE-PRECISION",
    "R7-TEXT-DATE-LIKE",
    "R7-UPDATE-KEEPS-ALERTVALUE",
    "R7-UPDATE-KEEPS-CONTACT",
    "R7-UPDATE-KEEPS-DESCRIPTION",
    "R7-UPDATE-KEEPS-ENTITY",
    "R7-UPDATE-KEEPS-RESPONSIBLE",
    "R7-UPDATE-UNKNOWN-ID-CREATES-NOTHING",
    "R7-UPDATE-UNKNOWN-ID-IS-REFUSED",
}


def test_the_open_ancestor_differs_from_the_pages_in_just_these(etalon: CommandLine) -> None:
    portal = replace(r7.create("communityserver"), dialect="documented")
    outcome = etalon.judge(portal)
    assert outcome.red == DIFFERS
    assert not outcome.ids("inconclusive", "not-testable")
    assert outcome.requirements["R7-PARTIAL-UPDATE"]["behaviour"] == "replace"


@pytest.mark.parametrize(
    ("option", "found"),
    [
        ("title-cut-at-255", {"R7-TEXT-LONG-TITLE"}),
        ("text-ends-at-emoji", {"R7-TEXT-DESCRIPTION"}),
    ],
)
def test_the_open_ancestor_on_a_lax_database_loses_text(
    etalon: CommandLine, option: str, found: set[str]
) -> None:
    assert etalon.judge(r7.create("communityserver", [option])).red == found
