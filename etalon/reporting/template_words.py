"""What the templates say, each thing in both languages at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from etalon.reporting import markup, phrases, view, words
from etalon.reporting.sources import source_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from etalon.judging.verdicts import Verdict
    from etalon.reporting.records import MessageRecord
    from etalon.reporting.results import RunResult, TargetResult


def _say(key: str, **parameters: str | int) -> Markup:
    return markup.bilingual(words.both(key, **parameters))


def _say_count(key: str, number: int) -> Markup:
    return markup.bilingual(words.both(key, n=number))


def _say_verdict(verdict: Verdict) -> Markup:
    return markup.bilingual(words.both("verdict", verdict=verdict))


def _say_sentences(part: RunResult | TargetResult) -> Markup:
    sentences = (
        markup.bilingual(words.both("sentence-of-verdict", verdict=verdict, n=number))
        for verdict, number in view.headline(part)
    )
    return Markup(" ").join(sentences)


def _say_number(number: int) -> Markup:
    return markup.bilingual({lang: words.grouped(number, lang) for lang in words.LANGS})


def _say_duration(seconds: float) -> Markup:
    return markup.bilingual({lang: words.duration(seconds, lang) for lang in words.LANGS})


def _say_sentence(sentence: str, message: MessageRecord | None = None) -> Markup:
    return markup.bilingual(phrases.both(sentence, message))


def _say_row(row: str) -> Markup:
    return markup.bilingual({lang: source_row(row, lang) for lang in words.LANGS})


def _say_kind(kind: str) -> Markup:
    return markup.bilingual(words.both("value-kind", kind=kind))


def _say_behaviours(names: Sequence[str]) -> Markup:
    russian = map(phrases.behaviour, names)
    return markup.bilingual({"en": ", ".join(names), "ru": ", ".join(russian)})


FUNCTIONS: Mapping[str, Callable[..., Markup | str]] = {
    "meaning": phrases.behaviour,
    "say": _say,
    "say_behaviours": _say_behaviours,
    "say_count": _say_count,
    "say_duration": _say_duration,
    "say_kind": _say_kind,
    "say_number": _say_number,
    "say_row": _say_row,
    "say_sentence": _say_sentence,
    "say_sentences": _say_sentences,
    "say_verdict": _say_verdict,
}
"""By the names under which the templates know them."""
