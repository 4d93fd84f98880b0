"""Findings, reasons and notes in Russian: the checks write English, and a catalogue knows what it says.

A check says what it found where it finds it, in one sentence with the values in their places. The catalogue
(`phrases.ru.yaml`) has the Russian beside each such sentence, with named holes for the values; what a results
file holds is therefore enough to say it in either language, also years later.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from etalon.portals.curl import in_a_comment
from etalon.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.reporting.results import FindingRecord

_HOLE = re.compile(r"\{(\w+)(\.\.\.)?\}")
_WORD, _ANYTHING = r"\S+", ".+?"
# No sentence of Etalon's is longer; what is was made long by a portal, and is shown as it came.
_LONGEST = 2_000


# What a check says of a behaviour that is not the expected one.
_BEHAVES = "The portal's behaviour is {observed}, where {expected} is expected."


class _Phrase(NamedTuple):
    english: re.Pattern[str]
    russian: str


def said(sentence: str, lang: str) -> str:
    """A sentence of a finding, reason or note in a language; as it came where the catalogue lacks it."""
    return sentence if lang != "ru" else _in_russian(sentence)


def both(sentence: str) -> Mapping[str, str]:
    """The sentence by language, as the words of a contract's row are."""
    return {"en": sentence, "ru": said(sentence, "ru")}


def values(finding: FindingRecord) -> tuple[Mapping[str, str], Mapping[str, str]] | None:
    """Expected and observed by language, where they are words of Etalon's; None where they are values.

    Only words are translated: a task whose title happens to be `no task` keeps it.
    """
    if finding.summary == _BEHAVES.format(observed=finding.observed, expected=finding.expected):
        return _explained(finding.expected), _explained(finding.observed)
    if not _is_value_phrase(finding.expected):
        return None
    return _value(finding.expected), _value(finding.observed)


def absence(text: str) -> Mapping[str, str] | None:
    """What stands where there is no value, by language: `(not shown)`, `(nothing)`; None for a value."""
    if not (text.startswith("(") and text.endswith(")") and _is_value_phrase(text)):
        return None
    return _value(text)


def sides(finding: FindingRecord, lang: str) -> tuple[str, str]:
    """Expected and observed in one language."""
    words = values(finding)
    if words is not None:
        return words[0][lang], words[1][lang]
    expected, observed = (
        (absence(side) or {lang: side})[lang] for side in (finding.expected, finding.observed)
    )
    return expected, observed


def shell_lines(finding: FindingRecord, lang: str) -> str:
    """What shows a finding again, its steps numbered: each in words of a language above its line."""
    if not finding.steps:
        return finding.reproduce
    return "\n".join(
        f"# {number}. {in_a_comment(said(step.says, lang))}\n{step.reproduce}"
        for number, step in enumerate(finding.steps, start=1)
    )


def source_row(row: str, lang: str) -> str:
    """Where on its page a requirement stands, part by part; names of parameters stay what they are."""
    if lang != "ru":
        return row
    return "; ".join(_filled(_phrases("sources"), part) or part for part in row.split("; "))


def behaviour(name: str) -> str:
    """What a behaviour's name means, in Russian; empty for a code, which means the same everywhere."""
    return _catalogue()["behaviours"].get(name, "")


def is_known(sentence: str) -> bool:
    """Whether the catalogue can say the sentence in Russian."""
    return _match(_phrases("sentences"), sentence) is not None


def is_known_value(text: str) -> bool:
    """Whether the catalogue can say in Russian what stands where a finding shows a value."""
    return _is_value_phrase(text)


def _explained(name: str) -> Mapping[str, str]:
    """A behaviour by language: its name, in Russian after what it means."""
    meaning = behaviour(name)
    return {"en": name, "ru": f"{meaning} ({name})" if meaning else name}


def _value(text: str) -> Mapping[str, str]:
    return {"en": text, "ru": _filled(_phrases("values"), text) or text}


def _is_value_phrase(text: str) -> bool:
    return len(text) <= _LONGEST and _match(_phrases("values"), text) is not None


@lru_cache(maxsize=4096)
def _in_russian(sentence: str) -> str:
    return _filled(_phrases("sentences"), sentence) or sentence


def _filled(phrases: Sequence[_Phrase], text: str) -> str | None:
    found = _match(phrases, text)
    if found is None:
        return None
    phrase, parts = found

    def said_in(hole: re.Match[str]) -> str:
        named = hole[1].startswith("behaviour")
        return _explained(parts[hole[1]])["ru"] if named else _in_russian(parts[hole[1]])

    return _HOLE.sub(said_in, phrase.russian)


def _match(phrases: Sequence[_Phrase], text: str) -> tuple[_Phrase, dict[str, str]] | None:
    if len(text) > _LONGEST:
        return None
    for phrase in phrases:
        found = phrase.english.fullmatch(text)
        if found:
            return phrase, found.groupdict()
    return None


@cache
def _phrases(section: str) -> tuple[_Phrase, ...]:
    entries = _catalogue()[section]
    telling_first = sorted(entries, key=lambda english: -len(_HOLE.sub("", english)))
    return tuple(_Phrase(_pattern(english), entries[english]) for english in telling_first)


@cache
def _catalogue() -> Mapping[str, Mapping[str, str]]:
    text = resources.files(__package__).joinpath("phrases.ru.yaml").read_text(encoding="utf-8")
    catalogue: Mapping[str, Mapping[str, str]] = parse_yaml(text)
    return catalogue


def _pattern(english: str) -> re.Pattern[str]:
    pattern, done = "", 0
    for hole in _HOLE.finditer(english):
        content = _ANYTHING if hole[2] else _WORD
        pattern += re.escape(english[done : hole.start()]) + f"(?P<{hole[1]}>{content})"
        done = hole.end()
    return re.compile(pattern + re.escape(english[done:]), re.DOTALL)
