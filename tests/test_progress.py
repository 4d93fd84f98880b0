from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from etalon.portals.serving import served
from etalon.progress import Standing, make_progress
from etalon.vendors import vendor_of
from tests.conftest import target_table

if TYPE_CHECKING:
    from tests.conftest import CommandLine

ESCAPE = "\x1b["


def standing(theme: str = "Creation", requests: int = 12, findings: int = 0) -> Standing:
    return Standing("office", theme, "R7-ONE", requests, 1988, findings)


def shown(lang: str = "en", *, terminal: bool = False, enabled: bool = True) -> str:
    file = io.StringIO()
    display = make_progress(
        Console(file=file, force_terminal=terminal, width=140, no_color=True), 40, enabled=enabled, lang=lang
    )
    for step in (standing(), standing(), standing("Update", 1300, 2)):
        display.at(step)
        display.advance()
    display.stop()
    return file.getvalue()


def test_a_log_gets_one_plain_line_for_each_theme() -> None:
    assert shown().splitlines() == [
        "[ 0/40] office: Creation (12 requests, left: 1,988)",
        "[ 2/40] office: Update (1,300 requests, left: 1,988, 2 deviations)",
    ]


def test_the_same_in_russian() -> None:
    assert (
        shown("ru").splitlines()[1]
        == "[ 2/40] office: Update (1\u00a0300 запросов, осталось: 1\u00a0988, 2 нарушения)"
    )


def test_a_terminal_gets_a_bar_that_leaves_nothing_behind() -> None:
    said = shown(terminal=True)
    assert ESCAPE in said
    assert "office: Update" in said


@pytest.mark.parametrize("terminal", [True, False])
def test_silence_where_nobody_wants_to_know(terminal: bool) -> None:
    assert shown(terminal=terminal, enabled=False) == ""


def test_a_run_in_a_pipe_says_where_it_is_without_colour_and_in_its_language(etalon: CommandLine) -> None:
    portal = vendor_of("r7").mock().create("documented", ())
    with served(portal) as url:
        etalon.config(target_table(portal, url))
        arguments = ("--profile", "quick", "--select", "R7-UPDATE-STORES-*", "--output", str(etalon.output))
        outcome = etalon("run", "here", "--lang", "ru", *arguments)
    lines = [line for line in outcome.err.splitlines() if line.startswith("[")]
    assert lines
    assert "here: Изменение (" in lines[0]
    assert ESCAPE not in outcome.err + outcome.out
