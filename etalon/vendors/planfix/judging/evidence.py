"""PlanFix exchanges as evidence: readings of a task, and updates of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from etalon.judging.evidence import Change, Reading
from etalon.resources.patch import NOTHING, Patch, xml_patch
from etalon.vendors.planfix.answers import NotAnAnswerError, accepted, error_code, legible_answer, parse
from etalon.vendors.planfix.binding import UPDATE, task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etalon.portals.exchange import Exchange


def change_of(
    update: Exchange, before: Reading | None, after: Reading | None, origin: Exchange | None = None
) -> Change:
    """The update that an exchange is, between the readings around it."""
    return Change(update, asked(update.request.body), accepted(update), before, after, origin)


def reading(exchange: Exchange | None) -> Reading | None:
    """The task that a task.get answered; None where it answered none."""
    if exchange is None:
        return None
    try:
        answer = legible_answer(exchange)
    except NotAnAnswerError:
        return None
    card = answer.root.find("task")
    if not answer.ok or card is None or card.find("id") is None:
        return None
    return Reading.of(exchange, card, task())


def asked(body: bytes) -> Patch:
    """What the body of a task.update asks for; nothing where it is no such document."""
    try:
        root = parse(body)
    except NotAnAnswerError:
        return NOTHING
    node = root.find("task")
    return NOTHING if node is None else xml_patch(task(), UPDATE, node)


def code_of(change: Change) -> str:
    """The error code of a refusal."""
    return error_code(change.exchange)


@dataclass(frozen=True, slots=True)
class Made:
    """A task that was created, and how it was read first.

    Attributes:
        sent: member → the text that it was created with.
        origin: the task.add.
    """

    sent: Mapping[str, str]
    origin: Exchange
    first: Reading
