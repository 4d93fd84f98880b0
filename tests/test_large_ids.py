"""A portal of many years has ids beyond 32 bits: they are numbers like any other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from etalon.portals.exchange import Exchange, Request, Response
from etalon.portals.serving import served
from etalon.vendors import vendor_of
from etalon.vendors.r7.judging.recorded import recognised
from tests.conftest import target_table
from tests.wrong_portals import passes_on, portal_that

if TYPE_CHECKING:
    from etalon.portals.config import Kind
    from tests.conftest import CommandLine
    from tests.wrong_portals import Answer, Call

# The first id that a mocked portal gives to a task of a client, and where ids of tasks stand.
FIRST = {"r7": 1201, "planfix": 9001}
IN_ANSWERS = {
    "r7": rb'("id": ?|<id>)([0-9]+)',
    "planfix": rb"(<(?:id|general)>)([0-9]+)",
}
IN_REQUESTS = {"r7": rb"(/task/)([0-9]+)", "planfix": rb"(<(?:id|general)\s*>\s*)([0-9]+)"}


def with_ids_from(kind: Kind, offset: int, sound: Answer) -> Answer:
    """The portal behind, its tasks under ids that are larger by an offset."""

    def shifted(pattern: bytes, by: int, text: bytes) -> bytes:
        first = FIRST[kind] if by > 0 else FIRST[kind] + offset

        def one(match: re.Match[bytes]) -> bytes:
            number = int(match[2])
            return match[1] + (b"%d" % (number + by) if first <= number < first + 900 else match[2])

        return re.sub(pattern, one, text)

    def answer(call: Call) -> None:
        original = call.reply

        def reply(status: int, body: bytes, **headers: str) -> None:
            original(status, shifted(IN_ANSWERS[kind], offset, body), **headers)

        call.reply = reply  # type: ignore[method-assign]
        call.path = shifted(IN_REQUESTS[kind], -offset, call.path.encode()).decode()
        call.body = shifted(IN_REQUESTS[kind], -offset, call.body)
        if "content-length" in call.headers:
            call.headers.replace_header("content-length", str(len(call.body)))
        sound(call)

    return answer


@pytest.mark.parametrize(
    ("kind", "offset", "profile"),
    [
        ("planfix", 2**31, "standard"),
        ("planfix", 2**63, "quick"),
        ("r7", 2**53, "quick"),
        ("r7", 2**63, "quick"),
    ],
)
def test_a_portal_with_large_ids_is_judged_like_any(
    etalon: CommandLine, kind: Kind, offset: int, profile: str
) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    with served(portal) as url, portal_that(with_ids_from(kind, offset, passes_on(url))) as large:
        # A signature covers the ids; what alters them on the way cannot sign.
        table = target_table(portal, large.url + portal.path).splitlines()
        etalon.config("\n".join(line for line in table if not line.startswith("private-key")))
        outcome = etalon.verdicts("here", "--profile", profile)
    assert outcome.ids("deviates", "inconclusive", "not-testable") == set()
    assert outcome.code == 0
    assert "Etalon itself failed" not in outcome.out + outcome.err


def test_a_recording_of_a_portal_with_large_ids_is_recognised() -> None:
    request = Request("GET", f"https://portal.example/api/2.0/crm/task/{2**63}", ())
    [found] = recognised([Exchange(1, "", request, Response(200, ()))])
    assert found.subject == 2**63
