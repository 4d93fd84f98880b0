"""What a write asks an R7 portal for that reaches beyond its task.

Source of what portals take: CommunityServer's ApiArgumentBuilder.cs (names in any case; query, form, JSON and
XML alike; the first element of an array).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from etalon.portals.side_effects import (
    SideEffects,
    days_in,
    elements,
    guids_in,
    local_name,
    number_in,
    recovered,
    whole_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etalon.portals.exchange import Request

_NAMED_VALUE = re.compile(r"[\"']?(\w+)[\"']?\s*[:=]\s*(?:\"([^\"]*)|'([^']*)|([^\"',;&}\]\s]+))")
_TEXTS = ("title", "description")


def side_effects_of(request: Request) -> SideEffects:
    """What a request to R7 asks for, by its query and its body."""
    values: dict[str, list[str]] = {}
    for name, value in _parameters(request):
        values.setdefault(name.lower(), []).append(value)
    people = (("responsibles", guid) for text in values.get("responsibleid", ()) for guid in guids_in(text))
    minutes = (number_in(text) for text in values.get("alertvalue", ()))
    return SideEffects(
        people=frozenset(people),
        days=frozenset(day for text in values.get("deadline", ()) for day in days_in(text)),
        minutes=tuple(number for number in minutes if number is not None),
        tasks=frozenset(whole_numbers(values.get("taskid", ()))),
        texts=frozenset(text for name in _TEXTS for text in values.get(name, ())),
        notifies=any(text.strip().lower() in {"true", "1"} for text in values.get("isnotify", ())),
    )


def _parameters(request: Request) -> Iterator[tuple[str, str]]:
    yield from parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    text = request.body.decode("utf-8-sig", "replace")
    try:
        document = json.loads(request.body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        root = recovered(request.body)
        for node in () if root is None else elements(root):
            yield local_name(node), "".join(map(str, node.itertext()))
        # Half of a document, single quotes, a form: whatever looks like a name and its value.
        for name, *values in _NAMED_VALUE.findall(text):
            yield name, unquote_plus("".join(values))
        return
    yield from _members(document)


class _Pairs(list[tuple[str, object]]):
    """A JSON object with every member, those of one name included."""


def _members(document: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a JSON document under the name of the member that holds it."""
    waiting = [(name, document)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, _Pairs):
            waiting += value
        elif isinstance(value, list):
            waiting += [(name, one) for one in value]
        elif value is not None:
            yield name, str(value)
