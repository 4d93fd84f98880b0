"""Request documents of the PlanFix XML API: the frame that every call shares, and content as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from etalon.vendors.planfix.signature import SIGNATURE, signature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

Content = str | int | Mapping[str, "Content"] | Sequence["Content"]
"""What an element holds: a text, a number, elements by name, or, as a list, several elements of one name.

A key that starts with `@` is an attribute: `{"periodicity": {"@unset": "1"}}`.
"""

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_FRAME = frozenset({"account", "sid", "silent", SIGNATURE})


@dataclass(frozen=True, slots=True)
class Access:
    """What a request identifies itself with (PlanFix authentication page).

    Attributes:
        account: the name in front of the portal's domain.
        api_key: user of HTTP Basic.
        token: password of HTTP Basic; with one there is no session.
        sid: the session that `auth.login` opened; empty with a token.
        private_key: signs the request; empty where requests are not signed.
    """

    account: str
    api_key: str = field(repr=False)
    token: str = field(default="", repr=False)
    sid: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)


def elements(content: Mapping[str, Content]) -> list[Element]:
    """The elements that plain data stands for, in its order."""
    return [part for name, value in content.items() for part in _named(name, value)]


def document(function: str, content: Iterable[Element]) -> Element:
    """A `request` document for a function, without its frame."""
    root = etree.Element("request", {"method": function})
    root.extend(deepcopy(part) for part in content)
    return root


def framed(request: Element, access: Access, *, silent: bool = True) -> Element:
    """A copy of a request with account, session, `silent` and signature in front of its own content.

    Args:
        request: a `request` document; a frame that it has already is replaced.
        access: what goes into the frame.
        silent: ask the portal to notify nobody (PlanFix task.update page, row silent): a test must not fill
            people's mailboxes.
    """
    root = etree.Element("request", {str(name): str(value) for name, value in request.attrib.items()})
    frame: dict[str, Content] = {"account": access.account}
    if access.sid:
        frame["sid"] = access.sid
    if silent:
        frame["silent"] = 1
    root.extend(elements(frame))
    root.extend(deepcopy(part) for part in request if part.tag not in _FRAME)
    if access.private_key:
        root.extend(elements({SIGNATURE: signature(root, access.private_key)}))
    return root


def render(request: Element) -> bytes:
    """A request as it goes over the wire: UTF-8 with a declaration, on one line."""
    return _DECLARATION + etree.tostring(request, encoding="UTF-8", xml_declaration=False)


def _named(name: str, value: Content) -> list[Element]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [part for one in value for part in _named(name, one)]
    element = etree.Element(name)
    if not isinstance(value, Mapping):
        element.text = str(value)
        return [element]
    for key, part in value.items():
        if key.startswith("@"):
            element.set(key[1:], str(part))
        else:
            element.extend(_named(key, part))
    return [element]
