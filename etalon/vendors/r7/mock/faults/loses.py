"""Faults that lose what was sent, or what was there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from etalon.portals.mocking import FaultFamily
from etalon.vendors.r7.mock.dates import NEVER, TICKS_PER_SECOND
from etalon.vendors.r7.mock.faults.hooks import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalon.vendors.r7.mock.calls import Call, Write
    from etalon.vendors.r7.mock.conversion import Values
    from etalon.vendors.r7.mock.entries import Task

_lost = partial(Fault, family=FaultFamily.LOSES)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a task that can get lost: its attributes, and what they are when it is not there."""

    name: str
    blank: dict[str, Any]

    def sent_in(self, write: Write) -> bool:
        return any(attribute in write.call.values for attribute in self.blank)

    def of(self, task: Task) -> dict[str, Any]:
        return {attribute: getattr(task, attribute) for attribute in self.blank}


_TITLE = _Part("title", {"title": ""})
_DESCRIPTION = _Part("description", {"description": None})
_DEADLINE = _Part("deadline", {"deadline": NEVER})
_RESPONSIBLE = _Part("responsible", {"responsible": ""})
_CATEGORY = _Part("category", {"category": 0})
_CONTACT = _Part("contact", {"contact": 0})
_ENTITY = _Part("entity", {"entity_type": None, "entity_id": 0})
_ALERT = _Part("alert-value", {"alert_value": None})


def _not_updated(part: _Part) -> Fault:
    def keep_old(write: Write, task: Task) -> Task:
        return replace(task, **part.of(write.old)) if write.old else task

    return _lost(
        name=f"{part.name}-not-updated",
        stands_for=f"the statement that updates a task does not list the column of the {part.name}",
        writes=keep_old,
    )


def _update_loses(part: _Part) -> Fault:
    def keep_old(write: Write, task: Task) -> Task:
        return replace(task, **part.of(write.old)) if write.old and part.sent_in(write) else task

    return _lost(
        name=f"update-loses-{part.name}",
        stands_for=f"the answer is built from the request, while the new {part.name} is never saved",
        stores=keep_old,
    )


def _update_clears(part: _Part) -> Fault:
    def blank(write: Write, task: Task) -> Task:
        return replace(task, **part.blank) if write.old and not part.sent_in(write) else task

    return _lost(
        name=f"update-clears-{part.name}",
        stands_for=f"an update binds the absent {part.name} to its default and saves that",
        writes=blank,
    )


def _create_loses(part: _Part) -> Fault:
    def blank(write: Write, task: Task) -> Task:
        return replace(task, **part.blank) if write.old is None else task

    return _lost(
        name=f"create-loses-{part.name}",
        stands_for=f"the {part.name} came with a later version, and create was never taught to save it",
        stores=blank,
    )


def _in_texts(change: Callable[[str], str], *attributes: str) -> Callable[[Write, Task], Task]:
    def store(_write: Write, task: Task) -> Task:
        texts = {attribute: getattr(task, attribute) for attribute in attributes}
        changed: dict[str, Any] = {name: change(text) for name, text in texts.items() if text}
        return replace(task, **changed)

    return store


def _every_third_ignored(write: Write, task: Task) -> Task:
    if write.old is None:
        return task
    memory = write.call.portal.memory
    memory["updates"] = memory.get("updates", 0) + 1
    return write.old if memory["updates"] % 3 == 0 else task


def _bare_if_alone(write: Write, task: Task) -> Task:
    """Clear what is optional, where an update sends one member and no more."""
    optional = (_DESCRIPTION, _CONTACT, _ENTITY, _ALERT)
    if write.old is None or len(write.call.spelt) != 1:
        return task
    blank = {
        name: value for part in optional if not part.sent_in(write) for name, value in part.blank.items()
    }
    return replace(task, **blank)


def _bare_every_second_time(write: Write, task: Task) -> Task:
    if write.old is None or _DESCRIPTION.sent_in(write):
        return task
    memory = write.call.portal.memory
    memory["without description"] = memory.get("without description", 0) + 1
    return replace(task, **_DESCRIPTION.blank) if memory["without description"] % 2 == 0 else task


def _unarmed_if_unchanged(write: Write, task: Task) -> Task:
    return replace(task, **_ALERT.blank) if write.old and task == write.old and task.alert_value else task


def _entity_of_contact(write: Write, task: Task) -> Task:
    new_contact = write.old and task.contact != write.old.contact and not _ENTITY.sent_in(write)
    return replace(task, **_ENTITY.blank) if new_contact else task


def _over_what_was_there_on_arrival(write: Write, task: Task) -> Task:
    seen = write.call.arrival.task
    return replace(seen, **write.call.values) if write.old and seen else task


def _without_empty_texts(_call: Call, values: Values) -> Values:
    return {attribute: value for attribute, value in values.items() if value != ""}


def _without_zero_alert(_call: Call, values: Values) -> Values:
    return {attribute: value for attribute, value in values.items() if value or attribute != "alert_value"}


