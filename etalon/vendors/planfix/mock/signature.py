"""The digital signature of a request: MD5 of function name, joined values and private key.

The page on signing contradicts itself. Its prose sorts lists by value; its sample code leaves them in
document order, and drops texts of nothing but blanks. Clients in the field follow either: both are accepted.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from itertools import product
from typing import TYPE_CHECKING, Final

from etalon.vendors.planfix.mock.wire import text_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_Order = Callable[[Iterable[str]], list[str]]


def _by_number(values: Iterable[str]) -> list[str]:
    return sorted(values, key=lambda value: (len(value), value))


_ORDERS: Final[tuple[_Order, ...]] = (list, sorted, _by_number)


def _joined(node: Element, order: _Order, *, blanks: bool, skip: str = "") -> str:
    """Joins the values below an element: attributes first, then its elements by name in byte order."""
    attributes = "".join(map(str, node.attrib.values()))
    if len(node) == 0:
        text = text_of(node)
        if text.strip():
            return text
        return attributes + (text if blanks else "")
    by_name: dict[str, list[str]] = {}
    for part in node:
        name = str(part.tag)
        if name != skip:
            by_name.setdefault(name, []).append(_joined(part, order, blanks=blanks))
    return attributes + "".join("".join(order(by_name[name])) for name in sorted(by_name))


def signatures(request: Element, private_key: str) -> set[str]:
    """Every signature that one of the readings gives for a request, as lower-case hexadecimal digits."""
    texts = {
        _joined(request, order, blanks=blanks, skip="signature")
        for order, blanks in product(_ORDERS, (False, True))
    }
    return {hashlib.md5((text + private_key).encode(), usedforsecurity=False).hexdigest() for text in texts}


def is_signed_rightly(request: Element, private_key: str) -> bool:
    """Whether a request's signature is absent, empty, or right in one of the readings.

    The page says that a signature is not obligatory.
    """
    given = text_of(request.find("signature"))
    if not given:
        return True
    return any(
        hmac.compare_digest(given.encode(), right.encode()) for right in signatures(request, private_key)
    )
