"""What Allure is told about a check beside pytest's own outcome: its place, its weight, its evidence.

Without `--alluredir` every call here does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import allure

if TYPE_CHECKING:
    from etalon.judging.requirements import Requirement
    from etalon.reporting.results import FindingRecord

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
    allure.dynamic.description(f"{source.page}: {source.row}")
    if source.url:
        allure.dynamic.link(source.url, name=source.page)


def attach(finding: FindingRecord) -> None:
    """Attach the evidence of a finding, as it may be shown, to the running check."""
    text = allure.attachment_type.TEXT
    allure.attach(f"expected: {finding.expected}\nobserved: {finding.observed}", finding.summary, text)
    for number, exchange in enumerate(finding.exchanges, start=1):
        allure.attach(f"{exchange.request}\n\n{exchange.response}", f"exchange {number}", text)
    allure.attach(finding.reproduce, "reproduce with curl", text)
