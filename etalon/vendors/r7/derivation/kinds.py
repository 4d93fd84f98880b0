"""The types of the parameter tables, in Russian and in English, and where they stand in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCALARS = {
    "string": r"строков(?:ый|ая|ое)(?: тип)?|строка|текстовый|string|text",
    "integer": r"номер|число|числовой|целое(?: число)?|целочисленный|number|integer|int(?:16|32)?|short|byte",
    "long": r"длинное целое(?: число)?|long|int64",
    "decimal": r"дробное(?: число)?|вещественное(?: число)?|десятичн\w+(?: число)?|double|decimal|float",
    "boolean": r"логическ(?:ий|ое|ая)(?: (?:тип|значение))?|булев\w*(?: значение)?|boolean|bool(?: value)?",
    "guid": r"guid|uuid|гуид",
    "date": r"дата и время|дата/время|date and time|date/time|datetime|api ?datetime|дата|время|date",
    "object": r"объект|object",
    "file": r"файл|file|поток|stream",
}
_PLURALS = {
    "string": r"строк(?:и|овых)?|strings?|текстов",
    "integer": r"чисел|номеров|числа|целых чисел|numbers?|integers?|ints?|int32s?",
    "long": r"longs?|int64s?",
    "decimal": r"doubles?|decimals?|floats?",
    "boolean": r"логических(?: значений)?|booleans?|bools?|bool values?",
    "guid": r"guid(?:ов|s|-ов)?|uuids?|гуидов|идентификаторов guid",
    "date": r"дат(?: и времени)?|date and times?|datetimes?|dates?",
    "object": r"объектов|objects?",
    "file": r"файлов|files?|потоков|streams?",
}
_COLLECTION = r"коллекция|collection|список|list|массив|array"
_OF = rf"(?:{_COLLECTION})(?: of)?"
_NET = r"[A-Z]\w*(?:\.[A-Z]\w*)+"
_EXAMPLE = (
    r"текст|some text|[0-9]+(?:[.,][0-9]+)?|истина|правда|ложь|true|false|null"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|(?:roundtrip format:?\s*)?\d{4}-\d\d-\d\d(?:t\S*)?|[\[{].*[\]}]"
)


def _either(words: dict[str, str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in words.values())


_KIND = (
    rf"(?:{_OF}\s+(?:{_either(_PLURALS)}|{_NET}))(?:\s*(?:{_COLLECTION}))?"
    rf"|(?:{_either(_SCALARS)})(?:\s*\?)?(?:\s*(?:{_COLLECTION}))?|(?:{_COLLECTION})"
)
_WHOLE = re.compile(rf"(?P<kind>{_KIND})(?:\s*(?P<example>{_EXAMPLE}))?", re.IGNORECASE)
_TAIL = re.compile(rf"(?P<before>.*?)(?P<kind>{_KIND})\s*(?P<example>{_EXAMPLE})?", re.IGNORECASE)
_CLASS = re.compile(_NET)
_CLASS_TAIL = re.compile(rf"(?P<before>.*\s)(?P<kind>{_NET})")
_EXAMPLE_ALONE = re.compile(_EXAMPLE, re.IGNORECASE)
# Classes of .NET whose last word says what they hold.
_CLASSES = (
    ("date", r"(?:Api)?DateTime(?:Offset)?"),
    ("file", r"\w*Stream|HttpPostedFile\w*"),
    ("decimal", r"Decimal|Double|Single"),
    ("long", r"U?Int64"),
    ("integer", r"U?Int(?:16|32)|Byte"),
    ("boolean", r"Boolean"),
    ("guid", r"Guid"),
    ("string", r"String"),
)
_NAMED = r"[A-ZА-ЯЁ][\w]*(?:\s*=\s*-?\d+)?"
_ENUMERATION = re.compile(rf"(?P<before>.*?)(?P<kind>{_NAMED}(?:,\s*{_NAMED})+)(?:\s+(?P<example>\w+))?")
_COLLECTION_ALONE = re.compile(rf"(?:{_COLLECTION})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type cell, understood.

    Attributes:
        scalar: `string`, `integer`, `long`, `decimal`, `boolean`, `guid`, `date`, `object`, `file`; empty
            where the cell gives no type that the format defines.
        collection: whether it is a collection of such values.
    """

    scalar: str
    collection: bool


