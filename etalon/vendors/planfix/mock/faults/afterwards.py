"""Faults of values that are stored and read back, and suffer from a later request that leaves them out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from etalon.portals.mocking import FaultFamily
from etalon.vendors.planfix.mock.faults.fault import Fault, periodicity_left_out, texts_left_out
from etalon.vendors.planfix.mock.periodicity import EndCondition

if TYPE_CHECKING:
    from etalon.vendors.planfix.mock.hooks import Card, Merge
    from etalon.vendors.planfix.mock.periodicity import Periodicity

_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_EXCERPT: Final = 100
_SHORTEST_MONTH: Final = 28


def _endless(periodicity: Periodicity) -> Periodicity:
    end = periodicity.end_condition
    if end is None or end.type != "BYCOUNT":
        return periodicity
    return replace(periodicity, end_condition=EndCondition("ENDLESS"))


def _on_first_weekday(periodicity: Periodicity) -> Periodicity:
    rule = periodicity.recurrence
    return replace(periodicity, recurrence=replace(rule, days=rule.days[:1]))


def _in_any_month(periodicity: Periodicity) -> Periodicity:
    rule = periodicity.recurrence
    if (rule.kind, rule.type) != ("monthly", "EVERY") or rule.day is None:
        return periodicity
    return replace(periodicity, recurrence=replace(rule, day=min(rule.day, _SHORTEST_MONTH)))


def _excerpt_of_list(at: Card) -> None:
    listed = f"listed {at.task.id}"
    description = at.node.find("description")
    if at.call.function == "task.getList":
        at.call.store.notes[listed] = True
    elif at.call.function == "task.get" and listed in at.call.store.notes and description is not None:
        description.text = (description.text or "")[:_EXCERPT]


def _forget_list(at: Merge) -> None:
    at.call.store.notes.pop(f"listed {at.after.id}", None)


AFTERWARDS: Final = (
    Fault(
        name="repeat-count-lost-later",
        family=FaultFamily.LOSES,
        stands_for="A repetition limited by a number of times is endless once anything else is edited.",
        reported="https://github.com/aluxnimm/outlookcaldavsynchronizer/issues/434",
        merged=periodicity_left_out(_endless),
    ),
    Fault(
        name="quotes-escaped-later",
        family=FaultFamily.ALTERS,
        stands_for="Quotes survive being saved, and come escaped out of the next save of another field.",
        reported="https://github.com/SuiteCRM/SuiteCRM/issues/7005",
        merged=texts_left_out(lambda text: text.replace('"', "&quot;")),
    ),
    Fault(
        name="line-added-later",
        family=FaultFamily.ALTERS,
        stands_for="A text of several lines grows by a line end with each save, even one of other members.",
        reported="https://github.com/jejacks0n/mercury/issues/294",
        merged=texts_left_out(lambda text: text + "\n" if "\n" in text else text),
    ),
    Fault(
        name="emoji-lost-later",
        family=FaultFamily.LOSES,
        stands_for="What one connection wrote in four bytes, another reads as a mark, which is saved.",
        reported="https://github.com/mysqljs/mysql/issues/2326",
        merged=texts_left_out(lambda text: _ASTRAL.sub("?", text)),
    ),
    Fault(
        name="weekdays-cut-later",
        family=FaultFamily.LOSES,
        stands_for="A stored list of weekdays is read back as its first, and the next update saves that.",
        reported="https://github.com/allspiritseve/selene/issues/10",
        merged=periodicity_left_out(_on_first_weekday),
    ),
    Fault(
        name="month-end-drifts-later",
        family=FaultFamily.ALTERS,
        stands_for="A repetition on the 31st is moved back for a short month, and stays there.",
        reported="https://github.com/securo-finance/securo/issues/67",
        merged=periodicity_left_out(_in_any_month),
    ),
    Fault(
        name="list-read-cuts-description",
        family=FaultFamily.ANSWERS_WRONGLY,
        stands_for="A list caches excerpts, and a read of the task itself is served from that cache.",
        reported="https://github.com/XSMusic/xsmusic-backend/issues/60",
        card=_excerpt_of_list,
        stored=_forget_list,
    ),
)
