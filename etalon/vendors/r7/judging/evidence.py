"""R7 exchanges as evidence: readings of a task, and changes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etalon.judging.evidence import Change, Reading
from etalon.resources.patch import json_patch
from etalon.vendors.r7.answers import succeeded, task_shown
from etalon.vendors.r7.binding import CREATE, task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from etalon.portals.exchange import Exchange
    from etalon.vendors.r7.traces import Trace


def change(trace: Trace) -> Change:
    """The change that a trace of exchanges shows."""
    return change_of(trace.body, trace.answer, reading(trace.before), reading(trace.after), trace.origin)


def change_of(
    body: Mapping[str, Any],
    answer: Exchange,
    before: Reading | None = None,
    after: Reading | None = None,
    origin: Exchange | None = None,
) -> Change:
    """The creation or the update that an exchange is, between the readings around it."""
    return Change(
        exchange=answer,
        patch=json_patch(task(), answer.operation, body),
        accepted=succeeded(answer),
        before=before,
        after=after,
        origin=origin,
        echo=reading(answer),
        creates=answer.operation == CREATE,
        body=body,
    )


def reading(exchange: Exchange | None) -> Reading | None:
    """The task that an answer shows, or None where it shows none."""
    if exchange is None or not exchange.response.ok:
        return None
    shown = task_shown(exchange)
    return None if shown is None else Reading.of(exchange, shown, task())
