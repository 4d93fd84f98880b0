from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from etalon.judging.verdicts import Verdict
from etalon.reporting import markdown
from etalon.reporting.badge import badge_document, badge_json, badge_svg
from etalon.reporting.diff import compare
from etalon.reporting.diff_output import diff_markdown
from etalon.reporting.html import render_diff
from etalon.reporting.records import AllowedRecord
from etalon.reporting.summary import render_summary
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from etalon.reporting.results import RunResult

GITHUB_STEP, GITHUB_COMMENT = 1_048_576, 65_536
SVG = "{http://www.w3.org/2000/svg}"


def test_the_summary_begins_with_the_verdict_and_names_what_deviates() -> None:
    text = render_summary(samples.run(samples.one_of_each()))
    assert text.startswith("## ✗ Etalon: Deviates\n")
    assert "- **`R7-CASE-DEVIATES`** (should): An update that does not send the description leaves" in text
    assert "Expected `Заметка" in text
    assert "213 requests, 41.5\u00a0s, profile standard, seed 1, Etalon 0.1.0" in text


def test_the_summary_in_russian() -> None:
    text = render_summary(samples.run(samples.one_of_each()), "ru")
    assert text.startswith("## ✗ Etalon: Отклоняется\n")
    assert "Изменение, в котором нет поля description, сбрасывает его." in text
    assert "для поля contact не известно ни одного идентификатора" in text


def test_what_is_accepted_is_said_with_its_reason() -> None:
    row = samples.requirement("R7-ONE", Verdict.DEVIATES, allowed=AllowedRecord("agreed with the vendor"))
    text = render_summary(samples.run(samples.target("office", row), baseline="b.toml"))
    assert text.startswith("## ✓ Etalon: Conforms\n")
    assert "**`R7-ONE`** (should): agreed with the vendor" in text


def test_a_run_that_was_cut_off_and_a_stale_baseline_come_first() -> None:
    run = samples.run(complete=False, finished="", stale=("b.toml, line 3: remove the entry.",))
    lines = [line for line in render_summary(run).splitlines() if line]
    assert lines[1].startswith("**This run is not complete.**")
    assert lines[3] == "- b.toml, line 3: remove the entry."


def test_it_fits_a_step_summary_whatever_a_portal_says() -> None:
    assert len(render_summary(samples.crowded(2_000, 4_000)).encode()) < GITHUB_STEP
    assert len(render_summary(samples.hostile()).encode("utf-8", "replace")) < GITHUB_STEP


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "@everyone look at #12 and !7",
        "[link](javascript:alert) ![image](https://x.example/y.png)",
        "a | b ` c ``` d $x$ ~~e~~ *f* _g_",
        "see https://x.example/a_b?c=1. Or www.x.example; mail qa@x.example, GH-12 &#64;all %1 http://`x`",
        "line\nbreak\r\n# heading",
        "\u202egnp.exe",
    ],
)
def test_what_a_portal_says_is_neither_markup_nor_a_call(text: str) -> None:
    said = markdown.prose(text)
    assert "\n" not in said
    assert "\u202e" not in said
    outside_code = re.sub(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", "", said)
    assert not re.search(r"(?<!\\)[<\[`*_|]", outside_code)
    assert "://" not in outside_code
    assert not re.search(r"[@#!]\w", outside_code)
    span = markdown.code(text)
    fence = re.match("`+", span)
    assert fence is not None
    assert fence[0] not in span[len(fence[0]) : -len(fence[0])]
    assert "\n" not in span


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (samples.healthy(), "conforms 40/40"),
        (samples.run(samples.one_of_each()), "deviates 1/2"),
        (samples.run(), "inconclusive"),
    ],
)
def test_the_badge_says_the_verdict_and_how_much_is_kept(run: RunResult, message: str) -> None:
    document = badge_document(run)
    assert (document["schemaVersion"], document["label"], document["message"]) == (1, "etalon", message)
    assert json.loads(badge_json(run)) == document
    image = etree.fromstring(badge_svg(run).encode())
    assert image.findtext(f"{SVG}title") == f"etalon: {message}"
    assert "href" not in badge_svg(run)


def compared() -> tuple[RunResult, RunResult]:
    old = samples.run(samples.target("office", samples.requirement("R7-ONE"), samples.requirement("R7-TWO")))
    new = samples.run(
        samples.target(
            "office", samples.requirement("R7-ONE", Verdict.DEVIATES), samples.requirement("R7-THREE")
        ),
        profile="deep",
    )
    return old, new


def test_a_comparison_as_markdown_says_first_in_what_the_runs_differ() -> None:
    text = diff_markdown(compare(*compared()))
    assert text.startswith(
        "<!-- etalon-diff/1 -->\n\n## Etalon: Regressed: 1, Appeared: 1, Disappeared: 1\n\n"
        "> The runs themselves differ"
    )
    assert "> - Profile: standard → deep" in text
    assert "- **`office/R7-ONE`** conforms → deviates: An update that does not send" in text
    many = [samples.requirement(f"R7-ROW-{number}") for number in range(900)]
    broken = [samples.requirement(row.id, Verdict.DEVIATES) for row in many]
    long = diff_markdown(
        compare(samples.run(samples.target("office", *many)), samples.run(samples.target("office", *broken)))
    )
    assert len(long) < GITHUB_COMMENT
    assert "and more 840" in long


def test_a_comparison_as_a_page_is_as_safe_as_the_report() -> None:
    page = render_diff(compare(samples.run(samples.target("office")), samples.hostile()), "ru")
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "default-src &#39;none&#39;" in page
    assert '<html lang="ru">' in page
    assert "v-conforms" in render_diff(compare(samples.healthy(), samples.healthy())).partition("<main")[2]


def test_two_runs_that_were_cut_off_are_no_good_news() -> None:
    cut = samples.run(samples.target("office"), complete=False)
    body = render_diff(compare(cut, cut)).partition("<main")[2]
    assert 'class="hero v-inconclusive"' in body
