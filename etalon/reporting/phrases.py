"""What a results file says, in either language: its messages as sentences, or its sentences as they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.messages import Message, catalogue
from etalon.portals.curl import in_a_comment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.reporting.records import FindingRecord, MessageRecord


def said(sentence: str, lang: str, message: MessageRecord | None = None) -> str:
    """A sentence of a finding, reason or note in a language.

    Args:
        sentence: as it stands in the results file, in English.
        lang: `en` or `ru`.
        message: what it is made of. A sentence of a former Etalon's has none, and that of a later one may be
            none that this catalogue knows: they are shown as they came.
    """
    if lang == "en" or message is None:
        return sentence
    try:
        return catalogue.said(message.message, lang)
    except catalogue.UnsayableError:
        return sentence


def both(sentence: str, message: MessageRecord | None = None) -> Mapping[str, str]:
    """The sentence by language, as the words of a contract's row are."""
    return {lang: said(sentence, lang, message) for lang in catalogue.LANGS}


def values(finding: FindingRecord) -> tuple[Mapping[str, str], Mapping[str, str]] | None:
    """Expected and observed by language, where words of Etalon's were owed; None where it was a value.

    Only words are translated: a task whose title happens to be `no task` keeps it.
    """
    if finding.expected_message is None:
        return None
    return (
        both(finding.expected, finding.expected_message),
        both(finding.observed, finding.observed_message),
    )


def sides(finding: FindingRecord, lang: str) -> tuple[str, str]:
    """Expected and observed in one language."""
    return (
        said(finding.expected, lang, finding.expected_message),
        said(finding.observed, lang, finding.observed_message),
    )


def shell_lines(finding: FindingRecord, lang: str) -> str:
    """What shows a finding again, its steps numbered: each in words of a language above its line."""
    if not finding.steps:
        return finding.reproduce
    return "\n".join(
        f"# {number}. {in_a_comment(said(step.says, lang, step.message))}\n{step.reproduce}"
        for number, step in enumerate(finding.steps, start=1)
    )


def behaviour(name: str) -> str:
    """What a behaviour's name means, in Russian; the name itself, which a target pins, stays beside it."""
    return catalogue.said(Message("behaviour-meaning", name=name), "ru")
