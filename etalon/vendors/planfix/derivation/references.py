"""Reference pages: enumerations, data types and error codes as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from etalon.vendors.planfix.derivation.blocks import Prose, blocks
from etalon.vendors.planfix.derivation.tables import Table
from etalon.vendors.planfix.derivation.templates import Template
from etalon.vendors.planfix.derivation.text import folded, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from etalon.derivation.page import Page
    from etalon.vendors.planfix.derivation.blocks import Block

_ITEM = re.compile(r"^\s*(?:[*•+-]\s+)?(?P<value>[A-Za-z][A-Za-z0-9_]*|\d+)\s*[-–—:]\s+(?P<meaning>\S.*)$")
_SUBJECT = re.compile(
    r"(?:параметр\w*|пол[яюе]м?|атрибут\w*|узл\w*|\bof the)\s+([A-Za-z_][\w.]*)"
    r"|([A-Za-z_][\w.]*)\s+(?:parameter|field)\b|\b(?:parameter|field)\s+([A-Za-z_][\w.]*)",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"(?:список|перечень)\b.*значени|допустим\w+ значени|возможн\w+ значени|константы"
    r"|(?:list of|possible|allowed|valid|available) .*values|\bvalues\b.*:$"
)
_DATA_TYPE = re.compile(
    r"(?:параметр\w*|значени\w*|пол\w+) данного типа|в формате|данн\w+ тип\b|тип данных"
    r"|^(?:дата|время|строка|целое|число)\b"
)
_WORD = re.compile(r"\S+")
_FORMAT = re.compile(r"\b(?:дд-мм-гггг(?: чч:мм(?::сс)?)?|чч:мм(?::сс)?|дд\.мм\.гггг)")
_ZERO_OR_ONE = re.compile(r"(?<!\w)0 или 1(?!\w)|0/1")
# A page on a data type takes a few lines; without values, one that is longer is about something else.
_LONGEST_DATA_TYPE = 10
_BRIEF = 3


class ReferenceKind(StrEnum):
    """What a reference page lists."""

    ENUMERATION = "enumeration"
    DATA_TYPE = "data-type"
    ERROR_CODES = "error-codes"


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """A value of a reference page, with the meaning and the remark beside it."""

    line: int
    value: str
    meaning: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """A page that other pages refer to.

    Attributes:
        kind: what it lists.
        name: the page's name.
        subject: the parameter that the values are for, where the page names it.
        heading: the sentence before the values, by which a page's scope is told (tasks, projects …).
        values: what it lists, in the page's order. Of a data type: its values or formats.
        open_ended: whether the page calls its values those of the system, beside which users add their own.
        or_id: whether a row allows an id instead of a value.
    """

    kind: ReferenceKind
    name: str
    subject: str | None
    heading: str
    values: tuple[ReferenceValue, ...]
    open_ended: bool = False
    or_id: bool = False


def read_reference(page: Page) -> ReferencePage | None:
    """Reads a reference page; None for a page that is none."""
    found = blocks(page)
    prose = [block for block in found if isinstance(block, Prose)]
    heading = _heading(prose)
    if any(isinstance(block, Template) and block.root.name == "request" for block in found):
        return None
    codes = tuple(value for value in _items(prose) if value.value.isdigit() and len(value.value) > 3)  # noqa: PLR2004 - error codes have four digits or more
    if codes and (
        any(isinstance(block, Template) for block in found) or "ошиб" in folded(page.name + heading)
    ):
        return ReferencePage(ReferenceKind.ERROR_CODES, page.name, "code", heading, codes)
    if any(isinstance(block, Template) for block in found):
        return None
    rows = tuple(_rows(found))
    values = tuple(row for row in rows if _is_value(row)) or (
        tuple(_items(prose)) if _LISTING.search(folded(heading)) else ()
    )
    if values:
        named = subject_of(heading)
        return ReferencePage(
            ReferenceKind.ENUMERATION,
            page.name,
            named,
            heading,
            values,
            "системн" in folded(heading),
            any(is_id(row.value) for row in rows),
        )
    return _data_type(page, prose, heading)


def _heading(prose: Sequence[Prose]) -> str:
    """The sentence that says what is listed; a saved page has its title and the site's menu above that."""
    lines = [plain(block.text).lstrip("# ") for block in prose if not _ITEM.match(plain(block.text))]
    for words in (_LISTING, _DATA_TYPE):
        if found := next((line for line in lines if words.search(folded(line))), None):
            return found
    return lines[0] if lines else ""


