from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console

from etalon.judging.verdicts import Verdict
from etalon.reporting.terminal import print_summary
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from etalon.reporting.results import RunResult


def printed(run: RunResult, width: int = 100, lang: str = "en", **options: bool) -> str:
    file = io.StringIO()
    print_summary(run, Console(file=file, width=width, **options), lang)  # type: ignore[arg-type]  # flags only
    return file.getvalue()


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("run", [samples.run(samples.one_of_each()), samples.hostile(), samples.crowded()])
def test_it_fits(run: RunResult, width: int, lang: str) -> None:
    shown = re.sub(r"\x1b\[[\d;]*m", "", printed(run, width, lang, force_terminal=True))
    assert max(map(cell_len, shown.splitlines())) <= width


def test_a_pipe_gets_every_sentence_in_one_line_without_blanks_at_its_end() -> None:
    reason = "the portal " + "never " * 40 + "answered"
    row = samples.requirement("R7-ONE", Verdict.INCONCLUSIVE, reason=reason)
    lines = printed(samples.run(samples.target("office", row)), 80).splitlines()
    assert f"    {reason}" in lines
    assert [line for line in lines if line != line.rstrip()] == []


@pytest.mark.parametrize(("width", "lang", "last"), [(80, "ru", "планах"), (80, "en", "planned")])
def test_no_verdict_is_squeezed_out(width: int, lang: str, last: str) -> None:
    assert last in printed(samples.run(samples.one_of_each()), width, lang)


def test_verdict_counts_deviations_reasons_and_cost() -> None:
    run = samples.run(replace(samples.one_of_each(), left_behind=("501", "502"), notes=("It was slow.",)))
    lines = printed(run).splitlines()
    assert lines[0].startswith("✗ Deviates  office  r7, documented, https://portal.example, 213 requests")
    shown = "\n".join(lines)
    for part in (
        "✗ R7-CASE-DEVIATES\n    An update that does not send description clears it.",
        "! R7-CASE-NOT-TESTABLE\n    no id is known for contact",
        "? R7-CASE-INCONCLUSIVE",
        "501, 502",
        "It was slow.",
        "profile standard, seed 1, Etalon 0.1.0",
    ):
        assert part in shown


def test_a_run_that_was_cut_off_is_not_said_to_conform() -> None:
    shown = printed(replace(samples.healthy(), complete=False))
    assert "This run is not complete." in shown
    assert "Conforms" not in shown


def test_no_colour_outside_a_terminal_nor_where_it_is_unwanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in printed(samples.hostile())
    assert "\x1b[1;31m" in printed(samples.run(samples.one_of_each()), force_terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in printed(samples.run(samples.one_of_each()), force_terminal=True)


def test_a_portals_text_is_neither_obeyed_nor_taken_for_markup() -> None:
    shown = printed(samples.hostile())
    assert "[red]markup[/red] ‹ESC›[31mred‹ESC›[0m" in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_an_encoding_that_lacks_the_characters_is_no_obstacle(lang: str) -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    print_summary(samples.hostile(), Console(file=file, width=100), lang)
    assert b"R7-HOSTILE-0" in raw.getvalue()


def test_no_portal_at_all() -> None:
    assert "No portal was judged." in printed(samples.run())
