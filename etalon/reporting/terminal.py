"""The summary that a run leaves in the terminal: readable at 80 columns, in a pipe and without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from etalon.judging.verdicts import Verdict
from etalon.reporting import view, words
from etalon.reporting.phrases import said
from etalon.reporting.printing import printable
from etalon.reporting.text import shortened
from etalon.reporting.words import SIGNS, say, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from etalon.reporting.results import RequirementResult, RunResult, TargetResult

STYLES = {
    Verdict.CONFORMS: "green",
    Verdict.DEVIATES: "bold red",
    Verdict.OBSERVED: "blue",
    Verdict.NOT_TESTABLE: "yellow",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.PLANNED: "dim",
}
_ASCII_SIGNS = {
    Verdict.CONFORMS: "+",
    Verdict.DEVIATES: "x",
    Verdict.OBSERVED: "o",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.PLANNED: ".",
}
_SUMMARY_LENGTH = 300
_LIST_LENGTH = 2_000


def print_summary(run: RunResult, console: Console, lang: str = "en") -> None:
    """Print what a run found: per target the verdict, the counts by theme, and what went wrong.

    Args:
        run: the run, complete or not.
        console: where to; its width, colours and encoding are respected.
        lang: `en` or `ru`.
    """
    for target in run.targets:
        _print_target(run, target, console, lang)
    if not run.complete:
        warning = f"{word('label-incomplete', lang)} {word('label-incomplete-means', lang)}"
        put(Text(shown(warning, console), "bold yellow"), console)
    if not run.targets:
        console.print(Text(shown(word("label-no-targets", lang), console), "yellow"))
    if run.stale:
        console.print(Text(shown(word("label-stale", lang), console), "bold red"))
        for sentence, message in run.told_stale:
            put(Text(shown(said(sentence, lang, message), console)), console, 4)
    line = Text(sign(run.verdict, console) + " ", STYLES[run.verdict])
    line.append(shown(word("overall", lang, verdict=run.verdict), console))
    line.append(shown(f": {words.figures(run, lang)}", console), "not bold default")
    put(line, console)


def put(text: Text, console: Console, indent: int = 0) -> None:
    """Print a sentence: wrapped under its own beginning on a terminal, as one line in a pipe.

    Whoever reads a pipe wraps for himself, or searches: a break in the middle of a sentence spoils both.
    """
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent).append(text), soft_wrap=True)


def shown(text: str, console: Console, *, limit: int = _SUMMARY_LENGTH) -> str:
    """Text as this console can show it: nothing that a terminal obeys, nothing that its encoding lacks."""
    line = shortened(printable(text), limit)
    return line.encode(console.encoding, errors="backslashreplace").decode(console.encoding)


def sign(verdict: Verdict, console: Console) -> str:
    """The verdict's sign, or one that plain ASCII has."""
    return _encodable(SIGNS[verdict], _ASCII_SIGNS.get(verdict, SIGNS[verdict]), console)


def _encodable(preferred: str, otherwise: str, console: Console) -> str:
    try:
        preferred.encode(console.encoding)
    except UnicodeEncodeError:
        return otherwise
    return preferred


def _print_target(run: RunResult, target: TargetResult, console: Console, lang: str) -> None:
    verdict = view.overall(run, target)
    line = Text(
        f"{sign(verdict, console)} {shown(word('overall', lang, verdict=verdict), console)}", STYLES[verdict]
    )
    line.append(shown(f"  {target.name}", console), "bold default")
    spent = word("count-request", lang, n=target.requests)
    where = (
        f"  {target.kind}, {target.dialect}, {target.url}, {spent}, {words.duration(target.seconds, lang)}"
    )
    line.append(shown(where, console), "not bold dim default")
    put(line, console)
    sentences = [
        word("sentence-of-verdict", lang, verdict=found, n=number) for found, number in view.headline(target)
    ]
    if target.allowed:
        sentences.append(word("count-accepted", lang, n=target.allowed))
    put(Text(shown(" ".join(sentences) or word("label-no-requirements", lang), console)), console)
    if target.requirements:
        console.print(_counts_by_theme(target, console, lang))
    _print_deviations(target, console, lang)
    for row in view.accepted(target):
        reason = row.allowed.reason if row.allowed else ""
        _print_row(row, console, [reason], f" ({word('label-accepted-badge', lang)})")
    for rows in view.unsettled(target):
        _print_row(
            rows[0], console, [said(rows[0].reason, lang, rows[0].reason_message)], _and_more(rows, lang)
        )
    if target.left_behind:
        left = f"{word('label-left-behind-means', lang)} {', '.join(target.left_behind)}"
        put(Text(shown(left, console, limit=_LIST_LENGTH), "yellow"), console)
    for note, message in target.told:
        put(Text(shown(said(note, lang, message), console), "dim"), console)
    console.print()


def _print_deviations(target: TargetResult, console: Console, lang: str) -> None:
    """What deviates, causes first: each with what else its steps show."""
    explained = view.explained(target)
    groups = view.deviations(target)
    if explained:
        causes = sum(len(group.requirements) for group in groups)
        put(Text(shown(word("count-cause", lang, n=causes), console)), console)
    for row in (row for group in groups for row in group.requirements):
        sentences = [said(one.summary, lang, one.message) for one in row.findings]
        others = tuple(one.id for one in explained.get(row.id, ()))
        if others:
            sentences.append(word("label-breaks-too", lang, rows=others))
        _print_row(row, console, sentences)


def _counts_by_theme(target: TargetResult, console: Console, lang: str) -> Table:
    occurring = view.counts(target)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column(shown(word("label-theme", lang), console), min_width=12, overflow="fold")
    headings = [
        shown(word("verdict", lang, verdict=verdict), console).replace(" ", "\n", 1)
        for verdict, _ in occurring
    ]
    lines = max(heading.count("\n") for heading in headings)
    for heading in headings:
        table.add_column("\n" * (lines - heading.count("\n")) + heading, justify="right", no_wrap=True)
    for group in view.by_theme(target):
        cells = [_cell(group.count(verdict), verdict, console) for verdict, _ in occurring]
        table.add_row(Text(shown(say(group.title, lang), console)), *cells)
    table.add_section()
    totals = [_cell(number, verdict, console) for verdict, number in occurring]
    table.add_row(shown(word("label-total", lang), console), *totals, style="bold")
    return table


def _cell(number: int, verdict: Verdict, console: Console) -> Text:
    return Text(str(number), STYLES[verdict]) if number else Text(_encodable("·", ".", console), "dim")


def _and_more(rows: Sequence[RequirementResult], lang: str) -> str:
    return f" + {word('count-requirement', lang, n=len(rows) - 1)}" if len(rows) > 1 else ""


def _print_row(row: RequirementResult, console: Console, sentences: list[str], more: str = "") -> None:
    console.print(
        Text.assemble(
            (f"{sign(row.verdict, console)} ", "dim" if row.allowed else STYLES[row.verdict]),
            (shown(row.id, console), "bold"),
            (shown(more, console), "dim"),
        )
    )
    for sentence in sentences:
        put(Text(shown(sentence, console)), console, 4)
