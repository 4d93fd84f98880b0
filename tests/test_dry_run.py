"""`--dry-run` says what a run would do, and does none of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.conftest import target_table
from tests.wrong_portals import cuts_off, passes_on, portal_that

if TYPE_CHECKING:
    from etalon.portals.config import Kind
    from tests.conftest import CommandLine
    from tests.wrong_portals import Call

_READS = re.compile(rb'method="(auth\.login|\w+\.getList)"')


@pytest.mark.parametrize("kind", ["r7", "planfix"])
def test_nothing_is_sent_but_log_in_and_look_ups(etalon: CommandLine, kind: Kind) -> None:
    portal = vendor_of(kind).mock().create("documented", ())
    writes: list[str] = []
    with served(portal) as url:
        sound = passes_on(url)

        def answer(call: Call) -> None:
            if call.command != "GET" and not _READS.search(call.body):
                writes.append(f"{call.command} {call.path}")
            sound(call)

        with portal_that(answer) as watched:
            table = target_table(portal, watched.url + portal.path)
            etalon.config(table + "requests-per-second = 10\n")
            outcome = etalon("run", "here", "--profile", "quick", "--dry-run")
            assert 1 < len(watched.seen) <= 10
    assert writes == []
    assert outcome.code == 0
    assert not (etalon.folder / "reports").exists()
    [requests, seconds] = re.findall(r"About (\d+) requests, at least (\d+) s at 10 a second", outcome.out)[0]
    assert int(seconds) == pytest.approx(int(requests) / 10, abs=0.5)
    by_theme = [int(line.split()[-1]) for line in outcome.out.splitlines() if re.search(r" \d+ *$", line)]
    assert sum(by_theme) == int(requests)
    assert "It would create about" in outcome.out
    people = "responsibles" if kind == "r7" else "users"
    assert f"Tasks would be assigned to none but these {people}: {portal.known[people][0]}, " in outcome.out
    assert f"known.{people} would choose." in outcome.out
    assert ("It would remove all of them" in outcome.out) == (kind == "r7")
    real = etalon.judge(vendor_of(kind).mock().create("documented", ()), "--profile", "quick")
    assert int(requests) == pytest.approx(real.results["targets"][0]["requests"], rel=0.1)


def test_a_portal_that_is_not_there(etalon: CommandLine) -> None:
    with portal_that(cuts_off) as dead:
        etalon.config(
            f'[targets.here]\nkind = "r7"\nurl = "{dead.url}"\ntoken = "a-token"\nallow-writes = true\n'
        )
        outcome = etalon("run", "here", "--dry-run")
    assert outcome.code == 6
    assert "broke the connection off" in outcome.err
    assert "Traceback" not in outcome.err
