"""The sentences of messages in English and Russian, out of Project Fluent's files (`en/*.ftl`, `ru/*.ftl`).

Beside this module stand those that are of any vendor; each vendor brings its own.

Fluent knows each language's plural forms, and leaves what is put into a sentence as it is: a text of a
portal's is never read as markup.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, get_args

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number

from etalon.messages import Message
from etalon.vendors import vendors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fluent.runtime.types import FluentNone, FluentNumber

    from etalon.messages import Parameter, Words

# Fluent takes a thousand characters at most.
_LONGEST = 500
_ENTRY = re.compile(r"^([a-zA-Z][\w-]*) =.*(?:\n(?![a-zA-Z#-]).*)*", re.MULTILINE)
_REFERENCE = re.compile(r"\{ ([a-z][\w-]*) \}")
# What a message says of each of the values that it tells apart.
_VARIANTS = re.compile(r"(?<= ->\n).*?(?=^ *\*\[)", re.MULTILINE | re.DOTALL)
_HELD = re.compile("\ufdd0([0-9]+)\ufdd1")

Lang = Literal["en", "ru"]
LANGS: tuple[Lang, ...] = get_args(Lang)


class UnsayableError(LookupError):
    """The catalogue lacks a message, or the message lacks a parameter that its sentence needs."""


def said(words: Words, lang: str) -> str:
    """Words in a language: a message as its sentence, a text of somebody else's as it is.

    Args:
        words: what to say.
        lang: `en` or `ru`; English for any other.

    Raises:
        UnsayableError: the catalogue cannot say it.
    """
    return _sentence(words, "ru" if lang == "ru" else "en") if isinstance(words, Message) else words


# A page has thousands of words, most of them over and over.
@lru_cache(maxsize=4096)
def _sentence(words: Message, lang: Lang) -> str:
    bundle = _loaded(words.key, lang)
    pattern = bundle.get_message(words.key).value
    if pattern is None:
        raise UnsayableError(f"the message {words.key!r} has no sentence")
    held: list[str] = []
    arguments = {name: _argument(value, lang, held) for name, value in words.parameters}
    sentence, errors = bundle.format_pattern(pattern, arguments)
    if errors:
        raise UnsayableError(f"{words.key}: {errors[0]}") from errors[0]
    return _with_held(str(sentence), held)


def says(key: str) -> bool:
    """Whether the catalogue has a message."""
    return key in _entries("en")


def _argument(value: Parameter, lang: Lang, held: list[str]) -> str | FluentNumber | FluentNone:
    match value:
        case str():
            return _short(value, held)
        case int():
            # Ids and codes have no thousands set apart; where a count has, its message asks for it.
            return fluent_number(value, useGrouping=False)
        case tuple():
            return _short(", ".join(said(one, lang) for one in _flat(value)), held)
        case Message():
            return _short(said(value, lang), held)


def _with_held(sentence: str, held: list[str]) -> str:
    """The sentence with the long texts in the places that were kept for them."""
    texts = {str(number): text for number, text in enumerate(held)}
    return _HELD.sub(lambda place: texts.get(place[1], place[0]), sentence)


def _flat(values: tuple[Parameter, ...]) -> Iterator[Words]:
    for value in values:
        if isinstance(value, tuple):
            yield from _flat(value)
        else:
            yield str(value) if isinstance(value, int) else value


def _short(text: str, held: list[str]) -> str:
    """The text; for a long one, which Fluent would refuse, what stands for it until the sentence is made."""
    if len(text) <= _LONGEST:
        return text
    held.append(text)
    return f"\ufdd0{len(held) - 1}\ufdd1"


def _loaded(key: str, lang: Lang) -> FluentBundle:
    """The bundle of a language, with a message in it and those that it refers to.

    Raises:
        UnsayableError: the catalogue lacks it.
    """
    bundle = _bundle(lang)
    if not bundle.has_message(key):
        entry = _entries(lang).get(key)
        if entry is None:
            raise UnsayableError(f"no message {key!r}")
        bundle.add_resource(FluentResource(entry))
        for other in _REFERENCE.findall(entry):
            _loaded(other, lang)
    return bundle


@cache
def _bundle(lang: Lang) -> FluentBundle:
    # Marks that isolate right-to-left text would stand in the middle of what people copy.
    return FluentBundle([lang], use_isolating=False)


@cache
def _entries(lang: Lang) -> Mapping[str, str]:
    """Key → its entry as it stands in the file: a run says a quarter of them, and parsing is what costs."""
    entries = dict(_entries_of(__package__, lang))
    for vendor in vendors().values():
        if vendor.messages:
            for key, entry in _entries_of(vendor.messages, lang):
                entries[key] = _with_variants_of(entry, entries[key]) if key in entries else entry
    return entries


def _entries_of(package: str, lang: Lang) -> Iterator[tuple[str, str]]:
    folder = resources.files(package).joinpath(lang)
    texts = (file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".ftl"))
    return ((entry[1], entry[0]) for text in texts for entry in _ENTRY.finditer(text))


def _with_variants_of(entry: str, known: str) -> str:
    """A known entry with what another says of further values; otherwise it stays as it is.

    So a vendor names its own behaviours and shell variables, and changes nothing that is said of others.
    """
    further = _VARIANTS.search(entry)
    return _VARIANTS.sub(lambda own: own[0] + further[0], known, count=1) if further else known
