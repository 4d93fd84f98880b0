"""What an answer of a PlanFix portal says about whose a task is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from etalon.portals.cards import Card
from etalon.vendors.planfix.answers import NotAnAnswerError, error_code, legible_answer, number_of, text_of

if TYPE_CHECKING:
    from etalon.portals.exchange import Exchange

_TEXTS = ("title", "description")
# There is no such object, or the id is no value that an object could have (PlanFix error codes page). What
# tells of missing access (3002, 3008) or of a change that goes on (3014) is about a task that is there.
_NO_SUCH_TASK = frozenset({"3001", "0015"})
_ID = re.compile(rb'"id"\s*:|<id>', re.IGNORECASE)


def says_missing(exchange: Exchange) -> bool:
    """Whether an answer to a read says that there is no such task."""
    return error_code(exchange) in _NO_SUCH_TASK and not _ID.search(exchange.response.body)


def card_of(exchange: Exchange) -> Card | None:
    """The task that an answer shows; None where it shows none, or leaves in doubt which."""
    try:
        answer = legible_answer(exchange)
    except NotAnAnswerError:
        return None
    tasks = answer.root.findall("task")
    found = number_of(tasks[0].find("id")) if answer.ok and len(tasks) == 1 else None
    if found is None or len(tasks[0].findall("id")) != 1:
        return None
    title, description = (text_of(tasks[0].find(name)) for name in _TEXTS)
    created = text_of(tasks[0].find("beginDateTime")).strip()
    return Card(found, title, description, created=created or None)
