"""What an answer of an R7 portal carries: its document, its status and the task that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree

from etalon.portals import strict_json
from etalon.portals.bounded_xml import has_too_many_parts
from etalon.portals.numerals import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from etalon.portals.exchange import Exchange

# Bytes of an answer that is kept as read; of the few that are larger, only the last are.
_REMEMBERED = 16_384
_CLIENT_ERROR = 400
_GONE = frozenset({404, 410})


def payload(exchange: Exchange) -> object:
    """What an answer carries, JSON or XML by its media type; None where it cannot be read.

    XML elements become objects and repeated ones lists; a text stays a text, since XML has no types. Many
    laws look at the same answer, so it is read once; it is nobody's to change.
    """
    body = exchange.response.body
    read = _read if len(body) <= _REMEMBERED else _read_large
    return read(body, exchange.response.media_type.endswith("xml"))


def json_document(exchange: Exchange) -> Mapping[str, Any]:
    """The JSON object that an exchange answered, or an empty one where it is no JSON object."""
    return strict_json.parse_object(exchange.response.body) or {}


def task_shown(exchange: Exchange) -> Mapping[str, Any] | None:
    """The task that an answer shows, or None where it shows none.

    The pages show it as `response` of an envelope. Where it stands in a list or under another name, the law
    on the answer's schema says so; it is found all the same, so that this hides nothing else.
    """
    document = payload(exchange)
    if not isinstance(document, Mapping):
        return None
    shown = document["response"] if "response" in document else _only_task(document.values())
    if isinstance(shown, list):
        shown = _only_task(shown)
    return shown if isinstance(shown, Mapping) and "id" in shown else None


def task_id(exchange: Exchange) -> int | None:
    """The id of the task that an answer in JSON or XML shows, where it shows one."""
    found = (task_shown(exchange) or {}).get("id")
    if isinstance(found, str):
        return whole_number(found)  # XML has no numbers; of JSON, a law says that the type is wrong
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def status_of(exchange: Exchange) -> int | None:
    """The envelope's `status` (0 is success), or None where there is none."""
    document = payload(exchange)
    status = document.get("status") if isinstance(document, Mapping) else None
    try:
        return None if status is None else int(status)
    except (TypeError, ValueError, OverflowError):
        return None


def succeeded(exchange: Exchange) -> bool:
    """Whether an answer is one of success: HTTP says so, and the envelope tells of no error.

    The pages show no error answer, so a portal may tell one in the envelope alone.
    """
    if not exchange.response.ok:
        return False
    document = payload(exchange)
    if not isinstance(document, Mapping) or status_of(exchange) in {0, None}:
        return True
    code = whole_number(str(document.get("statusCode", "")))
    return not (isinstance(document.get("error"), Mapping) or (code is not None and code >= _CLIENT_ERROR))


def listed_tasks(exchange: Exchange) -> Sequence[Mapping[str, Any]] | None:
    """The tasks of a list that a portal answers; None where it answers none."""
    found = json_document(exchange).get("response") if exchange.response.ok else None
    if not isinstance(found, list):
        return None
    return [task for task in found if isinstance(task, dict)]


def says_gone(exchange: Exchange) -> bool:
    """Whether the API says that there is no such task; what stands before a portal says 404 to anything."""
    return exchange.response.status in _GONE and strict_json.parse_object(exchange.response.body) is not None


def removed(exchange: Exchange) -> bool:
    """Whether the API says that a task is removed by a request, or was before it."""
    answer = exchange.response
    # An answer without a content says it by its status alone (RFC 9110 section 15.3.5).
    done = succeeded(exchange) and (bool(json_document(exchange)) or not answer.body.strip())
    return done or says_gone(exchange)


def _only_task(values: Iterable[object]) -> object:
    maps = [value for value in values if isinstance(value, Mapping) and {"id", "title"} <= value.keys()]
    tasks = [value for value in maps if isinstance(value["id"], (int, str))]
    return tasks[0] if len(tasks) == 1 else None


@lru_cache(maxsize=16_384)
def _read(body: bytes, is_xml: bool) -> object:
    if is_xml:
        return _from_xml(body)
    try:
        document: object = strict_json.parse(body)
    except ValueError:
        return None
    return document


@lru_cache(maxsize=4)
def _read_large(body: bytes, is_xml: bool) -> object:
    """The same for what is too large to be kept for long."""
    return _read.__wrapped__(body, is_xml)


def _from_xml(body: bytes) -> object:
    if has_too_many_parts(body):
        return None
    try:
        root = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _object(root)


def _parser() -> etree.XMLParser:
    """A parser for portals' answers: they may neither read files nor grow by entities."""
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def _object(element: etree._Element) -> object:
    children = list(element)
    if not children:
        return element.text or ""
    result: dict[str, Any] = {}
    for child in children:
        tag = str(child.tag)
        value = _object(child)
        if tag not in result:
            result[tag] = value
        elif isinstance(result[tag], list):
            result[tag].append(value)
        else:
            result[tag] = [result[tag], value]
    return result
