from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pytest

from etalon.judging.verdicts import Verdict
from etalon.reporting.diff import compare
from etalon.reporting.html import render_diff, render_html
from etalon.reporting.records import StepRecord
from tests import reporting_samples as samples
from tests.browser import axe, chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

    from etalon.reporting.results import RunResult

HUGE = "<Ж\u202e</script><script>document.title='owned'</script>" * 20_000
RUNS = {
    "no findings": samples.healthy(),
    "one finding": samples.run(samples.one_of_each()),
    "a hundred findings": samples.crowded(),
}
WIDTHS = [390, 1440]
SECOND = 1_000


@dataclass
class Seen:
    """A page, and everything that it did beside being shown."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def refuse(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(
        permissions=["clipboard-read", "clipboard-write"],
        reduced_motion="reduce",  # a jump is over at once
    ) as made:
        yield made


@pytest.fixture
def shown(context: BrowserContext, tmp_path: Path) -> Callable[..., Seen]:
    """Opens a page."""

    def show(text: str, place: str = "") -> Seen:
        path = tmp_path / "index.html"
        path.write_text(text, encoding="utf-8")
        seen = Seen(context.new_page())
        seen.page.set_default_timeout(10 * SECOND)
        seen.page.on("dialog", seen.refuse)
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.goto(path.as_uri() + place)
        return seen

    return show


@pytest.fixture
def opened(shown: Callable[..., Seen]) -> Callable[..., Seen]:
    """Opens the report of a run."""
    return lambda run, place="", lang="en": shown(render_html(run, lang), place)


def with_finding(text: str) -> RunResult:
    finding = samples.finding(
        text, text, text[:-1], member=text, exchanges=(samples.exchange(text),), reproduce=text
    )
    return samples.run(
        samples.target("office", samples.requirement(verdict=Verdict.DEVIATES, findings=(finding,)))
    )


@pytest.mark.parametrize("run", [samples.hostile(), with_finding(HUGE)], ids=["hostile", "a megabyte"])
def test_what_a_portal_says_cannot_act(opened: Callable[..., Seen], run: RunResult) -> None:
    seen = opened(run)
    seen.page.locator("#lang-ru").check()
    for fold in seen.page.locator("summary").all()[:20]:
        fold.click()
    for link in seen.page.locator("a[href]").all():
        assert (link.get_attribute("href") or "").startswith(("#", "https://"))
    assert seen.page.title() == "Отклоняется · Etalon"
    assert (seen.dialogs, seen.errors) == ([], [])
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.page.locator("img, iframe, main script, main style").count() == 0


def test_no_other_script_runs_in_the_page(opened: Callable[..., Seen]) -> None:
    page = opened(samples.healthy()).page
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.append("document.title = 'owned'");
          document.body.append(script);
          try {
            document.body.innerHTML = "<img src=x onerror='document.title=1'>";
          } catch {}
        }"""
    )
    page.wait_for_timeout(100)
    assert page.title() == "Conforms · Etalon"


def test_a_bidirectional_override_turns_nothing_around(opened: Callable[..., Seen]) -> None:
    page = opened(with_finding("abc\u202edef")).page
    assert page.locator(".summary .ch").first.inner_text() == "RLO"
    first, last = (
        page.evaluate(
            """([needle]) => {
              const text = document.querySelector(".summary bdi");
              const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(needle);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + 1);
                return range.getBoundingClientRect().left;
              }
            }""",
            [letter],
        )
        for letter in "df"
    )
    assert first < last


def is_on_screen(page: Page) -> bool:
    place = page.locator(":target").bounding_box()
    window = page.viewport_size
    assert place is not None
    assert window is not None
    return -1 <= place["y"] < window["height"]


def shown_rows(page: Page) -> int:
    rows: int = page.evaluate(
        "[...document.querySelectorAll('details.row')].filter((row) => row.checkVisibility()).length"
    )
    return rows


