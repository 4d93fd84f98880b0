"""From a request to the parameters it carries, by lower-case name: the two dialects' ways to read a body."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

from lxml import etree

from etalon.vendors.r7.mock.conversion import TENANT_OFFSET_MINUTES
from etalon.vendors.r7.mock.dates import respell_as_newtonsoft
from etalon.vendors.r7.mock.problems import GENERAL, ApiError, bad_argument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from etalon.vendors.r7.mock.inbound import Inbound

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+*-]+(?:\s*;.*)?", re.ASCII)
_LONGEST_NUMBER = 40


def read_json_members(inbound: Inbound) -> dict[str, object]:
    """Return the members of a JSON object, the only body that the pages show.

    Raises:
        ApiError: 400 for another content type, and for a body that is no JSON object in UTF-8 or names a
            member twice.
    """
    if inbound.media_type.lower() != "application/json":
        raise bad_argument("The body is not declared as application/json.")
    try:
        document = json.loads(
            inbound.body.decode("utf-8"), object_pairs_hook=_members_once, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise bad_argument("The body is not well-formed JSON.") from None
    if not isinstance(document, dict):
        raise bad_argument("The body is not a JSON object.")
    members = {name.lower(): value for name, value in document.items()}
    if len(members) < len(document):
        raise bad_argument("The body names a member twice.")
    return members


def read_all_parameters(inbound: Inbound) -> dict[str, object]:
    """Return the parameters of query string and body, of which the first of a name wins.

    CommunityServer `ApiArgumentBuilder.cs`: the query string is read before the body, the body is JSON
    or XML only when its media type is spelt exactly so, and else a form.

    Raises:
        ApiError: 500 for a malformed media type or XML, 400 for JSON that is malformed or no object.
    """
    if inbound.content_type and not _MEDIA_TYPE.fullmatch(inbound.content_type.strip()):
        raise ApiError(500, "The specified content type is invalid.", GENERAL)
    match inbound.media_type:
        case "application/json":
            pairs = _flat_json(inbound.body)
        case "text/xml":
            pairs = _flat_xml(inbound.body)
        case _:
            pairs = parse_qsl(inbound.body.decode("utf-8", "replace"), keep_blank_values=True)
    parameters: dict[str, object] = {}
    for name, value in (*inbound.query, *pairs):
        parameters.setdefault(name.lower(), value)
    return parameters


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _flat_json(body: bytes) -> Iterable[tuple[str, str]]:
    text = body.decode("utf-8-sig", "replace")
    if not text.strip():
        return ()
    try:
        pairs = json.loads(text, object_pairs_hook=_Pairs, parse_int=_integer_text, parse_float=_number_text)
    except (ValueError, RecursionError):
        raise bad_argument("Unexpected character or end of the JSON body.") from None
    if pairs is None:
        return ()
    if not isinstance(pairs, _Pairs):
        raise bad_argument("JSON root object has no property that can be turned into an element.")
    return _flat_pairs(pairs)


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object, repeated names included."""


def _flat_pairs(pairs: _Pairs) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        first = value[0] if isinstance(value, list) and not isinstance(value, _Pairs) and value else value
        match first:
            case bool():
                yield name, "true" if first else "false"
            case None:
                yield name, ""
            case str():
                yield name, respell_as_newtonsoft(_without_lone_surrogates(first), TENANT_OFFSET_MINUTES)
            case float():
                yield name, str(first)


def _integer_text(digits: str) -> str:
    return digits[: _LONGEST_NUMBER + 1]


def _number_text(digits: str) -> str:
    number = float(digits)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)  # noqa: PLR2004 - .NET writes larger ones with an exponent


def _without_lone_surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _flat_xml(body: bytes) -> Iterable[tuple[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ApiError(500, f"The XML body is malformed: {error.msg}", GENERAL) from None
    return [
        (etree.QName(child).localname, str(child.xpath("string()")))
        for child in root
        if isinstance(child.tag, str)
    ]
