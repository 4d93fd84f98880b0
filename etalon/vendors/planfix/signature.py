"""The signature of a request: MD5 over the function's name, the joined values and the private key.

The PlanFix signature page describes it twice, and the two differ: its prose sorts the elements of a list by
their value, its sample program leaves them in the order of the document. Published clients that portals
accept follow the program, and so does this module.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SIGNATURE = "signature"


def signature(request: Element, private_key: str) -> str:
    """The signature of a request, as lower-case hexadecimal digits.

    Args:
        request: the `request` element, without comments; a `signature` element in it does not count.
        private_key: the account's signing key.
    """
    signed = f"{joined_values(request)}{private_key}".encode()
    return hashlib.md5(signed, usedforsecurity=False).hexdigest()


def joined_values(element: Element) -> str:
    """The values below an element as the page's sample program joins them; see `signed_values`."""
    return "".join(signed_values(element))


def signed_values(element: Element) -> list[str]:
    """The values below an element in the order in which the page's sample program joins them.

    Attributes come first, in the order of the document; the function's name is one of them. Elements follow
    in the byte order of their names, those of one name in the order of the document. Where an element holds
    nothing but text, its attributes do not count; text of nothing but blanks is no text.
    """
    parts = [part for part in element if part.tag != SIGNATURE]
    text = "" if parts else element.text or ""
    if text.strip():
        return [text]
    by_name = sorted(parts, key=lambda part: str(part.tag).encode())
    attributes = [str(value) for value in element.attrib.values()]
    return [*attributes, *(value for part in by_name for value in signed_values(part))]
