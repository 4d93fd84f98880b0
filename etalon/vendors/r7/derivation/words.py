"""The words that R7-Office's API pages are built from, in Russian and in English."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from etalon.derivation.tables import row_cells

if TYPE_CHECKING:
    from collections.abc import Sequence


class Heading(StrEnum):
    """The parts of a page."""

    DESCRIPTION = "description"
    PARAMETERS = "parameters"
    EXAMPLE = "example"
    RETURNS = "returns"
    ANSWER = "example answer"
    REMARKS = "remarks"


class Column(StrEnum):
    """The columns of a page's parameter table."""

    NAME = "name"
    PROSE = "description"
    KIND = "type"
    EXAMPLE = "example"
    PLACE = "place"
    OBLIGATION = "obligation"


_HEADINGS = {
    Heading.DESCRIPTION: "описание|description|summary",
    Heading.PARAMETERS: "параметры|параметры запроса|parameters|request parameters",
    Heading.EXAMPLE: "пример|пример запроса|example|example request|request example",
    Heading.RETURNS: "возвращает|возвращаемое значение|returns",
    Heading.ANSWER: "пример ответа|ответ|example response|response example|example answer",
    Heading.REMARKS: "примечание|примечания|замечание|важно|remark|remarks|note|notes|important",
}
_COLUMNS = {
    Column.NAME: "название|наименование|имя|параметр|name|parameter",
    Column.PROSE: "описание|description",
    Column.KIND: "тип|тип данных|type",
    Column.EXAMPLE: "пример|пример значения|example",
    Column.PLACE: "где|место|расположение|передается в|передаётся в|in|location|sent in",
    Column.OBLIGATION: "обязательный|обязательность|обязательно|обязателен|required|mandatory",
}
_HEADS = 3
_DECORATION = " \t#*_`:>.—-"

METHODS = "GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS"
REQUEST_LINE = re.compile(
    rf"^[\s#*_`>|]*(?P<method>{METHODS})[\s*_`:|]+(?:https?://[^/\s]+)?/?"
    r"(?P<path>api/\d[^\s`*|]*(?:\|[^\s`*|}]*)*[^\s`*|]*)[\s`*|]*(?P<rest>.*)$"
)
METHOD_ALONE = re.compile(rf"^[\s#*_`>]*(?P<method>{METHODS})[\s*_`:]*$")
PATH_ALONE = re.compile(r"^[\s#*_`>]*(?:https?://[^/\s]+)?/?api/\d\S*[\s*_`]*$")
HOST_LINE = re.compile(r"^\s*(?:Host|Content-Type|Accept)\s*:", re.IGNORECASE)
JSON_LABEL = re.compile(r"^(?:application|text)/json$", re.IGNORECASE)
XML_LABEL = re.compile(r"^(?:text|application)/xml$", re.IGNORECASE)

AUTHENTICATED = re.compile(
    r"требуе\w+\s+(?:аутентификаци|авторизаци)|requires?\s+(?:authentication|authorization)", re.IGNORECASE
)
UNAUTHENTICATED = re.compile(
    r"не\s+требуе\w+\s+(?:аутентификаци|авторизаци)"
    r"|(?:does\s+not|doesn['’]t)\s+require\s+(?:authentication|authorization)",
    re.IGNORECASE,
)
NO_PARAMETERS = re.compile(
    r"(?:нет|не\s+имеет|не\s+принимает|без)\s+параметров|(?:have|has|takes?)\s+(?:any|no)\s+parameters",
    re.IGNORECASE,
)

SENT_IN = re.compile(
    r"(?:sent\s+in|(?:передается|передаётся|отправляется|посылается)\s+в)\s+(?:the\s+)?"
    r"(?P<place>url|body|query|header|path|form|теле(?:\s+запроса)?|адресе|строке\s+запроса|заголовке|пути)",
    re.IGNORECASE,
)
PLACES = {
    "url": "url",
    "path": "url",
    "адресе": "url",
    "пути": "url",
    "query": "query",
    "строке запроса": "query",
    "header": "header",
    "заголовке": "header",
    "body": "body",
    "form": "body",
    "теле": "body",
    "теле запроса": "body",
}
OPTIONAL = re.compile(
    r"[(\[]?(?:не\s?обязательн(?:о|ый|ая|ое|ые)|опциональн(?:о|ый|ая|ое))(?:\s+параметр)?[)\]]?[.,;]?"
    r"|[(\[]optional[)\]]|(?<![A-Za-z])optional[.;,]?\s*$|^optional[.,;:]?(?=\s*$|[.,;:])",
    re.IGNORECASE,
)

PLACE_ALONE = re.compile(rf"(?:в\s+|the\s+)?(?P<place>{'|'.join(PLACES)})", re.IGNORECASE)
DENIED = re.compile(r"нет|no|false|-|–|—|не\s?обязательн\w+|optional", re.IGNORECASE)


def plain(text: str) -> str:
    """The words of a line without the marks of Markdown, in lower case, for comparing."""
    return re.sub(r"\s+", " ", text.strip(_DECORATION)).lower()


def heading_of(text: str) -> Heading | None:
    """Which part of the page a line opens, if it is a heading and nothing else."""
    words = plain(text)
    return next((heading for heading, names in _HEADINGS.items() if words in names.split("|")), None)


def column_of(text: str) -> Column | None:
    """Which column of the parameter table a cell heads."""
    words = plain(text)
    return next((column for column, names in _COLUMNS.items() if words in names.split("|")), None)


_COLUMN_RUN = re.compile(
    r"\s*[\W_]*".join(f"(?:{_COLUMNS[column]})" for column in (Column.NAME, Column.PROSE, Column.KIND))
    + rf"\s*[\W_]*(?:{_COLUMNS[Column.EXAMPLE]})?"
)


def heads_table(text: str) -> bool:
    """Whether a line holds the heads of all columns, with or without anything between them."""
    return _COLUMN_RUN.fullmatch(plain(text)) is not None


def begins_table(texts: Sequence[str]) -> bool:
    """Whether the heads of the parameter table stand at the beginning of the lines, in one or a line each."""
    if not texts:
        return False
    cells = row_cells(texts[0])
    heads = [column_of(cell) for cell in cells] if cells else []
    if len(heads) >= _HEADS and heads.count(None) <= len(heads) - _HEADS:
        return True
    parted = [text for text in texts[: 2 * _HEADS] if text.strip() != "|"]
    each = tuple(column_of(text.strip(" |")) for text in parted[:_HEADS])
    return heads_table(texts[0]) or each == (Column.NAME, Column.PROSE, Column.KIND)


_INLINE = re.compile(r"^(?P<head>Описание|Description|Возвращает|Returns):?\s+(?P<rest>[А-ЯЁA-Z\"«].*)$")
_TAIL = re.compile(
    r"^(?P<rest>.*\S)\s+(?P<head>Параметры|Пример ответа|Parameters|Example Response|Возвращает|Returns)\s*$"
)


def split_headings(text: str) -> list[str]:
    """Parts headings from what some text extractors glue to them on the same line.

    `Возвращает` is also how a description begins ("returns a list of …"), so it is taken for a heading only
    before a capital letter.
    """
    if heading_of(text) is not None:
        return [text]
    parts = [text]
    if opened := _INLINE.match(text):
        parts = [opened["head"], opened["rest"]]
    if closed := _TAIL.match(parts[-1]):
        parts[-1:] = [*split_headings(closed["rest"]), closed["head"]]
    return [part for part in parts if plain(part)] or parts
