"""R7-Office API pages → OpenAPI 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.derivation.page import PageError
from etalon.vendors.r7.derivation.document import openapi_document
from etalon.vendors.r7.derivation.parsing import parse
from etalon.vendors.r7.derivation.titles import is_titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etalon.derivation.page import Note, Page
    from etalon.vendors.r7.derivation.spellings import JsonSchema

__all__ = ["derive", "is_r7_page"]


def is_r7_page(page: Page) -> bool:
    """Whether a page is one of R7-Office's API pages: it has a title such as `POST api/2.0/crm/task`."""
    return is_titled(page)


def derive(pages: Sequence[Page], *, prose: bool = False) -> tuple[JsonSchema, tuple[Note, ...]]:
    """Derives one OpenAPI 3.1 document from R7-Office API pages.

    A page that breaks off gives what stands before the break; `info.description` and a note say that the
    document is partial.

    Args:
        pages: one page or several, each of another function or of several ones.
        prose: whether the pages' own sentences become descriptions. They are the vendor's, so a document
            that is to be passed on does without them.

    Returns:
        The document; and what became of each statement of the pages, in their order, lines counted per page.

    Raises:
        PageError: there is no page, one is none of R7-Office's, or two describe the same function.
    """
    if not pages:
        raise PageError("There is no page to derive a spec from.")
    return openapi_document([function for page in pages for function in parse(page)], prose=prose)
