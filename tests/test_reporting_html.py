from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from lxml import html
from msgspec.structs import replace

from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.reporting import view
from etalon.reporting.html import anchor, render_html
from etalon.reporting.records import (
    AllowedRecord,
    ExchangeRecord,
    MessageRecord,
    OperationCoverage,
    ParameterCoverage,
    Spending,
    StepRecord,
)
from etalon.reporting.words import VERDICTS_IN_ORDER, word
from tests import reporting_samples as samples

if TYPE_CHECKING:
    from etalon.reporting.results import RunResult

RUNS = {
    "nothing": samples.run(),
    "healthy": samples.healthy(),
    "one of each": samples.run(samples.one_of_each(), samples.one_of_each("second portal")),
    "hostile": samples.hostile(),
}


@pytest.fixture(params=list(RUNS.values()), ids=list(RUNS))
def run(request: pytest.FixtureRequest) -> RunResult:
    return request.param  # type: ignore[no-any-return]  # one of RUNS


def page(run: RunResult, lang: str = "en") -> html.HtmlElement:
    return html.fromstring(render_html(run, lang))


def text(element: html.HtmlElement, lang: str = "en") -> str:
    other = "ru" if lang == "en" else "en"
    for hidden in element.xpath(f".//span[@class='l'][@lang='{other}']"):
        hidden.drop_tree()
    return " ".join(element.text_content().split())


def test_the_verdict_comes_first_in_words_of_both_languages() -> None:
    run = samples.run(samples.one_of_each())
    assert text(page(run).xpath("//h1")[0]) == "✗ Deviates"
    assert text(page(run).xpath("//h1")[0], "ru") == "✗ Отклоняется"
    assert text(page(run).xpath("//main//*[@class='lead']")[0]).startswith("1 requirement is not kept.")


@pytest.mark.parametrize(
    ("lang", "checked", "title"), [("en", "en", "Conforms"), ("ru", "ru", "Соответствует")]
)
def test_the_page_opens_in_the_language_asked_for(lang: str, checked: str, title: str) -> None:
    tree = page(samples.healthy(), lang)
    assert tree.get("lang") == lang
    assert tree.xpath("//input[@name='lang'][@checked]/@value") == [checked]
    assert tree.xpath("string(//title)") == f"{title} · Etalon"


def test_headline_figures() -> None:
    figures = [text(figure) for figure in page(samples.healthy()).xpath("//dl[@class='figures']/div")]
    for figure in (
        "Requests213",
        "Time41.5 s",
        "Profilestandard",
        "Seed1",
        "Etalon0.1.0",
        "Commandetalon run",
    ):
        assert figure in figures


def test_what_deviates_stands_before_the_rest_grouped_by_theme_worst_first() -> None:
    deviates = Verdict.DEVIATES
    rows = (
        samples.requirement("R7-IMPLIED", deviates, theme="create", level="should"),
        samples.requirement("R7-FINE"),
        samples.requirement("R7-SAID", deviates, theme="errors", level="must"),
    )
    tree = page(samples.run(samples.target("office", *rows)))
    assert [h.text_content() for h in tree.xpath("//article//h5")] == ["R7-SAID", "R7-IMPLIED"]
    listed = [row.text_content() for row in tree.xpath("//details//span[@class='id']")]
    assert listed == ["R7-IMPLIED", "R7-FINE", "R7-SAID"]
    order = [text(heading) for heading in tree.xpath("//section[contains(@class, 'target')]//h3")]
    assert order == ["What deviates", "All requirements"]


def test_every_requirement_is_listed_once_with_its_verdict_and_can_be_linked_to(run: RunResult) -> None:
    tree = page(run)
    places = tree.xpath("//@id")
    assert len(places) == len(set(places))
    assert len(tree.xpath("//details[contains(@class, 'row')]")) == sum(
        len(t.requirements) for t in run.targets
    )
    for target in run.targets:
        for requirement in target.requirements:
            place = tree.get_element_by_id(anchor(target.name, requirement.id))
            shown_as = "allowed" if requirement.allowed else requirement.verdict.value
            assert place.get("data-verdict") == shown_as


def test_every_link_within_the_page_leads_somewhere(run: RunResult) -> None:
    tree = page(run)
    places = set(tree.xpath("//@id"))
    links = [unquote(link[1:]) for link in tree.xpath("//a/@href") if link.startswith("#")]
    assert links
    assert set(links) <= places


