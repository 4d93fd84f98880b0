"""PlanFix pages → XSD 1.1: the function pages as schemas, the reference pages as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etalon.derivation.page import PARTIAL, PageError
from etalon.vendors.planfix.derivation.blocks import blocks
from etalon.vendors.planfix.derivation.function_messages import MessageKind, Obligation, Parameter
from etalon.vendors.planfix.derivation.functions import function_name, read_function
from etalon.vendors.planfix.derivation.references import (
    ReferenceKind,
    ReferencePage,
    ReferenceValue,
    read_reference,
)
from etalon.vendors.planfix.derivation.schema import schema_text
from etalon.vendors.planfix.derivation.tables import Table
from etalon.vendors.planfix.derivation.templates import Template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etalon.derivation.page import Note, Page

_MOST_ROWS = 1000

__all__ = [
    "Derived",
    "MessageKind",
    "Obligation",
    "Parameter",
    "ReferenceKind",
    "ReferencePage",
    "ReferenceValue",
    "derive",
    "is_planfix_page",
    "reference",
]


@dataclass(frozen=True, slots=True)
class Derived:
    """What a function page became.

    Attributes:
        method: the function's name, e.g. `task.update`.
        schemas: XSD 1.1 texts by file name, `METHOD.request.xsd`, `METHOD.ok.xsd` and `METHOD.error.xsd`;
            each loads by itself. A message that the page shows no template of has none.
        parameters: the rows of the page's tables with what they became.
        notes: every row and sentence, understood or left open, in the page's order.
    """

    method: str
    schemas: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    notes: tuple[Note, ...]


def is_planfix_page(page: Page) -> bool:
    """Whether the page has a PlanFix message template, or is a reference page."""
    found = blocks(page)
    roots = [block.root for block in found if isinstance(block, Template)]
    # Other vendors' answers may hold a bare <response>, too.
    if any({"method", "status"} & dict(root.attributes).keys() for root in roots):
        return True
    return not roots and read_reference(page) is not None


def reference(page: Page) -> ReferencePage | None:
    """The page as a list of values (enumeration, data type, error codes); None where it is none."""
    return read_reference(page)


def derive(page: Page, references: Sequence[Page] = ()) -> Derived:
    """Derives the schemas of a function page.

    Args:
        page: A page that shows a request template and, below it, tables or answers.
        references: Pages whose values the rows may refer to; other pages among them are passed over.

    Raises:
        PageError: The page describes no function.
    """
    found = blocks(page)
    function = function_name(found)
    if function is None:
        listed = read_reference(page)
        what = f"a list of values ({listed.kind})" if listed else "no description of a function"
        raise PageError(f"{page.name}: {what}: there is no request template with its parameters or answers")
    rows = sum(len(block.rows) for block in found if isinstance(block, Table))
    if rows > _MOST_ROWS:
        raise PageError(f"{page.name}: its tables have {rows} rows; no page on one function has as many")
    known = [known for other in references if (known := read_reference(other)) is not None]
    described = read_function(found, function, known)
    partial = "; ".join(
        f"{note.detail.removeprefix(PARTIAL)} (line {note.line})"
        for note in described.notes
        if note.detail.startswith(PARTIAL)
    )
    schemas = {
        f"{function}.{message.kind.value}.xsd": schema_text(replace(message, partial=partial), page.name)
        for message in described.messages
    }
    return Derived(function, schemas, described.parameters, described.notes)
