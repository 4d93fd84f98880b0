"""The envelope around every answer, and its two representations.

Members, their order and what is left out are those of CommunityServer `ApiStandartResponce.cs`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lxml import etree

from etalon.vendors.r7.mock.calls import Answer

if TYPE_CHECKING:
    from etalon.vendors.r7.mock.calls import Reply
    from etalon.vendors.r7.mock.problems import ApiError

JSON_TYPE = "application/json; charset=UTF-8"
XML_TYPE = "text/xml; charset=UTF-8"


def success(reply: Reply) -> Answer:
    """Wrap a reply; a count of 0 is left out, as every number at its default."""
    count = len(reply.response) if isinstance(reply.response, list) else 1
    envelope = {
        **({"count": count} if count else {}),
        **reply.paging,
        "status": 0,
        "statusCode": reply.status,
        "response": reply.response,
    }
    return Answer(reply.status, envelope, dict(reply.headers))


def failure(error: ApiError) -> Answer:
    """Wrap a refusal."""
    details = {"message": error.message, "hresult": error.hresult, "data": {}}
    return Answer(
        error.status, {"status": 1, "statusCode": error.status, "error": details}, dict(error.headers)
    )


def to_json(envelope: dict[str, Any], *, escapes_slashes: bool) -> bytes:
    """Write an envelope as compact JSON in UTF-8."""
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    # Outside strings JSON has no slash, so that all of them can be escaped at once.
    return (text.replace("/", r"\/") if escapes_slashes else text).encode()


def to_xml(envelope: dict[str, Any]) -> bytes:
    """Write an envelope as `<result>`, by the mapping of the pages' XML samples.

    A member is an element, null an empty one, a list its element repeated.

    Raises:
        ValueError: when a text holds a character that XML 1.0 cannot carry (section 2.2).
    """
    root = etree.Element("result")
    _append_members(root, envelope)
    return etree.tostring(root, encoding="utf-8")


def _append_members(parent: etree._Element, members: dict[str, Any]) -> None:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, name)
            match item:
                case dict():
                    _append_members(child, item)
                case bool():
                    child.text = "true" if item else "false"
                case None:
                    pass
                case _:
                    child.text = str(item)