def test_evidence_is_there() -> None:
    article = page(samples.run(samples.one_of_each())).xpath("//article")[0]
    shown = text(article)
    assert "An update that does not send description clears it." in shown
    assert [element.text_content() for element in article.xpath(".//del[not(ancestor::p)]")] == [" "]
    assert "PUT https://portal.example/api/2.0/crm/task/501.json" in shown
    assert [lines.text_content() for lines in article.xpath(".//pre[@class='lines']")] == [samples.CURL]
    assert article.xpath(".//a[@rel]/@href") == [samples.PAGE]
    assert "r7-crm-task-update · description, optional" in shown
    assert "4 checks" in shown


def test_a_run_that_was_cut_off_says_so_before_anything_else_and_is_never_green() -> None:
    whole, cut = samples.healthy(), replace(samples.healthy(), complete=False, finished="")
    assert page(whole).xpath("//*[@class='banner']") == []
    tree = page(cut)
    main = tree.get_element_by_id("results")
    assert text(main[0]).startswith("This run is not complete.")
    for overall in tree.xpath("//h1 | //*[contains(@class, 'overall')]"):
        assert "Inconclusive" in text(overall)
    assert "No deviation was found" not in render_html(cut)


def test_only_conformance_is_green() -> None:
    styles = page(samples.healthy()).xpath("string(//style)")
    colours = {
        name: colour
        for names, colour in re.findall(r"((?:\.v-[\w-]+(?:, )?)+) \{ --v: var\(--(\w+)\)", styles)
        for name in re.findall(r"\.v-([\w-]+)", names)
    }
    assert set(colours) == {verdict.value for verdict in Verdict} | {"allowed"}
    assert [verdict for verdict, colour in colours.items() if colour == "good"] == ["conforms"]


def test_every_verdict_and_level_is_explained(run: RunResult) -> None:
    legend = text(page(run).xpath("//footer//dl")[0])
    assert all(word("verdict", "en", verdict=verdict) in legend for verdict in VERDICTS_IN_ORDER)
    assert all(level in legend for level in ("must", "should", "silent"))


def test_nothing_is_loaded_from_anywhere(run: RunResult) -> None:
    tree = page(run)
    assert (
        tree.xpath("//@src | //link[not(@rel='icon')] | //iframe | //img | //object | //embed | //base") == []
    )
    assert all(icon.startswith("data:image/svg+xml,") for icon in tree.xpath("//link/@href"))
    assert "@import" not in (styles := tree.xpath("string(//style)"))
    assert "url(" not in styles
    assert all(link.startswith(("#", "https://")) for link in tree.xpath("//a/@href"))
    assert tree.xpath("//@style | //*/@*[starts-with(name(), 'on')]") == []


def test_only_the_reports_own_script_and_styles_are_allowed_to_act(run: RunResult) -> None:
    tree = page(run)
    policy = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        (element,) = tree.xpath(f"//{kind}")
        digest = b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("hostile", samples.HOSTILE[:3])
def test_what_a_portal_says_stays_text(hostile: str) -> None:
    tree = page(samples.hostile())
    assert hostile in tree.text_content()
    assert len(tree.xpath("//script")) == len(tree.xpath("//style")) == len(tree.xpath("//title")) == 1


def test_no_character_of_a_portals_may_turn_the_page_around() -> None:
    directional = "[\u202a-\u202e\u2066-\u2069\x1b]"
    rendered = render_html(samples.hostile())
    assert not re.search("[\x00-\x08\ud800-\udfff]", rendered)
    tree = page(samples.hostile())
    shown = [tree.text_content(), *tree.xpath("//option/@data-en | //option/@data-ru | //@title")]
    assert not any(re.search(directional, text) for text in shown)
    assert "RLO" in shown[0]


def test_a_hundred_findings_fit_into_two_megabytes() -> None:
    assert len(render_html(samples.crowded()).encode()) < 2_000_000


def test_one_title_of_a_megabyte_is_cut() -> None:
    huge = "<Ж\u202e" * 350_000
    one = samples.finding(huge, huge, huge[:-1], exchanges=(samples.exchange(huge),), reproduce=huge)
    rendered = render_html(
        samples.run(samples.target("office", samples.requirement(verdict=Verdict.DEVIATES, findings=(one,))))
    )
    assert len(rendered.encode()) < 200_000
    assert "characters left out" in rendered


