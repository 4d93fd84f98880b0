"""The sentences of messages in English and Russian, out of Project Fluent's files (`en/*.ftl`, `ru/*.ftl`).

Fluent knows each language's plural forms, and leaves what is put into a sentence as it is: a text of a
portal's is never read as markup.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, get_args

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number

from etalon.messages import Message

if TYPE_CHECKING:
    from fluent.runtime.types import FluentNone, FluentNumber

    from etalon.messages import Parameter, Words

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
    if not isinstance(words, Message):
        return words
    bundle = _bundle("ru" if lang == "ru" else "en")
    if not bundle.has_message(words.key):
        raise UnsayableError(f"no message {words.key!r}")
    pattern = bundle.get_message(words.key).value
    if pattern is None:
        raise UnsayableError(f"the message {words.key!r} has no sentence")
    arguments = {name: _argument(value, lang) for name, value in words.parameters}
    sentence, errors = bundle.format_pattern(pattern, arguments)
    if errors:
        raise UnsayableError(f"{words.key}: {errors[0]}") from errors[0]
    return str(sentence)


def says(key: str) -> bool:
    """Whether the catalogue has a message."""
    return _bundle("en").has_message(key)


def _argument(value: Parameter, lang: str) -> str | FluentNumber | FluentNone:
    match value:
        case str():
            return value
        case int():
            # Ids and codes have no thousands set apart; where a count has, its message asks for it.
            return fluent_number(value, useGrouping=False)
        case tuple():
            return ", ".join(str(_argument(one, lang)) for one in value)
        case Message():
            return said(value, lang)


@cache
def _bundle(lang: Lang) -> FluentBundle:
    # Marks that isolate right-to-left text would stand in the middle of what people copy.
    bundle = FluentBundle([lang], use_isolating=False)
    folder = resources.files(__package__).joinpath(lang)
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
