"""What of a spec a run has exercised: which documented parameter was sent, with which kinds of value."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

    from etalon.portals.exchange import Exchange

ABSENT = "absent"
_LONG = 255
_INT32 = 2**31 - 1
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4}")
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4})[T ]\d\d[:-]\d\d.*", re.DOTALL)
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
# No answer needs more of a text to be told apart, and a text may be of a megabyte.
_ENOUGH = 20_000


@dataclass(frozen=True, slots=True)
class Exercised:
    """One documented operation, as a run has asked for it.

    Attributes:
        requests: how often it was asked for.
        parameters: parameter → kind of value → in how many requests; `absent` counts the requests without.
    """

    operation: str
    requests: int
    parameters: Mapping[str, Mapping[str, int]]


def exercised(documented: Mapping[str, Sequence[str]], journal: Iterable[Exchange]) -> list[Exercised]:
    """Count, for each documented operation, the kinds of value that its parameters were sent with.

    Args:
        documented: operation → names of its parameters: members of a JSON body, an id in the path, or paths
            into an XML document like `task/parent/id`.
        journal: all exchanges of the run.
    """
    counts: dict[str, dict[str, Counter[str]]] = {
        operation: {name: Counter() for name in names} for operation, names in documented.items()
    }
    asked: Counter[str] = Counter()
    for exchange in journal:
        table = counts.get(exchange.operation)
        if table is None:
            continue
        asked[exchange.operation] += 1
        sent = _sent(exchange)
        if sent is None:
            continue  # a document broken on purpose sends no parameter, and leaves none out
        for name, kinds in table.items():
            values = sent.get(name.lower(), [])
            kinds.update({kind for value in values for kind in kinds_of(value)} or {ABSENT})
    return [
        Exercised(
            operation, asked[operation], {name: dict(kinds.most_common()) for name, kinds in table.items()}
        )
        for operation, table in counts.items()
    ]


def kinds_of(value: object) -> Iterator[str]:
    """The kinds of value that something sent belongs to: `null`, `zero`, `date-time` and so on."""
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case int() | float():
            yield from _number(value)
        case list():
            yield "list"
        case dict():
            yield "object"
        case str():
            yield from _text(value[:_ENOUGH])


def _number(value: float) -> Iterator[str]:
    if not math.isfinite(value):
        yield "at-32-bits"
    elif value != int(value):
        yield "fraction"
    elif abs(value) >= _INT32:
        yield "at-32-bits"
    else:
        yield "zero" if value == 0 else "positive" if value > 0 else "negative"


def _text(text: str) -> Iterator[str]:
    if not text:
        yield "empty"
    elif _NUMBER.fullmatch(text):
        yield from _number(float(text))
    elif _GUID.fullmatch(text):
        yield "guid"
    elif _DATE.fullmatch(text):
        yield "date"
    elif _TIME.fullmatch(text):
        yield "date-time"
    else:
        yield from (kind for kind, shows in _TEXTS.items() if shows(text))


_TEXTS: Mapping[str, Callable[[str], object]] = {
    "ascii": lambda text: text.isascii() and text.isprintable(),
    "cyrillic": re.compile("[\u0400-\u04ff]").search,
    "other-letters": lambda text: any(char.isalpha() and ord(char) > 0x52F for char in text),  # noqa: PLR2004 - the end of Cyrillic
    "beyond-bmp": re.compile("[\U00010000-\U0010ffff]").search,
    "markup": re.compile("[<>&]").search,
    "quotes": re.compile("[\"'\\\\]").search,
    "line-breaks": re.compile("[\r\n]").search,
    "spaces": re.compile(r"^\s|\s$|  ").search,
    "invisible": lambda text: any(not char.isprintable() and char not in "\r\n" for char in text),
    "long": lambda text: len(text) >= _LONG,
}


def _sent(exchange: Exchange) -> Mapping[str, list[Any]] | None:
    """What a request carries: lower-case name or path → values. None where the body cannot be parsed."""
    body = exchange.request.body
    if b"<" in body[:4]:  # behind a byte order mark at most
        return _from_xml(body)
    found: dict[str, list[Any]] = {} if exchange.subject is None else {"taskid": [exchange.subject]}
    try:
        document = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    return found | {name.lower(): [value] for name, value in document.items()}


def _from_xml(body: bytes) -> Mapping[str, list[Any]] | None:
    found: dict[str, list[Any]] = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    for child in root.iterchildren("*"):
        _add_element(child, "", found)
    return found


def _add_element(element: Element, above: str, found: dict[str, list[Any]]) -> None:
    name = etree.QName(element).localname
    path = f"{above}/{name}" if above else name
    for key, value in element.attrib.items():
        found.setdefault(f"{path}/@{key!s}".lower(), []).append(value)
    children = list(element.iterchildren("*"))
    for child in children:
        _add_element(child, path, found)
    if not children:
        found.setdefault(path.lower(), []).append(element.xpath("string()"))
