"""`index.html`: the report as one file that asks nothing of the network and trusts no portal's text."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from etalon import shipped
from etalon.judging.verdicts import Verdict
from etalon.reporting import diff_words, markup, phrases, template_words, view, words
from etalon.reporting.diff import ChangeKind
from etalon.reporting.text import legible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from etalon.reporting.diff import RunDiff
    from etalon.reporting.records import FindingRecord
    from etalon.reporting.results import RunResult, TargetResult

# A page is to stay below 2 MB with a hundred findings. A requirement, a finding and an exchange take about so
# much of that without their evidence; shell lines come next (one that is cut cannot be run), and the messages
# share what is left. All in bytes of HTML.
_PAGE, _REQUIREMENT, _FINDING, _EXCHANGE = 1_800_000, 1_800, 2_100, 300
_LINES_BUDGET, _LEAST_FOR_MESSAGES = 300_000, 200_000
_LEAST_LIMIT, _LONGEST_MESSAGE, _LONGEST_LINES = 300, 16_000, 40_000

_ICON = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    "<circle cx='8' cy='8' r='7' fill='{colour}'/></svg>"
)
_ICON_COLOURS = {Verdict.CONFORMS: "#1c7a45", Verdict.DEVIATES: "#b3261e"}
_UNSETTLED_COLOUR = "#96650a"


def render_html(run: RunResult, lang: str = "en") -> str:
    """The report of a run.

    It holds English and Russian, with a switch in the page; evidence that would make the page unwieldy is
    cut, with the number of characters left out.

    Args:
        run: the run, complete or not.
        lang: the language that the page opens in, `en` or `ru`.

    Returns:
        An HTML document without lone surrogates, to be encoded as UTF-8.
    """
    folder = shipped.root() / "reports" / "templates"
    styles, script = _sources(folder, "report.css"), _sources(folder, "language.js", "report.js")
    page = _environment(folder).get_template("report.html.j2")
    text = page.render(
        run=run,
        lang=lang,
        styles=styles,
        script=script,
        policy=_policy(styles, script),
        icon=_icon(run.verdict),
        limits=_limits(run),
        themes=_themes(run.targets),
    )
    return text.encode(errors="replace").decode()


def render_diff(diff: RunDiff, lang: str = "en") -> str:
    """The comparison of two runs, as a page like the report's.

    Args:
        diff: the comparison.
        lang: the language that the page opens in, `en` or `ru`.
    """
    folder = shipped.root() / "reports" / "templates"
    styles, script = _sources(folder, "report.css"), _sources(folder, "language.js")
    page = _environment(folder).get_template("diff.html.j2")
    text = page.render(
        diff=diff,
        # Large as it is, it wraps, and no line is to begin with a number.
        headline={lang: diff_words.headline(diff, lang).replace(": ", ":\u00a0") for lang in words.LANGS},
        said_transition=lambda entry: {lang: diff_words.transition(entry, lang) for lang in words.LANGS},
        said_difference=lambda entry: {lang: diff_words.difference(entry, lang) for lang in words.LANGS},
        ChangeKind=ChangeKind,
        lang=lang,
        styles=styles,
        script=script,
        policy=_policy(styles, script),
        verdict=_verdict_of(diff),
        icon=_icon(_verdict_of(diff)),
    )
    return text.encode(errors="replace").decode()


def _verdict_of(diff: RunDiff) -> Verdict:
    if diff.exit_code == 1:
        return Verdict.DEVIATES
    return Verdict.CONFORMS if diff.are_whole and not diff.says_nothing else Verdict.INCONCLUSIVE


def anchor(target: str, requirement_id: str = "") -> str:
    """The `id` of a target's or requirement's place in the page; deep links are `#` and this, quoted."""
    name = "".join("_" if char.isspace() else char for char in target)
    return f"{name}/{requirement_id}" if requirement_id else name


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "attribute": markup.attribute,
        "href": _fragment,
        "message": markup.message,
        "web_address": markup.web_address,
    }
    environment.globals |= {
        "anchor": anchor,
        "both": markup.bilingual,
        "compared": markup.compared,
        "value_words": phrases.values,
        "verbatim": markup.verbatim,
        "Verdict": Verdict,
        "view": view,
        "words": words,
        **template_words.FUNCTIONS,
    }
    return environment


def _finalize(value: object) -> Markup:
    """Whatever a template prints that is not markup is text of unknown origin, even where one forgets it."""
    if isinstance(value, Markup):
        return value
    return markup.prose("" if value is None else str(value))


def _fragment(target_anchor: str) -> Markup:
    return markup.attribute("#" + quote(target_anchor.encode(errors="replace"), safe="/-._~"))


def _sources(folder: Path, *names: str) -> Markup:
    texts = ((folder / name).read_text(encoding="utf-8") for name in names)
    return Markup("".join(texts))  # noqa: S704 - Etalon's own files, no portal's text


def _policy(styles: str, script: str) -> str:
    """A Content-Security-Policy under which only these styles and this script have effect (CSP 3, 6.7)."""
    return (
        f"default-src 'none'; style-src '{_digest(styles)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _digest(source: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _icon(verdict: Verdict) -> str:
    return quote(_ICON.format(colour=_ICON_COLOURS.get(verdict, _UNSETTLED_COLOUR)), safe=":/,;=+' ")


def _limits(run: RunResult) -> Mapping[str, int]:
    """How many bytes of HTML a message, and what is to be run in a shell, may take in this report."""
    findings = [finding for target in run.targets for row in target.requirements for finding in row.findings]
    exchanges = [exchange for finding in findings for exchange in finding.exchanges]
    messages = [text for exchange in exchanges for text in (exchange.request, exchange.response)]
    lines = [text for finding in findings for text in _shell_texts(finding)]
    line_limit = _level(lines, _LINES_BUDGET, _LONGEST_LINES)
    left = (
        _PAGE
        - _REQUIREMENT * sum(len(target.requirements) for target in run.targets)
        - _FINDING * len(findings)
        - _EXCHANGE * len(exchanges)
        - sum(min(markup.size(text), line_limit) for text in lines)
    )
    return {
        "message": _level(messages, max(left, _LEAST_FOR_MESSAGES), _LONGEST_MESSAGE),
        "lines": line_limit,
    }


def _shell_texts(finding: FindingRecord) -> tuple[str, ...]:
    return tuple(step.reproduce for step in finding.steps) or (finding.reproduce,)


def _level(texts: Sequence[str], budget: int, longest: int) -> int:
    """The limit at which the texts, the longer ones cut to it, fill the budget: short ones stay whole."""
    sizes = sorted(min(markup.size(text), longest) for text in texts)
    for index, size in enumerate(sizes):
        share = budget // (len(sizes) - index)
        if size > share:
            return max(share, _LEAST_LIMIT)
        budget -= size
    return longest


def _themes(targets: tuple[TargetResult, ...]) -> dict[str, dict[str, str]]:
    """Theme → title by language, of all targets, each theme once; for menus, which hold no markup."""
    return {
        group.theme: {lang: legible(words.say(group.title, lang)) for lang in words.LANGS}
        for target in reversed(targets)
        for group in view.by_theme(target)
    }