def test_steps_are_numbered_each_with_its_line_to_copy() -> None:
    steps = (
        StepRecord("create task 1", "curl one", MessageRecord("step-create-task", {"name": 1})),
        StepRecord("read task 1", "curl two"),
    )
    row = samples.requirement(verdict=Verdict.DEVIATES, findings=(samples.finding(steps=steps),))
    tree = page(samples.run(samples.target("office", row)))
    items = tree.xpath("//ol[@class='steps']/li")
    assert [text(item.xpath("./p")[0]) for item in items] == ["create task 1", "read task 1"]
    assert [item.xpath("string(.//pre[@class='lines'])") for item in items] == ["curl one", "curl two"]
    tree = page(samples.run(samples.target("office", row)))
    assert text(tree.xpath("//ol[@class='steps']/li/p")[0], "ru") == "создать задачу 1"


def test_an_exchange_is_told_by_what_it_asked_for_and_what_came_of_it() -> None:
    planfix = ExchangeRecord(
        'POST https://api.planfix.ru/xml/\n\n<request method="task.get"></request>',
        'HTTP/1.1 200\n\n<response status="error"></response>',
    )
    row = samples.requirement(
        verdict=Verdict.DEVIATES, findings=(samples.finding(exchanges=(samples.exchange(), planfix)),)
    )
    titles = page(samples.run(samples.target("office", row))).xpath("//p[@class='what']")
    assert [text(title) for title in titles] == [
        "PUT https://portal.example/api/2.0/crm/task/501.json → 200 OK",
        "task.get → 200 error",
    ]


def test_long_values_say_how_long_they_are() -> None:
    row = samples.requirement(
        verdict=Verdict.DEVIATES, findings=(samples.finding(expected="x" * 256, observed="x" * 255),)
    )
    captions = page(samples.run(samples.target("office", row))).xpath("//figcaption")
    assert [text(caption) for caption in captions] == [
        "Expected · 256 characters",
        "Observed · 255 characters",
    ]


def test_what_the_lines_take_from_the_shell_is_said_once_before_them() -> None:
    row = samples.requirement(
        verdict=Verdict.DEVIATES,
        findings=(samples.finding(reproduce='curl x/"$TASK_ID" -H "$R7_TOKEN"\ncurl y/"$TASK_ID"'),),
    )
    (said,) = page(samples.run(samples.target("office", row, row))).xpath(
        "//p[contains(@class, 'variables')]"
    )
    assert text(said).endswith("set them first: TASK_ID (the id that the creation answers), R7_TOKEN")


def test_themes_that_deviate_are_listed_with_links_where_there_are_several() -> None:
    rows = [
        samples.requirement(f"R7-{number}", Verdict.DEVIATES, theme=theme)
        for number, theme in enumerate(("create", "errors", "errors"))
    ]
    tree = page(samples.run(samples.target("office", *rows)))
    (contents,) = tree.xpath("//ul[@class='contents']")
    assert text(contents) == "Refused requests 2 Creating a task 1"
    assert page(samples.run(samples.target("office", rows[0]))).xpath("//ul[@class='contents']") == []


def test_shell_lines_stay_whole_where_messages_have_to_be_cut() -> None:
    lines = "curl -sS " + "x" * 2_500
    crowd = tuple(
        samples.requirement(
            f"R7-{number}",
            Verdict.DEVIATES,
            findings=(samples.finding(exchanges=(samples.exchange("<" * 9_000),), reproduce=lines),),
        )
        for number in range(100)
    )
    rendered = render_html(samples.run(samples.target("office", *crowd)))
    assert len(rendered.encode()) < 2_000_000
    tree: html.HtmlElement = html.fromstring(rendered)
    assert [shown.text_content() for shown in tree.xpath("//pre[@class='lines']")] == [lines] * 100


def test_words_of_expected_and_observed_are_in_both_languages_and_values_are_not() -> None:
    row = samples.requirement(
        verdict=Verdict.DEVIATES,
        findings=(
            samples.finding(
                expected="a refusal",
                observed="HTTP 200",
                expected_message=MessageRecord("a-refusal"),
                observed_message=MessageRecord("http-status", {"status": 200}),
            ),
        ),
    )
    shown = page(samples.run(samples.target("office", row))).xpath("//*[@class='pair']")[0]
    assert "отказ" in text(shown, "ru")
    assert page(samples.run(samples.one_of_each())).xpath("//*[@class='pair']//pre//span[@lang]") == []


