"""What Allure is told about a check beside pytest's own outcome: its place, its weight, its evidence.

Without `--alluredir` every call here does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import allure

from etalon.reporting.phrases import said, shell_lines, sides
from etalon.reporting.sources import source_row
from etalon.reporting.text import legible, shortened
from etalon.reporting.words import word

if TYPE_CHECKING:
    from etalon.judging.requirements import Requirement
    from etalon.reporting.records import ExchangeRecord, FindingRecord

_LONGEST_NAME = 200
_SEVERITIES = {
    "must": allure.severity_level.CRITICAL,
    "should": allure.severity_level.NORMAL,
    "silent": allure.severity_level.MINOR,
}


def describe(requirement: Requirement, theme: str, target: str, lang: str) -> None:
    """Name the running check in Allure's terms: the target is the epic, the theme the feature."""
    source = requirement.source
    allure.dynamic.epic(target)
    allure.dynamic.feature(theme)
    allure.dynamic.story(requirement.id)
    allure.dynamic.title(f"{requirement.id}: {requirement.statement[lang]}")
    allure.dynamic.severity(_SEVERITIES[requirement.level.value])
    allure.dynamic.description(f"{source.page}: {source_row(source.row, lang)}")
    if source.url:
        allure.dynamic.link(source.url, name=source.page)


def attach(finding: FindingRecord, lang: str = "en") -> None:
    """Attach the evidence of a finding to the running check: a step for each exchange, and how to repeat it.

    Args:
        finding: the finding, as it may be shown.
        lang: the language of names, `en` or `ru`.
    """
    text = allure.attachment_type.TEXT
    expected, observed = sides(finding, lang)
    shown = f"{word('label-expected', lang)}: {expected}\n{word('label-observed', lang)}: {observed}"
    allure.attach(shown, said(finding.summary, lang, finding.message), text)
    for exchange in finding.exchanges:
        with allure.step(_name(exchange)):
            allure.attach(exchange.request, word("label-request", lang), text)
            allure.attach(exchange.response, word("label-response", lang), text)
    allure.attach(shell_lines(finding, lang), word("label-reproduce", lang), text)


def _name(exchange: ExchangeRecord) -> str:
    """An exchange in one line: the request's first, and the status of its answer."""
    asked, answered = (part.partition("\n")[0].strip() for part in (exchange.request, exchange.response))
    return legible(shortened(f"{asked} → {answered}", _LONGEST_NAME))
