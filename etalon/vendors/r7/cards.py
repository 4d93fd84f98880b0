"""What an answer of an R7 portal says about whose a task is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from etalon.portals import strict_json
from etalon.portals.cards import Card
from etalon.vendors.r7.answers import task_id, task_shown

if TYPE_CHECKING:
    from etalon.portals.exchange import Exchange

_TEXTS = ("title", "description")
_SAY_NOTHING = frozenset({401, 402, 403, 407, 408, 423, 425, 429, 451})
_ID = re.compile(rb'"id"\s*:|<id>', re.IGNORECASE)
_SECONDS = len("2031-01-02T03:04:05")


def says_missing(exchange: Exchange) -> bool:
    """Whether an answer to a read says that there is no such task."""
    response = exchange.response
    if response.status in _SAY_NOTHING or response.status // 100 not in {2, 4} or _ID.search(response.body):
        return False
    is_the_apis = strict_json.parse_object(response.body) is not None or response.media_type.endswith("xml")
    return is_the_apis or not response.body.strip()


def card_of(exchange: Exchange) -> Card | None:
    """The task that an answer shows; None where it shows none, or leaves in doubt which."""
    shown = task_shown(exchange) if exchange.response.ok else None
    found = task_id(exchange)
    if shown is None or found is None:
        return None
    author = shown.get("createBy")
    author = author.get("id") if isinstance(author, Mapping) else author
    created = shown.get("created")
    title, description = (str(shown.get(name) or "") for name in _TEXTS)
    return Card(
        found,
        title,
        description,
        author.strip().lower() if isinstance(author, str) and author.strip() else None,
        created[:_SECONDS] if isinstance(created, str) and created else None,
    )