def test_what_the_baseline_accepts_stands_apart_with_its_reason_link_and_date() -> None:
    allowed = AllowedRecord("agreed", "https://tracker.example/CRM-12", "2027-03-01")
    rows = (
        samples.requirement("R7-KNOWN", Verdict.DEVIATES, allowed=allowed),
        samples.requirement("R7-NEW", Verdict.DEVIATES, allowed=AllowedRecord("x", "javascript:alert(1)")),
        samples.requirement("R7-FINE"),
    )
    tree = page(samples.run(samples.target("office", *rows), baseline="b.toml"))
    assert text(tree.xpath("//h1")[0]) == "✓ Conforms"
    known = tree.get_element_by_id("office/R7-KNOWN")
    assert known.get("data-verdict") == "allowed"
    assert known.xpath(".//a[@rel]/@href")[0] == "https://tracker.example/CRM-12"
    for shown in ("accepted", "agreed", "2027-03-01"):
        assert shown in text(known)
    assert not [link for link in tree.xpath("//a/@href") if link.startswith("javascript")]
    assert "2 deviations are accepted by the baseline." in text(
        page(samples.run(samples.target("office", *rows)))
    )


def test_a_stale_baseline_is_said_before_the_verdict() -> None:
    where = Message("line-of-file", file="b.toml", number=3)
    stale = Message("stale-no-deviation", where=where, member="R7-ONE", target="office")
    run = samples.run(
        samples.target("office"), stale=(str(stale),), stale_messages=(MessageRecord.of(stale),)
    )
    sentence = "b.toml, line 3: R7-ONE of office no longer deviates: remove the entry."
    assert sentence in text(page(run).get_element_by_id("results")[0])
    russian = text(page(run).get_element_by_id("results")[0], "ru")
    assert "b.toml, строка 3: R7-ONE для office больше не нарушается: удалите запись." in russian


def test_coverage_names_what_was_never_sent() -> None:
    coverage = OperationCoverage(
        "updateTask",
        7,
        (
            ParameterCoverage("title", {"cyrillic": 5, "absent": 2}),
            ParameterCoverage("isNotify", {"absent": 7}),
            ParameterCoverage("alertValue", {}),
        ),
    )
    rows = page(samples.run(samples.target("office", coverage=(coverage,)))).xpath(
        "//table[@class='coverage']/tbody/tr"
    )
    shown = [text(row) for row in rows]
    assert shown[0] == "title Cyrillic 5 left out 2"
    assert shown[1] == "isNotify left out 7 never sent"
    assert shown[2] == "alertValue never sent"


def test_costs_add_up_to_the_targets_own() -> None:
    target = samples.target(
        "office",
        spending=(Spending("create", 13, 1.0), Spending("keeps", 190, 4.0), Spending("errors", 0, 0.1)),
    )
    costs = view.costs(target)
    assert [(cost.title and cost.title["en"], cost.requests) for cost in costs] == [
        ("Updating a task: the rest is kept", 190),
        ("Creating a task", 13),
        ("Refused requests", 0),
        (None, 10),
    ]
    assert sum(cost.seconds for cost in costs) == pytest.approx(target.seconds)
    assert sum(cost.share for cost in costs) == pytest.approx(1)
    assert "Logging in, cleaning up" in text(page(samples.run(target)))


def test_portals_that_behave_alike_have_one_fingerprint() -> None:
    seen = samples.requirement("R7-SEEN", Verdict.OBSERVED, behaviours=("merge", "replace"))
    fine = samples.requirement("R7-FINE")
    one = view.fingerprint_code(samples.target("one", seen, fine))
    assert one == view.fingerprint_code(samples.target("other", fine, seen))
    assert one != view.fingerprint_code(samples.target("one", replace(seen, behaviour="replace"), fine))
    shown = page(samples.run(samples.target("one", seen))).xpath("//table[@class='fingerprint']/tbody/tr")[0]
    assert "merge not replace" in text(shown)
    assert one in page(samples.run(samples.target("one", seen, fine))).text_content()