def _first_of_several(write: Write, task: Task) -> Task:
    """Keep only the first member that an update changes."""
    if write.old is None:
        return task
    changed = [name for name in write.call.values if getattr(task, name) != getattr(write.old, name)]
    return replace(write.old, **{name: getattr(task, name) for name in changed[:1]})


LOSING: tuple[Fault, ...] = (
    *map(_not_updated, (_TITLE, _DESCRIPTION, _DEADLINE, _RESPONSIBLE, _CATEGORY, _CONTACT, _ENTITY, _ALERT)),
    *map(_update_loses, (_TITLE, _DESCRIPTION, _DEADLINE, _RESPONSIBLE, _CONTACT, _ENTITY, _ALERT)),
    *map(_update_clears, (_DESCRIPTION, _CONTACT, _ENTITY, _ALERT)),
    *map(_create_loses, (_DESCRIPTION, _CONTACT, _ENTITY, _ALERT)),
    _lost(
        name="title-cut-at-255",
        stands_for="a varchar(255) column in a MySQL that does not run in strict mode",
        stores=_in_texts(lambda text: text[:255], "title"),
    ),
    _lost(
        name="title-cut-at-128",
        stands_for="a form's length limit that was copied into the server",
        stores=_in_texts(lambda text: text[:128], "title"),
    ),
    _lost(
        name="description-cut-at-1000",
        stands_for="a column that was sized for a short note",
        stores=_in_texts(lambda text: text[:1000], "description"),
    ),
    _lost(
        name="emoji-lost",
        stands_for="MySQL's three-byte utf8, which drops what lies beyond the Basic Multilingual Plane",
        stores=_in_texts(lambda text: re.sub(r"[\U00010000-\U0010ffff]", "", text), "title", "description"),
    ),
    _lost(
        name="text-ends-at-emoji",
        stands_for="three-byte utf8 in non-strict MySQL, which cuts a text at its first four-byte character",
        stores=_in_texts(lambda text: re.split(r"[\U00010000-\U0010ffff]", text)[0], "description"),
    ),
    _lost(
        name="trailing-blanks-trimmed",
        stands_for="a char column, or a Trim() in the setter",
        stores=_in_texts(lambda text: text.rstrip(" "), "title", "description"),
    ),
    _lost(
        name="leading-blanks-trimmed",
        stands_for="a text that passed through an XML attribute or a TrimStart()",
        stores=_in_texts(lambda text: text.lstrip(" "), "title", "description"),
    ),
    _lost(
        name="markup-stripped",
        stands_for="a filter against cross-site scripting that removes whatever stands in angle brackets",
        stores=_in_texts(lambda text: re.sub(r"<[^>]*>", "", text), "title", "description"),
    ),
    _lost(
        name="deadline-fraction-lost",
        stands_for="a datetime column without fraction digits, which cuts rather than rounds",
        stores=lambda _, task: replace(task, deadline=task.deadline // TICKS_PER_SECOND * TICKS_PER_SECOND),
    ),
    _lost(
        name="deadline-time-lost",
        stands_for="a date column where a moment belongs",
        stores=lambda _, task: replace(
            task, deadline=task.deadline // (86_400 * TICKS_PER_SECOND) * (86_400 * TICKS_PER_SECOND)
        ),
    ),
    _lost(
        name="empty-description-ignored",
        stands_for="an update that treats an empty text as a text that was not sent",
        binds=_without_empty_texts,
    ),
    _lost(
        name="zero-alert-ignored",
        stands_for="an update that takes a number only when it is truthy",
        binds=_without_zero_alert,
    ),
    _lost(
        name="every-third-update-ignored",
        stands_for="a replica behind a balancer that accepts writes and drops them",
        writes=_every_third_ignored,
    ),
    _lost(
        name="only-first-change-stored",
        stands_for="an update in a chain of else-ifs, one for each member",
        stores=_first_of_several,
    ),
    _lost(
        name="contact-displaces-entity",
        stands_for="one reference column that serves contact, opportunity and case",
        stores=lambda _, task: replace(task, **_ENTITY.blank) if task.contact else task,
    ),
    _lost(
        name="update-reopens-task",
        stands_for="an update that rebuilds the task from the request, where isClosed never stands",
        writes=lambda write, task: replace(task, is_closed=False) if write.old else task,
    ),
    _lost(
        name="lone-member-clears-the-rest",
        stands_for="a shortcut for updates of one field, which saves a fresh object",
        writes=_bare_if_alone,
    ),
    _lost(
        name="description-cleared-now-and-then",
        stands_for="two servers behind a balancer, of which one was not upgraded and replaces",
        writes=_bare_every_second_time,
    ),
    _lost(
        name="unchanged-update-unarms-reminder",
        stands_for="a save that cancels the reminder first and sets it again only when something has changed",
        writes=_unarmed_if_unchanged,
    ),
    _lost(
        name="new-contact-drops-entity",
        stands_for="a link that is looked up by contact, and cut when the contact is another",
        writes=_entity_of_contact,
    ),
    _lost(
        name="simultaneous-update-lost",
        stands_for="read, change and save without a lock: the later save writes back what it read",
        lags=0.03,
        writes=_over_what_was_there_on_arrival,
    ),
)
