"""`summary.md`: a run on one screen, for the step summary of a CI job or a comment on a merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict
from etalon.reporting import markdown, phrases, view, words
from etalon.reporting.phrases import said
from etalon.reporting.textdiff import from_difference
from etalon.reporting.words import SIGNS, say, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.reporting.results import RequirementResult, RunResult, TargetResult

# GitHub takes a megabyte a step, and nobody reads the fiftieth finding there: the report has them all.
_FINDINGS = 40
_ROWS = 60


def render_summary(run: RunResult, lang: str = "en") -> str:
    """The run in Markdown: the verdict, a table of portals, what deviates, what is accepted or not judged.

    Args:
        run: the run, complete or not.
        lang: `en` or `ru`.
    """
    lines = [f"## {SIGNS[run.verdict]} Etalon: {word('overall', lang, verdict=run.verdict)}", ""]
    if not run.complete:
        lines += f"**{word('label-incomplete', lang)}** {word('label-incomplete-means', lang)}", ""
    if run.stale:
        lines += f"**{word('label-stale', lang)}**", ""
        lines += [
            f"- {markdown.prose(said(sentence, lang, message))}"
            for sentence, message in run.told_stale[:_ROWS]
        ]
        lines.append("")
    lines += _portals(run, lang) if run.targets else [word("label-no-targets", lang)]
    lines.append("")
    for target in run.targets:
        lines += _target(target, lang)
    lines.append(f"<sub>{words.figures(run, lang, markdown.prose)}</sub>")
    if run.command:
        lines += "", f"<sub>{markdown.code(run.command, 500)}</sub>"
    return "\n".join(lines) + "\n"


def _portals(run: RunResult, lang: str) -> list[str]:
    occurring = view.counts(run)
    headings = [word("label-portal", lang), word("label-verdict", lang)]
    headings += [f"{SIGNS[verdict]} {word('verdict', lang, verdict=verdict)}" for verdict, _ in occurring]
    if run.allowed:
        headings.append(word("label-accepted-badge", lang))
    headings += word("label-requests", lang), word("label-time", lang)
    rows = []
    for target in run.targets:
        overall = view.overall(run, target)
        cells = [
            f"**{markdown.prose(target.name)}**",
            f"{SIGNS[overall]} {word('overall', lang, verdict=overall)}",
        ]
        cells += [str(target.count(verdict)) for verdict, _ in occurring]
        if run.allowed:
            cells.append(str(target.allowed))
        cells += words.grouped(target.requests, lang), words.duration(target.seconds, lang)
        rows.append(cells)
    return markdown.table(headings, rows, numbers_from=2)


def _target(target: TargetResult, lang: str) -> Iterator[str]:
    deviating = [row for group in view.deviations(target) for row in group.requirements]
    accepted, unsettled = view.accepted(target), view.unsettled(target)
    if not (deviating or accepted or unsettled or target.left_behind):
        return
    yield f"### {markdown.prose(target.name)}"
    yield ""
    sentences = [
        word("sentence-of-verdict", lang, verdict=verdict, n=number)
        for verdict, number in view.headline(target)
        if verdict is not Verdict.CONFORMS
    ]
    if sentences:
        yield " ".join(sentences)
        yield ""
    for row in deviating[:_FINDINGS]:
        yield from _deviation(row, lang)
    if len(deviating) > _FINDINGS:
        yield f"- + {word('count-requirement', lang, n=len(deviating) - _FINDINGS)}"
    if deviating:
        yield ""
    if accepted:
        yield from _folded(
            f"{word('label-accepted', lang)}: {len(accepted)}",
            [f"{_named(row, lang)}: {markdown.prose(_accepted_because(row))}" for row in accepted],
        )
    if unsettled:
        number = sum(map(len, unsettled))
        yield from _folded(
            f"{word('label-not-judged', lang)}: {number}",
            [
                f"{markdown.prose(said(rows[0].reason, lang, rows[0].reason_message))}: "
                + ", ".join(markdown.code(row.id) for row in rows[:_ROWS])
                for rows in unsettled
            ],
        )
    if target.left_behind:
        left = ", ".join(map(markdown.code, target.left_behind[:_ROWS]))
        yield f"{word('label-left-behind-means', lang)} {left}"
        yield ""


def _deviation(row: RequirementResult, lang: str) -> Iterator[str]:
    yield f"- {_named(row, lang)}: {markdown.prose(say(row.statement, lang))}"
    for finding in row.findings[:1]:
        expected, observed = from_difference(*phrases.sides(finding, lang), markdown.VALUE_LENGTH)
        yield f"  <br>{markdown.prose(said(finding.summary, lang, finding.message))}"
        yield (
            f"  <br>{word('label-expected', lang)} {markdown.code(expected)}, "
            f"{word('label-observed', lang).lower()} {markdown.code(observed)}"
        )


def _accepted_because(row: RequirementResult) -> str:
    return row.allowed.reason if row.allowed else ""


def _named(row: RequirementResult, lang: str) -> str:
    return f"**{markdown.code(row.id)}** ({word('level', lang, level=row.level)})"


def _folded(title: str, items: list[str]) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from (f"- {item}" for item in items[:_ROWS])
    yield ""
    yield "</details>"
    yield ""
