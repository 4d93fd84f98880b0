"""How much of an XML document is looked at: what takes little to send may take long to look through."""

from __future__ import annotations

import re

MOST_PARTS = 20_000
"""Elements and attributes of a document; a page of a hundred contacts with all that they have stays below."""
_TAG = re.compile(rb"<[^<>]*>")


def has_too_many_parts(document: bytes) -> bool:
    """Whether a document is too large to be held against a schema, counted without parsing it.

    Every element begins with a bracket; text has brackets in CDATA sections and comments alone.
    """
    if document.count(b"<") - document.count(b"</") > MOST_PARTS:
        return True
    if _attributes(document) <= MOST_PARTS:
        return False
    # A text may quote as much of another markup as it likes.
    return _attributes(b"".join(_TAG.findall(document))) > MOST_PARTS


def _attributes(text: bytes) -> int:
    return text.count(b'="') + text.count(b"='")
