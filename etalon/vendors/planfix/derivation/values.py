"""Type cells and what rows state of values → value types."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from etalon.derivation.page import MISSING
from etalon.vendors.planfix.derivation.function_messages import Kind, ValueType
from etalon.vendors.planfix.derivation.references import ReferenceKind, values_for
from etalon.vendors.planfix.derivation.text import folded, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.vendors.planfix.derivation.drafts import Said
    from etalon.vendors.planfix.derivation.references import ReferencePage

_LENGTH = re.compile(r"\((\d+)\)")
_BRACES = re.compile(r"\{\s*([^{}]+?)\s*\}")
# What a row without a type calls its value, where that can only be a text.
_WORDS_OF_TEXT = re.compile(
    r"^(?:название|наименование|имя|фамилия|отчество|текст|ссылка|адрес\w*|комментарий"
    r"|(?:the )?(?:name|title|text|comment|address|link|last name|first name)\b)"
)
_KINDS = (
    (Kind.LIST, r"set|list|array|список|массив"),
    (Kind.ENUM, r"enum|перечисление"),
    (Kind.BOOL, r"bool(?:ean)?|логический"),
    (Kind.DATETIME, r"date\s*time|timestamp|дата и время"),
    (Kind.DATE, r"date|дата"),
    (Kind.TIME, r"time|время"),
    (Kind.DECIMAL, r"float|double|decimal|number|numeric|money"),
    (Kind.ID, r"id"),
    (Kind.INT, r"(?:unsigned\s+)?int(?:eger)?|long|short|byte|целое(?: число)?|число"),
    (
        Kind.STRING,
        r"string|str|text|varchar|char|base64|binary|file|html|xml|json|blob|guid|uuid|url|e?mail|mixed|строка|текст",
    ),
)

# Types that pages misspell (`sting`, `interger`); words this long are mistaken for no other.
_SPELT = ("string", "integer", "boolean", "datetime", "float", "double")
# Values that rows list beside these tell what they mean, not that there are no others.
_SELF_EXPLAINED = {Kind.LIST, Kind.BOOL, Kind.DATETIME, Kind.DATE, Kind.TIME}


def kinds(cell: str) -> tuple[Kind, ...]:
    """The kinds that a type cell names, in its order; () for none that we know."""
    text = re.sub(r":?\s*[({][^)}]*[)}]|\[[^\]]*\]|-?\s*0\s*/\s*1", " ", plain(cell))
    words = [word.strip() for word in re.split(r"[/|,]|\sили\s|\sor\s", text)]
    found = [kind for word in words for kind in _kind(word)] or [
        kind for word in words for near in get_close_matches(word.lower(), _SPELT) for kind in _kind(near)
    ]
    return tuple(dict.fromkeys(found))


def _kind(word: str) -> tuple[Kind, ...]:
    return tuple(kind for kind, pattern in _KINDS if re.fullmatch(pattern, word, re.IGNORECASE))[:1]


def braced(sample: str) -> tuple[str, ...]:
    """The alternatives of a template's `{A|B}`."""
    found = _BRACES.search(sample)
    return tuple(part.strip() for part in re.split(r"[|,]", found[1])) if found and "|" in found[1] else ()


def typed(
    name: str,
    said: Said | None,
    sample: str,
    references: Sequence[ReferencePage],
    function: str,
    *,
    answered: bool,
) -> tuple[ValueType, str | None]:
    """The type of a value, and what is open about it.

    Args:
        name: The member's name.
        said: Its row.
        sample: The text that the template shows.
        references: The reference pages at hand.
        function: The function's name.
        answered: Whether a portal says it: then values that users may add to the system's are let through.
    """
    choices = braced(sample)
    if said is None:
        if name == "id":
            return ValueType(Kind.ID, minimum=1), None
        return ValueType(Kind.ENUM, choices) if choices else ValueType(Kind.STRING), None
    facts, named = said.facts, kinds(said.row.type)
    listed = (facts.values and not set(named) & _SELF_EXPLAINED) or (choices and Kind.BOOL not in named)
    if Kind.ENUM in named or listed:
        page = values_for(references, name, facts.elsewhere, function)
        return _enumeration(said, choices, page, answered=answered)
    kind = named[0] if named else (Kind.ID if facts.refers_to or _names_id(said) else Kind.STRING)
    if kind is Kind.STRING:
        return _string(said, references), _untyped(said, named)
    if kind is Kind.INT and (name == "id" or name.endswith("Id") or _names_id(said)):
        kind = Kind.ID
    return _bounded(kind, said, choices), None


def _bounded(kind: Kind, said: Said, choices: tuple[str, ...]) -> ValueType:
    low, high = said.facts.minimum, said.facts.maximum
    if kind is Kind.ID:
        return ValueType(kind, minimum=0 if said.facts.zero else 1, maximum=high)
    if kind is Kind.INT:
        return ValueType(kind, minimum=low or 0, maximum=high)
    if kind is Kind.LIST:
        distinct = "set" in said.row.type.lower()
        return ValueType(kind, said.facts.values, minimum=low, maximum=high, distinct=distinct)
    return ValueType(kind, choices if kind is Kind.BOOL else ())


def _names_id(said: Said) -> bool:
    return re.search(r"^идентификатор|^(?:\w+ ){0,3}identifier\b", folded(said.row.meaning)) is not None


def _untyped(said: Said, named: tuple[Kind, ...]) -> str | None:
    if named or (not said.row.type and _WORDS_OF_TEXT.search(folded(said.row.meaning))):
        return None
    cell = said.row.type
    what = f"its type {cell!r} is none that the program knows" if cell else "the row gives no type"
    return f"{what}: any text is let through"


def _string(said: Said, references: Sequence[ReferencePage]) -> ValueType:
    length = _LENGTH.search(said.row.type)
    most = said.facts.length or (int(length[1]) if length else None)
    if said.facts.digits is None:
        return ValueType(Kind.STRING, length=most, shortest=said.facts.shortest)
    codes = of_codes(said.row.name.rsplit(".", 1)[-1], references)
    lengths = [said.facts.digits, *(codes.digits or () if codes else ())]
    return ValueType(Kind.STRING, digits=(min(lengths), max(lengths)))


def of_codes(name: str, references: Sequence[ReferencePage]) -> ValueType | None:
    """The type of an error code: as many digits as the listed codes have; a portal may know more of them."""
    pages = [page for page in references if page.kind is ReferenceKind.ERROR_CODES and page.subject == name]
    lengths = [len(value.value) for page in pages for value in page.values]
    if not lengths:
        return None
    return ValueType(Kind.STRING, digits=(min(lengths), max(lengths)), listed_on=pages[0].name)


def _enumeration(
    said: Said, choices: tuple[str, ...], page: ReferencePage | None, *, answered: bool
) -> tuple[ValueType, str | None]:
    facts, named = said.facts, kinds(said.row.type)
    or_id = facts.or_id or (Kind.ENUM in named and (Kind.INT in named or Kind.ID in named))
    values = facts.values or choices
    if values:
        return ValueType(Kind.ENUM, values, or_id=or_id), None
    if page is None:
        words = facts.elsewhere[0] if facts.elsewhere else None
        where = f"on {MISSING} ({words})" if words else "nowhere in the row"
        return ValueType(Kind.ENUM, listed_on=MISSING), f"its values stand {where}: any text is let through"
    left = tuple(value.value for value in page.values if value.value not in facts.forbidden)
    open_ended = or_id or page.or_id or (answered and page.open_ended)
    return ValueType(Kind.ENUM, left, or_id=open_ended, listed_on=page.name), None
