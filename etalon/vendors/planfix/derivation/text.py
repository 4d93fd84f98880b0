"""The vendor's typography: Markdown marks, links and sentences in lines of prose and cells of tables."""

from __future__ import annotations

import re

# A target may hold balanced brackets; a title in quotes may follow it.
_LINK = re.compile(r"\[([^\]\[]*)\]\(((?:[^()\"\s\\]|\\.|\([^()]*\))*)(?:\s+\"(?:[^\"\\]|\\.)*\")?\s*\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>])")
_UNDERSCORE = re.compile(r"(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])")
_PIPE = re.compile(r"(?<!\\)\|")
# Not within e.g. numbers or abbreviations: what follows begins anew.
_SENTENCE_END = re.compile(r"(?<=[^.\s]{2})[.!?]\s+(?=[^\W\d_a-zа-яё])|;\s+")


def plain(text: str) -> str:
    """The text without Markdown's marks: links become their words, escapes the character they guard."""
    text = _LINK.sub(r"\1", text)
    text = _UNDERSCORE.sub("", text.replace("**", "").replace("`", ""))
    text = _ESCAPE.sub(r"\1", text)
    return " ".join(text.split())


def folded(text: str) -> str:
    """The text as phrases are looked up in it: plain, in small letters, ё as е, every dash a hyphen."""
    return re.sub("[–—−]", "-", plain(text).lower().replace("ё", "е"))


def links(text: str) -> tuple[tuple[str, str], ...]:
    """The links of a text: the words and the stem of the page that each points at."""
    return tuple(
        (plain(words), target.rsplit("/", 1)[-1].split("#")[0].removesuffix(".md").removesuffix(".html"))
        for words, target in _LINK.findall(text)
    )


def cells(text: str) -> list[str]:
    """The cells of a table row, outer bars aside; an escaped bar divides nothing."""
    parts = [part.strip() for part in _PIPE.split(text.strip())]
    if parts and not parts[0]:
        parts = parts[1:]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def divided(text: str) -> bool:
    """Whether the line has a bar that divides cells."""
    return _PIPE.search(text) is not None


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, marks kept."""
    parts = (part.strip(" .;\t") for part in _SENTENCE_END.split(text))
    return tuple(part for part in parts if part)
