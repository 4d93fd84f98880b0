"""Faults that keep what was sent, but not as it was sent, or that change what nobody asked to change."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.conversion import LARGEST_INT, TENANT_OFFSET_MINUTES
from etalon.vendors.r7.mock.dates import TICKS_PER_MINUTE, TICKS_PER_SECOND, offset_of
from etalon.vendors.r7.mock.faults.hooks import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Answer, Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Task

_altered = partial(Fault, family=FaultFamily.ALTERS)


def _rewrites_texts(name: str, stands_for: str, change: Callable[[str], str]) -> Fault:
    def store(_write: Write, task: Task) -> Task:
        description = None if task.description is None else change(task.description)
        return replace(task, title=change(task.title), description=description)

    return _altered(name=name, stands_for=stands_for, stores=store)


def _moves_deadline(name: str, stands_for: str, move: Callable[[Call, int], int]) -> Fault:
    def bind(call: Call, values: Values) -> Values:
        if "deadline" not in values:
            return values
        return {**values, "deadline": max(0, move(call, values["deadline"]))}

    return _altered(name=name, stands_for=stands_for, binds=bind)


def _offset_dropped(call: Call, deadline: int) -> int:
    return deadline + (offset_of(str(call.spelt.get("deadline"))) or 0) * TICKS_PER_MINUTE


def _dash_time_is_local(call: Call, deadline: int) -> int:
    is_dashed = re.search(r"T\d\d-", str(call.spelt.get("deadline"))) is not None
    return deadline - is_dashed * TENANT_OFFSET_MINUTES * TICKS_PER_MINUTE


def _rounded_to_second(deadline: int) -> int:
    return (deadline + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND * TICKS_PER_SECOND


def _moved_alert(write: Write, task: Task) -> Task:
    alert = write.call.values.get("alert_value", LARGEST_INT)
    return task if alert == LARGEST_INT else replace(task, alert_value=alert + 1)


def _in_sixteen_bits(_write: Write, task: Task) -> Task:
    alert = task.alert_value or 0
    wrapped = (alert + 2**15) % 2**16 - 2**15
    return task if task.alert_value is None else replace(task, alert_value=wrapped)


def _on_update(change: Callable[[Write, Task], Task]) -> Callable[[Write, Task], Task]:
    return lambda write, task: task if write.old is None else change(write, task)


def _first_category(write: Write, task: Task) -> Task:
    if "category" in write.call.values:
        return task
    return replace(task, category=write.call.books.task_categories()[0].id)


def _named_after_category(write: Write, task: Task) -> Task:
    if "title" in write.call.values:
        return task
    return replace(task, title=write.call.books.list_items[task.category].title)


def _caller_responsible(write: Write, task: Task) -> Task:
    if "responsible" in write.call.values:
        return task
    return replace(task, responsible=write.call.caller.guid)


def _renumbered(write: Write, task: Task) -> Task:
    return replace(task, id=write.call.books.take_id())


def _drop_old_row(write: Write, _task: Task) -> None:
    if write.old is not None:
        write.call.books.tasks.pop(write.old.id, None)


def _kept_entity_type(write: Write, task: Task) -> Task:
    return replace(task, entity_type=write.old.entity_type) if write.old and write.old.entity_type else task


def _half_applied(call: Call, answer: Answer) -> Answer:
    """Store the text members of an update that was refused for another member."""
    texts = {name: call.values[name] for name in ("title", "description") if call.values.get(name)}
    if answer.status >= 400 and call.task_id in call.books.tasks:  # noqa: PLR2004 - any refusal
        call.books.tasks[call.task_id] = replace(call.books.tasks[call.task_id], **texts)
    return answer


ALTERING: tuple[Fault, ...] = (
    _rewrites_texts(
        "text-html-unescaped", "a text that is decoded once more than it was encoded", html.unescape
    ),
    _rewrites_texts("text-html-escaped", "a text that is escaped for HTML before it is stored", html.escape),
    _rewrites_texts(
        "text-normalised",
        "Unicode normalisation to NFC on the way in, which recomposes й and ё",
        lambda text: unicodedata.normalize("NFC", text),
    ),
    _rewrites_texts(
        "yo-becomes-ye",
        "a search index that folds ё into е, and a read that is answered from it",
        lambda text: text.replace("ё", "е").replace("Ё", "Е"),
    ),
    _rewrites_texts(
        "spaces-collapsed",
        "a text that passed through an XML type of whiteSpace collapse, or through HTML",
        lambda text: re.sub(r" {2,}", " ", text),
    ),
    _rewrites_texts(
        "newlines-become-spaces",
        "a single-line field behind a member of several lines",
        lambda text: re.sub(r"[\r\n]+", " ", text),
    ),
    _rewrites_texts(
        "newlines-become-crlf",
        "a text that was sent through an HTML form, which writes line ends as CR LF",
        lambda text: re.sub(r"\r\n|\r|\n", "\r\n", text),
    ),
    _rewrites_texts(
        "text-in-code-page-1251",
        "a database column in Windows-1251, which turns all it lacks into question marks",
        lambda text: text.encode("cp1251", "replace").decode("cp1251"),
    ),
    _rewrites_texts(
        "text-percent-decoded", "a body that is decoded as a form although it is JSON", unquote_plus
    ),
    _rewrites_texts(
        "quotes-made-typographic",
        "an editor's autocorrection that runs on the server",
        lambda text: re.sub(r'"([^"]*)"', r"«\1»", text),
    ),
    _rewrites_texts(
        "date-like-text-rewritten",
        "Newtonsoft.Json's DateParseHandling, which reads dates into any text that looks like one",
        lambda text: re.sub(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.0+Z$", r"\1Z", text),
    ),
    _moves_deadline(
        "deadline-offset-dropped", "a parser that reads the clock and skips the offset", _offset_dropped
    ),
    _moves_deadline(
        "dash-deadline-is-local",
        "a second parser for the dash spelling, which forgot that Z means UTC",
        _dash_time_is_local,
    ),
    _moves_deadline(
        "deadline-hour-ahead",
        "daylight saving time that is applied to a zone that has had none for years",
        lambda _, deadline: deadline + 60 * TICKS_PER_MINUTE,
    ),
    _moves_deadline(
        "deadline-rounded-to-minute",
        "a deadline that is kept as the form shows it",
        lambda _, deadline: deadline // TICKS_PER_MINUTE * TICKS_PER_MINUTE,
    ),
    _moves_deadline(
        "deadline-rounded-to-second",
        "a datetime column that rounds fractions",
        lambda _, deadline: _rounded_to_second(deadline),
    ),
    _altered(
        name="alert-value-off-by-one",
        stands_for="a reminder that is computed back from the moment it fires at",
        stores=_moved_alert,
    ),
    _altered(
        name="alert-value-in-16-bits",
        stands_for="a smallint column in a MySQL that wraps around",
        stores=_in_sixteen_bits,
    ),
    _altered(
        name="created-moves-on-update",
        stands_for="a timestamp column with ON UPDATE CURRENT_TIMESTAMP",
        writes=_on_update(lambda write, task: replace(task, created=write.call.portal.clock())),
    ),
    _altered(
        name="author-becomes-responsible",
        stands_for="an update that fills the author's column from the wrong parameter",
        writes=_on_update(lambda _, task: replace(task, author=task.responsible)),
    ),
    _altered(
        name="id-changes-on-update",
        stands_for="an update made of a delete and an insert",
        writes=_on_update(_renumbered),
        settles=_drop_old_row,
    ),
    _altered(
        name="update-resets-category",
        stands_for="a drop-down list that posts its first entry when nobody chose one",
        writes=_on_update(_first_category),
    ),
    _altered(
        name="update-takes-over-task",
        stands_for="an absent responsible that defaults to whoever is logged in",
        writes=_on_update(_caller_responsible),
    ),
    _altered(
        name="entity-type-kept-when-id-changes",
        stands_for="an update that writes entity_id and forgets entity_type",
        stores=_on_update(_kept_entity_type),
    ),
    _altered(
        name="rejected-update-half-applied",
        stands_for="members that are saved one after another, without a transaction around them",
        answers=_half_applied,
    ),
    _altered(
        name="title-falls-back-to-category",
        stands_for="a form in which a task without a title is shown by its category, and saved so",
        writes=_on_update(_named_after_category),
    ),
)