def clear(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("status").filter(has_text=re.compile(r"14\D+14")).wait_for()


def test_filters_show_what_is_asked_for_and_count_it(opened: Callable[..., Seen]) -> None:
    page = opened(samples.run(samples.one_of_each(), samples.one_of_each("second portal"))).page
    count = page.locator("[name=shown]")
    assert (shown_rows(page), count.inner_text()) == (14, "14")
    page.locator("[name=verdict][value=observed]").check()
    assert (shown_rows(page), count.inner_text()) == (2, "2")
    assert page.locator("article:visible").count() == 0
    page.get_by_role("searchbox").fill("no such words")
    assert page.get_by_text("No requirement matches the filter.").is_visible()
    clear(page)
    assert shown_rows(page) == 14
    page.locator("[name=theme]").select_option("errors")
    assert shown_rows(page) == 2
    page.locator("[name=theme]").select_option("")
    page.locator("[name=level][value=silent]").check()
    assert shown_rows(page) == 2
    clear(page)
    page.get_by_role("searchbox").fill("r7-case-conforms")
    assert shown_rows(page) == 2


def test_a_deep_link_leads_to_its_requirement_even_through_a_filter(opened: Callable[..., Seen]) -> None:
    page = opened(samples.crowded(), "#office/R7-DEVIATING-060").page
    assert page.locator(":target").get_attribute("id") == "office/R7-DEVIATING-060"
    assert is_on_screen(page)
    page.get_by_role("searchbox").fill("R7-DEVIATING-001")
    assert page.locator(":target").is_hidden()
    page.evaluate("location.hash = '#tracker/R7-ROW-199'")
    page.locator("details:target[open]").wait_for()
    assert is_on_screen(page)


def test_the_switch_changes_every_word(opened: Callable[..., Seen]) -> None:
    page = opened(samples.run(samples.one_of_each())).page
    page.emulate_media(media="print")  # all of it, what is off the screen included
    english = page.locator("main").inner_text()
    page.locator("#lang-ru").dispatch_event("click")
    russian = page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.lang") == "ru"
    assert page.title() == "Отклоняется · Etalon"
    assert page.locator("main .l[lang=en]:visible").count() == 0
    assert "An update that does not send description" in english
    assert "An update" not in russian
    assert "Изменение, в котором нет поля description, сбрасывает его." in russian
    page.locator("#lang-en").dispatch_event("click")
    assert page.locator("main").inner_text() == english


def test_curl_lines_are_copied_as_they_are(opened: Callable[..., Seen]) -> None:
    page = opened(samples.run(samples.one_of_each())).page
    button = page.get_by_role("button", name="Copy").first
    button.click()
    page.wait_for_selector("[data-state]")
    copied = page.evaluate(
        """async () => document.querySelector("[data-state=copied]")
             ? await navigator.clipboard.readText() : getSelection().toString()"""
    )
    assert copied.strip() == samples.CURL


def test_all_steps_are_copied_at_once_with_what_the_page_only_names(opened: Callable[..., Seen]) -> None:
    steps = (StepRecord("create a task", "curl 'a\u200bb'"), StepRecord("read task 7", "curl <two>"))
    row = samples.requirement(verdict=Verdict.DEVIATES, findings=(samples.finding(steps=steps),))
    page = opened(samples.run(samples.target("office", row))).page
    page.locator(".again > summary").click()
    page.get_by_role("button", name="Copy all").click()  # made when the fold opens, so it is waited for
    assert page.get_by_role("button", name="Copy", exact=True).count() == 2
    page.wait_for_selector("[data-state=copied]")
    assert page.evaluate("navigator.clipboard.readText()") == "curl 'a\u200bb'\ncurl <two>"


def test_the_keyboard_alone_is_enough(opened: Callable[..., Seen]) -> None:
    page = opened(samples.run(samples.one_of_each())).page
    keys = page.keyboard
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Skip to the results")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"
    page.locator("#lang-en").focus()
    keys.press("ArrowRight")
    assert page.evaluate("document.documentElement.lang") == "ru"
    page.locator("[name=verdict]").first.focus()
    keys.press("Space")
    assert shown_rows(page) == 1
    row = page.locator("details.row:visible summary")
    row.focus()
    keys.press("Enter")
    assert page.locator("details.row:visible").get_attribute("open") is not None


def serious(page: Page, source: str) -> dict[str, list[str]]:
    """The violations that axe-core calls serious or critical, with the elements that show them."""
    page.evaluate(source)
    violations = page.evaluate("async () => (await axe.run()).violations")
    return {
        found["id"]: [node["html"][:200] for node in found["nodes"]]
        for found in violations
        if found["impact"] in {"serious", "critical"}
    }


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(
    opened: Callable[..., Seen], width: int, scheme: Literal["light", "dark"], lang: str
) -> None:
    source = axe()
    page = opened(samples.run(samples.one_of_each(), samples.one_of_each("second portal")), lang=lang).page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.get_by_role("button", name="Open all" if lang == "en" else "Раскрыть все").click()
    assert serious(page, source) == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_comparison_is_as_safe_and_as_accessible(shown: Callable[..., Seen], width: int) -> None:
    source = axe()
    seen = shown(render_diff(compare(samples.run(samples.target("office")), samples.hostile())))
    page = seen.page
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("#lang-ru").dispatch_event("click")
    assert page.title() == "Сравнение прогонов · Etalon"
    assert (seen.dialogs, seen.errors) == ([], [])
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    rights = "[...document.querySelectorAll('.badge')].map((one) => one.getBoundingClientRect().right)"
    assert max(page.evaluate(rights)) <= width  # what is wider would be clipped, and so not widen the page
    assert serious(page, source) == {}


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(
    opened: Callable[..., Seen], width: int, lang: str, name: str
) -> None:
    page = opened(RUNS[name], lang=lang).page
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_printed_report_has_everything_that_is_folded_on_the_screen(opened: Callable[..., Seen]) -> None:
    page = opened(samples.run(samples.one_of_each())).page
    folded = page.locator("details.exchanges pre").first
    assert folded.is_hidden()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert page.locator("form.filters").is_hidden()


def test_three_hundred_requirements_open_and_filter_within_a_second(opened: Callable[..., Seen]) -> None:
    page = opened(samples.crowded(findings=100, requirements=300)).page
    loads = []
    for _ in range(3):  # the best of a few: how busy the machine is says nothing about the page
        page.reload()
        loads.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    filtered = page.evaluate(
        """() => {
          const field = document.querySelector("[name=text]");
          const begun = performance.now();
          field.value = "R7-ROW-1";
          field.dispatchEvent(new Event("input", {bubbles: true}));
          document.body.offsetHeight;
          return performance.now() - begun;
        }"""
    )
    assert min(loads) < SECOND
    assert filtered < SECOND
    assert shown_rows(page) == 100