def kind_of(cell: str) -> Kind:
    """Reads a type cell, e.g. `номер`, `Коллекция чисел Коллекция`, `Collection of guids collection`."""
    text = re.sub(r"\s+", " ", cell).strip(" .").lower()
    of = re.fullmatch(rf"{_OF}\s+(?P<item>.+?)(?:\s*(?:{_COLLECTION}))?", text)
    if of is not None:
        return Kind(_named(_PLURALS, of["item"]) or _named(_SCALARS, of["item"]), collection=True)
    tail = re.fullmatch(rf"(?P<item>.*?)\s*(?P<collection>{_COLLECTION})?", text)
    item, collection = (tail["item"].removesuffix("?").strip(), tail["collection"]) if tail else (text, None)
    return Kind(_named(_SCALARS, item), collection=collection is not None)


def _named(words: dict[str, str], text: str) -> str:
    known = next((name for name, pattern in words.items() if re.fullmatch(pattern, text)), "")
    _, dot, last = text.rpartition(".")
    if known or not dot:
        return known
    return next((name for name, pattern in _CLASSES if re.fullmatch(pattern, last, re.IGNORECASE)), "")


@dataclass(frozen=True, slots=True)
class Told:
    """The description, type and example that were found in the fragments of one row."""

    prose: str
    kind: str
    example: str


def tell_apart(fragments: list[str]) -> Told:
    """Finds the type among the fragments of a row whose cells are not marked off.

    Text extractors put each cell on a line of its own, or several on one line, with or without a space
    between them. A fragment that is a type and nothing else wins over one that ends in a type; the last
    one wins, because a description comes first.
    """
    backwards = range(len(fragments) - 1, -1, -1)
    for finder in (_whole, _tail, _class):
        for index in backwards:
            fragment = fragments[index]
            if not _COLLECTION_ALONE.fullmatch(fragment) and (found := finder(fragment)):
                return _told(fragments, index, *found)
    for index, fragment in enumerate(fragments):
        if _COLLECTION_ALONE.fullmatch(fragment):
            return _told(fragments, index, "", fragment, None)
    return Told(" ".join(fragments), "", "")


_Found = tuple[str, str, str | None]
"""What stands before a type, the type, and the example after it."""


def _whole(fragment: str) -> _Found | None:
    match = _WHOLE.fullmatch(fragment)
    return ("", match["kind"], match["example"]) if match else None


def _tail(fragment: str) -> _Found | None:
    match = None if _EXAMPLE_ALONE.fullmatch(fragment) else _TAIL.fullmatch(fragment)
    return (match["before"], match["kind"], match["example"]) if match else None


def _class(fragment: str) -> _Found | None:
    if _CLASS.fullmatch(fragment):
        return "", fragment, None
    if tail := _CLASS_TAIL.fullmatch(fragment):
        return tail["before"], tail["kind"], None
    match = _ENUMERATION.fullmatch(fragment)
    if match is None or match["before"].rstrip().endswith((",", ":", "—", "-")):
        return None
    return match["before"], match["kind"], match["example"]


def _told(fragments: list[str], index: int, before: str, kind: str, example: str | None) -> Told:
    after = list(fragments[index + 1 :])
    if after and _COLLECTION_ALONE.fullmatch(after[0]):
        kind = f"{kind} {after.pop(0)}"
    prose = " ".join(part for part in [*fragments[:index], before.strip()] if part)
    return Told(prose, kind, " ".join(part for part in [example or "", *after] if part))
