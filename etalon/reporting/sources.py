"""Where on a vendor's page a requirement stands, in Russian: contracts name the place in English alone."""

from __future__ import annotations

import re
from collections import ChainMap
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from etalon.vendors import vendors
from etalon.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOLE = re.compile(r"\{(\w+)(\.\.\.)?\}")
_WORD, _ANYTHING = r"\S+", ".+?"
# No contract has a longer row; what is longer comes from a results file that somebody else made.
_LONGEST = 2_000


class _Phrase(NamedTuple):
    english: re.Pattern[str]
    russian: str


def source_row(row: str, lang: str) -> str:
    """Where on its page a requirement stands, part by part; names of parameters stay what they are."""
    if lang != "ru" or len(row) > _LONGEST:
        return row
    return "; ".join(map(_in_russian, row.split("; ")))


def _in_russian(part: str) -> str:
    for phrase in _phrases():
        found = phrase.english.fullmatch(part)
        if found:
            holes = {name: _in_russian(text) for name, text in found.groupdict().items()}
            return phrase.russian.format_map(holes)
    return part


@cache
def _phrases() -> tuple[_Phrase, ...]:
    packages = (resources.files(one.messages) for one in vendors().values() if one.messages)
    files = (package.joinpath("sources.ru.yaml") for package in packages)
    texts = [file.read_text(encoding="utf-8") for file in files if file.is_file()]
    entries: Mapping[str, str] = dict(ChainMap(*map(parse_yaml, texts)))
    telling_first = sorted(entries, key=lambda english: -len(_HOLE.sub("", english)))
    return tuple(
        _Phrase(_pattern(english), entries[english].replace("...}", "}")) for english in telling_first
    )


def _pattern(english: str) -> re.Pattern[str]:
    pattern, done = "", 0
    for hole in _HOLE.finditer(english):
        content = _ANYTHING if hole[2] else _WORD
        pattern += re.escape(english[done : hole.start()]) + f"(?P<{hole[1]}>{content})"
        done = hole.end()
    return re.compile(pattern + re.escape(english[done:]), re.DOTALL)
