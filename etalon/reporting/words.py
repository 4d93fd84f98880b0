"""The words of the reports, out of the catalogue; and signs and orders, the same in every medium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.judging.verdicts import Verdict
from etalon.messages import Message
from etalon.messages.catalogue import LANGS, Lang, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.messages import Parameter
    from etalon.reporting.results import RunResult

__all__ = ["LANGS", "Lang"]

Words = Mapping[str, str]
"""Language → text, as the statements of a contract are."""

# The same sign in every medium, so that no verdict is told by colour alone.
SIGNS: Mapping[Verdict, str] = {
    Verdict.CONFORMS: "✓",
    Verdict.DEVIATES: "✗",
    Verdict.OBSERVED: "◎",
    Verdict.NOT_TESTABLE: "!",
    Verdict.INCONCLUSIVE: "?",
    Verdict.NOT_APPLICABLE: "–",
    Verdict.PLANNED: "○",
}

# Worst first, then what was settled, then what was left out: the order of every table and filter.
VERDICTS_IN_ORDER: tuple[Verdict, ...] = (
    Verdict.DEVIATES,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_TESTABLE,
    Verdict.CONFORMS,
    Verdict.OBSERVED,
    Verdict.NOT_APPLICABLE,
    Verdict.PLANNED,
)

LEVELS = ("must", "should", "silent")


def say(words: Words, lang: str) -> str:
    """The words in a language, in English where it lacks them."""
    return words.get(lang) or words.get("en", "")


def word(key: str, lang: str, /, **parameters: Parameter) -> str:
    """What the catalogue has under a key, in a language; numbers with the words that agree with them."""
    return said(Message(key, **parameters), lang)


def both(key: str, /, **parameters: Parameter) -> Words:
    """The same by language."""
    return {lang: word(key, lang, **parameters) for lang in LANGS}


def grouped(number: int, lang: str) -> str:
    """A whole number with its thousands set apart, as the language is used to."""
    return word("number", lang, n=number)


def duration(seconds: float, lang: str) -> str:
    """Seconds with their unit: one decimal below a hundred, whole above."""
    precise = seconds < 100  # noqa: PLR2004 - three digits say enough
    if not precise:
        return word("duration", lang, number=grouped(round(seconds), lang))
    whole, _, tenths = f"{seconds:.1f}".partition(".")
    return word("duration", lang, number=word("decimal", lang, whole=whole, tenths=tenths))


def figures(run: RunResult, lang: str, quoted: Callable[[str], str] = str) -> str:
    """What a run took and how it can be done again, in half a line.

    Args:
        run: the run.
        lang: `en` or `ru`.
        quoted: makes a text of the results file harmless where it goes.
    """
    return ", ".join(
        (
            word("count-request", lang, n=run.requests),
            duration(run.seconds, lang),
            f"{word('label-profile', lang).lower()} {quoted(run.profile)}",
            f"{word('label-seed', lang).lower()} {run.seed}",
            f"Etalon {quoted(run.etalon)}",
        )
    )