def _data_type(page: Page, prose: Sequence[Prose], heading: str) -> ReferencePage | None:
    if len(prose) > _LONGEST_DATA_TYPE:
        return None
    values = []
    for block in prose:
        text = folded(block.text)
        found = ["0", "1"] if _ZERO_OR_ONE.search(text) else _FORMAT.findall(text)
        values += [ReferenceValue(block.line, value) for value in found]
    if not (prose and _DATA_TYPE.search(folded(heading))):
        return None
    if not values and len(prose) > _BRIEF:
        return None
    return ReferencePage(ReferenceKind.DATA_TYPE, page.name, None, heading, tuple(values))


def _items(prose: Sequence[Prose]) -> Iterator[ReferenceValue]:
    for block in prose:
        item = _ITEM.match(plain(block.text))
        if item:
            yield ReferenceValue(block.line, item["value"], item["meaning"])


def _rows(found: Sequence[Block]) -> Iterator[ReferenceValue]:
    for table in found:
        if isinstance(table, Table) and table.of_values:
            for row in table.rows:
                yield ReferenceValue(row.line, row.name, plain(row.meaning), plain(row.remark))


def subject_of(text: str) -> str | None:
    """The parameter that a sentence names."""
    found = _SUBJECT.search(text)
    return next(name for name in found.groups() if name) if found else None


def list_of_values(table: Table, lead: Sequence[Prose], name: str) -> ReferencePage | None:
    """A list of values inside of another page; None where no line above it names its parameter."""
    subjects = [found for line in reversed(lead) if (found := subject_of(plain(line.text)))]
    if not subjects:
        return None
    rows = tuple(_rows([table]))
    values = tuple(row for row in rows if _is_value(row))
    or_id = any(is_id(row.value) for row in rows)
    return (
        ReferencePage(ReferenceKind.ENUMERATION, name, subjects[0], "", values, or_id=or_id)
        if values
        else None
    )


def is_id(text: str) -> bool:
    """Whether a row of a list of values describes an id in words, where the others give a value."""
    return re.search(r"идентификатор|identifier|\bid\b", folded(text)) is not None and not _WORD.fullmatch(
        text
    )


def _is_value(row: ReferenceValue) -> bool:
    """Whether a row gives a value; what has several words describes one."""
    return _WORD.fullmatch(row.value) is not None


def values_for(
    references: Sequence[ReferencePage], member: str, elsewhere: tuple[str, str] | None, function: str
) -> ReferencePage | None:
    """The enumeration that a row refers to.

    A page is the one that the row's link points at, or one whose subject is the member, as long as the two
    speak of the same kind of object: `status` of tasks is not `status` of users.

    Args:
        references: The pages at hand.
        member: The row's member.
        elsewhere: The words and the page stem of the row's reference.
        function: The function, whose prefix names the kind of object where the row's words do not.
    """
    words, stem = elsewhere or ("", "")
    candidates = [page for page in references if page.kind is ReferenceKind.ENUMERATION]
    linked = [page for page in candidates if stem and page.name in {stem, stem.replace("_", " ")}]
    if linked:
        return linked[0]
    wanted = _objects(words) or _objects(function.partition(".")[0])
    for page in candidates:
        scope = _objects(page.heading)
        if page.subject == member and (not scope or not wanted or scope & wanted):
            return page
    return None


_OBJECTS = {
    "task": r"задач|task",
    "project": r"проект|project",
    "user": r"пользовател|сотрудник|user",
    "contact": r"контакт|контрагент|клиент|contact|client",
    "action": r"действи|комментари|action",
    "file": r"файл|file",
    "group": r"групп|group",
}


def _objects(text: str) -> set[str]:
    return {name for name, stems in _OBJECTS.items() if re.search(stems, folded(text))}
